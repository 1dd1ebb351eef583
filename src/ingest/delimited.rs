//! Reads one delimited text file row by row.

use std::borrow::Cow;
use std::io::Read;
use std::path::Path;

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::CELL_LIMIT;
use super::encoding::decode;
use super::layout::Layout;
use super::lines::{Lines, is_end, is_open_ended};
use super::open::{Opened, read_error};
use super::rows::cell;
use super::table::{Row, Table};
use crate::error::{Error, Result};
use crate::record::{Cell, RejectReason};

/// Reads a file into the table; every row becomes a row of the table or a reject.
pub(super) fn read(opened: Opened<'_>, delimiter: u8, table: &mut Table<'_>) -> Result<()> {
    let Opened { path, reader, encoding, transcoded, .. } = opened;
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .buffer_capacity(1 << 16)
        .from_reader(Lines::new(reader));
    let mut row = ByteRecord::new();
    next(&mut reader, &mut row, &path)?;
    let names = header(&row, &path)?;
    let place = format!("{} ({})", table.source().place(), path.display());
    let layout = table.layout(names, &place)?;
    table.encoding(path.display().to_string(), encoding);
    while let Some(line) = next(&mut reader, &mut row, &path)? {
        take(&row, line, &layout, transcoded, table)?;
    }
    Ok(())
}

/// Reads the next row and tells its line; nothing after the last one.
fn next<R: Read>(reader: &mut Reader<Lines<R>>, row: &mut ByteRecord, path: &Path) -> Result<Option<u64>> {
    let more = reader.read_byte_record(row).map_err(|error| match error.into_kind() {
        csv::ErrorKind::Io(error) => read_error(path, error),
        _ => Error::io(path, "cannot be read as rows", None),
    })?;
    if !more || is_end(row) {
        return Ok(None);
    }
    let start = row.position().map_or(0, csv::Position::byte);
    Ok(Some(reader.get_mut().line_at(start)))
}

/// The names of the columns; white space around them is left out, and within them, line breaks included, one space.
fn header(row: &ByteRecord, path: &Path) -> Result<Vec<String>> {
    if is_open_ended(row) {
        return Err(Error::io(path, "a quote in the header is never closed", None));
    }
    let mut names: Vec<String> = Vec::with_capacity(row.len());
    for cell in row {
        let words = decode(cell).0;
        names.push(words.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    let mut sorted: Vec<&String> = names.iter().collect();
    sorted.sort_unstable();
    for (a, b) in sorted.iter().zip(sorted.iter().skip(1)) {
        if a == b {
            return Err(Error::io(path, format!("the header has the column `{a}` twice"), None));
        }
    }
    Ok(names)
}

fn take(row: &ByteRecord, line: u64, layout: &Layout, transcoded: bool, table: &mut Table<'_>) -> Result<()> {
    if let Some((column, reason)) = fault(row, layout) {
        let field = column.map(|column| layout.name(column).to_owned()).filter(|name| !name.is_empty());
        table.reject(line, key(row, layout), field, reason);
        return Ok(());
    }
    if let Some(cells) = cells(row)
        && !transcoded
    {
        return table.push(layout, &Row { line, cells: &cells, miscoded: &[] });
    }
    let decoded: Vec<(Cow<'_, str>, bool)> = row.iter().map(decode).collect();
    let mut cells = Vec::with_capacity(decoded.len());
    let mut miscoded = Vec::new();
    for (column, (text, wrong)) in decoded.iter().enumerate() {
        cells.push(cell(text));
        if *wrong || (transcoded && text.contains(char::REPLACEMENT_CHARACTER)) {
            miscoded.push(column);
        }
    }
    table.push(layout, &Row { line, cells: &cells, miscoded: &miscoded })
}

/// The cells of a row that is UTF-8 throughout, which is checked once for all of them; none if a character spans
/// two cells.
fn cells(row: &ByteRecord) -> Option<Vec<Cell<'_>>> {
    let text = std::str::from_utf8(row.as_slice()).ok()?;
    (0..row.len()).map(|column| text.get(row.range(column)?).map(cell)).collect()
}

/// Why the row cannot be taken, and the column at fault.
fn fault(row: &ByteRecord, layout: &Layout) -> Option<(Option<usize>, RejectReason)> {
    if is_open_ended(row) {
        let reason = "a quote is opened in this row and not closed before the end of the file".to_owned();
        return Some((None, RejectReason::Unreadable { reason }));
    }
    if row.as_slice().len() > CELL_LIMIT
        && let Some((column, cell)) = row.iter().enumerate().find(|(_, cell)| cell.len() > CELL_LIMIT)
    {
        return Some((Some(column), RejectReason::CellTooLong { bytes: cell.len(), limit: CELL_LIMIT }));
    }
    let (expected, found) = (layout.names().len(), row.len());
    if expected != found {
        return Some((None, RejectReason::Ragged { expected, found }));
    }
    if row.as_slice().contains(&0) {
        return Some((row.iter().position(|cell| cell.contains(&0)), RejectReason::NulByte));
    }
    None
}

/// The key of a row that cannot be taken; cells can be told apart only if there are as many as there should be.
fn key(row: &ByteRecord, layout: &Layout) -> Option<String> {
    let key = row.get(layout.key()?)?;
    let readable = row.len() == layout.names().len() && key.len() <= CELL_LIMIT && !key.contains(&0);
    let text = decode(key).0;
    (readable && !text.trim().is_empty()).then(|| text.into_owned())
}
