//! Golden values of entities, with the reasons, and profiles. Times are per record, on one thread. Two and a half
//! records on average are an entity; many of them mix persons, so that there is more to decide than in real data.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod people;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use onefold::fact::Orders;
use onefold::id::{EntityId, FieldId};
use onefold::model::Links;
use onefold::profile::Profiles;
use onefold::record::Records;
use onefold::resolve::Partition;
use onefold::survive::{Lineage, Policy, Survivorship, survive};

/// Neighbours in the export, whose keys end in the row's number: two fifths as many entities as records.
fn neighbours(records: &Records) -> Partition {
    let row = |record| records.raw().key(record).1.rsplit('-').next().unwrap().parse::<u32>().unwrap();
    let roots: Vec<u32> = records.ids().map(|record| row(record) * 2 / 5).collect();
    Partition::from_roots(&roots)
}

fn golden(criterion: &mut Criterion<people::CpuTime>) {
    let records = people::records(people::size());
    let partition = neighbours(&records);
    let policy = Policy::default();
    let mut group = criterion.benchmark_group("survive");
    group.throughput(Throughput::Elements(records.len() as u64));
    group.bench_function("golden", |bencher| {
        bencher.iter(|| people::alone(|| survive(&records, black_box(&partition), &policy)));
    });
    let survivorship = Survivorship::new(&records, &partition, &policy);
    group.bench_function("lineage", |bencher| {
        let fields = || (0..records.columns().len() as u16).map(FieldId);
        let entities = || (0..partition.len() as u32).map(EntityId);
        let losers = |entity| fields().map(move |field| (entity, field));
        bencher.iter(|| {
            entities()
                .flat_map(losers)
                .map(|(entity, field)| survivorship.lineage(black_box(entity), field).losers.len())
                .sum::<usize>()
        });
    });
    let golden = survivorship.golden();
    let (orders, links) = (Orders::default(), Links::default());
    let profiles = Profiles::new(&records, &partition, &golden, &orders, &links, None);
    group.bench_function("profiles", |bencher| {
        bencher.iter(|| people::alone(|| profiles.map(|profile| black_box(profile).addresses.len())));
    });
    group.finish();
}

/// The golden records and the lineage of every value of a million records in 400,000 entities, on all threads: a job of
/// seconds, measured as a whole. Prints the median of three, with the memory of the golden records.
fn million(_: &mut Criterion<people::CpuTime>) {
    let size = if people::size() < 100_000 { people::size() } else { 1_000_000 };
    let records = people::records(size);
    let partition = neighbours(&records);
    let policy = Policy::default();
    let mut seconds = Vec::new();
    for _ in 0..3 {
        let start = std::time::Instant::now();
        let survivorship = Survivorship::new(&records, &partition, &policy);
        let visit = |fates: &mut u64, _, _, lineage: &Lineage| {
            *fates += (lineage.winners.len() + lineage.supporters.len() + lineage.losers.len()) as u64;
        };
        let (golden, fates) = survivorship.golden_with_lineage(|| 0, visit);
        let elapsed = start.elapsed().as_secs_f64();
        let bytes = golden.bytes();
        seconds.push((elapsed, fates.iter().sum::<u64>(), bytes));
    }
    seconds.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (elapsed, fates, bytes) = seconds[1];
    let (size, entities) = (records.len(), partition.len());
    println!(
        "survive/million: {size} records, {entities} entities, {fates} fates of values: {elapsed:.2} s; golden records {:.0} MB",
        bytes as f64 / 1e6
    );
}

criterion_group! {
    name = benches;
    config = people::criterion();
    targets = golden, million
}
criterion_main!(benches);
