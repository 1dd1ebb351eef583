//! A person over the years: each value with the day since which it holds.

use std::rc::Rc;

use super::calendar::Day;
use super::names::{Gender, Surname};
use super::organisation::Organisation;
use super::phone::Phone;
use super::place::Address;

/// Values with the day since which each holds, oldest first; never empty.
#[derive(Clone, Debug)]
pub(crate) struct Since<T>(Vec<(Day, T)>);

impl<T> Since<T> {
    /// A value that holds from the beginning.
    pub(crate) fn always(value: T) -> Since<T> {
        Since(vec![(Day::MIN, value)])
    }

    /// Changes the value from a day on.
    pub(crate) fn change(&mut self, day: Day, value: T) {
        self.0.push((day, value));
    }

    /// The value on a day.
    pub(crate) fn on(&self, day: Day) -> &T {
        let at = self.0.iter().rposition(|(since, _)| *since <= day).unwrap_or_default();
        &self.0[at].1
    }

    /// The latest value.
    pub(crate) fn latest(&self) -> &T {
        &self.0[self.0.len() - 1].1
    }

    /// How often the value had changed by a day.
    pub(crate) fn changes(&self, day: Day) -> usize {
        self.0.iter().filter(|(since, _)| *since <= day).count() - 1
    }
}

/// A home: an address, with the landline if it has one, and the household that lives there.
#[derive(Clone, Debug)]
pub(crate) struct Home {
    pub(crate) address: Address,
    pub(crate) landline: Option<Phone>,
    /// The number of the household; `None` for a place of work.
    pub(crate) household: Option<u64>,
}

/// The surname in use, and the one by birth where it is another.
#[derive(Clone, Debug)]
pub(crate) struct FamilyName {
    pub(crate) name: Surname,
    pub(crate) maiden: Option<String>,
}

/// Where somebody works.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) organisation: Rc<Organisation>,
}

/// A person.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    /// Unique in the world; tells household and member.
    pub(crate) number: u64,
    pub(crate) gender: Gender,
    pub(crate) given: &'static str,
    pub(crate) second: Option<&'static str>,
    /// What stands behind the surname of those who are called like their father; most have none.
    pub(crate) suffix: &'static str,
    pub(crate) title: &'static str,
    pub(crate) born: Day,
    pub(crate) family: Since<FamilyName>,
    pub(crate) home: Since<Home>,
    pub(crate) mailbox: Since<Option<String>>,
    pub(crate) mobile: Since<Option<Phone>>,
    pub(crate) job: Since<Option<Job>>,
    pub(crate) died: Option<Day>,
    /// How ready the person is to become a customer, 1.0 for adults.
    pub(crate) reach: f64,
}

impl Person {
    /// How many changes of life there were up to a day.
    pub(crate) fn state(&self, day: Day) -> usize {
        self.family.changes(day)
            + self.home.changes(day)
            + self.mailbox.changes(day)
            + self.mobile.changes(day)
            + self.job.changes(day)
            + usize::from(self.died.is_some_and(|died| died <= day))
    }
}
