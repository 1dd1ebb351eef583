//! Pair, B-cubed and cluster figures.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::evaluate::Truth;
use crate::id::{RecordId, SourceId};
use crate::resolve::Partition;
use crate::schema::LinkMode;

/// Precision, recall and their harmonic mean, each in [0, 1].
///
/// ```
/// let figures = onefold::evaluate::Figures::new(0.5, 1.0);
/// assert!((figures.f1 - 2.0 / 3.0).abs() < 1e-12);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Figures {
    /// Share of what was found that is right; 1 if nothing was found.
    pub precision: f64,
    /// Share of what is right that was found; 1 if there was nothing to find.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
}

impl Figures {
    /// From precision and recall.
    pub fn new(precision: f64, recall: f64) -> Self {
        let sum = precision + recall;
        Figures { precision, recall, f1: if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 } }
    }

    /// Means over records; nothing is wrong with no records.
    fn of_sums(precision: f64, recall: f64, records: usize) -> Self {
        let mean = |sum: f64| if records > 0 { sum / records as f64 } else { 1.0 };
        Self::new(mean(precision), mean(recall))
    }

    pub(super) fn of_counts(right: f64, found: f64, truth: f64) -> Self {
        let share = |of: f64| if of > 0.0 { right / of } else { 1.0 };
        Self::new(share(found), share(truth))
    }
}

/// A partition measured against the truth.
///
/// ```
/// use onefold::evaluate::{Truth, evaluate};
/// use onefold::{SourceId, resolve::Partition, schema::LinkMode};
/// let truth = Truth::from_labels([Some("a"), Some("a"), Some("a"), Some("b")]);
/// let found = Partition::from_roots(&[0, 0, 1, 2]);
/// let result = evaluate(&found, &truth, &[SourceId(0); 4], LinkMode::Dedupe);
/// assert_eq!((result.pair.precision, result.pairs_true, result.pairs_found), (1.0, 3, 1));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Evaluation {
    /// True entities.
    pub entities_true: u64,
    /// Entities found.
    pub entities_found: u64,
    /// True pairs of the mode's universe.
    pub pairs_true: u64,
    /// Pairs of the universe inside found entities.
    pub pairs_found: u64,
    /// Pairs inside found entities against true pairs.
    pub pair: Figures,
    /// Per record: how much of its found entity is right, and how much of its true entity is found, averaged over
    /// records (Bagga & Baldwin 1998).
    pub b_cubed: Figures,
    /// Found entities that equal a true entity exactly, singletons included.
    pub cluster: Figures,
}

/// Measures a partition; `sources` has one entry per record.
pub fn evaluate(partition: &Partition, truth: &Truth, sources: &[SourceId], mode: LinkMode) -> Evaluation {
    // Records of each (found entity, true entity, source); all figures are sums over these cells.
    let mut cells: BTreeMap<(u32, u32, SourceId), u64> = BTreeMap::new();
    for (record, (&label, &source)) in truth.labels().iter().zip(sources).enumerate() {
        let found = partition.entity_of(RecordId(record as u32)).0;
        *cells.entry((found, label, source)).or_default() += 1;
    }
    let sizes = |key: &dyn Fn(u32, u32, SourceId) -> (u32, u32, SourceId)| {
        let mut sums: BTreeMap<(u32, u32, SourceId), u64> = BTreeMap::new();
        for (&(found, label, source), count) in &cells {
            *sums.entry(key(found, label, source)).or_default() += count;
        }
        sums
    };
    let none = SourceId(0);
    let pairs = |group: &dyn Fn(u32, u32) -> (u32, u32)| {
        let with = |keep: bool| {
            let sums = sizes(&|found, label, source| {
                let (found, label) = group(found, label);
                (found, label, if keep { source } else { none })
            });
            sums.values().map(|&count| count * (count - 1) / 2).sum::<u64>()
        };
        match mode {
            LinkMode::Dedupe => with(true),
            LinkMode::Link => with(false) - with(true),
            LinkMode::LinkAndDedupe => with(false),
        }
    };
    let (pairs_found, pairs_true) = (pairs(&|found, _| (found, 0)), pairs(&|_, label| (0, label)));
    let right = pairs(&|found, label| (found, label));
    let found = sizes(&|found, _, _| (found, 0, none));
    let labels = sizes(&|_, label, _| (0, label, none));
    let common = sizes(&|found, label, _| (found, label, none));
    let (mut precision, mut recall, mut exact) = (0.0, 0.0, 0u64);
    for (&(entity, label, _), &count) in &common {
        let (in_found, in_truth) = (found[&(entity, 0, none)], labels[&(0, label, none)]);
        precision += (count * count) as f64 / in_found as f64;
        recall += (count * count) as f64 / in_truth as f64;
        exact += u64::from(count == in_found && count == in_truth);
    }
    Evaluation {
        entities_true: labels.len() as u64,
        entities_found: found.len() as u64,
        pairs_true,
        pairs_found,
        pair: Figures::of_counts(right as f64, pairs_found as f64, pairs_true as f64),
        b_cubed: Figures::of_sums(precision, recall, truth.labels().len()),
        cluster: Figures::of_counts(exact as f64, found.len() as f64, labels.len() as f64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_count_their_own_pairs() {
        let truth = Truth::from_labels([Some("a"), Some("a"), Some("a"), Some("b")]);
        let found = Partition::from_roots(&[0, 0, 0, 0]);
        let sources = [SourceId(0), SourceId(0), SourceId(1), SourceId(1)];
        let counts = |mode| {
            let result = evaluate(&found, &truth, &sources, mode);
            (result.pairs_true, result.pairs_found)
        };
        assert_eq!(counts(LinkMode::LinkAndDedupe), (3, 6));
        assert_eq!(counts(LinkMode::Link), (2, 4));
        assert_eq!(counts(LinkMode::Dedupe), (1, 2));
    }

    #[test]
    fn b_cubed_and_cluster_by_hand() {
        let truth = Truth::from_labels([Some("a"), Some("a"), Some("b")]);
        let found = Partition::from_roots(&[0, 1, 2]);
        let result = evaluate(&found, &truth, &[SourceId(0); 3], LinkMode::LinkAndDedupe);
        assert_eq!((result.b_cubed.precision, result.b_cubed.recall), (1.0, (0.5 + 0.5 + 1.0) / 3.0));
        assert_eq!((result.cluster.precision, result.cluster.recall), (1.0 / 3.0, 0.5));
        assert_eq!((result.pair.precision, result.pair.recall), (1.0, 0.0));
    }
}
