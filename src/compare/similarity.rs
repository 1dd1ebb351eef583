//! Levels for codes and short names; each function takes two *different* normalised values.

use crate::compare::Comparator;
use crate::text::{self, Signature};

/// What the comparisons of codes need of each distinct value, to settle most pairs without looking at the texts.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CodeFeatures {
    /// Of the value; of a mail address, of its local part.
    signature: Signature,
    /// A hash of what two values may share: the local part of a mail address, the end of a telephone number, the area of
    /// a postal code, the digits of a house number; 0 where there is none.
    part: u64,
}

impl CodeFeatures {
    pub(crate) fn of(comparator: Comparator, text: &str) -> Self {
        let hash = |part: &str| if part.is_empty() { 0 } else { text::hash(part) };
        let (whole, part) = match comparator {
            Comparator::Email => (local(text), hash(local(text))),
            Comparator::Phone => (
                text,
                ending(text).map_or(0, |&[a, b, c, d, e, f, g]| u64::from_le_bytes([a, b, c, d, e, f, g, 1])),
            ),
            Comparator::PostalCode => (text, hash(area(text))),
            Comparator::HouseNumber => (text, hash(leading_digits(text))),
            _ => (text, 0),
        };
        CodeFeatures { signature: Signature::of(whole), part }
    }

    fn shares_part(self, other: Self) -> bool {
        self.part != 0 && self.part == other.part
    }

    fn may_be_within(self, other: Self, edits: usize) -> bool {
        self.signature.levenshtein_bound(other.signature) <= edits
    }
}

/// The level of two different values, where their features settle it.
pub(crate) fn by_features(comparator: Comparator, a: CodeFeatures, b: CodeFeatures) -> Option<u8> {
    let apart = match comparator {
        // Equal hashes are left to the texts.
        Comparator::Email => !a.shares_part(b) && !a.signature.may_be_similar(b.signature, SIMILAR_MAIL),
        Comparator::Code => !a.may_be_within(b, MOST_EDITS_OF_CODE),
        _ => !a.shares_part(b) && !a.may_be_within(b, 1),
    };
    let worst = if matches!(comparator, Comparator::Phone | Comparator::HouseNumber) { 3 } else { 4 };
    apart.then_some(worst)
}

/// The Jaro–Winkler similarity from which the local parts of mail addresses are alike.
const SIMILAR_MAIL: f64 = 0.90;
const MOST_EDITS_OF_CODE: usize = 2;

fn local(address: &str) -> &str {
    address.split_once('@').map_or(address, |(local, _)| local)
}

/// The last digits of a telephone number, which it has whatever was written before them.
fn ending(phone: &str) -> Option<&[u8; 7]> {
    phone.as_bytes().last_chunk()
}

/// What a country's codes put first.
fn area(code: &str) -> &str {
    code.char_indices().nth(2).map_or(code, |(end, _)| &code[..end])
}

fn leading_digits(number: &str) -> &str {
    &number[..number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len())]
}

/// E-mail addresses.
pub(crate) fn email(a: &str, b: &str) -> u8 {
    let (a, b) = (local(a), local(b));
    // A local part of three letters (`abc@`) is shared by chance; as text it is judged by similarity.
    if a == b && a.len() > 3 {
        2
    } else if text::jaro_winkler(a, b) >= SIMILAR_MAIL {
        3
    } else {
        4
    }
}

/// Telephone numbers in E.164 or plain digits.
pub(crate) fn phone(a: &str, b: &str) -> u8 {
    let same_ending = ending(a).zip(ending(b)).is_some_and(|(a, b)| a == b);
    if same_ending || text::damerau_within(a, b, 1).is_some() { 2 } else { 3 }
}

/// Identifiers.
pub(crate) fn code(a: &str, b: &str) -> u8 {
    match text::damerau_within(a, b, MOST_EDITS_OF_CODE) {
        Some(0 | 1) => 2,
        // Two errors in a short code leave nothing of it.
        Some(_) if a.len().min(b.len()) >= 6 => 3,
        _ => 4,
    }
}

/// Postal codes: the area is what a country's codes put first.
pub(crate) fn postal_code(a: &str, b: &str) -> u8 {
    if text::damerau_within(a, b, 1).is_some() {
        2
    } else if area(a) == area(b) {
        3
    } else {
        4
    }
}

/// House numbers.
pub(crate) fn house_number(a: &str, b: &str) -> u8 {
    let (digits_a, digits_b) = (leading_digits(a), leading_digits(b));
    let same = !digits_a.is_empty() && digits_a == digits_b;
    // One error in a one-digit number is simply another number.
    let near = a.len().min(b.len()) > 1 && text::damerau_within(a, b, 1).is_some();
    if same || near { 2 } else { 3 }
}

const SIMILAR_NAME: f64 = 0.80;

/// The level of two different names of places or streets, where their signatures settle it.
pub(crate) fn name_by_signatures(signatures: (Signature, Signature)) -> Option<u8> {
    (!signatures.0.may_be_similar(signatures.1, SIMILAR_NAME)).then_some(4)
}

/// Names of places and streets.
pub(crate) fn name(a: &str, b: &str, signatures: (Signature, Signature)) -> u8 {
    match text::jaro_winkler_at_least(a, b, signatures.0, signatures.1, SIMILAR_NAME) {
        Some(similarity) if similarity >= 0.92 => 2,
        Some(_) => 3,
        None => 4,
    }
}

/// Numbers by relative difference.
pub(crate) fn number(a: f64, b: f64) -> u8 {
    let relative = (a - b).abs() / a.abs().max(b.abs()).max(f64::MIN_POSITIVE);
    if relative == 0.0 {
        1
    } else if relative <= 0.02 {
        2
    } else if relative <= 0.10 {
        3
    } else {
        4
    }
}

/// Years by difference.
pub(crate) fn year(a: f64, b: f64) -> u8 {
    match (a - b).abs() {
        0.0 => 1,
        difference if difference <= 1.0 => 2,
        difference if difference <= 5.0 => 3,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_of_named_cases() {
        type Case = (fn(&str, &str) -> u8, &'static str, &'static str, u8);
        let cases: &[Case] = &[
            (email, "anna.meier@a.de", "anna.meier@b.de", 2),
            (email, "abc@a.de", "abc@b.de", 3),
            (email, "anna.meier@a.de", "anna.maier@a.de", 3),
            (email, "anna@a.de", "otto@a.de", 4),
            (phone, "+49301234567", "+49891234567", 2),
            (phone, "+4930123", "+4930124", 2),
            (phone, "+4930123456", "+4940998877", 3),
            (code, "12345678", "12345687", 2),
            (code, "1234", "1256", 4),
            (code, "12345678", "12345600", 3),
            (postal_code, "80331", "80313", 2),
            (postal_code, "80331", "80999", 3),
            (postal_code, "80331", "10115", 4),
            (house_number, "12", "12a", 2),
            (house_number, "1", "2", 3),
            (house_number, "112", "12", 2),
        ];
        for &(function, a, b, level) in cases {
            assert_eq!(function(a, b), level, "{a} {b}");
            assert_eq!(function(b, a), level, "{b} {a}");
        }
    }

    /// The level of two different texts.
    type ByText = fn(&str, &str) -> u8;

    const CODES: [(Comparator, ByText); 5] = [
        (Comparator::Email, email),
        (Comparator::Phone, phone),
        (Comparator::Code, code),
        (Comparator::PostalCode, postal_code),
        (Comparator::HouseNumber, house_number),
    ];

    proptest::proptest! {
        #[test]
        fn what_features_settle_the_texts_say_too(a in "[0-3a-d]{0,9}(@[ab])?", b in "[0-3a-d]{0,9}(@[ab])?") {
            proptest::prop_assume!(a != b);
            for (comparator, by_text) in CODES {
                let of = |text: &str| CodeFeatures::of(comparator, text);
                let level = by_text(&a, &b);
                proptest::prop_assert_eq!(by_features(comparator, of(&a), of(&b)).unwrap_or(level), level);
            }
        }
    }

    #[test]
    fn numbers() {
        assert_eq!(
            [number(100.0, 100.0), number(100.0, 99.0), number(100.0, 91.0), number(1.0, 2.0)],
            [1, 2, 3, 4]
        );
        assert_eq!(
            [year(1990.0, 1990.0), year(1990.0, 1991.0), year(1990.0, 1994.0), year(1990.0, 2000.0)],
            [1, 2, 3, 4]
        );
    }
}
