//! Bounds on similarities from which letters occur, without looking at the texts.

use super::jaro::{BOOST_ABOVE, LONGEST_PREFIX, boost, common_prefix, jaro};

/// Which letters a text has, its length and its beginning: 16 bytes, from which similarities are bounded.
///
/// Each letter `a`–`z` has a bit for its first and a bit for its second occurrence, each digit, the space and the full
/// stop have one bit. Every other character shares the two bits of some letter. Where bit x is set on one
/// side alone, that side has at least one character that finds no partner on the other: the first bit says that none of
/// the characters that share it occur there, the second that they occur at most once there and more often here.
/// Sharing a bit can only hide such a character, so the bounds stay true for any text.
///
/// ```
/// use onefold::text::Signature;
/// let (meier, huber) = (Signature::of("meier"), Signature::of("huber"));
/// assert!(meier.jaro_winkler_bound(huber, 0) < 0.7);
/// assert_eq!(meier.levenshtein_bound(huber), 3);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Signature {
    letters: u64,
    length: u32,
    /// The first four characters, a byte each, zero where there are fewer; [`UNKNOWN`] where one is not ASCII.
    start: u32,
}

/// No beginning of a text: bytes of ASCII are below 128.
const UNKNOWN: u32 = u32::MAX;

/// The bit of a letter's second occurrence is this far above that of its first.
const LETTERS: u32 = 26;
const DIGITS: u32 = 52;
const SPACE: u32 = 62;
const FULL_STOP: u32 = 63;

impl Signature {
    /// The signature of a text.
    pub fn of(text: &str) -> Self {
        let mut letters: u64 = 0;
        let mut length = 0_u32;
        for c in text.chars() {
            length = length.saturating_add(1);
            letters |= match c {
                'a'..='z' => occurrence(letters, u32::from(c) - u32::from('a')),
                '0'..='9' => 1 << (DIGITS + u32::from(c) - u32::from('0')),
                ' ' => 1 << SPACE,
                '.' => 1 << FULL_STOP,
                _ => occurrence(letters, u32::from(c) % LETTERS),
            };
        }
        Signature { letters, length, start: start_of(text) }
    }

    /// How many characters the text has.
    pub fn length(self) -> usize {
        self.length as usize
    }

    /// How many characters, at most four, the texts share at the beginning; four where either begins with other
    /// characters than ASCII.
    pub(crate) fn common_prefix(self, other: Signature) -> usize {
        if self.start == UNKNOWN || other.start == UNKNOWN {
            return LONGEST_PREFIX;
        }
        let same = (self.start ^ other.start).trailing_zeros() / u8::BITS;
        same.min(self.length).min(other.length) as usize
    }

    /// Whether [`jaro_winkler`](super::jaro_winkler) of the two texts may reach a similarity, as far as the signatures tell.
    pub(crate) fn may_be_similar(self, other: Signature, least: f64) -> bool {
        self.jaro_winkler_bound(other, self.common_prefix(other)) >= least
    }

    /// A similarity that [`jaro_winkler`](super::jaro_winkler) of the two texts does not exceed.
    ///
    /// `common_prefix` is the number of characters that both begin with; 4 and more are equal, so 4 is right where it is
    /// not known. At most as many characters match as have a partner; the bound is the Jaro formula with
    /// that number and without transpositions, in the same order of operations, so that rounding cannot put it below
    /// the true value.
    pub fn jaro_winkler_bound(self, other: Signature, common_prefix: usize) -> f64 {
        if self.length == 0 && other.length == 0 {
            return 1.0;
        }
        let (alone, other_alone) = self.unpartnered(other);
        let matches = (self.length.saturating_sub(alone)).min(other.length.saturating_sub(other_alone));
        if matches == 0 {
            return 0.0;
        }
        let matches = f64::from(matches);
        let jaro = (matches / f64::from(self.length) + matches / f64::from(other.length) + 1.0) / 3.0;
        if common_prefix == 0 || jaro <= BOOST_ABOVE {
            return jaro;
        }
        // The bonus is monotone in exact arithmetic; its four roundings lose less than this.
        boost(jaro, common_prefix.min(LONGEST_PREFIX)) + 2.0 * f64::EPSILON
    }

    /// A distance that [`levenshtein`](super::levenshtein) and [`damerau`](super::damerau) of the two texts do not fall
    /// below.
    ///
    /// A character without partner costs at least one edit, which takes away or replaces one character; what
    /// the longer text has more costs one each.
    pub fn levenshtein_bound(self, other: Signature) -> usize {
        let (alone, other_alone) = self.unpartnered(other);
        let (longer, shorter) =
            if self.length >= other.length { (alone, other_alone) } else { (other_alone, alone) };
        let surplus = self.length.abs_diff(other.length);
        longer.max(shorter.saturating_add(surplus)) as usize
    }

    /// At least how many characters on either side have no partner on the other.
    fn unpartnered(self, other: Signature) -> (u32, u32) {
        ((self.letters & !other.letters).count_ones(), (other.letters & !self.letters).count_ones())
    }
}

/// The [`jaro_winkler`](super::jaro_winkler) similarity if it is at least `cutoff`, where the signatures are those of the
/// texts; most unlike pairs are decided by the bound alone.
///
/// ```
/// use onefold::text::{Signature, jaro_winkler_at_least};
/// let (a, b) = ("meier", "meyer");
/// let similarity = jaro_winkler_at_least(a, b, Signature::of(a), Signature::of(b), 0.88);
/// assert!(similarity.is_some_and(|similarity| similarity > 0.89));
/// ```
pub fn jaro_winkler_at_least(
    a: &str,
    b: &str,
    signature_a: Signature,
    signature_b: Signature,
    cutoff: f64,
) -> Option<f64> {
    if !signature_a.may_be_similar(signature_b, cutoff) {
        return None;
    }
    let prefix = common_prefix(a, b);
    Some(boost(jaro(a, b), prefix)).filter(|&similarity| similarity >= cutoff)
}

fn start_of(text: &str) -> u32 {
    let mut start = [0; LONGEST_PREFIX];
    for (byte, c) in start.iter_mut().zip(text.chars()) {
        let Some(ascii) = u8::try_from(c).ok().filter(u8::is_ascii) else { return UNKNOWN };
        *byte = ascii;
    }
    u32::from_le_bytes(start)
}

/// The bit to set for one more character of this letter.
fn occurrence(letters: u64, letter: u32) -> u64 {
    let first = 1 << letter;
    if letters & first == 0 { first } else { first << LETTERS }
}

#[cfg(test)]
mod tests {
    use super::super::cases::CASES;
    use super::super::{damerau, jaro_winkler, levenshtein};
    use super::*;
    use proptest::prelude::*;

    fn check(a: &str, b: &str) {
        let (left, right) = (Signature::of(a), Signature::of(b));
        let (truth, prefix) = (jaro_winkler(a, b), common_prefix(a, b));
        assert!(left.common_prefix(right) >= prefix, "{a:?} {b:?}");
        if a.is_ascii() && b.is_ascii() {
            assert_eq!(left.common_prefix(right), prefix, "{a:?} {b:?}");
        }
        for prefix in [prefix, LONGEST_PREFIX, 9] {
            let bound = left.jaro_winkler_bound(right, prefix);
            assert!(bound >= truth, "{a:?} {b:?}: {bound} < {truth}");
            assert_eq!(bound.to_bits(), right.jaro_winkler_bound(left, prefix).to_bits());
        }
        let bound = left.levenshtein_bound(right);
        assert!(bound <= levenshtein(a, b), "{a:?} {b:?}: {bound}");
        assert!(bound <= damerau(a, b), "{a:?} {b:?}: {bound}");
        assert_eq!(bound, right.levenshtein_bound(left));
    }

    #[test]
    fn named_cases_are_bounded() {
        for (_, a, b) in CASES {
            check(a, b);
        }
    }

    #[test]
    fn bounds_are_tight_where_they_can_be() {
        let cases =
            [("meier", "meyer", 1), ("anna", "ana", 1), ("aaa", "bbb", 2), ("12", "34", 2), ("", "abc", 3)];
        for (a, b, expected) in cases {
            assert_eq!(Signature::of(a).levenshtein_bound(Signature::of(b)), expected, "{a} {b}");
        }
        assert!(Signature::of("abc").jaro_winkler_bound(Signature::of("xyz"), 0) <= 0.0);
        assert!(Signature::of("").jaro_winkler_bound(Signature::of(""), 0) >= 1.0);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn names_are_bounded(a in "[a-e]{0,9}", b in "[a-e]{0,9}") {
            check(&a, &b);
        }

        #[test]
        fn any_text_is_bounded(a in "\\PC{0,12}|[a-zA-Z0-9 .éА-Я]{0,70}", b in "\\PC{0,12}|[a-zA-Z0-9 .éА-Я]{0,70}") {
            check(&a, &b);
        }

        #[test]
        fn cutoff_decides_like_the_score(a in "[a-d]{0,8}", b in "[a-d]{0,8}", cutoff in 0.0..1.0_f64) {
            let score = jaro_winkler(&a, &b);
            for cutoff in [cutoff, score, score.next_up(), score.next_down()] {
                let found = jaro_winkler_at_least(&a, &b, Signature::of(&a), Signature::of(&b), cutoff);
                prop_assert_eq!(found, (score >= cutoff).then_some(score));
            }
        }
    }
}
