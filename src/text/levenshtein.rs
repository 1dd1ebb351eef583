//! Levenshtein distance, bit-parallel.

use super::positions::{Chars, LONGEST, Packed, Positions, Table, characters};

/// The Levenshtein distance: the least number of insertions, deletions and substitutions of characters.
///
/// Computed bit-parallel (Myers 1999, in the form of Hyyrö 2003) where the shorter text, without what both begin and end
/// with, has at most 64 characters; equal to `strsim::levenshtein` always.
///
/// ```
/// assert_eq!(onefold::text::levenshtein("kitten", "sitting"), 3);
/// ```
pub fn levenshtein(a: &str, b: &str) -> usize {
    bounded(a, b, usize::MAX).unwrap_or_else(|| strsim::levenshtein(a, b))
}

/// The [`levenshtein`] distance if it is at most `limit`; cheaper the smaller the limit is.
///
/// ```
/// use onefold::text::levenshtein_within;
/// assert_eq!(levenshtein_within("kitten", "sitting", 3), Some(3));
/// assert_eq!(levenshtein_within("kitten", "sitting", 2), None);
/// ```
pub fn levenshtein_within(a: &str, b: &str, limit: usize) -> Option<usize> {
    bounded(a, b, limit)
}

fn bounded(a: &str, b: &str, limit: usize) -> Option<usize> {
    dispatch::<Plain>(a, b, limit)
}

/// One way of counting edits; the distances differ only in the step of their automaton and in the fallback.
pub(super) trait Edits {
    /// Counts the edits between the pattern and the text; none when they are more than `limit`.
    fn kernel<P: Positions>(
        pattern: usize,
        positions: &P,
        text: impl ExactSizeIterator<Item = P::Symbol>,
        limit: usize,
    ) -> Option<usize>;

    /// The distance of texts that are too long for the kernel.
    fn long(a: &str, b: &str) -> usize;
}

/// Chooses the kernel's variant by the texts.
pub(super) fn dispatch<E: Edits>(a: &str, b: &str, limit: usize) -> Option<usize> {
    if a.is_ascii() && b.is_ascii() {
        let (a, b) = without_common_ends(a, b);
        let (pattern, text) = if a.len() <= b.len() { (a, b) } else { (b, a) };
        if text.len() - pattern.len() > limit {
            return None;
        }
        let symbols = text.bytes();
        let bytes = pattern.as_bytes();
        match bytes.len() {
            0 => Some(text.len()),
            1..=8 => E::kernel(bytes.len(), &Packed::<1>::new(bytes), symbols, limit),
            9..=16 => E::kernel(bytes.len(), &Packed::<2>::new(bytes), symbols, limit),
            17..=LONGEST => E::kernel(bytes.len(), &Table::new(bytes), symbols, limit),
            _ => Some(E::long(pattern, text)).filter(|&distance| distance <= limit),
        }
    } else {
        let (a_length, b_length) = (a.chars().count(), b.chars().count());
        if a_length.abs_diff(b_length) > limit {
            return None;
        }
        let (pattern, text, length) = if a_length <= b_length { (a, b, b_length) } else { (b, a, a_length) };
        let mut buffer = ['\0'; LONGEST];
        match characters(pattern, &mut buffer) {
            Some([]) => Some(length),
            Some(pattern) => {
                let symbols = Counted { symbols: text.chars(), left: length };
                E::kernel(pattern.len(), &Chars(pattern), symbols, limit)
            }
            None => Some(E::long(pattern, text)).filter(|&distance| distance <= limit),
        }
    }
}

struct Plain;

impl Edits for Plain {
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
        for symbol in text {
            let equal = positions.of(symbol) | minus;
            let diagonal = (((equal & plus).wrapping_add(plus)) ^ plus) | equal;
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
        }
        (distance <= limit).then_some(distance)
    }

    fn long(a: &str, b: &str) -> usize {
        strsim::levenshtein(a, b)
    }
}

/// Characters whose number is known.
struct Counted<'a> {
    symbols: std::str::Chars<'a>,
    left: usize,
}

impl Iterator for Counted<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        self.left = self.left.saturating_sub(1);
        self.symbols.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Counted<'_> {}

/// Two ASCII texts without their common beginning and end, which cost no edit.
fn without_common_ends<'a>(a: &'a str, b: &'a str) -> (&'a str, &'a str) {
    let start = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let (a, b) = (a.get(start..).unwrap_or_default(), b.get(start..).unwrap_or_default());
    let end = a.bytes().rev().zip(b.bytes().rev()).take_while(|(a, b)| a == b).count();
    (a.get(..a.len() - end).unwrap_or_default(), b.get(..b.len() - end).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::super::cases::CASES;
    use super::*;

    #[test]
    fn named_cases_equal_the_oracle() {
        for (name, a, b) in CASES {
            for (a, b) in [(a, b), (b, a)] {
                let expected = strsim::levenshtein(a, b);
                assert_eq!(levenshtein(a, b), expected, "{name}");
                for limit in expected.saturating_sub(2)..expected + 3 {
                    let within = (expected <= limit).then_some(expected);
                    assert_eq!(levenshtein_within(a, b, limit), within, "{name} within {limit}");
                }
            }
        }
    }
}
