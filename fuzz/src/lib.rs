//! What several targets need.

use arbitrary::Arbitrary;

/// One change of a text that is nearly right: far more of the reader is reached than by random bytes.
#[derive(Arbitrary, Debug)]
pub struct Splice {
    at: u16,
    removed: u8,
    inserted: String,
}

/// The text with all changes made, one after the other; positions wrap around and move to the next character.
pub fn spliced(text: &str, splices: &[Splice]) -> String {
    let mut text = text.to_owned();
    for splice in splices {
        let start = boundary(&text, usize::from(splice.at) % (text.len() + 1));
        let end = boundary(&text, (start + usize::from(splice.removed)).min(text.len()));
        text.replace_range(start..end, &splice.inserted);
    }
    text
}

fn boundary(text: &str, at: usize) -> usize {
    (at..=text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len())
}

/// Countries to assume: none, real ones, and text that is no code.
pub const COUNTRIES: [Option<&str>; 8] =
    [None, Some("DE"), Some("US"), Some("GB"), Some("FR"), Some("JP"), Some(""), Some("äö")];

/// One of [`COUNTRIES`].
pub fn country(number: u8) -> Option<&'static str> {
    COUNTRIES[usize::from(number) % COUNTRIES.len()]
}

/// Panics unless the text is in comparison form: words of `a`–`z` and `0`–`9` with single spaces between.
pub fn assert_folded(text: &str) {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == ' ';
    assert!(text.chars().all(plain), "{text:?}");
    assert!(!text.starts_with(' ') && !text.ends_with(' ') && !text.contains("  "), "{text:?}");
}
