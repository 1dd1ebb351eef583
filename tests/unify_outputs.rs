//! The files of a run: the same for any order of rows and any number of threads, as they were, and reconciled.
//!
//! What makes it fail: any place of a row or a thread that reaches a result (`ingest`, `resolve`, `survive`, `export`),
//! and any change of the sample's results. `ONEFOLD_WRITE_GOLDEN=1` writes the golden files anew.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use onefold::Pipeline;

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data/unify")
}

/// The contents of all files of a run, by name.
fn outputs(spec: &Path, threads: usize) -> BTreeMap<String, Vec<u8>> {
    let directory = tempfile::tempdir().unwrap();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let written = pool.install(|| {
        let unified = Pipeline::from_toml(spec).unwrap().run().unwrap();
        let report = &unified.ingest;
        assert_eq!(report.rows_read(), report.records() + report.fact_rows() + report.rejects.len() as u64);
        unified.write_to(directory.path()).unwrap()
    });
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    written.iter().map(|path| (name(path), fs::read(path).unwrap())).collect()
}

/// A copy of the sample whose rows come in another order; the files have no cells with line breaks.
fn shuffled(directory: &Path, turn: usize) -> PathBuf {
    for name in ["crm.csv", "erp.csv", "orders.csv", "truth.csv"] {
        let text = fs::read_to_string(sample().join(name)).unwrap();
        let (header, rows) = text.split_once('\n').unwrap();
        let mut rows: Vec<&str> = rows.lines().collect();
        rows.reverse();
        let middle = rows.len() * turn / 7;
        rows.rotate_left(middle);
        fs::write(directory.join(name), format!("{header}\n{}\n", rows.join("\n"))).unwrap();
    }
    fs::copy(sample().join("spec.toml"), directory.join("spec.toml")).unwrap();
    directory.join("spec.toml")
}

/// Rejects or issues without their lines, which follow the order of the rows.
fn without_lines(rows: &[u8]) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = csv::Reader::from_reader(rows)
        .records()
        .map(|row| {
            row.unwrap().iter().enumerate().filter(|cell| cell.0 != 1).map(|cell| cell.1.into()).collect()
        })
        .collect();
    rows.sort();
    rows
}

#[test]
fn threads_and_the_order_of_rows_change_no_byte() {
    let first = outputs(&sample().join("spec.toml"), 1);
    assert!(first.len() >= 5 && first.values().all(|content| !content.is_empty()));
    assert!(without_lines(&first["rejects.csv"]).len() > 10);
    assert_eq!(outputs(&sample().join("spec.toml"), 2), first);
    for (turn, threads) in [(2, 2), (5, 3)] {
        let directory = tempfile::tempdir().unwrap();
        let mut other = outputs(&shuffled(directory.path(), turn), threads);
        for name in ["rejects.csv", "issues.csv"] {
            let rows = other.insert(name.into(), first[name].clone()).unwrap();
            assert_eq!(without_lines(&rows), without_lines(&first[name]), "{name}");
        }
        for (name, content) in &first {
            assert!(other[name] == *content, "{name} differs");
        }
    }
}

/// Phones without their numbering plans give other results.
#[cfg(feature = "phone")]
#[test]
fn the_sample_gives_what_it_gave() {
    const PROFILES: usize = 40;
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/unify");
    let outputs = outputs(&sample().join("spec.toml"), 2);
    let profiles = String::from_utf8(outputs["profiles.ndjson"].clone()).unwrap();
    let first: String = profiles.lines().take(PROFILES).flat_map(|line| [line, "\n"]).collect();
    let files = [
        ("profiles.ndjson", first.as_bytes()),
        ("crosswalk.csv", &outputs["crosswalk.csv"]),
        ("households.csv", &outputs["households.csv"]),
        ("rejects.csv", &outputs["rejects.csv"]),
    ];
    for (name, content) in files {
        let path = golden.join(name);
        if std::env::var_os("ONEFOLD_WRITE_GOLDEN").is_some() {
            fs::create_dir_all(&golden).unwrap();
            fs::write(&path, content).unwrap();
        }
        assert!(fs::read(&path).unwrap() == content, "{name} is not what it was");
    }
}

#[test]
fn the_files_tell_one_story() {
    let outputs = outputs(&sample().join("spec.toml"), 2);
    let rows = |name: &str| -> Vec<Vec<String>> {
        let reader = csv::Reader::from_reader(outputs[name].as_slice());
        reader.into_records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
    };
    let profiles: Vec<onefold::profile::Profile> = String::from_utf8(outputs["profiles.ndjson"].clone())
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let crosswalk = rows("crosswalk.csv");
    let records = profiles.iter().flat_map(|profile| {
        profile.records.iter().map(|record| {
            let id = profile.customer_id.to_string();
            vec![id, record.source.clone(), record.key.clone(), format!("{:.4}", record.confidence)]
        })
    });
    assert_eq!(crosswalk, records.collect::<Vec<_>>());
    let mut of_profiles: Vec<Vec<String>> = profiles
        .iter()
        .filter_map(|profile| Some(vec![profile.household?.to_string(), profile.customer_id.to_string()]))
        .collect();
    let mut of_file = rows("households.csv");
    of_profiles.sort();
    of_file.sort();
    assert!(of_file.len() > 100);
    assert_eq!(of_file, of_profiles);
    let revenue = || profiles.iter().flat_map(|profile| &profile.orders.revenue);
    assert!(["CHF", "EUR"].iter().all(|code| revenue().any(|revenue| revenue.currency.as_str() == *code)));
    #[cfg(feature = "polars")]
    parquet_has_the_same_profiles(&outputs, &profiles);
}

/// The Parquet files read back: as many rows, the same ids, the same totals.
#[cfg(feature = "polars")]
fn parquet_has_the_same_profiles(
    outputs: &BTreeMap<String, Vec<u8>>,
    profiles: &[onefold::profile::Profile],
) {
    use onefold::polars::prelude::{ParquetReader, SerReader};
    let read = |name: &str| {
        let bytes = std::io::Cursor::new(outputs[name].clone());
        ParquetReader::new(bytes).finish().unwrap()
    };
    let frame = read("profiles.parquet");
    let texts = |name: &str| -> Vec<Option<String>> {
        let column = frame.column(name).unwrap().str().unwrap();
        column.iter().map(|text| text.map(str::to_owned)).collect()
    };
    let ids = profiles.iter().map(|profile| Some(profile.customer_id.to_string())).collect::<Vec<_>>();
    assert_eq!(texts("customer_id"), ids);
    let names = profiles.iter().map(|profile| profile.name.as_ref().map(|name| name.full.clone()));
    assert_eq!(texts("name"), names.collect::<Vec<_>>());
    let net = frame.column("net_revenue_eur").unwrap().f64().unwrap().iter().flatten().sum::<f64>();
    let euros = profiles.iter().flat_map(|profile| &profile.orders.revenue);
    let euros: f64 =
        euros.filter(|revenue| revenue.currency.as_str() == "EUR").map(|revenue| revenue.net.to_f64()).sum();
    assert!((net - euros).abs() < 0.005, "{net} {euros}");
    assert!(read("lineage.parquet").height() > profiles.len());
}
