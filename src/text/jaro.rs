//! Jaro and Jaro–Winkler similarity, bit-parallel.

use super::positions::{Chars, LONGEST, Packed, Positions, Table, characters, low_bits};

/// Similarities up to here get no bonus for a common prefix (Winkler 1990).
pub(super) const BOOST_ABOVE: f64 = 0.7;
/// The longest common prefix that earns a bonus.
pub(super) const LONGEST_PREFIX: usize = 4;

/// The Jaro similarity of two texts, between 0 (nothing in common) and 1 (equal); two empty texts are equal.
///
/// With m characters that match within half the longer length, and t half the number of those that stand in
/// another order, it is (m/|a| + m/|b| + (m − t)/m) / 3 (Jaro 1989). The result is the same, to the last bit, as that
/// of `strsim::jaro`, so thresholds decide alike. Texts of at most 64 characters need no allocation.
///
/// ```
/// let similarity = onefold::text::jaro("martha", "marhta");
/// assert!((similarity - 17.0 / 18.0).abs() < 1e-12);
/// ```
pub fn jaro(a: &str, b: &str) -> f64 {
    if a.is_ascii() && b.is_ascii() {
        if a.len() <= LONGEST && b.len() <= LONGEST {
            jaro_ascii(a.as_bytes(), b.as_bytes())
        } else {
            strsim::jaro(a, b)
        }
    } else {
        let (mut left, mut right) = (['\0'; LONGEST], ['\0'; LONGEST]);
        match (characters(a, &mut left), characters(b, &mut right)) {
            (Some(a), Some(b)) => jaro_with(a, b, &Chars(b)),
            _ => strsim::jaro(a, b),
        }
    }
}

/// The Jaro–Winkler similarity of two texts, between 0 and 1: [`jaro`], and above 0.7 a bonus for a common prefix.
///
/// With a common prefix of p characters (at most four), it is j + 0.1 p (1 − j) (Winkler 1990). The result is the same, to
/// the last bit, as that of `strsim::jaro_winkler`.
///
/// ```
/// let similarity = onefold::text::jaro_winkler("dixon", "dicksonx");
/// assert!((similarity - 0.8133).abs() < 0.0001);
/// ```
pub fn jaro_winkler(a: &str, b: &str) -> f64 {
    boost(jaro(a, b), common_prefix(a, b))
}

/// Winkler's bonus for a common prefix. The order of the operations is part of the result.
#[inline]
pub(super) fn boost(similarity: f64, prefix: usize) -> f64 {
    if similarity > BOOST_ABOVE { similarity + 0.1 * prefix as f64 * (1.0 - similarity) } else { similarity }
}

/// How many characters the texts share at the beginning, at most four.
#[inline]
pub(super) fn common_prefix(a: &str, b: &str) -> usize {
    a.chars().zip(b.chars()).take(LONGEST_PREFIX).take_while(|(a, b)| a == b).count()
}

fn jaro_ascii(a: &[u8], b: &[u8]) -> f64 {
    match b.len() {
        0..=8 => jaro_with(a, b, &Packed::<1>::new(b)),
        9..=16 => jaro_with(a, b, &Packed::<2>::new(b)),
        17..=24 => jaro_with(a, b, &Packed::<3>::new(b)),
        _ => jaro_with(a, b, &Table::new(b)),
    }
}

/// The kernel; both texts have at most 64 symbols, and `positions` are those of `b`.
#[inline]
fn jaro_with<P: Positions>(a: &[P::Symbol], b: &[P::Symbol], positions: &P) -> f64 {
    if a.is_empty() && b.is_empty() {
        return 1.0;
    }
    let range = (a.len().max(b.len()) / 2).saturating_sub(1);
    let mut window = low_bits(range + 1);
    let mut free = low_bits(b.len());
    let mut matched: u64 = 0;
    for (i, &symbol) in a.iter().enumerate() {
        let hits = positions.of(symbol) & window & free;
        free ^= hits & hits.wrapping_neg();
        matched |= u64::from(hits != 0) << i;
        window = window << 1 | u64::from(i < range);
    }
    let matches = matched.count_ones();
    if matches == 0 {
        return 0.0;
    }
    let transpositions = out_of_order(a, b, matched, low_bits(b.len()) & !free) / 2;
    let matches = f64::from(matches);
    (matches / a.len() as f64 + matches / b.len() as f64 + (matches - f64::from(transpositions)) / matches)
        / 3.0
}

/// How many of the matched symbols, read in order on both sides, differ.
#[inline]
fn out_of_order<S: Copy + Eq>(a: &[S], b: &[S], mut matched_a: u64, mut matched_b: u64) -> u32 {
    let mut different = 0;
    while matched_a != 0 {
        let (i, j) = (matched_a.trailing_zeros() as usize, matched_b.trailing_zeros() as usize);
        different += u32::from(a.get(i) != b.get(j));
        matched_a &= matched_a - 1;
        matched_b &= matched_b.wrapping_sub(1);
    }
    different
}

#[cfg(test)]
mod tests {
    use super::super::cases::CASES;
    use super::*;

    #[test]
    fn named_cases_equal_the_oracle() {
        for (name, a, b) in CASES {
            for (a, b) in [(a, b), (b, a)] {
                assert_eq!(jaro(a, b).to_bits(), strsim::jaro(a, b).to_bits(), "{name}");
                assert_eq!(jaro_winkler(a, b).to_bits(), strsim::jaro_winkler(a, b).to_bits(), "{name}");
            }
        }
    }

    #[test]
    fn published_values() {
        let cases = [
            ("MARTHA", "MARHTA", 0.944, 0.961),
            ("DIXON", "DICKSONX", 0.767, 0.813),
            ("DWAYNE", "DUANE", 0.822, 0.840),
        ];
        for (a, b, plain, boosted) in cases {
            assert!((jaro(a, b) - plain).abs() < 0.001, "{a}");
            assert!((jaro_winkler(a, b) - boosted).abs() < 0.001, "{a}");
        }
    }
}
