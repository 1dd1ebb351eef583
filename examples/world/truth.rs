//! The truth: whom each record is about.

use super::World;
use super::calendar::{Day, END};
use super::digits;
use super::rows::Rows;
use super::sources::{Source, Subject};

/// A file of the truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TruthFile {
    /// Whom each record is about.
    Records,
    /// What happened to whom.
    Events,
    /// Pairs that are easily taken for one.
    HardNegatives,
}

impl TruthFile {
    /// All files, in the order of [`Exports::truths`](super::Exports::truths).
    pub(crate) const ALL: [TruthFile; 3] = [TruthFile::Records, TruthFile::Events, TruthFile::HardNegatives];

    /// The name of the file.
    pub(crate) fn file(self) -> &'static str {
        ["truth.csv", "truth_events.csv", "truth_hard_negatives.csv"][self as usize]
    }

    /// Bytes that a household or organisation takes in it, with a few to spare.
    pub(crate) fn room(self) -> usize {
        [155, 90, 30][self as usize]
    }

    /// The columns, separated by commas.
    pub(crate) fn header(self) -> &'static str {
        [
            "source,key,entity,entity_type,household,org,state",
            super::events::HEADER,
            super::hard_negatives::HEADER,
        ][self as usize]
    }
}

/// How the truth calls somebody; it is the same for all records.
#[derive(Debug)]
pub(crate) struct Labels {
    entity: String,
    kind: &'static str,
    household: String,
}

impl Labels {
    /// The labels of a person or organisation; the household is the one at the end of the period.
    pub(crate) fn of(world: &World, subject: Subject<'_>) -> Labels {
        match subject {
            Subject::Person(person) => {
                let household = person.home.on(END).household.map(|number| of_household(world, number));
                Labels {
                    entity: of_person(world, person.number),
                    kind: "person",
                    household: household.unwrap_or_default(),
                }
            }
            Subject::Organisation(organisation) => Labels {
                entity: of_organisation(world, organisation.number),
                kind: "organisation",
                household: String::new(),
            },
        }
    }

    /// How the truth calls the entity.
    pub(crate) fn entity(&self) -> &str {
        &self.entity
    }

    /// The same, when nothing else is to be noted.
    pub(crate) fn into_entity(self) -> String {
        self.entity
    }

    /// How the truth calls the household at the end of the period; empty where there is none.
    pub(crate) fn household(&self) -> &str {
        &self.household
    }

    /// Notes whom a record is about. The organisation is the employer on that day, and `state` the number of changes
    /// in the entity's life before it.
    pub(crate) fn note(
        &self,
        truth: &mut Rows,
        world: &World,
        source: Source,
        key: &str,
        subject: Subject<'_>,
        day: Day,
    ) {
        let organisation = match subject {
            Subject::Person(person) => {
                person.job.on(day).as_ref().map(|job| of_organisation(world, job.organisation.number))
            }
            Subject::Organisation(_) => None,
        };
        let state = digits::labelled("", subject.state(day) as u64);
        let organisation = match subject {
            Subject::Person(_) => organisation.as_deref().unwrap_or_default(),
            Subject::Organisation(_) => &self.entity,
        };
        truth.push(&[source.name(), key, &self.entity, self.kind, &self.household, organisation, &state]);
    }
}

/// The label of the person of a number.
pub(crate) fn of_person(world: &World, number: u64) -> String {
    label(world, "p", number)
}

/// The label of the household of a number.
pub(crate) fn of_household(world: &World, number: u64) -> String {
    label(world, "h", number)
}

/// The label of the organisation of a number.
pub(crate) fn of_organisation(world: &World, number: u64) -> String {
    label(world, "o", world.own_number(number))
}

fn label(world: &World, letter: &str, number: u64) -> String {
    digits::labelled(letter, world.labels.at(number))
}
