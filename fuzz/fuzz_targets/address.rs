//! Any text is some address, and some street, with parts in canonical form.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onefold::normalize::{parse_address, parse_street};
use onefold::value::{parse_country, postal_code};
use onefold_fuzz::{assert_folded, country};

fuzz_target!(|input: (u8, &str)| {
    let (country, text) = (country(input.0), input.1);
    let address = parse_address(text, country);
    let parts = [&address.street, &address.house_number, &address.extra, &address.city, &address.region];
    for part in parts.into_iter().flatten() {
        assert!(!part.is_empty(), "{address:?}");
        assert_folded(part);
    }
    let street = parse_street(text, country);
    assert_folded(&street.name);
    for part in [&street.house_number, &street.extra].into_iter().flatten() {
        assert!(!part.is_empty(), "{street:?}");
        assert_folded(part);
    }
    postal_code(text, country);
    if let Some(code) = parse_country(text) {
        assert_eq!(parse_country(code), Some(code));
    }
});
