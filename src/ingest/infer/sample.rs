//! The distinct values of a column, or a sample of them.

use crate::record::Dictionary;
use crate::{text, value};

/// Distinct values that are looked at.
const MOST: usize = 1_000;

/// What a column holds, whatever the order of its rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Sample<'a> {
    /// At most [`MOST`] distinct texts that are no placeholders: those with the smallest hashes, and how many rows
    /// have each.
    texts: Vec<(&'a str, usize)>,
    /// Distinct texts in all.
    distinct: usize,
    /// Rows that have one.
    filled: usize,
    /// All rows.
    rows: usize,
}

impl<'a> Sample<'a> {
    /// The sample of a column with these texts; `numbers` has each row's, if it has one.
    pub(super) fn of(texts: &'a Dictionary, numbers: impl ExactSizeIterator<Item = Option<u32>>) -> Self {
        let rows = numbers.len();
        let mut counts = vec![0_usize; texts.len()];
        for number in numbers.flatten() {
            if let Some(count) = counts.get_mut(number as usize) {
                *count += 1;
            }
        }
        let used = texts.iter().zip(counts).filter(|(_, count)| *count > 0);
        let mut hashed: Vec<(u64, &str, usize)> = used
            .filter(|(text, _)| !value::is_placeholder(text))
            .map(|(text, count)| (text::hash(text), text, count))
            .collect();
        let (distinct, filled) = (hashed.len(), hashed.iter().map(|(.., count)| count).sum());
        if distinct > MOST {
            hashed.select_nth_unstable(MOST);
            hashed.truncate(MOST);
        }
        hashed.sort_unstable();
        let texts = hashed.into_iter().map(|(_, text, count)| (text, count)).collect();
        Sample { texts, distinct, filled, rows }
    }

    /// The number of distinct texts that are looked at.
    pub(super) fn len(&self) -> u32 {
        self.texts.len() as u32
    }

    /// How many of them pass.
    pub(super) fn count(&self, passes: impl Fn(&str) -> bool) -> u32 {
        self.texts.iter().filter(|(text, _)| passes(text)).count() as u32
    }

    /// The share of the rows with one of them of which it passes: of a column of few values, some may be errors that
    /// hardly any row has.
    pub(super) fn share_of_rows(&self, passes: impl Fn(&str) -> bool) -> f64 {
        let all: usize = self.texts.iter().map(|(_, rows)| rows).sum();
        let passing: usize = self.texts.iter().filter(|(text, _)| passes(text)).map(|(_, rows)| rows).sum();
        passing as f64 / all.max(1) as f64
    }

    /// True when no row has a value.
    pub(super) fn is_empty(&self) -> bool {
        self.distinct == 0
    }

    /// True when several rows have a value, and all the same.
    pub(super) fn is_constant(&self) -> bool {
        self.distinct == 1 && self.filled > 1
    }

    /// True when every row has a value, and none is repeated.
    pub(super) fn is_unique(&self) -> bool {
        self.rows > 1 && self.distinct == self.rows
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
    use crate::record::Interner;

    /// The texts of a column and each row's number; an empty text is none.
    fn column(texts: &[&str]) -> (Dictionary, Vec<Option<u32>>) {
        let mut interner = Interner::new();
        let numbers = texts.iter().map(|text| (!text.is_empty()).then(|| interner.intern(text))).collect();
        (interner.finish(), numbers)
    }

    fn sample(column: &(Dictionary, Vec<Option<u32>>)) -> Sample<'_> {
        Sample::of(&column.0, column.1.iter().copied())
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
            let sample = sample(&column);
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
        let (one, other) = (sample(&one), sample(&other));
        assert_eq!((one.len(), one.distinct), (MOST as u32, 3_000));
        assert_eq!(one.texts, other.texts);
    }
}
