//! Choosing a plan (per record), laying out its blocks (per record and rule), and enumerating the distinct pairs
//! (per pair of a block, repeats over rules included). On one thread; the last two with seven rules written by hand.

mod people;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use onefold::block::{CandidatePairs, PlanOptions, default_plan};
use onefold::schema::LinkMode;

fn stages(criterion: &mut Criterion<people::CpuTime>) {
    let records = people::records(people::size());
    let plan = people::plan(&records);
    let pairs = CandidatePairs::new(&plan, &records);
    let options = PlanOptions::default().with_mode(LinkMode::Dedupe);
    let mut group = criterion.benchmark_group("blocking");
    group.throughput(Throughput::Elements(records.len() as u64));
    group.bench_function("default plan", |bencher| {
        bencher.iter(|| people::alone(|| default_plan(black_box(&records), None, &options)));
    });
    group.throughput(Throughput::Elements((records.len() * plan.rules().len()) as u64));
    group.bench_function("blocks", |bencher| {
        bencher.iter(|| people::alone(|| CandidatePairs::new(black_box(&plan), &records).upper_bound()));
    });
    group.throughput(Throughput::Elements(pairs.upper_bound()));
    group.bench_function("pairs", |bencher| {
        bencher.iter(|| people::alone(|| black_box(&pairs).count()));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = people::criterion();
    targets = stages
}
criterion_main!(benches);
