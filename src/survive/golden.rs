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

    /// Heap bytes held.
    pub fn bytes(&self) -> usize {
        let table = |table: &GoldenTable| {
            table.ends.capacity() * size_of::<u32>()
                + table.parts.capacity() * size_of::<GoldenValue>()
                + table.support.capacity() * size_of::<Support>()
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
        GoldenRow {
            fields: &self.fields,
            parts: &self.parts[row * width..(row + 1) * width],
            support: self.support[row],
        }
    }

    /// Appends the rows of further entities.
    pub(super) fn append(&mut self, mut other: GoldenTable) {
        let rows = self.support.len() as u32;
        self.ends.extend(other.ends.iter().map(|end| end + rows));
        self.parts.append(&mut other.parts);
        self.support.append(&mut other.support);
    }
}

const _: () = assert!(Mask::BITS as usize > super::subject::PARTS);
