//! Results as files: NDJSON, CSV and, with the feature `polars`, Parquet and data frames.
//!
//! Everything is written in the order of the entities, so that equal results are equal bytes. Profiles are put together
//! in pieces and written as they come: memory does not grow with their number.
//!
//! | file | a row is | columns |
//! |---|---|---|
//! | `profiles.ndjson` | a customer | a [`Profile`](crate::profile::Profile) as JSON |
//! | `profiles.parquet` | a customer | see `profile_frame` |
//! | `crosswalk.csv` | a source record | `customer_id`, `source`, `key`, `confidence` |
//! | `households.csv` | a person of a household | `household_id`, `customer_id` |
//! | `ambiguous.csv` | a record between customers | `source`, `key`, `candidates`, `probabilities` |
//! | `lineage.parquet` | a value that a record states | see `lineage_frame` |
//! | `events.ndjson`, with a registry | an event of a customer's id or a steward's decision | an [`EventRecord`](crate::identity::EventRecord) as JSON |
//! | `rejects.csv` | a row that was not taken | `source`, `line`, `key`, `field`, `reason` |
//! | `issues.csv` | a cell that is not what its column holds | `source`, `line`, `field`, `value`, `issue` |

#[cfg(feature = "polars")]
mod frame;
mod table;

#[cfg(feature = "polars")]
pub use frame::{lineage_frame, profile_frame, write_lineage_parquet, write_profiles_parquet};
pub use table::{
    write_ambiguous, write_crosswalk, write_events, write_households, write_issues, write_profiles_ndjson,
    write_rejects,
};

/// Profiles that are held at a time; a Parquet file has as many rows to a row group.
const CHUNK: usize = 16_384;
