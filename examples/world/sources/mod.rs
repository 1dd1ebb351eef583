//! The systems that export: each in a form of its own.

pub(crate) mod crm;
pub(crate) mod erp;
pub(crate) mod orders;

use super::calendar::{Day, END, civil};
use super::errors;
use super::person::Person;
use super::random::Draw;
use super::rows::Rows;
use super::sheet::Sheet;
use super::tier::Typist;
use super::{MOST_RECORDS, World, truth};

/// A row without its key.
const KEY_MISSING: [f64; 3] = [0.000_2, 0.001, 0.003];
/// A row that was delivered twice.
const REDELIVERED: [f64; 3] = [0.000_5, 0.002, 0.006];
/// A row that is there in an older state too.
const SUPERSEDED: [f64; 3] = [0.001, 0.005, 0.01];

/// A system that exports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    Crm,
    Erp,
    Orders,
}

impl Source {
    /// All systems.
    pub(crate) const ALL: [Source; 3] = [Source::Crm, Source::Erp, Source::Orders];

    /// The name on the command line.
    pub(crate) fn option(self) -> &'static str {
        ["crm", "erp", "orders"][self as usize]
    }

    /// The name in the spec and in the truth.
    pub(crate) fn name(self) -> &'static str {
        ["crm", "erp", "shop"][self as usize]
    }

    /// The system of an option's name.
    pub(crate) fn of_option(name: &str) -> Option<Source> {
        Source::ALL.into_iter().find(|source| source.option() == name)
    }

    /// The name of the file.
    pub(crate) fn file(self) -> &'static str {
        ["crm.csv", "erp.csv", "orders.csv"][self as usize]
    }

    /// What stands between the cells.
    pub(crate) fn separator(self) -> u8 {
        if self == Source::Erp { b';' } else { b',' }
    }

    /// The columns with their kinds, as the spec lists them; columns of no kind are keys, dates and amounts.
    pub(crate) fn columns(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Source::Crm => &crm::COLUMNS,
            Source::Erp => &erp::COLUMNS,
            Source::Orders => &orders::COLUMNS,
        }
    }

    /// How careless the people at this system are, 1 on average.
    fn bias(self) -> f64 {
        [1.0, 0.8, 1.2][self as usize]
    }
}

/// A person whom a system may know.
pub(crate) struct About<'a> {
    pub(crate) world: &'a World,
    pub(crate) person: &'a Person,
    /// The other people of the household.
    pub(crate) others: &'a [Person],
    /// Whether no record of the person has been written yet.
    pub(crate) first: &'a mut bool,
    pub(crate) rows: &'a mut Rows,
    pub(crate) truth: &'a mut Rows,
}

impl About<'_> {
    /// The draws of this person at a system.
    fn draw(&self, source: Source) -> Draw {
        Draw::of(self.world.seed, source.file(), self.person.number)
    }

    /// How many records the system has of the person: none, one, or several by mistake.
    fn copies(&self, draw: &mut Draw, coverage: f64, twice: f64) -> u64 {
        if !draw.chance(coverage * self.person.reach) {
            return 0;
        }
        if !draw.chance(twice * [0.3, 1.0, 2.0][self.world.tier as usize]) {
            return 1;
        }
        // Zipf's law with exponent 2.2 above one.
        2 + draw.weighted(&[1_000, 218, 89, 47, 29, 19, 14, 10, 8]) as u64
    }

    /// What somebody types about the person on a day.
    fn typed(&mut self, draw: &mut Draw, source: Source, day: Day) -> (Sheet, Typist) {
        let careful = std::mem::replace(self.first, false);
        let of_record = Draw::of(draw.next(), "typist", 0);
        let mut typist = Typist::new(of_record, self.world.tier, source.bias(), careful);
        let mut sheet = Sheet::of_person(self.person, day, &mut typist);
        errors::distort(&mut sheet, self.person, self.others, day, &mut typist);
        (sheet, typist)
    }

    /// The key of a record, which tells nothing about the person.
    fn key(&self, source: Source, record: u64) -> String {
        let number = self.person.number * MOST_RECORDS + record % MOST_RECORDS;
        let keys = &self.world.keys[source as usize];
        let number = keys.at(number) + keys.round_base();
        match source {
            Source::Crm => format!("K{number}"),
            Source::Erp => number.to_string(),
            Source::Orders => format!("B-{number}"),
        }
    }

    /// Notes whom a record is about.
    fn note(&mut self, source: Source, key: &str, day: Day) {
        truth::note(self.truth, self.world, source, key, self.person, day);
    }

    /// The day before which the person acts.
    fn end(&self) -> Day {
        self.person.died.unwrap_or(END)
    }
}

/// A date as ISO 8601 writes it.
fn iso(day: Day) -> String {
    let (year, month, day) = civil(day);
    iso_of((year, month, day))
}

fn iso_of((year, month, day): (i32, i32, i32)) -> String {
    format!("{year:04}-{month:02}-{day:02}")
}

/// A date as it is written in German.
fn german((year, month, day): (i32, i32, i32)) -> String {
    format!("{day:02}.{month:02}.{year:04}")
}
