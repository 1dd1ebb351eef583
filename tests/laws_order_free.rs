//! Law: any order of rows and of sources, and any number of threads, gives the same result.
//!
//! What makes it fail: sources left in the order given (`RawRecords::new` and `ingest::assemble`), or the first row
//! of a key taken as the winner (`Table::wins`).
#![allow(clippy::unwrap_used)]

mod world;

use onefold::Unified;
use onefold::evaluate::{Truth, evaluate};
use onefold::pipeline::PipelineBuilder;
use proptest::prelude::*;
use world::{Reached, World, canonical};

fn run(builder: PipelineBuilder, threads: usize) -> Unified {
    let pipeline = builder.build().unwrap();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| pipeline.run()).unwrap()
}

#[test]
fn small_worlds() {
    let reached = Reached::default();
    let strategy = (any::<u64>(), 0..70usize, any::<u64>(), 1..4usize);
    world::check(60, strategy, |(seed, customers, order, threads)| {
        let world = World::new(seed, customers);
        let (one, other) = (run(world.builder(), 1), run(world.shuffled(order).builder(), threads));
        reached.add("records", one.records.len() as u64);
        reached.add("merges", world::merges(&one));
        reached.add("rejects", one.ingest.rejects.len() as u64);
        reached.add("issues", one.issues.len() as u64);
        reached.add("guarded", one.guarded.values().sum());
        reached.add("superseded", one.ingest.sources.iter().map(|source| source.rejects.superseded).sum());
        let (one, other) = (canonical(&one), canonical(&other));
        prop_assert!(one == other, "{}", first_difference(&one, &other));
        Ok(())
    });
    reached.assert(20, &["records", "merges", "rejects", "issues", "superseded"]);
    reached.assert(5, &["guarded"]);
}

fn first_difference(one: &str, other: &str) -> String {
    let found = one.lines().zip(other.lines()).find(|(left, right)| left != right);
    found.map_or_else(|| "one is longer".to_owned(), |(left, right)| format!("{left}\n{right}"))
}

#[test]
fn twenty_thousand_records() {
    let world = World::new(7, 8_300);
    // A limit at which blocks of this world are split.
    let builder = |world: &World| world.builder().pairs_per_record(10);
    let one = run(builder(&world), 1);
    assert!(one.records.len() >= 20_000, "{} records", one.records.len());
    assert!(one.blocking.rules.iter().any(|rule| rule.split > 0), "no block was split: {}", one.blocking);
    assert!(world::merges(&one) > 2_000 && one.ingest.rejects.len() > 500 && !one.issues.is_empty());
    let truth = Truth::from_column(one.records.raw(), "truth").unwrap();
    let sources: Vec<_> = one.records.ids().map(|record| one.records.source(record)).collect();
    let quality = evaluate(&one.partition, &truth, &sources, one.mode());
    assert!(quality.pair.f1 > 0.7, "the law should hold of a run that does its work: {:?}", quality.pair);
    let expected = canonical(&one);
    drop(one);
    for threads in [2, 3] {
        let other = canonical(&run(builder(&world.shuffled(threads as u64)), threads));
        assert!(expected == other, "{threads} threads: {}", first_difference(&expected, &other));
    }
}
