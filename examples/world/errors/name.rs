//! Names: short forms, parts left out or changed over, other spellings, slips, and names that are none.

use super::super::calendar::Day;
use super::super::names::Names;
use super::super::person::Person;
use super::super::sheet::Sheet;
use super::super::tier::Typist;
use super::letters::{edit, misread, mojibake, respell, without_umlauts};

const NO_NAMES: [(&str, &str); 8] = [
    ("Test", "Test"),
    ("n/a", "n/a"),
    ("", "Kunde"),
    ("", "unbekannt"),
    ("-", "-"),
    ("Max", "Mustermann"),
    ("Test", "Kunde"),
    ("X", "X"),
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
    given(sheet, person, typist);
    family(sheet, person, day, typist);
    letters(&mut sheet.given, &GIVEN, typist);
    letters(&mut sheet.family, &FAMILY, typist);
    if typist.slips([0.001, 0.004, 0.012]) {
        std::mem::swap(&mut sheet.given, &mut sheet.family);
    }
    capitals(sheet, typist);
    if !sheet.title.is_empty() && typist.varies([0.005, 0.02, 0.05]) {
        sheet.given = format!("{} {}", std::mem::take(&mut sheet.title), sheet.given);
    }
    if typist.slips([0.0005, 0.002, 0.006]) {
        let (given, family) = *typist.draw.pick(&NO_NAMES);
        given.clone_into(&mut sheet.given);
        family.clone_into(&mut sheet.family);
    }
}

fn given(sheet: &mut Sheet, person: &Person, typist: &mut Typist) {
    let short_forms = Names::get().short_forms(person.given);
    if !short_forms.is_empty() && typist.varies([0.005, 0.03, 0.05]) {
        typist.draw.pick(short_forms).1.clone_into(&mut sheet.given);
    }
    if let Some(second) = person.second {
        if typist.varies([0.05, 0.3, 0.45]) {
            sheet.given.push(' ');
            sheet.given.push_str(second);
        } else if typist.varies([0.005, 0.03, 0.05]) {
            sheet.given = format!("{second} {}", sheet.given);
        }
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
    if let Some(maiden) = &person.family.on(day).maiden
        && typist.varies([0.01, 0.05, 0.08])
    {
        sheet.family = format!("{} geb. {maiden}", sheet.family);
    }
}

fn letters(name: &mut String, rates: &Rates, typist: &mut Typist) {
    if typist.slips(rates.sound) {
        respell(name, &mut typist.draw);
    }
    if typist.slips(rates.one_edit) {
        edit(name, &mut typist.draw);
    }
    if typist.slips(rates.two_edits) {
        edit(name, &mut typist.draw);
        edit(name, &mut typist.draw);
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
