//! One bit per row.

/// Bits in words of 64, the first in the lowest place; those beyond the length are zero.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    /// So many bits of zero.
    pub(super) fn zeros(len: usize) -> Self {
        Bits { words: vec![0; len.div_ceil(64)], len }
    }

    pub(super) fn push(&mut self, bit: bool) {
        if self.len.is_multiple_of(64) {
            self.words.push(0);
        }
        if let Some(word) = self.words.last_mut() {
            *word |= u64::from(bit) << (self.len % 64);
        }
        self.len += 1;
    }

    pub(super) fn append(&mut self, other: &Bits) {
        if self.len.is_multiple_of(64) {
            self.words.extend_from_slice(&other.words);
            self.len += other.len;
        } else {
            (0..other.len).for_each(|at| self.push(other.get(at)));
        }
    }

    pub(super) fn get(&self, at: usize) -> bool {
        self.words[at / 64] >> (at % 64) & 1 == 1
    }

    pub(super) fn set(&mut self, at: usize) {
        self.words[at / 64] |= 1 << (at % 64);
    }

    pub(super) fn words(&self) -> &[u64] {
        &self.words
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn appended_bits_follow(left in prop::collection::vec(any::<bool>(), 0..200), right in prop::collection::vec(any::<bool>(), 0..200)) {
            let bits = |from: &[bool]| {
                let mut bits = Bits::default();
                for &bit in from {
                    bits.push(bit);
                }
                bits
            };
            let mut both = bits(&left);
            both.append(&bits(&right));
            prop_assert_eq!(both, bits(&[left, right].concat()));
        }
    }
}
