//! Levels for codes and short names; each function takes two *different* normalised values.

use crate::text::{self, Signature};

/// E-mail addresses.
pub(crate) fn email(a: &str, b: &str) -> u8 {
    let local = |address: &str| address.split_once('@').map_or(address.len(), |(local, _)| local.len());
    let (local_a, local_b) = (&a[..local(a)], &b[..local(b)]);
    // A local part of three letters (`abc@`) is shared by chance; as text it is judged by similarity.
    if local_a == local_b && local_a.len() > 3 {
        2
    } else if text::jaro_winkler(local_a, local_b) >= 0.90 {
        3
    } else {
        4
    }
}

/// Telephone numbers in E.164 or plain digits.
pub(crate) fn phone(a: &str, b: &str) -> u8 {
    const ENDING: usize = 7;
    let endings = a.as_bytes().last_chunk::<ENDING>().zip(b.as_bytes().last_chunk::<ENDING>());
    let same_ending = endings.is_some_and(|(a, b)| a == b);
    if same_ending || text::damerau_within(a, b, 1).is_some() { 2 } else { 3 }
}

/// Identifiers.
pub(crate) fn code(a: &str, b: &str) -> u8 {
    match text::damerau_within(a, b, 2) {
        Some(0 | 1) => 2,
        // Two errors in a short code leave nothing of it.
        Some(_) if a.len().min(b.len()) >= 6 => 3,
        _ => 4,
    }
}

/// Postal codes: the area is what a country's codes put first.
pub(crate) fn postal_code(a: &str, b: &str) -> u8 {
    const AREA: usize = 2;
    if text::damerau_within(a, b, 1).is_some() {
        2
    } else if a.chars().take(AREA).eq(b.chars().take(AREA)) {
        3
    } else {
        4
    }
}

/// House numbers.
pub(crate) fn house_number(a: &str, b: &str) -> u8 {
    let number = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits_a, digits_b) = (&a[..number(a)], &b[..number(b)]);
    let same = !digits_a.is_empty() && digits_a == digits_b;
    // One error in a one-digit number is simply another number.
    let near = a.len().min(b.len()) > 1 && text::damerau_within(a, b, 1).is_some();
    if same || near { 2 } else { 3 }
}

/// Names of places and streets.
pub(crate) fn name(a: &str, b: &str, signatures: (Signature, Signature)) -> u8 {
    match text::jaro_winkler_at_least(a, b, signatures.0, signatures.1, 0.80) {
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
