//! The orders in a source's rows: which row gives the customer's record, and what each row's order says.

use std::cmp::Reverse;

use rayon::prelude::*;

use super::identities::Keys;
use super::kept::{Kept, Purpose};
use super::order::{CurrencyOf, OrderColumns};
use super::recency::Recency;
use super::table::Winner;
use crate::record::{Cell, Interner, Issue, IssueKind, RawColumn, Reject, RejectReason};
use crate::schema::FieldKind;
use crate::value::{Amount, Currency, DayMonthOrder, DecimalMark, Instant, parse_amount, parse_instant};

/// The orders in the rows of a source, before records have ids.
pub(super) struct Facts {
    pub(super) rows: Vec<FactRow>,
    /// The numbers of the orders, one for each row.
    pub(super) ids: RawColumn,
    /// The keys of the customers' records in the source that is referred to, one for each row.
    pub(super) references: Option<RawColumn>,
    /// The keys of rows without customer data.
    pub(super) ownerless: Interner,
}

/// One order, or a line of one.
#[derive(Clone, Copy, Debug)]
pub(super) struct FactRow {
    /// The row's place in the source.
    pub(super) line: u64,
    pub(super) owner: Owner,
    pub(super) placed_at: Option<Instant>,
    pub(super) amount: Option<Amount>,
    pub(super) currency: Option<Currency>,
}

/// Whose an order is, by its own source.
#[derive(Clone, Copy, Debug)]
pub(super) enum Owner {
    /// The place of the customer's record in the source.
    Record(u32),
    /// The row's key has no customer data: its number among those.
    None(u32),
}

/// A row that becomes a record.
pub(super) struct Chosen {
    /// The number of its key.
    pub(super) key: u32,
    pub(super) slot: u32,
}

/// What becomes of the rows that won.
pub(super) struct Settled {
    /// In order of their keys.
    pub(super) chosen: Vec<Chosen>,
    pub(super) facts: Facts,
    pub(super) rejects: Vec<Reject>,
    /// Rows whose customer data differ from those that are kept for their key.
    pub(super) older_versions: u64,
}

impl Settled {
    /// Rows that are records, and no orders.
    pub(super) fn records(chosen: Vec<Chosen>) -> Self {
        let ids = RawColumn::from_cells("", FieldKind::Ignore, []);
        let facts = Facts { rows: Vec::new(), ids, references: None, ownerless: Interner::new() };
        Settled { chosen, facts, rejects: Vec::new(), older_versions: 0 }
    }
}

/// A row of a source of orders.
#[derive(Clone, Copy)]
struct OrderRow {
    /// Its position among the kept cells.
    slot: usize,
    line: u64,
    hash: u128,
}

/// The kept columns of a source of orders.
pub(super) struct OrderCells<'c, 'a> {
    columns: &'c [Kept<'a>],
    /// In ascending order of their names, those of the order left out.
    customer: Vec<&'c Kept<'a>>,
    updated_at: Option<&'c Kept<'a>>,
    id: Option<&'c Kept<'a>>,
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
            id: named(order.id_column()),
            placed_at: order.placed_at_column().and_then(named),
            order,
        }
    }

    /// The rows of one key are one record at most, and as many facts as they name orders. `winners` are the rows.
    pub(super) fn settle(
        &self,
        source: &str,
        keys: &Keys,
        winners: &[Winner],
        issues: &mut Vec<Issue>,
    ) -> Settled {
        let (slots, starts) = keys.rows();
        let of_key = |key: u32| {
            let (start, end) = (starts.get(key as usize)?, starts.get(key as usize + 1)?);
            slots.get(*start as usize..*end as usize)
        };
        let row = |slot: u32| {
            let winner = winners.get(slot as usize)?;
            Some(OrderRow { slot: slot as usize, line: winner.line, hash: winner.hash })
        };
        let mut settled = Settled::records(Vec::new());
        let mut places = Vec::with_capacity(winners.len());
        let mut rows: Vec<OrderRow> = Vec::new();
        for number in keys.texts.ascending() {
            rows.clear();
            rows.extend(of_key(number).unwrap_or_default().iter().filter_map(|&slot| row(slot)));
            rows.sort_unstable_by_key(|row| row.hash);
            let record = self.record(&rows);
            let owner = match record {
                Some(row) => {
                    settled.chosen.push(Chosen { key: number, slot: row.slot as u32 });
                    Owner::Record(settled.chosen.len() as u32 - 1)
                }
                None => Owner::None(settled.facts.ownerless.intern(keys.texts.get(number))),
            };
            for row in &rows {
                if let Some(reason) = self.refusal(row, record) {
                    let (source, key) = (source.to_owned(), Some(keys.texts.get(number).to_owned()));
                    settled.rejects.push(Reject { source, line: row.line, key, field: None, reason });
                    continue;
                }
                let differs = record.is_some_and(|record| !self.same_customer(record.slot, row.slot));
                settled.older_versions += u64::from(differs);
                if self.has_order(row) {
                    places.push((*row, owner));
                }
            }
        }
        self.read(source, &places, &mut settled.facts, issues);
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
        fields.map(|column| column.number(slot)).any(|number| number.is_some())
    }

    /// True when the row names an order.
    fn has_order(&self, row: &OrderRow) -> bool {
        self.id.is_some_and(|id| id.number(row.slot).is_some())
    }

    /// True when the row names a record of another source as its customer.
    fn has_reference(&self, row: &OrderRow) -> bool {
        self.reference().is_some_and(|column| column.number(row.slot).is_some())
    }

    fn named(&self, name: &str) -> Option<&'c Kept<'a>> {
        self.columns.iter().find(|column| column.name == name)
    }

    fn reference(&self) -> Option<&'c Kept<'a>> {
        self.named(&self.order.customer_reference()?.column)
    }

    /// True when two rows say the same of the customer.
    fn same_customer(&self, one: usize, other: usize) -> bool {
        one == other || self.customer.iter().all(|column| column.is_same(one, other))
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
    fn read(&self, source: &str, rows: &[(OrderRow, Owner)], facts: &mut Facts, issues: &mut Vec<Issue>) {
        let order = self.order;
        let column = |name: Option<&str>| name.and_then(|name| self.named(name));
        let amount = column(order.amount_column());
        let currency = column(order.currency_column_name());
        let mark = amount.and_then(|amount| DecimalMark::of_column(amount.texts()));
        let days = self.placed_at.and_then(|placed_at| DayMonthOrder::of_column(placed_at.texts()));
        let days = days.unwrap_or(DayMonthOrder::DayFirst);
        let fixed = match order.currency_of() {
            Some(CurrencyOf::Fixed(currency)) => Some(*currency),
            _ => None,
        };
        let placed_at = self.placed_at.map(|column| Parsed::of(column, |text| parse_instant(text, days)));
        let amount = amount.map(|column| Parsed::of(column, |text| parse_amount(text, mark)));
        let currency = currency.map(|column| Parsed::of(column, |text| text.parse().ok()));
        let mut unreadable = Unreadable { source, issues };
        let row = |(row, owner): &(OrderRow, Owner)| FactRow {
            line: row.line,
            owner: *owner,
            placed_at: unreadable.get(placed_at.as_ref(), row),
            amount: unreadable.get(amount.as_ref(), row),
            currency: unreadable.get(currency.as_ref(), row).or(fixed),
        };
        facts.rows = rows.iter().map(row).collect();
        let slots: Vec<u32> = rows.iter().map(|(row, _)| row.slot as u32).collect();
        if let Some(id) = self.id {
            facts.ids = id.pick(&slots);
        }
        facts.references = self.reference().map(|column| column.pick(&slots));
    }
}

/// What the texts of a column say, read once for each text.
struct Parsed<'c, 'a, T> {
    column: &'c Kept<'a>,
    values: Vec<Option<T>>,
}

impl<'c, 'a, T: Send> Parsed<'c, 'a, T> {
    fn of(column: &'c Kept<'a>, parse: impl Fn(&str) -> Option<T> + Sync) -> Self {
        const AT_ONCE: usize = 512;
        let texts = column.dictionary();
        let numbers = (0..texts.len() as u32).into_par_iter().with_min_len(AT_ONCE);
        Parsed { column, values: numbers.map(|number| parse(texts.get(number))).collect() }
    }
}

/// Takes note of cells that cannot be read.
struct Unreadable<'i> {
    source: &'i str,
    issues: &'i mut Vec<Issue>,
}

impl Unreadable<'_> {
    /// What the cell of a row says.
    fn get<T: Copy>(&mut self, parsed: Option<&Parsed<'_, '_, T>>, row: &OrderRow) -> Option<T> {
        let Parsed { column, values } = parsed?;
        let value = values.get(column.number(row.slot)? as usize).copied().flatten();
        if value.is_none() {
            self.issues.push(Issue {
                source: self.source.to_owned(),
                line: row.line,
                field: column.name.clone().into_owned(),
                value: column.cell(row.slot).value().unwrap_or_default().to_owned(),
                kind: IssueKind::Unparsable,
            });
        }
        value
    }
}

/// A row's identity in a source of orders: the key, the order's number and its line, each after its length.
pub(super) fn identity(key: &str, id: &str, line: Cell<'_>) -> String {
    format!("{}:{key}{}:{id}{}", key.len(), id.len(), line.value().unwrap_or_default())
}
