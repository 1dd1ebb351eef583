//! Orders in columns.

use std::cmp::Ordering;

use crate::id::{RecordId, SourceId};
use crate::record::{Dictionary, Interner, Renumber};
use crate::value::{Amount, Currency, Instant};

/// One order, as its source states it.
///
/// ```
/// use onefold::fact::OrdersBuilder;
/// use onefold::{RecordId, SourceId};
/// let mut builder = OrdersBuilder::new();
/// builder.push(SourceId(0), "A-1", RecordId(3), None, None, None);
/// let orders = builder.finish();
/// assert_eq!((orders.get(0).id, orders.get(0).record), ("A-1", RecordId(3)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Order<'a> {
    /// The source that the order was read from.
    pub source: SourceId,
    /// The order's number in its source.
    pub id: &'a str,
    /// The record of the customer that the order came with.
    pub record: RecordId,
    /// When it was placed; none if the source does not say.
    pub placed_at: Option<Instant>,
    /// The amount over all lines, returns negative; none if the source does not say.
    pub amount: Option<Amount>,
    /// The currency; none if the source does not say.
    pub currency: Option<Currency>,
}

/// All orders of a run, in ascending order of (record, instant, source, number); undated orders come first.
///
/// An order is one (source, number) with a record: its lines, which are rows of their own in some exports, are
/// added up.
///
/// ```
/// use onefold::fact::OrdersBuilder;
/// use onefold::value::Amount;
/// use onefold::{RecordId, SourceId};
/// let mut builder = OrdersBuilder::new();
/// let euros = |euros: i64| Some(Amount::from_units(euros * 10_000));
/// builder.push(SourceId(0), "A-1", RecordId(3), None, euros(20), None);
/// builder.push(SourceId(0), "A-1", RecordId(3), None, euros(5), None);
/// builder.push(SourceId(0), "A-2", RecordId(4), None, euros(7), None);
/// let orders = builder.finish();
/// assert_eq!(orders.len(), 2);
/// assert_eq!(orders.of_record(RecordId(3)).next().unwrap().amount, euros(25));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Orders {
    ids: Dictionary,
    rows: Vec<Row>,
    /// The first record that has an order, and where the rows of each record from it on begin, up to the last one: a
    /// search through all rows would miss the cache at each of its steps.
    first: u32,
    starts: Vec<u32>,
}

/// An order in 32 bytes, with the number of its id: equal numbers are equal ids. What is not stated is the least value, which as an option would take a word more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    placed_at: Instant,
    amount: Amount,
    pub(super) record: RecordId,
    pub(super) id: u32,
    pub(super) source: SourceId,
    pub(super) currency: Option<Currency>,
    is_dated: bool,
    has_amount: bool,
}

impl Row {
    pub(super) fn placed_at(&self) -> Option<Instant> {
        self.is_dated.then_some(self.placed_at)
    }

    pub(super) fn amount(&self) -> Option<Amount> {
        self.has_amount.then_some(self.amount)
    }

    fn at(mut self, placed_at: Option<Instant>) -> Self {
        (self.placed_at, self.is_dated) = (placed_at.unwrap_or(Instant::EPOCH), placed_at.is_some());
        self
    }

    fn over(mut self, amount: Option<Amount>) -> Self {
        (self.amount, self.has_amount) = (amount.unwrap_or(Amount::ZERO), amount.is_some());
        self
    }
}

impl Orders {
    /// How many orders there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True when there are no orders.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The order at a position.
    ///
    /// # Panics
    /// If there are not so many orders.
    pub fn get(&self, position: usize) -> Order<'_> {
        self.order(&self.rows[position])
    }

    /// All orders.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Order<'_>> + '_ {
        self.rows.iter().map(|row| self.order(row))
    }

    /// The orders that came with a record, by instant.
    pub fn of_record(&self, record: RecordId) -> impl ExactSizeIterator<Item = Order<'_>> + '_ {
        self.rows_of(record).iter().map(|row| self.order(row))
    }

    /// When the orders that came with a record were placed.
    pub(crate) fn instants_of(
        &self,
        record: RecordId,
    ) -> impl ExactSizeIterator<Item = Option<Instant>> + '_ {
        self.rows_of(record).iter().map(Row::placed_at)
    }

    /// As [`of_record`](Self::of_record), without the texts of the ids.
    pub(super) fn rows_of(&self, record: RecordId) -> &[Row] {
        let position = record.0.wrapping_sub(self.first) as usize;
        match self.starts.get(position..).unwrap_or_default() {
            [start, end, ..] => &self.rows[*start as usize..*end as usize],
            _ => &[],
        }
    }

    fn order(&self, row: &Row) -> Order<'_> {
        Order {
            source: row.source,
            id: self.ids.get(row.id),
            record: row.record,
            placed_at: row.placed_at(),
            amount: row.amount(),
            currency: row.currency,
        }
    }
}

/// Builds [`Orders`] from rows in any order.
///
/// ```
/// use onefold::fact::OrdersBuilder;
/// assert!(OrdersBuilder::new().finish().is_empty());
/// ```
#[must_use]
#[derive(Clone, Debug, Default)]
pub struct OrdersBuilder {
    ids: Interner,
    rows: Vec<Row>,
}

impl OrdersBuilder {
    /// No orders.
    pub fn new() -> Self {
        OrdersBuilder::default()
    }

    /// Adds an order, or a line of one: rows with the same source, number, record and currency are one order, which was
    /// placed at the earliest instant of its lines.
    pub fn push(
        &mut self,
        source: SourceId,
        id: &str,
        record: RecordId,
        placed_at: Option<Instant>,
        amount: Option<Amount>,
        currency: Option<Currency>,
    ) {
        let id = self.ids.intern(id);
        self.push_numbered(source, id, record, placed_at, amount, currency);
    }

    /// Makes room for so many rows with these numbers of orders; [`push_numbered`](Self::push_numbered) takes what this
    /// gives for each of them.
    pub(crate) fn number(&mut self, ids: &Dictionary, rows: usize) -> Vec<u32> {
        self.rows.reserve_exact(rows);
        self.ids.intern_all(&ids.iter().collect::<Vec<_>>())
    }

    /// As [`push`](Self::push).
    pub(crate) fn push_numbered(
        &mut self,
        source: SourceId,
        id: u32,
        record: RecordId,
        placed_at: Option<Instant>,
        amount: Option<Amount>,
        currency: Option<Currency>,
    ) {
        let row = Row {
            placed_at: Instant::EPOCH,
            amount: Amount::ZERO,
            record,
            id,
            source,
            currency,
            is_dated: false,
            has_amount: false,
        };
        self.rows.push(row.at(placed_at).over(amount));
    }

    /// The orders in their order.
    pub fn finish(self) -> Orders {
        let ids = self.ids.finish();
        let mut rows = self.rows;
        // Numbers of ids follow the order of the rows, so the texts decide; they are read only if all before is equal.
        let by_id = |a: &Row, b: &Row| {
            let by_text = || if a.id == b.id { Ordering::Equal } else { ids.get(a.id).cmp(ids.get(b.id)) };
            a.source.cmp(&b.source).then_with(by_text).then_with(|| a.currency.cmp(&b.currency))
        };
        rows.sort_by(|a, b| a.record.cmp(&b.record).then_with(|| by_id(a, b)));
        rows.dedup_by(|line, order| {
            let same = line.record == order.record && by_id(line, order).is_eq();
            if same {
                let placed_at = [order.placed_at(), line.placed_at()].into_iter().flatten().min();
                let amount = [order.amount(), line.amount()].into_iter().flatten().reduce(|sum, of| sum + of);
                *order = order.at(placed_at).over(amount);
            }
            same
        });
        rows.shrink_to_fit();
        let place = |row: &Row| (row.record, row.placed_at());
        rows.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| by_id(a, b)));
        // The dictionary in the order of the orders, so that equal orders are equal values.
        let mut numbered = Renumber::new(&ids);
        for row in &mut rows {
            row.id = numbered.number(row.id);
        }
        let (first, starts) = starts(&rows);
        Orders { ids: numbered.finish(), rows, first, starts }
    }
}

/// The first record of the rows, and where the rows of each record from it on begin; at the end, where the last ones end.
fn starts(rows: &[Row]) -> (u32, Vec<u32>) {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return (0, Vec::new()) };
    let first = first.record.0;
    let mut starts = vec![0; (last.record.0 - first) as usize + 2];
    for row in rows {
        starts[(row.record.0 - first) as usize + 1] += 1;
    }
    let mut end = 0;
    for count in &mut starts {
        end += *count;
        *count = end;
    }
    (first, starts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn build(rows: &[(u32, &str, u32, Option<i64>, i64)]) -> Orders {
        let mut builder = OrdersBuilder::new();
        for &(source, id, record, seconds, amount) in rows {
            let placed_at = seconds.and_then(Instant::from_unix_seconds);
            builder.push(
                SourceId(source as u16),
                id,
                RecordId(record),
                placed_at,
                Some(Amount::from_units(amount)),
                None,
            );
        }
        builder.finish()
    }

    #[test]
    fn lines_of_one_order_are_added_up() {
        let orders = build(&[(0, "1", 7, Some(90), 5), (0, "1", 7, Some(60), -2), (1, "1", 7, None, 4)]);
        let read: Vec<_> =
            orders.iter().map(|o| (o.source.0, o.placed_at.map(Instant::unix_seconds), o.amount)).collect();
        assert_eq!(
            read,
            [(1, None, Some(Amount::from_units(4))), (0, Some(60), Some(Amount::from_units(3)))]
        );
        assert_eq!(orders.of_record(RecordId(7)).len(), 2);
        assert_eq!(orders.of_record(RecordId(8)).len(), 0);
    }

    proptest! {
        #[test]
        fn the_orders_of_a_record_are_all_that_name_it(records in prop::collection::vec(10..40u32, 0..30)) {
            let rows: Vec<_> = records.iter().map(|&record| (0, "a", record, None, 1)).collect();
            let orders = build(&rows);
            for record in (0..60).map(RecordId) {
                let expected: Vec<_> = orders.iter().filter(|order| order.record == record).collect();
                prop_assert_eq!(orders.of_record(record).collect::<Vec<_>>(), expected);
            }
        }

        #[test]
        fn the_order_of_rows_changes_nothing(
            rows in prop::collection::vec((0..2u32, "[ab]{1,2}", 0..4u32, prop::option::of(0..9i64), -5..5i64), 0..30),
            shift in 0..30usize,
        ) {
            let rows: Vec<_> = rows.iter().map(|r| (r.0, r.1.as_str(), r.2, r.3, r.4)).collect();
            let mut shuffled = rows.clone();
            shuffled.rotate_left(shift.min(rows.len()));
            shuffled.reverse();
            prop_assert_eq!(build(&rows), build(&shuffled));
        }
    }
}
