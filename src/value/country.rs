//! Countries, from codes and names.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::words::squeezed;

/// Code, alpha-3 code, and names in English, German, French and others; alternatives are separated by `|`.
static TABLE: &str = include_str!("data/countries.csv");

static CODES: LazyLock<BTreeMap<String, &'static str>> = LazyLock::new(|| {
    let mut codes = BTreeMap::new();
    for line in TABLE.lines().skip(1) {
        let code = line.split(',').next().unwrap_or_default();
        for name in line.split([',', '|']).filter(|name| !name.is_empty()) {
            codes.entry(squeezed(name)).or_insert(code);
        }
    }
    codes
});

/// Reads a country as its ISO 3166-1 alpha-2 code, from that code, the alpha-3 code, or a name in English, German
/// or French, and common others (`Holland`, `España`, the `D` of German addresses).
///
/// Case, accents and punctuation do not count.
///
/// ```
/// use onefold::value::parse_country;
/// assert_eq!(parse_country("Österreich"), Some("AT"));
/// assert_eq!(parse_country("U.S.A."), Some("US"));
/// assert_eq!(parse_country("Atlantis"), None);
/// ```
pub fn parse_country(text: &str) -> Option<&'static str> {
    const LONGEST: usize = 100;
    if text.len() > LONGEST {
        return None;
    }
    let key = squeezed(text);
    let named = CODES.get(&key).or_else(|| CODES.get(key.strip_prefix("the")?));
    named.copied().filter(|_| !key.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn notations() {
        let cases = [
            ("DE", Some("DE")),
            ("de", Some("DE")),
            ("DEU", Some("DE")),
            ("D", Some("DE")),
            ("Germany", Some("DE")),
            ("DEUTSCHLAND", Some("DE")),
            ("Allemagne", Some("DE")),
            ("Bundesrepublik Deutschland", Some("DE")),
            ("Österreich", Some("AT")),
            ("Oesterreich", Some("AT")),
            ("Autriche", Some("AT")),
            ("Schweiz", Some("CH")),
            ("Suisse", Some("CH")),
            ("Svizzera", Some("CH")),
            ("The Netherlands", Some("NL")),
            ("Niederlande", Some("NL")),
            ("Pays-Bas", Some("NL")),
            ("USA", Some("US")),
            ("U.S.A.", Some("US")),
            ("United States of America", Some("US")),
            ("Vereinigte Staaten", Some("US")),
            ("États-Unis", Some("US")),
            ("UK", Some("GB")),
            ("Großbritannien", Some("GB")),
            ("England", Some("GB")),
            ("Royaume-Uni", Some("GB")),
            ("Türkei", Some("TR")),
            ("Turkey", Some("TR")),
            ("Tschechien", Some("CZ")),
            ("Czech Republic", Some("CZ")),
            ("Elfenbeinküste", Some("CI")),
            ("Côte d'Ivoire", Some("CI")),
            ("Griechenland", Some("GR")),
            ("España", Some("ES")),
            ("Trinidad & Tobago", Some("TT")),
            ("Bosnia and Herzegovina", Some("BA")),
            ("Atlantis", None),
            ("the", None),
            ("", None),
            ("--", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_country(text), expected, "{text}");
        }
    }

    #[test]
    fn the_table_is_regular_and_unambiguous() {
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        assert_eq!(TABLE.lines().count(), 250);
        for line in TABLE.lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            assert_eq!(cells.len(), 6, "{line}");
            assert!(cells[..5].iter().all(|cell| !cell.is_empty()), "{line}");
            for name in line.split([',', '|']).filter(|name| !name.is_empty()) {
                let key = squeezed(name);
                assert!(!key.is_empty(), "{line}");
                let other = seen.insert(key, cells[0]);
                assert!(other.is_none_or(|other| other == cells[0]), "{name}: {other:?} and {}", cells[0]);
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in any::<String>()) {
            parse_country(&text);
        }
    }
}
