//! Where a symbol occurs in a pattern of at most 64 symbols, as a bit mask; what all bit-parallel kernels need.

/// The longest pattern: one bit for each symbol.
pub(super) const LONGEST: usize = 64;

/// A pattern that can be asked for the positions of a symbol.
pub(super) trait Positions {
    /// A byte of ASCII text, or a character.
    type Symbol: Copy + Eq;

    /// Bit i is set when symbol i of the pattern is this one; bits beyond the pattern are clear.
    fn of(&self, symbol: Self::Symbol) -> u64;
}

/// An ASCII pattern of at most 8 × `WORDS` bytes, compared eight at a time: nothing to build, for short patterns.
pub(super) struct Packed<const WORDS: usize> {
    words: [u64; WORDS],
    valid: u64,
}

impl<const WORDS: usize> Packed<WORDS> {
    pub(super) fn new(pattern: &[u8]) -> Self {
        let mut words = [0; WORDS];
        for (word, bytes) in words.iter_mut().zip(pattern.chunks(8)) {
            *word = load(bytes);
        }
        Packed { words, valid: low_bits(pattern.len()) }
    }
}

impl<const WORDS: usize> Positions for Packed<WORDS> {
    type Symbol = u8;

    #[inline]
    fn of(&self, symbol: u8) -> u64 {
        const ONES: u64 = 0x0101_0101_0101_0101;
        const LOW: u64 = 0x7f * ONES;
        // The multiplier that moves bit 8i of a word to bit 56 + i.
        const GATHER: u64 = 0x0102_0408_1020_4080;
        let everywhere = u64::from(symbol) * ONES;
        let mut mask = 0;
        for (i, word) in self.words.iter().enumerate() {
            // Both are ASCII, so the sum carries into the high bit of a byte exactly where they differ.
            let equal = !((word ^ everywhere) + LOW) >> 7 & ONES;
            mask |= equal.wrapping_mul(GATHER) >> 56 << (8 * i);
        }
        mask & self.valid
    }
}

/// An ASCII pattern of at most 64 bytes as one mask per byte value.
pub(super) struct Table([u64; 128]);

impl Table {
    pub(super) fn new(pattern: &[u8]) -> Self {
        let mut masks = [0; 128];
        for (i, &byte) in pattern.iter().take(LONGEST).enumerate() {
            masks[usize::from(byte & 0x7f)] |= 1 << i;
        }
        Table(masks)
    }
}

impl Positions for Table {
    type Symbol = u8;

    #[inline]
    fn of(&self, symbol: u8) -> u64 {
        self.0[usize::from(symbol & 0x7f)]
    }
}

/// A pattern of at most 64 characters of any script, compared one by one.
pub(super) struct Chars<'a>(pub(super) &'a [char]);

impl Positions for Chars<'_> {
    type Symbol = char;

    #[inline]
    fn of(&self, symbol: char) -> u64 {
        self.0.iter().rev().fold(0, |mask, &c| mask << 1 | u64::from(c == symbol))
    }
}

/// The lowest `count` bits; all for 64 and more.
#[inline]
pub(super) fn low_bits(count: usize) -> u64 {
    1_u64.checked_shl(count as u32).map_or(u64::MAX, |bit| bit - 1)
}

/// The characters of a text in a buffer; none when they are more than it holds.
pub(super) fn characters<'a>(text: &str, buffer: &'a mut [char; LONGEST]) -> Option<&'a [char]> {
    let mut count = 0;
    for c in text.chars() {
        *buffer.get_mut(count)? = c;
        count += 1;
    }
    buffer.get(..count)
}

/// At most eight bytes as a word, the first in the low bits. Overlapping loads, because a copy of a length that is only
/// known at run time is a function call.
fn load(bytes: &[u8]) -> u64 {
    if let Some(eight) = bytes.first_chunk() {
        u64::from_le_bytes(*eight)
    } else if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
        u64::from(first) | u64::from(last) << (8 * (bytes.len() - 4))
    } else {
        bytes.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn naive(pattern: &[u8], symbol: u8) -> u64 {
        pattern.iter().enumerate().map(|(i, &byte)| u64::from(byte == symbol) << i).sum()
    }

    proptest! {
        #[test]
        fn all_patterns_agree(pattern in "[\0-\x7f]{0,64}|[ab\0]{0,64}", symbol in 0..128_u8) {
            let bytes = pattern.as_bytes();
            let expected = naive(bytes, symbol);
            let chars: Vec<char> = pattern.chars().collect();
            prop_assert_eq!(Table::new(bytes).of(symbol), expected);
            prop_assert_eq!(Chars(&chars).of(char::from(symbol)), expected);
            prop_assert_eq!(Packed::<8>::new(bytes).of(symbol), expected);
            let short = &bytes[..bytes.len().min(8)];
            prop_assert_eq!(Packed::<1>::new(short).of(symbol), naive(short, symbol));
        }
    }

    #[test]
    fn characters_that_do_not_fit_are_refused() {
        let mut buffer = ['\0'; LONGEST];
        assert_eq!(characters(&"é".repeat(64), &mut buffer).map(<[char]>::len), Some(64));
        assert_eq!(characters(&"é".repeat(65), &mut buffer), None);
        assert_eq!((low_bits(0), low_bits(3), low_bits(64), low_bits(65)), (0, 7, u64::MAX, u64::MAX));
    }
}
