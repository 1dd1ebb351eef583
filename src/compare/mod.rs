//! Comparing two records: one level of agreement per comparison, packed in a [`Pattern`].
//!
//! A [`Comparison`] is data: a field, a [`Comparator`] and its levels from best to worst agreement. Bound to
//! [`Records`](crate::record::Records) it holds what the comparator needs of each distinct value, and gives the
//! level of a pair from value ids: 0 when either value is missing, 1 for the best agreement, and so on. Missing
//! is not evidence: level 0 has no weight.

mod bound;
mod comparison;
mod date;
mod default;
mod email;
mod implied;
mod name;
pub(crate) mod organisation;
mod pattern;
mod phrase;
mod presence;
mod similarity;
mod vector;
mod vocabulary;

pub use bound::{BoundComparisons, PairLevels};
pub use comparison::{Comparator, Comparison};
pub use default::default_comparisons;
pub use pattern::{Pattern, PatternLayout};
pub use vector::Rarity;
pub use vocabulary::Vocabulary;
