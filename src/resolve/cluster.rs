//! Agglomeration by average linkage, with guards that hold inside whole clusters.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::error::Result;
use crate::id::RecordId;
use crate::model::{Link, Links};
use crate::record::Records;
use crate::resolve::clusters::{Clusters, cannot_links};
use crate::resolve::components::Components;
use crate::resolve::queue::{Join, Queue, step};
use crate::resolve::{Constraints, Partition};
use crate::technique::{Technique, Techniques};

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
/// The two clusters with the highest mean log odds across them are joined first (average linkage; Sokal & Michener 1958),
/// as long as these speak for a match; a pair without a link counts with what `score` says of it. Of equal ones the
/// strongest link decides, then the record ids, so the result does not depend on their order. In clusters each guard holds
/// for all members; must-links come first and yield only to cannot-links.
///
/// A link's `probability` need not be one: a similarity in [0, 1] ranks links and weighs them against each other.
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
    let cannot = cannot_links(&constraints.cannot);
    let links = links.as_slice();
    let strong = |&at: &u32| {
        let link = &links[at as usize];
        link.probability >= threshold && link.a != link.b
    };
    let of: Vec<u32> = (0..links.len() as u32).into_par_iter().filter(strong).collect();
    let components = Components::new(records.len(), links, &of, &constraints.must);
    drop(of);
    let chunks: Vec<usize> = (0..components.len()).step_by(CHUNK).collect();
    // Components are worked on apart: no guard, and no pair that is weighed, reaches beyond one.
    let resolved: Vec<(Vec<RecordId>, BTreeMap<Guard, u64>)> = chunks
        .par_iter()
        .map(|&first| {
            let (mut representatives, mut guarded) = (Vec::new(), BTreeMap::new());
            let end = components.len().min(first + CHUNK);
            for component in first..end {
                if component % TOGETHER == 0 {
                    let next = component..end.min(component + TOGETHER);
                    records.fetch(next.flat_map(|component| components.get(component).0).copied());
                }
                let (members, at) = components.get(component);
                let clusters = Clusters::new(records, members, &cannot, techniques);
                let links = at.iter().map(|&at| &links[at as usize]);
                let agglomeration = Agglomeration { clusters, techniques, score, guarded: &mut guarded };
                representatives.extend(agglomeration.run(links, &constraints.must));
            }
            (representatives, guarded)
        })
        .collect();
    let mut labels: Vec<u32> = (0..records.len() as u32).collect();
    let mut guarded: BTreeMap<Guard, u64> = BTreeMap::new();
    for (&first, (representatives, held_back)) in chunks.iter().zip(resolved) {
        let members = (first..components.len().min(first + CHUNK)).flat_map(|at| components.get(at).0);
        members.zip(representatives).for_each(|(member, of)| labels[member.index()] = of.0);
        for (guard, links) in held_back {
            *guarded.entry(guard).or_default() += links;
        }
    }
    Ok(Resolution { partition: Partition::from_roots(&labels), guarded })
}

/// Components that one piece of work resolves.
const CHUNK: usize = 1024;
/// Components whose records are fetched from memory together.
const TOGETHER: usize = 32;

/// The joining of the records of one component.
struct Agglomeration<'a> {
    clusters: Clusters<'a>,
    techniques: Techniques,
    score: &'a dyn PairScore,
    guarded: &'a mut BTreeMap<Guard, u64>,
}

impl Agglomeration<'_> {
    /// Of each record, one that stands for the entity it ends up in.
    fn run<'l>(
        mut self,
        links: impl Iterator<Item = &'l Link>,
        must: &[(RecordId, RecordId)],
    ) -> Vec<RecordId> {
        self.join_musts(must);
        let mut queue = Queue::new(links);
        let mut weighed: BTreeMap<(u32, u32), usize> = BTreeMap::new();
        while let Some(join) = queue.pop() {
            let clusters = self.clusters.cluster(join.link.a).zip(self.clusters.cluster(join.link.b));
            let Some((left, right)) = clusters else { continue };
            let (a, b) = (left.min(right), left.max(right));
            if a == b {
                continue;
            }
            let size = self.clusters.members(a).len() + self.clusters.members(b).len();
            if join.size != size {
                // Two clusters that were weighed are weighed again only when one has grown.
                if weighed.get(&(a, b)) == Some(&size) {
                    continue;
                }
                match self.worth(a, b) {
                    Ok(support) if step(support) >= join.step => {}
                    Ok(support) => {
                        weighed.insert((a, b), size);
                        queue.postpone(Join { step: step(support), size, link: join.link });
                        continue;
                    }
                    Err(guard) => {
                        *self.guarded.entry(guard).or_default() += 1;
                        weighed.insert((a, b), size);
                        continue;
                    }
                }
            }
            self.clusters.merge(a, b);
        }
        self.clusters.representatives()
    }

    /// Joins what must be one, unless it must not; the pairs of all components are ascending.
    fn join_musts(&mut self, must: &[(RecordId, RecordId)]) {
        if must.is_empty() {
            return;
        }
        let all = self.clusters.records();
        let of_record = |&record: &RecordId| {
            let first = must.partition_point(|pair| pair.0 < record);
            must[first..].iter().take_while(move |pair| pair.0 == record)
        };
        for &(a, b) in all.iter().flat_map(of_record) {
            let Some((a, b)) = self.clusters.cluster(a).zip(self.clusters.cluster(b)) else { continue };
            if self.clusters.cannot_link(a, b) {
                *self.guarded.entry(Guard::CannotLink).or_default() += 1;
            } else if a != b {
                self.clusters.merge(a, b);
            }
        }
    }

    /// What joining two clusters is worth, or what forbids it.
    fn worth(&mut self, a: u32, b: u32) -> std::result::Result<f64, Guard> {
        match self.clusters.guard(a, b) {
            Some(guard) => Err(guard),
            None if self.techniques.has(Technique::ChainingGuard) => {
                support(self.clusters.members(a), self.clusters.members(b), self.score)
            }
            None => Ok(1.0),
        }
    }
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
    let cannot = cannot_links(&constraints.cannot);
    let mut all: Vec<RecordId> = left.iter().chain(right).copied().collect();
    all.sort_unstable();
    all.dedup();
    let mut clusters = Clusters::new(records, &all, &cannot, techniques);
    let mut join = |group: &[RecordId]| {
        group.iter().copied().reduce(|first, record| {
            if let Some((a, b)) =
                clusters.cluster(first).zip(clusters.cluster(record)).filter(|(a, b)| a != b)
            {
                clusters.merge(a, b);
            }
            first
        })
    };
    let (Some(a), Some(b)) = (join(left), join(right)) else { return Ok(None) };
    let Some((a, b)) = clusters.cluster(a).zip(clusters.cluster(b)) else { return Ok(None) };
    let (a, b) = (a.min(b), a.max(b));
    Ok(clusters.guard(a, b).or_else(|| {
        let is_weighed = techniques.has(Technique::ChainingGuard);
        is_weighed.then(|| support(clusters.members(a), clusters.members(b), score).err()).flatten()
    }))
}

/// Pairs looked at when two clusters are weighed; larger products are sampled evenly.
const WEIGHED: usize = 48;
/// Bits for and against a match that one pair can give at most. What an entity has may change, so a disagreement says
/// less than an agreement; and no pair is so certain that it outweighs all others.
const MOST_FOR: f64 = 14.0;
const MOST_AGAINST: f64 = 7.0;

/// The mean log odds of the pairs across two clusters, proposed or not, as a probability; none if it speaks against a
/// match. One strong link between two groups whose members otherwise do not match is how chains form.
fn support(left: &[RecordId], right: &[RecordId], score: &dyn PairScore) -> std::result::Result<f64, Guard> {
    let all = left.len() * right.len();
    if all == 1 {
        return Ok(1.0);
    }
    let taken = all.min(WEIGHED);
    let bits = |i: usize| {
        let at = i * all / taken;
        let (a, b) = (left[at / right.len()], right[at % right.len()]);
        let probability = score.probability(a.min(b), a.max(b)).clamp(0.0, 1.0);
        (probability / (1.0 - probability)).log2().clamp(-MOST_AGAINST, MOST_FOR)
    };
    let mean = (0..taken).map(bits).sum::<f64>() / taken as f64;
    if mean >= 0.0 { Ok(1.0 / (1.0 + (-mean).exp2())) } else { Err(Guard::Evidence) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Link;
    use crate::record::{EntityClass, RawRecords, RecordsBuilder, SourceInfo, SourceTable};
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
    fn what_two_clusters_are_worth_decides_the_order() {
        // Records 0, 1 and 2 know each other; 3 and 4 are of a source without duplicates, and both want to join them.
        // The stronger link is that of 3, but 4 matches all of them.
        let group = [(0, 1, 0.999), (0, 2, 0.999), (1, 2, 0.999)];
        let torn = [(0, 3, 0.99), (1, 3, 0.6), (2, 3, 0.6), (0, 4, 0.98), (1, 4, 0.98), (2, 4, 0.98)];
        let (entities, guarded) = run(&records(3, 2), &[&group[..], &torn].concat(), &Constraints::new());
        assert_eq!(entities, [0, 0, 0, 1, 0]);
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
