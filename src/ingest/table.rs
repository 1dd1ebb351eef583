//! One source's records while they are read: the kept cells, and one winner per key.

use std::cmp::Reverse;

use rayon::prelude::*;

use super::facts::{FactPlace, FactRow, OrderCells, OrderRow, identity};
use super::fingerprint::Fingerprint;
use super::infer::infer;
use super::kept::{Kept, Purpose, by_name};
use super::layout::Layout;
use super::mapping::Mapping;
use super::order::{CustomerReference, OrderColumns};
use super::recency::Recency;
use super::report::{FileEncoding, SourceReport};
use super::source::{Inference, Source};
use crate::error::{Error, Result};
use crate::record::{Cell, Interner, Issue, IssueKind, Reject, RejectReason, STATES, SourceTable};
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
    /// The kept columns as declared, then those to be decided; `order` has them as they came.
    columns: Vec<Kept<'a>>,
    order: Vec<usize>,
    /// The kept columns in ascending order of their names.
    by_name: Vec<usize>,
    updated_at: Option<usize>,
    headers: Vec<String>,
    /// The identities of the rows: their keys, and in a source of orders the order and line as well.
    keys: Interner,
    /// In a source of orders, the keys alone, and the number of each row's key.
    customers: Interner,
    customer_of: Vec<u32>,
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
    pub(super) facts: Vec<FactRow>,
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

#[derive(Clone, Copy)]
struct Winner {
    hash: u128,
    line: u64,
}

/// A row that becomes a record.
struct Chosen {
    /// The number of its key.
    key: u32,
    slot: usize,
}

/// What becomes of the rows that won.
#[derive(Default)]
struct Settled {
    chosen: Vec<Chosen>,
    facts: Vec<FactRow>,
    /// Rows whose customer data differ from those that are kept for their key.
    older_versions: u64,
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
            by_name: by_name(&columns),
            columns,
            order: Vec::new(),
            updated_at,
            headers: Vec::new(),
            keys: Interner::new(),
            customers: Interner::new(),
            customer_of: Vec::new(),
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
        let kept = |name: &str| self.columns.iter().position(|column| column.name == name);
        for name in &names {
            if !self.headers.contains(name) {
                self.headers.push(name.clone());
                self.order.extend(kept(name));
            }
        }
        let order = self.source.order_columns();
        Ok(Layout::new(names, kept, self.source.key_column(), order))
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
        let Some(slot) = self.slot(layout, row, hash) else {
            let field = layout.key().map(|column| layout.name(column).to_owned());
            self.reject(row.line, None, field, RejectReason::MissingKey);
            return Ok(());
        };
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

    /// The number of a row's identity; none if its key is empty.
    fn slot(&mut self, layout: &Layout, row: &Row<'_>, hash: u128) -> Option<usize> {
        let cell = |column: usize| row.cells.get(column).copied().unwrap_or(Cell::Absent);
        let Some(column) = layout.key() else {
            return Some(self.keys.intern(&format!("{hash:032x}")) as usize);
        };
        let key = cell(column).value()?;
        if self.source.order_columns().is_none() {
            return Some(self.keys.intern(key) as usize);
        }
        let id = layout.order_id().and_then(|column| cell(column).value()).unwrap_or_default();
        let line = layout.order_line().map_or(Cell::Absent, cell);
        let slot = self.keys.intern(&identity(key, id, line)) as usize;
        if slot == self.customer_of.len() {
            self.customer_of.push(self.customers.intern(key));
        }
        Some(slot)
    }

    /// The records in order of their keys, and what became of the other rows.
    pub(super) fn finish(mut self) -> Result<TableReport> {
        let source = self.source;
        for (column, declared) in source.named_columns() {
            if !self.headers.iter().any(|name| name == column) {
                let place = format!("{} > {declared}", source.place());
                return Err(unknown_column(&place, column, self.headers));
            }
        }
        let keyless_repeats = if source.key_column().is_none() { self.losers.len() as u64 } else { 0 };
        self.reject_losers();
        let mapping = self.decide();
        let mut issues = self.winning_issues();
        // What cannot be read in a column that is not used is no issue.
        issues.retain(|issue| mapping.unmapped.iter().all(|column| column.column != issue.field));
        let Settled { chosen, facts, older_versions } = self.settle_orders(&mut issues);
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

        let keys =
            if source.order_columns().is_some() { self.customers.finish() } else { self.keys.finish() };
        let slots: Vec<usize> = chosen.iter().map(|chosen| chosen.slot).collect();
        let lines = slots.iter().filter_map(|&slot| self.winners.get(slot)).map(|w| w.line).collect();
        let mut columns: Vec<Option<Kept<'_>>> = self.columns.into_iter().map(Some).collect();
        let columns: Vec<Kept<'_>> =
            self.order.iter().filter_map(|&column| columns.get_mut(column).and_then(Option::take)).collect();
        let columns = columns
            .into_par_iter()
            .filter(|kept| kept.purpose == Purpose::Record)
            .map(|kept| kept.records(&slots))
            .collect();
        let keys = chosen.iter().map(|chosen| keys.get(chosen.key).to_owned()).collect();
        let table = SourceTable::new(source.info().clone(), keys, lines, columns);
        let (rejects, encodings) = (self.rejects, self.encodings);
        let reference = source.order_columns().and_then(OrderColumns::customer_reference).cloned();
        Ok(TableReport { table, facts, reference, counts, rejects, issues, mapping, encodings })
    }

    /// The rows that become records, in order of their keys, and the facts of all rows.
    ///
    /// Without orders every row that won is a record. With them the rows of one key are one record at most, and
    /// as many facts as they name orders.
    fn settle_orders(&mut self, issues: &mut Vec<Issue>) -> Settled {
        let Some(order) = self.source.order_columns() else {
            let mut keys: Vec<(&str, u32)> = self.keys.dictionary().iter().zip(0..).collect();
            keys.par_sort_unstable();
            let chosen = keys.iter().map(|&(_, key)| Chosen { key, slot: key as usize }).collect();
            return Settled { chosen, facts: Vec::new(), older_versions: 0 };
        };
        let customers = self.customers.dictionary();
        let mut keys: Vec<(&str, u32)> = customers.iter().zip(0..).collect();
        keys.par_sort_unstable();
        let mut rank = vec![0; keys.len()];
        for (place, &(_, customer)) in keys.iter().enumerate() {
            if let Some(rank) = rank.get_mut(customer as usize) {
                *rank = place;
            }
        }
        let rows = self.customer_of.iter().zip(&self.winners).enumerate();
        let mut rows: Vec<OrderRow> = rows
            .map(|(slot, (&customer, winner))| OrderRow {
                slot,
                key: rank.get(customer as usize).copied().unwrap_or_default(),
                line: winner.line,
                hash: winner.hash,
            })
            .collect();
        rows.sort_unstable_by_key(|row| (row.key, row.hash));
        let cells = OrderCells::new(&self.columns, &self.by_name, self.updated_at, order);
        let source = self.source.name();
        let mut settled = Settled::default();
        let mut places = Vec::with_capacity(rows.len());
        for rows in rows.chunk_by(|a, b| a.key == b.key) {
            let Some(&(key, number)) = rows.first().and_then(|row| keys.get(row.key)) else { continue };
            let record = cells.record(rows);
            let customer = record.map(|_| settled.chosen.len());
            settled.chosen.extend(record.map(|row| Chosen { key: number, slot: row.slot }));
            for row in rows {
                let is_record = record.is_some_and(|record| record.slot == row.slot);
                let reject = if record.is_none() && !cells.has_reference(row) {
                    Some(RejectReason::NoCustomer)
                } else if !is_record && !cells.has_order(row) {
                    Some(RejectReason::Superseded)
                } else {
                    None
                };
                if let Some(reason) = reject {
                    let (source, key) = (source.to_owned(), Some(key.to_owned()));
                    self.rejects.push(Reject { source, line: row.line, key, field: None, reason });
                    continue;
                }
                let differs = record.is_some_and(|record| !cells.same_customer(record.slot, row.slot));
                settled.older_versions += u64::from(differs);
                if cells.has_order(row) {
                    places.push(FactPlace { row: *row, key, customer });
                }
            }
        }
        settled.facts = cells.read(source, &places, issues);
        settled
    }

    fn append(&mut self, layout: &Layout, row: &Row<'_>, hash: u128) -> Result<()> {
        let limit = u64::from(u32::MAX - STATES);
        let slot = self.winners.len();
        if slot as u64 >= limit {
            return Err(Error::limit("records of one source", slot as u64 + 1, limit));
        }
        for column in &mut self.columns {
            column.push();
        }
        self.winners.push(Winner { hash, line: row.line });
        self.overwrite(layout, row, slot);
        Ok(())
    }

    fn overwrite(&mut self, layout: &Layout, row: &Row<'_>, slot: usize) {
        for column in &mut self.columns {
            column.set(slot, Cell::Absent);
        }
        for (column, kept) in layout.kept() {
            let cell = row.cells.get(column).copied().unwrap_or(Cell::Absent);
            if let Some(kept) = self.columns.get_mut(kept) {
                kept.set(slot, cell);
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
            let key = keyed.then(|| self.key(loser.slot).to_owned());
            let source = self.source.name().to_owned();
            self.rejects.push(Reject { source, line: loser.line, key, field: None, reason });
        }
    }

    /// The key of a row that won.
    fn key(&self, slot: usize) -> &str {
        match self.customer_of.get(slot) {
            Some(&customer) => self.customers.dictionary().get(customer),
            None => self.keys.dictionary().get(slot as u32),
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

    /// Keeps the columns that no declaration names until it is decided what they hold.
    fn keep_undeclared(&mut self, names: &[String]) {
        if self.source.inference() == Inference::Off {
            return;
        }
        let named = self.source.named_columns();
        for name in names {
            let known = named.iter().any(|(column, _)| column == name)
                || self.columns.iter().any(|column| column.name == *name);
            if !known {
                self.columns.push(Kept::undecided(name, self.winners.len()));
            }
        }
        self.by_name = by_name(&self.columns);
    }

    /// Decides what the columns hold that no declaration names, from the rows that won.
    fn decide(&mut self) -> Mapping {
        let mapping = infer(self.source, &mut self.columns, &self.order);
        let columns = &self.columns;
        self.by_name.retain(|&column| columns.get(column).is_some_and(|kept| kept.purpose != Purpose::None));
        mapping
    }
}

fn unknown_column(place: &str, name: &str, known: Vec<String>) -> Error {
    let nearest = text::nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
    Error::unknown(place, "column", name, nearest.as_deref(), known)
}
