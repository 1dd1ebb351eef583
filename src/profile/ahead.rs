//! Reading what the next profiles need before it is needed.

use std::hint::black_box;

use super::assemble::Profiles;
use crate::id::{EntityId, FieldId, RecordId};
use crate::record::Dictionary;

/// What is read ahead.
///
/// The records of an entity lie far from each other, and so do the texts of their values: nearly each look-up of a profile
/// misses the cache, and what comes next waits for it. Look-ups that do nothing else and do not depend on each other are
/// made many at a time, so each sort of them has a loop of its own, and those that depend on it follow.
#[derive(Default)]
pub(super) struct Ahead<'a> {
    /// The sum of all that was read: no read is left out as useless.
    sum: usize,
    texts: Vec<(&'a Dictionary, u32)>,
}

impl<'a> Ahead<'a> {
    /// So many profiles are read ahead: what they need is a fraction of the second-level cache.
    pub(super) const ENTITIES: u32 = 32;

    pub(super) fn put(&mut self, read: usize) {
        self.sum = self.sum.wrapping_add(read);
    }

    /// A text that is to be read.
    pub(super) fn push(&mut self, texts: &'a Dictionary, number: u32) {
        self.texts.push((texts, number));
    }

    fn read_texts(&mut self) {
        let places = self.texts.iter().map(|(texts, number)| texts.length(*number));
        let places = places.fold(0, usize::wrapping_add);
        let letters = self.texts.iter().map(|(texts, number)| first_letter(texts.get(*number)));
        let letters = letters.fold(0, usize::wrapping_add);
        self.put(places.wrapping_add(letters));
        self.texts.clear();
    }
}

fn first_letter(text: &str) -> usize {
    text.as_bytes().first().map_or(0, |&byte| usize::from(byte))
}

impl Profiles<'_> {
    /// Reads what the profiles of some entities need, from the first one on.
    pub(super) fn read_ahead(&self, first: EntityId) {
        let end = (first.0 + Ahead::ENTITIES).min(self.len() as u32);
        let entities = || (first.0..end).map(EntityId);
        let records: Vec<RecordId> =
            entities().flat_map(|entity| self.partition.members(entity)).copied().collect();
        let mut ahead = Ahead::default();
        self.read_records(&records, &mut ahead);
        entities().for_each(|entity| self.read_values(entity, &mut ahead));
        ahead.read_texts();
        black_box(ahead.sum);
    }

    fn read_records(&self, records: &[RecordId], ahead: &mut Ahead<'_>) {
        const VALUES_OF_A_LINE: usize = 16;
        for &record in records {
            for values in self.records.row(record).chunks(VALUES_OF_A_LINE) {
                ahead.put(values[0].index());
            }
        }
        let key = |record| self.records.raw().key(record).1;
        for &record in records {
            ahead.put(key(record).len());
            ahead.put(self.confidences[record.index()].to_bits() as usize);
            ahead.put(self.orders.instants_of(record).len());
        }
        for &record in records {
            ahead.put(first_letter(key(record)));
            ahead.put(self.orders.instants_of(record).flatten().count());
        }
        for &record in records {
            self.spellings.read_codes(record, ahead);
        }
    }

    /// Marks the texts of the golden values, and of the cells that they come from.
    fn read_values<'s>(&'s self, entity: EntityId, ahead: &mut Ahead<'s>) {
        for (at, sharing) in self.sharing.iter().enumerate() {
            let field = FieldId(at as u16);
            // Fields that survive together are in the rows of the first of them.
            for row in self.golden.rows(entity, field).filter(|row| row.fields().first() == Some(&field)) {
                for (field, golden) in row.stated() {
                    let (texts, number) = self.records.column(field).place(golden.value);
                    ahead.push(texts, number);
                    if let Some(counts) = sharing {
                        ahead.put(counts[golden.value.index()] as usize);
                    }
                    self.spellings.mark_cells(golden.record, field, ahead);
                }
            }
        }
    }
}
