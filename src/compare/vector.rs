//! Text as weighted features: words and character 3-grams, each weighing by its rarity (Salton & Buckley 1988,
//! tf–idf with cosine), so that `of the` counts little and a rare name counts much.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::record::Column;
use crate::text;

/// In how many distinct texts each feature occurs; learned once and kept with a model, so that one record alone
/// is compared as it would be among all.
///
/// ```
/// let rarity = onefold::compare::Rarity::default();
/// assert_eq!(rarity.texts(), 0);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rarity {
    texts: u32,
    /// (feature, texts that have it), ascending; features of one text are left out.
    documents: Vec<(u64, u32)>,
}

impl Rarity {
    /// Counts the features of a column's distinct texts.
    pub(crate) fn of_column(column: &Column) -> Self {
        let mut features: Vec<u64> = column.values().flat_map(|(_, text)| features_of(text)).collect();
        features.par_sort_unstable();
        let documents = features
            .chunk_by(|a, b| a == b)
            .filter(|run| run.len() > 1)
            .map(|run| (run[0], run.len() as u32))
            .collect();
        Rarity { texts: column.distinct() as u32, documents }
    }

    /// From how many distinct texts it was learned.
    pub fn texts(&self) -> u32 {
        self.texts
    }

    /// The weight of a feature, smoothed so that a feature of every text still weighs a little.
    fn weight(&self, feature: u64) -> f32 {
        let documents = self.documents.binary_search_by_key(&feature, |entry| entry.0);
        let documents = documents.map_or(1, |at| self.documents[at].1);
        (1.0 + self.texts.max(1) as f32 / documents as f32).ln()
    }
}

/// The feature vectors of all distinct texts of a column, each of length one.
#[derive(Clone, Debug)]
pub(crate) struct TextVectors {
    starts: Vec<u32>,
    features: Vec<(u64, f32)>,
}

impl TextVectors {
    pub(crate) fn new(column: &Column, rarity: &Rarity) -> Self {
        let texts: Vec<&str> = column.values().map(|(_, text)| text).collect();
        let vectors: Vec<Vec<(u64, f32)>> = texts
            .into_par_iter()
            .map(|text| {
                let mut vector: Vec<(u64, f32)> =
                    features_of(text).into_iter().map(|feature| (feature, rarity.weight(feature))).collect();
                let length = vector.iter().map(|feature| feature.1 * feature.1).sum::<f32>().sqrt();
                for feature in &mut vector {
                    feature.1 /= length.max(f32::MIN_POSITIVE);
                }
                vector
            })
            .collect();
        let mut starts = vec![0u32, 0];
        starts.extend(vectors.iter().scan(0, |end, vector| {
            *end += vector.len() as u32;
            Some(*end)
        }));
        TextVectors { starts, features: vectors.concat() }
    }

    /// The cosine of two texts by value id.
    pub(crate) fn cosine(&self, a: usize, b: usize) -> f32 {
        let vector = |id: usize| &self.features[self.starts[id] as usize..self.starts[id + 1] as usize];
        let (left, right) = (vector(a), vector(b));
        let (mut at_left, mut at_right, mut sum) = (0, 0, 0.0f32);
        while at_left < left.len() && at_right < right.len() {
            let (l, r) = (left[at_left], right[at_right]);
            if l.0 == r.0 {
                sum += l.1 * r.1;
            }
            at_left += usize::from(l.0 <= r.0);
            at_right += usize::from(r.0 <= l.0);
        }
        sum
    }

    /// The level of two different texts: see [`Comparator::Text`](crate::compare::Comparator::Text).
    pub(crate) fn level(&self, a: usize, b: usize) -> u8 {
        const LEAST: [f32; 5] = [0.85, 0.70, 0.50, 0.30, 0.15];
        let cosine = self.cosine(a, b);
        LEAST.iter().position(|&least| cosine >= least).map_or(7, |at| at as u8 + 2)
    }
}

/// Words and 3-grams as hashes; a word's hash is mixed so that a three-letter word is not its own 3-gram.
fn features_of(text: &str) -> Vec<u64> {
    let mut features = text::qgrams(text, 3);
    features.extend(text::tokens(text).map(|token| text::combine(text::hash(token), 1)));
    features.sort_unstable();
    features.dedup();
    features
}
