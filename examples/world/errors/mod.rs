//! What goes wrong between a person and a record. Rates are given for the tiers clean, typical and dirty.

mod contact;
mod letters;
mod name;
mod organisation;
mod place;
mod sounds;

pub(crate) use letters::without_umlauts;

use super::calendar::Day;
use super::organisation::Organisation;
use super::person::Person;
use super::sheet::Sheet;
use super::tier::Typist;

/// Distorts what was typed about a person. `others` are the people of the same household.
pub(crate) fn distort(sheet: &mut Sheet, person: &Person, others: &[Person], day: Day, typist: &mut Typist) {
    name::distort(sheet, person, day, typist);
    birth(sheet, others, typist);
    place::distort(sheet, typist);
    contact::distort(sheet, others, day, typist);
    if let Some(job) = person.job.on(day) {
        organisation::distort(sheet, &job.organisation, day, typist);
    }
    skip(sheet, typist);
}

/// Distorts what was typed about an organisation.
pub(crate) fn distort_organisation(sheet: &mut Sheet, of: &Organisation, day: Day, typist: &mut Typist) {
    organisation::distort(sheet, of, day, typist);
    organisation::reach(sheet, of, day, typist);
    place::distort(sheet, typist);
    contact::distort(sheet, &[], day, typist);
    skip(sheet, typist);
}

/// Leaves optional fields empty.
fn skip(sheet: &mut Sheet, typist: &mut Typist) {
    for field in [&mut sheet.phone, &mut sheet.mobile, &mut sheet.mailbox, &mut sheet.title] {
        if typist.skips() {
            field.clear();
        }
    }
}

fn birth(sheet: &mut Sheet, others: &[Person], typist: &mut Typist) {
    let Some((year, month, day)) = &mut sheet.born else { return };
    if typist.slips([0.001, 0.006, 0.02]) && *day <= 12 {
        std::mem::swap(month, day);
    }
    if typist.slips([0.003, 0.012, 0.03]) {
        match typist.draw.below(4) {
            0 => *year += typist.draw.pick(&[-10, -1, 1, 10]),
            1 => *month = typist.draw.range(1, 12),
            _ => *day = typist.draw.range(1, 28),
        }
    }
    if typist.slips([0.002, 0.01, 0.03]) {
        (*month, *day) = (1, 1);
        if typist.draw.chance(0.3) {
            *year = 1900;
        }
    }
    if !others.is_empty() && typist.slips([0.001, 0.004, 0.01]) {
        let other = typist.draw.pick(others).born;
        sheet.born = Some(super::calendar::civil(other));
    }
}
