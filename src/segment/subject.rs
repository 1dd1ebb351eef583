//! One profile under a condition.

use super::condition::Interval;
use super::expr::Expr;
use super::field::{AmountField, ContactField, Field, InstantField, NumberField, TextField};
use super::verdict::Verdict;
use crate::profile::Profile;
use crate::record::EntityClass;
use crate::text;
use crate::value::Instant;

/// A profile, with what it does not say itself: how many persons its household has.
///
/// ```
/// use onefold::profile::Profile;
/// use onefold::segment::{Subject, field, matches};
/// fn is_family(profile: &Profile, persons: u32) -> bool {
///     let subject = Subject::new(profile).in_household_of(persons);
///     matches(&field::household_size().at_least(3), subject, "2026-11-01".parse().unwrap())
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    profile: &'a Profile,
    household_size: Option<u32>,
}

impl<'a> Subject<'a> {
    /// The profile alone: where it has a household, the size of that is unknown.
    pub fn new(profile: &'a Profile) -> Self {
        Subject { profile, household_size: None }
    }

    /// The same with the number of persons in its household, which counts only where the profile has one.
    #[must_use]
    pub fn in_household_of(mut self, persons: u32) -> Self {
        self.household_size = Some(persons);
        self
    }

    pub(super) fn number(&self, field: NumberField) -> Option<i64> {
        let profile = self.profile;
        match field {
            NumberField::OrderCount => Some(i64::try_from(profile.orders.count).unwrap_or(i64::MAX)),
            NumberField::BirthYear => profile.birth_date.as_deref()?.get(..4)?.parse().ok(),
            NumberField::HouseholdSize if profile.household.is_some() => self.household_size.map(i64::from),
            NumberField::HouseholdSize => (profile.class == EntityClass::Person).then_some(1),
        }
    }

    /// In ten-thousandths.
    pub(super) fn amount(&self, field: AmountField) -> Option<i64> {
        let (AmountField::Revenue(currency) | AmountField::AverageBasket(currency)) = field;
        let found = self.profile.orders.revenue.iter().find(|revenue| revenue.currency == currency)?;
        match field {
            AmountField::Revenue(_) => Some(found.net.units()),
            AmountField::AverageBasket(_) => found.average_basket.map(crate::value::Amount::units),
        }
    }

    /// In seconds of the axis of UTC.
    pub(super) fn instant(&self, field: InstantField) -> Option<i64> {
        let instant = match field {
            InstantField::FirstOrder => self.profile.orders.first,
            InstantField::LastOrder => self.profile.orders.last,
        };
        instant.map(Instant::unix_seconds)
    }

    pub(super) fn text(&self, field: TextField) -> Option<&'a str> {
        let address = self.profile.addresses.first()?;
        match field {
            TextField::Country => address.country.as_deref(),
            TextField::Region => address.region.as_deref(),
            TextField::City => address.city.as_deref(),
            TextField::PostalCode => address.postal_code.as_deref(),
        }
    }

    pub(super) fn has_contact(&self, field: ContactField) -> bool {
        match field {
            ContactField::Email => !self.profile.emails.is_empty(),
            ContactField::Phone => !self.profile.phones.is_empty(),
            ContactField::Address => !self.profile.addresses.is_empty(),
        }
    }

    pub(super) fn profile(&self) -> &'a Profile {
        self.profile
    }

    pub(super) fn exists(&self, field: Field) -> bool {
        match field {
            Field::Number(field) => self.number(field).is_some(),
            Field::Amount(field) => self.amount(field).is_some(),
            Field::Instant(field) => self.instant(field).is_some(),
            Field::Text(field) => self.text(field).is_some(),
            Field::Gender(_) => self.profile.gender.is_some(),
            Field::Contact(field) => self.has_contact(field),
        }
    }
}

impl<'a> From<&'a Profile> for Subject<'a> {
    fn from(profile: &'a Profile) -> Self {
        Subject::new(profile)
    }
}

/// True when a profile qualifies: the condition holds, and is not unknown.
pub fn matches<'a>(expr: &Expr, profile: impl Into<Subject<'a>>, as_of: Instant) -> bool {
    verdict(expr, profile, as_of) == Verdict::True
}

/// Whether a condition holds for a profile, or is unknown.
///
/// ```
/// use onefold::profile::Profile;
/// use onefold::segment::{Verdict, field, verdict};
/// fn may_be_abroad(profile: &Profile) -> bool {
///     verdict(&field::country().is("DE"), profile, "2026-11-01".parse().unwrap()) != Verdict::True
/// }
/// ```
pub fn verdict<'a>(expr: &Expr, profile: impl Into<Subject<'a>>, as_of: Instant) -> Verdict {
    of(expr, &profile.into(), as_of)
}

fn of(expr: &Expr, subject: &Subject<'_>, as_of: Instant) -> Verdict {
    match expr {
        Expr::All(parts) => {
            parts.iter().fold(Verdict::True, |verdict, part| verdict & of(part, subject, as_of))
        }
        Expr::Any(parts) => {
            parts.iter().fold(Verdict::False, |verdict, part| verdict | of(part, subject, as_of))
        }
        Expr::Not(inner) => !of(inner, subject, as_of),
        Expr::Exists(field) => subject.exists(*field).into(),
        Expr::Number { field, test } => Interval::of_numbers(*test).verdict(subject.number(*field)),
        Expr::Amount { field, test } => Interval::of_amounts(*test).verdict(subject.amount(*field)),
        Expr::Instant { field, test } => Interval::of_instants(*test, as_of).verdict(subject.instant(*field)),
        Expr::Text { field, test } => {
            let value = subject.text(*field).map(text::fold);
            value.map_or(Verdict::Unknown, |value| test.folded().passes(&value).into())
        }
        Expr::Gender(gender) => {
            subject.profile.gender.map_or(Verdict::Unknown, |known| (known == *gender).into())
        }
        Expr::Class(class) => (subject.profile.class == *class).into(),
        Expr::Source(name) => subject.profile.records.iter().any(|record| record.source == *name).into(),
    }
}
