//! Whatever is wrong with an input, either the run fails with one clear line, or each row is accounted for.
#![allow(clippy::unwrap_used)]

use std::io::Write;
use std::path::Path;

use onefold::ingest::{CELL_LIMIT, Ingested, Source, ingest, read_bytes};
use onefold::pipeline::spec::Spec;
use onefold::record::{Cell, IssueKind, Reject, RejectReason};
use onefold::{FieldKind, RecordId};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The error's message, with the directory left out.
fn message<T: std::fmt::Debug>(result: onefold::Result<T>, directory: &Path) -> String {
    let message = result.unwrap_err().to_string();
    assert!(!message.contains('\n'), "one line: {message}");
    message.replace(&format!("{}/", directory.display()), "")
}

/// Reads one file in memory with the key `id` and the field `name`, and checks that the counts reconcile.
fn read(file: &str, bytes: impl AsRef<[u8]>) -> Ingested {
    let source = Source::file("crm", "").key("id").field("name", FieldKind::FullName);
    let ingested = read_bytes(file, bytes.as_ref(), &source).unwrap();
    reconcile(&ingested);
    ingested
}

fn reconcile(ingested: &Ingested) {
    let report = &ingested.report;
    assert_eq!(report.records(), ingested.records.len() as u64);
    assert_eq!(report.rows_read(), report.records() + report.rejects.len() as u64);
    for source in &report.sources {
        assert_eq!(source.rows_read, source.records + source.rejects.total(), "{}", source.name);
    }
    assert!(report.rejects.is_sorted() && report.issues.is_sorted());
}

/// The records as key, line and name.
fn records(ingested: &Ingested) -> Vec<(String, u64, String)> {
    (0..ingested.records.len() as u32)
        .map(|record| {
            let (table, row) = ingested.records.place(RecordId(record));
            let name = match table.column("name").unwrap().cell(row) {
                Cell::Value(text) => text.to_owned(),
                other => format!("{other:?}"),
            };
            (table.keys().get(row as u32).to_owned(), table.lines()[row], name)
        })
        .collect()
}

fn rejects(ingested: &Ingested) -> Vec<String> {
    ingested.report.rejects.iter().map(Reject::to_string).collect()
}

#[test]
fn files_that_cannot_be_read_at_all() {
    let directory = tempfile::tempdir().unwrap();
    let base = directory.path();
    let text = "id,name\n1,Ada\n".repeat(500);
    let mut truncated = gzip(text.as_bytes());
    truncated.truncate(truncated.len() / 2);
    let mut damaged = gzip(text.as_bytes());
    let middle = damaged.len() - 6;
    damaged[middle] ^= 0xff;
    let files: [(&str, &[u8]); 13] = [
        ("empty.csv", b""),
        ("blank.csv", b" \n\r\n"),
        ("mark.csv", b"\xef\xbb\xbf"),
        ("binary.csv", b"\x7fELF\x02\x01\0\0\0\0"),
        ("zip.csv", b"PK\x03\x04\x14"),
        ("packed.csv", &gzip(b"id,name\n")),
        ("plain.csv.gz", b"id,name\n"),
        ("truncated.csv.gz", &truncated),
        ("damaged.csv.gz", &damaged),
        ("twice.csv", b"id,name, id \n1,2,3\n"),
        ("open.csv", b"id,\"name\n1,Ada\n"),
        ("people.parquet", b"PAR1"),
        ("part.csv", b"name,mail\nAda,a@b.de\n"),
    ];
    for (name, bytes) in files {
        std::fs::write(base.join(name), bytes).unwrap();
    }
    std::fs::create_dir(base.join("folder.csv")).unwrap();
    let supported = if cfg!(feature = "polars") { ", and .parquet" } else { "" };
    let supported = format!("(supported: .csv, .tsv, .txt, .ndjson, .jsonl, each also with .gz{supported})");
    let cases = [
        ("missing.csv", "missing.csv: no such file"),
        ("folder.csv", "folder.csv: is a directory, not a file"),
        ("empty.csv", "empty.csv: the file is empty: not even a header"),
        ("blank.csv", "blank.csv: the file is empty: not even a header"),
        ("mark.csv", "mark.csv: the file is empty: not even a header"),
        ("binary.csv", "binary.csv: a binary file, not text"),
        ("zip.csv", "zip.csv: a ZIP archive (a spreadsheet?), not text"),
        ("packed.csv", "packed.csv: gzip data: name the file .gz, or unpack it"),
        ("plain.csv.gz", "plain.csv.gz: not gzip data, though it is named .gz"),
        ("truncated.csv.gz", "truncated.csv.gz: the gzip data ends early: the file is truncated"),
        (
            "damaged.csv.gz",
            "damaged.csv.gz: the gzip data is damaged: corrupt gzip stream does not have a matching checksum",
        ),
        ("twice.csv", "twice.csv: the header has the column `id` twice"),
        ("open.csv", "open.csv: a quote in the header is never closed"),
        ("people*.csv", "source \"crm\": path `people*.csv`: no file matches"),
        ("p[.csv", "source \"crm\": path `p[.csv`: not a glob: invalid range pattern"),
        ("part.csv", "source \"crm\" (part.csv) > key: unknown column `id` (known: name, mail)"),
    ];
    for (path, expected) in cases {
        let source = Source::file("crm", path).key("id").field("name", FieldKind::FullName);
        assert_eq!(message(ingest(&[source], base), base), expected, "{path}");
    }
    let no_parquet = if cfg!(feature = "polars") {
        "people.parquet: no readable Parquet: parquet: File out of specification: A Parquet file must contain a \
         header and footer with at least 12 bytes"
            .to_owned()
    } else {
        "source \"crm\": `people.parquet`: files of format `parquet` need the feature `polars` of this crate"
            .to_owned()
    };
    let formats = [
        ("people.parquet", no_parquet),
        (
            "people.parquet.gz",
            format!(
                "source \"crm\": `people.parquet.gz`: files of format `parquet` are not supported {supported}"
            ),
        ),
        (
            "people",
            format!("source \"crm\": `people`: without an extension the format is unknown {supported}"),
        ),
    ];
    for (path, expected) in formats {
        assert_eq!(message(ingest(&[Source::file("crm", path)], base), base), expected, "{path}");
    }
}

#[test]
fn declarations_that_fit_no_file() {
    let file =
        |name: &str| Source::bytes(name, "a.csv", b"id,family_name,mail\n1,Lovelace,a@b.de\n".to_vec());
    let none = Path::new("");
    let cases = [
        (
            vec![file("crm").key("id").field("famly_name", FieldKind::FamilyName)],
            "source \"crm\" > fields: unknown column `famly_name`; did you mean `family_name`? (known: id, \
             family_name, mail)",
        ),
        (
            vec![file("crm").updated_at("changed")],
            "source \"crm\" > updated_at: unknown column `changed` (known: id, family_name, mail)",
        ),
        (
            vec![file("crm").exclusive("mial")],
            "source \"crm\" > exclusive: unknown column `mial`; did you mean `mail`? (known: id, family_name, \
             mail)",
        ),
        (vec![file("crm"), file("erp"), file("crm")], "source \"crm\": another source has this name"),
        (
            vec![file("b").key("ID"), file("a").key("no")],
            "source \"b\" (a.csv) > key: unknown column `ID`; did you mean `id`? (known: id, family_name, mail)",
        ),
    ];
    for (sources, expected) in cases {
        assert_eq!(message(ingest(&sources, none), none), expected);
    }
    let row = serde_json::json!({"id": 1, "tags": ["a", "b"]});
    assert_eq!(
        message(Source::rows("shop", [row]), none),
        "source \"shop\": row 1: the field `tags` is a sequence, which is no single value"
    );
    let row = serde_json::json!({"a.b": 1, "a": {"b": 2}});
    assert_eq!(
        message(Source::rows("shop", [row]), none),
        "source \"shop\": row 1: the field `a.b` occurs twice"
    );
}

#[test]
fn spec_files() {
    let directory = tempfile::tempdir().unwrap();
    let base = directory.path();
    let path = base.join("spec.toml");
    std::fs::write(base.join("a.csv"), "id,name\n1,Ada\n").unwrap();
    let good = "[link]\nmode = \"dedupe\"\n[[source]]\nname = \"crm\"\npath = \"a.csv\"\nkey = \"id\"\n\
                [source.fields]\nname = \"full_name\"\n";
    let kinds = FieldKind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ");
    let cases = [
        (
            "full_name",
            "ful_name",
            format!(
                "spec.toml: source \"crm\" > fields > name: unknown kind `ful_name`; did you mean `full_name`? \
                 (known: {kinds})"
            ),
        ),
        (
            "dedupe",
            "deduplicate",
            "spec.toml: link > mode: unknown mode `deduplicate`; did you mean `dedupe`? (known: dedupe, link, \
             link_and_dedupe)"
                .to_owned(),
        ),
        (
            "[link]\nmode",
            "[link]\nmod",
            "spec.toml: link: unknown key `mod`; did you mean `mode`? (known: mode)".to_owned(),
        ),
        (
            "[link]",
            "[lnik]",
            "spec.toml: unknown key `lnik`; did you mean `link`? (known: as_of, country, link, source, blocking, \
             model, resolve, techniques, survive, truth)"
                .to_owned(),
        ),
        (
            "key = ",
            "kye = ",
            "spec.toml: source \"crm\": unknown key `kye`; did you mean `key`? (known: name, path, key, entity, \
             updated_at, duplicate_free, exclusive, carry, infer, fields, order)"
                .to_owned(),
        ),
    ];
    for (from, to, expected) in cases {
        std::fs::write(&path, good.replacen(from, to, 1)).unwrap();
        assert_eq!(message(Spec::from_toml_file(&path), base), expected);
    }
    std::fs::write(&path, good.replace("name = \"full_name\"", "nmae = \"full_name\"")).unwrap();
    let spec = Spec::from_toml_file(&path).unwrap();
    assert_eq!(
        message(ingest(&spec.sources, &spec.base), base),
        "source \"crm\" > fields: unknown column `nmae`; did you mean `name`? (known: id, name)"
    );
    std::fs::write(&path, b"country = \"D\xff\"").unwrap();
    assert_eq!(message(Spec::from_toml_file(&path), base), "spec.toml: is not UTF-8 text");
    let missing = base.join("none.toml");
    assert_eq!(message(Spec::from_toml_file(&missing), base), "none.toml: no such file");

    std::fs::write(&path, good).unwrap();
    let spec = Spec::from_toml_file(&path).unwrap();
    assert_eq!(ingest(&spec.sources, &spec.base).unwrap().records.key(RecordId(0)), ("crm", "1"));
}

#[test]
fn rows_that_are_rejected() {
    let long = "x".repeat(10 << 20);
    let too_long =
        format!("crm:3: name: a cell of {} bytes (limit {CELL_LIMIT}), perhaps an unclosed quote", 10 << 20);
    let cases: [(&str, String, &[&str], &[&str]); 12] = [
        (
            "a NUL byte",
            "id,name\n1,Ada\n2,B\0b\n3,Eve\n".into(),
            &["1", "3"],
            &["crm:3: name: a cell holds a NUL byte"],
        ),
        ("a cell of 10 MiB", format!("id,name\n1,Ada\n2,{long}\n3,Eve\n"), &["1", "3"], &[&too_long]),
        (
            "ragged",
            "id,name\n1\n2,Bob,x\n3,Eve\n".into(),
            &["3"],
            &["crm:2: 1 cells where the header has 2", "crm:3: 3 cells where the header has 2"],
        ),
        (
            "no key",
            "id,name\n,Ada\n  ,Bob\n3,Eve\n".into(),
            &["3"],
            &["crm:2: id: the key is empty", "crm:3: id: the key is empty"],
        ),
        (
            "a quote that is never closed",
            "id,name\n1,Ada\n2,\"Bob\n3,Eve\n4,Dan".into(),
            &["1"],
            &["crm:3: a quote is opened in this row and not closed before the end of the file"],
        ),
        (
            "redelivered",
            "id,name\n1,Ada\n1,Ada\n1,Ada\n".into(),
            &["1"],
            &["crm:3: the same row was read before", "crm:4: the same row was read before"],
        ),
        (
            "white space and nothing are the same",
            "id,name\n1,\n1, \n".into(),
            &["1"],
            &["crm:3: the same row was read before"],
        ),
        (
            "superseded by a smaller one",
            "id,name\n1,Bob\n1,Ada\n".into(),
            &["1"],
            &["crm:2: another row with this key is kept"],
        ),
        (
            "superseded by a smaller one before",
            "id,name\n1,Ada\n1,Bob\n".into(),
            &["1"],
            &["crm:3: another row with this key is kept"],
        ),
        (
            "a row delivered again after a better one",
            "id,name\n1,Bob\n1,Ada\n1,Bob\n1,Ada\n".into(),
            &["1"],
            &[
                "crm:2: another row with this key is kept",
                "crm:4: another row with this key is kept",
                "crm:5: the same row was read before",
            ],
        ),
        (
            "empty lines and carriage returns",
            "\r\nid,name\r\n\r\n1,\"A\r\nda\"\r\n\r\n2\r\n".into(),
            &["1"],
            &["crm:7: 1 cells where the header has 2"],
        ),
        ("only a header", "id,name".into(), &[], &[]),
    ];
    for (name, text, keys, expected) in cases {
        let ingested = read("a.csv", text);
        assert_eq!(rejects(&ingested), expected, "{name}");
        let found: Vec<String> = records(&ingested).into_iter().map(|record| record.0).collect();
        assert_eq!(found, keys, "{name}");
    }
}

#[test]
fn the_later_row_of_a_key_is_kept() {
    let rows =
        ["1,Bob,2024-03-01", "1,Ada,2024-03-02T10:00:00+02:00", "1,Aaron,2023-12-31", "1,Zoe,", "1,Al,today"];
    for turn in 0..rows.len() {
        let mut rows = rows;
        rows.rotate_left(turn);
        let text = format!("id,name,changed\n{}\n", rows.join("\n"));
        let source = Source::bytes("crm", "a.csv", text.into())
            .key("id")
            .updated_at("changed")
            .field("name", FieldKind::FullName);
        let ingested = ingest(&[source], "".as_ref()).unwrap();
        reconcile(&ingested);
        assert_eq!(records(&ingested)[0].2, "Ada");
        assert_eq!(ingested.report.sources[0].rejects.superseded, 4);
        assert!(ingested.report.rejects.iter().all(|reject| reject.key.as_deref() == Some("1")));
    }
}

#[test]
fn content_counts_in_columns_that_are_not_kept() {
    let ingested = read("a.csv", "id,name,note\n1,Ada,x\n1,Ada,y\n1,Ada,x\n");
    assert_eq!(ingested.records.len(), 1);
    let counts = ingested.report.sources[0].rejects;
    assert_eq!(counts.total(), 2);
    assert!(counts.superseded > 0);
}

#[test]
fn without_a_key_repeats_collapse() {
    let source =
        Source::bytes("crm", "a.csv", b"name\nAda\nBob\nAda\n".to_vec()).field("name", FieldKind::FullName);
    let ingested = ingest(&[source], "".as_ref()).unwrap();
    reconcile(&ingested);
    assert_eq!((ingested.records.len(), ingested.report.keyless_repeats), (2, 1));
    for (key, ..) in records(&ingested) {
        assert!(key.len() == 32 && key.bytes().all(|byte| byte.is_ascii_hexdigit()), "{key}");
    }
    assert_eq!(ingested.report.rejects[0].reason, RejectReason::Redelivered);
}

#[test]
fn encodings_and_delimiters() {
    let text = "id;name\r\n1;Müller\r\n2;\"Groß; Söhne\"\r\n";
    let utf16 = |to_bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(to_bytes).collect()
    };
    let western: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let cases: [(&str, &str, Vec<u8>, &str); 8] = [
        ("UTF-8", "a.csv", text.into(), "UTF-8"),
        ("a byte order mark", "a.csv", format!("\u{feff}{text}").into(), "UTF-8"),
        ("UTF-16, little-endian", "a.csv", utf16(u16::to_le_bytes), "UTF-16LE"),
        ("UTF-16, big-endian", "a.txt", utf16(u16::to_be_bytes), "UTF-16BE"),
        ("Windows-1252", "a.csv", western, "windows-1252"),
        ("gzip", "a.csv.gz", gzip(text.as_bytes()), "UTF-8"),
        (
            "gzip of two members",
            "a.csv.gz",
            [gzip(&text.as_bytes()[..20]), gzip(&text.as_bytes()[20..])].concat(),
            "UTF-8",
        ),
        ("tabs", "a.tsv", text.replace(['"'], "").replace("; S", ", S").replace(';', "\t").into(), "UTF-8"),
    ];
    for (name, file, bytes, encoding) in cases {
        let ingested = read(file, bytes);
        let mut found = records(&ingested);
        found[1].2 = found[1].2.replace(',', ";");
        let expected =
            [("1".to_owned(), 2, "Müller".to_owned()), ("2".to_owned(), 3, "Groß; Söhne".to_owned())];
        assert_eq!(found, expected, "{name}");
        assert_eq!(ingested.report.encodings[0].encoding, encoding, "{name}");
        assert_eq!(ingested.report.issues, [], "{name}");
    }
}

#[test]
fn a_cell_that_is_not_utf_8_is_an_issue() {
    let ingested =
        read("a.csv", b"id,name,note\n1,M\xc3\xbcller,K\xc3\xb6ln\n2,M\xfcller,\xff\n2,M\xfcller,\xff\n");
    assert_eq!(records(&ingested)[1], ("2".into(), 3, "Müller".into()));
    let issues = &ingested.report.issues;
    assert_eq!((issues.len(), issues[0].kind, issues[0].line), (1, IssueKind::Encoding, 3));
    assert_eq!(issues[0].to_string(), "crm:3: name: not valid in the file's encoding: `Müller`");
}

#[test]
fn a_thousand_columns() {
    let names: Vec<String> = (0..1000).map(|n| format!("c{n}")).collect();
    let row = |id: u32| (0..1000).map(|n| format!("{}", id + n)).collect::<Vec<_>>().join(",");
    let text = format!("{}\n{}\n{}\n{}\n", names.join(","), row(1), row(2), row(1));
    let source = Source::bytes("wide", "a.csv", text.into()).key("c0").field("c999", FieldKind::Number);
    let ingested = ingest(&[source], "".as_ref()).unwrap();
    reconcile(&ingested);
    assert_eq!((ingested.records.len(), ingested.report.unmapped_columns.len()), (2, 998));
    assert_eq!(ingested.records.sources()[0].columns()[0].cell(0), Cell::Value("1000"));
    assert_eq!(rejects(&ingested), ["wide:4: the same row was read before"]);
}

#[test]
fn files_of_a_glob_are_matched_by_name() {
    let directory = tempfile::tempdir().unwrap();
    let base = directory.path();
    std::fs::write(base.join("a1.csv"), "id,name\n1,Ada\n2,Bob\n").unwrap();
    std::fs::write(base.join("a2.csv"), "mail;name;id\nx@y.de;Eve;3\n;Bob;2\n").unwrap();
    std::fs::write(base.join("b.csv"), "nothing\n").unwrap();
    std::fs::create_dir(base.join("a3.csv")).unwrap();
    let source = Source::file("crm", "a*.csv")
        .key("id")
        .field("name", FieldKind::FullName)
        .field("mail", FieldKind::Email);
    let ingested = ingest(&[source], base).unwrap();
    reconcile(&ingested);
    let names: Vec<String> = records(&ingested).into_iter().map(|record| record.2).collect();
    assert_eq!(names, ["Ada", "Bob", "Eve"]);
    let mail = ingested.records.sources()[0].column("mail").unwrap();
    assert_eq!(
        [mail.cell(0), mail.cell(1), mail.cell(2)],
        [Cell::Absent, Cell::Absent, Cell::Value("x@y.de")]
    );
    // Absent and empty are different contents of key 2, neither newer: absent comes first.
    assert_eq!(ingested.report.sources[0].rejects.superseded, 1);
    assert_eq!(ingested.report.encodings.len(), 2);
}

#[test]
fn rows_in_memory() {
    let rows = [
        serde_json::json!({"id": 1, "name": "Ada"}),
        serde_json::json!({"id": 2, "name": null}),
        serde_json::json!({"id": 3}),
        serde_json::json!({"name": "Eve"}),
        serde_json::json!({"id": 4, "name": "a\0b"}),
        serde_json::json!({"id": 5, "name": " "}),
    ];
    let source = Source::rows("shop", &rows).unwrap().key("id").field("name", FieldKind::FullName);
    let ingested = ingest(&[source], "".as_ref()).unwrap();
    reconcile(&ingested);
    let names: Vec<String> = records(&ingested).into_iter().map(|record| record.2).collect();
    assert_eq!(names, ["Ada", "Cleared", "Absent", "Empty"]);
    assert_eq!(rejects(&ingested), ["shop:4: id: the key is empty", "shop:5: name: a cell holds a NUL byte"]);

    let nothing = Source::rows("shop", Vec::<serde_json::Value>::new()).unwrap().key("id");
    assert!(ingest(&[nothing], "".as_ref()).unwrap().records.is_empty());
}
