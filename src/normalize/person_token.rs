//! The words of a person name before they are told apart.

use crate::text;
use crate::value::Gender;

/// One word of a name as written and folded; the parts of a compound are joined by a space in `folded`.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub(super) folded: String,
    pub(super) case: Case,
    pub(super) dotted: bool,
}

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    /// Two letters or more, all capital.
    Capitals,
    /// Two letters or more, not all capital.
    Mixed,
    /// One small letter.
    SmallLetter,
    /// One capital letter, or none.
    Letter,
}

impl Case {
    fn of(raw: &str) -> Case {
        let mut letters = raw.chars().filter(|c| c.is_alphabetic());
        match (letters.next(), letters.next()) {
            (Some(first), None) if first.is_lowercase() => Case::SmallLetter,
            (Some(first), Some(second)) => {
                let capital =
                    first.is_uppercase() && second.is_uppercase() && letters.all(char::is_uppercase);
                if capital { Case::Capitals } else { Case::Mixed }
            }
            _ => Case::Letter,
        }
    }
}

impl Word {
    fn new(raw: &str) -> Option<Word> {
        let folded = text::fold(raw);
        let word = Word { case: Case::of(raw), dotted: raw.ends_with('.'), folded };
        (!word.folded.is_empty()).then_some(word)
    }

    pub(super) fn is_initial(&self) -> bool {
        self.folded.len() == 1
    }

    pub(super) fn is_name(&self) -> bool {
        self.folded.len() > 1 && self.folded.chars().all(|c| c.is_alphabetic() || c == ' ')
    }

    /// A surname in capitals: long enough, or ending in a vowel as short surnames (Li, Wu) do and initials
    /// written together (JP) do not.
    pub(super) fn is_capital_surname(&self) -> bool {
        self.case == Case::Capitals
            && (self.folded.len() > 2
                || self.folded == "mc"
                || self.folded.ends_with(['a', 'e', 'i', 'o', 'u']))
    }

    pub(super) fn is_monsieur_alone(&self) -> Option<Gender> {
        (self.folded == "m" && self.dotted).then_some(Gender::Male)
    }
}

/// Splits at white space and behind full stops (`Dr.med.`, `H.P.`), but not within a hyphenated name.
pub(super) fn words(text: &str) -> Vec<Word> {
    text.split(char::is_whitespace)
        .flat_map(|chunk| chunk.split_inclusive('.'))
        .flat_map(title_parts)
        .collect()
}

/// A word; a hyphenated or joined title (`Dipl.-Ing.`, `Univ.-Prof.`, `&`) gives its parts.
fn title_parts(raw: &str) -> Vec<Word> {
    if raw.trim() == "&" || raw.trim() == "+" {
        return Word::new("und").into_iter().collect();
    }
    Word::new(raw.trim_start_matches(['-', '–'])).into_iter().collect()
}

/// The text outside of brackets and double quotes, and what they hold.
pub(super) fn without_notes(text: &str) -> (String, Vec<String>) {
    let mut outside = String::with_capacity(text.len());
    let mut notes = Vec::new();
    let mut rest = text;
    while let Some((position, open)) = rest.char_indices().find(|(_, c)| closing(*c).is_some()) {
        let (before, after) = rest.split_at(position);
        let after = after.get(open.len_utf8()..).unwrap_or("");
        let Some(end) = closing(open).and_then(|close| after.find(close)) else {
            outside.push_str(before);
            outside.push(' ');
            rest = after;
            continue;
        };
        let (note, behind) = after.split_at(end);
        outside.push_str(before);
        outside.push(' ');
        notes.push(note.to_owned());
        rest = behind.get(behind.chars().next().map_or(0, char::len_utf8)..).unwrap_or("");
    }
    outside.push_str(rest);
    (outside, notes)
}

fn closing(open: char) -> Option<&'static [char]> {
    Some(match open {
        '(' => &[')'],
        '[' => &[']'],
        '"' => &['"'],
        '“' => &['”'],
        '„' => &['“', '”'],
        '«' => &['»'],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_split_behind_full_stops() {
        let folded =
            |text: &str| words(text).into_iter().map(|word| word.folded).collect::<Vec<_>>().join("|");
        assert_eq!(folded("Dr.-Ing. H.P. Müller-Huber"), "dr|ing|h|p|mueller huber");
        assert_eq!(folded("Hans & Maria"), "hans|und|maria");
        assert_eq!(folded(" . - "), "");
    }

    #[test]
    fn notes_are_taken_out() {
        let cases = [
            ("Robert (Bob) Smith", "Robert   Smith", vec!["Bob"]),
            ("Robert \"Bob\" Smith", "Robert   Smith", vec!["Bob"]),
            ("Robert „Bob“ Smith", "Robert   Smith", vec!["Bob"]),
            ("Robert (Bob", "Robert  Bob", vec![]),
            ("(a) (b", "   b", vec!["a"]),
        ];
        for (text, outside, notes) in cases {
            let (found, inside) = without_notes(text);
            assert_eq!(
                (found.as_str(), inside),
                (outside, notes.iter().map(|&n| n.to_owned()).collect()),
                "{text}"
            );
        }
    }
}
