//! Names: short forms, parts left out or changed over, other spellings, slips, and names that are none.

use super::super::calendar::Day;
use super::super::locale::{Country, Language};
use super::super::names::Names;
use super::super::person::Person;
use super::super::sheet::Sheet;
use super::super::tier::Typist;
use super::letters::{edit, misread, mojibake, respell, without_umlauts};

/// Names that are none, by language.
const NO_NAMES: [[(&str, &str); 8]; 3] = [
    [
        ("Test", "Test"),
        ("n/a", "n/a"),
        ("", "Kunde"),
        ("", "unbekannt"),
        ("-", "-"),
        ("Max", "Mustermann"),
        ("Test", "Kunde"),
        ("X", "X"),
    ],
    [
        ("Test", "Test"),
        ("n/a", "n/a"),
        ("", "Customer"),
        ("", "unknown"),
        ("John", "Doe"),
        ("-", "-"),
        ("Test", "User"),
        ("X", "X"),
    ],
    [
        ("Test", "Test"),
        ("n/a", "n/a"),
        ("", "Client"),
        ("", "inconnu"),
        ("Jean", "Dupont"),
        ("-", "-"),
        ("Test", "Client"),
        ("X", "X"),
    ],
];

/// How often the letters of a name are wrong.
struct Rates {
    /// Written as it sounds.
    sound: [f64; 3],
    one_edit: [f64; 3],
    two_edits: [f64; 3],
    /// Read wrongly from paper.
    shape: [f64; 3],
}

/// Given names are few and known: in a register that is eight years apart, one in eight differs in all, by whatever
/// cause.
const GIVEN: Rates = Rates {
    sound: [0.001, 0.006, 0.012],
    one_edit: [0.002, 0.008, 0.013],
    two_edits: [0.0, 0.001, 0.004],
    shape: [0.0, 0.000_5, 0.003],
};
/// Surnames are spelled as they were heard.
const FAMILY: Rates = Rates {
    sound: [0.005, 0.03, 0.08],
    one_edit: [0.005, 0.03, 0.07],
    two_edits: [0.0, 0.006, 0.025],
    shape: [0.0, 0.002, 0.02],
};

pub(super) fn distort(sheet: &mut Sheet, person: &Person, day: Day, typist: &mut Typist) {
    given(sheet, person, day, typist);
    family(sheet, person, day, typist);
    let language = sheet.country().language();
    letters(&mut sheet.given, language, &GIVEN, typist);
    letters(&mut sheet.family, language, &FAMILY, typist);
    if typist.slips([0.001, 0.004, 0.012]) {
        std::mem::swap(&mut sheet.given, &mut sheet.family);
    }
    capitals(sheet, typist);
    if !sheet.title.is_empty() && typist.varies([0.005, 0.02, 0.05]) {
        sheet.given = format!("{} {}", std::mem::take(&mut sheet.title), sheet.given);
    }
    if typist.slips([0.0005, 0.002, 0.006]) {
        let (given, family) = *typist.draw.pick(&NO_NAMES[language as usize]);
        given.clone_into(&mut sheet.given);
        family.clone_into(&mut sheet.family);
    }
}

fn given(sheet: &mut Sheet, person: &Person, day: Day, typist: &mut Typist) {
    let (country, language) = (sheet.country(), sheet.country().language());
    let short_forms = Names::get().short_forms(person.given, language);
    if !short_forms.is_empty() && typist.varies([0.005, 0.03, 0.05]) {
        typist.draw.pick(short_forms).1.clone_into(&mut sheet.given);
    }
    let family = person.family.on(day);
    let maiden = family.maiden.as_deref().filter(|_| family.middle);
    if let Some(second) = maiden.or(person.second) {
        // Where nearly everybody has one, few write it.
        let [behind, before] = match country {
            Country::Us => [[0.12, 0.16, 0.2], [0.001, 0.004, 0.008]],
            Country::Gb => [[0.02, 0.08, 0.12], [0.001, 0.006, 0.01]],
            Country::Fr => [[0.01, 0.04, 0.08], [0.0, 0.002, 0.005]],
            _ => [[0.05, 0.3, 0.45], [0.005, 0.03, 0.05]],
        };
        if typist.varies(behind) {
            sheet.given.push(' ');
            match (language, typist.draw.weighted(&[30, 45, 25])) {
                (Language::English, 1) => sheet.given.extend(second.chars().next()),
                (Language::English, 2) => {
                    sheet.given.extend(second.chars().next());
                    sheet.given.push('.');
                }
                _ => sheet.given.push_str(second),
            }
        } else if typist.varies(before) {
            sheet.given = format!("{second} {}", sheet.given);
        }
    }
    if sheet.given.contains('-') && typist.varies([0.02, 0.1, 0.2]) {
        sheet.given = match typist.draw.below(3) {
            0 => sheet.given.split('-').next().unwrap_or_default().to_owned(),
            _ => sheet.given.replace('-', " "),
        };
    }
    if typist.varies([0.003, 0.015, 0.025]) {
        let initial: String = sheet.given.chars().take(1).collect();
        sheet.given = if typist.draw.chance(0.7) { initial + "." } else { initial };
    }
}

fn family(sheet: &mut Sheet, person: &Person, day: Day, typist: &mut Typist) {
    if let Some((first, second)) = sheet.family.split_once('-')
        && typist.varies([0.05, 0.2, 0.4])
    {
        let family = if typist.draw.chance(0.4) {
            format!("{first} {second}")
        } else {
            (*typist.draw.pick(&[first, second])).to_owned()
        };
        sheet.family = family;
    }
    if let Some((particle, name)) = sheet.family.rsplit_once(' ')
        && typist.varies([0.05, 0.2, 0.4])
    {
        sheet.family = if typist.draw.chance(0.5) {
            name.to_owned()
        } else {
            format!("{}{name}", particle.replace(' ', ""))
        };
    }
    let maiden = person.family.on(day).maiden.as_deref();
    if let Some(maiden) =
        maiden.filter(|maiden| sheet.country() == Country::Us && !sheet.family.contains(maiden))
        && typist.varies([0.02, 0.08, 0.12])
    {
        // American wives keep their name in the middle.
        sheet.given = format!("{} {maiden}", sheet.given);
    } else if let Some(maiden) = maiden
        && typist.varies([0.01, 0.05, 0.08])
    {
        sheet.family = match sheet.country().language() {
            Language::German => format!("{} geb. {maiden}", sheet.family),
            Language::English => format!("{} (née {maiden})", sheet.family),
            Language::French => format!("{} née {maiden}", sheet.family),
        };
    }
    if !person.suffix.is_empty() && typist.varies([0.8, 0.6, 0.5]) {
        let comma = if typist.draw.chance(0.2) { "," } else { "" };
        let dot = if typist.draw.chance(0.4) { "" } else { "." };
        sheet.family = format!("{}{comma} {}{dot}", sheet.family, person.suffix.trim_end_matches('.'));
        if person.suffix == "III" {
            sheet.family = sheet.family.trim_end_matches('.').to_owned();
        }
    }
}

fn letters(name: &mut String, language: Language, rates: &Rates, typist: &mut Typist) {
    if typist.slips(rates.sound) {
        respell(name, language, &mut typist.draw);
    }
    if typist.slips(rates.one_edit) {
        edit(name, language, &mut typist.draw);
    }
    if typist.slips(rates.two_edits) {
        edit(name, language, &mut typist.draw);
        edit(name, language, &mut typist.draw);
    }
    if typist.slips(rates.shape) {
        misread(name, &mut typist.draw);
    }
    if name.is_ascii() {
        return;
    }
    if typist.varies([0.02, 0.1, 0.2]) {
        *name = without_umlauts(name, typist.draw.chance(0.6));
    } else if typist.slips([0.0, 0.005, 0.02]) {
        *name = mojibake(name);
    }
}

/// Some write all small, some all or the surname in capitals.
fn capitals(sheet: &mut Sheet, typist: &mut Typist) {
    if typist.varies([0.02, 0.08, 0.16]) {
        match typist.draw.below(3) {
            0 => {
                sheet.given = sheet.given.to_lowercase();
                sheet.family = sheet.family.to_lowercase();
            }
            1 => sheet.family = sheet.family.to_uppercase(),
            _ => {
                sheet.given = sheet.given.to_uppercase();
                sheet.family = sheet.family.to_uppercase();
            }
        }
    }
}
