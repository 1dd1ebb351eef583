//! Merge, unmerge, move and explode, as plans that are looked at before they are applied.

use std::collections::BTreeMap;

use super::assign::{Assignment, assign};
use super::decision::{Decisions, LinkDecision, LinkKind};
use super::event::{EventRecord, Run};
use super::preview::Preview;
use super::registry::{Registry, Resolution};
use crate::error::{Error, Result};
use crate::id::{CustomerId, RecordId};
use crate::record::Records;
use crate::resolve::{Partition, RecordKey};
use crate::value::Instant;

/// What a steward wants to change.
///
/// ```
/// use onefold::identity::{Change, Scope};
/// use onefold::resolve::RecordKey;
/// let change = Change::Unmerge { record: RecordKey::new("crm", "1"), scope: Scope::WholeCustomer };
/// assert_ne!(change, Change::Unmerge { record: RecordKey::new("crm", "2"), scope: Scope::WholeCustomer });
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// One record leaves its customer.
    Unmerge {
        /// The record.
        record: RecordKey,
        /// What it is held apart from.
        scope: Scope,
    },
    /// A customer that was merged into another one is restored with the records that it had then.
    Restore {
        /// Its old id.
        customer: CustomerId,
    },
    /// Every record of a customer becomes a customer.
    Explode {
        /// The customer.
        customer: CustomerId,
    },
    /// A record goes to another customer.
    Move {
        /// The record.
        record: RecordKey,
        /// The customer.
        to: CustomerId,
    },
    /// Customers become one.
    Merge {
        /// The customers, two or more.
        customers: Vec<CustomerId>,
    },
}

/// What a record that is taken out is held apart from.
///
/// ```
/// assert_eq!(onefold::identity::Scope::default(), onefold::identity::Scope::WholeCustomer);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scope {
    /// Every other record of the customer.
    #[default]
    WholeCustomer,
    /// This one record.
    Pair(RecordKey),
    /// Nothing: the next run may join them again.
    Nothing,
}

/// Who changes something, when and why.
///
/// ```
/// let author = onefold::identity::Author::new("i.steward", "two persons", "2026-11-27".parse().unwrap());
/// assert_eq!(author.name, "i.steward");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Author {
    /// Who.
    pub name: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Instant,
}

impl Author {
    /// Somebody with a reason.
    pub fn new(name: impl Into<String>, reason: impl Into<String>, at: Instant) -> Self {
        Author { name: name.into(), reason: reason.into(), at }
    }
}

/// Everything that a change acts on.
///
/// ```
/// # use onefold::record::Records;
/// use onefold::identity::{Decisions, Registry, Situation};
/// fn customers(situation: &Situation<'_>) -> usize {
///     situation.registry.customers().count()
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// The records.
    pub records: &'a Records,
    /// Who is which customer.
    pub registry: &'a Registry,
    /// What stewards decided so far.
    pub decisions: &'a Decisions,
}

/// A change that is ready, and not yet made.
///
/// ```
/// use onefold::identity::Plan;
/// fn is_harmless(plan: &Plan) -> bool {
///     plan.assignment.fates.iter().all(|(_, fate)| *fate == onefold::identity::Fate::Kept)
/// }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Plan {
    /// The entities as they are.
    pub before: Partition,
    /// The entities as they would be.
    pub after: Partition,
    /// The decisions that are added, so that later runs keep to it.
    pub decisions: Vec<LinkDecision>,
    /// The ids, fates and events that follow.
    pub assignment: Assignment,
    earlier: (Registry, Decisions),
    run: Run,
}

/// A change that was made.
///
/// ```
/// use onefold::identity::{Applied, Decisions, Registry};
/// fn undo(applied: Applied) -> (Registry, Decisions) {
///     applied.undo()
/// }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Applied {
    /// The entities.
    pub partition: Partition,
    /// Who is which customer now.
    pub registry: Registry,
    /// All decisions.
    pub decisions: Decisions,
    /// What happened.
    pub events: Vec<EventRecord>,
    earlier: (Registry, Decisions),
}

impl Applied {
    /// The registry and the decisions exactly as they were before.
    pub fn undo(self) -> (Registry, Decisions) {
        self.earlier
    }
}

impl Situation<'_> {
    /// Plans a change: what would follow, without doing it.
    ///
    /// Nothing is matched again; entities that the change does not touch stay as they are, and so do their ids. Records and
    /// customers that are taken apart are held apart by decisions from then on, and those that are joined are joined by
    /// decisions. Orders and other facts belong to records and go with them.
    ///
    /// # Errors
    /// A configuration error for a record or a customer that is not there, and for a change that changes nothing.
    pub fn plan(&self, change: &Change, author: &Author) -> Result<Plan> {
        let before = self.registry.partition(self.records);
        let mut labels: Vec<u32> = self.records.ids().map(|record| before.entity_of(record).0).collect();
        let decisions = self.relabel(change, author, &before, &mut labels)?;
        let after = Partition::from_roots(&labels);
        if before == after {
            return Err(Error::config(PLACE, "nothing would change: the records are like that already"));
        }
        let run = Run::new(format!("steward {}", author.at)).at(author.at).by(&author.name, &author.reason);
        let assignment = assign(self.registry, self.records, &after, &run);
        let earlier = (self.registry.clone(), self.decisions.clone());
        Ok(Plan { before, after, decisions, assignment, earlier, run })
    }

    /// Gives the records other labels, and tells the decisions that keep it so.
    fn relabel(
        &self,
        change: &Change,
        author: &Author,
        before: &Partition,
        labels: &mut [u32],
    ) -> Result<Vec<LinkDecision>> {
        let members = |record: RecordId| before.members(before.entity_of(record));
        let decide = |kind, record: RecordId, others: &[RecordId]| {
            let others = others.iter().filter(|&&other| other != record).map(|&other| self.key(other));
            LinkDecision::new(kind, self.key(record), others, author.at).by(&author.name, &author.reason)
        };
        // Labels that no entity has.
        let fresh = before.len() as u32;
        let mut set = |records: &[RecordId], label: u32| {
            for record in records {
                if let Some(place) = labels.get_mut(record.index()) {
                    *place = label;
                }
            }
        };
        let mut added = Vec::new();
        match change {
            Change::Unmerge { record, scope } => {
                let record = self.find(record)?;
                set(&[record], fresh);
                let rest = members(record);
                match scope {
                    Scope::Nothing => {}
                    Scope::Pair(other) => {
                        let other = self.find(other)?;
                        if other == record || !rest.contains(&other) {
                            let reason = format!("`{}` is not with it", self.key(other));
                            return Err(Error::config(PLACE, reason));
                        }
                        added.push(decide(LinkKind::Different, record, &[other]));
                    }
                    Scope::WholeCustomer => added.push(decide(LinkKind::Different, record, rest)),
                }
            }
            Change::Restore { customer } => {
                if let Resolution::Current | Resolution::Unknown = self.registry.resolve(*customer) {
                    return Err(Error::config(
                        PLACE,
                        format!("`{customer}` is not merged into another customer"),
                    ));
                }
                let back: Vec<RecordId> = self.records_of(*customer);
                let Some(&first) = back.first() else {
                    return Err(Error::config(PLACE, format!("`{customer}` has no record left")));
                };
                let stay: Vec<RecordId> = back
                    .iter()
                    .flat_map(|&record| members(record).iter().copied())
                    .filter(|record| !back.contains(record))
                    .collect();
                set(&back, fresh);
                if let Some(&other) = stay.first() {
                    added.push(decide(LinkKind::Different, first, &[other]));
                    // What was one customer stays one on either side.
                    added.extend((back.len() > 1).then(|| decide(LinkKind::Same, first, &back)));
                    let rest: Vec<RecordId> =
                        members(first).iter().copied().filter(|r| !back.contains(r)).collect();
                    added.extend((rest.len() > 1).then(|| decide(LinkKind::Same, other, &rest)));
                }
            }
            Change::Explode { customer } => {
                let all = self.in_use(*customer)?;
                let mut rest = all.as_slice();
                while let Some((&record, others)) = rest.split_first() {
                    set(&[record], fresh + others.len() as u32);
                    added.extend((!others.is_empty()).then(|| decide(LinkKind::Different, record, others)));
                    rest = others;
                }
            }
            Change::Move { record, to } => {
                let record = self.find(record)?;
                let there = self.in_use(*to)?;
                let Some(&first) = there.first() else {
                    return Err(Error::config(PLACE, format!("`{to}` has no record")));
                };
                set(&[record], before.entity_of(first).0);
                let rest = members(record);
                added.extend((rest.len() > 1).then(|| decide(LinkKind::Different, record, rest)));
                added.push(decide(LinkKind::Same, record, &[first]));
            }
            Change::Merge { customers } => {
                let all = customers.iter().map(|&id| self.in_use(id)).collect::<Result<Vec<_>>>()?;
                let firsts: Vec<RecordId> =
                    all.iter().filter_map(|records| records.first().copied()).collect();
                let Some(&first) = firsts.first() else {
                    return Err(Error::config(PLACE, "no customers are named"));
                };
                for records in &all {
                    set(records, before.entity_of(first).0);
                }
                added.extend((firsts.len() > 1).then(|| decide(LinkKind::Same, first, &firsts)));
            }
        }
        Ok(added)
    }

    fn key(&self, record: RecordId) -> RecordKey {
        let (source, key) = self.records.raw().key(record);
        RecordKey::new(source, key)
    }

    fn find(&self, key: &RecordKey) -> Result<RecordId> {
        key.find(self.records.raw(), PLACE)
    }

    /// The records of an id that are there, ascending.
    fn records_of(&self, customer: CustomerId) -> Vec<RecordId> {
        let keys = self.registry.records_of(customer).into_iter().map(RecordKey::parts);
        keys.filter_map(|(source, key)| self.records.raw().find(source, key)).collect()
    }

    fn in_use(&self, customer: CustomerId) -> Result<Vec<RecordId>> {
        match self.registry.resolve(customer) {
            Resolution::Current => Ok(self.records_of(customer)),
            Resolution::Redirected(to) => {
                Err(Error::config(PLACE, format!("`{customer}` was merged into `{to}`: name that one")))
            }
            Resolution::Split(_) | Resolution::Retired => {
                Err(Error::config(PLACE, format!("`{customer}` is out of use")))
            }
            Resolution::Unknown => Err(Error::config(PLACE, format!("no customer has the id `{customer}`"))),
        }
    }
}

/// The place that errors name.
const PLACE: &str = "change";

impl Plan {
    /// What would be different: ids, records, golden values, facts and profiles.
    ///
    /// # Errors
    /// As [`Survivorship::with_pins`](crate::survive::Survivorship::with_pins), for pins that do not fit the records.
    pub fn preview(
        &self,
        records: &Records,
        policy: &crate::survive::Policy,
        pins: &[crate::survive::Pin],
        orders: &crate::fact::Orders,
    ) -> Result<Preview> {
        let ids: BTreeMap<RecordKey, CustomerId> =
            self.earlier.0.assigned().iter().map(|known| (known.record.clone(), known.customer)).collect();
        Preview::of(self, &ids, records, policy, pins, orders)
    }

    /// Makes the change. A record that it moves goes on with its own decisions, and what contradicts an older decision
    /// overrules it.
    pub fn apply(self) -> Applied {
        let (_, mut decisions) = self.earlier.clone();
        let mut events: Vec<EventRecord> =
            self.decisions.iter().flat_map(|decision| decision.event(&self.run)).collect();
        decisions.links.extend(self.decisions);
        events.extend(self.assignment.events);
        Applied {
            partition: self.after,
            registry: self.assignment.registry,
            decisions,
            events,
            earlier: self.earlier,
        }
    }

    /// As [`apply`](Self::apply), and with an event for each golden value that a preview of this plan found to change.
    pub fn apply_with(self, preview: &Preview) -> Applied {
        let run = self.run.clone();
        let merges = self.after.len() < self.before.len();
        let mut applied = self.apply();
        applied.events.extend(preview.events(&run, merges));
        applied
    }
}
