//! How many entities use each word, and each word after another: what a shared word says in bits.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::id::ValueId;
use crate::record::Column;
use crate::text;

/// Counts of words and of pairs of neighbouring words, in entities.
///
/// A word that e of n entities use is shared by two strangers' names with a probability that is worth log2(n / e) bits.
/// Words come in phrases: `science` hardly says anything after `computer`. So a word whose predecessor is shared as well
/// weighs by how rare it is after that one, log2(1 / P(word | predecessor)), with P interpolated as in models of language
/// (Jelinek & Mercer 1980).
///
/// Counts are of entities rather than of records or spellings: else the name of one entity with many records would pass
/// for a word of the language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PhraseCounts {
    /// Entities, in units of [`UNIT`].
    total: u64,
    /// (word or pair of words, entities in units of [`UNIT`]), ascending; what one text alone has is left out.
    counts: Vec<(u64, u64)>,
    /// What each count is lowered by, in units of [`UNIT`]: a word that one of n entities uses is rarer than 1 / n where
    /// most words are used by one alone (Ney, Essen & Kneser 1994).
    discount: u64,
}

/// Fractions of entities are kept as integers, so that sums do not depend on the order of threads.
const UNIT: f64 = 65_536.0;
/// As if so many more entities used the predecessor, with the words after it as frequent as everywhere.
const UNSEEN: f64 = 2.0;

/// Words of a name that are looked at.
pub(crate) const MOST_WORDS: usize = 64;

impl PhraseCounts {
    /// Counts the words of a column, where each distinct value stands for so many entities.
    pub(crate) fn of_column(column: &Column, entities: impl Fn(ValueId) -> f64 + Sync) -> Self {
        let values: Vec<(ValueId, &str)> = column.values().collect();
        let mut features: Vec<(u64, u64)> = values
            .par_iter()
            .flat_map_iter(|&(id, text)| {
                let share = (entities(id).max(0.0) * UNIT).round() as u64;
                features_of(text).into_iter().map(move |feature| (feature, share))
            })
            .collect();
        features.par_sort_unstable();
        let (mut of_one, mut of_two, mut counts) = (0u64, 0u64, Vec::new());
        for run in features.chunk_by(|a, b| a.0 == b.0) {
            let count = run.iter().map(|entry| entry.1).sum::<u64>().max(UNIT as u64);
            of_one += u64::from(count as f64 <= 1.5 * UNIT);
            of_two += u64::from(count as f64 > 1.5 * UNIT && count as f64 <= 2.5 * UNIT);
            if run.len() > 1 {
                counts.push((run[0].0, count));
            }
        }
        let total = values.iter().map(|&(id, _)| (entities(id).max(0.0) * UNIT).round() as u64).sum();
        // As if one more feature had been seen with two: where none was, a discount of 1 would make shares 0.
        let discount = of_one as f64 / (of_one as f64 + 2.0 * (of_two as f64 + 1.0));
        PhraseCounts { total, counts, discount: (discount * UNIT) as u64 }
    }

    /// Entities that use a word or pair of words, less the discount; none if it was not seen twice.
    fn entities(&self, feature: u64) -> Option<f64> {
        let at = self.counts.binary_search_by_key(&feature, |entry| entry.0).ok()?;
        Some(self.counts[at].1.saturating_sub(self.discount) as f64 / UNIT)
    }

    /// What is not seen twice counts as one entity's.
    fn of_one(&self) -> f64 {
        1.0 - self.discount as f64 / UNIT
    }

    /// The share of entities that use a word.
    fn share(&self, word: u64) -> f64 {
        let entities = self.entities(word).unwrap_or_else(|| self.of_one());
        (entities / (self.total as f64 / UNIT).max(2.0)).min(1.0)
    }

    /// What a word says in bits, wherever it stands.
    pub(crate) fn bits(&self, word: u64) -> f32 {
        -self.share(word).log2() as f32
    }

    /// What a word says in bits where its predecessor is known; never more than it says by itself.
    pub(crate) fn bits_after(&self, before: u64, word: u64) -> f32 {
        let share = self.share(word);
        // A pair that was seen once may be chance: it says as much as the word does.
        let pair = self.entities(text::combine(before, word));
        let after = pair.zip(self.entities(before)).map_or(share, |(pair, known)| {
            ((pair.min(known) + UNSEEN * share) / (known + UNSEEN)).clamp(share, 1.0)
        });
        -after.log2() as f32
    }
}

/// The words of a name as hashes, in order.
pub(crate) fn words(name: &str) -> impl Iterator<Item = (u64, &str)> {
    text::tokens(name).take(MOST_WORDS).map(|word| (text::hash(word), word))
}

/// Words and pairs of neighbouring words, each once.
fn features_of(name: &str) -> Vec<u64> {
    let hashes: Vec<u64> = words(name).map(|(hash, _)| hash).collect();
    let mut features: Vec<u64> = hashes.windows(2).map(|pair| text::combine(pair[0], pair[1])).collect();
    features.extend(hashes);
    features.sort_unstable();
    features.dedup();
    features
}
