//! Which columns a file has, and what becomes of each.

use super::fingerprint;
use super::order::OrderColumns;

/// The columns of one file, or of rows in memory, and where the kept ones go.
#[derive(Debug)]
pub(super) struct Layout {
    names: Vec<String>,
    /// The position among the source's kept columns, per column of the file.
    kept: Vec<Option<usize>>,
    /// The columns in ascending order of their names, with the canonical bytes of these.
    by_name: Vec<(usize, Vec<u8>)>,
    key: Option<usize>,
    order_id: Option<usize>,
    order_line: Option<usize>,
}

impl Layout {
    /// `kept` gives a column's position among the kept ones.
    pub(super) fn new(
        names: Vec<String>,
        kept: impl Fn(&str) -> Option<usize>,
        key: Option<&str>,
        order: Option<&OrderColumns>,
    ) -> Self {
        let mut by_name: Vec<usize> = (0..names.len()).collect();
        by_name.sort_by_key(|&column| names.get(column));
        let canonical = |column: usize| (column, names.get(column).map(|name| fingerprint::canonical(name)));
        let by_name =
            by_name.into_iter().map(canonical).map(|(at, name)| (at, name.unwrap_or_default())).collect();
        let position = |wanted: &str| names.iter().position(|name| name == wanted);
        let (key, order_id) = (key.and_then(position), order.and_then(|order| position(order.id_column())));
        let order_line = order.and_then(OrderColumns::line_column).and_then(position);
        let kept = names.iter().map(|name| kept(name)).collect();
        Layout { names, kept, by_name, key, order_id, order_line }
    }

    /// The names, in the file's order.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    pub(super) fn name(&self, column: usize) -> &str {
        self.names.get(column).map_or("", String::as_str)
    }

    /// The columns in ascending order of their names, with the canonical bytes of these.
    pub(super) fn by_name(&self) -> &[(usize, Vec<u8>)] {
        &self.by_name
    }

    pub(super) fn key(&self) -> Option<usize> {
        self.key
    }

    /// The column with the number of the order.
    pub(super) fn order_id(&self) -> Option<usize> {
        self.order_id
    }

    /// The column that tells the lines of an order apart.
    pub(super) fn order_line(&self) -> Option<usize> {
        self.order_line
    }

    /// True when the column's cells are kept, or become the key.
    pub(super) fn is_used(&self, column: usize) -> bool {
        self.key == Some(column) || self.kept.get(column).copied().flatten().is_some()
    }

    /// The kept columns of the file with their positions among the kept ones.
    pub(super) fn kept(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.kept.iter().enumerate().filter_map(|(column, kept)| kept.map(|kept| (column, kept)))
    }
}
