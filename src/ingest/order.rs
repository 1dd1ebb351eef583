//! What is declared about a source whose rows are also orders.

use crate::value::Currency;

/// The columns of a source of which each row is also an order, or a line of one.
///
/// A row is identified by the source's key, the order's number and, where the number repeats within a key, its line.
/// Rows of one key are one customer record and as many orders as they have numbers: in an export whose key is the
/// order's number each row is a record of its own, a guest's included; in one whose key is the customer's number
/// each customer is one record.
///
/// ```
/// use onefold::{FieldKind, ingest::{OrderColumns, Source, ingest}};
/// let csv = b"order_no,email,placed,total\nA-1,ada@example.org,2026-03-01,\"1.234,50\"\n".to_vec();
/// let order = OrderColumns::new("order_no").placed_at("placed").amount("total").currency("EUR".parse()?);
/// let source = Source::bytes("shop", "orders.csv", csv)
///     .key("order_no")
///     .field("email", FieldKind::Email)
///     .order(order);
/// let ingested = ingest(&[source], "".as_ref())?;
/// let order = ingested.orders.get(0);
/// assert_eq!((order.id, order.record), ("A-1", onefold::RecordId(0)));
/// assert_eq!(order.amount.unwrap().to_string(), "1234.50");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderColumns {
    id: String,
    line: Option<String>,
    placed_at: Option<String>,
    amount: Option<String>,
    currency: Option<CurrencyOf>,
    customer: Option<CustomerReference>,
}

/// Where the currency of an order is stated.
///
/// ```
/// use onefold::ingest::CurrencyOf;
/// assert_eq!(CurrencyOf::of_text("EUR"), CurrencyOf::Fixed("EUR".parse().unwrap()));
/// assert_eq!(CurrencyOf::of_text("curr"), CurrencyOf::Column("curr".into()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CurrencyOf {
    /// All orders are in this currency.
    Fixed(Currency),
    /// A column says it.
    Column(String),
}

impl CurrencyOf {
    /// As a spec gives it: three capital letters are a currency, anything else is a column.
    pub fn of_text(text: &str) -> Self {
        let capitals = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase());
        match text.parse().ok().filter(|_| capitals) {
            Some(currency) => CurrencyOf::Fixed(currency),
            None => CurrencyOf::Column(text.to_owned()),
        }
    }
}

/// The column with the customer's key in another source, and that source.
///
/// ```
/// use onefold::ingest::{CustomerReference, OrderColumns};
/// let order = OrderColumns::new("order_no").customer("erp", "customer_no");
/// let reference = CustomerReference { source: "erp".into(), column: "customer_no".into() };
/// assert_eq!(order.customer_reference(), Some(&reference));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerReference {
    /// The source whose records are the customers.
    pub source: String,
    /// The column with the keys of that source.
    pub column: String,
}

impl OrderColumns {
    /// The column with the order's number.
    pub fn new(id: impl Into<String>) -> Self {
        OrderColumns {
            id: id.into(),
            line: None,
            placed_at: None,
            amount: None,
            currency: None,
            customer: None,
        }
    }

    /// The column that tells the lines of an order apart where they have the same key; amounts are added up.
    pub fn line(mut self, column: impl Into<String>) -> Self {
        self.line = Some(column.into());
        self
    }

    /// The column with the date or time of the order.
    pub fn placed_at(mut self, column: impl Into<String>) -> Self {
        self.placed_at = Some(column.into());
        self
    }

    /// The column with the amount; returns are negative.
    pub fn amount(mut self, column: impl Into<String>) -> Self {
        self.amount = Some(column.into());
        self
    }

    /// The currency of all amounts.
    pub fn currency(mut self, currency: Currency) -> Self {
        self.currency = Some(CurrencyOf::Fixed(currency));
        self
    }

    /// The column with the currency of each amount.
    pub fn currency_column(mut self, column: impl Into<String>) -> Self {
        self.currency = Some(CurrencyOf::Column(column.into()));
        self
    }

    /// The column with the customer's key in another source. An order without customer data of its own belongs to
    /// that record; the record of one with such data is joined with it.
    pub fn customer(mut self, source: impl Into<String>, column: impl Into<String>) -> Self {
        self.customer = Some(CustomerReference { source: source.into(), column: column.into() });
        self
    }

    /// The column with the order's number.
    pub fn id_column(&self) -> &str {
        &self.id
    }

    /// The column that tells lines apart, if there is one.
    pub fn line_column(&self) -> Option<&str> {
        self.line.as_deref()
    }

    /// The column with the date or time, if there is one.
    pub fn placed_at_column(&self) -> Option<&str> {
        self.placed_at.as_deref()
    }

    /// The column with the amount, if there is one.
    pub fn amount_column(&self) -> Option<&str> {
        self.amount.as_deref()
    }

    /// Where the currency is stated, if it is.
    pub fn currency_of(&self) -> Option<&CurrencyOf> {
        self.currency.as_ref()
    }

    /// The reference to the customer's record in another source, if there is one.
    pub fn customer_reference(&self) -> Option<&CustomerReference> {
        self.customer.as_ref()
    }

    /// The currency's column, if it has one.
    pub(super) fn currency_column_name(&self) -> Option<&str> {
        match &self.currency {
            Some(CurrencyOf::Column(column)) => Some(column),
            _ => None,
        }
    }

    /// All columns.
    pub(super) fn columns(&self) -> impl Iterator<Item = &str> {
        let reference = self.customer.as_ref().map(|reference| reference.column.as_str());
        let others = [self.line_column(), self.placed_at_column(), self.amount_column()];
        let others = others.into_iter().chain([self.currency_column_name(), reference]);
        std::iter::once(self.id_column()).chain(others.flatten())
    }
}
