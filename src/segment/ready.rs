//! Segments that every shop asks for.

use super::columns::ProfileColumns;
use super::expr::Expr;
use super::field::{self, AmountField};
use crate::error::{Error, Result};
use crate::value::{Amount, Currency};

/// How many customers are the top ones.
///
/// ```
/// use onefold::segment::{ProfileColumns, Top, top_customers_by_revenue};
/// let euro = "EUR".parse()?;
/// let nobody = top_customers_by_revenue(&ProfileColumns::of(&[]), euro, Top::Share(0.1))?;
/// assert_eq!(nobody.to_string(), "nobody");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Top {
    /// This share, above 0 and at most 1, of those with revenue in the currency, rounded up.
    Share(f64),
    /// So many.
    Count(u64),
}

/// The customers with the highest revenue in a currency: a cut fitted to the profiles, as a condition that can be kept
/// and applied to later ones.
///
/// Among the n customers whose revenue in the currency is known, the cut is the k-th highest one, where k is the count,
/// or the share of n rounded up: the quantile by nearest rank (type 1 of Hyndman and Fan 1996), never a value between
/// two customers. All who tie with the k-th are in, so that there can be more than k, and the order of
/// customers does not matter. Customers without an order in the currency are neither counted nor in.
///
/// # Errors
/// A configuration error if the share is not above 0 and at most 1.
pub fn top_customers_by_revenue(columns: &ProfileColumns, currency: Currency, top: Top) -> Result<Expr> {
    let revenue = columns.amounts.get(&AmountField::Revenue(currency));
    let mut values: Vec<i64> = revenue.map(|column| column.known_values().collect()).unwrap_or_default();
    let count = match top {
        Top::Count(count) => usize::try_from(count).unwrap_or(usize::MAX),
        Top::Share(share) if share > 0.0 && share <= 1.0 => (share * values.len() as f64).ceil() as usize,
        Top::Share(share) => {
            return Err(Error::config("top customers", format!("{share} is no share above 0 and at most 1")));
        }
    };
    let rank = count.min(values.len());
    if rank == 0 {
        return Ok(Expr::Any(Vec::new()));
    }
    let (_, cut, _) = values.select_nth_unstable_by(rank - 1, |a, b| b.cmp(a));
    Ok(field::revenue(currency).at_least(Amount::from_units(*cut)))
}

/// Customers with exactly one order; a return that is an order of its own counts as one.
///
/// ```
/// assert_eq!(onefold::segment::one_time_buyers().to_string(), "order_count = 1");
/// ```
pub fn one_time_buyers() -> Expr {
    field::order_count().is(1)
}

/// Lapsed customers: those who have ordered before, and not in so many days of 24 hours before `as_of`. Those who
/// [never ordered](never_ordered) are not among them, nor those whose orders have no date.
///
/// ```
/// assert_eq!(onefold::segment::no_order_for(180).to_string(), "last_order longer ago than 180 days");
/// ```
pub fn no_order_for(days: u32) -> Expr {
    field::last_order().longer_ago_than_days(days)
}

/// Prospects: profiles without any order.
///
/// ```
/// assert_eq!(onefold::segment::never_ordered().to_string(), "order_count = 0");
/// ```
pub fn never_ordered() -> Expr {
    field::order_count().is(0)
}
