//! The people who act for organisations: their desks, and the employers among whom they change.

use std::rc::Rc;

use super::World;
use super::calendar::{Day, YEAR, civil};
use super::household;
use super::mailbox::plain;
use super::names::{Gender, Names};
use super::organisation::{self, Organisation};
use super::person::{Home, Job, Person, Since};
use super::random::Draw;

/// Contacts of an organisation at most.
const MOST_CONTACTS: usize = 50;
/// Per year.
const CHANGES_EMPLOYER: f64 = 0.10;
/// Organisations among which the next employer is looked for.
const EMPLOYERS: usize = 80;
/// Contacts who write from the mailbox of the organisation, where it has one.
const ROLE_MAILBOX: f64 = 0.15;

/// The people of an organisation who deal with others; each came from it and may have left it.
pub(crate) fn contacts(world: &World, organisation: &Rc<Organisation>) -> Vec<Person> {
    if organisation.owner.is_some() {
        return Vec::new();
    }
    let draw = &mut Draw::of(world.seed(), "contacts", organisation.number);
    // Most have one contact, few have many: the inverse of a draw has a long tail.
    let one = draw.chance(0.6);
    let count = if one { 1 } else { (1.0 / (1.0 - draw.unit() * 0.98)).min(MOST_CONTACTS as f64) as usize };
    (0..count as u64).map(|at| contact(draw, world, organisation, at)).collect()
}

fn contact(draw: &mut Draw, world: &World, organisation: &Rc<Organisation>, at: u64) -> Person {
    let names = Names::get();
    let city = organisation.home.on(Day::MIN).address.city;
    let origin = names.origin(draw, city.country);
    let gender = if draw.chance(0.45) { Gender::Female } else { Gender::Male };
    let born = household::birthday_between(draw, 22, 62);
    let (year, ..) = civil(born);
    let given = names.forename(draw, origin, gender, year);
    let family = names.surname(draw, origin);
    let number = world.first_of_organisation(organisation.number) + at;
    let home = organisation.home.on(Day::MIN).clone();
    let mut person = Person {
        second: names.second(draw, origin, gender, year),
        title: if draw.chance(0.04) { "Dr." } else { "" },
        mobile: Since::always(draw.chance(0.5).then(|| world.mobile(city, number, 0))),
        ..Person::new(number, gender, given, born, household::plain(family), home)
    };
    employ(draw, &mut person, organisation, Day::MIN);
    for year in 0..world.years() {
        if draw.chance(CHANGES_EMPLOYER) {
            // People stay in their country, and nobody works for somebody who works alone.
            let next =
                (0..EMPLOYERS).map(|_| draw.below(world.organisations() as usize) as u64).find(|&next| {
                    next != organisation.number
                        && organisation::country(world, next) == city.country
                        && !organisation::is_one_person(world, next)
                });
            let Some(next) = next else { continue };
            let day = world.start() + year * YEAR + draw.range(0, YEAR - 1);
            employ(draw, &mut person, &Rc::new(organisation::organisation(world, next)), day);
        }
    }
    person
}

/// Gives a person a desk: mailbox and number of the organisation.
fn employ(draw: &mut Draw, person: &mut Person, organisation: &Rc<Organisation>, day: Day) {
    let home = organisation.home.on(day).clone();
    let extension =
        home.landline.as_ref().filter(|_| draw.chance(0.6)).map(|board| board.extension(draw.below(90) + 10));
    let (given, family) = (plain(person.given), plain(&person.family.latest().name.text));
    let initial = given.get(..1).unwrap_or_default();
    let local = match draw.weighted(&[60, 25, 15]) {
        0 => [&given, ".", family.as_str()].concat(),
        1 => [initial, ".", family.as_str()].concat(),
        _ => family,
    };
    let role = organisation.mailbox.clone().filter(|_| draw.chance(ROLE_MAILBOX));
    let mailbox =
        role.or_else(|| draw.chance(0.9).then(|| [&local, "@", organisation.domain.as_str()].concat()));
    let landline = extension.or_else(|| home.landline.clone());
    person.home.change(day, Home { landline: landline.clone(), ..home });
    for (moving, _, next) in organisation.home.steps().filter(|(moving, ..)| *moving > day) {
        person.home.change(moving, Home { landline: landline.clone(), ..next.clone() });
    }
    person.mailbox.change(day, mailbox);
    person.job.change(day, Some(Job { organisation: Rc::clone(organisation) }));
}
