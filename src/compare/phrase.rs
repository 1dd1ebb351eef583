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
        let counts = features
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|run| run.len() > 1)
            .map(|run| (run[0].0, run.iter().map(|entry| entry.1).sum()))
            .collect();
        let total = values.iter().map(|&(id, _)| (entities(id).max(0.0) * UNIT).round() as u64).sum();
        PhraseCounts { total, counts }
    }

    /// Entities that use a word or pair of words; one that was not seen twice counts as one entity's.
    fn entities(&self, feature: u64) -> f64 {
        let found = self.counts.binary_search_by_key(&feature, |entry| entry.0);
        found.map_or(1.0, |at| (self.counts[at].1 as f64 / UNIT).max(1.0))
    }

    /// The share of entities that use a word.
    fn share(&self, word: u64) -> f64 {
        (self.entities(word) / (self.total as f64 / UNIT).max(2.0)).min(1.0)
    }

    /// What a word says in bits, wherever it stands.
    pub(crate) fn bits(&self, word: u64) -> f32 {
        -self.share(word).log2() as f32
    }

    /// What a word says in bits where its predecessor is known; never more than it says by itself.
    pub(crate) fn bits_after(&self, before: u64, word: u64) -> f32 {
        let pair = self.entities(text::combine(before, word));
        let known = self.entities(before);
        let share = (pair.min(known) + UNSEEN * self.share(word)) / (known + UNSEEN);
        // A pair that was seen once may be chance: it says as much as the word does.
        let after = if pair <= 1.0 && known > 1.0 { self.share(word) } else { share.min(1.0) };
        (-after.log2() as f32).min(self.bits(word))
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
