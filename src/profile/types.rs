//! A profile and its parts.

use serde::{Deserialize, Serialize};

use crate::fact::OrderSummary;
use crate::id::{CustomerId, HouseholdId};
use crate::record::EntityClass;
use crate::schema::FieldKind;
use crate::value::Gender;

/// One customer: golden values, the records that they come from, and what was ordered.
///
/// Lists are in order of rank, the best first. What no record says is absent.
///
/// ```
/// use onefold::profile::Profile;
/// fn greeting(profile: &Profile) -> String {
///     let name = profile.name.as_ref().map_or("customer", |name| name.full.as_str());
///     format!("Dear {name}")
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Profile {
    /// The customer's id, which later runs keep.
    pub customer_id: CustomerId,
    /// Person, organisation, or unknown.
    pub class: EntityClass,
    /// The person's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<ProfileName>,
    /// The organisation's name; of a person, the employer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// Gender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    /// Date of birth in ISO 8601, in reduced precision where only the year or month is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<String>,
    /// E-mail addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<ContactPoint>,
    /// Telephone numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<ContactPoint>,
    /// Postal addresses; the parts of each come from one record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<Address>,
    /// Numbers that were issued to the customer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<Identifier>,
    /// Values of the other kinds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<ProfileValue>,
    /// The source records, ascending by (source, key).
    pub records: Vec<SourceRecord>,
    /// The household that the person belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub household: Option<HouseholdId>,
    /// The orders, summed up.
    #[serde(default)]
    pub orders: OrderSummary,
}

/// A person's name; its parts come from one record.
///
/// ```
/// # use onefold::profile::ProfileName;
/// fn initials(name: &ProfileName) -> String {
///     [&name.given, &name.family].into_iter().flatten().filter_map(|part| part.chars().next()).collect()
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProfileName {
    /// The parts that are known, in their usual order.
    pub full: String,
    /// First name or names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<String>,
    /// Middle names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub middle: Option<String>,
    /// Surname.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
    /// Generation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suffix: Option<String>,
}

/// An e-mail address or telephone number, and how many records and sources state it.
///
/// ```
/// # use onefold::profile::Profile;
/// fn best_phone(profile: &Profile) -> Option<&str> {
///     profile.phones.first().map(|phone| phone.value.as_str())
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ContactPoint {
    /// The canonical form: a lower-case e-mail address, a number in E.164.
    pub value: String,
    /// How many of the customer's records state it.
    pub records: u32,
    /// How many of the customer's sources state it.
    pub sources: u32,
    /// How many other customers state it too.
    pub shared_with: u32,
}

/// A postal address; all parts come from one record, or from records that agree on every part that both have.
///
/// ```
/// # use onefold::profile::Address;
/// fn label(address: &Address) -> String {
///     let part = |part: &Option<String>| part.clone().unwrap_or_default();
///     format!("{} {}, {} {}", part(&address.street), part(&address.house_number), part(&address.postal_code), part(&address.city))
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Address {
    /// Street without house number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// House number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub house_number: Option<String>,
    /// Unit, floor, building, `care of`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extra: Option<String>,
    /// Postal code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// City or town.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// State, county or province.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Country, ISO 3166-1 alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// How many of the customer's records state it.
    pub records: u32,
    /// How many of the customer's sources state it.
    pub sources: u32,
}

/// A number that was issued to the customer: national id, tax number, bank account, customer card.
///
/// ```
/// # use onefold::{FieldKind, profile::Profile};
/// fn tax_id(profile: &Profile) -> Option<&str> {
///     let found = profile.identifiers.iter().find(|identifier| identifier.kind == FieldKind::TaxId);
///     found.map(|identifier| identifier.value.as_str())
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Identifier {
    /// What sort of number.
    pub kind: FieldKind,
    /// The field's name where a kind has several fields.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The canonical form.
    pub value: String,
}

/// A value of a kind that has no part of its own in a profile: web addresses, categories, numbers, texts.
///
/// ```
/// # use onefold::profile::Profile;
/// fn value<'p>(profile: &'p Profile, name: &str) -> Option<&'p str> {
///     profile.values.iter().find(|value| value.name == name).map(|value| value.value.as_str())
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProfileValue {
    /// What the value is.
    pub kind: FieldKind,
    /// The field's name where a kind has several fields.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The value.
    pub value: String,
}

/// A record of the customer, by its key in its source.
///
/// ```
/// # use onefold::profile::Profile;
/// fn key_in<'p>(profile: &'p Profile, source: &str) -> Option<&'p str> {
///     profile.records.iter().find(|record| record.source == source).map(|record| record.key.as_str())
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SourceRecord {
    /// The source's name.
    pub source: String,
    /// The record's key in it.
    pub key: String,
    /// How sure it is that the record belongs to the customer: the probability of its strongest link to another
    /// record of the customer; of a customer's only record, one less that of its strongest link to any other.
    pub confidence: f64,
}
