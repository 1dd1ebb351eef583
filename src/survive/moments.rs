//! When each record was changed, by the clocks of a rule.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::times::{Clock, Future, Times, Undated};
use crate::id::RecordId;
use crate::record::{Records, SourceTable};
use crate::value::{DayMonthOrder, Instant, parse_instant};

pub(super) const UNDATED: i64 = i64::MIN;

/// The times of all records as they are stated, read once for each list of clocks.
#[derive(Debug)]
pub(super) struct Clocks<'a> {
    records: &'a Records,
    read: BTreeMap<Vec<Clock>, Arc<Vec<i64>>>,
}

/// The times of records under one rule.
#[derive(Clone, Debug)]
pub(super) struct Moments {
    /// Seconds since 1970 per record, [`UNDATED`] where no clock says; empty if none ever does.
    stated: Arc<Vec<i64>>,
    undated: Undated,
    future: Future,
}

impl<'a> Clocks<'a> {
    pub(super) fn new(records: &'a Records) -> Self {
        Clocks { records, read: BTreeMap::new() }
    }

    pub(super) fn moments(&mut self, times: &Times) -> Moments {
        let stated = self.read.entry(times.clocks.clone());
        let stated = stated.or_insert_with(|| Arc::new(read(self.records, &times.clocks)));
        Moments { stated: stated.clone(), undated: times.undated, future: times.future }
    }
}

impl Moments {
    /// When a record was changed, seen at an instant; [`UNDATED`] where that is not known.
    pub(super) fn at(&self, record: RecordId, as_of: Option<i64>) -> i64 {
        let stated = self.stated(record);
        match (as_of, self.future) {
            (Some(as_of), Future::Clamp) if stated > as_of => as_of,
            (Some(as_of), Future::Reject) if stated > as_of => self.without(),
            _ => stated,
        }
    }

    /// When a record was changed, whatever the instant.
    pub(super) fn stated(&self, record: RecordId) -> i64 {
        match self.stated.get(record.index()).copied().unwrap_or(UNDATED) {
            UNDATED => self.without(),
            stated => stated,
        }
    }

    /// The times that may count for a record, sooner or later: its own, and that of records without one while its own is
    /// in the future and rejected.
    pub(super) fn possible(&self, record: RecordId) -> impl Iterator<Item = i64> + use<> {
        let rejected = if self.future == Future::Reject { self.without() } else { UNDATED };
        [self.stated(record), rejected].into_iter().filter(|&time| time != UNDATED)
    }

    /// True where records without a time take no part.
    pub(super) fn leaves_out_undated(&self) -> bool {
        self.undated == Undated::Never
    }

    fn without(&self) -> i64 {
        match self.undated {
            Undated::At(instant) => instant.unix_seconds(),
            _ => UNDATED,
        }
    }
}

fn read(records: &Records, clocks: &[Clock]) -> Vec<i64> {
    let sources = records.raw().sources();
    let column = |source: &SourceTable, clock: &Clock| match clock {
        Clock::Updated => source.info().updated_at.clone(),
        Clock::Column(name) => source.column(name).map(|_| name.clone()),
    };
    let columns: Vec<Vec<String>> = sources
        .iter()
        .map(|source| clocks.iter().filter_map(|clock| column(source, clock)).collect())
        .collect();
    if columns.iter().all(Vec::is_empty) {
        return Vec::new();
    }
    sources.iter().zip(&columns).flat_map(|(source, columns)| changes(source, columns)).collect()
}

/// One time per row, of the first column that has one; each distinct text is read once.
fn changes(source: &SourceTable, columns: &[String]) -> Vec<i64> {
    let mut changes = vec![UNDATED; source.len()];
    for column in columns.iter().filter_map(|name| source.column(name)) {
        let order = DayMonthOrder::of_column(column.values().iter()).unwrap_or(DayMonthOrder::DayFirst);
        let read = |text| parse_instant(text, order).map_or(UNDATED, Instant::unix_seconds);
        let times: Vec<i64> = column.values().iter().map(read).collect();
        for (row, change) in changes.iter_mut().enumerate().filter(|(_, change)| **change == UNDATED) {
            let time = column.value_number(row).and_then(|number| times.get(number as usize));
            *change = time.copied().unwrap_or(UNDATED);
        }
    }
    changes
}
