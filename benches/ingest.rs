//! Reading an export as CSV and as NDJSON, and giving strings their numbers. Times are per row and per cell, on one thread.
#![allow(clippy::unwrap_used)]

mod people;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use onefold::ingest::ingest;
use onefold::record::Interner;

fn read(criterion: &mut Criterion<people::CpuTime>) {
    let size = people::size();
    let mut group = criterion.benchmark_group("ingest");
    group.throughput(Throughput::Elements(size as u64));
    for (name, file, bytes) in
        [("csv", "crm.csv", people::csv(size)), ("ndjson", "crm.ndjson", people::ndjson(size))]
    {
        let source = [people::source(file, bytes)];
        group.bench_function(name, |bencher| {
            bencher.iter(|| people::alone(|| ingest(black_box(&source), "".as_ref()).unwrap().records.len()));
        });
    }
    group.finish();
}

/// A column of many distinct values that repeat (surnames), and one that hardly repeats (keys).
fn intern(criterion: &mut Criterion<people::CpuTime>) {
    let size = people::size();
    let raw = people::raw(size);
    let table = &raw.sources()[0];
    let surnames = table.column("last").unwrap();
    let surnames: Vec<&str> = (0..size).filter_map(|row| surnames.cell(row).value()).collect();
    let keys: Vec<&str> = table.keys().iter().collect();
    let mut group = criterion.benchmark_group("intern");
    for (name, texts) in [("surnames", &surnames), ("keys", &keys)] {
        group.throughput(Throughput::Elements(texts.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let mut interner = Interner::new();
                for text in black_box(texts) {
                    interner.intern(text);
                }
                interner.finish().len()
            });
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = people::criterion();
    targets = read, intern
}
criterion_main!(benches);
