//! The pairs that a run got wrong, and why.

use std::collections::BTreeMap;
use std::fmt;

use crate::block::CandidatePairs;
use crate::evaluate::Truth;
use crate::id::RecordId;
use crate::model::{Links, Model, Scorer};
use crate::resolve::Partition;
use crate::schema::FieldKind;

/// Why a pair of records is on the wrong side: the first three are true pairs that were missed, the others pairs that
/// were joined but are no match. The first cause that holds is the cause.
///
/// ```
/// use onefold::evaluate::ErrorCause;
/// assert!(ErrorCause::NotProposed.is_missed() && !ErrorCause::Namesakes.is_missed());
/// assert_eq!(ErrorCause::SameHousehold.to_string(), "same household");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ErrorCause {
    /// No blocking rule proposed the pair, and nothing joined it through others.
    NotProposed,
    /// Proposed, but the posterior is below the threshold.
    ScoredLow,
    /// The posterior reaches the threshold, but a guard or the evidence between the clusters kept the records apart.
    HeldBack,
    /// Joined, and different members of one household by the truth.
    SameHousehold,
    /// Joined, and different entities of equal given and family name.
    Namesakes,
    /// Joined by a link of their own.
    ScoredHigh,
    /// Joined through other records only.
    Chained,
}

impl ErrorCause {
    /// All causes, in the order in which they are looked for.
    pub const ALL: [ErrorCause; 7] = [
        ErrorCause::NotProposed,
        ErrorCause::ScoredLow,
        ErrorCause::HeldBack,
        ErrorCause::SameHousehold,
        ErrorCause::Namesakes,
        ErrorCause::ScoredHigh,
        ErrorCause::Chained,
    ];

    /// True for a true pair that was missed, false for a wrong one that was joined.
    pub fn is_missed(self) -> bool {
        self <= ErrorCause::HeldBack
    }

    /// A name for reports, in words.
    pub fn as_str(self) -> &'static str {
        match self {
            ErrorCause::NotProposed => "not proposed",
            ErrorCause::ScoredLow => "scored low",
            ErrorCause::HeldBack => "held back",
            ErrorCause::SameHousehold => "same household",
            ErrorCause::Namesakes => "namesakes",
            ErrorCause::ScoredHigh => "scored high",
            ErrorCause::Chained => "chained",
        }
    }
}

impl fmt::Display for ErrorCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A pair on the wrong side.
///
/// ```
/// use onefold::evaluate::{ErrorCause, PairError};
/// fn costly(error: &PairError) -> bool {
///     !error.cause.is_missed() && error.probability > 0.99
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct PairError {
    /// The smaller record id.
    pub a: RecordId,
    /// The larger record id.
    pub b: RecordId,
    /// Why.
    pub cause: ErrorCause,
    /// The posterior of the pair by the model, whether it was proposed or not.
    pub probability: f64,
}

/// Finds the pairs of the mode's universe that a partition has on the wrong side, and hands each to `each`: first the
/// missed ones by true entity, then the wrong ones by found entity. Returns how many there are by cause.
///
/// The work grows with the squares of the sizes of entities.
///
/// ```
/// # use std::collections::BTreeMap;
/// # use onefold::{Unified, block::CandidatePairs, evaluate::{ErrorCause, Truth, pair_errors}};
/// fn causes(unified: &Unified, truth: &Truth) -> BTreeMap<ErrorCause, u64> {
///     let pairs = CandidatePairs::new(unified.model.plan(), &unified.records);
///     pair_errors(&unified.partition, truth, &unified.model, &pairs, &unified.links, |_| {})
/// }
/// ```
pub fn pair_errors(
    partition: &Partition,
    truth: &Truth,
    model: &Model,
    pairs: &CandidatePairs<'_>,
    links: &Links,
    mut each: impl FnMut(PairError),
) -> BTreeMap<ErrorCause, u64> {
    let scorer = Scorer::new(model, pairs.records());
    let mut counts = BTreeMap::new();
    let mut tell = |a: RecordId, b: RecordId, cause: ErrorCause| {
        *counts.entry(cause).or_default() += 1;
        each(PairError { a, b, cause, probability: scorer.probability(a, b) });
    };
    let linked = |a: RecordId, b: RecordId| {
        let links = links.as_slice();
        let at = links.binary_search_by_key(&(a, b), |link| (link.a, link.b));
        at.is_ok_and(|at| links[at].probability >= model.threshold())
    };
    for (a, b) in truth.groups().iter().flat_map(|group| pairs_of(group)) {
        if partition.entity_of(a) != partition.entity_of(b) && pairs.allows(a, b) {
            let cause = if linked(a, b) {
                ErrorCause::HeldBack
            } else if pairs.proposes(a, b) {
                ErrorCause::ScoredLow
            } else {
                ErrorCause::NotProposed
            };
            tell(a, b, cause);
        }
    }
    for (a, b) in partition.iter().flat_map(|(_, members)| pairs_of(members)) {
        if truth.labels()[a.index()] != truth.labels()[b.index()] && pairs.allows(a, b) {
            let cause = if truth.share_household(a, b) {
                ErrorCause::SameHousehold
            } else if are_namesakes(pairs, a, b) {
                ErrorCause::Namesakes
            } else if linked(a, b) {
                ErrorCause::ScoredHigh
            } else {
                ErrorCause::Chained
            };
            tell(a, b, cause);
        }
    }
    counts
}

/// All pairs of a group of ascending records.
fn pairs_of(group: &[RecordId]) -> impl Iterator<Item = (RecordId, RecordId)> + '_ {
    group.iter().enumerate().flat_map(|(at, &a)| group[at + 1..].iter().map(move |&b| (a.min(b), a.max(b))))
}

/// Whether two records share a given and a family name.
fn are_namesakes(pairs: &CandidatePairs<'_>, a: RecordId, b: RecordId) -> bool {
    let records = pairs.records();
    [FieldKind::GivenName, FieldKind::FamilyName].into_iter().all(|kind| {
        records.schema().position(kind, "").is_some_and(|field| {
            records.texts(a, field).any(|name| records.texts(b, field).any(|other| other == name))
        })
    })
}
