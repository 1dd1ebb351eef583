//! What a plan does to records, told in full.

use serde::Serialize;

use crate::block::blocks::{self, RuleBlocks};
use crate::block::bound::BoundPlan;
use crate::block::{CandidatePairs, Plan, Split};
use crate::id::RecordId;
use crate::record::Records;

/// Blocks that are shown of a rule, and records in no block that are named.
const SHOWN: usize = 3;

/// What a plan costs and loses, rule by rule. Printed, it is a table for the terminal; serialised, an object of a report.
///
/// ```
/// use onefold::block::{PlanOptions, default_plan};
/// use onefold::record::{RawRecords, RecordsBuilder};
/// let records = RecordsBuilder::new(RawRecords::default(), vec![]).finish();
/// let explanation = default_plan(&records, None, &PlanOptions::default()).explain(&records);
/// assert_eq!((explanation.pairs, explanation.rules.len()), (0, 0));
/// println!("{explanation}");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PlanExplanation {
    /// Records that the plan was applied to.
    pub records: u64,
    /// Distinct candidate pairs.
    pub pairs: u64,
    /// Candidate pairs per record.
    pub pairs_per_record: f64,
    /// The limit of pairs per record within which the rules were chosen; none for a plan made by hand.
    pub limit: Option<u64>,
    /// The rules, in the order in which they claim pairs.
    pub rules: Vec<RuleExplanation>,
    /// Records that share no block with any other record: nothing is ever compared with them.
    pub records_in_no_block: u64,
    /// Source and key of the first few of them.
    pub some_in_no_block: Vec<(String, String)>,
}

/// What one rule contributes to a plan.
///
/// ```
/// # use onefold::block::RuleExplanation;
/// fn adds_little(rule: &RuleExplanation) -> bool {
///     rule.beyond * 20 < rule.pairs
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RuleExplanation {
    /// The rule in its text form.
    pub rule: String,
    /// Distinct pairs that the rule proposes.
    pub pairs: u64,
    /// Those of them that no earlier rule proposes.
    pub beyond: u64,
    /// Blocks of at least two records, after splitting.
    pub blocks: u64,
    /// The largest of them, the largest first.
    pub largest: Vec<BlockExplanation>,
    /// Blocks that were too large.
    pub oversized_blocks: u64,
    /// Pairs of records that shared an oversized block and share none of its parts: at least so many, as two records can
    /// meet in several parts.
    pub pairs_lost: u64,
    /// The largest oversized blocks, and what became of them.
    pub oversized: Vec<OversizedBlock>,
}

/// One block: records that share a key.
///
/// ```
/// # use onefold::block::BlockExplanation;
/// fn pairs(block: &BlockExplanation) -> u64 {
///     block.records * (block.records - 1) / 2
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct BlockExplanation {
    /// What its records have in common, key part by key part.
    pub values: Vec<String>,
    /// How many they are.
    pub records: u64,
}

/// A block that was too large, and what became of it.
///
/// ```
/// # use onefold::block::OversizedBlock;
/// fn was_dropped(block: &OversizedBlock) -> bool {
///     block.split_by.is_none()
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct OversizedBlock {
    /// What its records have in common.
    pub values: Vec<String>,
    /// How many they are.
    pub records: u64,
    /// The key part that it was first split by; none if nothing divides it, and it was dropped.
    pub split_by: Option<String>,
    /// Parts of at least two records that came of it in the end.
    pub parts: u64,
    /// Pairs of its records that share none of the parts, at least.
    pub pairs_lost: u64,
}

impl Plan {
    /// Applies the plan to records and tells what each rule proposes, beyond the earlier ones too, which blocks are the
    /// largest, what was lost where blocks were split or dropped, and which records no rule reaches. Costs one
    /// enumeration of the pairs of each rule.
    pub fn explain(&self, records: &Records) -> PlanExplanation {
        let pairs = CandidatePairs::new(self, records);
        let rules = self.rules().len();
        let claimed = pairs.fold(|| vec![0u64; rules], |claimed, rule, _, _| claimed[rule] += 1);
        let claimed = claimed.into_iter().fold(vec![0; rules], |mut all, shard| {
            all.iter_mut().zip(shard).for_each(|(all, count)| *all += count);
            all
        });
        // What the rules are before any block is split.
        let whole = Plan::new(self.rules().to_vec(), Vec::new(), self.mode());
        let whole = whole.bind(records);
        let bound = self.bind_for_few(records);
        let explained =
            claimed.iter().enumerate().map(|(rule, &beyond)| explain(&pairs, (&bound, &whole), rule, beyond));
        let rules = explained.collect();
        let all: u64 = claimed.iter().sum();
        let in_block = pairs.in_block();
        let alone = || records.ids().filter(|record| !in_block[record.index()]);
        let key = |record: RecordId| {
            let (source, key) = records.raw().key(record);
            (source.to_owned(), key.to_owned())
        };
        PlanExplanation {
            records: records.len() as u64,
            pairs: all,
            pairs_per_record: all as f64 / (records.len() as f64).max(1.0),
            limit: self.pairs_per_record(),
            rules,
            records_in_no_block: alone().count() as u64,
            some_in_no_block: alone().take(SHOWN).map(key).collect(),
        }
    }
}

impl std::fmt::Display for PlanExplanation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} candidate pairs, {:.1} per record", self.pairs, self.pairs_per_record)?;
        if let Some(limit) = self.limit {
            write!(f, " of at most {limit}")?;
        }
        write!(f, "; {} of {} records in no block", self.records_in_no_block, self.records)?;
        for (at, (source, key)) in self.some_in_no_block.iter().enumerate() {
            write!(f, "{} {source}/{key}", if at == 0 { ", such as" } else { "," })?;
        }
        writeln!(f, "\n{:>12} {:>12} {:>8}  rule", "pairs", "beyond", "blocks")?;
        for rule in &self.rules {
            writeln!(f, "{:>12} {:>12} {:>8}  {}", rule.pairs, rule.beyond, rule.blocks, rule.rule)?;
            for block in &rule.largest {
                writeln!(f, "{:>36}  {} records: {}", "", block.records, block.values.join(", "))?;
            }
            if rule.oversized_blocks > 0 {
                let (blocks, lost) = (rule.oversized_blocks, rule.pairs_lost);
                writeln!(f, "{:>36}  {blocks} oversized blocks; {lost} of their pairs are not proposed", "")?;
            }
            for block in &rule.oversized {
                let (records, values) = (block.records, block.values.join(", "));
                write!(f, "{:>38}  {records} records: {values}: ", "")?;
                match &block.split_by {
                    Some(part) => write!(f, "split by {part} into {} parts", block.parts)?,
                    None => f.write_str("nothing divides it")?,
                }
                writeln!(f, ", {} pairs lost", block.pairs_lost)?;
            }
        }
        Ok(())
    }
}

/// Explains a rule, with the plan bound, and without any splits.
fn explain(
    pairs: &CandidatePairs<'_>,
    (bound, whole): (&BoundPlan<'_>, &BoundPlan<'_>),
    rule: usize,
    beyond: u64,
) -> RuleExplanation {
    let keys = pairs.rule(rule);
    let proposed = pairs.fold_rule(rule, u64::MAX, || 0u64, |count, _, _| *count += 1);
    let mut oversized = oversized_blocks(bound, whole, rule);
    oversized.sort_by_key(|(size, block)| (std::cmp::Reverse(*size), block.values.clone()));
    RuleExplanation {
        rule: pairs.plan().rules()[rule].to_string(),
        pairs: proposed.into_iter().sum(),
        beyond,
        blocks: keys.len() as u64,
        largest: largest_blocks(bound, rule, keys),
        oversized_blocks: oversized.len() as u64,
        pairs_lost: oversized.iter().map(|(_, block)| block.pairs_lost).sum(),
        oversized: oversized.into_iter().map(|(_, block)| block).take(SHOWN).collect(),
    }
}

fn largest_blocks(bound: &BoundPlan<'_>, rule: usize, keys: &RuleBlocks) -> Vec<BlockExplanation> {
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_by_key(|&block| (std::cmp::Reverse(keys.size(block)), block));
    let explain = |&block: &usize| {
        let (key, members) = keys.block(block);
        let values = bound.shared_values(rule, key, RecordId(members[0]), RecordId(members[1]));
        BlockExplanation { values, records: members.len() as u64 }
    };
    order.iter().take(SHOWN).map(explain).collect()
}

/// The blocks of a rule that were split or dropped, with their sizes.
fn oversized_blocks(
    bound: &BoundPlan<'_>,
    whole: &BoundPlan<'_>,
    rule: usize,
) -> Vec<(usize, OversizedBlock)> {
    let plan = bound.plan();
    if plan.splits(rule).is_empty() {
        return Vec::new();
    }
    let pairs = |records: usize| records as u64 * (records as u64 - 1) / 2;
    let mut oversized = Vec::new();
    for block in blocks::entries(whole, rule).chunk_by(|a, b| a.0 == b.0) {
        let key = block[0].0;
        let Some(&split) = plan.splits(rule).get(&key) else { continue };
        let mut refined: Vec<u64> = Vec::new();
        for &(_, record) in block {
            let mut keys = vec![key];
            bound.refine(plan.splits(rule), RecordId(record), &mut keys);
            keys.sort_unstable();
            keys.dedup();
            refined.append(&mut keys);
        }
        refined.sort_unstable();
        let parts = || refined.chunk_by(|a, b| a == b).map(<[_]>::len).filter(|&part| part > 1);
        let kept: u64 = parts().map(pairs).sum();
        let split_by = match split {
            Split::By(splitter) => Some(plan.splitters()[usize::from(splitter)].to_string()),
            Split::Spread { .. } => Some("the records' keys, as nothing else divides it".to_owned()),
            Split::Dropped => None,
        };
        oversized.push((
            block.len(),
            OversizedBlock {
                values: whole.shared_values(rule, key, RecordId(block[0].1), RecordId(block[1].1)),
                records: block.len() as u64,
                split_by,
                parts: parts().count() as u64,
                pairs_lost: pairs(block.len()).saturating_sub(kept),
            },
        ));
    }
    oversized
}
