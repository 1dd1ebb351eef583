//! What is remembered of customers between runs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::id::CustomerId;
use crate::record::{RawRecords, Records};
use crate::resolve::{Partition, RecordKey};

/// The version of the persisted form that this release writes and reads.
pub const REGISTRY_VERSION: u32 = 1;

/// What errors name.
const WHAT: &str = "registry";

/// Every customer id that was ever given, and which record has which.
///
/// A registry is plain data: the result of one run is an argument of the next. Ids are never given to another entity, and
/// one that is no longer in use tells where its customer went.
///
/// ```
/// use onefold::CustomerId;
/// use onefold::identity::{Registry, Resolution};
/// let registry = Registry::default();
/// assert_eq!(registry.resolve(CustomerId::of_record("crm", "1")), Resolution::Unknown);
/// let json = registry.to_json()?;
/// assert_eq!(Registry::from_json(&json)?, registry);
/// # Ok::<(), onefold::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registry {
    format: u32,
    /// The number of the next id.
    next: u64,
    /// Ascending by record.
    records: Vec<Assigned>,
    customers: BTreeMap<CustomerId, Known>,
}

/// A record and its customers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Assigned {
    #[serde(flatten)]
    pub(super) record: RecordKey,
    pub(super) customer: CustomerId,
    /// The customer that it was given first, or by a split; a merge does not change it.
    pub(super) own: CustomerId,
}

/// What is known of an id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Known {
    /// The lower, the older.
    pub(super) number: u64,
    pub(super) state: State,
    /// The records that it had when it went out of use; of one in use, they stand with the records.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) records: Vec<RecordKey>,
}

/// Whether an id is in use, or what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    Current,
    Redirected(CustomerId),
    Split(Vec<CustomerId>),
    Retired,
}

/// What an id stands for today.
///
/// ```
/// use onefold::identity::Resolution;
/// fn is_gone(resolution: &Resolution) -> bool {
///     matches!(resolution, Resolution::Retired | Resolution::Unknown)
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Resolution {
    /// The id is in use.
    Current,
    /// Its customer was merged into this one, which is in use.
    Redirected(CustomerId),
    /// Its records went to these customers.
    Split(Vec<CustomerId>),
    /// None of its records is there any more.
    Retired,
    /// It was never given.
    Unknown,
}

impl Default for Registry {
    fn default() -> Self {
        Registry { format: REGISTRY_VERSION, next: 0, records: Vec::new(), customers: BTreeMap::new() }
    }
}

/// Only the version, read before anything else.
#[derive(Deserialize)]
struct Header {
    format: u32,
}

impl Registry {
    pub(super) fn new(next: u64, records: Vec<Assigned>, customers: BTreeMap<CustomerId, Known>) -> Self {
        Registry { format: REGISTRY_VERSION, next, records, customers }
    }

    /// What an id stands for today; redirects are followed to their end.
    pub fn resolve(&self, id: CustomerId) -> Resolution {
        let Some(known) = self.customers.get(&id) else { return Resolution::Unknown };
        match &known.state {
            State::Current => Resolution::Current,
            State::Split(parts) => Resolution::Split(parts.clone()),
            State::Retired => Resolution::Retired,
            State::Redirected(to) => match self.customers.get(to).map(|known| &known.state) {
                Some(State::Current) => Resolution::Redirected(*to),
                Some(State::Split(parts)) => Resolution::Split(parts.clone()),
                // A redirect never ends at another one: they are closed whenever they are made.
                _ => Resolution::Retired,
            },
        }
    }

    /// The customer of a record.
    pub fn customer_of(&self, record: &RecordKey) -> Option<CustomerId> {
        let found = self.records.binary_search_by(|known| known.record.cmp(record)).ok()?;
        self.records.get(found).map(|known| known.customer)
    }

    /// The records of a customer in use, ascending; of one out of use, those that it had last.
    pub fn records_of(&self, customer: CustomerId) -> Vec<&RecordKey> {
        match self.customers.get(&customer) {
            Some(known) if known.state != State::Current => known.records.iter().collect(),
            _ => {
                let own = self.records.iter().filter(|known| known.customer == customer);
                own.map(|known| &known.record).collect()
            }
        }
    }

    /// The ids in use, ascending.
    pub fn customers(&self) -> impl Iterator<Item = CustomerId> + '_ {
        self.customers.iter().filter(|(_, known)| known.state == State::Current).map(|(id, _)| *id)
    }

    /// All ids that were ever given, ascending.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = CustomerId> + '_ {
        self.customers.keys().copied()
    }

    /// How many records have a customer.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// True when no record has a customer.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The records as the registry has them; a record that it does not know is an entity of its own.
    pub fn partition(&self, records: &Records) -> Partition {
        let known = self.of_records(records.raw());
        let mut labels: BTreeMap<CustomerId, u32> = BTreeMap::new();
        let roots = records.ids().zip(known).map(|(record, known)| match known {
            Some(known) => *labels.entry(known.customer).or_insert(record.0),
            None => record.0,
        });
        let roots: Vec<u32> = roots.collect();
        Partition::from_roots(&roots)
    }

    /// What is known of each record of a run, in the order of their ids. Both ascend by source and key.
    pub(super) fn of_records(&self, records: &RawRecords) -> Vec<Option<&Assigned>> {
        let mut known = self.records.iter().peekable();
        let mut found = Vec::with_capacity(records.len());
        for record in 0..records.len() as u32 {
            let key = records.key(crate::RecordId(record));
            while known.next_if(|known| known.record.parts() < key).is_some() {}
            found.push(known.next_if(|known| known.record.parts() == key));
        }
        found
    }

    pub(super) fn known(&self) -> &BTreeMap<CustomerId, Known> {
        &self.customers
    }

    pub(super) fn assigned(&self) -> &[Assigned] {
        &self.records
    }

    pub(super) fn next(&self) -> u64 {
        self.next
    }

    /// The registry as JSON.
    ///
    /// # Errors
    /// None that a registry of this crate can cause.
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string_pretty(self).map_err(|error| Error::persisted(WHAT, error.to_string(), false))
    }

    /// A registry from its JSON form.
    ///
    /// # Errors
    /// A version error if it was written in another format version, another one if it is damaged: records out of order,
    /// ids that are not known, redirects that do not end.
    pub fn from_json(text: &str) -> Result<Self> {
        let damaged = |reason: String| Error::persisted(WHAT, reason, false);
        let header: Header = serde_json::from_str(text).map_err(|error| damaged(error.to_string()))?;
        if header.format != REGISTRY_VERSION {
            let found = header.format;
            let reason = format!("format version {found}, this release reads {REGISTRY_VERSION}");
            return Err(Error::persisted(WHAT, reason, true));
        }
        let registry: Registry = serde_json::from_str(text).map_err(|error| damaged(error.to_string()))?;
        registry.check().map_err(|reason| damaged(reason.to_owned()))?;
        Ok(registry)
    }

    /// Reads a registry from a file.
    ///
    /// # Errors
    /// An I/O error if the file cannot be read, else as [`from_json`](Self::from_json).
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path).map_err(|error| {
            Error::io(path, format!("cannot read the registry: {error}"), Some(error.into()))
        })?;
        Self::from_json(&text)
    }

    /// Writes the registry to a file.
    ///
    /// # Errors
    /// An I/O error if the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        std::fs::write(path, self.to_json()?).map_err(|error| {
            Error::io(path, format!("cannot write the registry: {error}"), Some(error.into()))
        })
    }

    /// Checks what deserialisation cannot.
    fn check(&self) -> std::result::Result<(), &'static str> {
        if !self.records.is_sorted_by(|a, b| a.record < b.record) {
            return Err("the records are not in order");
        }
        let is_current = |id| self.customers.get(id).is_some_and(|known| known.state == State::Current);
        if !self.records.iter().all(|known| is_current(&known.customer)) {
            return Err("a record has a customer that is not in use");
        }
        if !self.records.iter().all(|known| self.customers.contains_key(&known.own)) {
            return Err("a record has a customer that is not known");
        }
        let is_end = |id: &CustomerId| {
            self.customers.get(id).is_some_and(|known| !matches!(known.state, State::Redirected(_)))
        };
        let ends = self.customers.values().all(|known| match &known.state {
            State::Redirected(to) => is_end(to),
            State::Split(parts) => parts.iter().all(|part| self.customers.contains_key(part)),
            _ => true,
        });
        if !ends {
            return Err("a redirect does not end");
        }
        // Room for more ids than there will ever be.
        if self.next > u64::MAX / 2 {
            return Err("the number of the next id is too large");
        }
        let numbers: BTreeSet<u64> = self.customers.values().map(|known| known.number).collect();
        let fresh = numbers.last().is_none_or(|last| *last < self.next);
        if numbers.len() != self.customers.len() || !fresh {
            return Err("two ids have the same age");
        }
        Ok(())
    }
}
