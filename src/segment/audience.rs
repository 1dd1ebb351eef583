//! Sets of profiles.

use roaring::RoaringBitmap;

use crate::id::EntityId;

/// A set of profiles, as a compressed bitmap of their positions.
///
/// ```
/// use onefold::{EntityId, segment::Audience};
/// let left: Audience = [1, 2, 3].map(EntityId).into_iter().collect();
/// let right: Audience = [3, 4].map(EntityId).into_iter().collect();
/// assert_eq!(left.intersection(&right).to_string(), "1 profile");
/// assert_eq!(left.jaccard(&right), 0.25);
/// assert!(left.difference(&right).contains(EntityId(2)));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Audience {
    members: RoaringBitmap,
}

impl Audience {
    /// From one bit per profile, the first in the lowest place.
    pub(super) fn of_words(words: &[u64]) -> Self {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        Audience { members: RoaringBitmap::from_lsb0_bytes(0, &bytes) }
    }

    /// How many profiles there are.
    pub fn len(&self) -> u64 {
        self.members.len()
    }

    /// True when nobody qualifies.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// True when the profile is in the set.
    pub fn contains(&self, entity: EntityId) -> bool {
        self.members.contains(entity.0)
    }

    /// The profiles, ascending.
    pub fn iter(&self) -> impl Iterator<Item = EntityId> + '_ {
        self.members.iter().map(EntityId)
    }

    /// The profiles of either.
    #[must_use]
    pub fn union(&self, other: &Audience) -> Audience {
        Audience { members: &self.members | &other.members }
    }

    /// The profiles of both.
    #[must_use]
    pub fn intersection(&self, other: &Audience) -> Audience {
        Audience { members: &self.members & &other.members }
    }

    /// The profiles of this one that are not in the other.
    #[must_use]
    pub fn difference(&self, other: &Audience) -> Audience {
        Audience { members: &self.members - &other.members }
    }

    /// How much two audiences overlap: the profiles of both over those of either, in [0, 1] (Jaccard 1901); 1 if both
    /// are empty.
    pub fn jaccard(&self, other: &Audience) -> f64 {
        let either = self.members.union_len(&other.members);
        if either == 0 {
            return 1.0;
        }
        self.members.intersection_len(&other.members) as f64 / either as f64
    }
}

impl FromIterator<EntityId> for Audience {
    fn from_iter<I: IntoIterator<Item = EntityId>>(entities: I) -> Self {
        Audience { members: entities.into_iter().map(|entity| entity.0).collect() }
    }
}

/// The number of profiles.
impl std::fmt::Display for Audience {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} profile{}", self.len(), if self.len() == 1 { "" } else { "s" })
    }
}
