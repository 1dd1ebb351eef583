//! Cities and regions: canonical spellings.

use crate::text;

/// The canonical form of a city: folded, `St.` and `Sankt` as `saint`, without district numbers, `cedex` and a
/// larger neighbour (`bei …`).
pub(super) fn city(text: &str) -> String {
    let folded = text::fold(text);
    let mut tokens: Vec<&str> = Vec::new();
    for token in text::tokens(&folded) {
        if !tokens.is_empty() && matches!(token, "bei" | "cedex") {
            break;
        }
        tokens.push(token);
    }
    while tokens.len() > 1 && tokens.last().is_some_and(|last| is_district(last)) {
        tokens.pop();
    }
    if tokens.len() > 1
        && let Some(first) = tokens.first_mut()
    {
        *first = match *first {
            "st" | "sankt" | "snt" => "saint",
            "ste" => "sainte",
            "mt" => "mount",
            "ft" => "fort",
            other => other,
        };
    }
    tokens.join(" ")
}

/// A district of a city: `Paris 2`, `Paris 2e arrondissement`.
fn is_district(token: &str) -> bool {
    let letters = token.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = token.len() - letters.len();
    matches!(token, "arrondissement" | "arr")
        || ((1..=2).contains(&digits) && matches!(letters, "" | "e" | "er" | "eme"))
}

/// The canonical form of a region: states of the United States, Australia and Canada as their postal codes,
/// everything else folded.
pub(super) fn region(text: &str) -> String {
    let folded = text::fold(text);
    let code = STATES.iter().find(|(_, name)| *name == folded).map(|(code, _)| (*code).to_owned());
    code.unwrap_or(folded)
}

/// True for the postal code of a state, folded.
pub(super) fn is_state_code(folded: &str) -> bool {
    STATES.iter().any(|(code, _)| *code == folded)
}

/// True for the name of a state, folded.
pub(super) fn is_state_name(folded: &str) -> bool {
    STATES.iter().any(|(_, name)| *name == folded)
}

/// True for the folded name of a British county that is no city's name.
pub(super) fn is_county(folded: &str) -> bool {
    const COUNTIES: &[&str] = &[
        "kent",
        "essex",
        "surrey",
        "sussex",
        "east sussex",
        "west sussex",
        "norfolk",
        "suffolk",
        "devon",
        "cornwall",
        "dorset",
        "somerset",
        "cumbria",
        "merseyside",
        "middlesex",
        "greater london",
        "greater manchester",
        "west midlands",
        "tyne and wear",
        "isle of wight",
        "northumberland",
        "county durham",
        "rutland",
        "avon",
        "cleveland",
        "humberside",
    ];
    folded.ends_with("shire") || COUNTIES.contains(&folded)
}

/// Postal codes and names: USPS Publication 28, Australia Post, Canada Post.
const STATES: &[(&str, &str)] = &[
    ("al", "alabama"),
    ("ak", "alaska"),
    ("az", "arizona"),
    ("ar", "arkansas"),
    ("ca", "california"),
    ("co", "colorado"),
    ("ct", "connecticut"),
    ("de", "delaware"),
    ("dc", "district of columbia"),
    ("fl", "florida"),
    ("ga", "georgia"),
    ("hi", "hawaii"),
    ("id", "idaho"),
    ("il", "illinois"),
    ("in", "indiana"),
    ("ia", "iowa"),
    ("ks", "kansas"),
    ("ky", "kentucky"),
    ("la", "louisiana"),
    ("me", "maine"),
    ("md", "maryland"),
    ("ma", "massachusetts"),
    ("mi", "michigan"),
    ("mn", "minnesota"),
    ("ms", "mississippi"),
    ("mo", "missouri"),
    ("mt", "montana"),
    ("ne", "nebraska"),
    ("nv", "nevada"),
    ("nh", "new hampshire"),
    ("nj", "new jersey"),
    ("nm", "new mexico"),
    ("ny", "new york"),
    ("nc", "north carolina"),
    ("nd", "north dakota"),
    ("oh", "ohio"),
    ("ok", "oklahoma"),
    ("or", "oregon"),
    ("pa", "pennsylvania"),
    ("pr", "puerto rico"),
    ("ri", "rhode island"),
    ("sc", "south carolina"),
    ("sd", "south dakota"),
    ("tn", "tennessee"),
    ("tx", "texas"),
    ("ut", "utah"),
    ("vt", "vermont"),
    ("va", "virginia"),
    ("wa", "washington"),
    ("wv", "west virginia"),
    ("wi", "wisconsin"),
    ("wy", "wyoming"),
    ("nsw", "new south wales"),
    ("vic", "victoria"),
    ("qld", "queensland"),
    ("sa", "south australia"),
    ("tas", "tasmania"),
    ("act", "australian capital territory"),
    ("nt", "northern territory"),
    ("ab", "alberta"),
    ("bc", "british columbia"),
    ("mb", "manitoba"),
    ("nb", "new brunswick"),
    ("ns", "nova scotia"),
    ("on", "ontario"),
    ("qc", "quebec"),
    ("sk", "saskatchewan"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cities_by_table() {
        let cases = [
            ("München", "muenchen"),
            ("St. Gallen", "saint gallen"),
            ("Sankt Gallen", "saint gallen"),
            ("Saint Louis", "saint louis"),
            ("Haar bei München", "haar"),
            ("Paris 2e Arrondissement", "paris"),
            ("Paris CEDEX 07", "paris"),
            ("Frankfurt am Main", "frankfurt am main"),
            ("Halle (Saale)", "halle saale"),
            ("Bei", "bei"),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(city(text), expected, "{text}");
        }
    }

    #[test]
    fn regions_by_table() {
        let cases =
            [("Nevada", "nv"), ("NV", "nv"), ("New South Wales", "nsw"), ("Bayern", "bayern"), ("", "")];
        for (text, expected) in cases {
            assert_eq!(region(text), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "\\PC*") {
            city(&text);
            region(&text);
        }
    }
}
