//! What blocking found of the matches, estimated without any truth.

use rayon::prelude::*;

use crate::block::CandidatePairs;
use crate::id::RecordId;
use crate::model::{Links, Scorer};
use crate::text;

/// Links summed at a time: sums are made in a fixed order.
const CHUNK: usize = 4096;

/// The share of matches that the plan proposes, by capture–recapture over its rules.
///
/// Each rule is an occasion on which a match may be caught. If many matches were caught by one rule only and few by two,
/// many were caught by none: about f₁ (f₁ − 1) / (2 (f₂ + 1)), where f₁ and f₂ matches were caught once and twice (Chao
/// 1984, in the form that corrects its bias). Links count with their posterior. Costs next to nothing. Matches
/// that no rule could find, because they agree on nothing that any rule looks at, are beyond this estimate: it is a
/// lower bound of what is lost. 1 without links.
///
/// ```
/// # use onefold::{Unified, block::CandidatePairs, evaluate::expected_candidate_recall};
/// fn blocking_loses_little(unified: &Unified) -> bool {
///     let pairs = CandidatePairs::new(unified.model.plan(), &unified.records);
///     expected_candidate_recall(&pairs, &unified.links) > 0.98
/// }
/// ```
pub fn expected_candidate_recall(pairs: &CandidatePairs<'_>, links: &Links) -> f64 {
    let sums: Vec<[f64; 3]> = links
        .as_slice()
        .par_chunks(CHUNK)
        .map(|links| {
            let mut sums = [0.0; 3];
            for link in links {
                let caught = pairs.rules_of(link.a, link.b).take(3).count();
                sums[caught.clamp(1, 3) - 1] += link.probability;
            }
            sums
        })
        .collect();
    let [once, twice, more] = sums
        .iter()
        .fold([0.0; 3], |all: [f64; 3], sums| [all[0] + sums[0], all[1] + sums[1], all[2] + sums[2]]);
    let found = once + twice + more;
    let missed = (once * (once - 1.0) / (2.0 * (twice + 1.0))).max(0.0);
    if found > 0.0 { found / (found + missed) } else { 1.0 }
}

/// Seed of the sample.
const SEED: u64 = 0x5a3;
/// Pairs below this posterior are left out: among millions of strangers their sum says more about the tail of the
/// model than about matches.
const LEAST: f64 = 0.001;

/// The share of matches that the plan proposes, by an exhaustive check of some records: each of them is compared with all
/// others, and the posteriors of the pairs that the plan proposes stand against those of all.
///
/// `limit` bounds the pairs that are compared, and so the number of records that are checked; the records are drawn by a
/// hash of their keys. Sees what no rule could find, is as good as the posteriors, and costs a comparison a pair: with
/// M matches among the pairs of the checked records, the standard error is about √(r (1 − r) / M). 1 without matches.
///
/// ```
/// # use onefold::{Unified, block::CandidatePairs, evaluate::sampled_candidate_recall, model::Scorer};
/// fn check(unified: &Unified) -> f64 {
///     let pairs = CandidatePairs::new(unified.model.plan(), &unified.records);
///     let scorer = Scorer::new(&unified.model, &unified.records);
///     sampled_candidate_recall(&pairs, &scorer, 2_000_000)
/// }
/// ```
pub fn sampled_candidate_recall(pairs: &CandidatePairs<'_>, scorer: &Scorer<'_>, limit: u64) -> f64 {
    let records = pairs.records();
    let checked = limit / (records.len() as u64).max(1);
    let drawn = |record: RecordId| {
        let (source, key) = records.raw().key(record);
        text::combine(text::combine(text::hash(source), text::hash(key)), SEED)
    };
    let mut hashed: Vec<(u64, RecordId)> = records.ids().map(|record| (drawn(record), record)).collect();
    hashed.sort_unstable();
    hashed.truncate(usize::try_from(checked.max(1)).unwrap_or(usize::MAX));
    let sums: Vec<(f64, f64)> = hashed
        .into_par_iter()
        .map(|(_, one)| {
            let (mut proposed, mut all) = (0.0, 0.0);
            for other in records.ids().filter(|&other| other != one && pairs.allows(one, other)) {
                let (a, b) = (one.min(other), one.max(other));
                let probability = scorer.probability(a, b);
                if probability >= LEAST {
                    all += probability;
                    proposed += if pairs.proposes(a, b) { probability } else { 0.0 };
                }
            }
            (proposed, all)
        })
        .collect();
    let (proposed, all) = sums.into_iter().fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    if all > 0.0 { proposed / all } else { 1.0 }
}
