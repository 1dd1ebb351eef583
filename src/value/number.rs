//! Quantities in the notations of several languages.

/// Longer text is no quantity.
const LONGEST: usize = 64;

/// Reads a number with any of the usual group and decimal marks; a currency before it and a unit after it are
/// left out.
///
/// With both a point and a comma, the last one is the decimal mark. A single point is a decimal mark. A single
/// comma before exactly three digits groups (`1,234`), unless the number starts with zero (`0,125`); otherwise it
/// is a decimal mark. Spaces and apostrophes group. A minus may stand before or after (`12.50-`), and accounting
/// brackets negate.
///
/// ```
/// use onefold::value::parse_number;
/// assert_eq!(parse_number("1.234,56 €"), Some(1234.56));
/// assert_eq!(parse_number("$1,234.56"), Some(1234.56));
/// assert_eq!(parse_number("CHF 1'234.50"), Some(1234.5));
/// assert_eq!(parse_number("3:37"), None);
/// ```
pub fn parse_number(text: &str) -> Option<f64> {
    let text = text.trim();
    if text.len() > LONGEST {
        return None;
    }
    if text.chars().all(|c| matches!(c, '0'..='9' | '.' | 'e' | 'E' | '+' | '-')) && text.contains(['e', 'E'])
    {
        return text.parse().ok().filter(|number: &f64| number.is_finite());
    }
    let (negative, digits) = plain_decimal(text, |mark| mark == '.')?;
    let number: f64 = digits.parse().ok()?;
    Some(if negative { -number } else { number })
}

/// Reads a number as [`parse_number`] does, without a loss: whether it is negative, and its digits with a point
/// and at least one digit behind it. `is_decimal` tells whether a single point or comma before exactly three
/// digits, which can be either, is the decimal mark.
pub(super) fn plain_decimal(text: &str, is_decimal: impl Fn(char) -> bool) -> Option<(bool, String)> {
    let text = text.trim();
    if text.len() > LONGEST {
        return None;
    }
    let plain: String = text.chars().map(plain).collect();
    let (inner, bracketed) = match plain.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(inner) => (inner.trim(), true),
        None => (plain.as_str(), false),
    };
    let first = inner.find(|c: char| c.is_ascii_digit())?;
    let start = if first == 1 && inner.starts_with(['.', ',']) { 0 } else { first };
    let (before, rest) = inner.split_at_checked(start)?;
    let end = rest.rfind(|c: char| c.is_ascii_digit())? + 1;
    let (body, after) = rest.split_at_checked(end)?;
    let sign_before = sign_of_prefix(before)?;
    let sign_after = sign_of_suffix(after)?;
    Some((sign_before ^ sign_after ^ bracketed, decimal(body, is_decimal)?))
}

/// Maps the many spaces, apostrophes and minus signs to one each.
fn plain(c: char) -> char {
    match c {
        '’' | '‘' | '´' | '`' => '\'',
        '−' | '–' | '—' => '-',
        c if c.is_whitespace() => ' ',
        c => c,
    }
}

/// Whether what stands before the digits negates them; none if it is more than a sign and a currency.
fn sign_of_prefix(before: &str) -> Option<bool> {
    const CURRENCIES: [&str; 9] = ["fr", "sfr", "rs", "kr", "us", "ca", "au", "zl", "r"];
    let mut letters = String::new();
    let mut negative = false;
    let mut signed = false;
    let mut previous = ' ';
    for c in before.chars() {
        match c {
            '-' | '+' if signed || previous.is_alphabetic() => return None,
            '-' | '+' => {
                signed = true;
                negative = c == '-';
            }
            c if c.is_alphabetic() => letters.push(c),
            ' ' | '$' => {}
            '.' if !letters.is_empty() => {}
            c if !c.is_ascii() && !c.is_alphanumeric() => {}
            _ => return None,
        }
        previous = c;
    }
    let code = letters.len() == 3 && letters.chars().all(|c| c.is_ascii_uppercase());
    let known =
        letters.is_empty() || code || CURRENCIES.iter().any(|word| word.eq_ignore_ascii_case(&letters));
    known.then_some(negative)
}

/// Whether what stands after the digits negates them; none if it is no unit.
fn sign_of_suffix(after: &str) -> Option<bool> {
    const LONGEST_UNIT: usize = 12;
    let after = after.trim();
    if after == "-" {
        return Some(true);
    }
    // The Swiss and German price notation `12.-` and `12,--`.
    if after.trim_start_matches([',', '.', '-']).is_empty() {
        return Some(false);
    }
    let unit = after.chars().all(|c| {
        c.is_alphabetic()
            || matches!(c, '%' | '$' | '/' | '.' | ' ' | '"' | '\'')
            || (!c.is_ascii() && !c.is_control())
    });
    (unit && after.chars().count() <= LONGEST_UNIT).then_some(false)
}

/// Digits with group and decimal marks, as digits with a point.
fn decimal(body: &str, is_decimal: impl Fn(char) -> bool) -> Option<String> {
    let (points, commas) = (body.matches('.').count(), body.matches(',').count());
    let mark = match (points, commas) {
        (0, 1) => (!may_group(body, ',') || is_decimal(',')).then_some(','),
        (1, 0) => (!may_group(body, '.') || is_decimal('.')).then_some('.'),
        (0, _) | (_, 0) => None, // no mark, or one that occurs again and so groups
        _ => body.chars().rev().find(|c| matches!(c, '.' | ',')),
    };
    let (whole, fraction) = match mark {
        Some(mark) => body.rsplit_once(mark)?,
        None => (body, ""),
    };
    if !fraction.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    Some(format!("{}.{fraction}0", ungrouped(whole)?))
}

/// True when a single mark stands between one to three digits, not starting with zero, and exactly three.
fn may_group(body: &str, mark: char) -> bool {
    body.split_once(mark).is_some_and(|(before, after)| {
        (1..=3).contains(&before.len()) && !before.starts_with('0') && after.len() == 3
    })
}

/// The digits of a whole number whose groups have one and the same mark: three digits each, or two but for the
/// last as in India.
fn ungrouped(whole: &str) -> Option<String> {
    let Some(mark) = whole.chars().find(|c| !c.is_ascii_digit()) else {
        return Some(if whole.is_empty() { "0".to_owned() } else { whole.to_owned() });
    };
    if !matches!(mark, '.' | ',' | ' ' | '\'' | '_') {
        return None;
    }
    let groups: Vec<&str> = whole.split(mark).collect();
    let [first, middle @ .., last] = groups.as_slice() else { return None };
    let regular = (1..=3).contains(&first.len())
        && middle.iter().all(|group| matches!(group.len(), 2 | 3))
        && last.len() == 3
        && groups.iter().all(|group| group.chars().all(|c| c.is_ascii_digit()));
    regular.then(|| groups.concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn notations() {
        let cases = [
            ("plain", "1234", Some(1234.0)),
            ("point", "1234.56", Some(1234.56)),
            ("german", "1.234,56", Some(1234.56)),
            ("english", "1,234.56", Some(1234.56)),
            ("french", "1 234,56", Some(1234.56)),
            ("french, narrow space", "1\u{202f}234,56", Some(1234.56)),
            ("swiss", "1'234.56", Some(1234.56)),
            ("swiss, typographic", "1’234.56", Some(1234.56)),
            ("indian", "12,34,567.89", Some(1_234_567.89)),
            ("groups of points", "1.234.567", Some(1_234_567.0)),
            ("one comma groups", "1,234", Some(1234.0)),
            ("one comma divides", "12,5", Some(12.5)),
            ("zero comma divides", "0,125", Some(0.125)),
            ("one point divides", "1.234", Some(1.234)),
            ("bare fraction", ".5", Some(0.5)),
            ("negative", "-12.5", Some(-12.5)),
            ("true minus", "−12", Some(-12.0)),
            ("trailing minus", "12.50-", Some(-12.5)),
            ("brackets", "(1,234.56)", Some(-1234.56)),
            ("euro after", "12,50 €", Some(12.5)),
            ("euro before", "€12.50", Some(12.5)),
            ("dollar", "US$ 12.50", Some(12.5)),
            ("code", "EUR -12", Some(-12.0)),
            ("franc", "Fr. 12.-", Some(12.0)),
            ("percent", "15 %", Some(15.0)),
            ("unit", "2.5kg", Some(2.5)),
            ("square metres", "80 m²", Some(80.0)),
            ("exponent", "1.5E+3", Some(1500.0)),
            ("too large", "1e999", None),
            ("duration", "3:37", None),
            ("words between", "4m 46sec", None),
            ("range", "12 - 34", None),
            ("identifier", "ABC-123", None),
            ("irregular groups", "12 34", None),
            ("date", "2006.01.02", None),
            ("word", "inf", None),
            ("nothing", "", None),
            ("comma twice", "1,234,56", None),
        ];
        for (name, text, expected) in cases {
            assert_eq!(parse_number(text), expected, "{name}: {text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in any::<String>()) {
            prop_assert!(parse_number(&text).is_none_or(f64::is_finite));
        }

        #[test]
        fn a_printed_number_is_read_back(cents in -1_000_000_000i64..1_000_000_000) {
            let number = cents as f64 / 100.0;
            prop_assert_eq!(parse_number(&format!("{number:.2}")), Some(number));
            prop_assert_eq!(parse_number(&format!("{number:.2}").replace('.', ",")), Some(number));
        }
    }
}
