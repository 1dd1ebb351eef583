//! Person names in one text: forms of address, given names, surnames, generations.

use super::person_token::{Case, Word, without_notes, words};
use super::person_word::{
    Title, continues_title, generation, is_academic, is_born, is_degree, is_degree_behind_comma, is_noble,
    is_particle, is_remark, joins_persons, joins_surnames, title,
};
use crate::text;
use crate::value::Gender;

/// A longer text (in bytes) is no name.
pub(super) const LONGEST: usize = 1024;

/// The parts of a person's name, all folded.
///
/// ```
/// use onefold::normalize::parse_person_name;
/// let name = parse_person_name("Frau Dr. Anna Maria Müller-Lüdenscheidt geb. Huber");
/// assert_eq!(name.given, ["anna"]);
/// assert_eq!(name.middle, ["maria"]);
/// assert_eq!(name.family, ["mueller luedenscheidt", "huber"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PersonName {
    /// The first given name, then nicknames and the given names of further persons.
    pub given: Vec<String>,
    /// Further given names.
    pub middle: Vec<String>,
    /// Surnames without particles: a compound is one value with its parts joined by a space; alternatives, such as
    /// the surname at birth, follow.
    pub family: Vec<String>,
    /// The generation: `jr`, `sr`, `ii`, `iii`, `iv`, `v`.
    pub suffix: Option<String>,
    /// What the form of address tells.
    pub gender: Option<Gender>,
}

/// Parses a whole person name; any text gives some result, one of more than 1024 bytes an empty one.
///
/// Surnames are told by, in this order: a comma (`Müller, Hans`), capitals in mixed text (`MÜLLER Hans`), a particle
/// (`Ludwig van Beethoven`), their place: last, or first in Chinese, Japanese and Korean script. A single
/// word is a surname. Of a double surname without hyphen or `y` only the last word is taken.
///
/// ```
/// use onefold::normalize::parse_person_name;
/// assert_eq!(parse_person_name("MÜLLER Hans").family, ["mueller"]);
/// assert_eq!(parse_person_name("Robert (Bob) Smith").given, ["robert", "bob"]);
/// ```
pub fn parse_person_name(text: &str) -> PersonName {
    if text.len() > LONGEST {
        return PersonName::default();
    }
    if let Some(name) = east_asian(text) {
        return name;
    }
    let mut name = PersonName::default();
    let (outside, notes) = without_notes(text);
    let mut maiden = Vec::new();
    let mut nicknames = Vec::new();
    for note in &notes {
        let words = words(note);
        match words.as_slice() {
            [first, rest @ ..] if is_born(&first.folded) && !rest.is_empty() => maiden.extend(surname(rest)),
            [only] if only.is_name() && !is_remark(&only.folded) => nicknames.push(only.folded.clone()),
            _ => {}
        }
    }
    let mut parts: Vec<Vec<Word>> =
        outside.split([',', ';']).map(words).filter(|part| !part.is_empty()).collect();
    let comma_behind_one = parts.len() == 1 && outside.contains(',');
    take_suffix_parts(&mut parts, &mut name);
    for part in &mut parts {
        maiden.extend(take_maiden(part));
        take_titles(part, &mut name);
        take_trailing(part, &mut name);
    }
    parts.retain(|part| !part.is_empty());
    match parts.as_slice() {
        [] => {}
        [only] if comma_behind_one => name.family.extend(surname(only)),
        [only] => read_in_order(only, &mut name),
        [family, given @ ..] => {
            name.family.extend(surname(family));
            let mut given: Vec<Word> = given.concat();
            while given.len() > 1 && given.last().is_some_and(|word| is_particle(&word.folded)) {
                given.pop();
            }
            put_given(&given, &mut name);
        }
    }
    name.given.extend(nicknames);
    name.family.extend(maiden);
    remove_repeats(&mut name);
    name
}

/// Parses given names alone: the first, then further ones as middle names; a form of address gives the gender.
pub(super) fn parse_given_names(text: &str) -> PersonName {
    let mut name = PersonName::default();
    if text.len() > LONGEST {
        return name;
    }
    let (outside, notes) = without_notes(text);
    let mut given = words(&outside);
    take_titles(&mut given, &mut name);
    if given.len() > 1 {
        take_trailing(&mut given, &mut name);
    }
    put_given(&given, &mut name);
    name.given.extend(notes.iter().filter_map(|note| match words(note).as_slice() {
        [only] if only.is_name() => Some(only.folded.clone()),
        _ => None,
    }));
    remove_repeats(&mut name);
    name
}

/// Parses surnames alone: alternatives are separated by `/` or `geb.`, a suffix after them is taken apart.
pub(super) fn parse_family_names(text: &str) -> PersonName {
    let mut name = PersonName::default();
    if text.len() > LONGEST {
        return name;
    }
    let (outside, notes) = without_notes(text);
    let mut maiden = Vec::new();
    for alternative in outside.split(['/', ';']) {
        let mut parts: Vec<Vec<Word>> =
            alternative.split(',').map(words).filter(|part| !part.is_empty()).collect();
        take_suffix_parts(&mut parts, &mut name);
        let mut family: Vec<Word> = parts.concat();
        maiden.extend(take_maiden(&mut family));
        take_titles(&mut family, &mut name);
        take_trailing(&mut family, &mut name);
        name.family.extend(surname(&family));
    }
    for note in &notes {
        let words = words(note);
        let skip = usize::from(words.first().is_some_and(|word| is_born(&word.folded)));
        maiden.extend(surname(words.get(skip..).unwrap_or(&[])));
    }
    name.family.extend(maiden);
    remove_repeats(&mut name);
    name
}

/// The gender that a form of address tells, wherever it stands in a prefix such as `Herr Dr.`
pub(super) fn gender_of_prefix(text: &str) -> Option<Gender> {
    let words = words(text);
    let mut genders = words
        .iter()
        .filter_map(|word| title(&word.folded).and_then(Title::gender).or_else(|| word.is_monsieur_alone()));
    let first = genders.next()?;
    genders.all(|other| other == first).then_some(first)
}

/// Drops parts behind a comma that are suffixes or degrees and keeps the suffix.
fn take_suffix_parts(parts: &mut Vec<Vec<Word>>, name: &mut PersonName) {
    let mut position = 0;
    parts.retain(|part| {
        position += 1;
        let joined: String = part.iter().map(|word| word.folded.as_str()).collect();
        let suffix = part.iter().all(|word| generation(&word.folded).is_some());
        let degree = is_degree_behind_comma(&joined)
            || part.iter().all(|word| is_degree_behind_comma(&word.folded) || is_academic(&word.folded));
        if position == 1 || !(suffix || degree) {
            return true;
        }
        if let Some(found) = part.iter().find_map(|word| generation(&word.folded)) {
            name.suffix.get_or_insert_with(|| found.to_owned());
        }
        false
    });
}

/// Cuts `geb. Huber` off and returns the surname at birth.
fn take_maiden(words: &mut Vec<Word>) -> Option<String> {
    let position = words.iter().position(|word| is_born(&word.folded))?;
    if position == 0 || position + 1 == words.len() {
        return None;
    }
    let maiden = words.split_off(position);
    surname(maiden.get(1..)?)
}

/// Takes forms of address and titles from the front, and academic titles from anywhere.
fn take_titles(words: &mut Vec<Word>, name: &mut PersonName) {
    let mut genders = Vec::new();
    let mut leading = 0;
    let mut addressed = false;
    while let Some(word) = words.get(leading) {
        let more = words.len() - leading - 1;
        let monsieur = word.folded == "m" && word.dotted && more > 1 && leading == 0;
        let joiner = addressed && joins_persons(&word.folded);
        let continued =
            addressed && continues_title(&word.folded) && (word.dotted || word.case == Case::Mixed);
        match title(&word.folded) {
            _ if more == 0 && !is_academic(&word.folded) => break,
            Some(title) => genders.extend(title.gender()),
            None if monsieur => genders.push(Gender::Male),
            None if joiner || continued => {}
            None => break,
        }
        addressed = true;
        leading += 1;
    }
    words.drain(..leading);
    if words.len() > 1 {
        let mut after_title = false;
        let mut kept = Vec::with_capacity(words.len());
        for word in words.drain(..) {
            let drop =
                is_academic(&word.folded) || (after_title && word.dotted && continues_title(&word.folded));
            after_title = drop;
            if !drop {
                kept.push(word);
            }
        }
        *words = kept;
    }
    if let Some((first, rest)) = genders.split_first()
        && rest.iter().all(|other| other == first)
    {
        name.gender.get_or_insert(*first);
    }
}

/// Takes generations and degrees from the end while a name remains.
fn take_trailing(words: &mut Vec<Word>, name: &mut PersonName) {
    loop {
        if let [.., before, last] = words.as_slice()
            && words.len() > 2
            && before.folded == "ph"
            && last.folded == "d"
        {
            words.truncate(words.len() - 2);
            continue;
        }
        let Some(last) = words.last() else { return };
        if words.len() < 2 {
            return;
        }
        let numeral = matches!(last.folded.as_str(), "v");
        if is_degree(&last.folded) {
            words.pop();
        } else if let Some(found) = generation(&last.folded)
            && (!numeral || (words.len() > 2 && !last.dotted))
        {
            name.suffix.get_or_insert_with(|| found.to_owned());
            words.pop();
        } else {
            return;
        }
    }
}

/// Reads `given … family` or a surname told by capitals.
fn read_in_order(words: &[Word], name: &mut PersonName) {
    if let [only] = words {
        name.family.extend(surname(std::slice::from_ref(only)));
        return;
    }
    let (family, given) = if let Some(range) = by_capitals(words) {
        let before = words.get(..range.start).unwrap_or(&[]);
        let behind = words.get(range.end..).unwrap_or(&[]);
        (words.get(range).unwrap_or(&[]), [before, behind].concat())
    } else {
        let (given, family) = words.split_at_checked(surname_start(words)).unwrap_or((&[], words));
        (family, given.to_vec())
    };
    name.family.extend(surname(family));
    put_given(&given, name);
}

/// The block of words in capitals at either end of a mixed text.
fn by_capitals(words: &[Word]) -> Option<std::ops::Range<usize>> {
    let names = || words.iter().filter(|word| !is_particle(&word.folded));
    if !names().any(|word| word.case == Case::Mixed) {
        return None;
    }
    let leading = words.iter().take_while(|word| word.is_capital_surname()).count();
    if leading > 0 && !words.iter().skip(leading).any(Word::is_capital_surname) {
        return Some(0..leading);
    }
    let trailing = words.iter().rev().take_while(|word| word.is_capital_surname()).count();
    let start = words.len() - trailing;
    (trailing > 0 && !words.iter().take(start).any(Word::is_capital_surname)).then_some(start..words.len())
}

/// Where the surname begins: at the particles before the last word, or at a surname joined by `y`.
fn surname_start(words: &[Word]) -> usize {
    let folded = |position: usize| words.get(position).map_or("", |word| word.folded.as_str());
    let mut start = words.len() - 1;
    if start > 2 && joins_surnames(folded(start - 1)) {
        start -= 2;
    }
    if start > 1
        && matches!(folded(start - 1), "o" | "mc" | "mac" | "st" | "san" | "santa")
        && !is_dotted_initial(words, start - 1)
    {
        start -= 1;
    }
    let particle = |position: usize| {
        let joined = joins_persons(folded(position)) && is_particle(folded(position.saturating_sub(1)));
        (is_particle(folded(position)) || joined) && !is_dotted_initial(words, position)
    };
    while start > 1 && particle(start - 1) {
        start -= 1;
    }
    // Two particles at the front leave no room for a given name: `van der Berg`.
    if start == 1 && words.len() > 2 && is_particle(folded(0)) {
        start = 0;
    }
    start
}

fn is_dotted_initial(words: &[Word], position: usize) -> bool {
    words.get(position).is_some_and(|word| word.is_initial() && word.dotted && word.case != Case::SmallLetter)
}

/// A surname: leading particles and joining words dropped, `O` and `Mc` put together with what follows.
fn surname(words: &[Word]) -> Option<String> {
    let mut tokens: Vec<&str> = words.iter().flat_map(|word| text::tokens(&word.folded)).collect();
    let mut particles = 0;
    while let [first, second, ..] = tokens.as_slice()
        && (is_particle(first)
            || (is_noble(first) && is_particle(second))
            || (particles > 0 && joins_persons(first) && is_particle(second)))
    {
        tokens.remove(0);
        particles += 1;
    }
    let mut joined: Vec<String> = Vec::with_capacity(tokens.len());
    let mut open = false;
    let last = tokens.len().saturating_sub(1);
    for (position, token) in tokens.iter().enumerate() {
        if position > 0 && position < last && joins_surnames(token) {
            continue;
        }
        match joined.last_mut() {
            Some(previous) if open => previous.push_str(token),
            _ => joined.push((*token).to_owned()),
        }
        open = position < last && matches!(*token, "o" | "mc");
    }
    (!joined.is_empty()).then(|| joined.join(" "))
}

/// Puts given names in place: the first one, those of further persons, and the rest as middle names.
fn put_given(words: &[Word], name: &mut PersonName) {
    let mut joined = false;
    let mut first = true;
    for (position, word) in words.iter().enumerate() {
        if !first && joins_persons(&word.folded) && position + 1 < words.len() {
            joined = true;
            continue;
        }
        let noble = is_noble(&word.folded) && words.len() > 1 && position + 1 == words.len();
        if !first && (is_particle(&word.folded) && !word.is_initial() || noble) {
            continue;
        }
        for token in text::tokens(&word.folded) {
            if first || joined {
                name.given.push(token.to_owned());
            } else {
                name.middle.push(token.to_owned());
            }
            first = false;
            joined = false;
        }
    }
}

fn remove_repeats(name: &mut PersonName) {
    for values in [&mut name.given, &mut name.middle, &mut name.family] {
        let mut seen: Vec<String> = Vec::with_capacity(values.len());
        values.retain(|value| {
            let new = !value.is_empty() && !seen.contains(value);
            seen.extend(new.then(|| value.clone()));
            new
        });
    }
}

/// A name in Chinese, Japanese or Korean script: the surname first, one character unless a space or a known
/// two-character surname tells; a middle dot separates a foreign name, given name first.
fn east_asian(text: &str) -> Option<PersonName> {
    const COMPOUND: &[&str] = &[
        "欧阳", "歐陽", "司马", "司馬", "诸葛", "諸葛", "上官", "司徒", "皇甫", "남궁", "황보", "선우",
        "제갈",
    ];
    let text = text.trim();
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    if letters().next().is_none() || !letters().all(is_east_asian) {
        return None;
    }
    let (family, given) = if let Some((given, family)) = text.split_once(['・', '·']) {
        (family, given)
    } else if let Some((family, given)) = text.split_once(char::is_whitespace) {
        (family, given)
    } else {
        let compound =
            COMPOUND.iter().find(|surname| text.starts_with(**surname) && text.len() > surname.len());
        let first = text.chars().next().map_or(0, char::len_utf8);
        text.split_at_checked(compound.map_or(first, |surname| surname.len()))?
    };
    let value = |part: &str| Some(text::fold(part)).filter(|folded| !folded.is_empty());
    Some(PersonName {
        given: value(given).into_iter().collect(),
        family: value(family).into_iter().collect(),
        ..PersonName::default()
    })
}

fn is_east_asian(c: char) -> bool {
    matches!(c, '\u{3005}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{2fa1f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: &PersonName) -> String {
        let gender = name.gender.map_or("", |gender| if gender == Gender::Female { "f" } else { "m" });
        let lists = [&name.given, &name.middle, &name.family].map(|values| values.join("+"));
        format!("{}|{}|{gender}", lists.join("|"), name.suffix.as_deref().unwrap_or(""))
    }

    #[test]
    fn whole_names_by_table() {
        let cases = [
            ("Hans Müller", "hans||mueller||"),
            ("Müller, Hans", "hans||mueller||"),
            ("MÜLLER, HANS PETER", "hans|peter|mueller||"),
            ("Hans MÜLLER", "hans||mueller||"),
            ("MÜLLER Hans", "hans||mueller||"),
            ("LI Wei", "wei||li||"),
            ("JP Smith", "jp||smith||"),
            ("HANS MÜLLER", "hans||mueller||"),
            ("Hans-Peter Müller-Lüdenscheidt", "hans|peter|mueller luedenscheidt||"),
            ("H. P. Müller", "h|p|mueller||"),
            ("H.P. Müller", "h|p|mueller||"),
            ("Herr Dr. Hans Müller", "hans||mueller||m"),
            ("Frau Prof. Dr. med. Anna Meier", "anna||meier||f"),
            ("Dipl.-Ing. Karl Huber", "karl||huber||"),
            ("Dr. rer. nat. Eva Braun", "eva||braun||"),
            ("Herr Müller", "||mueller||m"),
            ("Mr & Mrs John Smith", "john||smith||"),
            ("Hans und Maria Müller", "hans+maria||mueller||"),
            ("Mme Claire Dupont", "claire||dupont||f"),
            ("M. Jean Dupont", "jean||dupont||m"),
            ("Sir Elton John", "elton||john||m"),
            ("John Smith Jr.", "john||smith|jr|"),
            ("John Smith, Jr.", "john||smith|jr|"),
            ("Smith, John, III", "john||smith|iii|"),
            ("John Q. Public, Ph.D.", "john|q|public||"),
            ("John Smith PhD", "john||smith||"),
            ("Jack Ma", "jack||ma||"),
            ("Ludwig van Beethoven", "ludwig||beethoven||"),
            ("Ursula von der Leyen", "ursula||leyen||"),
            ("von Müller, Hans", "hans||mueller||"),
            ("Müller, Hans von", "hans||mueller||"),
            ("Hans Graf von Bülow", "hans||buelow||"),
            ("Steffi Graf", "steffi||graf||"),
            ("Ben Smith", "ben||smith||"),
            ("Ali bin Salman", "ali||salman||"),
            ("Juan García y López", "juan||garcia lopez||"),
            ("José Luis García López", "jose|luis garcia|lopez||"),
            ("Anna Meier geb. Huber", "anna||meier+huber||"),
            ("Anna Meier (geb. Huber)", "anna||meier+huber||"),
            ("Claire Dupont née Martin", "claire||dupont+martin||"),
            ("Max Born", "max||born||"),
            ("Robert (Bob) Smith", "robert+bob||smith||"),
            ("Robert \"Bob\" Smith", "robert+bob||smith||"),
            ("Sean O'Brien", "sean||obrien||"),
            ("Sean O Brien", "sean||obrien||"),
            ("Ronald Mc Donald", "ronald||mcdonald||"),
            ("Hans Freiherr von und zu Guttenberg", "hans||guttenberg||"),
            ("Hans v. Berg", "hans||berg||"),
            ("van der Berg", "||berg||"),
            ("MC DONALD Ronald", "ronald||mcdonald||"),
            ("Hans Müller (verstorben)", "hans||mueller||"),
            ("Don Johnson", "don||johnson||"),
            ("Madonna", "||madonna||"),
            ("", "||||"),
        ];
        for (text, expected) in cases {
            let expected = expected.replace("luis garcia|", "luis+garcia|");
            assert_eq!(line(&parse_person_name(text)), expected, "{text}");
        }
    }

    #[test]
    fn east_asian_names_begin_with_the_surname() {
        for (text, family) in [("王小明", "王"), ("欧阳修", "欧阳"), ("김민준", "김"), ("山田 太郎", "山田")]
        {
            assert_eq!(parse_person_name(text).family, [text::fold(family)], "{text}");
            assert_eq!(parse_person_name(text).given.len(), 1, "{text}");
        }
        assert_eq!(parse_person_name("マイケル・ジョーダン").given, [text::fold("マイケル")]);
    }

    #[test]
    fn split_columns_by_table() {
        let given = [
            ("Hans-Peter", "hans|peter|||"),
            ("Anna Maria", "anna|maria|||"),
            ("Dr. Hans", "hans||||"),
            ("Frau Anna", "anna||||f"),
            ("Robert (Bob)", "robert+bob||||"),
            ("Ben", "ben||||"),
            ("J. R.", "j|r|||"),
        ];
        for (text, expected) in given {
            assert_eq!(line(&parse_given_names(text)), expected, "{text}");
        }
        let family = [
            ("von der Leyen", "||leyen||"),
            ("Müller-Lüdenscheid", "||mueller luedenscheid||"),
            ("Meier/Huber", "||meier+huber||"),
            ("Meier geb. Huber", "||meier+huber||"),
            ("Meier (Huber)", "||meier+huber||"),
            ("Smith Jr.", "||smith|jr|"),
            ("Smith, III", "||smith|iii|"),
            ("Dr. Müller", "||mueller||"),
            ("Van", "||van||"),
            ("O'Neill", "||oneill||"),
        ];
        for (text, expected) in family {
            assert_eq!(line(&parse_family_names(text)), expected, "{text}");
        }
    }

    #[test]
    fn prefixes_tell_the_gender() {
        assert_eq!(gender_of_prefix("Herr Dr."), Some(Gender::Male));
        assert_eq!(gender_of_prefix("Frau"), Some(Gender::Female));
        assert_eq!(gender_of_prefix("M."), Some(Gender::Male));
        assert_eq!(gender_of_prefix("Mr. and Mrs."), None);
        assert_eq!(gender_of_prefix("Dr."), None);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "\\PC*") {
            let name = parse_person_name(&text);
            proptest::prop_assert!(name.given.iter().chain(&name.family).all(|value| !value.is_empty()));
            parse_given_names(&text);
            parse_family_names(&text);
            gender_of_prefix(&text);
        }

        #[test]
        fn never_panics_on_name_like_words(text in "((Dr|Herr|von|y|e|geb|JR|M|Ph|D|O|V|Meier|HUBER|&|,|\\(|\"|・|王)[. -]?){0,8}") {
            parse_person_name(&text);
        }
    }
}
