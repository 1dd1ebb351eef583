//! Organisations: legal name, short names, branches, switchboard, and the people who work there.

use std::rc::Rc;
use std::sync::OnceLock;

use super::World;
use super::calendar::{Day, END, START, YEAR, civil};
use super::mailbox::plain;
use super::names::{Gender, List, Names, Origin};
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
    let (names, places) = (Names::get(), Places::get());
    let city = places.city(draw);
    // Branches share the draws of their name.
    let mut of_name = if is_branch { Draw::of(world.seed(), "company", number / RUN) } else { draw.clone() };
    let country = if is_branch { Country::De } else { city.country };
    let core = core_name(&mut of_name, names, country, city.name);
    let form = legal_form(&mut of_name, country);
    let domain = domain(&mut of_name, &core, world.organisations());
    draw.next();

    let address = places.address(draw, city);
    let switchboard = world.switchboard(city.country, city.area, number);
    let home = Home { address, landline: Some(switchboard), household: None };
    let trade_name = draw.chance(0.12).then(|| trade_name(draw, &core));
    let branch =
        (is_branch && draw.chance(0.4)).then(|| *draw.pick(&["Niederlassung", "Filiale", "Zweigstelle"]));
    let role = *draw.pick(&["info", "info", "kontakt", "office", "buchhaltung", "vertrieb", "einkauf"]);
    let tax = (country == Country::De).then(|| vat_number(&mut of_name));
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
            organisation.core.change(day, core_name(draw, names, country, city.name));
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
        second: draw.chance(0.05).then(|| names.forename(draw, origin, gender, year - 25)),
        title: if draw.chance(0.04) { "Dr." } else { "" },
        born,
        family: Since::always(FamilyName { name: family, maiden: None }),
        home: organisation.home.clone(),
        mailbox: Since::always(None),
        mobile: Since::always(draw.chance(0.5).then(|| world.mobile(city.country, number, 0))),
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

fn core_name(draw: &mut Draw, names: &Names, country: Country, city: &str) -> String {
    let parts = Parts::get();
    let family = |draw: &mut Draw| names.surname(draw, Origin::Local(country)).text;
    match draw.weighted(&[34, 20, 22, 8, 8, 8]) {
        0 => format!("{} {}", family(draw), parts.trades.draw(draw)),
        1 => format!("{} {}", parts.prefixes.draw(draw), family(draw)),
        2 => format!("{}{} {}", parts.starts.draw(draw), parts.finishes.draw(draw), parts.trades.draw(draw)),
        3 => format!("{} & {} {}", family(draw), family(draw), parts.trades.draw(draw)),
        4 => format!("{} {city}", parts.places.draw(draw)),
        _ => {
            let letters: String = (0..3).map(|_| char::from(b'A' + draw.below(26) as u8)).collect();
            format!("{letters} {}", parts.trades.draw(draw))
        }
    }
    .replace('_', " ")
}

fn legal_form(draw: &mut Draw, country: Country) -> &'static str {
    Parts::get().forms[country as usize].draw(draw)
}

/// What people call it: the first word, sometimes with a new one.
fn trade_name(draw: &mut Draw, core: &str) -> String {
    let first = core.split(' ').next().unwrap_or(core);
    let second = draw.pick(&["Gruppe", "24", "Shop", "Group", "Welt", "direkt"]);
    format!("{first} {second}")
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

/// A German VAT number with its check digit (ISO 7064, MOD 11,10).
fn vat_number(draw: &mut Draw) -> String {
    let digits = (1 + draw.below(9)).to_string() + &format!("{:07}", draw.below(10_000_000));
    let mut product = 10;
    for digit in digits.bytes().map(|byte| u32::from(byte - b'0')) {
        let sum = match (digit + product) % 10 {
            0 => 10,
            sum => sum,
        };
        product = 2 * sum % 11;
    }
    let check = (11 - product) % 10;
    format!("DE{digits}{check}")
}

/// The parts of names.
struct Parts {
    trades: List,
    prefixes: List,
    starts: List,
    finishes: List,
    places: List,
    forms: [List; 3],
}

impl Parts {
    fn get() -> &'static Parts {
        static PARTS: OnceLock<Parts> = OnceLock::new();
        PARTS.get_or_init(|| {
            let line = |name: &str| {
                let lines = include_str!("data/organisations.csv").lines();
                lines
                    .filter_map(|line| line.split_once(','))
                    .find(|(part, _)| *part == name)
                    .map_or("", |(_, names)| names)
            };
            let by_rank = |name: &str| List::by_rank(line(name).split(' ').collect(), 10.0, 0.7);
            Parts {
                trades: List::weighted(line("trade")),
                prefixes: List::weighted(line("prefix")),
                starts: by_rank("start"),
                finishes: by_rank("finish"),
                places: List::weighted(line("place")),
                forms: ["form_de", "form_at", "form_ch"].map(|name| List::weighted(line(name))),
            }
        })
    }
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
