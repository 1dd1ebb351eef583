//! All profiles under a condition, column by column.

use rayon::prelude::*;

use super::audience::Audience;
use super::bits::Bits;
use super::columns::{NumberColumn, ProfileColumns};
use super::condition::Interval;
use super::expr::Expr;
use super::field::Field;
use crate::record::EntityClass;
use crate::value::{Gender, Instant};

/// The profiles that qualify: those for which the condition holds, and is not unknown.
///
/// The result is that of [`matches`](super::matches()) on each profile with the size of its household. A test of a text is
/// made once per distinct text; rows are taken in parallel, 64 at a time.
pub fn evaluate(expr: &Expr, columns: &ProfileColumns, as_of: Instant) -> Audience {
    let node = Node::of(expr, columns, as_of);
    let words = columns.len().div_ceil(64);
    let blocks: Vec<Vec<u64>> = (0..words.div_ceil(WORDS))
        .into_par_iter()
        .map(|block| {
            let first = block * WORDS;
            node.block(first, WORDS.min(words - first)).holds
        })
        .collect();
    let mut holds = blocks.concat();
    if let Some(last) = holds.last_mut()
        && !columns.len().is_multiple_of(64)
    {
        *last &= (1 << (columns.len() % 64)) - 1;
    }
    Audience::of_words(&holds)
}

/// Words of 64 rows that are taken at once: 16,384 rows, whose results stay in the nearest cache.
const WORDS: usize = 256;

/// A condition with its columns at hand.
enum Node<'a> {
    All(Vec<Node<'a>>),
    Any(Vec<Node<'a>>),
    Not(Box<Node<'a>>),
    Interval {
        column: &'a NumberColumn,
        interval: Interval,
    },
    /// The outcome by code; the first is that of no text.
    Codes {
        codes: &'a [u32],
        passes: Vec<bool>,
    },
    CodeKnown(&'a [u32]),
    Gender {
        genders: &'a [Option<Gender>],
        gender: Gender,
    },
    GenderKnown(&'a [Option<Gender>]),
    Class {
        classes: &'a [EntityClass],
        class: EntityClass,
    },
    Bits(&'a Bits),
    Unknown,
}

/// The outcome for a block of rows: where the condition holds, and where it fails. Elsewhere it is unknown.
struct Block {
    holds: Vec<u64>,
    fails: Vec<u64>,
}

impl<'a> Node<'a> {
    fn of(expr: &Expr, columns: &'a ProfileColumns, as_of: Instant) -> Self {
        let parts = |parts: &[Expr]| parts.iter().map(|part| Node::of(part, columns, as_of)).collect();
        let interval = |column: Option<&'a NumberColumn>, interval| match column {
            Some(column) => Node::Interval { column, interval },
            None => Node::Unknown,
        };
        let nobody = || Node::Any(Vec::new());
        match expr {
            Expr::All(all) => Node::All(parts(all)),
            Expr::Any(any) => Node::Any(parts(any)),
            Expr::Not(inner) => Node::Not(Box::new(Node::of(inner, columns, as_of))),
            Expr::Exists(field) => {
                let known = |column: Option<&'a NumberColumn>| {
                    column.map_or_else(nobody, |column| Node::Bits(&column.known))
                };
                match field {
                    Field::Number(field) => known(columns.numbers.get(field)),
                    Field::Amount(field) => known(columns.amounts.get(field)),
                    Field::Instant(field) => known(columns.instants.get(field)),
                    Field::Contact(field) => columns.contacts.get(field).map_or_else(nobody, Node::Bits),
                    Field::Gender(_) => Node::GenderKnown(&columns.genders),
                    Field::Text(field) => {
                        columns.texts.get(field).map_or_else(nobody, |column| Node::CodeKnown(&column.codes))
                    }
                }
            }
            Expr::Number { field, test } => interval(columns.numbers.get(field), Interval::of_numbers(*test)),
            Expr::Amount { field, test } => interval(columns.amounts.get(field), Interval::of_amounts(*test)),
            Expr::Instant { field, test } => {
                interval(columns.instants.get(field), Interval::of_instants(*test, as_of))
            }
            Expr::Text { field, test } => columns.texts.get(field).map_or(Node::Unknown, |column| {
                let test = test.folded();
                let passes = std::iter::once(false).chain(column.texts.iter().map(|text| test.passes(text)));
                Node::Codes { codes: &column.codes, passes: passes.collect() }
            }),
            Expr::Gender(gender) => Node::Gender { genders: &columns.genders, gender: *gender },
            Expr::Class(class) => Node::Class { classes: &columns.classes, class: *class },
            Expr::Source(name) => columns.sources.get(name).map_or_else(nobody, Node::Bits),
        }
    }

    /// The outcome for so many words of rows from a word on.
    fn block(&self, first: usize, words: usize) -> Block {
        let rows = |len: usize| first * 64..((first + words) * 64).min(len);
        match self {
            Node::All(parts) => Block::all(words, parts.iter().map(|part| part.block(first, words))),
            Node::Any(parts) => !Block::all(words, parts.iter().map(|part| !part.block(first, words))),
            Node::Not(inner) => !inner.block(first, words),
            Node::Interval { column, interval } => {
                let values = &column.values[rows(column.values.len())];
                let known = &column.known.words()[first..first + words];
                let Interval { low, high, known_to } = *interval;
                let holds = bits(values, |&value| low <= value && value <= high);
                let late = bits(values, |&value| value > known_to);
                Block::of(holds, known.iter().zip(late).map(|(known, late)| known & !late))
            }
            Node::Codes { codes, passes } => {
                let codes = &codes[rows(codes.len())];
                Block::of(bits(codes, |&code| passes[code as usize]), bits(codes, |&code| code != 0))
            }
            Node::CodeKnown(codes) => Block::known(bits(&codes[rows(codes.len())], |&code| code != 0)),
            Node::Gender { genders, gender } => {
                let genders = &genders[rows(genders.len())];
                Block::of(bits(genders, |&known| known == Some(*gender)), bits(genders, Option::is_some))
            }
            Node::GenderKnown(genders) => Block::known(bits(&genders[rows(genders.len())], Option::is_some)),
            Node::Class { classes, class } => {
                Block::known(bits(&classes[rows(classes.len())], |known| known == class))
            }
            Node::Bits(bits) => Block::known(bits.words()[first..first + words].to_vec()),
            Node::Unknown => Block { holds: vec![0; words], fails: vec![0; words] },
        }
    }
}

impl Block {
    /// Where it holds, of the rows that are known.
    fn of(mut holds: Vec<u64>, known: impl IntoIterator<Item = u64>) -> Self {
        let fails = holds.iter_mut().zip(known).map(|(holds, known)| {
            let fails = known & !*holds;
            *holds &= known;
            fails
        });
        let fails = fails.collect();
        Block { holds, fails }
    }

    /// Never unknown.
    fn known(holds: Vec<u64>) -> Self {
        let fails = holds.iter().map(|holds| !holds).collect();
        Block { holds, fails }
    }

    fn all(words: usize, parts: impl Iterator<Item = Block>) -> Self {
        let everyone = Block { holds: vec![u64::MAX; words], fails: vec![0; words] };
        parts.fold(everyone, |mut all, part| {
            all.holds.iter_mut().zip(part.holds).for_each(|(all, part)| *all &= part);
            all.fails.iter_mut().zip(part.fails).for_each(|(all, part)| *all |= part);
            all
        })
    }
}

impl std::ops::Not for Block {
    type Output = Block;

    fn not(self) -> Block {
        Block { holds: self.fails, fails: self.holds }
    }
}

/// One bit per value, in words.
fn bits<T>(values: &[T], holds: impl Fn(&T) -> bool) -> Vec<u64> {
    let word = |values: &[T]| {
        values.iter().enumerate().fold(0, |word, (at, value)| word | u64::from(holds(value)) << at)
    };
    values.chunks(64).map(word).collect()
}
