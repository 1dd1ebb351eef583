//! Similarity of sets, given as ascending slices without repeats (the form that [`qgrams`](super::qgrams) has).

/// How many elements two ascending slices without repeats share.
///
/// ```
/// assert_eq!(onefold::text::sets::overlap(&[1, 3, 5], &[3, 4, 5, 6]), 2);
/// ```
pub fn overlap(a: &[u64], b: &[u64]) -> usize {
    let (mut i, mut j, mut shared) = (0, 0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        shared += usize::from(x == y);
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    shared
}

/// The Jaccard coefficient |A ∩ B| / |A ∪ B| (Jaccard 1901), between 0 and 1; 0 when both are empty, because nothing is
/// shared.
///
/// ```
/// assert_eq!(onefold::text::sets::jaccard(&[1, 2, 3], &[2, 3, 4]), 0.5);
/// ```
pub fn jaccard(a: &[u64], b: &[u64]) -> f64 {
    let shared = overlap(a, b);
    ratio(shared, a.len() + b.len() - shared)
}

/// The Dice coefficient 2 |A ∩ B| / (|A| + |B|) (Dice 1945), between 0 and 1; 0 when both are empty.
///
/// ```
/// assert_eq!(onefold::text::sets::dice(&[1, 2], &[2, 3]), 0.5);
/// ```
pub fn dice(a: &[u64], b: &[u64]) -> f64 {
    ratio(2 * overlap(a, b), a.len() + b.len())
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn empty_sets_share_nothing() {
        for (a, b) in [(&[][..], &[][..]), (&[1][..], &[][..]), (&[][..], &[1][..])] {
            assert_eq!((overlap(a, b), jaccard(a, b), dice(a, b)), (0, 0.0, 0.0));
        }
    }

    proptest! {
        #[test]
        fn equal_the_definitions(a: BTreeSet<u8>, b: BTreeSet<u8>) {
            let shared = a.intersection(&b).count();
            let union = a.union(&b).count();
            let sum = a.len() + b.len();
            let a: Vec<u64> = a.into_iter().map(u64::from).collect();
            let b: Vec<u64> = b.into_iter().map(u64::from).collect();
            prop_assert_eq!(overlap(&a, &b), shared);
            if union > 0 {
                prop_assert!((jaccard(&a, &b) - shared as f64 / union as f64).abs() < 1e-15);
                prop_assert!((dice(&a, &b) - 2.0 * shared as f64 / sum as f64).abs() < 1e-15);
            }
        }
    }
}
