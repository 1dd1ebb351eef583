//! Numbers as digits, with the calling code of the country: what can be had without numbering plans.

use super::{bare_digits, without_extension};

/// Most digits of a number in E.164.
const MOST_DIGITS: usize = 15;
/// Fewest digits that are taken for a number with its calling code.
const FEWEST_DIGITS: usize = 6;

/// A country with its calling code (ITU-T E.164) and trunk prefix.
#[derive(Clone, Copy)]
pub(super) struct Country {
    calling_code: &'static str,
    trunk: &'static str,
}

impl Country {
    /// The country with this ISO 3166-1 alpha-2 code in any case, if it is in the table.
    pub(super) fn of_code(code: &str) -> Option<Country> {
        let code = code.trim();
        COUNTRIES
            .iter()
            .find(|(known, _, _)| known.eq_ignore_ascii_case(code))
            .map(|&(_, calling_code, trunk)| Country { calling_code, trunk })
    }
}

/// A number written after its international prefix.
pub(super) fn international(number: &str) -> Option<String> {
    let digits = bare_digits(without_extension(number));
    (FEWEST_DIGITS..=MOST_DIGITS).contains(&digits.len()).then(|| format!("+{digits}"))
}

/// A number as it is dialled within a country.
pub(super) fn national(text: &str, country: Country) -> Option<String> {
    let digits = bare_digits(text);
    let significant = match digits.strip_prefix(country.trunk) {
        Some(rest) if !country.trunk.is_empty() => rest,
        _ => digits.as_str(),
    };
    if significant.is_empty() {
        return None;
    }
    international(&format!("{}{significant}", country.calling_code))
}

/// Code, calling code, trunk prefix (empty where none is dialled or it belongs to the number).
const COUNTRIES: [(&str, &str, &str); 64] = [
    ("AE", "971", "0"),
    ("AR", "54", "0"),
    ("AT", "43", "0"),
    ("AU", "61", "0"),
    ("BA", "387", "0"),
    ("BE", "32", "0"),
    ("BG", "359", "0"),
    ("BR", "55", "0"),
    ("BY", "375", "8"),
    ("CA", "1", "1"),
    ("CH", "41", "0"),
    ("CL", "56", ""),
    ("CN", "86", "0"),
    ("CO", "57", ""),
    ("CY", "357", ""),
    ("CZ", "420", ""),
    ("DE", "49", "0"),
    ("DK", "45", ""),
    ("EE", "372", ""),
    ("EG", "20", "0"),
    ("ES", "34", ""),
    ("FI", "358", "0"),
    ("FR", "33", "0"),
    ("GB", "44", "0"),
    ("GR", "30", ""),
    ("HK", "852", ""),
    ("HR", "385", "0"),
    ("HU", "36", "06"),
    ("ID", "62", "0"),
    ("IE", "353", "0"),
    ("IL", "972", "0"),
    ("IN", "91", "0"),
    ("IS", "354", ""),
    ("IT", "39", ""),
    ("JP", "81", "0"),
    ("KR", "82", "0"),
    ("LI", "423", ""),
    ("LT", "370", "0"),
    ("LU", "352", ""),
    ("LV", "371", ""),
    ("MA", "212", "0"),
    ("MT", "356", ""),
    ("MX", "52", ""),
    ("MY", "60", "0"),
    ("NL", "31", "0"),
    ("NO", "47", ""),
    ("NZ", "64", "0"),
    ("PH", "63", "0"),
    ("PK", "92", "0"),
    ("PL", "48", ""),
    ("PT", "351", ""),
    ("RO", "40", "0"),
    ("RS", "381", "0"),
    ("RU", "7", "8"),
    ("SA", "966", "0"),
    ("SE", "46", "0"),
    ("SG", "65", ""),
    ("SI", "386", "0"),
    ("SK", "421", "0"),
    ("TH", "66", "0"),
    ("TR", "90", "0"),
    ("UA", "380", "0"),
    ("US", "1", "1"),
    ("ZA", "27", "0"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_made_of_digits() {
        assert!(COUNTRIES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (code, calling_code, trunk) in COUNTRIES {
            assert!(!calling_code.is_empty() && calling_code.len() <= 3, "{code}");
            assert!(calling_code.chars().chain(trunk.chars()).all(|c| c.is_ascii_digit()), "{code}");
        }
    }
}
