//! From a CSV export in memory to entities, on as many threads as there are cores: with seven rules written by hand, and
//! with all defaults on a tenth of the records. Times are CPU time per record.
#![allow(clippy::unwrap_used)]

mod people;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn end_to_end(criterion: &mut Criterion<people::CpuTime>) {
    let (size, tenth) = (people::size(), people::size() / 10);
    let mut group = criterion.benchmark_group("pipeline");
    let cases = [
        ("seven rules", size, people::pipeline_with_rules(people::csv(size))),
        ("defaults", tenth, people::pipeline(people::csv(tenth))),
    ];
    for (name, records, pipeline) in cases {
        let pipeline = pipeline.build().unwrap();
        group.throughput(Throughput::Elements(records as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| black_box(&pipeline).run().unwrap().partition);
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = people::criterion();
    targets = end_to_end
}
criterion_main!(benches);
