//! What happens to people over the years: they move, marry and part, get new mailboxes and numbers, and die.

use std::rc::Rc;
use std::sync::LazyLock;

use super::World;
use super::calendar::{Day, END, YEAR, civil};
use super::hard_negatives::Kind;
use super::household::{MOST_MEMBERS, plain};
use super::mailbox;
use super::names::{Gender, Names, Origin, Surname};
use super::person::{Bond, FamilyName, Home, Person};
use super::place::{Country, Places};
use super::random::Draw;
use super::succession;

/// Moves per year and person; seven of ten are those of whole households.
const MOVE: f64 = 0.10;
const MOVE_TOGETHER: f64 = 0.07;
/// Of the adults who live with the head of a household; three of ten moves.
const MOVE_OUT: f64 = 0.062;
/// Within the city.
const MOVE_NEAR: f64 = 0.65;
/// Of those who leave the city.
const MOVE_ABROAD: f64 = 0.02;
/// Of couples who live together, and of single people between 20 and 50; about 1 % of all adults marry in a year.
const WEDDING_OF_COUPLE: f64 = 0.06;
const WEDDING_OF_SINGLE: f64 = 0.021;
/// Of the married; about 0.3 % of all adults.
const DIVORCE: f64 = 0.0066;
/// Of those who bear the name of a partner from whom they part.
const NAME_BACK: f64 = 0.8;
const NEW_MAILBOX: f64 = 0.10;
const NEW_MOBILE: f64 = 0.06;
/// At the age of 30; it grows by a tenth with each year (Gompertz), so that 0.8 % of all die in a year.
const DEATH: f64 = 0.000_39;
const DEATH_GROWTH: f64 = 1.1;
/// The probability of death within a year, by age.
static RISKS: LazyLock<Vec<f64>> =
    LazyLock::new(|| (YOUNGEST..=OLDEST).map(|age| DEATH * DEATH_GROWTH.powi(age - 30)).collect());
/// Ages that nobody leaves, however long the period; those below 0 are of people who are to be born.
const YOUNGEST: i32 = -200;
const OLDEST: i32 = 200;
/// Women in the United States whose name by birth becomes a middle name.
const MAIDEN_AS_MIDDLE: f64 = 0.40;

/// Lets the members of a household live through the period. With `alone`, nothing comes from other households.
pub(crate) fn live(draw: &mut Draw, world: &World, home: &Home, members: &mut [Person], alone: bool) {
    let (mut homes, mut together) = (0, vec![true; members.len()]);
    let household = home.household.unwrap_or_default() / MOST_MEMBERS;
    let risks = &**RISKS;
    let move_together = if members.len() == 1 { MOVE } else { MOVE_TOGETHER };
    for year in 0..world.years() {
        let first = world.start() + year * YEAR;
        let of_day = |draw: &mut Draw| first + draw.range(0, YEAR - 1);
        for member in members.iter_mut().filter(|member| member.died.is_none()) {
            let age = (first - member.born) / YEAR;
            if draw.chance(risks[(age.clamp(YOUNGEST, OLDEST) - YOUNGEST) as usize]) {
                member.died = Some(of_day(draw));
            }
        }
        let moves = draw.chance(move_together);
        if moves {
            homes += 1;
            let mut next = moved(draw, world, members[0].home.latest(), household * MOST_MEMBERS, homes);
            let day = of_day(draw);
            let successor = !alone && members[0].lives(day);
            if successor && let Some((left, former)) = succession::home(world, household, homes, day, &next) {
                next = Home { household: next.household, ..left };
                members[0].doubles.push((Kind::Successor, former));
            }
            for (member, _) in members.iter_mut().zip(&together).filter(|(_, together)| **together) {
                if member.lives(day) {
                    member.home.change(day, next.clone());
                }
            }
        }
        for (at, member) in members.iter_mut().enumerate() {
            let adult = first - member.born >= 18 * YEAR;
            let leaves = at > 0 && together[at] && adult && draw.chance(MOVE_OUT) && !moves;
            if leaves || (!together[at] && draw.chance(MOVE)) {
                let day = of_day(draw);
                if member.lives(day) {
                    homes += 1;
                    together[at] = false;
                    let next = moved(draw, world, member.home.latest(), member.number, homes);
                    member.home.change(day, next);
                }
            }
            contact(draw, world, member, first, alone);
        }
        wed(draw, members, first);
        part(draw, members, first);
    }
}

/// New mailboxes and numbers.
fn contact(draw: &mut Draw, world: &World, member: &mut Person, first: Day, alone: bool) {
    if draw.chance(NEW_MAILBOX) {
        let (born, ..) = civil(member.born);
        let family = &member.family.latest().name;
        let language = member.home.latest().address.city.country.language();
        let next = mailbox::personal(draw, language, member.given, family, born, world.population());
        let day = first + draw.range(0, YEAR - 1);
        if member.lives(day) {
            member.mailbox.change(day, Some(next));
        }
    }
    if draw.chance(NEW_MOBILE) {
        let city = member.home.latest().address.city;
        let version = 1 + member.mobile.changes(END) as u64;
        let mut next = world.mobile(city, member.number, version);
        let day = first + draw.range(0, YEAR - 1);
        if !member.lives(day) {
            return;
        }
        if !alone
            && let Some((number, former)) =
                succession::mobile(world, member.number, version, day, city.country)
        {
            next = number;
            member.doubles.push((Kind::RecycledPhone, former));
        }
        member.mobile.change(day, Some(next));
    }
}

/// Weddings of the couple of the house, and of single people with somebody from outside.
fn wed(draw: &mut Draw, members: &mut [Person], first: Day) {
    let day = first + draw.range(0, YEAR - 1);
    if let [one, other, ..] = members
        && one.bond == Bond::Partnered
        && draw.chance(WEDDING_OF_COUPLE)
        && one.lives(day)
        && other.lives(day)
    {
        let (bride, groom) = if one.gender == Gender::Female { (one, other) } else { (other, one) };
        (bride.bond, groom.bond) = (Bond::Married, Bond::Married);
        (bride.married, groom.married) = (Some(day), Some(day));
        let name = groom.family.latest().name.clone();
        take_name(draw, bride, name, day);
    }
    for member in members.iter_mut().filter(|member| member.bond == Bond::Single) {
        let age = (first - member.born) / YEAR;
        if (20..50).contains(&age) && draw.chance(WEDDING_OF_SINGLE) && member.lives(day) {
            member.bond = Bond::Married;
            member.married = Some(day);
            if member.gender == Gender::Female || draw.chance(0.06) {
                let country = member.home.latest().address.city.country;
                let name = Names::get().surname(draw, Origin::Local(country));
                take_name(draw, member, name, day);
            }
        }
    }
}

/// Partings of the married; most who had taken a name go back to their own.
fn part(draw: &mut Draw, members: &mut [Person], first: Day) {
    let day = first + draw.range(0, YEAR - 1);
    let parts = |draw: &mut Draw, member: &Person| {
        // Nobody parts in the year of the wedding.
        member.bond == Bond::Married
            && member.married.is_none_or(|wedding| wedding < first)
            && draw.chance(DIVORCE)
    };
    let couple = members.len() > 1 && members[0].couple && members[1].couple;
    let (pair, others) = members.split_at_mut(if couple { 2 } else { 0 });
    if let [one, other] = pair
        && parts(draw, one)
        && one.lives(day)
        && other.lives(day)
    {
        divorce(draw, one, day);
        divorce(draw, other, day);
    }
    for member in others {
        if parts(draw, member) && member.lives(day) {
            divorce(draw, member, day);
        }
    }
}

fn divorce(draw: &mut Draw, person: &mut Person, day: Day) {
    // A second marriage would hide the first: nobody marries twice in a period.
    person.divorced = Some(day);
    person.bond = Bond::Divorced;
    if let Some(maiden) = &person.family.latest().maiden
        && draw.chance(NAME_BACK)
    {
        let name = Surname { text: maiden.clone(), share: 1e-5 };
        person.family.change(day, plain(name));
    }
}

/// The bride takes the name (78 %), puts it behind her own (8 %), or keeps her own.
fn take_name(draw: &mut Draw, bride: &mut Person, name: Surname, day: Day) {
    let country = bride.home.latest().address.city.country;
    let own = bride.family.latest().name.clone();
    if own.text == name.text {
        return;
    }
    let name = match draw.weighted(&[78, 8, 14]) {
        0 => name,
        1 if !own.text.contains('-') && !name.text.contains('-') => {
            Surname { text: format!("{}-{}", own.text, name.text), share: 1e-7 }
        }
        _ => return,
    };
    let middle = becomes_middle(draw, country, &name);
    bride.family.change(day, FamilyName { name, maiden: Some(own.text), middle });
}

/// Whether the name by birth becomes a middle name beside the new one.
pub(super) fn becomes_middle(draw: &mut Draw, country: Country, name: &Surname) -> bool {
    country == Country::Us && !name.text.contains('-') && draw.chance(MAIDEN_AS_MIDDLE)
}

fn moved(draw: &mut Draw, world: &World, from: &Home, household: u64, version: u64) -> Home {
    let places = Places::get();
    let near = draw.chance(MOVE_NEAR);
    let mut city = from.address.city;
    if !near {
        city = if draw.chance(MOVE_ABROAD) {
            world.city(draw)
        } else {
            places.city_of(draw, from.address.city.country)
        };
    }
    let address = places.address(draw, city);
    let keeps = from.landline.is_some() && draw.chance(0.8);
    let landline = keeps.then(|| world.landline(&address, household / MOST_MEMBERS, version));
    Home { address: Rc::new(address), landline, household: Some(household) }
}
