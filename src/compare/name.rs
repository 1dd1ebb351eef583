//! What the name comparators need of each distinct name.

use crate::normalize::{share_group, variant_groups};
use crate::record::Column;
use crate::text::{self, Signature};

/// A name prepared for comparison.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct NameFeatures {
    /// Letters and length, for bounds.
    pub(crate) signature: Signature,
    /// Hash of the transliteration key: equal for müller, mueller and muller.
    loose: u64,
    /// The groups of nicknames and variants that the name belongs to.
    variants: &'static [u32],
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
            variants: variant_groups(name),
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

/// The level of two different names, where their features settle it.
pub(crate) type ByFeatures = fn(&NameFeatures, &NameFeatures) -> Option<u8>;
/// The level of two different names from their texts.
pub(crate) type ByText = fn((&str, &NameFeatures), (&str, &NameFeatures)) -> u8;

/// The level of two different given names, crossing aside, where their features settle it.
pub(crate) fn given_by_features(a: &NameFeatures, b: &NameFeatures) -> Option<u8> {
    if a.loose == b.loose || share_group(a.variants, b.variants) {
        return Some(2);
    }
    let settled = !a.initial && !b.initial && !may_be_similar(a, b, LEAST_GIVEN) && !may_be_half_alike(a, b);
    settled.then_some(8)
}

/// The level of two different given names whose features settle nothing.
pub(crate) fn given(a: (&str, &NameFeatures), b: (&str, &NameFeatures)) -> u8 {
    if a.1.initial || b.1.initial {
        return if first_letter(a.0) == first_letter(b.0) { 3 } else { 8 };
    }
    match similarity(a, b, LEAST_GIVEN) {
        Some(similarity) if similarity >= 0.92 => 4,
        Some(_) => 5,
        None if is_half_alike(a, b) => 6,
        None => 8,
    }
}

/// The level of two different surnames, crossing aside, where their features settle it.
pub(crate) fn family_by_features(a: &NameFeatures, b: &NameFeatures) -> Option<u8> {
    if a.loose == b.loose {
        return Some(2);
    }
    let settled =
        !a.compound && !b.compound && !may_be_similar(a, b, LEAST_FAMILY) && !may_be_half_alike(a, b);
    settled.then_some(7)
}

/// The level of two different surnames whose features settle nothing.
pub(crate) fn family(a: (&str, &NameFeatures), b: (&str, &NameFeatures)) -> u8 {
    let part = (a.1.compound || b.1.compound)
        && text::tokens(a.0).any(|token| token.len() > 2 && text::tokens(b.0).any(|other| other == token));
    if part {
        return 2;
    }
    match similarity(a, b, LEAST_FAMILY) {
        Some(similarity) if similarity >= 0.92 => 3,
        Some(_) => 4,
        None if is_half_alike(a, b) => 5,
        None => 7,
    }
}

/// The level of two different further given names, where their features settle it.
pub(crate) fn middle_by_features(a: &NameFeatures, b: &NameFeatures) -> Option<u8> {
    if a.initial || b.initial {
        return None;
    }
    if a.loose == b.loose { Some(3) } else { (!may_be_similar(a, b, LEAST_MIDDLE)).then_some(4) }
}

/// The level of two different further given names whose features settle nothing.
pub(crate) fn middle(a: (&str, &NameFeatures), b: (&str, &NameFeatures)) -> u8 {
    if a.1.initial || b.1.initial {
        return if first_letter(a.0) == first_letter(b.0) { 2 } else { 4 };
    }
    if similarity(a, b, LEAST_MIDDLE).is_some() { 3 } else { 4 }
}

/// The Jaro–Winkler similarity from which names are alike.
const LEAST_GIVEN: f64 = 0.80;
const LEAST_FAMILY: f64 = 0.82;
const LEAST_MIDDLE: f64 = 0.88;

fn first_letter(name: &str) -> Option<char> {
    name.chars().next()
}

fn may_be_similar(a: &NameFeatures, b: &NameFeatures, least: f64) -> bool {
    a.signature.may_be_similar(b.signature, least)
}

fn similarity(a: (&str, &NameFeatures), b: (&str, &NameFeatures), least: f64) -> Option<f64> {
    text::jaro_winkler_at_least(a.0, b.0, a.1.signature, b.1.signature, least)
}

/// At most every other letter is wrong: what a hurried clerk or a scanner leaves of a name. Jaro–Winkler, which asks for a
/// common beginning, tells such a pair hardly from chance.
fn is_half_alike(a: (&str, &NameFeatures), b: (&str, &NameFeatures)) -> bool {
    may_be_half_alike(a.1, b.1) && text::damerau_within(a.0, b.0, most_edits(a.1, b.1)).is_some()
}

fn may_be_half_alike(a: &NameFeatures, b: &NameFeatures) -> bool {
    let longest = a.signature.length().max(b.signature.length());
    longest > 2 && a.signature.levenshtein_bound(b.signature) <= most_edits(a, b)
}

fn most_edits(a: &NameFeatures, b: &NameFeatures) -> usize {
    a.signature.length().max(b.signature.length()) / 2
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_features_settle_the_texts_say_too(a in "[a-e]{1,7}( [a-e]{3})?", b in "[a-e]{1,7}( [a-e]{3})?") {
            let (left, right) = (NameFeatures::new(&a), NameFeatures::new(&b));
            prop_assume!(a != b && left.loose != right.loose && !share_group(left.variants, right.variants));
            let kinds: [(ByFeatures, ByText); 3] =
                [(given_by_features, given), (family_by_features, family), (middle_by_features, middle)];
            for (by_features, by_text) in kinds {
                let level = by_text((&a, &left), (&b, &right));
                prop_assert_eq!(by_features(&left, &right).unwrap_or(level), level);
            }
        }
    }
}
