//! Customers over time: ids that stay, what happened to them, and what stewards change.
//!
//! A run finds entities; [`assign`] gives each the id of the customer that it is, by overlap with the [`Registry`] of the
//! runs before. Ids survive every run: when customers are merged, one id is kept and the others lead to it; when they are
//! taken apart, each gets its own back; none is ever given to somebody else. What happened is told as [`Event`]s, and what
//! became of each id as a [`Fate`].
//!
//! What a steward decides ([`Decisions`]) names source records, is an argument of every run, and holds until it is taken
//! back. A [`Change`] (merge, unmerge, restore, move, explode) becomes a [`Plan`] with a [`Preview`]; it can be applied and
//! undone. Since golden values are computed from the records of an entity, nothing has to be restored by hand: the parts
//! of a customer are what they would have been without the merge.
//!
//! What two sets of rules do differently on the same registry, and which pairs a steward should look at first, can be told
//! from the same values: two [`Assignment`]s and their fates, and the links near the threshold.

#![deny(clippy::indexing_slicing)]

mod assign;
mod decision;
mod demotion;
mod event;
mod plan;
mod preview;
mod registry;

pub use assign::{Assignment, Fate, assign};
pub use decision::{Decisions, LinkDecision, LinkKind, Orphan};
pub use demotion::demotions;
pub use event::{Event, EventRecord, Run};
pub use plan::{Applied, Author, Change, Plan, Scope, Situation};
pub use preview::{FieldChange, MovedRecord, Preview};
pub use registry::{REGISTRY_VERSION, Registry, Resolution};
