//! Profiles: all that is known about one customer, in one typed value.

mod types;

pub use types::{Address, ContactPoint, Identifier, Profile, ProfileName, ProfileValue, SourceRecord};
