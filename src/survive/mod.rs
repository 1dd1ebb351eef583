//! Survivorship: which of the values that an entity's records state become its golden values.
//!
//! A [`Policy`] has a [`Rule`] per kind of field. Every rule is one way: candidates that are eligible are ranked by
//! [`Comparator`]s and [reduced](Reduce) to the survivors; [no candidate](OnEmpty) and [a tie](OnTie) each have an answer of
//! their own, and so has an [explicit null](Nulls). The parts of a person's name survive together, and so do those of an
//! address or of a [group](Policy::with_group), so that no golden value mixes two streets. [`survive`] gives
//! [`GoldenRecords`]; [`Survivorship::lineage`] tells of each value who stated it and which step removed the others,
//! [`Survivorship::contributions`] what each source is worth, [`Survivorship::next_change_after`] when the clock alone may
//! change a golden value. What a steward [pinned](Pin) stands above all rules.
//!
//! Golden values are a function of the records, the partition, the policy, the pins and the instant asked about, and of
//! nothing else: after an entity is taken apart, those of its parts are what they would have been without the merge. For
//! the same reason no rule can keep what an earlier run found.
//!
//! | kind of rule | how it is written |
//! |---|---|
//! | most recent, oldest, by any clock | [`Comparator::MostRecent`], [`Comparator::Oldest`], [`Times`] |
//! | source priority; first value that is not null | [`Comparator::SourcePriority`] |
//! | trust that decays, staleness, downgrades | [`Comparator::Trust`], [`Decay`], [`Downgrade`] |
//! | validated first, conditions | [`Comparator::Prefer`], [`Rule::with_eligible`], [`Predicate`] |
//! | most frequent, by source or record; weighted by the match | [`Comparator::MostFrequent`], [`Voter`], [`Comparator::LinkStrength`] |
//! | longest, shortest, largest, smallest | [`Comparator::Longest`], [`Comparator::Largest`] |
//! | most complete | [`Comparator::MostComplete`], [`Comparator::Completeness`] |
//! | sum, mean, median, minimum, maximum, count, concatenation | [`Reduce`] |
//! | all of them, the best few, unanimous or none, a quorum | [`Reduce::UnionDistinct`], [`Reduce::Top`], [`Reduce::Unanimous`], [`Reduce::Quorum`] |
//! | follow another field's winner | [`Predicate::Follows`] |
//! | winner record, two-step fill | [`Policy::with_record`] |
//! | group, anchor, fill | [`Policy::with_group`], [`Rule::with_require`], [`Fill`] |
//! | fallback for none, for a tie | [`OnEmpty`], [`OnTie`] |
//! | override by a steward | [`Pin`] |
//! | your own function | [`Policy::with_function`] |
//! | other values for other readers | another policy: it is an argument |

mod bound;
mod candidate;
mod change;
mod check;
mod comparator;
mod condition;
mod contribution;
mod function;
mod golden;
mod lineage;
mod moments;
mod pin;
mod pinned;
mod policy;
mod predicate;
mod ranking;
mod ready;
mod reduce;
mod rule;
mod subject;
mod survivor;
mod survivorship;
mod times;
mod trace;
mod trust;

pub use comparator::{Comparator, Voter};
pub use contribution::{Contribution, Contributions};
pub use function::CandidateView;
pub use golden::{Finding, FindingKind, GoldenRecords, GoldenRow, GoldenValue};
pub use lineage::{Lineage, Loser, Reason, Stage};
pub use pin::{Lift, Pin, PinState, PinnedValue};
pub use policy::{Group, Policy, RecordRule};
pub use predicate::Predicate;
pub(crate) use ready::refusal;
pub use reduce::Reduce;
pub use rule::{Fill, Nulls, OnEmpty, OnTie, Rule};
pub use survivorship::{Survivorship, survive};
pub use times::{Clock, Future, Times, Undated};
pub use trust::{Decay, Downgrade, Trust, TrustCurve};
