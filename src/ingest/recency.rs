//! The time at which a row was changed, as its source writes it.

use crate::record::Cell;
use crate::value::{DayMonthOrder, Instant, parse_instant};

/// A time of change, ordered from the one that loses to the one that wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Recency<'a> {
    /// No value.
    Unknown,
    /// No date or time; the text itself is compared, byte by byte.
    Text(&'a str),
    /// An instant; without an offset in UTC, a date at its start.
    Instant(Instant),
}

impl<'a> Recency<'a> {
    /// Where a notation leaves open whether day or month comes first, the day does: which rows win must not depend on
    /// the other rows of the column, as these come and go.
    pub(super) fn of(cell: Cell<'a>) -> Self {
        let Some(text) = cell.value() else { return Recency::Unknown };
        let text = text.trim();
        parse_instant(text, DayMonthOrder::DayFirst).map_or(Recency::Text(text), Recency::Instant)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascending() {
        let cells = [
            Cell::Empty,
            Cell::Value("31.04.2020"),
            Cell::Value("late"),
            Cell::Value("31.12.2019"),
            Cell::Value("2020-01-01 00:00:01"),
            Cell::Value("2020-01-01T09:00:00+09:00"),
            Cell::Value(" 2020-01-01T00:00:02Z "),
        ];
        let expected = [0, 1, 2, 3, 5, 4, 6];
        let mut order: Vec<usize> = (0..cells.len()).collect();
        order.sort_by_key(|&i| Recency::of(cells[i]));
        assert_eq!(order, expected);
        assert_eq!(Recency::of(Cell::Value("2020-01-01")), Recency::of(Cell::Value("2020-01-01T00:00:00Z")));
        assert_eq!(Recency::of(Cell::Absent), Recency::Unknown);
    }
}
