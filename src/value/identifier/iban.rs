//! International bank account numbers.

use iban::{BaseIban, Iban, ParseIbanError};

use super::{Check, Checked, compact};

/// Reads an international bank account number (ISO 13616), with the check of ISO 7064 mod 97-10 and of the
/// country's length and format. None if it does not have the shape of one: two letters, two digits, 11 to 30
/// letters or digits.
///
/// ```
/// use onefold::value::{Check, parse_iban};
/// let iban = parse_iban("IBAN: de89 3704 0044 0532 0130 00").unwrap();
/// assert_eq!(iban.value, "DE89370400440532013000");
/// assert_eq!(iban.check, Check::Valid);
/// assert!(parse_iban("532013000").is_none());
/// ```
pub fn parse_iban(text: &str) -> Option<Checked> {
    let compact = compact(text)?;
    let value = compact.strip_prefix("IBAN").unwrap_or(&compact);
    if !has_shape(value) {
        return None;
    }
    let check = match value.parse::<Iban>() {
        Ok(_) => Check::Valid,
        Err(ParseIbanError::UnknownCountry(_)) if value.parse::<BaseIban>().is_ok() => Check::Valid,
        Err(_) => Check::Wrong,
    };
    Some(Checked { value: value.to_owned(), check })
}

fn has_shape(value: &str) -> bool {
    (15..=34).contains(&value.len())
        && value.chars().enumerate().all(|(position, c)| match position {
            0 | 1 => c.is_ascii_uppercase(),
            2 | 3 => c.is_ascii_digit(),
            _ => c.is_ascii_uppercase() || c.is_ascii_digit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_numbers() {
        let cases = [
            ("DE89370400440532013000", Some(Check::Valid)),
            ("de89 3704 0044 0532 0130 00", Some(Check::Valid)),
            ("GB29 NWBK 6016 1331 9268 19", Some(Check::Valid)),
            ("FR14 2004 1010 0505 0001 3M02 606", Some(Check::Valid)),
            ("DE88370400440532013000", Some(Check::Wrong)),
            ("DE8937040044053201300", Some(Check::Wrong)),
            ("DE89", None),
            ("370400440532013000", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_iban(text).map(|iban| iban.check), expected, "{text}");
        }
    }
}
