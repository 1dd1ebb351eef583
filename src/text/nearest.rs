//! The nearest known name, for error messages.

use super::{damerau_within, jaro_winkler};

/// Names less alike than this are no suggestion, unless they are a slip or two apart.
const ALIKE: f64 = 0.75;
/// A slip or two.
const SLIPS: usize = 2;

/// The known name that is most like the given one, if one is near enough to be meant.
///
/// Case does not count. A name is near if its Jaro–Winkler similarity is at least 0.75, or if it is at most two typing
/// errors away and these are at most half of its characters. The most similar wins; of several, the one with
/// fewer errors, then the first by name, so that the order of the known names does not matter.
///
/// ```
/// use onefold::text::nearest;
/// assert_eq!(nearest("famly_name", ["given_name", "family_name"]), Some("family_name"));
/// assert_eq!(nearest("colour", ["email", "phone"]), None);
/// ```
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    known
        .into_iter()
        .filter_map(|candidate| {
            let lower = candidate.to_lowercase();
            let similarity = jaro_winkler(&name, &lower);
            let slips = damerau_within(&name, &lower, SLIPS.min(lower.chars().count() / 2));
            (similarity >= ALIKE || slips.is_some()).then_some((
                similarity,
                slips.unwrap_or(SLIPS + 1),
                candidate,
            ))
        })
        .min_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(b.2)))
        .map(|(_, _, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggestions() {
        let kinds = ["given_name", "family_name", "email", "phone", "iban", "url"];
        let cases = [
            ("equal", "email", Some("email")),
            ("case", "EMAIL", Some("email")),
            ("hyphen", "e-mail", Some("email")),
            ("one letter missing", "phon", Some("phone")),
            ("transposition at the start", "rul", Some("url")),
            ("transposed", "iabn", Some("iban")),
            ("nothing near", "quantity", None),
            ("empty", "", None),
            ("short and unlike", "xy", None),
        ];
        for (name, given, expected) in cases {
            assert_eq!(nearest(given, kinds), expected, "{name}");
        }
    }

    #[test]
    fn ties_go_to_the_first_name() {
        assert_eq!(nearest("city", ["citz", "cita", "citb"]), Some("cita"));
        assert_eq!(nearest("city", ["citb", "cita", "citz"]), Some("cita"));
        assert_eq!(nearest("city", []), None);
    }
}
