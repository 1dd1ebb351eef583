//! The fields of a profile that conditions are about.
//!
//! ```
//! use onefold::segment::field;
//! let abroad = !field::country().is("DE") & field::email().exists();
//! assert_eq!(abroad.to_string(), r#"not country is "DE" and email exists"#);
//! ```

use serde::{Deserialize, Serialize};

use super::condition::{Bound, InstantTest, TextTest};
use super::expr::Expr;
use crate::record::EntityClass;
use crate::value::{Amount, Currency, Gender, Instant};

/// A field that holds a whole number.
///
/// ```
/// use onefold::segment::{NumberField, field};
/// assert_eq!(field::order_count(), NumberField::OrderCount);
/// assert_eq!(field::birth_year().between(1980, 1989).to_string(), "birth_year >= 1980 and birth_year <= 1989");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NumberField {
    /// Distinct orders, returns included; 0 without any, so never missing.
    OrderCount,
    /// Year of birth.
    BirthYear,
    /// Persons in the household; 1 for a person without one; missing for organisations.
    HouseholdSize,
}

/// A field that holds an amount in one currency; missing without any amount in it.
///
/// ```
/// use onefold::segment::{AmountField, field};
/// let euro = "EUR".parse().unwrap();
/// assert_eq!(field::revenue(euro), AmountField::Revenue(euro));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AmountField {
    /// The sum of all orders, returns negative.
    Revenue(Currency),
    /// The revenue over the number of orders above zero; missing without one.
    AverageBasket(Currency),
}

/// A field that holds an instant.
///
/// ```
/// use onefold::segment::field;
/// let lapsed = field::last_order().longer_ago_than_days(365);
/// assert_eq!(lapsed.to_string(), "last_order longer ago than 365 days");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum InstantField {
    /// The first dated order.
    FirstOrder,
    /// The last dated order.
    LastOrder,
}

/// A field that holds a text: of several values, the best one.
///
/// ```
/// use onefold::segment::field;
/// let munich = field::postal_code().starts_with("80") | field::city().is("München");
/// assert_eq!(munich.to_string(), r#"postal_code starts with "80" or city is "München""#);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TextField {
    /// Country of the best address, ISO 3166-1 alpha-2.
    Country,
    /// State, county or province of the best address.
    Region,
    /// City of the best address.
    City,
    /// Postal code of the best address.
    PostalCode,
}

/// The gender of a person.
///
/// ```
/// use onefold::{segment::field, value::Gender};
/// assert_eq!(field::gender().is(Gender::Female).to_string(), "gender is female");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum GenderField {
    /// The gender.
    Gender,
}

/// A way to reach a customer, of which conditions ask only whether there is one.
///
/// ```
/// use onefold::segment::field;
/// let by_post_only = field::address().exists() & field::email().is_missing() & field::phone().is_missing();
/// assert_eq!(by_post_only.to_string(), "address exists and not email exists and not phone exists");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ContactField {
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A postal address.
    Address,
}

/// Any field that can be missing.
///
/// ```
/// use onefold::segment::{Expr, Field, field};
/// assert_eq!(field::city().exists(), Expr::Exists(Field::from(field::city())));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Field {
    /// A whole number.
    Number(NumberField),
    /// An amount.
    Amount(AmountField),
    /// An instant; it exists even at or after `as_of`.
    Instant(InstantField),
    /// A text.
    Text(TextField),
    /// The gender.
    Gender(GenderField),
    /// A way to reach the customer.
    Contact(ContactField),
}

impl NumberField {
    /// Equal to the number.
    pub fn is(self, number: i64) -> Expr {
        Expr::Number { field: self, test: Bound::Is(number) }
    }

    /// The number or more.
    pub fn at_least(self, number: i64) -> Expr {
        Expr::Number { field: self, test: Bound::AtLeast(number) }
    }

    /// The number or less.
    pub fn at_most(self, number: i64) -> Expr {
        Expr::Number { field: self, test: Bound::AtMost(number) }
    }

    /// From the first number to the second, both included.
    pub fn between(self, low: i64, high: i64) -> Expr {
        self.at_least(low) & self.at_most(high)
    }
}

impl AmountField {
    /// The amount or more.
    pub fn at_least(self, amount: Amount) -> Expr {
        Expr::Amount { field: self, test: Bound::AtLeast(amount) }
    }

    /// More than the amount.
    pub fn above(self, amount: Amount) -> Expr {
        Expr::Amount { field: self, test: Bound::Above(amount) }
    }

    /// The amount or less.
    pub fn at_most(self, amount: Amount) -> Expr {
        Expr::Amount { field: self, test: Bound::AtMost(amount) }
    }

    /// Less than the amount.
    pub fn below(self, amount: Amount) -> Expr {
        Expr::Amount { field: self, test: Bound::Below(amount) }
    }
}

impl InstantField {
    /// Earlier than the instant.
    pub fn before(self, instant: Instant) -> Expr {
        Expr::Instant { field: self, test: InstantTest::Before(instant) }
    }

    /// The instant or later.
    pub fn at_or_after(self, instant: Instant) -> Expr {
        Expr::Instant { field: self, test: InstantTest::AtOrAfter(instant) }
    }

    /// In so many days of 24 hours before `as_of`.
    pub fn within_days(self, days: u32) -> Expr {
        Expr::Instant { field: self, test: InstantTest::WithinDays(days) }
    }

    /// Before those days.
    pub fn longer_ago_than_days(self, days: u32) -> Expr {
        Expr::Instant { field: self, test: InstantTest::LongerAgoThanDays(days) }
    }
}

impl TextField {
    /// Every text field.
    pub const ALL: [TextField; 4] =
        [TextField::Country, TextField::Region, TextField::City, TextField::PostalCode];

    /// The whole text.
    pub fn is(self, text: impl Into<String>) -> Expr {
        Expr::Text { field: self, test: TextTest::Is(text.into()) }
    }

    /// One of several texts.
    pub fn one_of<T: Into<String>>(self, texts: impl IntoIterator<Item = T>) -> Expr {
        Expr::Text { field: self, test: TextTest::OneOf(texts.into_iter().map(Into::into).collect()) }
    }

    /// How the text begins.
    pub fn starts_with(self, text: impl Into<String>) -> Expr {
        Expr::Text { field: self, test: TextTest::StartsWith(text.into()) }
    }
}

impl GenderField {
    /// This gender.
    pub fn is(self, gender: Gender) -> Expr {
        Expr::Gender(gender)
    }
}

macro_rules! may_be_missing {
    ($($field:ident $variant:ident,)*) => {
        $(impl $field {
            /// The profile says something; never unknown.
            pub fn exists(self) -> Expr {
                Expr::Exists(self.into())
            }

            /// The profile says nothing; never unknown.
            pub fn is_missing(self) -> Expr {
                !self.exists()
            }
        }

        impl From<$field> for Field {
            fn from(field: $field) -> Field {
                Field::$variant(field)
            }
        })*
    };
}

may_be_missing! {
    NumberField Number,
    AmountField Amount,
    InstantField Instant,
    TextField Text,
    GenderField Gender,
    ContactField Contact,
}

macro_rules! functions {
    ($($name:ident -> $result:expr, $type:ty, $doc:literal;)*) => {
        $(#[doc = $doc]
        pub fn $name() -> $type {
            $result
        })*
    };
}

functions! {
    order_count -> NumberField::OrderCount, NumberField, "Distinct orders, returns included.";
    birth_year -> NumberField::BirthYear, NumberField, "Year of birth.";
    household_size -> NumberField::HouseholdSize, NumberField, "Persons in the household.";
    first_order -> InstantField::FirstOrder, InstantField, "When the first dated order was placed.";
    last_order -> InstantField::LastOrder, InstantField, "When the last dated order was placed.";
    country -> TextField::Country, TextField, "Country of the best address, ISO 3166-1 alpha-2.";
    region -> TextField::Region, TextField, "State, county or province of the best address.";
    city -> TextField::City, TextField, "City of the best address.";
    postal_code -> TextField::PostalCode, TextField, "Postal code of the best address.";
    gender -> GenderField::Gender, GenderField, "Gender.";
    email -> ContactField::Email, ContactField, "E-mail address.";
    phone -> ContactField::Phone, ContactField, "Telephone number.";
    address -> ContactField::Address, ContactField, "Postal address.";
}

/// The sum of all orders in a currency, returns negative.
pub fn revenue(currency: Currency) -> AmountField {
    AmountField::Revenue(currency)
}

/// The revenue in a currency over the number of orders above zero.
pub fn average_basket(currency: Currency) -> AmountField {
    AmountField::AverageBasket(currency)
}

/// The customer is a person, an organisation, or of unknown class.
pub fn class(class: EntityClass) -> Expr {
    Expr::Class(class)
}

/// The customer has a record in the source with this name; never unknown.
pub fn source(name: impl Into<String>) -> Expr {
    Expr::Source(name.into())
}

impl std::fmt::Display for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = match self {
            Field::Number(NumberField::OrderCount) => "order_count",
            Field::Number(NumberField::BirthYear) => "birth_year",
            Field::Number(NumberField::HouseholdSize) => "household_size",
            Field::Amount(AmountField::Revenue(currency)) => return write!(f, "revenue {currency}"),
            Field::Amount(AmountField::AverageBasket(currency)) => {
                return write!(f, "average_basket {currency}");
            }
            Field::Instant(InstantField::FirstOrder) => "first_order",
            Field::Instant(InstantField::LastOrder) => "last_order",
            Field::Text(TextField::Country) => "country",
            Field::Text(TextField::Region) => "region",
            Field::Text(TextField::City) => "city",
            Field::Text(TextField::PostalCode) => "postal_code",
            Field::Gender(GenderField::Gender) => "gender",
            Field::Contact(ContactField::Email) => "email",
            Field::Contact(ContactField::Phone) => "phone",
            Field::Contact(ContactField::Address) => "address",
        };
        f.write_str(name)
    }
}
