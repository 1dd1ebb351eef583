//! Which different values of a field with few values mean the same in different records.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

use crate::block::{CandidatePairs, DrawnPairs};
use crate::compare::{Comparator, Comparison};
use crate::id::{SourceId, ValueId};
use crate::model::reach::Scratch;
use crate::model::{Model, Scorer};
use crate::record::Column;
use crate::schema::FieldKind;

/// What pairs of different values say beyond the level of their comparison.
///
/// Systems name the same thing differently: `VLDB` and `Very Large Data Bases`, `DE` and `Germany`, `01` and `retail`. No
/// comparison of spellings sees that, but matching pairs do: they hold such values together far more often than the
/// frequencies of the two explain. Where matches are expected to hold a pair of values E times by the level alone, and M
/// times by the other comparisons of the candidates, the pair says log2((M + κ) / (E + κ)) bits more.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Correspondences {
    /// (smaller value, larger value, bits), ascending.
    pairs: Vec<(String, String, f32)>,
}

/// As if so many matches had been seen that follow the level alone.
const STRENGTH: f64 = 3.0;
/// Less is not worth keeping.
const LEAST_BITS: f64 = 0.1;
/// Fields with more distinct values are no vocabulary of a system.
pub(crate) const MOST_VALUES: usize = 256;

impl Correspondences {
    /// From (smaller value, larger value, matches expected by the level, matches seen).
    pub(crate) fn new<'a>(counted: impl Iterator<Item = (&'a str, &'a str, f64, f64)>) -> Self {
        let bits = |expected: f64, seen: f64| ((seen + STRENGTH) / (expected + STRENGTH)).log2();
        let mut pairs: Vec<(String, String, f32)> = counted
            .map(|(one, other, expected, seen)| (one, other, bits(expected, seen)))
            .filter(|(_, _, bits)| bits.abs() >= LEAST_BITS)
            .map(|(one, other, bits)| (one.min(other).to_owned(), one.max(other).to_owned(), bits as f32))
            .collect();
        pairs.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        Correspondences { pairs }
    }

    /// Checks what deserialisation cannot: look-up finds every pair, and the table of all values stays small.
    pub(crate) fn is_sound(&self) -> bool {
        let mut values: Vec<&str> = self.pairs.iter().flat_map(|pair| [&*pair.0, &*pair.1]).collect();
        values.sort_unstable();
        values.dedup();
        values.len() <= MOST_VALUES
            && self.pairs.iter().all(|pair| pair.2.is_finite())
            && self.pairs.is_sorted_by(|a, b| (&a.0, &a.1) < (&b.0, &b.1))
    }

    /// The same by value id, for a column with these values.
    pub(crate) fn bind<'a>(&self, values: impl Iterator<Item = (usize, &'a str)>) -> BoundCorrespondences {
        let mut known: Vec<&str> =
            self.pairs.iter().flat_map(|pair| [pair.0.as_str(), pair.1.as_str()]).collect();
        known.sort_unstable();
        known.dedup();
        let place = |value: &str| known.binary_search(&value).ok();
        let mut bits = vec![0.0; known.len() * known.len()];
        for (one, other, more) in &self.pairs {
            if let (Some(one), Some(other)) = (place(one), place(other)) {
                bits[one * known.len() + other] = *more;
                bits[other * known.len() + one] = *more;
            }
        }
        let mut places = vec![UNKNOWN];
        for (id, value) in values {
            places.resize(places.len().max(id + 1), UNKNOWN);
            places[id] = place(value).map_or(UNKNOWN, |at| at as u32);
        }
        BoundCorrespondences { known: known.len(), places, bits }
    }
}

/// Whether correspondences are looked for: where values are terms of a system, not names or numbers.
fn is_learned_for(comparison: &Comparison) -> bool {
    use Comparator as C;
    match comparison.comparator() {
        C::Text | C::Exact => true,
        C::Name => comparison.field().kind == FieldKind::Category,
        _ => false,
    }
}

/// Learns the correspondences of each comparison from candidates; each pair is judged by its other comparisons.
pub(crate) fn learn(
    model: &Model,
    scorer: &Scorer<'_>,
    pairs: &DrawnPairs<'_>,
) -> Vec<Option<Correspondences>> {
    /// Posteriors are summed as integers, so that the sum does not depend on the order of threads.
    const UNIT: f64 = 65_536.0;
    let bound = scorer.comparisons();
    let columns: Vec<Option<&Column>> = model
        .comparisons()
        .iter()
        .zip(bound.columns())
        .map(|(weights, column)| {
            column.filter(|column| is_learned_for(weights.comparison()) && column.distinct() <= MOST_VALUES)
        })
        .collect();
    if columns.iter().all(Option::is_none) {
        return vec![None; columns.len()];
    }
    let cells = |column: Option<&Column>| column.map_or(0, |column| (column.distinct() + 1).pow(2));
    let seen: Vec<Vec<AtomicU64>> =
        columns.iter().map(|&column| (0..cells(column)).map(|_| AtomicU64::new(0)).collect()).collect();
    pairs.fold(Scratch::default, |scratch, a, b| {
        let Some(evidence) = scorer.evidence_at_least(a, b, scorer.negligible(), scratch) else { return };
        let levels = &scratch.levels;
        for (comparison, column) in columns.iter().enumerate() {
            let (one, other) = levels.values()[comparison];
            let Some(column) = column.filter(|_| one != other && levels.levels()[comparison] > 1) else {
                continue;
            };
            let others = scorer.posterior(scorer.weigh(evidence - scorer.part(comparison, levels)));
            let (low, high) = (one.index().min(other.index()), one.index().max(other.index()));
            seen[comparison][low * (column.distinct() + 1) + high]
                .fetch_add((others * UNIT) as u64, Ordering::Relaxed);
        }
    });
    let of = |(comparison, column): (usize, Option<&Column>)| {
        let column = column?;
        let seen = |a: ValueId, b: ValueId| {
            let cell = &seen[comparison][a.index() * (column.distinct() + 1) + b.index()];
            cell.load(Ordering::Relaxed) as f64 / UNIT
        };
        Some(of_column(scorer, comparison, column, pairs.candidates(), (pairs.scale(), &seen)))
    };
    columns.iter().copied().enumerate().map(of).collect()
}

/// The correspondences of one column, from the matches seen with each pair of values.
fn of_column(
    scorer: &Scorer<'_>,
    comparison: usize,
    column: &Column,
    pairs: &CandidatePairs<'_>,
    (scale, seen): (f64, &dyn Fn(ValueId, ValueId) -> f64),
) -> Correspondences {
    let records = pairs.records();
    let mut of_source: BTreeMap<SourceId, Vec<f64>> = BTreeMap::new();
    for record in records.ids() {
        let counts =
            of_source.entry(records.source(record)).or_insert_with(|| vec![0.0; column.distinct() + 1]);
        counts[column.slice(records.row(record))[0].index()] += 1.0;
    }
    let (same, across) = (pairs.plan().allows(true), pairs.plan().allows(false));
    let all = |value: ValueId| of_source.values().map(|counts| counts[value.index()]).sum::<f64>();
    // The pairs of records with these two values that the mode allows.
    let chance = |a: ValueId, b: ValueId| {
        let within: f64 = of_source.values().map(|counts| counts[a.index()] * counts[b.index()]).sum();
        let between = all(a) * all(b) - within;
        within * f64::from(u8::from(same)) + between * f64::from(u8::from(across))
    };
    let mut counted = Vec::new();
    let mut of_level: BTreeMap<u8, (f64, f64)> = BTreeMap::new();
    for (a, _) in column.values() {
        for (b, _) in column.values().skip(a.index()) {
            let Some(level) = scorer.comparisons().level_of_values(comparison, a, b) else { continue };
            let (chance, seen) = (chance(a, b), seen(a, b));
            let sums = of_level.entry(level).or_default();
            *sums = (sums.0 + chance, sums.1 + seen);
            counted.push((a, b, level, chance, seen));
        }
    }
    Correspondences::new(counted.into_iter().map(|(a, b, level, chance, seen)| {
        let (strangers, matches) = of_level[&level];
        let expected = matches * chance / strangers.max(f64::MIN_POSITIVE);
        (column.text(a), column.text(b), expected * scale, seen * scale)
    }))
}

const UNKNOWN: u32 = u32::MAX;

/// Correspondences by value id.
#[derive(Clone, Debug, Default)]
pub(crate) struct BoundCorrespondences {
    known: usize,
    places: Vec<u32>,
    bits: Vec<f32>,
}

impl BoundCorrespondences {
    /// The most that any two values say beyond their level, in bits.
    pub(crate) fn most(&self) -> f64 {
        f64::from(self.bits.iter().copied().fold(0.0, f32::max))
    }

    /// What two different values say beyond their level, in bits.
    pub(crate) fn bits(&self, a: usize, b: usize) -> f64 {
        match (self.places.get(a), self.places.get(b)) {
            (Some(&a), Some(&b)) if a != UNKNOWN && b != UNKNOWN => {
                f64::from(self.bits[a as usize * self.known + b as usize])
            }
            _ => 0.0,
        }
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp)]
mod tests {
    use super::*;

    #[test]
    fn values_that_matches_hold_together_say_more() {
        let counted = [("de", "germany", 2.0, 97.0), ("de", "france", 97.0, 2.0), ("es", "spain", 5.0, 5.0)];
        let found = Correspondences::new(counted.into_iter());
        assert!(found.is_sound());
        let ids = ["de", "france", "germany", "spain", "unseen"];
        let bound = found.bind(ids.into_iter().enumerate().map(|(at, value)| (at + 1, value)));
        assert!((bound.bits(1, 3) - 20f64.log2()).abs() < 1e-6);
        assert_eq!(bound.bits(1, 3), bound.bits(3, 1));
        assert!((bound.bits(2, 1) + 20f64.log2()).abs() < 1e-6);
        for (a, b) in [(1, 4), (1, 5), (0, 1), (1, 99)] {
            assert_eq!(bound.bits(a, b), 0.0);
        }
    }
}
