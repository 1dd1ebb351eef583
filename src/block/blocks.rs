//! The blocks of one rule: ranges of one list of records, and per record the blocks that it is in.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use crate::block::bound::{BoundPlan, KeyBuffer};
use crate::block::{LargestBlock, Split};
use crate::id::RecordId;

/// The blocks of one rule that hold at least two records, ascending by key. A block is known by its number; a key that only
/// one record has is kept nowhere.
#[derive(Debug)]
pub(super) struct RuleBlocks {
    /// By block.
    keys: Vec<u64>,
    /// Where the members of each block end.
    ends: Vec<u32>,
    /// The records of all blocks, block after block, each ascending.
    members: Vec<u32>,
    /// The blocks of record r: `blocks[starts[r]..starts[r + 1]]`, ascending.
    starts: Vec<u32>,
    blocks: Vec<u32>,
}

/// (key, record), ascending.
type Entries = Vec<(u64, u32)>;

impl RuleBlocks {
    /// The blocks of a rule under a plan.
    pub(super) fn new(plan: &BoundPlan<'_>, rule: usize) -> Self {
        Self::of_entries(&entries(plan, rule), plan.records().len())
    }

    fn of_entries(entries: &[(u64, u32)], records: usize) -> Self {
        let (mut keys, mut ends, mut members) = (Vec::new(), Vec::new(), Vec::with_capacity(entries.len()));
        for block in entries.chunk_by(|a, b| a.0 == b.0).filter(|block| block.len() > 1) {
            members.extend(block.iter().map(|&(_, record)| record));
            keys.push(block[0].0);
            ends.push(members.len() as u32);
        }
        keys.shrink_to_fit();
        ends.shrink_to_fit();
        members.shrink_to_fit();
        let mut starts = vec![0u32; records + 2];
        for &record in &members {
            starts[record as usize + 2] += 1;
        }
        for record in 0..=records {
            starts[record + 1] += starts[record];
        }
        // After filling, each start has moved to the end of its record, which is the start of the next one.
        let mut blocks = vec![0u32; members.len()];
        let mut first = 0;
        for (block, &end) in ends.iter().enumerate() {
            for &record in &members[first..end as usize] {
                let next = &mut starts[record as usize + 1];
                blocks[*next as usize] = block as u32;
                *next += 1;
            }
            first = end as usize;
        }
        starts.truncate(records + 1);
        RuleBlocks { keys, ends, members, starts, blocks }
    }

    /// The same blocks, of which some are split.
    pub(super) fn split(self, plan: &BoundPlan<'_>, splits: &BTreeMap<u64, Split>) -> Self {
        if splits.is_empty() {
            return self;
        }
        let (mut whole, mut parts): (Entries, Entries) = (Vec::with_capacity(self.members.len()), Vec::new());
        let mut keys = Vec::new();
        for block in 0..self.len() {
            let (key, members) = self.block(block);
            if !splits.contains_key(&key) {
                whole.extend(members.iter().map(|&record| (key, record)));
                continue;
            }
            for (at, &record) in members.iter().enumerate() {
                if at % TOGETHER == 0 {
                    let next = members[at..].iter().take(TOGETHER);
                    plan.records().fetch(next.map(|&record| RecordId(record)));
                }
                keys.clear();
                keys.push(key);
                plan.refine(splits, RecordId(record), &mut keys);
                parts.extend(keys.iter().map(|&key| (key, record)));
            }
        }
        parts.par_sort_unstable();
        // What was whole is in order already.
        let mut entries: Entries = Vec::with_capacity(whole.len() + parts.len());
        let mut whole = whole.into_iter().peekable();
        for part in parts {
            while let Some(before) = whole.next_if(|entry| *entry < part) {
                entries.push(before);
            }
            entries.push(part);
        }
        entries.extend(whole);
        entries.dedup();
        Self::of_entries(&entries, self.starts.len() - 1)
    }

    /// The numbers of the blocks that a record is in, ascending.
    pub(super) fn of(&self, record: RecordId) -> &[u32] {
        &self.blocks[self.starts[record.index()] as usize..self.starts[record.index() + 1] as usize]
    }

    /// The first block, in the order of the keys, that both records are in.
    #[inline]
    pub(super) fn first_common(&self, a: RecordId, b: RecordId) -> Option<u32> {
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

    /// Whether a block is the first one that two of its members have in common.
    #[inline]
    pub(super) fn is_first_common(&self, block: u32, a: RecordId, b: RecordId) -> bool {
        self.first_common(a, b) == Some(block)
    }

    /// How many blocks there are.
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// The key and the records of a block.
    pub(super) fn block(&self, block: usize) -> (u64, &[u32]) {
        let start = if block == 0 { 0 } else { self.ends[block - 1] as usize };
        (self.keys[block], &self.members[start..self.ends[block] as usize])
    }

    /// The records of all blocks, with repeats.
    pub(super) fn members(&self) -> &[u32] {
        &self.members
    }

    /// How many records a block has.
    pub(super) fn size(&self, block: usize) -> usize {
        let start = if block == 0 { 0 } else { self.ends[block - 1] };
        (self.ends[block] - start) as usize
    }

    /// The pairs of a block.
    pub(super) fn block_pairs(&self, block: usize) -> u64 {
        let size = self.size(block) as u64;
        size * (size - 1) / 2
    }

    /// The pairs of all blocks, with repeats.
    pub(super) fn raw_pairs(&self) -> u64 {
        (0..self.len()).map(|block| self.block_pairs(block)).sum()
    }

    pub(super) fn largest(&self) -> Option<LargestBlock> {
        let size = |&block: &usize| self.size(block);
        let block = (0..self.len()).max_by_key(|block| (size(block), std::cmp::Reverse(*block)))?;
        Some(LargestBlock { records: size(&block), example: RecordId(self.block(block).1[0]) })
    }
}

/// Members whose memory is looked at together.
const TOGETHER: usize = 64;

/// Records whose keys are made in one piece of work.
const CHUNK: usize = 16_384;

/// The (key, record) entries of a rule, ascending; keys that only one record has are left out.
pub(super) fn entries(plan: &BoundPlan<'_>, rule: usize) -> Entries {
    let records = plan.records().len();
    let repeats = Repeats::new(records);
    let chunks: Vec<usize> = (0..records).step_by(CHUNK).collect();
    let each = |first: usize, visit: &mut dyn FnMut(u64, u32)| {
        let mut buffer = KeyBuffer::default();
        for record in first..records.min(first + CHUNK) {
            let keys = plan.effective_keys(rule, RecordId(record as u32), &mut buffer);
            for &key in keys {
                visit(key, record as u32);
            }
        }
    };
    // Keys are made twice: that costs less than sorting those of one record, which most are.
    chunks.par_iter().for_each(|&first| each(first, &mut |key, _| repeats.see(key)));
    let of_chunk = |&first: &usize| {
        let mut entries = Vec::new();
        each(first, &mut |key, record| {
            if repeats.may_repeat(key) {
                entries.push((key, record));
            }
        });
        entries
    };
    let mut entries = chunks.par_iter().map(of_chunk).collect::<Vec<Entries>>().concat();
    entries.par_sort_unstable();
    let mut kept = 0;
    let mut first = 0;
    while first < entries.len() {
        let size = entries[first..].iter().take_while(|entry| entry.0 == entries[first].0).count();
        if size > 1 {
            entries.copy_within(first..first + size, kept);
            kept += size;
        }
        first += size;
    }
    entries.truncate(kept);
    entries
}

/// Which keys may have been seen twice: two sets of bits, by the keys' hashes.
struct Repeats {
    once: Vec<AtomicU64>,
    twice: Vec<AtomicU64>,
    mask: u64,
}

impl Repeats {
    /// Bits for each record: many keys of a record still leave most of them unset.
    const BITS: usize = 32;

    fn new(records: usize) -> Self {
        let words = (records * Self::BITS / 64).next_power_of_two().max(1);
        let bits = || (0..words).map(|_| AtomicU64::new(0)).collect();
        Repeats { once: bits(), twice: bits(), mask: words as u64 - 1 }
    }

    /// The word and the bit of a key, whose own bits are well mixed.
    fn place(&self, key: u64) -> (usize, u64) {
        ((key >> 6 & self.mask) as usize, 1 << (key & 63))
    }

    fn see(&self, key: u64) {
        let (word, bit) = self.place(key);
        if self.once[word].load(Ordering::Relaxed) & bit != 0
            || self.once[word].fetch_or(bit, Ordering::Relaxed) & bit != 0
        {
            self.twice[word].fetch_or(bit, Ordering::Relaxed);
        }
    }

    fn may_repeat(&self, key: u64) -> bool {
        let (word, bit) = self.place(key);
        self.twice[word].load(Ordering::Relaxed) & bit != 0
    }
}
