//! One source's records while they are read: the kept cells, and one winner per key.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::COLUMN_LIMIT;
use super::facts::{Chosen, Facts, OrderCells, Settled};
use super::fingerprint::Fingerprint;
use super::identities::{Identities, Keys};
use super::infer::infer;
use super::kept::{Kept, Purpose};
use super::layout::Layout;
use super::mapping::Mapping;
use super::order::{CustomerReference, OrderColumns};
use super::recency::Recency;
use super::report::{FileEncoding, SourceReport};
use super::source::{Inference, Source};
use crate::error::{Error, Result};
use crate::record::{Cell, Issue, IssueKind, Reject, RejectReason, STATES, SourceTable};
use crate::text;

/// Collects the rows of one source.
///
/// Memory is constant beyond the kept cells: of a row only those, its hash and its line are held. Where kinds are
/// to be inferred, all columns are kept but those declared as ignored; those without a kind go when the last row is
/// read. Which row of a
/// key wins is a maximum in a total order of row contents, and rejects are told from the hash of the final
/// winner, so neither depends on the order of the rows.
pub(super) struct Table<'a> {
    source: &'a Source,
    /// The kept columns: those declared, then those to be inferred; `order` has them as they came.
    columns: Vec<Kept<'a>>,
    order: Vec<usize>,
    /// The kept columns by their names.
    positions: BTreeMap<String, usize>,
    /// The columns that are declared and not kept.
    ignored: BTreeSet<&'a str>,
    updated_at: Option<usize>,
    headers: Vec<String>,
    /// The columns of rows that name their own cells; they come after the others, in order of name.
    mentioned: BTreeSet<String>,
    identities: Identities,
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
    pub(super) facts: Facts,
    pub(super) reference: Option<CustomerReference>,
    pub(super) counts: SourceReport,
    pub(super) rejects: Vec<Reject>,
    pub(super) issues: Vec<Issue>,
    pub(super) mapping: Mapping,
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

impl<'r> Row<'r> {
    /// A cell by the position of its column in the layout.
    pub(super) fn cell(&self, column: usize) -> Cell<'r> {
        self.cells.get(column).copied().unwrap_or(Cell::Absent)
    }

    /// The cells by the canonical bytes of their columns' names, in the order that the fingerprint asks for.
    fn canonical<'l>(&self, layout: &'l Layout) -> impl Iterator<Item = (&'l [u8], Cell<'r>)> {
        layout.by_name().iter().map(|(column, name)| (name.as_slice(), self.cell(*column)))
    }
}

/// The row of an identity that is kept.
#[derive(Clone, Copy)]
pub(super) struct Winner {
    pub(super) hash: u128,
    pub(super) line: u64,
}

struct Loser {
    slot: usize,
    hash: u128,
    line: u64,
}

impl<'a> Table<'a> {
    pub(super) fn new(source: &'a Source) -> Self {
        let columns = Kept::declared(source);
        let updated_at =
            columns.iter().position(|column| Some(column.name.as_ref()) == source.updated_at_column());
        Table {
            source,
            positions: columns.iter().zip(0..).map(|(column, at)| (column.name.to_string(), at)).collect(),
            ignored: source.named_columns().into_iter().map(|named| named.0).collect(),
            columns,
            order: Vec::new(),
            updated_at,
            headers: Vec::new(),
            mentioned: BTreeSet::new(),
            identities: Identities::new(source),
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
        self.keep_undeclared(&names);
        let kept = |name: &str| self.positions.get(name).copied();
        for name in &names {
            if !self.headers.contains(name) {
                self.headers.push(name.clone());
                self.order.extend(kept(name));
            }
        }
        let order = self.source.order_columns();
        Ok(Layout::new(names, kept, self.source.key_column(), order))
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
        self.keep_undeclared(&names);
        let kept = |name: &str| self.positions.get(name).copied();
        Ok(Layout::new(names, kept, key, self.source.order_columns()))
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
        let hash = self.fingerprint.row(row.canonical(layout));
        let Some(slot) = self.identities.number(layout, row, hash) else {
            self.reject_keyless(layout, row);
            return Ok(());
        };
        self.count(layout, row, hash, slot);
        if let Some(&winner) = self.winners.get(slot) {
            self.contest(layout, row, hash, slot, winner);
        } else {
            self.add_winner(row, hash)?;
            self.overwrite(layout, row, slot);
        }
        Ok(())
    }

    /// Takes rows, with the result as if each were [pushed](Self::push) by itself.
    ///
    /// The new ones are kept column by column: each column's table of texts is at hand while it is used, and the columns do
    /// not wait for each other.
    pub(super) fn push_all(&mut self, layout: &Layout, rows: &[Row<'_>]) -> Result<()> {
        const AT_ONCE: usize = 128;
        let hashed = rows.par_iter().with_min_len(AT_ONCE);
        let hashes: Vec<u128> =
            hashed.map_init(Fingerprint::default, |hash, row| hash.row(row.canonical(layout))).collect();
        let slots = self.identities.numbers(layout, rows, &hashes);
        let mut new = Vec::with_capacity(rows.len());
        for ((row, hash), slot) in rows.iter().zip(hashes).zip(slots) {
            let Some(slot) = slot else {
                self.reject_keyless(layout, row);
                continue;
            };
            self.count(layout, row, hash, slot);
            let Some(&winner) = self.winners.get(slot) else {
                self.add_winner(row, hash)?;
                new.push(row);
                continue;
            };
            if winner.hash != hash && slot >= self.winners.len() - new.len() {
                // The winner's cells are compared, and may be replaced.
                self.keep(layout, &new);
                new.clear();
            }
            self.contest(layout, row, hash, slot, winner);
        }
        self.keep(layout, &new);
        Ok(())
    }

    fn reject_keyless(&mut self, layout: &Layout, row: &Row<'_>) {
        let field = layout.key().map(|column| layout.name(column).to_owned());
        self.reject(row.line, None, field, RejectReason::MissingKey);
    }

    /// Counts a row with a key, and takes note of its issues.
    fn count(&mut self, layout: &Layout, row: &Row<'_>, hash: u128, slot: usize) {
        self.rows_read += 1;
        for &column in row.miscoded.iter().filter(|&&column| layout.is_used(column)) {
            let issue = Issue {
                source: self.source.name().to_owned(),
                line: row.line,
                field: layout.name(column).to_owned(),
                value: row.cell(column).value().unwrap_or_default().to_owned(),
                kind: IssueKind::Encoding,
            };
            self.issues.push((slot, hash, issue));
        }
    }

    /// Decides between a row and the one that has won so far.
    fn contest(&mut self, layout: &Layout, row: &Row<'_>, hash: u128, slot: usize, winner: Winner) {
        let (winner_line, row_line) = (winner.line, row.line);
        let line = if winner.hash == hash {
            let first = winner_line.min(row_line);
            self.settle(slot, Winner { hash, line: first });
            winner_line.max(row_line)
        } else if self.wins(layout, row, hash, slot, winner) {
            self.overwrite(layout, row, slot);
            self.settle(slot, Winner { hash, line: row_line });
            self.losers.push(Loser { slot, hash: winner.hash, line: winner_line });
            return;
        } else {
            row_line
        };
        self.losers.push(Loser { slot, hash, line });
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
        let keys = std::mem::replace(&mut self.identities, Identities::new(source)).finish();
        let keyless_repeats = if source.key_column().is_none() { self.losers.len() as u64 } else { 0 };
        self.reject_losers(&keys);
        let mapping = infer(source, &mut self.columns, &self.order, self.winners.len());
        let mut issues = self.winning_issues();
        // What cannot be read in a column that is not used is no issue.
        issues.retain(|issue| mapping.unmapped.iter().all(|column| column.column != issue.field));
        let Settled { chosen, facts, rejects, older_versions } = self.settle_orders(&keys, &mut issues);
        self.rejects.extend(rejects);
        issues.sort_unstable();
        self.rejects.sort_unstable();
        let mut counts =
            SourceReport { name: source.name().to_owned(), keyless_repeats, ..SourceReport::default() };
        counts.rows_read = self.rows_read;
        counts.records = chosen.len() as u64;
        for reject in &self.rejects {
            counts.rejects.count(&reject.reason);
        }
        counts.fact_rows = counts.rows_read - counts.records - counts.rejects.total();
        counts.older_versions = older_versions;

        let line = |chosen: &Chosen| self.winners.get(chosen.slot as usize).map_or(0, |winner| winner.line);
        let lines = chosen.iter().map(line).collect();
        drop(self.winners);
        let slots: Vec<u32> = chosen.iter().map(|chosen| chosen.slot).collect();
        let mut columns: Vec<Option<Kept<'_>>> = self.columns.into_iter().map(Some).collect();
        let columns: Vec<Kept<'_>> =
            self.order.iter().filter_map(|&column| columns.get_mut(column).and_then(Option::take)).collect();
        let columns = columns
            .into_par_iter()
            .filter(|kept| kept.purpose == Purpose::Record)
            .map(|kept| kept.pick(&slots))
            .collect();
        let keys = keys.texts.select(chosen.iter().map(|chosen| chosen.key));
        let table = SourceTable::with_keys(source.info().clone(), keys, lines, columns);
        let (rejects, encodings) = (self.rejects, self.encodings);
        let reference = source.order_columns().and_then(OrderColumns::customer_reference).cloned();
        Ok(TableReport { table, facts, reference, counts, rejects, issues, mapping, encodings })
    }

    /// Keeps the columns that no declaration names until their kinds are decided.
    fn keep_undeclared(&mut self, names: &[String]) {
        if self.source.inference() == Inference::Off {
            return;
        }
        for name in names {
            if !self.ignored.contains(name.as_str()) && !self.positions.contains_key(name) {
                self.positions.insert(name.clone(), self.columns.len());
                self.columns.push(Kept::undecided(name));
            }
        }
    }

    /// The positions of the kept columns in ascending order of their names.
    fn by_name(&self) -> impl Iterator<Item = usize> + '_ {
        self.positions.values().copied()
    }

    /// The rows that become records, in order of their keys, and the facts of all rows.
    fn settle_orders(&self, keys: &Keys, issues: &mut Vec<Issue>) -> Settled {
        let Some(order) = self.source.order_columns() else {
            let ascending = keys.texts.ascending().into_iter();
            return Settled::records(ascending.map(|key| Chosen { key, slot: key }).collect());
        };
        let cells = OrderCells::new(&self.columns, self.by_name(), self.updated_at, order);
        cells.settle(self.source.name(), keys, &self.winners, issues)
    }

    fn add_mentioned(&mut self) {
        let mut mentioned = std::mem::take(&mut self.mentioned);
        for known in &self.headers {
            mentioned.remove(known);
        }
        for name in mentioned {
            self.order.extend(self.positions.get(&name));
            self.headers.push(name);
        }
    }

    fn add_winner(&mut self, row: &Row<'_>, hash: u128) -> Result<()> {
        let limit = u64::from(u32::MAX - STATES);
        let slot = self.winners.len();
        if slot as u64 >= limit {
            return Err(Error::limit("records of one source", slot as u64 + 1, limit));
        }
        self.winners.push(Winner { hash, line: row.line });
        Ok(())
    }

    /// Keeps the cells of the rows that won last.
    fn keep(&mut self, layout: &Layout, rows: &[&Row<'_>]) {
        let first = self.winners.len() - rows.len();
        let mut places = vec![None; self.columns.len()];
        for (column, kept) in layout.kept() {
            if let Some(place) = places.get_mut(kept) {
                *place = Some(column);
            }
        }
        self.columns.par_iter_mut().zip(places).for_each(|(kept, place)| {
            if let Some(column) = place {
                kept.append(first, rows.iter().map(|row| row.cell(column)));
            }
        });
    }

    fn overwrite(&mut self, layout: &Layout, row: &Row<'_>, slot: usize) {
        for column in &mut self.columns {
            column.clear(slot);
        }
        for (column, kept) in layout.kept() {
            if let Some(kept) = self.columns.get_mut(kept) {
                kept.set(slot, row.cell(column));
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
        let in_order = || self.by_name();
        by_time
            .then_with(|| in_order().map(held).cmp(in_order().map(new)))
            .then_with(|| Reverse(hash).cmp(&Reverse(winner.hash)))
            .is_gt()
    }

    /// A losing row with the content of the winner is that row again; any other is superseded.
    fn reject_losers(&mut self, keys: &Keys) {
        for loser in std::mem::take(&mut self.losers) {
            let repeated = self.winners.get(loser.slot).is_some_and(|winner| winner.hash == loser.hash);
            let reason = if repeated { RejectReason::Redelivered } else { RejectReason::Superseded };
            let keyed = self.source.key_column().is_some();
            let key = keyed.then(|| keys.of(loser.slot).to_owned());
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
}

fn unknown_column(place: &str, name: &str, known: Vec<String>) -> Error {
    let nearest = text::nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
    Error::unknown(place, "column", name, nearest.as_deref(), known)
}
