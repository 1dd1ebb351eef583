//! What the rarity of two values says that are alike, but not equal.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::block::DrawnPairs;
use crate::compare::{BoundComparisons, Comparator};
use crate::id::{RecordId, ValueId};
use crate::model::Scorer;
use crate::model::reach::Scratch;
use crate::record::Column;
use crate::text;

/// How rare two similar values are among strangers, by level, and how often similar values of matches are one value
/// miswritten.
///
/// Two values x and y that are alike meet among strangers as often as both occur, 2 f(x) f(y). Among matches one of
/// them is mostly the other one miswritten, and then the pair is as frequent as either true value: f(x) + f(y), up to a
/// factor. So their ratio goes with the mean of 1 / f(x) and 1 / f(y): `Schmidt` and `Schmitt` are two frequent names,
/// `Schmidt` and `Schmiddt` are a slip. Of the matches a share λ is of that sort, and the level weighs
/// log2(1 − λ + λ h / E h) bits more, where h is that mean and E h its expectation among strangers of the level.
///
/// ```
/// let similar = onefold::model::SimilarValues::default();
/// assert_eq!(similar.bits(2, 1000.0), 0.0);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SimilarValues {
    levels: Vec<Level>,
}

/// What is known of one level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Level {
    /// The mean rarity of two values among strangers; 0 where none were seen.
    mean: f64,
    /// The share of matches whose values are one value miswritten.
    miswritten: f64,
}

impl SimilarValues {
    /// What the rarity of two values adds to the weight of their level, in bits; 0 where nothing is known.
    pub fn bits(&self, level: u8, rarity: f64) -> f64 {
        let known = usize::from(level).checked_sub(1).and_then(|at| self.levels.get(at));
        known.map_or(0.0, |known| known.bits(rarity))
    }

    /// Checks what deserialisation cannot.
    pub(crate) fn is_sound(&self) -> bool {
        let sound = |level: &Level| {
            level.mean.is_finite() && level.mean >= 0.0 && (0.0..1.0).contains(&level.miswritten)
        };
        self.levels.iter().all(sound)
    }
}

impl Level {
    fn bits(self, rarity: f64) -> f64 {
        if self.mean == 0.0 {
            return 0.0;
        }
        (1.0 - self.miswritten + self.miswritten * rarity / self.mean).log2()
    }
}

/// Whether the rarity of similar values is learned for a comparator.
pub(crate) fn is_learned_for(comparator: Comparator) -> bool {
    use Comparator as C;
    matches!(comparator, C::GivenName | C::FamilyName | C::MiddleName | C::Name)
}

/// Pairs of values that are compared to learn how rare similar ones are.
const DRAWN: u64 = 300_000;
const CHUNK: u64 = 4096;
const SEED: u64 = 11;

/// How many pairs of values were compared, and how many were of each level.
type Drawn = (u64, Vec<u64>);

/// The mean rarity of two values of strangers by level, where u is the probability of each level among strangers.
///
/// With n values, E h = n P / u, where P is the probability of the level between the value of a random record and
/// one drawn evenly from all values: this sees rare values as often as there are any.
pub(crate) fn of_strangers(
    bound: &BoundComparisons<'_>,
    comparison: usize,
    column: &Column,
    u: &[f64],
) -> SimilarValues {
    let (records, values) = (bound.records().len() as u64, column.distinct() as u64);
    if records == 0 || values < 2 {
        return SimilarValues::default();
    }
    let count = |pairs: &mut dyn Iterator<Item = (u64, u64)>| -> Drawn {
        let (mut drawn, mut hits) = (0, vec![0; u.len()]);
        for (record, value) in pairs {
            let one = column.slice(bound.records().row(RecordId(record as u32)))[0];
            let other = ValueId(value as u32 + 1);
            if one.is_missing() {
                continue;
            }
            drawn += 1;
            let level = (one != other).then(|| bound.level_of_values(comparison, one, other)).flatten();
            if let Some(hits) = level.and_then(|level| hits.get_mut(usize::from(level).wrapping_sub(1))) {
                *hits += 1;
            }
        }
        (drawn, hits)
    };
    let counts: Vec<Drawn> = if records * values <= DRAWN {
        (0..records)
            .into_par_iter()
            .map(|record| count(&mut (0..values).map(|value| (record, value))))
            .collect()
    } else {
        let draw = |i: u64, stream: u64, end: u64| text::combine(text::combine(SEED, stream), i) % end;
        let pair = |i: u64| (draw(i, 1, records), draw(i, 2, values));
        let chunk = |chunk: u64| count(&mut (chunk * CHUNK..(chunk + 1) * CHUNK).map(pair));
        (0..DRAWN.div_ceil(CHUNK)).into_par_iter().map(chunk).collect()
    };
    let drawn: u64 = counts.iter().map(|counted| counted.0).sum();
    let level = |(at, &u): (usize, &f64)| {
        let hits: u64 = counts.iter().map(|counted| counted.1[at]).sum();
        // The best level is equality, the last one is none.
        let is_similar = at > 0 && at + 1 < counts[0].1.len();
        let mean = values as f64 * hits as f64 / drawn.max(1) as f64 / u;
        Level { mean: if is_similar { mean } else { 0.0 }, miswritten: 0.0 }
    };
    SimilarValues { levels: u.iter().enumerate().map(level).collect() }
}

/// Bins of the odds of a match and of the rarity, in bits.
const ODDS: usize = 64;
const RARITIES: usize = 48;
const CENTRE: f64 = 32.0;
const RARITY_CENTRE: f64 = 24.0;
/// Candidates that the shares of miswritten values are learned from.
const CANDIDATES: u64 = 500_000;
const ROUNDS: usize = 60;

/// Learns for each comparison the share of matches whose similar values are one value miswritten, by EM over
/// candidates: the scorer's model must know the means, and no share yet.
pub(crate) fn learn_shares(
    scorer: &Scorer<'_>,
    pairs: &DrawnPairs<'_>,
    similar: &mut [Option<SimilarValues>],
) {
    let cells: Vec<Vec<AtomicU64>> = similar
        .iter()
        .map(|similar| {
            let levels = similar.as_ref().map_or(0, |similar| similar.levels.len());
            (0..levels * ODDS * RARITIES).map(|_| AtomicU64::new(0)).collect()
        })
        .collect();
    let bin = |bits: f64, centre: f64, bins: usize| (bits + centre).clamp(0.0, bins as f64 - 1.0) as usize;
    pairs.at_most(CANDIDATES).fold(Scratch::default, |scratch, a, b| {
        let Some(weight) = scorer.weight_at_least(a, b, scorer.negligible(), scratch) else { return };
        let levels = &scratch.levels;
        for (comparison, similar) in similar.iter().enumerate() {
            let level = usize::from(levels.levels()[comparison]);
            let known = level.checked_sub(1).and_then(|at| similar.as_ref()?.levels.get(at));
            let Some(mean) = known.map(|known| known.mean).filter(|&mean| mean > 0.0) else {
                continue;
            };
            let Some(rarity) = scorer.comparisons().rarity(comparison, levels.values()[comparison]) else {
                continue;
            };
            let odds = bin(scorer.log_odds(weight), CENTRE, ODDS);
            let rarity = bin((rarity / mean).log2(), RARITY_CENTRE, RARITIES);
            cells[comparison][((level - 1) * ODDS + odds) * RARITIES + rarity]
                .fetch_add(1, Ordering::Relaxed);
        }
    });
    for (similar, cells) in similar.iter_mut().zip(&cells) {
        let levels = similar.iter_mut().flat_map(|similar| &mut similar.levels).enumerate();
        for (at, level) in levels.filter(|(_, level)| level.mean > 0.0) {
            let cell = |odds: usize, rarity: usize| {
                cells[(at * ODDS + odds) * RARITIES + rarity].load(Ordering::Relaxed) as f64
            };
            level.miswritten = share_miswritten(cell);
        }
    }
}

/// The share of matches whose values are one value miswritten, from counts by odds of a match and relative rarity.
fn share_miswritten(cell: impl Fn(usize, usize) -> f64) -> f64 {
    let mut share = 0.5;
    for _ in 0..ROUNDS {
        // As if two matches had been seen, one of either sort.
        let (mut miswritten, mut matches) = (1.0, 2.0);
        for odds in 0..ODDS {
            for rarity in 0..RARITIES {
                let count = cell(odds, rarity);
                if count == 0.0 {
                    continue;
                }
                let of_slip = share * (rarity as f64 + 0.5 - RARITY_CENTRE).exp2();
                let factor = 1.0 - share + of_slip;
                let odds = (odds as f64 + 0.5 - CENTRE).exp2() * factor;
                let matching = count * odds / (1.0 + odds);
                matches += matching;
                miswritten += matching * of_slip / factor;
            }
        }
        share = miswritten / matches;
    }
    share
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_weighs_more_than_two_frequent_values() {
        let similar = SimilarValues {
            levels: vec![Level::default(), Level { mean: 100.0, miswritten: 0.9 }, Level::default()],
        };
        assert!(similar.bits(2, 10_000.0) > 6.0);
        assert!(similar.bits(2, 100.0).abs() < 1e-12);
        assert!(similar.bits(2, 1.0) < -2.0);
        // Nothing is known of equality, of disagreement and of levels that are not there.
        for level in [0, 1, 3, 4] {
            assert!(similar.bits(level, 10_000.0) == 0.0);
        }
    }

    /// Cells in which matches, at odds of 2^10, are twice as rare as strangers expect, or as rare.
    fn cells(rare: f64, plain: f64) -> impl Fn(usize, usize) -> f64 {
        move |odds, rarity| match (odds, rarity) {
            (42, 30) => rare,
            (42, 23) => plain,
            _ => 0.0,
        }
    }

    #[test]
    fn the_share_follows_from_how_rare_the_values_of_matches_are() {
        let mostly = share_miswritten(cells(1_000.0, 10.0));
        let hardly = share_miswritten(cells(1.0, 100_000.0));
        assert!(mostly > 0.9 && mostly < 1.0, "{mostly}");
        assert!(hardly > 0.0 && hardly < mostly);
        let unknown = share_miswritten(|_, _| 0.0);
        assert!((unknown - 0.5).abs() < 1e-12);
    }
}
