//! What blocking found of the truth.

use rayon::prelude::*;

use crate::block::CandidatePairs;
use crate::evaluate::Truth;

/// The share of true pairs, of those that the mode allows, that the plan proposes; 1 if there are none.
///
/// ```
/// use onefold::block::{CandidatePairs, Plan};
/// use onefold::evaluate::{Truth, candidate_recall};
/// use onefold::{record::{RawRecords, RecordsBuilder}, schema::LinkMode};
/// let records = RecordsBuilder::new(RawRecords::default(), vec![]).finish();
/// let plan = Plan::new(vec![], vec![], LinkMode::Dedupe);
/// assert_eq!(candidate_recall(&CandidatePairs::new(&plan, &records), &Truth::default()), 1.0);
/// ```
pub fn candidate_recall(pairs: &CandidatePairs<'_>, truth: &Truth) -> f64 {
    let (all, proposed) = truth
        .groups()
        .into_par_iter()
        .map(|group| {
            let (mut all, mut proposed) = (0u64, 0u64);
            for (at, &a) in group.iter().enumerate() {
                for &b in group[at + 1..].iter().filter(|&&b| pairs.allows(a, b)) {
                    all += 1;
                    proposed += u64::from(pairs.proposes(a, b));
                }
            }
            (all, proposed)
        })
        .reduce(|| (0, 0), |left, right| (left.0 + right.0, left.1 + right.1));
    if all == 0 { 1.0 } else { proposed as f64 / all as f64 }
}
