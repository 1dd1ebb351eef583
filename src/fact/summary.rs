//! The orders of one customer in a few figures.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::fact::Orders;
use crate::id::RecordId;
use crate::value::{Amount, Currency, Instant};

/// A customer's orders up to an instant.
///
/// An order is counted once, by (source, number), whichever records of the customer state it. Orders at or after
/// the instant do not count; orders without a date do, but say nothing about the first and last one.
///
/// ```
/// use onefold::fact::{OrderSummary, OrdersBuilder};
/// use onefold::value::{Amount, Instant};
/// use onefold::{RecordId, SourceId};
///
/// let mut orders = OrdersBuilder::new();
/// let mut order = |id, day: &str, euros: i64| {
///     let amount = Amount::from_units(euros * 10_000);
///     orders.push(SourceId(0), id, RecordId(0), day.parse().ok(), Some(amount), "EUR".parse().ok());
/// };
/// order("A-1", "2026-03-01", 120);
/// order("A-2", "2026-05-09", 80);
/// order("A-3", "2026-05-20", -30); // a return
/// order("A-4", "2027-01-01", 500);
/// let summary = OrderSummary::of(&orders.finish(), &[RecordId(0)], "2026-11-01".parse().ok());
/// assert_eq!(summary.count, 3);
/// assert_eq!(summary.last.unwrap().to_string(), "2026-05-20");
/// assert_eq!(summary.revenue[0].net.to_string(), "170.00");
/// assert_eq!(summary.revenue[0].average_basket.unwrap().to_string(), "85.00"); // over the two with net above 0
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OrderSummary {
    /// Distinct orders, returns included.
    pub count: u64,
    /// When the first dated order was placed.
    pub first: Option<Instant>,
    /// When the last dated order was placed.
    pub last: Option<Instant>,
    /// Revenue by currency, ascending; amounts of different currencies are never added.
    pub revenue: Vec<Revenue>,
}

/// What a customer's orders in one currency come to.
///
/// ```
/// # use onefold::fact::OrderSummary;
/// fn in_euros(summary: &OrderSummary) -> String {
///     let euros = summary.revenue.iter().find(|revenue| revenue.currency.as_str() == "EUR");
///     euros.map(|revenue| revenue.net.to_string()).unwrap_or_default()
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Revenue {
    /// The currency; [`Currency::NONE`] where the source names none.
    pub currency: Currency,
    /// The sum of all amounts, returns negative.
    pub net: Amount,
    /// Orders whose amount is above zero.
    pub paid_orders: u64,
    /// The net sum over the number of paid orders; none without one.
    pub average_basket: Option<Amount>,
}

impl OrderSummary {
    /// Sums up the orders that came with the records; without an instant, all of them.
    pub fn of(orders: &Orders, records: &[RecordId], as_of: Option<Instant>) -> Self {
        let counts = |at: Option<Instant>| match (at, as_of) {
            (Some(at), Some(as_of)) => at < as_of,
            _ => true,
        };
        let mut found: Vec<_> = records
            .iter()
            .flat_map(|&record| orders.rows_of(record))
            .filter(|order| counts(order.placed_at()))
            .collect();
        // Two records of the customer can state the same order: it counts once, as the first record states it.
        found.sort_unstable_by_key(|order| (order.source, order.id, order.currency, order.record));
        found.dedup_by_key(|order| (order.source, order.id, order.currency));
        let mut sums: BTreeMap<Currency, (Amount, u64)> = BTreeMap::new();
        for order in &found {
            if let Some(amount) = order.amount() {
                let (net, paid) = sums.entry(order.currency.unwrap_or(Currency::NONE)).or_default();
                *net = *net + amount;
                *paid += u64::from(amount > Amount::ZERO);
            }
        }
        let revenue = sums.into_iter().map(|(currency, (net, paid_orders))| Revenue {
            currency,
            net,
            paid_orders,
            average_basket: net.mean_of(paid_orders),
        });
        let dates = || found.iter().filter_map(|order| order.placed_at());
        OrderSummary {
            count: found.chunk_by(|a, b| (a.source, a.id) == (b.source, b.id)).count() as u64,
            first: dates().min(),
            last: dates().max(),
            revenue: revenue.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::OrdersBuilder;
    use crate::id::SourceId;

    #[test]
    fn an_order_that_two_records_state_counts_once() {
        let mut builder = OrdersBuilder::new();
        for record in [0, 1] {
            builder.push(SourceId(0), "A-1", RecordId(record), None, Some(Amount::from_units(50_000)), None);
        }
        let orders = builder.finish();
        let both = OrderSummary::of(&orders, &[RecordId(0), RecordId(1)], None);
        assert_eq!((both.count, both.revenue[0].net), (1, Amount::from_units(50_000)));
        assert_eq!(OrderSummary::of(&orders, &[RecordId(1)], None).count, 1);
        assert_eq!(OrderSummary::of(&orders, &[], None), OrderSummary::default());
    }

    #[test]
    fn currencies_are_never_added() {
        let mut builder = OrdersBuilder::new();
        for (id, currency) in [("1", "EUR"), ("2", "CHF"), ("3", "EUR")] {
            let amount = Some(Amount::from_units(10_000));
            builder.push(SourceId(0), id, RecordId(0), None, amount, currency.parse().ok());
        }
        let summary = OrderSummary::of(&builder.finish(), &[RecordId(0)], None);
        let sums: Vec<_> = summary.revenue.iter().map(|r| (r.currency.as_str(), r.net.units())).collect();
        assert_eq!(sums, [("CHF", 10_000), ("EUR", 20_000)]);
    }
}
