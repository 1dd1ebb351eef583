//! The systems that export: each in a form of its own.

pub(crate) mod crm;
pub(crate) mod erp;
pub(crate) mod orders;

use super::calendar::{Day, END, civil};
use super::digits;
use super::errors;
use super::organisation::Organisation;
use super::person::Person;
use super::phone::Phone;
use super::random::Draw;
use super::rows::Rows;
use super::sheet::Sheet;
use super::tier::Typist;
use super::truth::Labels;
use super::{MOST_RECORDS, World};

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

    /// The columns of a world with their kinds, as the spec lists them; columns of no kind are keys, dates and amounts.
    pub(crate) fn columns(self, world: &World) -> Vec<(&'static str, &'static str)> {
        let columns: &[(&str, &str)] = match self {
            Source::Crm => &crm::COLUMNS,
            Source::Erp => &erp::COLUMNS,
            Source::Orders => &orders::COLUMNS,
        };
        columns.iter().filter(|(_, kind)| world.has_column(kind)).copied().collect()
    }

    /// How careless the people at this system are, 1 on average.
    fn bias(self) -> f64 {
        [1.0, 0.8, 1.2][self as usize]
    }
}

/// Kinds of columns that exports have where there are organisations.
const OF_ORGANISATIONS: [&str; 2] = ["org_name", "tax_id"];

impl World {
    /// Whether the exports have columns of a kind.
    fn has_column(&self, kind: &str) -> bool {
        (self.organisations() > 0 || !OF_ORGANISATIONS.contains(&kind))
            && (self.has_regions() || kind != "region")
    }
}

/// How likely a system knows somebody.
#[derive(Clone, Copy, Debug)]
struct Coverage {
    private: f64,
    contact: f64,
    organisation: f64,
}

/// Whom a record is about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject<'a> {
    Person(&'a Person),
    Organisation(&'a Organisation),
}

impl Subject<'_> {
    /// How often something had changed by a day.
    pub(crate) fn state(self, day: Day) -> usize {
        match self {
            Subject::Person(person) => person.state(day),
            Subject::Organisation(organisation) => organisation.state(day),
        }
    }

    /// The landline on a day.
    fn landline(&self, day: Day) -> Option<&Phone> {
        match self {
            Subject::Person(person) => person.home.on(day).landline.as_ref(),
            Subject::Organisation(organisation) => organisation.home.on(day).landline.as_ref(),
        }
    }
}

/// A person or organisation that a system may know.
pub(crate) struct About<'a> {
    pub(crate) world: &'a World,
    pub(crate) subject: Subject<'a>,
    /// The other people of the household.
    pub(crate) others: &'a [Person],
    /// Whether no record of the person has been written yet.
    pub(crate) first: &'a mut bool,
    pub(crate) rows: &'a mut Rows,
    pub(crate) truth: &'a mut Rows,
    pub(crate) labels: &'a Labels,
}

impl About<'_> {
    /// The draws of this person at a system.
    fn draw(&self, source: Source) -> Draw {
        Draw::of(self.world.seed, source.file(), self.number())
    }

    fn number(&self) -> u64 {
        match self.subject {
            Subject::Person(person) => person.number,
            Subject::Organisation(organisation) => self.world.own_number(organisation.number),
        }
    }

    /// Whether the system knows the subject at all.
    fn is_known(&self, draw: &mut Draw, coverage: Coverage) -> bool {
        draw.chance(match self.subject {
            Subject::Person(person) if person.job.latest().is_some() => coverage.contact,
            Subject::Person(person) => coverage.private * person.reach,
            Subject::Organisation(_) => coverage.organisation,
        })
    }

    /// How many records the system has of the person: none, one, or several by mistake.
    fn copies(&self, draw: &mut Draw, coverage: Coverage, twice: f64) -> u64 {
        if !self.is_known(draw, coverage) {
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
        let sheet = match self.subject {
            Subject::Person(person) => {
                let mut sheet = Sheet::of_person(person, day, &mut typist);
                errors::distort(&mut sheet, person, self.others, day, &mut typist);
                sheet
            }
            Subject::Organisation(organisation) => {
                let mut sheet = Sheet::of_organisation(organisation, day, &mut typist);
                errors::distort_organisation(&mut sheet, organisation, day, &mut typist);
                sheet
            }
        };
        (sheet, typist)
    }

    /// The key of a record, which tells nothing about the person.
    fn key(&self, source: Source, record: u64) -> String {
        let number = self.number() * MOST_RECORDS + record % MOST_RECORDS;
        let keys = &self.world.keys[source as usize];
        let number = keys.at(number) + keys.round_base();
        match source {
            Source::Crm => digits::labelled("K", number),
            Source::Erp => digits::labelled("", number),
            Source::Orders => digits::labelled("B-", number),
        }
    }

    /// Writes a row; cells of columns that the world's exports lack are left out.
    fn push(&mut self, source: Source, cells: &[&str]) {
        if self.world.organisations() > 0 && self.world.has_regions() {
            return self.rows.push(cells);
        }
        let columns: &[(&str, &str)] = match source {
            Source::Crm => &crm::COLUMNS,
            Source::Erp => &erp::COLUMNS,
            Source::Orders => &orders::COLUMNS,
        };
        let mut kept: Vec<&str> = Vec::with_capacity(cells.len());
        for (cell, (_, kind)) in cells.iter().zip(columns) {
            if self.world.has_column(kind) {
                kept.push(cell);
            }
        }
        self.rows.push(&kept);
    }

    /// Notes whom a record is about.
    fn note(&mut self, source: Source, key: &str, day: Day) {
        self.labels.note(self.truth, self.world, source, key, self.subject, day);
    }

    /// The day before which the person acts.
    fn end(&self) -> Day {
        match self.subject {
            Subject::Person(person) => person.died.unwrap_or(END),
            Subject::Organisation(_) => END,
        }
    }
}

/// A date as ISO 8601 writes it.
fn iso(day: Day) -> String {
    let (year, month, day) = civil(day);
    iso_of((year, month, day))
}

fn iso_of((year, month, day): (i32, i32, i32)) -> String {
    joined(&[(year, 4), (month, 2), (day, 2)], '-')
}

/// A date as it is written in German.
fn german((year, month, day): (i32, i32, i32)) -> String {
    joined(&[(day, 2), (month, 2), (year, 4)], '.')
}

fn joined(parts: &[(i32, usize)], separator: char) -> String {
    let mut text = String::with_capacity(10);
    for &(part, width) in parts {
        if !text.is_empty() {
            text.push(separator);
        }
        digits::push(&mut text, u64::from(part.unsigned_abs()), width);
    }
    text
}
