//! Where people live: postal codes with their cities, and the streets of each postal code.

use std::sync::OnceLock;

use super::World;
use super::digits;
use super::list::{List, part, with_blanks};
pub(crate) use super::locale::Country;
use super::locale::Language;
use super::random::{Draw, Weighted};

/// Streets of a postal code; a British one is a piece of a street or two.
const STREETS: usize = 130;
const BRITISH_STREETS: usize = 2;
/// British postal codes of one district.
const BRITISH_CODES: u64 = 45;
/// The letters at the end of a British postal code.
const INWARD: &[u8] = b"ABDEFGHJLNPQRSTUWXYZ";

/// A city.
#[derive(Debug)]
pub(crate) struct City {
    pub(crate) name: &'static str,
    pub(crate) country: Country,
    /// The code of an American state, the name of a British county; empty elsewhere.
    pub(crate) region: &'static str,
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

/// The streets of a country.
#[derive(Debug)]
struct Streets {
    whole: List,
    stems: List,
    ends: List,
}

/// The cities and streets, prepared for drawing.
#[derive(Debug)]
pub(crate) struct Places {
    /// Of each country, with their weights by size.
    cities: Vec<(Vec<City>, Weighted)>,
    /// German, British, American and French ones.
    streets: [Streets; 4],
}

impl Places {
    /// The places of this crate.
    pub(crate) fn get() -> &'static Places {
        static PLACES: OnceLock<Places> = OnceLock::new();
        PLACES.get_or_init(Places::read)
    }

    fn read() -> Places {
        let streets = |of: &str| {
            let part = |name: &str| part(include_str!("data/streets.csv"), &format!("{of}_{name}"));
            Streets {
                whole: List::by_rank(part("full").split(' ').collect(), 6.0, 0.8),
                stems: List::by_rank(part("stem").split(' ').collect(), 60.0, 0.8),
                ends: List::weighted(part("end")),
            }
        };
        Places { cities: Country::ALL.map(cities).into(), streets: ["de", "gb", "us", "fr"].map(streets) }
    }

    /// A city of a country, drawn by size.
    pub(crate) fn city_of(&'static self, draw: &mut Draw, country: Country) -> &'static City {
        let (cities, by_size) = &self.cities[country as usize];
        &cities[by_size.draw(draw)]
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
        let streets = if city.country == Country::Gb { BRITISH_STREETS } else { STREETS };
        let slot = draw.below(streets).min(draw.below(streets)) as u64;
        let code = postal_code.bytes().fold(0u64, |code, byte| code * 37 + u64::from(byte));
        let mut of_street = Draw::of(code, city.name, slot);
        let mut street = self.street(&mut of_street, city.country);
        let number = number(draw, &mut of_street, city.country);
        let unit = if draw.chance(0.12) { unit(draw, city.country) } else { String::new() };
        if city.country == Country::Us && of_street.chance(0.2) {
            street.insert_str(0, of_street.pick::<&str>(&["N ", "S ", "E ", "W ", "N ", "S ", "NW ", "SE "]));
        }
        Address { city, postal_code, street, number, unit }
    }

    fn street(&self, draw: &mut Draw, country: Country) -> String {
        let streets = &self.streets[country.register()];
        let name = if draw.chance(0.55) {
            streets.whole.draw(draw).to_owned()
        } else {
            let (stem, end) = (streets.stems.draw(draw), streets.ends.draw(draw));
            match country.language() {
                Language::German => [stem, end].concat(),
                Language::English => [stem, " ", end].concat(),
                Language::French => [end, " ", stem].concat(),
            }
        };
        let name = with_blanks(name);
        match country {
            Country::Ch => name.replace('ß', "ss"),
            Country::At if draw.chance(0.35) => name.replace("straße", "gasse"),
            _ => name,
        }
    }
}

/// The cities of a country with their weights.
fn cities(of: Country) -> (Vec<City>, Weighted) {
    let (mut cities, mut sizes) = (Vec::new(), Vec::new());
    let mut add = |name, region, area, size: &str, codes: &'static str| {
        let postal_codes = match of {
            Country::Gb => codes.split(' ').flat_map(british_codes).collect(),
            _ => codes.split(' ').collect(),
        };
        cities.push(City { name, country: of, region, area, postal_codes });
        sizes.push(size.parse().unwrap_or(1));
    };
    for line in include_str!("data/places.csv").lines().chain(include_str!("data/places_abroad.csv").lines())
    {
        let cells: Vec<&'static str> = line.split(',').collect();
        match cells[..] {
            [country, name, area, size, codes] if country == of.code() => add(name, "", area, size, codes),
            [country, name, region, area, size, codes] if country == of.code() => {
                add(name, region, area, size, codes);
            }
            _ => {}
        }
    }
    let weights = Weighted::new(&sizes);
    (cities, weights)
}

/// Some postal codes of a British district, made once and kept.
fn british_codes(district: &'static str) -> impl Iterator<Item = &'static str> {
    (0..BRITISH_CODES).map(move |number| {
        let mut draw = Draw::of(0, district, number);
        let digit = 1 + draw.below(9);
        let letters = [*draw.pick(INWARD), *draw.pick(INWARD)].map(char::from);
        &*format!("{district} {digit}{}{}", letters[0], letters[1]).leak()
    })
}

fn number(draw: &mut Draw, of_street: &mut Draw, country: Country) -> String {
    if country == Country::Us {
        // Blocks have a hundred numbers each.
        let blocks = 2 + 12 * of_street.geometric(0.6, 12);
        let block = draw.below(blocks).min(draw.below(blocks)) as u64;
        return digits::labelled("", (block * 100 + draw.below(100) as u64).max(1));
    }
    let length = 8 + 10 * of_street.geometric(0.72, 14);
    let number = (1 + draw.below(length).min(draw.below(length + 6))) as u64;
    let mut number = digits::labelled("", number);
    if country == Country::Fr {
        if draw.chance(0.06) {
            number.push_str(draw.pick::<&str>(&[" bis", " bis", " bis", " ter", "B"]));
        }
    } else if draw.chance(if country == Country::Gb { 0.05 } else { 0.1 }) {
        number.push(*draw.pick(&['a', 'a', 'a', 'b', 'b', 'c', 'd']));
    }
    number
}

fn unit(draw: &mut Draw, country: Country) -> String {
    let letter = |draw: &mut Draw| char::from(b'A' + draw.below(6) as u8);
    match (country, draw.below(4)) {
        (Country::At, _) => format!("Top {}", draw.range(1, 28)),
        (Country::Gb, 0) => format!("Flat {}{}", draw.range(1, 9), letter(draw)),
        (Country::Gb, 1) => format!("Apartment {}", draw.range(1, 60)),
        (Country::Gb, _) => format!("Flat {}", draw.range(1, 30)),
        (Country::Us, 0) => format!("Apt {}{}", draw.range(1, 12), letter(draw)),
        (Country::Us, 1) => format!("Unit {}", draw.range(1, 40)),
        (Country::Us, 2) => format!("# {}", draw.range(1, 310)),
        (Country::Us, _) => format!("Apt {}", draw.range(1, 410)),
        (Country::Fr, 0) => format!("Bât. {}", letter(draw)),
        (Country::Fr, 1) => format!("Appt {}", draw.range(1, 60)),
        (Country::Fr, 2) => format!("{}e étage", draw.range(2, 7)),
        (Country::Fr, _) => format!("Résidence {}", draw.pick(&["du Parc", "Les Tilleuls", "Bellevue"])),
        (_, 0) => format!("Whg. {}", draw.range(1, 40)),
        (_, 1) => format!("{}. OG", draw.range(1, 6)),
        (_, 2) => format!("{}. OG {}", draw.range(1, 6), draw.pick(&["links", "rechts", "Mitte"])),
        _ => "Hinterhaus".to_owned(),
    }
}

impl World {
    /// A city of some country of the world.
    pub(crate) fn city(&self, draw: &mut Draw) -> &'static City {
        let country = self.locales.country(draw);
        Places::get().city_of(draw, country)
    }
}
