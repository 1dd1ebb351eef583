//! Why a value survived, and why the others did not.

use super::comparator::Comparator;
use super::golden::GoldenValue;
use super::predicate::Predicate;
use crate::id::{RecordId, ValueId};

/// All values that the records of an entity state for a field, each with its fate.
///
/// ```
/// use onefold::survive::Lineage;
/// fn conflicts(lineage: &Lineage) -> usize {
///     lineage.losers.len()
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Lineage {
    /// What survived, the best first; blank parts are left out.
    pub winners: Vec<GoldenValue>,
    /// A golden text that no record states: computed by the rule, or pinned.
    pub text: Option<String>,
    /// The other records whose value survived too, that were taken for one with a survivor, or that a computed value is made
    /// of; ascending by record.
    pub supporters: Vec<GoldenValue>,
    /// What did not survive, ascending by record.
    pub losers: Vec<Loser>,
    /// Which of the rules decided.
    pub stage: Stage,
    /// What put the best before the next best; none without a next one.
    pub decided_by: Option<Reason>,
    /// Why nothing survived although there were candidates.
    pub refused: Option<Reason>,
    /// How sure the best value is: (s + 1) / (n + 2), where s of the n sources that state a value state it (Laplace's rule of
    /// succession); 1 for a pin, 0 without a golden value.
    pub confidence: f64,
}

impl Lineage {
    pub(super) fn clear(&mut self) {
        self.winners.clear();
        self.supporters.clear();
        self.losers.clear();
        self.text = None;
        self.decided_by = None;
        self.refused = None;
    }
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

/// Which of the rules of a field decided.
///
/// ```
/// assert_eq!(onefold::survive::Stage::default().as_str(), "rule");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// The field's rule.
    #[default]
    Rule,
    /// The fallback for no candidate.
    OnEmpty,
    /// The fallback for a tie.
    OnTie,
    /// The rule of whole records.
    Record,
    /// A steward.
    Pin,
}

impl Stage {
    /// The name: `rule`, `on_empty`, `on_tie`, `record` or `pin`.
    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Rule => "rule",
            Stage::OnEmpty => "on_empty",
            Stage::OnTie => "on_tie",
            Stage::Record => "record",
            Stage::Pin => "pin",
        }
    }
}

/// Why a value did not survive.
///
/// ```
/// use onefold::survive::{Comparator, Predicate, Reason};
/// assert_eq!(Reason::Comparator(Comparator::MostRecent).to_string(), "most_recent");
/// assert_eq!(Reason::NotEligible.to_string(), "not_eligible");
/// assert_eq!(Reason::Filtered(Predicate::Dated).to_string(), "filtered: dated");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The first step of the rule at which the winner stood higher.
    Comparator(Comparator),
    /// The rule held both equal; the canonical order decided.
    CanonicalOrder,
    /// The record's name, address or group has too few parts to survive, or lacks one that the rule requires.
    NotEligible,
    /// A condition of the rule does not hold.
    Filtered(Predicate),
    /// The record has no time, and the rule lets only dated ones take part.
    Undated,
    /// A downgrade took all trust.
    Distrusted,
    /// An explicit null stands against it.
    Cleared,
    /// Two values are equal at the top, and the rule then has none.
    Tie,
    /// Not all state the same.
    NotUnanimous,
    /// Too few sources state it.
    NoQuorum,
    /// Another record survived whole.
    OtherRecord,
    /// A steward pinned another value.
    Pinned,
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Reason::Comparator(comparator) => comparator.as_str(),
            Reason::CanonicalOrder => "canonical_order",
            Reason::NotEligible => "not_eligible",
            Reason::Filtered(condition) => return write!(f, "filtered: {condition}"),
            Reason::Undated => "undated",
            Reason::Distrusted => "distrusted",
            Reason::Cleared => "cleared",
            Reason::Tie => "tie",
            Reason::NotUnanimous => "not_unanimous",
            Reason::NoQuorum => "no_quorum",
            Reason::OtherRecord => "other_record",
            Reason::Pinned => "pinned",
        })
    }
}
