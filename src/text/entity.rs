//! HTML character references, which web shops leave in their exports.

use std::borrow::Cow;

use super::windows1252;

/// Escaping can be applied more than once on the way of a value (`&amp;ouml;`); more than this is no accident.
const ROUNDS: usize = 3;
/// Bytes between `&` and `;`: the longest name known here has six, a number with leading zeros up to ten.
const LONGEST: usize = 10;

/// Named references of Latin-1 (HTML 2 to 4) in the order of their code points from U+00A0.
const LATIN1: [&str; 96] = [
    "nbsp", "iexcl", "cent", "pound", "curren", "yen", "brvbar", "sect", "uml", "copy", "ordf", "laquo",
    "not", "shy", "reg", "macr", "deg", "plusmn", "sup2", "sup3", "acute", "micro", "para", "middot",
    "cedil", "sup1", "ordm", "raquo", "frac14", "frac12", "frac34", "iquest", "Agrave", "Aacute", "Acirc",
    "Atilde", "Auml", "Aring", "AElig", "Ccedil", "Egrave", "Eacute", "Ecirc", "Euml", "Igrave", "Iacute",
    "Icirc", "Iuml", "ETH", "Ntilde", "Ograve", "Oacute", "Ocirc", "Otilde", "Ouml", "times", "Oslash",
    "Ugrave", "Uacute", "Ucirc", "Uuml", "Yacute", "THORN", "szlig", "agrave", "aacute", "acirc", "atilde",
    "auml", "aring", "aelig", "ccedil", "egrave", "eacute", "ecirc", "euml", "igrave", "iacute", "icirc",
    "iuml", "eth", "ntilde", "ograve", "oacute", "ocirc", "otilde", "ouml", "divide", "oslash", "ugrave",
    "uacute", "ucirc", "uuml", "yacute", "thorn", "yuml",
];

/// Further names that text from office programs and templates has.
const OTHERS: [(&str, char); 26] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("OElig", 'Œ'),
    ("oelig", 'œ'),
    ("Scaron", 'Š'),
    ("scaron", 'š'),
    ("Yuml", 'Ÿ'),
    ("fnof", 'ƒ'),
    ("circ", 'ˆ'),
    ("tilde", '˜'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("sbquo", '‚'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("bdquo", '„'),
    ("dagger", '†'),
    ("bull", '•'),
    ("hellip", '…'),
    ("euro", '€'),
    ("trade", '™'),
];

/// True when the text may hold a reference: an ampersand with a semicolon somewhere after it.
pub(super) fn suspected(text: &str) -> bool {
    text.split_once('&').is_some_and(|(_, rest)| rest.contains(';'))
}

/// The text with its references replaced, those that were escaped again included; unknown ones stay.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    let mut decoded = Cow::Borrowed(text);
    for _ in 0..ROUNDS {
        match decode_once(&decoded) {
            Some(next) => decoded = Cow::Owned(next),
            None => break,
        }
    }
    decoded
}

/// One pass from left to right; none when nothing was replaced.
fn decode_once(text: &str) -> Option<String> {
    if !suspected(text) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut replaced = false;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let end = after.bytes().take(LONGEST + 1).position(|byte| byte == b';');
        let known = end.and_then(|end| Some((character(after.get(..end)?)?, after.get(end + 1..)?)));
        if let Some((c, tail)) = known {
            out.push(c);
            rest = tail;
            replaced = true;
        } else {
            out.push('&');
            rest = after;
        }
    }
    out.push_str(rest);
    replaced.then_some(out)
}

/// The character of a reference without its `&` and `;`.
fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let number = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => number.parse(),
        };
        let number = number.ok()?;
        // Numbers of C1 controls mean Windows-1252, as HTML 5 reads them; NUL is no text.
        return match u8::try_from(number) {
            Ok(0) => None,
            Ok(byte) => Some(windows1252::decode(byte)),
            Err(_) => char::from_u32(number),
        };
    }
    if let Some(i) = LATIN1.iter().position(|&known| known == name) {
        return char::from_u32(0xa0 + i as u32);
    }
    OTHERS.iter().find(|(known, _)| *known == name).map(|&(_, c)| c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_become_characters() {
        let cases = [
            ("decimal", "J&#246;rg", "Jörg"),
            ("hexadecimal", "J&#xF6;rg &#X41;", "Jörg A"),
            ("named", "M&uuml;ller &amp; S&ouml;hne", "Müller & Söhne"),
            ("case matters", "&Ouml;&ouml;", "Öö"),
            ("last of the Latin-1 table", "&yuml;&THORN;&szlig;&times;", "ÿÞß×"),
            ("escaped twice", "&amp;ouml;", "ö"),
            ("mojibake of references", "&Atilde;&frac14;", "Ã¼"),
            ("number of a C1 control", "&#150;&#146;", "–’"),
            ("unknown stays", "&nope; &; & ;", "&nope; &; & ;"),
            ("no semicolon", "R&D", "R&D"),
            ("company names", "AT&T; Marks&Spencer", "AT&T; Marks&Spencer"),
            ("no such code point", "&#xD800;&#99999999;&#0;", "&#xD800;&#99999999;&#0;"),
            ("ampersand before a reference", "&&auml;", "&ä"),
            ("multi-byte text in between", "&日本;&äöü;", "&日本;&äöü;"),
            ("empty", "", ""),
        ];
        for (name, text, expected) in cases {
            assert_eq!(decode(text), expected, "{name}");
        }
    }
}
