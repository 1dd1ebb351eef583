//! Identifiers: account, tax and card numbers, with their check digits where a public rule exists.

mod iban;
mod luhn;
mod tax;

pub use iban::parse_iban;
pub use luhn::luhn;
pub use tax::parse_tax_id;

/// What the check digits of an identifier say.
///
/// ```
/// use onefold::value::{Check, parse_iban};
/// assert_eq!(parse_iban("DE89 3704 0044 0532 0130 00").unwrap().check, Check::Valid);
/// assert_eq!(parse_iban("DE89 3704 0044 0532 0130 01").unwrap().check, Check::Wrong);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Check {
    /// The check digits fit.
    Valid,
    /// The check digits do not fit: most likely a typing error; the value still tells something.
    Wrong,
    /// The identifier has no check digits, or none that are known here.
    None,
}

/// An identifier in upper case without spaces and punctuation, and what its check digits say.
///
/// ```
/// use onefold::value::{Check, parse_identifier};
/// let card = parse_identifier("kd-4711/b").unwrap();
/// assert_eq!((card.value.as_str(), card.check), ("KD4711B", Check::None));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The letters and digits of the identifier.
    pub value: String,
    /// What its check digits say.
    pub check: Check,
}

/// Reads any identifier: its letters and digits in upper case, without a check. None if there are none, or more
/// than 64.
///
/// ```
/// use onefold::value::parse_identifier;
/// assert_eq!(parse_identifier(" 12 34-5 ").unwrap().value, "12345");
/// assert!(parse_identifier("--").is_none());
/// ```
pub fn parse_identifier(text: &str) -> Option<Checked> {
    compact(text).map(|value| Checked { value, check: Check::None })
}

/// The letters and digits in upper case, if there are 1 to 64.
fn compact(text: &str) -> Option<String> {
    const MOST: usize = 64;
    const LONGEST: usize = 1_000;
    if text.len() > LONGEST {
        return None;
    }
    let value: String = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    (!value.is_empty() && value.chars().count() <= MOST).then_some(value)
}

/// The values of decimal digits; none if there is anything else.
fn digits(text: &str) -> Option<Vec<u32>> {
    text.chars().map(|c| c.to_digit(10)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn identifiers() {
        let cases = [
            ("AB-12 34/c", Some("AB1234C")),
            ("007", Some("007")),
            ("ÄÖ 1", Some("ÄÖ1")),
            ("", None),
            (" - / ", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_identifier(text).map(|id| id.value).as_deref(), expected, "{text}");
        }
        assert!(parse_identifier(&"9".repeat(65)).is_none());
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in any::<String>()) {
            parse_identifier(&text);
            parse_iban(&text);
            parse_tax_id(&text);
            luhn(&text);
        }

        #[test]
        fn anything_like_an_identifier_is_survived(text in "(DE|AT|ATU|NL|BE|FR|IT|ES|GB|XI)[0-9A-ZÄ]{0,20}") {
            parse_iban(&text);
            parse_tax_id(&text);
        }
    }
}
