//! Why a value survived, and why the others did not.

use super::golden::GoldenValue;
use super::rule::Comparator;
use crate::id::{RecordId, ValueId};

/// All values that the records of an entity state for a field, each with its fate.
///
/// ```
/// use onefold::survive::Lineage;
/// fn conflicts(lineage: &Lineage) -> usize {
///     lineage.losers.len()
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lineage {
    /// What survived, the best first; blank parts are left out.
    pub winners: Vec<GoldenValue>,
    /// The other records whose value survived too, or that were taken for one with a survivor; ascending by record.
    pub supporters: Vec<GoldenValue>,
    /// What did not survive, ascending by record.
    pub losers: Vec<Loser>,
}

/// A value that did not survive.
///
/// ```
/// use onefold::survive::{Comparator, Loser, Reason};
/// fn is_outvoted(loser: &Loser) -> bool {
///     loser.reason == Reason::Comparator(Comparator::MostFrequent)
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Loser {
    /// The value in its field's column.
    pub value: ValueId,
    /// The record that states it.
    pub record: RecordId,
    /// Why it did not survive.
    pub reason: Reason,
}

/// Why a value did not survive.
///
/// ```
/// use onefold::survive::{Comparator, Reason};
/// assert_eq!(Reason::Comparator(Comparator::MostRecent).to_string(), "most_recent");
/// assert_eq!(Reason::NotEligible.to_string(), "not_eligible");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The first step of the rule at which the winner stood higher.
    Comparator(Comparator),
    /// The rule held both equal; the canonical order decided.
    CanonicalOrder,
    /// The record's name or address has too few parts to survive.
    NotEligible,
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Reason::Comparator(comparator) => comparator.as_str(),
            Reason::CanonicalOrder => "canonical_order",
            Reason::NotEligible => "not_eligible",
        })
    }
}
