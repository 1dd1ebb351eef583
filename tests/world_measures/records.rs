//! Single records against what was true on the day: how often each kind of error is there, and whether errors come
//! together.

use super::{Measure, Shares};
use crate::world::calendar::{END, START};
use crate::world::names::Names;
use crate::world::person::Person;
use crate::world::random::Draw;
use crate::world::sheet::Sheet;
use crate::world::tier::Typist;
use crate::world::{World, errors, household};
use crate::world_tables::folded;

const HOUSEHOLDS: u64 = 8_000;
/// Records of each person.
const RECORDS: u64 = 2;
/// Fields whose errors are counted together.
const FIELDS: usize = 6;

/// The measures over records that somebody types about the people of a world.
pub(crate) fn measured(world: &World) -> Vec<Measure> {
    let mut shares = Shares::default();
    let mut errors: Vec<[bool; FIELDS]> = Vec::new();
    for number in 0..HOUSEHOLDS.min(world.households()) {
        let people = household::household(world, number);
        for person in &people {
            let others: Vec<Person> =
                people.iter().filter(|other| other.number != person.number).cloned().collect();
            for record in 0..RECORDS {
                let day = START + (END - START) / 2;
                let mut typist =
                    Typist::new(Draw::of(person.number, "record", record), world.tier(), 1.0, false);
                let right = Sheet::of_person(person, day, &mut typist);
                let mut typed = right.clone();
                errors::distort(&mut typed, person, &others, day, &mut typist);
                kinds(&mut shares, person, &right, &typed);
                errors.extend(wrong(&right, &typed));
            }
        }
    }
    let mut measures = shares.measures();
    measures.push(("records: errors vary more than independent ones".to_owned(), dispersion(&errors)));
    measures
}

fn kinds(shares: &mut Shares, person: &Person, right: &Sheet, typed: &Sheet) {
    let [given, family] = [&right.given, &right.family].map(|name| folded(name));
    let [typed_given, typed_family] = [&typed.given, &typed.family].map(|name| folded(name));
    let short_forms = Names::get().short_forms(person.given, right.country().language());
    if !short_forms.is_empty() {
        let nickname = short_forms.iter().any(|(_, short)| folded(short) == typed_given);
        shares.add("records: nickname", nickname && typed_given != given);
    }
    shares.add("records: given name as initial", typed_given.chars().count() == 1);
    shares.add("records: names swapped", typed_given == family && typed_family == given && given != family);
    shares.add("records: single edit of surname", strsim::osa_distance(&typed_family, &family) == 1);
    shares.add("records: surname is right, folded", typed_family == family);
    shares.add("records: surname is right to the letter", typed.family == right.family);
    let garbled = [&typed.given, &typed.family].iter().any(|name| name.contains(['Ã', 'Å', 'Â']));
    if !right.given.is_ascii() || !right.family.is_ascii() {
        shares.add("records: wrong encoding", garbled);
    }
}

/// Which fields are wrong, where a record has all of them.
fn wrong(right: &Sheet, typed: &Sheet) -> Option<[bool; FIELDS]> {
    let full = !typed.mailbox.is_empty() && !typed.postal_code.is_empty() && !typed.number.is_empty();
    full.then(|| {
        [
            folded(&right.given) != folded(&typed.given),
            folded(&right.family) != folded(&typed.family),
            right.born != typed.born,
            right.number != typed.number,
            right.postal_code != typed.postal_code,
            right.mailbox != typed.mailbox.to_lowercase(),
        ]
    })
}

/// The variance of the number of wrong fields, compared with that of fields which are wrong independently.
fn dispersion(errors: &[[bool; FIELDS]]) -> f64 {
    let records = errors.len() as f64;
    let counts = errors.iter().map(|fields| fields.iter().filter(|wrong| **wrong).count() as f64);
    let (sum, squares) =
        counts.fold((0.0, 0.0), |(sum, squares), count| (sum + count, squares + count * count));
    let variance = squares / records - (sum / records).powi(2);
    let independent: f64 = (0..FIELDS)
        .map(|at| errors.iter().filter(|fields| fields[at]).count() as f64 / records)
        .map(|share| share * (1.0 - share))
        .sum();
    variance / independent
}
