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
/// // Any label will do: it only tells which records belong together.
/// assert_eq!(Partition::from_roots(&[9, 700, 9]), partition);
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
        if labels.iter().any(|&label| label as usize >= labels.len()) {
            let mut known = labels.to_vec();
            known.sort_unstable();
            known.dedup();
            let place = |label: &u32| known.partition_point(|other| other < label) as u32;
            return Self::from_roots(&labels.iter().map(place).collect::<Vec<u32>>());
        }
        // Entities are numbered in the order of their first records.
        let (mut numbers, mut sizes) = (vec![u32::MAX; labels.len()], Vec::new());
        let number = |&label: &u32| {
            let number = &mut numbers[label as usize];
            if *number == u32::MAX {
                *number = sizes.len() as u32;
                sizes.push(0u32);
            }
            sizes[*number as usize] += 1;
            EntityId(*number)
        };
        let entities: Vec<EntityId> = labels.iter().map(number).collect();
        let mut starts = vec![0u32];
        starts.extend(sizes.iter().scan(0, |end, size| {
            *end += size;
            Some(*end)
        }));
        let (mut next, mut members) = (starts.clone(), vec![RecordId(0); labels.len()]);
        for (record, entity) in entities.iter().enumerate() {
            let place = &mut next[entity.index()];
            members[*place as usize] = RecordId(record as u32);
            *place += 1;
        }
        Partition { entities, starts, members }
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
