//! E-mail addresses and telephone numbers, classed by who states them.

use rayon::prelude::*;

use super::dwelling::Dwellings;
use super::surname::Surnames;
use crate::id::{EntityId, ValueId};
use crate::record::{Column, Records};
use crate::resolve::Partition;
use crate::schema::FieldKind;
use crate::value::is_role_mailbox;

/// Whose an e-mail address or telephone number is, told by all persons who state it.
///
/// ```
/// use onefold::resolve::{ContactClass, Households};
/// assert_eq!(Households::default().contacts(ContactClass::Shared), 0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ContactClass {
    /// One person's.
    Personal,
    /// That of several persons who are few, and of whom most pairs agree on surname or dwelling.
    Shared,
    /// A function's mailbox, such as `info@`.
    Role,
    /// Stated by an organisation, by more persons than a household has, or by persons who have nothing else in
    /// common.
    Generic,
}

impl ContactClass {
    /// All classes.
    pub const ALL: [ContactClass; 4] =
        [ContactClass::Personal, ContactClass::Shared, ContactClass::Role, ContactClass::Generic];
}

/// Persons whom one household's telephone reaches at most. A value that more persons state can be no household's alone,
/// however alike they are: a home for the elderly has one switchboard.
const MOST_HOLDERS: usize = 8;

/// The values that persons share, each with the persons, and the number of values of each class.
pub(super) fn shared_contacts(
    records: &Records,
    partition: &Partition,
    is_person: &[bool],
    surnames: &Surnames,
    dwellings: &Dwellings,
) -> (Vec<Vec<EntityId>>, [u64; ContactClass::ALL.len()]) {
    let mut counts = [0; ContactClass::ALL.len()];
    let mut shared = Vec::new();
    for kind in [FieldKind::Email, FieldKind::Phone] {
        let Some(field) = records.schema().position(kind, "") else { continue };
        let column = records.column(field);
        let holders = holders(column, records, partition);
        let values: Vec<&[(ValueId, EntityId)]> = holders.chunk_by(|a, b| a.0 == b.0).collect();
        let classes: Vec<ContactClass> = values
            .par_iter()
            .map(|holders| {
                let role = kind == FieldKind::Email && is_role_mailbox(column.text(holders[0].0));
                if role { ContactClass::Role } else { class(holders, is_person, surnames, dwellings) }
            })
            .collect();
        for (holders, class) in values.into_iter().zip(classes) {
            counts[class as usize] += 1;
            if class == ContactClass::Shared {
                shared.push(holders.iter().map(|holder| holder.1).collect());
            }
        }
    }
    (shared, counts)
}

/// Each value with each entity that states it, ascending.
fn holders(column: &Column, records: &Records, partition: &Partition) -> Vec<(ValueId, EntityId)> {
    let mut holders: Vec<(ValueId, EntityId)> = (0..records.len() as u32)
        .into_par_iter()
        .map(crate::id::RecordId)
        .flat_map_iter(|record| {
            let values = column.slice(records.row(record)).iter().copied();
            values.filter(|value| !value.is_missing()).map(move |value| (value, partition.entity_of(record)))
        })
        .collect();
    holders.par_sort_unstable();
    holders.dedup();
    holders
}

fn class(
    holders: &[(ValueId, EntityId)],
    is_person: &[bool],
    surnames: &Surnames,
    dwellings: &Dwellings,
) -> ContactClass {
    if !holders.iter().all(|(_, entity)| is_person[entity.index()]) || holders.len() > MOST_HOLDERS {
        return ContactClass::Generic;
    }
    if holders.len() == 1 {
        return ContactClass::Personal;
    }
    let (mut comparable, mut agreeing) = (0, 0);
    for (at, &(_, a)) in holders.iter().enumerate() {
        for &(_, b) in &holders[at + 1..] {
            let named = !surnames.parts(a).is_empty() && !surnames.parts(b).is_empty();
            comparable += u32::from(named || dwellings.both_known(a, b));
            agreeing += u32::from(surnames.agree(a, b) || dwellings.agree(a, b));
        }
    }
    if agreeing * 2 > comparable { ContactClass::Shared } else { ContactClass::Generic }
}
