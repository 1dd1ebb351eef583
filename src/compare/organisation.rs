//! Names of organisations: what two names share, in bits, against what each has alone.
//!
//! A name is a bag of phrases: the name proper, departments, places, each of which the other record may leave out. So
//! what one name has beyond the other says little, as long as the other has nothing of its own instead; what *both* have
//! of their own is conflict (Tversky 1977, features shared against features of either side).

use rayon::prelude::*;

use crate::compare::phrase::{self, PhraseCounts};
use crate::record::Column;
use crate::text::{self, Signature};

/// What a pair's level says at least, in bits, after the level of equality; less is disagreement.
pub(crate) const LEAST_BITS: [f32; 7] = [20.0, 16.0, 13.0, 10.0, 8.0, 6.0, 3.0];

/// Part of the bits that conflict takes from those that agree: of the side that has less of its own, and of the other.
const CONFLICT: f32 = 0.7;
const SURPLUS: f32 = 0.05;
/// What a misspelling or an abbreviation takes from the bits of a word.
const VARIANT: f32 = 2.0;
/// Words that are compared as variants of each other, on either side.
const MOST_VARIANTS: usize = 16;
/// The shortest abbreviation from initials that is looked for; shorter ones meet by chance.
const SHORTEST_ACRONYM: usize = 3;
const LONGEST_ACRONYM: usize = 7;

/// A word of a name.
#[derive(Clone, Copy, Debug)]
struct Word {
    hash: u64,
    /// The word before, 0 if there is none.
    before: u64,
    /// What it says by itself, and after the word before.
    bits: f32,
    bits_after: f32,
    /// Where it stands in the text, in bytes, and its place among the words.
    start: u16,
    end: u16,
    place: u8,
    /// Its place among the words that give initials; [`NO_INITIAL`] if it gives none.
    initial: u8,
    signature: Signature,
}

const NO_INITIAL: u8 = u8::MAX;

/// The words of all distinct names of a column.
#[derive(Clone, Debug)]
pub(crate) struct OrganisationNames {
    starts: Vec<u32>,
    /// By name; within a name by hash, each word once.
    words: Vec<Word>,
}

impl OrganisationNames {
    pub(crate) fn new(column: &Column, counts: &PhraseCounts) -> Self {
        let names: Vec<&str> = column.values().map(|(_, text)| text).collect();
        let words: Vec<Vec<Word>> = names.into_par_iter().map(|name| words_of(name, counts)).collect();
        let mut starts = vec![0u32, 0];
        starts.extend(words.iter().scan(0, |end, words| {
            *end += words.len() as u32;
            Some(*end)
        }));
        OrganisationNames { starts, words: words.concat() }
    }

    fn of(&self, id: usize) -> &[Word] {
        &self.words[self.starts[id] as usize..self.starts[id + 1] as usize]
    }

    /// The level of two different names, by value id and text.
    pub(crate) fn level(&self, a: (usize, &str), b: (usize, &str)) -> u8 {
        let bits = self.bits(a, b);
        let level = LEAST_BITS.iter().position(|&least| bits >= least).unwrap_or(LEAST_BITS.len());
        level as u8 + 2
    }

    /// What two different names say together, in bits.
    pub(crate) fn bits(&self, a: (usize, &str), b: (usize, &str)) -> f32 {
        // Variants are taken one after the other, so which name comes first is settled by the texts.
        let (a, b) = if a.1 <= b.1 { (a, b) } else { (b, a) };
        let (left, right) = (Side::new(self.of(a.0), a.1), Side::new(self.of(b.0), b.1));
        let mut pair = Shared::default();
        pair.equal_words(left, right);
        if pair.left.count_ones() as usize == left.words.len() && left.words.len() == right.words.len() {
            // The same words in another order.
            return left.words.iter().map(|word| word.bits_after).sum::<f32>().max(LEAST_BITS[1]);
        }
        pair.acronyms(left, right);
        pair.variants(left, right);
        let (of_left, of_right) = (left.alone(pair.left), right.alone(pair.right));
        pair.bits - CONFLICT * of_left.min(of_right) - SURPLUS * of_left.max(of_right)
    }
}

#[derive(Clone, Copy)]
struct Side<'a> {
    words: &'a [Word],
    name: &'a str,
}

impl<'a> Side<'a> {
    fn new(words: &'a [Word], name: &'a str) -> Self {
        Side { words, name }
    }

    fn text(self, word: &Word) -> &'a str {
        &self.name[usize::from(word.start)..usize::from(word.end)]
    }

    /// What the words beyond these say.
    fn alone(self, shared: u64) -> f32 {
        let alone = self.words.iter().filter(|word| shared & 1 << word.place == 0);
        alone.map(|word| word.bits_after).sum()
    }

    fn rest(self, shared: u64) -> impl Iterator<Item = &'a Word> {
        self.words.iter().filter(move |word| shared & 1 << word.place == 0)
    }
}

/// The words, by place, that found a partner, and what they say.
#[derive(Clone, Copy, Debug, Default)]
struct Shared {
    left: u64,
    right: u64,
    bits: f32,
}

impl Shared {
    fn equal_words(&mut self, left: Side<'_>, right: Side<'_>) {
        let (mut i, mut j) = (0, 0);
        while let (Some(a), Some(b)) = (left.words.get(i), right.words.get(j)) {
            if a.hash == b.hash {
                self.left |= 1 << a.place;
                self.right |= 1 << b.place;
                let phrase = a.before == b.before && a.before != 0;
                self.bits += if phrase { a.bits_after } else { a.bits };
            }
            i += usize::from(a.hash <= b.hash);
            j += usize::from(b.hash <= a.hash);
        }
    }

    /// Words that are the initials of a run of the other name's words: `mit`, `iit`.
    fn acronyms(&mut self, left: Side<'_>, right: Side<'_>) {
        let (on_left, on_right, of_left) = acronyms(left, self.left, right, self.right);
        self.left |= on_left;
        self.right |= on_right;
        let (on_right, on_left, of_right) = acronyms(right, self.right, left, self.left);
        self.left |= on_left;
        self.right |= on_right;
        self.bits += of_left + of_right;
    }

    /// Misspelt and abbreviated words.
    fn variants(&mut self, left: Side<'_>, right: Side<'_>) {
        for a in left.rest(self.left).take(MOST_VARIANTS) {
            let found = right
                .rest(self.right)
                .take(MOST_VARIANTS)
                .filter(|b| is_variant(left.text(a), right.text(b), a.signature, b.signature))
                .max_by(|x, y| x.bits.total_cmp(&y.bits).then(y.hash.cmp(&x.hash)));
            if let Some(b) = found {
                self.left |= 1 << a.place;
                self.right |= 1 << b.place;
                self.bits += (a.bits.min(b.bits) - VARIANT).max(0.0);
            }
        }
    }
}

/// Which words of a name are initials of the other's, which words these are, and what that says in bits.
fn acronyms(short: Side<'_>, shared: u64, long: Side<'_>, covered: u64) -> (u64, u64, f32) {
    let (mut found, mut bits, mut run) = (0, 0.0, 0);
    for word in short.rest(shared) {
        let acronym = short.text(word);
        let length = acronym.len();
        let possible = (SHORTEST_ACRONYM..=LONGEST_ACRONYM).contains(&length)
            && acronym.bytes().all(|byte| byte.is_ascii_lowercase());
        if !possible {
            continue;
        }
        let mut initials = [(0u8, 0u64); phrase::MOST_WORDS];
        let mut last = 0;
        for word in long.words.iter().filter(|word| word.initial != NO_INITIAL) {
            let at = usize::from(word.initial);
            initials[at] = (long.name.as_bytes()[usize::from(word.start)], 1 << word.place);
            last = last.max(at + 1);
        }
        let spelt = |run: &&[(u8, u64)]| run.iter().map(|initial| initial.0).eq(acronym.bytes());
        if let Some(spelt) = initials[..last].windows(length).find(spelt) {
            let words: u64 = spelt.iter().map(|initial| initial.1).sum();
            if words & (covered | run) == 0 {
                run |= words;
                found |= 1 << word.place;
                // Some four bits a letter, less the places where a run may begin.
                bits += (4.0 * length as f32 - 3.0).min(word.bits);
            }
        }
    }
    (found, run, bits)
}

fn is_variant(a: &str, b: &str, signature_a: Signature, signature_b: Signature) -> bool {
    const LEAST: f64 = 0.92;
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    // Numbers are equal or differ.
    if short.len() < 3 || short.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    abbreviates(short, long)
        || (short.len() > 3 && text::jaro_winkler_at_least(a, b, signature_a, signature_b, LEAST).is_some())
}

/// True for `univ` of `university` and `dept` of `department`: a beginning, or letters in order up to the last one.
fn abbreviates(short: &str, long: &str) -> bool {
    if long.starts_with(short) {
        return true;
    }
    let (Some((last, short)), Some((end, long))) =
        (short.as_bytes().split_last(), long.as_bytes().split_last())
    else {
        return false;
    };
    let mut letters = long.iter();
    last == end
        && short.first() == long.first()
        && short.len() + 2 <= long.len()
        && short.iter().all(|letter| letters.any(|l| l == letter))
}

fn words_of(name: &str, counts: &PhraseCounts) -> Vec<Word> {
    let (mut words, mut before, mut initials) = (Vec::new(), 0, 0u8);
    for (place, (hash, text)) in phrase::words(name).enumerate() {
        let start = text.as_ptr() as usize - name.as_ptr() as usize;
        let Ok(end) = u16::try_from(start + text.len()) else { break };
        // Articles and prepositions give no initial.
        let gives = text.len() > 3 && text.as_bytes()[0].is_ascii_lowercase();
        let bits = counts.bits(hash);
        words.push(Word {
            hash,
            before,
            bits,
            bits_after: if before == 0 { bits } else { counts.bits_after(before, hash) },
            start: start as u16,
            end,
            place: place as u8,
            initial: if gives { initials } else { NO_INITIAL },
            signature: Signature::of(text),
        });
        initials += u8::from(gives);
        before = hash;
    }
    words.sort_by_key(|word| (word.hash, word.place));
    words.dedup_by_key(|word| word.hash);
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{RecordId, ValueId};
    use crate::record::ColumnBuilder;
    use crate::schema::{Field, FieldKind};

    const NAMES: [&str; 12] = [
        "university of pennsylvania",
        "department of computer science university of pennsylvania philadelphia",
        "department of computer science university of arizona tucson",
        "univ of pennsylvania",
        "university of pennsylvannia",
        "massachusetts institute of technology",
        "mit cambridge",
        "institute of technology bandung",
        "department of computer science university of passau",
        "department of mathematics university of bonn",
        "institute of computer science university of kiel",
        "pennsylvania university of",
    ];

    fn bits(a: &str, b: &str) -> f32 {
        let mut builder = ColumnBuilder::new(Field::new(FieldKind::OrgName, ""));
        NAMES.iter().zip(0..).for_each(|(name, at)| builder.push(RecordId(at), name));
        let column = builder.finish();
        let names = OrganisationNames::new(&column, &PhraseCounts::of_column(&column, |_| 1.0));
        let id = |name: &str| {
            let found: Option<(ValueId, &str)> = column.values().find(|value| value.1 == name);
            found.map_or(0, |value| value.0.index())
        };
        let bits = names.bits((id(a), a), (id(b), b));
        assert!((bits - names.bits((id(b), b), (id(a), a))).abs() < 1e-4, "{a} {b}");
        bits
    }

    #[test]
    fn what_names_share_counts_and_what_both_have_of_their_own_counts_against() {
        // (nearer, farther) from the same name.
        let cases = [
            ("part of the other", NAMES[0], NAMES[1], NAMES[2]),
            ("abbreviated", NAMES[0], NAMES[3], NAMES[9]),
            ("misspelt", NAMES[0], NAMES[4], NAMES[9]),
            ("initials", NAMES[6], NAMES[5], NAMES[7]),
            ("a shared department is no shared name", NAMES[1], NAMES[0], NAMES[8]),
            ("another order", NAMES[0], NAMES[11], NAMES[10]),
        ];
        for (case, name, near, far) in cases {
            let (near, far) = (bits(name, near), bits(name, far));
            assert!(near > far, "{case}: {near} {far}");
        }
    }

    #[test]
    fn abbreviations() {
        for (short, long, expected) in [
            ("univ", "university", true),
            ("dept", "department", true),
            ("natl", "national", true),
            ("inst", "institute", true),
            ("ucla", "university", false),
            ("dep", "depart", true),
            ("art", "department", false),
        ] {
            assert_eq!(abbreviates(short, long), expected, "{short} {long}");
        }
    }
}
