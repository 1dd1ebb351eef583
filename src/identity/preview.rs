//! What a plan would change.

use std::collections::{BTreeMap, BTreeSet};

use super::event::{Event, EventRecord, Run};
use super::plan::Plan;
use crate::error::Result;
use crate::fact::Orders;
use crate::id::{CustomerId, EntityId, FieldId, RecordId};
use crate::record::Records;
use crate::resolve::{Partition, RecordKey};
use crate::survive::{GoldenRecords, Pin, Policy, Survivorship};

/// What a plan would change, customer by customer.
///
/// ```
/// use onefold::identity::Preview;
/// fn is_large(preview: &Preview) -> bool {
///     preview.customers.len() > 10 || preview.orders > 100
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Preview {
    /// The customers whose profiles change, ascending: those that lose or gain records, and those that come or go.
    pub customers: Vec<CustomerId>,
    /// The records that go from one customer to another, ascending.
    pub moved: Vec<MovedRecord>,
    /// The golden values that change, by customer and field.
    pub fields: Vec<FieldChange>,
    /// How many orders go with the records.
    pub orders: u64,
}

/// A record that goes to another customer.
///
/// ```
/// use onefold::identity::MovedRecord;
/// fn is_new(moved: &MovedRecord) -> bool {
///     moved.from.is_none()
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct MovedRecord {
    /// The record.
    pub record: RecordKey,
    /// Whose it was; none for a record that the registry did not know.
    pub from: Option<CustomerId>,
    /// Whose it would be.
    pub to: CustomerId,
    /// How many orders it has.
    pub orders: u64,
}

/// Golden values of a field that change.
///
/// ```
/// use onefold::identity::FieldChange;
/// fn is_lost(change: &FieldChange) -> bool {
///     change.new.is_empty()
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct FieldChange {
    /// The customer.
    pub customer: CustomerId,
    /// The field.
    pub field: String,
    /// The values before, the best first.
    pub old: Vec<String>,
    /// The values after, the best first.
    pub new: Vec<String>,
}

/// The golden values of customers, by field.
type Golden = BTreeMap<(CustomerId, String), Vec<String>>;

impl Preview {
    pub(super) fn of(
        plan: &Plan,
        ids: &BTreeMap<RecordKey, CustomerId>,
        records: &Records,
        policy: &Policy,
        pins: &[Pin],
        orders: &Orders,
    ) -> Result<Preview> {
        let mut by_record: BTreeMap<RecordId, u64> = BTreeMap::new();
        for order in orders.iter() {
            *by_record.entry(order.record).or_default() += 1;
        }
        let key = |record| {
            let (source, key) = records.raw().key(record);
            RecordKey::new(source, key)
        };
        let after = |record| plan.assignment.ids.get(plan.after.entity_of(record).index()).copied();
        let mut moved: Vec<MovedRecord> = records
            .ids()
            .filter_map(|record| {
                let orders = by_record.get(&record).copied().unwrap_or(0);
                let (record, to) = (key(record), after(record)?);
                Some(MovedRecord { from: ids.get(&record).copied(), record, to, orders })
            })
            .filter(|moved| moved.from != Some(moved.to))
            .collect();
        moved.sort();
        let customers: BTreeSet<CustomerId> =
            moved.iter().flat_map(|moved| moved.from.into_iter().chain([moved.to])).collect();
        let before = |entity: EntityId| {
            let first = plan.before.members(entity).first();
            first.and_then(|&first| ids.get(&key(first)).copied())
        };
        let golden = |partition: &Partition| -> Result<GoldenRecords> {
            let rules = Survivorship::new(records, partition, policy);
            Ok(if pins.is_empty() { rules.golden() } else { rules.with_pins(pins)?.golden() })
        };
        let old = values(records, &golden(&plan.before)?, &customers, before);
        let new = values(records, &golden(&plan.after)?, &customers, |entity| {
            plan.assignment.ids.get(entity.index()).copied()
        });
        let places: BTreeSet<&(CustomerId, String)> = old.keys().chain(new.keys()).collect();
        let value = |of: &Golden, place: &(CustomerId, String)| of.get(place).cloned().unwrap_or_default();
        let fields = places.into_iter().map(|place| FieldChange {
            customer: place.0,
            field: place.1.clone(),
            old: value(&old, place),
            new: value(&new, place),
        });
        Ok(Preview {
            fields: fields.filter(|change| change.old != change.new).collect(),
            orders: moved.iter().map(|moved| moved.orders).sum(),
            customers: customers.into_iter().collect(),
            moved,
        })
    }

    pub(super) fn events(&self, run: &Run, induced: bool) -> Vec<EventRecord> {
        let event = |change: &FieldChange| {
            let FieldChange { customer, field, old, new } = change.clone();
            run.event(Event::FieldChanged { customer, field, old, new }, induced)
        };
        self.fields.iter().map(event).collect()
    }
}

/// The golden values of some customers in canonical form.
fn values(
    records: &Records,
    golden: &GoldenRecords,
    customers: &BTreeSet<CustomerId>,
    id_of: impl Fn(EntityId) -> Option<CustomerId>,
) -> Golden {
    let mut values = Golden::new();
    for entity in (0..golden.len() as u32).map(EntityId) {
        let Some(customer) = id_of(entity).filter(|id| customers.contains(id)) else { continue };
        for (at, column) in records.columns().iter().enumerate() {
            let field = FieldId(at as u16);
            let text = |row: crate::survive::GoldenRow<'_>| {
                let stated = row.get(field).map(|part| column.text(part.value).to_owned());
                row.text(field).map(str::to_owned).or(stated)
            };
            let texts: Vec<String> = golden.rows(entity, field).filter_map(text).collect();
            if !texts.is_empty() {
                values.insert((customer, column.field().to_string()), texts);
            }
        }
    }
    values
}
