//! The truth: whom each record is about.

use super::World;
use super::calendar::{Day, END};
use super::person::Person;
use super::rows::Rows;
use super::sources::Source;

/// The header of the file.
pub(crate) const HEADER: &str = "source,key,entity,entity_type,household,org,state\n";

/// Notes whom a record is about. `state` is the number of changes in the person's life before that day; the household
/// is the one at the end of the period.
pub(crate) fn note(truth: &mut Rows, world: &World, source: Source, key: &str, person: &Person, day: Day) {
    let entity = format!("p{}", world.labels.at(person.number));
    let household = format!("h{}", world.labels.at(person.home.on(END).household));
    truth.push(&[source.name(), key, &entity, "person", &household, "", &person.state(day).to_string()]);
}
