//! Postal codes.

use super::words::folded;

/// Reads a postal code: upper case, no spaces or hyphens, leading zeros kept, the country's letters before the
/// number (`D-80331`) left out.
///
/// `country` is an ISO 3166-1 alpha-2 code. With it, a leading zero that a spreadsheet lost is put back where all
/// codes of the country have the same number of digits. Of a nine-digit ZIP code of the United States the first
/// five digits remain. Text without a digit, or longer than 16 characters, is none.
///
/// ```
/// use onefold::value::postal_code;
/// assert_eq!(postal_code("D-80331", None).as_deref(), Some("80331"));
/// assert_eq!(postal_code("sw1a 1aa", Some("GB")).as_deref(), Some("SW1A1AA"));
/// assert_eq!(postal_code("1067", Some("DE")).as_deref(), Some("01067"));
/// assert_eq!(postal_code("12345-6789", Some("US")).as_deref(), Some("12345"));
/// ```
pub fn postal_code(text: &str, country: Option<&str>) -> Option<String> {
    const LONGEST: usize = 16;
    let text = text.trim();
    if text.chars().count() > LONGEST {
        return None;
    }
    let country = country.map(|code| code.trim().to_ascii_uppercase());
    let upper: String = folded(text).map(|c| c.to_ascii_uppercase()).collect();
    let upper = without_fraction(&upper);
    let zip_plus_four = upper
        .split_once('-')
        .is_some_and(|(zip, four)| zip.len() == 5 && four.len() == 4 && is_digits(zip) && is_digits(four));
    let local = without_country(upper, country.as_deref());
    let mut code: String = local.chars().filter(char::is_ascii_alphanumeric).collect();
    if !code.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let american = country.as_deref() == Some("US");
    if is_digits(&code) && ((american && code.len() == 9) || (zip_plus_four && country.is_none())) {
        code.truncate(5);
    }
    if is_digits(&code)
        && let Some(length) = country.as_deref().and_then(digits_in)
        && code.len() + lost_zeros(american) >= length
    {
        code = format!("{code:0>length$}");
    }
    Some(code)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_digit())
}

/// Spreadsheets and data frames write whole numbers as `80331.0`.
fn without_fraction(code: &str) -> &str {
    code.strip_suffix(".0").filter(|whole| is_digits(whole)).unwrap_or(code)
}

/// Leaves out the letters of the country before a number: after a hyphen any, otherwise those of this country.
fn without_country<'a>(code: &'a str, country: Option<&str>) -> &'a str {
    const VEHICLE_SIGNS: [(&str, &str); 10] = [
        ("AT", "A"),
        ("BE", "B"),
        ("DE", "D"),
        ("ES", "E"),
        ("FI", "FIN"),
        ("FR", "F"),
        ("IT", "I"),
        ("LI", "FL"),
        ("LU", "L"),
        ("SE", "S"),
    ];
    let letters = code.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(code.len());
    let Some((prefix, rest)) = code.split_at_checked(letters) else { return code };
    let number = rest.trim_start_matches([' ', '-']);
    if prefix.is_empty()
        || prefix.len() > 3
        || !number.chars().all(|c| c.is_ascii_digit() || c == ' ' || c == '-')
    {
        return code;
    }
    let of_country = country.is_some_and(|country| {
        prefix == country || VEHICLE_SIGNS.iter().any(|&(code, sign)| code == country && sign == prefix)
    });
    if of_country || rest.starts_with('-') { number } else { code }
}

/// How many digits every code of the country has, where codes with a leading zero exist.
fn digits_in(country: &str) -> Option<usize> {
    Some(match country {
        "DE" | "US" | "FR" | "IT" | "ES" | "FI" | "TR" | "MX" | "UA" | "MY" | "KR" | "LT" => 5,
        "NO" | "AU" | "NZ" | "ZA" => 4,
        _ => return None,
    })
}

/// How many zeros may have been lost: Puerto Rico's ZIP codes start with two.
fn lost_zeros(american: bool) -> usize {
    if american { 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn notations() {
        let cases = [
            ("german", "80331", Some("DE"), Some("80331")),
            ("leading zero", "01067", None, Some("01067")),
            ("lost zero", "1067", Some("DE"), Some("01067")),
            ("austrian of four", "1067", Some("AT"), Some("1067")),
            ("four, unknown country", "1067", None, Some("1067")),
            ("prefix", "D-80331", None, Some("80331")),
            ("swiss prefix", "CH-8001", None, Some("8001")),
            ("prefix without hyphen", "D 80331", Some("DE"), Some("80331")),
            ("prefix and lost zero", "D-1067", Some("DE"), Some("01067")),
            ("luxembourg", "L-1234", Some("LU"), Some("1234")),
            ("swedish", "SE-111 22", Some("SE"), Some("11122")),
            ("british", "sw1a 1aa", Some("GB"), Some("SW1A1AA")),
            ("british, short", "M1 1AE", None, Some("M11AE")),
            ("dutch", "1012 ab", Some("NL"), Some("1012AB")),
            ("canadian", "k1a-0b1", Some("CA"), Some("K1A0B1")),
            ("polish", "00-950", Some("PL"), Some("00950")),
            ("american", "12345-6789", Some("US"), Some("12345")),
            ("american, no hyphen", "123456789", Some("US"), Some("12345")),
            ("american, no country", "12345-6789", None, Some("12345")),
            ("american, lost zeros", "601", Some("US"), Some("00601")),
            ("float", "80331.0", None, Some("80331")),
            ("word", "unknown", None, None),
            ("nothing", "", None, None),
            ("a sentence", "between 12345 and 67890", None, None),
        ];
        for (name, text, country, expected) in cases {
            assert_eq!(postal_code(text, country).as_deref(), expected, "{name}: {text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in any::<String>(), country in proptest::option::of("[A-Z]{2}")) {
            postal_code(&text, country.as_deref());
        }

        #[test]
        fn a_code_is_itself(text in "[A-Za-z]{0,3}[- ]?[0-9A-Z -]{0,8}", country in "(DE|US|GB|CH|NL)") {
            if let Some(code) = postal_code(&text, Some(&country))
                && code.starts_with(|c: char| c.is_ascii_digit()) && code.len() < 9
            {
                    prop_assert_eq!(postal_code(&code, Some(&country)), Some(code));
            }
        }
    }
}
