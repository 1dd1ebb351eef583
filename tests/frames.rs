//! Data frames and Parquet files are read like the same data as text, and a damaged file is an error.
#![cfg(feature = "polars")]
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use onefold::ingest::{Ingested, NESTING_LIMIT, Source, ingest, read_bytes};
use onefold::polars::prelude::*;
use onefold::record::{Cell, Reject, SourceTable};
use onefold::{FieldKind, RecordId};
use proptest::prelude::{Just, Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof};
use proptest::test_runner::{Config, TestRunner};

fn parquet(frame: &DataFrame, group: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let writer = ParquetWriter::new(&mut bytes).with_row_group_size(Some(group));
    writer.finish(&mut frame.clone()).unwrap();
    bytes
}

fn read(source: Source) -> Ingested {
    let ingested = ingest(&[source], "".as_ref()).unwrap();
    let report = &ingested.report;
    assert_eq!(report.records(), ingested.records.len() as u64);
    assert_eq!(report.rows_read(), report.records() + report.rejects.len() as u64);
    ingested
}

/// The frame from memory, and as a Parquet file with one, few and all rows in a group: all the same.
fn read_all(frame: &DataFrame, declare: impl Fn(Source) -> Source) -> Ingested {
    let from_memory = read(declare(Source::frame("crm", frame.clone())));
    for group in [1, 3, 1000] {
        let ingested = read(declare(Source::bytes("crm", "a.parquet", parquet(frame, group))));
        assert_eq!(ingested, from_memory, "row groups of {group}");
    }
    from_memory
}

fn table(ingested: &Ingested) -> &SourceTable {
    &ingested.records.sources()[0]
}

/// The cells of a column, in the order of the rows.
fn cells<'a>(ingested: &'a Ingested, column: &str) -> Vec<Cell<'a>> {
    let column = table(ingested).column(column).unwrap();
    (0..column.len()).map(|row| column.cell(row)).collect()
}

fn series(name: &str, values: &[Option<i64>], dtype: &DataType) -> Column {
    let numbers = Series::new(name.into(), values);
    if let DataType::Datetime(unit, zone) = dtype {
        return numbers.i64().unwrap().clone().into_datetime(*unit, zone.clone()).into_column();
    }
    numbers.cast(dtype).unwrap().into_column()
}

fn frame(columns: Vec<Column>) -> DataFrame {
    DataFrame::new_infer_height(columns).unwrap()
}

/// A frame that has a column of each type, with a null in its second row.
fn all_types() -> DataFrame {
    let numbers = [Some(1), None, Some(-90_061_001)];
    let zone = |name: &str| TimeZone::opt_try_new(Some(name)).unwrap();
    let integers = [DataType::Int8, DataType::UInt8, DataType::Int16, DataType::UInt16];
    let mut columns =
        vec![Column::new("id".into(), ["a", "b", "c"]), Column::full_null("none".into(), 3, &DataType::Null)];
    for dtype in integers {
        columns.push(series(&dtype.to_string(), &[Some(7), None, Some(100)], &dtype));
    }
    for dtype in [DataType::Int32, DataType::Int64, DataType::Float32, DataType::Float64] {
        columns.push(series(&dtype.to_string(), &numbers, &dtype));
    }
    for (name, dtype) in [
        ("u32", DataType::UInt32),
        ("u64", DataType::UInt64),
        ("date", DataType::Date),
        ("time", DataType::Time),
        ("decimal", DataType::Decimal(12, 3)),
    ] {
        columns.push(series(name, &[Some(1), None, Some(20_000)], &dtype));
    }
    for (name, unit) in
        [("ms", TimeUnit::Milliseconds), ("us", TimeUnit::Microseconds), ("ns", TimeUnit::Nanoseconds)]
    {
        columns.push(series(&format!("local {name}"), &numbers, &DataType::Datetime(unit, None)));
        columns.push(series(&format!("utc {name}"), &numbers, &DataType::Datetime(unit, zone("UTC"))));
        columns.push(series(&format!("length {name}"), &numbers, &DataType::Duration(unit)));
    }
    columns.push(series("offset", &numbers, &DataType::Datetime(TimeUnit::Milliseconds, zone("-03:00"))));
    columns.push(Column::new("bool".into(), [Some(true), None, Some(false)]));
    let text = Column::new("text".into(), [Some("Müller"), None, Some(" ")]);
    let categories = DataType::from_categories(Categories::global());
    let levels = DataType::from_frozen_categories(FrozenCategories::new(["Müller", " "]).unwrap());
    columns.push(text.cast(&categories).unwrap().with_name("category".into()));
    columns.push(text.cast(&levels).unwrap().with_name("enum".into()));
    columns.push(text);
    frame(columns)
}

#[test]
fn every_type_has_a_text() {
    let frame = all_types();
    let names: Vec<String> = frame.get_column_names().iter().map(ToString::to_string).collect();
    let declare = |source: Source| names.iter().fold(source.key("id"), Source::carry);
    let ingested = read_all(&frame, declare);
    let expected = [
        ("id", "a", "c"),
        ("i8", "7", "100"),
        ("u8", "7", "100"),
        ("i16", "7", "100"),
        ("u16", "7", "100"),
        ("i32", "1", "-90061001"),
        ("i64", "1", "-90061001"),
        ("f32", "1", "-90061000"),
        ("f64", "1", "-90061001"),
        ("u32", "1", "20000"),
        ("u64", "1", "20000"),
        ("date", "1970-01-02", "2024-10-04"),
        ("time", "00:00:00.000000001", "00:00:00.00002"),
        ("decimal", "1.000", "20000.000"),
        ("local ms", "1970-01-01T00:00:00.001", "1969-12-30T22:58:58.999"),
        ("utc ms", "1970-01-01T00:00:00.001Z", "1969-12-30T22:58:58.999Z"),
        ("length ms", "PT0.001S", "-PT25H1M1.001S"),
        ("local us", "1970-01-01T00:00:00.000001", "1969-12-31T23:58:29.938999"),
        ("utc us", "1970-01-01T00:00:00.000001Z", "1969-12-31T23:58:29.938999Z"),
        ("length us", "PT0.000001S", "-PT1M30.061001S"),
        ("local ns", "1970-01-01T00:00:00.000000001", "1969-12-31T23:59:59.909938999"),
        ("utc ns", "1970-01-01T00:00:00.000000001Z", "1969-12-31T23:59:59.909938999Z"),
        ("length ns", "PT0.000000001S", "-PT0.090061001S"),
        ("offset", "1969-12-31T21:00:00.001-03:00", "1969-12-30T19:58:58.999-03:00"),
        ("bool", "true", "false"),
        ("category", "Müller", " "),
        ("enum", "Müller", " "),
        ("text", "Müller", " "),
    ];
    assert_eq!(expected.len() + 1, names.len());
    for (name, first, last) in expected {
        let last = if last == " " { Cell::Empty } else { Cell::Value(last) };
        let middle = if name == "id" { Cell::Value("b") } else { Cell::Absent };
        assert_eq!(cells(&ingested, name), [Cell::Value(first), middle, last], "{name}");
    }
    assert_eq!(cells(&ingested, "none"), [Cell::Absent; 3]);
}

/// Columns `id`, `address` (a struct) and `tags` (a list of structs).
fn nested() -> DataFrame {
    let texts = |name: &str, values: [Option<&str>; 3]| Column::new(name.into(), values);
    let address = frame(vec![
        texts("city", [Some("Ulm"), None, Some("Bonn")]),
        texts("zip", [Some("89073"), Some("1"), None]),
    ]);
    let address = address.into_struct("address".into()).into_series();
    let tag =
        |names: &[&str]| frame(vec![Column::new("name".into(), names)]).into_struct("".into()).into_series();
    let tags = Series::new("tags".into(), [Some(tag(&["x", "y"])), None, Some(tag(&[]))]);
    frame(vec![Column::new("id".into(), [1, 2, 3]), address.into_column(), tags.into_column()])
}

#[test]
fn structs_are_flattened_and_lists_numbered() {
    let declare = |source: Source| {
        source.key("id").carry("address.city").carry("address.zip").carry("tags.0.name").carry("tags.7.name")
    };
    let ingested = read_all(&nested(), declare);
    let value = Cell::Value;
    assert_eq!(cells(&ingested, "address.city"), [value("Ulm"), Cell::Absent, value("Bonn")]);
    assert_eq!(cells(&ingested, "address.zip"), [value("89073"), value("1"), Cell::Absent]);
    assert_eq!(cells(&ingested, "tags.0.name"), [value("x"), Cell::Absent, Cell::Absent]);
    assert_eq!(cells(&ingested, "tags.7.name"), [Cell::Absent; 3]);
    let unmapped: Vec<_> = ingested.report.unmapped_columns.iter().map(|column| &column.column).collect();
    assert_eq!(unmapped, ["tags.1.name"]);
}

#[test]
fn a_list_that_is_too_long_is_a_reject() {
    let list = |length: i32| Some(Series::new("".into(), (0..length).collect::<Vec<_>>()));
    let tags = Series::new("tags".into(), [list(2), list(5000), list(1)]);
    let frame = frame(vec![Column::new("id".into(), [1, 2, 3]), tags.into_column()]);
    let ingested = read_all(&frame, |source| source.key("id"));
    let rejects: Vec<String> = ingested.report.rejects.iter().map(Reject::to_string).collect();
    assert_eq!(rejects, ["crm:2: more than 4096 values in one row"]);
    assert!(table(&ingested).keys().iter().eq(["1", "3"]));
}

#[test]
fn a_date_that_no_calendar_has_is_a_reject() {
    let dates = [Some(0), Some(i64::from(i32::MAX)), None];
    let frame = frame(vec![Column::new("id".into(), [1, 2, 3]), series("born", &dates, &DataType::Date)]);
    let ingested = read_all(&frame, |source| source.key("id").field("born", FieldKind::BirthDate));
    let rejects: Vec<String> = ingested.report.rejects.iter().map(Reject::to_string).collect();
    assert_eq!(rejects, ["crm:2: born: no date or time: Date(2147483647)"]);
}

#[test]
fn the_same_data_as_text_as_lines_of_json_as_frame_and_as_parquet() {
    let csv = "born,id,name,score\n1980-05-01,1,Ada,1.5\n1981-06-02,2,\"Müller, B\",2\n1980-05-01,1,Ada,1.5\n\
               1980-05-01,1,Eva,1.5\n";
    let json = r#"{"id":1,"name":"Ada","born":"1980-05-01","score":1.5}
{"name":"Müller, B","born":"1981-06-02","score":2,"id":2}
{"id":1,"name":"Ada","born":"1980-05-01","score":1.5}
{"id":1,"name":"Eva","born":"1980-05-01","score":1.5}"#;
    let frame = df!(
        "born" => ["1980-05-01", "1981-06-02", "1980-05-01", "1980-05-01"],
        "id" => [1, 2, 1, 1],
        "name" => ["Ada", "Müller, B", "Ada", "Eva"],
        "score" => [1.5, 2.0, 1.5, 1.5]
    )
    .unwrap();
    for keyed in [true, false] {
        let declare = |source: Source| {
            let source = source.field("born", FieldKind::BirthDate).field("name", FieldKind::FullName);
            let source = source.carry("score");
            if keyed { source.key("id") } else { source.carry("id") }
        };
        let from_frame = read_all(&frame, declare);
        let from_json = read(declare(Source::bytes("crm", "a.ndjson", json.into())));
        assert_eq!(from_json.records, from_frame.records);
        assert_eq!(from_json.report.rejects, from_frame.report.rejects);
        let from_csv = read(declare(Source::bytes("crm", "a.csv", csv.into())));
        assert_eq!(from_csv.report.sources, from_frame.report.sources);
        assert_eq!(table(&from_csv).keys(), table(&from_frame).keys());
        assert_eq!(table(&from_csv).columns(), table(&from_frame).columns());
    }
}

fn message(source: Source) -> String {
    let message = ingest(&[source], Path::new("")).unwrap_err().to_string();
    assert!(!message.contains('\n'), "one line: {message}");
    message
}

#[test]
fn columns_that_do_not_fit() {
    let photo = Column::new("photo".into(), [b"x".as_slice()]);
    let id = || Column::new("id".into(), [1]);
    let nested_photo = frame(vec![photo.clone()]).into_struct("data".into()).into_series().into_column();
    let mut deep = Series::new("deep".into(), [1]);
    for _ in 0..NESTING_LIMIT {
        deep = Series::new("deep".into(), [deep]);
    }
    let cases = [
        (
            frame(vec![id(), photo.clone()]),
            "the column `photo` has the type `binary`, which has no text; of kind `ignore`, it would be left out",
        ),
        (
            frame(vec![id(), nested_photo.clone()]),
            "the column `data` has the type `binary`, which has no text; of kind `ignore`, it would be left out",
        ),
        (
            frame(vec![id(), deep.into_column()]),
            "the column `deep` is nested deeper than 16 levels; of kind `ignore`, it would be left out",
        ),
        (frame(vec![id(), Column::new(" id".into(), [1])]), "the column `id` occurs twice"),
    ];
    for (frame, expected) in cases {
        let source = Source::frame("crm", frame.clone()).key("id");
        assert_eq!(message(source), format!("source \"crm\": {expected}"));
        let source = Source::bytes("crm", "a.parquet", parquet(&frame, 10)).key("id");
        assert_eq!(message(source), format!("source \"crm\" (a.parquet): {expected}"));
    }
    let frame = frame(vec![id(), photo, nested_photo]);
    let declare =
        |source: Source| source.key("id").field("photo", FieldKind::Ignore).field("data", FieldKind::Ignore);
    assert!(table(&read_all(&frame, declare)).keys().iter().eq(["1"]));
}

#[test]
fn columns_that_are_not_there() {
    let frame = df!("id" => [1], "family_name" => ["Lovelace"]).unwrap();
    let source = Source::frame("crm", frame.clone()).key("no");
    assert_eq!(message(source), "source \"crm\" > key: unknown column `no` (known: id, family_name)");
    let source =
        Source::bytes("crm", "a.parquet", parquet(&frame, 1)).field("famly_name", FieldKind::FamilyName);
    assert_eq!(
        message(source),
        "source \"crm\" > fields: unknown column `famly_name`; did you mean `family_name`? (known: id, family_name)"
    );
    let nothing = frame.head(Some(0));
    assert!(read_all(&nothing, |source| source.key("id")).records.is_empty());
    assert_eq!(read(Source::frame("crm", DataFrame::default())).report.rows_read(), 0);
}

#[test]
fn files_of_a_glob() {
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, frame: DataFrame| {
        std::fs::write(directory.path().join(name), parquet(&frame, 2)).unwrap();
    };
    write("a.parquet", df!("id" => [1, 2], "name" => ["Ada", "Bob"]).unwrap());
    write("b.PARQUET", df!("name" => ["Eve"], "id" => ["3"], "mail" => ["e@x.de"]).unwrap());
    std::fs::write(directory.path().join("c.csv"), "id,name\n4,Dan\n").unwrap();
    std::fs::create_dir(directory.path().join("d.parquet")).unwrap();
    let source = |path: &str| Source::file("crm", path).key("id").field("name", FieldKind::FullName);
    let ingested = ingest(&[source("*.*")], directory.path()).unwrap();
    assert_eq!(ingested.records.len(), 4);
    assert_eq!(ingested.records.key(RecordId(2)), ("crm", "3"));
    for (path, expected) in [("none.parquet", "no such file"), ("d.parquet", "is a directory, not a file")] {
        let error = ingest(&[source(path)], directory.path()).unwrap_err();
        assert!(error.to_string().ends_with(expected), "{error}");
    }
}

#[test]
fn a_damaged_file_is_an_error() {
    let empty = read_bytes("a.parquet", b"", &Source::file("crm", "")).unwrap_err();
    assert_eq!(empty.to_string(), "a.parquet: the file is empty");
    let good = [parquet(&all_types(), 2), parquet(&nested(), 2)];
    let read = |bytes: &[u8]| match read_bytes("a.parquet", bytes, &Source::file("crm", "")) {
        Ok(ingested) => {
            let report = &ingested.report;
            assert_eq!(report.rows_read(), report.records() + report.rejects.len() as u64);
            true
        }
        Err(error) => {
            assert!(!error.to_string().contains('\n'), "{error}");
            false
        }
    };
    for bytes in &good {
        assert!(read(bytes));
        for length in 0..bytes.len() {
            assert!(!read(&bytes[..length]), "{length} of {} bytes", bytes.len());
        }
    }
    let (whole, broken) = (AtomicU64::new(0), AtomicU64::new(0));
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4);
    let mut runner = TestRunner::new(Config { cases: 3000, failure_persistence: None, ..Config::default() });
    runner
        .run(&(prop::sample::select(good.to_vec()), changes), |(mut bytes, changes)| {
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            let count = if read(&bytes) { &whole } else { &broken };
            count.fetch_add(1, Ordering::Relaxed);
            Ok(())
        })
        .unwrap();
    assert!(whole.into_inner() > 100 && broken.into_inner() > 100);
}

#[derive(Clone, Debug)]
struct Row {
    id: Option<i64>,
    name: Option<String>,
    score: Option<f64>,
    active: Option<bool>,
    tags: Option<Vec<Option<String>>>,
}

fn row() -> impl Strategy<Value = Row> {
    let text = || prop_oneof![Just(String::new()), Just(" ".into()), Just("Ada".into()), any::<String>()];
    let tags = prop::option::of(prop::collection::vec(prop::option::of(text()), 0..4));
    (
        prop::option::weighted(0.9, 0..9_i64),
        prop::option::of(text()),
        prop::option::of(prop_oneof![
            Just(1.0),
            any::<f64>().prop_filter("finite", |value| value.is_finite())
        ]),
        prop::option::of(any::<bool>()),
        tags,
    )
        .prop_map(|(id, name, score, active, tags)| Row { id, name, score, active, tags })
}

fn row_frame(rows: &[Row]) -> DataFrame {
    let tags = rows.iter().map(|row| row.tags.as_ref().map(|tags| Series::new("".into(), tags)));
    let tags = Series::new("tags".into(), tags.collect::<Vec<_>>());
    let tags = tags.cast(&DataType::List(Box::new(DataType::String))).unwrap();
    frame(vec![
        Column::new("active".into(), rows.iter().map(|row| row.active).collect::<Vec<_>>()),
        Column::new("id".into(), rows.iter().map(|row| row.id).collect::<Vec<_>>()),
        Column::new("name".into(), rows.iter().map(|row| row.name.clone()).collect::<Vec<_>>()),
        Column::new("score".into(), rows.iter().map(|row| row.score).collect::<Vec<_>>()),
        tags.into_column(),
    ])
}

fn json(row: &Row) -> String {
    let Row { id, name, score, active, tags } = row;
    let mut fields = serde_json::Map::new();
    fields.extend(id.map(|id| ("id".to_owned(), id.to_string().into())));
    fields.extend(name.clone().map(|name| ("name".to_owned(), name.into())));
    fields.extend(score.map(|score| ("score".to_owned(), score.to_string().into())));
    fields.extend(active.map(|active| ("active".to_owned(), active.into())));
    for (position, tag) in tags.iter().flatten().enumerate() {
        fields.extend(tag.clone().map(|tag| (format!("tags.{position}"), tag.into())));
    }
    serde_json::Value::Object(fields).to_string()
}

#[test]
fn frames_and_parquet_are_read_like_lines_of_json() {
    let mut runner = TestRunner::new(Config { cases: 300, failure_persistence: None, ..Config::default() });
    let strategy = (prop::collection::vec(row(), 0..12), 1..6_usize, any::<bool>());
    runner
        .run(&strategy, |(rows, group, keyed)| {
            let declare = |source: Source| {
                let columns = ["active", "name", "score", "tags.0", "tags.2"];
                let source = columns.into_iter().fold(source, Source::carry);
                if keyed { source.key("id") } else { source.carry("id") }
            };
            let frame = row_frame(&rows);
            let lines = rows.iter().map(json).collect::<Vec<_>>().join("\n");
            let from_frame = read(declare(Source::frame("crm", frame.clone())));
            let from_parquet = read(declare(Source::bytes("crm", "a.parquet", parquet(&frame, group))));
            let from_json = read(declare(Source::bytes("crm", "a.ndjson", lines.into())));
            prop_assert_eq!(&from_frame, &from_parquet);
            prop_assert_eq!(&from_frame.report.rejects, &from_json.report.rejects);
            prop_assert_eq!(from_frame.report.rows_read(), rows.len() as u64);
            let (a, b) = (table(&from_frame), table(&from_json));
            prop_assert_eq!(a.keys(), b.keys());
            for column in a.columns() {
                let other = b.column(column.name()).unwrap();
                prop_assert!((0..column.len()).all(|row| column.cell(row) == other.cell(row)));
            }
            Ok(())
        })
        .unwrap();
}
