//! The example `generate`: the same bytes for any number of threads, and one clear line for bad arguments.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Cargo builds the examples before it runs all tests, beside the directory of their binaries. Before this test
/// alone it does not: then run `cargo build --example generate` first, with the same flags.
fn example() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let name = format!("generate{}", std::env::consts::EXE_SUFFIX);
    let example = test.parent().unwrap().parent().unwrap().join("examples").join(name);
    assert!(example.exists(), "{} has not been built", example.display());
    example
}

fn generate(directory: &Path, arguments: &[&str]) -> Output {
    Command::new(example()).current_dir(directory).args(arguments).output().unwrap()
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let mut reports: Vec<String> = Vec::new();
    for threads in ["1", "2", "3"] {
        let arguments =
            ["--records", "120000", "--tier", "dirty", "--seed", "9", "--out", threads, "--threads", threads];
        let output = generate(folder.path(), &arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let report = String::from_utf8(output.stdout).unwrap();
        assert!(report.contains("120000 records in "), "{report}");
        assert!(report.contains("hard negatives: ") && report.contains(" namesakes, "), "{report}");
        let of_files = |report: &str| -> Vec<String> {
            report.lines().filter(|line| line.contains(".csv")).map(str::to_owned).collect()
        };
        assert!(of_files(&report).len() == 7, "{report}");
        // Rows, bytes and checksums of the files.
        assert_eq!(of_files(&report), of_files(reports.first().unwrap_or(&report)));
        reports.push(report);
    }
    let truth = ["truth.csv", "truth_events.csv", "truth_hard_negatives.csv"];
    for file in ["crm.csv", "accounts.csv", "erp.csv", "orders.csv", "spec.toml"].into_iter().chain(truth) {
        let read = |threads: &str| std::fs::read(folder.path().join(threads).join(file)).unwrap();
        let one = read("1");
        assert!(one == read("2") && one == read("3"), "{file}");
    }
}

#[test]
fn one_source_alone() {
    let folder = tempfile::tempdir().unwrap();
    let output = generate(folder.path(), &["--records", "5000", "--sources", "erp", "--out", "."]);
    assert!(output.status.success());
    assert!(folder.path().join("erp.csv").exists() && !folder.path().join("crm.csv").exists());
    let spec = std::fs::read_to_string(folder.path().join("spec.toml")).unwrap();
    let spec = onefold::pipeline::spec::Spec::from_toml_str(&spec, "spec.toml").unwrap();
    assert_eq!(spec.sources.len(), 1);
}

#[test]
fn all_sources() {
    let folder = tempfile::tempdir().unwrap();
    let sources = "list, support,newsletter,orders,erp,crm";
    let output = generate(folder.path(), &["--records", "4001", "--sources", sources, "--out", "."]);
    assert!(output.status.success());
    assert!(String::from_utf8(output.stdout).unwrap().contains("4001 records in "));
    let spec = std::fs::read_to_string(folder.path().join("spec.toml")).unwrap();
    let spec = onefold::pipeline::spec::Spec::from_toml_str(&spec, "spec.toml").unwrap();
    let names: Vec<&str> = spec.sources.iter().map(onefold::ingest::Source::name).collect();
    assert_eq!(names, ["crm", "accounts", "erp", "shop", "newsletter", "support", "list"]);
}

/// With the feature, the Parquet files hold what the CSV files do; without it, one line says what is missing.
#[test]
fn parquet() {
    let folder = tempfile::tempdir().unwrap();
    let output = generate(folder.path(), &["--records", "9000", "--parquet", "--out", "."]);
    if cfg!(not(feature = "polars")) {
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.starts_with("--parquet needs the feature `polars`") && error.lines().count() == 1);
        assert_eq!(output.status.code(), Some(2));
        return;
    }
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read = |spec: &str| {
        let unified = onefold::Pipeline::from_toml(folder.path().join(spec)).unwrap().run().unwrap();
        let counts: Vec<_> = unified
            .ingest
            .sources
            .iter()
            .map(|source| (source.name.clone(), source.rows_read, source.records))
            .collect();
        (counts, unified.issues.len(), unified.profiles().len())
    };
    let (csv, parquet) = (read("spec.toml"), read("spec-parquet.toml"));
    assert_eq!(csv.0.iter().map(|(_, rows, _)| rows).sum::<u64>(), 9_000);
    assert_eq!(csv, parquet);
}

#[test]
fn bad_arguments() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    let cases: [(&[&str], &str); 12] = [
        (&[], "usage: generate"),
        (&["--records", "10"], "usage: generate"),
        (&["--records", "0", "--out", "x"], "--records needs a number from 1"),
        (&["--records", "ten", "--out", "x"], "--records needs a number from 1"),
        (&["--records"], "--records needs a value"),
        (
            &["--records", "10", "--tier", "filthy", "--out", "x"],
            "unknown tier `filthy`: clean, typical or dirty",
        ),
        (
            &["--records", "10", "--sources", "crm,erb", "--out", "x"],
            "unknown source `erb`: did you mean `erp`? There are crm, accounts, erp, orders, newsletter, support, list",
        ),
        (&["--records", "10", "--locales", "de=0,fr=0", "--out", "x"], "`de=0,fr=0` is no list like de=50"),
        (&["--records", "10", "--locales", "es=3", "--out", "x"], "`es=3` is no list like de=50"),
        (&["--records", "10", "--seed", "-1", "--out", "x"], "--seed needs a whole number"),
        (&["--records", "10", "--threads", "0", "--out", "x"], "--threads needs a number from 1 to 1024"),
        (&["--records", "10", "--out", "file/below"], "file/below: "),
    ];
    for (arguments, expected) in cases {
        let output = generate(folder.path(), arguments);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {error}");
        assert!(output.stdout.is_empty() && error.lines().count() == 1, "{arguments:?}: {error}");
        assert!(error.contains(expected), "{arguments:?}: {error}");
    }
}
