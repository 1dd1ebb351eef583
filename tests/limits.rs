//! What a run may take: it is estimated before, and refused with the figure.
#![allow(clippy::unwrap_used)]

mod world;

use onefold::error::ErrorKind;
use onefold::pipeline::Limits;
use onefold::{Pipeline, ingest::Source};
use world::World;

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/unify/spec.toml");

#[test]
fn rows_are_estimated_from_the_files_alone() {
    let pipeline = Pipeline::from_toml(SAMPLE).unwrap();
    let estimate = pipeline.estimate().unwrap();
    let rows = pipeline.run().unwrap().ingest.rows_read();
    let ratio = estimate.records as f64 / rows as f64;
    assert!((0.75..1.25).contains(&ratio), "{estimate}: {rows} rows");
    assert!(estimate.pairs > 0 && estimate.memory > 0 && estimate.cpu_seconds > 0.0);
}

#[test]
fn a_run_that_would_not_fit_is_refused_with_the_figure() {
    let pipeline = Pipeline::from_toml(SAMPLE).unwrap();
    let needed = pipeline.estimate().unwrap().memory;
    for (limits, what) in [
        (Limits::default().with_memory(needed - 1), "memory in bytes"),
        (Limits::default().with_pairs(10), "candidate pairs"),
    ] {
        let error = pipeline.clone().with_limits(limits).run().unwrap_err();
        assert!(error.is_limit(), "{error}");
        let ErrorKind::Limit { what: found, needed, limit } = error.kind() else { panic!("{error}") };
        assert!(*found == what && needed > limit, "{error}");
        assert!(error.to_string().contains(&needed.to_string()), "{error}");
    }
    let enough = Limits::default().with_memory(needed).with_pairs(u64::MAX);
    assert!(pipeline.with_limits(enough).run().is_ok());
}

#[test]
fn rows_in_memory_are_counted() {
    let world = World::new(3, 50);
    let estimate = world.builder().build().unwrap().estimate().unwrap();
    assert!(estimate.records.abs_diff(world.rows() as u64) <= world.rows() as u64 / 4, "{estimate}");
    let rows = [serde_json::json!({"id": 1, "name": "Anna"}), serde_json::json!({"id": 2, "name": "Otto"})];
    let source = Source::rows("crm", &rows).unwrap().key("id");
    let estimate = Pipeline::builder().source(source).build().unwrap().estimate().unwrap();
    assert_eq!(estimate.records, 2);
    let missing = Pipeline::builder().source(Source::file("crm", "no/such/file.csv")).build().unwrap();
    assert!(missing.estimate().unwrap_err().is_io());
}
