//! Rows of a delimited file, as bytes.

use super::random::Draw;

/// Rows in the order in which they were written, until they are shuffled.
#[derive(Clone, Debug)]
pub(crate) struct Rows {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    separator: u8,
}

impl Rows {
    /// No rows yet, with room for some bytes.
    pub(crate) fn new(separator: u8, bytes: usize) -> Rows {
        Rows { bytes: Vec::with_capacity(bytes), ends: Vec::with_capacity(bytes / 100), separator }
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, cells: &[&str]) {
        for (at, cell) in cells.iter().enumerate() {
            if at > 0 {
                self.bytes.push(self.separator);
            }
            // Without a way out of the loop, the compiler looks at many bytes at once.
            let special = |byte: u8| byte == self.separator || matches!(byte, b'"' | b'\n' | b'\r');
            let quoted = cell.bytes().fold(false, |quoted, byte| quoted | special(byte));
            if quoted {
                self.bytes.push(b'"');
                self.bytes.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
                self.bytes.push(b'"');
            } else {
                self.bytes.extend_from_slice(cell.as_bytes());
            }
        }
        self.bytes.push(b'\n');
        self.ends.push(self.bytes.len());
    }

    /// Adds the last row once more.
    pub(crate) fn repeat_last(&mut self) {
        let Some(at) = self.ends.len().checked_sub(1) else { return };
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        self.bytes.extend_from_within(start..);
        self.ends.push(self.bytes.len());
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The rows.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Brings the rows into a random order.
    pub(crate) fn shuffle(&mut self, draw: &mut Draw) {
        let mut order: Vec<u32> = (0..self.ends.len() as u32).collect();
        draw.shuffle(&mut order);
        let mut bytes = Vec::with_capacity(self.bytes.len());
        let mut ends = Vec::with_capacity(self.ends.len());
        for at in order {
            let at = at as usize;
            let start = if at == 0 { 0 } else { self.ends[at - 1] };
            bytes.extend_from_slice(&self.bytes[start..self.ends[at]]);
            ends.push(bytes.len());
        }
        (self.bytes, self.ends) = (bytes, ends);
    }
}
