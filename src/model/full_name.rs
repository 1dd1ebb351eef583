//! How often whole names occur, which is more often than their parts by themselves would tell.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use foldhash::fast::FixedState;
use hashbrown::HashMap;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::id::{RecordId, ValueId};
use crate::model::TermFrequencies;
use crate::record::{Column, Records, TextMap};

/// Whole names that more entities bear than their given name and their surname, were they independent, would explain.
///
/// Names come together: whoever is called `Khadija` is more often called `Qureshi` than the shares of the two tell, and
/// agreement on both says less than twice. A name that x entities were seen with beyond the two that are compared has the share
/// (x − d) / N + (d T / N) · p, where N entities bear T different names, p is the product of the shares of the parts, and d the
/// discount of absolute discounting with back-off (Ney, Essen & Kneser 1994). Where that is more than p, agreement on
/// the whole name weighs less by the ratio of the two.
///
/// ```
/// let names = onefold::model::FullNames::default();
/// assert_eq!(names.entities("anna", "meier"), 1.0);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FullNames {
    /// Entities with any name.
    total: f64,
    /// What each count is lowered by, from 0 to below 1.
    discount: f64,
    /// The share of the mass that goes to names by their parts.
    back_off: f64,
    /// Names, as given name and surname with [`BETWEEN`] between, of more than one entity, with their number.
    entities: TextMap<f64>,
}

/// Occurs in no normalised name.
const BETWEEN: char = '\n';

impl FullNames {
    /// How many entities bear a name; one that was not seen twice counts as one entity's.
    pub fn entities(&self, given: &str, family: &str) -> f64 {
        self.entities.get(&joined(given, family)).copied().unwrap_or(1.0)
    }

    /// Checks what deserialisation cannot: every share is a finite one above zero.
    pub(crate) fn is_sound(&self) -> bool {
        let share = |share: f64| (0.0..=1.0).contains(&share);
        self.total.is_finite()
            && self.total >= 0.0
            && share(self.discount)
            && share(self.back_off)
            && self.entities.values().all(|entities| (1.0..=self.total.max(1.0)).contains(entities))
    }

    /// What agreement on both parts says beyond what each says by itself, in bits, at most 0; `independent` is the product of
    /// the shares of the parts.
    fn bits(&self, entities: f64, independent: f64) -> f64 {
        let others = (entities - 2.0 - self.discount).max(0.0);
        let share = others / self.total.max(1.0) + self.back_off * independent;
        (independent / share).log2().min(0.0)
    }

    /// The bits of all names that are in these columns, by value ids.
    pub(crate) fn bind(
        &self,
        (given, family): (&Column, &Column),
        (given_terms, family_terms): (&TermFrequencies, &TermFrequencies),
    ) -> BoundFullNames {
        let ids = |column: &Column| -> BTreeMap<String, u32> {
            column.values().map(|(id, text)| (text.to_owned(), id.0)).collect()
        };
        let (given_ids, family_ids) = (ids(given), ids(family));
        let bits = self.entities.sorted().into_iter().filter_map(|(name, &entities)| {
            let (given, family) = name.split_once(BETWEEN)?;
            let key = key(*given_ids.get(given)?, *family_ids.get(family)?);
            let bits = self.bits(entities, given_terms.share(given) * family_terms.share(family));
            (bits < 0.0).then_some((key, bits as f32))
        });
        BoundFullNames { bits: bits.collect() }
    }
}

fn joined(given: &str, family: &str) -> String {
    format!("{given}{BETWEEN}{family}")
}

fn key(given: u32, family: u32) -> u64 {
    u64::from(given) << 32 | u64::from(family)
}

/// What whole names say beyond their parts, by value ids.
#[derive(Clone, Debug, Default)]
pub(crate) struct BoundFullNames {
    bits: HashMap<u64, f32, FixedState>,
}

impl BoundFullNames {
    /// What agreement on both parts says beyond what each says by itself, in bits, at most 0.
    pub(crate) fn bits(&self, given: ValueId, family: ValueId) -> f64 {
        self.bits.get(&key(given.0, family.0)).copied().map_or(0.0, f64::from)
    }
}

/// Posteriors are summed as integers, so that the sum does not depend on the order of threads.
const UNIT: f64 = 65_536.0;

/// Counts the matching pairs among the records of each whole name.
pub(crate) struct NameCounts<'a> {
    columns: (&'a Column, &'a Column),
    /// Of the names of at least two records, with their number, by value ids.
    names: HashMap<u64, u32, FixedState>,
    records: Vec<u32>,
    matching: Vec<AtomicU64>,
    /// Names of one record.
    single: u64,
}

impl<'a> NameCounts<'a> {
    /// Finds the names in all records. Of a record with several names of a sort the first ones count.
    pub(crate) fn new(records: &Records, given: &'a Column, family: &'a Column) -> Self {
        let of = |record: RecordId| {
            let first = |column: &Column| {
                column.slice(records.row(record)).first().copied().filter(|id| !id.is_missing())
            };
            Some(key(first(given)?.0, first(family)?.0))
        };
        let mut all: Vec<u64> =
            (0..records.len() as u32).into_par_iter().filter_map(|record| of(RecordId(record))).collect();
        all.par_sort_unstable();
        let (mut names, mut counts, mut single) = (HashMap::default(), Vec::new(), 0);
        for name in all.chunk_by(|a, b| a == b) {
            if name.len() > 1 {
                names.insert(name[0], counts.len() as u32);
                counts.push(name.len() as u32);
            } else {
                single += 1;
            }
        }
        let matching = counts.iter().map(|_| AtomicU64::new(0)).collect();
        NameCounts { columns: (given, family), names, records: counts, matching, single }
    }

    /// Adds a pair of records with the same name, with the posterior by all that is not the name.
    pub(crate) fn add(&self, given: ValueId, family: ValueId, posterior: impl FnOnce() -> f64) {
        if let Some(&name) = self.names.get(&key(given.0, family.0)) {
            self.matching[name as usize].fetch_add((posterior() * UNIT) as u64, Ordering::Relaxed);
        }
    }

    /// The names that are borne by more than one entity.
    pub(crate) fn full_names(&self) -> FullNames {
        let (given, family) = self.columns;
        let entities = |name: u32| {
            let records = f64::from(self.records[name as usize]);
            let matching = self.matching[name as usize].load(Ordering::Relaxed) as f64 / UNIT;
            let pairs = matching.min(records * (records - 1.0) / 2.0);
            (records * records / (records + 2.0 * pairs)).max(1.0)
        };
        let names = self.records.len() as f64 + self.single as f64;
        let (mut total, mut of_one, mut of_two) = (self.single as f64, self.single as f64, 0.0);
        for name in 0..self.records.len() as u32 {
            let count = entities(name);
            total += count;
            of_one += (2.0 - count).max(0.0);
            of_two += (1.0 - (count - 2.0).abs()).max(0.0);
        }
        // As if one more name had been seen with two: where none was, a discount of 1 would make shares 0.
        let discount = of_one / (of_one + 2.0 * (of_two + 1.0));
        let several = |(&name, &at): (&u64, &u32)| {
            let count = entities(at);
            let text = |column: &Column, id: u64| column.text(ValueId(id as u32)).to_owned();
            let name = || joined(&text(given, name >> 32), &text(family, name & u64::from(u32::MAX)));
            (count > 2.0 + discount).then(|| (name(), count))
        };
        // In which order they are found does not matter: each is kept by its text.
        #[allow(clippy::iter_over_hash_type)]
        let mut several: Vec<(String, f64)> = self.names.iter().filter_map(several).collect();
        several.sort_by(|a, b| a.0.cmp(&b.0));
        FullNames {
            total,
            discount,
            back_off: (discount * names / total.max(1.0)).min(1.0),
            entities: several.iter().map(|(name, count)| (name.as_str(), *count)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_others_bear_says_less_than_its_parts() {
        let entities = [("khadija\nqureshi", 30.0), ("anna\nmeier", 3.0)].into_iter().collect();
        let names = FullNames { total: 10_000.0, discount: 0.9, back_off: 0.8, entities };
        assert!(names.is_sound());
        // The parts of a rare name tell one in a hundred million, and thirty bear it.
        let rare = names.bits(names.entities("khadija", "qureshi"), 1e-8);
        assert!((rare - (1e-8f64 / (27.1 / 10_000.0 + 0.8e-8)).log2()).abs() < 1e-9, "{rare}");
        // What the parts explain is not taken off, nor is anything ever added.
        assert!(names.bits(names.entities("anna", "meier"), 2e-3).abs() < 1e-9);
        assert!(names.bits(names.entities("otto", "huber"), 1e-8).abs() < 1e-9);
    }
}
