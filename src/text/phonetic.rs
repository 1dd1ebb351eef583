//! Phonetic keys: equal for names that sound alike.

use rphonetic::{Cologne, DoubleMetaphone, Encoder};

/// The Cologne phonetic code of a word (Postel 1969, "Die Kölner Phonetik"), made for German names; digits.
///
/// Only the letters `a`–`z` count, so give it a word of [folded](super::fold) text. Empty when nothing is voiced.
///
/// ```
/// use onefold::text::cologne;
/// assert_eq!(cologne("meier"), cologne("mayr"));
/// assert_eq!(cologne("mueller"), "657");
/// ```
pub fn cologne(word: &str) -> String {
    Cologne.encode(&letters(word))
}

/// The primary Double Metaphone code of a word (Philips 2000), made for names in English; at most four letters.
///
/// Only the letters `a`–`z` count, so give it a word of [folded](super::fold) text. Empty when nothing is voiced.
///
/// ```
/// use onefold::text::double_metaphone;
/// assert_eq!(double_metaphone("smith"), double_metaphone("smyth"));
/// ```
pub fn double_metaphone(word: &str) -> String {
    DoubleMetaphone::default().encode(&letters(word))
}

/// The encoders slice by bytes, which is sound on ASCII alone.
fn letters(word: &str) -> String {
    word.chars().filter(char::is_ascii_alphabetic).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_codes() {
        let cases = [
            ("", "", ""),
            ("h", "", ""),
            ("müller", "657", "MLR"),
            ("schmidt", "862", "XMT"),
            ("thomas", "268", "TMS"),
            ("42", "", ""),
            ("日本", "", ""),
        ];
        for (word, expected_cologne, expected_metaphone) in cases {
            assert_eq!(cologne(word), expected_cologne, "{word}");
            assert_eq!(double_metaphone(word), expected_metaphone, "{word}");
        }
    }

    #[test]
    fn no_short_word_panics() {
        let alphabet = || (b'a'..=b'z').map(char::from);
        for a in alphabet() {
            for b in alphabet() {
                for c in alphabet() {
                    let word: String = [a, b, c].iter().collect();
                    assert!(double_metaphone(&word).len() <= 4);
                    assert!(cologne(&word).bytes().all(|b| b.is_ascii_digit()));
                }
            }
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(word in "[a-z]{0,12}|\\PC{0,12}|(w|r|h|g|c|ch|cz|sc|ia|wicz|witz|ough|x|z|t){0,6}") {
            prop_assert!(double_metaphone(&word).len() <= 4);
            prop_assert!(cologne(&word).bytes().all(|b| b.is_ascii_digit()));
        }
    }
}
