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

    /// A column that no declaration names, first seen after this many rows won.
    pub(super) fn undecided(name: &str, rows: usize) -> Self {
        let column = Kept::new(Cow::Owned(name.to_owned()), FieldKind::Ignore, Purpose::Undecided);
        Kept { codes: vec![ABSENT; rows], ..column }
    }

    fn new(name: Cow<'a, str>, kind: FieldKind, purpose: Purpose) -> Self {
        Kept { name, kind, purpose, values: Interner::new(), codes: Vec::new() }
    }

    /// Appends the cell of another row, absent until it is set.
    pub(super) fn push(&mut self) {
        self.codes.push(ABSENT);
    }

    /// Sets the cell of a row.
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

    pub(super) fn cell(&self, slot: usize) -> Cell<'_> {
        match self.codes.get(slot).copied().unwrap_or(ABSENT) {
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
    pub(super) fn numbers(&self) -> impl ExactSizeIterator<Item = Option<u32>> + '_ {
        self.codes.iter().map(|code| code.checked_sub(STATES))
    }

    /// Gives up the cells: the column is not used.
    pub(super) fn discard(&mut self) {
        self.purpose = Purpose::None;
        (self.values, self.codes) = (Interner::new(), Vec::new());
    }

    /// The column of the records that are in these rows.
    pub(super) fn records(self, slots: &[usize]) -> RawColumn {
        let codes = slots.iter().map(|&slot| self.codes.get(slot).copied().unwrap_or(ABSENT));
        RawColumn::from_codes(self.name, self.kind, self.values.dictionary(), codes)
    }
}

/// The positions of columns in ascending order of their names.
pub(super) fn by_name(columns: &[Kept<'_>]) -> Vec<usize> {
    let mut positions: Vec<usize> = (0..columns.len()).collect();
    positions.sort_by_key(|&position| columns.get(position).map(|column| column.name.as_ref()));
    positions
}
