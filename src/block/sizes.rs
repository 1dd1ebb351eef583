//! What the blocks of a rule cost, at each size above which they may be split.

use std::collections::BTreeMap;

use crate::block::blocks::RuleBlocks;
use crate::id::RecordId;

/// How many blocks of a rule have each size.
pub(super) struct BlockSizes {
    blocks: BTreeMap<usize, u64>,
    /// The share of the pairs that may be proposed at all.
    allowed: f64,
}

impl BlockSizes {
    /// The sizes of a rule's blocks, where only some pairs may be proposed.
    pub(super) fn of(rule: &RuleBlocks, allows: impl Fn(RecordId, RecordId) -> bool) -> Self {
        let mut blocks = BTreeMap::new();
        (0..rule.len()).for_each(|block| *blocks.entry(rule.size(block)).or_default() += 1);
        BlockSizes { blocks, allowed: share_of_pairs(rule, |_, a, b| Some(allows(a, b))) }
    }

    /// The expected pairs if blocks above `largest` are split: a block of n records that is split into parts of L is taken to
    /// keep L / n of its pairs.
    pub(super) fn pairs(&self, largest: usize) -> f64 {
        let pairs = |(size, blocks): (f64, f64)| size * (size - 1.0) / 2.0 * blocks * share(size, largest);
        self.all().map(pairs).sum::<f64>() * self.allowed
    }

    /// The pairs of the blocks that are not split.
    fn pairs_up_to(&self, largest: usize) -> f64 {
        let small = self.all().filter(|&(size, _)| size <= largest as f64);
        small.map(|(size, blocks)| size * (size - 1.0) / 2.0 * blocks).sum::<f64>() * self.allowed
    }

    /// The expected share of true pairs that stay together: records that belong together are more often alike in what
    /// blocks are split by, too.
    pub(super) fn kept(&self, largest: usize) -> f64 {
        let members: f64 = self.all().map(|(size, blocks)| size * blocks).sum();
        let kept: f64 = self.all().map(|(size, blocks)| size * blocks * share(size, largest).sqrt()).sum();
        if members > 0.0 { kept / members } else { 1.0 }
    }

    fn all(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.blocks.iter().map(|(&size, &blocks)| (size as f64, blocks as f64))
    }
}

fn share(size: f64, largest: usize) -> f64 {
    (largest as f64 / size).min(1.0)
}

/// Of the pairs of a rule whose blocks above `largest` are split, the share that are no repeats and that no other rule has,
/// whose larger blocks are split too. Nobody knows yet which pairs of a split block remain: those count as new.
pub(super) fn distinct_share(
    rule: &RuleBlocks,
    sizes: &BlockSizes,
    largest: usize,
    others: &[(&RuleBlocks, usize)],
) -> f64 {
    let whole = |blocks: &RuleBlocks, block: u32, largest: usize| blocks.size(block as usize) <= largest;
    let is_of = |blocks: &RuleBlocks, largest: usize, a, b| {
        blocks.first_common(a, b).is_some_and(|block| whole(blocks, block, largest))
    };
    let is_own = |block, a, b| rule.is_first_common(block, a, b);
    let of_small = share_of_pairs(rule, |block, a, b| {
        whole(rule, block, largest)
            .then(|| is_own(block, a, b) && !others.iter().any(|&(other, limit)| is_of(other, limit, a, b)))
    });
    let of_split =
        share_of_pairs(rule, |block, a, b| (!whole(rule, block, largest)).then(|| is_own(block, a, b)));
    let small = sizes.pairs_up_to(largest);
    let split = (sizes.pairs(largest) - small).max(0.0);
    if small + split > 0.0 { (small * of_small + split * of_split) / (small + split) } else { 1.0 }
}

/// The share of a rule's pairs for which something holds, of those that are asked for, from pairs at even distances; 1 if there
/// are none.
fn share_of_pairs(rule: &RuleBlocks, holds: impl Fn(u32, RecordId, RecordId) -> Option<bool>) -> f64 {
    const DRAWN: u64 = 4_000;
    let stride = (rule.raw_pairs() / DRAWN).max(1);
    let (mut next, mut passed, mut drawn, mut held) = (stride / 2, 0, 0u64, 0u64);
    for block in 0..rule.len() {
        passed += rule.block_pairs(block);
        while next < passed {
            // Any pair of the block: which one follows from the place among all pairs.
            let members = rule.block(block).1;
            let size = members.len() as u64;
            let (one, step) = (next % size, 1 + next / size % (size - 1));
            let (a, b) = (members[one as usize], members[((one + step) % size) as usize]);
            if let Some(holds) = holds(block as u32, RecordId(a), RecordId(b)) {
                drawn += 1;
                held += u64::from(holds);
            }
            next += stride;
        }
    }
    if drawn > 0 { held as f64 / drawn as f64 } else { 1.0 }
}
