//! Segments: which customers a condition describes.
//!
//! An [`Expr`] is built from typed [fields](field) with `&`, `|` and `!`, and is plain data that serialises.
//! [`evaluate`] tests all profiles at once, column by column, and gives an [`Audience`]; [`matches()`] tests one
//! profile with the same result; [`explain`] says why.
//!
//! Logic is that of three values (Kleene's strong logic): what a profile does not say is unknown, what is not unknown is
//! unknown, and unknown never qualifies. So neither `city is "ulm"` nor its negation holds where no city is
//! known; [`is_missing`](TextField::is_missing) asks for that.
//!
//! Nothing reads the clock: every answer takes `as_of`. It should be the instant up to which the orders were summed up.
//!
//! ```
//! use onefold::profile::Profile;
//! use onefold::segment::{ProfileColumns, evaluate, field, matches, one_time_buyers};
//! use onefold::value::{Amount, Currency, Instant};
//!
//! let profile = |key: &str, country: &str, orders: u32, euros: u32| -> Result<Profile, serde_json::Error> {
//!     serde_json::from_value(serde_json::json!({
//!         "customer_id": onefold::CustomerId::of_record("crm", key),
//!         "class": "person",
//!         "addresses": [{ "country": country, "records": 1, "sources": 1 }],
//!         "records": [{ "source": "crm", "key": key, "confidence": 1.0 }],
//!         "orders": { "count": orders, "first": "2026-01-05", "last": "2026-08-20", "revenue": [
//!             { "currency": "EUR", "net": euros, "paid_orders": orders, "average_basket": null },
//!         ] },
//!     }))
//! };
//! let profiles = [profile("1", "DE", 4, 900)?, profile("2", "DE", 1, 40)?, profile("3", "AT", 7, 2500)?];
//! let columns = ProfileColumns::of(&profiles);
//! let as_of: Instant = "2026-11-01".parse()?;
//!
//! let euro: Currency = "EUR".parse()?;
//! let good = field::order_count().at_least(3) & field::revenue(euro).at_least(Amount::from_units(5_000_000));
//! let good_abroad = good.clone() & !field::country().is("DE");
//! let audience = evaluate(&good_abroad, &columns, as_of);
//! assert_eq!(audience.iter().map(|entity| entity.0).collect::<Vec<_>>(), [2]);
//! assert!(matches(&good, &profiles[0], as_of));
//! assert!(evaluate(&one_time_buyers(), &columns, as_of).contains(onefold::EntityId(1)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod audience;
mod bits;
mod columns;
mod condition;
mod evaluate;
mod explain;
mod expr;
pub mod field;
mod ready;
mod subject;
mod verdict;

pub use audience::Audience;
pub use columns::{ProfileColumns, ProfileColumnsBuilder};
pub use condition::{Bound, InstantTest, TextTest};
pub use evaluate::evaluate;
pub use explain::{Explanation, explain};
pub use expr::Expr;
pub use field::{AmountField, ContactField, Field, GenderField, InstantField, NumberField, TextField};
pub use ready::{Top, never_ordered, no_order_for, one_time_buyers, top_customers_by_revenue};
pub use subject::{Subject, matches, verdict};
pub use verdict::Verdict;
