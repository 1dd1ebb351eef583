//! Exports in, raw records out: reads files and rows, and accounts for every row.
//!
//! [`ingest`] reads each [`Source`] (files, bytes in memory, rows of any serialisable type, or data frames)
//! and returns the [`RawRecords`], the [`Orders`] and an [`IngestReport`]. Each row becomes one record, one fact
//! beside the record of another row, or one [`Reject`](crate::record::Reject) with its source, line and reason, so
//! the counts always reconcile.
//!
//! **Orders**: where a source declares [`OrderColumns`], each row is also an order, or a line of one, and rows of one
//! key are one customer record: the one that was changed last, else ordered last, else with the smallest cells.
//! An amount or date that cannot be read is an issue; notations that leave day and month or the decimal mark
//! open are read as the rest of the column shows.
//!
//! **Formats**, by extension: `.csv`, `.tsv`, `.txt`, `.ndjson`, `.jsonl`, each also with `.gz`, and, with the
//! feature `polars`, `.parquet`; [rows](Source::rows) of any serialisable type and, with that feature, data
//! frames are read from memory. A path may be a glob; the files' columns are matched by name. White space in a
//! name counts as one space, and around it not at all. The delimiter (`,` `;` tab `|`) of a text file is the most frequent one in the header.
//!
//! **NDJSON** has one JSON object per line. Numbers and booleans are the text that is written there, to the last
//! digit. A null is [cleared](crate::record::Cell::Cleared), a name that a row does not mention absent. Names of
//! nested objects are joined by `.`, and the elements of an array are numbered from 0: `{"a": [{"b": 1}]}` has
//! the one column `a.0.b`; an empty object or array has none. As in [rows in memory](Source::rows), a declared
//! column that no row mentions is no error, and the columns are ordered by name. A line that is broken, no
//! object, not UTF-8, or beyond a limit ([`LINE_LIMIT`], [`NESTING_LIMIT`], [`NAME_LIMIT`], [`ROW_LIMIT`],
//! [`CELL_LIMIT`]), and one with a name twice, is a reject; blank lines are no rows.
//!
//! **Parquet and data frames** give each type the text that an export to CSV would have. Text, categories and
//! enumerations are what they are; integers and booleans are written plainly, floating-point numbers as briefly
//! as they can be read back, so that 1.0 is `1`; decimals keep all digits of their scale. A date is `2024-05-01`,
//! a time `10:20:30`, a length of time `PT3M37S`, a date-time `2024-05-01T10:20:30`, with a time zone the instant
//! in UTC, `2024-05-01T08:20:30Z`, or in the zone's offset if the zone is one; each with as many decimals as it
//! needs. A struct is flattened and a list numbered as in NDJSON. A null, like a number that is NaN, is no value:
//! absent. Columns of bytes, and of types that the decoder is not built with, are an error, unless they are
//! declared as [ignored](crate::FieldKind::Ignore). Of a file, one row group is held in memory at a time.
//!
//! **Encodings**: UTF-8 with or without a byte order mark, UTF-16 with one, else a detected single-byte
//! encoding of the Latin script, Windows-1252 by default. In a UTF-8 file, a cell that is not UTF-8 is read as
//! Windows-1252, with an issue.
//!
//! **Order does not matter**: which rows win, and everything but the `line` of a record or reject, is the same
//! for any order of rows, files and sources. A key that occurs more than once is decided by content:
//!
//! 1. equal content, over all columns of the row, is the same row, delivered again;
//! 2. else the latest `updated_at` wins: dates and instants in any common notation (without an offset, UTC; the day
//!    first where the notation leaves that open) above other text, text in byte order, and no value below everything;
//! 3. else the smallest cells win, compared over the columns that are kept in the order of their names
//!    (absent, empty, cleared, then text in byte order), and last the smallest hash of the content. Where kinds
//!    are to be inferred, all columns are kept for this but the key and those declared as ignored.
//!
//! **Columns** that no declaration names are [inferred](Inference): where the name and the values agree on a kind, the
//! column is used as if it were declared, and is in the report with what told it. The others are in the report with
//! the reason why not. Until the last row of a source is read its undeclared columns are held in memory; switch
//! inference off for wide sources of which few columns are used. The evidence is the distinct values of the
//! records, or those of them with the smallest hashes: it does not depend on the order of rows. A column that is
//! declared for any purpose, be it as the key or to be carried, is never inferred.
#![deny(clippy::indexing_slicing)]

mod assemble;
mod delimited;
mod encoding;
mod facts;
mod fingerprint;
mod flat_row;
#[cfg(feature = "polars")]
mod frame;
#[cfg(feature = "polars")]
mod frame_value;
mod identities;
mod infer;
mod json_row;
mod kept;
mod layout;
mod layouts;
mod lines;
mod mapping;
mod ndjson;
mod open;
mod order;
#[cfg(feature = "polars")]
mod parquet;
#[cfg(feature = "polars")]
mod parquet_pages;
mod recency;
mod report;
mod row_serializer;
mod rows;
mod size;
mod source;
mod table;

use std::path::Path;

use rayon::prelude::*;

pub use mapping::{InferenceBasis, InferredColumn, UnmappedColumn, UnmappedReason};
pub use order::{CurrencyOf, CustomerReference, OrderColumns};
pub use report::{FileEncoding, IngestReport, RejectCounts, SourceReport};
pub(crate) use size::size;
pub use source::{Inference, Source};

use crate::error::{Error, Result};
use crate::fact::Orders;
use crate::id::RecordId;
use crate::record::RawRecords;
use crate::text;
use assemble::assemble;
use open::{Opened, RowFormat};
use source::Input;
use table::{Table, TableReport};

/// Bytes that a cell may have; a longer one is usually a quote that was never closed.
pub const CELL_LIMIT: usize = 1 << 20;

/// Bytes that a line of NDJSON may have; a longer one is rejected.
pub const LINE_LIMIT: usize = 1 << 24;

/// How deep the objects and lists of a row may be nested, the row itself included; one with more is rejected.
pub const NESTING_LIMIT: usize = 16;

/// Bytes that the name of a nested value may have, with the names that it is nested in.
pub const NAME_LIMIT: usize = 1 << 10;

/// Values that one row may have that names its own cells; a row with more is rejected.
pub const ROW_LIMIT: usize = 1 << 12;

/// Different names that the rows of a source may have that name their own cells.
pub const COLUMN_LIMIT: usize = 1 << 16;

/// What [`ingest`] returns: the records, and what became of every row.
///
/// ```
/// use onefold::{FieldKind, ingest::{Source, ingest}};
/// let csv = b"id;city\n1;Ulm\n2;K\xf6ln\n2;K\xf6ln\n".to_vec();
/// let source = Source::bytes("crm", "contacts.csv", csv).key("id").field("city", FieldKind::City);
/// let ingested = ingest(&[source], "".as_ref())?;
/// assert_eq!(ingested.records.len(), 2);
/// assert_eq!(ingested.report.rejects[0].to_string(), "crm:4: the same row was read before");
/// # Ok::<(), onefold::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ingested {
    /// The records of all sources.
    pub records: RawRecords,
    /// The orders of all sources, each with the record that it came with.
    pub orders: Orders,
    /// Records of one customer by declaration: an order's own, and the one that it names in another source. Ascending.
    pub same_customer: Vec<(RecordId, RecordId)>,
    /// Counts, rejects, issues and encodings.
    pub report: IngestReport,
}

/// Reads all sources, in parallel; relative paths are relative to `base`.
///
/// # Errors
/// An I/O error for a file that is missing, empty, binary, damaged or otherwise unreadable as a whole; a
/// configuration error for a format that is not supported, a duplicated column or source name, a glob without
/// files, or a column that no file has. If several sources fail, the first one given is reported.
pub fn ingest(sources: &[Source], base: &Path) -> Result<Ingested> {
    for (position, source) in sources.iter().enumerate() {
        if sources.iter().take(position).any(|earlier| earlier.name() == source.name()) {
            return Err(Error::config(source.place(), "another source has this name"));
        }
    }
    for source in sources.iter().filter(|source| source.order_columns().is_some()) {
        check_order(source, sources)?;
    }
    let limit = usize::from(u16::MAX);
    if sources.len() > limit {
        return Err(Error::limit("sources", sources.len() as u64, limit as u64));
    }
    let read: Vec<Result<_>> = sources.par_iter().map(|source| read_source(source, base)).collect();
    assemble(read.into_iter().collect::<Result<_>>()?)
}

/// Reads one file from memory with the declarations of `source`, whatever its own input is; the extension of
/// `name` tells the format.
///
/// ```
/// use onefold::ingest::{Source, read_bytes};
/// let source = Source::file("crm", "unused.csv").key("id");
/// let ingested = read_bytes("contacts.csv", b"id,city\n7,Ulm\n", &source)?;
/// assert_eq!(ingested.records.key(onefold::RecordId(0)), ("crm", "7"));
/// # Ok::<(), onefold::Error>(())
/// ```
///
/// # Errors
/// As for [`ingest`].
pub fn read_bytes(name: &str, bytes: &[u8], source: &Source) -> Result<Ingested> {
    let mut table = Table::new(source);
    read_from_bytes(source, name, bytes, &mut table)?;
    assemble(vec![table.finish()?])
}

/// A source of orders needs a key, and a source that its orders refer to.
fn check_order(source: &Source, sources: &[Source]) -> Result<()> {
    let place = || format!("{} > order", source.place());
    if source.key_column().is_none() {
        return Err(Error::config(place(), "a source of orders needs a key"));
    }
    let reference = source.order_columns().and_then(OrderColumns::customer_reference);
    if let Some(CustomerReference { source: named, .. }) = reference
        && !sources.iter().any(|other| other.name() == named && other.name() != source.name())
    {
        let others = sources.iter().map(Source::name).filter(|name| *name != source.name());
        let known: Vec<String> = others.map(str::to_owned).collect();
        let nearest = text::nearest(named, known.iter().map(String::as_str)).map(str::to_owned);
        let place = format!("{} > customer", place());
        return Err(Error::unknown(place, "source", named, nearest.as_deref(), known));
    }
    Ok(())
}

fn read_source(source: &Source, base: &Path) -> Result<TableReport> {
    let mut table = Table::new(source);
    match source.input() {
        Input::File(path) => {
            for path in open::paths(source, base, path)? {
                read_file(source, &path, &mut table)?;
            }
        }
        Input::Bytes { file_name, bytes } => {
            read_from_bytes(source, file_name, bytes, &mut table)?;
        }
        Input::Rows(rows) => rows.read(&mut table)?,
        #[cfg(feature = "polars")]
        Input::Frame(frame) => frame::read(frame, &mut table)?,
    }
    table.finish()
}

fn read_file(source: &Source, path: &Path, table: &mut Table<'_>) -> Result<()> {
    #[cfg(feature = "polars")]
    if open::is_parquet(path) {
        return parquet::file(path, table);
    }
    read_opened(open::file(source, path)?, table)
}

fn read_from_bytes(source: &Source, name: &str, bytes: &[u8], table: &mut Table<'_>) -> Result<()> {
    #[cfg(feature = "polars")]
    if open::is_parquet(Path::new(name)) {
        return parquet::bytes(name, bytes, table);
    }
    read_opened(open::bytes(source, name, bytes)?, table)
}

fn read_opened(opened: Opened<'_>, table: &mut Table<'_>) -> Result<()> {
    match opened.rows {
        RowFormat::Delimited(delimiter) => delimited::read(opened, delimiter, table),
        RowFormat::Json => ndjson::read(opened, table),
    }
}
