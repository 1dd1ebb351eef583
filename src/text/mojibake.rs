//! UTF-8 that a program read as Windows-1252 or Latin-1: `Müller` became `MÃ¼ller`.

use std::borrow::Cow;

use super::windows1252;

/// Repairs text that was UTF-8 and was decoded as Windows-1252 or Latin-1, once or several times.
///
/// The repair is made only if it is consistent: every character beyond ASCII must be part of a sequence that
/// is valid UTF-8 when written back as Windows-1252. A correct `ü` anywhere in the value therefore stops it.
/// Two-byte sequences that give a letter outside Latin-1 and Latin Extended-A (`Ð¼` for Cyrillic) need a
/// second one in the same value, because `CAFÉ®` or `Strauß’` would be valid too. Right text is taken for damaged only where
/// `Â`, `Ã`, `Ä` or `Å` stands right before a sign, a typographic quote or dash, or `Š`, `Œ`, `Ž`. The repair of a
/// repaired text changes nothing.
///
/// ```
/// use onefold::text::repair;
/// assert_eq!(repair("MÃ¼ller"), "Müller");
/// assert_eq!(repair("MÃƒÂ¼ller"), "Müller");
/// assert_eq!(repair("Müller"), "Müller");
/// ```
pub fn repair(text: &str) -> Cow<'_, str> {
    let mut repaired = Cow::Borrowed(text);
    // Each round at least halves the number of characters beyond ASCII, so there are few.
    while let Some(next) = repair_once(&repaired) {
        repaired = Cow::Owned(next);
    }
    repaired
}

/// One decoding undone; none when there is nothing to undo or the text is not consistent.
fn repair_once(text: &str) -> Option<String> {
    let first = text.bytes().position(|byte| byte >= 0x80)?;
    let mut out = String::with_capacity(text.len());
    out.push_str(text.get(..first)?);
    let mut rest = text.get(first..)?.chars();
    let mut foreign = 0;
    let mut sure = 0;
    while let Some(c) = rest.next() {
        if c.is_ascii() {
            out.push(c);
            continue;
        }
        let lead = windows1252::encode(c)?;
        let decoded = sequence(lead, &mut rest)?;
        match lead {
            0xc6..=0xdf if decoded.is_alphabetic() => foreign += 1,
            0xc6..=0xdf => return None,
            _ => sure += 1,
        }
        out.push(decoded);
    }
    (sure > 0 || foreign > 1).then_some(out)
}

/// The character whose UTF-8 bytes are the lead byte and the next characters of the text.
fn sequence(lead: u8, rest: &mut std::str::Chars<'_>) -> Option<char> {
    let length = match lead {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    let mut bytes = [lead, 0, 0, 0];
    for byte in bytes.iter_mut().take(length).skip(1) {
        *byte = windows1252::encode(rest.next()?)?;
    }
    let decoded = std::str::from_utf8(bytes.get(..length)?).ok()?.chars().next()?;
    // No text holds private-use characters or noncharacters by intent; nor does it begin a name with them.
    let private = matches!(decoded, '\u{e000}'..='\u{f8ff}' | '\u{fffe}' | '\u{ffff}');
    (!private).then_some(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn repairs_only_what_is_consistent() {
        let cases = [
            ("umlaut", "MÃ¼ller", "Müller"),
            ("upper case with a typographic byte", "Ã–zdemir, WEIÃŸ", "Özdemir, WEIß"),
            ("decoded as Latin-1", "Ã\u{96}zdemir", "Özdemir"),
            ("twice", "MÃƒÂ¼ller", "Müller"),
            ("twice with three-byte sequences", "Ãƒâ€“zdemir", "Özdemir"),
            ("Polish", "Å\u{81}ukasz WÃ³jcik", "Łukasz Wójcik"),
            ("Cyrillic", "ÐœÐ¾ÑÐºÐ²Ð°".replace('Ñ', "Ñ\u{81}").leak(), "Москва"),
            ("apostrophe", "Oâ€™Brien", "O’Brien"),
            ("emoji", "Anna ðŸŒ¸", "Anna 🌸"),
            ("ASCII", "Miller", "Miller"),
            ("right already", "Müller", "Müller"),
            ("mixed stays", "Müller Ã¼ber", "Müller Ã¼ber"),
            ("letter and sign", "CAFÉ®", "CAFÉ®"),
            ("sharp s and quote", "Strauß’ Erben", "Strauß’ Erben"),
            ("Portuguese", "SÃO PAULO", "SÃO PAULO"),
            ("cut in the middle", "MÃ", "MÃ"),
            ("other scripts", "北京", "北京"),
            ("empty", "", ""),
        ];
        for (name, text, expected) in cases {
            assert_eq!(repair(text), expected, "{name}");
        }
    }

    /// What the faulty program did.
    fn damage(text: &str) -> String {
        text.bytes().map(windows1252::decode).collect()
    }

    proptest! {
        #[test]
        fn undoes_the_damage_to_latin_names(name in "[a-zA-ZäöüßÄÖÜéèñçøåłćńŁŻ ]{0,20}", times in 1..4) {
            let damaged = (0..times).fold(name.clone(), |text, _| damage(&text));
            prop_assert_eq!(repair(&damaged), name);
        }

        #[test]
        fn is_idempotent(text in "\\PC{0,30}|[ÃÂÄÅâ€™¼¶–Ð¾ a-z]{0,30}") {
            let once = repair(&text).into_owned();
            prop_assert_eq!(repair(&once), once.as_str());
        }
    }
}
