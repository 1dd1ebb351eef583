//! Text that stands for no value.

use super::date::{DayMonthOrder, parse_date};
use super::email::parse_email;
use super::words::{squeezed, words};

/// Longer text is taken for a value.
const LONGEST: usize = 64;

/// True for text that says that there is no value, in any field: nothing but marks, `n/a`, `null`, `unknown`,
/// `keine Angabe`, `inconnu`, `test`, or one character three times and more (`xxx`; but `III` numbers a
/// generation).
///
/// ```
/// use onefold::value::is_placeholder;
/// assert!(is_placeholder("N/A") && is_placeholder("--") && is_placeholder("xxxx"));
/// assert!(!is_placeholder("Nathan"));
/// ```
pub fn is_placeholder(text: &str) -> bool {
    let text = text.trim();
    if text.len() > LONGEST {
        return false;
    }
    if !text.contains(char::is_alphanumeric) {
        return true;
    }
    let key = squeezed(text);
    WORDS.contains(&key.as_str()) || (key != "iii" && is_repeated(text))
}

/// True for an e-mail address that no person has: [`is_placeholder`], a local part such as `noreply`, `none` or
/// `asdf`, a domain reserved for tests (RFC 2606: `.invalid`, `.test`, `.example`), or a general name at an
/// `example.com`. A personal name at an example domain is kept, since fictional data is made of them.
///
/// ```
/// use onefold::value::is_placeholder_email;
/// assert!(is_placeholder_email("no-reply@shop.de"));
/// assert!(!is_placeholder_email("ada@meier.de"));
/// ```
pub fn is_placeholder_email(text: &str) -> bool {
    let Some(email) = parse_email(text) else { return is_placeholder(text) };
    let (local, domain) = (squeezed(email.local()), email.domain());
    let (host, top) = domain.rsplit_once('.').unwrap_or((domain, ""));
    let reserved = matches!(top, "invalid" | "test" | "example" | "localhost");
    let absent = matches!(
        host,
        "test"
            | "none"
            | "noemail"
            | "nomail"
            | "keine"
            | "null"
            | "unknown"
            | "asdf"
            | "domain"
            | "fake"
            | "xxx"
    );
    // A host below an example domain stands for a company's, and `info@` it for the company.
    let example = host == "example";
    reserved
        || absent
        || is_repeated(&local)
        || LOCAL_PARTS.contains(&local.as_str())
        || (example && EXAMPLE_NAMES.contains(&local.as_str()))
}

/// True for a person's name that is nobody's: [`is_placeholder`], words that stand for any name and nothing else
/// (`Test Kunde`, `Vorname Nachname`, `X X`), and the names of specimens (`Max Mustermann`, `John Doe`).
///
/// ```
/// use onefold::value::is_placeholder_name;
/// assert!(is_placeholder_name("Test Kunde") && is_placeholder_name("Mustermann, Erika"));
/// assert!(!is_placeholder_name("Heinz Kunde") && !is_placeholder_name("Kunde"));
/// ```
pub fn is_placeholder_name(text: &str) -> bool {
    if text.len() > LONGEST {
        return false;
    }
    let words = words(text);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    // Na, Ka and Nan are names too.
    let says_nothing = |word: &str| word.len() > 3 && WORDS.contains(&word);
    let stands_for_any =
        |word: &&str| NAME_WORDS.contains(word) || says_nothing(word) || word.bytes().all(|b| b == b'x');
    is_placeholder(text)
        || (words.len() > 1 && words.iter().all(stands_for_any))
        || words.iter().any(|word| SPECIMENS.contains(word))
        || matches!(words.as_slice(), ["john" | "jane", "doe"] | ["doe", "john" | "jane"])
}

/// True for a phone number that nobody has: [`is_placeholder`], one digit repeated, or the keyboard row
/// (`123456…`, `0123456…`, `987654…`), each also behind a `+`.
///
/// ```
/// use onefold::value::is_placeholder_phone;
/// assert!(is_placeholder_phone("000 0000") && is_placeholder_phone("0123456789"));
/// assert!(!is_placeholder_phone("+49301234567"));
/// ```
pub fn is_placeholder_phone(text: &str) -> bool {
    let text = text.trim();
    if text.len() > LONGEST {
        return false;
    }
    let key = squeezed(text);
    let digits = key.trim_start_matches('0');
    let row = |row: &str| digits.len() >= 5 && row.starts_with(digits);
    is_placeholder(text)
        || (key.chars().all(|c| c.is_ascii_digit())
            && (digits.is_empty()
                || is_one_character(digits)
                || row("12345678901234567890")
                || row("98765432109876543210")))
}

/// True for a date that systems store when they know none, in any notation that
/// [`parse_date`] reads: `1900-01-01`, `01.01.0001`, `9999-12-31`, `1899-12-30`, `11.11.1111`, and all zeros.
///
/// For a date that is parsed already, see [`Date::is_placeholder`](super::Date::is_placeholder).
///
/// ```
/// use onefold::value::is_placeholder_date;
/// assert!(is_placeholder_date("01.01.1900") && is_placeholder_date("0000-00-00"));
/// assert!(!is_placeholder_date("1980-04-03"));
/// ```
pub fn is_placeholder_date(text: &str) -> bool {
    let text = text.trim();
    if text.len() > LONGEST {
        return false;
    }
    let marks_and_zeros = text.chars().all(|c| c == '0' || !c.is_alphanumeric() || c == 'T' || c == 'Z');
    match parse_date(text, DayMonthOrder::DayFirst) {
        Some(parsed) => parsed.date.is_placeholder(),
        None => marks_and_zeros || is_placeholder(text),
    }
}

/// True for an identifier that nothing has: [`is_placeholder`], one character repeated, `123456…`, or the null UUID.
///
/// ```
/// use onefold::value::is_placeholder_identifier;
/// assert!(is_placeholder_identifier("00000000-0000-0000-0000-000000000000"));
/// assert!(is_placeholder_identifier("123456789"));
/// assert!(!is_placeholder_identifier("DE136695976"));
/// ```
pub fn is_placeholder_identifier(text: &str) -> bool {
    let text = text.trim();
    if text.len() > LONGEST {
        return false;
    }
    let key = squeezed(text);
    is_placeholder(text)
        || matches!(key.as_str(), "0" | "00" | "1" | "99" | "invalid" | "anonymous" | "anonym")
        || (key.len() >= 3 && is_one_character(&key))
        || (key.len() >= 5
            && ["12345678901234567890", "01234567890123456789"].iter().any(|row| row.starts_with(&key)))
}

/// Folded, without marks.
const WORDS: [&str; 57] = [
    "na",
    "nan",
    "nil",
    "null",
    "none",
    "nothing",
    "empty",
    "blank",
    "undefined",
    "undef",
    "unknown",
    "unk",
    "unkn",
    "notavailable",
    "notapplicable",
    "notknown",
    "notgiven",
    "notprovided",
    "notspecified",
    "nodata",
    "novalue",
    "missing",
    "tbd",
    "tba",
    "tbc",
    "todo",
    "test",
    "testtest",
    "tester",
    "dummy",
    "placeholder",
    "asdf",
    "asdfgh",
    "qwerty",
    "qwertz",
    "azerty",
    "abc123",
    "foo",
    "foobar",
    "ka",
    "keineangabe",
    "keineangaben",
    "ohneangabe",
    "unbekannt",
    "nichtbekannt",
    "nichtvorhanden",
    "nichtangegeben",
    "keine",
    "keiner",
    "leer",
    "entfallt",
    "inconnu",
    "inconnue",
    "nonrenseigne",
    "nonspecifie",
    "nonconnu",
    "aucun",
];

/// Words that stand for any name where nothing else stands beside them; alone, some are surnames.
const NAME_WORDS: [&str; 27] = [
    "testing",
    "tests",
    "kunde",
    "kundin",
    "testkunde",
    "customer",
    "client",
    "user",
    "benutzer",
    "person",
    "persona",
    "gast",
    "guest",
    "invite",
    "name",
    "names",
    "vorname",
    "nachname",
    "nom",
    "prenom",
    "first",
    "last",
    "firstname",
    "lastname",
    "surname",
    "anonym",
    "anonymous",
];

/// Surnames of specimens.
const SPECIMENS: [&str; 3] = ["mustermann", "musterfrau", "mustermensch"];

/// Local parts that no person has, at any domain.
const LOCAL_PARTS: [&str; 33] = [
    "test",
    "tests",
    "tester",
    "testing",
    "testtest",
    "test1",
    "test123",
    "noreply",
    "donotreply",
    "nomail",
    "noemail",
    "none",
    "no",
    "na",
    "nan",
    "null",
    "nobody",
    "nil",
    "unknown",
    "unbekannt",
    "keine",
    "keinemail",
    "keineemail",
    "ohne",
    "anonymous",
    "anonym",
    "invalid",
    "asdf",
    "asdfgh",
    "qwerty",
    "qwertz",
    "dummy",
    "fake",
];

/// Local parts that stand for any person at an example domain.
const EXAMPLE_NAMES: [&str; 18] = [
    "user", "username", "name", "yourname", "email", "mail", "me", "you", "info", "contact", "admin",
    "customer", "kunde", "person", "someone", "example", "foo", "abc",
];

/// One letter or digit, three times and more.
fn is_repeated(text: &str) -> bool {
    text.chars().count() >= 3 && is_one_character(text)
}

fn is_one_character(text: &str) -> bool {
    let mut chars = text.chars().map(|c| c.to_ascii_lowercase());
    let first = chars.next();
    first.is_some() && chars.all(|c| Some(c) == first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn any_field() {
        let placeholders = [
            "",
            " ",
            "-",
            "--",
            "?",
            "...",
            "n/a",
            "N/A",
            "#N/A",
            "na",
            "NULL",
            "None",
            "unknown",
            "Unbekannt",
            "k.A.",
            "keine Angabe",
            "inconnu",
            "non renseigné",
            "xxx",
            "XXXX",
            "000",
            "1111",
            "TBD",
            "test",
            "not available",
            "(null)",
            "<unknown>",
        ];
        for text in placeholders {
            assert!(is_placeholder(text), "{text}");
        }
        for text in ["Meier", "III", "Xu", "AA", "李", "Nan Meier", "0", "7", "Testa", "No", "Anna"] {
            assert!(!is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn names() {
        for text in [
            "Test Kunde",
            "TEST, TEST",
            "X X",
            "x xx",
            "Vorname Nachname",
            "First Name",
            "Gast Gast",
            "Erika Mustermann",
            "Doe, Jane",
            "n/a",
        ] {
            assert!(is_placeholder_name(text), "{text}");
        }
        for text in
            ["Kunde", "Eva Kunde", "Tess Last", "J. Gast", "Jane Doerr", "X. Meier", "Li Na", "Na Na", "J R"]
        {
            assert!(!is_placeholder_name(text), "{text}");
        }
    }

    #[test]
    fn emails() {
        let placeholders = [
            "test@meier.de",
            "noreply@meier.de",
            "No-Reply@meier.de",
            "none@none.com",
            "keine@meier.de",
            "asdf@asdf.de",
            "user@example.com",
            "a@b.invalid",
            "xxx@gmail.com",
            "n/a",
            "",
            "ada@test.com",
        ];
        for text in placeholders {
            assert!(is_placeholder_email(text), "{text}");
        }
        for text in [
            "ada@meier.de",
            "ada.meier@example.com",
            "testa@meier.de",
            "info@meier.de",
            "noah@test-gmbh.de",
            "info@meier.example.org",
        ] {
            assert!(!is_placeholder_email(text), "{text}");
        }
    }

    #[test]
    fn phones() {
        for text in [
            "0",
            "000000",
            "111-1111",
            "+99999999",
            "123456789",
            "0123456789",
            "12345",
            "n/a",
            "-",
            "9876543210",
        ] {
            assert!(is_placeholder_phone(text), "{text}");
        }
        for text in ["030 1234567", "+49301234567", "110", "1234", "(212) 555-0123"] {
            assert!(!is_placeholder_phone(text), "{text}");
        }
    }

    #[test]
    fn dates() {
        let placeholders = [
            "1900-01-01",
            "01.01.1900",
            "11.11.1111",
            "9999-12-31",
            "0001-01-01",
            "0001-01-01T00:00:00",
            "1899-12-30",
            "0000-00-00",
            "00.00.0000",
            "0000-00-00 00:00:00",
            "-",
            "unknown",
        ];
        for text in placeholders {
            assert!(is_placeholder_date(text), "{text}");
        }
        for text in ["1980-01-01", "1900-01-02", "1900", "31.12.1999", "April 1980"] {
            assert!(!is_placeholder_date(text), "{text}");
        }
    }

    #[test]
    fn identifiers() {
        for text in [
            "0",
            "00000",
            "999999999",
            "123456789",
            "0123456789",
            "XXX",
            "n/a",
            "00000000-0000-0000-0000-000000000000",
        ] {
            assert!(is_placeholder_identifier(text), "{text}");
        }
        for text in ["DE136695976", "4711", "A1", "100000", "1234"] {
            assert!(!is_placeholder_identifier(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in any::<String>()) {
            is_placeholder(&text);
            is_placeholder_email(&text);
            is_placeholder_phone(&text);
            is_placeholder_date(&text);
            is_placeholder_identifier(&text);
        }
    }
}
