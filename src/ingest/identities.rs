//! What tells the rows of a source apart.

use super::facts::identity;
use super::layout::Layout;
use super::source::Source;
use super::table::Row;
use crate::record::{Cell, Dictionary, Interner};

/// The identities of rows while they are read: their keys, and in a source of orders the order and line as well.
///
/// The number of an identity is the number of the first row that has it, not counting rows with an earlier one.
pub(super) struct Identities {
    of: Of,
    /// The keys, each by its number.
    keys: Interner,
}

enum Of {
    /// Without a key column, what the rows hold: the key is its hash.
    Content,
    /// The key: no two orders have the same one, or the rows are no orders.
    Key,
    /// The key, the order's number and its line; and the number of each row's key.
    Order { rows: Interner, keys: Vec<u32> },
}

/// The keys of a source, and the rows that have them.
pub(super) struct Keys {
    pub(super) texts: Dictionary,
    /// The number of each row's key; none where it is that of the row.
    of_row: Option<Vec<u32>>,
}

impl Identities {
    pub(super) fn new(source: &Source) -> Self {
        let of = match (source.key_column(), source.order_columns()) {
            (None, _) => Of::Content,
            (Some(key), Some(order)) if order.id_column() != key || order.line_column().is_some() => {
                Of::Order { rows: Interner::new(), keys: Vec::new() }
            }
            _ => Of::Key,
        };
        Identities { of, keys: Interner::new() }
    }

    /// The number of a row's identity; none if its key is empty.
    pub(super) fn number(&mut self, layout: &Layout, row: &Row<'_>, hash: u128) -> Option<usize> {
        let key = || row.cell(layout.key()?).value();
        let number = match &mut self.of {
            Of::Content => self.keys.intern(&format!("{hash:032x}")),
            Of::Key => self.keys.intern(key()?),
            Of::Order { rows, keys } => {
                let key = key()?;
                let id = layout.order_id().and_then(|column| row.cell(column).value()).unwrap_or_default();
                let line = layout.order_line().map_or(Cell::Absent, |column| row.cell(column));
                let number = rows.intern(&identity(key, id, line));
                if number as usize == keys.len() {
                    keys.push(self.keys.intern(key));
                }
                number
            }
        };
        Some(number as usize)
    }

    /// The [number](Self::number) of each of some rows with its hash.
    pub(super) fn numbers(
        &mut self,
        layout: &Layout,
        rows: &[Row<'_>],
        hashes: &[u128],
    ) -> Vec<Option<usize>> {
        let Of::Key = self.of else {
            return rows.iter().zip(hashes).map(|(row, hash)| self.number(layout, row, *hash)).collect();
        };
        let keys: Vec<Option<&str>> = rows.iter().map(|row| row.cell(layout.key()?).value()).collect();
        let mut numbers =
            self.keys.intern_all(&keys.iter().copied().flatten().collect::<Vec<_>>()).into_iter();
        keys.iter().map(|key| key.and_then(|_| numbers.next()).map(|number| number as usize)).collect()
    }

    /// The keys without what finds them.
    pub(super) fn finish(self) -> Keys {
        let of_row = match self.of {
            Of::Order { keys, .. } => Some(keys),
            Of::Content | Of::Key => None,
        };
        Keys { texts: self.keys.finish(), of_row }
    }
}

impl Keys {
    /// The key of a row.
    pub(super) fn of(&self, row: usize) -> &str {
        let number = self.of_row.as_ref().map_or(Some(row as u32), |numbers| numbers.get(row).copied());
        number.map_or("", |number| self.texts.get(number))
    }

    /// The rows with each key, one key after the other, and where the rows of each begin; the last beginning is the
    /// number of rows.
    pub(super) fn rows(&self) -> (Vec<u32>, Vec<u32>) {
        let keys = self.texts.len() as u32;
        let Some(of_row) = &self.of_row else { return ((0..keys).collect(), (0..=keys).collect()) };
        let mut starts = vec![0; keys as usize + 1];
        for &key in of_row {
            if let Some(count) = starts.get_mut(key as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let (mut rows, mut next) = (vec![0; of_row.len()], starts.clone());
        for (row, &key) in (0..).zip(of_row) {
            if let Some(at) = next.get_mut(key as usize) {
                if let Some(place) = rows.get_mut(*at as usize) {
                    *place = row;
                }
                *at += 1;
            }
        }
        (rows, starts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_by_key() {
        let keys = |of_row| Keys { texts: Dictionary::of_distinct(["b", "a", "c"]), of_row };
        assert_eq!(keys(None).rows(), (vec![0, 1, 2], vec![0, 1, 2, 3]));
        let shared = keys(Some(vec![0, 2, 0, 1, 2]));
        assert_eq!(shared.rows(), (vec![0, 2, 3, 1, 4], vec![0, 2, 3, 5]));
        assert_eq!([shared.of(1), shared.of(3)], ["c", "a"]);
    }
}
