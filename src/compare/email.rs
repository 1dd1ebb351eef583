//! What a mail address says beyond the names of who uses it.

use crate::text;
use crate::value::is_role_mailbox;

/// Letters of a word that one name does not explain; an initial may.
const LONGEST_INITIAL: usize = 2;
/// Digits that say nothing in addresses that are only alike: a provider tells namesakes apart by a short number.
pub(super) const DIGITS_OF_SIMILAR: usize = 3;
/// Digits that say nothing where both have the same ones.
pub(super) const DIGITS_OF_SAME: usize = 1;

/// True when the local part of an address holds nothing but names, initials and a short number, or names a function.
/// A word may be several names written together (`annameier`, `ameier`); the number has at most so many digits.
pub(super) fn is_made_of<'a, I: Iterator<Item = &'a str>>(
    address: &str,
    most_digits: usize,
    names: impl Fn() -> I,
) -> bool {
    let local = address.split('@').next().unwrap_or_default();
    if is_role_mailbox(address) {
        return true;
    }
    let digits = digits(address).count();
    let mut words = local.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let mut has_name = false;
    let explained = words.all(|word| {
        let named = is_names(word, &names);
        has_name |= named;
        named || word.chars().count() <= LONGEST_INITIAL
    });
    explained && has_name && digits <= most_digits
}

/// The digits of the local part of an address, in order.
pub(super) fn digits(address: &str) -> impl Iterator<Item = u8> + '_ {
    address.bytes().take_while(|&byte| byte != b'@').filter(u8::is_ascii_digit)
}

/// True for one address with a typing error: at one provider, and one edit apart.
pub(super) fn is_misspelt(a: &str, b: &str) -> bool {
    a.split_once('@').zip(b.split_once('@')).is_some_and(|((local, domain), (other_local, other_domain))| {
        domain == other_domain && text::damerau_within(local, other_local, 1).is_some()
    })
}

/// Letters from which on a word with one typing error still is the name.
const LEAST_MISSPELT: usize = 4;

/// True when a word is a name, or two, of which one may be an initial.
fn is_names<'a, I: Iterator<Item = &'a str>>(word: &str, names: &impl Fn() -> I) -> bool {
    let is_name = |part: &str| names().any(|name| name == part);
    let is_part = |part: &str| {
        part.is_empty()
            || part.chars().nth(1).is_none() && names().any(|name| name.starts_with(part))
            || is_name(part)
    };
    names().any(|name| {
        let is_misspelt = || name.len() >= LEAST_MISSPELT && text::damerau_within(name, word, 1).is_some();
        is_misspelt()
            || name.chars().nth(1).is_some()
                && (word.strip_prefix(name).is_some_and(is_part)
                    || word.strip_suffix(name).is_some_and(is_part))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_made_of_names() {
        let names = || ["anna", "meier", "mueller"].into_iter();
        for told in [
            "anna.meier@a.de",
            "ameier@a.de",
            "meier_a@a.de",
            "annameier7@a.de",
            "a.mueller19@a.de",
            "anna.mueler@a.de",
            "info@a.de",
        ] {
            assert!(is_made_of(told, 3, names), "{told}");
        }
        for untold in ["anna.huber@a.de", "schraube29@a.de", "anna.meier1980@a.de", "am@a.de", "@", ""] {
            assert!(!is_made_of(untold, 3, names), "{untold}");
        }
        assert!(!is_made_of("anna.meier19@a.de", 1, names));
    }
}
