//! A person or organisation before the systems: whether they know it, how often, and what they take down.

use super::super::calendar::{Day, END};
use super::super::digits;
use super::super::errors;
use super::super::person::Person;
use super::super::random::Draw;
use super::super::rows::Rows;
use super::super::sheet::Sheet;
use super::super::tier::Typist;
use super::super::truth::Labels;
use super::super::{MOST_RECORDS, World};
use super::{Coverage, Source, Subject};
use super::{accounts, crm, erp, list, newsletter, orders, support};

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

/// Nobody is known for certain.
const MOST_KNOWN: f64 = 0.98;

impl About<'_> {
    /// The draws of this person at a system.
    pub(super) fn draw(&self, source: Source) -> Draw {
        self.draw_of(source, self.number())
    }

    /// The draws of whoever has a number at a system; the first one tells whether the system knows the subject.
    pub(super) fn draw_of(&self, source: Source, number: u64) -> Draw {
        Draw::of(self.world.seed, source.file(), number)
    }

    /// Writes the records that a system has of the subject.
    pub(crate) fn export(&mut self, source: Source) {
        match source {
            Source::Crm => crm::export(self),
            Source::Accounts => accounts::export(self),
            Source::Erp => erp::export(self),
            Source::Orders => orders::export(self),
            Source::Newsletter => newsletter::export(self),
            Source::Support => support::export(self),
            Source::List => list::export(self),
        }
    }

    /// The number of the subject among all.
    pub(super) fn number(&self) -> u64 {
        match self.subject {
            Subject::Person(person) => person.number,
            Subject::Organisation(organisation) => self.world.own_number(organisation.number),
        }
    }

    /// Whether the system knows the subject at all.
    pub(super) fn is_known(&self, draw: &mut Draw, coverage: Coverage) -> bool {
        draw.chance(match self.subject {
            Subject::Person(person) if person.job.latest().is_some() => coverage.contact,
            Subject::Person(person) => (coverage.private * person.reach).min(MOST_KNOWN),
            Subject::Organisation(_) => coverage.organisation,
        })
    }

    /// How many records the system has of the person: none, one, or several by mistake.
    pub(super) fn copies(&self, draw: &mut Draw, coverage: Coverage, twice: f64) -> u64 {
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
    pub(super) fn typed(&mut self, draw: &mut Draw, source: Source, day: Day) -> (Sheet, Typist) {
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
    pub(super) fn key(&self, source: Source, record: u64) -> String {
        self.key_of(source, self.number(), record)
    }

    /// The key of a record of whoever has a number.
    pub(super) fn key_of(&self, source: Source, number: u64, record: u64) -> String {
        let number = number * MOST_RECORDS + record % MOST_RECORDS;
        let keys = &self.world.keys[source as usize];
        let number = keys.at(number) + keys.round_base();
        digits::labelled(["K", "A", "", "B-", "N", "T-", ""][source as usize], number)
    }

    /// Writes a row; cells of columns that the world's exports lack are left out.
    pub(super) fn push(&mut self, source: Source, cells: &[&str]) {
        if self.world.organisations() > 0 && self.world.has_regions() {
            return self.rows.push(cells);
        }
        let mut kept: Vec<&str> = Vec::with_capacity(cells.len());
        for (cell, column) in cells.iter().zip(source.all_columns()) {
            if self.world.has_column(column) {
                kept.push(cell);
            }
        }
        self.rows.push(&kept);
    }

    /// Notes whom a record is about.
    pub(super) fn note(&mut self, source: Source, key: &str, day: Day) {
        self.labels.note(self.truth, self.world, source, key, self.subject, day);
    }

    /// The day before which the person acts.
    pub(super) fn end(&self) -> Day {
        match self.subject {
            Subject::Person(person) => person.died.unwrap_or(END),
            Subject::Organisation(_) => END,
        }
    }
}
