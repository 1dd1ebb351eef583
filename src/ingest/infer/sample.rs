//! The distinct values of a column, or a sample of them.

use crate::record::RawColumn;
use crate::{text, value};

/// Distinct values that are looked at.
const MOST: usize = 1_000;

/// What a column holds, told from its records, not from the order of its rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Sample<'a> {
    /// At most [`MOST`] distinct texts that are no placeholders: those with the smallest hashes.
    texts: Vec<&'a str>,
    /// Distinct texts in all.
    distinct: usize,
    /// Records that have one.
    filled: usize,
    /// Records.
    records: usize,
}

impl<'a> Sample<'a> {
    pub(super) fn of(column: &'a RawColumn) -> Self {
        let values = (0..column.len()).filter_map(|row| column.value_number(row));
        let filled = values.clone().count();
        let mut used = vec![0_usize; column.values().len()];
        for number in values {
            if let Some(count) = used.get_mut(number as usize) {
                *count += 1;
            }
        }
        let mut hashed: Vec<(u64, &str)> = Vec::new();
        let mut placeholders = 0;
        for (text, &records) in column.values().iter().zip(&used).filter(|(_, records)| **records > 0) {
            if value::is_placeholder(text) {
                placeholders += records;
            } else {
                hashed.push((text::hash(text), text));
            }
        }
        let distinct = hashed.len();
        if distinct > MOST {
            hashed.select_nth_unstable(MOST);
            hashed.truncate(MOST);
        }
        hashed.sort_unstable();
        let texts = hashed.into_iter().map(|(_, text)| text).collect();
        Sample { texts, distinct, filled: filled - placeholders, records: column.len() }
    }

    /// The number of distinct texts that are looked at.
    pub(super) fn len(&self) -> u32 {
        self.texts.len() as u32
    }

    /// How many of them pass.
    pub(super) fn count(&self, passes: impl Fn(&str) -> bool) -> u32 {
        self.texts.iter().filter(|text| passes(text)).count() as u32
    }

    /// True when no record has a value.
    pub(super) fn is_empty(&self) -> bool {
        self.distinct == 0
    }

    /// True when several records have a value, and all the same.
    pub(super) fn is_constant(&self) -> bool {
        self.distinct == 1 && self.filled > 1
    }

    /// True when every record has a value, and none is repeated.
    pub(super) fn is_unique(&self) -> bool {
        self.records > 1 && self.distinct == self.records
    }

    /// True when there are some values, of which at most every second is a repetition: what belongs to a person is
    /// repeated in the records of that person and perhaps of a household; what is repeated more often is not.
    pub(super) fn is_personal(&self) -> bool {
        const FEWEST: usize = 5;
        self.distinct >= FEWEST && 2 * self.distinct >= self.filled
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Cell;
    use crate::schema::FieldKind;

    fn column(texts: &[&str]) -> RawColumn {
        let cells = texts.iter().map(|&text| if text.is_empty() { Cell::Empty } else { Cell::Value(text) });
        RawColumn::from_cells("x", FieldKind::Ignore, cells)
    }

    #[test]
    fn what_is_counted() {
        let cases: [(&[&str], [bool; 4]); 6] = [
            (&[], [true, false, false, false]),
            (&["", "n/a", "--"], [true, false, false, false]),
            (&["a", "a", ""], [false, true, false, false]),
            (&["a"], [false, false, false, false]),
            (&["a", "b", "c", "d", "e"], [false, false, true, true]),
            (&["a", "b", "c", "d", "e", "a", "a", "a", "a", "a", "b"], [false, false, false, false]),
        ];
        for (texts, expected) in cases {
            let column = column(texts);
            let sample = Sample::of(&column);
            let found = [sample.is_empty(), sample.is_constant(), sample.is_unique(), sample.is_personal()];
            assert_eq!(found, expected, "{texts:?}");
        }
    }

    #[test]
    fn the_sample_does_not_depend_on_the_order() {
        let texts: Vec<String> = (0..3_000).map(|number| format!("value {number}")).collect();
        let mut texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let one = column(&texts);
        texts.reverse();
        let other = column(&texts);
        let (one, other) = (Sample::of(&one), Sample::of(&other));
        assert_eq!((one.len(), one.distinct), (MOST as u32, 3_000));
        assert_eq!(one.texts, other.texts);
    }
}
