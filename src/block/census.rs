//! The census of keys: how large the blocks of a rule are, and by what the oversized ones are split.

use std::cmp::Reverse;

use rayon::prelude::*;

use crate::block::blocks::RuleBlocks;
use crate::block::bound::BoundPlan;
use crate::block::{Plan, Split};
use crate::id::RecordId;
use crate::record::Records;

/// Splits are tried this deep before a block's pairs are given up.
const DEPTH: usize = 4;

/// Freezes a plan whose rules have these blocks: finds for every block with more records than its rule's `largest` the
/// splitter that divides it best, again and again until each block is small enough or nothing divides it. Blocks that
/// nothing divides (rows that are equal in all that could divide them) stay whole or are spread, the smallest first,
/// while their pairs are within `spare`. Also returns the blocks that result.
pub(super) fn freeze(
    plan: &Plan,
    records: &Records,
    rules: Vec<RuleBlocks>,
    largest: &[usize],
    spare: u64,
) -> (Plan, Vec<RuleBlocks>) {
    let oversized = |(blocks, &largest): (&RuleBlocks, &usize)| -> Vec<usize> {
        (0..blocks.len()).filter(|&block| blocks.size(block) > largest).collect()
    };
    let oversized: Vec<Vec<usize>> = rules.iter().zip(largest).map(oversized).collect();
    let members = rules.iter().zip(&oversized).flat_map(|(blocks, of)| of.iter().map(|&at| blocks.size(at)));
    let bound = plan.bind_to_divide(records, members.sum());
    let mut found: Vec<(usize, Outcome)> = Vec::new();
    for (rule, ((blocks, &largest), oversized)) in rules.iter().zip(largest).zip(oversized).enumerate() {
        let favourites = favourites(&bound, blocks, &oversized, largest);
        let outcomes: Vec<Vec<Outcome>> = oversized
            .into_par_iter()
            .map(|block| {
                let (key, members) = blocks.block(block);
                let members: Vec<RecordId> = members.iter().map(|&record| RecordId(record)).collect();
                let mut outcomes = Vec::new();
                split(&bound, key, &members, (largest, &favourites), DEPTH, &mut outcomes);
                outcomes
            })
            .collect();
        found.extend(outcomes.into_iter().flatten().map(|outcome| (rule, outcome)));
    }
    found.sort_by_key(|(rule, outcome)| (outcome.records, *rule, outcome.key));
    let (mut frozen, mut left) = (plan.clone(), spare);
    for (rule, outcome) in found {
        let pairs = outcome.records as u64 * (outcome.records as u64 - 1) / 2;
        let spread = Split::Spread { parts: (outcome.records / PART + 1) as u32, anchor: outcome.anchor };
        let spread_pairs = outcome.records as u64 * (PART / 2 + ANCHORS) as u64;
        let whole = if outcome.records <= SMALL { left } else { left / SHARE_OF_ONE };
        match outcome.split {
            Split::Dropped if pairs <= whole => left -= pairs,
            Split::Dropped if spread_pairs <= left => {
                left -= spread_pairs;
                frozen.set_split(rule, outcome.key, spread);
            }
            split => frozen.set_split(rule, outcome.key, split),
        }
    }
    let split = |(rule, blocks): (usize, RuleBlocks)| blocks.split(&bound, frozen.splits(rule));
    let rules = rules.into_par_iter().enumerate().map(split).collect();
    (frozen, rules)
}

/// Blocks of so few records stay whole while any of the spare pairs are left, others while they take no more than
/// this part of them.
const SMALL: usize = 64;
const SHARE_OF_ONE: u64 = 8;
/// Records of one part of a block that is spread, and records that are in all of its parts.
const PART: usize = 16;
const ANCHORS: usize = 4;

/// What becomes of one oversized block.
struct Outcome {
    /// The largest hash of the records that would be in all parts; 0 where a splitter divides the block.
    anchor: u64,
    key: u64,
    split: Split,
    records: usize,
}

/// Finds how one oversized block is split, recursively.
fn split(
    plan: &BoundPlan<'_>,
    key: u64,
    members: &[RecordId],
    (largest, favourites): (usize, &[u8]),
    depth: usize,
    outcomes: &mut Vec<Outcome>,
) {
    let outcome = |split, anchor| Outcome { anchor, key, split, records: members.len() };
    let best = || {
        plan.records().fetch(members.iter().copied());
        let favourite = best_splitter(plan, key, members, largest, favourites.iter().copied());
        favourite
            .or_else(|| best_splitter(plan, key, members, largest, 0..plan.plan().splitters().len() as u8))
    };
    let best = if depth > 0 { best() } else { None };
    let Some((splitter, parts)) = best else {
        let mut hashes: Vec<u64> = members.iter().map(|&record| plan.hash_of(record)).collect();
        hashes.sort_unstable();
        let anchor = hashes.get(ANCHORS - 1).or(hashes.last()).copied().unwrap_or_default();
        outcomes.push(outcome(Split::Dropped, anchor));
        return;
    };
    outcomes.push(outcome(Split::By(splitter), 0));
    for part in parts.chunk_by(|a, b| a.0 == b.0).filter(|part| part.len() > largest) {
        let members: Vec<RecordId> = part.iter().map(|&(_, record)| record).collect();
        split(plan, part[0].0, &members, (largest, favourites), depth - 1, outcomes);
    }
}

/// Members by which splitters are judged.
const JUDGED: usize = 32;

/// The splitters that divide the blocks of a rule best, from some of the blocks: of few blocks all splitters are tried.
fn favourites(plan: &BoundPlan<'_>, blocks: &RuleBlocks, oversized: &[usize], largest: usize) -> Vec<u8> {
    const TRIED: usize = 500;
    const KEPT: usize = 6;
    let all = 0..plan.plan().splitters().len() as u8;
    if oversized.len() <= TRIED {
        return all.collect();
    }
    let best = |&block: &usize| {
        let (key, members) = blocks.block(block);
        let members: Vec<RecordId> = members.iter().map(|&record| RecordId(record)).collect();
        best_splitter(plan, key, &members, largest, all.clone()).map(|best| best.0)
    };
    let tried: Vec<&usize> = oversized.iter().step_by(oversized.len().div_ceil(TRIED)).collect();
    let won: Vec<u8> = tried.into_par_iter().filter_map(best).collect();
    let mut wins: Vec<(Reverse<usize>, u8)> = all.map(|splitter| (Reverse(0), splitter)).collect();
    for winner in won {
        wins[usize::from(winner)].0.0 += 1;
    }
    wins.sort_unstable();
    wins.into_iter().map(|(_, splitter)| splitter).take(KEPT).collect()
}

/// The splitter that divides a block best, and the parts; none if nothing divides it.
fn best_splitter(
    plan: &BoundPlan<'_>,
    key: u64,
    members: &[RecordId],
    largest: usize,
    splitters: impl Iterator<Item = u8>,
) -> Option<(u8, Vec<(u64, RecordId)>)> {
    let step = members.len().div_ceil(JUDGED);
    let judged: Vec<RecordId> = members.iter().copied().step_by(step).collect();
    let largest = (largest / step).max(1);
    let divides = |parts: &[(u64, RecordId)], of: usize| !parts.is_empty() && largest_part(parts) < of;
    let mut all: Vec<_> = splitters
        .filter_map(|splitter| {
            let parts = divide(plan, key, &judged, splitter);
            divides(&parts, judged.len()).then(|| (cost(&parts, judged.len(), largest), splitter))
        })
        .collect();
    all.sort_unstable();
    all.into_iter().map(|(_, splitter)| (splitter, divide(plan, key, members, splitter))).next()
}

/// The members of a block by their refined key, ascending.
fn divide(plan: &BoundPlan<'_>, key: u64, members: &[RecordId], splitter: u8) -> Vec<(u64, RecordId)> {
    let (mut parts, mut refined) = (Vec::with_capacity(members.len()), Vec::new());
    for &record in members {
        refined.clear();
        plan.refinements(key, splitter, record, &mut refined);
        parts.extend(refined.iter().map(|&refined| (refined, record)));
    }
    parts.sort_unstable();
    parts.dedup();
    parts
}

fn largest_part(parts: &[(u64, RecordId)]) -> usize {
    parts.chunk_by(|a, b| a.0 == b.0).map(<[_]>::len).max().unwrap_or(0)
}

/// What a split costs: records that fall out because they lack the splitter's field, plus records in parts that
/// are still oversized. The splitter that keeps the most pairs of records together within the limit wins.
fn cost(parts: &[(u64, RecordId)], members: usize, largest: usize) -> (usize, Reverse<usize>) {
    let sizes = || parts.chunk_by(|a, b| a.0 == b.0).map(<[_]>::len);
    let mut kept: Vec<RecordId> = parts.iter().map(|&(_, record)| record).collect();
    kept.sort_unstable();
    kept.dedup();
    let oversized: usize = sizes().filter(|&size| size > largest).sum();
    let pairs: usize = sizes().filter(|&size| size <= largest).map(|size| size * (size - 1) / 2).sum();
    (members - kept.len() + oversized, Reverse(pairs))
}
