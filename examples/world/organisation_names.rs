//! What organisations are called in each country: names, legal forms, and the numbers under which they pay tax.

use std::sync::OnceLock;

use super::digits;
use super::list::{List, part, with_blanks};
use super::locale::{Country, Language};
use super::names::{Names, Origin};
use super::random::Draw;

/// The parts of names in a language.
struct Parts {
    trades: List,
    prefixes: List,
    places: List,
}

/// The parts of all names.
struct AllParts {
    languages: [Parts; 3],
    starts: List,
    finishes: List,
    forms: [List; 6],
}

impl AllParts {
    fn get() -> &'static AllParts {
        static PARTS: OnceLock<AllParts> = OnceLock::new();
        PARTS.get_or_init(|| {
            let line = |name: &str| part(include_str!("data/organisations.csv"), name);
            let by_rank = |name: &str| List::by_rank(line(name).split(' ').collect(), 10.0, 0.7);
            let of_language = |language: &str| {
                let list = |name: &str| List::weighted(line(&format!("{name}_{language}")));
                Parts { trades: list("trade"), prefixes: list("prefix"), places: list("place") }
            };
            AllParts {
                languages: ["de", "en", "fr"].map(of_language),
                starts: by_rank("start"),
                finishes: by_rank("finish"),
                forms: Country::ALL.map(|country| {
                    List::weighted(line(&format!("form_{}", country.code().to_ascii_lowercase())))
                }),
            }
        })
    }
}

/// A name without its legal form.
pub(crate) fn core_name(draw: &mut Draw, country: Country, city: &str) -> String {
    let (all, language) = (AllParts::get(), country.language());
    let Parts { trades, prefixes, places } = &all.languages[language as usize];
    let family = |draw: &mut Draw| Names::get().surname(draw, Origin::Local(country)).text;
    let invented = |draw: &mut Draw| [all.starts.draw(draw), all.finishes.draw(draw)].concat();
    let trade_first = language == Language::French;
    let pair = |name: String, trade: &str| {
        if trade_first { [trade, " ", &name].concat() } else { [&name, " ", trade].concat() }
    };
    let name = match draw.weighted(&[34, 20, 22, 8, 8, 8]) {
        0 => pair(family(draw), trades.draw(draw)),
        1 if language == Language::English => format!("{} {}", family(draw), prefixes.draw(draw)),
        1 => format!("{} {}", prefixes.draw(draw), family(draw)),
        2 => [&invented(draw), " ", trades.draw(draw)].concat(),
        3 if trade_first => format!("{} {} et {}", trades.draw(draw), family(draw), family(draw)),
        3 => format!("{} & {} {}", family(draw), family(draw), trades.draw(draw)),
        4 if language == Language::English => format!("{city} {}", places.draw(draw)),
        4 => format!("{} {city}", places.draw(draw)),
        _ => {
            let letters: String = (0..3).map(|_| char::from(b'A' + draw.below(26) as u8)).collect();
            pair(letters, trades.draw(draw))
        }
    };
    with_blanks(name)
}

/// A trade in the language of a country.
pub(crate) fn trade(draw: &mut Draw, country: Country) -> String {
    AllParts::get().languages[country.language() as usize].trades.draw(draw).replace('_', " ")
}

/// The name of a brand under which many trade.
pub(crate) fn brand_name(draw: &mut Draw) -> String {
    let all = AllParts::get();
    let trade = draw.pick(&["Fitness", "Express", "Center", "Optik", "Rent", "Service", "Reisen", "Shop"]);
    format!("{}{} {trade}", all.starts.draw(draw), all.finishes.draw(draw))
}

/// A legal form of a country.
pub(crate) fn legal_form(draw: &mut Draw, country: Country) -> &'static str {
    AllParts::get().forms[country as usize].draw(draw)
}

/// What people call it: the first word, sometimes with a new one.
pub(crate) fn trade_name(draw: &mut Draw, core: &str, country: Country) -> String {
    let first = core.split(' ').next().unwrap_or(core);
    let second = match country.language() {
        Language::German => draw.pick::<&str>(&["Gruppe", "24", "Shop", "Group", "Welt", "direkt"]),
        Language::English => draw.pick::<&str>(&["Group", "Direct", "Online", "Store", "Pro", "Partners"]),
        Language::French => draw.pick::<&str>(&["Groupe", "Express", "Direct", "Boutique", "Pro", "France"]),
    };
    format!("{first} {second}")
}

/// What tells a branch from the others.
pub(crate) fn branch_word(draw: &mut Draw, country: Country) -> &'static str {
    match country.language() {
        Language::German => draw.pick::<&str>(&["Niederlassung", "Filiale", "Zweigstelle"]),
        Language::English => draw.pick::<&str>(&["Branch", "Depot", "Store"]),
        Language::French => draw.pick::<&str>(&["Agence", "Agence de", "Succursale"]),
    }
}

/// The part of a shared mailbox before the `@`.
pub(crate) fn role(draw: &mut Draw, country: Country) -> &'static str {
    match country.language() {
        Language::German => {
            draw.pick::<&str>(&["info", "info", "kontakt", "office", "buchhaltung", "vertrieb", "einkauf"])
        }
        Language::English => {
            draw.pick::<&str>(&["info", "info", "enquiries", "office", "accounts", "sales", "purchasing"])
        }
        Language::French => draw.pick::<&str>(&[
            "contact",
            "contact",
            "accueil",
            "info",
            "comptabilite",
            "commercial",
            "achats",
        ]),
    }
}

/// The number under which an organisation is known to the tax office: of VAT, or the American EIN.
pub(crate) fn tax_number(draw: &mut Draw, country: Country) -> Option<String> {
    match country {
        Country::De => Some(german_vat(draw)),
        Country::Gb => Some(british_vat(draw)),
        Country::Fr => Some(french_vat(draw)),
        Country::Us => {
            let prefix: u32 = *draw.pick(&[20, 26, 27, 36, 41, 45, 46, 47, 52, 58, 61, 75, 81, 82, 83, 94]);
            Some(format!("{prefix}-{:07}", draw.below(10_000_000)))
        }
        Country::At | Country::Ch => None,
    }
}

/// The check digit is that of ISO 7064, MOD 11,10.
fn german_vat(draw: &mut Draw) -> String {
    let mut digits = digits::labelled("", 1 + draw.below(9) as u64);
    digits::push(&mut digits, draw.below(10_000_000) as u64, 7);
    let mut product = 10;
    for digit in digits.bytes().map(|byte| u32::from(byte - b'0')) {
        let sum = match (digit + product) % 10 {
            0 => 10,
            sum => sum,
        };
        product = 2 * sum % 11;
    }
    let check = (11 - product) % 10;
    format!("DE{digits}{check}")
}

/// Seven digits, weighted 8 to 2, and what is left of their sum after as many times 97 as it takes.
fn british_vat(draw: &mut Draw) -> String {
    let digits = format!("{:07}", 1_000_000 + draw.below(8_990_000));
    let sum: u32 =
        digits.bytes().zip((2..=8).rev()).map(|(byte, weight)| u32::from(byte - b'0') * weight).sum();
    let check = 97 - sum % 97;
    format!("GB{digits}{:02}", check % 97)
}

/// A register number of nine digits that passes Luhn's check, behind its own remainder.
fn french_vat(draw: &mut Draw) -> String {
    let first = 30_000_000 + draw.below(60_000_000) as u64;
    let doubled = |digit: u64| if digit > 4 { 2 * digit - 9 } else { 2 * digit };
    let digit = |at: u32| first / 10u64.pow(at) % 10;
    let sum: u64 = (0..8).map(|at| if at % 2 == 0 { doubled(digit(at)) } else { digit(at) }).sum();
    let register = first * 10 + (10 - sum % 10) % 10;
    format!("FR{:02}{register}", (12 + 3 * (register % 97)) % 97)
}
