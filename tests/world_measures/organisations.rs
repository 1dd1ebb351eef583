//! Pairs of records of one organisation.

use super::{Measure, Shares};
use crate::world::errors::without_umlauts;
use crate::world::sources::Source;
use crate::world_tables::Exported;

/// Letters that tell names apart; one of the systems cuts what is longer.
const WIDTH: usize = 28;

/// The systems of a company that know organisations.
const SOURCES: [Source; 2] = [Source::Accounts, Source::Erp];

/// The measures over pairs of records of organisations.
pub(crate) fn measured(exported: &Exported) -> Vec<Measure> {
    let mut shares = Shares::default();
    for entity in &exported.organisations {
        let shown: Vec<_> =
            SOURCES.iter().filter_map(|source| exported.of_source(*source).get(entity)).flatten().collect();
        for (at, one) in shown.iter().enumerate() {
            for other in &shown[..at] {
                shares.add("organisations: name differs", plain(&one.company) != plain(&other.company));
                if !one.street.is_empty() && !other.street.is_empty() {
                    shares.add("organisations: address differs", plain(&one.street) != plain(&other.street));
                }
                if let (Some(phone), Some(others)) = (one.phones.first(), other.phones.first()) {
                    shares.add("organisations: phone differs", phone != others);
                }
            }
        }
    }
    shares.measures()
}

/// What is left of a name or an address when the ways of writing it are taken away.
fn plain(name: &str) -> String {
    let plain = without_umlauts(name, true).to_lowercase();
    let mut words: Vec<&str> = plain.split(' ').map(abbreviated).collect();
    // The house number stands in front in some countries, and in a field of its own in the ERP.
    if words[0].starts_with(|sign: char| sign.is_ascii_digit()) {
        words.rotate_left(1);
    }
    let letters = words.iter().flat_map(|word| word.chars()).filter(|letter| letter.is_alphanumeric());
    letters.take(WIDTH).collect::<String>().replace("strasse", "str")
}

fn abbreviated(word: &str) -> &str {
    match word.trim_end_matches('.') {
        "street" => "st",
        "road" => "rd",
        "avenue" | "ave" => "av",
        "lane" => "ln",
        "drive" => "dr",
        "close" => "cl",
        "court" | "crt" => "ct",
        "place" => "pl",
        "boulevard" | "bld" | "blvd" => "bd",
        "rue" => "r",
        "chemin" | "chem" => "ch",
        "impasse" => "imp",
        "route" => "rte",
        other => other,
    }
}
