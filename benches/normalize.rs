//! Normalising the values of raw records. Times are per record of eight fields, on one thread.

mod people;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use onefold::normalize::{NormalizeOptions, normalize};

fn records(criterion: &mut Criterion<people::CpuTime>) {
    let size = people::size();
    let raw = people::raw(size);
    let options = NormalizeOptions::default().with_country("DE");
    let mut group = criterion.benchmark_group("normalize");
    group.throughput(Throughput::Elements(size as u64));
    group.bench_function("records", |bencher| {
        bencher.iter_batched(
            || raw.clone(),
            |raw| people::alone(|| normalize(raw, &options)),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = people::criterion();
    targets = records
}
criterion_main!(benches);
