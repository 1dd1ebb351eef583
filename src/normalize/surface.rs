//! The spelling of a normalised value in the text that it was read from.

use std::ops::Range;

use super::letter_case::{Names, capitalised, grade_of_readable, recased};
use super::organisation::parse_organisation;
use super::person_word::{is_noble, is_particle, joins_persons, joins_surnames};
use super::{place, street};
use crate::schema::FieldKind;
use crate::text;

/// A text with more words than this is not searched word by word.
const MOST_WORDS: usize = 24;

/// The spelling of a normalised value: as it stands in a raw cell, with its accents, particles and abbreviations.
///
/// `column` is the kind of the column of the cell, `raw` its text, `field` the kind of the field and `value` its value.
/// References and mojibake are repaired, and words in one case throughout get title case; nothing else is changed.
/// Values with one written form (e-mail addresses, numbers, dates, codes) are given as they are, and so is, in title
/// case, a value that the cell does not have.
///
/// ```
/// use onefold::{FieldKind, normalize::surface};
/// let name = |value| surface(FieldKind::FullName, "VON MÜLLER, Jean-Pierre", FieldKind::FamilyName, value);
/// assert_eq!(name("mueller"), "von Müller");
/// assert_eq!(name("huber"), "Huber");
/// let street = surface(FieldKind::Street, "Hauptstr. 12 a", FieldKind::Street, "hauptstrasse");
/// assert_eq!(street, "Hauptstr.");
/// ```
pub fn surface(column: FieldKind, raw: &str, field: FieldKind, value: &str) -> String {
    let written = written(column, raw, field, value, Origin::Record);
    written.map_or_else(|| unwritten(field, value), |written| written.text)
}

/// The spelling in title case where no cell has one.
pub(crate) fn unwritten(field: FieldKind, value: &str) -> String {
    use FieldKind as K;
    match field {
        K::GivenName | K::MiddleName | K::FamilyName => capitalised(value, Names::Person),
        K::NameSuffix => match value {
            "jr" => "Jr.".to_owned(),
            "sr" => "Sr.".to_owned(),
            _ => value.to_uppercase(),
        },
        K::Street | K::City | K::OrgName => capitalised(value, Names::Place),
        K::Region if value.len() > 3 => capitalised(value, Names::Place),
        K::Region => value.to_uppercase(),
        K::HouseNumber => value.replace(' ', "-"),
        _ => value.to_owned(),
    }
}

/// True for kinds whose values have spellings beside the canonical form.
pub(crate) fn has_spellings(field: FieldKind) -> bool {
    use FieldKind as K;
    matches!(
        field,
        K::GivenName
            | K::MiddleName
            | K::FamilyName
            | K::NameSuffix
            | K::Street
            | K::HouseNumber
            | K::AddressExtra
            | K::City
            | K::Region
            | K::OrgName
            | K::Category
            | K::Text
    )
}

/// True for a value that a cell may spell in another way than [`unwritten`] does: a house number is spelled in one, but for
/// the dash within a range.
pub(crate) fn may_be_written(field: FieldKind, value: &str) -> bool {
    has_spellings(field) && !value.is_empty() && (field != FieldKind::HouseNumber || value.contains(' '))
}

/// Where a value was read from, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// This cell alone, by normalisation: what all of it is read as need not be asked again.
    Cell,
    /// Some cell of the record.
    Record,
}

/// A spelling that a cell has.
pub(crate) struct Written {
    /// The grade of what stands in the cell: accents before case.
    pub(crate) grade: u8,
    /// The spelling to show, in title case if the cell shouts.
    pub(crate) text: String,
}

/// The spelling of the value in the cell, if the cell has the value.
pub(crate) fn written(
    column: FieldKind,
    raw: &str,
    field: FieldKind,
    value: &str,
    origin: Origin,
) -> Option<Written> {
    use FieldKind as K;
    if !may_be_written(field, value) {
        return None;
    }
    let cell = text::readable(raw);
    // Normalisation reads cells with references in their readable form, and others as they are.
    let known = origin == Origin::Cell && (raw.contains('&') || *cell == *raw);
    let (found, text) = match field {
        K::GivenName | K::MiddleName | K::FamilyName | K::NameSuffix => {
            let words;
            let found = if cell.chars().all(char::is_alphanumeric) {
                (text::fold(&cell) == value).then_some(cell.as_ref())?
            } else {
                words = Words::of(&cell)?;
                words.of_name(field, column, value)?
            };
            let numeral = field == K::NameSuffix && !matches!(value, "jr" | "sr");
            (found, if numeral { found.to_uppercase() } else { recased(found, Names::Person) })
        }
        K::OrgName | K::Category | K::Text => {
            let whole = (known || is_read_as(field, &cell, value)).then_some(cell.as_ref())?;
            (whole, whole.to_owned())
        }
        _ if column == field && field != K::Street && (known || is_read_as(field, &cell, value)) => {
            let code = matches!(field, K::AddressExtra) || cell.len() <= 3;
            (cell.as_ref(), if code { cell.to_string() } else { recased(&cell, Names::Place) })
        }
        _ => {
            let words = Words::of(&cell)?;
            let found = words.spelling(value).or_else(|| words.by_meaning(field, value))?;
            (found, recased(found, Names::Place))
        }
    };
    Some(Written { grade: grade_of_readable(found), text })
}

/// The words of a text with their places and folded forms.
struct Words<'a> {
    text: &'a str,
    list: Vec<Word>,
    /// The folded forms, one behind the other.
    folded: String,
}

struct Word {
    start: usize,
    end: usize,
    /// Where the folded form is, without spaces.
    folded: Range<usize>,
    /// A `&` or `+`, which is read as a word in names and not at all elsewhere.
    sign: bool,
}

impl<'a> Words<'a> {
    /// None for a text of so many words that it is no name.
    fn of(text: &'a str) -> Option<Self> {
        let mut words = Words { text, list: Vec::new(), folded: String::with_capacity(text.len()) };
        let mut start = None;
        let ends = text.char_indices().chain([(text.len(), ' ')]);
        for (position, c) in ends {
            let inside = position < text.len() && is_word(c);
            let sign = position < text.len() && matches!(c, '&' | '+');
            match (start, inside) {
                (None, true) => start = Some(position),
                (Some(begin), false) => {
                    words.push(begin, position, false)?;
                    start = None;
                }
                _ => {}
            }
            if sign {
                words.push(position, position + 1, sign)?;
            }
        }
        (words.list.len() <= MOST_WORDS).then_some(words)
    }

    /// Adds a word, unless nothing is left of it when it is folded.
    fn push(&mut self, start: usize, end: usize, sign: bool) -> Option<()> {
        let word = self.text.get(start..end)?;
        let begin = self.folded.len();
        if sign {
            self.folded.push_str("und");
        } else if word.is_ascii() {
            let letters = word.bytes().filter(u8::is_ascii_alphanumeric);
            self.folded.extend(letters.map(|letter| char::from(letter.to_ascii_lowercase())));
        } else {
            self.folded.extend(text::fold(word).chars().filter(|&c| c != ' '));
        }
        let folded = begin..self.folded.len();
        if !folded.is_empty() {
            self.list.push(Word { start, end, folded, sign });
        }
        Some(())
    }

    fn folded(&self, word: &Word) -> &str {
        self.folded.get(word.folded.clone()).unwrap_or_default()
    }

    /// The words whose letters are those of the value, the first such.
    fn spelling(&self, value: &str) -> Option<&'a str> {
        let (first, last) =
            (0..self.list.len()).find_map(|first| Some((first, self.run(first, value, false)?)))?;
        self.slice(first, last)
    }

    /// The words of a name: of several, the last for a surname and the first for others.
    fn of_name(&self, field: FieldKind, column: FieldKind, value: &str) -> Option<&'a str> {
        let family = field == FieldKind::FamilyName;
        let run = |first: usize| Some((first, self.run(first, value, family)?));
        let (mut first, last) = if family {
            (0..self.list.len()).rev().find_map(run)?
        } else {
            (0..self.list.len()).find_map(run)?
        };
        if family {
            // The word in front of all others is a first name, unless only surnames stand before a comma or in the cell.
            let front = usize::from(column == FieldKind::FullName && !self.text.contains(','));
            while first > front && self.is_particle(first - 1) {
                first -= 1;
            }
        }
        self.slice(first, last)
    }

    /// The last word of a run from `first` on whose letters are those of the value; words that join surnames may stand
    /// within one.
    fn run(&self, first: usize, value: &str, family: bool) -> Option<usize> {
        let mut rest = value;
        for (position, word) in self.list.iter().enumerate().skip(first) {
            let folded = self.folded(word);
            let joins = position > first && (word.sign || family && joins_surnames(folded));
            match strip(rest, folded) {
                Some("") => return Some(position),
                Some(behind) => rest = behind,
                None if joins => {}
                None => return None,
            }
        }
        None
    }

    /// The shortest words that are read as the value: types of street and saints have several spellings.
    fn by_meaning(&self, field: FieldKind, value: &str) -> Option<&'a str> {
        let count = self.list.len();
        let digit = |word: &Word| self.folded(word).starts_with(|c: char| c.is_ascii_digit());
        let number = self.list.iter().position(digit).unwrap_or(count);
        let behind = self.list.iter().position(|word| !digit(word)).unwrap_or(count);
        // Where the name most likely is: before the number, behind it, or all of the cell.
        let likely = [(0, number), (behind, count), (0, count)];
        let all =
            (1..=count).flat_map(|length| (0..=count - length).map(move |first| (first, first + length)));
        likely.into_iter().chain(all).find_map(|(first, end)| {
            let found = self.slice(first, end.checked_sub(1).filter(|&last| last >= first)?)?;
            is_read_as(field, found, value).then_some(found)
        })
    }

    /// The text from a word to another, with the full stop of an abbreviation.
    fn slice(&self, first: usize, last: usize) -> Option<&'a str> {
        let (start, end) = (self.list.get(first)?.start, self.list.get(last)?.end);
        let stop = self.text.get(end..).is_some_and(|rest| rest.starts_with('.'));
        self.text.get(start..end + usize::from(stop))
    }

    /// True for a particle of the word behind it: no initial, and nothing but a space or an apostrophe between them.
    fn is_particle(&self, position: usize) -> bool {
        let (Some(word), Some(next)) = (self.list.get(position), self.list.get(position + 1)) else {
            return false;
        };
        let gap = self.text.get(word.end..next.start).unwrap_or("");
        let folded = self.folded(word);
        let known = is_particle(folded)
            || is_noble(folded) && position + 2 < self.list.len()
            || joins_persons(folded) && position > 0 && self.is_particle(position - 1);
        let initial = folded.len() == 1
            && (gap.starts_with('.') || gap == " ")
            && self.text.get(word.start..word.end).is_some_and(|word| word.contains(char::is_uppercase));
        known && !initial && gap.chars().all(|c| matches!(c, ' ' | '.' | '\'' | '’'))
    }
}

/// Letters, digits and marks that stand within a word.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || !c.is_ascii() && text_mark(c) || matches!(c, '\'' | '`')
}

fn text_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c) || matches!(c, '’' | '‘' | '´' | '¨')
}

/// What remains of the value behind a word, spaces aside.
fn strip<'v>(value: &'v str, word: &str) -> Option<&'v str> {
    let mut rest = value.chars();
    for letter in word.chars() {
        let next = rest.by_ref().find(|&c| c != ' ')?;
        if next != letter {
            return None;
        }
    }
    // The rest of a word of the value may stand in the next word of the text: `O Brien` is `obrien`.
    Some(rest.as_str().trim_start_matches(' '))
}

/// False for a text that is surely not read as the value, which is seen without parsing it: of a street and what stands
/// beside it no digit is lost, and of a street the first letter stays; of an organisation's name words are left out.
fn may_be_read_as(field: FieldKind, written: &str, value: &str) -> bool {
    // What other characters, references and `#` come out as is not seen here.
    if !written.is_ascii() || written.contains(['&', '#']) {
        return true;
    }
    let alphanumeric =
        |text: &str| text.bytes().find(u8::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase());
    match field {
        FieldKind::Street => {
            let first = alphanumeric(written);
            // The Polish `ul.` is left out.
            (first == alphanumeric(value) || first == Some(b'u')) && digits(written) == digits(value)
        }
        FieldKind::AddressExtra => digits(written) == digits(value),
        FieldKind::OrgName => {
            let mut letters = written.bytes().map(|c| c.to_ascii_lowercase());
            value.bytes().filter(|&c| c != b' ').all(|c| letters.any(|letter| letter == c))
        }
        _ => true,
    }
}

/// How often each digit stands in a text.
fn digits(text: &str) -> [u8; 10] {
    let mut counts = [0u8; 10];
    for digit in text.bytes().filter(u8::is_ascii_digit) {
        if let Some(count) = counts.get_mut(usize::from(digit - b'0')) {
            *count = count.wrapping_add(1);
        }
    }
    counts
}

fn is_read_as(field: FieldKind, written: &str, value: &str) -> bool {
    may_be_read_as(field, written, value) && is_parsed_as(field, written, value)
}

fn is_parsed_as(field: FieldKind, written: &str, value: &str) -> bool {
    use FieldKind as K;
    // What decides the reading of an abbreviation in each part of the world.
    const COUNTRIES: [Option<&str>; 4] = [None, Some("US"), Some("FR"), Some("NL")];
    match field {
        K::City => place::city(written) == value,
        K::Region => place::region(written) == value,
        K::HouseNumber => street::house_number(written) == value,
        K::AddressExtra => street::extra(written) == value,
        K::OrgName => parse_organisation(written).name == value,
        K::Category | K::Text => text::fold(written) == value,
        K::Street => COUNTRIES.into_iter().any(|country| {
            let read = street::parse_street(written, country);
            read.name == value && read.house_number.is_none() && read.extra.is_none()
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::cell::{Context, may_fill, parse_cell};
    use crate::schema::EntityKind;

    #[test]
    fn spellings_by_table() {
        use FieldKind as K;
        let cases = [
            (K::GivenName, "Jürgen", K::GivenName, "juergen", "Jürgen"),
            (K::GivenName, "anna maria", K::GivenName, "anna", "Anna"),
            (K::GivenName, "anna maria", K::MiddleName, "maria", "Maria"),
            (K::GivenName, "J.", K::GivenName, "j", "J."),
            (K::FamilyName, "von Müller", K::FamilyName, "mueller", "von Müller"),
            (K::FamilyName, "MUELLER", K::FamilyName, "mueller", "Mueller"),
            (K::FamilyName, "M&uuml;ller", K::FamilyName, "mueller", "Müller"),
            (K::FamilyName, "MÃ¼ller", K::FamilyName, "mueller", "Müller"),
            (K::FamilyName, "O Brien", K::FamilyName, "obrien", "O Brien"),
            (K::FamilyName, "Müller geb. Huber", K::FamilyName, "huber", "Huber"),
            (K::FamilyName, "García y López", K::FamilyName, "garcia lopez", "García y López"),
            (K::FullName, "Ludwig van Beethoven", K::FamilyName, "beethoven", "van Beethoven"),
            (K::FullName, "VON DER LEYEN, URSULA", K::FamilyName, "leyen", "von der Leyen"),
            (K::FullName, "VON DER LEYEN, URSULA", K::GivenName, "ursula", "Ursula"),
            (K::FullName, "Van Morrison", K::FamilyName, "morrison", "Morrison"),
            (K::FullName, "Anna V. Müller", K::FamilyName, "mueller", "Müller"),
            (K::FullName, "Otto Otto", K::FamilyName, "otto", "Otto"),
            (K::FullName, "Robert Smith Jr.", K::NameSuffix, "jr", "Jr."),
            (K::FullName, "Robert Smith junior", K::NameSuffix, "jr", "Jr."),
            (K::FullName, "Robert Smith III", K::NameSuffix, "iii", "III"),
            (K::FamilyName, "MCDONALD", K::FamilyName, "mcdonald", "McDonald"),
            (K::FamilyName, "Meier", K::FamilyName, "huber", "Huber"),
            (K::Street, "Hauptstr. 12 a", K::Street, "hauptstrasse", "Hauptstr."),
            (K::Street, "Hauptstr. 12 a", K::HouseNumber, "12a", "12a"),
            (K::Street, "HAUPTSTRASSE 5", K::Street, "hauptstrasse", "Hauptstrasse"),
            (K::Street, "Straße des 17. Juni 135", K::Street, "strasse des 17 juni", "Straße des 17. Juni"),
            (K::Street, "123 N MAIN ST APT 4", K::Street, "north main street", "N Main St"),
            (K::Street, "12-14 Cromwell Rd", K::HouseNumber, "12 14", "12-14"),
            (K::Street, "5 av. Foch", K::Street, "avenue foch", "av. Foch"),
            (K::Street, "Kerkstr. 5", K::Street, "kerkstraat", "Kerkstr."),
            (K::Address, "Am Hang 5, 80331 München", K::City, "muenchen", "München"),
            (K::Address, "Am Hang 5, 80331 MÜNCHEN", K::Street, "am hang", "Am Hang"),
            (K::Address, "Weg 1, 9000 St. Gallen", K::City, "saint gallen", "St. Gallen"),
            (K::Address, "Weg 1, 9000 St. Gallen", K::PostalCode, "9000", "9000"),
            (K::City, "FRANKFURT AM MAIN", K::City, "frankfurt am main", "Frankfurt am Main"),
            (K::City, "Haar bei München", K::City, "haar", "Haar bei München"),
            (K::Region, "NV", K::Region, "nv", "NV"),
            (K::Region, "NEVADA", K::Region, "nv", "Nevada"),
            (K::OrgName, "Müller &amp; Söhne GmbH", K::OrgName, "mueller soehne", "Müller & Söhne GmbH"),
            (K::Category, " Neu-Kunde ", K::Category, "neu kunde", "Neu-Kunde"),
            (K::Email, "Anna@Meier.DE", K::Email, "anna@meier.de", "anna@meier.de"),
            (K::FullName, "", K::FamilyName, "mueller", "Mueller"),
        ];
        for (column, raw, field, value, expected) in cases {
            assert_eq!(surface(column, raw, field, value), expected, "{raw} {value}");
        }
    }

    #[test]
    fn every_part_of_a_name_is_found_in_its_cell() {
        let cells = [
            "Frau Dr. Anna Maria Müller-Lüdenscheidt geb. Huber",
            "MÜLLER Hans Peter",
            "O'Brien, Seán",
            "Robert (Bob) Smith",
            "Jean-Pierre de La Fontaine",
            "İbrahim Işık",
            "Sá e Silva, João",
        ];
        for raw in cells {
            let context = Context { entity: EntityKind::Person, country: Some("DE") };
            for part in parse_cell(FieldKind::FullName, raw, context).parts {
                if part.kind != FieldKind::Gender {
                    assert!(
                        written(FieldKind::FullName, raw, part.kind, &part.text, Origin::Record).is_some(),
                        "{raw} {part:?}"
                    );
                }
            }
        }
    }

    const ENTITIES: [EntityKind; 3] = [EntityKind::Person, EntityKind::Organisation, EntityKind::Either];

    #[test]
    fn the_only_cell_of_a_value_is_not_asked_again_by_table() {
        let cells = [
            "Müller &amp; Söhne GmbH",
            "Siemens &#40;UK&#41; Ltd.",
            " Siemens (UK)  Ltd. c/o Meier",
            "MÃ¼ller AG",
            "M&uuml;ller",
            "St. Gallen 2",
            "Frankfurt bei\u{ad}m Main",
            "Nevada",
            "12 - 14",
            "3. OG, Apt #4",
            "Hinterhaus",
        ];
        for raw in cells {
            check_origin(raw);
        }
    }

    fn check_origin(raw: &str) {
        for &column in FieldKind::ALL {
            for entity in ENTITIES {
                for part in parse_cell(column, raw, Context { entity, country: Some("DE") }).parts {
                    let filled = !has_spellings(part.kind) || may_fill(column, part.kind, entity);
                    assert!(filled, "{raw} {column:?} {part:?}");
                    let spelled = |origin| {
                        written(column, raw, part.kind, &part.text, origin)
                            .map(|found| (found.grade, found.text))
                    };
                    assert_eq!(spelled(Origin::Cell), spelled(Origin::Record), "{raw} {column:?} {part:?}");
                }
            }
        }
    }

    /// Words that streets, what stands beside them, and organisations' names have, and any text.
    const WORDS: &str = "((Apt|No|Nr|N|SW|St|Ste|Str\\.|ul\\.|Main|Rue|R|bd|pza|avda|vle|Xing|Hinterhaus|Marktpl\\.|P\\.?O\\.? Box|BP|c/o\
        |G\\.m\\.b\\.H\\.|GmbH|Ltd|Co|KG|and|et|H|M|\\(UK\\)|The|S\\.A\\.|'s|#|[0-9]{1,3}(a|th|e|\\.)?|-|,|/)[ ]?){1,5}|\\PC{0,20}";

    proptest::proptest! {
        #[test]
        fn the_only_cell_of_a_value_is_not_asked_again(raw in "[A-Za-zäöüß .,'&;#0-9-]{0,30}|\\PC{0,40}") {
            check_origin(&raw);
        }

        #[test]
        fn what_is_ruled_out_is_read_as_something_else(
            written in WORDS,
            value in "[a-z0-9 ]{1,12}",
        ) {
            for field in [FieldKind::Street, FieldKind::AddressExtra, FieldKind::OrgName] {
                proptest::prop_assert_eq!(
                    is_read_as(field, &written, &value),
                    is_parsed_as(field, &written, &value)
                );
            }
            for country in [None, Some("US"), Some("FR"), Some("NL")] {
                let read = street::parse_street(&written, country);
                if read.house_number.is_none() && read.extra.is_none() {
                    proptest::prop_assert!(may_be_read_as(FieldKind::Street, &written, &read.name));
                }
            }
            proptest::prop_assert!(may_be_read_as(FieldKind::AddressExtra, &written, &street::extra(&written)));
            let organisation = parse_organisation(&written).name;
            proptest::prop_assert!(may_be_read_as(FieldKind::OrgName, &written, &organisation));
        }

        #[test]
        fn any_text_has_a_spelling(raw in "[A-Za-zäöüß .,'-]{0,30}|\\PC{0,40}", value in "[a-z0-9 ]{1,12}") {
            let context = Context { entity: EntityKind::Either, country: None };
            for &column in FieldKind::ALL {
                for part in parse_cell(column, &raw, context).parts {
                    proptest::prop_assert!(!surface(column, &raw, part.kind, &part.text).is_empty());
                }
                surface(column, &raw, FieldKind::Street, &value);
                surface(column, &raw, FieldKind::FamilyName, &value);
            }
        }
    }
}
