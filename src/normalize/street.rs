//! Streets: the canonical name, the house number, and what stands beside them.

use super::street_type::{direction, is_unit_alone, leading, trailing, unit};
use crate::text;

/// A longer text (in bytes) is no address.
pub(super) const LONGEST: usize = 2048;

/// A street line in parts, all folded.
///
/// ```
/// use onefold::normalize::parse_street;
/// let street = parse_street("Hauptstr. 12 a", Some("DE"));
/// assert_eq!(street.name, "hauptstrasse");
/// assert_eq!(street.house_number.as_deref(), Some("12a"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Street {
    /// The name with canonical type and directions: `hauptstrasse`, `north main street`.
    pub name: String,
    /// `12`, `12a`; both ends of a range: `12 14`.
    pub house_number: Option<String>,
    /// Unit, floor, building, post-office box, `care of`.
    pub extra: Option<String>,
}

/// Parses a street line; any text gives some result, one of more than 2048 bytes an empty one. The country is an ISO 3166-1 alpha-2 code and decides only
/// what a short word such as `str` stands for.
///
/// ```
/// use onefold::normalize::parse_street;
/// let street = parse_street("4 CROMWELL RD, Flat 3", Some("GB"));
/// assert_eq!((street.name.as_str(), street.extra.as_deref()), ("cromwell road", Some("unit 3")));
/// ```
pub fn parse_street(text: &str, country: Option<&str>) -> Street {
    if text.len() > LONGEST {
        return Street::default();
    }
    let mut words = words(text);
    let mut extras = take_extras(&mut words);
    let (number, rest) = take_number(words);
    let (words, behind) = rest;
    extras.extend(behind);
    Street {
        name: canonical(&words, country),
        house_number: number,
        extra: (!extras.is_empty()).then(|| extras.join(" ")),
    }
}

/// The canonical form of a house number cell: `12 A` is `12a`, `12-14` is `12 14`.
pub(super) fn house_number(text: &str) -> String {
    let folded = text::fold(text);
    let mut number = String::with_capacity(folded.len());
    for token in text::tokens(&folded).filter(|token| !matches!(*token, "nr" | "no" | "num" | "numero" | "n"))
    {
        let letter = token.len() == 1 && token.chars().all(char::is_alphabetic);
        let belongs = letter && number.ends_with(|c: char| c.is_ascii_digit());
        if !number.is_empty() && !belongs {
            number.push(' ');
        }
        let trimmed = token.trim_start_matches('0');
        number.push_str(if trimmed.starts_with(|c: char| c.is_ascii_digit()) { trimmed } else { token });
    }
    number
}

/// The canonical form of a cell that holds only what stands beside a street.
pub(super) fn extra(text: &str) -> String {
    let mut words = words(text);
    let mut extras = take_extras(&mut words);
    let rest: Vec<&str> = words.iter().filter(|word| !word.sign).map(|word| word.folded.as_str()).collect();
    extras.extend((!rest.is_empty()).then(|| rest.join(" ")));
    extras.join(" ")
}

/// True when a segment of an address is a unit, floor or box and nothing else.
pub(super) fn is_extra_only(text: &str) -> bool {
    let mut words = words(text);
    !take_extras(&mut words).is_empty() && words.iter().all(|word| word.sign)
}

/// True when a folded word says that its segment is a street.
pub(super) fn has_street_type(text: &str) -> bool {
    let words = words(text);
    let folded = |word: &Word| word.folded.rsplit(' ').next().unwrap_or("").to_owned();
    let last = words.iter().rev().find(|word| !word.is_number()).map(folded).unwrap_or_default();
    let first =
        words.iter().find(|word| !word.is_number()).map(|word| word.folded.clone()).unwrap_or_default();
    words.len() > 1 && (trailing(&last).is_some() || (first.len() > 1 && leading(&first).is_some()))
        || is_german_street(&last)
}

fn is_german_street(word: &str) -> bool {
    const ENDINGS: &[&str] =
        &["strasse", "str", "gasse", "platz", "weg", "allee", "ring", "damm", "ufer", "straat"];
    ENDINGS.iter().any(|ending| word.len() > ending.len() + 2 && word.ends_with(ending))
}

/// One word as written (`dotted`: it ends with a full stop) and folded.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub(super) folded: String,
    dotted: bool,
    sign: bool,
}

impl Word {
    /// A house number: digits, perhaps with one letter or the end of a range; no ordinal such as `5th` or `17.`
    pub(super) fn is_number(&self) -> bool {
        const DIGITS: usize = 6;
        let first = self.folded.split(' ').next().unwrap_or("");
        let letters = first.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = first.len() - letters.len();
        let ordinal =
            matches!(letters, "st" | "nd" | "rd" | "th" | "er" | "eme") || (letters == "e" && digits > 1);
        let simple = letters.len() <= 1 || matches!(letters, "bis" | "ter");
        (1..=DIGITS).contains(&digits)
            && !ordinal
            && simple
            && !self.dotted
            && self
                .folded
                .split(' ')
                .all(|part| part.starts_with(|c: char| c.is_ascii_digit()) || part.len() == 1)
    }

    fn is_letter(&self) -> bool {
        self.folded.len() == 1 && self.folded.chars().all(char::is_alphabetic)
    }

    /// A number, ordinal or letter that can name a unit.
    fn is_designator(&self) -> bool {
        self.is_letter()
            || self.folded.starts_with(|c: char| c.is_ascii_digit())
            || (self.folded.len() <= 4 && self.folded.contains(|c: char| c.is_ascii_digit()))
    }
}

/// The words of a line, `c/o` and `#` kept as the words `care of` and `unit`.
pub(super) fn words(text: &str) -> Vec<Word> {
    let spaced = text.replace('#', " unit ").replace([',', ';'], " , ");
    let chunks = spaced.split_whitespace().flat_map(split_abbreviation);
    chunks
        .filter_map(|raw| {
            let lower = raw.to_lowercase();
            let folded = match lower.as_str() {
                "c/o" => "care of".to_owned(),
                _ => text::fold(raw),
            };
            let sign = matches!(raw, "-" | "–" | "/" | "+" | ",");
            (!folded.is_empty() || sign).then(|| Word { folded, dotted: raw.ends_with('.'), sign })
        })
        .collect()
}

/// Splits `Hauptstr.12` behind the full stop; `1.2` stays.
fn split_abbreviation(chunk: &str) -> Vec<&str> {
    match chunk.split_once('.') {
        Some((before, after))
            if before.ends_with(char::is_alphabetic) && after.starts_with(|c: char| c.is_ascii_digit()) =>
        {
            vec![chunk.get(..=before.len()).unwrap_or(before), after]
        }
        _ => vec![chunk],
    }
}

/// Takes units, floors, boxes and `care of` out of a line, in their order.
fn take_extras(words: &mut Vec<Word>) -> Vec<String> {
    let mut extras = Vec::new();
    let mut kept: Vec<Word> = Vec::with_capacity(words.len());
    let mut rest = words.iter().peekable();
    while let Some(word) = rest.next() {
        let next = rest.peek();
        let name = word.folded.as_str();
        if name == "care of"
            || matches!(name, "postfach" | "pobox" | "postbus" | "apartado")
            || is_box(word, next.copied())
        {
            let mut extra = if name == "care of" { name.to_owned() } else { "box".to_owned() };
            let care_of = name == "care of";
            while let Some(next) = rest
                .next_if(|next| !next.sign && (care_of || next.is_designator() || is_box_word(&next.folded)))
            {
                if care_of || !is_box_word(&next.folded) {
                    extra.push(' ');
                    extra.push_str(&next.folded);
                }
            }
            extras.push(extra);
        } else if let Some(kind) = unit(name)
            && let Some(next) = next
            && next.is_designator()
            && !(kept.is_empty() && (name == "no" || name == "villa"))
        {
            extras.push(format!("{kind} {}", next.folded));
            rest.next();
        } else if let Some(kind) = next.and_then(|next| unit(&next.folded))
            && (is_ordinal(word) && (kind == "floor" || kind == "unit"))
        {
            extras.push(format!("{kind} {}", word.folded.trim_end_matches(char::is_alphabetic)));
            rest.next();
        } else if is_unit_alone(name) && (!kept.is_empty() || next.is_none()) {
            extras.push(name.to_owned());
        } else {
            kept.push(word.clone());
        }
    }
    *words = kept;
    extras
}

fn is_ordinal(word: &Word) -> bool {
    let letters = word.folded.trim_start_matches(|c: char| c.is_ascii_digit());
    letters.len() < word.folded.len()
        && (matches!(letters, "st" | "nd" | "rd" | "th" | "er" | "eme" | "e")
            || (letters.is_empty() && word.dotted))
}

/// `P.O. Box`, `PO Box`, `BP 12`: the first word of a post-office box.
fn is_box(word: &Word, next: Option<&Word>) -> bool {
    let next = next.map_or("", |next| next.folded.as_str());
    match word.folded.as_str() {
        "po" | "p o" | "post" => next == "box" || next == "office",
        "p" => next == "o",
        "bp" | "box" => next.starts_with(|c: char| c.is_ascii_digit()),
        _ => false,
    }
}

fn is_box_word(word: &str) -> bool {
    matches!(word, "box" | "office" | "o")
}

type NameAndExtra = (Vec<Word>, Option<String>);

/// The house number, the words of the name, and what stands behind a number within the line.
fn take_number(words: Vec<Word>) -> (Option<String>, NameAndExtra) {
    let words: Vec<Word> = words.into_iter().skip_while(|word| word.sign).collect();
    let plain = |words: &[Word]| -> Vec<Word> { words.iter().filter(|word| !word.sign).cloned().collect() };
    if words.first().is_some_and(Word::is_number)
        && words.iter().skip(1).any(|word| !word.is_number() && !word.sign)
    {
        let end = number_end(&words, 0, true);
        let (number, name) = words.split_at_checked(end).unwrap_or((&words, &[]));
        return (Some(joined(number)), (plain(name), None));
    }
    let mut start = None;
    for (position, word) in words.iter().enumerate().skip(1) {
        let before = position.checked_sub(1).and_then(|before| words.get(before));
        let part_of_name = before.is_some_and(|before| {
            matches!(
                before.folded.as_str(),
                "highway" | "hwy" | "route" | "rte" | "rr" | "cr" | "box" | "lot" | "interstate" | "us"
            )
        });
        if word.is_number() && !part_of_name {
            start = Some(position);
            break;
        }
    }
    let Some(start) = start else { return (None, (plain(&words), None)) };
    let end = number_end(&words, start, false);
    let (name, rest) = words.split_at_checked(start).unwrap_or((&words, &[]));
    let (number, behind) = rest.split_at_checked(end - start).unwrap_or((rest, &[]));
    let name: Vec<Word> = plain(name)
        .into_iter()
        .filter(|word| !matches!(word.folded.as_str(), "nr" | "num" | "numero"))
        .collect();
    let behind = plain(behind).iter().map(|word| word.folded.clone()).collect::<Vec<_>>().join(" ");
    (Some(joined(number)), (name, (!behind.is_empty()).then_some(behind)))
}

/// Where a number that begins at `start` ends: a letter, `bis`, or the end of a range belongs to it.
fn number_end(words: &[Word], start: usize, name_follows: bool) -> usize {
    let mut end = start + 1;
    loop {
        let Some(word) = words.get(end) else { return end };
        let following = words.get(end + 1);
        let letter = word.is_letter()
            && !word.dotted
            && end == start + 1
            && (!name_follows
                || (following.is_some()
                    && direction(&word.folded).is_none()
                    && leading(&word.folded).is_none()));
        let repeat = matches!(word.folded.as_str(), "bis" | "ter" | "quater") && end == start + 1;
        let range = word.sign && following.is_some_and(Word::is_number);
        let range_end = words.get(end - 1).is_some_and(|before| before.sign) && word.is_number();
        if !(letter || repeat || range || range_end) {
            return end;
        }
        end += 1;
    }
}

fn joined(number: &[Word]) -> String {
    let words: Vec<&str> = number.iter().filter(|word| !word.sign).map(|word| word.folded.as_str()).collect();
    house_number(&words.join(" "))
}

/// The canonical name of a street without number.
fn canonical(words: &[Word], country: Option<&str>) -> String {
    let mut tokens: Vec<String> = Vec::with_capacity(words.len());
    for word in words {
        let count = tokens.len();
        tokens.extend(text::tokens(&word.folded).map(str::to_owned));
        if word.dotted
            && tokens.len() == count + 1
            && let Some(token) = tokens.last_mut()
        {
            expand_suffix(token, country);
        }
    }
    for token in &mut tokens {
        expand_street_suffix(token, country);
    }
    let english = matches!(country, Some("GB" | "US" | "IE" | "AU" | "NZ" | "CA" | "ZA"));
    let count = tokens.len();
    if count < 2 {
        return tokens.concat();
    }
    if tokens.first().is_some_and(|first| first == "ul") {
        tokens.remove(0);
        return tokens.join(" ");
    }
    let french = !english
        && tokens.first().is_some_and(|first| {
            leading(first).is_some() && (first.len() > 1 || count > 2 || country.is_some_and(is_romance))
        });
    if french && !tokens.last().is_some_and(|last| trailing(last).is_some() && country != Some("FR")) {
        if let Some(first) = tokens.first_mut() {
            *first = leading(first).unwrap_or(first).to_owned();
        }
    } else {
        expand_trailing(&mut tokens, english);
    }
    for token in tokens.iter_mut().take(count - 1) {
        if token == "st" || token == "sankt" || token == "snt" {
            "saint".clone_into(token);
        } else if token == "ste" {
            "sainte".clone_into(token);
        }
    }
    tokens.join(" ")
}

fn is_romance(country: &str) -> bool {
    matches!(country, "FR" | "BE" | "CH" | "LU" | "ES" | "IT" | "PT" | "MX" | "BR" | "AR")
}

/// The type at the end, perhaps before a direction; a direction at the front.
fn expand_trailing(tokens: &mut [String], english: bool) {
    let count = tokens.len();
    let ends_with_direction = count > 2 && tokens.last().is_some_and(|last| direction(last).is_some());
    let position = if ends_with_direction { count - 2 } else { count - 1 };
    let Some(kind) = tokens.get(position).and_then(|token| trailing(token)) else { return };
    let kind = if english && kind == "strasse" { "street" } else { kind };
    let german = matches!(kind, "strasse" | "platz" | "weg" | "allee" | "gasse" | "ring" | "damm" | "ufer");
    if let Some(token) = tokens.get_mut(position) {
        kind.clone_into(token);
    }
    let ends: &[usize] = if count > 2 && !german { &[0, count - 1] } else { &[] };
    for &end in ends {
        if let Some(token) = tokens.get_mut(end)
            && (end != position)
            && let Some(direction) = direction(token)
        {
            direction.clone_into(token);
        }
    }
}

/// `Marktpl.` and `Birkenw.`: only the full stop tells that the ending is an abbreviation.
fn expand_suffix(token: &mut String, country: Option<&str>) {
    if matches!(country, Some("DE" | "AT" | "CH" | "LI") | None) && token.len() > 5 {
        if let Some(stem) = token.strip_suffix("pl") {
            *token = format!("{stem}platz");
        } else if let Some(stem) = token.strip_suffix('w') {
            *token = format!("{stem}weg");
        }
    }
}

/// `hauptstr` and `hauptstrase` are `hauptstrasse`; in Dutch `str` is `straat`.
fn expand_street_suffix(token: &mut String, country: Option<&str>) {
    let dutch = matches!(country, Some("NL" | "BE"));
    let full = if dutch { "straat" } else { "strasse" };
    for ending in ["strasse", "strase", "strabe", "strass", "stras", "str"] {
        if let Some(stem) = token.strip_suffix(ending)
            && stem.len() > 2
        {
            *token = format!("{stem}{}", if ending == "strasse" { ending } else { full });
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streets_by_table() {
        let cases = [
            ("Hauptstr. 12 a", "DE", "hauptstrasse", "12a", ""),
            ("Hauptstraße 12A", "DE", "hauptstrasse", "12a", ""),
            ("Hauptstr.12", "DE", "hauptstrasse", "12", ""),
            ("Hauptstrasse 12-14", "DE", "hauptstrasse", "12 14", ""),
            ("Hauptstrasse 12 - 14", "DE", "hauptstrasse", "12 14", ""),
            ("Lange Str. 7", "DE", "lange strasse", "7", ""),
            ("Marktpl. 3", "DE", "marktplatz", "3", ""),
            ("Straße des 17. Juni 135", "DE", "strasse des 17 juni", "135", ""),
            ("Am Hang 5, 3. OG", "DE", "am hang", "5", "floor 3"),
            ("Am Hang 5 Hinterhaus", "DE", "am hang", "5", "hinterhaus"),
            ("Postfach 12 34", "DE", "", "", "box 12 34"),
            ("4 CROMWELL ROAD", "GB", "cromwell road", "4", ""),
            ("Flat 3, 12 Cromwell Rd", "GB", "cromwell road", "12", "unit 3"),
            ("12a St. John's St", "GB", "saint johns street", "12a", ""),
            ("The Old Mill", "GB", "the old mill", "", ""),
            ("123 Main St Apt 4", "US", "main street", "123", "unit 4"),
            ("123 N Main St #4", "US", "north main street", "123", "unit 4"),
            ("350 5th Ave", "US", "5th avenue", "350", ""),
            ("12 E 42nd St", "US", "east 42nd street", "12", ""),
            ("Highway 61", "US", "highway 61", "", ""),
            ("P.O. Box 123", "US", "", "", "box 123"),
            ("12 bis rue de la Paix", "FR", "rue de la paix", "12 bis", ""),
            ("5 av. Foch", "FR", "avenue foch", "5", ""),
            ("8 bd. St. Germain", "FR", "boulevard saint germain", "8", ""),
            ("3 ch. des Vignes", "FR", "chemin des vignes", "3", ""),
            ("Via Roma 5", "IT", "via roma", "5", ""),
            ("C. Mayor 5", "ES", "calle mayor", "5", ""),
            ("Kerkstr. 5", "NL", "kerkstraat", "5", ""),
            ("ul. Długa 5", "PL", "dluga", "5", ""),
            ("c/o Meier, Hauptstr. 5", "DE", "hauptstrasse", "5", "care of meier"),
            ("", "DE", "", "", ""),
        ];
        for (text, country, name, number, extra) in cases {
            let street = parse_street(text, Some(country));
            let found = (
                street.name.as_str(),
                street.house_number.as_deref().unwrap_or(""),
                street.extra.as_deref().unwrap_or(""),
            );
            assert_eq!(found, (name, number, extra), "{text}");
        }
    }

    #[test]
    fn house_numbers_by_table() {
        let cases = [
            ("12", "12"),
            ("12 A", "12a"),
            ("12A", "12a"),
            ("12-14", "12 14"),
            ("012", "12"),
            ("Nr. 5", "5"),
            ("12 bis", "12 bis"),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(house_number(text), expected, "{text}");
        }
    }

    #[test]
    fn extras_by_table() {
        for (text, expected) in [
            ("Apt 4", "unit 4"),
            ("Flat 4", "unit 4"),
            ("2nd floor", "floor 2"),
            ("Rose Cottage", "rose cottage"),
            ("EG", "eg"),
        ] {
            assert_eq!(extra(text), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "\\PC*") {
            parse_street(&text, None);
            parse_street(&text, Some("US"));
            house_number(&text);
            extra(&text);
        }

        #[test]
        fn never_panics_on_street_like_words(text in "((12|a|-|bis|St|Apt|#|Hauptstr|N|c/o|PO|Box|rue|1st|,)[. ]?){0,8}") {
            for country in [None, Some("DE"), Some("US"), Some("FR")] {
                parse_street(&text, country);
            }
        }
    }
}
