//! The orders in a source's rows: which row gives the customer's record, and what each row's order says.

use std::cmp::Reverse;

use rayon::prelude::*;

use super::kept::{Kept, Purpose};
use super::order::{CurrencyOf, OrderColumns};
use super::recency::Recency;
use crate::record::{Cell, Dictionary, Issue, IssueKind, Reject, RejectReason};
use crate::schema::FieldKind;
use crate::value::{Amount, Currency, DayMonthOrder, DecimalMark, Instant, parse_amount, parse_instant};

/// One order, or a line of one, before records have ids.
#[derive(Clone, Debug)]
pub(super) struct FactRow {
    /// The row's place in the source.
    pub(super) line: u64,
    pub(super) key: String,
    /// The place of the customer's record in the source, if the row's key has customer data.
    pub(super) customer: Option<usize>,
    /// The key of the customer's record in the source that is referred to.
    pub(super) reference: Option<String>,
    pub(super) id: String,
    pub(super) placed_at: Option<Instant>,
    pub(super) amount: Option<Amount>,
    pub(super) currency: Option<Currency>,
}

/// A row that becomes a record.
pub(super) struct Chosen {
    /// The number of its key.
    pub(super) key: u32,
    pub(super) slot: usize,
}

/// What becomes of the rows that won.
#[derive(Default)]
pub(super) struct Settled {
    /// In order of their keys.
    pub(super) chosen: Vec<Chosen>,
    pub(super) facts: Vec<FactRow>,
    pub(super) rejects: Vec<Reject>,
    /// Rows whose customer data differ from those that are kept for their key.
    pub(super) older_versions: u64,
}

/// A row of a source of orders.
#[derive(Clone, Copy)]
struct OrderRow {
    /// Its position among the kept cells.
    slot: usize,
    /// The rank of its key.
    key: usize,
    line: u64,
    hash: u128,
}

/// A row that names an order, and whose it is.
struct FactPlace<'k> {
    row: OrderRow,
    key: &'k str,
    /// The place of the customer's record in the source.
    customer: Option<usize>,
}

/// The kept columns of a source of orders.
pub(super) struct OrderCells<'c, 'a> {
    columns: &'c [Kept<'a>],
    /// In ascending order of their names, those of the order left out.
    customer: Vec<&'c Kept<'a>>,
    updated_at: Option<&'c Kept<'a>>,
    placed_at: Option<&'c Kept<'a>>,
    order: &'c OrderColumns,
}

impl<'c, 'a> OrderCells<'c, 'a> {
    pub(super) fn new(
        columns: &'c [Kept<'a>],
        by_name: impl Iterator<Item = usize>,
        updated_at: Option<usize>,
        order: &'c OrderColumns,
    ) -> Self {
        let customer = by_name.filter_map(|column| columns.get(column));
        let named = |name: &str| columns.iter().find(|column| column.name == name);
        OrderCells {
            columns,
            customer: customer.filter(|kept| kept.purpose == Purpose::Record).collect(),
            updated_at: updated_at.and_then(|column| columns.get(column)),
            placed_at: order.placed_at_column().and_then(named),
            order,
        }
    }

    /// The rows of one key are one record at most, and as many facts as they name orders. `customers` are the keys;
    /// `rows` have the number of their key, their hash and their line.
    pub(super) fn settle(
        &self,
        source: &str,
        customers: &Dictionary,
        rows: impl Iterator<Item = (u32, (u128, u64))>,
        issues: &mut Vec<Issue>,
    ) -> Settled {
        let mut keys: Vec<(&str, u32)> = customers.iter().zip(0..).collect();
        keys.par_sort_unstable();
        let mut ranks = vec![0; keys.len()];
        for (rank, &(_, customer)) in keys.iter().enumerate() {
            if let Some(place) = ranks.get_mut(customer as usize) {
                *place = rank;
            }
        }
        let rows = rows.enumerate().map(|(slot, (customer, (hash, line)))| {
            let key = ranks.get(customer as usize).copied().unwrap_or_default();
            OrderRow { slot, key, line, hash }
        });
        let mut rows: Vec<OrderRow> = rows.collect();
        rows.sort_unstable_by_key(|row| (row.key, row.hash));
        let mut settled = Settled::default();
        let mut places = Vec::with_capacity(rows.len());
        for rows in rows.chunk_by(|a, b| a.key == b.key) {
            let Some(&(key, number)) = rows.first().and_then(|row| keys.get(row.key)) else { continue };
            let record = self.record(rows);
            let customer = record.map(|_| settled.chosen.len());
            settled.chosen.extend(record.map(|row| Chosen { key: number, slot: row.slot }));
            for row in rows {
                if let Some(reason) = self.refusal(row, record) {
                    let (source, key) = (source.to_owned(), Some(key.to_owned()));
                    settled.rejects.push(Reject { source, line: row.line, key, field: None, reason });
                    continue;
                }
                let differs = record.is_some_and(|record| !self.same_customer(record.slot, row.slot));
                settled.older_versions += u64::from(differs);
                if self.has_order(row) {
                    places.push(FactPlace { row: *row, key, customer });
                }
            }
        }
        settled.facts = self.read(source, &places, issues);
        settled
    }

    /// Why a row is neither a record nor a fact; `record` is its key's record.
    fn refusal(&self, row: &OrderRow, record: Option<&OrderRow>) -> Option<RejectReason> {
        let Some(record) = record else {
            return (!self.has_reference(row)).then_some(RejectReason::NoCustomer);
        };
        (record.slot != row.slot && !self.has_order(row)).then_some(RejectReason::Superseded)
    }

    /// True when a field of the customer has a value in the row.
    fn has_customer(&self, slot: usize) -> bool {
        let fields = self.customer.iter().filter(|column| column.kind != FieldKind::Ignore);
        fields.map(|column| column.cell(slot)).any(|cell| cell.value().is_some())
    }

    /// True when the row names an order.
    fn has_order(&self, row: &OrderRow) -> bool {
        self.named(self.order.id_column()).is_some_and(|id| id.cell(row.slot).value().is_some())
    }

    /// True when the row names a record of another source as its customer.
    fn has_reference(&self, row: &OrderRow) -> bool {
        self.reference().is_some_and(|column| column.cell(row.slot).value().is_some())
    }

    fn named(&self, name: &str) -> Option<&'c Kept<'a>> {
        self.columns.iter().find(|column| column.name == name)
    }

    fn reference(&self) -> Option<&'c Kept<'a>> {
        self.named(&self.order.customer_reference()?.column)
    }

    /// True when two rows say the same of the customer.
    fn same_customer(&self, one: usize, other: usize) -> bool {
        self.customer.iter().all(|column| column.cell(one) == column.cell(other))
    }

    /// The row of one key that gives the customer's record: the one that was changed last, else ordered last, else the
    /// one with the smallest cells. None if no row has customer data.
    fn record<'r>(&self, rows: &'r [OrderRow]) -> Option<&'r OrderRow> {
        let time = |column: Option<&'c Kept<'a>>, slot| {
            column.map_or(Recency::Unknown, |column| Recency::of(column.cell(slot)))
        };
        let cells = |slot: usize| self.customer.iter().map(move |column| column.cell(slot));
        rows.iter().filter(|row| self.has_customer(row.slot)).max_by(|one, other| {
            let times = |row: &OrderRow| (time(self.updated_at, row.slot), time(self.placed_at, row.slot));
            times(one).cmp(&times(other)).then_with(|| cells(other.slot).cmp(cells(one.slot))).then_with(
                || (Reverse(one.hash), Reverse(one.line)).cmp(&(Reverse(other.hash), Reverse(other.line))),
            )
        })
    }

    /// What each row's order says; a cell that cannot be read is an issue.
    fn read(&self, source: &str, rows: &[FactPlace<'_>], issues: &mut Vec<Issue>) -> Vec<FactRow> {
        let order = self.order;
        let column = |name: Option<&str>| name.and_then(|name| self.named(name));
        let id = column(Some(order.id_column()));
        let amount = column(order.amount_column());
        let currency = column(order.currency_column_name());
        let reference = self.reference();
        let mark = amount.and_then(|amount| DecimalMark::of_column(amount.texts()));
        let days = self.placed_at.and_then(|placed_at| DayMonthOrder::of_column(placed_at.texts()));
        let days = days.unwrap_or(DayMonthOrder::DayFirst);
        let fixed = match order.currency_of() {
            Some(CurrencyOf::Fixed(currency)) => Some(*currency),
            _ => None,
        };
        let mut unreadable = Unreadable { source, issues };
        let mut facts = Vec::with_capacity(rows.len());
        for FactPlace { row, key, customer } in rows {
            facts.push(FactRow {
                line: row.line,
                key: (*key).to_owned(),
                customer: *customer,
                reference: reference.and_then(|column| column.cell(row.slot).value()).map(str::to_owned),
                id: id.and_then(|column| column.cell(row.slot).value()).unwrap_or_default().to_owned(),
                placed_at: unreadable.parse(self.placed_at, row, |text| parse_instant(text, days)),
                amount: unreadable.parse(amount, row, |text| parse_amount(text, mark)),
                currency: unreadable.parse(currency, row, |text| text.parse().ok()).or(fixed),
            });
        }
        facts
    }
}

/// Takes note of cells that cannot be read.
struct Unreadable<'i> {
    source: &'i str,
    issues: &'i mut Vec<Issue>,
}

impl Unreadable<'_> {
    fn parse<T>(
        &mut self,
        column: Option<&Kept<'_>>,
        row: &OrderRow,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let column = column?;
        let text = column.cell(row.slot).value()?;
        let parsed = parse(text);
        if parsed.is_none() {
            self.issues.push(Issue {
                source: self.source.to_owned(),
                line: row.line,
                field: column.name.clone().into_owned(),
                value: text.to_owned(),
                kind: IssueKind::Unparsable,
            });
        }
        parsed
    }
}

/// A row's identity in a source of orders: the key, the order's number and its line, each after its length.
pub(super) fn identity(key: &str, id: &str, line: Cell<'_>) -> String {
    format!("{}:{key}{}:{id}{}", key.len(), id.len(), line.value().unwrap_or_default())
}
