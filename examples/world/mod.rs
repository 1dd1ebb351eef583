//! A world of fictional customers, and the exports in which a CRM, an ERP and a shop would show them, with the truth.
//!
//! People live in households, move, marry, change mailboxes and numbers; each system meets them at other times and
//! writes them down in its own form, with errors that come together where a careless hand typed. Every household and
//! every organisation is a function of the seed and its number alone, so any part can be made by itself, in any order
//! and on any number of threads, with the same bytes.
#![allow(dead_code, reason = "each example, bench and test uses its own part of the world")]

pub(crate) mod bank;
pub(crate) mod calendar;
pub(crate) mod contact;
pub(crate) mod digits;
pub(crate) mod errors;
pub(crate) mod events;
pub(crate) mod export;
pub(crate) mod hard_negatives;
pub(crate) mod household;
pub(crate) mod life;
pub(crate) mod list;
pub(crate) mod locale;
pub(crate) mod mailbox;
pub(crate) mod names;
pub(crate) mod organisation;
pub(crate) mod organisation_names;
#[cfg(feature = "polars")]
pub(crate) mod parquet;
pub(crate) mod person;
pub(crate) mod phone;
pub(crate) mod place;
pub(crate) mod random;
pub(crate) mod rows;
pub(crate) mod sheet;
pub(crate) mod sources;
pub(crate) mod spec;
pub(crate) mod spread;
pub(crate) mod succession;
pub(crate) mod tier;
pub(crate) mod truth;

use std::rc::Rc;

use rayon::prelude::*;

use calendar::{Day, START, YEAR};
use hard_negatives::HardNegatives;
use household::MOST_MEMBERS;
use locale::LocaleMix;
use organisation::Organisation;
use person::Person;
use random::Permutation;
use rows::Rows;
use sources::{About, Source, Subject};
use tier::Tier;
use truth::{Labels, TruthFile};

/// Records of one owner in one source, and room for its account.
pub(crate) const MOST_RECORDS: u64 = 64;
/// Households and organisations that are generated together.
const BLOCK: u64 = 4_096;
/// What a world of a number of rows has more than an estimate says: a share of all, and standard deviations.
const RESERVE: (f64, f64) = (0.02, 6.0);
/// Households that even the smallest world has: of many, some have just the rows that are missing.
const FEWEST: f64 = 100.0;
/// Households by which the number of rows is estimated.
const SAMPLE: u64 = 8_192;
/// Of them and their organisations, those that are made together.
const SAMPLE_PART: usize = 512;
/// Organisations are 15 % of all entities, and their contacts a quarter.
const HOUSEHOLDS_PER_ORGANISATION: u64 = 2;
/// Years in which lives change, where nothing else is asked for.
const YEARS: i32 = 5;
/// People of a household, roughly; only the numbers in mailboxes depend on it.
const MEAN_MEMBERS: f64 = 1.95;

/// What a world is made by.
#[derive(Clone, Debug)]
pub(crate) struct World {
    seed: u64,
    tier: Tier,
    locales: LocaleMix,
    households: u64,
    organisations: u64,
    years: i32,
    sources: Vec<Source>,
    order: Permutation,
    labels: Permutation,
    /// The keys of each source, in the order of [`Source::ALL`].
    keys: Vec<Permutation>,
    /// The numbers of the customers of the shop.
    customers: Permutation,
    landlines: Permutation,
    landline_digits: usize,
    mobiles: Permutation,
    mobile_digits: usize,
    /// Rows of all sources at most.
    rows: Option<u64>,
}

impl World {
    /// A world with this many households and organisations.
    pub(crate) fn new(
        seed: u64,
        tier: Tier,
        households: u64,
        organisations: u64,
        sources: &[Source],
    ) -> World {
        let people = households * MOST_MEMBERS + organisations * organisation::NUMBERS;
        let homes = households * 8 + organisations;
        let order = |purpose: &str, size: u64| Permutation::new(seed, purpose, size.max(1));
        let records = |purpose: &str| order(purpose, people * MOST_RECORDS);
        let digits = |numbers: u64| numbers.max(1).to_string().len().max(3);
        let mut sources = sources.to_vec();
        // The accounts are the other half of the CRM.
        if sources.contains(&Source::Crm) {
            sources.push(Source::Accounts);
        }
        sources.retain(|&source| source != Source::Accounts || organisations > 0);
        sources.sort_unstable();
        sources.dedup();
        World {
            seed,
            tier,
            locales: LocaleMix::DEFAULT,
            households,
            organisations,
            years: YEARS,
            sources,
            order: order("order", households + organisations),
            labels: order("labels", people),
            keys: Source::ALL.map(|source| records(source.file())).to_vec(),
            customers: order("customers", people),
            landlines: order("landlines", homes),
            landline_digits: digits(homes.saturating_sub(1)),
            mobiles: order("mobiles", people * 4),
            mobile_digits: digits((people * 4).saturating_sub(1) / 2),
            rows: None,
        }
    }

    /// The same world with its people in other countries.
    pub(crate) fn with_locales(self, locales: LocaleMix) -> World {
        World { locales, ..self }
    }

    /// Whether some addresses have a state or county.
    pub(crate) fn has_regions(&self) -> bool {
        self.locales.has_regions()
    }

    /// A world of people of whom these sources export this many rows together.
    pub(crate) fn of_people(seed: u64, tier: Tier, records: u64, sources: &[Source]) -> World {
        World::of_size(seed, tier, records, sources, |_| 0)
    }

    /// A world of people and organisations of whom these sources export this many rows together.
    pub(crate) fn of_records(seed: u64, tier: Tier, records: u64, sources: &[Source]) -> World {
        World::of_size(seed, tier, records, sources, |households| households / HOUSEHOLDS_PER_ORGANISATION)
    }

    fn of_size(
        seed: u64,
        tier: Tier,
        records: u64,
        sources: &[Source],
        organisations: impl Fn(u64) -> u64,
    ) -> World {
        let sample = World::new(seed, tier, SAMPLE, organisations(SAMPLE), sources);
        let parts: Vec<u64> = (0..SAMPLE + sample.organisations).step_by(SAMPLE_PART).collect();
        let rows_of = |&first: &u64| {
            let end = (first + SAMPLE_PART as u64).min(SAMPLE + sample.organisations);
            sample.part(first..end, u64::MAX, None).rows()
        };
        let rows: u64 = parts.par_iter().map(rows_of).sum();
        // Without any source there is nothing to make.
        let estimate = if rows == 0 { 0.0 } else { (records * SAMPLE) as f64 / rows as f64 };
        // The rest is never made; without it, chance could leave some rows short.
        let households = (estimate * (1.0 + RESERVE.0) + RESERVE.1 * estimate.sqrt() + FEWEST) as u64;
        let world = World::new(seed, tier, households, organisations(households), sources);
        World { rows: Some(records), ..world }
    }

    /// The same world, in which lives change over more or fewer years up to the end of the period. Records reach back
    /// eight years: what lies before the changes shows the beginning.
    pub(crate) fn over_years(self, years: i32) -> World {
        World { years, ..self }
    }

    /// How many years lives change.
    pub(crate) fn years(&self) -> i32 {
        self.years
    }

    /// The first day on which lives change.
    pub(crate) fn start(&self) -> Day {
        START - (self.years - YEARS) * YEAR
    }

    /// How many households there are.
    pub(crate) fn households(&self) -> u64 {
        self.households
    }

    /// How many organisations there are.
    pub(crate) fn organisations(&self) -> u64 {
        self.organisations
    }

    /// What everything is drawn by.
    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    /// How bad the data is.
    pub(crate) fn tier(&self) -> Tier {
        self.tier
    }

    /// The sources that export, in the order of [`Source::ALL`].
    pub(crate) fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// About how many people there are.
    pub(crate) fn population(&self) -> f64 {
        self.households as f64 * MEAN_MEMBERS
    }

    /// How many rows all sources have together, where that is given.
    pub(crate) fn rows(&self) -> Option<u64> {
        self.rows
    }

    /// How many blocks there are.
    pub(crate) fn blocks(&self) -> u64 {
        (self.households + self.organisations).div_ceil(BLOCK)
    }

    /// The rows of a block of households and organisations.
    pub(crate) fn block(&self, block: u64) -> Exports {
        self.block_within(block, u64::MAX, None)
    }

    /// The rows of a block, `most` at most: of the households and organisations only those whose rows still fit.
    /// They are written into the room of others, if there is some.
    pub(crate) fn block_within(&self, block: u64, most: u64, room: Option<Exports>) -> Exports {
        let first = block * BLOCK;
        self.part(first..(self.households + self.organisations).min(first + BLOCK), most, room)
    }

    fn part(&self, positions: std::ops::Range<u64>, most: u64, room: Option<Exports>) -> Exports {
        let count = (positions.end - positions.start) as usize;
        let mut exports = room.unwrap_or_else(|| self.no_rows(count));
        exports.sources.iter_mut().chain(&mut exports.truths).for_each(|rows| rows.truncate(0));
        let mut before = Vec::new();
        for position in positions {
            if most < u64::MAX {
                before = exports.files().map(Rows::len).collect();
            }
            match self.order.at(position) {
                household if household < self.households => self.household(household, &mut exports),
                number => self.organisation(number - self.households, &mut exports),
            }
            if exports.rows() > most {
                exports.truncate(&before);
            } else if exports.rows() == most {
                break;
            }
        }
        exports
    }

    /// Exports without rows, with room for some bytes in each.
    fn no_rows(&self, units: usize) -> Exports {
        let of_source = |source: &Source| Rows::new(source.separator(), units * source.room());
        let of_truth = |truth: &TruthFile| Rows::new(b',', units * truth.room());
        Exports {
            sources: self.sources.iter().map(of_source).collect(),
            truths: TruthFile::ALL.iter().map(of_truth).collect(),
        }
    }

    /// Writes the records of all people of a household.
    fn household(&self, number: u64, exports: &mut Exports) {
        let mut members = household::household(self, number);
        let mut appear = [const { None }; MOST_MEMBERS as usize];
        for (at, entity) in appear.iter_mut().enumerate().take(members.len()) {
            // The person in front, the others behind.
            members.swap(0, at);
            let (person, others) = members.split_at(1);
            *entity = self.subject(Subject::Person(&person[0]), others, exports);
            members.swap(0, at);
        }
        exports.hard_negatives().of_household(self, &members, &appear);
    }

    /// Writes the records of an organisation and of its contacts.
    fn organisation(&self, number: u64, exports: &mut Exports) {
        let organisation = Rc::new(organisation::organisation(self, number));
        let entity = self.subject(Subject::Organisation(&organisation), &[], exports);
        if let Some(entity) = &entity {
            exports.hard_negatives().of_organisation(self, &organisation, entity);
        }
        let mut contacts = contact::contacts(self, &organisation);
        contacts.retain(|contact| self.subject(Subject::Person(contact), &[], exports).is_some());
        exports.hard_negatives().of_contacts(self, &organisation, &contacts, entity.as_deref());
    }

    /// Whether any source has a record of an organisation.
    pub(crate) fn has_organisation(&self, organisation: &Organisation) -> bool {
        self.appears(Subject::Organisation(organisation), &[])
    }

    /// Whether any source has a record of the person of a number, who is no contact of an organisation.
    pub(crate) fn has_person(&self, number: u64) -> bool {
        let members = self.members_with(number);
        self.appears(Subject::Person(&members[0]), &members[1..])
    }

    /// Whether some text stands in a record of the person of a number.
    pub(crate) fn shows(&self, number: u64, text: &[u8]) -> bool {
        let holds = |rows: &Rows| rows.bytes().windows(text.len()).any(|part| part == text);
        let (members, mut exports) = (self.members_with(number), self.no_rows(0));
        let entity = self.subject(Subject::Person(&members[0]), &members[1..], &mut exports);
        entity.is_some() && exports.sources.iter().any(holds)
    }

    /// The members of a household, in front the person of a number.
    fn members_with(&self, number: u64) -> Vec<Person> {
        let mut members = household::household(self, number / MOST_MEMBERS);
        members.swap(0, (number % MOST_MEMBERS) as usize);
        members
    }

    /// Whether any source has a record of a subject: most are found in the first, and no other is asked.
    fn appears(&self, subject: Subject<'_>, others: &[Person]) -> bool {
        let (labels, mut first) = (Labels::of(self, subject), true);
        let mut truth = Rows::new(b',', 0);
        self.sources.iter().any(|source| {
            let rows = &mut Rows::new(source.separator(), 0);
            let truth = &mut truth;
            About { world: self, subject, others, first: &mut first, rows, truth, labels: &labels }
                .export(*source);
            truth.len() > 0
        })
    }

    /// Writes the records of a subject with the events of its life; how the truth calls it, if there are records.
    fn subject(&self, subject: Subject<'_>, others: &[Person], exports: &mut Exports) -> Option<String> {
        let (labels, mut first) = (Labels::of(self, subject), true);
        let before = exports.truths[TruthFile::Records as usize].len();
        for (rows, source) in exports.sources.iter_mut().zip(&self.sources) {
            let truth = &mut exports.truths[TruthFile::Records as usize];
            let mut about =
                About { world: self, subject, others, first: &mut first, rows, truth, labels: &labels };
            about.export(*source);
        }
        (exports.truths[TruthFile::Records as usize].len() > before).then(|| {
            events::note(&mut exports.truths[TruthFile::Events as usize], self, &labels, subject);
            labels.into_entity()
        })
    }
}

/// The rows of some households.
#[derive(Clone, Debug)]
pub(crate) struct Exports {
    /// One for each source of the world.
    pub(crate) sources: Vec<Rows>,
    /// One for each file of [`TruthFile::ALL`].
    pub(crate) truths: Vec<Rows>,
}

impl Exports {
    /// The rows of all files, in the order in which they are listed.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Rows> {
        self.sources.iter().chain(&self.truths)
    }

    /// The rows of pairs that are easily taken for one.
    fn hard_negatives(&mut self) -> HardNegatives<'_> {
        HardNegatives { rows: &mut self.truths[TruthFile::HardNegatives as usize] }
    }

    /// How many rows the sources have.
    pub(crate) fn rows(&self) -> u64 {
        self.sources.iter().map(|rows| rows.len() as u64).sum()
    }

    /// Takes back what was written since the files had these numbers of rows.
    fn truncate(&mut self, rows: &[usize]) {
        for (file, &rows) in self.sources.iter_mut().chain(&mut self.truths).zip(rows) {
            file.truncate(rows);
        }
    }
}
