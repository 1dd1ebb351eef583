//! The records of a few exports, all of one customer, and the golden values of it.
#![allow(dead_code, reason = "each test uses its own part")]

use onefold::ingest::{Source, ingest};
use onefold::normalize::{NormalizeOptions, normalize};
use onefold::record::Records;
use onefold::resolve::Partition;
use onefold::survive::{Comparator, Policy, Reduce, Rule, survive};
use onefold::{EntityId, FieldKind};

/// An export: its name, columns and rows.
pub(crate) type Export<'a> = (&'a str, &'a str, &'a [&'a str]);

/// The records of a few exports, all of one customer.
pub(crate) fn customer(exports: &[Export<'_>]) -> (Records, Partition) {
    let kind = |column: &str| column.trim_end_matches(char::is_numeric).parse::<FieldKind>().ok();
    let sources: Vec<Source> = exports
        .iter()
        .map(|&(name, header, rows)| {
            let text = format!("key,{header}\n{}\n", rows.join("\n"));
            let mut source = Source::bytes(name, "export.csv", text.into_bytes()).key("key");
            for column in header.split(',') {
                source = match kind(column) {
                    Some(kind) => source.field(column, kind),
                    None => source.updated_at(column),
                };
            }
            source
        })
        .collect();
    let raw = ingest(&sources, "".as_ref()).unwrap().records;
    let (records, _) = normalize(raw, &NormalizeOptions::default().with_country("DE"));
    let partition = Partition::from_roots(&vec![0; records.len()]);
    (records, partition)
}

/// The golden values of a kind, each with the record that gives it.
pub(crate) fn golden(
    (records, partition): &(Records, Partition),
    policy: &Policy,
    kind: FieldKind,
) -> Vec<(String, String)> {
    let field = records.schema().position(kind, "").unwrap();
    let golden = survive(records, partition, policy);
    let rows = golden.rows(EntityId(0), field).map(|row| {
        let part = row.get(field);
        part.map_or_else(Default::default, |part| {
            let (source, key) = records.raw().key(part.record);
            (records.column(field).text(part.value).to_owned(), format!("{source}/{key}"))
        })
    });
    rows.collect()
}

pub(crate) fn texts(customer: &(Records, Partition), policy: &Policy, kind: FieldKind) -> Vec<String> {
    golden(customer, policy, kind).into_iter().map(|(text, _)| text).collect()
}

pub(crate) fn one(kind: FieldKind, steps: &[Comparator]) -> Policy {
    Policy::default().with_rule(kind, Rule::new(steps.to_vec(), Reduce::PickOne)).unwrap()
}

pub(crate) fn priority(sources: &[&str]) -> Comparator {
    Comparator::SourcePriority(sources.iter().map(|&name| name.to_owned()).collect())
}
