//! Records: what ingest delivers and what normalisation makes of it, both columnar and dictionary-encoded.
//!
//! [`RawRecords`] hold every cell as it was written, with its [`Cell`] state. [`Records`] hold the normalised
//! values: one row of value ids per record, so that equality, absence and rule membership are integer
//! comparisons, and one dictionary per field, so that all work on text happens once per distinct value.

mod dictionary;
mod issue;
mod raw;
mod records;
mod text_map;

pub(crate) use dictionary::Renumber;
pub use dictionary::{Dictionary, Interner};
pub use issue::{Issue, IssueKind, Reject, RejectReason};
pub(crate) use raw::{ABSENT, CLEARED, EMPTY, STATES};
pub use raw::{Cell, RawColumn, RawRecords, SourceInfo, SourceTable};
pub use records::{Column, ColumnBuilder, EntityClass, Records, RecordsBuilder};
pub(crate) use text_map::TextMap;
