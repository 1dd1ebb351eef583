//! Measuring a partition against the truth.
//!
//! [`evaluate`] gives the field's three families of figures: over pairs, per record (B-cubed) and over whole
//! clusters. The universe of pairs is that of the run's mode: with [`LinkMode::Link`](crate::schema::LinkMode)
//! only pairs across sources count. [`evaluate_households`] measures households, over all pairs. [`pair_errors`] lists
//! what went wrong, pair by pair, with the cause.

mod candidates;
mod coverage;
mod errors;
mod expectation;
mod household;
mod metrics;
mod together;
mod truth;

pub use candidates::candidate_recall;
pub use coverage::{expected_candidate_recall, sampled_candidate_recall};
pub use errors::{ErrorCause, PairError, pair_errors};
pub use expectation::{Expectation, expectation};
pub use household::evaluate_households;
pub use metrics::{Evaluation, Figures, evaluate};
pub use truth::Truth;
