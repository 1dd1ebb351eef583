//! Any text is an identifier of 1 to 64 letters and digits, or none.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onefold::value::{
    Check, is_placeholder, is_placeholder_identifier, luhn, parse_gender, parse_iban, parse_identifier,
    parse_tax_id,
};

fuzz_target!(|text: &str| {
    let parsers = [parse_identifier, parse_iban, parse_tax_id];
    for parse in parsers {
        let Some(checked) = parse(text) else { continue };
        assert!((1..=64).contains(&checked.value.chars().count()), "{checked:?}");
        if checked.check == Check::Valid {
            assert_eq!(parse(&checked.value), Some(checked));
        }
    }
    luhn(text);
    is_placeholder(text);
    is_placeholder_identifier(text);
    parse_gender(text);
});
