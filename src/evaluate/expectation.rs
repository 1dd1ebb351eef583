//! What the model itself expects of a partition, without any truth.

use serde::Serialize;

use crate::block::CandidatePairs;
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
    /// The mean posterior over the pairs inside entities that the mode allows; 1 without such pairs.
    pub precision: f64,
    /// The sum of those posteriors against all matches expected, among candidates and inside entities.
    pub recall: f64,
}

/// Pairs that are scored at most; beyond, every n-th one is.
const SCORED: u64 = 1_000_000;

/// Scores the pairs inside entities, those that were never proposed too.
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
    let every = all.div_ceil(SCORED).max(1);
    let (mut seen, mut scored, mut sum, mut unproposed) = (0u64, 0u64, 0.0, 0.0);
    for (_, members) in partition.iter() {
        for (at, &a) in members.iter().enumerate() {
            for &b in &members[at + 1..] {
                seen += 1;
                if seen % every != 0 || !pairs.allows(a, b) {
                    continue;
                }
                let probability = scorer.probability(a, b);
                scored += 1;
                sum += probability;
                if !pairs.proposes(a, b) {
                    unproposed += probability;
                }
            }
        }
    }
    let total = matches + unproposed * every as f64;
    Expectation {
        precision: if scored > 0 { sum / scored as f64 } else { 1.0 },
        recall: if total > 0.0 { (sum * every as f64 / total).min(1.0) } else { 1.0 },
    }
}
