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

pub(super) fn distort(sheet: &mut Sheet, person: &Person, day: Day, typist: &mut Typist) {
    given(sheet, person, day, typist);
    family(sheet, person, day, typist);
    if typist.slips([0.001, 0.008, 0.03]) {
        std::mem::swap(&mut sheet.given, &mut sheet.family);
    }
    for of_family in [false, true] {
        let Sheet { given, family, .. } = &mut *sheet;
        letters(if of_family { family } else { given }, typist);
    }
    if !sheet.title.is_empty() && typist.varies([0.005, 0.02, 0.05]) {
        sheet.given = format!("{} {}", std::mem::take(&mut sheet.title), sheet.given);
    }
    if typist.slips([0.0005, 0.004, 0.015]) {
        let (given, family) = *typist.draw.pick(&NO_NAMES);
        given.clone_into(&mut sheet.given);
        family.clone_into(&mut sheet.family);
    }
}

fn given(sheet: &mut Sheet, person: &Person, day: Day, typist: &mut Typist) {
    let short_forms = Names::get().short_forms(person.given);
    if !short_forms.is_empty() && typist.varies([0.01, 0.08, 0.15]) {
        typist.draw.pick(short_forms).1.clone_into(&mut sheet.given);
    }
    let family = person.family.on(day);
    let maiden = family.maiden.as_deref().filter(|_| family.middle);
    if let Some(second) = maiden.or(person.second) {
        if typist.varies([0.03, 0.25, 0.35]) {
            sheet.given.push(' ');
            sheet.given.push_str(second);
        } else if typist.varies([0.005, 0.05, 0.1]) {
            sheet.given = format!("{second} {}", sheet.given);
        }
    }
    if typist.varies([0.005, 0.04, 0.08]) {
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

fn letters(name: &mut String, typist: &mut Typist) {
    if typist.slips([0.0025, 0.015, 0.04]) {
        respell(name, &mut typist.draw);
    }
    if typist.slips([0.0025, 0.0175, 0.04]) {
        edit(name, &mut typist.draw);
    }
    if typist.slips([0.0, 0.0025, 0.0125]) {
        edit(name, &mut typist.draw);
        edit(name, &mut typist.draw);
    }
    if typist.slips([0.0, 0.001, 0.01]) {
        misread(name, &mut typist.draw);
    }
    if typist.varies([0.01, 0.05, 0.1]) {
        *name = match typist.draw.weighted(&[5, 3, 3, 1]) {
            0 => without_umlauts(name, true),
            1 => without_umlauts(name, false),
            2 => name.to_lowercase(),
            _ => name.to_uppercase(),
        };
    } else if !name.is_ascii() && typist.slips([0.0, 0.005, 0.02]) {
        *name = mojibake(name);
    }
}
