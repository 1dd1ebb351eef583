//! Whether a value has the form that a kind asks for.

use crate::schema::FieldKind;
use crate::text;
use crate::value::{self, Check, DayMonthOrder};

/// True for a value that a column of this kind can hold.
///
/// For kinds with a form of their own that is what the parsers of [`value`] accept; for names and places it is that
/// the value looks like words rather than like a code, a flag, a state of processing or a hash. False for the kinds
/// that are never inferred.
pub(super) fn fits(kind: FieldKind, text: &str) -> bool {
    use FieldKind as K;
    match kind {
        K::GivenName | K::MiddleName | K::FamilyName => is_name(text, 4),
        K::FullName => is_name(text, 8),
        K::NamePrefix => all_words(text, PREFIXES),
        K::NameSuffix => all_words(text, SUFFIXES),
        K::Gender => value::parse_gender(text).is_some() || matches!(text.trim(), "0" | "9" | "U" | "u"),
        K::BirthDate => is_birth_date(text),
        K::BirthYear => value::parse_year(text).is_some_and(|year| (1000..2100).contains(&year)),
        K::BirthMonth => {
            whole_number(text).is_some_and(|month| (1..=12).contains(&month))
                || value::parse_date(&format!("1 {} 2000", text.trim()), DayMonthOrder::DayFirst)
                    .is_some_and(|parsed| !parsed.partial && parsed.date.day() == Some(1))
        }
        K::BirthDay => whole_number(text).is_some_and(|day| (1..=31).contains(&day)),
        K::Email => value::parse_email(text).is_some(),
        K::Phone => is_phone(text),
        K::Address => is_address(text),
        K::Street => is_wording(text, 120) && letters(text) >= 3,
        K::HouseNumber => is_house_number(text),
        K::AddressExtra => text.chars().count() <= 120 && !is_other_form(text) && !is_state(text),
        K::PostalCode => is_postal_code(text),
        K::City => is_wording(text, 60) && letters(text) >= 2 && digits(text) <= 5,
        K::Region => is_wording(text, 40) && letters(text) >= 2 && digits(text) <= 2,
        K::Country => value::parse_country(text).is_some(),
        K::OrgName => is_wording(text, 200) && letters(text) >= 2,
        K::NationalId | K::LoyaltyId => is_identifier(text),
        K::TaxId => value::parse_tax_id(text)
            .is_some_and(|id| id.check != Check::Wrong && (6..=20).contains(&id.value.chars().count())),
        K::Iban => value::parse_iban(text).is_some(),
        K::Url => value::parse_url(text).is_some(),
        _ => false,
    }
}

/// True for a value whose form alone tells the kind, whatever the column is called.
pub(super) fn proves(kind: FieldKind, text: &str) -> bool {
    use FieldKind as K;
    let trimmed = text.trim();
    match kind {
        K::Email => !trimmed.contains(char::is_whitespace) && fits(kind, text),
        K::Iban => value::parse_iban(text).is_some_and(|iban| iban.check == Check::Valid),
        K::Phone => trimmed.starts_with(['+', '(']) && digits(text) >= 7 && is_phone(text),
        // A path is one page of many; a person's or an organisation's own address is a host.
        K::Url => value::parse_url(text).is_some_and(|url| !url.contains(['/', ':'])) && letters(text) >= 3,
        K::Address => is_whole_address(text),
        _ => false,
    }
}

/// True for a name with a word that only organisations have, such as their legal form.
pub(super) fn is_of_organisation(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "ag",
        "gmbh",
        "mbh",
        "ohg",
        "kg",
        "kgaa",
        "gbr",
        "ug",
        "ev",
        "eg",
        "inc",
        "llc",
        "ltd",
        "limited",
        "plc",
        "corp",
        "corporation",
        "company",
        "co",
        "llp",
        "sa",
        "sarl",
        "sas",
        "eurl",
        "snc",
        "spa",
        "srl",
        "bv",
        "nv",
        "ab",
        "oy",
        "as",
        "aps",
        "pty",
        "university",
        "universitaet",
        "universite",
        "institute",
        "institut",
        "hospital",
        "bank",
        "verein",
        "stiftung",
        "association",
        "group",
        "gruppe",
        "groupe",
        "holding",
        "school",
        "schule",
        "ecole",
    ];
    let folded = text::fold(text);
    text::tokens(&folded).skip(1).any(|word| WORDS.contains(&word))
}

const PREFIXES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "master",
    "dr",
    "doctor",
    "prof",
    "professor",
    "sir",
    "dame",
    "lady",
    "lord",
    "rev",
    "reverend",
    "hon",
    "herr",
    "herrn",
    "hr",
    "frau",
    "fr",
    "frl",
    "fraeulein",
    "divers",
    "familie",
    "firma",
    "eheleute",
    "und",
    "and",
    "dipl",
    "ing",
    "mag",
    "med",
    "phil",
    "rer",
    "nat",
    "jur",
    "habil",
    "m",
    "mme",
    "mlle",
    "madame",
    "monsieur",
    "mademoiselle",
    "mm",
    "mmes",
    "docteur",
    "professeur",
    "maitre",
    "me",
    "et",
    "dra",
    "sr",
    "sra",
    "none",
];

const SUFFIXES: &[&str] = &[
    "jr", "sr", "junior", "senior", "jun", "sen", "i", "ii", "iii", "iv", "v", "md", "phd", "ph", "d", "m",
    "mba", "esq", "dds", "dvm", "rn", "cpa", "msc", "bsc", "ba", "ma", "llm", "jd", "fils", "pere",
];

/// Letters, with the marks that names have, in no more words than this.
fn is_name(text: &str, most_words: usize) -> bool {
    let in_name = |c: char| {
        c.is_alphabetic()
            || c.is_whitespace()
            || unicode_normalization::char::is_combining_mark(c)
            || matches!(
                c,
                '-' | '\'' | '’' | '`' | '´' | '.' | ',' | '‐' | '–' | '(' | ')' | '&' | ';' | '#' | '/'
            )
    };
    let trimmed = text.trim();
    trimmed.chars().count() <= 80
        && letters(trimmed) >= 1
        && trimmed.chars().all(in_name)
        && !trimmed.starts_with(['#', '/'])
        && trimmed.split_whitespace().count() <= most_words
        && !is_state(trimmed)
        && value::parse_url(trimmed).is_none()
}

/// Words of no more than this many characters that are no code, flag, state or other form.
fn is_wording(text: &str, longest: usize) -> bool {
    text.chars().count() <= longest && !is_other_form(text) && !is_state(text)
}

/// True for what is evidently something else than words.
fn is_other_form(text: &str) -> bool {
    let date = || value::parse_date(text, DayMonthOrder::DayFirst).is_some() && digits(text) >= 4;
    text.contains('@') || text.contains("://") || is_code(text) || date()
}

/// True for one long word of letters and digits: a hash, a token, an identifier of a machine.
fn is_code(text: &str) -> bool {
    const SHORTEST: usize = 15;
    let text = text.trim();
    text.len() >= SHORTEST
        && !text.contains(char::is_whitespace)
        && (digits(text) >= 3 || text.ends_with('=') || text.contains(['+', '/']) && digits(text) >= 1)
}

/// True for flags and states of processing.
fn is_state(text: &str) -> bool {
    const STATES: &[&str] = &[
        "true",
        "false",
        "yes",
        "no",
        "y",
        "n",
        "t",
        "ja",
        "nein",
        "j",
        "oui",
        "non",
        "wahr",
        "falsch",
        "vrai",
        "faux",
        "on",
        "off",
        "active",
        "inactive",
        "aktiv",
        "inaktiv",
        "actif",
        "inactif",
        "enabled",
        "disabled",
        "open",
        "closed",
        "offen",
        "geschlossen",
        "ouvert",
        "ferme",
        "pending",
        "invited",
        "declined",
        "approved",
        "rejected",
        "cancelled",
        "canceled",
        "complete",
        "completed",
        "processing",
        "shipped",
        "delivered",
        "paid",
        "unpaid",
        "draft",
        "published",
        "deleted",
        "archived",
        "blocked",
        "verified",
        "unverified",
        "subscribed",
        "unsubscribed",
        "neu",
        "new",
        "alt",
        "gesperrt",
        "geloescht",
        "bezahlt",
        "success",
        "failed",
        "error",
    ];
    STATES.contains(&text::fold(text).as_str())
}

fn is_birth_date(text: &str) -> bool {
    let plausible = |date: value::Date| (1000..2100).contains(&date.year());
    digits(text) >= 4
        && value::parse_date(text, DayMonthOrder::DayFirst).is_some_and(|parsed| plausible(parsed.date))
}

fn is_phone(text: &str) -> bool {
    let date = || digits(text) == 8 && text.contains(['-', '.', '/']) && is_birth_date(text);
    let decimal = || text.matches('.').count() == 1 && text.chars().all(|c| c.is_ascii_digit() || c == '.');
    let address = || text.parse::<std::net::IpAddr>().is_ok();
    value::parse_phone(text, None).is_some_and(|number| number.len() >= 5)
        && !date()
        && !decimal()
        && !address()
}

fn is_postal_code(text: &str) -> bool {
    let text = text.trim();
    let in_code = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '.');
    (3..=11).contains(&text.len())
        && text.chars().all(in_code)
        && (2..=9).contains(&digits(text))
        && letters(text) <= 5
        && value::postal_code(text, None).is_some()
}

fn is_house_number(text: &str) -> bool {
    (1..=15).contains(&text.trim().chars().count())
        && (1..=8).contains(&digits(text))
        && letters(text) <= 4
        && !is_decimal(text)
        && !is_other_form(text)
}

/// A number with decimals that are not all zero.
fn is_decimal(text: &str) -> bool {
    text.contains('.') && text.trim().parse::<f64>().is_ok_and(|number| number.fract() != 0.0)
}

fn is_identifier(text: &str) -> bool {
    let id = value::parse_identifier(text).map(|id| id.value);
    id.is_some_and(|id| (4..=30).contains(&id.chars().count()) && digits(&id) >= 3)
        && !text.contains('@')
        && !is_decimal(text)
}

/// A street and more, in any order.
fn is_address(text: &str) -> bool {
    let parts = text.split([',', ';', '\n', '|']).filter(|part| !part.trim().is_empty()).count();
    text.chars().count() <= 300
        && letters(text) >= 5
        && !is_other_form(text)
        && (parts > 1 || numbers(text) > 1)
}

/// Words, a house number and a postal code or a second line: at least three parts.
fn is_whole_address(text: &str) -> bool {
    let parts: Vec<&str> =
        text.split([',', ';', '\n', '|']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let house = |word: &str| word.starts_with(|c: char| c.is_ascii_digit()) && is_house_number(word);
    let street = |part: &&str| letters(part) >= 4 && part.split_whitespace().any(house);
    let code = |part: &str| {
        is_postal_code(part) || part.split_whitespace().any(|word| digits(word) >= 4 && is_postal_code(word))
    };
    (3..=8).contains(&parts.len())
        && is_address(text)
        && parts.iter().take(2).any(street)
        && parts.iter().skip(1).any(|part| code(part))
}

fn all_words(text: &str, known: &[&str]) -> bool {
    let folded = text::fold(text);
    !folded.is_empty() && text::tokens(&folded).all(|word| known.contains(&word))
}

fn whole_number(text: &str) -> Option<u32> {
    let text = text.trim();
    text.strip_suffix(".0").unwrap_or(text).parse().ok()
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphabetic()).count()
}

fn digits(text: &str) -> usize {
    text.chars().filter(char::is_ascii_digit).count()
}

/// Runs of digits.
fn numbers(text: &str) -> usize {
    text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty()).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use FieldKind as K;
    use proptest::prelude::*;

    #[test]
    fn forms() {
        let cases: &[(K, &[&str], &[&str])] = &[
            (
                K::GivenName,
                &["Anna", "Jean-Pierre", "Ann Mary", "Ö.", "名前", "O'Neil"],
                &["A1b2", "true", "-", "Sport-100"],
            ),
            (K::FullName, &["MUELLER, ANNA", "Dr. Otto von Bismarck"], &["#1001", "a@b.de", "Order 17"]),
            (K::NamePrefix, &["Dr.", "Frau Dr.", "Mme", "MR."], &["Sales Representative", "Owner", ""]),
            (K::NameSuffix, &["Jr.", "III"], &["Anna"]),
            (K::Gender, &["m", "F", "weiblich", "2"], &["rock", "7"]),
            (K::BirthDate, &["1980-04-03", "3.4.1980", "19920711", "4/3/1966"], &["17", "abc", "12.5"]),
            (K::BirthMonth, &["1", "12", "März", "May"], &["13", "0", "x"]),
            (K::BirthDay, &["31", "07"], &["32", "1980"]),
            (K::Email, &["ada@meier.de"], &["fcb67ef339b691956cc85fa12be6490c", "yes"]),
            (
                K::Phone,
                &["030-0074321", "(5) 555-4729", "+49 30 1234567", "1111111111", "1 (11) 500 555-0162"],
                &["2020-01-02", "198.51.100.2", "12.3456", "Anna", "17"],
            ),
            (
                K::Address,
                &["3 Main St, Las Vegas, NV", "Musterweg 4\n12345 Ulm"],
                &["Main St", "ada@meier.de, x"],
            ),
            (
                K::Street,
                &["Obere Str. 57", "rue de l'Abbaye"],
                &["12", "http://a.de", "true", "tqs6UXPA/Lm7W+0dX0+syw=="],
            ),
            (K::HouseNumber, &["12", "12a", "12-14", "94"], &["Main Street", "12.5", "2020-01-01"]),
            (
                K::PostalCode,
                &["12345", "SW1A 1AA", "D-80331", "EC1 4SD", "3029"],
                &["Ulm", "12", "2020-01-01 10:00"],
            ),
            (K::City, &["Ulm", "México D.F.", "Paris 15", "St. Gallen"], &["disabled", "12345678", "x@y.de"]),
            (K::Region, &["NW", "New South Wales"], &["enabled", "invited", "17"]),
            (K::Country, &["DE", "Germany"], &["Bavaria", "17"]),
            (K::OrgName, &["3M Company", "Meier GmbH"], &["2020-01-01", "29e00d3659d1c5e75f99e892f0c1a1f1"]),
            (K::NationalId, &["293-90-9090", "C01X00T47"], &["1", "Anna"]),
            (K::TaxId, &["DE136695976", "12/345/67890"], &["DE136695977", "19"]),
            (K::Iban, &["DE89 3704 0044 0532 0130 00"], &["532013000"]),
            (K::Url, &["https://www.meier.de/shop", "meier.de"], &["Meier"]),
            (K::Number, &[], &["17"]),
        ];
        for (kind, fitting, others) in cases {
            for text in *fitting {
                assert!(fits(*kind, text), "{} should hold {text}", kind.as_str());
            }
            for text in *others {
                assert!(!fits(*kind, text), "{} should not hold {text}", kind.as_str());
            }
        }
    }

    #[test]
    fn proofs() {
        let cases: &[(K, &[&str], &[&str])] = &[
            (K::Email, &["ada@meier.de"], &["mail ada@meier.de today", "x"]),
            (K::Iban, &["DE89370400440532013000"], &["DE88370400440532013000"]),
            (
                K::Phone,
                &["+49 30 1234567", "(206) 555-9857"],
                &["030 1234567", "293-90-9090", "1234567890", "(x)"],
            ),
            (K::Url, &["meier.de", "https://www.meier.de"], &["https://meier.de/photo.jpg", "1.5", "Meier"]),
            (
                K::Address,
                &[
                    "Hauptstr. 5, 89073 Ulm, Germany",
                    "12 High Street, Leeds, LS1 4AP, UK",
                    "3 Main St, Reno, NV 89501",
                ],
                &["Doe, John, Jr.", "Sport-100 Helmet, Red, 12345", "a, b, c"],
            ),
            (K::City, &[], &["Ulm"]),
        ];
        for (kind, proofs, others) in cases {
            for text in *proofs {
                assert!(
                    proves(*kind, text) && fits(*kind, text),
                    "{} should be proved by {text}",
                    kind.as_str()
                );
            }
            for text in *others {
                assert!(!proves(*kind, text), "{} should not be proved by {text}", kind.as_str());
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in any::<String>()) {
            for &kind in FieldKind::ALL {
                fits(kind, &text);
                proves(kind, &text);
            }
            is_of_organisation(&text);
        }
    }
}
