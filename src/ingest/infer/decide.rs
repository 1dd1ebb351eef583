//! The decision on each column, from its name, its values and the other columns.

use rayon::prelude::*;

use super::names::{NameEvidence, Reading, read_name};
use super::sample::Sample;
use super::values::{fits, is_of_organisation, proves};
use super::vocabulary::{ADDRESS, NAME};
use crate::ingest::kept::Kept;
use crate::ingest::mapping::{InferenceBasis, UnmappedReason};
use crate::ingest::source::Source;
use crate::schema::{EntityKind, FieldKind};

/// What is known of a column that no declaration names.
pub(super) struct Evidence<'a> {
    name: NameEvidence,
    sample: Sample<'a>,
}

/// What is to become of such a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    Kind { kind: FieldKind, basis: InferenceBasis, fitting: u32, distinct: u32 },
    None(UnmappedReason),
}

/// What the source says beside the column.
pub(super) struct Context {
    entity: EntityKind,
    has_key: bool,
    /// The kinds that are declared, and those that names say without another reading.
    kinds: Vec<FieldKind>,
    declared: Vec<FieldKind>,
}

/// With a name that says it, so many values must have the form of the kind: typing errors and notes are common,
/// columns of another meaning fit far less.
const MAJORITY: f64 = 0.6;

/// Where the values must speak for themselves, so many must.
const NEARLY_ALL: f64 = 0.9;

/// Kinds that a form of their own can prove, the strictest first.
const PROVABLE: [FieldKind; 5] =
    [FieldKind::Iban, FieldKind::Email, FieldKind::Url, FieldKind::Phone, FieldKind::Address];

impl<'a> Evidence<'a> {
    pub(super) fn of(column: &'a Kept<'_>, rows: usize) -> Self {
        let sample = Sample::of(column.dictionary(), column.numbers(rows));
        Evidence { name: read_name(&column.name), sample }
    }

    fn share(&self, passes: impl Fn(&str) -> bool) -> f64 {
        f64::from(self.sample.count(passes)) / f64::from(self.sample.len().max(1))
    }

    fn fitting(&self, kind: FieldKind) -> u32 {
        self.sample.count(|text| fits(kind, text))
    }

    fn holds(&self, kind: FieldKind) -> bool {
        let fits = |text: &str| fits(kind, text);
        self.share(fits) >= MAJORITY || self.sample.share_of_rows(fits) >= MAJORITY
    }

    fn kind(&self, kind: FieldKind, basis: InferenceBasis) -> Decision {
        Decision::Kind { kind, basis, fitting: self.fitting(kind), distinct: self.sample.len() }
    }

    /// The decision where the name says nothing.
    fn proved(&self) -> Decision {
        let mut provable = PROVABLE.into_iter().filter(|_| self.sample.is_personal());
        match provable.find(|&kind| self.share(|text| proves(kind, text)) >= NEARLY_ALL) {
            Some(kind) => self.kind(kind, InferenceBasis::Values),
            None => Decision::None(UnmappedReason::Unknown),
        }
    }

    fn contradicts(&self, kind: FieldKind) -> Decision {
        let (fitting, distinct) = (self.fitting(kind), self.sample.len());
        Decision::None(UnmappedReason::Contradicted { kind, fitting, distinct })
    }
}

impl Context {
    pub(super) fn of(source: &Source, evidence: &[Evidence<'_>]) -> Self {
        let declared: Vec<FieldKind> = source.fields().iter().map(|(_, kind)| *kind).collect();
        let said = evidence.iter().filter_map(|column| match &column.name {
            NameEvidence::Says(Reading { kinds: [kind], .. }) if column.holds(*kind) => Some(*kind),
            _ => None,
        });
        let kinds = declared.iter().copied().chain(said).collect();
        Context { entity: source.info().entity, has_key: source.key_column().is_some(), kinds, declared }
    }

    /// The decisions, in the order of the evidence.
    pub(super) fn decide(&self, evidence: &[Evidence<'_>]) -> Vec<Decision> {
        let mut decisions: Vec<Decision> = evidence.par_iter().map(|column| self.alone(column)).collect();
        let is_of_delivery = |column: &Evidence<'_>| {
            matches!(column.name, NameEvidence::Says(Reading { of_delivery: true, .. }))
        };
        let mut held = self.declared.clone();
        for (column, decision) in evidence.iter().zip(&decisions) {
            if let Decision::Kind { kind, basis, .. } = decision
                && matches!(basis, InferenceBasis::Name | InferenceBasis::NameInContext)
                && !is_of_delivery(column)
            {
                held.push(*kind);
            }
        }
        for (column, decision) in evidence.iter().zip(&mut decisions) {
            let Decision::Kind { kind, basis, .. } = *decision else { continue };
            if !held.contains(&kind) {
                continue;
            }
            if is_of_delivery(column) {
                *decision = Decision::None(UnmappedReason::OfDelivery { kind });
            } else if matches!(basis, InferenceBasis::PartOfName | InferenceBasis::Values) {
                *decision = Decision::None(UnmappedReason::Uncertain { kind });
            }
        }
        decisions
    }

    /// What a column is if no other one yields or takes precedence.
    fn alone(&self, column: &Evidence<'_>) -> Decision {
        // A constant tells no two records apart, but the country tells how their phones and dates are read.
        let is_country =
            matches!(column.name, NameEvidence::Says(Reading { kinds: [FieldKind::Country, ..], .. }));
        match &column.name {
            _ if column.sample.is_empty() => Decision::None(UnmappedReason::Empty),
            _ if column.sample.is_constant() && !is_country => Decision::None(UnmappedReason::Constant),
            NameEvidence::Says(reading) => self.said(column, *reading),
            NameEvidence::Hints(kinds) => self.hinted(column, kinds),
            NameEvidence::Identifies(_) if !self.has_key && column.sample.is_unique() => {
                Decision::None(UnmappedReason::LikeKey)
            }
            NameEvidence::Identifies(word) | NameEvidence::Denies(word) => {
                Decision::None(UnmappedReason::OtherMeaning { word: word.clone() })
            }
            NameEvidence::Nothing => column.proved(),
        }
    }

    fn said(&self, column: &Evidence<'_>, reading: Reading) -> Decision {
        let Some(&first) = reading.kinds.first() else { return Decision::None(UnmappedReason::Unknown) };
        if reading.of_employer && self.entity != EntityKind::Person {
            return Decision::None(UnmappedReason::OtherMeaning { word: "employer".to_owned() });
        }
        let in_order = if reading.kinds == NAME {
            vec![self.kind_of_name(column)]
        } else if reading.kinds == ADDRESS {
            vec![self.kind_of_address(column)]
        } else {
            reading.kinds.to_vec()
        };
        let possible: Vec<FieldKind> = in_order.into_iter().filter(|&kind| self.allows(kind)).collect();
        let basis =
            if reading.kinds.len() > 1 { InferenceBasis::NameInContext } else { InferenceBasis::Name };
        match (possible.iter().find(|&&kind| column.holds(kind)), possible.first()) {
            (Some(&kind), _) => column.kind(kind, basis),
            (None, Some(&kind)) => column.contradicts(kind),
            (None, None) => Decision::None(UnmappedReason::OfPersons { kind: first }),
        }
    }

    fn hinted(&self, column: &Evidence<'_>, kinds: &[FieldKind]) -> Decision {
        let confirmed = kinds.iter().copied().filter(|&kind| self.allows(kind)).find(|&kind| match kind {
            FieldKind::PostalCode | FieldKind::BirthDate => {
                column.share(|text| fits(kind, text)) >= NEARLY_ALL
            }
            _ => column.share(|text| proves(kind, text)) >= NEARLY_ALL,
        });
        match (confirmed, kinds.first()) {
            (Some(kind), _) => column.kind(kind, InferenceBasis::PartOfName),
            (None, Some(&kind)) => Decision::None(UnmappedReason::Uncertain { kind }),
            (None, None) => Decision::None(UnmappedReason::Unknown),
        }
    }

    /// A column called only a name holds what the rows are; beside given names, and where no other column has the
    /// family names, single words are those.
    fn kind_of_name(&self, column: &Evidence<'_>) -> FieldKind {
        const OF_EITHER: f64 = 0.3;
        let has = |kind| self.kinds.contains(&kind);
        let organisations = || column.share(is_of_organisation);
        match self.entity {
            EntityKind::Organisation => FieldKind::OrgName,
            _ if has(FieldKind::GivenName)
                && !has(FieldKind::FamilyName)
                && column.share(|text| text.split_whitespace().count() == 1) >= MAJORITY =>
            {
                FieldKind::FamilyName
            }
            EntityKind::Either if !has(FieldKind::OrgName) && organisations() >= OF_EITHER => {
                FieldKind::OrgName
            }
            EntityKind::Person if organisations() >= MAJORITY => FieldKind::OrgName,
            _ => FieldKind::FullName,
        }
    }

    /// Beside a city or a postal code an address is the street; else it is whole if it has several parts.
    fn kind_of_address(&self, column: &Evidence<'_>) -> FieldKind {
        let locality = [FieldKind::City, FieldKind::PostalCode];
        let has_locality = self.kinds.iter().any(|kind| locality.contains(kind));
        if !has_locality && column.holds(FieldKind::Address) { FieldKind::Address } else { FieldKind::Street }
    }

    /// False for a kind of persons where the rows are organisations.
    fn allows(&self, kind: FieldKind) -> bool {
        use FieldKind as K;
        let of_persons = matches!(
            kind,
            K::GivenName
                | K::MiddleName
                | K::FamilyName
                | K::FullName
                | K::NamePrefix
                | K::NameSuffix
                | K::Gender
                | K::BirthDate
                | K::BirthYear
                | K::BirthMonth
                | K::BirthDay
                | K::NationalId
        );
        !(of_persons && self.entity == EntityKind::Organisation)
    }
}
