//! Numbers by the numbering plans of all countries (libphonenumber's metadata).

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, Region};

/// A country with a numbering plan.
#[derive(Clone, Copy)]
pub(super) struct Country(Region);

impl Country {
    /// The country with this ISO 3166-1 alpha-2 code in any case.
    pub(super) fn of_code(code: &str) -> Option<Country> {
        let code = code.trim();
        if code.len() != 2 || !code.chars().all(|c| c.is_ascii_alphabetic()) {
            return None;
        }
        let region: Region = code.to_ascii_uppercase().parse().ok()?;
        PHONE_NUMBER_UTIL.get_country_code_for_region(region).map(|_| Country(region))
    }
}

/// A number written after its international prefix.
pub(super) fn international(number: &str) -> Option<String> {
    e164(&format!("+{number}"), None)
}

/// A number as it is dialled within a country.
pub(super) fn national(text: &str, country: Country) -> Option<String> {
    e164(text, Some(country.0))
}

fn e164(text: &str, region: Option<Region>) -> Option<String> {
    let number = PHONE_NUMBER_UTIL.parse(text, region).ok()?;
    if !PHONE_NUMBER_UTIL.is_possible_number(&number) {
        return None;
    }
    let formatted = PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164);
    formatted.starts_with('+').then(|| formatted.into_owned())
}
