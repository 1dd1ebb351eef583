//! Who lives together: sizes as in the German census, couples, children who bear the name of their parents, and
//! what they share.

use std::rc::Rc;

use super::World;
use super::calendar::{Day, START, YEAR, civil, day};
use super::hard_negatives::Kind;
use super::life;
use super::mailbox;
use super::names::{Gender, Names, Origin, Surname};
use super::person::{Bond, FamilyName, Home, Person, Since};
use super::phone::Phone;
use super::place::{City, Country, Places};
use super::random::Draw;

/// More people do not live in one household.
pub(crate) const MOST_MEMBERS: u64 = 8;

/// Sizes 1, 2, 3, 4, 5 and 6 in thousandths (German microcensus).
const SIZES: [u32; 6] = [408, 341, 120, 96, 25, 10];
/// Couples of whom one bears the other's name; in the United States they are more.
const SAME_SURNAME: f64 = 0.75;
const SAME_SURNAME_US: f64 = 0.79;
/// Couples of two surnames who are not married.
const UNMARRIED: f64 = 0.55;
/// Sons and daughters with the surname of the head.
const CHILD_SURNAME: f64 = 0.95;
/// Sons and daughters with the given name of a parent.
const JUNIOR: f64 = 0.006;
/// Sons and daughters who are the twin of the one before.
const TWIN: f64 = 0.015;
/// Families with one mailbox for most; two or more use it in 6 % of the households of several people.
const FAMILY_MAILBOX: f64 = 0.077;
/// Households whose head has a namesake in the same postal code, on top of those that chance makes.
const NAMESAKES: f64 = 0.004_5;
/// Households of which the heads may have one mailbox at a marketplace, and how many groups of them do.
const RELAY_GROUP: u64 = 4;
const RELAY: f64 = 0.012;
const LANDLINE: f64 = 0.45;
const MOBILE: f64 = 0.95;
/// The share of people whom systems know more often than others, and how many times as often.
const FREQUENT: (f64, f64) = (0.4, 1.5);

/// The people of a household with their lives: the same whenever it is asked for.
pub(crate) fn household(world: &World, number: u64) -> Vec<Person> {
    founded(world, number, false)
}

/// The person of a number.
pub(crate) fn person(world: &World, number: u64) -> Person {
    household(world, number / MOST_MEMBERS).swap_remove((number % MOST_MEMBERS) as usize)
}

/// The people of a household; with `alone`, nothing of theirs comes from other households.
pub(super) fn founded(world: &World, number: u64, alone: bool) -> Vec<Person> {
    let draw = &mut Draw::of(world.seed(), "household", number);
    let (names, places) = (Names::get(), Places::get());
    let city = world.city(draw);
    let origin = names.origin(draw, city.country);
    let size = 1 + draw.weighted(&SIZES);
    let mut address = places.address(draw, city);
    let namesake = if alone { None } else { namesake(world, number) };
    if let Some(other) = &namesake {
        let of_other = &other.home.on(Day::MIN).address;
        address = places.address_at(draw, of_other.city, of_other.postal_code);
    }
    let landline = draw.chance(LANDLINE).then(|| world.landline(&address, number, 0));
    let home = Home { address: Rc::new(address), landline, household: Some(number * MOST_MEMBERS) };

    let mut founder = Founder { world, origin, home, number, namesake, members: Vec::with_capacity(size) };
    founder.found(draw, size);
    let (mut members, home) = (founder.members, founder.home);
    share_mailbox(draw, world, &mut members);
    life::live(draw, world, &home, &mut members, alone);
    if !alone {
        relay(world, number, &mut members[0]);
    }
    members
}

struct Founder<'a> {
    world: &'a World,
    origin: Origin,
    home: Home,
    number: u64,
    /// Somebody else of whose name the head of this household is.
    namesake: Option<Person>,
    members: Vec<Person>,
}

impl Founder<'_> {
    fn found(&mut self, draw: &mut Draw, size: usize) {
        let names = Names::get();
        let mut surname = names.surname(draw, self.origin);
        let mut head = if draw.chance(0.5) { Gender::Female } else { Gender::Male };
        let namesake = self.namesake.take();
        if let Some(other) = &namesake {
            surname = other.family.on(Day::MIN).name.clone();
            head = other.gender;
        }
        let couple = size > 1 && draw.chance(if size == 2 { 0.82 } else { 0.86 });
        let flat_share = size > 1 && !couple && draw.chance(if size == 2 { 0.5 } else { 0.3 });
        let age = match size {
            1 => draw.range(20, 88),
            _ if flat_share => draw.range(19, 40),
            2 if couple => draw.range(22, 84),
            _ => draw.range(38, 60),
        };
        let born = birthday(draw, age);
        let given = namesake.as_ref().map(|other| other.given);
        self.add(draw, head, born, plain(surname.clone()), given);
        if let (Some(other), Some(head)) = (namesake, self.members.last_mut()) {
            head.doubles.push((Kind::Namesakes, other.number));
        }
        if couple {
            self.partner(draw, head, age, &surname);
        }
        while flat_share && self.members.len() < size {
            let born = {
                let years = (age + draw.range(-8, 8)).max(19);
                birthday(draw, years)
            };
            let origin = names.origin(draw, self.country());
            let family = plain(names.surname(draw, origin));
            let gender = if draw.chance(0.5) { Gender::Female } else { Gender::Male };
            self.add(draw, gender, born, family, None);
        }
        self.children(draw, size, age, &surname);
    }

    fn partner(&mut self, draw: &mut Draw, head: Gender, age: i32, surname: &Surname) {
        let names = Names::get();
        let partner = if draw.chance(0.02) { head } else { other(head) };
        let born = {
            let years = (age + draw.range(-6, 4)).max(20);
            birthday(draw, years)
        };
        let origin = self.partner_origin(draw);
        let own = names.surname(draw, origin);
        let country = self.country();
        let same = if country == Country::Us { SAME_SURNAME_US } else { SAME_SURNAME };
        let mut bond = Bond::Married;
        let family = if !draw.chance(same) {
            if draw.chance(UNMARRIED) {
                bond = Bond::Partnered;
            }
            plain(own)
        } else if partner == Gender::Female || draw.chance(0.07) {
            let double = draw.chance(0.08);
            let text = if double { format!("{}-{}", surname.text, own.text) } else { surname.text.clone() };
            let name = Surname { text, share: if double { 1e-7 } else { surname.share } };
            let middle = life::becomes_middle(draw, country, &name);
            FamilyName { name, maiden: Some(own.text), middle }
        } else {
            // The head took the name of the partner.
            let name = surname.clone();
            let middle = life::becomes_middle(draw, country, &name);
            self.members[0].family = Since::always(FamilyName { name, maiden: Some(own.text), middle });
            plain(surname.clone())
        };
        self.add(draw, partner, born, family, None);
        for member in &mut self.members {
            (member.bond, member.couple) = (bond, true);
        }
    }

    fn children(&mut self, draw: &mut Draw, size: usize, age: i32, surname: &Surname) {
        let names = Names::get();
        let parents = self.members.len();
        while self.members.len() < size {
            let gender = if draw.chance(0.5) { Gender::Female } else { Gender::Male };
            let before = self.members.last().filter(|_| self.members.len() > parents);
            let twin = before.filter(|_| draw.chance(TWIN));
            let twin = twin.map(|before| (before.number, before.born, before.family.latest().clone()));
            let oldest = (age - 20).clamp(15, 32);
            let years = draw.range(14.min(oldest), oldest);
            let born = twin.as_ref().map_or_else(|| birthday(draw, years), |(_, born, _)| *born);
            let origin = self.origin;
            let family = match &twin {
                Some((.., family)) => family.clone(),
                None if draw.chance(CHILD_SURNAME) => plain(surname.clone()),
                None => plain(names.surname(draw, origin)),
            };
            // Some sons and daughters bear the name of a parent.
            let parent = self.members[..parents].iter().find(|parent| {
                parent.gender == gender && parent.family.latest().name.text == family.name.text
            });
            let parent = parent.map(|parent| (parent.number, parent.given)).filter(|_| draw.chance(JUNIOR));
            self.add(draw, gender, born, family, parent.map(|(_, given)| given));
            let suffix = self.country() == Country::Us && gender == Gender::Male && parent.is_some();
            if let Some(child) = self.members.last_mut() {
                if suffix {
                    child.suffix = "Jr.";
                }
                child.doubles.extend(twin.map(|(number, ..)| (Kind::Twins, number)));
                child.doubles.extend(parent.map(|(number, _)| (Kind::ParentAndChild, number)));
            }
        }
    }

    /// Adds a member, of a given name if there is one.
    fn add(
        &mut self,
        draw: &mut Draw,
        gender: Gender,
        born: Day,
        family: FamilyName,
        named: Option<&'static str>,
    ) {
        let names = Names::get();
        let (year, ..) = civil(born);
        let mut given = names.forename(draw, self.origin, gender, year);
        // No two of a household have the same name by chance.
        for _ in 0..4 {
            if self.members.iter().any(|member| member.given == given) {
                given = names.forename(draw, self.origin, gender, year);
            }
        }
        let given = named.unwrap_or(given);
        let second = names.second(draw, self.origin, gender, year).filter(|&second| second != given);
        let title = match draw.below(1_000) {
            0..15 if year < 1996 => "Dr.",
            15..18 if year < 1980 => "Prof. Dr.",
            18..20 if year < 1998 => "Dipl.-Ing.",
            _ => "",
        };
        // The name of a father who lives elsewhere.
        let heir = self.country() == Country::Us && gender == Gender::Male && draw.chance(0.012);
        let suffix = if heir { *draw.pick(&["Jr.", "Jr.", "III"]) } else { "" };
        let number = self.number * MOST_MEMBERS + self.members.len() as u64;
        let child = START - born < 18 * YEAR;
        let has_mailbox = draw.chance(if year < 1945 { 0.6 } else { 0.97 });
        let mailbox = has_mailbox.then(|| {
            let (language, population) = (self.country().language(), self.world.population());
            mailbox::personal(draw, language, given, &family.name, year, population)
        });
        let mobile = draw.chance(MOBILE).then(|| self.world.mobile(self.home.address.city, number, 0));
        self.members.push(Person {
            second,
            suffix,
            title,
            mailbox: Since::always(mailbox),
            mobile: Since::always(mobile),
            reach: reach(draw, child),
            ..Person::new(number, gender, given, born, family, self.home.clone())
        });
    }

    fn country(&self) -> Country {
        self.home.address.city.country
    }

    fn partner_origin(&self, draw: &mut Draw) -> Origin {
        // Most couples come from one place.
        if draw.chance(0.8) { self.origin } else { Names::get().origin(draw, self.country()) }
    }
}

/// Whether a household's head is the namesake of another one's.
pub(super) fn is_namesake(world: &World, number: u64) -> bool {
    Draw::of(world.seed(), "namesake", number).chance(NAMESAKES)
}

/// For a few households, the head of another one in whose postal code the head lives and whose name the head bears.
fn namesake(world: &World, number: u64) -> Option<Person> {
    if !is_namesake(world, number) {
        return None;
    }
    let mut draw = Draw::of(world.seed(), "namesake of", number);
    let other = draw.below(world.households() as usize) as u64;
    // A namesake's own name comes from elsewhere.
    let whole = other != number && !is_namesake(world, other);
    whole.then(|| founded(world, other, true)).and_then(|members| members.into_iter().next())
}

/// For a few heads of households, the mailbox in which a marketplace collects the mail of several customers.
fn relay(world: &World, number: u64, head: &mut Person) {
    let mut draw = Draw::of(world.seed(), "relay", number / RELAY_GROUP);
    if draw.chance(RELAY) {
        head.relay = Some(format!("{:012x}@kunden.marktplatz.example.net", draw.next() >> 16));
        if !number.is_multiple_of(RELAY_GROUP) {
            head.doubles.push((Kind::RelayMailbox, (number - 1) * MOST_MEMBERS));
        }
    }
}

/// One mailbox for all of some families.
fn share_mailbox(draw: &mut Draw, world: &World, members: &mut [Person]) {
    let head = members[0].number;
    let family = |member: &Person| {
        let same = |of: &Person| of.family.latest().name.text == members[0].family.latest().name.text;
        member.number != head && (member.couple || same(member))
    };
    if !members.iter().any(family) || !draw.chance(FAMILY_MAILBOX) {
        return;
    }
    let language = members[0].home.latest().address.city.country.language();
    let shared = mailbox::family(draw, language, &members[0].family.latest().name, world.population());
    for member in members {
        if draw.chance(0.85) {
            member.mailbox = Since::always(Some(shared.clone()));
        }
    }
}

/// How many systems know a person, against the average: some buy, write and call a lot, others hardly ever.
fn reach(draw: &mut Draw, child: bool) -> f64 {
    let reach = if draw.chance(FREQUENT.0) { FREQUENT.1 } else { 0.667 };
    if child { reach * 0.55 } else { reach }
}

/// A name by birth.
pub(super) fn plain(name: Surname) -> FamilyName {
    FamilyName { name, maiden: None, middle: false }
}

/// A day of birth for an age at the start of the period.
pub(super) fn birthday(draw: &mut Draw, age: i32) -> Day {
    let (year, ..) = civil(START);
    day(year - age, 1, 1) + draw.range(0, YEAR - 1)
}

/// A day of birth for an age between two at the start of the period.
pub(super) fn birthday_between(draw: &mut Draw, youngest: i32, oldest: i32) -> Day {
    let years = draw.range(youngest, oldest);
    birthday(draw, years)
}

fn other(gender: Gender) -> Gender {
    if gender == Gender::Female { Gender::Male } else { Gender::Female }
}

impl World {
    /// A landline number for the home of a number; `version` counts its homes.
    pub(super) fn landline(&self, address: &super::place::Address, home: u64, version: u64) -> Phone {
        let serial = self.landlines.at(home * 8 + version % 8);
        Phone::landline(address.city.country, address.city.area, serial, self.landline_digits)
    }

    /// A mobile number for a person; `version` counts the person's numbers.
    pub(super) fn mobile(&self, city: &City, person: u64, version: u64) -> Phone {
        let serial = self.mobiles.at(person * 4 + version % 4);
        Phone::mobile(city.country, city.area, serial, self.mobile_digits)
    }
}
