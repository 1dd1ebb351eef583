//! What a plan costs in one run, and what it may lose.

use crate::id::RecordId;

/// What a plan costs and may lose.
///
/// ```
/// # use onefold::block::*;
/// # use onefold::{record::{RawRecords, RecordsBuilder}, schema::LinkMode};
/// let records = RecordsBuilder::new(RawRecords::default(), vec![]).finish();
/// let plan = Plan::new(vec![], vec![], LinkMode::Dedupe);
/// let report = CandidatePairs::new(&plan, &records).report(&[]);
/// assert_eq!(report.pairs, 0);
/// println!("{report}");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BlockReport {
    /// Distinct candidate pairs.
    pub pairs: u64,
    /// Records that share no block with any other record.
    pub records_in_no_block: u64,
    /// One entry per rule, in the plan's order.
    pub rules: Vec<RuleReport>,
}

/// What one rule contributes.
///
/// ```
/// # use onefold::block::RuleReport;
/// fn costly(rule: &RuleReport) -> bool {
///     rule.pairs > 1_000_000 || rule.dropped > 0
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RuleReport {
    /// The rule in its text form.
    pub rule: String,
    /// Pairs that this rule claims: those that no earlier rule has.
    pub pairs: u64,
    /// The largest block after splitting.
    pub largest: Option<LargestBlock>,
    /// Oversized blocks that were split.
    pub split: usize,
    /// Oversized blocks that nothing could split: their pairs are not proposed by this rule.
    pub dropped: usize,
}

/// The largest block of a rule.
///
/// ```
/// # use onefold::block::LargestBlock;
/// fn pairs(block: &LargestBlock) -> usize {
///     block.records * (block.records - 1) / 2
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LargestBlock {
    /// How many records share its key.
    pub records: usize,
    /// One of them.
    pub example: RecordId,
}

impl std::fmt::Display for BlockReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{} candidate pairs, {} records in no block", self.pairs, self.records_in_no_block)?;
        for rule in &self.rules {
            let largest = rule.largest.map_or(0, |block| block.records);
            write!(f, "  {:>12} pairs  largest block {largest:>6}  {}", rule.pairs, rule.rule)?;
            if rule.split > 0 {
                write!(f, "; {} blocks split", rule.split)?;
            }
            if rule.dropped > 0 {
                write!(f, "; {} oversized blocks dropped", rule.dropped)?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
