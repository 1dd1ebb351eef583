//! Telephone numbers.
//!
//! With the feature `phone` the numbering plans of all countries decide; without it a number is its digits with
//! the calling code of the default country.

#[cfg(not(feature = "phone"))]
mod digits;
#[cfg(feature = "phone")]
mod plan;

#[cfg(not(feature = "phone"))]
use digits as notation;
#[cfg(feature = "phone")]
use plan as notation;

/// Longer text is no phone number.
const LONGEST: usize = 64;

/// Reads a telephone number as E.164 (ITU-T): `+` and at most 15 digits, without the extension.
///
/// `country` is the ISO 3166-1 alpha-2 code that applies to numbers without an international prefix. A number
/// passes when its length is possible in its country; whether the range is in service is not asked, for exports
/// hold historic and fictional numbers. Without a known country, a national number is its 5 to 15 digits as
/// written, without `+`: still fit for comparison with its like.
///
/// ```
/// use onefold::value::parse_phone;
/// assert_eq!(parse_phone("030 1234567", Some("DE")).as_deref(), Some("+49301234567"));
/// assert_eq!(parse_phone("+49 (0)30 / 123 45-67", None).as_deref(), Some("+49301234567"));
/// assert_eq!(parse_phone("030 1234567", None).as_deref(), Some("0301234567"));
/// assert_eq!(parse_phone("none", Some("DE")), None);
/// ```
pub fn parse_phone(text: &str, country: Option<&str>) -> Option<String> {
    let text = text.trim();
    if text.len() > LONGEST {
        return None;
    }
    let international = text.replace("(0)", "");
    let international = international.trim_start_matches("tel:").trim_start();
    if let Some(number) = international.strip_prefix('+').or_else(|| international.strip_prefix("00")) {
        return notation::international(number);
    }
    match country.and_then(notation::Country::of_code) {
        Some(country) => notation::national(text, country),
        None => Some(bare_digits(text)).filter(|digits| (5..=15).contains(&digits.len())),
    }
}

/// The digits before an extension; empty if the text holds words.
fn bare_digits(text: &str) -> String {
    let text = without_extension(text);
    let mark =
        |c: char| c.is_whitespace() || matches!(c, '-' | '.' | '/' | '(' | ')' | '+' | '–' | '‐' | '_' | ',');
    if text.chars().all(|c| c.is_numeric() || mark(c)) { digits_of(text) } else { String::new() }
}

/// The decimal digits of a text, of any script that has its own.
fn digits_of(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_numeric())
        .filter_map(deunicode::deunicode_char)
        .flat_map(str::chars)
        .filter(char::is_ascii_digit)
        .collect()
}

/// What stands before a mark that introduces an extension.
fn without_extension(text: &str) -> &str {
    const MARKS: [&str; 10] = ["ext", "EXT", "Ext", "x", "X", "#", ";", "Durchwahl", "Dw", "DW"];
    let end = MARKS.iter().filter_map(|mark| text.find(mark)).filter(|&position| position > 0).min();
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn notations() {
        let cases = [
            ("german", "030 1234567", Some("DE"), Some("+49301234567")),
            ("german, slash", "030/123 45 67", Some("DE"), Some("+49301234567")),
            ("german, hyphens", "030-1234-567", Some("DE"), Some("+49301234567")),
            ("german, brackets", "(030) 1234567", Some("DE"), Some("+49301234567")),
            ("german, mobile", "0171 1234567", Some("DE"), Some("+491711234567")),
            ("country code in lower case", "0171 1234567", Some("de"), Some("+491711234567")),
            ("plus", "+49 30 1234567", Some("US"), Some("+49301234567")),
            ("plus, zero in brackets", "+49 (0) 30 1234567", None, Some("+49301234567")),
            ("double zero", "0049 30 1234567", Some("DE"), Some("+49301234567")),
            ("double zero, no country", "0049301234567", None, Some("+49301234567")),
            ("tel", "tel:+49301234567", None, Some("+49301234567")),
            ("austrian", "01 5123456", Some("AT"), Some("+4315123456")),
            ("swiss", "044 668 18 00", Some("CH"), Some("+41446681800")),
            ("american", "(212) 555-0123", Some("US"), Some("+12125550123")),
            ("american, points", "212.555.0123", Some("US"), Some("+12125550123")),
            ("american, one", "1-212-555-0123", Some("US"), Some("+12125550123")),
            ("british", "020 7946 0958", Some("GB"), Some("+442079460958")),
            ("french", "01 23 45 67 89", Some("FR"), Some("+33123456789")),
            ("italian keeps its zero", "06 6982 1234", Some("IT"), Some("+390669821234")),
            ("spanish", "912 345 678", Some("ES"), Some("+34912345678")),
            ("extension", "(212) 555-0123 ext. 45", Some("US"), Some("+12125550123")),
            ("extension x", "212-555-0123 x45", Some("US"), Some("+12125550123")),
            ("no country", "030 1234567", None, Some("0301234567")),
            ("country that is none", "030 1234567", Some("Deutschland"), Some("0301234567")),
            ("fullwidth", "０３０１２３４５６７", None, Some("0301234567")),
            ("a word", "none", Some("DE"), None),
            ("words and digits", "call 12345 later", None, None),
            ("too short", "12", None, None),
            ("too long", "12345678901234567890", Some("US"), None),
            ("no digits", "+", None, None),
            ("zeros", "00", None, None),
            ("nothing", "", Some("DE"), None),
        ];
        for (name, text, country, expected) in cases {
            assert_eq!(parse_phone(text, country).as_deref(), expected, "{name}: {text}");
        }
    }

    fn is_number(number: &str) -> bool {
        let digits = number.strip_prefix('+').unwrap_or(number);
        (2..=18).contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_digit())
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in any::<String>(), country in proptest::option::of(any::<String>())) {
            prop_assert!(parse_phone(&text, country.as_deref()).is_none_or(|number| is_number(&number)));
        }

        #[test]
        fn anything_like_a_phone_is_survived(
            text in "[+(]{0,2}[0-9٠-٩ ()./x-]{0,20}(ext|;ext=|;phone-context=|#)?[0-9a-zé+]{0,9}",
            country in "(DE|US|IT|AR|MX|BR)",
        ) {
            prop_assert!(parse_phone(&text, Some(&country)).is_none_or(|number| is_number(&number)));
            prop_assert!(parse_phone(&text, None).is_none_or(|number| is_number(&number)));
        }

        #[test]
        fn an_international_number_is_itself(number in "\\+49[1-9][0-9]{8,9}") {
            let once = parse_phone(&number, None);
            prop_assert_eq!(once.as_deref(), Some(number.as_str()));
        }
    }
}
