//! Telephone numbers that nobody has, and the notations in which people write them.
//!
//! Berlin, Hamburg, Frankfurt, Köln and München have ranges that the German regulator keeps free for films (030 23125,
//! 040 66969, 069 90009, 0221 4710, 089 99998), and so have the mobile codes 0171 (39200) and 0176 (040690); longer
//! numbers that begin so are free with them. Elsewhere the number behind the area code begins with a zero, which no
//! number in a local network does.

use super::digits;
use super::place::Country;
use super::random::Draw;

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
        let free = match area {
            "30" => "23125",
            "40" => "66969",
            "69" => "90009",
            "221" => "4710",
            "89" => "99998",
            _ => "0",
        };
        Phone { country, area, number: numbered(free, serial, digits) }
    }

    /// A mobile number; `serial` is the owner's, below `2 · 10^digits`.
    pub(crate) fn mobile(country: Country, serial: u64, digits: usize) -> Phone {
        let half = (serial % 2) as usize;
        let (area, free) = match country {
            Country::De => [("171", "39200"), ("176", "040690")][half],
            Country::At => [("664", "0"), ("660", "0")][half],
            Country::Ch => [("79", "0"), ("78", "0")][half],
        };
        let serial = serial / 2;
        Phone { country, area, number: numbered(free, serial, digits) }
    }

    /// Another number of the same switchboard.
    pub(crate) fn extension(&self, extension: usize) -> Phone {
        Phone { number: format!("{}{extension:02}", self.number), ..self.clone() }
    }

    /// The number in one of [`NOTATIONS`] notations.
    pub(crate) fn written(&self, notation: usize) -> String {
        let Phone { country, area, number } = self;
        let calling = country.calling();
        match notation {
            0 => ["+", calling, " ", area, " ", number].concat(),
            1 => ["0", area, " ", number].concat(),
            2 => ["0", area, "/", number].concat(),
            3 => ["0", area, number].concat(),
            4 => ["+", calling, area, number].concat(),
            5 => ["00", calling, " ", area, " ", number].concat(),
            6 => ["(0", area, ") ", &grouped(number)].concat(),
            7 => ["+", calling, " (0)", area, " ", number].concat(),
            8 => ["0", area, " - ", &grouped(number)].concat(),
            _ => ["0", area, " ", &grouped(number)].concat(),
        }
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
