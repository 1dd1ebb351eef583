//! The columns of rows that name their own cells.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::flat_row::{Fault, FlatRow, Names, RowCell};
use super::layout::Layout;
use super::rows;
use super::table::{Row, Table};
use crate::error::Result;
use crate::record::{Cell, RejectReason};

/// The columns of rows, kept as most rows have the names of the row before or of one not long ago.
#[derive(Default)]
pub(super) struct Layouts {
    last: Option<(Names, Rc<Layout>)>,
    known: BTreeMap<Names, Rc<Layout>>,
    /// How many names all of `known` have.
    held: usize,
}

/// Names that are kept of rows that were read; rows with names of their own would fill the memory.
const HELD: usize = 1 << 16;

impl Layouts {
    /// Takes a row into the table, or rejects it; in a `transcoded` one, cells may hold what stands for bytes
    /// that the encoding does not define.
    pub(super) fn take(
        &mut self,
        row: &FlatRow<'_>,
        line: u64,
        transcoded: bool,
        table: &mut Table<'_>,
    ) -> Result<()> {
        let layout = if let Some(layout) = self.find(row.names()) {
            layout
        } else {
            let columns: Vec<String> = row.names().iter().map(column_name).collect();
            if let Some(name) = twice(&columns) {
                let reason = "the name occurs twice in the row".to_owned();
                reject(line, Fault { field: Some(name.to_owned()), reason }, table);
                return Ok(());
            }
            self.keep(row.names(), table.sparse_layout(columns)?)
        };
        let cells: Vec<Cell<'_>> = row.cells().iter().map(RowCell::as_cell).collect();
        let miscoded: Vec<usize> = if transcoded {
            let replaced =
                |cell: &Cell<'_>| cell.value().is_some_and(|text| text.contains(char::REPLACEMENT_CHARACTER));
            cells.iter().enumerate().filter(|(_, cell)| replaced(cell)).map(|(column, _)| column).collect()
        } else {
            Vec::new()
        };
        rows::take(&Row { line, cells: &cells, miscoded: &miscoded }, &layout, table)
    }

    fn find(&mut self, names: &Names) -> Option<Rc<Layout>> {
        match &self.last {
            Some((last, layout)) if last == names => Some(Rc::clone(layout)),
            _ => {
                let layout = Rc::clone(self.known.get(names)?);
                self.last = Some((names.clone(), Rc::clone(&layout)));
                Some(layout)
            }
        }
    }

    fn keep(&mut self, names: &Names, layout: Layout) -> Rc<Layout> {
        let layout = Rc::new(layout);
        if self.held + names.len() > HELD {
            self.known.clear();
            self.held = 0;
        }
        self.held += names.len();
        self.known.insert(names.clone(), Rc::clone(&layout));
        self.last = Some((names.clone(), Rc::clone(&layout)));
        layout
    }
}

pub(super) fn reject(line: u64, fault: Fault, table: &mut Table<'_>) {
    table.reject(line, None, fault.field, RejectReason::Unreadable { reason: fault.reason });
}

/// White space around a name is left out, and within it one space.
pub(super) fn column_name(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first name in ascending order that occurs twice.
pub(super) fn twice(names: &[String]) -> Option<&str> {
    let mut sorted: Vec<&String> = names.iter().collect();
    sorted.sort_unstable();
    sorted.iter().zip(sorted.iter().skip(1)).find(|(a, b)| a == b).map(|(name, _)| name.as_str())
}
