//! Two snapshots of people with years between them, as a register that is read twice has them.

use super::{Measure, Shares};
use crate::world::calendar::{END, YEAR};
use crate::world::names::Gender;
use crate::world::person::Person;
use crate::world::random::Draw;
use crate::world::sheet::Sheet;
use crate::world::sources::Source;
use crate::world::tier::{Tier, Typist};
use crate::world::{World, errors, household};
use crate::world_tables::folded;

const HOUSEHOLDS: u64 = 12_000;
/// Between the two entries.
const YEARS: i32 = 8;
const ADULT: i32 = 18 * YEAR;

/// The measures over all adults, with an entry of each at the first day and another at the last.
pub(crate) fn measured(tier: Tier) -> Vec<Measure> {
    let world = World::new(1, tier, HOUSEHOLDS, 0, &Source::MAIN).over_years(YEARS);
    let start = world.start();
    let mut shares = Shares::default();
    for number in 0..HOUSEHOLDS {
        let people = household::household(&world, number);
        for person in people.iter().filter(|person| start - person.born > ADULT && person.died.is_none()) {
            let others: Vec<Person> =
                people.iter().filter(|other| other.number != person.number).cloned().collect();
            let entry = |day: i32, careful: bool| {
                let draw = Draw::of(person.number, "snapshot", u64::from(careful));
                let mut typist = Typist::new(draw, tier, 1.0, careful);
                let mut sheet = Sheet::of_person(person, day, &mut typist);
                errors::distort(&mut sheet, person, &others, day, &mut typist);
                sheet
            };
            compare(&mut shares, person, start, &entry(start, true), &entry(END - 1, false));
        }
    }
    shares.measures()
}

fn compare(shares: &mut Shares, person: &Person, start: i32, first: &Sheet, last: &Sheet) {
    let given = [first, last].map(|sheet| first_word(&sheet.given));
    let family = [first, last].map(|sheet| folded(&sheet.family));
    shares.add("8 years: first name differs", given[0] != given[1]);
    shares.add("8 years: last name differs", family[0] != family[1]);
    if !first.postal_code.is_empty() && !last.postal_code.is_empty() {
        shares.add("8 years: postal code differs", first.postal_code != last.postal_code);
        let moved = folded(&first.street) != folded(&last.street) || first.number != last.number;
        let selected = given[0] != given[1] || family[0] != family[1] || moved;
        if selected {
            shares.add("8 years, changed: first name differs", given[0] != given[1]);
            shares.add("8 years, changed: last name differs", family[0] != family[1]);
            shares.add("8 years, changed: postal code differs", first.postal_code != last.postal_code);
        }
    }
    if family[0] != family[1] {
        let full = strsim::osa_distance(&family[0], &family[1]) > 2
            && !family[0].split(' ').any(|part| family[1].split(' ').any(|other| part == other))
            && family[0] != folded(&first.given)
            && family[1] != folded(&last.given);
        shares.add("8 years: full changes among last names that differ", full);
        let changed = person.family.on(start).name.text != person.family.on(END).name.text;
        if full && changed {
            shares.add("8 years: women among full changes of last name", person.gender == Gender::Female);
        }
    }
}

/// The first word that is no title: a register keeps titles and further given names apart.
fn first_word(given: &str) -> String {
    let folded = folded(given);
    let mut words = folded.split(' ').filter(|word| !["dr", "prof", "dipl", "ing"].contains(word));
    words.next().unwrap_or_default().to_owned()
}
