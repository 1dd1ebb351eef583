//! Comparing candidate pairs on eight fields (per pair), and what is computed per distinct value before (per record).
//! The pairs come from seven rules written by hand, in the order of their records. On one thread.

mod people;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use onefold::block::CandidatePairs;
use onefold::compare::{BoundComparisons, PairLevels, Vocabulary, default_comparisons};

fn pairs(criterion: &mut Criterion<people::CpuTime>) {
    let records = people::records(people::size());
    let comparisons = default_comparisons(&records);
    let vocabulary = Vocabulary::learn(&comparisons, &records);
    let bound = BoundComparisons::new(&comparisons, &vocabulary, &records);
    let pairs = CandidatePairs::new(&people::plan(&records), &records).collect();
    let mut group = criterion.benchmark_group("comparison");
    group.throughput(Throughput::Elements(records.len() as u64));
    group.bench_function("features", |bencher| {
        bencher.iter(|| {
            people::alone(|| drop(BoundComparisons::new(black_box(&comparisons), &vocabulary, &records)));
        });
    });
    group.throughput(Throughput::Elements(pairs.len() as u64));
    group.bench_function("pairs", |bencher| {
        bencher.iter(|| {
            let (mut levels, mut checksum) = (PairLevels::default(), 0u64);
            for &(a, b) in black_box(&pairs) {
                bound.compare(a, b, &mut levels);
                checksum = checksum.wrapping_add(levels.levels().iter().map(|&level| u64::from(level)).sum());
            }
            checksum
        });
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = people::criterion();
    targets = pairs
}
criterion_main!(benches);
