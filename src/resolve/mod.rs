//! From links to entities: clustering with guards.
//!
//! [`resolve`] takes [`Links`](crate::model::Links) and joins the two clusters that match best, again and again, unless
//! a guard forbids it: a source that holds at most one record per entity, a column of which an entity has one value, a
//! steward's cannot-link, or the weight of all pairs across the two clusters speaking against it. It needs no model:
//! links of any origin do, with a [`PairScore`] for the pairs between them. [`find_households`] groups the persons of the
//! result into households, without merging any.

mod ambiguity;
mod cluster;
mod clusters;
mod components;
mod constraints;
mod household;
mod leftover;
mod partition;
mod queue;

pub use ambiguity::{Ambiguity, ambiguous_records};
pub use cluster::{Guard, PairScore, Resolution, guard_between, resolve};
pub use constraints::{Constraints, RecordKey};
pub use household::{ContactClass, HouseholdReason, Households, find_households};
pub(crate) use leftover::{may_leave, weigh_leftovers};
pub use partition::Partition;
