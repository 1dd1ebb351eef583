//! Any text is some person name, and all its parts are in comparison form.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onefold::normalize::{are_variants, parse_person_name, variant_groups};
use onefold_fuzz::assert_folded;

fuzz_target!(|text: &str| {
    let name = parse_person_name(text);
    let parts = [&name.given, &name.middle, &name.family];
    for part in parts.into_iter().flatten() {
        assert!(!part.is_empty(), "{name:?}");
        assert_folded(part);
        assert!(variant_groups(part).is_empty() || are_variants(part, part));
    }
    name.suffix.iter().for_each(|suffix| assert_folded(suffix));
});
