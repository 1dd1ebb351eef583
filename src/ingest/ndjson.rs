//! Reads one file of JSON objects, one per line.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::rc::Rc;

use super::LINE_LIMIT;
use super::json_row::{Fault, JsonRow, Names};
use super::layout::Layout;
use super::open::{Opened, read_error};
use super::rows;
use super::table::{Row, Table};
use crate::error::Result;
use crate::record::{Cell, RejectReason};

/// Reads a file into the table; every line that is not blank becomes a row of the table or a reject.
pub(super) fn read(opened: Opened<'_>, table: &mut Table<'_>) -> Result<()> {
    let Opened { path, reader, encoding, transcoded, .. } = opened;
    table.encoding(path.display().to_string(), encoding);
    table.mention_declared()?;
    let mut reader = BufReader::with_capacity(1 << 16, reader);
    let (mut bytes, mut layouts) = (Vec::new(), Layouts::default());
    for line in 1.. {
        bytes.clear();
        let limit = LINE_LIMIT as u64 + 1;
        let read = reader.by_ref().take(limit).read_until(b'\n', &mut bytes);
        if read.map_err(|error| read_error(&path, error))? == 0 {
            break;
        }
        if bytes.len() > LINE_LIMIT && bytes.last() != Some(&b'\n') {
            reader.skip_until(b'\n').map_err(|error| read_error(&path, error))?;
            let reason = format!("a line of more than {LINE_LIMIT} bytes");
            reject(line, Fault { field: None, reason }, table);
        } else if !bytes.trim_ascii().is_empty() {
            take(&bytes, line, transcoded, &mut layouts, table)?;
        }
    }
    Ok(())
}

/// The columns of rows, kept as most rows have the names of the row before or of one not long ago.
#[derive(Default)]
struct Layouts {
    last: Option<(Names, Rc<Layout>)>,
    known: BTreeMap<Names, Rc<Layout>>,
    /// How many names all of `known` have.
    held: usize,
}

/// Names that are kept of rows that were read; rows with names of their own would fill the memory.
const HELD: usize = 1 << 16;

impl Layouts {
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

/// Takes a line that is not blank into the table.
fn take(
    bytes: &[u8],
    line: u64,
    transcoded: bool,
    layouts: &mut Layouts,
    table: &mut Table<'_>,
) -> Result<()> {
    let read = match std::str::from_utf8(bytes) {
        Ok(text) => JsonRow::read(text.trim_ascii_end()),
        Err(error) => {
            let reason = format!("not UTF-8 at byte {}", error.valid_up_to() + 1);
            Err(Fault { field: None, reason })
        }
    };
    let row = match read {
        Ok(row) => row,
        Err(fault) => {
            reject(line, fault, table);
            return Ok(());
        }
    };
    let layout = if let Some(layout) = layouts.find(&row.names) {
        layout
    } else {
        let columns: Vec<String> = row.names.iter().map(column_name).collect();
        if let Some(twice) = twice(&columns) {
            let reason = "the name occurs twice in the object".to_owned();
            reject(line, Fault { field: Some(twice), reason }, table);
            return Ok(());
        }
        layouts.keep(&row.names, table.sparse_layout(columns)?)
    };
    let cells: Vec<Cell<'_>> =
        row.cells.iter().map(|text| text.as_deref().map_or(Cell::Cleared, rows::cell)).collect();
    let miscoded: Vec<usize> = if transcoded {
        let replaced = |cell: &Cell<'_>| cell.value().is_some_and(|text| text.contains(REPLACED));
        cells.iter().enumerate().filter(|(_, cell)| replaced(cell)).map(|(column, _)| column).collect()
    } else {
        Vec::new()
    };
    rows::take(&Row { line, cells: &cells, miscoded: &miscoded }, &layout, table)
}

/// What stands in a transcoded text for bytes that its encoding does not define.
const REPLACED: char = char::REPLACEMENT_CHARACTER;

fn reject(line: u64, fault: Fault, table: &mut Table<'_>) {
    table.reject(line, None, fault.field, RejectReason::Unreadable { reason: fault.reason });
}

/// White space around a name is left out, and within it one space.
fn column_name(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn twice(names: &[String]) -> Option<String> {
    let mut sorted: Vec<&String> = names.iter().collect();
    sorted.sort_unstable();
    sorted.iter().zip(sorted.iter().skip(1)).find(|(a, b)| a == b).map(|(name, _)| (*name).clone())
}
