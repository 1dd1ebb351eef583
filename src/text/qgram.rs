//! Padded q-grams.

use super::hash::{START, finish, update};

/// Stands before the first character, so that a word's beginning counts more than its middle.
const BEGIN: char = '\u{2}';
/// Stands after the last character.
const END: char = '\u{3}';
/// Longer grams than this are no q-grams of a name.
const LONGEST: usize = 16;

/// The hashes of the padded q-grams of a text, ascending, each once.
///
/// The text is padded with q − 1 marks on either side (one for the beginning, another for the end), so a text of n
/// characters has n + q − 1 grams before repeats go (Ukkonen 1992; padding as in Gravano et al. 2001). An empty text
/// has none. `q` is taken as at least 1 and at most 16. The hashes are those of [`hash`](super::hash) on the gram and
/// may be persisted.
///
/// ```
/// use onefold::text::{qgrams, sets};
/// let (a, b) = (qgrams("meier", 2), qgrams("meyer", 2));
/// assert_eq!(a.len(), 6);
/// assert_eq!(sets::overlap(&a, &b), 4);
/// ```
pub fn qgrams(folded: &str, q: usize) -> Vec<u64> {
    if folded.is_empty() {
        return Vec::new();
    }
    let q = q.clamp(1, LONGEST);
    let padding = q - 1;
    let mut padded: Vec<char> = Vec::with_capacity(folded.len() + 2 * padding);
    padded.extend(std::iter::repeat_n(BEGIN, padding));
    padded.extend(folded.chars());
    padded.extend(std::iter::repeat_n(END, padding));
    let mut grams: Vec<u64> = padded.windows(q).map(hash_of).collect();
    grams.sort_unstable();
    grams.dedup();
    grams
}

fn hash_of(gram: &[char]) -> u64 {
    finish(gram.iter().fold(START, |state, c| update(state, c.encode_utf8(&mut [0; 4]).as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::super::hash;
    use super::*;
    use proptest::prelude::*;

    fn sorted(grams: &[&str]) -> Vec<u64> {
        let mut hashes: Vec<u64> = grams.iter().map(|gram| hash(gram)).collect();
        hashes.sort_unstable();
        hashes
    }

    #[test]
    fn grams_of_small_texts() {
        assert_eq!(qgrams("ab", 2), sorted(&["\u{2}a", "ab", "b\u{3}"]));
        assert_eq!(qgrams("aaa", 1), sorted(&["a"]));
        assert_eq!(qgrams("é", 3), sorted(&["\u{2}\u{2}é", "\u{2}é\u{3}", "é\u{3}\u{3}"]));
        assert_eq!(qgrams("ab", 0), qgrams("ab", 1));
        assert_eq!(qgrams("", 3), Vec::<u64>::new());
    }

    proptest! {
        #[test]
        fn ascending_and_counted(text in "\\PC{1,30}", q in 0..20_usize) {
            let grams = qgrams(&text, q);
            prop_assert!(grams.is_sorted_by(|a, b| a < b));
            prop_assert!(!grams.is_empty() && grams.len() < text.chars().count() + q.clamp(1, 16));
        }
    }
}
