//! Distinct strings in one arena, numbered from zero in order of first appearance.

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use std::hash::BuildHasher;

/// Distinct strings of one column, numbered from zero.
///
/// All text lies in one allocation; a string costs its bytes and eight more.
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
    ends: Vec<usize>,
}

impl Dictionary {
    /// The string with this number.
    ///
    /// # Panics
    /// If the number is not below [`len`](Self::len); numbers come from the interner that built the dictionary.
    pub fn get(&self, number: u32) -> &str {
        let number = number as usize;
        let start = if number == 0 { 0 } else { self.ends[number - 1] };
        &self.text[start..self.ends[number]]
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
        self.text.capacity() + self.ends.capacity() * size_of::<usize>()
    }

    fn push(&mut self, value: &str) -> u32 {
        let number = self.ends.len() as u32;
        self.text.push_str(value);
        self.ends.push(self.text.len());
        number
    }
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
    table: HashTable<u32>,
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
        let hash = HASHER.hash_one(value);
        let dictionary = &self.dictionary;
        if let Some(&number) = self.table.find(hash, |&n| dictionary.get(n) == value) {
            return number;
        }
        let number = self.dictionary.push(value);
        let dictionary = &self.dictionary;
        self.table.insert_unique(hash, number, |&n| HASHER.hash_one(dictionary.get(n)));
        number
    }

    /// The number of this string if it has one.
    pub fn find(&self, value: &str) -> Option<u32> {
        self.table.find(HASHER.hash_one(value), |&n| self.dictionary.get(n) == value).copied()
    }

    /// The strings so far.
    pub fn dictionary(&self) -> &Dictionary {
        &self.dictionary
    }

    /// Gives up the look-up table and keeps the strings.
    pub fn finish(mut self) -> Dictionary {
        self.dictionary.text.shrink_to_fit();
        self.dictionary.ends.shrink_to_fit();
        self.dictionary
    }
}
