//! What happens to people over the years: they move, marry and part, get new mailboxes and numbers, and die.

use super::World;
use super::calendar::{Day, END, START, YEAR, civil};
use super::household::plain;
use super::mailbox;
use super::names::{Gender, Names, Origin, Surname};
use super::person::{FamilyName, Home, Person};
use super::place::Places;
use super::random::Draw;

/// Per year and person, or household.
const MOVE: f64 = 0.10;
const MOVE_TOGETHER: f64 = 0.70;
/// Within the city.
const MOVE_NEAR: f64 = 0.65;
/// Of those who leave the city.
const MOVE_ABROAD: f64 = 0.02;
/// Of single people; about 1 % of all adults.
const MARRIAGE: f64 = 0.022;
const DIVORCE: f64 = 0.003;
const NEW_MAILBOX: f64 = 0.10;
const NEW_MOBILE: f64 = 0.06;
/// Of people above 70; 0.8 % of all.
const DEATH: f64 = 0.035;

/// Lets the members of a household live through the period.
pub(crate) fn live(draw: &mut Draw, world: &World, home: &Home, members: &mut [Person]) {
    let (mut homes, mut together) = (0, vec![true; members.len()]);
    for year in 0..(END - START) / YEAR {
        let first = START + year * YEAR;
        if draw.chance(MOVE * MOVE_TOGETHER) {
            homes += 1;
            let next =
                moved(draw, world, members[0].home.latest(), home.household.unwrap_or_default(), homes);
            let moving = first + draw.range(0, YEAR - 1);
            for (member, _) in members.iter_mut().zip(&together).filter(|(_, together)| **together) {
                member.home.change(moving, next.clone());
            }
        }
        for (at, member) in members.iter_mut().enumerate() {
            let alone = at > 0 && together[at] && draw.chance(MOVE * (1.0 - MOVE_TOGETHER) * 2.0);
            if alone || (!together[at] && draw.chance(MOVE)) {
                homes += 1;
                together[at] = false;
                let next = moved(draw, world, member.home.latest(), member.number, homes);
                member.home.change(first + draw.range(0, YEAR - 1), next);
            }
            let of_day = |draw: &mut Draw| first + draw.range(0, YEAR - 1);
            if draw.chance(NEW_MAILBOX) {
                let (born, ..) = civil(member.born);
                let family = &member.family.latest().name;
                let language = member.home.latest().address.city.country.language();
                let next = mailbox::personal(draw, language, member.given, family, born, world.population());
                member.mailbox.change(of_day(draw), Some(next));
            }
            if draw.chance(NEW_MOBILE) {
                let city = member.home.latest().address.city;
                let version = 1 + member.mobile.changes(END) as u64;
                member.mobile.change(of_day(draw), Some(world.mobile(city, member.number, version)));
            }
            if first - member.born > 70 * YEAR && member.died.is_none() && draw.chance(DEATH) {
                member.died = Some(of_day(draw));
            }
        }
        marry(draw, members, first);
    }
}

/// Weddings of the couple of the house, of single people with somebody from outside, and partings.
fn marry(draw: &mut Draw, members: &mut [Person], first: Day) {
    let wedding = first + draw.range(0, YEAR - 1);
    if let [one, other, ..] = members {
        let unmarried = one.gender != other.gender
            && one.family.latest().name.text != other.family.latest().name.text
            && one.family.latest().maiden.is_none()
            && other.family.latest().maiden.is_none()
            && (one.born - other.born).abs() < 15 * YEAR;
        if unmarried && draw.chance(MARRIAGE * 3.0) {
            let (bride, groom) = if one.gender == Gender::Female { (one, other) } else { (other, one) };
            let name = groom.family.latest().name.clone();
            take_name(draw, bride, name, wedding);
        }
    }
    for member in members.iter_mut() {
        let age = (first - member.born) / YEAR;
        let current = member.family.latest();
        match &current.maiden {
            None if member.gender == Gender::Female && (20..50).contains(&age) && draw.chance(MARRIAGE) => {
                let country = member.home.latest().address.city.country;
                let name = Names::get().surname(draw, Origin::Local(country));
                take_name(draw, member, name, wedding);
            }
            Some(maiden) if draw.chance(DIVORCE * 2.0) => {
                let name = Surname { text: maiden.clone(), share: 1e-5 };
                member.family.change(wedding, plain(name));
            }
            _ => {}
        }
    }
}

/// The bride takes the name (75 %), puts it before her own (8 %), or keeps her own.
fn take_name(draw: &mut Draw, bride: &mut Person, name: Surname, day: Day) {
    let own = bride.family.latest().name.clone();
    let name = match draw.weighted(&[75, 8, 17]) {
        0 => name,
        1 if !own.text.contains('-') && !name.text.contains('-') => {
            Surname { text: format!("{}-{}", own.text, name.text), share: 1e-7 }
        }
        _ => return,
    };
    bride.family.change(day, FamilyName { name, maiden: Some(own.text) });
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
    let landline =
        keeps.then(|| world.landline(&address, household / super::household::MOST_MEMBERS, version));
    Home { address, landline, household: Some(household) }
}
