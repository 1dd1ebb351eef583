//! Agreement patterns: the levels of all comparisons of a pair in one integer.

use serde::{Deserialize, Serialize};

/// The levels of a pair over all comparisons, in mixed radix.
///
/// ```
/// use onefold::compare::PatternLayout;
/// let layout = PatternLayout::new(&[3, 2]);
/// let pattern = layout.pack(&[2, 1]);
/// assert_eq!(layout.level(pattern, 0), 2);
/// assert_eq!(layout.level(pattern, 1), 1);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Pattern(pub u128);

/// How levels are packed: comparison i with n levels takes n + 1 codes (0 is missing).
///
/// 128 bits hold 40 comparisons of eight levels.
///
/// ```
/// let layout = onefold::compare::PatternLayout::new(&[5, 5, 3]);
/// assert_eq!(layout.comparisons(), 3);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternLayout {
    /// (multiplier, codes) per comparison.
    places: Vec<(u128, u128)>,
}

impl PatternLayout {
    /// The sum of log2(levels + 1) over all comparisons that a pattern can hold.
    pub const CAPACITY_BITS: f64 = 127.0;

    /// A layout for comparisons with these numbers of levels, within [`CAPACITY_BITS`](Self::CAPACITY_BITS); beyond,
    /// patterns of different levels may be equal.
    pub fn new(levels: &[usize]) -> Self {
        let mut multiplier = 1u128;
        let places = levels
            .iter()
            .map(|&levels| {
                let codes = levels as u128 + 1;
                let place = (multiplier, codes);
                multiplier = multiplier.saturating_mul(codes);
                place
            })
            .collect();
        PatternLayout { places }
    }

    /// How many comparisons there are.
    pub fn comparisons(&self) -> usize {
        self.places.len()
    }

    /// The pattern of these levels.
    pub fn pack(&self, levels: &[u8]) -> Pattern {
        Pattern(
            self.places.iter().zip(levels).fold(0, |sum, (place, &level)| {
                u128::wrapping_add(sum, place.0.wrapping_mul(u128::from(level)))
            }),
        )
    }

    /// The level of one comparison.
    pub fn level(&self, pattern: Pattern, comparison: usize) -> u8 {
        let (multiplier, codes) = self.places[comparison];
        (pattern.0 / multiplier % codes) as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn levels_survive_packing(levels in prop::collection::vec((1usize..9).prop_flat_map(|n| (Just(n), 0..=n)), 0..40)) {
            let layout = PatternLayout::new(&levels.iter().map(|level| level.0).collect::<Vec<_>>());
            let given: Vec<u8> = levels.iter().map(|level| level.1 as u8).collect();
            let pattern = layout.pack(&given);
            let read: Vec<u8> = (0..given.len()).map(|comparison| layout.level(pattern, comparison)).collect();
            prop_assert_eq!(read, given);
        }
    }
}
