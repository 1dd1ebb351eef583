//! Rows in memory.

use std::collections::BTreeMap;

use serde::Serialize;

use super::CELL_LIMIT;
use super::flat_row::RowCell;
use super::layout::Layout;
use super::row_serializer::Flatten;
use super::table::{Row, Table};
use crate::error::{Error, Result};
use crate::record::{Cell, RejectReason};

/// Rows of any serialisable type, flattened.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// Ascending.
    names: Vec<String>,
    /// Per row, the cells that it mentions with the positions of their names.
    rows: Vec<Vec<(usize, RowCell<'static>)>>,
}

impl Rows {
    pub(super) fn collect<T: Serialize>(place: &str, rows: impl IntoIterator<Item = T>) -> Result<Self> {
        let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
        let mut collected = Vec::new();
        for (position, row) in rows.into_iter().enumerate() {
            let wrong = |reason: String| Error::config(place, format!("row {}: {reason}", position + 1));
            let mut cells = Vec::new();
            row.serialize(Flatten::row(&mut cells)).map_err(|error| wrong(error.to_string()))?;
            let mut numbered: Vec<(usize, RowCell<'static>)> = Vec::with_capacity(cells.len());
            for (name, cell) in cells {
                let next = numbers.len();
                let number = match numbers.get(&name) {
                    Some(&number) => number,
                    None => *numbers.entry(name.clone()).or_insert(next),
                };
                if numbered.iter().any(|earlier| earlier.0 == number) {
                    return Err(wrong(format!("the field `{name}` occurs twice")));
                }
                numbered.push((number, cell));
            }
            collected.push(numbered);
        }
        let mut ranks = vec![0; numbers.len()];
        for (rank, &number) in numbers.values().enumerate() {
            if let Some(slot) = ranks.get_mut(number) {
                *slot = rank;
            }
        }
        for cell in collected.iter_mut().flatten() {
            cell.0 = ranks.get(cell.0).copied().unwrap_or_default();
        }
        Ok(Rows { names: numbers.into_keys().collect(), rows: collected })
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// How many columns any of them mentions.
    pub(super) fn columns(&self) -> usize {
        self.names.len()
    }

    /// Takes every row into the table.
    ///
    /// A column that no row mentions is no error here: which ones are mentioned is a matter of the rows' content.
    pub(super) fn read(&self, table: &mut Table<'_>) -> Result<()> {
        let mut names = self.names.clone();
        for (column, _) in table.source().named_columns() {
            if !names.iter().any(|name| name == column) {
                names.push(column.to_owned());
            }
        }
        let place = table.source().place();
        let layout = table.layout(names, &place)?;
        for (row, line) in self.rows.iter().zip(1..) {
            let mut cells = vec![Cell::Absent; layout.names().len()];
            for (column, cell) in row {
                if let Some(slot) = cells.get_mut(*column) {
                    *slot = cell.as_cell();
                }
            }
            take(&Row { line, cells: &cells, miscoded: &[] }, &layout, table)?;
        }
        Ok(())
    }
}

/// The cell that holds this text.
pub(super) fn cell(text: &str) -> Cell<'_> {
    // What nearly all texts begin with needs no look at the rest.
    let filled = text.bytes().next().is_some_and(|first| first.is_ascii_graphic());
    if filled || !text.trim_start().is_empty() { Cell::Value(text) } else { Cell::Empty }
}

/// Takes a row of any size into the table: one with a cell that no text can have is a reject.
pub(super) fn take(row: &Row<'_>, layout: &Layout, table: &mut Table<'_>) -> Result<()> {
    let texts = || row.cells.iter().enumerate().filter_map(|(column, cell)| Some((column, cell.value()?)));
    let too_long = texts()
        .find(|(_, text)| text.len() > CELL_LIMIT)
        .map(|(column, text)| (column, RejectReason::CellTooLong { bytes: text.len(), limit: CELL_LIMIT }));
    let nul = || texts().find(|(_, text)| text.contains('\0')).map(|c| (c.0, RejectReason::NulByte));
    let Some((column, reason)) = too_long.or_else(nul) else {
        return table.push(layout, row);
    };
    let key = layout.key().filter(|&key| key != column);
    let key = key.and_then(|key| row.cells.get(key)?.value()).map(str::to_owned);
    table.reject(row.line, key, Some(layout.name(column).to_owned()), reason);
    Ok(())
}
