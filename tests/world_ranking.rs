//! Who matches better on the generated world matches better on public data: three matchers keep their order.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test: its output is a table")]

mod evaluation_data;
mod matchers;
#[path = "../examples/world/mod.rs"]
mod world;

use std::path::Path;

use onefold::evaluate::{Evaluation, Truth, evaluate};
use onefold::pipeline::spec::TruthSpec;
use onefold::{Pipeline, Unified};
use world::World;
use world::sources::Source;
use world::tier::Tier;

const MATCHERS: [&str; 3] = ["exact key", "Fellegi–Sunter", "onefold"];
const PUBLIC: [&str; 3] = ["ons_census_cis", "historical_50k", "fake_1000"];
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

#[test]
fn matchers_keep_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::of_records(1, Tier::Typical, RECORDS, &Source::ALL);
    world::export::export(&world, folder.path(), |_, _| ()).unwrap();
    println!("{:16} {:>22} {:>22} {:>22}", "pair P R F1", MATCHERS[0], MATCHERS[1], MATCHERS[2]);
    let print = |set: &str, found: &[Evaluation; 3]| {
        let cells = found
            .each_ref()
            .map(|of| format!("  {:.3}  {:.3}  {:.3}", of.pair.precision, of.pair.recall, of.pair.f1));
        println!("{set:16} {:>22} {:>22} {:>22}", cells[0], cells[1], cells[2]);
    };
    let here = evaluations(&folder.path().join("spec.toml"));
    print("world (typical)", &here);
    let here = here.map(|of| of.pair.f1);
    assert!(here[0] + TOLD_APART < here[1] && here[1] + TOLD_APART < here[2], "{here:?}");
    for set in PUBLIC {
        let Some(spec) = evaluation_data::find(&format!("eval/{set}/spec.toml")) else { continue };
        let there = evaluations(&spec);
        print(set, &there);
        let there = there.map(|of| of.pair.f1);
        for (one, other) in [(0, 1), (0, 2), (1, 2)] {
            let told_apart = (there[one] - there[other]).abs() > TOLD_APART;
            assert!(
                !told_apart || (there[one] < there[other]) == (here[one] < here[other]),
                "{} and {} change places on {set}",
                MATCHERS[one],
                MATCHERS[other]
            );
        }
    }
}
