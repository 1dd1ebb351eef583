//! Spellings of one name: texts that are one typing error apart.

use crate::record::Dictionary;
use crate::text;

/// Shorter names that are one edit apart are often two names, such as `Horn` and `Dorn`.
const SHORTEST: usize = 5;

/// Pairs of the numbered texts that are one edit apart; the numbers are a list without repeats.
pub(super) fn spellings(texts: &Dictionary, numbers: &[u32]) -> Vec<(u32, u32)> {
    let mut keys: Vec<(u64, u32)> = Vec::new();
    if numbers.len() > 1 {
        for &number in numbers.iter().filter(|&&number| texts.get(number).len() >= SHORTEST) {
            keys.extend(text::deletions(texts.get(number)).into_iter().map(|key| (key, number)));
        }
    }
    keys.sort_unstable();
    let mut pairs = Vec::new();
    for run in keys.chunk_by(|a, b| a.0 == b.0) {
        for (at, &(_, a)) in run.iter().enumerate() {
            pairs.extend(run[at + 1..].iter().map(|&(_, b)| (a, b)));
        }
    }
    pairs.retain(|&(a, b)| one_edit_apart(texts.get(a), texts.get(b)));
    pairs
}

/// True for long texts with at most one typing error between them; a figure is no typing error: the fifth street is
/// not the sixth.
pub(super) fn one_edit_apart(a: &str, b: &str) -> bool {
    let figures = |text: &'_ str| text.bytes().filter(u8::is_ascii_digit).collect::<Vec<u8>>();
    a.len() >= SHORTEST
        && b.len() >= SHORTEST
        && text::damerau_within(a, b, 1).is_some()
        && figures(a) == figures(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs() {
        let cases = [
            ("meier", "meyer", true),
            ("meier", "meieer", true),
            ("meier", "emier", true),
            ("meier", "maier", true),
            ("meier", "mayer", false),
            ("horn", "dorn", false),
            ("strasse 5", "strasse 6", false),
            ("strasse 5", "strase 5", true),
            ("huber", "huber", true),
        ];
        for (a, b, expected) in cases {
            assert_eq!(one_edit_apart(a, b), expected, "{a} {b}");
        }
    }
}
