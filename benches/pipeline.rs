//! From a CSV export in memory to entities, with all defaults. Times are per record: on one thread, and on as many as
//! there are cores.
#![allow(clippy::unwrap_used)]

mod people;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn end_to_end(criterion: &mut Criterion<people::CpuTime>) {
    let size = people::size();
    let pipeline = people::pipeline(people::csv(size));
    let mut group = criterion.benchmark_group("pipeline");
    group.throughput(Throughput::Elements(size as u64));
    group.bench_function("one thread", |bencher| {
        bencher.iter(|| people::alone(|| black_box(&pipeline).run().unwrap().partition));
    });
    group.bench_function("all threads", |bencher| {
        bencher.iter(|| black_box(&pipeline).run().unwrap().partition);
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = people::criterion();
    targets = end_to_end
}
criterion_main!(benches);
