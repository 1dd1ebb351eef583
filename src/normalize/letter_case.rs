//! Upper and lower case of names that were written in one case throughout.

use super::person_word::is_particle;
use super::street_type::direction;
use crate::text;

/// What a text names, which tells the words that stay small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Names {
    /// A person.
    Person,
    /// A street, city or region.
    Place,
}

/// How well a name is spelled: 2 for a letter beyond ASCII, and 1 if neither all in capitals nor all small.
///
/// So `Müller` (3) is better than `MÜLLER` (2), that better than `Mueller` (1) and `MUELLER` (0).
pub(crate) fn spelling_grade(written: &str) -> u8 {
    grade_of_readable(&text::readable(written))
}

/// As [`spelling_grade`], for a text that is readable already.
pub(super) fn grade_of_readable(written: &str) -> u8 {
    if written.is_ascii() { grade_of_ascii(written) } else { grade_of_any(written) }
}

/// As [`grade_of_any`], in one pass.
fn grade_of_ascii(written: &str) -> u8 {
    let (mut some_small, mut some_capital) = (false, false);
    for word in written.as_bytes().split(|byte| !byte.is_ascii_alphabetic()) {
        let capital = word.iter().any(u8::is_ascii_uppercase);
        some_capital |= capital;
        if word.len() > 1 {
            let small = word.iter().any(u8::is_ascii_lowercase);
            if capital && !small {
                return 0;
            }
            some_small |= small;
        }
    }
    u8::from(some_small && some_capital)
}

fn grade_of_any(written: &str) -> u8 {
    let beyond = written.chars().any(|c| !c.is_ascii() && c.is_alphabetic());
    let mut words = written.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() > 1);
    let some = words.clone().any(|word| word.chars().any(char::is_lowercase));
    let capital = |word: &str| word.chars().any(char::is_uppercase) && !word.chars().any(is_plain_small);
    let mixed = some && written.chars().any(char::is_uppercase) && !words.any(capital);
    u8::from(beyond) << 1 | u8::from(mixed)
}

/// A small letter; `ß` stands between capitals too.
fn is_plain_small(c: char) -> bool {
    c.is_lowercase() && c != 'ß'
}

/// A name in capitals or in small letters throughout, in title case; else as written.
///
/// Only the case of letters changes.
pub(super) fn recased(name: &str, names: Names) -> String {
    let small = !name.chars().any(char::is_uppercase);
    let shouted = !small && name.split(' ').all(|word| is_capital(word) || folds_to_particle(word));
    if !(small || shouted) {
        return name.to_owned();
    }
    let mut out = String::with_capacity(name.len());
    let last = name.split(' ').count().saturating_sub(1);
    for (position, word) in name.split(' ').enumerate() {
        if position > 0 {
            out.push(' ');
        }
        if is_small_word(word, names, position, last) {
            out.push_str(&lower(word));
        } else if names == Names::Place && stays_capital(word) {
            out.push_str(&word.to_uppercase());
        } else {
            push_title(&mut out, word, names);
        }
    }
    // Case is not always without effect on other scripts; a name must stay the same name.
    if name.is_ascii() || text::fold(&out) == text::fold(name) { out } else { name.to_owned() }
}

/// True for a word that folds to a particle. Of letters alone, which most words are, that is seen without folding them.
fn folds_to_particle(word: &str) -> bool {
    const LONGEST: usize = 5;
    if word.is_empty() || !word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return is_particle(&text::fold(word));
    }
    let mut small = [0; LONGEST];
    let Some(small) = small.get_mut(..word.len()) else { return false };
    small.copy_from_slice(word.as_bytes());
    small.make_ascii_lowercase();
    std::str::from_utf8(small).is_ok_and(is_particle)
}

/// The value in title case: what is shown where no record has a spelling.
pub(super) fn capitalised(value: &str, names: Names) -> String {
    recased(value, names)
}

fn is_small_word(word: &str, names: Names, position: usize, last: usize) -> bool {
    const IN_PLACES: &[&str] = &[
        "am", "an", "auf", "bei", "dem", "den", "der", "die", "im", "in", "ob", "unter", "vor", "von", "zu",
        "zum", "zur", "de", "del", "della", "des", "di", "du", "en", "et", "la", "le", "les", "sous", "sur",
        "aux", "and", "of", "on", "the", "upon", "dos", "das", "do", "da",
    ];
    if position >= last {
        return false;
    }
    match names {
        Names::Person => {
            // `y` and `e` between two surnames.
            let joins = position > 0 && matches!(word, "Y" | "E" | "y" | "e");
            let folded = text::fold(word);
            joins || is_particle(&folded) && folded.len() > 1
        }
        Names::Place => position > 0 && IN_PLACES.contains(&text::fold(word).as_str()),
    }
}

/// No small letter; a word without letters shouts no less than its neighbours.
fn is_capital(word: &str) -> bool {
    !word.chars().any(is_plain_small)
}

/// Directions and the codes of states: `NW`, `NY`.
fn stays_capital(word: &str) -> bool {
    let letters = word.trim_matches(|c: char| !c.is_alphabetic());
    letters.chars().count() <= 2 && direction(&text::fold(letters)).is_some()
}

/// Each part of a word between hyphens and apostrophes begins with a capital.
fn push_title(out: &mut String, word: &str, names: Names) {
    let mut part = String::new();
    for c in word.chars() {
        if is_mark(c) {
            push_part(out, &part, Some(c), names);
            part.clear();
            out.push(c);
        } else {
            part.push(c);
        }
    }
    push_part(out, &part, None, names);
}

fn is_mark(c: char) -> bool {
    matches!(c, '-' | '–' | '\'' | '’' | '`' | '´' | '.' | '/' | '(' | ')' | '"' | '&' | ',')
}

fn push_part(out: &mut String, part: &str, behind: Option<char>, names: Names) {
    let mut chars = part.chars();
    let Some(first) = chars.next() else { return };
    let rest = lower(chars.as_str());
    // `St John's`: a single letter behind an apostrophe at the end of a word is no name.
    let after_apostrophe = out.ends_with(['\'', '’', '`', '´']);
    if (after_apostrophe && rest.is_empty() && behind.is_none()) || first.is_numeric() {
        out.push_str(&lower(part));
        return;
    }
    out.push(upper(first));
    let gaelic = names == Names::Person
        && first.eq_ignore_ascii_case(&'m')
        && rest.starts_with('c')
        && rest.chars().count() > 3;
    if gaelic {
        out.push('c');
        let mut tail = rest.chars();
        tail.next();
        out.extend(tail.next().map(upper));
        out.push_str(tail.as_str());
    } else {
        out.push_str(&rest);
    }
}

/// The capital of a letter where that is one letter.
fn upper(c: char) -> char {
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(single), None) => single,
        _ => c,
    }
}

fn lower(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    // The small form of İ is an i with a dot above it, which no one writes.
    text.to_lowercase().replace("i\u{307}", "i")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn grades_ascend_from_capitals_to_accents() {
        let names = ["MUELLER", "Mueller", "MÜLLER", "Müller"];
        assert_eq!(names.map(spelling_grade), [0, 1, 2, 3]);
        let cases = [
            ("MÜLLER, Anna", 2),
            ("anna", 0),
            ("M&uuml;ller", 3),
            ("MÃ¼ller", 3),
            ("A. Weiß", 3),
            ("WEIß", 2),
            ("J.", 0),
            ("", 0),
        ];
        for (text, grade) in cases {
            assert_eq!(spelling_grade(text), grade, "{text}");
        }
    }

    #[test]
    fn names_by_table() {
        let cases = [
            ("MÜLLER", "Müller"),
            ("müller", "Müller"),
            ("Müller", "Müller"),
            ("MÜLLER-LÜDENSCHEIDT", "Müller-Lüdenscheidt"),
            ("ludwig van beethoven", "Ludwig van Beethoven"),
            ("VON DER LEYEN", "von der Leyen"),
            ("von MÜLLER", "von Müller"),
            ("O'BRIEN", "O'Brien"),
            ("o’brien", "O’Brien"),
            ("D'ANGELO", "D'Angelo"),
            ("MCDONALD", "McDonald"),
            ("McDONALD", "McDONALD"),
            ("MACH", "Mach"),
            ("GARCÍA Y LÓPEZ", "García y López"),
            ("WEIß", "Weiß"),
            ("JEAN-PIERRE", "Jean-Pierre"),
            ("J.", "J."),
            ("j", "J"),
            ("İBRAHİM", "İbrahim"),
            ("ΓΙΑΝΝΗΣ", "Γιαννης"),
            ("МОСКВА", "Москва"),
            ("北京", "北京"),
            ("VAN", "Van"),
            ("Eismeier GmbH & Co. KG", "Eismeier GmbH & Co. KG"),
            ("", ""),
        ];
        for (name, expected) in cases {
            assert_eq!(recased(name, Names::Person), expected, "{name}");
        }
    }

    #[test]
    fn places_by_table() {
        let cases = [
            ("FRANKFURT AM MAIN", "Frankfurt am Main"),
            ("AM HANG", "Am Hang"),
            ("RUE DE LA PAIX", "Rue de la Paix"),
            ("5TH AVENUE", "5th Avenue"),
            ("NW 42ND ST", "NW 42nd St"),
            ("HALLE (SAALE)", "Halle (Saale)"),
            ("ST JOHN'S ROAD", "St John's Road"),
            ("hauptstr.", "Hauptstr."),
            ("Straße des 17. Juni", "Straße des 17. Juni"),
            ("STRAßE", "Straße"),
        ];
        for (name, expected) in cases {
            assert_eq!(recased(name, Names::Place), expected, "{name}");
        }
    }

    proptest! {
        #[test]
        fn only_case_changes(name in "[a-zA-ZäöüÄÖÜßéÉçøØłŁ'’. -]{0,24}|\\PC{0,20}") {
            for names in [Names::Person, Names::Place] {
                let recased = recased(&name, names);
                prop_assert_eq!(text::fold(&recased), text::fold(&name));
            }
            let (grade, name) = (spelling_grade(&name), text::readable(&name));
            prop_assert_eq!(grade, grade_of_any(&name));
            prop_assert!(folds_to_particle(&name) == is_particle(&text::fold(&name)));
        }

        #[test]
        fn particles_are_known_in_any_case(word in "[vdVD'][aeioAEIO]?[nmlrNMLR]{0,2}[aiAI]?") {
            prop_assert_eq!(folds_to_particle(&word), is_particle(&text::fold(&word)));
        }

        #[test]
        fn the_grade_of_ascii_is_that_of_any_text(name in "[a-cA-C0-9'. -]{0,12}") {
            prop_assert_eq!(grade_of_ascii(&name), grade_of_any(&name));
        }

        #[test]
        fn twice_is_once(name in "[a-zA-ZäöüÄÖÜß'. -]{0,24}") {
            let once = recased(&name, Names::Person);
            prop_assert_eq!(recased(&once, Names::Person), once.clone());
        }
    }
}
