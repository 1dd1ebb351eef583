//! The kernels give what `strsim` gives, to the last bit.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onefold::text::{
    Signature, damerau, damerau_within, jaro, jaro_winkler, jaro_winkler_at_least, levenshtein,
    levenshtein_within,
};

fuzz_target!(|input: (&str, &str, u8)| {
    let (a, b, limit) = (input.0, input.1, usize::from(input.2));
    assert_eq!(jaro(a, b).to_bits(), strsim::jaro(a, b).to_bits());
    let score = strsim::jaro_winkler(a, b);
    assert_eq!(jaro_winkler(a, b).to_bits(), score.to_bits());
    let (left, right) = (Signature::of(a), Signature::of(b));
    for cutoff in [0.0, 0.7, 0.88, score, score.next_up(), score.next_down(), 1.0] {
        let found = jaro_winkler_at_least(a, b, left, right, cutoff);
        assert_eq!(found, (score >= cutoff).then_some(score), "{cutoff}");
    }
    let distance = strsim::levenshtein(a, b);
    assert_eq!(levenshtein(a, b), distance);
    assert!(left.levenshtein_bound(right) <= distance);
    let alignment = strsim::osa_distance(a, b);
    assert_eq!(damerau(a, b), alignment);
    for limit in [limit, distance, alignment] {
        assert_eq!(levenshtein_within(a, b, limit), (distance <= limit).then_some(distance));
        assert_eq!(damerau_within(a, b, limit), (alignment <= limit).then_some(alignment));
    }
});
