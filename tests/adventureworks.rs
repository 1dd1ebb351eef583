//! A company's CRM export, customer warehouse and orders, unified with the shared keys hidden from matching: the keys
//! are the records' names and the truth, no field. Skipped where the exports are not there.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test: its figures are its output")]

mod evaluation_data;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;
use onefold::fact::OrderSummary;
use onefold::ingest::{Inference, OrderColumns, Source};
use onefold::value::{Amount, Currency, parse_amount};
use onefold::{EntityKind, FieldKind, Pipeline};
use serde::Serialize;

/// An order line as a service would hold it.
#[derive(Serialize)]
struct OrderLine {
    id: String,
    order: String,
    placed_at: String,
    customer: String,
    amount: f64,
}

fn read(path: &Path) -> Vec<BTreeMap<String, String>> {
    let bytes = std::fs::read(path).unwrap();
    let mut text = Vec::new();
    if path.extension().is_some_and(|extension| extension == "gz") {
        GzDecoder::new(bytes.as_slice()).read_to_end(&mut text).unwrap();
    } else {
        text = bytes;
    }
    csv::Reader::from_reader(text.as_slice()).deserialize().map(Result::unwrap).collect()
}

/// The order lines, priced by the product list.
fn order_lines(data: &Path) -> Vec<OrderLine> {
    let price =
        |row: BTreeMap<String, String>| (row["ProductKey"].clone(), row["ProductPrice"].parse().unwrap());
    let prices: BTreeMap<String, f64> = read(&data.join("products.csv")).into_iter().map(price).collect();
    let line = |row: BTreeMap<String, String>| OrderLine {
        id: format!("{}-{}", row["OrderNumber"], row["OrderLineItem"]),
        order: row["OrderNumber"].clone(),
        placed_at: row["OrderDate"].clone(),
        customer: row["CustomerKey"].clone(),
        amount: prices[&row["ProductKey"]] * row["OrderQuantity"].parse::<f64>().unwrap(),
    };
    read(&data.join("orders_2015_2017.csv.gz")).into_iter().map(line).collect()
}

fn sources(data: &Path, lines: &[OrderLine]) -> [Source; 3] {
    use FieldKind as K;
    let fields = |source: Source, fields: &[(&str, FieldKind)]| {
        fields.iter().fold(source.infer(Inference::Off), |source, &(name, kind)| source.field(name, kind))
    };
    let person = [
        ("FirstName", K::GivenName),
        ("LastName", K::FamilyName),
        ("BirthDate", K::BirthDate),
        ("Gender", K::Gender),
        ("EmailAddress", K::Email),
    ];
    let crm = Source::file("crm", data.join("crm_customers.csv")).key("CustomerKey");
    let warehouse = Source::file("warehouse", data.join("dw_dim_customer.csv")).key("CustomerLabel");
    let more = [("AddressLine1", K::Street), ("Phone", K::Phone), ("CompanyName", K::OrgName)];
    let order =
        OrderColumns::new("order").placed_at("placed_at").amount("amount").customer("crm", "customer");
    [
        fields(crm, &person),
        fields(fields(warehouse.entity(EntityKind::Either), &person), &more),
        Source::rows("shop", lines)
            .unwrap()
            .key("id")
            .infer(Inference::Off)
            .order(order.currency(Currency::NONE)),
    ]
}

#[test]
fn crm_warehouse_and_orders_become_one_customer_each_and_the_totals_reconcile() {
    let Some(data) = evaluation_data::find("adventureworks") else { return };
    let lines = order_lines(&data);
    let [crm, warehouse, shop] = sources(&data, &lines);
    let pipeline = Pipeline::builder().country("US").source(crm).source(warehouse).source(shop);
    let unified = pipeline.build().unwrap().run().unwrap();
    let report = &unified.ingest;
    assert_eq!(report.rows_read(), report.records() + report.fact_rows() + report.rejects.len() as u64);
    assert_eq!(report.fact_rows() as usize, lines.len());

    let raw = unified.records.raw();
    let keys =
        |source: usize| raw.sources()[source].keys().iter().map(str::to_owned).collect::<BTreeSet<String>>();
    let shared: Vec<String> = keys(0).intersection(&keys(2)).cloned().collect();
    assert_eq!(
        (raw.sources()[0].info().name.as_str(), raw.sources()[2].info().name.as_str()),
        ("crm", "warehouse")
    );
    let one_profile = |key: &&String| {
        let (a, b) = (raw.find("crm", key).unwrap(), raw.find("warehouse", key).unwrap());
        let entity = unified.partition.entity_of(a);
        entity == unified.partition.entity_of(b) && unified.partition.members(entity).len() == 2
    };
    let whole = shared.iter().filter(one_profile).count();
    let share = whole as f64 / shared.len() as f64;
    println!(
        "{whole} of {} customers end as one profile of exactly their two records: {share:.4}",
        shared.len()
    );
    assert!(share >= 0.99, "{share}");

    let summaries =
        unified.partition.iter().map(|(_, members)| OrderSummary::of(&unified.orders, members, None));
    let (mut orders, mut net) = (0, Amount::ZERO);
    for summary in summaries {
        orders += summary.count;
        net = net + summary.revenue.iter().map(|revenue| revenue.net).sum();
    }
    let in_file: BTreeSet<&str> = lines.iter().map(|line| line.order.as_str()).collect();
    let total: Amount = lines.iter().map(|line| parse_amount(&line.amount.to_string(), None).unwrap()).sum();
    println!("{orders} orders, net {net}; the file: {} orders, {total}", in_file.len());
    assert_eq!((orders as usize, net), (in_file.len(), total));
    let customers: BTreeSet<&str> = lines.iter().map(|line| line.customer.as_str()).collect();
    let buyers = unified
        .partition
        .iter()
        .filter(|(_, members)| members.iter().any(|&record| unified.orders.of_record(record).len() > 0));
    println!("{} buying profiles, {} customers in the order file", buyers.count(), customers.len());
}
