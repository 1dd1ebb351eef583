//! One source's records while they are read: the kept cells, and one winner per key.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use rayon::prelude::*;

use super::COLUMN_LIMIT;
use super::fingerprint::Fingerprint;
use super::layout::Layout;
use super::recency::Recency;
use super::report::{FileEncoding, SourceReport, UnmappedColumn};
use super::source::{Inference, Source};
use crate::error::{Error, Result};
use crate::record::{
    ABSENT, CLEARED, Cell, EMPTY, Interner, Issue, IssueKind, RawColumn, Reject, RejectReason, STATES,
    SourceTable,
};
use crate::text;

/// Collects the rows of one source.
///
/// Memory is constant beyond the kept cells: of a row only those, its hash and its line are held. Which row of a
/// key wins is a maximum in a total order of row contents, and rejects are told from the hash of the final
/// winner, so neither depends on the order of the rows.
pub(super) struct Table<'a> {
    source: &'a Source,
    /// The kept columns as declared; `order` has them as they came.
    columns: Vec<Kept<'a>>,
    order: Vec<usize>,
    /// The kept columns in ascending order of their names.
    by_name: Vec<usize>,
    updated_at: Option<usize>,
    headers: Vec<String>,
    /// The columns of rows that name their own cells; they come after the others, in order of name.
    mentioned: BTreeSet<String>,
    keys: Interner,
    winners: Vec<Winner>,
    losers: Vec<Loser>,
    rejects: Vec<Reject>,
    issues: Vec<(usize, u128, Issue)>,
    encodings: Vec<FileEncoding>,
    fingerprint: Fingerprint,
    rows_read: u64,
}

/// The result of reading one source.
pub(super) struct TableReport {
    pub(super) table: SourceTable,
    pub(super) counts: SourceReport,
    pub(super) rejects: Vec<Reject>,
    pub(super) issues: Vec<Issue>,
    pub(super) unmapped: Vec<UnmappedColumn>,
    pub(super) encodings: Vec<FileEncoding>,
}

/// A row whose cells have been decoded.
pub(super) struct Row<'r> {
    pub(super) line: u64,
    /// One cell per column of the layout.
    pub(super) cells: &'r [Cell<'r>],
    /// Columns whose cells are not valid in the file's encoding.
    pub(super) miscoded: &'r [usize],
}

struct Kept<'a> {
    name: &'a str,
    kind: crate::schema::FieldKind,
    values: Interner,
    codes: Vec<u32>,
}

#[derive(Clone, Copy)]
struct Winner {
    hash: u128,
    line: u64,
}

struct Loser {
    slot: usize,
    hash: u128,
    line: u64,
}

impl Kept<'_> {
    fn encode(&mut self, cell: Cell<'_>) -> u32 {
        match cell {
            Cell::Absent => ABSENT,
            Cell::Empty => EMPTY,
            Cell::Cleared => CLEARED,
            Cell::Value(text) => self.values.intern(text).saturating_add(STATES),
        }
    }

    fn cell(&self, slot: usize) -> Cell<'_> {
        match self.codes.get(slot).copied().unwrap_or(ABSENT) {
            ABSENT => Cell::Absent,
            EMPTY => Cell::Empty,
            CLEARED => Cell::Cleared,
            code => Cell::Value(self.values.dictionary().get(code - STATES)),
        }
    }
}

impl<'a> Table<'a> {
    pub(super) fn new(source: &'a Source) -> Self {
        let columns: Vec<Kept<'a>> = source
            .kept_columns()
            .into_iter()
            .map(|(name, kind)| Kept { name, kind, values: Interner::new(), codes: Vec::new() })
            .collect();
        let mut by_name: Vec<usize> = (0..columns.len()).collect();
        by_name.sort_by_key(|&column| columns.get(column).map(|column| column.name));
        let updated_at = columns.iter().position(|column| Some(column.name) == source.updated_at_column());
        Table {
            source,
            columns,
            order: Vec::new(),
            by_name,
            updated_at,
            headers: Vec::new(),
            mentioned: BTreeSet::new(),
            keys: Interner::new(),
            winners: Vec::new(),
            losers: Vec::new(),
            rejects: Vec::new(),
            issues: Vec::new(),
            encodings: Vec::new(),
            fingerprint: Fingerprint::default(),
            rows_read: 0,
        }
    }

    pub(super) fn source(&self) -> &'a Source {
        self.source
    }

    /// Takes note of the columns of a file, or of the rows in memory; `place` is named if the key is not there.
    pub(super) fn layout(&mut self, names: Vec<String>, place: &str) -> Result<Layout> {
        if let Some(key) = self.source.key_column()
            && !names.iter().any(|name| name == key)
        {
            return Err(unknown_column(&format!("{place} > key"), key, names));
        }
        let kept = |name: &str| self.columns.iter().position(|column| column.name == name);
        for name in &names {
            if !self.headers.contains(name) {
                self.headers.push(name.clone());
                self.order.extend(kept(name));
            }
        }
        Ok(Layout::new(names, kept, self.source.key_column()))
    }

    /// The columns of a row that names its own cells and may leave any out, the key included.
    pub(super) fn sparse_layout(&mut self, mut names: Vec<String>) -> Result<Layout> {
        let inferred = self.source.inference() == Inference::On;
        for name in names.iter().filter(|_| inferred) {
            self.mention(name)?;
        }
        let key = self.source.key_column();
        if let Some(key) = key.filter(|&key| names.iter().all(|name| name != key)) {
            names.push(key.to_owned());
        }
        let kept = |name: &str| self.columns.iter().position(|column| column.name == name);
        Ok(Layout::new(names, kept, key))
    }

    /// Takes note of declared columns of which the rows' content decides whether they are there.
    pub(super) fn mention_declared(&mut self, open: impl Fn(&str) -> bool) -> Result<()> {
        let named = self.source.named_columns().into_iter();
        named.filter(|(name, _)| open(name)).try_for_each(|(name, _)| self.mention(name))
    }

    /// Takes note of a column that at least one row has.
    fn mention(&mut self, name: &str) -> Result<()> {
        if self.mentioned.contains(name) {
            return Ok(());
        }
        if self.mentioned.len() == COLUMN_LIMIT {
            let reason = format!(
                "the rows have more than {COLUMN_LIMIT} different names; if inference is off, only declared \
                 columns count"
            );
            return Err(Error::config(self.source.place(), reason));
        }
        self.mentioned.insert(name.to_owned());
        Ok(())
    }

    pub(super) fn encoding(&mut self, file: String, encoding: &'static str) {
        self.encodings.push(FileEncoding { source: self.source.name().to_owned(), file, encoding });
    }

    /// Counts a row that is none.
    pub(super) fn reject(
        &mut self,
        line: u64,
        key: Option<String>,
        field: Option<String>,
        reason: RejectReason,
    ) {
        self.rows_read += 1;
        let source = self.source.name().to_owned();
        self.rejects.push(Reject { source, line, key, field, reason });
    }

    /// Takes a row, unless its key is empty or a row with the same key wins.
    pub(super) fn push(&mut self, layout: &Layout, row: &Row<'_>) -> Result<()> {
        let cell = |column: usize| row.cells.get(column).copied().unwrap_or(Cell::Absent);
        let cells = layout.by_name().iter().map(|&column| (layout.name(column), cell(column)));
        let hash = self.fingerprint.row(cells);
        let slot = if let Some(column) = layout.key() {
            let Some(key) = cell(column).value() else {
                let field = Some(layout.name(column).to_owned());
                self.reject(row.line, None, field, RejectReason::MissingKey);
                return Ok(());
            };
            self.keys.intern(key)
        } else {
            self.keys.intern(&format!("{hash:032x}"))
        } as usize;
        self.rows_read += 1;
        for &column in row.miscoded.iter().filter(|&&column| layout.is_used(column)) {
            let issue = Issue {
                source: self.source.name().to_owned(),
                line: row.line,
                field: layout.name(column).to_owned(),
                value: cell(column).value().unwrap_or_default().to_owned(),
                kind: IssueKind::Encoding,
            };
            self.issues.push((slot, hash, issue));
        }
        let Some(&winner) = self.winners.get(slot) else {
            return self.append(layout, row, hash);
        };
        let (winner_line, row_line) = (winner.line, row.line);
        let line = if winner.hash == hash {
            let first = winner_line.min(row_line);
            self.settle(slot, Winner { hash, line: first });
            winner_line.max(row_line)
        } else if self.wins(layout, row, hash, slot, winner) {
            self.overwrite(layout, row, slot);
            self.settle(slot, Winner { hash, line: row_line });
            self.losers.push(Loser { slot, hash: winner.hash, line: winner_line });
            return Ok(());
        } else {
            row_line
        };
        self.losers.push(Loser { slot, hash, line });
        Ok(())
    }

    /// The records in order of their keys, and what became of the other rows.
    pub(super) fn finish(mut self) -> Result<TableReport> {
        let source = self.source;
        self.add_mentioned();
        for (column, declared) in source.named_columns() {
            if !self.headers.iter().any(|name| name == column) {
                let place = format!("{} > {declared}", source.place());
                return Err(unknown_column(&place, column, self.headers));
            }
        }
        let keyless_repeats = if source.key_column().is_none() { self.losers.len() as u64 } else { 0 };
        self.reject_losers();
        self.rejects.sort_unstable();
        let mut counts =
            SourceReport { name: source.name().to_owned(), keyless_repeats, ..SourceReport::default() };
        counts.rows_read = self.rows_read;
        counts.records = self.winners.len() as u64;
        for reject in &self.rejects {
            counts.rejects.count(&reject.reason);
        }
        let issues = self.winning_issues();
        let unmapped = self.unmapped();

        let keys = self.keys.finish();
        let mut slots: Vec<(&str, usize)> = keys.iter().zip(0..).collect();
        slots.par_sort_unstable();
        let lines = slots.iter().filter_map(|&(_, slot)| self.winners.get(slot)).map(|w| w.line).collect();
        let mut columns: Vec<Option<Kept<'_>>> = self.columns.into_iter().map(Some).collect();
        let columns: Vec<Kept<'_>> =
            self.order.iter().filter_map(|&column| columns.get_mut(column).and_then(Option::take)).collect();
        let columns = columns
            .into_par_iter()
            .map(|kept| {
                let codes = slots.iter().map(|&(_, slot)| kept.codes.get(slot).copied().unwrap_or(ABSENT));
                RawColumn::from_codes(kept.name, kept.kind, kept.values.dictionary(), codes)
            })
            .collect();
        let keys = slots.iter().map(|&(key, _)| key.to_owned()).collect();
        let table = SourceTable::new(source.info().clone(), keys, lines, columns);
        let (rejects, encodings) = (self.rejects, self.encodings);
        Ok(TableReport { table, counts, rejects, issues, unmapped, encodings })
    }

    fn add_mentioned(&mut self) {
        let mut mentioned = std::mem::take(&mut self.mentioned);
        for known in &self.headers {
            mentioned.remove(known);
        }
        for name in mentioned {
            self.order.extend(self.columns.iter().position(|column| column.name == name));
            self.headers.push(name);
        }
    }

    fn append(&mut self, layout: &Layout, row: &Row<'_>, hash: u128) -> Result<()> {
        let limit = u64::from(u32::MAX - STATES);
        let slot = self.winners.len();
        if slot as u64 >= limit {
            return Err(Error::limit("records of one source", slot as u64 + 1, limit));
        }
        for column in &mut self.columns {
            column.codes.push(ABSENT);
        }
        self.winners.push(Winner { hash, line: row.line });
        self.overwrite(layout, row, slot);
        Ok(())
    }

    fn overwrite(&mut self, layout: &Layout, row: &Row<'_>, slot: usize) {
        for column in &mut self.columns {
            if let Some(code) = column.codes.get_mut(slot) {
                *code = ABSENT;
            }
        }
        for (column, kept) in layout.kept() {
            let cell = row.cells.get(column).copied().unwrap_or(Cell::Absent);
            if let Some(kept) = self.columns.get_mut(kept) {
                let encoded = kept.encode(cell);
                if let Some(code) = kept.codes.get_mut(slot) {
                    *code = encoded;
                }
            }
        }
    }

    fn settle(&mut self, slot: usize, winner: Winner) {
        if let Some(settled) = self.winners.get_mut(slot) {
            *settled = winner;
        }
    }

    /// True when the row stands above the slot's row in the order that the module describes.
    fn wins(&self, layout: &Layout, row: &Row<'_>, hash: u128, slot: usize, winner: Winner) -> bool {
        let mut cells = vec![Cell::Absent; self.columns.len()];
        for (column, kept) in layout.kept() {
            if let (Some(target), Some(&cell)) = (cells.get_mut(kept), row.cells.get(column)) {
                *target = cell;
            }
        }
        let held = |column: usize| self.columns.get(column).map_or(Cell::Absent, |kept| kept.cell(slot));
        let new = |column: usize| cells.get(column).copied().unwrap_or(Cell::Absent);
        let changed = self.updated_at.map(|column| (Recency::of(new(column)), Recency::of(held(column))));
        let by_time = changed.map_or(std::cmp::Ordering::Equal, |(new, held)| new.cmp(&held));
        let in_order = || self.by_name.iter();
        by_time
            .then_with(|| in_order().map(|&c| held(c)).cmp(in_order().map(|&c| new(c))))
            .then_with(|| Reverse(hash).cmp(&Reverse(winner.hash)))
            .is_gt()
    }

    /// A losing row with the content of the winner is that row again; any other is superseded.
    fn reject_losers(&mut self) {
        for loser in std::mem::take(&mut self.losers) {
            let repeated = self.winners.get(loser.slot).is_some_and(|winner| winner.hash == loser.hash);
            let reason = if repeated { RejectReason::Redelivered } else { RejectReason::Superseded };
            let keyed = self.source.key_column().is_some();
            let key = keyed.then(|| self.keys.dictionary().get(loser.slot as u32).to_owned());
            let source = self.source.name().to_owned();
            self.rejects.push(Reject { source, line: loser.line, key, field: None, reason });
        }
    }

    /// The issues of rows that became records, each once.
    fn winning_issues(&mut self) -> Vec<Issue> {
        let winners = &self.winners;
        let mut issues: Vec<Issue> = std::mem::take(&mut self.issues)
            .into_iter()
            .filter(|(slot, hash, issue)| {
                winners.get(*slot).is_some_and(|w| w.hash == *hash && w.line == issue.line)
            })
            .map(|(_, _, issue)| issue)
            .collect();
        issues.sort_unstable();
        issues.dedup();
        issues
    }

    fn unmapped(&self) -> Vec<UnmappedColumn> {
        if self.source.inference() == Inference::Off {
            return Vec::new();
        }
        let named = self.source.named_columns();
        let unnamed = self.headers.iter().filter(|name| named.iter().all(|(column, _)| column != name));
        unnamed
            .map(|column| UnmappedColumn { source: self.source.name().to_owned(), column: column.clone() })
            .collect()
    }
}

fn unknown_column(place: &str, name: &str, known: Vec<String>) -> Error {
    let nearest = text::nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
    Error::unknown(place, "column", name, nearest.as_deref(), known)
}
