//! Tax numbers, foremost the VAT numbers of Europe.
//!
//! The check digit rules are those that the European Commission's VIES and the national offices publish.

use super::{Check, Checked, compact, digits, luhn};

/// Reads a tax number: letters and digits in upper case. A VAT number with its country's letters is checked for
/// AT, BE, DE, ES, FR, GB (and XI), IT and NL; any other gets [`Check::None`].
///
/// None if there is no digit. A number of a checked country with the wrong length is [`Check::Wrong`].
///
/// ```
/// use onefold::value::{Check, parse_tax_id};
/// let vat = parse_tax_id("de 136 695 976").unwrap();
/// assert_eq!((vat.value.as_str(), vat.check), ("DE136695976", Check::Valid));
/// assert_eq!(parse_tax_id("12/345/67890").unwrap().check, Check::None);
/// ```
pub fn parse_tax_id(text: &str) -> Option<Checked> {
    let value = compact(text).filter(|value| value.contains(|c: char| c.is_ascii_digit()))?;
    let (country, number) = value.split_at_checked(2).unwrap_or((&value, ""));
    let fits = match country {
        "AT" => austria(number),
        "BE" => Some(belgium(number)),
        "DE" => germany(number),
        "ES" => spain(number),
        "FR" => france(number),
        "GB" | "XI" => united_kingdom(number),
        "IT" => Some(number.len() == 11 && luhn(number)),
        "NL" => netherlands(number),
        _ => None,
    };
    let check = match fits {
        Some(true) => Check::Valid,
        Some(false) => Check::Wrong,
        None => Check::None,
    };
    Some(Checked { value, check })
}

/// `U` and eight digits; the sum of the first seven, alternate ones doubled and cross-added, plus 4.
fn austria(number: &str) -> Option<bool> {
    let Some(digits) = number.strip_prefix('U').and_then(digits).filter(|digits| digits.len() == 8) else {
        return Some(false);
    };
    let (check, body) = digits.split_last()?;
    let sum: u32 = body
        .iter()
        .enumerate()
        .map(|(position, &digit)| if position % 2 == 1 { digit * 2 / 10 + digit * 2 % 10 } else { digit })
        .sum();
    Some((10 - (sum + 4) % 10) % 10 == *check)
}

/// Ten digits (nine before 2005, with a zero understood); the last two are 97 minus the rest modulo 97.
fn belgium(number: &str) -> bool {
    let number = number_of(number, 9).or_else(|| number_of(number, 10));
    number.is_some_and(|number| 97 - number / 100 % 97 == number % 100)
}

/// Nine digits, ISO 7064 mod 11,10.
fn germany(number: &str) -> Option<bool> {
    let Some(digits) = digits(number).filter(|digits| digits.len() == 9) else { return Some(false) };
    let (check, body) = digits.split_last()?;
    let product = body.iter().fold(10, |product, digit| {
        let sum = (digit + product) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    Some((11 - product) % 10 == *check)
}

/// A person's number ends in a letter by its remainder modulo 23; a company's in a digit or letter by a sum as in
/// Luhn's formula.
fn spain(number: &str) -> Option<bool> {
    const PERSON: &str = "TRWAGMYFPDXBNJZSQVHLCKE";
    const COMPANY: &str = "JABCDEFGHI";
    if number.len() != 9 || !number.is_ascii() {
        return Some(false);
    }
    let first = number.chars().next()?;
    let last = number.chars().next_back()?;
    let middle = number.get(1..8)?;
    let leading = match first {
        '0'..='9' => Some(first),
        'X' => Some('0'),
        'Y' => Some('1'),
        'Z' => Some('2'),
        _ => None,
    };
    let Some(body) = digits(middle) else { return Some(false) };
    if let Some(leading) = leading {
        let value: u32 = format!("{leading}{middle}").parse().ok()?;
        return Some(PERSON.chars().nth((value % 23) as usize) == Some(last));
    }
    // Persons without a national number: K, L and M, with the same letters over seven digits.
    if matches!(first, 'K' | 'L' | 'M') {
        let value: u32 = middle.parse().ok()?;
        return Some(PERSON.chars().nth((value % 23) as usize) == Some(last));
    }
    let sum: u32 = body
        .iter()
        .enumerate()
        .map(|(position, &digit)| if position % 2 == 0 { digit * 2 / 10 + digit * 2 % 10 } else { digit })
        .sum();
    let control = (10 - sum % 10) % 10;
    Some(last.to_digit(10) == Some(control) || COMPANY.chars().nth(control as usize) == Some(last))
}

/// Two characters and the nine digits of the SIREN; two digits are 12 plus 3 times the SIREN modulo 97. The newer
/// keys with letters are not checked.
fn france(number: &str) -> Option<bool> {
    let Some((key, siren)) = number.split_at_checked(2) else { return Some(false) };
    let Some(siren) = number_of(siren, 9) else { return Some(false) };
    let key = number_of(key, 2)?;
    Some((12 + 3 * (siren % 97)) % 97 == key)
}

/// Nine digits (or twelve, with a branch); weighted sum plus the last two is a multiple of 97, in the newer series
/// after adding 55. Government and health numbers (GD, HA) have no check digits.
fn united_kingdom(number: &str) -> Option<bool> {
    if number.starts_with("GD") || number.starts_with("HA") {
        return None;
    }
    let Some(digits) = digits(number).filter(|digits| matches!(digits.len(), 9 | 12)) else {
        return Some(false);
    };
    let weighted: u32 =
        digits.iter().zip([8, 7, 6, 5, 4, 3, 2, 10, 1]).map(|(digit, weight)| digit * weight).sum();
    Some(weighted.is_multiple_of(97) || (weighted + 55).is_multiple_of(97))
}

/// Nine digits, `B`, two digits: weights 9 to 2 modulo 11, or, since 2020, mod 97 over the whole with letters as
/// numbers (A = 10).
fn netherlands(number: &str) -> Option<bool> {
    let Some((body, suffix)) = number.split_once('B') else { return Some(false) };
    let (Some(digits), Some(_)) = (digits(body).filter(|digits| digits.len() == 9), number_of(suffix, 2))
    else {
        return Some(false);
    };
    let (check, weighted) = digits.split_last()?;
    let sum: u32 = weighted.iter().zip((2..=9).rev()).map(|(digit, weight)| digit * weight).sum();
    let whole: u64 = format!("2321{body}11{suffix}").parse().ok()?;
    Some(sum % 11 == *check || whole % 97 == 1)
}

/// The number that exactly this many decimal digits make.
fn number_of(text: &str, length: usize) -> Option<u64> {
    (text.len() == length && text.chars().all(|c| c.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_numbers() {
        let cases = [
            ("DE136695976", Check::Valid),
            ("DE136695978", Check::Wrong),
            ("DE 136 695 976", Check::Valid),
            ("DE13669597", Check::Wrong),
            ("ATU13585627", Check::Valid),
            ("ATU13585626", Check::Wrong),
            ("NL004495445B01", Check::Valid),
            ("NL123456789B90", Check::Wrong),
            ("NL002455799B11", Check::Valid),
            ("BE0428759497", Check::Valid),
            ("BE428759497", Check::Valid),
            ("BE0431150351", Check::Wrong),
            ("FR40303265045", Check::Valid),
            ("FR84323140391", Check::Wrong),
            ("FRK7399859412", Check::None),
            ("IT00743110157", Check::Valid),
            ("IT00743110158", Check::Wrong),
            ("ES54362315K", Check::Valid),
            ("ES54362315Z", Check::Wrong),
            ("ESX2482300W", Check::Valid),
            ("ESJ99216582", Check::Valid),
            ("ESJ99216583", Check::Wrong),
            ("GB980780684", Check::Valid),
            ("GB802311781", Check::Wrong),
            ("GBGD001", Check::None),
            ("PL5260001246", Check::None),
            ("136695976", Check::None),
        ];
        for (text, expected) in cases {
            let parsed = parse_tax_id(text).unwrap();
            assert_eq!(parsed.check, expected, "{text}");
            assert_eq!(parsed.value, text.replace(' ', ""), "{text}");
        }
        assert_eq!(parse_tax_id("none"), None);
        assert_eq!(parse_tax_id(""), None);
    }
}
