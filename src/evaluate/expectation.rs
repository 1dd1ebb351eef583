//! What the model itself expects of a partition, without any truth.

use rayon::prelude::*;
use serde::Serialize;

use crate::block::CandidatePairs;
use crate::evaluate::together::pairs_together;
use crate::id::{EntityId, RecordId};
use crate::model::Scorer;
use crate::resolve::Partition;

/// Expected precision and recall of a partition's pairs, from the posteriors of the model alone.
///
/// ```
/// # use onefold::evaluate::Expectation;
/// fn trustworthy(expected: &Expectation) -> bool {
///     expected.precision >= 0.98
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Expectation {
    /// The mean probability of the pairs inside entities that the mode allows, given all pairs of their entity; 1
    /// without such pairs.
    pub precision: f64,
    /// The sum of those probabilities against all matches expected, among candidates and inside entities.
    pub recall: f64,
}

/// About how many pairs are scored at most; beyond, those of every n-th entity are.
const SCORED: u64 = 1_000_000;

/// Scores the pairs inside entities, those that were never proposed too.
///
/// Being the same is transitive, so a pair is not judged by its own posterior alone but by all pairs of its entity. For
/// two to five records that is the exact posterior over their partitions, of which each weighs the product of the odds
/// of the pairs that it puts together; of more records, a pair is at least as probable as the best chain of links between the two.
///
/// `matches` is the number of matches expected among the candidates, as training reports it.
///
/// ```
/// # use onefold::{Unified, block::CandidatePairs, evaluate::expectation, model::Scorer};
/// fn expected_precision(unified: &Unified) -> f64 {
///     let pairs = CandidatePairs::new(unified.model.plan(), &unified.records);
///     let scorer = Scorer::new(&unified.model, &unified.records);
///     let matches = unified.training.as_ref().map_or(0.0, |training| training.expected_matches);
///     expectation(&unified.partition, &pairs, &scorer, matches).precision
/// }
/// ```
pub fn expectation(
    partition: &Partition,
    pairs: &CandidatePairs<'_>,
    scorer: &Scorer<'_>,
    matches: f64,
) -> Expectation {
    let all: u64 =
        partition.iter().map(|(_, members)| (members.len() * (members.len() - 1) / 2) as u64).sum();
    let every = all.div_ceil(SCORED).max(1) as usize;
    // Where one field is all that is compared, a third record repeats what the first two say and confirms nothing.
    let confirms = scorer.comparisons().layout().comparisons() > 1;
    // Each entity sums by itself, and the sums are added in order: the same for any number of threads.
    let sums: Vec<Sums> = (0..partition.len())
        .into_par_iter()
        .step_by(every)
        .map(|entity| {
            let members = partition.members(EntityId(entity as u32));
            Sums::of_entity(members, pairs, scorer, confirms)
        })
        .collect();
    let sums = sums.into_iter().fold(Sums::default(), Sums::add);
    let total = matches + (sums.right - sums.known) * every as f64;
    Expectation {
        precision: if sums.pairs > 0.0 { sums.right / sums.pairs } else { 1.0 },
        recall: if total > 0.0 { (sums.right * every as f64 / total).min(1.0) } else { 1.0 },
    }
}

/// Records of an entity that are looked at; of more, as many are taken at even distances.
const LOOKED_AT: usize = 64;

/// Sums over the pairs inside entities that the mode allows.
#[derive(Clone, Copy, Default)]
struct Sums {
    pairs: f64,
    /// Pairs that are right, given all that is known inside their entity.
    right: f64,
    /// What training counted of them: the posteriors of those that were proposed.
    known: f64,
}

impl Sums {
    fn of_entity(
        members: &[RecordId],
        pairs: &CandidatePairs<'_>,
        scorer: &Scorer<'_>,
        confirms: bool,
    ) -> Self {
        let size = members.len().min(LOOKED_AT);
        let record = |at: usize| members[at * members.len() / size];
        let places: Vec<(RecordId, RecordId)> =
            (0..size).flat_map(|a| (a + 1..size).map(move |b| (record(a), record(b)))).collect();
        let direct: Vec<f64> = places.iter().map(|&(a, b)| scorer.probability(a, b)).collect();
        let together = if confirms { pairs_together(size, &direct) } else { direct.clone() };
        let mut sums = Sums::default();
        for ((&(a, b), direct), together) in places.iter().zip(&direct).zip(together) {
            if pairs.allows(a, b) {
                sums.pairs += 1.0;
                sums.right += together;
                sums.known += if pairs.proposes(a, b) { *direct } else { 0.0 };
            }
        }
        let every = (members.len() * (members.len() - 1)) as f64 / (size * (size - 1)).max(1) as f64;
        Sums { pairs: sums.pairs * every, right: sums.right * every, known: sums.known * every }
    }

    fn add(self, other: Self) -> Self {
        Sums {
            pairs: self.pairs + other.pairs,
            right: self.right + other.right,
            known: self.known + other.known,
        }
    }
}
