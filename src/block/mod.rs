//! Blocking: which pairs of records are compared at all.
//!
//! A [`BlockingRule`] is a conjunction of [`KeyPart`]s; two records that share a key under any rule are a
//! candidate pair. The [`Plan`] is frozen before pairing: it holds the rules in order and, from a census of the
//! keys, by which further part each oversized block is split. So a rule maps (record, plan) to a set of
//! *effective keys*, and a pair belongs to the first rule whose key sets intersect, at their smallest common
//! key. That test needs nothing but the two records and the plan: no set of all pairs is kept, and shards
//! agree about who emits a pair.
//!
//! [`Plan::explain`] tells what a plan costs and loses: the pairs of each rule and what it adds, the largest blocks,
//! oversized ones and the records that no rule reaches.

mod blocks;
mod bound;
mod census;
mod choose;
mod explain;
mod key;
mod pairs;
mod plan;
mod report;
mod rule;
mod sample;
mod settle;
mod sizes;
#[cfg(test)]
mod tests;

pub use choose::{PlanOptions, default_plan};
pub(crate) use choose::{PlannedBlocks, plan_blocks};
pub use explain::{BlockExplanation, OversizedBlock, PlanExplanation, RuleExplanation};
pub use key::{KeyFunction, KeyPart};
pub use pairs::CandidatePairs;
pub(crate) use pairs::DrawnPairs;
pub use plan::{Plan, Split};
pub use report::{BlockReport, LargestBlock, RuleReport};
pub use rule::BlockingRule;
