//! When each record was changed, by the clock of its source.

use crate::record::{Records, SourceTable};
use crate::value::{DayMonthOrder, Instant, parse_instant};

/// Seconds since 1970 per record, [`UNDATED`] where the source does not say; empty if no source does.
#[derive(Debug)]
pub(super) struct Clock(Vec<i64>);

pub(super) const UNDATED: i64 = i64::MIN;

impl Clock {
    pub(super) fn of(records: &Records) -> Self {
        let sources = records.raw().sources();
        if sources.iter().all(|source| source.info().updated_at.is_none()) {
            return Clock(Vec::new());
        }
        Clock(sources.iter().flat_map(changes).collect())
    }

    pub(super) fn changed(&self, record: crate::RecordId) -> i64 {
        self.0.get(record.index()).copied().unwrap_or(UNDATED)
    }
}

/// One time per row; each distinct text is read once.
fn changes(source: &SourceTable) -> Vec<i64> {
    let column = source.info().updated_at.as_deref().and_then(|name| source.column(name));
    let Some(column) = column else { return vec![UNDATED; source.len()] };
    let order = DayMonthOrder::of_column(column.values().iter()).unwrap_or(DayMonthOrder::DayFirst);
    let read = |text| parse_instant(text, order).map_or(UNDATED, Instant::unix_seconds);
    let times: Vec<i64> = column.values().iter().map(read).collect();
    let time = |row| column.value_number(row).and_then(|number| times.get(number as usize));
    (0..source.len()).map(|row| time(row).copied().unwrap_or(UNDATED)).collect()
}
