//! One column of a source while its rows are read.

use crate::record::{ABSENT, CLEARED, Cell, EMPTY, Interner, RawColumn, STATES};
use crate::schema::FieldKind;

/// What a kept column is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// It becomes a column of the records.
    Record,
    /// It is read for the orders alone.
    Order,
    /// It was kept until its kind was decided, and has none.
    Dropped,
}

/// A column whose cells are kept, one per row that won.
pub(super) struct Kept {
    pub(super) name: String,
    pub(super) kind: FieldKind,
    pub(super) purpose: Purpose,
    values: Interner,
    codes: Vec<u32>,
}

impl Kept {
    pub(super) fn new(name: &str, kind: FieldKind, purpose: Purpose) -> Self {
        Kept { name: name.to_owned(), kind, purpose, values: Interner::new(), codes: Vec::new() }
    }

    /// Makes room for rows up to this number, without cells.
    pub(super) fn grow(&mut self, rows: usize) {
        self.codes.resize(rows.max(self.codes.len()), ABSENT);
    }

    pub(super) fn set(&mut self, slot: usize, cell: Cell<'_>) {
        let encoded = match cell {
            Cell::Absent => ABSENT,
            Cell::Empty => EMPTY,
            Cell::Cleared => CLEARED,
            Cell::Value(text) => self.values.intern(text).saturating_add(STATES),
        };
        if let Some(code) = self.codes.get_mut(slot) {
            *code = encoded;
        }
    }

    /// The distinct texts, those of rows that lost included.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.values.dictionary().iter()
    }

    pub(super) fn cell(&self, slot: usize) -> Cell<'_> {
        match self.codes.get(slot).copied().unwrap_or(ABSENT) {
            ABSENT => Cell::Absent,
            EMPTY => Cell::Empty,
            CLEARED => Cell::Cleared,
            code => Cell::Value(self.values.dictionary().get(code - STATES)),
        }
    }

    /// The column with the cells of these rows.
    pub(super) fn raw(&self, slots: impl IntoIterator<Item = usize>) -> RawColumn {
        let codes = slots.into_iter().map(|slot| self.codes.get(slot).copied().unwrap_or(ABSENT));
        RawColumn::from_codes(self.name.as_str(), self.kind, self.values.dictionary(), codes)
    }
}

/// The positions of columns in ascending order of their names.
pub(super) fn by_name(columns: &[Kept]) -> Vec<usize> {
    let mut positions: Vec<usize> = (0..columns.len()).collect();
    positions.sort_by_key(|&position| columns.get(position).map(|column| column.name.as_str()));
    positions
}
