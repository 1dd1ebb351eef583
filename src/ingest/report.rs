//! What became of every row.

use serde::Serialize;

use super::mapping::{InferredColumn, Mapping, UnmappedColumn};
use crate::record::{Issue, Reject, RejectReason};

/// What became of every row of a run.
///
/// All lists are sorted: the sources by name, rejects and issues by source and line.
///
/// ```
/// use onefold::ingest::{Source, ingest};
/// let source = Source::bytes("crm", "a.csv", b"id,city\n1,Ulm\n,Bonn\n".to_vec()).key("id");
/// let report = ingest(&[source], "".as_ref())?.report;
/// assert_eq!((report.rows_read(), report.records(), report.rejects.len()), (2, 1, 1));
/// assert_eq!(report.inferred_columns[0].column, "city");
/// # Ok::<(), onefold::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct IngestReport {
    /// The counts of each source.
    pub sources: Vec<SourceReport>,
    /// The rows that became no record.
    pub rejects: Vec<Reject>,
    /// Cells that are not valid in their file's encoding.
    pub issues: Vec<Issue>,
    /// Columns that no declaration names and whose kinds were inferred, in their order in the source.
    pub inferred_columns: Vec<InferredColumn>,
    /// The other columns that no declaration names, of sources with [inference](super::Inference::On), in their
    /// order in the source; they are not used.
    pub unmapped_columns: Vec<UnmappedColumn>,
    /// The encoding of each text file.
    pub encodings: Vec<FileEncoding>,
    /// Rows of sources without a key that repeat another row; each is also a reject.
    pub keyless_repeats: u64,
}

impl IngestReport {
    /// Rows of all sources; always [`records`](Self::records) plus [`fact_rows`](Self::fact_rows) plus the number of
    /// rejects.
    pub fn rows_read(&self) -> u64 {
        self.sources.iter().map(|source| source.rows_read).sum()
    }

    /// Records of all sources.
    pub fn records(&self) -> u64 {
        self.sources.iter().map(|source| source.records).sum()
    }

    /// Rows of all sources that are facts and no records.
    pub fn fact_rows(&self) -> u64 {
        self.sources.iter().map(|source| source.fact_rows).sum()
    }

    /// Adds a source; sources come in order of their names.
    pub(super) fn add(
        &mut self,
        counts: SourceReport,
        rejects: Vec<Reject>,
        issues: Vec<Issue>,
        mapping: Mapping,
        encodings: Vec<FileEncoding>,
    ) {
        self.keyless_repeats += counts.keyless_repeats;
        self.sources.push(counts);
        self.rejects.extend(rejects);
        self.issues.extend(issues);
        self.inferred_columns.extend(mapping.inferred);
        self.unmapped_columns.extend(mapping.unmapped);
        self.encodings.extend(encodings);
    }
}

/// The counts of one source: `rows_read = records + fact_rows + rejects.total()`.
///
/// ```
/// use onefold::ingest::{Source, ingest};
/// let source = Source::bytes("crm", "a.csv", b"id,city\n1,Ulm\n1,Bonn\n".to_vec()).key("id");
/// let counts = &ingest(&[source], "".as_ref())?.report.sources[0];
/// assert_eq!(counts.rows_read, counts.records + counts.rejects.total());
/// assert_eq!(counts.rejects.superseded, 1);
/// # Ok::<(), onefold::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SourceReport {
    /// The source's name.
    pub name: String,
    /// Rows read; the header and empty lines are none.
    pub rows_read: u64,
    /// Rows that became records.
    pub records: u64,
    /// Rows that are facts and no records: their customer's record is another row, or of another source.
    pub fact_rows: u64,
    /// Rows that became neither, by reason.
    pub rejects: RejectCounts,
    /// Rows of orders whose customer data differ from the later ones that are kept for their key.
    pub older_versions: u64,
    /// Rows that repeat another row of a source without a key; they are among those redelivered.
    pub keyless_repeats: u64,
}

/// Numbers of rejected rows by [reason](RejectReason).
///
/// ```
/// use onefold::{ingest::RejectCounts, record::RejectReason};
/// let mut counts = RejectCounts::default();
/// counts.count(&RejectReason::MissingKey);
/// assert_eq!((counts.missing_key, counts.total()), (1, 1));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RejectCounts {
    /// Rows with more or fewer cells than the header.
    pub ragged: u64,
    /// Rows with an empty key.
    pub missing_key: u64,
    /// Rows that were read before.
    pub redelivered: u64,
    /// Rows of which another version is kept.
    pub superseded: u64,
    /// Orders without a customer.
    pub no_customer: u64,
    /// Orders of a customer that is not there.
    pub unknown_customer: u64,
    /// Rows with a cell beyond [`CELL_LIMIT`](super::CELL_LIMIT).
    pub cell_too_long: u64,
    /// Rows with a NUL byte.
    pub nul_byte: u64,
    /// Rows that could not be read as rows.
    pub unreadable: u64,
}

impl RejectCounts {
    /// Counts a row that was rejected for this reason.
    pub fn count(&mut self, reason: &RejectReason) {
        *match reason {
            RejectReason::Ragged { .. } => &mut self.ragged,
            RejectReason::MissingKey => &mut self.missing_key,
            RejectReason::Redelivered => &mut self.redelivered,
            RejectReason::Superseded => &mut self.superseded,
            RejectReason::NoCustomer => &mut self.no_customer,
            RejectReason::UnknownCustomer { .. } => &mut self.unknown_customer,
            RejectReason::CellTooLong { .. } => &mut self.cell_too_long,
            RejectReason::NulByte => &mut self.nul_byte,
            RejectReason::Unreadable { .. } => &mut self.unreadable,
        } += 1;
    }

    /// Rejected rows in all.
    pub fn total(&self) -> u64 {
        self.ragged
            + self.missing_key
            + self.redelivered
            + self.superseded
            + self.no_customer
            + self.unknown_customer
            + self.cell_too_long
            + self.nul_byte
            + self.unreadable
    }
}

/// The encoding that a file was read in.
///
/// ```
/// use onefold::ingest::{Source, ingest};
/// let source = Source::bytes("crm", "a.csv", b"id\n1\n".to_vec()).key("id");
/// assert_eq!(ingest(&[source], "".as_ref())?.report.encodings[0].encoding, "UTF-8");
/// # Ok::<(), onefold::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct FileEncoding {
    /// Name of the source.
    pub source: String,
    /// The file, as its path was given.
    pub file: String,
    /// The encoding's name in the WHATWG encoding standard.
    pub encoding: &'static str,
}
