//! Law: the order of rows and of sources changes nothing but lines; every row is a record or a reject.
#![allow(clippy::unwrap_used)]

use std::sync::atomic::{AtomicU64, Ordering};

use onefold::ingest::{Ingested, Source, ingest};
use onefold::record::{Cell, Reject};
use onefold::{FieldKind, RecordId};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

#[derive(Clone, Debug)]
struct Row {
    id: &'static str,
    name: &'static str,
    changed: &'static str,
    note: &'static str,
}

fn row() -> impl Strategy<Value = Row> {
    (
        prop::sample::select(vec!["", "1", "2", "3", "10"]),
        prop::sample::select(vec!["", " ", "Ada", "Bob", "Müller"]),
        prop::sample::select(vec![
            "",
            "2024-01-01",
            "2024-01-01T00:00:00Z",
            "2023-05-06",
            "1.2.2024",
            "later",
        ]),
        prop::sample::select(vec!["", "x", "y"]),
    )
        .prop_map(|(id, name, changed, note)| Row { id, name, changed, note })
}

fn source(name: &str, rows: &[Row], keyed: bool) -> Source {
    let mut text = "id,name,changed,note\n".to_owned();
    for &Row { id, name, changed, note } in rows {
        text.extend([id, ",", name, ",", changed, ",", note, "\n"]);
    }
    let source =
        Source::bytes(name, "a.csv", text.into()).updated_at("changed").field("name", FieldKind::FullName);
    if keyed { source.key("id") } else { source }
}

/// The records without their lines.
fn records(ingested: &Ingested) -> Vec<(String, String, Vec<Cell<'_>>)> {
    (0..ingested.records.len() as u32)
        .map(|record| {
            let (source, key) = ingested.records.key(RecordId(record));
            let (table, row) = ingested.records.place(RecordId(record));
            let cells = table.columns().iter().map(|column| column.cell(row)).collect();
            (source.to_owned(), key.to_owned(), cells)
        })
        .collect()
}

/// The rejects without their lines, as a sorted list.
fn rejects(ingested: &Ingested) -> Vec<Reject> {
    let mut rejects = ingested.report.rejects.clone();
    for reject in &mut rejects {
        reject.line = 0;
    }
    rejects.sort_unstable();
    rejects
}

#[test]
fn order_free() {
    let (redelivered, superseded, missing) = (AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0));
    let rows = prop::collection::vec(row(), 0..30);
    let strategy = (rows, any::<bool>()).prop_flat_map(|(rows, keyed)| {
        (Just(rows.clone()), Just(rows).prop_shuffle(), Just(keyed), any::<bool>())
    });
    let mut runner = TestRunner::new(Config { cases: 400, failure_persistence: None, ..Config::default() });
    runner
        .run(&strategy, |(rows, shuffled, keyed, swapped)| {
            let one = [source("a", &rows, keyed), source("b", &shuffled, keyed)];
            let mut other = vec![source("a", &shuffled, keyed), source("b", &rows, keyed)];
            if swapped {
                other.reverse();
            }
            let one = ingest(&one, "".as_ref()).unwrap();
            let other = ingest(&other, "".as_ref()).unwrap();
            prop_assert_eq!(records(&one), records(&other));
            prop_assert_eq!(rejects(&one), rejects(&other));
            prop_assert_eq!(&one.report.sources, &other.report.sources);
            for source in &one.report.sources {
                prop_assert_eq!(source.rows_read, rows.len() as u64);
                prop_assert_eq!(source.rows_read, source.records + source.rejects.total());
                redelivered.fetch_add(source.rejects.redelivered, Ordering::Relaxed);
                superseded.fetch_add(source.rejects.superseded, Ordering::Relaxed);
                missing.fetch_add(source.rejects.missing_key, Ordering::Relaxed);
            }
            Ok(())
        })
        .unwrap();
    for (name, count) in [("redelivered", redelivered), ("superseded", superseded), ("missing keys", missing)]
    {
        assert!(count.into_inner() > 100, "{name} were not reached");
    }
}

#[test]
fn any_bytes_are_read_without_a_panic() {
    let source = Source::file("crm", "").key("id").field("name", FieldKind::FullName);
    let piece = prop_oneof![
        Just(b"\n".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b",".to_vec()),
        Just(b"\"".to_vec()),
        Just(b"1,Ada\n".to_vec()),
        Just(b"\0".to_vec()),
        Just("ü€😀".as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..6),
    ];
    let body = prop::collection::vec(piece, 0..20);
    let start = prop::sample::select(vec!["id,name\n", "\u{feff}id,name\r\n", "name;id\n", "id", ""]);
    let mut runner = TestRunner::new(Config { cases: 2000, failure_persistence: None, ..Config::default() });
    let (read, rejected) = (AtomicU64::new(0), AtomicU64::new(0));
    runner
        .run(&(start, body), |(start, body)| {
            let bytes = [start.as_bytes().to_vec(), body.concat()].concat();
            match onefold::ingest::read_bytes("a.csv", &bytes, &source) {
                Ok(ingested) => {
                    let report = &ingested.report;
                    prop_assert_eq!(report.rows_read(), report.records() + report.rejects.len() as u64);
                    read.fetch_add(report.records(), Ordering::Relaxed);
                    rejected.fetch_add(report.rejects.len() as u64, Ordering::Relaxed);
                }
                Err(error) => prop_assert!(!error.to_string().contains('\n'), "{}", error),
            }
            Ok(())
        })
        .unwrap();
    assert!(read.into_inner() > 100 && rejected.into_inner() > 100);
}
