//! Scoring all candidates under a trained model: blocks, enumeration, comparison and weights together. Times are per
//! distinct candidate pair, on one thread.

mod people;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use onefold::compare::default_comparisons;
use onefold::model::{TrainingOptions, score, train};

fn links(criterion: &mut Criterion<people::CpuTime>) {
    let records = people::records(people::size());
    let comparisons = default_comparisons(&records);
    let (model, _) = train(&records, people::plan(&records), comparisons, &TrainingOptions::default());
    let mut group = criterion.benchmark_group("scoring");
    group.throughput(Throughput::Elements(score(&records, &model).pairs_compared()));
    group.bench_function("links", |bencher| {
        bencher.iter(|| people::alone(|| score(black_box(&records), &model)));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = people::criterion();
    targets = links
}
criterion_main!(benches);
