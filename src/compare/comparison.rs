//! Comparisons as data.

use serde::{Deserialize, Serialize};

use crate::schema::{Field, FieldKind};
use crate::technique::{Technique, Techniques};

/// How two values are compared. Levels run from best to worst agreement; the last one is disagreement.
///
/// ```
/// use onefold::compare::Comparator;
/// assert_eq!(Comparator::Exact.levels(), ["equal", "differs"]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Comparator {
    /// Given names: nicknames, initials, spelling, and the other record's surname.
    GivenName,
    /// Surnames: transliteration, parts of compounds, spelling, and the other record's given name.
    FamilyName,
    /// Further given names: any one equal, initials, spelling.
    MiddleName,
    /// Dates: one typing error, day and month swapped, coarser precision, parts.
    Date,
    /// E-mail addresses: the same local part elsewhere, spelling.
    Email,
    /// Telephone numbers: the same last digits, one typing error.
    Phone,
    /// Codes such as identifiers: one typing error.
    Code,
    /// Postal codes: one typing error, the same area.
    PostalCode,
    /// House numbers: the same number with another letter.
    HouseNumber,
    /// Short names of places and streets by Jaro–Winkler similarity.
    Name,
    /// Text by the cosine of rarity-weighted character 3-grams and words.
    Text,
    /// Names of organisations by the bits that their words and phrases share, less what both have of their own.
    Organisation,
    /// Equal or not.
    Exact,
    /// Numbers by relative difference.
    Number,
    /// Years by difference.
    Year,
}

impl Comparator {
    /// The labels of the levels, best agreement first, disagreement last.
    pub fn levels(self) -> &'static [&'static str] {
        match self {
            Comparator::GivenName => &[
                "equal",
                "variant",
                "initial",
                "similar 0.92",
                "similar 0.80",
                "half alike",
                "crossed",
                "differs",
            ],
            Comparator::FamilyName => &[
                "equal",
                "variant or part",
                "similar 0.92",
                "similar 0.82",
                "half alike",
                "crossed",
                "differs",
            ],
            Comparator::MiddleName => &["equal", "initial", "similar 0.88", "differs"],
            Comparator::Date => &[
                "equal",
                "one error or swapped",
                "equal where both are known",
                "two parts",
                "year",
                "differs",
            ],
            Comparator::Email => &["equal", "same local part", "similar 0.90", "differs"],
            Comparator::Phone => &["equal", "same ending or one error", "differs"],
            Comparator::Code => &["equal", "one error", "two errors", "differs"],
            Comparator::PostalCode => &["equal", "one error", "same area", "differs"],
            Comparator::HouseNumber => &["equal", "same number or one error", "differs"],
            Comparator::Name => &["equal", "similar 0.92", "similar 0.80", "differs"],
            Comparator::Text => &[
                "equal",
                "cosine 0.85",
                "cosine 0.70",
                "cosine 0.50",
                "cosine 0.30",
                "cosine 0.15",
                "differs",
            ],
            Comparator::Organisation => &[
                "equal",
                "20 bits shared",
                "16 bits shared",
                "13 bits shared",
                "10 bits shared",
                "8 bits shared",
                "6 bits shared",
                "3 bits shared",
                "differs",
            ],
            Comparator::Exact => &["equal", "differs"],
            Comparator::Number => &["equal", "within 2 %", "within 10 %", "differs"],
            Comparator::Year => &["equal", "1 year", "5 years", "differs"],
        }
    }

    /// The comparator of a kind; `None` for kinds that are no comparison of their own.
    pub fn of_kind(kind: FieldKind) -> Option<Comparator> {
        Some(match kind {
            FieldKind::GivenName => Comparator::GivenName,
            FieldKind::FamilyName => Comparator::FamilyName,
            FieldKind::MiddleName => Comparator::MiddleName,
            FieldKind::BirthDate | FieldKind::Date => Comparator::Date,
            FieldKind::Email => Comparator::Email,
            FieldKind::Phone => Comparator::Phone,
            FieldKind::NationalId | FieldKind::TaxId | FieldKind::Iban | FieldKind::LoyaltyId => {
                Comparator::Code
            }
            FieldKind::PostalCode => Comparator::PostalCode,
            FieldKind::HouseNumber => Comparator::HouseNumber,
            FieldKind::Street | FieldKind::City | FieldKind::AddressExtra | FieldKind::Category => {
                Comparator::Name
            }
            FieldKind::OrgName => Comparator::Organisation,
            FieldKind::Text => Comparator::Text,
            FieldKind::Gender
            | FieldKind::NameSuffix
            | FieldKind::Country
            | FieldKind::Region
            | FieldKind::Url => Comparator::Exact,
            FieldKind::Number => Comparator::Number,
            FieldKind::Year => Comparator::Year,
            _ => return None,
        })
    }

    /// Whether equal values weigh by how rare they are. Where chance agreement is the same for all values, or
    /// values hardly repeat, it would only add noise.
    pub fn term_frequency(self) -> bool {
        !matches!(self, Comparator::Number | Comparator::HouseNumber)
    }
}

/// One comparison: a field and how its values are compared.
///
/// ```
/// use onefold::{FieldKind, compare::{Comparator, Comparison}, schema::Field};
/// let comparison = Comparison::new(Field::new(FieldKind::City, ""), Comparator::Name);
/// assert_eq!(comparison.levels().len(), 4);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Comparison {
    field: Field,
    comparator: Comparator,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    uncrossed: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    missing_differs: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    never_implied: bool,
}

impl Comparison {
    /// A field compared by a comparator.
    pub fn new(field: Field, comparator: Comparator) -> Self {
        Comparison { field, comparator, uncrossed: false, missing_differs: false, never_implied: false }
    }

    /// The same comparison without the techniques that are switched off.
    #[must_use]
    pub fn with_techniques(mut self, techniques: Techniques) -> Self {
        self.uncrossed = !techniques.has(Technique::CrossedNames);
        self.missing_differs = !techniques.has(Technique::MissingIsNeutral);
        self.never_implied = !techniques.has(Technique::ImpliedPlaces);
        self
    }

    /// The field whose values are compared.
    pub fn field(&self) -> &Field {
        &self.field
    }

    /// How they are compared.
    pub fn comparator(&self) -> Comparator {
        self.comparator
    }

    /// Whether a name in the other name field agrees a little.
    pub(crate) fn is_crossed(&self) -> bool {
        !self.uncrossed
    }

    /// Whether agreement on a wider place counts no more once a narrower one agrees.
    pub(crate) fn may_be_implied(&self) -> bool {
        !self.never_implied
    }

    /// The level of a missing value: 0, which is no evidence, unless it counts as disagreement.
    pub(crate) fn missing_level(&self) -> u8 {
        if self.missing_differs { self.levels().len() as u8 } else { 0 }
    }

    /// The labels of the levels, best agreement first.
    pub fn levels(&self) -> &'static [&'static str] {
        self.comparator.levels()
    }
}
