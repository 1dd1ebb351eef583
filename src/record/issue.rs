//! What is wrong with a row (it is rejected) or with a cell (its record is kept).

use serde::Serialize;

/// A row that became no record, with the place and the reason.
///
/// ```
/// use onefold::record::{Reject, RejectReason};
/// let reject = Reject {
///     source: "crm".into(),
///     line: 17,
///     key: None,
///     field: Some("contact_no".into()),
///     reason: RejectReason::MissingKey,
/// };
/// assert_eq!(reject.to_string(), "crm:17: contact_no: the key is empty");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Reject {
    /// Name of the source.
    pub source: String,
    /// Line in the file where the row begins (the header is line 1), or the row's number from 1.
    pub line: u64,
    /// The row's key, where it could be read.
    pub key: Option<String>,
    /// The column at fault, where there is one.
    pub field: Option<String>,
    /// Why the row was not taken.
    pub reason: RejectReason,
}

/// Why a row was not taken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RejectReason {
    /// The row has more or fewer cells than the header.
    #[error("{found} cells where the header has {expected}")]
    Ragged {
        /// Cells in the header.
        expected: usize,
        /// Cells in the row.
        found: usize,
    },
    /// The key column is empty.
    #[error("the key is empty")]
    MissingKey,
    /// The same key with the same content was read before.
    #[error("the same row was read before")]
    Redelivered,
    /// The key occurs again with other content; the other row is newer, or wins the fixed order.
    #[error("another row with this key is kept")]
    Superseded,
    /// The row is an order, but neither has customer data nor names a customer of another source.
    #[error("the order has no customer data")]
    NoCustomer,
    /// The customer that an order names is not in the source that it is to be in.
    #[error("source `{source_name}` has no record `{key}`")]
    UnknownCustomer {
        /// The source that was to have the customer.
        source_name: String,
        /// The customer's key.
        key: String,
    },
    /// A cell is longer than any field can be; often a quote that was never closed.
    #[error("a cell of {bytes} bytes (limit {limit}), perhaps an unclosed quote")]
    CellTooLong {
        /// Bytes of the cell.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// A cell holds control bytes that no text has (NUL).
    #[error("a cell holds a NUL byte")]
    NulByte,
    /// The row could not be read as a row at all.
    #[error("{reason}")]
    Unreadable {
        /// What the reader said.
        reason: String,
    },
}

impl std::fmt::Display for Reject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: ", self.source, self.line)?;
        if let Some(field) = &self.field {
            write!(f, "{field}: ")?;
        }
        self.reason.fmt(f)
    }
}

/// A cell that is not what its kind asks for; the record is kept, the value is not used (unless the kind of
/// issue says otherwise), and the raw spelling stays.
///
/// ```
/// use onefold::record::{Issue, IssueKind};
/// let issue = Issue {
///     source: "erp".into(),
///     line: 4,
///     field: "birthday".into(),
///     value: "31.02.1980".into(),
///     kind: IssueKind::Unparsable,
/// };
/// assert_eq!(issue.to_string(), "erp:4: birthday: not a value of its kind: `31.02.1980`");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Issue {
    /// Name of the source.
    pub source: String,
    /// Line in the file, or the row's number from 1.
    pub line: u64,
    /// The column.
    pub field: String,
    /// The cell as written.
    pub value: String,
    /// What is the matter with it.
    pub kind: IssueKind,
}

/// What is the matter with a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IssueKind {
    /// The text is no value of the column's kind (a date that does not exist); not used.
    #[error("not a value of its kind")]
    Unparsable,
    /// The text stands for no value (`n/a`, `00000`, `test@test.com`); not used.
    #[error("a placeholder")]
    Placeholder,
    /// The check digit is wrong; the value is used all the same.
    #[error("the check digit is wrong")]
    CheckDigit,
    /// The cell names a record of another source that is not there; the row's own customer data are used.
    #[error("names a record that is not there")]
    UnknownReference,
    /// Bytes that are no valid text in the file's encoding were read as Windows-1252; used.
    #[error("not valid in the file's encoding")]
    Encoding,
}

impl IssueKind {
    /// All kinds, for counting.
    pub const ALL: [IssueKind; 5] = [
        IssueKind::Unparsable,
        IssueKind::Placeholder,
        IssueKind::CheckDigit,
        IssueKind::UnknownReference,
        IssueKind::Encoding,
    ];
}

impl std::fmt::Display for Issue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}: {}: `{}`", self.source, self.line, self.field, self.kind, self.value)
    }
}
