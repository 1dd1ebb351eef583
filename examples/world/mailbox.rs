//! E-mail addresses under example domains: made from the name or from anything else, with a number where many would
//! want the same one.

use super::digits;
use super::locale::Language;
use super::names::Surname;
use super::random::Draw;

/// The providers of one language, none of which exists, by their share.
type Providers = [(&'static str, u32); 12];
const PROVIDERS: [Providers; 3] = [
    [
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
    ],
    [
        ("inboxmail.example.com", 40),
        ("quickpost.example.com", 14),
        ("clearmail.example.net", 12),
        ("cloudpost.example.com", 9),
        ("homelink.example.net", 6),
        ("example.com", 5),
        ("example.net", 3),
        ("fastnet.example.org", 3),
        ("citynet.example.net", 3),
        ("mymail.example.org", 2),
        ("example.org", 2),
        ("oldpost.example.net", 1),
    ],
    [
        ("boitemail.example.com", 30),
        ("lettre.example.net", 18),
        ("courrierplus.example.com", 13),
        ("telenet.example.org", 10),
        ("example.com", 7),
        ("librenet.example.net", 6),
        ("example.org", 4),
        ("postefr.example.net", 4),
        ("example.net", 3),
        ("villenet.example.com", 3),
        ("webmail.example.org", 1),
        ("plume.example.net", 1),
    ],
];
const HANDLES: [[&str; 40]; 3] = [
    [
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
    ],
    [
        "sunshine",
        "bookworm",
        "gardener",
        "redfox",
        "bluebird",
        "teapot",
        "biscuit",
        "runner",
        "cyclist",
        "angler",
        "happydays",
        "moonlight",
        "starling",
        "tigerlily",
        "thunder",
        "wanderer",
        "skipper",
        "pumpkin",
        "daisy",
        "pebbles",
        "rocky",
        "buster",
        "lucky",
        "smiley",
        "cookie",
        "cupcake",
        "catlover",
        "doglover",
        "musicfan",
        "footie",
        "guitarman",
        "hiker",
        "surfer",
        "snowflake",
        "firefly",
        "ladybug",
        "butterfly",
        "jellybean",
        "maverick",
        "rambler",
    ],
    [
        "soleil",
        "papillon",
        "coccinelle",
        "libellule",
        "tournesol",
        "coquelicot",
        "chaton",
        "minou",
        "loulou",
        "doudou",
        "choupette",
        "ptitloup",
        "filou",
        "bibou",
        "caramel",
        "nougat",
        "praline",
        "tartine",
        "croissant",
        "bouchon",
        "pecheur",
        "randonneur",
        "cycliste",
        "marin",
        "matelot",
        "montagne",
        "etoile",
        "lune",
        "nuage",
        "orage",
        "zephyr",
        "mistral",
        "lavande",
        "cigale",
        "fourmi",
        "hibou",
        "renard",
        "panda",
        "titi",
        "gribouille",
    ],
];

/// A mailbox of a person. `population` is the number of people, by which the numbers behind frequent names grow.
pub(crate) fn personal(
    draw: &mut Draw,
    language: Language,
    given: &str,
    family: &Surname,
    born: i32,
    population: f64,
) -> String {
    let (first, last) = (plain(given), plain(&family.text));
    let initial = first.get(..1).unwrap_or_default();
    let (provider, share) = provider(draw, language);
    // How many others would want this local part at this provider, if one forename in sixty is like this one.
    let rivals = population * family.share * share;
    let (local, rivals) = match draw.weighted(&[40, 25, 15, 8, 12]) {
        0 => ([&first, ".", last.as_str()].concat(), rivals * 0.4 / 60.0),
        1 => {
            let separator = draw.pick(&["", "", "_", "-"]);
            let mut local = [&first, *separator, last.as_str()].concat();
            digits::push(&mut local, born as u64 % 100, 2);
            (local, rivals / 60.0 / 60.0)
        }
        2 => ([initial, ".", last.as_str()].concat(), rivals * 0.15 / 12.0),
        3 => ([&last, ".", first.as_str()].concat(), rivals * 0.08 / 60.0),
        _ => {
            let mut local = (*draw.pick(&HANDLES[language as usize])).to_owned();
            digits::push(&mut local, draw.below(100) as u64, 2);
            (local, population * share * 0.12 / 4_000.0)
        }
    };
    [&local, tail(draw, rivals).as_str(), "@", provider].concat()
}

/// The mailbox that a family shares.
pub(crate) fn family(draw: &mut Draw, language: Language, family: &Surname, population: f64) -> String {
    let (provider, share) = provider(draw, language);
    let prefix = match language {
        Language::German => draw.pick(&["familie.", "familie-", "fam.", "die", "haus."]),
        Language::English => draw.pick(&["the", "family.", "the.", "team", "home."]),
        Language::French => draw.pick(&["famille.", "famille-", "les", "fam.", "maison."]),
    };
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

fn provider(draw: &mut Draw, language: Language) -> (&'static str, f64) {
    let providers = &PROVIDERS[language as usize];
    let (name, share) = providers[draw.weighted(&providers.map(|(_, share)| share))];
    (name, f64::from(share) / 100.0)
}

/// A number that keeps people of one name apart: none where nobody else has it, else one of some hundred times as many
/// as there are rivals.
fn tail(draw: &mut Draw, rivals: f64) -> String {
    if rivals < 0.02 {
        return String::new();
    }
    let ranges = std::iter::successors(Some(10), |range| Some(range * 10));
    let range = ranges.take(8).find(|&range| range as f64 > 200.0 * rivals).unwrap_or(1_000_000_000);
    draw.below(range).to_string()
}
