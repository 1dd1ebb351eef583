//! What became of the columns that no declaration names.

use serde::Serialize;

use crate::schema::FieldKind;

/// What became of the columns of one source that no declaration names.
#[derive(Debug, Default)]
pub(super) struct Mapping {
    /// In their order in the source.
    pub(super) inferred: Vec<InferredColumn>,
    /// In their order in the source.
    pub(super) unmapped: Vec<UnmappedColumn>,
}

/// A column whose kind was inferred from its name and its values.
///
/// ```
/// use onefold::{FieldKind, ingest::{Source, ingest}};
/// let csv = b"id,Vorname\n1,Anna\n2,J\xc3\xbcrgen\n".to_vec();
/// let inferred = &ingest(&[Source::bytes("crm", "a.csv", csv).key("id")], "".as_ref())?.report.inferred_columns;
/// assert_eq!(inferred[0].kind, FieldKind::GivenName);
/// assert_eq!(
///     inferred[0].to_string(),
///     "crm: `Vorname` is given_name: the name says so; 2 of 2 distinct values fit"
/// );
/// # Ok::<(), onefold::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct InferredColumn {
    /// Name of the source.
    pub source: String,
    /// Name of the column.
    pub column: String,
    /// What the column holds.
    pub kind: FieldKind,
    /// What tells it.
    pub basis: InferenceBasis,
    /// How many of the distinct values looked at are of the form that the kind asks for.
    pub fitting: u32,
    /// How many distinct values were looked at: all, or a sample drawn by their hashes.
    pub distinct: u32,
}

impl std::fmt::Display for InferredColumn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { source, column, kind, basis, fitting, distinct } = self;
        let (source, column) = (source.escape_debug(), column.escape_debug());
        let kind = kind.as_str();
        write!(f, "{source}: `{column}` is {kind}: {basis}; {fitting} of {distinct} distinct values fit")
    }
}

/// What tells the kind of a column.
///
/// ```
/// assert_eq!(onefold::ingest::InferenceBasis::Values.to_string(), "the values have its form");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum InferenceBasis {
    /// Every word of the name is known and they name the kind; the values do not contradict.
    Name,
    /// The name has several readings, of which the values or the other columns leave this one.
    NameInContext,
    /// The name speaks of the kind among unknown words, and nearly all values have its strict form.
    PartOfName,
    /// The name says nothing; nearly all values have the kind's strict form and few are repeated.
    Values,
}

impl std::fmt::Display for InferenceBasis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            InferenceBasis::Name => "the name says so",
            InferenceBasis::NameInContext => "the name allows it, values and other columns decide",
            InferenceBasis::PartOfName => "a part of the name says so, the values have its form",
            InferenceBasis::Values => "the values have its form",
        })
    }
}

/// A column that no declaration names and whose kind is not certain: it is not used.
///
/// ```
/// use onefold::ingest::{Source, UnmappedReason, ingest};
/// let source = Source::bytes("crm", "a.csv", b"id,shoes\n1,43\n2,39\n".to_vec()).key("id");
/// let unmapped = &ingest(&[source], "".as_ref())?.report.unmapped_columns;
/// assert_eq!(unmapped[0].reason, UnmappedReason::Unknown);
/// assert_eq!(
///     unmapped[0].to_string(),
///     "crm: `shoes` is not used: neither its name nor its values tell a kind"
/// );
/// # Ok::<(), onefold::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct UnmappedColumn {
    /// Name of the source.
    pub source: String,
    /// Name of the column.
    pub column: String,
    /// Why no kind was inferred.
    pub reason: UnmappedReason,
}

impl std::fmt::Display for UnmappedColumn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { source, column, reason } = self;
        write!(f, "{}: `{}` is not used: {reason}", source.escape_debug(), column.escape_debug())
    }
}

/// Why no kind was inferred for a column.
///
/// ```
/// use onefold::{FieldKind, ingest::UnmappedReason};
/// let reason = UnmappedReason::Contradicted { kind: FieldKind::Email, fitting: 3, distinct: 200 };
/// assert_eq!(reason.to_string(), "its name says email, but only 3 of 200 distinct values fit");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum UnmappedReason {
    /// No record has a value.
    Empty,
    /// All records that have a value have the same one.
    Constant,
    /// A word of the name says that the column is no property of the record's own person or organisation.
    OtherMeaning {
        /// The word, folded.
        word: String,
    },
    /// The name says a kind, but the values are not of its form.
    Contradicted {
        /// The kind that the name says.
        kind: FieldKind,
        /// How many of the distinct values looked at have its form.
        fitting: u32,
        /// How many distinct values were looked at.
        distinct: u32,
    },
    /// The name says a kind among unknown words, or only the values do: no form confirms it, or another column
    /// certainly holds it.
    Uncertain {
        /// The kind.
        kind: FieldKind,
    },
    /// The kind is one of persons, and the rows are organisations.
    OfPersons {
        /// The kind.
        kind: FieldKind,
    },
    /// A delivery may go to someone else, and another column holds the kind.
    OfDelivery {
        /// The kind.
        kind: FieldKind,
    },
    /// The source declares no key, and this column is named like one and unique.
    LikeKey,
    /// Neither the name nor the values tell a kind.
    Unknown,
}

impl std::fmt::Display for UnmappedReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            UnmappedReason::Empty => f.write_str("no record has a value"),
            UnmappedReason::Constant => f.write_str("all records have the same value"),
            UnmappedReason::OtherMeaning { word } => {
                write!(f, "`{word}` in its name speaks of something else than the record itself")
            }
            UnmappedReason::Contradicted { kind, fitting, distinct } => {
                let kind = kind.as_str();
                write!(f, "its name says {kind}, but only {fitting} of {distinct} distinct values fit")
            }
            UnmappedReason::Uncertain { kind } => {
                write!(f, "it may be {}, but neither name nor values make it certain", kind.as_str())
            }
            UnmappedReason::OfPersons { kind } => {
                write!(f, "{} is of persons, and the rows are organisations", kind.as_str())
            }
            UnmappedReason::OfDelivery { kind } => {
                write!(f, "a delivery may go to others, and another column holds the {}", kind.as_str())
            }
            UnmappedReason::LikeKey => {
                f.write_str("it is unique and named like a key; declare it as the key of the source")
            }
            UnmappedReason::Unknown => f.write_str("neither its name nor its values tell a kind"),
        }
    }
}
