//! The match model: Fellegi–Sunter weights learned without labels.
//!
//! [`train`] looks at random pairs and at the candidates of each blocking rule and returns a [`Model`]; [`score`]
//! applies a model to records and returns [`Links`]. They are two straight runs over the same stages. What is learned does not
//! change what is compared, with one exception: where names are all that there is, their words are counted again in the
//! entities that the first round found. A [`Model`] is plain data that saves and loads as versioned JSON.

mod correspondence;
mod em;
mod entities;
mod evidence;
mod full_name;
mod links;
mod reach;
mod scorer;
mod similar;
mod term;
mod threshold;
mod train;
mod weights;

pub use full_name::FullNames;
pub(crate) use links::{LINK_FLOOR, score_pairs};
pub use links::{Link, Links, score};
pub use scorer::Scorer;
pub use similar::SimilarValues;
pub use term::TermFrequencies;
pub use threshold::Threshold;
pub(crate) use train::train_pairs;
pub use train::{TrainingOptions, TrainingReport, train};
pub use weights::{ComparisonWeights, FORMAT_VERSION, Model};
