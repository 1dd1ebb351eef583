//! What one gives up and another gets: a home with its landline, and a mobile number.

use super::World;
use super::calendar::Day;
use super::household::{MOST_MEMBERS, founded, is_namesake};
use super::locale::Country;
use super::person::{Home, Person};
use super::phone::Phone;
use super::random::Draw;

/// Of the changes of numbers.
const RECYCLED: f64 = 0.01;
/// Households among which one that gave something up is looked for.
const TRIES: usize = 24;

/// For a few of the moves, the home that another household left before, and that household's head. `next` is where the
/// movers would go else.
pub(super) fn home(
    world: &World,
    household: u64,
    version: u64,
    day: Day,
    next: &Home,
) -> Option<(Home, u64)> {
    let draw = &mut Draw::of(world.seed(), "successors", household * 64 + version);
    let found = |members: &[Person]| {
        let head = members.first()?;
        let (left, home, _) = head.home.steps().next()?;
        let fits = left < day
            && home.landline.is_some()
            && home.address.city.country == next.address.city.country
            && head.lives(left);
        fits.then(|| (home.clone(), head.number))
    };
    search(draw, world, household, found)
}

/// For a few of the new numbers, one that somebody gave up before, and who that was.
pub(super) fn mobile(
    world: &World,
    person: u64,
    version: u64,
    day: Day,
    country: Country,
) -> Option<(Phone, u64)> {
    let draw = &mut Draw::of(world.seed(), "recycled numbers", person * 64 + version);
    search(draw, world, person / MOST_MEMBERS, |members| {
        members.iter().find_map(|member| {
            let (given_up, number, _) = member.mobile.steps().next()?;
            let number = number.as_ref().filter(|number| given_up < day && number.country == country)?;
            Some((number.clone(), member.number))
        })
    })
}

/// The first thing found with a few other households. What they had first is theirs alone, so that nothing but the
/// names of namesakes could be other than what they themselves tell.
fn search<T>(
    draw: &mut Draw,
    world: &World,
    household: u64,
    found: impl Fn(&[Person]) -> Option<T>,
) -> Option<T> {
    if !draw.chance(RECYCLED) {
        return None;
    }
    (0..TRIES).find_map(|_| {
        let other = draw.below(world.households() as usize) as u64;
        if other == household || is_namesake(world, other) {
            return None;
        }
        found(&founded(world, other, true))
    })
}
