//! Measuring a partition against the truth.
//!
//! [`evaluate`] gives the field's three families of figures: over pairs, per record (B-cubed) and over whole
//! clusters. The universe of pairs is that of the run's mode: with [`LinkMode::Link`](crate::schema::LinkMode)
//! only pairs across sources count. [`evaluate_households`] measures households, over all pairs.

mod candidates;
mod expectation;
mod household;
mod metrics;
mod truth;

pub use candidates::candidate_recall;
pub use expectation::{Expectation, expectation};
pub use household::evaluate_households;
pub use metrics::{Evaluation, Figures, evaluate};
pub use truth::Truth;
