//! A folded text is plain ASCII words, and folding it again changes nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onefold::text::{cologne, deletions, double_metaphone, fold, loose, qgrams, repair, tokens};
use onefold_fuzz::assert_folded;

fuzz_target!(|text: &str| {
    let folded = fold(text);
    assert_folded(&folded);
    assert_eq!(fold(&folded), folded);
    assert_eq!(tokens(&folded).collect::<Vec<_>>().join(" "), folded);
    assert_folded(&fold(&repair(text)));
    assert_folded(&loose(&folded));
    for word in tokens(&folded) {
        cologne(word);
        double_metaphone(word);
    }
    for q in 1..=4 {
        let grams = qgrams(&folded, q);
        assert!(grams.is_sorted());
    }
    if folded.len() <= 64 {
        deletions(&folded);
    }
});
