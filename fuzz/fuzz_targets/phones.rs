//! Any text is a phone number, an e-mail address or a web address in canonical form, or none.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onefold::value::{is_placeholder_email, is_placeholder_phone, parse_email, parse_phone, parse_url};
use onefold_fuzz::country;

fuzz_target!(|input: (u8, &str)| {
    let (country, text) = (country(input.0), input.1);
    if let Some(phone) = parse_phone(text, country) {
        let digits = phone.strip_prefix('+').unwrap_or(&phone);
        assert!(!digits.is_empty() && digits.len() <= 15, "{phone}");
        assert!(digits.bytes().all(|byte| byte.is_ascii_digit()), "{phone}");
        if phone.starts_with('+') {
            assert_eq!(parse_phone(&phone, country).as_deref(), Some(phone.as_str()));
        }
        is_placeholder_phone(&phone);
    }
    if let Some(email) = parse_email(text) {
        assert!(!email.local().is_empty() && email.domain().contains('.'), "{email}");
        assert_eq!(parse_email(&email.to_string()), Some(email.clone()));
        is_placeholder_email(&email.canonical());
    }
    if let Some(url) = parse_url(text) {
        assert!(!url.is_empty());
    }
});
