//! Candidate pairs: streamed block by block, each pair exactly once, never materialised.

use rayon::prelude::*;

use crate::block::blocks::RuleBlocks;
use crate::block::{BlockReport, Plan, PlannedBlocks, RuleReport, Split};
use crate::id::RecordId;
use crate::record::Records;
use crate::schema::LinkMode;
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
    plan: &'a Plan,
    records: &'a Records,
    rules: Vec<RuleBlocks>,
    filters: Filters,
    entities: bool,
}

/// What tells of most records by one look at memory whether they share a block: per record, all rules side by side, the
/// number of its block, or of several blocks a set of their lowest bits.
#[derive(Debug)]
struct Filters {
    rules: usize,
    of: Vec<u32>,
}

/// Marks a set of several blocks.
const SEVERAL: u32 = 1 << 31;
/// The bits of a set.
const BITS: u32 = 16;

impl Filters {
    fn new(rules: &[RuleBlocks], records: usize) -> Self {
        let mut of = vec![0u32; records * rules.len()];
        let bit = |block: u32| 1 << (block % BITS);
        of.par_chunks_mut(rules.len().max(1)).enumerate().for_each(|(record, filters)| {
            for (filter, rule) in filters.iter_mut().zip(rules) {
                *filter = match rule.of(RecordId(record as u32)) {
                    [] => 0,
                    &[block] => block + 1,
                    blocks => blocks.iter().fold(SEVERAL, |set, &block| set | bit(block)),
                };
            }
        });
        Filters { rules: rules.len(), of }
    }

    #[inline]
    fn of(&self, record: RecordId) -> &[u32] {
        &self.of[record.index() * self.rules..(record.index() + 1) * self.rules]
    }
}

/// Whether two records share a block, as far as their filters tell.
#[inline]
fn shares(a: u32, b: u32) -> Option<bool> {
    let set =
        |filter: u32| if filter & SEVERAL == 0 { 1 << ((filter - 1) % BITS) } else { filter & !SEVERAL };
    if a == 0 || b == 0 {
        Some(false)
    } else if (a | b) & SEVERAL == 0 {
        Some(a == b)
    } else if set(a) & set(b) == 0 {
        Some(false)
    } else {
        None
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
        let bound = plan.bind(records);
        let rules = (0..plan.rules().len()).map(|rule| RuleBlocks::new(&bound, rule)).collect();
        Self::of_blocks(plan, records, rules)
    }

    /// The pairs of a plan's own blocks among the records that it was made for.
    pub(crate) fn planned(plan: &'a Plan, records: &'a Records, blocks: PlannedBlocks) -> Self {
        Self::of_blocks(plan, records, blocks.0)
    }

    fn of_blocks(plan: &'a Plan, records: &'a Records, rules: Vec<RuleBlocks>) -> Self {
        let filters = Filters::new(&rules, records.len());
        let entities = records.ids().any(|record| records.class(record) != records.class(RecordId(0)));
        CandidatePairs { plan, records, rules, filters, entities }
    }

    /// Folds over all candidate pairs in parallel, one accumulator per shard, results in a fixed order.
    ///
    /// `fold` is called with (accumulator, rule, smaller record, larger record).
    pub fn fold<T: Send>(
        &self,
        init: impl Fn() -> T + Sync,
        fold: impl Fn(&mut T, usize, RecordId, RecordId) + Sync,
    ) -> Vec<T> {
        self.fold_touching(|_| 0, init, fold)
    }

    /// As [`fold`](Self::fold); `touch` is called for the records of many pairs before these are visited, and reads a little of
    /// what `fold` will read of each.
    pub(crate) fn fold_touching<T: Send>(
        &self,
        touch: impl Fn(RecordId) -> u32 + Sync,
        init: impl Fn() -> T + Sync,
        fold: impl Fn(&mut T, usize, RecordId, RecordId) + Sync,
    ) -> Vec<T> {
        self.shards()
            .into_par_iter()
            .map(|shard| {
                let mut state = init();
                self.shard_pairs(shard, u64::MAX, &touch, |rule, a, b| fold(&mut state, rule, a, b));
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
        self.rules.iter().map(RuleBlocks::raw_pairs).sum()
    }

    /// True when the plan proposes this pair.
    pub fn proposes(&self, a: RecordId, b: RecordId) -> bool {
        self.allows(a, b) && self.shared_before(self.rules.len(), a, b)
    }

    /// The blocking rules, by position in the plan, under which two records share a key; the first of them claims the pair
    /// where mode and entity classes allow it.
    pub fn rules_of(&self, a: RecordId, b: RecordId) -> impl Iterator<Item = usize> + '_ {
        let shares = move |rule: &usize| self.rules[*rule].first_common(a, b).is_some();
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
                for_block_pairs(
                    keys,
                    shard,
                    |record| self.touch(record),
                    |block, a, b| {
                        if draw(a, b) <= keep && self.allows(a, b) && self.is_first_common(rule, block, a, b)
                        {
                            fold(&mut state, a, b);
                        }
                    },
                );
                state
            })
            .collect()
    }

    /// At most about `limit` pairs, drawn by a fixed hash.
    pub(crate) fn draw(&self, limit: u64) -> DrawnPairs<'_> {
        let scale = (self.upper_bound() as f64 / limit.max(1) as f64).max(1.0);
        let keep = if scale > 1.0 { (u64::MAX as f64 / scale) as u64 } else { u64::MAX };
        let of_shard = |shard| {
            let mut drawn = Vec::new();
            self.shard_pairs(shard, keep, |_| 0, |_, a, b| drawn.push((a, b)));
            drawn
        };
        let drawn: Vec<Vec<(RecordId, RecordId)>> = self.shards().into_par_iter().map(of_shard).collect();
        DrawnPairs { all: self, pairs: drawn.concat(), scale }
    }

    fn shards(&self) -> Vec<Shard> {
        let mut shards = Vec::new();
        for (rule, keys) in self.rules.iter().enumerate() {
            let (mut first, mut pairs) = (0, 0);
            for block in 0..keys.len() {
                pairs += keys.block_pairs(block);
                if pairs >= SHARD_PAIRS || block + 1 == keys.len() {
                    shards.push(Shard { rule, first, last: block + 1 });
                    (first, pairs) = (block + 1, 0);
                }
            }
        }
        shards
    }

    /// The pairs that a shard claims, and whose draw is at most `keep`.
    fn shard_pairs(
        &self,
        shard: Shard,
        keep: u64,
        touch: impl Fn(RecordId) -> u32,
        mut emit: impl FnMut(usize, RecordId, RecordId),
    ) {
        let own = &self.rules[shard.rule];
        for_block_pairs(
            own,
            shard,
            |record| self.touch(record) ^ touch(record),
            |block, a, b| {
                if (keep == u64::MAX || draw(a, b) <= keep)
                    && self.allows(a, b)
                    && self.is_first_common(shard.rule, block, a, b)
                    && !self.shared_before(shard.rule, a, b)
                {
                    emit(shard.rule, a, b);
                }
            },
        );
    }

    /// Reads a little of all that the comparison of a record reads.
    fn touch(&self, record: RecordId) -> u32 {
        let filter = self.filters.of(record).first().copied().unwrap_or_default();
        self.records.touch(record) ^ filter
    }

    /// True when two records share a key under one of the first rules.
    fn shared_before(&self, rules: usize, a: RecordId, b: RecordId) -> bool {
        let filters = self.filters.of(a).iter().zip(self.filters.of(b)).zip(&self.rules[..rules]);
        filters.into_iter().any(|((&one, &other), rule)| {
            shares(one, other).unwrap_or_else(|| rule.first_common(a, b).is_some())
        })
    }

    /// Whether a block is the first one of its rule that two of its members have in common.
    fn is_first_common(&self, rule: usize, block: u32, a: RecordId, b: RecordId) -> bool {
        let is_single = |record| self.filters.of(record)[rule] & SEVERAL == 0;
        is_single(a) || is_single(b) || self.rules[rule].is_first_common(block, a, b)
    }

    /// True when mode and entity classes allow the pair, proposed or not.
    pub fn allows(&self, a: RecordId, b: RecordId) -> bool {
        let records = self.records;
        (self.plan.mode() == LinkMode::LinkAndDedupe
            || self.plan.allows(records.source(a) == records.source(b)))
            && (!self.entities || records.class(a).may_match(records.class(b)))
    }

    /// The blocks of a rule.
    pub(super) fn rule(&self, rule: usize) -> &RuleBlocks {
        &self.rules[rule]
    }

    /// Per record whether it shares a block with another one.
    pub(super) fn in_block(&self) -> Vec<bool> {
        let mut in_block = vec![false; self.records().len()];
        for rule in &self.rules {
            rule.members().iter().for_each(|&member| in_block[member as usize] = true);
        }
        in_block
    }

    /// The plan that proposes the pairs.
    pub fn plan(&self) -> &'a Plan {
        self.plan
    }

    /// The records that the pairs are of.
    pub fn records(&self) -> &'a Records {
        self.records
    }

    /// What the plan costs and what it may lose; `claimed` has the number of pairs of each rule.
    pub fn report(&self, claimed: &[u64]) -> BlockReport {
        let rules = self.plan.rules().iter().zip(&self.rules).zip(claimed).enumerate();
        BlockReport {
            pairs: claimed.iter().sum(),
            records_in_no_block: self.in_block().iter().filter(|&&is_in| !is_in).count() as u64,
            rules: rules
                .map(|(at, ((rule, keys), &pairs))| RuleReport {
                    rule: rule.to_string(),
                    pairs,
                    largest: keys.largest(),
                    split: self.plan.splits(at).values().filter(|s| matches!(s, Split::By(_))).count(),
                    dropped: self.plan.splits(at).values().filter(|s| matches!(s, Split::Dropped)).count(),
                })
                .collect(),
        }
    }
}

/// An even sample of candidate pairs, which several passes look at.
pub(crate) struct DrawnPairs<'a> {
    all: &'a CandidatePairs<'a>,
    pairs: Vec<(RecordId, RecordId)>,
    scale: f64,
}

impl<'a> DrawnPairs<'a> {
    /// All candidate pairs.
    pub(crate) fn candidates(&self) -> &'a CandidatePairs<'a> {
        self.all
    }

    /// For how many candidate pairs each one stands.
    pub(crate) fn scale(&self) -> f64 {
        self.scale
    }

    /// The same, but at most so many of them.
    pub(crate) fn at_most(&self, limit: u64) -> Self {
        let step = self.pairs.len().div_ceil(limit.max(1) as usize).max(1);
        let pairs: Vec<_> = self.pairs.iter().copied().step_by(step).collect();
        let scale = self.scale * self.pairs.len() as f64 / (pairs.len() as f64).max(1.0);
        DrawnPairs { all: self.all, pairs, scale }
    }

    /// Folds over all of them in parallel, with one accumulator per piece of work, results in a fixed order.
    pub(crate) fn fold<T: Send>(
        &self,
        init: impl Fn() -> T + Sync,
        fold: impl Fn(&mut T, RecordId, RecordId) + Sync,
    ) -> Vec<T> {
        const CHUNK: usize = 16_384;
        let of_chunk = |pairs: &[(RecordId, RecordId)]| {
            let mut state = init();
            for together in pairs.chunks(TOGETHER / 2) {
                let touched =
                    together.iter().fold(0, |all, &(a, b)| all ^ self.all.touch(a) ^ self.all.touch(b));
                std::hint::black_box(touched);
                for &(a, b) in together {
                    fold(&mut state, a, b);
                }
            }
            state
        };
        self.pairs.par_chunks(CHUNK).map(of_chunk).collect()
    }
}

/// A fixed hash of a pair.
fn draw(a: RecordId, b: RecordId) -> u64 {
    text::combine(u64::from(a.0) << 32 | u64::from(b.0), 0x07a1_5eed)
}

/// Members whose memory is looked at together, before their pairs are.
const TOGETHER: usize = 64;

/// Visits the pairs of some blocks, after `touch` has been called for each of their records. Records of a block lie far apart:
/// what is read of many of them at once arrives at once, where pair by pair each would be waited for.
fn for_block_pairs(
    rule: &RuleBlocks,
    shard: Shard,
    touch: impl Fn(RecordId) -> u32,
    mut visit: impl FnMut(u32, RecordId, RecordId),
) {
    let mut first = shard.first;
    while first < shard.last {
        let (mut last, mut members, mut touched) = (first, 0, 0);
        while last < shard.last && members < TOGETHER {
            for &record in rule.block(last).1 {
                touched ^= touch(RecordId(record));
            }
            members += rule.size(last);
            last += 1;
        }
        std::hint::black_box(touched);
        for block in first..last {
            let (_, members) = rule.block(block);
            for (at, &a) in members.iter().enumerate() {
                for &b in &members[at + 1..] {
                    visit(block as u32, RecordId(a), RecordId(b));
                }
            }
        }
        first = last;
    }
}
