//! onefold: many records, one customer.
#![cfg_attr(not(test), deny(clippy::unwrap_used))]

pub mod block;
pub mod compare;
pub mod error;
pub mod evaluate;
pub mod id;
pub mod ingest;
pub mod model;
pub mod normalize;
pub mod pipeline;
pub mod record;
pub mod resolve;
pub mod schema;
pub mod text;
pub mod value;

pub use error::{Error, ErrorKind, Result};
pub use id::{EntityId, FieldId, RecordId, SourceId, ValueId};
pub use pipeline::{Pipeline, PipelineBuilder, Unified};
pub use schema::{EntityKind, FieldKind};
