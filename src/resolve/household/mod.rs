//! Households: a level beside persons, never a merge.

mod contact;
mod dwelling;
mod find;
mod groups;
mod lists;
mod spelling;
mod surname;

use crate::id::{EntityId, HouseholdId};
pub use contact::ContactClass;
pub use find::find_households;
use lists::Lists;

/// The households of a run: groups of at least two persons. A person who lives alone has none.
///
/// ```
/// use onefold::EntityId;
/// use onefold::resolve::Households;
/// fn housemates(households: &Households, person: EntityId) -> &[EntityId] {
///     households.household_of(person).map_or(&[], |household| households.members(household))
/// }
/// assert!(housemates(&Households::default(), EntityId(0)).is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Households {
    /// By entity; the number of households where there is none.
    numbers: Vec<u32>,
    ids: Vec<HouseholdId>,
    /// The numbers of the households, by ascending id.
    by_id: Vec<u32>,
    members: Lists<EntityId>,
    joins: [u64; HouseholdReason::ALL.len()],
    contacts: [u64; ContactClass::ALL.len()],
}

/// What brings persons together in a household.
///
/// ```
/// use onefold::resolve::{HouseholdReason, Households};
/// assert_eq!(Households::default().joins(HouseholdReason::AddressAndSurname), 0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum HouseholdReason {
    /// The same dwelling and the same surname.
    AddressAndSurname,
    /// An e-mail address or telephone number that persons share who are otherwise alike.
    SharedContact,
}

impl HouseholdReason {
    /// All reasons, in the order in which they are taken.
    pub const ALL: [HouseholdReason; 2] =
        [HouseholdReason::AddressAndSurname, HouseholdReason::SharedContact];
}

impl Households {
    /// Households from one root per entity: entities with equal roots are one household.
    fn from_roots(
        roots: &[u32],
        id: impl Fn(EntityId) -> HouseholdId,
        joins: [u64; HouseholdReason::ALL.len()],
        contacts: [u64; ContactClass::ALL.len()],
    ) -> Self {
        let mut order: Vec<(u32, u32)> = roots.iter().copied().zip(0..).collect();
        order.sort_unstable();
        let mut groups: Vec<&[(u32, u32)]> =
            order.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1).collect();
        groups.sort_unstable_by_key(|group| group[0].1);
        let mut numbers = vec![groups.len() as u32; roots.len()];
        let mut members = Lists::default();
        for (number, group) in (0..).zip(&groups) {
            for &(_, entity) in *group {
                numbers[entity as usize] = number;
            }
            members.push(group.iter().map(|&(_, entity)| EntityId(entity)));
        }
        let ids: Vec<HouseholdId> = groups.iter().map(|group| id(EntityId(group[0].1))).collect();
        let mut by_id: Vec<u32> = (0..ids.len() as u32).collect();
        by_id.sort_unstable_by_key(|&number| ids[number as usize]);
        Households { numbers, ids, by_id, members, joins, contacts }
    }

    /// How many households there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// True when there are no households.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The household of an entity; none for persons who share one with nobody, and for organisations.
    pub fn household_of(&self, entity: EntityId) -> Option<HouseholdId> {
        self.number_of(entity).map(|number| self.ids[number as usize])
    }

    /// The position of an entity's household in [`iter`](Self::iter).
    pub fn number_of(&self, entity: EntityId) -> Option<u32> {
        self.numbers.get(entity.index()).copied().filter(|&number| (number as usize) < self.ids.len())
    }

    /// The persons of a household, ascending; none for an id that is not of this run.
    pub fn members(&self, household: HouseholdId) -> &[EntityId] {
        let found = self.by_id.binary_search_by_key(&household, |&number| self.ids[number as usize]);
        found.map_or(&[], |at| self.members.get(self.by_id[at]))
    }

    /// All households with their persons, in order of their smallest person.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (HouseholdId, &[EntityId])> + '_ {
        (0..self.len() as u32).map(|number| (self.ids[number as usize], self.members.get(number)))
    }

    /// How often the reason brought two groups together that the reasons before it had not; over all reasons that is
    /// the number of persons in households less that of households.
    pub fn joins(&self, reason: HouseholdReason) -> u64 {
        self.joins[reason as usize]
    }

    /// How many distinct e-mail addresses and telephone numbers are of a class.
    pub fn contacts(&self, class: ContactClass) -> u64 {
        self.contacts[class as usize]
    }
}
