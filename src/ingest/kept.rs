//! A column whose cells are kept while a source is read.

use std::borrow::Cow;

use super::order::OrderColumns;
use super::source::Source;
use crate::record::{ABSENT, CLEARED, Cell, Dictionary, EMPTY, Interner, RawColumn, STATES};
use crate::schema::FieldKind;

/// A column whose cells are kept, one per row that won.
pub(super) struct Kept<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) kind: FieldKind,
    pub(super) purpose: Purpose,
    values: Interner,
    /// The row of the first code. Rows before it, and those behind the last one, have no cell: among rows that name their
    /// own cells a name can be one row's alone, and then takes one row's room.
    first: usize,
    codes: Vec<u32>,
}

/// What a column is kept for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// It becomes a column of the records.
    Record,
    /// The orders alone.
    Order,
    /// No declaration names it: what it is for is decided when the last row is read.
    Undecided,
    /// It is not used.
    None,
}

impl<'a> Kept<'a> {
    /// The columns that a source declares.
    pub(super) fn declared(source: &'a Source) -> Vec<Self> {
        let mut columns: Vec<Self> = source
            .kept_columns()
            .into_iter()
            .map(|(name, kind)| Kept::new(Cow::Borrowed(name), kind, Purpose::Record))
            .collect();
        for name in source.order_columns().into_iter().flat_map(OrderColumns::columns) {
            if columns.iter().all(|column| column.name != name) {
                columns.push(Kept::new(Cow::Borrowed(name), FieldKind::Ignore, Purpose::Order));
            }
        }
        columns
    }

    /// A column that no declaration names.
    pub(super) fn undecided(name: &str) -> Self {
        Kept::new(Cow::Owned(name.to_owned()), FieldKind::Ignore, Purpose::Undecided)
    }

    fn new(name: Cow<'a, str>, kind: FieldKind, purpose: Purpose) -> Self {
        Kept { name, kind, purpose, values: Interner::new(), first: 0, codes: Vec::new() }
    }

    /// Sets the cell of a row.
    pub(super) fn set(&mut self, slot: usize, cell: Cell<'_>) {
        let encoded = match cell {
            Cell::Absent => ABSENT,
            Cell::Empty => EMPTY,
            Cell::Cleared => CLEARED,
            Cell::Value(text) => self.values.intern(text).saturating_add(STATES),
        };
        if self.codes.is_empty() {
            self.first = slot;
        } else if slot < self.first {
            // A row that won long ago is replaced by one that names more.
            self.codes.splice(0..0, std::iter::repeat_n(ABSENT, self.first - slot));
            self.first = slot;
        }
        let at = slot - self.first;
        if at >= self.codes.len() {
            self.codes.resize(at + 1, ABSENT);
        }
        if let Some(code) = self.codes.get_mut(at) {
            *code = encoded;
        }
    }

    /// Sets the cells of rows that follow each other, from this one on and behind all that have been set.
    pub(super) fn append<'c>(&mut self, slot: usize, cells: impl ExactSizeIterator<Item = Cell<'c>>) {
        const TEXT: u32 = u32::MAX;
        if self.codes.is_empty() {
            self.first = slot;
        }
        let start = slot - self.first;
        self.codes.resize(start, ABSENT);
        let mut texts = Vec::with_capacity(cells.len());
        self.codes.extend(cells.map(|cell| match cell {
            Cell::Absent => ABSENT,
            Cell::Empty => EMPTY,
            Cell::Cleared => CLEARED,
            Cell::Value(text) => {
                texts.push(text);
                TEXT
            }
        }));
        let appended = self.codes.iter_mut().skip(start).filter(|code| **code == TEXT);
        for (code, number) in appended.zip(self.values.intern_all(&texts)) {
            *code = number.saturating_add(STATES);
        }
    }

    /// Empties the cell of a row.
    pub(super) fn clear(&mut self, slot: usize) {
        if let Some(code) = slot.checked_sub(self.first).and_then(|at| self.codes.get_mut(at)) {
            *code = ABSENT;
        }
    }

    fn code(&self, slot: usize) -> u32 {
        let code = slot.checked_sub(self.first).and_then(|at| self.codes.get(at));
        code.copied().unwrap_or(ABSENT)
    }

    /// The number of a row's text in the dictionary, if it has one.
    pub(super) fn number(&self, slot: usize) -> Option<u32> {
        self.code(slot).checked_sub(STATES)
    }

    /// True when two rows have the same cell.
    pub(super) fn is_same(&self, one: usize, other: usize) -> bool {
        self.code(one) == self.code(other)
    }

    pub(super) fn cell(&self, slot: usize) -> Cell<'_> {
        match self.code(slot) {
            ABSENT => Cell::Absent,
            EMPTY => Cell::Empty,
            CLEARED => Cell::Cleared,
            code => Cell::Value(self.values.dictionary().get(code - STATES)),
        }
    }

    /// The distinct texts, those of rows that lost included.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.dictionary().iter()
    }

    /// The distinct texts by their numbers.
    pub(super) fn dictionary(&self) -> &Dictionary {
        self.values.dictionary()
    }

    /// The number of each row's text in the dictionary, if it has one.
    pub(super) fn numbers(&self, rows: usize) -> impl ExactSizeIterator<Item = Option<u32>> + '_ {
        (0..rows).map(|slot| self.number(slot))
    }

    /// Gives up the cells: the column is not used.
    pub(super) fn discard(&mut self) {
        self.purpose = Purpose::None;
        (self.values, self.codes) = (Interner::new(), Vec::new());
    }

    /// The column of these rows alone.
    pub(super) fn pick(&self, slots: &[u32]) -> RawColumn {
        let codes = slots.iter().map(|&slot| self.code(slot as usize));
        RawColumn::from_codes(self.name.as_ref(), self.kind, self.values.dictionary(), codes)
    }
}
