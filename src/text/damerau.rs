//! Damerau's distance in the form of optimal string alignment, bit-parallel.

use super::levenshtein::{Edits, dispatch};
use super::positions::Positions;

/// The optimal string alignment distance: like [`levenshtein`](super::levenshtein), and swapping two neighbours is one
/// edit, too.
///
/// These are the errors of typing (Damerau 1964); no part of a text is edited twice, so `ca` and `abc` are three apart.
/// Computed bit-parallel (Hyyrö 2003) where the shorter text, without what both begin and end with, has at most 64
/// characters; equal to `strsim::osa_distance` always.
///
/// ```
/// assert_eq!(onefold::text::damerau("maria", "mraia"), 1);
/// assert_eq!(onefold::text::damerau("ca", "abc"), 3);
/// ```
pub fn damerau(a: &str, b: &str) -> usize {
    dispatch::<Alignment>(a, b, usize::MAX).unwrap_or_else(|| strsim::osa_distance(a, b))
}

/// The [`damerau`] distance if it is at most `limit`; cheaper the smaller the limit is.
///
/// ```
/// use onefold::text::damerau_within;
/// assert_eq!(damerau_within("maria", "mraia", 1), Some(1));
/// assert_eq!(damerau_within("maria", "mario", 0), None);
/// ```
pub fn damerau_within(a: &str, b: &str, limit: usize) -> Option<usize> {
    dispatch::<Alignment>(a, b, limit)
}

struct Alignment;

impl Edits for Alignment {
    #[inline]
    fn kernel<P: Positions>(
        pattern: usize,
        positions: &P,
        text: impl ExactSizeIterator<Item = P::Symbol>,
        limit: usize,
    ) -> Option<usize> {
        let last = pattern - 1;
        let mut distance = pattern;
        let mut left = text.len();
        // Bit i: the cell of row i is one more (one less) than the cell above it.
        let (mut plus, mut minus) = (u64::MAX, 0);
        let (mut diagonal, mut equal_before): (u64, u64) = (0, 0);
        for symbol in text {
            let equal = positions.of(symbol);
            let transposed = (!diagonal & equal) << 1 & equal_before;
            diagonal = (((equal & plus).wrapping_add(plus)) ^ plus) | equal | minus | transposed;
            let right_plus = minus | !(diagonal | plus);
            let right_minus = diagonal & plus;
            distance += (right_plus >> last & 1) as usize;
            distance -= (right_minus >> last & 1) as usize;
            left -= 1;
            if distance > limit.saturating_add(left) {
                return None;
            }
            let shifted = right_plus << 1 | 1;
            plus = right_minus << 1 | !(diagonal | shifted);
            minus = shifted & diagonal;
            equal_before = equal;
        }
        (distance <= limit).then_some(distance)
    }

    fn long(a: &str, b: &str) -> usize {
        strsim::osa_distance(a, b)
    }
}

#[cfg(test)]
mod tests {
    use super::super::cases::CASES;
    use super::*;

    #[test]
    fn named_cases_equal_the_oracle() {
        for (name, a, b) in CASES {
            for (a, b) in [(a, b), (b, a)] {
                let expected = strsim::osa_distance(a, b);
                assert_eq!(damerau(a, b), expected, "{name}");
                for limit in expected.saturating_sub(2)..expected + 3 {
                    let within = (expected <= limit).then_some(expected);
                    assert_eq!(damerau_within(a, b, limit), within, "{name} within {limit}");
                }
            }
        }
    }
}
