//! Clusters under construction, and the guards that hold inside them.

use std::collections::BTreeMap;

use crate::id::RecordId;
use crate::record::{EntityClass, Records};
use crate::resolve::Guard;
use crate::technique::{Technique, Techniques};

/// Clusters of some records under construction: union–find whose roots keep their members and what they claim. A cluster is
/// known by the place of its root among the records.
pub(super) struct Clusters<'a> {
    records: &'a Records,
    /// The records, ascending.
    all: &'a [RecordId],
    parents: Vec<u32>,
    members: Vec<Vec<RecordId>>,
    claims: Vec<Vec<Claim>>,
    cannot: &'a CannotLinks,
}

/// With whom each record may not be joined.
pub(super) type CannotLinks = BTreeMap<RecordId, Vec<RecordId>>;

/// Cannot-links by record, in both directions.
pub(super) fn cannot_links(pairs: &[(RecordId, RecordId)]) -> CannotLinks {
    let mut forbidden = CannotLinks::new();
    for &(a, b) in pairs {
        forbidden.entry(a).or_default().push(b);
        forbidden.entry(b).or_default().push(a);
    }
    forbidden
}

/// Something of which an entity has one: (what, which). A cluster with two values of one `what` is impossible.
type Claim = ((u16, u16), u32);
/// The column number that stands for the record itself, in claims of duplicate-free sources.
const RECORD: u16 = u16::MAX;

impl<'a> Clusters<'a> {
    /// Each of these records, ascending, is a cluster; without the guards of clusters it claims nothing.
    pub(super) fn new(
        records: &'a Records,
        all: &'a [RecordId],
        cannot: &'a CannotLinks,
        techniques: Techniques,
    ) -> Self {
        let guards = techniques.has(Technique::ClusterGuards);
        let claimed = |&record: &RecordId| if guards { claims(records, record) } else { Vec::new() };
        Clusters {
            records,
            all,
            parents: (0..all.len() as u32).collect(),
            members: all.iter().map(|&record| vec![record]).collect(),
            claims: all.iter().map(claimed).collect(),
            cannot,
        }
    }

    /// The records, ascending.
    pub(super) fn records(&self) -> &'a [RecordId] {
        self.all
    }

    /// The cluster of a record; none if the record is not among them.
    pub(super) fn cluster(&mut self, record: RecordId) -> Option<u32> {
        let place = self.all.binary_search(&record).ok()?;
        Some(self.root(place as u32))
    }

    /// The root of the cluster of the record at a place.
    pub(super) fn root(&mut self, place: u32) -> u32 {
        let mut at = place;
        while self.parents[at as usize] != at {
            let parent = self.parents[at as usize];
            self.parents[at as usize] = self.parents[parent as usize];
            at = parent;
        }
        at
    }

    pub(super) fn members(&self, root: u32) -> &[RecordId] {
        &self.members[root as usize]
    }

    /// The guard that forbids joining two clusters, evidence aside.
    pub(super) fn guard(&mut self, a: u32, b: u32) -> Option<Guard> {
        if self.cannot_link(a, b) {
            return Some(Guard::CannotLink);
        }
        let (left, right) = (&self.claims[a as usize], &self.claims[b as usize]);
        for what in left.chunk_by(|one, other| one.0 == other.0) {
            let from = right.partition_point(|claim| claim.0 < what[0].0);
            let others = right[from..].iter().take_while(|claim| claim.0 == what[0].0);
            // Must-links can have given a cluster several values; one in common is enough.
            if others.clone().next().is_some() && !others.clone().any(|claim| what.contains(claim)) {
                let of_record = what[0].0.1 == RECORD;
                return Some(if of_record { Guard::DuplicateFree } else { Guard::Exclusive });
            }
        }
        // A person and an organisation can meet through a record of unknown class, but are never one entity.
        let class = |root: u32| {
            let known = |record: &&RecordId| self.records.class(**record) != EntityClass::Unknown;
            self.members(root)
                .iter()
                .find(known)
                .map_or(EntityClass::Unknown, |&record| self.records.class(record))
        };
        (!class(a).may_match(class(b))).then_some(Guard::EntityClass)
    }

    pub(super) fn cannot_link(&mut self, a: u32, b: u32) -> bool {
        if self.cannot.is_empty() {
            return false;
        }
        let others: Vec<RecordId> =
            self.members(a).iter().filter_map(|record| self.cannot.get(record)).flatten().copied().collect();
        others.into_iter().any(|other| self.cluster(other) == Some(b))
    }

    /// Joins two clusters; the larger one takes the smaller one in.
    pub(super) fn merge(&mut self, a: u32, b: u32) {
        let larger_first =
            (self.members(a).len(), std::cmp::Reverse(a)) >= (self.members(b).len(), std::cmp::Reverse(b));
        let (into, from) = if larger_first { (a, b) } else { (b, a) };
        self.parents[from as usize] = into;
        let members = std::mem::take(&mut self.members[from as usize]);
        self.members[into as usize].extend(members);
        let claims = std::mem::take(&mut self.claims[from as usize]);
        self.claims[into as usize].extend(claims);
        self.claims[into as usize].sort_unstable();
        self.claims[into as usize].dedup();
    }

    /// Of each record, one that stands for its cluster.
    pub(super) fn representatives(mut self) -> Vec<RecordId> {
        (0..self.all.len() as u32).map(|place| self.all[self.root(place) as usize]).collect()
    }
}

/// What a record claims for its entity, ascending.
fn claims(records: &Records, record: RecordId) -> Vec<Claim> {
    let (table, row) = records.raw().place(record);
    let source = records.source(record).0;
    let exclusive = table.info().exclusive.iter().filter_map(|name| {
        let column = table.columns().iter().position(|column| column.name() == name)?;
        Some(((source, column as u16), table.columns()[column].value_number(row)?))
    });
    let itself = table.info().duplicate_free.then_some(((source, RECORD), record.0));
    let mut claims: Vec<Claim> = exclusive.chain(itself).collect();
    claims.sort_unstable();
    claims
}
