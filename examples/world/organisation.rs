//! Organisations: legal name, short names, branches, switchboard, owner.

use std::rc::Rc;

use super::World;
use super::calendar::{Day, YEAR};
use super::hard_negatives::Kind;
use super::list::with_blanks;
use super::mailbox::plain;
use super::organisation_names::{
    self, branch_word, core_name, legal_form, role, tax_number, trade, trade_name,
};
use super::person::{Home, Person, Since};
use super::phone::Phone;
use super::place::{City, Country, Places};
use super::random::Draw;
use super::sheet::joined;

/// Numbers that an organisation takes: one for each contact, the last for itself.
pub(crate) const NUMBERS: u64 = 64;
/// Organisations with neighbouring numbers: the first ones are the branches of one company, the last ones those of
/// another, and two between them may be franchisees.
const RUN: u64 = 30;
const FIRST_BRANCHES: u64 = 20;
const LAST_BRANCHES: u64 = 8;
/// Runs that may have franchisees of one brand, how many do, and who of them is one.
const BRAND_RUNS: u64 = 4;
const BRANDS: f64 = 0.4;
const FRANCHISEES: f64 = 0.75;
/// Of those that are neither branches nor franchisees.
const ONE_PERSON: f64 = 0.15;
const TRADE_NAME: f64 = 0.12;
const ACRONYM: f64 = 0.06;
/// Per year.
const RELOCATES: f64 = 0.04;
const RENAMED: f64 = 0.01;
const MERGED: f64 = 0.005;
const CHANGES_FORM: f64 = 0.01;

/// An organisation.
#[derive(Clone, Debug)]
pub(crate) struct Organisation {
    pub(crate) number: u64,
    /// The name without its legal form.
    pub(crate) core: Since<String>,
    pub(crate) form: Since<&'static str>,
    /// How the town calls it.
    pub(crate) trade_name: Option<String>,
    /// The brand under which it trades with other owners elsewhere.
    pub(crate) franchise: Option<String>,
    pub(crate) acronym: Option<String>,
    /// What tells a branch from the others.
    pub(crate) branch: Option<&'static str>,
    /// The one person that it consists of.
    pub(crate) owner: Option<Rc<Person>>,
    /// The day on which it became part of another organisation, and that one's number.
    pub(crate) merged: Option<(Day, u64)>,
    pub(crate) home: Since<Home>,
    pub(crate) mailbox: Option<String>,
    pub(crate) domain: String,
    pub(crate) tax: Option<String>,
}

impl Organisation {
    /// The name in the register on a day.
    pub(crate) fn legal_name(&self, day: Day) -> String {
        with_blanks(joined(&[self.core.on(day), self.form.on(day)], " "))
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
    founded(world, number, false)
}

/// The organisation of a number; with `alone`, without mergers.
fn founded(world: &World, number: u64, alone: bool) -> Organisation {
    let draw = &mut Draw::of(world.seed(), "organisation", number);
    let company = company(world, number);
    let places = Places::get();
    let (mut of_name, seat) = seat(world, number, company);
    let city = if company.is_some() { places.city_of(draw, seat.country) } else { seat };
    let country = seat.country;
    let core = core_name(&mut of_name, country, seat.name);
    let form = legal_form(&mut of_name, country);
    let domain = domain(&mut of_name, &core, world.organisations());

    let address = places.address(draw, city);
    let switchboard = world.switchboard(city.country, city.area, number);
    let home = Home { address: Rc::new(address), landline: Some(switchboard), household: None };
    let trade_name = draw.chance(TRADE_NAME).then(|| trade_name(draw, &core, country));
    let acronym = draw.chance(ACRONYM).then(|| acronym(&core, form));
    let branch = (company.is_some() && draw.chance(0.4)).then(|| branch_word(draw, country));
    let role = role(draw, country);
    let tax = tax_number(&mut of_name, country);
    let mut organisation = Organisation {
        number,
        core: Since::always(core),
        form: Since::always(form),
        trade_name,
        franchise: brand(world, number).map(|brand| brand_name(world, brand)),
        acronym,
        branch,
        owner: None,
        merged: None,
        home: Since::always(home),
        mailbox: draw.chance(0.85).then(|| [role, "@", &domain].concat()),
        domain,
        tax,
    };
    if is_one_person(world, number) {
        belong(draw, world, &mut organisation);
        return organisation;
    }
    let merger = if alone { None } else { merger(world, number) };
    for year in 0..world.years() {
        let first = world.start() + year * YEAR;
        let day = first + draw.range(0, YEAR - 1);
        if draw.chance(RELOCATES) {
            let home = organisation.home.latest().clone();
            let address = Rc::new(places.address(draw, city));
            organisation.home.change(day, Home { address, ..home });
        }
        let form = draw.chance(CHANGES_FORM).then(|| {
            let current = organisation.form.latest();
            (0..6).map(|_| legal_form(draw, country)).find(|form| form != current)
        });
        let core = draw.chance(RENAMED).then(|| core_name(draw, country, city.name));
        if organisation.merged.is_some() {
            // It has the name of the other one from now on.
            continue;
        }
        if let Some((merged, other)) = merger
            && merged == year
        {
            let other = founded(world, other, true);
            organisation.merged = Some((day, other.number));
            organisation.core.change(day, other.core.on(day).clone());
            organisation.form.change(day, other.form.on(day));
            continue;
        }
        if let Some(form) = form.flatten() {
            organisation.form.change(day, form);
        }
        if let Some(core) = core {
            organisation.core.change(day, core);
        }
    }
    organisation
}

/// The number of the first branch of the company of which an organisation is a branch.
fn company(world: &World, number: u64) -> Option<u64> {
    let (run, position) = (number / RUN, number % RUN);
    let mut draw = Draw::of(world.seed(), "branches", run);
    // The inverse of a draw has a long tail; the root makes it fall off as Zipf's law with exponent 3.
    let mut branches = |most: u64| ((2.0 / (1.0 - draw.unit()).sqrt()) as u64).min(most);
    let (first, last) = (branches(FIRST_BRANCHES), branches(LAST_BRANCHES));
    match position {
        _ if position < first => Some(run * RUN),
        _ if position >= RUN - last => Some(run * RUN + RUN - last),
        _ => None,
    }
}

/// The number of the brand of which an organisation is a franchisee.
fn brand(world: &World, number: u64) -> Option<u64> {
    let brand = number / (RUN * BRAND_RUNS);
    let between = (FIRST_BRANCHES..RUN - LAST_BRANCHES).contains(&(number % RUN));
    let trades = between
        && Draw::of(world.seed(), "brands", brand).chance(BRANDS)
        && Draw::of(world.seed(), "franchisees", number).chance(FRANCHISEES);
    trades.then_some(brand)
}

fn brand_name(world: &World, brand: u64) -> String {
    organisation_names::brand_name(&mut Draw::of(world.seed(), "brand", brand))
}

/// Whether an organisation consists of its owner.
pub(super) fn is_one_person(world: &World, number: u64) -> bool {
    let single = || company(world, number).is_none() && brand(world, number).is_none();
    world.households() > 0 && Draw::of(world.seed(), "one person", number).chance(ONE_PERSON) && single()
}

/// The town of the company of which an organisation is a branch, or its own, and the draws of its name: branches share
/// them, since the name may tell the town.
fn seat(world: &World, number: u64, company: Option<u64>) -> (Draw, &'static City) {
    let mut draw = Draw::of(world.seed(), "company", company.unwrap_or(number));
    let city = world.city(&mut draw);
    (draw, city)
}

/// The country in which an organisation is.
pub(super) fn country(world: &World, number: u64) -> Country {
    seat(world, number, company(world, number)).1.country
}

/// The year in which an organisation becomes part of another one, and which.
fn merger(world: &World, number: u64) -> Option<(Day, u64)> {
    let of = |number: u64| {
        let mut draw = Draw::of(world.seed(), "merger", number);
        let year = (0..world.years()).find(|_| draw.chance(MERGED))?;
        Some((year, draw.below(world.organisations() as usize) as u64))
    };
    // Whoever takes over is whole, and has a name of its own.
    let whole = |other: u64| other != number && of(other).is_none() && !is_one_person(world, other);
    of(number).filter(|(_, other)| whole(*other))
}

/// Gives an organisation to one person, whose name and home it has.
fn belong(draw: &mut Draw, world: &World, organisation: &mut Organisation) {
    let number = draw.below(world.households() as usize) as u64;
    let owner = super::household::person(world, number * super::household::MOST_MEMBERS);
    let name = [owner.given, " ", &owner.family.on(Day::MIN).name.text].concat();
    let country = owner.home.on(Day::MIN).address.city.country;
    let trade = trade(draw, country);
    let core = match draw.weighted(&[50, 30, 20]) {
        0 => joined(&[&name, &trade], " "),
        1 => joined(&[&trade, &name], " "),
        _ => name,
    };
    let form = match country {
        Country::De if draw.chance(0.6) => "e.K.",
        Country::At if draw.chance(0.6) => "e.U.",
        _ => "",
    };
    organisation.core = Since::always(core);
    organisation.form = Since::always(form);
    (organisation.trade_name, organisation.acronym) = (None, None);
    if draw.chance(0.6) {
        organisation.mailbox.clone_from(owner.mailbox.on(Day::MIN));
    }
    let mobile = owner.mobile.on(Day::MIN);
    let office = owner.home.map(|home| Home {
        landline: home.landline.clone().or_else(|| mobile.clone()),
        address: Rc::clone(&home.address),
        household: None,
    });
    organisation.home = office;
    organisation.owner = Some(Rc::new(owner));
}

/// Organisations that are easily taken for this one: the branch before it, and the franchisee before it.
pub(crate) fn doubles(world: &World, number: u64) -> Vec<(Kind, u64)> {
    let mut doubles = Vec::new();
    if company(world, number).is_some_and(|first| first < number) {
        doubles.push((Kind::Branches, number - 1));
    }
    if let Some(own) = brand(world, number) {
        let before = (own * RUN * BRAND_RUNS..number).rev();
        let before = before.filter(|&other| brand(world, other).is_some()).take(1);
        doubles.extend(before.map(|other| (Kind::Franchise, other)));
    }
    doubles
}

/// The initials of all words with those of the legal form.
fn acronym(core: &str, form: &str) -> String {
    let words = core.split([' ', '-']).chain(form.split([' ', '_']).take(1));
    words
        .filter_map(|word| word.chars().next())
        .filter(|letter| letter.is_alphabetic())
        .collect::<String>()
        .to_uppercase()
}

fn domain(draw: &mut Draw, core: &str, organisations: u64) -> String {
    let host: String = plain(&core.replace([' ', '.', '&', '/', '(', ')'], "-"));
    let host = host.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    // Where many companies have like names, a number keeps their domains apart.
    let number = match organisations {
        0..1_000 if draw.chance(0.9) => String::new(),
        _ => draw.below((organisations as usize / 20).max(90)).to_string(),
    };
    let suffix = draw.pick(&["example.com", "example.com", "example.net", "example.org"]);
    [&host, &number, ".", *suffix].concat()
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
