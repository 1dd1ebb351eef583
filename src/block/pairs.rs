//! Candidate pairs: streamed block by block, each pair exactly once, never materialised.

use rayon::prelude::*;

use crate::block::plan::BoundPlan;
use crate::block::{BlockReport, LargestBlock, Plan, RuleReport, Split, census};
use crate::id::RecordId;
use crate::record::Records;
use crate::text;

/// The candidate pairs of records under a plan.
///
/// ```
/// use onefold::block::{BlockingRule, CandidatePairs, KeyFunction, KeyPart, Plan};
/// use onefold::record::{ColumnBuilder, EntityClass, RawRecords, RecordsBuilder, SourceInfo, SourceTable};
/// use onefold::schema::{Field, LinkMode};
/// use onefold::{FieldKind, RecordId};
///
/// let keys = vec!["1".to_owned(), "2".to_owned(), "3".to_owned()];
/// let table = SourceTable::new(SourceInfo::new("crm"), keys, vec![2, 3, 4], vec![]);
/// let city = Field::new(FieldKind::City, "");
/// let mut column = ColumnBuilder::new(city.clone());
/// column.push(RecordId(0), "ulm");
/// column.push(RecordId(2), "ulm");
/// let records = RecordsBuilder::new(RawRecords::new(vec![table]), vec![EntityClass::Person; 3])
///     .column(column)
///     .finish();
/// let rule = BlockingRule::new(vec![KeyPart::new(city, KeyFunction::Exact)]);
/// let plan = Plan::new(vec![rule], vec![], LinkMode::Dedupe);
/// let pairs = CandidatePairs::new(&plan, &records);
/// assert_eq!(pairs.collect(), [(RecordId(0), RecordId(2))]);
/// ```
#[derive(Debug)]
pub struct CandidatePairs<'a> {
    plan: BoundPlan<'a>,
    rules: Vec<RuleKeys>,
    filters: Filters,
    entities: bool,
}

/// The effective keys of one rule: per record, and the blocks.
#[derive(Debug)]
pub(super) struct RuleKeys {
    /// Keys of record r: `keys[starts[r]..starts[r + 1]]`, ascending.
    starts: Vec<u32>,
    keys: Vec<u64>,
    /// Records of all blocks with at least two, block after block.
    members: Vec<u32>,
    /// Per block: its key and where its members end.
    blocks: Vec<(u64, u32)>,
}

/// Per record and rule a set of its keys' lowest four bits, all rules of a record side by side: most records that
/// share no key are told apart by one look at memory.
#[derive(Debug)]
struct Filters {
    rules: usize,
    masks: Vec<u16>,
}

impl Filters {
    fn new(rules: &[RuleKeys], records: usize) -> Self {
        let mut masks = vec![0u16; records * rules.len()];
        for (at, rule) in rules.iter().enumerate() {
            for record in 0..records {
                let keys = rule.of(RecordId(record as u32));
                masks[record * rules.len() + at] = keys.iter().fold(0, |mask, key| mask | 1 << (key & 15));
            }
        }
        Filters { rules: rules.len(), masks }
    }

    fn of(&self, record: RecordId) -> &[u16] {
        &self.masks[record.index() * self.rules..(record.index() + 1) * self.rules]
    }
}

/// One stretch of work: some blocks of one rule.
#[derive(Clone, Copy, Debug)]
struct Shard {
    rule: usize,
    first: usize,
    last: usize,
}

/// Raw pairs in one shard: large enough that handing it out costs nothing, small enough to share evenly.
const SHARD_PAIRS: u64 = 65_536;

impl<'a> CandidatePairs<'a> {
    /// Computes the effective keys of all records and lays out the blocks.
    pub fn new(plan: &'a Plan, records: &'a Records) -> Self {
        let plan = plan.bind(records);
        let rules: Vec<RuleKeys> =
            (0..plan.plan().rules().len()).map(|rule| RuleKeys::new(&plan, rule)).collect();
        let filters = Filters::new(&rules, records.len());
        let entities = records.ids().any(|record| records.class(record) != records.class(RecordId(0)));
        CandidatePairs { plan, rules, filters, entities }
    }

    /// Folds over all candidate pairs in parallel, one accumulator per shard, results in a fixed order.
    ///
    /// `fold` is called with (accumulator, rule, smaller record, larger record).
    pub fn fold<T: Send>(
        &self,
        init: impl Fn() -> T + Sync,
        fold: impl Fn(&mut T, usize, RecordId, RecordId) + Sync,
    ) -> Vec<T> {
        self.shards()
            .into_par_iter()
            .map(|shard| {
                let mut state = init();
                self.shard_pairs(shard, u64::MAX, |rule, a, b| fold(&mut state, rule, a, b));
                state
            })
            .collect()
    }

    /// All candidate pairs; for small inputs and tests.
    pub fn collect(&self) -> Vec<(RecordId, RecordId)> {
        let mut pairs: Vec<_> = self.fold(Vec::new, |pairs, _, a, b| pairs.push((a, b))).concat();
        pairs.sort_unstable();
        pairs
    }

    /// How many distinct pairs are proposed.
    pub fn count(&self) -> u64 {
        self.fold(|| 0u64, |count, _, _, _| *count += 1).into_iter().sum()
    }

    /// At most how many pairs are proposed: the pairs of all blocks, before repeats over rules and the mode are
    /// taken off. Known without looking at any pair.
    pub fn upper_bound(&self) -> u64 {
        self.rules.iter().map(RuleKeys::raw_pairs).sum()
    }

    /// True when the plan proposes this pair.
    pub fn proposes(&self, a: RecordId, b: RecordId) -> bool {
        self.allows(a, b) && self.shared_before(self.rules.len(), a, b)
    }

    /// The blocking rules, by position in the plan, under which two records share a key; the first of them claims the pair
    /// where mode and entity classes allow it.
    pub fn rules_of(&self, a: RecordId, b: RecordId) -> impl Iterator<Item = usize> + '_ {
        let shares = move |rule: &usize| self.rules[*rule].smallest_common(a, b).is_some();
        (0..self.rules.len()).filter(shares)
    }

    /// Folds over the pairs of one rule alone, whether or not an earlier rule has them too; training looks at
    /// each rule's candidates as a sample of their own. At most about `limit` pairs are visited, spread evenly:
    /// large rules are thinned by a fixed hash of the pair.
    pub(crate) fn fold_rule<T: Send>(
        &self,
        rule: usize,
        limit: u64,
        init: impl Fn() -> T + Sync,
        fold: impl Fn(&mut T, RecordId, RecordId) + Sync,
    ) -> Vec<T> {
        let total: u64 = self.rules[rule].raw_pairs();
        let keep =
            if total <= limit { u64::MAX } else { (limit as f64 / total as f64 * u64::MAX as f64) as u64 };
        let shards: Vec<Shard> = self.shards().into_iter().filter(|shard| shard.rule == rule).collect();
        shards
            .into_par_iter()
            .map(|shard| {
                let mut state = init();
                let keys = &self.rules[rule];
                keys.for_block_pairs(shard, |key, a, b| {
                    if draw(a, b) <= keep && self.allows(a, b) && keys.smallest_common(a, b) == Some(key) {
                        fold(&mut state, a, b);
                    }
                });
                state
            })
            .collect()
    }

    /// As [`fold`](Self::fold) over at most about `limit` pairs, drawn by a fixed hash; also returns for how many
    /// pairs each one stands.
    pub(crate) fn fold_thinned<T: Send>(
        &self,
        limit: u64,
        init: impl Fn() -> T + Sync,
        fold: impl Fn(&mut T, RecordId, RecordId) + Sync,
    ) -> (f64, Vec<T>) {
        let scale = (self.upper_bound() as f64 / limit.max(1) as f64).max(1.0);
        let keep = if scale > 1.0 { (u64::MAX as f64 / scale) as u64 } else { u64::MAX };
        let of_shard = |shard| {
            let mut state = init();
            self.shard_pairs(shard, keep, |_, a, b| fold(&mut state, a, b));
            state
        };
        (scale, self.shards().into_par_iter().map(of_shard).collect())
    }

    fn shards(&self) -> Vec<Shard> {
        let mut shards = Vec::new();
        for (rule, keys) in self.rules.iter().enumerate() {
            let (mut first, mut pairs) = (0, 0);
            for block in 0..keys.blocks.len() {
                pairs += keys.block_pairs(block);
                if pairs >= SHARD_PAIRS || block + 1 == keys.blocks.len() {
                    shards.push(Shard { rule, first, last: block + 1 });
                    (first, pairs) = (block + 1, 0);
                }
            }
        }
        shards
    }

    /// The pairs that a shard claims, and whose draw is at most `keep`.
    fn shard_pairs(&self, shard: Shard, keep: u64, mut emit: impl FnMut(usize, RecordId, RecordId)) {
        let own = &self.rules[shard.rule];
        own.for_block_pairs(shard, |key, a, b| {
            if (keep == u64::MAX || draw(a, b) <= keep)
                && self.allows(a, b)
                && own.smallest_common(a, b) == Some(key)
                && !self.shared_before(shard.rule, a, b)
            {
                emit(shard.rule, a, b);
            }
        });
    }

    /// True when two records share a key under one of the first rules.
    fn shared_before(&self, rules: usize, a: RecordId, b: RecordId) -> bool {
        let filters = self.filters.of(a).iter().zip(self.filters.of(b));
        let mut possible = filters.zip(&self.rules[..rules]).filter(|((a, b), _)| *a & *b != 0);
        possible.any(|(_, rule)| rule.smallest_common(a, b).is_some())
    }

    /// True when mode and entity classes allow the pair, proposed or not.
    pub fn allows(&self, a: RecordId, b: RecordId) -> bool {
        let records = self.plan.records();
        self.plan.plan().allows(records.source(a) == records.source(b))
            && (!self.entities || records.class(a).may_match(records.class(b)))
    }

    /// The plan with the keys of all distinct values.
    pub(super) fn bound(&self) -> &BoundPlan<'a> {
        &self.plan
    }

    /// The keys of a rule, and its blocks.
    pub(super) fn rule(&self, rule: usize) -> &RuleKeys {
        &self.rules[rule]
    }

    /// Per record whether it shares a block with another one.
    pub(super) fn in_block(&self) -> Vec<bool> {
        let mut in_block = vec![false; self.records().len()];
        for rule in &self.rules {
            rule.members.iter().for_each(|&member| in_block[member as usize] = true);
        }
        in_block
    }

    /// The plan that proposes the pairs.
    pub fn plan(&self) -> &'a Plan {
        self.plan.plan()
    }

    /// The records that the pairs are of.
    pub fn records(&self) -> &'a Records {
        self.plan.records()
    }

    /// What the plan costs and what it may lose; `claimed` has the number of pairs of each rule.
    pub fn report(&self, claimed: &[u64]) -> BlockReport {
        let rules = self.plan.plan().rules().iter().zip(&self.rules).zip(claimed).enumerate();
        BlockReport {
            pairs: claimed.iter().sum(),
            records_in_no_block: self.in_block().iter().filter(|&&is_in| !is_in).count() as u64,
            rules: rules
                .map(|(at, ((rule, keys), &pairs))| RuleReport {
                    rule: rule.to_string(),
                    pairs,
                    largest: keys.largest(),
                    split: self.plan.plan().splits(at).values().filter(|s| matches!(s, Split::By(_))).count(),
                    dropped: self
                        .plan
                        .plan()
                        .splits(at)
                        .values()
                        .filter(|s| matches!(s, Split::Dropped))
                        .count(),
                })
                .collect(),
        }
    }
}

/// A fixed hash of a pair.
fn draw(a: RecordId, b: RecordId) -> u64 {
    text::combine(u64::from(a.0) << 32 | u64::from(b.0), 0x07a1_5eed)
}

impl RuleKeys {
    fn new(plan: &BoundPlan<'_>, rule: usize) -> Self {
        let entries = census::entries(plan, rule);
        let records = plan.records().len();
        let mut starts = vec![0u32; records + 1];
        for &(_, record) in &entries {
            starts[record as usize + 1] += 1;
        }
        for record in 0..records {
            starts[record + 1] += starts[record];
        }
        let mut next = starts.clone();
        let mut keys = vec![0u64; entries.len()];
        // The entries ascend by key, so each record's keys end up ascending.
        for &(key, record) in &entries {
            keys[next[record as usize] as usize] = key;
            next[record as usize] += 1;
        }
        let (mut members, mut blocks) = (Vec::new(), Vec::new());
        for block in entries.chunk_by(|a, b| a.0 == b.0).filter(|block| block.len() > 1) {
            members.extend(block.iter().map(|&(_, record)| record));
            blocks.push((block[0].0, members.len() as u32));
        }
        RuleKeys { starts, keys, members, blocks }
    }

    fn of(&self, record: RecordId) -> &[u64] {
        &self.keys[self.starts[record.index()] as usize..self.starts[record.index() + 1] as usize]
    }

    /// The smallest key that both records have.
    fn smallest_common(&self, a: RecordId, b: RecordId) -> Option<u64> {
        let (mut left, mut right) = (self.of(a), self.of(b));
        while let (Some((&l, rest_l)), Some((&r, rest_r))) = (left.split_first(), right.split_first()) {
            match l.cmp(&r) {
                std::cmp::Ordering::Equal => return Some(l),
                std::cmp::Ordering::Less => left = rest_l,
                std::cmp::Ordering::Greater => right = rest_r,
            }
        }
        None
    }

    /// How many blocks hold at least two records.
    pub(super) fn blocks(&self) -> usize {
        self.blocks.len()
    }

    /// The key and the records of a block.
    pub(super) fn block(&self, block: usize) -> (u64, &[u32]) {
        let start = if block == 0 { 0 } else { self.blocks[block - 1].1 as usize };
        let (key, end) = self.blocks[block];
        (key, &self.members[start..end as usize])
    }

    fn block_pairs(&self, block: usize) -> u64 {
        let size = self.block(block).1.len() as u64;
        size * (size - 1) / 2
    }

    fn raw_pairs(&self) -> u64 {
        (0..self.blocks.len()).map(|block| self.block_pairs(block)).sum()
    }

    fn largest(&self) -> Option<LargestBlock> {
        let size = |&block: &usize| self.block(block).1.len();
        let block = (0..self.blocks.len()).max_by_key(|block| (size(block), std::cmp::Reverse(*block)))?;
        Some(LargestBlock { records: size(&block), example: RecordId(self.block(block).1[0]) })
    }

    fn for_block_pairs(&self, shard: Shard, mut visit: impl FnMut(u64, RecordId, RecordId)) {
        for block in shard.first..shard.last {
            let (key, members) = self.block(block);
            for (at, &a) in members.iter().enumerate() {
                for &b in &members[at + 1..] {
                    visit(key, RecordId(a), RecordId(b));
                }
            }
        }
    }
}
