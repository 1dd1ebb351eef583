//! What the name comparators need of each distinct name.

use crate::normalize::{are_variants, variant_groups};
use crate::record::Column;
use crate::text::{self, Signature};

/// A name prepared for comparison.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct NameFeatures {
    /// Letters and length, for bounds.
    pub(crate) signature: Signature,
    /// Hash of the transliteration key: equal for müller, mueller and muller.
    loose: u64,
    /// The name has nicknames or variants at all.
    has_variants: bool,
    /// A single letter.
    initial: bool,
    /// Several words.
    compound: bool,
}

impl NameFeatures {
    pub(crate) fn new(name: &str) -> Self {
        NameFeatures {
            signature: Signature::of(name),
            loose: text::hash(&text::loose(name)),
            has_variants: !variant_groups(name).is_empty(),
            initial: name.chars().nth(1).is_none(),
            compound: name.contains(' '),
        }
    }

    /// Features of all values of a column, by value id.
    pub(crate) fn of_column(column: &Column) -> Vec<NameFeatures> {
        std::iter::once(NameFeatures::default())
            .chain(column.values().map(|(_, text)| NameFeatures::new(text)))
            .collect()
    }
}

/// A name with its features.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Name<'a> {
    pub(crate) text: &'a str,
    pub(crate) features: NameFeatures,
}

fn first_letter(name: &str) -> Option<char> {
    name.chars().next()
}

/// The level of two different given names, crossing aside.
pub(crate) fn given(a: Name<'_>, b: Name<'_>) -> u8 {
    if a.features.loose == b.features.loose
        || (a.features.has_variants && b.features.has_variants && are_variants(a.text, b.text))
    {
        return 2;
    }
    if a.features.initial || b.features.initial {
        return if first_letter(a.text) == first_letter(b.text) { 3 } else { 8 };
    }
    match similarity(a, b, 0.80) {
        Some(similarity) if similarity >= 0.92 => 4,
        Some(_) => 5,
        None if is_half_alike(a, b) => 6,
        None => 8,
    }
}

/// The level of two different surnames, crossing aside.
pub(crate) fn family(a: Name<'_>, b: Name<'_>) -> u8 {
    let part = (a.features.compound || b.features.compound)
        && text::tokens(a.text)
            .any(|token| token.len() > 2 && text::tokens(b.text).any(|other| other == token));
    if a.features.loose == b.features.loose || part {
        return 2;
    }
    match similarity(a, b, 0.82) {
        Some(similarity) if similarity >= 0.92 => 3,
        Some(_) => 4,
        None if is_half_alike(a, b) => 5,
        None => 7,
    }
}

/// The level of two different further given names.
pub(crate) fn middle(a: Name<'_>, b: Name<'_>) -> u8 {
    if a.features.initial || b.features.initial {
        return if first_letter(a.text) == first_letter(b.text) { 2 } else { 4 };
    }
    if a.features.loose == b.features.loose || similarity(a, b, 0.88).is_some() { 3 } else { 4 }
}

fn similarity(a: Name<'_>, b: Name<'_>, least: f64) -> Option<f64> {
    text::jaro_winkler_at_least(a.text, b.text, a.features.signature, b.features.signature, least)
}

/// At most every other letter is wrong: what a hurried clerk or a scanner leaves of a name. Jaro–Winkler, which asks for a
/// common beginning, tells such a pair hardly from chance.
fn is_half_alike(a: Name<'_>, b: Name<'_>) -> bool {
    let (signature, other) = (a.features.signature, b.features.signature);
    let longest = signature.length().max(other.length());
    let limit = longest / 2;
    longest > 2
        && signature.levenshtein_bound(other) <= limit
        && text::damerau_within(a.text, b.text, limit).is_some()
}

/// For the values of one column: the id of the same text in another column, 0 if it has none. Crossed names
/// (the given name of one record as surname of the other) are then integer comparisons.
pub(crate) fn crossing(from: &Column, to: &Column) -> Vec<u32> {
    let texts: Vec<(&str, u32)> = {
        let mut texts: Vec<_> = to.values().map(|(id, text)| (text, id.0)).collect();
        texts.sort_unstable();
        texts
    };
    let find = |text: &str| texts.binary_search_by(|probe| probe.0.cmp(text)).map_or(0, |at| texts[at].1);
    std::iter::once(0).chain(from.values().map(|(_, text)| find(text))).collect()
}

/// The values of a dictionary as numbers; NaN where the text is none.
pub(crate) fn numbers(column: &Column) -> Vec<f64> {
    let read = |text: &str| text.parse().unwrap_or(f64::NAN);
    std::iter::once(f64::NAN).chain(column.values().map(|(_, text)| read(text))).collect()
}
