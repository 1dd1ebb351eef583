//! Which customer id each entity of a run has.

use std::collections::{BTreeMap, BTreeSet};

use super::event::{Event, EventRecord, Run};
use super::registry::{Assigned, Known, Registry, State};
use crate::id::{CustomerId, EntityId, RecordId};
use crate::record::Records;
use crate::resolve::{Partition, RecordKey};

/// The customers of a run: an id for each entity, what became of every id that was in use, and the registry for the next
/// run.
///
/// ```
/// use onefold::identity::Assignment;
/// fn redirects(assignment: &Assignment) -> usize {
///     let fates = assignment.fates.iter();
///     fates.filter(|(_, fate)| matches!(fate, onefold::identity::Fate::RedirectedTo(_))).count()
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Assignment {
    /// The id of each entity, in the order of the entities.
    pub ids: Vec<CustomerId>,
    /// What became of each id that was in use before, ascending.
    pub fates: Vec<(CustomerId, Fate)>,
    /// What happened.
    pub events: Vec<EventRecord>,
    /// What the next run takes.
    pub registry: Registry,
}

/// What became of an id that was in use.
///
/// ```
/// use onefold::CustomerId;
/// use onefold::identity::Fate;
/// let id = CustomerId::of_record("crm", "1");
/// assert_ne!(Fate::Kept, Fate::RedirectedTo(id));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fate {
    /// The entity that holds all of its records has it.
    Kept,
    /// All of its records are with another customer.
    RedirectedTo(CustomerId),
    /// Its records are with several customers; the one that keeps the id first, if one does.
    SplitInto(Vec<CustomerId>),
    /// None of its records is there any more.
    Retired,
}

/// A claim of an id to an entity.
struct Claim {
    id: CustomerId,
    entity: EntityId,
    weight: u64,
    is_current: bool,
    number: u64,
}

/// Gives each entity its customer id, by overlap with the registry.
///
/// Claims of known ids to entities are taken one to one, from the highest: by the weight of the records that the id has (or
/// had, when it went out of use) and the entity holds; then ids in use before others, older before younger, and by the
/// order of ids and records. An id claims an entity only through a record of its own: one that it was given first, or by a
/// split. A merge changes who a record's customer is, and not whose own it is. So when customers that were merged are taken
/// apart, each gets its old id back, whatever their sizes; an id of whose own no record is left claims through the others.
///
/// An entity without a claim gets the id that follows from its smallest record ([`CustomerId::of_record`]), or if that one
/// was ever given, from its next record, and so on; an id is never given to an entity that none of its records is in. So a
/// first run gives the same ids anywhere.
///
/// ```
/// use onefold::CustomerId;
/// use onefold::identity::{Registry, Run, assign};
/// use onefold::record::{EntityClass, RawRecords, RecordsBuilder, SourceInfo, SourceTable};
/// use onefold::resolve::Partition;
///
/// let keys = vec!["1".into(), "2".into()];
/// let raw = RawRecords::new(vec![SourceTable::new(SourceInfo::new("crm"), keys, vec![2, 3], vec![])]);
/// let records = RecordsBuilder::new(raw, vec![EntityClass::Person; 2]).finish();
/// let apart = assign(&Registry::default(), &records, &Partition::from_roots(&[0, 1]), &Run::new("1"));
/// let merged = assign(&apart.registry, &records, &Partition::from_roots(&[0, 0]), &Run::new("2"));
/// assert_eq!(merged.ids, [CustomerId::of_record("crm", "1")]);
/// let again = assign(&merged.registry, &records, &Partition::from_roots(&[0, 1]), &Run::new("3"));
/// assert_eq!(again.ids, apart.ids);
/// ```
pub fn assign(previous: &Registry, records: &Records, partition: &Partition, run: &Run) -> Assignment {
    let before = previous.of_records(records.raw());
    let claims = claims(previous, records, partition, run, &before);
    let mut ids: Vec<Option<CustomerId>> = vec![None; partition.len()];
    let mut taken: BTreeSet<CustomerId> = BTreeSet::new();
    for claim in claims {
        let free = ids.get_mut(claim.entity.index()).filter(|id| id.is_none());
        if let Some(id) = free
            && !taken.contains(&claim.id)
        {
            *id = Some(claim.id);
            taken.insert(claim.id);
        }
    }
    let mut created: BTreeSet<CustomerId> = BTreeSet::new();
    let ids: Vec<CustomerId> = partition
        .iter()
        .zip(ids)
        .map(|((_, members), id)| {
            id.unwrap_or_else(|| {
                let id = unused(previous, records, members, &created);
                created.insert(id);
                id
            })
        })
        .collect();
    Outcome { previous, records, partition, run, before, ids, taken, created }.finish()
}

/// All valid claims, the highest first.
fn claims(
    previous: &Registry,
    records: &Records,
    partition: &Partition,
    run: &Run,
    before: &[Option<&Assigned>],
) -> Vec<Claim> {
    let weights: Vec<u64> =
        records.raw().sources().iter().map(|source| run.weight(&source.info().name)).collect();
    let weight = |record: RecordId| weights.get(records.source(record).index()).copied().unwrap_or(1);
    // (id, entity, weight, whether the record is its own)
    let mut shared: Vec<(CustomerId, EntityId, u64, bool)> = Vec::new();
    let mut has_own: BTreeSet<CustomerId> = BTreeSet::new();
    for (record, known) in records.ids().zip(before) {
        let Some(known) = known else { continue };
        let own = known.own == known.customer;
        shared.push((known.customer, partition.entity_of(record), weight(record), own));
        has_own.insert(known.own);
    }
    for (&id, known) in previous.known().iter().filter(|(_, known)| known.state != State::Current) {
        for key in &known.records {
            let (source, key) = key.parts();
            let Some(record) = records.raw().find(source, key) else { continue };
            let own = before.get(record.index()).copied().flatten().map_or(id, |known| known.own);
            shared.push((id, partition.entity_of(record), weight(record), own == id));
            // A record that comes back after its last customer went is that customer's own.
            has_own.extend(before.get(record.index()).copied().flatten().is_none().then_some(id));
        }
    }
    shared.sort_unstable();
    let mut claims: Vec<Claim> = shared
        .chunk_by(|a, b| (a.0, a.1) == (b.0, b.1))
        .filter_map(|chunk| {
            let &(id, entity, ..) = chunk.first()?;
            let known = previous.known().get(&id)?;
            let own = chunk.iter().any(|claim| claim.3);
            (own || !has_own.contains(&id)).then(|| Claim {
                id,
                entity,
                weight: chunk.iter().fold(0, |sum, claim| sum.saturating_add(claim.2)),
                is_current: known.state == State::Current,
                number: known.number,
            })
        })
        .collect();
    claims.sort_unstable_by(|a, b| {
        let key = |claim: &Claim| {
            let highest = std::cmp::Reverse((claim.weight, claim.is_current));
            // Entities are numbered by their smallest record.
            (highest, claim.number, claim.id, claim.entity)
        };
        key(a).cmp(&key(b))
    });
    claims
}

/// An id that was never given: of the first record for which there is one.
fn unused(
    previous: &Registry,
    records: &Records,
    members: &[RecordId],
    created: &BTreeSet<CustomerId>,
) -> CustomerId {
    let is_free = |id: &CustomerId| !previous.known().contains_key(id) && !created.contains(id);
    let keys = || members.iter().map(|&record| records.raw().key(record));
    let of_records = keys().map(|(source, key)| CustomerId::of_record(source, key));
    // Where the ids of all records were given, further ones follow from the first record and a number.
    let (source, key) = keys().next().unwrap_or(("", ""));
    let further = (1u64..).map(|number| CustomerId::of_record(source, &format!("{key}\u{1f}{number}")));
    let mut ids = of_records.chain(further).filter(is_free);
    ids.next().unwrap_or_else(|| CustomerId::of_record(source, key))
}

/// What follows from the ids of the entities.
struct Outcome<'a> {
    previous: &'a Registry,
    records: &'a Records,
    partition: &'a Partition,
    run: &'a Run,
    before: Vec<Option<&'a Assigned>>,
    ids: Vec<CustomerId>,
    /// Known ids that an entity has.
    taken: BTreeSet<CustomerId>,
    /// New ids.
    created: BTreeSet<CustomerId>,
}

impl Outcome<'_> {
    fn finish(self) -> Assignment {
        let fates = self.fates();
        let records = self.assigned();
        let (customers, next) = self.customers(&fates);
        let events = self.events(&fates);
        Assignment { registry: Registry::new(next, records, customers), ids: self.ids, fates, events }
    }

    fn id_of(&self, record: RecordId) -> CustomerId {
        let entity = self.partition.entity_of(record).index();
        self.ids.get(entity).copied().unwrap_or_else(|| CustomerId::of_record("", ""))
    }

    fn key(&self, record: RecordId) -> RecordKey {
        let (source, key) = self.records.raw().key(record);
        RecordKey::new(source, key)
    }

    /// What became of every id in use.
    fn fates(&self) -> Vec<(CustomerId, Fate)> {
        let mut went: BTreeMap<CustomerId, BTreeSet<EntityId>> =
            self.previous.customers().map(|id| (id, BTreeSet::new())).collect();
        for (record, known) in self.records.ids().zip(&self.before) {
            if let Some(entities) = known.and_then(|known| went.get_mut(&known.customer)) {
                entities.insert(self.partition.entity_of(record));
            }
        }
        let fate = |(id, entities): (CustomerId, BTreeSet<EntityId>)| {
            let mut parts: Vec<CustomerId> =
                entities.iter().filter_map(|entity| self.ids.get(entity.index()).copied()).collect();
            // The one that keeps the id first; the others in the order of their records.
            parts.sort_by_key(|part| *part != id);
            let fate = match parts.as_slice() {
                // One whose records are all gone may come back through those of others that it has absorbed.
                [] => Fate::Retired,
                [only] if *only == id => Fate::Kept,
                [only] => Fate::RedirectedTo(*only),
                _ => Fate::SplitInto(parts),
            };
            (id, fate)
        };
        went.into_iter().map(fate).collect()
    }

    /// Each record with its customer and its own.
    fn assigned(&self) -> Vec<Assigned> {
        let of = |(record, known): (RecordId, Option<&Assigned>)| {
            let customer = self.id_of(record);
            let own = match known {
                Some(known) if known.own == customer || known.customer == customer => known.own,
                // The customer was merged into this one, and may come back.
                Some(known) if !self.taken.contains(&known.customer) && !self.created.contains(&customer) => {
                    known.own
                }
                _ => customer,
            };
            Assigned { record: self.key(record), customer, own }
        };
        self.records.ids().zip(self.before.iter().copied()).map(of).collect()
    }

    /// All ids with their states, and the number of the next new one.
    fn customers(&self, fates: &[(CustomerId, Fate)]) -> (BTreeMap<CustomerId, Known>, u64) {
        let mut customers = self.previous.known().clone();
        let mut next = self.previous.next();
        let mut last: BTreeMap<CustomerId, Vec<RecordKey>> = BTreeMap::new();
        for known in self.previous.assigned().iter().filter(|known| !self.taken.contains(&known.customer)) {
            last.entry(known.customer).or_default().push(known.record.clone());
        }
        for (id, fate) in fates.iter().filter(|(id, _)| !self.taken.contains(id)) {
            let Some(known) = customers.get_mut(id) else { continue };
            known.records = last.remove(id).unwrap_or_default();
            known.state = match fate {
                Fate::RedirectedTo(to) => State::Redirected(*to),
                Fate::SplitInto(parts) => State::Split(parts.clone()),
                Fate::Kept | Fate::Retired => State::Retired,
            };
        }
        for id in &self.ids {
            if let Some(known) = customers.get_mut(id) {
                known.state = State::Current;
                known.records.clear();
            } else {
                customers.insert(*id, Known { number: next, state: State::Current, records: Vec::new() });
                next += 1;
            }
        }
        close(&mut customers);
        (customers, next)
    }

    fn events(&self, fates: &[(CustomerId, Fate)]) -> Vec<EventRecord> {
        let mut events = Vec::new();
        let mut losers: BTreeMap<CustomerId, Vec<CustomerId>> = BTreeMap::new();
        for (id, fate) in fates {
            if let Fate::RedirectedTo(to) = fate {
                losers.entry(*to).or_default().push(*id);
            }
        }
        let in_use: BTreeSet<CustomerId> = self.previous.customers().collect();
        let merged = |id: CustomerId, to: CustomerId| {
            losers.get(&to).is_some_and(|losers| losers.binary_search(&id).is_ok())
        };
        for ((_, members), &id) in self.partition.iter().zip(&self.ids) {
            if in_use.contains(&id) {
                for &record in members {
                    let was = self.before.get(record.index()).copied().flatten().map(|known| known.customer);
                    if was != Some(id) {
                        let induced = was.is_some_and(|was| merged(was, id));
                        let event = Event::RecordAttached { customer: id, record: self.key(record) };
                        events.push(self.run.event(event, induced));
                    }
                }
            } else {
                let records = members.iter().map(|&record| self.key(record)).collect();
                let event = if self.created.contains(&id) {
                    Event::EntityCreated { customer: id, records }
                } else {
                    Event::Returned { customer: id, records }
                };
                events.push(self.run.event(event, false));
            }
        }
        for known in self.previous.assigned() {
            let (source, key) = known.record.parts();
            let now = self.records.raw().find(source, key).map(|record| self.id_of(record));
            if now != Some(known.customer) {
                let induced = now.is_some_and(|now| merged(known.customer, now));
                let event = Event::RecordDetached { customer: known.customer, record: known.record.clone() };
                events.push(self.run.event(event, induced));
            }
        }
        for (survivor, losers) in &losers {
            let (survivor, cause) = (*survivor, self.run.cause.clone());
            let event = Event::Merged { survivor, losers: losers.clone(), cause };
            events.push(self.run.event(event, false));
            for &customer in losers {
                events.push(self.run.event(Event::Redirected { customer, to: survivor }, true));
            }
        }
        for (id, fate) in fates {
            match fate {
                Fate::SplitInto(parts) => {
                    let (parts, cause) = (parts.clone(), self.run.cause.clone());
                    events.push(self.run.event(Event::Split { origin: *id, parts, cause }, false));
                }
                Fate::Retired => events.push(self.run.event(Event::Retired { customer: *id }, false)),
                _ => {}
            }
        }
        events
    }
}

/// Lets every redirect lead to its end. An id in use leads nowhere, and one that goes out of use is led to one in use; so
/// there is an end.
fn close(customers: &mut BTreeMap<CustomerId, Known>) {
    let target = |id: CustomerId| match customers.get(&id).map(|known| &known.state) {
        Some(State::Redirected(to)) => Some(*to),
        _ => None,
    };
    let ends: Vec<(CustomerId, CustomerId)> = customers
        .keys()
        .filter_map(|&id| {
            let mut end = target(id)?;
            // Longer chains than there are ids cannot be.
            for _ in 0..customers.len() {
                match target(end) {
                    Some(next) => end = next,
                    None => break,
                }
            }
            Some((id, end))
        })
        .collect();
    for (id, end) in ends {
        if let Some(known) = customers.get_mut(&id) {
            known.state = State::Redirected(end);
        }
    }
}
