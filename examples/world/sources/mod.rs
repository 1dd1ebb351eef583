//! The systems that export: each in a form of its own.

pub(crate) mod about;
pub(crate) mod accounts;
pub(crate) mod crm;
pub(crate) mod erp;
pub(crate) mod list;
pub(crate) mod newsletter;
pub(crate) mod orders;
pub(crate) mod support;

use super::World;
use super::calendar::{Day, civil};
use super::digits;
use super::organisation::Organisation;
use super::person::Person;
use super::phone::Phone;
use super::random::Draw;

pub(crate) use about::About;

/// A row without its key.
const KEY_MISSING: [f64; 3] = [0.000_2, 0.001, 0.003];
/// A row that was delivered twice.
const REDELIVERED: [f64; 3] = [0.000_5, 0.002, 0.006];
/// A row that is there in an older state too.
const SUPERSEDED: [f64; 3] = [0.001, 0.005, 0.01];

/// A system that exports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    /// The contacts of the CRM.
    Crm,
    /// The organisations of the CRM: exported with the contacts.
    Accounts,
    /// The debtors of the ERP.
    Erp,
    /// The orders of the shop.
    Orders,
    /// The subscribers of the newsletter.
    Newsletter,
    /// The tickets of the support.
    Support,
    /// A list that was bought for marketing.
    List,
}

impl Source {
    /// All systems.
    pub(crate) const ALL: [Source; 7] = [
        Source::Crm,
        Source::Accounts,
        Source::Erp,
        Source::Orders,
        Source::Newsletter,
        Source::Support,
        Source::List,
    ];

    /// The systems that nearly every company has.
    pub(crate) const MAIN: [Source; 4] = [Source::Crm, Source::Accounts, Source::Erp, Source::Orders];

    /// The name on the command line.
    pub(crate) fn option(self) -> &'static str {
        ["crm", "accounts", "erp", "orders", "newsletter", "support", "list"][self as usize]
    }

    /// The name in the spec and in the truth.
    pub(crate) fn name(self) -> &'static str {
        ["crm", "accounts", "erp", "shop", "newsletter", "support", "list"][self as usize]
    }

    /// The system of an option's name.
    pub(crate) fn of_option(name: &str) -> Option<Source> {
        Source::ALL.into_iter().find(|source| source.option() == name)
    }

    /// The name of the file.
    pub(crate) fn file(self) -> &'static str {
        match self {
            Source::Crm => "crm.csv",
            Source::Accounts => "accounts.csv",
            Source::Erp => "erp.csv",
            Source::Orders => "orders.csv",
            Source::Newsletter => "newsletter.csv",
            Source::Support => "support.csv",
            Source::List => "list.csv",
        }
    }

    /// What stands between the cells.
    pub(crate) fn separator(self) -> u8 {
        if matches!(self, Source::Erp | Source::List) { b';' } else { b',' }
    }

    /// Bytes that a household or organisation takes in it, with a few to spare.
    pub(crate) fn room(self) -> usize {
        [135, 32, 76, 270, 48, 56, 30][self as usize]
    }

    /// What its rows are, as the spec says it; none where the spec need not say it.
    pub(crate) fn entity(self, world: &World) -> Option<&'static str> {
        match self {
            Source::Accounts => Some("organisation"),
            // Contacts of the CRM and those who write to the support are people.
            Source::Crm | Source::Support => None,
            _ => (world.organisations() > 0).then_some("either"),
        }
    }

    /// The column that tells when a row was last changed.
    pub(crate) fn updated_at(self) -> &'static str {
        match self {
            Source::Crm | Source::Accounts => "geaendert_am",
            Source::Erp => "GEAENDERT_AM",
            Source::Orders => "order_date",
            Source::Newsletter => "signup_date",
            Source::Support => "created_at",
            Source::List => "SourceDate",
        }
    }

    /// The columns of a world with their kinds, as the spec lists them; columns of no kind are keys, dates and amounts.
    pub(crate) fn columns(self, world: &World) -> Vec<(&'static str, &'static str)> {
        self.all_columns().iter().filter(|column| world.has_column(column)).copied().collect()
    }

    /// The columns of a world with organisations.
    fn all_columns(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Source::Crm => &crm::COLUMNS,
            Source::Accounts => &accounts::COLUMNS,
            Source::Erp => &erp::COLUMNS,
            Source::Orders => &orders::COLUMNS,
            Source::Newsletter => &newsletter::COLUMNS,
            Source::Support => &support::COLUMNS,
            Source::List => &list::COLUMNS,
        }
    }

    /// How careless the people at this system are, 1 on average.
    fn bias(self) -> f64 {
        [1.0, 0.9, 0.8, 1.2, 1.2, 1.5, 1.3][self as usize]
    }
}

/// Columns that exports have where there are organisations.
const OF_ORGANISATIONS: [&str; 9] =
    ["firma", "account_nr", "FIRMA1", "FIRMA2", "UST_ID", "company", "Company", "Website", "Industry"];

impl World {
    /// Whether the exports have a column, given with its kind.
    fn has_column(&self, (column, kind): &(&str, &str)) -> bool {
        (self.organisations() > 0 || !OF_ORGANISATIONS.contains(column))
            && (self.has_regions() || *kind != "region")
    }
}

/// How likely a system knows somebody.
#[derive(Clone, Copy, Debug)]
struct Coverage {
    private: f64,
    contact: f64,
    organisation: f64,
}

/// Whom a record is about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject<'a> {
    Person(&'a Person),
    Organisation(&'a Organisation),
}

impl Subject<'_> {
    /// How often something had changed by a day.
    pub(crate) fn state(self, day: Day) -> usize {
        match self {
            Subject::Person(person) => person.state(day),
            Subject::Organisation(organisation) => organisation.state(day),
        }
    }

    /// The landline on a day.
    fn landline(&self, day: Day) -> Option<&Phone> {
        match self {
            Subject::Person(person) => person.home.on(day).landline.as_ref(),
            Subject::Organisation(organisation) => organisation.home.on(day).landline.as_ref(),
        }
    }
}

/// A date as ISO 8601 writes it.
pub(crate) fn iso(day: Day) -> String {
    let (year, month, day) = civil(day);
    iso_of((year, month, day))
}

fn iso_of((year, month, day): (i32, i32, i32)) -> String {
    dated(*b"0000-00-00", [(0, year / 100), (2, year % 100), (5, month), (8, day)])
}

/// A date as it is written in German.
fn german((year, month, day): (i32, i32, i32)) -> String {
    dated(*b"00.00.0000", [(0, day), (3, month), (6, year / 100), (8, year % 100)])
}

/// A date with two digits of each part at its place.
fn dated(mut date: [u8; 10], parts: [(usize, i32); 4]) -> String {
    for (at, part) in parts {
        date[at..at + 2].copy_from_slice(&digits::PAIRS[part.unsigned_abs() as usize % 100]);
    }
    std::str::from_utf8(&date).unwrap_or_default().to_owned()
}
