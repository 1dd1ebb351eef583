//! What survives as one: a field, a person's name, an address, a group.

use super::bound::{Binding, BoundRule};
use super::candidate::Candidate;
use super::moments::Clocks;
use super::policy::Policy;
use super::ready::whole;
use super::rule::Rule;
use crate::id::{FieldId, RecordId, ValueId};
use crate::normalize::gives;
use crate::record::{RawColumn, Records};
use crate::schema::{Field, FieldKind};

/// The most fields that survive together.
pub(super) const PARTS: usize = 7;

/// The parts of a name; those that are counted together come first.
pub(super) const NAME: [FieldKind; 4] =
    [FieldKind::GivenName, FieldKind::FamilyName, FieldKind::MiddleName, FieldKind::NameSuffix];
const NAME_KEY: usize = 2;

/// The parts of an address.
pub(super) const ADDRESS: [FieldKind; PARTS] = [
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
    Group,
    /// A whole record.
    Record,
}

/// A bit per part of a subject.
pub(super) type Mask = u8;

/// The fields that survive together, and their rule.
#[derive(Debug)]
pub(super) struct Subject<'a> {
    pub(super) shape: Shape,
    /// One field per part.
    pub(super) fields: Vec<FieldId>,
    pub(super) kinds: Vec<FieldKind>,
    /// How many leading parts are counted together.
    pub(super) key: usize,
    pub(super) rule: BoundRule<'a>,
    /// Per source the columns that give the fields.
    giving: Vec<Vec<&'a RawColumn>>,
}

/// A subject before its rule is bound.
struct Outline {
    shape: Shape,
    fields: Vec<FieldId>,
    /// The fields that would be parts if any record had them: an explicit null of one counts even so.
    possible: Vec<Field>,
    key: usize,
    rule: Rule,
}

impl<'a> Subject<'a> {
    /// All subjects of the records, in the order of their first fields but for names, addresses and groups, which come
    /// first.
    pub(super) fn all(records: &'a Records, policy: &Policy, clocks: &mut Clocks<'a>) -> Vec<Subject<'a>> {
        let outlines = outlines(records, policy);
        let kinds = |outline: &Outline| -> Vec<FieldKind> {
            outline.fields.iter().map(|&field| records.column(field).field().kind).collect()
        };
        let all: Vec<Vec<FieldKind>> = outlines.iter().map(kinds).collect();
        let position = |kind: FieldKind| {
            all.iter().position(|kinds| kinds.iter().any(|&part| part == kind || whole(part) == whole(kind)))
        };
        let subject = |(outline, kinds): (Outline, &Vec<FieldKind>)| {
            let binding = Binding { records, policy, fields: &outline.fields, kinds, position: &position };
            let rule = BoundRule::new(&outline.rule, &binding, clocks);
            let giving = records.raw().sources().iter().map(|source| {
                let gives = |column: &&RawColumn| outline.possible.iter().any(|field| gives(column, field));
                source.columns().iter().filter(gives).collect()
            });
            let giving = giving.collect();
            Subject {
                shape: outline.shape,
                fields: outline.fields,
                kinds: kinds.clone(),
                key: outline.key,
                rule,
                giving,
            }
        };
        outlines.into_iter().zip(&all).map(subject).collect()
    }

    /// The subject that whole records are.
    pub(super) fn record(records: &'a Records, policy: &Policy, clocks: &mut Clocks<'a>) -> Option<Self> {
        let record = policy.record()?;
        let binding = Binding { records, policy, fields: &[], kinds: &[], position: &|_: FieldKind| None };
        let rule = Rule::new(record.rank.clone(), super::reduce::Reduce::PickOne).with_fill(record.fill);
        Some(Subject {
            shape: Shape::Record,
            fields: Vec::new(),
            kinds: Vec::new(),
            key: 0,
            rule: BoundRule::new(&rule, &binding, clocks),
            giving: Vec::new(),
        })
    }

    /// The bit of the part of a kind; none if the subject has no such part.
    pub(super) fn bit(&self, kind: FieldKind) -> Mask {
        self.kinds.iter().position(|&part| part == kind).map_or(0, |position| 1 << position)
    }

    /// The kind of the first part.
    pub(super) fn kind(&self) -> FieldKind {
        self.kinds.first().copied().unwrap_or(FieldKind::Ignore)
    }

    /// True for whole records that fill each other's blanks.
    pub(super) fn fills(&self) -> bool {
        self.rule.rule.fill == super::rule::Fill::Always
    }

    /// True for a single field.
    pub(super) fn is_single(&self) -> bool {
        self.shape == Shape::Single
    }

    /// True if a candidate with these parts can survive: a name has a first name or a surname; an address has a
    /// street or postal code beside a city or postal code; a group has anything.
    pub(super) fn is_eligible(&self, filled: Mask) -> bool {
        let has = |kind| filled & self.bit(kind) != 0;
        match self.shape {
            Shape::Single | Shape::Record => true,
            Shape::Group => filled != 0,
            Shape::Name => has(FieldKind::GivenName) || has(FieldKind::FamilyName),
            Shape::Address => {
                let (code, city) = (has(FieldKind::PostalCode), has(FieldKind::City));
                has(FieldKind::Street) && (code || city) || code && city
            }
        }
    }

    /// True if agreement on these parts is enough to take two candidates for one: both names, or the street or postal
    /// code; of a group, the parts that it requires, or any.
    pub(super) fn is_anchor(&self, common: Mask) -> bool {
        let has = |kind| common & self.bit(kind) != 0;
        match self.shape {
            Shape::Single | Shape::Record => true,
            Shape::Group => common != 0 && common & self.rule.required == self.rule.required,
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

    /// The texts of a candidate's parts, empty where it has none.
    pub(super) fn texts<'t>(
        &'t self,
        records: &'t Records,
        of: &'t Candidate,
    ) -> impl Iterator<Item = &'t str> + 't {
        let text = |(&field, &value): (&FieldId, &ValueId)| {
            if value.is_missing() { "" } else { records.column(field).text(value) }
        };
        self.fields.iter().zip(&of.parts).map(text)
    }

    /// How many characters a candidate's parts have; canonical text is folded, so that each is one letter.
    pub(super) fn characters(&self, records: &Records, of: &Candidate) -> usize {
        self.texts(records, of).map(|text| text.chars().count()).sum()
    }

    /// True if the source says of a record that what the subject holds was deleted.
    pub(super) fn is_cleared(&self, records: &Records, record: RecordId) -> bool {
        let source = records.source(record);
        let row = (record.0 - records.raw().records_of(source).start) as usize;
        let columns = self.giving.get(source.index()).into_iter().flatten();
        let mut cells = columns.map(|column| column.cell(row));
        cells.any(|cell| cell == crate::record::Cell::Cleared)
    }
}

/// What survives together in these records under a policy.
fn outlines(records: &Records, policy: &Policy) -> Vec<Outline> {
    let schema = records.schema();
    let parts = |kinds: &[FieldKind]| -> Vec<FieldId> {
        kinds.iter().filter_map(|&kind| schema.position(kind, "")).collect()
    };
    let possible =
        |kinds: &[FieldKind]| -> Vec<Field> { kinds.iter().map(|&kind| Field::new(kind, "")).collect() };
    let mut outlines = Vec::new();
    for (shape, kinds, kind, key) in [
        (Shape::Name, NAME.as_slice(), FieldKind::FullName, NAME_KEY),
        (Shape::Address, ADDRESS.as_slice(), FieldKind::Address, PARTS),
    ] {
        let fields = parts(kinds);
        if !fields.is_empty() {
            let counted = |field: &&FieldId| kinds[..key].contains(&records.column(**field).field().kind);
            let key = fields.iter().filter(counted).count();
            outlines.push(Outline { shape, fields, possible: possible(kinds), key, rule: policy.rule(kind) });
        }
    }
    let mut grouped: Vec<FieldId> = Vec::new();
    for (_, group) in policy.groups() {
        let first = |kind: &FieldKind| schema.fields().iter().position(|field| field.kind == *kind);
        let fields: Vec<FieldId> =
            group.fields.iter().filter_map(first).map(|at| FieldId(at as u16)).collect();
        if !fields.is_empty() {
            grouped.extend(&fields);
            let mut possible = possible(&group.fields);
            possible.extend(fields.iter().map(|&field| records.column(field).field().clone()));
            let (key, rule) = (fields.len(), group.rule.clone());
            outlines.push(Outline { shape: Shape::Group, fields, possible, key, rule });
        }
    }
    for (position, field) in schema.fields().iter().enumerate() {
        let field_id = FieldId(position as u16);
        if !(field.kind.is_name_part() || field.kind.is_address_part() || grouped.contains(&field_id)) {
            let rule = match policy.group_of(field.kind) {
                // Further fields of a kind whose first survives in a group.
                Some(_) => super::ready::default_rule(whole(field.kind)),
                None => policy.rule(field.kind),
            };
            let (fields, possible) = (vec![field_id], vec![field.clone()]);
            outlines.push(Outline { shape: Shape::Single, fields, possible, key: 1, rule });
        }
    }
    outlines
}
