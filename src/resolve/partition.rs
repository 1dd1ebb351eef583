//! A partition of the records into entities, as two flat arrays.

use crate::id::{EntityId, RecordId};

/// Which records form which entity. Entities are numbered by their smallest record, members ascend.
///
/// ```
/// use onefold::{EntityId, RecordId, resolve::Partition};
/// let partition = Partition::from_roots(&[0, 1, 0]);
/// assert_eq!(partition.len(), 2);
/// assert_eq!(partition.members(EntityId(0)), [RecordId(0), RecordId(2)]);
/// assert_eq!(partition.entity_of(RecordId(1)), EntityId(1));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Partition {
    entities: Vec<EntityId>,
    starts: Vec<u32>,
    members: Vec<RecordId>,
}

impl Partition {
    /// From one label per record: records with equal labels are one entity.
    pub fn from_roots(labels: &[u32]) -> Self {
        let mut order: Vec<(u32, u32)> = labels.iter().copied().zip(0..).collect();
        order.sort_unstable();
        let mut groups: Vec<&[(u32, u32)]> = order.chunk_by(|a, b| a.0 == b.0).collect();
        groups.sort_unstable_by_key(|group| group[0].1);
        let mut partition = Partition {
            entities: vec![EntityId(0); labels.len()],
            starts: vec![0],
            members: Vec::with_capacity(labels.len()),
        };
        for (entity, group) in groups.into_iter().enumerate() {
            for &(_, record) in group {
                partition.entities[record as usize] = EntityId(entity as u32);
                partition.members.push(RecordId(record));
            }
            partition.starts.push(partition.members.len() as u32);
        }
        partition
    }

    /// How many entities there are.
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// True when there are no entities.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many records there are.
    pub fn records(&self) -> usize {
        self.entities.len()
    }

    /// The entity of a record.
    pub fn entity_of(&self, record: RecordId) -> EntityId {
        self.entities[record.index()]
    }

    /// The records of an entity, ascending.
    pub fn members(&self, entity: EntityId) -> &[RecordId] {
        &self.members[self.starts[entity.index()] as usize..self.starts[entity.index() + 1] as usize]
    }

    /// All entities with their records.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (EntityId, &[RecordId])> + '_ {
        (0..self.len() as u32).map(|entity| (EntityId(entity), self.members(EntityId(entity))))
    }
}
