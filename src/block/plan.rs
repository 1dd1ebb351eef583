//! The frozen plan: rules in order, and how oversized blocks are split.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::block::key::ValueKeys;
use crate::block::{BlockingRule, KeyPart};
use crate::error::{Error, Result};
use crate::id::{FieldId, RecordId, SourceId};
use crate::record::{EntityClass, Records};
use crate::schema::{FieldKind, LinkMode};
use crate::text;

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
        match self.mode {
            LinkMode::Dedupe => same_source,
            LinkMode::Link => !same_source,
            LinkMode::LinkAndDedupe => true,
        }
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

    /// Looks up the fields of rules and splitters in these records. A field that the records lack makes no keys:
    /// a plan made for one delivery serves the next one too.
    pub(crate) fn bind<'a>(&'a self, records: &'a Records) -> BoundPlan<'a> {
        let mut parts = Vec::new();
        let mut position = |part: &KeyPart| {
            if let Some(known) = parts.iter().position(|bound: &BoundPart| bound.part == *part) {
                return known;
            }
            let field = records.schema().position(part.field.kind, &part.field.name);
            let values = field.map(|field| (field, ValueKeys::new(part, records.column(field))));
            parts.push(BoundPart { part: part.clone(), values });
            parts.len() - 1
        };
        let splitters = self.splitters.iter().map(&mut position).collect();
        let rules = self.rules.iter().map(|rule| rule.parts().iter().map(&mut position).collect()).collect();
        BoundPlan { plan: self, records, parts, rules, splitters }
    }
}

/// Tells keys of the parts of a spread block from other keys.
const SPREAD: u64 = 0x59ea;

/// A plan with the keys of all distinct values at hand.
#[derive(Clone, Debug)]
pub(crate) struct BoundPlan<'a> {
    plan: &'a Plan,
    records: &'a Records,
    parts: Vec<BoundPart>,
    rules: Vec<Vec<usize>>,
    splitters: Vec<usize>,
}

#[derive(Clone, Debug)]
struct BoundPart {
    part: KeyPart,
    values: Option<(FieldId, ValueKeys)>,
}

impl<'a> BoundPlan<'a> {
    pub(crate) fn records(&self) -> &'a Records {
        self.records
    }

    pub(crate) fn plan(&self) -> &'a Plan {
        self.plan
    }

    /// The effective keys of a record under a rule, ascending and distinct.
    pub(crate) fn effective_keys(&self, rule: usize, record: RecordId, keys: &mut Vec<u64>) {
        keys.clear();
        self.base_keys(rule, record, keys);
        let splits = self.plan.splits(rule);
        if !splits.is_empty() {
            self.refine(splits, record, keys);
        }
        keys.sort_unstable();
        keys.dedup();
    }

    /// The keys before any split: the product of the parts' keys.
    fn base_keys(&self, rule: usize, record: RecordId, keys: &mut Vec<u64>) {
        for (i, &part) in self.rules[rule].iter().enumerate() {
            let values = self.part_keys(part, record);
            if i == 0 {
                keys.extend(values);
            } else {
                let values: Vec<u64> = values.collect();
                let left = std::mem::take(keys);
                keys.extend(left.iter().flat_map(|&l| values.iter().map(move |&v| text::combine(l, v))));
            }
            if keys.is_empty() {
                return;
            }
        }
    }

    /// Replaces split keys by their refinements until none is split.
    pub(crate) fn refine(&self, splits: &BTreeMap<u64, Split>, record: RecordId, keys: &mut Vec<u64>) {
        let mut at = 0;
        while at < keys.len() {
            match splits.get(&keys[at]) {
                None => at += 1,
                Some(Split::Dropped) => {
                    keys.swap_remove(at);
                }
                Some(&Split::Spread { parts, anchor }) => {
                    let key = keys.swap_remove(at);
                    let hash = self.hash_of(record);
                    let part = |part: u32| text::combine(key, text::combine(SPREAD, u64::from(part)));
                    if hash <= anchor {
                        keys.extend((0..parts).map(part));
                    } else {
                        keys.push(part((text::combine(hash, key) % u64::from(parts.max(1))) as u32));
                    }
                }
                Some(&Split::By(splitter)) => {
                    let key = keys.swap_remove(at);
                    keys.extend(self.refinements(key, splitter, record));
                }
            }
        }
    }

    /// A hash of a record's key, the same in every delivery.
    pub(crate) fn hash_of(&self, record: RecordId) -> u64 {
        let (source, key) = self.records.raw().key(record);
        text::combine(text::hash(source), text::hash(key))
    }

    /// The keys into which one key is split for a record; none if the record has no value there.
    pub(crate) fn refinements(
        &self,
        key: u64,
        splitter: u8,
        record: RecordId,
    ) -> impl Iterator<Item = u64> + '_ {
        let part = self.splitters[usize::from(splitter)];
        self.part_keys(part, record).filter(move |&k| k != key).map(move |k| text::combine(key, k))
    }

    /// What the members of a block have in common: for each part of its rule, and then for each splitter that led to its
    /// key, the value of the first member that gave a key of the second one too.
    pub(crate) fn shared_values(
        &self,
        rule: usize,
        key: u64,
        first: RecordId,
        second: RecordId,
    ) -> Vec<String> {
        let mut splitters = Vec::new();
        let mut keys = Vec::new();
        self.base_keys(rule, first, &mut keys);
        keys.into_iter().any(|base| self.leads(rule, first, base, key, &mut splitters));
        let splitters = splitters.iter().map(|&splitter| self.splitters[usize::from(splitter)]);
        self.rules[rule]
            .iter()
            .copied()
            .chain(splitters)
            .filter_map(|part| self.shared_value(part, first, second))
            .collect()
    }

    /// Finds the splitters by which a key of a record is refined until it is the given effective key.
    fn leads(&self, rule: usize, record: RecordId, key: u64, target: u64, splitters: &mut Vec<u8>) -> bool {
        match self.plan.splits(rule).get(&key) {
            None | Some(Split::Dropped) => key == target,
            Some(_) if key == target => true,
            Some(Split::Spread { .. }) => {
                let mut parts = vec![key];
                self.refine(self.plan.splits(rule), record, &mut parts);
                parts.contains(&target)
            }
            Some(&Split::By(splitter)) => {
                splitters.push(splitter);
                let refined: Vec<u64> = self.refinements(key, splitter, record).collect();
                let found = refined.into_iter().any(|key| self.leads(rule, record, key, target, splitters));
                if !found {
                    splitters.pop();
                }
                found
            }
        }
    }

    fn shared_value(&self, part: usize, first: RecordId, second: RecordId) -> Option<String> {
        let others: Vec<u64> = self.part_keys(part, second).collect();
        let BoundPart { part, values } = &self.parts[part];
        let (field, keys) = values.as_ref()?;
        let column = self.records.column(*field);
        column.slice(self.records.row(first)).iter().find_map(|&value| {
            let key = keys.of(value.index()).iter().copied().find(|key| others.contains(key))?;
            Some(format!("{part} {}", part.shown(column.text(value), key)))
        })
    }

    /// The keys of a record under one part, over all its values. A person's employer makes no keys: colleagues
    /// are not candidates.
    fn part_keys(&self, part: usize, record: RecordId) -> impl Iterator<Item = u64> + '_ {
        let BoundPart { part, values } = &self.parts[part];
        let employer =
            part.field.kind == FieldKind::OrgName && self.records.class(record) == EntityClass::Person;
        values.iter().filter(move |_| !employer).flat_map(move |(field, keys)| {
            let ids = self.records.column(*field).slice(self.records.row(record));
            ids.iter().flat_map(|value| keys.of(value.index()).iter().copied())
        })
    }
}
