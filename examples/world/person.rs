//! A person over the years: each value with the day since which it holds.

use std::rc::Rc;

use super::calendar::Day;
use super::hard_negatives::Kind;
use super::names::{Gender, Surname};
use super::organisation::Organisation;
use super::phone::Phone;
use super::place::Address;

/// Values with the day since which each holds, oldest first; never empty. Most values never change.
#[derive(Clone, Debug)]
pub(crate) struct Since<T> {
    first: T,
    later: Vec<(Day, T)>,
}

impl<T> Since<T> {
    /// A value that holds from the beginning.
    pub(crate) fn always(value: T) -> Since<T> {
        Since { first: value, later: Vec::new() }
    }

    /// Changes the value from a day on; what was to hold from a later one is given up.
    pub(crate) fn change(&mut self, day: Day, value: T) {
        self.later.retain(|(since, _)| *since < day);
        if day == Day::MIN {
            self.first = value;
        } else {
            self.later.push((day, value));
        }
    }

    /// The value on a day.
    pub(crate) fn on(&self, day: Day) -> &T {
        self.later.iter().rfind(|(since, _)| *since <= day).map_or(&self.first, |(_, value)| value)
    }

    /// The latest value.
    pub(crate) fn latest(&self) -> &T {
        self.later.last().map_or(&self.first, |(_, value)| value)
    }

    /// The same days with other values.
    pub(crate) fn map<U>(&self, value: impl Fn(&T) -> U) -> Since<U> {
        let later = self.later.iter().map(|(since, of)| (*since, value(of))).collect();
        Since { first: value(&self.first), later }
    }

    /// The changes: the day of each with the values before and after it.
    pub(crate) fn steps(&self) -> impl Iterator<Item = (Day, &T, &T)> {
        let before = std::iter::once(&self.first).chain(self.later.iter().map(|(_, value)| value));
        before.zip(&self.later).map(|(before, (day, after))| (*day, before, after))
    }

    /// How often the value had changed by a day.
    pub(crate) fn changes(&self, day: Day) -> usize {
        self.later.iter().filter(|(since, _)| *since <= day).count()
    }
}

/// A home: an address, with the landline if it has one, and the household that lives there.
#[derive(Clone, Debug)]
pub(crate) struct Home {
    pub(crate) address: Rc<Address>,
    pub(crate) landline: Option<Phone>,
    /// The number of the household; `None` for a place of work.
    pub(crate) household: Option<u64>,
}

/// The surname in use, and the one by birth where it is another.
#[derive(Clone, Debug)]
pub(crate) struct FamilyName {
    pub(crate) name: Surname,
    pub(crate) maiden: Option<String>,
    /// Whether the one by birth became a middle name.
    pub(crate) middle: bool,
}

/// What somebody is to a partner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bond {
    Single,
    /// A couple without a wedding so far.
    Partnered,
    Married,
    Divorced,
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
    pub(crate) bond: Bond,
    /// Whether the partner is of the same household.
    pub(crate) couple: bool,
    /// The wedding within the period.
    pub(crate) married: Option<Day>,
    pub(crate) divorced: Option<Day>,
    pub(crate) died: Option<Day>,
    /// The mailbox in which a marketplace collects the mail of several customers.
    pub(crate) relay: Option<String>,
    /// People who are easily taken for this one, by their numbers.
    pub(crate) doubles: Vec<(Kind, u64)>,
    /// How many systems know the person, against the average.
    pub(crate) reach: f64,
}

impl Person {
    /// A single person without mailbox, telephone or employer, of whom the systems know as much as of anybody.
    pub(crate) fn new(
        number: u64,
        gender: Gender,
        given: &'static str,
        born: Day,
        family: FamilyName,
        home: Home,
    ) -> Person {
        Person {
            number,
            gender,
            given,
            second: None,
            suffix: "",
            title: "",
            born,
            family: Since::always(family),
            home: Since::always(home),
            mailbox: Since::always(None),
            mobile: Since::always(None),
            job: Since::always(None),
            bond: Bond::Single,
            couple: false,
            married: None,
            divorced: None,
            died: None,
            relay: None,
            doubles: Vec::new(),
            reach: 1.0,
        }
    }

    /// Whether the person is alive on a day.
    pub(crate) fn lives(&self, day: Day) -> bool {
        self.died.is_none_or(|died| day < died)
    }

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
