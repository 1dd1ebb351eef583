//! Cells as they were written.

use crate::id::{RecordId, SourceId};
use crate::record::{Dictionary, Interner, Renumber};
use crate::schema::{EntityKind, FieldKind};

/// The state of one cell.
///
/// ```
/// use onefold::record::Cell;
/// assert_eq!(Cell::Value("Ada").value(), Some("Ada"));
/// assert_eq!(Cell::Cleared.value(), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cell<'a> {
    /// The source has no such column, or the row does not mention it.
    Absent,
    /// The cell is there and holds nothing or only white space.
    Empty,
    /// The source says that the value was deleted: an explicit null.
    Cleared,
    /// The text as written.
    Value(&'a str),
}

impl<'a> Cell<'a> {
    /// The text, if the cell has one.
    pub fn value(self) -> Option<&'a str> {
        match self {
            Cell::Value(text) => Some(text),
            _ => None,
        }
    }
}

/// What is declared about a source.
///
/// ```
/// let info = onefold::record::SourceInfo::new("crm");
/// assert!(!info.duplicate_free);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SourceInfo {
    /// The name, unique in a run.
    pub name: String,
    /// What its rows are.
    pub entity: EntityKind,
    /// The source promises at most one record per entity.
    pub duplicate_free: bool,
    /// Columns of which one entity has one value.
    pub exclusive: Vec<String>,
    /// The column with the source's own time of the last change, which is kept as it was written.
    pub updated_at: Option<String>,
}

impl SourceInfo {
    /// A source of persons without promises.
    pub fn new(name: impl Into<String>) -> Self {
        SourceInfo {
            name: name.into(),
            entity: EntityKind::Person,
            duplicate_free: false,
            exclusive: Vec::new(),
            updated_at: None,
        }
    }
}

/// A column's cells: a dictionary of the texts, and one code per row.
///
/// ```
/// use onefold::{FieldKind, record::{Cell, RawColumn}};
/// let column = RawColumn::from_cells("city", FieldKind::City, [Cell::Value("Ulm"), Cell::Empty]);
/// assert_eq!(column.cell(0), Cell::Value("Ulm"));
/// assert_eq!(column.cell(1), Cell::Empty);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawColumn {
    name: String,
    kind: FieldKind,
    values: Dictionary,
    codes: Codes,
}

/// One code per row, each in as many bytes as the largest that there can be needs: the columns of a source are held in
/// memory as long as its records, and most have few distinct texts for their rows.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Codes {
    One(Vec<u8>),
    Two(Vec<u16>),
    Four(Vec<u32>),
}

impl Codes {
    /// The codes of the states and of so many distinct texts.
    fn new(codes: Vec<u32>, texts: usize) -> Self {
        match texts + STATES as usize {
            0..=0x100 => Codes::One(codes.into_iter().map(|code| code as u8).collect()),
            0x101..=0x1_0000 => Codes::Two(codes.into_iter().map(|code| code as u16).collect()),
            _ => Codes::Four(codes),
        }
    }

    fn get(&self, row: usize) -> u32 {
        match self {
            Codes::One(codes) => codes[row].into(),
            Codes::Two(codes) => codes[row].into(),
            Codes::Four(codes) => codes[row],
        }
    }

    fn len(&self) -> usize {
        match self {
            Codes::One(codes) => codes.len(),
            Codes::Two(codes) => codes.len(),
            Codes::Four(codes) => codes.len(),
        }
    }
}

/// The codes of the states; from [`STATES`] on, a value's code is its number plus that.
pub(crate) const ABSENT: u32 = 0;
pub(crate) const EMPTY: u32 = 1;
pub(crate) const CLEARED: u32 = 2;
pub(crate) const STATES: u32 = 3;

impl RawColumn {
    /// A column from its cells in row order.
    pub fn from_cells<'a>(
        name: impl Into<String>,
        kind: FieldKind,
        cells: impl IntoIterator<Item = Cell<'a>>,
    ) -> Self {
        let mut values = Interner::new();
        let codes = cells
            .into_iter()
            .map(|cell| match cell {
                Cell::Absent => ABSENT,
                Cell::Empty => EMPTY,
                Cell::Cleared => CLEARED,
                Cell::Value(text) => values.intern(text) + STATES,
            })
            .collect();
        RawColumn::new(name.into(), kind, values.finish(), codes)
    }

    /// A column from codes over another dictionary, of which the used texts are numbered in the order of the rows.
    pub(crate) fn from_codes(
        name: impl Into<String>,
        kind: FieldKind,
        texts: &Dictionary,
        codes: impl IntoIterator<Item = u32>,
    ) -> Self {
        let mut numbered = Renumber::new(texts);
        let codes = codes
            .into_iter()
            .map(|code| code.checked_sub(STATES).map_or(code, |text| numbered.number(text) + STATES))
            .collect();
        RawColumn::new(name.into(), kind, numbered.finish(), codes)
    }

    fn new(name: String, kind: FieldKind, values: Dictionary, codes: Vec<u32>) -> Self {
        let codes = Codes::new(codes, values.len());
        RawColumn { name, kind, values, codes }
    }

    /// The column's name in the source.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the column holds.
    pub fn kind(&self) -> FieldKind {
        self.kind
    }

    /// The distinct texts.
    pub fn values(&self) -> &Dictionary {
        &self.values
    }

    /// The number in [`values`](Self::values) of a row's text, if the cell has one.
    pub fn value_number(&self, row: usize) -> Option<u32> {
        self.codes.get(row).checked_sub(STATES)
    }

    /// The cell of a row.
    pub fn cell(&self, row: usize) -> Cell<'_> {
        match self.codes.get(row) {
            ABSENT => Cell::Absent,
            EMPTY => Cell::Empty,
            CLEARED => Cell::Cleared,
            code => Cell::Value(self.values.get(code - STATES)),
        }
    }

    /// How many rows the column has.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// True when the column has no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The records of one source, in ascending order of their keys.
///
/// ```
/// use onefold::{FieldKind, record::{Cell, RawColumn, SourceInfo, SourceTable}};
/// let city = RawColumn::from_cells("city", FieldKind::City, [Cell::Value("Ulm"), Cell::Empty]);
/// let table = SourceTable::new(SourceInfo::new("crm"), vec!["1".into(), "2".into()], vec![2, 3], vec![city]);
/// assert_eq!(table.len(), 2);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceTable {
    info: SourceInfo,
    keys: Dictionary,
    lines: Vec<u64>,
    columns: Vec<RawColumn>,
}

impl SourceTable {
    /// A source's records; `keys`, `lines` and each column have one entry per record, keys ascending and unique.
    pub fn new(info: SourceInfo, keys: Vec<String>, lines: Vec<u64>, columns: Vec<RawColumn>) -> Self {
        SourceTable::with_keys(info, Dictionary::of_distinct(keys), lines, columns)
    }

    /// As [`new`](Self::new), with the keys in their order.
    pub(crate) fn with_keys(
        info: SourceInfo,
        keys: Dictionary,
        lines: Vec<u64>,
        columns: Vec<RawColumn>,
    ) -> Self {
        debug_assert!(keys.iter().zip(keys.iter().skip(1)).all(|(a, b)| a < b), "keys ascend");
        debug_assert!(columns.iter().all(|column| column.len() == keys.len()) && lines.len() == keys.len());
        SourceTable { info, keys, lines, columns }
    }

    /// What is declared about the source.
    pub fn info(&self) -> &SourceInfo {
        &self.info
    }

    /// The records' keys, ascending: the number of a key is its record's row.
    pub fn keys(&self) -> &Dictionary {
        &self.keys
    }

    /// The line (or row number from 1) where each record was read.
    pub fn lines(&self) -> &[u64] {
        &self.lines
    }

    /// The columns that were read, in the file's order.
    pub fn columns(&self) -> &[RawColumn] {
        &self.columns
    }

    /// The column with this name.
    pub fn column(&self, name: &str) -> Option<&RawColumn> {
        self.columns.iter().find(|column| column.name() == name)
    }

    /// How many records the source has.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// True when the source has no records.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}

/// All records of a run as they were written: the sources in order of their names.
///
/// A [`RecordId`] is the rank of (source name, key), so it does not depend on the order of rows or sources.
///
/// ```
/// use onefold::record::{RawRecords, SourceInfo, SourceTable};
/// let b = SourceTable::new(SourceInfo::new("b"), vec!["1".into()], vec![2], vec![]);
/// let a = SourceTable::new(SourceInfo::new("a"), vec!["9".into()], vec![2], vec![]);
/// let raw = RawRecords::new(vec![b, a]);
/// assert_eq!(raw.key(onefold::RecordId(0)), ("a", "9"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawRecords {
    sources: Vec<SourceTable>,
    starts: Vec<u32>,
}

impl RawRecords {
    /// Orders the sources by name and numbers their records.
    pub fn new(mut sources: Vec<SourceTable>) -> Self {
        sources.sort_by(|a, b| a.info.name.cmp(&b.info.name));
        let mut starts = vec![0];
        for source in &sources {
            starts.push(starts[starts.len() - 1] + source.len() as u32);
        }
        RawRecords { sources, starts }
    }

    /// The sources in order of their ids.
    pub fn sources(&self) -> &[SourceTable] {
        &self.sources
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.starts.last().map_or(0, |&end| end as usize)
    }

    /// True when there are no records.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The records of a source, as a range of record ids.
    pub fn records_of(&self, source: SourceId) -> std::ops::Range<u32> {
        self.starts[source.index()]..self.starts[source.index() + 1]
    }

    /// The source of a record.
    pub fn source_of(&self, record: RecordId) -> SourceId {
        SourceId((self.starts.partition_point(|&start| start <= record.0) - 1) as u16)
    }

    /// The source's name and the record's key in it.
    pub fn key(&self, record: RecordId) -> (&str, &str) {
        let (source, row) = self.place(record);
        (&source.info.name, source.keys.get(row as u32))
    }

    /// The record with this key in the source with this name.
    pub fn find(&self, source: &str, key: &str) -> Option<RecordId> {
        let position = self.sources.binary_search_by(|s| s.info.name.as_str().cmp(source)).ok()?;
        let row = self.sources[position].keys.rank(key)?;
        Some(RecordId(self.starts[position] + row))
    }

    /// The source and the row in it of a record.
    pub fn place(&self, record: RecordId) -> (&SourceTable, usize) {
        let source = self.source_of(record).index();
        (&self.sources[source], (record.0 - self.starts[source]) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_columns_with_few_and_many_texts() {
        for texts in [0_u32, 1, 253, 254, 65_533, 65_534] {
            let numbers: Vec<String> = (0..texts).map(|number| number.to_string()).collect();
            let states = [Cell::Absent, Cell::Empty, Cell::Cleared];
            let cells: Vec<Cell<'_>> =
                states.into_iter().chain(numbers.iter().map(|number| Cell::Value(number))).collect();
            let column = RawColumn::from_cells("number", FieldKind::Text, cells.iter().copied());
            assert_eq!((column.len(), column.is_empty()), (cells.len(), false));
            assert!((0..cells.len()).all(|row| column.cell(row) == cells[row]), "{texts}");
            assert_eq!(column.value_number(2), None);
            assert_eq!(column.value_number(cells.len() - 1), texts.checked_sub(1));
        }
    }
}
