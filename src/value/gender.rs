//! Gender, from codes, words and forms of address.

use super::words::words;

/// A person's gender as far as records tell it.
///
/// ```
/// use onefold::value::{Gender, parse_gender};
/// assert_eq!(parse_gender("Frau"), Some(Gender::Female));
/// assert_eq!(Gender::Female.as_str(), "female");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Gender {
    /// Female.
    Female,
    /// Male.
    Male,
    /// Neither, as stated by the person: `divers`, `non-binary`, `x`.
    Other,
}

impl Gender {
    /// The English word.
    pub fn as_str(self) -> &'static str {
        match self {
            Gender::Female => "female",
            Gender::Male => "male",
            Gender::Other => "other",
        }
    }
}

impl std::fmt::Display for Gender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Reads a gender from a letter, a word, a form of address in English, German or French, or the code of
/// ISO/IEC 5218 (1 male, 2 female; 0 and 9 say nothing).
///
/// A text that names two (`Herr und Frau`, `m/w/d`) says none.
///
/// ```
/// use onefold::value::{Gender, parse_gender};
/// assert_eq!(parse_gender("w"), Some(Gender::Female));
/// assert_eq!(parse_gender("Herr Dr."), Some(Gender::Male));
/// assert_eq!(parse_gender("Mr & Mrs"), None);
/// ```
pub fn parse_gender(text: &str) -> Option<Gender> {
    const LONGEST: usize = 64;
    if text.len() > LONGEST {
        return None;
    }
    let words = words(text);
    if let [word] = words.as_slice() {
        return letter(word).or_else(|| gender(word));
    }
    if let [first, second] = words.as_slice()
        && matches!((first.as_str(), second.as_str()), ("non" | "nicht" | "not", _))
    {
        return matches!(second.as_str(), "binary" | "binar" | "binaer" | "binaire").then_some(Gender::Other);
    }
    let mut named = words.iter().filter_map(|word| gender(word));
    let first = named.next()?;
    named.all(|other| other == first).then_some(first)
}

/// Codes that count only when they stand alone.
fn letter(word: &str) -> Option<Gender> {
    Some(match word {
        "f" | "w" | "2" => Gender::Female,
        "m" | "h" | "1" => Gender::Male,
        "d" | "x" | "o" | "nb" => Gender::Other,
        _ => return None,
    })
}

fn gender(word: &str) -> Option<Gender> {
    Some(match word {
        "female" | "fem" | "feminin" | "feminine" | "woman" | "girl" | "weiblich" | "weibl" | "femme"
        | "fille" | "frau" | "fr" | "fraulein" | "fraeulein" | "dame" | "mrs" | "ms" | "miss" | "madam"
        | "madame" | "mme" | "mlle" | "mademoiselle" | "lady" | "signora" | "sra" | "senora" | "mevrouw" => {
            Gender::Female
        }
        "male" | "masc" | "masculin" | "masculine" | "man" | "boy" | "mannlich" | "maennlich" | "mannl"
        | "mann" | "homme" | "garcon" | "herr" | "herrn" | "hr" | "hrn" | "mr" | "mister" | "sir"
        | "monsieur" | "mons" | "signor" | "sr" | "senor" | "meneer" => Gender::Male,
        "other" | "divers" | "diverse" | "nonbinary" | "enby" | "autre" | "andere" | "inter" | "mx" => {
            Gender::Other
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn notations() {
        use Gender::{Female, Male, Other};
        let cases = [
            ("m", Some(Male)),
            ("F", Some(Female)),
            ("w", Some(Female)),
            ("W.", Some(Female)),
            ("h", Some(Male)),
            ("male", Some(Male)),
            ("Female", Some(Female)),
            ("männlich", Some(Male)),
            ("maennlich", Some(Male)),
            ("weiblich", Some(Female)),
            ("Frau", Some(Female)),
            ("Herr", Some(Male)),
            ("Herr Prof. Dr.", Some(Male)),
            ("Frau Dr. M.", Some(Female)),
            ("Mr.", Some(Male)),
            ("Mrs", Some(Female)),
            ("Ms.", Some(Female)),
            ("Monsieur", Some(Male)),
            ("Mme", Some(Female)),
            ("divers", Some(Other)),
            ("non-binary", Some(Other)),
            ("x", Some(Other)),
            ("1", Some(Male)),
            ("2", Some(Female)),
            ("0", None),
            ("9", None),
            ("m/w/d", None),
            ("Herr und Frau", None),
            ("Mr & Mrs", None),
            ("Familie", None),
            ("Firma", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_gender(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in any::<String>()) {
            parse_gender(&text);
        }
    }

    #[test]
    fn a_printed_gender_is_read_back() {
        for gender in [Gender::Female, Gender::Male, Gender::Other] {
            assert_eq!(parse_gender(gender.as_str()), Some(gender));
        }
    }
}
