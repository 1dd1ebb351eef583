//! The example `evaluate` under bad input: one clear line and exit status 2, or counted rejects; never a panic.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const SOURCE: &str = r#"
[[source]]
name = "crm"
path = "crm.csv"
key = "id"
[source.fields]
first = "given_name"
last = "family_name"
born = "birth_date"
"#;
const TRUTH: &str = "[truth]\ncolumn = \"cluster\"\n";
const HEADER: &str = "id,first,last,born,cluster\n";
const ROWS: &str = "1,Anna,Huber,1980-01-01,a\n2,Ana,Huber,1980-01-01,a\n3,Otto,Maier,1970-02-03,b\n";

/// Cargo builds the examples before it runs all tests, beside the directory of their binaries. Before this test
/// alone it does not: then run `cargo build --example evaluate` first, with the same flags.
fn example() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let name = format!("evaluate{}", std::env::consts::EXE_SUFFIX);
    let example = test.parent().unwrap().parent().unwrap().join("examples").join(name);
    assert!(example.exists(), "{} has not been built", example.display());
    example
}

fn command(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(example());
    command.current_dir(directory).args(arguments).stdin(Stdio::null());
    command
}

fn run(directory: &Path, arguments: &[&str]) -> Output {
    command(directory, arguments).output().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The only line on stderr of a run that fails with exit status 2 and leaves stdout empty.
fn failure(name: &str, output: &Output) -> String {
    let error = stderr(output);
    assert_eq!(output.status.code(), Some(2), "{name}: {error}");
    assert!(output.stdout.is_empty(), "{name}: something on stdout");
    let line = error.strip_suffix('\n').unwrap_or_else(|| panic!("{name}: no line on stderr"));
    assert!(!line.contains('\n'), "{name}: more than one line: {error}");
    line.to_owned()
}

/// The only line on stdout of a run that succeeds, as JSON.
fn report(name: &str, output: &Output) -> Value {
    assert_eq!(output.status.code(), Some(0), "{name}: {}", stderr(output));
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    assert_eq!(text.matches('\n').count(), 1, "{name}: {text}");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}: {text}"))
}

/// A directory with a spec, an export, and what else a case needs.
fn world(spec: &str, files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("spec.toml"), spec).unwrap();
    for (name, bytes) in files {
        std::fs::write(directory.path().join(name), bytes).unwrap();
    }
    directory
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn arguments() {
    let good = world(&format!("{SOURCE}{TRUTH}"), &[("crm.csv", format!("{HEADER}{ROWS}").as_bytes())]);
    let cases: [(&[&str], &str); 17] = [
        (&["spec.toml", "--threads", "0"], "--threads needs a number from 1 to 1024"),
        (&["spec.toml", "--threads", "abc"], "--threads needs a number from 1 to 1024"),
        (&["spec.toml", "--threads", "-1"], "--threads needs a number from 1 to 1024"),
        (&["spec.toml", "--threads", "100000"], "--threads needs a number from 1 to 1024"),
        (&["spec.toml", "--threads"], "--threads needs a value; see --help"),
        (&["spec.toml", "--jsn"], "unknown option --jsn; see --help"),
        (&["spec.toml", "-j"], "unknown option -j; see --help"),
        (&["spec.toml", "spec.toml"], "unexpected argument spec.toml; see --help"),
        (&["spec.toml", "--threshold", "0.5"], "--threshold is for --links; a spec has [model] threshold"),
        (&["--links", "e", "--vertices", "v", "--threshold", "NaN"], "--threshold needs a number"),
        (&["--links", "e", "--vertices", "v", "--plan"], "--plan is for a spec, not for --links"),
        (
            &["--links", "e", "--vertices", "v", "--hard-negatives", "h"],
            "--hard-negatives is for a spec, not for --links",
        ),
        (
            &["spec.toml", "--duplicate-free", "crm"],
            "--duplicate-free is for --links; a spec has it per source",
        ),
        (
            &["spec.toml", "--hard-negatives", "h"],
            "--hard-negatives needs a truth file, which names the entities",
        ),
        (&["nowhere.toml"], "nowhere.toml: no such file"),
        (&["."], ".: is a directory, not a file"),
        (&["--links", "nowhere.csv", "--vertices", "crm.csv"], "crm.csv: there is no column `record_id`"),
    ];
    for (arguments, expected) in cases {
        assert_eq!(failure(&arguments.join(" "), &run(good.path(), arguments)), expected);
    }
    let incomplete: [&[&str]; 4] = [&[], &["--json"], &["spec.toml", "--links", "e"], &["--vertices", "v"]];
    for arguments in incomplete {
        let output = run(good.path(), arguments);
        let usage = stderr(&output);
        assert_eq!(output.status.code(), Some(2));
        assert!(usage.starts_with("usage: evaluate SPEC") && usage.lines().count() == 2, "{usage}");
    }
    let help = run(good.path(), &["--help"]);
    assert!(help.status.success() && help.stdout.starts_with(b"usage: evaluate SPEC"));
}

#[cfg(unix)]
#[test]
fn arguments_that_are_not_text() {
    use std::os::unix::ffi::OsStrExt;
    let directory = tempfile::tempdir().unwrap();
    let name = std::ffi::OsStr::from_bytes(b"\xff.toml");
    let output = command(directory.path(), &[]).arg(name).output().unwrap();
    assert_eq!(failure("a name that is not UTF-8", &output), "\u{fffd}.toml: no such file");
}

#[test]
fn specs() {
    let export = format!("{HEADER}{ROWS}");
    let files: [(&str, &[u8]); 3] = [
        ("crm.csv", export.as_bytes()),
        ("stranger.csv", b"source,key,entity\ncrm,1,a\nerp,2,a\n"),
        ("narrow.csv", b"source,key\ncrm,1\n"),
    ];
    let good = format!("{SOURCE}{TRUTH}");
    let second = SOURCE.replace("\"crm\"", "\"erp\"");
    let replaced = |from: &str, to: &str| {
        assert!(good.contains(from));
        good.replace(from, to)
    };
    let truth_file = |name: &str| format!("{SOURCE}[truth]\npath = \"{name}\"\n");
    let cases = [
        (String::new(), "spec.toml: there is no `[[source]]`"),
        ("= 3".to_owned(), "spec.toml: line 1, column 1: "),
        ("\0\u{1}\u{2}".to_owned(), "spec.toml: line 1, column 4: "),
        (SOURCE.to_owned(), "spec.toml: there is no [truth] to evaluate against"),
        (replaced("last =", "lst ="), "source \"crm\" > fields: unknown column `lst`; did you mean `last`?"),
        (
            replaced("family_name", "famly_name"),
            "spec.toml: source \"crm\" > fields > last: unknown kind `famly_name`",
        ),
        (replaced("key =", "kye ="), "spec.toml: source \"crm\": unknown key `kye`; did you mean `key`?"),
        (replaced("key = \"id\"", "key = \"no\""), "source \"crm\" (crm.csv) > key: unknown column `no`"),
        (
            format!("link.mode = \"dedup\"\n{good}"),
            "spec.toml: link > mode: unknown mode `dedup`; did you mean `dedupe`?",
        ),
        (format!("link.mode = \"dedupe\"\n{second}{good}"), "link > mode: mode `dedupe` is for one source"),
        (format!("link.mode = \"link\"\n{good}"), "link > mode: mode `link` needs at least two sources"),
        (format!("{SOURCE}{good}"), "spec.toml: source \"crm\": another source has this name"),
        (
            replaced("\"cluster\"", "\"clutser\""),
            "source \"crm\" > carry: unknown column `clutser`; did you mean `cluster`?",
        ),
        (format!("blocking.rules = [[\"emial\"]]\n{good}"), "blocking > rules[0]: unknown field `emial`"),
        (
            format!("blocking.rules = [[\"prefx(last,2)\"]]\n{good}"),
            "blocking > rules[0]: unknown key function `prefx`",
        ),
        (format!("blocking.rules = [[]]\n{good}"), "spec.toml: blocking > rule 1: the rule is empty"),
        (replaced("crm.csv", "nowhere.csv"), "nowhere.csv: no such file"),
        (truth_file("stranger.csv"), "truth: no source has the name `erp`"),
        (truth_file("narrow.csv"), "narrow.csv: unknown column `entity`"),
        (truth_file("nowhere.csv"), "nowhere.csv: "),
        (truth_file("."), "."),
    ];
    for (spec, expected) in cases {
        let directory = world(&spec, &files);
        let line = failure(expected, &run(directory.path(), &["spec.toml", "--json"]));
        assert!(line.starts_with(expected), "expected: {expected}\ngot: {line}");
    }
    let directory = world("", &[("binary.toml", b"\x7fELF\xff\xfe\0")]);
    let line = failure("binary", &run(directory.path(), &["binary.toml"]));
    assert_eq!(line, "binary.toml: is not UTF-8 text");
}

#[test]
fn exports_that_cannot_be_read() {
    let export = format!("{HEADER}{ROWS}");
    let mut truncated = gzip(export.repeat(500).as_bytes());
    truncated.truncate(truncated.len() / 2);
    let cases: [(&str, &[u8], &str); 5] = [
        ("empty.csv", b"", "empty.csv: the file is empty: not even a header"),
        ("binary.csv", b"\x7fELF\x02\x01\0\0", "binary.csv: a binary file, not text"),
        ("truncated.csv.gz", &truncated, "truncated.csv.gz: the gzip data ends early: the file is truncated"),
        ("twice.csv", b"id,first,last,born,cluster,id\n", "twice.csv: the header has the column `id` twice"),
        ("narrow.csv", b"id,first,last\n", "source \"crm\" > fields: unknown column `born`"),
    ];
    for (name, bytes, expected) in cases {
        let directory = world(&format!("{SOURCE}{TRUTH}").replace("crm.csv", name), &[(name, bytes)]);
        let line = failure(name, &run(directory.path(), &["spec.toml", "--json"]));
        assert!(line.starts_with(expected), "expected: {expected}\ngot: {line}");
    }
}

/// Rows read, records and rejects reconcile, whatever the export.
#[test]
fn exports_with_few_or_bad_rows() {
    let long = format!("{HEADER}1,{},Huber,1980-01-01,a\n{}", "x".repeat(10_000_000), &ROWS[26..]);
    let mut wide = "id,first,last,born,cluster".to_owned();
    (0..1000).for_each(|column| write!(wide, ",c{column}").unwrap());
    wide += "\n";
    for row in ROWS.lines() {
        writeln!(wide, "{row}{}", ",x".repeat(1000)).unwrap();
    }
    let cases = [
        ("a header only", HEADER.to_owned(), 0, 0),
        ("one row", format!("{HEADER}1,Anna,Huber,1980-01-01,a\n"), 1, 0),
        ("rows of gaps", format!("{HEADER}1,,,,a\n2,,,,a\n"), 2, 0),
        ("no row can be kept", format!("{HEADER},Anna,Huber,1980-01-01,a\n2,Ana\n"), 0, 2),
        ("a NUL byte", format!("{HEADER}{ROWS}4,An\0na,Huber,1980-01-01,a\n"), 3, 1),
        ("a cell of 10 MB", long, 2, 1),
        ("a thousand columns", wide, 3, 0),
        ("repeated keys", format!("{HEADER}{ROWS}{ROWS}1,Anne,Huber,1980-01-01,a\n"), 3, 4),
        ("an open quote", format!("{HEADER}{ROWS}4,\"Anna,Huber,1980-01-01,a\n5,b,c,d,e\n"), 3, 1),
    ];
    for (name, export, records, rejects) in cases {
        let directory = world(&format!("{SOURCE}{TRUTH}"), &[("crm.csv", export.as_bytes())]);
        let output = run(directory.path(), &["spec.toml", "--json"]);
        let report = report(name, &output);
        assert_eq!(report["records"], records, "{name}");
        assert_eq!(report["rejects"], rejects, "{name}");
        assert_eq!(report["rows_read"], records + rejects, "{name}");
        let notes = stderr(&output);
        assert!(notes.lines().all(|line| line.starts_with("note: ")), "{name}: {notes}");
        assert!(notes.lines().count() < 10, "{name}: {notes}");
        let text = run(directory.path(), &["spec.toml", "--threads", "1"]);
        assert_eq!(text.status.code(), Some(0), "{name}: {}", stderr(&text));
    }
}

/// A column `household` is taken where there is one; another name has to be given, and to be right.
#[test]
fn households_of_a_truth_file() {
    let street = "street = \"street\"\ntown = \"city\"\n";
    let export: &[u8] = b"id,first,last,born,street,town\n1,Anna,Huber,1980-01-01,Weg 1,Ulm\n2,Ben,Huber,1979-05-06,Weg 1,Ulm\n3,Otto,Maier,1970-02-03,Weg 1,Ulm\n";
    let truth = |name: &str| format!("source,key,entity,{name}\ncrm,1,a,h\ncrm,2,b,h\ncrm,3,c,\n");
    let spec = |line: &str| format!("{SOURCE}{street}[truth]\npath = \"truth.csv\"\n{line}");
    let cases = [
        ("by default", truth("household"), spec(""), true),
        ("named", truth("family"), spec("household = \"family\"\n"), true),
        ("none", truth("family"), spec(""), false),
    ];
    for (name, truth, spec, known) in cases {
        let directory = world(&spec, &[("crm.csv", export), ("truth.csv", truth.as_bytes())]);
        let report = report(name, &run(directory.path(), &["spec.toml", "--json"]));
        assert_eq!(report["household"]["f1"].as_f64(), known.then_some(1.0), "{name}");
    }
    let spec = spec("household = \"huosehold\"\n");
    let directory = world(&spec, &[("crm.csv", export), ("truth.csv", truth("household").as_bytes())]);
    let line = failure("misspelt", &run(directory.path(), &["spec.toml", "--json"]));
    assert!(line.contains("truth.csv: unknown column `huosehold`; did you mean `household`?"), "{line}");
}

#[test]
fn graphs() {
    let vertices: &[u8] = b"record_id,entity_id,source\n1,x,s\n2,x,t\n3,y,t\n";
    let cases: [(&str, &[u8], &[u8], &str); 7] = [
        ("unknown vertex", b"a,b,similarity\n1,9,0.9\n", vertices, "e.csv: no vertex `9`"),
        ("no number", b"a,b,similarity\n1,2,x\n", vertices, "e.csv:2: `x` is no number"),
        ("not a number", b"a,b,similarity\n1,2,NaN\n", vertices, "e.csv:2: `NaN` is no number"),
        ("ragged", b"a,b,similarity\n1,2\n", vertices, "e.csv: "),
        ("binary", b"\x7fELF\xff\xfe\0\n", vertices, "e.csv: "),
        ("empty", b"", vertices, "e.csv: there is no column `a`"),
        (
            "repeated vertex",
            b"a,b,similarity\n",
            b"record_id,entity_id,source\n1,x,s\n1,x,t\n",
            "v.csv: the vertex `1` is listed twice",
        ),
    ];
    let arguments = ["--links", "e.csv", "--vertices", "v.csv", "--threshold", "0.5", "--json"];
    for (name, edges, vertices, expected) in cases {
        let directory = world("", &[("e.csv", edges), ("v.csv", vertices)]);
        let line = failure(name, &run(directory.path(), &arguments));
        assert!(line.starts_with(expected), "{name}: {line}");
    }
    for (edges, pairs, found) in [("", 0, 3), ("1,2,0.9\n", 1, 2), ("1,2,0.4\n", 1, 3)] {
        let edges = format!("a,b,similarity\n{edges}");
        let directory = world("", &[("e.csv", edges.as_bytes()), ("v.csv", vertices)]);
        let report = report(&edges, &run(directory.path(), &arguments));
        assert_eq!(report["pairs_compared"], pairs);
        assert_eq!(report["entities_found"], found);
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away() {
    let directory = world(&format!("{SOURCE}{TRUTH}"), &[("crm.csv", format!("{HEADER}{ROWS}").as_bytes())]);
    for arguments in [&["spec.toml", "--json"][..], &["spec.toml"], &["--help"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = command(directory.path(), arguments).stdout(writer).output().unwrap();
        let error = stderr(&output);
        let lines: Vec<&str> = error.lines().filter(|line| !line.starts_with("note: ")).collect();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {error}");
        assert_eq!(lines.len(), 1, "{arguments:?}: {error}");
        assert!(lines[0].starts_with("cannot write to stdout: "), "{arguments:?}: {error}");
    }
}

/// Wrong merges are counted by the kind of hard negative that they are; all kinds of the file are told.
#[test]
fn wrong_merges_by_kind() {
    let export: &[u8] = b"id,first,last,born\n1,Anna,Huber,1980-01-01\n2,Anna,Huber,1980-01-01\n3,Otto,Maier,1970-02-03\n4,Ida,Wolf,1961-07-09\n5,Karl,Fuchs,1955-12-24\n6,Lena,Vogel,1990-05-17\n";
    let truth: &[u8] = b"source,key,entity\ncrm,1,a\ncrm,2,b\ncrm,3,c\ncrm,4,d\ncrm,5,e\ncrm,6,f\n";
    let kinds: &[u8] = b"kind,entity,other\nnamesakes,b,a\ntwins,c,d\nnamesakes,a,nobody\n";
    let spec =
        format!("{SOURCE}[truth]\npath = \"truth.csv\"\n[model]\nthreshold = {{ posterior = 0.0001 }}\n");
    let files = [("crm.csv", export), ("truth.csv", truth), ("kinds.csv", kinds)];
    let directory = world(&spec, &files);
    let told = |arguments: &[&str]| {
        let name = arguments.join(" ");
        report(&name, &run(directory.path(), arguments))["wrong_merges"].clone()
    };
    assert_eq!(told(&["spec.toml", "--json"]), Value::Null);
    let asked = told(&["spec.toml", "--json", "--hard-negatives", "kinds.csv"]);
    assert_eq!(asked, serde_json::json!({ "namesakes": 1, "twins": 0, "other": 0 }));
    std::fs::copy(directory.path().join("kinds.csv"), directory.path().join("truth_hard_negatives.csv"))
        .unwrap();
    assert_eq!(told(&["spec.toml", "--json"]), asked);
}
