//! Calendar years.

use super::date::{DayMonthOrder, TWO_DIGIT_YEAR_PIVOT, parse_date};
use super::words::folded;

/// Reads a year: `1991`, `'91` and `91` (by [`TWO_DIGIT_YEAR_PIVOT`]), `c. 1991`, `2005/06` (the
/// first), or the year of a date. Four-digit years are 1000 to 2999.
///
/// ```
/// use onefold::value::parse_year;
/// assert_eq!(parse_year("'91"), Some(1991));
/// assert_eq!(parse_year("2005/06"), Some(2005));
/// assert_eq!(parse_year("unknown"), None);
/// ```
pub fn parse_year(text: &str) -> Option<i16> {
    const LONGEST: usize = 64;
    const APPROXIMATELY: [&str; 10] =
        ["c", "ca", "circa", "um", "vers", "anno", "year", "jahr", "annee", "before"];
    let text = text.trim();
    if text.len() > LONGEST {
        return None;
    }
    if let Some(parsed) = parse_date(text, DayMonthOrder::DayFirst) {
        return Some(parsed.date.year());
    }
    let folded: String = folded(text).collect();
    let mut numbers = folded.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty());
    let mut words = folded.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    if !words.all(|word| APPROXIMATELY.contains(&word)) {
        return None;
    }
    let (first, second) = (numbers.next()?, numbers.next());
    if numbers.next().is_some() || second.is_some_and(|run| run.len() > 4) {
        return None;
    }
    let year: i16 = first.parse().ok()?;
    match (first.len(), second) {
        (4, _) if (1000..=2999).contains(&year) => Some(year),
        (2, None) if year <= TWO_DIGIT_YEAR_PIVOT => Some(2000 + year),
        (2, None) => Some(1900 + year),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn notations() {
        let cases = [
            ("1991", Some(1991)),
            ("'91", Some(1991)),
            ("’05", Some(2005)),
            ("91", Some(1991)),
            ("05", Some(2005)),
            ("2005/06", Some(2005)),
            ("1914-1918", Some(1914)),
            ("(1991)", Some(1991)),
            ("[1991]", Some(1991)),
            ("c. 1850", Some(1850)),
            ("1991?", Some(1991)),
            ("1991-05-03", Some(1991)),
            ("May 1991", Some(1991)),
            ("5", None),
            ("911", None),
            ("19911", None),
            ("4711", None),
            ("null", None),
            ("Studio 1991", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_year(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in any::<String>()) {
            parse_year(&text);
        }

        #[test]
        fn a_year_is_itself(year in 1000i16..=2999) {
            prop_assert_eq!(parse_year(&year.to_string()), Some(year));
        }
    }
}
