//! A sample of the records, on which rules are tried before they are chosen.

use rayon::prelude::*;

use crate::block::bound::KeyBuffer;
use crate::block::{BlockingRule, Plan};
use crate::id::RecordId;
use crate::record::Records;
use crate::schema::LinkMode;
use crate::text;

/// Records in the sample.
const SAMPLED: usize = 12_000;

/// A seeded sample of records, with the keys of each under each offered part.
pub(super) struct Sample<'a> {
    all: &'a Records,
    mode: LinkMode,
    /// Ascending.
    pub(super) records: Vec<RecordId>,
    /// Per part: where each sampled record's keys begin, and the keys.
    keys: Vec<(Vec<u32>, Vec<u64>)>,
}

impl<'a> Sample<'a> {
    /// Samples records under rules of one part each: those whose keys hash lowest, so that the sample does not depend on
    /// their order.
    pub(super) fn new(records: &'a Records, parts: Vec<BlockingRule>, mode: LinkMode) -> Self {
        let mut hashed: Vec<(u64, RecordId)> = records
            .ids()
            .collect::<Vec<RecordId>>()
            .into_par_iter()
            .map(|record| {
                let (source, key) = records.raw().key(record);
                (text::combine(text::hash(source), text::hash(key)), record)
            })
            .collect();
        if hashed.len() > SAMPLED {
            hashed.select_nth_unstable(SAMPLED);
            hashed.truncate(SAMPLED);
        }
        let mut sampled: Vec<RecordId> = hashed.into_iter().map(|(_, record)| record).collect();
        sampled.sort_unstable();
        let (count, plan) = (parts.len(), Plan::new(parts, Vec::new(), mode));
        let bound = plan.bind_for_few(records);
        let keys_of = |part| {
            let (mut starts, mut all, mut buffer) = (vec![0], Vec::new(), KeyBuffer::default());
            for &record in &sampled {
                all.extend_from_slice(bound.effective_keys(part, record, &mut buffer));
                starts.push(all.len() as u32);
            }
            (starts, all)
        };
        let keys = (0..count).into_par_iter().map(keys_of).collect();
        Sample { all: records, mode, records: sampled, keys }
    }

    fn keys(&self, part: usize, at: usize) -> &[u64] {
        let (starts, keys) = &self.keys[part];
        &keys[starts[at] as usize..starts[at + 1] as usize]
    }

    /// The (key, position in the sample) entries of a rule, ascending.
    fn entries(&self, parts: &[usize]) -> Vec<(u64, u32)> {
        let mut entries = Vec::new();
        for at in 0..self.records.len() {
            if let [left, right] = *parts {
                let (left, right) = (self.keys(left, at), self.keys(right, at));
                let keys = left.iter().flat_map(|&l| right.iter().map(move |&r| text::combine(l, r)));
                entries.extend(keys.map(|key| (key, at as u32)));
            } else {
                let keys = parts.iter().flat_map(|&part| self.keys(part, at));
                entries.extend(keys.map(|&key| (key, at as u32)));
            }
        }
        entries.sort_unstable();
        entries
    }

    /// The share of distinct pairs among those of all blocks up to a size: names that share a word often share several.
    /// Each of some pairs counts as one over the number of such blocks that hold it.
    pub(super) fn distinct_share(&self, parts: &[usize], largest: f64) -> f64 {
        const DRAWN: f64 = 2_000.0;
        let entries = self.entries(parts);
        let blocks: Vec<&[(u64, u32)]> = entries
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|block| block.len() > 1 && block.len() as f64 <= largest)
            .collect();
        let pairs = |block: &[(u64, u32)]| block.len() as f64 * (block.len() as f64 - 1.0) / 2.0;
        let stride = (blocks.iter().map(|block| pairs(block)).sum::<f64>() / DRAWN).max(1.0);
        let mut keys: Vec<(u32, u64)> =
            blocks.iter().flat_map(|block| block.iter().map(|&(key, at)| (at, key))).collect();
        keys.sort_unstable();
        let keys_of = |at: u32| {
            let first = keys.partition_point(|entry| entry.0 < at);
            keys[first..].iter().take_while(move |entry| entry.0 == at).map(|entry| entry.1)
        };
        let (mut passed, mut drawn, mut distinct) = (0.0, 0.0, 0.0);
        for block in blocks {
            passed += pairs(block);
            while (drawn + 1.0) * stride <= passed {
                drawn += 1.0;
                let hash = text::combine(block[0].0, drawn as u64);
                let one = (hash % block.len() as u64) as usize;
                let step = 1 + (hash >> 32) as usize % (block.len() - 1);
                let other = block[(one + step) % block.len()].1;
                let others: Vec<u64> = keys_of(other).collect();
                let common = keys_of(block[one].1).filter(|key| others.binary_search(key).is_ok()).count();
                distinct += 1.0 / common.max(1) as f64;
            }
        }
        if drawn > 0.0 { distinct / drawn } else { 1.0 }
    }

    /// Whether the mode allows the pair at two places of the sample.
    fn allows(&self, a: u32, b: u32) -> bool {
        let source = |at: u32| self.all.source(self.records[at as usize]);
        self.mode.allows(source(a) == source(b))
    }

    /// Pairs of a block that the mode allows.
    fn allowed_pairs(&self, block: &[(u64, u32)]) -> f64 {
        let all = block.len() as f64 * (block.len() as f64 - 1.0) / 2.0;
        if self.mode == LinkMode::LinkAndDedupe {
            return all;
        }
        // The sample is in order of records, and so of sources.
        let source = |entry: &(u64, u32)| self.all.source(self.records[entry.1 as usize]);
        let runs = block.chunk_by(|a, b| source(a) == source(b));
        let same: f64 = runs.map(|run| run.len() as f64 * (run.len() as f64 - 1.0) / 2.0).sum();
        if self.mode == LinkMode::Dedupe { same } else { all - same }
    }
}

/// The blocks of a rule in the sample.
pub(super) struct SampledBlocks {
    /// Per block: its size and the pairs that the mode allows.
    blocks: Vec<(f64, f64)>,
    /// Per record with keys: the smallest block that it is in.
    smallest: Vec<f64>,
    /// Keys of all records, with repeats.
    pub(super) keys: usize,
}

impl SampledBlocks {
    pub(super) fn new(sample: &Sample<'_>, parts: &[usize]) -> Self {
        let mut blocks = Vec::new();
        let mut smallest = vec![f64::INFINITY; sample.records.len()];
        let entries = sample.entries(parts);
        for block in entries.chunk_by(|a, b| a.0 == b.0) {
            let size = block.len() as f64;
            blocks.push((size, sample.allowed_pairs(block)));
            for &(_, at) in block {
                smallest[at as usize] = smallest[at as usize].min(size);
            }
        }
        smallest.retain(|size| size.is_finite());
        SampledBlocks { blocks, smallest, keys: entries.len() }
    }

    /// The expected pairs over all records if blocks above `largest` (in the sample) are split, and the share of
    /// records that stay with their peers. A block is split into parts near the limit; of its pairs the share that
    /// remains is that of the parts.
    pub(super) fn cost(&self, largest: f64, scale: f64) -> (f64, f64) {
        let largest = largest.max(1.0);
        let share = |size: f64| (largest / size).min(1.0);
        let pairs: f64 = self.blocks.iter().map(|&(size, pairs)| pairs * share(size) * scale * scale).sum();
        let kept: f64 = self.smallest.iter().map(|&size| share(size).sqrt()).sum();
        (pairs, kept / (self.smallest.len() as f64).max(1.0))
    }
}

/// Pairs of the sample that the chosen rules have: an even part of them, drawn by a fixed hash.
#[derive(Default)]
pub(super) struct SeenPairs {
    /// Ascending.
    pairs: Vec<u64>,
}

impl SeenPairs {
    /// One pair in so many is kept.
    const EVERY: u64 = 8;

    /// Adds the pairs of a rule's blocks up to a size and returns about how many of them were there before. Larger blocks
    /// are split, and nobody knows yet which of their pairs remain: those count as new.
    pub(super) fn add(&mut self, sample: &Sample<'_>, parts: &[usize], largest: f64) -> f64 {
        let mut own = Vec::new();
        let entries = sample.entries(parts);
        let blocks = entries.chunk_by(|a, b| a.0 == b.0);
        for block in blocks.filter(|block| block.len() as f64 <= largest.max(2.0)) {
            for (at, &(_, a)) in block.iter().enumerate() {
                let others = block[at + 1..].iter().filter(|&&(_, b)| sample.allows(a, b));
                let pairs = others.map(|&(_, b)| u64::from(a) << 32 | u64::from(b));
                own.extend(pairs.filter(|&pair| text::combine(pair, 0x5ee4).is_multiple_of(Self::EVERY)));
            }
        }
        own.sort_unstable();
        own.dedup();
        let all = own.len();
        own.retain(|pair| self.pairs.binary_search(pair).is_err());
        let repeated = (all - own.len()) as u64 * Self::EVERY;
        self.pairs.extend(own);
        self.pairs.sort_unstable();
        repeated as f64
    }
}
