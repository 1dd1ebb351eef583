//! Blocking rules that keep figures apart from the choice of rules.

/// Seven rules of the kind that people write by hand; `benches/peers` has the same.
pub(crate) const PLAIN_RULES: [&[&str]; 7] = [
    &["email"],
    &["phone"],
    &["family_name", "birth_date"],
    &["given_name", "family_name"],
    &["given_name", "birth_date"],
    &["prefix(family_name,3)", "postal_code"],
    &["family_name", "city"],
];
