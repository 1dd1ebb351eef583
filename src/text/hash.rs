//! The crate's stable content hash.

/// The offset basis and prime of 64-bit FNV-1a (Fowler, Noll, Vo).
const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;
/// 2⁶⁴ divided by the golden ratio, made odd.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// A 64-bit hash of the text's UTF-8 bytes: the same in every process, on every platform, in every release.
///
/// It is 64-bit FNV-1a followed by the finaliser `fmix64` of `MurmurHash3`, which spreads FNV's weak high bits
/// over the word. It may be persisted. It is no defence against chosen collisions: where strangers can choose the
/// text and equality decides something, compare the text as well.
///
/// ```
/// use onefold::text::hash;
/// assert_eq!(hash("meier"), hash("meier"));
/// assert_ne!(hash("meier"), hash("meyer"));
/// ```
pub fn hash(text: &str) -> u64 {
    finish(update(START, text.as_bytes()))
}

/// Mixes two hashes into one; the order counts.
///
/// For a fixed first argument the result is a bijection of the second, and the other way round.
///
/// ```
/// use onefold::text::{combine, hash};
/// let (given, family) = (hash("paul"), hash("ernst"));
/// assert_ne!(combine(given, family), combine(family, given));
/// ```
pub fn combine(a: u64, b: u64) -> u64 {
    finish(a.wrapping_mul(GOLDEN).wrapping_add(finish(b ^ GOLDEN)))
}

/// The state before the first byte.
pub(super) const START: u64 = BASIS;

/// The state after more bytes; [`finish`] makes it a hash.
pub(super) fn update(state: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(state, |state, &byte| (state ^ u64::from(byte)).wrapping_mul(PRIME))
}

/// The finaliser `fmix64` of `MurmurHash3`, a bijection.
pub(super) fn finish(mut state: u64) -> u64 {
    state ^= state >> 33;
    state = state.wrapping_mul(0xff51_afd7_ed55_8ccd);
    state ^= state >> 33;
    state = state.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    state ^ (state >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn fnv_has_its_published_values() {
        assert_eq!(update(START, b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(update(START, b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(update(START, b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn persisted_values_stay() {
        assert_eq!((hash(""), hash("meier"), combine(1, 2)), PERSISTED);
    }

    /// A change here breaks every persisted model.
    const PERSISTED: (u64, u64, u64) =
        (17_280_346_270_528_514_342, 7_828_863_005_546_265_899, 750_356_870_960_865_714);

    #[test]
    fn similar_inputs_scatter() {
        let numbers = (0..20_000_u64).map(|i| hash(&i.to_string()));
        let pairs = (0..100_u64).flat_map(|a| (0..100_u64).map(move |b| combine(a, b)));
        let all: Vec<u64> = numbers.chain(pairs).collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
        let ones: u32 = all.iter().map(|hash| hash.count_ones()).sum();
        let mean = f64::from(ones) / all.len() as f64;
        assert!((mean - 32.0).abs() < 0.2, "{mean}");
    }
}
