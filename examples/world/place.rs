//! Where people live: postal codes with their cities, and the streets of each postal code.

use std::sync::OnceLock;

use super::digits;
use super::names::List;
use super::random::{Draw, Weighted};

/// Streets of a postal code.
const STREETS: usize = 130;

/// A country of the world, in the order of its surname list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Country {
    De,
    At,
    Ch,
}

impl Country {
    /// Its ISO 3166-1 alpha-2 code.
    pub(crate) fn code(self) -> &'static str {
        ["DE", "AT", "CH"][self as usize]
    }

    /// Its name in German.
    pub(crate) fn name(self) -> &'static str {
        ["Deutschland", "Österreich", "Schweiz"][self as usize]
    }

    /// Its calling code.
    pub(crate) fn calling(self) -> &'static str {
        ["49", "43", "41"][self as usize]
    }

    /// Its currency.
    pub(crate) fn currency(self) -> &'static str {
        if self == Country::Ch { "CHF" } else { "EUR" }
    }
}

/// A city.
#[derive(Debug)]
pub(crate) struct City {
    pub(crate) name: &'static str,
    pub(crate) country: Country,
    /// The area code of its telephones, without the leading zero.
    pub(crate) area: &'static str,
    postal_codes: Vec<&'static str>,
}

/// A postal address.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    pub(crate) city: &'static City,
    pub(crate) postal_code: &'static str,
    pub(crate) street: String,
    pub(crate) number: String,
    pub(crate) unit: String,
}

/// The cities and streets, prepared for drawing.
#[derive(Debug)]
pub(crate) struct Places {
    cities: Vec<City>,
    by_size: Weighted,
    streets: List,
    stems: List,
    ends: List,
}

impl Places {
    /// The places of this crate.
    pub(crate) fn get() -> &'static Places {
        static PLACES: OnceLock<Places> = OnceLock::new();
        PLACES.get_or_init(Places::read)
    }

    fn read() -> Places {
        let (mut cities, mut sizes) = (Vec::new(), Vec::new());
        for line in include_str!("data/places.csv").lines().skip(1) {
            let cells: Vec<&'static str> = line.split(',').collect();
            if let [country, name, area, size, codes] = cells[..] {
                let country = match country {
                    "AT" => Country::At,
                    "CH" => Country::Ch,
                    _ => Country::De,
                };
                cities.push(City { name, country, area, postal_codes: codes.split(' ').collect() });
                sizes.push(size.parse().unwrap_or(1));
            }
        }
        let part = |line: usize| {
            let line = include_str!("data/streets.csv").lines().nth(line).unwrap_or_default();
            line.split_once(',').map(|(_, names)| names).unwrap_or_default()
        };
        Places {
            cities,
            by_size: Weighted::new(&sizes),
            streets: List::by_rank(part(1).split(' ').collect(), 6.0, 0.8),
            stems: List::by_rank(part(2).split(' ').collect(), 60.0, 0.8),
            ends: List::weighted(part(3)),
        }
    }

    /// A city, drawn by size.
    pub(crate) fn city(&'static self, draw: &mut Draw) -> &'static City {
        &self.cities[self.by_size.draw(draw)]
    }

    /// An address in a city. A street that is drawn for a postal code exists there for everyone.
    pub(crate) fn address(&self, draw: &mut Draw, city: &'static City) -> Address {
        let postal_code = *draw.pick(&city.postal_codes);
        self.address_at(draw, city, postal_code)
    }

    /// An address in one postal code of a city.
    pub(crate) fn address_at(
        &self,
        draw: &mut Draw,
        city: &'static City,
        postal_code: &'static str,
    ) -> Address {
        // The product of two draws makes some streets of a postal code longer than others.
        let slot = draw.below(STREETS).min(draw.below(STREETS)) as u64;
        let code: u64 = postal_code.parse().unwrap_or_default();
        let mut of_street = Draw::of(code, city.name, slot);
        let street = self.street(&mut of_street, city.country);
        let length = 8 + 10 * of_street.geometric(0.72, 14);
        let number = (1 + draw.below(length).min(draw.below(length + 6))) as u64;
        let mut number = digits::labelled("", number);
        if draw.chance(0.1) {
            number.push(*draw.pick(&['a', 'a', 'a', 'b', 'b', 'c', 'd']));
        }
        let unit = if draw.chance(0.12) { unit(draw, city.country) } else { String::new() };
        Address { city, postal_code, street, number, unit }
    }

    fn street(&self, draw: &mut Draw, country: Country) -> String {
        let name = if draw.chance(0.55) {
            self.streets.draw(draw).replace('_', " ")
        } else {
            [self.stems.draw(draw), self.ends.draw(draw)].concat()
        };
        match country {
            Country::Ch => name.replace('ß', "ss"),
            Country::At if draw.chance(0.35) => name.replace("straße", "gasse"),
            _ => name,
        }
    }
}

fn unit(draw: &mut Draw, country: Country) -> String {
    if country == Country::At {
        return format!("Top {}", draw.range(1, 28));
    }
    match draw.below(4) {
        0 => format!("Whg. {}", draw.range(1, 40)),
        1 => format!("{}. OG", draw.range(1, 6)),
        2 => format!("{}. OG {}", draw.range(1, 6), draw.pick(&["links", "rechts", "Mitte"])),
        _ => "Hinterhaus".to_owned(),
    }
}
