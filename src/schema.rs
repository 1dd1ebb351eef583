//! What a column means: the closed list of field kinds, and the fields of a run.

use serde::{Deserialize, Serialize};

use crate::id::FieldId;

/// Whether a source's rows are persons, organisations, or either.
///
/// ```
/// use onefold::EntityKind;
/// assert_eq!("organisation".parse::<EntityKind>(), Ok(EntityKind::Organisation));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EntityKind {
    /// Every row is a person.
    Person,
    /// Every row is an organisation.
    Organisation,
    /// Each row decides: with a person name a person, else with an organisation name an organisation, else
    /// unknown.
    Either,
}

impl EntityKind {
    /// The names that [`FromStr`](std::str::FromStr) accepts.
    pub const NAMES: [&'static str; 3] = ["person", "organisation", "either"];

    /// The name as the spec file spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            EntityKind::Person => "person",
            EntityKind::Organisation => "organisation",
            EntityKind::Either => "either",
        }
    }
}

impl std::str::FromStr for EntityKind {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        match name {
            "person" => Ok(EntityKind::Person),
            "organisation" => Ok(EntityKind::Organisation),
            "either" => Ok(EntityKind::Either),
            _ => Err(UnknownName),
        }
    }
}

/// A name that is not in the list of its type; the caller knows the place and reports it.
///
/// ```
/// assert!("colour".parse::<onefold::FieldKind>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown name")]
pub struct UnknownName;

macro_rules! kinds {
    ($($variant:ident $name:literal $doc:literal,)*) => {
        /// What a column holds. The list is closed: each kind has its own parsing, comparison and blocking keys.
        ///
        /// ```
        /// use onefold::FieldKind;
        /// let kind: FieldKind = "family_name".parse().unwrap();
        /// assert_eq!(kind, FieldKind::FamilyName);
        /// assert_eq!(kind.as_str(), "family_name");
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum FieldKind {
            $(#[doc = $doc] $variant,)*
        }

        impl FieldKind {
            /// All kinds, in the order of the documentation.
            pub const ALL: &'static [FieldKind] = &[$(FieldKind::$variant,)*];

            /// The name as the spec file spells it.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(FieldKind::$variant => $name,)*
                }
            }
        }

        impl std::str::FromStr for FieldKind {
            type Err = UnknownName;

            fn from_str(name: &str) -> Result<Self, UnknownName> {
                match name {
                    $($name => Ok(FieldKind::$variant),)*
                    _ => Err(UnknownName),
                }
            }
        }
    };
}

kinds! {
    GivenName "given_name" "First name or names.",
    MiddleName "middle_name" "Middle name, second given name or patronymic.",
    FamilyName "family_name" "Surname; given twice, the values are alternatives or parts of a compound.",
    FullName "full_name" "A whole person name in one field; parsed into parts.",
    NamePrefix "name_prefix" "Title or form of address: Dr., Frau.",
    NameSuffix "name_suffix" "Generation or degree after the name: Jr., III, MBA.",
    Gender "gender" "Gender or form of address that tells it.",
    BirthDate "birth_date" "Date of birth, in any common format.",
    BirthYear "birth_year" "Year part of the date of birth.",
    BirthMonth "birth_month" "Month part of the date of birth.",
    BirthDay "birth_day" "Day part of the date of birth.",
    Email "email" "E-mail address.",
    Phone "phone" "Telephone, mobile or fax number.",
    Address "address" "A whole postal address in one field; parsed into parts.",
    Street "street" "Street, with or without the house number.",
    HouseNumber "house_number" "House number.",
    AddressExtra "address_extra" "Unit, floor, building, c/o.",
    PostalCode "postal_code" "Postal code.",
    City "city" "City or town.",
    Region "region" "State, county, province.",
    Country "country" "Country, as a name or an ISO 3166-1 code.",
    OrgName "org_name" "Name of an organisation; on a person, the employer.",
    NationalId "national_id" "Number issued to a person: passport, driving licence, social security.",
    TaxId "tax_id" "Tax or VAT number.",
    Iban "iban" "International bank account number (ISO 13616).",
    LoyaltyId "loyalty_id" "Customer card or membership number.",
    Url "url" "Web address.",
    Date "date" "A date that is no birth date.",
    Year "year" "A calendar year.",
    Number "number" "A quantity, compared by distance.",
    Category "category" "One of a set of labels, compared by equality.",
    Text "text" "Free text, compared by rarity-weighted tokens and q-grams.",
    Ignore "ignore" "Not used.",
}

impl FieldKind {
    /// True for the parts of a person's name that survive together: first, middle and family name, and suffix.
    pub fn is_name_part(self) -> bool {
        use FieldKind as K;
        matches!(self, K::GivenName | K::MiddleName | K::FamilyName | K::NameSuffix)
    }

    /// True for the parts of a postal address.
    pub fn is_address_part(self) -> bool {
        use FieldKind as K;
        matches!(
            self,
            K::Street | K::HouseNumber | K::AddressExtra | K::PostalCode | K::City | K::Region | K::Country
        )
    }
}

/// One field of the normalised records: a kind, and a name where a kind can have several fields.
///
/// ```
/// use onefold::{FieldKind, schema::Field};
/// let field = Field::new(FieldKind::Text, "title");
/// assert_eq!(field.to_string(), "text:title");
/// assert_eq!(Field::new(FieldKind::Email, "").to_string(), "email");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Field {
    /// What the field holds.
    pub kind: FieldKind,
    /// Empty for kinds of which a record has one field (`email`); else the folded column name (`title`).
    pub name: String,
}

impl Field {
    /// A field of this kind; `name` is empty for kinds of which a record has one field.
    pub fn new(kind: FieldKind, name: impl Into<String>) -> Self {
        Field { kind, name: name.into() }
    }
}

impl std::fmt::Display for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.kind.as_str())?;
        if !self.name.is_empty() {
            write!(f, ":{}", self.name)?;
        }
        Ok(())
    }
}

/// The fields of a run in canonical order (kind, then name); a [`FieldId`] is a position in it.
///
/// ```
/// use onefold::{FieldId, FieldKind, schema::{Field, Schema}};
/// let schema = Schema::new(vec![Field::new(FieldKind::Email, ""), Field::new(FieldKind::GivenName, "")]);
/// assert_eq!(schema.position(FieldKind::GivenName, ""), Some(FieldId(0)));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    fields: Vec<Field>,
}

impl Schema {
    /// Sorts the fields into canonical order and removes repeats.
    pub fn new(mut fields: Vec<Field>) -> Self {
        fields.sort_unstable();
        fields.dedup();
        Schema { fields }
    }

    /// The fields in order of their ids.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The id of a field, if the run has it.
    pub fn position(&self, kind: FieldKind, name: &str) -> Option<FieldId> {
        self.fields.iter().position(|f| f.kind == kind && f.name == name).map(|i| FieldId(i as u16))
    }
}

/// Which pairs of records are candidates at all.
///
/// ```
/// use onefold::schema::LinkMode;
/// assert_eq!("link".parse::<LinkMode>(), Ok(LinkMode::Link));
/// assert_eq!(LinkMode::default(), LinkMode::LinkAndDedupe);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LinkMode {
    /// Pairs within the one source.
    Dedupe,
    /// Pairs across sources only.
    Link,
    /// All pairs.
    #[default]
    LinkAndDedupe,
}

impl LinkMode {
    /// The names that [`FromStr`](std::str::FromStr) accepts.
    pub const NAMES: [&'static str; 3] = ["dedupe", "link", "link_and_dedupe"];

    /// True when pairs within one source, or pairs across two, are candidates.
    pub(crate) fn allows(self, same_source: bool) -> bool {
        match self {
            LinkMode::Dedupe => same_source,
            LinkMode::Link => !same_source,
            LinkMode::LinkAndDedupe => true,
        }
    }

    /// The name as the spec file spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            LinkMode::Dedupe => "dedupe",
            LinkMode::Link => "link",
            LinkMode::LinkAndDedupe => "link_and_dedupe",
        }
    }
}

impl std::str::FromStr for LinkMode {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        match name {
            "dedupe" => Ok(LinkMode::Dedupe),
            "link" => Ok(LinkMode::Link),
            "link_and_dedupe" => Ok(LinkMode::LinkAndDedupe),
            _ => Err(UnknownName),
        }
    }
}
