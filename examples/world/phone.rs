//! Telephone numbers of small worlds that nobody has, and the notations in which people write them.
//!
//! They stand in the ranges that regulators keep free for films where these hold the world, and around them where they do
//! not: the larger the world, the fewer digits are fixed. Germany: 030 23125, 040 66969, 069 90009, 0221 4710, 089 99998,
//! 0171 39200 and 0176 040690; elsewhere in Germany, Austria and Switzerland the number behind the area code begins with
//! a zero, which no number in a local network does. UK: 0113 496 0, 020 7946 0, 01632 960. US: 555-01. France: 01 99 00
//! and its sisters, 06 39 98. British mobile numbers have no such range that tools accept, and the German ones hold no
//! large world.

use super::digits;
use super::locale::Country;
use super::random::Draw;

/// Digits of serials from which German mobile numbers take all codes.
const LARGE: usize = 6;
/// Mobile codes with the length of the numbers behind them.
const GERMAN_MOBILE: [(&str, usize); 14] = [
    ("151", 8),
    ("176", 8),
    ("152", 8),
    ("170", 7),
    ("157", 8),
    ("171", 7),
    ("172", 7),
    ("160", 8),
    ("173", 7),
    ("175", 7),
    ("177", 7),
    ("178", 7),
    ("159", 8),
    ("179", 7),
];

/// A number: area or mobile code without the leading zero, and the number behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Phone {
    pub(crate) country: Country,
    pub(crate) area: &'static str,
    pub(crate) number: String,
}

impl Phone {
    /// A landline number; `serial` is the owner's, below `10^digits`.
    pub(crate) fn landline(country: Country, area: &'static str, serial: u64, digits: usize) -> Phone {
        let number = match (country, area) {
            (Country::Us, _) => within("55501", 7, serial, digits),
            (Country::Gb, "20") => within("79460", 8, serial, digits),
            (Country::Gb, "23" | "24" | "28" | "29") => within("76496", 8, serial, digits),
            (Country::Gb, area) if area.len() == 3 => within("4960", 7, serial, digits),
            (Country::Gb, _) => within("960", 6, serial, digits),
            (Country::Fr, "1") => within("9900", 8, serial, digits),
            (Country::Fr, "2") => within("6191", 8, serial, digits),
            (Country::Fr, "3") => within("5301", 8, serial, digits),
            (Country::Fr, "4") => within("6571", 8, serial, digits),
            (Country::Fr, _) => within("3649", 8, serial, digits),
            (Country::De, "30") => within("23125", 8, serial, digits),
            (Country::De, "40") => within("66969", 8, serial, digits),
            (Country::De, "69") => within("90009", 8, serial, digits),
            (Country::De, "221") => within("4710", 8, serial, digits),
            (Country::De, "89") => within("99998", 8, serial, digits),
            _ => within("0", 7, serial, digits),
        };
        Phone { country, area, number }
    }

    /// A mobile number; `serial` is the owner's, below `2 · 10^digits`. Americans have it in the area where they live.
    pub(crate) fn mobile(country: Country, home: &'static str, serial: u64, digits: usize) -> Phone {
        let (half, half_serial) = ((serial % 2) as usize, serial / 2);
        let (area, number) = match country {
            Country::De if digits < LARGE => {
                let (area, free, length) = [("171", "39200", 7), ("176", "040690", 8)][half];
                (area, within(free, length, half_serial, digits))
            }
            Country::De => {
                let codes = GERMAN_MOBILE.len() as u64;
                let (area, length) = GERMAN_MOBILE[(serial % codes) as usize];
                let first = ["2", "3", "4", "5", "6", "7", "8", "9"][(serial / codes % 8) as usize];
                (area, within(first, length, serial / codes / 8, digits))
            }
            Country::At => (["664", "660"][half], within("0", 7, half_serial, digits)),
            Country::Ch => (["79", "78"][half], within("0", 7, half_serial, digits)),
            Country::Gb => {
                let areas = ["7400", "7511", "7733", "7788", "7845", "7890", "7949", "7968"];
                (areas[(serial % 8) as usize], within("", 6, serial / 8, digits))
            }
            Country::Us => (home, within("55501", 7, serial, digits + 1)),
            Country::Fr => ("6", within("3998", 8, serial, digits + 1)),
        };
        Phone { country, area, number }
    }

    /// Another number of the same switchboard.
    pub(crate) fn extension(&self, extension: usize) -> Phone {
        let length = match self.country {
            Country::De | Country::At => self.number.len(),
            // Numbers of a fixed length end in the extension.
            Country::Ch | Country::Gb | Country::Us | Country::Fr => self.number.len() - 2,
        };
        let number = numbered(&self.number[..length], extension as u64, 2);
        Phone { number, ..*self }
    }

    /// The number in one of [`NOTATIONS`] notations.
    pub(crate) fn written(&self, notation: usize) -> String {
        let Phone { country, area, number } = self;
        let calling = country.calling();
        match country {
            Country::Us => return self.american(notation),
            Country::Fr => return self.french(notation),
            _ => {}
        }
        // The British write local numbers in two groups.
        let split = match (country, number.len()) {
            (Country::Gb, length @ 7..) => length - 4,
            _ => 0,
        };
        let (first, last) = number.split_at(split);
        let local = if split > 0 { &[first, " ", last].concat() } else { number };
        let dash = if *country == Country::Gb { " " } else { "/" };
        let groups = || if *country == Country::Gb { local.clone() } else { grouped(number) };
        match notation {
            0 => ["+", calling, " ", area, " ", local].concat(),
            1 => ["0", area, " ", local].concat(),
            2 => ["0", area, dash, number].concat(),
            3 => ["0", area, number].concat(),
            4 => ["+", calling, area, number].concat(),
            5 => ["00", calling, " ", area, " ", local].concat(),
            6 => ["(0", area, ") ", &groups()].concat(),
            7 => ["+", calling, " (0)", area, " ", local].concat(),
            8 => ["0", area, " - ", &groups()].concat(),
            _ => ["0", area, " ", &groups()].concat(),
        }
    }

    fn american(&self, notation: usize) -> String {
        let (area, (exchange, line)) = (self.area, self.number.split_at(3));
        match notation {
            0 => ["+1 ", area, "-", exchange, "-", line].concat(),
            1 | 6 => ["(", area, ") ", exchange, "-", line].concat(),
            2 => [area, "-", exchange, "-", line].concat(),
            3 => [area, exchange, line].concat(),
            4 => ["+1", area, exchange, line].concat(),
            5 => ["001 ", area, " ", exchange, " ", line].concat(),
            7 => ["+1 (", area, ") ", exchange, "-", line].concat(),
            8 => [area, ".", exchange, ".", line].concat(),
            _ => [area, " ", exchange, " ", line].concat(),
        }
    }

    fn french(&self, notation: usize) -> String {
        let (first, separator) = match notation {
            0 => ("+33 ", " "),
            2 => ("0", "."),
            3 => ("0", ""),
            4 => ("+33", ""),
            5 => ("0033 ", " "),
            7 => ("+33 (0)", " "),
            8 => ("0", "-"),
            _ => ("0", " "),
        };
        let mut text = String::with_capacity(20);
        text.push_str(first);
        text.push_str(self.area);
        for (at, digit) in self.number.chars().enumerate() {
            if at % 2 == 0 {
                text.push_str(separator);
            }
            text.push(digit);
        }
        text
    }
}

/// How many notations there are.
pub(crate) const NOTATIONS: usize = 10;

/// A notation as people choose it in a form.
pub(crate) fn typed_notation(draw: &mut Draw) -> usize {
    draw.weighted(&[20, 22, 10, 20, 8, 4, 4, 4, 3, 5])
}

fn numbered(free: &str, serial: u64, width: usize) -> String {
    let mut number = String::with_capacity(16);
    number.push_str(free);
    digits::push(&mut number, serial, width);
    number
}

/// A number of a fixed length that begins with as much of `free` as the digits of all serials leave; serials of more
/// digits than there is room for meet each other.
fn within(free: &str, length: usize, serial: u64, digits: usize) -> String {
    let most = if free.is_empty() { length } else { length - 1 };
    let width = digits.max(length - free.len()).min(most);
    numbered(&free[..length - width], serial % 10u64.pow(width as u32), width)
}

fn grouped(number: &str) -> String {
    let mut text = String::with_capacity(number.len() + 4);
    for (at, digit) in number.chars().enumerate() {
        if at > 0 && at % 3 == 0 {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}
