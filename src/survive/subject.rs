//! What survives as one: a field, a person's name, an address.

use rayon::prelude::*;

use super::policy::Policy;
use super::rule::{Comparator, Rule};
use crate::id::{FieldId, RecordId, ValueId};
use crate::normalize::{gives, spelling_grade};
use crate::record::{RawColumn, Records};
use crate::schema::{Field, FieldKind};

/// The most fields that survive together.
pub(super) const PARTS: usize = 7;

/// The parts of a name; those that are counted together come first.
const NAME: [FieldKind; 4] =
    [FieldKind::GivenName, FieldKind::FamilyName, FieldKind::MiddleName, FieldKind::NameSuffix];
const NAME_KEY: usize = 2;

/// The parts of an address.
const ADDRESS: [FieldKind; PARTS] = [
    FieldKind::Street,
    FieldKind::HouseNumber,
    FieldKind::AddressExtra,
    FieldKind::PostalCode,
    FieldKind::City,
    FieldKind::Region,
    FieldKind::Country,
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Single,
    Name,
    Address,
}

/// A bit per part of a subject.
pub(super) type Mask = u8;

/// The fields that survive together, their rule, and what the rule asks of the sources.
#[derive(Debug)]
pub(super) struct Subject<'a> {
    pub(super) shape: Shape,
    /// One field per part.
    pub(super) fields: Vec<FieldId>,
    /// How many leading parts are counted together.
    pub(super) key: usize,
    pub(super) rule: Rule,
    kinds: Vec<FieldKind>,
    /// Per step of the rule the rank of each source, higher is better; empty for other steps.
    priorities: Vec<Vec<i64>>,
    /// Per source the columns that give the subject, with the grade of each distinct text; empty if the rule does not
    /// look at spellings.
    spellings: Vec<Vec<(&'a RawColumn, Vec<u8>)>>,
}

impl<'a> Subject<'a> {
    /// All subjects of the records, in the order of their first fields.
    pub(super) fn all(records: &'a Records, policy: &Policy) -> Vec<Subject<'a>> {
        let fields = records.schema().fields();
        let group = |kinds: &[FieldKind]| -> Vec<FieldId> {
            kinds.iter().filter_map(|&kind| records.schema().position(kind, "")).collect()
        };
        let mut subjects = Vec::new();
        for (shape, kinds, key) in
            [(Shape::Name, NAME.as_slice(), NAME_KEY), (Shape::Address, ADDRESS.as_slice(), PARTS)]
        {
            let parts = group(kinds);
            if !parts.is_empty() {
                let kind = if shape == Shape::Name { FieldKind::FullName } else { FieldKind::Address };
                let key = parts
                    .iter()
                    .filter(|&&field| kinds[..key].contains(&records.column(field).field().kind))
                    .count();
                subjects.push(Subject::new(records, shape, parts, key, policy.rule(kind)));
            }
        }
        for (position, field) in fields.iter().enumerate() {
            if !(field.kind.is_name_part() || field.kind.is_address_part()) {
                let field_id = FieldId(position as u16);
                let rule = policy.rule(field.kind);
                subjects.push(Subject::new(records, Shape::Single, vec![field_id], 1, rule));
            }
        }
        subjects
    }

    fn new(records: &'a Records, shape: Shape, fields: Vec<FieldId>, key: usize, rule: Rule) -> Self {
        let kinds = fields.iter().map(|&field| records.column(field).field().kind).collect();
        let sources = records.raw().sources();
        let names: Vec<&str> = sources.iter().map(|source| source.info().name.as_str()).collect();
        let priorities = rule.rank.iter().map(|step| match step {
            Comparator::SourcePriority(listed) => {
                let rank = |name: &&str| listed.iter().position(|other| other == name);
                names.iter().map(|name| rank(name).map_or(i64::MIN, |rank| -(rank as i64))).collect()
            }
            _ => Vec::new(),
        });
        let priorities = priorities.collect();
        let spellings = if rule.rank.contains(&Comparator::Spelling) {
            let of_fields: Vec<&Field> = fields.iter().map(|&field| records.column(field).field()).collect();
            sources.iter().map(|source| graded(source.columns(), &of_fields)).collect()
        } else {
            Vec::new()
        };
        Subject { shape, fields, key, rule, kinds, priorities, spellings }
    }

    /// The bit of the part of a kind; none if the subject has no such part.
    pub(super) fn bit(&self, kind: FieldKind) -> Mask {
        self.kinds.iter().position(|&part| part == kind).map_or(0, |position| 1 << position)
    }

    /// The kind of the first part.
    pub(super) fn kind(&self) -> FieldKind {
        self.kinds[0]
    }

    /// True if a candidate with these parts can survive: a name has a first name or a surname; an address has a
    /// street or postal code beside a city or postal code.
    pub(super) fn is_eligible(&self, filled: Mask) -> bool {
        let has = |kind| filled & self.bit(kind) != 0;
        match self.shape {
            Shape::Single => true,
            Shape::Name => has(FieldKind::GivenName) || has(FieldKind::FamilyName),
            Shape::Address => {
                let (code, city) = (has(FieldKind::PostalCode), has(FieldKind::City));
                has(FieldKind::Street) && (code || city) || code && city
            }
        }
    }

    /// True if agreement on these parts is enough to take two candidates for one: both names, or the street or postal
    /// code.
    pub(super) fn is_anchor(&self, common: Mask) -> bool {
        let has = |kind| common & self.bit(kind) != 0;
        match self.shape {
            Shape::Single => true,
            Shape::Name => has(FieldKind::GivenName) && has(FieldKind::FamilyName),
            Shape::Address => has(FieldKind::Street) || has(FieldKind::PostalCode),
        }
    }

    /// The first value of each part in a record.
    pub(super) fn parts(&self, records: &Records, record: RecordId) -> [ValueId; PARTS] {
        let row = records.row(record);
        let mut parts = [ValueId::MISSING; PARTS];
        for (part, &field) in parts.iter_mut().zip(&self.fields) {
            *part = records.column(field).slice(row).first().copied().unwrap_or(ValueId::MISSING);
        }
        parts
    }

    /// The rank of a record's source at a step of the rule.
    pub(super) fn priority(&self, step: usize, source: usize) -> i64 {
        self.priorities[step].get(source).copied().unwrap_or(i64::MIN)
    }

    /// How well the record's cells are spelled: accents count before case.
    pub(super) fn spelling(&self, source: usize, row: usize) -> i64 {
        let Some(columns) = self.spellings.get(source) else { return 0 };
        let (mut accents, mut case) = (0, 1);
        let mut any = false;
        for (column, grades) in columns {
            if let Some(number) = column.value_number(row) {
                let grade = grades[number as usize];
                accents |= grade & 2;
                case &= grade & 1;
                any = true;
            }
        }
        if any { i64::from(accents | case) } else { -1 }
    }
}

/// The columns that give the fields, with the grade of each distinct text.
fn graded<'a>(columns: &'a [RawColumn], fields: &[&Field]) -> Vec<(&'a RawColumn, Vec<u8>)> {
    let gives = |column: &&RawColumn| fields.iter().any(|field| gives(column, field));
    let grade = |column: &'a RawColumn| {
        let texts: Vec<&str> = column.values().iter().collect();
        (column, texts.into_par_iter().map(spelling_grade).collect())
    };
    columns.iter().filter(gives).map(grade).collect()
}
