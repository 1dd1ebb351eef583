//! Golden values of all entities, in flat arrays.

use super::subject::Mask;
use crate::id::{EntityId, FieldId, RecordId, ValueId};

/// A value that survived, and a record that states it.
///
/// ```
/// use onefold::survive::GoldenValue;
/// fn key<'a>(records: &'a onefold::record::Records, golden: GoldenValue) -> (&'a str, &'a str) {
///     records.raw().key(golden.record)
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct GoldenValue {
    /// The value in its field's column.
    pub value: ValueId,
    /// The best record that states it.
    pub record: RecordId,
}

/// One survivor: a value of a field, or the parts of a name or an address that survived together.
///
/// ```
/// use onefold::survive::GoldenRow;
/// fn is_confirmed(row: &GoldenRow<'_>) -> bool {
///     row.sources() > 1
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GoldenRow<'a> {
    fields: &'a [FieldId],
    parts: &'a [GoldenValue],
    /// Texts that no record states, with the places of their parts in the table, and the place of the first part.
    texts: &'a [(u32, String)],
    first: u32,
    support: Support,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Support {
    pub(super) sources: u32,
    pub(super) records: u32,
}

impl<'a> GoldenRow<'a> {
    /// The value of a field in this survivor. Of a part of a name or address with several values in its record it is the
    /// first; the others stand in the same record.
    pub fn get(&self, field: FieldId) -> Option<GoldenValue> {
        let position = self.fields.iter().position(|&other| other == field)?;
        self.parts.get(position).copied().filter(|part| !part.value.is_missing())
    }

    /// The text of a field that no record states: computed by the rule from what records state, or pinned by a steward.
    /// Such a field has no [`get`](Self::get).
    pub fn text(&self, field: FieldId) -> Option<&'a str> {
        let position = self.first + self.fields.iter().position(|&other| other == field)? as u32;
        let found = self.texts.iter().find(|(at, _)| *at == position)?;
        Some(found.1.as_str())
    }

    /// The values that records state, with their fields.
    pub(crate) fn stated(&self) -> impl Iterator<Item = (FieldId, GoldenValue)> + use<'a> {
        let parts = self.fields.iter().copied().zip(self.parts.iter().copied());
        parts.filter(|(_, part)| !part.value.is_missing())
    }

    /// The fields that survive together, whether they have a value or not.
    pub fn fields(&self) -> &'a [FieldId] {
        self.fields
    }

    /// How many of the entity's sources state it: of a name, the first name and the surname.
    pub fn sources(&self) -> u32 {
        self.support.sources
    }

    /// How many of the entity's records state it: of a name, the first name and the surname.
    pub fn records(&self) -> u32 {
        self.support.records
    }
}

/// The golden values of all entities.
///
/// ```
/// use onefold::survive::{Policy, survive};
/// # use onefold::{record::Records, resolve::Partition};
/// fn most_sources(records: &Records, partition: &Partition) -> u32 {
///     let golden = survive(records, partition, &Policy::default());
///     let fields = (0..records.columns().len() as u16).map(onefold::FieldId);
///     let values = fields.flat_map(|field| partition.iter().map(move |(entity, _)| (entity, field)));
///     values.flat_map(|(entity, field)| golden.rows(entity, field)).map(|row| row.sources()).max().unwrap_or(0)
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GoldenRecords {
    pub(super) entities: usize,
    pub(super) tables: Vec<GoldenTable>,
    /// The table of each field.
    pub(super) places: Vec<usize>,
    pub(super) unfilled: u64,
    pub(super) findings: Vec<Finding>,
}

/// What a rule wants to be known about a golden value.
///
/// ```
/// use onefold::survive::{Finding, FindingKind};
/// fn ties(findings: &[Finding]) -> usize {
///     findings.iter().filter(|finding| finding.kind == FindingKind::Tie).count()
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Finding {
    /// The entity.
    pub entity: EntityId,
    /// The first of the fields that survive together.
    pub field: FieldId,
    /// What it is.
    pub kind: FindingKind,
}

/// The kinds of [`Finding`].
///
/// ```
/// assert_eq!(onefold::survive::FindingKind::Tie.as_str(), "tie");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FindingKind {
    /// Two different values are equal at the top.
    Tie,
    /// No candidate is left.
    Empty,
}

impl FindingKind {
    /// The name: `tie` or `empty`.
    pub fn as_str(self) -> &'static str {
        match self {
            FindingKind::Tie => "tie",
            FindingKind::Empty => "empty",
        }
    }
}

/// The survivors of one subject, entity by entity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct GoldenTable {
    pub(super) fields: Vec<FieldId>,
    /// Where the rows of each entity end.
    pub(super) ends: Vec<u32>,
    /// As many per row as there are fields.
    pub(super) parts: Vec<GoldenValue>,
    pub(super) support: Vec<Support>,
    /// Texts of parts that no record states, by the place of the part, ascending.
    pub(super) texts: Vec<(u32, String)>,
}

impl GoldenRecords {
    /// How many entities there are.
    pub fn len(&self) -> usize {
        self.entities
    }

    /// True when there are no entities.
    pub fn is_empty(&self) -> bool {
        self.entities == 0
    }

    /// What survived of a field in an entity, the best first; of a part of a name or address, with the other parts.
    pub fn rows(
        &self,
        entity: EntityId,
        field: FieldId,
    ) -> impl ExactSizeIterator<Item = GoldenRow<'_>> + '_ {
        let table = &self.tables[self.places[field.index()]];
        table.range(entity.index()).map(|row| table.row(row))
    }

    /// The best value of a field in an entity.
    pub fn value(&self, entity: EntityId, field: FieldId) -> Option<GoldenValue> {
        self.rows(entity, field).next()?.get(field)
    }

    /// In how many entities blanks were not filled because they have more than 64 distinct names or addresses.
    pub fn unfilled(&self) -> u64 {
        self.unfilled
    }

    /// What the rules want to be known, ascending.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Heap bytes held.
    pub fn bytes(&self) -> usize {
        let table = |table: &GoldenTable| {
            table.ends.capacity() * size_of::<u32>()
                + table.parts.capacity() * size_of::<GoldenValue>()
                + table.support.capacity() * size_of::<Support>()
                + table
                    .texts
                    .iter()
                    .map(|(_, text)| text.capacity() + size_of::<(u32, String)>())
                    .sum::<usize>()
        };
        self.tables.iter().map(table).sum()
    }
}

impl GoldenTable {
    fn range(&self, entity: usize) -> std::ops::Range<usize> {
        let start = if entity == 0 { 0 } else { self.ends[entity - 1] as usize };
        start..self.ends[entity] as usize
    }

    fn row(&self, row: usize) -> GoldenRow<'_> {
        let width = self.fields.len();
        let (first, end) = (row * width, (row + 1) * width);
        let below = |place: usize| self.texts.partition_point(|(at, _)| (*at as usize) < place);
        let texts = if self.texts.is_empty() { 0..0 } else { below(first)..below(end) };
        GoldenRow {
            fields: &self.fields,
            parts: &self.parts[first..end],
            texts: &self.texts[texts],
            first: first as u32,
            support: self.support[row],
        }
    }

    /// Appends the rows of further entities.
    pub(super) fn append(&mut self, mut other: GoldenTable) {
        let rows = self.support.len() as u32;
        let parts = self.parts.len() as u32;
        self.texts.extend(other.texts.into_iter().map(|(at, text)| (at + parts, text)));
        self.ends.extend(other.ends.iter().map(|end| end + rows));
        self.parts.append(&mut other.parts);
        self.support.append(&mut other.support);
    }
}

const _: () = assert!(Mask::BITS as usize > super::subject::PARTS);
