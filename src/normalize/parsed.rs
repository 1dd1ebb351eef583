//! All that the distinct cells of a column give, in one piece of memory.

use std::sync::atomic::{AtomicU32, Ordering};

use rayon::prelude::*;

use super::cell::Parsed;
use crate::record::IssueKind;
use crate::schema::FieldKind;

/// The parts of many cells, side by side; cells are numbered from zero.
#[derive(Debug, Default)]
pub(super) struct ParsedValues {
    /// Where the parts of each cell end.
    ends: Vec<u32>,
    parts: Vec<StoredPart>,
    text: String,
    /// The cells that are not what their kind asks for, ascending.
    issues: Vec<(u32, IssueKind)>,
}

#[derive(Debug)]
struct StoredPart {
    kind: FieldKind,
    rank: u8,
    /// Where its text ends; it begins where that of the part before ends.
    end: u32,
    /// The number of its value in the field that it fills, once it has one.
    number: AtomicU32,
}

/// No number yet.
const OPEN: u32 = 0;

/// A value that a cell gives to a field.
#[derive(Clone, Copy, Debug)]
pub(super) struct PartView<'a> {
    pub(super) kind: FieldKind,
    pub(super) rank: u8,
    pub(super) text: &'a str,
    number: &'a AtomicU32,
}

impl PartView<'_> {
    /// The number of the value in its field, which is asked for only once: hardly any cell is alone with its text.
    pub(super) fn number(&self, find: impl FnOnce(&str) -> u32) -> u32 {
        match self.number.load(Ordering::Relaxed) {
            OPEN => {
                let number = find(self.text);
                self.number.store(number, Ordering::Relaxed);
                number
            }
            known => known,
        }
    }
}

impl ParsedValues {
    /// Reads cells in parallel.
    pub(super) fn read(cells: usize, read: impl Fn(usize) -> Parsed + Sync) -> Self {
        const CHUNK: usize = 4_096;
        let starts: Vec<usize> = (0..cells).step_by(CHUNK).collect();
        let of_chunk = |start: usize| {
            let mut values = ParsedValues::default();
            (start..cells.min(start + CHUNK)).for_each(|cell| values.push(read(cell)));
            values
        };
        let chunks: Vec<ParsedValues> = starts.into_par_iter().map(of_chunk).collect();
        let mut all = ParsedValues {
            ends: Vec::with_capacity(cells),
            parts: Vec::with_capacity(chunks.iter().map(|chunk| chunk.parts.len()).sum()),
            text: String::with_capacity(chunks.iter().map(|chunk| chunk.text.len()).sum()),
            issues: Vec::new(),
        };
        for chunk in chunks {
            all.append(chunk);
        }
        all
    }

    fn push(&mut self, parsed: Parsed) {
        self.issues.extend(parsed.issue.map(|issue| (self.ends.len() as u32, issue)));
        for part in parsed.parts {
            self.text.push_str(&part.text);
            let end = self.text.len() as u32;
            self.parts.push(StoredPart {
                kind: part.kind,
                rank: part.rank,
                end,
                number: AtomicU32::new(OPEN),
            });
        }
        self.ends.push(self.parts.len() as u32);
    }

    fn append(&mut self, chunk: ParsedValues) {
        let (cells, parts, text) = (self.ends.len() as u32, self.parts.len() as u32, self.text.len() as u32);
        self.ends.extend(chunk.ends.iter().map(|end| parts + end));
        self.parts.extend(chunk.parts.into_iter().map(|part| StoredPart { end: text + part.end, ..part }));
        self.text.push_str(&chunk.text);
        self.issues.extend(chunk.issues.iter().map(|&(cell, issue)| (cells + cell, issue)));
    }

    /// The parts of a cell.
    pub(super) fn of(&self, cell: usize) -> impl Iterator<Item = PartView<'_>> {
        let end = |cell: usize| self.ends.get(cell).map_or(0, |&end| end as usize);
        let parts = if cell == 0 { 0 } else { end(cell - 1) }..end(cell);
        let start = parts.start.checked_sub(1).and_then(|before| self.parts.get(before));
        let mut start = start.map_or(0, |part| part.end as usize);
        self.parts.get(parts).unwrap_or_default().iter().map(move |part| {
            let text = self.text.get(start..part.end as usize).unwrap_or_default();
            start = part.end as usize;
            PartView { kind: part.kind, rank: part.rank, text, number: &part.number }
        })
    }

    /// What is wrong with a cell, if something is.
    pub(super) fn issue(&self, cell: usize) -> Option<IssueKind> {
        let found = self.issues.binary_search_by_key(&(cell as u32), |issue| issue.0).ok()?;
        self.issues.get(found).map(|issue| issue.1)
    }

    /// Whether anything is wrong with any cell.
    pub(super) fn has_issues(&self) -> bool {
        !self.issues.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::super::cell::Part;
    use super::*;

    #[test]
    fn each_cell_has_its_own_parts() {
        let parsed = |cell: usize| Parsed {
            parts: (0..cell % 3)
                .map(|at| Part { kind: FieldKind::City, rank: at as u8, text: format!("{cell}-{at}") })
                .collect(),
            issue: (cell % 1_000 == 7).then_some(IssueKind::Unparsable),
        };
        let all = ParsedValues::read(10_000, parsed);
        for cell in [0, 1, 2, 3, 4_095, 4_096, 4_097, 9_998, 9_999] {
            let texts: Vec<String> = all.of(cell).map(|part| part.text.to_owned()).collect();
            assert_eq!(texts, parsed(cell).parts.into_iter().map(|part| part.text).collect::<Vec<_>>());
            assert_eq!(all.issue(cell), parsed(cell).issue);
        }
        assert_eq!(all.of(10_000).count(), 0);
        assert!(all.has_issues() && all.issue(8_007).is_some());
        let part = all.of(4_097).next().unwrap();
        assert_eq!((part.number(|text| text.len() as u32), part.number(|_| 99)), (6, 6));
    }
}
