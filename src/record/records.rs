//! Normalised records: one row of value ids per record, one dictionary per field.

use serde::{Deserialize, Serialize};

use crate::id::{FieldId, RecordId, SourceId, ValueId};
use crate::record::{Dictionary, Interner, RawRecords};
use crate::schema::{Field, Schema};

/// What a record turned out to be.
///
/// Persons and organisations are never proposed to each other; unknown records are proposed to both.
///
/// ```
/// use onefold::record::EntityClass;
/// assert!(!EntityClass::Person.may_match(EntityClass::Organisation));
/// assert!(EntityClass::Unknown.may_match(EntityClass::Organisation));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntityClass {
    /// A person.
    Person,
    /// An organisation.
    Organisation,
    /// Neither a person name nor an organisation name is present.
    Unknown,
}

impl EntityClass {
    /// The name: `person`, `organisation` or `unknown`.
    pub fn as_str(self) -> &'static str {
        match self {
            EntityClass::Person => "person",
            EntityClass::Organisation => "organisation",
            EntityClass::Unknown => "unknown",
        }
    }

    /// True unless one is a person and the other an organisation.
    pub fn may_match(self, other: EntityClass) -> bool {
        self == other || self == EntityClass::Unknown || other == EntityClass::Unknown
    }
}

/// One normalised field: its dictionary, and where its ids stand in a record's row.
///
/// ```
/// use onefold::{FieldKind, RecordId, ValueId, record::ColumnBuilder, schema::Field};
/// let mut builder = ColumnBuilder::new(Field::new(FieldKind::City, ""));
/// builder.push(RecordId(0), "ulm");
/// builder.push(RecordId(2), "ulm");
/// let column = builder.finish();
/// assert_eq!(column.text(ValueId(1)), "ulm");
/// assert_eq!(column.count(ValueId(1)), 2);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    field: Field,
    values: Dictionary,
    counts: Vec<u32>,
    filled: u32,
    offset: usize,
    width: usize,
}

impl Column {
    /// The field that the column holds.
    pub fn field(&self) -> &Field {
        &self.field
    }

    /// The text of a value.
    ///
    /// # Panics
    /// If the value is missing or not of this column.
    pub fn text(&self, value: ValueId) -> &str {
        self.values.get(value.0 - 1)
    }

    /// Where the text of a value is: a dictionary and a number in it.
    pub(crate) fn place(&self, value: ValueId) -> (&Dictionary, u32) {
        (&self.values, value.0 - 1)
    }

    /// How many distinct values there are; their ids are 1 to this number.
    pub fn distinct(&self) -> usize {
        self.values.len()
    }

    /// All values with their ids.
    pub fn values(&self) -> impl ExactSizeIterator<Item = (ValueId, &str)> + '_ {
        self.values.iter().enumerate().map(|(i, text)| (ValueId(i as u32 + 1), text))
    }

    /// In how many records a value occurs; 0 for [`ValueId::MISSING`].
    pub fn count(&self, value: ValueId) -> u32 {
        self.counts[value.index()]
    }

    /// In how many records the field has a value.
    pub fn filled(&self) -> u32 {
        self.filled
    }

    /// The largest number of values that a record has.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Where the field's ids begin in a record's row.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// The field's ids in a record's row: the values first, [`ValueId::MISSING`] after them.
    pub fn slice<'a>(&self, row: &'a [ValueId]) -> &'a [ValueId] {
        &row[self.offset..self.offset + self.width]
    }

    /// Heap bytes held.
    pub fn bytes(&self) -> usize {
        self.values.bytes() + self.counts.capacity() * size_of::<u32>()
    }
}

/// Builds one [`Column`] from values that come in the order of their records.
///
/// ```
/// use onefold::{FieldKind, RecordId, record::ColumnBuilder, schema::Field};
/// let mut phones = ColumnBuilder::new(Field::new(FieldKind::Phone, ""));
/// phones.push(RecordId(0), "+4930123");
/// phones.push(RecordId(0), "+4930456");
/// phones.push(RecordId(0), "+4930123"); // a repeat within a record is one value
/// assert_eq!(phones.finish().width(), 2);
/// ```
#[derive(Clone, Debug)]
pub struct ColumnBuilder {
    field: Field,
    interner: Interner,
    counts: Vec<u32>,
    cells: Vec<(u32, ValueId)>,
}

impl ColumnBuilder {
    /// A column without values.
    pub fn new(field: Field) -> Self {
        ColumnBuilder { field, interner: Interner::new(), counts: vec![0], cells: Vec::new() }
    }

    /// Adds a value to a record; records come in ascending order. Empty text and repeats are ignored.
    pub fn push(&mut self, record: RecordId, text: &str) {
        if !text.is_empty() {
            let id = self.number(text);
            self.push_number(record, id);
        }
    }

    /// The id of a value, a new one at its first appearance.
    pub(crate) fn number(&mut self, text: &str) -> ValueId {
        ValueId(self.interner.intern(text) + 1)
    }

    /// As [`push`](Self::push), with the [number](Self::number) of the value.
    pub(crate) fn push_number(&mut self, record: RecordId, id: ValueId) {
        debug_assert!(self.cells.last().is_none_or(|&(last, _)| last <= record.0), "records ascend");
        if self.cells.iter().rev().take_while(|cell| cell.0 == record.0).any(|cell| cell.1 == id) {
            return;
        }
        if self.counts.len() <= id.index() {
            self.counts.push(0);
        }
        self.counts[id.index()] += 1;
        self.cells.push((record.0, id));
    }

    /// True when no record has a value.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The column, outside of any [`Records`].
    pub fn finish(self) -> Column {
        self.split().0
    }

    /// The column, and its cells in the order of records.
    fn split(self) -> (Column, Vec<(u32, ValueId)>) {
        let runs = || self.cells.chunk_by(|a, b| a.0 == b.0);
        let column = Column {
            width: runs().map(<[_]>::len).max().unwrap_or(0),
            filled: runs().count() as u32,
            field: self.field,
            values: self.interner.finish(),
            counts: self.counts,
            offset: 0,
        };
        (column, self.cells)
    }
}

/// The normalised records of a run, with the raw ones that they came from.
///
/// ```
/// use onefold::{FieldKind, RecordId, record::*, schema::Field};
/// let source = SourceTable::new(SourceInfo::new("crm"), vec!["1".into(), "2".into()], vec![2, 3], vec![]);
/// let mut city = ColumnBuilder::new(Field::new(FieldKind::City, ""));
/// city.push(RecordId(1), "ulm");
/// let classes = vec![EntityClass::Person; 2];
/// let records = RecordsBuilder::new(RawRecords::new(vec![source]), classes).column(city).finish();
/// let column = &records.columns()[0];
/// assert!(column.slice(records.row(RecordId(0)))[0].is_missing());
/// assert_eq!(column.text(column.slice(records.row(RecordId(1)))[0]), "ulm");
/// ```
#[derive(Clone, Debug)]
pub struct Records {
    schema: Schema,
    columns: Vec<Column>,
    stride: usize,
    rows: Vec<ValueId>,
    classes: Vec<EntityClass>,
    sources: Vec<SourceId>,
    raw: RawRecords,
}

impl Records {
    /// How many records there are.
    pub fn len(&self) -> usize {
        self.classes.len()
    }

    /// True when there are no records.
    pub fn is_empty(&self) -> bool {
        self.classes.is_empty()
    }

    /// All record ids.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = RecordId> + use<> {
        (0..self.len() as u32).map(RecordId)
    }

    /// Reads a little of every line of the cache that a record's row is in.
    #[inline]
    pub(crate) fn touch(&self, record: RecordId) -> u32 {
        /// Ids in a line of the cache.
        const LINE: usize = 16;
        let row = self.row(record);
        let last = row.last().map_or(0, |id| id.0);
        row.iter().step_by(LINE).fold(last, |all, id| all ^ id.0)
    }

    /// Looks at the rows of some records. Those that belong together lie far apart: what is read of many of them at once
    /// arrives at once, where one by one each would be waited for.
    pub(crate) fn fetch(&self, records: impl Iterator<Item = RecordId>) {
        let touched = records.fold(0, |all, record| all ^ self.touch(record));
        std::hint::black_box(touched);
    }

    /// The fields; a column's position is its [`FieldId`].
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// One column per field of the schema.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The column of a field.
    pub fn column(&self, field: FieldId) -> &Column {
        &self.columns[field.index()]
    }

    /// A record's value ids over all columns.
    pub fn row(&self, record: RecordId) -> &[ValueId] {
        &self.rows[record.index() * self.stride..(record.index() + 1) * self.stride]
    }

    /// What a record is.
    pub fn class(&self, record: RecordId) -> EntityClass {
        self.classes[record.index()]
    }

    /// True when both records may be persons: an order with an address alone can be a relative's.
    pub(crate) fn may_be_persons(&self, a: RecordId, b: RecordId) -> bool {
        self.class(a) != EntityClass::Organisation && self.class(b) != EntityClass::Organisation
    }

    /// The source of a record.
    pub fn source(&self, record: RecordId) -> SourceId {
        self.sources[record.index()]
    }

    /// The records as they were written.
    pub fn raw(&self) -> &RawRecords {
        &self.raw
    }

    /// The texts of a field's values in a record.
    pub fn texts(&self, record: RecordId, field: FieldId) -> impl Iterator<Item = &str> + '_ {
        let column = self.column(field);
        let ids = column.slice(self.row(record));
        ids.iter().filter(|id| !id.is_missing()).map(|&id| column.text(id))
    }

    /// Heap bytes held by the normalised columns and rows.
    pub fn bytes(&self) -> usize {
        self.columns.iter().map(Column::bytes).sum::<usize>() + self.rows.capacity() * size_of::<ValueId>()
    }
}

/// Puts finished columns together as [`Records`].
///
/// ```
/// use onefold::record::{RawRecords, RecordsBuilder};
/// assert!(RecordsBuilder::new(RawRecords::default(), vec![]).finish().is_empty());
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct RecordsBuilder {
    raw: RawRecords,
    classes: Vec<EntityClass>,
    columns: Vec<ColumnBuilder>,
}

impl RecordsBuilder {
    /// Records without fields; one class per raw record.
    pub fn new(raw: RawRecords, classes: Vec<EntityClass>) -> Self {
        debug_assert_eq!(raw.len(), classes.len());
        RecordsBuilder { raw, classes, columns: Vec::new() }
    }

    /// Adds a column; one without values is left out.
    pub fn column(mut self, column: ColumnBuilder) -> Self {
        if !column.is_empty() {
            self.columns.push(column);
        }
        self
    }

    /// Orders the columns by field, lays out the rows and fills them.
    pub fn finish(mut self) -> Records {
        self.columns.sort_by(|a, b| a.field.cmp(&b.field));
        let (mut columns, cells): (Vec<Column>, Vec<_>) =
            self.columns.into_iter().map(ColumnBuilder::split).unzip();
        let mut stride = 0;
        for column in &mut columns {
            column.offset = stride;
            stride += column.width;
        }
        let mut rows = vec![ValueId::MISSING; stride * self.classes.len()];
        for (column, cells) in columns.iter().zip(&cells) {
            for run in cells.chunk_by(|a, b| a.0 == b.0) {
                let start = run[0].0 as usize * stride + column.offset;
                for (slot, &(_, id)) in rows[start..].iter_mut().zip(run) {
                    *slot = id;
                }
            }
        }
        let sources = (0..self.raw.sources().len())
            .flat_map(|s| self.raw.records_of(SourceId(s as u16)).map(move |_| SourceId(s as u16)))
            .collect();
        let schema = Schema::new(columns.iter().map(|column| column.field.clone()).collect());
        Records { schema, columns, stride, rows, classes: self.classes, sources, raw: self.raw }
    }
}
