//! The truth: whom each record is about.

use super::World;
use super::calendar::{Day, END};
use super::digits;
use super::rows::Rows;
use super::sources::{Source, Subject};

/// The header of the file.
pub(crate) const HEADER: &str = "source,key,entity,entity_type,household,org,state\n";

/// Notes whom a record is about. `state` is the number of changes in the entity's life before that day; the household
/// is the one at the end of the period, the organisation the employer on that day.
pub(crate) fn note(
    truth: &mut Rows,
    world: &World,
    source: Source,
    key: &str,
    subject: Subject<'_>,
    day: Day,
) {
    let label = |letter: &str, number: u64| digits::labelled(letter, world.labels.at(number));
    let of_organisation = |number: u64| label("o", world.own_number(number));
    let (entity, kind, household, organisation, state) = match subject {
        Subject::Person(person) => {
            let household =
                person.home.on(END).household.map(|number| label("h", number)).unwrap_or_default();
            let job = person.job.on(day).as_ref().map(|job| of_organisation(job.organisation.number));
            (label("p", person.number), "person", household, job.unwrap_or_default(), person.state(day))
        }
        Subject::Organisation(organisation) => {
            let entity = of_organisation(organisation.number);
            (entity.clone(), "organisation", String::new(), entity, organisation.state(day))
        }
    };
    truth.push(&[
        source.name(),
        key,
        &entity,
        kind,
        &household,
        &organisation,
        &digits::labelled("", state as u64),
    ]);
}
