//! What is left between sources without duplicates, once most records have found each other.
//!
//! If a record of one list has its only counterpart in another list, it is out of the question for all other records of
//! that list, and if most of a list have found one, a record that is left has one too, more probably than not, among
//! the few that are left over there. So weak evidence that could not count among all pairs decides now. With n links
//! between lists of n₁ and n₂ records, one link more has the prior odds (n + 1) / ((n₁ − n) (n₂ − n)): the beta prior of
//! bipartite matching (Sadinle 2017, section 4.2) with both its parameters 1. Where few records are linked these are the
//! odds of any pair, n / (n₁ n₂). How many of the pairs that are left are related is found by EM.

use std::collections::BTreeMap;

use crate::block::CandidatePairs;
use crate::compare::PairLevels;
use crate::id::{RecordId, SourceId};
use crate::model::{LINK_FLOOR, Link, Model, Scorer};
use crate::record::Records;
use crate::resolve::Partition;

/// Where the odds have grown by less, nothing would change.
const LEAST_GROWTH: f64 = 2.0;
/// Pairs with lower odds are strangers.
const LEAST: f64 = 1e-3;

/// Weighs the pairs between leftover records of duplicate-free sources anew. Nothing if there are none, or hardly fewer
/// pairs than at the start.
pub(crate) fn weigh_leftovers(
    model: &Model,
    pairs: &CandidatePairs<'_>,
    scorer: &Scorer<'_>,
    partition: &Partition,
) -> Vec<Link> {
    let records = pairs.records();
    let Some(leftovers) = Leftovers::new(records, partition, model.prior()) else { return Vec::new() };
    let shards = pairs.fold(
        || (Vec::new(), PairLevels::default()),
        |(found, levels), _, a, b| {
            if let Some(prior) = leftovers.prior_odds(records, partition, a, b) {
                let evidence = scorer.evidence(a, b, levels);
                let matches = prior * scorer.of_matches(evidence).exp2().min(f64::MAX);
                if matches >= LEAST {
                    let related = evidence.of_relatives().exp2().min(f64::MAX);
                    found.push(Pair { a, b, matches, related });
                }
            }
        },
    );
    let mut pairs: Vec<Pair> = shards.into_iter().flat_map(|shard| shard.0).collect();
    pairs.sort_unstable_by_key(|pair| (pair.a, pair.b));
    let related = share_of_related(&pairs, leftovers.possible, model.related());
    pairs.iter().filter_map(|pair| pair.link(related, scorer)).collect()
}

/// Whether there can be leftovers: between at least two sources without duplicates.
pub(crate) fn may_leave(records: &Records) -> bool {
    records.raw().sources().iter().filter(|table| table.info().duplicate_free).count() > 1
}

/// A pair that is left.
struct Pair {
    a: RecordId,
    b: RecordId,
    /// The odds of a match against strangers.
    matches: f64,
    /// How much more probable the levels are among related pairs than among strangers.
    related: f64,
}

impl Pair {
    /// The posteriors of a match and of a related pair.
    fn posterior(&self, related: f64) -> (f64, f64) {
        let others = (1.0 - related) + related * self.related;
        let all = (self.matches + others).min(f64::MAX);
        (self.matches / all, (related * self.related).min(f64::MAX) / all)
    }

    fn link(&self, related: f64, scorer: &Scorer<'_>) -> Option<Link> {
        let (probability, _) = self.posterior(related);
        let others = (1.0 - probability).max(f64::EPSILON);
        let weight = scorer.weight_at((probability / others).log2());
        (probability >= LINK_FLOOR).then_some(Link { a: self.a, b: self.b, weight, probability })
    }
}

/// EM on the share of related pairs alone; 0 where the model has none.
fn share_of_related(pairs: &[Pair], possible: f64, start: f64) -> f64 {
    const ITERATIONS: usize = 200;
    const MOST: f64 = 0.4;
    let mut share = start;
    for _ in 0..if start > 0.0 { ITERATIONS } else { 0 } {
        let sum: f64 = pairs.iter().map(|pair| pair.posterior(share).1).sum();
        // As if half a pair more had been seen, so that the share never is 0.
        let next = ((sum + 0.5) / (possible + 1.0)).min(MOST);
        let settled = (next - share).abs() <= share * 1e-6;
        share = next;
        if settled {
            break;
        }
    }
    share
}

/// The records of duplicate-free sources whose entity has no record of some other such source.
struct Leftovers {
    left: Vec<bool>,
    /// The prior odds of a match between leftover records of two sources; none where they have hardly grown.
    odds: BTreeMap<(SourceId, SourceId), f64>,
    /// How many pairs these are.
    possible: f64,
}

impl Leftovers {
    /// None if no such pair is left, or the odds of all have hardly grown.
    fn new(records: &Records, partition: &Partition, prior: f64) -> Option<Self> {
        if !may_leave(records) {
            return None;
        }
        let free: Vec<bool> =
            records.raw().sources().iter().map(|table| table.info().duplicate_free).collect();
        let count = free.iter().filter(|free| **free).count();
        let mut left = vec![false; records.len()];
        let mut together: BTreeMap<(SourceId, SourceId), u32> = BTreeMap::new();
        for (_, members) in partition.iter() {
            let of_free = || members.iter().filter(|record| free[records.source(**record).index()]);
            let mut sources: Vec<SourceId> = of_free().map(|&record| records.source(record)).collect();
            sources.sort_unstable();
            sources.dedup();
            if sources.len() < count {
                of_free().for_each(|record| left[record.index()] = true);
            }
            for (at, &one) in sources.iter().enumerate() {
                for &other in &sources[at + 1..] {
                    *together.entry((one, other)).or_default() += 1;
                }
            }
        }
        let least = LEAST_GROWTH * prior / (1.0 - prior);
        let (mut odds, mut possible) = (BTreeMap::new(), 0.0);
        for (&(one, other), &links) in &together {
            let links = f64::from(links);
            let left_of = |source| (records.raw().records_of(source).len() as f64 - links).max(0.0);
            let pairs = left_of(one) * left_of(other);
            let grown = (links + 1.0) / pairs;
            if pairs > 0.0 && grown >= least {
                odds.insert((one, other), grown);
                possible += pairs;
            }
        }
        (!odds.is_empty()).then_some(Leftovers { left, odds, possible })
    }

    /// The prior odds of two records; none unless both are left over and may match.
    fn prior_odds(&self, records: &Records, partition: &Partition, a: RecordId, b: RecordId) -> Option<f64> {
        if !(self.left[a.index()] && self.left[b.index()]) {
            return None;
        }
        let (one, other) = (records.source(a), records.source(b));
        let odds = *self.odds.get(&(one.min(other), one.max(other)))?;
        let (entity_a, entity_b) = (partition.entity_of(a), partition.entity_of(b));
        let lacks = |entity, source: SourceId| {
            partition.members(entity).iter().all(|&member| records.source(member) != source)
        };
        (entity_a != entity_b && lacks(entity_a, other) && lacks(entity_b, one)).then_some(odds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{EntityClass, RawRecords, RecordsBuilder, SourceInfo, SourceTable};

    /// Lists of `left` and `right` records of which the first `linked` are one entity each.
    fn leftovers(left: u32, right: u32, linked: u32, duplicate_free: bool) -> (Records, Partition) {
        let table = |name: &str, rows: u32| {
            let mut info = SourceInfo::new(name);
            info.duplicate_free = duplicate_free;
            let keys = (0..rows).map(|row| format!("{row:05}")).collect();
            SourceTable::new(info, keys, (0..u64::from(rows)).collect(), vec![])
        };
        let raw = RawRecords::new(vec![table("a", left), table("b", right)]);
        let classes = vec![EntityClass::Person; raw.len()];
        let roots: Vec<u32> = (0..left + right)
            .map(|at| if at >= left && at < left + linked { at - left } else { at })
            .collect();
        (RecordsBuilder::new(raw, classes).finish(), Partition::from_roots(&roots))
    }

    #[test]
    fn the_odds_of_those_left_follow_from_how_many_found_each_other() {
        let (records, partition) = leftovers(100, 80, 70, true);
        let left = Leftovers::new(&records, &partition, 1e-4).unwrap();
        let odds = |a, b| left.prior_odds(&records, &partition, RecordId(a), RecordId(b));
        assert!((odds(99, 179).unwrap() - 71.0 / (30.0 * 10.0)).abs() < 1e-12);
        // Linked, and of one list.
        for (a, b) in [(0, 179), (99, 100), (0, 100), (98, 99)] {
            assert_eq!(odds(a, b), None, "{a} {b}");
        }
        assert!((left.possible - 300.0).abs() < 1e-9);
    }

    #[test]
    fn nothing_is_left_where_nothing_has_changed() {
        let (records, partition) = leftovers(100, 80, 70, false);
        assert!(Leftovers::new(&records, &partition, 1e-4).is_none());
        let (records, partition) = leftovers(80, 80, 80, true);
        assert!(Leftovers::new(&records, &partition, 1e-4).is_none());
        // Two of ten thousand: the odds are those of any pair.
        let (records, partition) = leftovers(100, 100, 2, true);
        assert!(Leftovers::new(&records, &partition, 2e-4).is_none());
    }

    #[test]
    fn more_relatives_than_expected_are_found_by_their_levels() {
        let pair = |matches, related| Pair { a: RecordId(0), b: RecordId(1), matches, related };
        let mut pairs: Vec<Pair> = (0..50).map(|_| pair(1.0, 1e9)).collect();
        pairs.push(pair(1e6, 1.0));
        let share = share_of_related(&pairs, 1e5, 1e-6);
        assert!((share - 50.5 / 1e5).abs() < 1e-5, "{share}");
        assert!(share_of_related(&pairs, 1e5, 0.0).abs() < f64::EPSILON);
    }
}
