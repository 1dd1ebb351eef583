//! Why two records are one customer, or why not.
//!
//! [`PairExplanation`] takes a pair apart: what each comparison saw and said in bits, the prior, which blocking rules
//! proposed the pair, and what became of it.

mod pair;

pub use pair::{ComparedField, Outcome, PairExplanation};
