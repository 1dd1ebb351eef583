//! Any text is some name of an organisation, in comparison form.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onefold::normalize::parse_organisation;
use onefold::text::fold;
use onefold_fuzz::assert_folded;

fuzz_target!(|text: &str| {
    let organisation = parse_organisation(text);
    assert_folded(&organisation.name);
    if let Some(form) = &organisation.legal_form {
        assert!(!form.is_empty());
        assert_folded(form);
    }
    // A name is lost only where there was none.
    assert!(!organisation.name.is_empty() || fold(text).is_empty() || text.to_lowercase().contains("c/o"));
});
