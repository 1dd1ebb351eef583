//! Who matches better on the generated world matches better on public data: three matchers keep their order on a public
//! set and on the world, shown through the columns that the set has.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test: its output is a table")]

mod evaluation_data;
mod matchers;
#[path = "../examples/world/mod.rs"]
mod world;

use std::path::Path;

use onefold::evaluate::{Evaluation, Truth, evaluate};
use onefold::pipeline::spec::TruthSpec;
use onefold::{FieldKind, Pipeline, Unified};
use world::World;
use world::sources::Source;
use world::tier::Tier;

const MATCHERS: [&str; 3] = ["exact key", "Fellegi–Sunter", "onefold"];
/// Public sets of people, with the kinds of their columns that the world has too.
const PUBLIC: [(&str, &[&str]); 3] = [
    ("ons_census_cis", &["gender", "birth_date", "street", "house_number", "postal_code"]),
    ("historical_50k", &["gender", "birth_date", "postal_code"]),
    ("fake_1000", &["birth_date", "email", "city"]),
];
/// All of them have names.
const NAMES: [&str; 3] = ["given_name", "family_name", "full_name"];
const RECORDS: u64 = 30_000;
/// Matchers whose F1 differs by less are not told apart by a set.
const TOLD_APART: f64 = 0.01;

/// The results of the three matchers on the set of a spec.
fn evaluations(spec: &Path) -> [Evaluation; 3] {
    let pipeline = Pipeline::from_toml(spec).unwrap();
    let unified = pipeline.run().unwrap();
    let truth = truth(&pipeline, &unified);
    let sources: Vec<_> = unified.records.ids().map(|record| unified.records.source(record)).collect();
    let exact = matchers::by_exact_key(&unified.records);
    let textbook = matchers::by_fellegi_sunter(&unified);
    [&exact, &textbook, &unified.partition]
        .map(|partition| evaluate(partition, &truth, &sources, unified.mode()))
}

fn truth(pipeline: &Pipeline, unified: &Unified) -> Truth {
    let raw = unified.records.raw();
    match pipeline.truth() {
        Some(TruthSpec::Column(column)) => Truth::from_column(raw, column).unwrap(),
        Some(TruthSpec::File { path, source, key, entity, household, .. }) => {
            let path = pipeline.base().join(path);
            Truth::from_csv(raw, &path, [source, key, entity], household.as_deref()).unwrap()
        }
        other => panic!("no truth: {other:?}"),
    }
}

/// A spec that uses only the columns of some kinds.
fn narrowed(spec: &str, kinds: &[&str]) -> String {
    let is_kept = |line: &&str| {
        let kind = line.rsplit_once(" = \"").and_then(|(_, kind)| kind.strip_suffix('"'));
        let kind = kind.filter(|kind| FieldKind::ALL.iter().any(|known| known.as_str() == *kind));
        kind.is_none_or(|kind| NAMES.contains(&kind) || kinds.contains(&kind))
    };
    spec.lines().filter(is_kept).collect::<Vec<_>>().join("\n")
}

/// Below this F1 a matcher has not found the matches at all.
const COLLAPSED: f64 = 0.05;

fn print(set: &str, found: &[Evaluation; 3]) -> [f64; 3] {
    let cells = found.each_ref().map(|of| {
        let figures = &of.pair;
        format!("{:.3}, {:.3}, {:.3}", figures.precision, figures.recall, figures.f1)
    });
    println!("| {set:26} | {} |", cells.join(" | "));
    found.each_ref().map(|of| of.pair.f1)
}

#[test]
fn matchers_keep_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let of_everybody = World::of_records(1, Tier::Typical, RECORDS, &Source::MAIN);
    let of_people = World::of_people(1, Tier::Typical, RECORDS, &Source::MAIN);
    println!("| {:26} | {} |\n|---|---|---|---|", "precision, recall, F1", MATCHERS.join(" | "));
    world::export::export(&of_everybody, folder.path(), world::export::Format::Csv, |_, _| ()).unwrap();
    let found = print("world", &evaluations(&folder.path().join("spec.toml")));
    let mut faults = Vec::new();
    if found[2] < found[0].max(found[1]) + TOLD_APART {
        faults.push("on the whole world onefold is not ahead".to_owned());
    }
    world::export::export(&of_people, folder.path(), world::export::Format::Csv, |_, _| ()).unwrap();
    let spec = std::fs::read_to_string(folder.path().join("spec.toml")).unwrap();
    for (set, kinds) in PUBLIC {
        let Some(public) = evaluation_data::find(&format!("eval/{set}/spec.toml")) else { continue };
        let there = print(set, &evaluations(&public));
        let path = folder.path().join("narrowed.toml");
        std::fs::write(&path, narrowed(&spec, kinds)).unwrap();
        let here = print("world, the same columns", &evaluations(&path));
        for (one, other) in [(0, 1), (0, 2), (1, 2)] {
            let (of_there, of_here) = (there[one] - there[other], here[one] - here[other]);
            // The textbook's latent class can be any frequent agreement; how it then ranks against the key is no sign of data.
            if (one, other) == (0, 1) && there[one].min(there[other]) < COLLAPSED {
                println!(
                    "{} and {} are not ranked on {set}: one has collapsed",
                    MATCHERS[one], MATCHERS[other]
                );
                continue;
            }
            let told_apart = of_there.abs() > TOLD_APART && of_here.abs() > TOLD_APART;
            if told_apart && (of_there < 0.0) != (of_here < 0.0) {
                faults.push(format!("{} and {} change places on {set}", MATCHERS[one], MATCHERS[other]));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
