//! Profiles on demand: nothing of them is held but what all of them need.

use std::collections::BTreeSet;
use std::ops::Range;

use rayon::prelude::*;

use super::ahead::Ahead;
use super::confidence::confidences;
use super::name::name;
use super::sharing::entities_per_value;
use super::spelling::Spellings;
use super::types::{Address, ContactPoint, Identifier, Profile, ProfileValue, SourceRecord};
use crate::fact::{OrderSummary, Orders};
use crate::id::{CustomerId, EntityId, FieldId, HouseholdId, RecordId};
use crate::model::Links;
use crate::record::{EntityClass, Records};
use crate::resolve::Partition;
use crate::schema::FieldKind;
use crate::survive::{GoldenRecords, GoldenRow};
use crate::value::{Currency, Gender, Instant};

/// The profiles of all entities, each put together when it is asked for.
///
/// ```
/// use onefold::fact::Orders;
/// use onefold::model::Links;
/// use onefold::normalize::{NormalizeOptions, normalize};
/// use onefold::profile::Profiles;
/// use onefold::record::{Cell, RawColumn, RawRecords, SourceInfo, SourceTable};
/// use onefold::resolve::Partition;
/// use onefold::survive::{Policy, survive};
/// use onefold::FieldKind;
///
/// let name = [Cell::Value("MUELLER, ANNA"), Cell::Value("Anna Müller")];
/// let name = RawColumn::from_cells("name", FieldKind::FullName, name);
/// let table = SourceTable::new(SourceInfo::new("crm"), vec!["1".into(), "2".into()], vec![2, 3], vec![name]);
/// let (records, _) = normalize(RawRecords::new(vec![table]), &NormalizeOptions::default());
/// let partition = Partition::from_roots(&[0, 0]);
/// let golden = survive(&records, &partition, &Policy::default());
///
/// let (orders, links) = (Orders::default(), Links::default());
/// let profiles = Profiles::new(&records, &partition, &golden, &orders, &links, None);
/// let profile = profiles.find("crm", "1").unwrap();
/// assert_eq!(profile.name.unwrap().full, "Anna Müller");
/// assert_eq!(profile.records.len(), 2);
/// assert_eq!(profiles.entity_of(profile.customer_id), Some(onefold::EntityId(0)));
/// ```
#[derive(Clone, Debug)]
pub struct Profiles<'a> {
    pub(super) records: &'a Records,
    pub(super) partition: &'a Partition,
    pub(super) golden: &'a GoldenRecords,
    pub(super) orders: &'a Orders,
    as_of: Option<Instant>,
    customers: Vec<CustomerId>,
    /// The entities by their customers' ids.
    by_customer: Vec<EntityId>,
    pub(super) confidences: Vec<f64>,
    /// Per field that holds contact points, the number of entities that state each value.
    pub(super) sharing: Vec<Option<Vec<u32>>>,
    households: Vec<Option<HouseholdId>>,
    pub(super) spellings: Spellings<'a>,
}

impl<'a> Profiles<'a> {
    /// Computes what all profiles need: the customers' ids, the confidence of each record, and who shares contact
    /// points. Orders at or after `as_of` do not count; without it, all do.
    pub fn new(
        records: &'a Records,
        partition: &'a Partition,
        golden: &'a GoldenRecords,
        orders: &'a Orders,
        links: &Links,
        as_of: Option<Instant>,
    ) -> Self {
        let entities: Vec<EntityId> = (0..partition.len() as u32).map(EntityId).collect();
        let customer = |&entity: &EntityId| {
            // Records are numbered by source and key, so the first member has the smallest of both.
            let (source, key) = partition.members(entity).first().map_or(("", ""), |&r| records.raw().key(r));
            CustomerId::of_record(source, key)
        };
        let customers: Vec<CustomerId> = entities.par_iter().map(customer).collect();
        let by_customer = by_customer(&customers);
        let is_contact = |kind| matches!(kind, FieldKind::Email | FieldKind::Phone);
        let sharing = records.schema().fields().par_iter().enumerate().map(|(at, field)| {
            is_contact(field.kind).then(|| entities_per_value(records, partition, FieldId(at as u16)))
        });
        Profiles {
            records,
            partition,
            golden,
            orders,
            as_of,
            sharing: sharing.collect(),
            confidences: confidences(records, partition, links),
            customers,
            by_customer,
            households: Vec::new(),
            spellings: Spellings::new(records),
        }
    }

    /// Sets the customer id of each entity, in the order of the entities; without, it follows from the entity's first record.
    ///
    /// # Panics
    /// If there are not as many ids as entities.
    #[must_use]
    pub fn with_customers(mut self, customers: &[CustomerId]) -> Self {
        assert_eq!(customers.len(), self.len(), "each entity has one id");
        self.customers = customers.to_vec();
        self.by_customer = by_customer(customers);
        self
    }

    /// Sets the household of each entity.
    #[must_use]
    pub fn with_households(mut self, household_of: impl Fn(EntityId) -> Option<HouseholdId>) -> Self {
        self.households = (0..self.len() as u32).map(|entity| household_of(EntityId(entity))).collect();
        self
    }

    /// How many profiles there are.
    pub fn len(&self) -> usize {
        self.customers.len()
    }

    /// True when there are no profiles.
    pub fn is_empty(&self) -> bool {
        self.customers.is_empty()
    }

    /// The id of the customer that an entity is.
    ///
    /// # Panics
    /// If there is no such entity.
    pub fn customer_of(&self, entity: EntityId) -> CustomerId {
        self.customers[entity.index()]
    }

    /// The entity of a customer, if the run has it.
    pub fn entity_of(&self, customer: CustomerId) -> Option<EntityId> {
        let id = |entity: &EntityId| self.customers[entity.index()];
        let position = self.by_customer.binary_search_by_key(&customer, id).ok()?;
        self.by_customer.get(position).copied()
    }

    /// The profile that the record with this key in the source with this name belongs to.
    pub fn find(&self, source: &str, key: &str) -> Option<Profile> {
        let record = self.records.raw().find(source, key)?;
        Some(self.get(self.partition.entity_of(record)))
    }

    /// All profiles in the order of their entities.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Profile> + '_ {
        self.range(0..self.len())
    }

    /// The profiles of a range of entities in their order.
    pub(crate) fn range(&self, entities: Range<usize>) -> impl ExactSizeIterator<Item = Profile> + '_ {
        entities.map(|entity| self.next(entity))
    }

    /// What a function makes of each profile, in the order of the entities; the profiles are put together in parallel,
    /// and each is dropped as soon as the function returns.
    pub fn map<T: Send>(&self, function: impl Fn(Profile) -> T + Sync) -> Vec<T> {
        self.map_range(0..self.len(), &function)
    }

    /// As [`map`](Self::map), so many profiles at a time: each piece is handed on before the next is begun, so that memory
    /// does not grow with the number of profiles.
    ///
    /// # Errors
    /// The first error of `sink`, after which nothing more is done.
    pub fn map_chunks<T: Send, E>(
        &self,
        size: usize,
        function: impl Fn(Profile) -> T + Sync,
        mut sink: impl FnMut(Vec<T>) -> Result<(), E>,
    ) -> Result<(), E> {
        let size = size.max(1);
        for start in (0..self.len()).step_by(size) {
            sink(self.map_range(start..self.len().min(start + size), &function))?;
        }
        Ok(())
    }

    /// The records of an entity with the confidence of each, ascending by (source, key).
    ///
    /// # Panics
    /// If there is no such entity.
    pub fn records_of(&self, entity: EntityId) -> impl ExactSizeIterator<Item = SourceRecord> + '_ {
        self.partition.members(entity).iter().map(|&record| self.source_record(record))
    }

    /// As [`records_of`](Self::records_of), without copies: source, key and confidence.
    pub(crate) fn keys_of(&self, entity: EntityId) -> impl ExactSizeIterator<Item = (&str, &str, f64)> + '_ {
        self.partition.members(entity).iter().map(|&record| {
            let (source, key) = self.records.raw().key(record);
            (source, key, self.confidences[record.index()])
        })
    }

    /// The currencies in which there is revenue, ascending; [`Currency::NONE`] where a source names none.
    pub fn currencies(&self) -> Vec<Currency> {
        let with_amount = self.orders.iter().filter(|order| order.amount.is_some());
        let currencies: BTreeSet<Currency> =
            with_amount.map(|order| order.currency.unwrap_or(Currency::NONE)).collect();
        currencies.into_iter().collect()
    }

    /// The profile of an entity.
    ///
    /// # Panics
    /// If there is no such entity.
    pub fn get(&self, entity: EntityId) -> Profile {
        let members = self.partition.members(entity);
        let mut profile = Profile {
            customer_id: self.customer_of(entity),
            class: self.class(members),
            name: None,
            organisation: None,
            gender: None,
            birth_date: None,
            emails: Vec::new(),
            phones: Vec::new(),
            addresses: Vec::new(),
            identifiers: Vec::new(),
            values: Vec::new(),
            records: members.iter().map(|&record| self.source_record(record)).collect(),
            household: self.households.get(entity.index()).copied().flatten(),
            orders: OrderSummary::of(self.orders, members, self.as_of),
        };
        let (mut named, mut located) = (false, false);
        for (at, field) in self.records.schema().fields().iter().enumerate() {
            let field_id = FieldId(at as u16);
            if field.kind.is_name_part() {
                if !std::mem::replace(&mut named, true) {
                    let best = self.golden.rows(entity, field_id).next();
                    profile.name = best.and_then(|row| name(self.records, &self.spellings, members, row));
                }
            } else if field.kind.is_address_part() {
                if !std::mem::replace(&mut located, true) {
                    let rows = self.golden.rows(entity, field_id);
                    profile.addresses = rows.map(|row| self.address(members, row)).collect();
                }
            } else {
                self.put(&mut profile, entity, members, field_id);
            }
        }
        profile
    }

    fn map_range<T: Send>(
        &self,
        entities: Range<usize>,
        function: &(impl Fn(Profile) -> T + Sync),
    ) -> Vec<T> {
        entities.into_par_iter().map(|entity| function(self.next(entity))).collect()
    }

    /// The profile of one of many entities, which are asked for in their order.
    fn next(&self, entity: usize) -> Profile {
        let entity = EntityId(entity as u32);
        if entity.0.is_multiple_of(Ahead::ENTITIES) {
            self.read_ahead(entity);
        }
        self.get(entity)
    }

    /// A person if any record is one, else an organisation if any is.
    fn class(&self, members: &[RecordId]) -> EntityClass {
        let classes = members.iter().map(|&record| self.records.class(record));
        classes.min().unwrap_or(EntityClass::Unknown)
    }

    fn source_record(&self, record: RecordId) -> SourceRecord {
        let (source, key) = self.records.raw().key(record);
        let confidence = self.confidences[record.index()];
        SourceRecord { source: source.to_owned(), key: key.to_owned(), confidence }
    }

    /// Puts the values of a field that survives by itself in their place.
    fn put(&self, profile: &mut Profile, entity: EntityId, members: &[RecordId], field_id: FieldId) {
        use FieldKind as K;
        let column = self.records.column(field_id);
        let field = column.field();
        for row in self.golden.rows(entity, field_id) {
            let computed = row.text(field_id);
            let golden = row.get(field_id);
            let Some(canonical) = computed.or_else(|| Some(column.text(golden?.value))) else { continue };
            let spelled = || match (computed, golden) {
                (None, Some(golden)) => self.spellings.of(members, field_id, golden.value, golden.record),
                _ => canonical.to_owned(),
            };
            match field.kind {
                K::OrgName => profile.organisation = profile.organisation.take().or_else(|| Some(spelled())),
                K::Gender => profile.gender = profile.gender.or_else(|| gender(canonical)),
                K::BirthDate => {
                    let date = profile.birth_date.take();
                    profile.birth_date = date.or_else(|| Some(canonical.to_owned()));
                }
                K::Email | K::Phone => {
                    let entities = self.sharing[field_id.index()].as_ref();
                    let entities = entities.zip(golden);
                    let entities = entities.map_or(1, |(counts, golden)| counts[golden.value.index()]);
                    let point = ContactPoint {
                        value: canonical.to_owned(),
                        records: row.records(),
                        sources: row.sources(),
                        shared_with: entities.saturating_sub(1),
                    };
                    let points =
                        if field.kind == K::Email { &mut profile.emails } else { &mut profile.phones };
                    points.push(point);
                }
                K::NationalId | K::TaxId | K::Iban | K::LoyaltyId => {
                    let (kind, name) = (field.kind, field.name.clone());
                    profile.identifiers.push(Identifier { kind, name, value: canonical.to_owned() });
                }
                _ => {
                    let (kind, name) = (field.kind, field.name.clone());
                    profile.values.push(ProfileValue { kind, name, value: spelled() });
                }
            }
        }
    }

    fn address(&self, members: &[RecordId], row: GoldenRow<'_>) -> Address {
        let part = |kind| {
            let of_kind = |&field: &FieldId| self.records.column(field).field().kind == kind;
            let field = row.fields().iter().copied().find(of_kind)?;
            if let Some(text) = row.text(field) {
                return Some(text.to_owned());
            }
            let golden = row.get(field)?;
            Some(self.spellings.of(members, field, golden.value, golden.record))
        };
        Address {
            street: part(FieldKind::Street),
            house_number: part(FieldKind::HouseNumber),
            extra: part(FieldKind::AddressExtra),
            postal_code: part(FieldKind::PostalCode),
            city: part(FieldKind::City),
            region: part(FieldKind::Region),
            country: part(FieldKind::Country),
            records: row.records(),
            sources: row.sources(),
        }
    }
}

/// The entities in the order of their customers' ids.
fn by_customer(customers: &[CustomerId]) -> Vec<EntityId> {
    let mut entities: Vec<EntityId> = (0..customers.len() as u32).map(EntityId).collect();
    entities.par_sort_unstable_by_key(|entity| customers[entity.index()]);
    entities
}

fn gender(canonical: &str) -> Option<Gender> {
    match canonical {
        "f" => Some(Gender::Female),
        "m" => Some(Gender::Male),
        "x" => Some(Gender::Other),
        _ => None,
    }
}
