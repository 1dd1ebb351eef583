//! Greedy agglomeration from the strongest link down, with guards that hold inside whole clusters.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::id::RecordId;
use crate::model::{Link, Links};
use crate::record::{EntityClass, Records};
use crate::resolve::{Constraints, Partition};
use crate::technique::Technique;

/// Scores a pair that was never proposed; the clustering asks for it when it weighs two clusters.
///
/// ```
/// use onefold::{RecordId, resolve::PairScore};
/// struct Never;
/// impl PairScore for Never {
///     fn probability(&self, _: RecordId, _: RecordId) -> f64 {
///         0.0
///     }
/// }
/// ```
pub trait PairScore: Sync {
    /// The probability that two records match.
    fn probability(&self, a: RecordId, b: RecordId) -> f64;
}

impl PairScore for crate::model::Scorer<'_> {
    fn probability(&self, a: RecordId, b: RecordId) -> f64 {
        crate::model::Scorer::probability(self, a, b)
    }
}

/// Why a link did not join two clusters.
///
/// ```
/// assert_ne!(onefold::resolve::Guard::Exclusive, onefold::resolve::Guard::CannotLink);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Guard {
    /// Both clusters hold a record of a source that has at most one per entity.
    DuplicateFree,
    /// The clusters hold different values of a column of which an entity has one.
    Exclusive,
    /// A steward's decision.
    CannotLink,
    /// One cluster is a person, the other an organisation.
    EntityClass,
    /// Taken over all pairs across the two clusters, the evidence speaks against a join.
    Evidence,
}

/// The entities, and how many links each guard held back.
///
/// ```
/// # use onefold::resolve::{Guard, Resolution};
/// fn held_back_by_evidence(resolution: &Resolution) -> u64 {
///     resolution.guarded.get(&Guard::Evidence).copied().unwrap_or(0)
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Resolution {
    /// The entities.
    pub partition: Partition,
    /// Links above the threshold that a guard kept from joining two clusters, by guard.
    pub guarded: BTreeMap<Guard, u64>,
}

/// Joins records along links whose posterior reaches the threshold.
///
/// Links are taken by descending weight, ties by record ids, so the result does not depend on their order. In
/// clusters each guard holds for all members; must-links come first and yield only to cannot-links.
///
/// # Errors
/// A configuration error if a constraint names a record that is not there.
///
/// ```
/// use onefold::model::Links;
/// use onefold::record::{RawRecords, RecordsBuilder};
/// use onefold::resolve::{Constraints, PairScore, resolve};
/// # struct Never;
/// # impl PairScore for Never {
/// #     fn probability(&self, _: onefold::RecordId, _: onefold::RecordId) -> f64 { 0.0 }
/// # }
/// let records = RecordsBuilder::new(RawRecords::default(), vec![]).finish();
/// let resolution = resolve(&records, &Links::default(), 0.5, &Constraints::new(), &Never).unwrap();
/// assert!(resolution.partition.is_empty());
/// ```
pub fn resolve(
    records: &Records,
    links: &Links,
    threshold: f64,
    constraints: &Constraints,
    score: &dyn PairScore,
) -> Result<Resolution> {
    let techniques = constraints.techniques();
    let constraints = constraints.find(records.raw())?;
    let mut clusters = Clusters::new(records, constraints.cannot);
    if !techniques.has(Technique::ClusterGuards) {
        clusters.claims.iter_mut().for_each(Vec::clear);
    }
    let mut guarded: BTreeMap<Guard, u64> = BTreeMap::new();
    for &(a, b) in &constraints.must {
        let (a, b) = (clusters.root(a), clusters.root(b));
        if clusters.cannot_link(a, b) {
            *guarded.entry(Guard::CannotLink).or_default() += 1;
        } else if a != b {
            clusters.merge(a, b);
        }
    }
    let mut refused: BTreeMap<(u32, u32), (usize, usize)> = BTreeMap::new();
    for link in strongest_first(links, threshold) {
        let (left, right) = (clusters.root(link.a), clusters.root(link.b));
        let (a, b) = (left.min(right), left.max(right));
        // Two clusters that were weighed and refused are weighed again only when one has grown.
        let sizes = (clusters.members(a).len(), clusters.members(b).len());
        if a == b || refused.get(&(a, b)) == Some(&sizes) {
            continue;
        }
        let guard = clusters.guard(a, b).or_else(|| {
            let supported = !techniques.has(Technique::ChainingGuard)
                || supported(clusters.members(a), clusters.members(b), score);
            (!supported).then_some(Guard::Evidence)
        });
        match guard {
            None => clusters.merge(a, b),
            Some(guard) => {
                *guarded.entry(guard).or_default() += 1;
                refused.insert((a, b), sizes);
            }
        }
    }
    Ok(Resolution { partition: clusters.partition(), guarded })
}

/// What keeps two groups of records from being one entity, if anything does; `resolve` asks the same before it joins two
/// clusters.
///
/// # Errors
/// A configuration error if a constraint names a record that is not there.
///
/// ```
/// # use onefold::{Unified, id::EntityId, model::Scorer, resolve::{Constraints, Guard, guard_between}};
/// fn why_apart(unified: &Unified, a: EntityId, b: EntityId) -> Option<Guard> {
///     let scorer = Scorer::new(&unified.model, &unified.records);
///     let (left, right) = (unified.partition.members(a), unified.partition.members(b));
///     guard_between(&unified.records, left, right, &Constraints::new(), &scorer).ok().flatten()
/// }
/// ```
pub fn guard_between(
    records: &Records,
    left: &[RecordId],
    right: &[RecordId],
    constraints: &Constraints,
    score: &dyn PairScore,
) -> Result<Option<Guard>> {
    let techniques = constraints.techniques();
    let constraints = constraints.find(records.raw())?;
    let mut clusters = Clusters::new(records, constraints.cannot);
    if !techniques.has(Technique::ClusterGuards) {
        clusters.claims.iter_mut().for_each(Vec::clear);
    }
    let mut join = |group: &[RecordId]| {
        group.iter().copied().reduce(|first, record| {
            let (a, b) = (clusters.root(first), clusters.root(record));
            if a != b {
                clusters.merge(a, b);
            }
            first
        })
    };
    let (Some(a), Some(b)) = (join(left), join(right)) else { return Ok(None) };
    let (a, b) = (clusters.root(a), clusters.root(b));
    let (a, b) = (a.min(b), a.max(b));
    Ok(clusters.guard(a, b).or_else(|| {
        let supported = !techniques.has(Technique::ChainingGuard)
            || supported(clusters.members(a), clusters.members(b), score);
        (!supported).then_some(Guard::Evidence)
    }))
}

/// The links from the threshold up, by descending weight; ties by record ids.
fn strongest_first(links: &Links, threshold: f64) -> Vec<Link> {
    let mut order: Vec<Link> = links.iter().filter(|link| link.probability >= threshold).copied().collect();
    order.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| (a.a, a.b).cmp(&(b.a, b.b))));
    order
}

/// The mean posterior across two clusters from which they are one.
const EVIDENCE: f64 = 0.5;
/// Pairs looked at when two clusters are weighed; larger products are sampled evenly.
const WEIGHED: usize = 48;

/// Whether the pairs across two clusters, proposed or not, match more often than not. One strong link between
/// two groups whose members otherwise do not match is how chains form.
fn supported(left: &[RecordId], right: &[RecordId], score: &dyn PairScore) -> bool {
    let all = left.len() * right.len();
    if all == 1 {
        return true;
    }
    let taken = all.min(WEIGHED);
    let pair = |i: usize| {
        let at = i * all / taken;
        (left[at / right.len()], right[at % right.len()])
    };
    let sum: f64 = (0..taken).map(pair).map(|(a, b)| score.probability(a.min(b), a.max(b))).sum();
    sum >= EVIDENCE * taken as f64
}

/// Clusters under construction: union–find whose roots keep their members and what they claim.
struct Clusters<'a> {
    records: &'a Records,
    parents: Vec<u32>,
    members: Vec<Vec<RecordId>>,
    claims: Vec<Vec<Claim>>,
    cannot: BTreeMap<RecordId, Vec<RecordId>>,
}

/// Something of which an entity has one: (what, which). A cluster with two values of one `what` is impossible.
type Claim = ((u16, u16), u32);
/// The column number that stands for the record itself, in claims of duplicate-free sources.
const RECORD: u16 = u16::MAX;

impl<'a> Clusters<'a> {
    fn new(records: &'a Records, cannot: Vec<(RecordId, RecordId)>) -> Self {
        let mut forbidden: BTreeMap<RecordId, Vec<RecordId>> = BTreeMap::new();
        for (a, b) in cannot {
            forbidden.entry(a).or_default().push(b);
            forbidden.entry(b).or_default().push(a);
        }
        Clusters {
            records,
            parents: (0..records.len() as u32).collect(),
            members: records.ids().map(|record| vec![record]).collect(),
            claims: records.ids().map(|record| claims(records, record)).collect(),
            cannot: forbidden,
        }
    }

    fn root(&mut self, record: RecordId) -> u32 {
        let mut at = record.0;
        while self.parents[at as usize] != at {
            let parent = self.parents[at as usize];
            self.parents[at as usize] = self.parents[parent as usize];
            at = parent;
        }
        at
    }

    fn members(&self, root: u32) -> &[RecordId] {
        &self.members[root as usize]
    }

    /// The guard that forbids joining two clusters, evidence aside.
    fn guard(&mut self, a: u32, b: u32) -> Option<Guard> {
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

    fn cannot_link(&mut self, a: u32, b: u32) -> bool {
        if self.cannot.is_empty() {
            return false;
        }
        let others: Vec<RecordId> =
            self.members(a).iter().filter_map(|record| self.cannot.get(record)).flatten().copied().collect();
        others.into_iter().any(|other| self.root(other) == b)
    }

    /// Joins two clusters; the larger one takes the smaller one in.
    fn merge(&mut self, a: u32, b: u32) {
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

    fn partition(mut self) -> Partition {
        let labels: Vec<u32> =
            (0..self.parents.len() as u32).map(|record| self.root(RecordId(record))).collect();
        Partition::from_roots(&labels)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{RawRecords, RecordsBuilder, SourceInfo, SourceTable};
    use crate::resolve::RecordKey;

    /// Records 0.. of sources `a` and `b`; `duplicate_free` holds for `b`.
    fn records(a: usize, b: usize) -> Records {
        let table = |name: &str, rows: usize| {
            let mut info = SourceInfo::new(name);
            info.duplicate_free = name == "b";
            let keys: Vec<String> = (0..rows).map(|row| format!("{row:03}")).collect();
            SourceTable::new(info, keys, (0..rows as u64).collect(), vec![])
        };
        RecordsBuilder::new(
            RawRecords::new(vec![table("a", a), table("b", b)]),
            vec![EntityClass::Person; a + b],
        )
        .finish()
    }

    fn links(pairs: &[(u32, u32, f64)]) -> Links {
        let link = |&(a, b, probability): &(u32, u32, f64)| {
            let weight = (probability / (1.0 - probability)).log2();
            Link { a: RecordId(a), b: RecordId(b), weight, probability }
        };
        Links::new(pairs.iter().map(link).collect(), vec![])
    }

    /// A pair without a link does not match.
    struct OnlyLinks(Links);

    impl PairScore for OnlyLinks {
        fn probability(&self, a: RecordId, b: RecordId) -> f64 {
            self.0.iter().find(|link| (link.a, link.b) == (a, b)).map_or(0.0, |link| link.probability)
        }
    }

    fn run(
        records: &Records,
        pairs: &[(u32, u32, f64)],
        constraints: &Constraints,
    ) -> (Vec<u32>, BTreeMap<Guard, u64>) {
        let links = links(pairs);
        let score = OnlyLinks(links.clone());
        let resolution = resolve(records, &links, 0.5, constraints, &score).unwrap();
        (records.ids().map(|record| resolution.partition.entity_of(record).0).collect(), resolution.guarded)
    }

    #[test]
    fn a_bridge_does_not_join_two_groups() {
        // Two triangles and one strong link between them; the eight other pairs across do not match.
        let triangle = |at: u32| [(at, at + 1, 0.99), (at, at + 2, 0.99), (at + 1, at + 2, 0.99)];
        let pairs = [&triangle(0)[..], &triangle(3), &[(2, 3, 0.95)]].concat();
        let (entities, guarded) = run(&records(6, 0), &pairs, &Constraints::new());
        assert_eq!(entities, [0, 0, 0, 1, 1, 1]);
        assert_eq!(guarded[&Guard::Evidence], 1);
    }

    #[test]
    fn a_duplicate_free_source_gives_one_record_to_the_best_link() {
        let (entities, guarded) = run(&records(1, 2), &[(0, 1, 0.8), (0, 2, 0.9)], &Constraints::new());
        assert_eq!(entities, [0, 1, 0]);
        assert_eq!(guarded[&Guard::DuplicateFree], 1);
    }

    #[test]
    fn guards_that_are_switched_off_do_not_hold() {
        let without =
            |technique| Constraints::new().with_techniques(crate::Techniques::default().without(technique));
        let pairs = [(0, 1, 0.8), (0, 2, 0.9), (1, 2, 0.9)];
        assert_eq!(run(&records(1, 2), &pairs, &without(Technique::ChainingGuard)).0, [0, 1, 0]);
        assert_eq!(run(&records(1, 2), &pairs, &without(Technique::ClusterGuards)).0, [0, 0, 0]);
        let chain = [(0, 1, 0.99), (1, 2, 0.9), (2, 3, 0.9)];
        assert_ne!(run(&records(4, 0), &chain, &Constraints::new()).0, [0; 4]);
        assert_eq!(run(&records(4, 0), &chain, &without(Technique::ChainingGuard)).0, [0; 4]);
    }

    #[test]
    fn stewards_decide() {
        let key = |row: u32| RecordKey::new("a", format!("{row:03}"));
        let constraints = Constraints::new().cannot_link(key(0), key(1)).must_link(key(1), key(2));
        let (entities, guarded) = run(&records(3, 0), &[(0, 1, 0.99), (0, 2, 0.99)], &constraints);
        assert_eq!(entities, [0, 1, 1]);
        assert_eq!(guarded[&Guard::CannotLink], 1);
        let unknown = Constraints::new().must_link(key(0), RecordKey::new("a", "nobody"));
        let error = resolve(&records(1, 0), &Links::default(), 0.5, &unknown, &OnlyLinks(Links::default()))
            .unwrap_err();
        assert_eq!(error.to_string(), "constraints: no record has the source and key `a/nobody`");
    }

    #[test]
    fn links_below_the_threshold_join_nothing() {
        assert_eq!(run(&records(2, 0), &[(0, 1, 0.4)], &Constraints::new()).0, [0, 1]);
    }
}
