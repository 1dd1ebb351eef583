//! A plan with the keys of values at hand.

use std::collections::BTreeMap;

use crate::block::key::ValueKeys;
use crate::block::{KeyPart, Plan, Split};
use crate::id::RecordId;
use crate::record::{Column, EntityClass, Records};
use crate::schema::FieldKind;
use crate::text;

/// Tells keys of the parts of a spread block from other keys.
const SPREAD: u64 = 0x59ea;

/// A plan bound to records.
#[derive(Clone, Debug)]
pub(crate) struct BoundPlan<'a> {
    plan: &'a Plan,
    records: &'a Records,
    parts: Vec<BoundPart<'a>>,
    rules: Vec<Vec<usize>>,
    splitters: Vec<usize>,
}

#[derive(Clone, Debug)]
struct BoundPart<'a> {
    part: &'a KeyPart,
    /// None where the records lack the field.
    column: Option<&'a Column>,
    /// The keys of all values; none where they are made when they are asked for.
    values: Option<ValueKeys>,
}

/// The keys of one record after the other.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeyBuffer {
    keys: Vec<u64>,
    part: Vec<u64>,
    product: Vec<u64>,
}

impl<'a> BoundPlan<'a> {
    /// Binds a plan, for so many records whose keys are to be made under its rules and for so many that its splitters are to
    /// divide. Where a column has fewer values than that, the keys of its values are made at once.
    pub(super) fn new(plan: &'a Plan, records: &'a Records, (keyed, divided): (usize, usize)) -> Self {
        let mut parts: Vec<BoundPart<'a>> = Vec::new();
        let mut place = |part: &'a KeyPart| {
            let known = parts.iter().position(|bound| bound.part == part);
            known.unwrap_or_else(|| {
                let field = records.schema().position(part.field.kind, &part.field.name);
                parts.push(BoundPart {
                    part,
                    column: field.map(|field| records.column(field)),
                    values: None,
                });
                parts.len() - 1
            })
        };
        let rules: Vec<Vec<usize>> =
            plan.rules().iter().map(|rule| rule.parts().iter().map(&mut place).collect()).collect();
        let of_rules = rules.iter().flatten().max().map_or(0, |last| last + 1);
        let splitters = plan.splitters().iter().map(&mut place).collect();
        for (at, bound) in parts.iter_mut().enumerate() {
            let asked = if at < of_rules { keyed } else { divided };
            let column = bound.column.filter(|column| column.distinct() <= asked);
            bound.values = column.map(|column| ValueKeys::new(bound.part, column));
        }
        BoundPlan { plan, records, parts, rules, splitters }
    }

    pub(crate) fn records(&self) -> &'a Records {
        self.records
    }

    pub(crate) fn plan(&self) -> &'a Plan {
        self.plan
    }

    /// The effective keys of a record under a rule, ascending and distinct.
    pub(crate) fn effective_keys<'b>(
        &self,
        rule: usize,
        record: RecordId,
        buffer: &'b mut KeyBuffer,
    ) -> &'b [u64] {
        self.base_keys(rule, record, buffer);
        let splits = self.plan.splits(rule);
        if !splits.is_empty() {
            self.refine(splits, record, &mut buffer.keys);
        }
        if buffer.keys.len() > 1 {
            buffer.keys.sort_unstable();
            buffer.keys.dedup();
        }
        &buffer.keys
    }

    /// The keys before any split: the product of the parts' keys.
    fn base_keys(&self, rule: usize, record: RecordId, buffer: &mut KeyBuffer) {
        let KeyBuffer { keys, part, product } = buffer;
        keys.clear();
        for (at, &of) in self.rules[rule].iter().enumerate() {
            if at == 0 {
                self.part_keys(of, record, keys);
            } else {
                part.clear();
                self.part_keys(of, record, part);
                product.clear();
                for &left in &*keys {
                    product.extend(part.iter().map(|&right| text::combine(left, right)));
                }
                std::mem::swap(keys, product);
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
                    self.refinements(key, splitter, record, keys);
                }
            }
        }
    }

    /// A hash of a record's key, the same in every delivery.
    pub(crate) fn hash_of(&self, record: RecordId) -> u64 {
        let (source, key) = self.records.raw().key(record);
        text::combine(text::hash(source), text::hash(key))
    }

    /// Appends the keys into which one key is split for a record; none if the record has no value there.
    pub(crate) fn refinements(&self, key: u64, splitter: u8, record: RecordId, refined: &mut Vec<u64>) {
        let first = refined.len();
        self.part_keys(self.splitters[usize::from(splitter)], record, refined);
        let mut kept = first;
        for at in first..refined.len() {
            if refined[at] != key {
                refined[kept] = text::combine(key, refined[at]);
                kept += 1;
            }
        }
        refined.truncate(kept);
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
        let mut buffer = KeyBuffer::default();
        self.base_keys(rule, first, &mut buffer);
        buffer.keys.into_iter().any(|base| self.leads(rule, first, base, key, &mut splitters));
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
                let mut refined = Vec::new();
                self.refinements(key, splitter, record, &mut refined);
                let found = refined.into_iter().any(|key| self.leads(rule, record, key, target, splitters));
                if !found {
                    splitters.pop();
                }
                found
            }
        }
    }

    fn shared_value(&self, part: usize, first: RecordId, second: RecordId) -> Option<String> {
        let mut others = Vec::new();
        self.part_keys(part, second, &mut others);
        let BoundPart { part, column, .. } = &self.parts[part];
        let column = (*column)?;
        let mut keys = Vec::new();
        column.slice(self.records.row(first)).iter().take_while(|id| !id.is_missing()).find_map(|&value| {
            keys.clear();
            part.keys(column.text(value), &mut keys);
            let key = keys.iter().copied().find(|key| others.contains(key))?;
            Some(format!("{part} {}", part.shown(column.text(value), key)))
        })
    }

    /// Appends the keys of a record under one part, over all its values. A person's employer makes no keys: colleagues
    /// are not candidates.
    fn part_keys(&self, part: usize, record: RecordId, keys: &mut Vec<u64>) {
        let BoundPart { part, column, values } = &self.parts[part];
        let Some(column) = column else { return };
        let is_employer = part.field.kind == FieldKind::OrgName;
        if is_employer && self.records.class(record) == EntityClass::Person {
            return;
        }
        let ids = column.slice(self.records.row(record)).iter().take_while(|id| !id.is_missing());
        match values {
            Some(values) => ids.for_each(|id| keys.extend_from_slice(values.of(id.index()))),
            None => ids.for_each(|&id| part.distinct_keys(column.text(id), keys)),
        }
    }
}
