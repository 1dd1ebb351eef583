//! Rows of a delimited file, as bytes.

use super::random::Draw;

/// Rows in the order in which they were written, until they are gathered.
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
        let start = self.bytes.len();
        self.bytes.reserve(cells.iter().map(|cell| cell.len() + 1).sum());
        for cell in cells {
            self.bytes.extend_from_slice(cell.as_bytes());
            self.bytes.push(self.separator);
        }
        // Hardly any row has a cell with signs of the format: all are looked for at once.
        if special(&self.bytes[start..], self.separator) > cells.len() {
            self.bytes.truncate(start);
            self.push_quoted(cells);
        }
        self.bytes.pop();
        self.bytes.push(b'\n');
        self.ends.push(self.bytes.len());
    }

    /// Adds cells with a separator behind each, in quotes where they need them.
    fn push_quoted(&mut self, cells: &[&str]) {
        for cell in cells {
            if special(cell.as_bytes(), self.separator) > 0 {
                self.bytes.push(b'"');
                self.bytes.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
                self.bytes.push(b'"');
            } else {
                self.bytes.extend_from_slice(cell.as_bytes());
            }
            self.bytes.push(self.separator);
        }
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

    /// What stands between the cells.
    pub(crate) fn separator(&self) -> u8 {
        self.separator
    }

    /// The rows.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Takes back all rows behind the first ones.
    pub(crate) fn truncate(&mut self, rows: usize) {
        self.ends.truncate(rows);
        self.bytes.truncate(self.ends.last().copied().unwrap_or_default());
    }

    /// The positions of the rows in a random order.
    pub(crate) fn shuffled(&self, draw: &mut Draw) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.ends.len() as u32).collect();
        draw.shuffle(&mut order);
        order
    }

    /// Holds rows of several files of one form instead of its own, in a random order.
    pub(crate) fn gather(&mut self, from: &[(&Rows, &[u32])], draw: &mut Draw) {
        let mut order: Vec<(u32, u32)> = Vec::new();
        let mut bytes = 0;
        for (file, (rows, positions)) in (0..).zip(from) {
            order.extend(positions.iter().map(|&position| (file, position)));
            bytes += rows.bytes.len() * positions.len() / rows.len().max(1);
        }
        draw.shuffle(&mut order);
        self.truncate(0);
        self.bytes.reserve(bytes + bytes / 8);
        self.ends.reserve(order.len());
        for (file, position) in order {
            self.bytes.extend_from_slice(from[file as usize].0.row(position as usize));
            self.ends.push(self.bytes.len());
        }
        self.separator = from.first().map_or(self.separator, |(rows, _)| rows.separator);
    }

    /// The rows one by one, each with its line end.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.ends.len()).map(|at| self.row(at))
    }

    fn row(&self, at: usize) -> &[u8] {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.bytes[start..self.ends[at]]
    }
}

/// How many signs of the format there are.
fn special(bytes: &[u8], separator: u8) -> usize {
    let is_special = |byte: u8| (byte == separator) | matches!(byte, b'"' | b'\n' | b'\r');
    // Counted in single bytes, the compiler looks at many at once.
    let of_part = |part: &[u8]| part.iter().fold(0, |count: u8, &byte| count + u8::from(is_special(byte)));
    bytes.chunks(255).map(|part| usize::from(of_part(part))).sum()
}
