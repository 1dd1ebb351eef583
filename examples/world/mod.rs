//! A world of fictional customers, and the exports in which a CRM, an ERP and a shop would show them, with the truth.
//!
//! People live in households, move, marry, change mailboxes and numbers; each system meets them at other times and
//! writes them down in its own form, with errors that come together where a careless hand typed. Every household and
//! every organisation is a function of the seed and its number alone, so any part can be made by itself, in any order
//! and on any number of threads, with the same bytes.
#![allow(dead_code, reason = "each example, bench and test uses its own part of the world")]

pub(crate) mod calendar;
pub(crate) mod digits;
pub(crate) mod errors;
pub(crate) mod export;
pub(crate) mod household;
pub(crate) mod life;
pub(crate) mod list;
pub(crate) mod locale;
pub(crate) mod mailbox;
pub(crate) mod names;
pub(crate) mod organisation;
pub(crate) mod organisation_names;
pub(crate) mod person;
pub(crate) mod phone;
pub(crate) mod place;
pub(crate) mod random;
pub(crate) mod rows;
pub(crate) mod sheet;
pub(crate) mod sources;
pub(crate) mod spec;
pub(crate) mod tier;
pub(crate) mod truth;

use std::rc::Rc;

use household::MOST_MEMBERS;
use locale::LocaleMix;
use person::Person;
use random::{Draw, Permutation};
use rows::Rows;
use sources::{About, Source, Subject, crm, erp, orders};
use tier::Tier;
use truth::Labels;

/// Records of one owner in one source, and room for its account.
pub(crate) const MOST_RECORDS: u64 = 64;
/// Households that are generated and shuffled together.
const BLOCK: u64 = 16_384;
/// Bytes of a household in one file, with some to spare.
const ROOM: usize = 260;
/// Households by which the number of rows is estimated.
const SAMPLE: u64 = 8_192;
/// Organisations are a ninth of all entities, and their contacts a quarter.
const HOUSEHOLDS_PER_ORGANISATION: u64 = 3;
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
    sources: Vec<Source>,
    order: Permutation,
    labels: Permutation,
    keys: [Permutation; 4],
    landlines: Permutation,
    landline_digits: usize,
    mobiles: Permutation,
    mobile_digits: usize,
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
        sources.sort_unstable();
        sources.dedup();
        World {
            seed,
            tier,
            locales: LocaleMix::DEFAULT,
            households,
            organisations,
            sources,
            order: order("order", households + organisations),
            labels: order("labels", people),
            keys: [
                records("crm keys"),
                records("erp keys"),
                records("order keys"),
                order("accounts", people),
            ],
            landlines: order("landlines", homes),
            landline_digits: digits(homes - 1),
            mobiles: order("mobiles", people * 4),
            mobile_digits: digits((people * 4 - 1) / 2),
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

    /// A world of people of whom these sources export about this many rows together.
    pub(crate) fn of_people(seed: u64, tier: Tier, records: u64, sources: &[Source]) -> World {
        World::of_size(seed, tier, records, sources, |_| 0)
    }

    /// A world of people and organisations of whom these sources export about this many rows together.
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
        let exports = sample.block_of(0..SAMPLE + sample.organisations);
        let rows: u64 = exports.sources.iter().map(|rows| rows.len() as u64).sum();
        let households = (records * SAMPLE / rows.max(1)).max(1);
        World::new(seed, tier, households, organisations(households), sources)
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

    /// How many blocks there are.
    pub(crate) fn blocks(&self) -> u64 {
        (self.households + self.organisations).div_ceil(BLOCK)
    }

    /// The rows of a block of households, shuffled.
    pub(crate) fn block(&self, block: u64) -> Exports {
        let first = block * BLOCK;
        let mut exports = self.block_of(first..(self.households + self.organisations).min(first + BLOCK));
        for (rows, source) in exports.sources.iter_mut().zip(&self.sources) {
            rows.shuffle(&mut Draw::of(self.seed, source.name(), block));
        }
        exports.truth.shuffle(&mut Draw::of(self.seed, "truth", block));
        exports
    }

    fn block_of(&self, positions: std::ops::Range<u64>) -> Exports {
        let room = ROOM * (positions.end - positions.start) as usize;
        let mut exports = Exports {
            sources: self.sources.iter().map(|source| Rows::new(source.separator(), room)).collect(),
            truth: Rows::new(b',', room),
        };
        for position in positions {
            match self.order.at(position) {
                household if household < self.households => self.household(household, &mut exports),
                number => self.organisation(number - self.households, &mut exports),
            }
        }
        exports
    }

    /// Writes the records of all people of a household.
    fn household(&self, number: u64, exports: &mut Exports) {
        let mut members = household::household(self, number);
        for at in 0..members.len() {
            // The person in front, the others behind.
            members.swap(0, at);
            let (person, others) = members.split_at(1);
            self.subject(Subject::Person(&person[0]), others, exports);
            members.swap(0, at);
        }
    }

    /// Writes the records of an organisation and of its contacts.
    fn organisation(&self, number: u64, exports: &mut Exports) {
        let organisation = Rc::new(organisation::organisation(self, number));
        self.subject(Subject::Organisation(&organisation), &[], exports);
        for contact in organisation::contacts(self, &organisation) {
            self.subject(Subject::Person(&contact), &[], exports);
        }
    }

    fn subject(&self, subject: Subject<'_>, others: &[Person], exports: &mut Exports) {
        let (labels, mut first) = (Labels::of(self, subject), true);
        for (rows, source) in exports.sources.iter_mut().zip(&self.sources) {
            let truth = &mut exports.truth;
            let mut about =
                About { world: self, subject, others, first: &mut first, rows, truth, labels: &labels };
            match source {
                Source::Crm => crm::export(&mut about),
                Source::Erp => erp::export(&mut about),
                Source::Orders => orders::export(&mut about),
            }
        }
    }
}

/// The rows of some households.
#[derive(Clone, Debug)]
pub(crate) struct Exports {
    /// One for each source of the world.
    pub(crate) sources: Vec<Rows>,
    pub(crate) truth: Rows,
}
