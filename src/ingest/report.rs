//! What became of every row.

use serde::Serialize;

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
/// assert_eq!(report.unmapped_columns[0].column, "city");
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
    /// Columns that no declaration names, of sources with [inference](super::Inference::On), in their order in
    /// the source.
    pub unmapped_columns: Vec<UnmappedColumn>,
    /// The encoding of each text file.
    pub encodings: Vec<FileEncoding>,
    /// Rows of sources without a key that repeat another row; each is also a reject.
    pub keyless_repeats: u64,
}

impl IngestReport {
    /// Rows of all sources; always [`records`](Self::records) plus the number of rejects.
    pub fn rows_read(&self) -> u64 {
        self.sources.iter().map(|source| source.rows_read).sum()
    }

    /// Records of all sources.
    pub fn records(&self) -> u64 {
        self.sources.iter().map(|source| source.records).sum()
    }

    /// Adds a source; sources come in order of their names.
    pub(super) fn add(
        &mut self,
        counts: SourceReport,
        rejects: Vec<Reject>,
        issues: Vec<Issue>,
        unmapped: Vec<UnmappedColumn>,
        encodings: Vec<FileEncoding>,
    ) {
        self.keyless_repeats += counts.keyless_repeats;
        self.sources.push(counts);
        self.rejects.extend(rejects);
        self.issues.extend(issues);
        self.unmapped_columns.extend(unmapped);
        self.encodings.extend(encodings);
    }
}

/// The counts of one source: `rows_read = records + rejects.total()`.
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
    /// Rows that did not, by reason.
    pub rejects: RejectCounts,
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
            + self.cell_too_long
            + self.nul_byte
            + self.unreadable
    }
}

/// A column that no declaration names: it is not kept until its kind is known.
///
/// ```
/// use onefold::ingest::{Source, ingest};
/// let source = Source::bytes("crm", "a.csv", b"id,shoe_size\n1,43\n".to_vec()).key("id");
/// let unmapped = &ingest(&[source], "".as_ref())?.report.unmapped_columns;
/// assert_eq!((unmapped[0].source.as_str(), unmapped[0].column.as_str()), ("crm", "shoe_size"));
/// # Ok::<(), onefold::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct UnmappedColumn {
    /// Name of the source.
    pub source: String,
    /// Name of the column.
    pub column: String,
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
