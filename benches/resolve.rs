//! Clustering scored pairs. Times are per link (pairs above the floor of the scores), on one thread.
#![allow(clippy::unwrap_used)]

mod people;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use onefold::compare::default_comparisons;
use onefold::model::{Scorer, TrainingOptions, score, train};
use onefold::resolve::{Constraints, resolve};

fn entities(criterion: &mut Criterion<people::CpuTime>) {
    let records = people::records(people::size());
    let comparisons = default_comparisons(&records);
    let (model, _) = train(&records, people::plan(&records), comparisons, &TrainingOptions::default());
    let links = score(&records, &model);
    let scorer = Scorer::new(&model, &records);
    let constraints = Constraints::new();
    let mut group = criterion.benchmark_group("resolve");
    group.throughput(Throughput::Elements(links.iter().len() as u64));
    group.bench_function("entities", |bencher| {
        bencher.iter(|| {
            people::alone(|| {
                resolve(&records, black_box(&links), model.threshold(), &constraints, &scorer).unwrap()
            })
        });
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = people::criterion();
    targets = entities
}
criterion_main!(benches);
