//! The text as it was meant to be read.

use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::{entity, mojibake};

/// The text with HTML character references decoded, [mojibake](super::repair) repaired, letters composed (Unicode NFC),
/// invisible format characters removed, and white space at the ends removed and elsewhere single.
///
/// Case, accents and punctuation stay; [`fold`](super::fold) gives the same for the result as for the text.
///
/// ```
/// use onefold::text::readable;
/// assert_eq!(readable("  M&uuml;ller  &amp; Söhne "), "Müller & Söhne");
/// assert_eq!(readable("MÃ¼ller"), "Müller");
/// ```
pub fn readable(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    let is_plain = is_latin(text) && !entity::suspected(text) && !text.contains("  ");
    if is_plain { Cow::Borrowed(text) } else { made_readable(text) }
}

/// True for a text of ASCII without controls and of Latin-1's letters with accents. It is composed, and it is no mojibake:
/// these letters are the first bytes of UTF-8, never the further ones.
pub(super) fn is_latin(text: &str) -> bool {
    text.chars().all(|c| matches!(c, ' '..='~' | 'À'..='ÿ'))
}

fn made_readable(text: &str) -> Cow<'_, str> {
    let decoded = entity::decode(text);
    let repaired = mojibake::repair(&decoded);
    let composed = match is_nfc_quick(repaired.chars()) {
        IsNormalized::Yes => repaired,
        _ => Cow::Owned(repaired.nfc().collect()),
    };
    let mut out = String::with_capacity(composed.len());
    let mut separated = false;
    for c in composed.chars() {
        // A mark that an invisible character kept apart stays apart: it belongs to no letter.
        if separated && is_combining_mark(c) {
            continue;
        }
        separated = is_invisible(c);
        if c.is_whitespace() || c.is_control() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !is_invisible(c) {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    Cow::Owned(out)
}

fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn readable_by_table() {
        let cases = [
            ("plain", "Anna Meier", "Anna Meier"),
            ("white space", "\t Anna \u{a0}  Meier\n", "Anna Meier"),
            ("references", "J&#246;rg", "Jörg"),
            ("mojibake", "GÃ¶tz", "Götz"),
            ("decomposed", "Mu\u{308}ller", "Müller"),
            ("soft hyphen", "Mei\u{ad}er", "Meier"),
            ("empty", " ", ""),
        ];
        for (name, text, expected) in cases {
            assert_eq!(readable(text), expected, "{name}");
        }
    }

    proptest! {
        #[test]
        fn latin_needs_no_change(text in "[a-zA-ZÀ-ÿ&;#0-9 .']{0,12}") {
            prop_assert_eq!(readable(&text), made_readable(text.trim()));
        }

        #[test]
        fn says_the_same(text in "[a-zA-ZäöüÄß&;#0-9 \u{308}\u{ad}\t.'-]{0,30}") {
            let readable = readable(&text);
            prop_assert_eq!(crate::text::fold(&readable), crate::text::fold(&text));
        }
    }
}
