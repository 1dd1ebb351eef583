//! The surnames of entities: parts of compounds, their frequency, and spellings one edit apart.

use super::lists::Lists;
use super::spelling::{one_edit_apart, spellings};
use crate::id::{EntityId, ValueId};
use crate::record::{Column, Dictionary, Interner, Records};
use crate::resolve::Partition;
use crate::schema::FieldKind;
use crate::text;

/// The surname parts of all persons.
#[derive(Debug, Default)]
pub(super) struct Surnames {
    texts: Dictionary,
    /// By entity, ascending.
    parts: Lists<u32>,
    /// By part: how many persons have it.
    counts: Vec<u32>,
}

/// Shorter parts are particles, unless a surname has no longer one.
const SHORTEST_PART: usize = 3;

impl Surnames {
    /// The surnames of the entities for which `is_person` says so.
    pub(super) fn of(records: &Records, partition: &Partition, is_person: &[bool]) -> Self {
        let Some(field) = records.schema().position(FieldKind::FamilyName, "") else {
            return Surnames::default();
        };
        let column = records.column(field);
        let mut interner = Interner::new();
        let by_value = parts_of_values(column, &mut interner);
        let texts = interner.finish();
        let mut counts = vec![0; texts.len()];
        let mut parts = Lists::default();
        let mut own = Vec::new();
        for (entity, members) in partition.iter() {
            own.clear();
            if is_person[entity.index()] {
                for &record in members {
                    for &value in column.slice(records.row(record)) {
                        own.extend_from_slice(by_value.get(value.0));
                    }
                }
                own.sort_unstable();
                own.dedup();
            }
            for &part in &own {
                counts[part as usize] += 1;
            }
            parts.push(own.iter().copied());
        }
        Surnames { texts, parts, counts }
    }

    /// The parts of an entity's surnames, ascending.
    pub(super) fn parts(&self, entity: EntityId) -> &[u32] {
        self.parts.get(entity.0)
    }

    /// How many persons have a part.
    pub(super) fn count(&self, part: u32) -> u32 {
        self.counts[part as usize]
    }

    /// True when some parts of the two are equal or one edit apart.
    pub(super) fn agree(&self, a: EntityId, b: EntityId) -> bool {
        self.parts(a).iter().any(|&a| self.parts(b).iter().any(|&b| a == b || self.one_edit_apart(a, b)))
    }

    /// Pairs of parts that are one edit apart, of a list without repeats.
    pub(super) fn spellings(&self, parts: &[u32]) -> Vec<(u32, u32)> {
        spellings(&self.texts, parts)
    }

    fn one_edit_apart(&self, a: u32, b: u32) -> bool {
        one_edit_apart(self.texts.get(a), self.texts.get(b))
    }
}

/// The parts of each value of the column, by value id.
fn parts_of_values(column: &Column, interner: &mut Interner) -> Lists<u32> {
    let mut by_value = Lists::default();
    by_value.push([]);
    debug_assert!(ValueId::MISSING.index() == 0, "the first list is that of no value");
    for (_, value) in column.values() {
        let long = |part: &&str| part.len() >= SHORTEST_PART;
        let shortest = if text::tokens(value).any(|part| long(&part)) { SHORTEST_PART } else { 0 };
        let parts = text::tokens(value).filter(|part| part.len() >= shortest);
        by_value.push(parts.map(|part| interner.intern(&text::loose(part))));
    }
    by_value
}
