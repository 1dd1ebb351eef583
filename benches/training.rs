//! Learning a model, all passes over the candidates included. Times are per candidate pair, on one thread.

mod people;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use onefold::block::CandidatePairs;
use onefold::compare::default_comparisons;
use onefold::model::{TrainingOptions, train};

fn model(criterion: &mut Criterion<people::CpuTime>) {
    let records = people::records(people::size());
    let plan = people::plan(&records);
    let comparisons = default_comparisons(&records);
    let mut group = criterion.benchmark_group("training");
    group.throughput(Throughput::Elements(CandidatePairs::new(&plan, &records).count()));
    group.bench_function("model", |bencher| {
        bencher.iter_batched(
            || (plan.clone(), comparisons.clone()),
            |(plan, comparisons)| {
                people::alone(|| train(&records, plan, comparisons, &TrainingOptions::default()))
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = people::criterion();
    targets = model
}
criterion_main!(benches);
