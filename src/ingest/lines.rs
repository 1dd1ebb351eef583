//! Line numbers for a stream that is read in blocks, and a mark at its end.

use std::collections::VecDeque;
use std::io::{ErrorKind, Read, Result};

/// What follows the last byte of the stream: a line of its own that no file holds, as cells with NUL bytes are
/// rejected. If it is not read back as a row, a quote was open at the end.
const END: &[u8] = b"\n\0end of file\0\n";

/// Reads through, and remembers where lines end until [`line_at`](Lines::line_at) has passed them.
///
/// The reader of rows counts the newlines that it has consumed, which is not the line where a row begins: empty
/// lines before a row, and the second byte of `\r\n`, are consumed with that row.
pub(super) struct Lines<R> {
    inner: R,
    offset: u64,
    ends: VecDeque<(u64, u8)>,
    line: u64,
    carriage_return: Option<u64>,
    tail: &'static [u8],
    at_end: bool,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(inner: R) -> Self {
        Lines {
            inner,
            offset: 0,
            ends: VecDeque::new(),
            line: 1,
            carriage_return: None,
            tail: END,
            at_end: false,
        }
    }

    /// Remembers the line ends in the next bytes.
    fn note(&mut self, bytes: &[u8]) {
        let (blocks, rest) = bytes.as_chunks::<16>();
        for block in blocks {
            // Most blocks have none, which is told for all bytes at once.
            if block.iter().fold(false, |found, &byte| found | ends_line(byte)) {
                self.note_each(block);
            }
            self.offset += block.len() as u64;
        }
        self.note_each(rest);
        self.offset += rest.len() as u64;
    }

    fn note_each(&mut self, bytes: &[u8]) {
        let ends = (self.offset..).zip(bytes).filter(|(_, byte)| ends_line(**byte));
        self.ends.extend(ends.map(|(at, &byte)| (at, byte)));
    }

    /// The line, from 1, of the first byte at or after `offset` that is no line end; offsets ascend.
    pub(super) fn line_at(&mut self, mut offset: u64) -> u64 {
        while let Some(&(end, byte)) = self.ends.front() {
            if end > offset {
                break;
            }
            if end == offset {
                offset += 1;
            }
            self.ends.pop_front();
            let second = byte == b'\n' && end.checked_sub(1).is_some_and(|e| self.carriage_return == Some(e));
            if byte == b'\r' {
                self.carriage_return = Some(end);
            }
            if !second {
                self.line += 1;
            }
        }
        self.line
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let read = loop {
            if self.at_end {
                break self.tail.read(buffer)?;
            }
            match self.inner.read(buffer) {
                Ok(0) if !buffer.is_empty() => self.at_end = true,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                result => break result?,
            }
        };
        self.note(buffer.get(..read).unwrap_or_default());
        Ok(read)
    }
}

fn ends_line(byte: u8) -> bool {
    byte == b'\n' || byte == b'\r'
}

/// True for the row that [`Lines`] puts after the last one.
pub(super) fn is_end(row: &csv::ByteRecord) -> bool {
    row.len() == 1 && row.get(0).is_some_and(|cell| cell == END.trim_ascii())
}

/// True for a row that swallowed the end of the file, as a quote in it is never closed.
pub(super) fn is_open_ended(row: &csv::ByteRecord) -> bool {
    row.as_slice().ends_with(END)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_offsets() {
        let mut lines = Lines::new(&b"ab\r\ncd\n\n\r\nef\rgh"[..]);
        let mut text = Vec::new();
        lines.read_to_end(&mut text).unwrap();
        assert!(text.ends_with(END));
        let cases = [(0, 1), (3, 2), (4, 2), (7, 5), (10, 5), (12, 6), (13, 6)];
        for (offset, line) in cases {
            assert_eq!(lines.line_at(offset), line, "offset {offset}");
        }
    }

    #[test]
    fn the_end_is_a_row_unless_a_quote_is_open() {
        for (text, closed) in [("a,b\n1,2", true), ("a\n", true), ("", true), ("a,b\n1,\"2\n", false)] {
            let mut reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .from_reader(Lines::new(text.as_bytes()));
            let rows: Vec<_> = reader.byte_records().map(|row| row.unwrap()).collect();
            assert_eq!(rows.last().is_some_and(is_end), closed, "{text:?}");
        }
    }
}
