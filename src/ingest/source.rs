//! What is declared about a source.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;

use super::order::OrderColumns;
use super::rows::Rows;
use crate::error::Result;
use crate::record::SourceInfo;
use crate::schema::{EntityKind, FieldKind};

/// Whether the kinds of columns that are not listed are to be inferred from their names and values.
///
/// ```
/// assert_eq!(onefold::ingest::Inference::default(), onefold::ingest::Inference::On);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Inference {
    /// Columns that are not listed are used where their names and values agree on a kind; the report says which
    /// kind and why, or why not.
    #[default]
    On,
    /// Columns that are not listed are not used.
    Off,
}

/// A source of records: where its rows are, and what its columns mean.
///
/// ```
/// use onefold::{EntityKind, FieldKind, ingest::Source};
/// let source = Source::file("crm", "exports/contacts*.csv.gz")
///     .key("contact_no")
///     .entity(EntityKind::Either)
///     .updated_at("changed_at")
///     .field("mail", FieldKind::Email)
///     .exclusive("passport");
/// assert_eq!(source.name(), "crm");
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct Source {
    info: SourceInfo,
    input: Input,
    key: Option<String>,
    inference: Inference,
    fields: Vec<(String, FieldKind)>,
    carried: Vec<String>,
    order: Option<OrderColumns>,
}

/// Where the rows are.
#[derive(Clone, Debug)]
pub(super) enum Input {
    File(PathBuf),
    Bytes {
        file_name: String,
        bytes: Arc<[u8]>,
    },
    Rows(Arc<Rows>),
    #[cfg(feature = "polars")]
    Frame(polars::frame::DataFrame),
}

impl Source {
    /// A source in a file, or in the files that a glob matches; nothing is opened yet.
    pub fn file(name: impl Into<String>, path: impl Into<PathBuf>) -> Self {
        Self::new(name.into(), Input::File(path.into()))
    }

    /// A source in a file that is already in memory; the extension of `file_name` tells its format.
    pub fn bytes(name: impl Into<String>, file_name: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self::new(name.into(), Input::Bytes { file_name: file_name.into(), bytes: bytes.into() })
    }

    /// A source of rows in memory: structs or maps.
    ///
    /// Text, numbers, booleans and unit variants become text; nested structs and maps are flattened, with `.`
    /// between the names. The states of a cell: `None`, like a name that a map does not mention, is
    /// [absent](crate::record::Cell::Absent); a unit, which is what the null of a JSON value serialises as, is
    /// [cleared](crate::record::Cell::Cleared); white space is [empty](crate::record::Cell::Empty). The
    /// columns are ordered by name.
    ///
    /// ```
    /// use onefold::{FieldKind, RecordId, ingest::{Source, ingest}, record::Cell};
    /// let rows = [serde_json::json!({"id": 1, "address": {"city": "Ulm"}, "mail": null})];
    /// let source = Source::rows("shop", &rows)?
    ///     .key("id")
    ///     .field("address.city", FieldKind::City)
    ///     .field("mail", FieldKind::Email);
    /// let records = ingest(&[source], "".as_ref())?.records;
    /// let (table, row) = records.place(RecordId(0));
    /// assert_eq!(table.column("address.city").unwrap().cell(row), Cell::Value("Ulm"));
    /// assert_eq!(table.column("mail").unwrap().cell(row), Cell::Cleared);
    /// # Ok::<(), onefold::Error>(())
    /// ```
    ///
    /// # Errors
    /// A configuration error if the type of the rows does not fit: a row that is no struct or map, a field that
    /// is a sequence, bytes or a variant with data, or a name that occurs twice after flattening.
    pub fn rows<T: Serialize>(name: impl Into<String>, rows: impl IntoIterator<Item = T>) -> Result<Self> {
        let name = name.into();
        let rows = Rows::collect(&place(&name), rows)?;
        Ok(Self::new(name, Input::Rows(Arc::new(rows))))
    }

    /// A source of the rows of a data frame; a clone of a frame shares its data. How each type is read, the
    /// [module](super) says. The types of columns are checked when the source is read.
    ///
    /// ```
    /// use onefold::polars::df;
    /// use onefold::{FieldKind, RecordId, ingest::{Source, ingest}, record::Cell};
    /// let frame = df!("id" => [1, 2], "mail" => [Some("a@b.de"), None])?;
    /// let source = Source::frame("shop", frame).key("id").field("mail", FieldKind::Email);
    /// let records = ingest(&[source], "".as_ref())?.records;
    /// let (table, row) = records.place(RecordId(1));
    /// assert_eq!(table.column("mail").unwrap().cell(row), Cell::Absent);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "polars")]
    pub fn frame(name: impl Into<String>, frame: polars::frame::DataFrame) -> Self {
        Self::new(name.into(), Input::Frame(frame))
    }

    fn new(name: String, input: Input) -> Self {
        Source {
            info: SourceInfo::new(name),
            input,
            key: None,
            inference: Inference::On,
            fields: Vec::new(),
            carried: Vec::new(),
            order: None,
        }
    }

    /// The column that identifies a record in this source; without one, the key is the hash of the row.
    pub fn key(mut self, column: impl Into<String>) -> Self {
        self.key = Some(column.into());
        self
    }

    /// What the rows are; persons if nothing is said.
    pub fn entity(mut self, kind: EntityKind) -> Self {
        self.info.entity = kind;
        self
    }

    /// The column with the source's own time of the last change; it is kept as it is written.
    pub fn updated_at(mut self, column: impl Into<String>) -> Self {
        self.info.updated_at = Some(column.into());
        self
    }

    /// The source promises at most one record per entity.
    pub fn duplicate_free(mut self) -> Self {
        self.info.duplicate_free = true;
        self
    }

    /// One entity has one value in this column; it is kept even if it is no field.
    pub fn exclusive(mut self, column: impl Into<String>) -> Self {
        self.info.exclusive.push(column.into());
        self
    }

    /// Whether the kinds of columns that are not listed are to be inferred; on if nothing is said.
    pub fn infer(mut self, inference: Inference) -> Self {
        self.inference = inference;
        self
    }

    /// What a column holds. Said twice of a column, the later kind counts; of kind
    /// [`Ignore`](FieldKind::Ignore), the column is neither kept nor reported.
    pub fn field(mut self, column: impl Into<String>, kind: FieldKind) -> Self {
        let column = column.into();
        match self.fields.iter_mut().find(|field| field.0 == column) {
            Some(field) => field.1 = kind,
            None => self.fields.push((column, kind)),
        }
        self
    }

    /// Keeps a column as it is written, without using it as a field: a label of the true entity, say.
    pub fn carry(mut self, column: impl Into<String>) -> Self {
        let column = column.into();
        if !self.carried.contains(&column) {
            self.carried.push(column);
        }
        self
    }

    /// Each row is also an order, or a line of one; such a source needs a [key](Self::key).
    pub fn order(mut self, columns: OrderColumns) -> Self {
        self.order = Some(columns);
        self
    }

    /// The name, unique in a run.
    pub fn name(&self) -> &str {
        &self.info.name
    }

    /// What is declared about the source as a whole.
    pub fn info(&self) -> &SourceInfo {
        &self.info
    }

    /// The columns whose kinds are given, in the order given.
    pub fn fields(&self) -> &[(String, FieldKind)] {
        &self.fields
    }

    /// The columns that are kept as they are written, in the order given.
    pub fn carried(&self) -> &[String] {
        &self.carried
    }

    /// The path or glob, if the source is in files.
    pub fn path(&self) -> Option<&Path> {
        match &self.input {
            Input::File(path) => Some(path),
            _ => None,
        }
    }

    /// The key column, if there is one.
    pub fn key_column(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// The column with the time of the last change, if there is one.
    pub fn updated_at_column(&self) -> Option<&str> {
        self.info.updated_at.as_deref()
    }

    /// The columns of the orders, if the rows are orders too.
    pub fn order_columns(&self) -> Option<&OrderColumns> {
        self.order.as_ref()
    }

    /// Whether the kinds of columns that are not listed are to be inferred.
    pub fn inference(&self) -> Inference {
        self.inference
    }

    pub(super) fn input(&self) -> &Input {
        &self.input
    }

    /// The place that errors about this source name.
    pub(super) fn place(&self) -> String {
        place(&self.info.name)
    }

    /// Every column that a declaration names, with the word for that declaration, each column once.
    pub(super) fn named_columns(&self) -> Vec<(&str, &'static str)> {
        let mut named: Vec<(&str, &'static str)> = Vec::new();
        let fields = self.fields.iter().map(|(column, _)| (column.as_str(), "fields"));
        let exclusive = self.info.exclusive.iter().map(|column| (column.as_str(), "exclusive"));
        let carried = self.carried.iter().map(|column| (column.as_str(), "carry"));
        let updated_at = self.info.updated_at.iter().map(|column| (column.as_str(), "updated_at"));
        let key = self.key.iter().map(|column| (column.as_str(), "key"));
        let order = self.order.iter().flat_map(OrderColumns::columns).map(|column| (column, "order"));
        for (column, place) in
            key.chain(updated_at).chain(fields).chain(exclusive).chain(carried).chain(order)
        {
            if named.iter().all(|earlier| earlier.0 != column) {
                named.push((column, place));
            }
        }
        named
    }

    /// The columns whose cells are kept, with their kinds: fields that are used, and as
    /// [`Ignore`](FieldKind::Ignore) the columns that are kept for another purpose.
    pub(super) fn kept_columns(&self) -> Vec<(&str, FieldKind)> {
        let mut kept: Vec<(&str, FieldKind)> = Vec::new();
        let used = self.fields.iter().filter(|field| field.1 != FieldKind::Ignore);
        let raw = self.info.updated_at.iter().chain(&self.info.exclusive).chain(&self.carried);
        let fields = used.map(|(column, kind)| (column.as_str(), *kind));
        for column in fields.chain(raw.map(|column| (column.as_str(), FieldKind::Ignore))) {
            if kept.iter().all(|earlier| earlier.0 != column.0) {
                kept.push(column);
            }
        }
        kept
    }
}

fn place(name: &str) -> String {
    format!("source \"{}\"", name.escape_debug())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_kept_once_and_for_any_purpose_but_key_and_ignore() {
        let source = Source::file("crm", "a.csv")
            .key("id")
            .updated_at("changed")
            .field("mail", FieldKind::Email)
            .field("noise", FieldKind::Ignore)
            .field("passport", FieldKind::NationalId)
            .exclusive("passport")
            .exclusive("card")
            .carry("cluster")
            .carry("mail");
        let kept = source.kept_columns();
        let expected = [
            ("mail", FieldKind::Email),
            ("passport", FieldKind::NationalId),
            ("changed", FieldKind::Ignore),
            ("card", FieldKind::Ignore),
            ("cluster", FieldKind::Ignore),
        ];
        assert_eq!(kept, expected);
        assert_eq!(source.named_columns().len(), 7);
    }

    #[test]
    fn the_later_kind_of_a_column_counts() {
        let source = Source::file("a", "a.csv").field("x", FieldKind::Email).field("x", FieldKind::Phone);
        assert_eq!(source.fields(), [("x".to_owned(), FieldKind::Phone)]);
    }
}
