//! E-mail addresses under example domains: made from the name or from anything else, with a number where many would
//! want the same one.

use super::names::Surname;
use super::random::Draw;

/// The providers, none of which exists, by their share.
const PROVIDERS: [(&str, u32); 12] = [
    ("weltpost.example.com", 24),
    ("netzpost.example.net", 19),
    ("briefbote.example.org", 14),
    ("funkmail.example.com", 9),
    ("heimnetz.example.net", 8),
    ("example.org", 6),
    ("example.net", 5),
    ("example.com", 5),
    ("stadtnetz.example.org", 4),
    ("alpenmail.example.net", 3),
    ("postfach.example.com", 2),
    ("nordmail.example.org", 1),
];
const HANDLES: [&str; 40] = [
    "sonnenschein",
    "sonnenblume",
    "schnuffel",
    "nordlicht",
    "wolke",
    "sternchen",
    "bergfreund",
    "gartenfee",
    "katzenpfote",
    "radler",
    "angler",
    "lesewurm",
    "kuchenfee",
    "kaffeetante",
    "wanderer",
    "segler",
    "waldfee",
    "tiger",
    "drache",
    "zottel",
    "hexe",
    "maus",
    "bienchen",
    "motte",
    "knuffel",
    "leuchtturm",
    "deichkind",
    "pfadfinder",
    "skipper",
    "funkenflug",
    "taucher",
    "laufmasche",
    "tanzmaus",
    "rennsemmel",
    "schraube",
    "modellbahn",
    "kickers",
    "keksdose",
    "blitz",
    "mondkind",
];

/// A mailbox of a person. `population` is the number of people, by which the numbers behind frequent names grow.
pub(crate) fn personal(draw: &mut Draw, given: &str, family: &Surname, born: i32, population: f64) -> String {
    let (first, last) = (plain(given), plain(&family.text));
    let initial: String = first.chars().take(1).collect();
    let (provider, share) = provider(draw);
    // How many others would want this local part at this provider, if one forename in sixty is like this one.
    let rivals = population * family.share * share;
    let (local, rivals) = match draw.weighted(&[40, 25, 15, 8, 12]) {
        0 => ([&first, ".", last.as_str()].concat(), rivals * 0.4 / 60.0),
        1 => {
            let separator = draw.pick(&["", "", "_", "-"]);
            (format!("{first}{separator}{last}{:02}", born % 100), rivals / 60.0 / 60.0)
        }
        2 => (format!("{initial}.{last}"), rivals * 0.15 / 12.0),
        3 => (format!("{last}.{first}"), rivals * 0.08 / 60.0),
        _ => (format!("{}{:02}", draw.pick(&HANDLES), draw.below(100)), population * share * 0.12 / 4_000.0),
    };
    [&local, tail(draw, rivals).as_str(), "@", provider].concat()
}

/// The mailbox that a family shares.
pub(crate) fn family(draw: &mut Draw, family: &Surname, population: f64) -> String {
    let (provider, share) = provider(draw);
    let prefix = draw.pick(&["familie.", "familie-", "fam.", "die", "haus."]);
    let tail = tail(draw, population * family.share * share * 0.01);
    format!("{prefix}{}{tail}@{provider}", plain(&family.text))
}

/// The part of an address before the `@`: small ASCII letters and digits.
pub(crate) fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len() + 2);
    for letter in name.chars() {
        match letter {
            'ä' | 'Ä' => plain.push_str("ae"),
            'ö' | 'Ö' => plain.push_str("oe"),
            'ü' | 'Ü' => plain.push_str("ue"),
            'ß' => plain.push_str("ss"),
            'a'..='z' | '0'..='9' | '-' => plain.push(letter),
            'A'..='Z' => plain.push(letter.to_ascii_lowercase()),
            ' ' | '\'' => {}
            other => plain.extend(
                deunicode::deunicode_char(other).unwrap_or_default().chars().map(|c| c.to_ascii_lowercase()),
            ),
        }
    }
    plain
}

fn provider(draw: &mut Draw) -> (&'static str, f64) {
    let (name, share) = PROVIDERS[draw.weighted(&PROVIDERS.map(|(_, share)| share))];
    (name, f64::from(share) / 100.0)
}

/// A number that keeps people of one name apart: none where nobody else has it, else one of some hundred times as many
/// as there are rivals.
fn tail(draw: &mut Draw, rivals: f64) -> String {
    if rivals < 0.02 {
        return String::new();
    }
    let range = 10usize.pow((1..9).find(|&digits| 10f64.powi(digits) > 200.0 * rivals).unwrap_or(9) as u32);
    draw.below(range).to_string()
}
