//! Reads one file of JSON objects, one per line.

use std::io::{BufRead, BufReader, Read};

use super::LINE_LIMIT;
use super::flat_row::Fault;
use super::json_row;
use super::layouts::{self, Layouts};
use super::open::{Opened, read_error};
use super::table::Table;
use crate::error::Result;

/// Reads a file into the table; every line that is not blank becomes a row of the table or a reject.
pub(super) fn read(opened: Opened<'_>, table: &mut Table<'_>) -> Result<()> {
    let Opened { path, reader, encoding, transcoded, .. } = opened;
    table.encoding(path.display().to_string(), encoding);
    table.mention_declared(|_| true)?;
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
            layouts::reject(line, Fault { field: None, reason }, table);
        } else if !bytes.trim_ascii().is_empty() {
            take(&bytes, line, transcoded, &mut layouts, table)?;
        }
    }
    Ok(())
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
        Ok(text) => json_row::read(text.trim_ascii_end()),
        Err(error) => {
            let reason = format!("not UTF-8 at byte {}", error.valid_up_to() + 1);
            Err(Fault { field: None, reason })
        }
    };
    match read {
        Ok(row) => layouts.take(&row, line, transcoded, table),
        Err(fault) => {
            layouts::reject(line, fault, table);
            Ok(())
        }
    }
}
