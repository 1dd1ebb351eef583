//! The frozen plan: rules in order, and how oversized blocks are split.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::block::bound::BoundPlan;
use crate::block::{BlockingRule, KeyPart};
use crate::error::{Error, Result};
use crate::id::SourceId;
use crate::record::{EntityClass, Records};
use crate::schema::LinkMode;

/// What happens to one oversized block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Split {
    /// Its key is refined by the splitter with this position in [`Plan::splitters`].
    By(u8),
    /// No splitter makes it small enough, so its records are spread over parts by a hash of their keys. Records whose
    /// hash is at most `anchor`, a few, are in every part and hold the whole together: rows that are equal in all that
    /// could divide them need no comparison of each with each.
    Spread {
        /// How many parts there are.
        parts: u32,
        /// The largest hash of a record that is in all of them.
        anchor: u64,
    },
    /// No splitter makes it small enough: its pairs are not proposed (and the report counts them).
    Dropped,
}

/// Parts over which a block may be spread: a few records make a key in each.
pub(crate) const MOST_PARTS: u32 = 1 << 20;

/// The rules in order, with the refinement of each oversized block; serialisable, and the same for every record
/// that will ever be scored under it.
///
/// ```
/// use onefold::{block::Plan, schema::LinkMode};
/// let plan = Plan::new(vec![], vec![], LinkMode::Dedupe);
/// assert!(plan.rules().is_empty());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    rules: Vec<BlockingRule>,
    splitters: Vec<KeyPart>,
    mode: LinkMode,
    /// Per rule: oversized key → what happens to it. Keys made by a split can be oversized again.
    splits: Vec<BTreeMap<u64, Split>>,
    /// The limit of candidate pairs per record within which the rules were chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pairs_per_record: Option<u64>,
}

impl Plan {
    /// A plan without splits.
    pub fn new(rules: Vec<BlockingRule>, splitters: Vec<KeyPart>, mode: LinkMode) -> Self {
        let splits = vec![BTreeMap::new(); rules.len()];
        Plan { rules, splitters, mode, splits, pairs_per_record: None }
    }

    /// The same plan, which says within which limit of candidate pairs per record its rules were chosen.
    #[must_use]
    pub(crate) fn with_pairs_per_record(mut self, pairs: u64) -> Self {
        self.pairs_per_record = Some(pairs);
        self
    }

    /// The limit of candidate pairs per record within which the rules were chosen, if they were.
    pub fn pairs_per_record(&self) -> Option<u64> {
        self.pairs_per_record
    }

    /// The rules, in the order in which they claim pairs.
    pub fn rules(&self) -> &[BlockingRule] {
        &self.rules
    }

    /// The parts by which oversized blocks are refined.
    pub fn splitters(&self) -> &[KeyPart] {
        &self.splitters
    }

    /// Which pairs may be proposed.
    pub fn mode(&self) -> LinkMode {
        self.mode
    }

    /// The splits of a rule.
    pub fn splits(&self, rule: usize) -> &BTreeMap<u64, Split> {
        &self.splits[rule]
    }

    pub(crate) fn set_split(&mut self, rule: usize, key: u64, split: Split) {
        self.splits[rule].insert(key, split);
    }

    /// True when the plan proposes pairs of these two sources.
    pub(crate) fn allows(&self, same_source: bool) -> bool {
        self.mode.allows(same_source)
    }

    /// How many pairs the mode allows among these records; persons and organisations form no pairs.
    pub fn universe(&self, records: &Records) -> u64 {
        let mut groups: BTreeMap<(SourceId, EntityClass), u64> = BTreeMap::new();
        for record in records.ids() {
            *groups.entry((records.source(record), records.class(record))).or_default() += 1;
        }
        let groups: Vec<((SourceId, EntityClass), u64)> = groups.into_iter().collect();
        let mut pairs = 0;
        for (at, &((source, class), count)) in groups.iter().enumerate() {
            if self.allows(true) {
                pairs += count * (count - 1) / 2;
            }
            let others = groups[at + 1..].iter().filter(|((other, other_class), _)| {
                self.allows(source == *other) && class.may_match(*other_class)
            });
            pairs += others.map(|(_, other)| count * other).sum::<u64>();
        }
        pairs
    }

    /// Checks what deserialisation cannot: splits refer to splitters and make a bounded number of keys.
    pub(crate) fn check(&self) -> Result<()> {
        let known = |split: &Split| match *split {
            Split::By(at) => usize::from(at) < self.splitters.len(),
            Split::Spread { parts, .. } => (1..=MOST_PARTS).contains(&parts),
            Split::Dropped => true,
        };
        if self.splits.len() != self.rules.len() || !self.splits.iter().flat_map(BTreeMap::values).all(known)
        {
            return Err(Error::model("the blocking plan does not fit its rules"));
        }
        Ok(())
    }

    /// Looks up the fields of rules and splitters in these records, and makes the keys of all values for the rules. A field
    /// that the records lack makes no keys: a plan made for one delivery serves the next one too.
    pub(crate) fn bind<'a>(&'a self, records: &'a Records) -> BoundPlan<'a> {
        BoundPlan::new(self, records, (usize::MAX, 0))
    }

    /// As [`bind`](Self::bind), for a few of the records: keys are made when they are asked for.
    pub(crate) fn bind_for_few<'a>(&'a self, records: &'a Records) -> BoundPlan<'a> {
        BoundPlan::new(self, records, (0, 0))
    }

    /// As [`bind_for_few`](Self::bind_for_few), where splitters are to divide blocks of so many members in all.
    pub(crate) fn bind_to_divide<'a>(&'a self, records: &'a Records, members: usize) -> BoundPlan<'a> {
        BoundPlan::new(self, records, (0, members))
    }
}
