//! The promise that the bit-parallel kernels of `onefold::text` give what `strsim` gives, to the last bit.

use onefold::text::{
    Signature, damerau, damerau_within, jaro, jaro_winkler, jaro_winkler_at_least, levenshtein,
    levenshtein_within,
};
use proptest::prelude::*;

#[path = "../src/text/cases.rs"]
mod cases;

/// Thresholds that users write; scores that are exactly equal to one are where a last bit decides.
const THRESHOLDS: [f64; 6] = [0.80, 0.85, 0.88, 0.90, 0.92, 0.95];

/// Compares all kernels on one pair; adds to the count of each threshold that the score is exactly equal to.
fn check(a: &str, b: &str, ties: &mut [usize; THRESHOLDS.len()]) {
    assert_eq!(jaro(a, b).to_bits(), strsim::jaro(a, b).to_bits(), "jaro {a:?} {b:?}");
    let score = strsim::jaro_winkler(a, b);
    assert_eq!(jaro_winkler(a, b).to_bits(), score.to_bits(), "jaro_winkler {a:?} {b:?}");
    let (left, right) = (Signature::of(a), Signature::of(b));
    for (threshold, ties) in THRESHOLDS.into_iter().zip(ties) {
        let decided = jaro_winkler_at_least(a, b, left, right, threshold);
        assert_eq!(decided.is_some(), score >= threshold, "{a:?} {b:?} at {threshold}");
        assert!(decided.is_none_or(|decided| decided.to_bits() == score.to_bits()));
        *ties += usize::from(score.to_bits() == threshold.to_bits());
    }
    let distance = strsim::levenshtein(a, b);
    assert_eq!(levenshtein(a, b), distance, "levenshtein {a:?} {b:?}");
    let alignment = strsim::osa_distance(a, b);
    assert_eq!(damerau(a, b), alignment, "damerau {a:?} {b:?}");
    for limit in [0, 1, 2, 3, distance, alignment] {
        assert_eq!(
            levenshtein_within(a, b, limit),
            (distance <= limit).then_some(distance),
            "{a:?} {b:?} {limit}"
        );
        assert_eq!(
            damerau_within(a, b, limit),
            (alignment <= limit).then_some(alignment),
            "{a:?} {b:?} {limit}"
        );
    }
}

/// A realistic word, then a handful of typing errors in it.
fn typos() -> impl Strategy<Value = (String, String)> {
    let syllable = "(s|sch|st|m|b|br|k|kr|l|w|h|f|t|gr|p|n)(a|e|i|o|u|ie|ei|au|ue)(r|n|ll|tt|ck|ng|s|)";
    let word = prop::collection::vec(syllable, 1..6).prop_map(|syllables| syllables.concat());
    let edits =
        prop::collection::vec((0..4, any::<prop::sample::Index>(), prop::char::range('a', 'z')), 0..4);
    (word, edits).prop_map(|(word, edits)| {
        let mut chars: Vec<char> = word.chars().collect();
        for (kind, at, c) in edits {
            let i = at.index(chars.len() + 1);
            match kind {
                0 => chars.insert(i, c),
                1 if i < chars.len() => chars[i] = c,
                2 if i < chars.len() => drop(chars.remove(i)),
                3 if i + 1 < chars.len() => chars.swap(i, i + 1),
                _ => {}
            }
        }
        (word, chars.into_iter().collect())
    })
}

/// A pair with a common prefix, then matching characters of which some are swapped, then characters of its own on
/// either side: the parts of the formula, chosen freely.
fn constructed(prefix: usize, shared: usize, swaps: usize, own: (usize, usize)) -> (String, String) {
    let letters: Vec<char> = ('a'..='z').collect();
    let mut a: Vec<char> = letters.iter().copied().take(prefix + shared).collect();
    let mut b = a.clone();
    for i in 0..swaps.min(shared / 2) {
        b.swap(prefix + 2 * i, prefix + 2 * i + 1);
    }
    // What stands alone comes right behind the prefix on both sides, which ends it there.
    let only = |first: u8, count: usize| (0..count).map(move |i| char::from(first + i as u8));
    a.splice(prefix..prefix, only(b'0', own.0));
    b.splice(prefix..prefix, only(b'A', own.1));
    (a.into_iter().collect(), b.into_iter().collect())
}

#[test]
fn named_cases() {
    let mut ties = [0; THRESHOLDS.len()];
    for (_, a, b) in cases::CASES {
        check(a, b, &mut ties);
        check(b, a, &mut ties);
    }
}

#[test]
fn exact_ties_at_thresholds() {
    let mut ties = [0; THRESHOLDS.len()];
    for prefix in 0..=4 {
        for shared in 0..=18 {
            for swaps in 0..=3 {
                for own in 0..=36 {
                    let (a, b) = constructed(prefix, shared, swaps, (own / 6, own % 6));
                    check(&a, &b, &mut ties);
                    check(&b, &a, &mut ties);
                }
            }
        }
    }
    assert!(ties.iter().all(|&ties| ties > 0), "{ties:?}");
}

#[test]
fn lengths_around_the_limits_of_the_kernels() {
    let mut ties = [0; THRESHOLDS.len()];
    for base in ["maximilian von der heiden ", "Łódź Москва "] {
        let text: Vec<char> = base.chars().cycle().take(140).collect();
        for length in [7, 8, 9, 15, 16, 17, 23, 24, 25, 63, 64, 65, 66, 128, 129] {
            let a: String = text[..length].iter().collect();
            for (start, end) in [(0, length), (1, length), (0, length - 1), (1, length + 1), (3, 5), (3, 70)]
            {
                let b: String = text[start..end].iter().collect();
                check(&a, &b, &mut ties);
                check(&b, &a, &mut ties);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5000))]

    #[test]
    fn names_with_typing_errors((a, b) in typos()) {
        check(&a, &b, &mut [0; THRESHOLDS.len()]);
    }

    #[test]
    fn few_letters(a in "[ab]{0,12}|[a-d]{0,40}|[a-c]{50,75}", b in "[ab]{0,12}|[a-d]{0,40}|[a-c]{50,75}") {
        check(&a, &b, &mut [0; THRESHOLDS.len()]);
    }

    #[test]
    fn any_unicode(a in "\\PC{0,10}|.{0,10}|[aäб北🦄]{0,70}", b in "\\PC{0,10}|.{0,10}|[aäб北🦄]{0,70}") {
        check(&a, &b, &mut [0; THRESHOLDS.len()]);
    }
}
