//! NDJSON is read like rows in memory, in any order, and each of its lines is accounted for.
#![allow(clippy::unwrap_used)]

use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};

use onefold::ingest::{
    CELL_LIMIT, COLUMN_LIMIT, Inference, Ingested, LINE_LIMIT, NAME_LIMIT, NESTING_LIMIT, ROW_LIMIT, Source,
    ingest, read_bytes,
};
use onefold::record::{Cell, IssueKind, Reject};
use onefold::{FieldKind, RecordId};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

fn source() -> Source {
    Source::file("crm", "").key("id").field("name", FieldKind::FullName)
}

/// Reads one file in memory, and checks that the counts reconcile.
fn read(file: &str, bytes: impl AsRef<[u8]>) -> Ingested {
    let ingested = read_bytes(file, bytes.as_ref(), &source()).unwrap();
    reconcile(&ingested);
    ingested
}

fn reconcile(ingested: &Ingested) {
    let report = &ingested.report;
    assert_eq!(report.records(), ingested.records.len() as u64);
    for source in &report.sources {
        assert_eq!(source.rows_read, source.records + source.rejects.total(), "{}", source.name);
    }
    assert!(report.rejects.is_sorted() && report.issues.is_sorted());
}

/// The records as key, line and name.
fn records(ingested: &Ingested) -> Vec<(&str, u64, Cell<'_>)> {
    (0..ingested.records.len() as u32)
        .map(|record| {
            let (table, row) = ingested.records.place(RecordId(record));
            (table.keys().get(row as u32), table.lines()[row], table.column("name").unwrap().cell(row))
        })
        .collect()
}

fn rejects(ingested: &Ingested) -> Vec<String> {
    ingested.report.rejects.iter().map(Reject::to_string).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn lines_that_are_rejected() {
    let cell = "x".repeat(CELL_LIMIT + 1);
    let line = "x".repeat(LINE_LIMIT);
    let deep = format!(r#"{{"id":2,"a":{}1{}}}"#, "[".repeat(NESTING_LIMIT), "]".repeat(NESTING_LIMIT));
    let bottomless = format!(r#"{{"id":2,"a":{}"#, "[".repeat(1 << 20));
    let wide = (0..100_000).map(|n| format!(r#","n{n}":1"#)).collect::<Vec<_>>().concat();
    let deep_name = ["0"; NESTING_LIMIT - 1].join(".");
    let cases: [(&str, Vec<u8>, String); 17] = [
        (
            "cut off",
            br#"{"id":2,"name":"B"#.into(),
            "no valid JSON: EOF while parsing a string at byte 17".into(),
        ),
        ("no JSON", b"id,name".into(), "the line is no JSON object".into()),
        ("an array", br#"[{"id":2}]"#.into(), "the line is no JSON object".into()),
        ("two objects", br#"{"id":2}{"id":3}"#.into(), "no valid JSON: trailing characters at byte 9".into()),
        ("single quotes", b"{'id':2}".into(), "no valid JSON: key must be a string at byte 2".into()),
        ("a name twice", br#"{"id":2,"id":2}"#.into(), "id: the name occurs twice in the row".into()),
        (
            "a name twice after flattening",
            br#"{"id":2,"a.b":1,"a":{"b":1}}"#.into(),
            "a.b: the name occurs twice in the row".into(),
        ),
        (
            "a name twice but for white space",
            br#"{"id":2,"a":1," a":1}"#.into(),
            "a: the name occurs twice in the row".into(),
        ),
        ("not UTF-8", b"{\"id\":2,\"name\":\"B\xffb\"}".into(), "not UTF-8 at byte 18".into()),
        (
            "half a surrogate pair",
            br#"{"id":2,"name":"\udc00"}"#.into(),
            "name: no valid JSON: lone leading surrogate in hex escape".into(),
        ),
        ("NUL", br#"{"id":2,"name":"B\u0000b"}"#.into(), "name: a cell holds a NUL byte".into()),
        ("a raw NUL", b"{\"id\":2,\0}".into(), "no valid JSON: key must be a string at byte 9".into()),
        (
            "a long cell",
            format!(r#"{{"id":2,"name":"{cell}"}}"#).into(),
            format!("name: a cell of {} bytes (limit {CELL_LIMIT}), perhaps an unclosed quote", cell.len()),
        ),
        (
            "a long line",
            format!(r#"{{"id":2,"name":"{line}"}}"#).into(),
            format!("a line of more than {LINE_LIMIT} bytes"),
        ),
        ("deep", deep.into(), format!("a.{deep_name}: nested deeper than {NESTING_LIMIT} levels")),
        (
            "very deep and broken",
            bottomless.into(),
            "no valid JSON: EOF while parsing a list at byte 1048588".into(),
        ),
        ("wide", format!(r#"{{"id":2{wide}}}"#).into(), format!("more than {ROW_LIMIT} values in one row")),
    ];
    for (name, bad, expected) in cases {
        let text = [b"{\"id\":1,\"name\":\"Ada\"}\n", &bad[..], b"\n{\"id\":3,\"name\":\"Eve\"}"].concat();
        for (file, bytes) in [("a.ndjson", text.clone()), ("a.jsonl.gz", gzip(&text))] {
            let ingested = read(file, bytes);
            assert_eq!(rejects(&ingested), [format!("crm:2: {expected}")], "{name}");
            let expected = [("1", 1, Cell::Value("Ada")), ("3", 3, Cell::Value("Eve"))];
            assert_eq!(records(&ingested), expected, "{name}");
            let unmapped = ingested.report.unmapped_columns;
            assert!(unmapped.is_empty(), "{name}: {unmapped:?}");
        }
    }
    let long = format!(r#"{{"id":1,"{}":[1]}}"#, "n".repeat(NAME_LIMIT));
    let expected = format!("crm:1: a name of {} bytes (limit {NAME_LIMIT})", NAME_LIMIT + 2);
    assert_eq!(rejects(&read("a.ndjson", long)), [expected]);
}

#[test]
fn states_blank_lines_and_marks() {
    let text = "\u{feff}{\"id\":1,\"name\":\"Ada\"}\r\n\r\n \t\n{\"name\":null,\"id\":2}\n{\"id\":\"3\"}\n\
                {\"name\":\" \\u00a0\",\"id\":4}\n{\"name\":\"Eve\"}\n{}\n{\"id\":null}";
    let ingested = read("a.ndjson", text);
    let expected = [
        ("1", 1, Cell::Value("Ada")),
        ("2", 4, Cell::Cleared),
        ("3", 5, Cell::Absent),
        ("4", 6, Cell::Empty),
    ];
    assert_eq!(records(&ingested), expected);
    let missing = [7, 8, 9].map(|line| format!("crm:{line}: id: the key is empty"));
    assert_eq!(rejects(&ingested), missing);
    assert_eq!(ingested.report.encodings[0].encoding, "UTF-8");

    for nothing in ["", "\n", "\u{feff}"] {
        assert_eq!(read("a.ndjson", nothing).report.rows_read(), 0, "{nothing:?}");
    }
}

#[test]
fn utf_16_with_a_mark_is_read() {
    let text = "\u{feff}{\"id\":1,\"name\":\"Müller 😀\"}\n{\"id\":2,\"name\":\"M?\"}\n";
    let mut units: Vec<u16> = text.encode_utf16().collect();
    let odd = units.iter().position(|&unit| unit == u16::from(b'?')).unwrap();
    units[odd] = 0xd800;
    let bytes: Vec<u8> = units.into_iter().flat_map(u16::to_le_bytes).collect();
    let ingested = read("a.ndjson", bytes);
    assert_eq!(records(&ingested)[0].2, Cell::Value("Müller 😀"));
    assert_eq!(ingested.report.encodings[0].encoding, "UTF-16LE");
    let issues = &ingested.report.issues;
    assert_eq!((issues.len(), issues[0].kind, issues[0].line), (1, IssueKind::Encoding, 2));
}

#[test]
fn files_that_cannot_be_read_at_all() {
    let text = "{\"id\":1}\n".repeat(500);
    let mut truncated = gzip(text.as_bytes());
    truncated.truncate(truncated.len() / 2);
    let packed = gzip(text.as_bytes());
    let cases: [(&str, &[u8], &str); 5] = [
        ("a.ndjson", b"PK\x03\x04", "a.ndjson: a ZIP archive (a spreadsheet?), not text"),
        ("a.ndjson", b"{\0}", "a.ndjson: a binary file, not text"),
        ("a.ndjson", &packed, "a.ndjson: gzip data: name the file .gz, or unpack it"),
        ("a.ndjson.gz", b"", "a.ndjson.gz: the file is empty: not even a header"),
        ("a.jsonl.gz", &truncated, "a.jsonl.gz: the gzip data ends early: the file is truncated"),
    ];
    for (file, bytes, expected) in cases {
        assert_eq!(read_bytes(file, bytes, &source()).unwrap_err().to_string(), expected);
    }
}

#[test]
fn names_without_end_are_an_error_unless_inference_is_off() {
    let lines: Vec<String> = (0..=COLUMN_LIMIT).map(|n| format!("{{\"id\":{n},\"n{n}\":1}}")).collect();
    let text = lines.join("\n");
    let error = read_bytes("a.ndjson", text.as_bytes(), &source()).unwrap_err();
    let expected = "source \"crm\": the rows have more than 65536 different names; if inference is off, only \
                    declared columns count";
    assert_eq!(error.to_string(), expected);
    let ingested = read_bytes("a.ndjson", text.as_bytes(), &source().infer(Inference::Off)).unwrap();
    assert_eq!(ingested.records.len(), COLUMN_LIMIT + 1);
}

#[test]
fn the_same_rows_as_csv_as_ndjson_and_in_memory() {
    let rows = [
        serde_json::json!({"id": "1", "name": "Ada", "note": "x"}),
        serde_json::json!({"id": "2", "name": "Müller, \"Bob\"", "note": ""}),
        serde_json::json!({"id": "1", "name": "Ada", "note": "x"}),
        serde_json::json!({"id": "1", "name": "Ada", "note": "y"}),
        serde_json::json!({"id": "", "name": "Eve", "note": " "}),
    ];
    let csv = "id,name,note\n1,Ada,x\n2,\"Müller, \"\"Bob\"\"\",\n1,Ada,x\n1,Ada,y\n,Eve, \n";
    let lines = rows.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    for keyed in [true, false] {
        let declared = |source: Source| {
            let source = source.field("name", FieldKind::FullName).carry("note");
            ingest(&[if keyed { source.key("id") } else { source.carry("id") }], "".as_ref()).unwrap()
        };
        let [csv, lines, rows] = [
            declared(Source::bytes("crm", "a.csv", csv.into())),
            declared(Source::bytes("crm", "a.ndjson", lines.clone().into())),
            declared(Source::rows("crm", &rows).unwrap()),
        ];
        assert_eq!(lines.records, rows.records);
        assert_eq!(lines.report.rejects, rows.report.rejects);
        assert_eq!(lines.report.sources, csv.report.sources);
        let csv = &csv.records.sources()[0];
        let lines = &lines.records.sources()[0];
        assert_eq!(csv.keys(), lines.keys());
        for column in csv.columns() {
            let other = lines.column(column.name()).unwrap();
            assert!((0..csv.len()).all(|row| column.cell(row) == other.cell(row)), "{}", column.name());
        }
    }
}

/// A line, often of a broken or unusual kind.
fn line() -> impl Strategy<Value = String> {
    let id = prop::sample::select(vec!["1", "2", "\"3\"", "null", "\"\"", "10"]);
    let name = prop::sample::select(vec!["null", "\"\"", "\"Ada\"", "\"Bob\"", "7"]);
    let other = prop::sample::select(vec![
        String::new(),
        r#","note":"x""#.into(),
        r#","note":["x","y"]"#.into(),
        r#","address":{"city":"Ulm"}"#.into(),
        r#","address":null"#.into(),
        r#","name":1"#.into(),
        ",".into(),
    ]);
    (id, name, other, any::<bool>()).prop_map(|(id, name, other, swapped)| {
        if swapped {
            format!(r#"{{"name":{name},"id":{id}{other}}}"#)
        } else {
            format!(r#"{{"id":{id}{other},"name":{name}}}"#)
        }
    })
}

#[test]
fn order_free() {
    /// The rejects without their lines.
    fn rejected(ingested: &Ingested) -> Vec<Reject> {
        let mut rejects = ingested.report.rejects.clone();
        for reject in &mut rejects {
            reject.line = 0;
        }
        rejects.sort_unstable();
        rejects
    }
    let (kept, broken) = (AtomicU64::new(0), AtomicU64::new(0));
    let lines = prop::collection::vec(line(), 0..30);
    let strategy = (lines, any::<bool>(), 0..30_usize).prop_flat_map(|(lines, keyed, split)| {
        (Just(lines.clone()), Just(lines).prop_shuffle(), Just(keyed), Just(split))
    });
    let mut runner = TestRunner::new(Config { cases: 400, failure_persistence: None, ..Config::default() });
    runner
        .run(&strategy, |(lines, shuffled, keyed, split)| {
            let directory = tempfile::tempdir().unwrap();
            let (first, second) = shuffled.split_at(split.min(shuffled.len()));
            for (file, lines) in
                [("one.ndjson", &lines[..]), ("two-a.jsonl", first), ("two-b.ndjson", second)]
            {
                std::fs::write(directory.path().join(file), lines.join("\n")).unwrap();
            }
            let read = |path: &str| {
                let source =
                    Source::file("crm", path).field("name", FieldKind::FullName).carry("address.city");
                let source = if keyed { source.key("id") } else { source.carry("note.0") };
                ingest(&[source], directory.path()).unwrap()
            };
            let (one, two) = (read("one.ndjson"), read("two-*"));
            let tables = [&one, &two].map(|ingested| &ingested.records.sources()[0]);
            prop_assert_eq!(tables[0].keys(), tables[1].keys());
            for (column, other) in tables[0].columns().iter().zip(tables[1].columns()) {
                prop_assert_eq!(column.name(), other.name());
                prop_assert!((0..column.len()).all(|row| column.cell(row) == other.cell(row)));
            }
            prop_assert_eq!(rejected(&one), rejected(&two));
            prop_assert_eq!(&one.report.unmapped_columns, &two.report.unmapped_columns);
            prop_assert_eq!(&one.report.sources, &two.report.sources);
            let counts = &one.report.sources[0];
            prop_assert_eq!(counts.rows_read, lines.len() as u64);
            kept.fetch_add(counts.records, Ordering::Relaxed);
            broken.fetch_add(counts.rejects.unreadable, Ordering::Relaxed);
            Ok(())
        })
        .unwrap();
    assert!(kept.into_inner() > 100 && broken.into_inner() > 100);
}

#[test]
fn any_bytes_are_read_without_a_panic() {
    let piece = prop_oneof![
        3 => line().prop_map(String::into_bytes),
        3 => Just(b"\n".to_vec()),
        1 => prop::sample::select(vec!["{", "}", "[", "]", ":", ",", "\"", "\\", "\\u", "null", "1e", "\u{feff}"])
            .prop_map(|text| text.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..6),
    ];
    let mut runner = TestRunner::new(Config { cases: 2000, failure_persistence: None, ..Config::default() });
    let (read, rejected) = (AtomicU64::new(0), AtomicU64::new(0));
    runner
        .run(&prop::collection::vec(piece, 0..20), |pieces| {
            match read_bytes("a.ndjson", &pieces.concat(), &source()) {
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
