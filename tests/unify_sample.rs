//! The sample exports of `unify`: made by the generator of `examples/world`, and holding all that the example shows.
#![allow(clippy::unwrap_used)]

#[path = "../examples/world/mod.rs"]
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use world::World;
use world::locale::LocaleMix;
use world::sources::Source;
use world::tier::Tier;

const SEED: u64 = 2027;
const RECORDS: u64 = 3_000;
/// Set to write the sample anew instead of comparing it.
const REWRITE: &str = "ONEFOLD_REWRITE_SAMPLE";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data/unify")
}

/// The exports and the truth; the sample's spec is its own, and leaves most kinds to be inferred.
fn sample() -> Vec<(&'static str, Vec<u8>)> {
    let world = World::of_people(SEED, Tier::Typical, RECORDS, &Source::MAIN).with_locales(LocaleMix::GERMAN);
    let mut files = world::export::in_memory(&world);
    files.retain(|(name, _)| !name.starts_with("truth_") && *name != "spec.toml");
    files
}

type Table = Vec<BTreeMap<String, String>>;

fn table(name: &str) -> Table {
    let (_, content) = sample().into_iter().find(|(file, _)| *file == name).unwrap();
    let separator = if name == "erp.csv" { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).from_reader(content.as_slice());
    reader.deserialize().collect::<Result<_, _>>().unwrap()
}

#[test]
fn remade_it_has_the_same_bytes() {
    for (name, content) in sample() {
        let path = folder().join(name);
        if std::env::var_os(REWRITE).is_some() {
            std::fs::write(&path, &content).unwrap();
        }
        assert!(std::fs::read(&path).unwrap() == content, "{name} differs; {REWRITE}=1 writes it anew");
    }
}

#[test]
fn it_holds_what_the_example_shows() {
    let (crm, erp, orders, truth) =
        (table("crm.csv"), table("erp.csv"), table("orders.csv"), table("truth.csv"));
    let rows = crm.len() + erp.len() + orders.len();
    assert!((2_800..=3_200).contains(&rows), "{rows} rows");

    let entities: BTreeMap<(String, String), &str> = truth
        .iter()
        .map(|row| ((row["source"].clone(), row["key"].clone()), row["entity"].as_str()))
        .collect();
    let entity = |source: &str, row: &BTreeMap<String, String>, key: &str| {
        entities.get(&(source.to_owned(), row[key].clone())).copied()
    };

    // Rows that the export spoilt.
    let keys = |table: &Table, key: &str| {
        let mut counts: BTreeMap<String, BTreeSet<Vec<String>>> = BTreeMap::new();
        let mut repeats = 0;
        for row in table.iter().filter(|row| !row[key].is_empty()) {
            repeats += usize::from(
                !counts.entry(row[key].clone()).or_default().insert(row.values().cloned().collect()),
            );
        }
        (repeats, counts.values().filter(|versions| versions.len() > 1).count())
    };
    let missing = |table: &Table, key: &str| table.iter().filter(|row| row[key].is_empty()).count();
    let (crm_keys, erp_keys, order_keys) =
        (keys(&crm, "kontakt_nr"), keys(&erp, "DEBITOR"), keys(&orders, "order_no"));
    assert!(missing(&crm, "kontakt_nr") + missing(&erp, "DEBITOR") + missing(&orders, "order_no") >= 2);
    assert!(crm_keys.0 + erp_keys.0 + order_keys.0 >= 3);
    assert!(crm_keys.1 >= 1 && erp_keys.1 >= 1, "superseded: {crm_keys:?} {erp_keys:?}");
    assert!(orders.iter().filter(|row| row["name"].is_empty() && row["email"].is_empty()).count() >= 2);

    // Orders: guests, returns, three notations of amounts, two currencies.
    let count =
        |holds: &dyn Fn(&BTreeMap<String, String>) -> bool| orders.iter().filter(|row| holds(row)).count();
    assert!(count(&|row| row["customer_no"].is_empty()) > orders.len() / 6);
    assert!(count(&|row| row["total"].starts_with('-')) >= 30);
    assert!(count(&|row| row["total"].contains('.') && row["total"].contains(',')) >= 1);
    assert!(count(&|row| row["total"].contains(',')) >= 100);
    assert!(count(&|row| row["total"].len() >= 7 && !row["total"].contains(',')) >= 1);
    assert!(count(&|row| row["currency"] == "CHF") >= 10);

    // People: several records, homes and surnames, and others who share their name or mailbox.
    let mut surnames: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut streets: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut names: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    let mut mailboxes: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in &crm {
        let Some(entity) = entity("crm", row, "kontakt_nr") else { continue };
        surnames.entry(entity).or_default().insert(&row["nachname"]);
        streets.entry(entity).or_default().insert(&row["plz"]);
        names.entry((&row["vorname"], &row["nachname"])).or_default().insert(entity);
        mailboxes.entry(&row["email"]).or_default().insert(entity);
    }
    for row in &orders {
        let Some(entity) = entity("shop", row, "order_no") else { continue };
        streets.entry(entity).or_default().insert(&row["zip"]);
        mailboxes.entry(&row["email"]).or_default().insert(entity);
    }
    let several = |sets: &BTreeMap<&str, BTreeSet<&str>>| sets.values().filter(|set| set.len() > 1).count();
    assert!(
        several(&surnames) >= 3 && several(&streets) >= 20,
        "{} {}",
        several(&surnames),
        several(&streets)
    );
    assert!(names.values().any(|entities| entities.len() > 1), "no namesakes");
    mailboxes.remove("");
    assert!(several(&mailboxes) >= 8, "{} shared mailboxes", several(&mailboxes));

    let mut households: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in &truth {
        households.entry(&row["household"]).or_default().insert(&row["entity"]);
    }
    assert!(several(&households) >= 100);
    assert!(households.values().any(|members| members.len() >= 4));
    let people: BTreeSet<&str> = entities.values().copied().collect();
    println!("{rows} rows, {} people, {} households", people.len(), households.len());
}
