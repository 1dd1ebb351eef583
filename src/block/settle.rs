//! Which of the rules that are worth trying are kept, once their blocks are known.

use crate::block::PlanOptions;
use crate::block::blocks::RuleBlocks;
use crate::block::choose::{Candidate, KEY_WORK, LEAST_GAIN, RULES_PER_BUDGET, SIMULATED, split_finds};
use crate::block::sizes::{BlockSizes, distinct_share};
use crate::record::Records;

/// The rules that are kept, now that the blocks of all are known, and the sizes above which their blocks are split.
pub(super) fn settle(
    chosen: &[Candidate],
    blocks: &[RuleBlocks],
    options: &PlanOptions,
    records: &Records,
) -> Vec<(usize, usize)> {
    let (budget, price) = (options.budget(records.len()) as f64, options.price(records.len()));
    let free = 0.5 * records.len() as f64;
    let allows = |a, b| options.mode.allows(records.source(a) == records.source(b));
    let sizes: Vec<BlockSizes> = blocks.iter().map(|blocks| BlockSizes::of(blocks, allows)).collect();
    let limits = options.block_limits(records.len());
    // What each rule would be on its own.
    let mut left: Vec<Settled> = (0..chosen.len())
        .map(|at| {
            let affordable = |&largest: &usize| sizes[at].pairs(largest) <= budget / RULES_PER_BUDGET;
            let largest = limits.iter().copied().find(affordable).unwrap_or(limits[limits.len() - 1]);
            let found = split_finds(&chosen[at].agreeing, chosen[at].rule, sizes[at].kept(largest));
            Settled { at, largest, pairs: sizes[at].pairs(largest), beyond: 1.0, found }
        })
        .collect();
    let mut kept: Vec<Settled> = Vec::new();
    let mut covered = vec![0u64; SIMULATED.div_ceil(64)];
    let mut spent = 0.0;
    loop {
        let best = left
            .iter()
            .enumerate()
            .map(|(place, rule)| {
                (place, gain(&rule.found, &covered), rule.pairs + KEY_WORK * chosen[rule.at].keys)
            })
            .filter(|&(_, gain, work)| is_worth(gain, work, price))
            .max_by(|a, b| {
                let value = |&(_, gain, work): &(usize, u32, f64)| f64::from(gain) / (work + free);
                value(a).total_cmp(&value(b)).then(b.0.cmp(&a.0))
            });
        let Some((place, ..)) = best else { break };
        let mut rule = left.remove(place);
        let before: Vec<(&RuleBlocks, usize)> =
            kept.iter().map(|kept| (&blocks[kept.at], kept.largest)).collect();
        rule.beyond = distinct_share(&blocks[rule.at], &sizes[rule.at], rule.largest, &before);
        if spent + rule.pairs * rule.beyond > budget {
            continue;
        }
        spent += rule.pairs * rule.beyond;
        covered.iter_mut().zip(&rule.found).for_each(|(all, found)| *all |= found);
        kept.push(rule);
    }
    // What is left of the budget goes to larger blocks, first for the rules chosen first.
    for rule in &mut kept {
        let own = rule.pairs * rule.beyond;
        let fits = |&largest: &usize| spent - own + sizes[rule.at].pairs(largest) * rule.beyond <= budget;
        if let Some(largest) = limits.iter().copied().find(fits).filter(|&largest| largest > rule.largest) {
            rule.largest = largest;
            rule.pairs = sizes[rule.at].pairs(largest);
            spent += rule.pairs * rule.beyond - own;
        }
    }
    // The cheapest rules first: they claim the surest pairs, and a pair's first rule is found sooner.
    kept.sort_by(|a, b| {
        a.pairs.total_cmp(&b.pairs).then_with(|| chosen[a.at].parts.cmp(&chosen[b.at].parts))
    });
    kept.iter().map(|rule| (rule.at, rule.largest)).collect()
}

/// A rule of which all blocks are known.
struct Settled {
    at: usize,
    largest: usize,
    pairs: f64,
    /// Of its pairs, the share that no rule kept before has.
    beyond: f64,
    found: Vec<u64>,
}

/// Whether a rule that finds so many more simulated pairs is worth its work.
pub(super) fn is_worth(gain: u32, work: f64, price: f64) -> bool {
    f64::from(gain) / SIMULATED as f64 >= LEAST_GAIN.max(price * work)
}

/// How many simulated pairs are found that were not covered.
pub(super) fn gain(found: &[u64], covered: &[u64]) -> u32 {
    found.iter().zip(covered).map(|(found, covered)| (found & !covered).count_ones()).sum()
}
