//! Single letters: slips of the keyboard, spellings that sound alike, signs read wrongly.

use super::super::locale::Language;
use super::super::random::Draw;
use super::sounds::{keyboard, sounds};

/// Shapes that a scanner takes for each other.
const SHAPES: [(&str, &str); 9] = [
    ("rn", "m"),
    ("cl", "d"),
    ("l", "1"),
    ("o", "0"),
    ("i", "l"),
    ("nn", "m"),
    ("h", "b"),
    ("e", "c"),
    ("vv", "w"),
];

/// One letter too many, too few, another, or two changed over. The split is that of name errors in a voter register;
/// six in ten wrong letters lie beside the right one on the keyboard.
pub(super) fn edit(text: &mut String, language: Language, draw: &mut Draw) {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.len() < 2 {
        return;
    }
    let last = letters.len() - 1;
    // First letters are rarely wrong.
    let at = if draw.chance(0.93) { 1 + draw.below(last) } else { 0 };
    match draw.weighted(&[24, 24, 42, 10]) {
        0 => {
            letters
                .insert(at, if draw.chance(0.5) { letters[at] } else { near(letters[at], language, draw) });
        }
        1 => {
            letters.remove(at);
        }
        2 => letters[at] = near(letters[at], language, draw),
        _ => letters.swap(at.max(1), at.max(1) - 1),
    }
    *text = letters.into_iter().collect();
}

/// A digit that is wrong, or two changed over.
pub(super) fn digit(text: &mut String, draw: &mut Draw) {
    let mut signs: Vec<char> = text.chars().collect();
    let digits: Vec<usize> = (0..signs.len()).filter(|&at| signs[at].is_ascii_digit()).collect();
    let Some(&last) = digits.last() else { return };
    let at = digits[draw.below(digits.len())];
    if draw.chance(0.35) && at != last && signs[at + 1].is_ascii_digit() {
        signs.swap(at, at + 1);
    } else {
        signs[at] = char::from(b'0' + draw.below(10) as u8);
    }
    *text = signs.into_iter().collect();
}

/// Writes one sound in another way; false where none is there.
pub(super) fn respell(text: &mut String, language: Language, draw: &mut Draw) -> bool {
    exchange(text, sounds(language), draw)
}

/// Takes one shape for another; false where none is there.
pub(super) fn misread(text: &mut String, draw: &mut Draw) -> bool {
    exchange(text, &SHAPES, draw)
}

/// ä, ö, ü and ß in ASCII: with an e, or bare.
pub(crate) fn without_umlauts(text: &str, with_e: bool) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            'ä' => plain.push('a'),
            'ö' => plain.push('o'),
            'ü' => plain.push('u'),
            'Ä' => plain.push('A'),
            'Ö' => plain.push('O'),
            'Ü' => plain.push('U'),
            'ß' => plain.push_str("ss"),
            other if other.is_ascii() => plain.push(other),
            other => plain.push_str(deunicode::deunicode_char(other).unwrap_or_default()),
        }
        if with_e && matches!(letter, 'ä' | 'ö' | 'ü' | 'Ä' | 'Ö' | 'Ü') {
            plain.push(if letter.is_uppercase() && text.len() > 3 && !text.contains(char::is_lowercase) {
                'E'
            } else {
                'e'
            });
        }
    }
    plain
}

/// UTF-8 read as Windows-1252.
pub(crate) fn mojibake(text: &str) -> String {
    encoding_rs::WINDOWS_1252.decode_without_bom_handling(text.as_bytes()).0.into_owned()
}

fn near(letter: char, language: Language, draw: &mut Draw) -> char {
    let small = letter.to_lowercase().next().unwrap_or(letter);
    let row = keyboard(language).iter().find(|row| row.contains(small));
    let other = match row {
        Some(row) if draw.chance(0.6) => {
            let mut before = None;
            let mut keys = row.chars();
            for key in keys.by_ref() {
                if key == small {
                    break;
                }
                before = Some(key);
            }
            match (before, keys.next()) {
                (Some(_), Some(after)) if draw.chance(0.5) => after,
                (Some(before), _) => before,
                (None, after) => after.unwrap_or(small),
            }
        }
        _ => char::from(b'a' + draw.below(26) as u8),
    };
    if letter.is_uppercase() { other.to_uppercase().next().unwrap_or(other) } else { other }
}

fn exchange(text: &mut String, pairs: &[(&str, &str)], draw: &mut Draw) -> bool {
    // From some place in the table on, so that each pair has its turn.
    let first = draw.below(pairs.len() * 2);
    for at in first..first + pairs.len() * 2 {
        let (a, b) = pairs[at / 2 % pairs.len()];
        let (from, to) = if at.is_multiple_of(2) { (a, b) } else { (b, a) };
        if let Some(at) = text.rfind(from).filter(|&at| at > 0) {
            // A double letter is not doubled again.
            if to.len() > from.len() && text[at..].starts_with(to) || text[..at + from.len()].ends_with(to) {
                continue;
            }
            text.replace_range(at..at + from.len(), to);
            return true;
        }
    }
    false
}
