//! Profiles: all that is known about one customer, in one typed value.

mod ahead;
mod assemble;
mod confidence;
mod name;
mod sharing;
mod spelling;
mod types;

pub use assemble::Profiles;
pub use types::{Address, ContactPoint, Identifier, Profile, ProfileName, ProfileValue, SourceRecord};
