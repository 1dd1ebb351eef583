//! The accuracy that a release must keep, on public sets, at the defaults; skipped where the sets are not there.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test: failing is its output")]

mod evaluation_data;

use onefold::Pipeline;
use onefold::evaluate::{Truth, evaluate};
use onefold::pipeline::spec::TruthSpec;

/// Pair F1 of a set at the defaults; `None`, with a printed line, if the set is not there.
fn pair_f1(set: &str) -> Option<f64> {
    let spec = evaluation_data::find(&format!("eval/{set}/spec.toml"))?;
    let pipeline = Pipeline::from_toml(&spec).unwrap();
    let unified = pipeline.run().unwrap();
    let Some(TruthSpec::Column(column)) = pipeline.truth() else { panic!("{set} has no truth column") };
    let truth = Truth::from_column(unified.records.raw(), column).unwrap();
    let sources: Vec<_> = unified.records.ids().map(|record| unified.records.source(record)).collect();
    Some(evaluate(&unified.partition, &truth, &sources, unified.mode()).pair.f1)
}

macro_rules! floors {
    ($($set:ident $floor:literal,)*) => {
        $(#[test]
        fn $set() {
            if let Some(f1) = pair_f1(stringify!($set)) {
                assert!(f1 >= $floor, "pair F1 {f1:.4} is below {}", $floor);
            }
        })*
    };
}

floors! {
    febrl3 0.995,
    febrl4 0.995,
    febrl_c10000 0.99,
    fake_1000 0.93,
    historical_50k 0.90,
    ons_census_cis 0.99,
    rldata10000 0.95,
    dblp_acm 0.96,
    musicbrainz_20k 0.95,
}
