//! The canonical comparison form of a text.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::readable::is_latin;
use super::{entity, mojibake};

/// Brings a text to its comparison form: words of `a`–`z` and `0`–`9`, separated by single spaces.
///
/// In this order: HTML character references are decoded, [mojibake](super::repair) is repaired, the text is
/// composed (Unicode NFC), German umlauts and `ß` are written out (`ü` → `ue`), all other letters and digits are
/// transliterated to ASCII (`é` → `e`, `Łódź` → `lodz`, `Москва` → `moskva`), upper case becomes lower
/// case, apostrophes, quotation marks and free-standing accents go without a gap (`O'Brien` → `obrien`), and
/// every run of anything else becomes one space. Symbols and emoji are no part of a name and separate words. A
/// letter of a script that has no transliteration becomes `u` and its code point in hexadecimal, so that the result
/// is ASCII and different letters stay different.
///
/// `fold` of a folded text is that text. The result is empty when the text has no letter and no digit.
///
/// ```
/// use onefold::text::fold;
/// assert_eq!(fold("  Jörg  O'Brien-Müller "), "joerg obrien mueller");
/// assert_eq!(fold("M&uuml;ller & Söhne"), fold("MÃ¼ller, soehne"));
/// ```
pub fn fold(text: &str) -> String {
    let mut folder = Folder { out: String::with_capacity(text.len()), gap: false };
    if entity::suspected(text) {
        folder.push_any(text);
    } else if text.is_ascii() {
        folder.push_ascii(text);
    } else if is_latin(text) {
        text.chars().for_each(|c| folder.push(c));
    } else {
        folder.push_any(text);
    }
    folder.out
}

/// The words of a [folded](fold) text.
///
/// ```
/// use onefold::text::tokens;
/// assert_eq!(tokens("joerg obrien").collect::<Vec<_>>(), ["joerg", "obrien"]);
/// assert_eq!(tokens("").count(), 0);
/// ```
pub fn tokens(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(' ').filter(|token| !token.is_empty())
}

/// Writes words, with a space for each run of separators between them.
struct Folder {
    out: String,
    gap: bool,
}

impl Folder {
    fn push_any(&mut self, text: &str) {
        let decoded = entity::decode(text);
        for c in mojibake::repair(&decoded).nfc() {
            self.push(c);
        }
    }

    fn push_ascii(&mut self, text: &str) {
        for byte in text.bytes() {
            match byte {
                b'a'..=b'z' | b'0'..=b'9' => self.write(byte),
                b'A'..=b'Z' => self.write(byte.to_ascii_lowercase()),
                b'\'' | b'"' | b'`' => {}
                _ => self.gap = true,
            }
        }
    }

    fn push(&mut self, c: char) {
        match c {
            'ä' | 'Ä' => self.push_ascii("ae"),
            'ö' | 'Ö' => self.push_ascii("oe"),
            'ü' | 'Ü' => self.push_ascii("ue"),
            'ß' | 'ẞ' => self.push_ascii("ss"),
            _ if c.is_ascii() => self.push_ascii(c.encode_utf8(&mut [0; 4])),
            _ if vanishes(c) => {}
            _ if c.is_alphanumeric() => match deunicode::deunicode_char(c) {
                Some(ascii) => {
                    // A fraction is no further digit of the number before it.
                    self.gap |= ascii.contains('/');
                    self.push_ascii(ascii);
                }
                None => c.to_lowercase().for_each(|c| self.push_ascii(&format!("u{:x}", u32::from(c)))),
            },
            _ if is_combining_mark(c) => {}
            _ => self.gap = true,
        }
    }

    fn write(&mut self, byte: u8) {
        if self.gap && !self.out.is_empty() {
            self.out.push(' ');
        }
        self.gap = false;
        self.out.push(char::from(byte));
    }
}

/// Apostrophes, quotation marks, accents typed beside their letter, and invisible format characters.
fn vanishes(c: char) -> bool {
    matches!(
        c,
        '´' | '¨' | '¯' | '¸' | '«' | '»' | '\u{ad}'
            | '\u{2b0}'..='\u{2ff}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}'
            | '‘' | '’' | '‚' | '‛' | '“' | '”' | '„' | '‟' | '′' | '″' | '‹' | '›' | '＇' | '＂'
            | '\u{fe00}'..='\u{fe0f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spellings_of_one_name_have_one_form() {
        let cases = [
            ("plain", "Miller", "miller"),
            ("umlauts", "Jörg Müller-Lüdenscheidt", "joerg mueller luedenscheidt"),
            ("upper-case umlauts", "ÄÖÜ ẞß", "aeoeue ssss"),
            ("combining diaeresis", "Mu\u{308}ller", "mueller"),
            ("accent typed beside the letter", "Andre´ Mu¨ller", "andre muller"),
            ("mojibake", "MÃ¼ller", "mueller"),
            ("mojibake twice", "MÃƒÂ¼ller", "mueller"),
            ("references", "J&#246;rg &amp; M&uuml;ller", "joerg mueller"),
            ("mojibake in references", "M&Atilde;&frac14;ller", "mueller"),
            ("French", "François-Xavier Élodie", "francois xavier elodie"),
            ("Spanish", "Muñoz Ibáñez", "munoz ibanez"),
            ("Nordic", "Sørensen Åberg Ærø", "sorensen aberg aero"),
            ("Polish", "Łukasz Wójcik", "lukasz wojcik"),
            ("Turkish", "İbrahim Işık", "ibrahim isik"),
            ("Cyrillic", "Москва", "moskva"),
            ("Greek", "Αθήνα", "athena"),
            ("Chinese", "北京", "bei jing"),
            ("full width", "ＡＢＣ１２", "abc12"),
            ("ligature", "Ofﬁce", "office"),
            ("apostrophes", "O'Brien O’Brien O`Brien O´Brien", "obrien obrien obrien obrien"),
            ("quotes", "„Karl“ \"Charly\" Müller", "karl charly mueller"),
            ("soft hyphen and zero width", "Mei\u{ad}er\u{200b}s\u{feff}", "meiers"),
            ("separators", "  a--b\t\u{a0}c/_d. ", "a b c d"),
            ("emoji", "Anna 🌸 Lena🦄", "anna lena"),
            ("digits", "Straße 12½", "strasse 12 1 2"),
            ("only symbols", "--- ! ☎ ", ""),
            ("empty", "", ""),
        ];
        for (name, text, expected) in cases {
            assert_eq!(fold(text), expected, "{name}");
        }
    }

    #[test]
    fn letters_without_transliteration_stay_different() {
        let (a, b) = (fold("\u{10330}"), fold("\u{10331}"));
        assert!(!a.is_empty() && a != b, "{a} {b}");
        assert_eq!(fold("\u{10400}"), fold("\u{10428}"), "upper and lower case of Deseret");
    }

    proptest! {
        #[test]
        fn latin_is_folded_as_any_text_is(text in "[a-zA-ZÀ-ÿ&;#0-9 .']{0,12}") {
            let mut folder = Folder { out: String::new(), gap: false };
            folder.push_any(&text);
            prop_assert_eq!(fold(&text), folder.out);
        }

        #[test]
        fn is_canonical_and_idempotent(text in "\\PC{0,40}|[ÃÂ¼–a-zA-Z&;#0-9ä\u{308} '\u{2019}]{0,40}|.*") {
            let folded = fold(&text);
            prop_assert!(folded.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b' ')), "{}", folded);
            prop_assert_eq!(tokens(&folded).collect::<Vec<_>>().join(" "), folded.as_str());
            prop_assert_eq!(fold(&folded), folded);
        }

        #[test]
        fn composed_and_decomposed_are_one(text in "[a-zäöüéñçåÄÖÜ \u{308}\u{301}]{0,20}") {
            prop_assert_eq!(fold(&text.nfd().collect::<String>()), fold(&text.nfc().collect::<String>()));
        }

        #[test]
        fn ascii_takes_the_same_way(text in "[ -~]{0,40}") {
            let mut slow = Folder { out: String::new(), gap: false };
            entity::decode(&text).chars().for_each(|c| slow.push(c));
            prop_assert_eq!(fold(&text), slow.out);
        }
    }
}
