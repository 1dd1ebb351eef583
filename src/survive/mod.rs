//! Survivorship: which of the values that an entity's records state become its golden values.
//!
//! A [`Policy`] has a [`Rule`] per kind of field: a ranking of [`Comparator`]s, and how many candidates survive. The
//! parts of a person's name survive together, and so do those of an address, so that no golden value mixes two streets.
//! [`survive`] gives [`GoldenRecords`]; [`Survivorship::lineage`] tells of each value who stated it and which step removed
//! the others.
//!
//! Golden values are a function of the records, the partition and the policy alone: after an entity is taken apart, those
//! of its parts are what they would have been without the merge.

mod candidate;
mod clock;
mod golden;
mod lineage;
mod policy;
mod rule;
mod subject;
mod survivor;
mod survivorship;

pub use golden::{GoldenRecords, GoldenRow, GoldenValue};
pub use lineage::{Lineage, Loser, Reason};
pub use policy::Policy;
pub(crate) use policy::refusal;
pub use rule::{Comparator, Fill, Reduce, Rule};
pub use survivorship::{Survivorship, survive};
