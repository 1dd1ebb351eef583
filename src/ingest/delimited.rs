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
    // The table takes rows while the next ones are read.
    let (mut rows, mut coming) = (Rows::default(), Rows::default());
    rows.read(&mut reader, &path)?;
    while !rows.lines.is_empty() {
        let (taken, read) =
            rayon::join(|| rows.take(&layout, transcoded, table), || coming.read(&mut reader, &path));
        taken?;
        read?;
        std::mem::swap(&mut rows, &mut coming);
    }
    Ok(())
}

/// Rows that follow each other.
#[derive(Default)]
struct Rows {
    lines: Vec<u64>,
    /// Those behind the last line are left from rows before: reading anew into a record allocates nothing.
    records: Vec<ByteRecord>,
}

impl Rows {
    /// So many that the columns, of which each is kept by itself, are worth a thread's while, and so few that the rows
    /// stay in the processor's cache.
    const MOST: usize = 1024;
    /// The same for rows that are long.
    const BYTES: usize = 1 << 20;

    /// Replaces the rows by the next ones; by none behind the last one.
    fn read<R: Read>(&mut self, reader: &mut Reader<Lines<R>>, path: &Path) -> Result<()> {
        self.lines.clear();
        let mut bytes = 0;
        while self.lines.len() < Self::MOST && bytes < Self::BYTES {
            let at = self.lines.len();
            if at == self.records.len() {
                self.records.push(ByteRecord::new());
            }
            let Some(record) = self.records.get_mut(at) else { break };
            let Some(line) = next(reader, record, path)? else { break };
            bytes += record.as_slice().len();
            self.lines.push(line);
        }
        Ok(())
    }

    /// Takes the rows into the table, or rejects them.
    fn take(&self, layout: &Layout, transcoded: bool, table: &mut Table<'_>) -> Result<()> {
        let mut sound = Vec::with_capacity(self.lines.len());
        for (&line, record) in self.lines.iter().zip(&self.records) {
            match fault(record, layout) {
                Some((column, reason)) => {
                    let field = column.map(|column| layout.name(column).to_owned());
                    table.reject(line, key(record, layout), field.filter(|name| !name.is_empty()), reason);
                }
                None => sound.push((line, record, Text::of(record, transcoded))),
            }
        }
        // A sound row has as many cells as there are names, of which there is one at least.
        let width = layout.names().len().max(1);
        let mut cells = Vec::with_capacity(sound.len() * width);
        let mut miscoded = Vec::with_capacity(sound.len());
        for (_, record, text) in &sound {
            miscoded.push(text.cells(record, transcoded, &mut cells));
        }
        let rows = sound.iter().zip(cells.chunks_exact(width)).zip(&miscoded);
        let rows: Vec<Row<'_>> =
            rows.map(|(((line, ..), cells), miscoded)| Row { line: *line, cells, miscoded }).collect();
        table.push_all(layout, &rows)
    }
}

/// The text of a row.
enum Text<'r> {
    /// As it is in the file: UTF-8 throughout, which is checked once for all cells.
    Whole(&'r str),
    /// Cell by cell, and whether a cell had to be decoded.
    Cells(Vec<(Cow<'r, str>, bool)>),
}

impl<'r> Text<'r> {
    fn of(record: &'r ByteRecord, transcoded: bool) -> Self {
        match std::str::from_utf8(record.as_slice()) {
            Ok(text) if is_cut_between_characters(text, record) && !(transcoded && is_replaced(text)) => {
                Text::Whole(text)
            }
            _ => Text::Cells(record.iter().map(decode).collect()),
        }
    }

    /// Adds the cells, and gives the columns that are not valid in the file's encoding.
    fn cells<'t>(&'t self, record: &ByteRecord, transcoded: bool, cells: &mut Vec<Cell<'t>>) -> Vec<usize> {
        match self {
            Text::Whole(text) => {
                let range = |column| record.range(column).and_then(|range| text.get(range));
                cells.extend((0..record.len()).map(|column| range(column).map_or(Cell::Empty, cell)));
                Vec::new()
            }
            Text::Cells(texts) => {
                cells.extend(texts.iter().map(|(text, _)| cell(text)));
                let wrong =
                    |(text, wrong): &(Cow<'_, str>, bool)| *wrong || (transcoded && is_replaced(text));
                (0..).zip(texts).filter(|(_, text)| wrong(text)).map(|(column, _)| column).collect()
            }
        }
    }
}

/// True for text with a character that stands for bytes which the encoding does not define.
fn is_replaced(text: &str) -> bool {
    text.contains(char::REPLACEMENT_CHARACTER)
}

/// False if a character spans two cells.
fn is_cut_between_characters(text: &str, record: &ByteRecord) -> bool {
    let mut ends = (0..record.len()).filter_map(|column| record.range(column));
    text.is_ascii() || ends.all(|range| text.is_char_boundary(range.end))
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
    // Without an early end, many bytes are compared at once.
    if row.as_slice().iter().fold(u8::MAX, |least, &byte| least.min(byte)) == 0 {
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
