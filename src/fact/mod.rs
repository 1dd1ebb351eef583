//! Facts: what happened to customers, keyed by the record that a fact came with.
//!
//! A fact belongs to a source record, never to a profile: when records are merged or taken apart, their facts go
//! with them, and totals do not depend on how facts are spread over records.

mod order;
mod summary;

pub use order::{Order, Orders, OrdersBuilder};
pub use summary::{OrderSummary, Revenue};
