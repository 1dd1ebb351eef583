//! Organisations: legal name, short names, branches, switchboard, and the people who work there.

use std::rc::Rc;

use super::World;
use super::calendar::{Day, END, START, YEAR, civil};
use super::mailbox::plain;
use super::names::{Gender, Names};
use super::organisation_names::{branch_word, core_name, legal_form, role, tax_number, trade_name};
use super::person::{FamilyName, Home, Job, Person, Since};
use super::phone::Phone;
use super::place::{Country, Places};
use super::random::Draw;

/// Numbers that an organisation takes: one for each contact, the last for itself.
pub(crate) const NUMBERS: u64 = 64;
/// Organisations of which the first ones may be branches of one company.
const RUN: u64 = 16;
/// Runs that begin with branches; about 8 % of the organisations are.
const BRANCHES: f64 = 0.35;
/// Contacts of an organisation at most.
const MOST_CONTACTS: usize = 50;
/// Per year.
const CHANGES_EMPLOYER: f64 = 0.10;
const RELOCATES: f64 = 0.04;
const CHANGES_NAME: f64 = 0.02;

/// An organisation.
#[derive(Clone, Debug)]
pub(crate) struct Organisation {
    pub(crate) number: u64,
    /// The name without its legal form.
    pub(crate) core: Since<String>,
    pub(crate) form: Since<&'static str>,
    /// How the town calls it.
    pub(crate) trade_name: Option<String>,
    /// What tells a branch from the others.
    pub(crate) branch: Option<&'static str>,
    pub(crate) home: Since<Home>,
    pub(crate) mailbox: Option<String>,
    pub(crate) domain: String,
    pub(crate) tax: Option<String>,
}

impl Organisation {
    /// The name in the register on a day.
    pub(crate) fn legal_name(&self, day: Day) -> String {
        format!("{} {}", self.core.on(day), self.form.on(day))
    }

    /// The initials of a name of several words, with the last word in full.
    pub(crate) fn short_name(&self, day: Day) -> Option<String> {
        let words: Vec<&str> = self.core.on(day).split([' ', '-']).filter(|word| word.len() > 2).collect();
        let (_, rest) = words.split_last()?;
        (rest.len() > 1).then(|| rest.iter().filter_map(|word| word.chars().next()).collect())
    }

    /// How often something had changed by a day.
    pub(crate) fn state(&self, day: Day) -> usize {
        self.core.changes(day) + self.form.changes(day) + self.home.changes(day)
    }
}

/// The organisation of a number: the same whenever it is asked for.
pub(crate) fn organisation(world: &World, number: u64) -> Organisation {
    let draw = &mut Draw::of(world.seed(), "organisation", number);
    let mut of_run = Draw::of(world.seed(), "branches", number / RUN);
    let branches = if of_run.chance(BRANCHES) { 2 + of_run.geometric(0.55, 13) as u64 } else { 0 };
    let is_branch = number % RUN < branches;
    let places = Places::get();
    let of_branches = world.city(&mut of_run);
    let city = if is_branch { places.city_of(draw, of_branches.country) } else { world.city(draw) };
    // Branches share the draws of their name.
    let mut of_name = if is_branch { Draw::of(world.seed(), "company", number / RUN) } else { draw.clone() };
    let country = city.country;
    // Branches have one name, so it tells the same city.
    let in_name = if is_branch { of_branches.name } else { city.name };
    let core = core_name(&mut of_name, country, in_name);
    let form = legal_form(&mut of_name, country);
    let domain = domain(&mut of_name, &core, world.organisations());
    draw.next();

    let address = places.address(draw, city);
    let switchboard = world.switchboard(city.country, city.area, number);
    let home = Home { address, landline: Some(switchboard), household: None };
    let trade_name = draw.chance(0.12).then(|| trade_name(draw, &core, country));
    let branch = (is_branch && draw.chance(0.4)).then(|| branch_word(draw, country));
    let role = role(draw, country);
    let tax = tax_number(&mut of_name, country);
    let mut organisation = Organisation {
        number,
        core: Since::always(core),
        form: Since::always(form),
        trade_name,
        branch,
        home: Since::always(home),
        mailbox: draw.chance(0.85).then(|| format!("{role}@{domain}")),
        domain,
        tax,
    };
    for year in 0..(END - START) / YEAR {
        let day = START + year * YEAR + draw.range(0, YEAR - 1);
        if draw.chance(RELOCATES) {
            let home = organisation.home.latest().clone();
            let address = places.address(draw, city);
            organisation.home.change(day, Home { address, ..home });
        }
        if draw.chance(CHANGES_NAME / 2.0) {
            organisation.form.change(day, legal_form(draw, country));
        }
        if draw.chance(CHANGES_NAME / 2.0) {
            organisation.core.change(day, core_name(draw, country, city.name));
        }
    }
    organisation
}

/// The people of an organisation who deal with others; each came from it and may have left it.
pub(crate) fn contacts(world: &World, organisation: &Rc<Organisation>) -> Vec<Person> {
    let draw = &mut Draw::of(world.seed(), "contacts", organisation.number);
    // Most have one contact, few have many: the inverse of a draw has a long tail.
    let one = draw.chance(0.6);
    let count = if one { 1 } else { (1.0 / (1.0 - draw.unit() * 0.98)).min(MOST_CONTACTS as f64) as usize };
    (0..count as u64).map(|at| contact(draw, world, organisation, at)).collect()
}

fn contact(draw: &mut Draw, world: &World, organisation: &Rc<Organisation>, at: u64) -> Person {
    let names = Names::get();
    let city = organisation.home.latest().address.city;
    let origin = names.origin(draw, city.country);
    let gender = if draw.chance(0.45) { Gender::Female } else { Gender::Male };
    let born = super::household::birthday_between(draw, 22, 62);
    let (year, ..) = civil(born);
    let given = names.forename(draw, origin, gender, year);
    let family = names.surname(draw, origin);
    let number = world.first_of_organisation(organisation.number) + at;
    let mut person = Person {
        number,
        gender,
        given,
        second: names.second(draw, origin, gender, year),
        suffix: "",
        title: if draw.chance(0.04) { "Dr." } else { "" },
        born,
        family: Since::always(FamilyName { name: family, maiden: None }),
        home: organisation.home.clone(),
        mailbox: Since::always(None),
        mobile: Since::always(draw.chance(0.5).then(|| world.mobile(city, number, 0))),
        job: Since::always(None),
        died: None,
        reach: 1.0,
    };
    person.home = Since::always(organisation.home.latest().clone());
    employ(draw, &mut person, organisation, Day::MIN);
    for year in 0..(END - START) / YEAR {
        if draw.chance(CHANGES_EMPLOYER) {
            let next = draw.below(world.organisations() as usize) as u64;
            let day = START + year * YEAR + draw.range(0, YEAR - 1);
            employ(draw, &mut person, &Rc::new(self::organisation(world, next)), day);
        }
    }
    person
}

/// Gives a person a desk: mailbox and number of the organisation.
fn employ(draw: &mut Draw, person: &mut Person, organisation: &Rc<Organisation>, day: Day) {
    let home = organisation.home.on(day.max(START)).clone();
    let extension =
        home.landline.as_ref().filter(|_| draw.chance(0.6)).map(|board| board.extension(draw.below(90) + 10));
    let (given, family) = (plain(person.given), plain(&person.family.latest().name.text));
    let initial: String = given.chars().take(1).collect();
    let local = match draw.weighted(&[60, 25, 15]) {
        0 => format!("{given}.{family}"),
        1 => format!("{initial}.{family}"),
        _ => family,
    };
    let mailbox = draw.chance(0.9).then(|| format!("{local}@{}", organisation.domain));
    let landline = extension.or_else(|| home.landline.clone());
    person.home.change(day, Home { landline, ..home });
    person.mailbox.change(day, mailbox);
    person.job.change(day, Some(Job { organisation: Rc::clone(organisation) }));
}

fn domain(draw: &mut Draw, core: &str, organisations: u64) -> String {
    let host: String = plain(&core.replace([' ', '.', '&', '/', '(', ')'], "-"));
    let host = host.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    // Where many companies have like names, a number keeps their domains apart.
    let number = match organisations {
        0..1_000 if draw.chance(0.9) => String::new(),
        _ => draw.below((organisations as usize / 20).max(90)).to_string(),
    };
    format!("{host}{number}.{}", draw.pick(&["example.com", "example.com", "example.net", "example.org"]))
}

impl World {
    /// The first of the numbers of an organisation and its contacts.
    pub(super) fn first_of_organisation(&self, organisation: u64) -> u64 {
        self.households() * super::household::MOST_MEMBERS + organisation * NUMBERS
    }

    /// The number of an organisation itself, behind those of its contacts.
    pub(super) fn own_number(&self, organisation: u64) -> u64 {
        self.first_of_organisation(organisation) + NUMBERS - 1
    }

    /// The number of the switchboard of an organisation.
    fn switchboard(&self, country: Country, area: &'static str, organisation: u64) -> Phone {
        let serial = self.landlines.at(self.households() * 8 + organisation);
        Phone::landline(country, area, serial, self.landline_digits)
    }
}
