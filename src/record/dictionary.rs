//! Distinct strings in one arena, numbered from zero in order of first appearance.

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use rayon::prelude::*;
use std::cmp::Ordering;
use std::hash::BuildHasher;

/// Distinct strings of one column, numbered from zero.
///
/// All text lies in one allocation; a string costs its bytes and four more.
///
/// ```
/// use onefold::record::Interner;
/// let mut interner = Interner::new();
/// assert_eq!(interner.intern("meier"), 0);
/// assert_eq!(interner.intern("huber"), 1);
/// assert_eq!(interner.intern("meier"), 0);
/// let dictionary = interner.finish();
/// assert_eq!(dictionary.get(1), "huber");
/// assert_eq!(dictionary.len(), 2);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dictionary {
    text: String,
    /// Where each string ends, modulo 2³²: half the memory of what a look-up reads.
    ends: Vec<u32>,
    /// The numbers of the strings that end beyond one more 2³² bytes; hardly any dictionary has one.
    wraps: Vec<u32>,
}

impl Dictionary {
    /// The string with this number.
    ///
    /// # Panics
    /// If the number is not below [`len`](Self::len); numbers come from the interner that built the dictionary.
    pub fn get(&self, number: u32) -> &str {
        let start = if number == 0 { 0 } else { self.end(number - 1) };
        &self.text[start..self.end(number)]
    }

    /// How many bytes the string with this number has, without a look at them.
    #[inline]
    pub(crate) fn length(&self, number: u32) -> usize {
        self.end(number) - if number == 0 { 0 } else { self.end(number - 1) }
    }

    #[inline]
    fn end(&self, number: u32) -> usize {
        let end = self.ends[number as usize] as usize;
        if self.wraps.is_empty() {
            return end;
        }
        end + (self.wraps.partition_point(|&first| first <= number) << u32::BITS)
    }

    /// How many distinct strings there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True when there is no string.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// All strings in order of their numbers.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> + '_ {
        (0..self.len() as u32).map(|number| self.get(number))
    }

    /// Heap bytes held.
    pub fn bytes(&self) -> usize {
        self.text.capacity() + self.ends.capacity() * size_of::<u32>()
    }

    /// A dictionary of strings that are all different.
    pub(crate) fn of_distinct(strings: impl IntoIterator<Item: AsRef<str>>) -> Self {
        let mut dictionary = Dictionary::default();
        for string in strings {
            dictionary.push(string.as_ref());
        }
        dictionary.shrunk()
    }

    /// The numbers of the strings in ascending order of their texts.
    pub(crate) fn ascending(&self) -> Vec<u32> {
        // The first bytes decide nearly always, so that a comparison reads no text.
        let mut all: Vec<(Head, u32)> = self.iter().map(head).zip(0..).collect();
        all.par_sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| self.get(a.1).cmp(self.get(b.1))));
        all.into_iter().map(|(_, number)| number).collect()
    }

    /// The number of a string, among strings that ascend.
    pub(super) fn rank(&self, value: &str) -> Option<u32> {
        let (mut low, mut high) = (0, self.len() as u32);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.get(middle).cmp(value) {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return Some(middle),
            }
        }
        None
    }

    /// The strings with these numbers, which are all different, in their order.
    pub(crate) fn select(&self, numbers: impl ExactSizeIterator<Item = u32> + Clone) -> Self {
        // Exact sizes: what grows by doubling leaves holes behind, and these are the arrays that stay.
        let bytes = if numbers.len() == self.len() {
            self.text.len()
        } else {
            numbers.clone().map(|number| self.get(number).len()).sum()
        };
        let mut selected = Dictionary {
            text: String::with_capacity(bytes),
            ends: Vec::with_capacity(numbers.len()),
            wraps: Vec::new(),
        };
        for number in numbers {
            selected.push(self.get(number));
        }
        selected
    }

    /// The same strings without spare room.
    fn shrunk(mut self) -> Self {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
        self
    }

    /// Appends a string that is not there yet.
    fn push(&mut self, value: &str) -> u32 {
        let number = self.ends.len() as u32;
        let before = self.text.len();
        self.text.push_str(value);
        self.ends.push(self.text.len() as u32);
        // A cell is far shorter than that, so at most one multiple is passed.
        if before >> u32::BITS != self.text.len() >> u32::BITS {
            self.wraps.push(number);
        }
        number
    }
}

/// New numbers for the used strings of a dictionary, in order of their first use.
#[derive(Debug)]
pub(crate) struct Renumber<'d> {
    texts: &'d Dictionary,
    numbers: Vec<u32>,
    used: Vec<u32>,
}

impl<'d> Renumber<'d> {
    const UNUSED: u32 = u32::MAX;

    pub(crate) fn new(texts: &'d Dictionary) -> Self {
        Renumber { texts, numbers: vec![Self::UNUSED; texts.len()], used: Vec::new() }
    }

    /// The new number of a string.
    pub(crate) fn number(&mut self, before: u32) -> u32 {
        let number = &mut self.numbers[before as usize];
        if *number == Self::UNUSED {
            *number = self.used.len() as u32;
            self.used.push(before);
        }
        *number
    }

    /// The used strings by their new numbers.
    pub(crate) fn finish(self) -> Dictionary {
        self.texts.select(self.used.into_iter())
    }
}

/// The first sixteen bytes of a string, as numbers that are ordered as they are.
type Head = (u64, u64);

fn head(text: &str) -> Head {
    let mut bytes = [0; 16];
    let length = text.len().min(bytes.len());
    bytes[..length].copy_from_slice(&text.as_bytes()[..length]);
    let both = u128::from_be_bytes(bytes);
    ((both >> u64::BITS) as u64, both as u64)
}

/// Builds a [`Dictionary`]: gives each distinct string its number.
///
/// ```
/// let mut interner = onefold::record::Interner::new();
/// assert_eq!(interner.intern("a"), interner.intern("a"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Interner {
    dictionary: Dictionary,
    table: HashTable<Numbered>,
}

/// A string's number and hash. With the hash at hand the table grows without reading any text, and a look-up reads
/// only text that is almost surely equal; both would be a cache miss per string.
#[derive(Clone, Copy, Debug)]
struct Numbered {
    hash: u32,
    number: u32,
}

impl Numbered {
    /// The table takes its buckets from the low bits and its tags from the high ones.
    fn spread(self) -> u64 {
        u64::from(self.hash) << 32 | u64::from(self.hash)
    }
}

/// A fixed seed: the numbers do not depend on it, but the time of a run should not vary by chance either.
const HASHER: FixedState = FixedState::with_seed(0x6f6e_6566_6f6c_6431);

impl Interner {
    /// An interner without strings.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of this string, a new one at its first appearance.
    pub fn intern(&mut self, value: &str) -> u32 {
        self.intern_hashed(value, HASHER.hash_one(value) as u32)
    }

    fn intern_hashed(&mut self, value: &str, hash: u32) -> u32 {
        let new = Numbered { hash, number: self.dictionary.len() as u32 };
        let dictionary = &self.dictionary;
        let equal = |known: &Numbered| known.hash == new.hash && dictionary.get(known.number) == value;
        match self.table.entry(new.spread(), equal, |known| known.spread()) {
            Entry::Occupied(known) => known.get().number,
            Entry::Vacant(vacant) => {
                vacant.insert(new);
                self.dictionary.push(value)
            }
        }
    }

    /// The numbers of these strings, in their order; as if each were interned by itself.
    ///
    /// Where look-ups follow each other, the processor waits for the table, then for the text that it names, one
    /// string after the other; in steps over all strings it waits for many of them at once.
    pub(crate) fn intern_all(&mut self, values: &[&str]) -> Vec<u32> {
        const NONE: u32 = u32::MAX;
        let hash = |value: &&str| HASHER.hash_one(value) as u32;
        let likely = |hash: u32| {
            let sought = Numbered { hash, number: 0 };
            self.table.find(sought.spread(), |known| known.hash == hash).map_or(NONE, |known| known.number)
        };
        let hashes: Vec<u32> = values.iter().map(hash).collect();
        let mut numbers: Vec<u32> = hashes.iter().map(|&hash| likely(hash)).collect();
        for (number, value) in numbers.iter_mut().zip(values) {
            if *number != NONE && self.dictionary.get(*number) != *value {
                *number = NONE;
            }
        }
        for ((number, value), hash) in numbers.iter_mut().zip(values).zip(hashes) {
            if *number == NONE {
                *number = self.intern_hashed(value, hash);
            }
        }
        numbers
    }

    /// The number of this string if it has one.
    pub fn find(&self, value: &str) -> Option<u32> {
        let sought = Numbered { hash: HASHER.hash_one(value) as u32, number: 0 };
        let equal =
            |known: &Numbered| known.hash == sought.hash && self.dictionary.get(known.number) == value;
        self.table.find(sought.spread(), equal).map(|known| known.number)
    }

    /// The strings so far.
    pub fn dictionary(&self) -> &Dictionary {
        &self.dictionary
    }

    /// Gives up the look-up table and keeps the strings.
    pub fn finish(self) -> Dictionary {
        self.dictionary.shrunk()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_beyond_four_gigabytes_are_found() {
        // The text itself would not fit into a test.
        let dictionary =
            Dictionary { text: String::new(), ends: vec![7, u32::MAX, 5, 9, 2], wraps: vec![2, 4] };
        let ends: Vec<usize> = (0..5).map(|number| dictionary.end(number)).collect();
        assert_eq!(ends, [7, (1 << 32) - 1, (1 << 32) + 5, (1 << 32) + 9, (2 << 32) + 2]);
    }

    #[test]
    fn numbers_follow_first_appearance_while_the_table_grows() {
        let texts: Vec<String> =
            (0..50_000u32).map(|at| format!("{}", at.wrapping_mul(2_654_435_769))).collect();
        let mut interner = Interner::new();
        for (number, text) in texts.iter().enumerate() {
            assert_eq!(interner.find(text), None);
            assert_eq!(interner.intern(text), number as u32);
            assert_eq!(interner.intern(&texts[number / 2]), number as u32 / 2);
        }
        let mut at_once = Interner::new();
        for texts in texts.chunks(1_000) {
            let twice: Vec<&str> = texts.iter().chain(texts).map(String::as_str).collect();
            let numbers = at_once.intern_all(&twice);
            assert_eq!(numbers[..texts.len()], numbers[texts.len()..]);
        }
        assert_eq!(at_once.dictionary(), interner.dictionary());
        assert_eq!(interner.find(&texts[49_999]), Some(49_999));
        assert!(interner.finish().iter().eq(texts.iter().map(String::as_str)));
    }

    #[test]
    fn ascending_by_text() {
        let mut texts =
            vec!["", "a", "a\0", "b", "abcdefghijklmnop", "abcdefghijklmnopr", "abcdefghijklmnopq", "ä"];
        let dictionary = Dictionary::of_distinct(&texts);
        let ordered = dictionary.select(dictionary.ascending().into_iter());
        texts.sort_unstable();
        assert!(texts.iter().zip(0..).all(|(text, rank)| ordered.rank(text) == Some(rank)));
        assert_eq!(ordered.rank("c"), None);
        assert!(ordered.iter().eq(texts));
        assert!(dictionary.select([7, 1].into_iter()).iter().eq(["ä", "a"]));
    }
}
