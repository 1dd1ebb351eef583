//! Key parts: from one value to the hashes under which its record is filed.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::id::ValueId;
use crate::record::Column;
use crate::schema::{Field, FieldKind};
use crate::text;

/// How a value becomes blocking keys.
///
/// ```
/// use onefold::{FieldKind, block::{KeyFunction, KeyPart}, schema::Field};
/// let part = KeyPart::new(Field::new(FieldKind::FamilyName, ""), KeyFunction::Prefix(3));
/// assert_eq!(part.to_string(), "prefix(family_name,3)");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum KeyFunction {
    /// The whole value. For dates the order of day and month does not count, and a date without a day has no key.
    Exact,
    /// The first characters, at most this many.
    Prefix(u8),
    /// The last characters, exactly this many; a shorter value has no key.
    Ending(u8),
    /// Kölner Phonetik (Postel 1969) of the value.
    Cologne,
    /// Double Metaphone (Philips 2000) of the value.
    Metaphone,
    /// The deletion neighbourhood: two values within one edit (or one transposition) share a key.
    Typo,
    /// The year of a date.
    Year,
    /// Day and month of a date, in either order.
    DayMonth,
    /// Each word of the value is a key.
    Token,
    /// The part of an e-mail address before the `@`.
    Local,
}

/// A key function applied to a field.
///
/// ```
/// use onefold::{FieldKind, block::{KeyFunction, KeyPart}, schema::Field};
/// let part = KeyPart::new(Field::new(FieldKind::Email, ""), KeyFunction::Exact);
/// assert_eq!(part.to_string(), "email");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct KeyPart {
    /// The field whose values make the key.
    pub field: Field,
    /// How they make it.
    pub function: KeyFunction,
}

impl KeyPart {
    /// The function applied to the field.
    pub fn new(field: Field, function: KeyFunction) -> Self {
        KeyPart { field, function }
    }

    /// Appends the keys of one normalised value; a value may have none.
    pub(crate) fn keys(&self, value: &str, keys: &mut Vec<u64>) {
        let is_date = matches!(self.field.kind, FieldKind::BirthDate | FieldKind::Date);
        match self.function {
            KeyFunction::Exact if is_date => {
                if let Some((year, low, high)) = unordered_date(value) {
                    keys.push(text::combine(text::hash(year), text::combine(low, high)));
                }
            }
            KeyFunction::Exact => keys.push(text::hash(value)),
            KeyFunction::Prefix(length) => {
                let end = value.char_indices().nth(length.into()).map_or(value.len(), |(at, _)| at);
                keys.push(text::hash(&value[..end]));
            }
            KeyFunction::Ending(length) => {
                let start = value.char_indices().rev().nth(usize::from(length).saturating_sub(1));
                keys.extend(start.map(|(at, _)| text::hash(&value[at..])));
            }
            KeyFunction::Cologne => keys.extend(phonetic(value, text::cologne)),
            KeyFunction::Metaphone => keys.extend(phonetic(value, text::double_metaphone)),
            KeyFunction::Typo => keys.extend(text::deletions(value)),
            KeyFunction::Year => keys.extend(value.split('-').next().map(text::hash)),
            KeyFunction::DayMonth => {
                keys.extend(unordered_date(value).map(|(_, low, high)| text::combine(low, high)));
            }
            KeyFunction::Token => {
                keys.extend(text::tokens(value).filter(|token| token.len() > 1).map(text::hash));
            }
            KeyFunction::Local => keys.extend(value.split_once('@').map(|(local, _)| text::hash(local))),
        }
    }

    /// Appends the keys of one normalised value, ascending and each once.
    pub(crate) fn distinct_keys(&self, value: &str, keys: &mut Vec<u64>) {
        let start = keys.len();
        self.keys(value, keys);
        keys[start..].sort_unstable();
        let mut kept = start;
        for at in start..keys.len() {
            if at == start || keys[at] != keys[kept - 1] {
                keys[kept] = keys[at];
                kept += 1;
            }
        }
        keys.truncate(kept);
    }

    /// What of a value makes one of its keys, for readers: the prefix, the word, the year. Where the key is no text of
    /// its own, the value, which then stands for those that sound or look like it.
    pub(crate) fn shown(&self, value: &str, key: u64) -> String {
        let part = match self.function {
            KeyFunction::Prefix(length) => Some(value.chars().take(length.into()).collect::<String>()),
            KeyFunction::DayMonth => value.split_once('-').map(|(_, rest)| rest.to_owned()),
            KeyFunction::Year => value.split('-').next().map(str::to_owned),
            KeyFunction::Token => {
                text::tokens(value).find(|token| text::hash(token) == key).map(str::to_owned)
            }
            KeyFunction::Local => value.split_once('@').map(|(local, _)| local.to_owned()),
            KeyFunction::Ending(length) => {
                let skipped = value.chars().count().saturating_sub(length.into());
                Some(value.chars().skip(skipped).collect())
            }
            _ => None,
        };
        part.unwrap_or_else(|| value.to_owned())
    }
}

impl std::fmt::Display for KeyPart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let field = &self.field;
        match self.function {
            KeyFunction::Exact => write!(f, "{field}"),
            KeyFunction::Prefix(length) => write!(f, "prefix({field},{length})"),
            KeyFunction::Ending(length) => write!(f, "ending({field},{length})"),
            KeyFunction::Cologne => write!(f, "cologne({field})"),
            KeyFunction::Metaphone => write!(f, "metaphone({field})"),
            KeyFunction::Typo => write!(f, "typo({field})"),
            KeyFunction::Year => write!(f, "year({field})"),
            KeyFunction::DayMonth => write!(f, "day_month({field})"),
            KeyFunction::Token => write!(f, "token({field})"),
            KeyFunction::Local => write!(f, "local({field})"),
        }
    }
}

/// The year of an ISO date and the hashes of day and month, the smaller first; nothing without a day.
fn unordered_date(value: &str) -> Option<(&str, u64, u64)> {
    let mut parts = value.split('-');
    let year = parts.next()?;
    let (month, day) = (text::hash(parts.next()?), text::hash(parts.next()?));
    Some((year, month.min(day), month.max(day)))
}

/// The code of each word joined; a value without a code (digits only) has no key.
fn phonetic(value: &str, encode: fn(&str) -> String) -> Option<u64> {
    let codes: Vec<String> = text::tokens(value).map(encode).filter(|code| !code.is_empty()).collect();
    (!codes.is_empty()).then(|| text::hash(&codes.join(" ")))
}

/// The keys of all distinct values of a column under one part.
#[derive(Clone, Debug)]
pub(crate) struct ValueKeys {
    /// Where the keys of each value id begin; empty if each value has one key.
    starts: Vec<u32>,
    keys: Vec<u64>,
}

impl ValueKeys {
    /// Computes the keys of each distinct value once.
    pub(crate) fn new(part: &KeyPart, column: &Column) -> Self {
        const CHUNK: usize = 8_192;
        let of_chunk = |first: usize| {
            let (mut ends, mut keys) = (Vec::new(), Vec::new());
            for id in first..column.distinct().min(first + CHUNK) {
                part.distinct_keys(column.text(ValueId(id as u32 + 1)), &mut keys);
                ends.push(keys.len() as u32);
            }
            (ends, keys)
        };
        let firsts: Vec<usize> = (0..column.distinct()).step_by(CHUNK).collect();
        let chunks: Vec<(Vec<u32>, Vec<u64>)> = firsts.into_par_iter().map(of_chunk).collect();
        let mut keys = Vec::with_capacity(chunks.iter().map(|chunk| chunk.1.len()).sum());
        let one_each = |(ends, keys): &(Vec<u32>, Vec<u64>)| {
            ends.len() == keys.len() && ends.iter().zip(1..).all(|(&end, at)| end == at)
        };
        if chunks.iter().all(one_each) {
            keys.extend(chunks.into_iter().flat_map(|(_, keys)| keys));
            return ValueKeys { starts: Vec::new(), keys };
        }
        let mut starts = Vec::with_capacity(column.distinct() + 2);
        starts.extend([0, 0]);
        for (ends, chunk) in chunks {
            let before = keys.len() as u32;
            starts.extend(ends.into_iter().map(|end| before + end));
            keys.extend(chunk);
        }
        ValueKeys { starts, keys }
    }

    /// The keys of a value id (0, the missing value, has none).
    #[inline]
    pub(crate) fn of(&self, value: usize) -> &[u64] {
        if self.starts.is_empty() {
            return &self.keys[value.saturating_sub(1)..value];
        }
        &self.keys[self.starts[value] as usize..self.starts[value + 1] as usize]
    }
}
