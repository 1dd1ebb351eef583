//! Pairs of records of one organisation.

use super::{Measure, Shares};
use crate::world::errors::without_umlauts;
use crate::world_tables::Exported;

/// Letters that tell names apart; one of the systems cuts what is longer.
const WIDTH: usize = 28;

/// The measures over pairs of records of organisations, in any sources that show a company.
pub(crate) fn measured(exported: &Exported) -> Vec<Measure> {
    let mut shares = Shares::default();
    for entity in &exported.organisations {
        let shown: Vec<_> = exported
            .sources
            .values()
            .filter_map(|source| source.get(entity))
            .flatten()
            .filter(|shown| !shown.company.is_empty())
            .collect();
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

fn plain(name: &str) -> String {
    let plain = without_umlauts(name, true).to_lowercase();
    let letters = plain.chars().filter(|letter| letter.is_alphanumeric()).take(WIDTH);
    letters.collect::<String>().replace("strasse", "str")
}
