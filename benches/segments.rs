//! Conditions on 1,048,576 synthetic profiles. Times are CPU time per profile, on one thread.
#![allow(clippy::unwrap_used)]

mod people;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use onefold::CustomerId;
use onefold::profile::Profile;
use onefold::segment::{
    ProfileColumns, ProfileColumnsBuilder, Top, evaluate, field, no_order_for, top_customers_by_revenue,
};
use onefold::value::{Amount, Currency, Instant};
use serde_json::json;

const DISTINCT: u64 = 1 << 14;
const REPEATS: usize = 64;

/// A profile with four orders in five, twenty thousand postal codes, gaps in the other fields.
fn profile(number: u64) -> Profile {
    let draw =
        |salt: u64, below: u64| (number ^ salt).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23) % below;
    let count = draw(1, 5) * (1 + draw(2, 3));
    let day = |salt| {
        (count > 0).then(|| {
            format!(
                "20{:02}-{:02}-{:02}",
                15 + draw(salt, 11),
                1 + draw(salt + 1, 12),
                1 + draw(salt + 2, 28)
            )
        })
    };
    let revenue = json!([{ "currency": "EUR", "net": draw(3, 100_000) as f64 / 100.0, "paid_orders": count, "average_basket": null }]);
    let country = ["DE", "DE", "DE", "AT", "CH"][draw(7, 5) as usize];
    let source = ["crm", "erp", "shop"][draw(9, 3) as usize];
    serde_json::from_value(json!({
        "customer_id": CustomerId::of_record("crm", &number.to_string()),
        "class": if draw(4, 10) == 0 { "organisation" } else { "person" },
        "birth_date": (draw(5, 3) > 0).then(|| format!("19{:02}", 30 + draw(6, 70))),
        "addresses": [{
            "country": country,
            "postal_code": (10_000 + draw(8, 20_000)).to_string(), "records": 1, "sources": 1,
        }],
        "records": [{ "source": source, "key": "1", "confidence": 1.0 }],
        "orders": {
            "count": count, "first": day(10), "last": day(13),
            "revenue": if count > 0 { revenue } else { json!([]) },
        },
    }))
    .unwrap()
}

fn segments(criterion: &mut Criterion<people::CpuTime>) {
    let profiles: Vec<Profile> = (0..DISTINCT).map(profile).collect();
    let columns = {
        let mut builder = ProfileColumnsBuilder::new();
        (0..REPEATS).for_each(|_| builder.extend(&profiles));
        builder.finish()
    };
    let as_of: Instant = "2026-11-01".parse().unwrap();
    let euro: Currency = "EUR".parse().unwrap();
    let number = field::order_count().at_least(3);
    let text = field::postal_code().starts_with("12");
    let segment =
        (number.clone() & field::revenue(euro).at_least(Amount::from_units(2_000_000)) & no_order_for(365))
            | (field::country().is("AT") & !field::source("crm") & field::birth_year().exists());
    let mut group = criterion.benchmark_group("segments");
    group.throughput(Throughput::Elements(profiles.len() as u64));
    group.bench_function("columns", |bencher| {
        bencher.iter(|| people::alone(|| ProfileColumns::of(black_box(&profiles))));
    });
    group.throughput(Throughput::Elements(columns.len() as u64));
    for (name, expr) in [("number", &number), ("text", &text), ("six tests", &segment)] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| people::alone(|| evaluate(black_box(expr), &columns, as_of)));
        });
    }
    group.bench_function("top tenth", |bencher| {
        bencher.iter(|| people::alone(|| top_customers_by_revenue(&columns, euro, Top::Share(0.1)).unwrap()));
    });
    let (rich, lapsed) = (evaluate(&number, &columns, as_of), evaluate(&no_order_for(365), &columns, as_of));
    group.bench_function("intersection", |bencher| bencher.iter(|| rich.intersection(black_box(&lapsed))));
    group.finish();
}

criterion_group! {
    name = benches;
    config = people::criterion();
    targets = segments
}
criterion_main!(benches);
