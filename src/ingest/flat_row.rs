//! A row that names its own cells, nested values flattened.

use std::borrow::Cow;

use super::rows::cell;
use super::{NAME_LIMIT, ROW_LIMIT};
use crate::record::Cell;

/// The cells of a row with their names, in the order of the row.
#[derive(Debug, Default)]
pub(super) struct FlatRow<'t> {
    names: Names,
    cells: Vec<RowCell<'t>>,
    /// The name of the value that is read next.
    pub(super) path: String,
}

/// A cell of a row that names its own cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum RowCell<'t> {
    Absent,
    Cleared,
    Text(Cow<'t, str>),
}

/// The names of a row's cells, one after the other in one text.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Names {
    text: String,
    ends: Vec<usize>,
}

/// Why something is no row.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// The name of the value at fault, where there is one.
    pub(super) field: Option<String>,
    pub(super) reason: String,
}

impl<'t> FlatRow<'t> {
    pub(super) fn names(&self) -> &Names {
        &self.names
    }

    /// One per name.
    pub(super) fn cells(&self) -> &[RowCell<'t>] {
        &self.cells
    }

    /// Adds a cell with the name in `path`.
    pub(super) fn push(&mut self, cell: RowCell<'t>) -> Result<(), Fault> {
        if self.path.len() > NAME_LIMIT {
            let reason = format!("a name of {} bytes (limit {NAME_LIMIT})", self.path.len());
            return Err(Fault { field: None, reason });
        }
        if self.cells.len() == ROW_LIMIT {
            let reason = format!("more than {ROW_LIMIT} values in one row");
            return Err(Fault { field: None, reason });
        }
        self.names.push(&self.path);
        self.cells.push(cell);
        Ok(())
    }

    /// A fault of the value that `path` names.
    pub(super) fn fault(&self, reason: String) -> Fault {
        let field = (self.path.len() <= NAME_LIMIT).then(|| self.path.clone());
        Fault { field, reason }
    }
}

impl RowCell<'_> {
    pub(super) fn as_cell(&self) -> Cell<'_> {
        match self {
            RowCell::Absent => Cell::Absent,
            RowCell::Cleared => Cell::Cleared,
            RowCell::Text(text) => cell(text),
        }
    }
}

impl Names {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).filter_map(|(start, &end)| self.text.get(start..end))
    }

    fn push(&mut self, name: &str) {
        self.text.push_str(name);
        self.ends.push(self.text.len());
    }
}
