//! The promise that records which are left between lists without duplicates find each other on weaker evidence, and that
//! strangers who are left do not.
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;

use onefold::ingest::Source;
use onefold::schema::LinkMode;
use onefold::{FieldKind, Pipeline, Technique, Techniques, Unified};

const GIVEN: [&str; 20] = [
    "Anna", "Bernd", "Clara", "Dieter", "Emma", "Fritz", "Greta", "Hugo", "Ida", "Jakob", "Karin", "Ludwig",
    "Martha", "Norbert", "Olga", "Peter", "Renate", "Stefan", "Thea", "Uwe",
];
const SYLLABLES: [&str; 12] =
    ["ber", "gold", "hein", "kra", "lind", "mar", "nau", "ost", "rein", "stein", "wald", "zell"];

/// A number below `most` that follows from a person and a purpose.
fn draw(person: usize, purpose: u64, most: usize) -> usize {
    let mixed =
        (person as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ purpose.wrapping_mul(0xd1b5_4a32_d192_ed03);
    let mixed = (mixed ^ (mixed >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    ((mixed ^ (mixed >> 29)) % most as u64) as usize
}

/// A list of people by number; `is_blurred` says of whom it holds little that is right.
fn list(people: impl Iterator<Item = usize>, is_blurred: impl Fn(usize) -> bool) -> String {
    let mut csv = String::from("id,given,family,birth,city\n");
    for person in people {
        let given = GIVEN[draw(person, 1, 20)];
        let syllable = |purpose| SYLLABLES[draw(person, purpose, 12)];
        let family = format!("{}{}", syllable(2), syllable(3));
        let (year, month, day) =
            (1940 + draw(person, 4, 60), 1 + draw(person, 5, 12), 1 + draw(person, 6, 28));
        let city = ["Ulm", "Kiel", "Bonn", "Jena", "Trier"][draw(person, 7, 5)];
        if is_blurred(person) {
            // The initial of the given name, the year off, no city.
            let given = &given[..1];
            writeln!(csv, "{person},{given},{family},{}-{month:02}-{day:02},", year + 1).unwrap();
        } else {
            writeln!(csv, "{person},{given},{family},{year}-{month:02}-{day:02},{city}").unwrap();
        }
    }
    csv
}

/// Two lists: 500 people are on both, 20 of them hardly to be recognised, and 30 more on each.
fn run(duplicate_free: bool, techniques: Techniques) -> Unified {
    let source = |name: &str, csv: String| {
        let source = Source::bytes(name, format!("{name}.csv"), csv.into_bytes())
            .key("id")
            .field("given", FieldKind::GivenName)
            .field("family", FieldKind::FamilyName)
            .field("birth", FieldKind::BirthDate)
            .field("city", FieldKind::City);
        if duplicate_free { source.duplicate_free() } else { source }
    };
    Pipeline::builder()
        .mode(LinkMode::Link)
        .techniques(techniques)
        .source(source("register", list(0..530, |_| false)))
        .source(source("survey", list((0..500).chain(530..560), |person| person % 25 == 3)))
        .build()
        .unwrap()
        .run()
        .unwrap()
}

/// Pairs of one entity that are one person, and pairs that are not.
fn joined(unified: &Unified) -> (usize, usize) {
    let mut counts = (0, 0);
    for (_, members) in unified.partition.iter() {
        let keys: Vec<&str> = members.iter().map(|&record| unified.records.raw().key(record).1).collect();
        for (at, one) in keys.iter().enumerate() {
            for other in &keys[at + 1..] {
                if one == other { counts.0 += 1 } else { counts.1 += 1 }
            }
        }
    }
    counts
}

#[test]
fn those_that_are_left_have_better_odds() {
    let (all, without) =
        (run(true, Techniques::default()), run(true, Techniques::default().without(Technique::Leftovers)));
    let (found, wrong) = joined(&all);
    let (found_without, wrong_without) = joined(&without);
    println!("found {found} wrong {wrong}, without {found_without} wrong {wrong_without}");
    assert!(found > found_without && found >= 495, "{found} {found_without}");
    assert!(wrong <= wrong_without + 2, "{wrong} {wrong_without}");
    // Each raised link keeps a probability that its weight and the model's prior explain.
    let raised = all.links.iter().filter(|link| without.links.between(link.a, link.b) != Some(link)).count();
    assert!(raised > 0);
    for link in all.links.iter() {
        assert!(link.a < link.b && (0.0..=1.0).contains(&link.probability), "{link:?}");
    }
}

#[test]
fn lists_that_may_hold_duplicates_keep_the_odds_of_any_pair() {
    let all = run(false, Techniques::default());
    let without = run(false, Techniques::default().without(Technique::Leftovers));
    assert_eq!(all.links, without.links);
    assert_eq!(all.partition, without.partition);
}
