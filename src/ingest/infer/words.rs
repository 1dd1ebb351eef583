//! The words of a column's name.

use crate::text;

/// The folded words of a column's name: separated by anything but letters and digits, by a change from lower to
/// upper case, before the last capital of a run of capitals, and between letters and digits.
pub(super) fn words(name: &str) -> Vec<String> {
    const LONGEST: usize = 200;
    let mut spaced = String::new();
    let letters: Vec<char> = name.chars().take(LONGEST).collect();
    for (position, &letter) in letters.iter().enumerate() {
        let before = position.checked_sub(1).and_then(|before| letters.get(before)).copied();
        let after = letters.get(position + 1).copied();
        if before.is_some_and(|before| starts_word(before, letter, after)) {
            spaced.push(' ');
        }
        spaced.push(match letter {
            // An apostrophe elides a vowel in French; folding would join the words.
            '\'' | '’' | '`' => ' ',
            // The raised letter of `N°`.
            '°' | 'º' => 'o',
            letter => letter,
        });
    }
    text::tokens(&text::fold(&spaced)).map(str::to_owned).collect()
}

fn starts_word(before: char, letter: char, after: Option<char>) -> bool {
    let digit = |c: char| c.is_ascii_digit();
    if before.is_alphanumeric() && letter.is_alphanumeric() && digit(before) != digit(letter) {
        return true;
    }
    letter.is_uppercase()
        && (before.is_lowercase() || (before.is_uppercase() && after.is_some_and(char::is_lowercase)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_exports() {
        let cases = [
            ("first_name", "first name"),
            ("FirstName", "first name"),
            ("firstName", "first name"),
            ("PRIMARY_NAME_LAST", "primary name last"),
            ("AddressLine1", "address line 1"),
            ("customerID", "customer id"),
            ("ZIPCode", "zip code"),
            ("E-Mail-Adresse", "e mail adresse"),
            ("USt-IdNr.", "u st id nr"),
            ("Straße / Hausnr.", "strasse hausnr"),
            ("Prénom", "prenom"),
            ("N° d'adhérent", "no d adherent"),
            ("address.city", "address city"),
            ("名前", "ming qian"),
            ("", ""),
            ("---", ""),
        ];
        for (name, expected) in cases {
            assert_eq!(words(name).join(" "), expected, "{name}");
        }
    }
}
