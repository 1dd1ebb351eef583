//! What happened to whom and when: the events in the lives of the people and organisations of which there are records.

use std::borrow::Cow;

use super::World;
use super::organisation::Organisation;
use super::person::{Home, Person};
use super::phone::Phone;
use super::rows::Rows;
use super::sources::{Subject, iso};
use super::truth::{Labels, of_household, of_organisation};

/// The header of the file. `before` and `after` hold what changed; the groups are the households or the organisations
/// between which somebody changed.
pub(crate) const HEADER: &str = "entity,kind,date,before,after,group_before,group_after";
/// The notation of telephone numbers in the file: international and without blanks.
const NOTATION: usize = 4;

/// Writes the events of a subject with its labels.
pub(crate) fn note(events: &mut Rows, world: &World, labels: &Labels, subject: Subject<'_>) {
    match subject {
        Subject::Person(person) => of_person(events, world, labels, person),
        Subject::Organisation(organisation) => {
            of_an_organisation(events, world, labels.entity(), organisation);
        }
    }
}

fn of_person(events: &mut Rows, world: &World, labels: &Labels, person: &Person) {
    let entity = labels.entity();
    let employed = person.job.latest().is_some();
    if employed {
        // Desk, mailbox and number change with the employer.
        let label = |number| of_organisation(world, number);
        for (day, before, after) in person.job.steps() {
            if let (Some(before), Some(after)) = (before, after) {
                let (before, after) = (&before.organisation, &after.organisation);
                let names = (before.legal_name(day), after.legal_name(day));
                let groups = (label(before.number), label(after.number));
                events.push(&[entity, "new_employer", &iso(day), &names.0, &names.1, &groups.0, &groups.1]);
            }
        }
    } else {
        let last = person.home.latest().household;
        let label = |home: &Home| match home.household {
            household if household == last => Cow::Borrowed(labels.household()),
            household => Cow::Owned(household.map(|number| of_household(world, number)).unwrap_or_default()),
        };
        for (day, before, after) in person.home.steps() {
            let groups = (label(before), label(after));
            events.push(&[entity, "move", &iso(day), &place(before), &place(after), &groups.0, &groups.1]);
        }
        for (day, before, after) in person.mailbox.steps() {
            let (before, after) =
                (before.as_deref().unwrap_or_default(), after.as_deref().unwrap_or_default());
            events.push(&[entity, "new_mailbox", &iso(day), before, after, "", ""]);
        }
    }
    for (day, before, after) in person.mobile.steps() {
        let text =
            |phone: &Option<Phone>| phone.as_ref().map(|phone| phone.written(NOTATION)).unwrap_or_default();
        events.push(&[entity, "new_phone", &iso(day), &text(before), &text(after), "", ""]);
    }
    for (kind, day) in [("marriage", person.married), ("divorce", person.divorced)] {
        if let Some(day) = day {
            let name = |day| person.family.on(day).name.text.as_str();
            events.push(&[entity, kind, &iso(day), name(day - 1), name(day), "", ""]);
        }
    }
    if let Some(day) = person.died {
        events.push(&[entity, "death", &iso(day), "", "", "", ""]);
    }
}

fn of_an_organisation(events: &mut Rows, world: &World, entity: &str, organisation: &Organisation) {
    for (day, before, after) in organisation.core.steps() {
        match organisation.merged {
            Some((merged, other)) if merged == day => {
                let other = of_organisation(world, other);
                events.push(&[entity, "merger", &iso(day), before, after, entity, &other]);
            }
            _ => events.push(&[entity, "rename", &iso(day), before, after, "", ""]),
        }
    }
    let merged = organisation.merged.map(|(day, _)| day);
    for (day, before, after) in organisation.form.steps().filter(|(day, ..)| Some(*day) != merged) {
        let text = |form: &str| form.replace('_', " ");
        events.push(&[entity, "legal_form", &iso(day), &text(before), &text(after), "", ""]);
    }
    for (day, before, after) in organisation.home.steps() {
        events.push(&[entity, "relocation", &iso(day), &place(before), &place(after), "", ""]);
    }
}

/// Where a home is.
fn place(home: &Home) -> String {
    let address = &home.address;
    [&address.street, " ", &address.number, ", ", address.postal_code, " ", address.city.name].concat()
}
