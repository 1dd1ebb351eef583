//! Runs a spec with `[truth]` at the library's defaults and measures the result.
//!
//! ```text
//! evaluate SPEC [--json] [--threads N] [--plan]
//! evaluate --links EDGES.csv --vertices VERTICES.csv [--threshold T] [--json]
//! ```
//!
//! The second form measures the clustering alone, on a graph of scored pairs (columns `a`, `b`, `similarity`) whose
//! vertices (columns `record_id`, `entity_id`, `source`) hold at most one record of a source per entity.

mod shared;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use onefold::block::CandidatePairs;
use onefold::evaluate::{Evaluation, Truth, candidate_recall, evaluate, expectation};
use onefold::model::{Link, Links, Scorer};
use onefold::pipeline::spec::TruthSpec;
use onefold::record::{RawRecords, RecordsBuilder, SourceInfo, SourceTable};
use onefold::resolve::{Constraints, PairScore, resolve};
use onefold::schema::LinkMode;
use onefold::{Pipeline, RecordId, Unified};
use serde_json::{Value, json};
use shared::{process, progress::Progress};

const USAGE: &str = "usage: evaluate SPEC [--json] [--threads N] [--plan]\n       evaluate --links EDGES --vertices VERTICES [--threshold T] [--json]";

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    match Arguments::read(std::env::args().skip(1)).and_then(|arguments| arguments.run()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

#[derive(Default)]
struct Arguments {
    spec: Option<PathBuf>,
    links: Option<PathBuf>,
    vertices: Option<PathBuf>,
    threshold: f64,
    threads: usize,
    json: bool,
    plan: bool,
}

impl Arguments {
    fn read(mut words: impl Iterator<Item = String>) -> Outcome<Self> {
        let mut arguments = Arguments::default();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word} needs a value\n{USAGE}"));
            match word.as_str() {
                "--json" => arguments.json = true,
                "--plan" => arguments.plan = true,
                "--threads" => {
                    arguments.threads = value()?.parse().map_err(|_| "--threads needs a number")?
                }
                "--threshold" => {
                    arguments.threshold = value()?.parse().map_err(|_| "--threshold needs a number")?
                }
                "--links" => arguments.links = Some(value()?.into()),
                "--vertices" => arguments.vertices = Some(value()?.into()),
                "--help" | "-h" => return Err(USAGE.into()),
                option if option.starts_with('-') => {
                    return Err(format!("unknown option {option}\n{USAGE}").into());
                }
                _ if arguments.spec.is_none() => arguments.spec = Some(word.into()),
                extra => return Err(format!("unexpected argument {extra}\n{USAGE}").into()),
            }
        }
        Ok(arguments)
    }

    fn run(&self) -> Outcome<()> {
        if self.threads > 0 {
            rayon::ThreadPoolBuilder::new().num_threads(self.threads).build_global()?;
        }
        let report = match (&self.spec, &self.links, &self.vertices) {
            (Some(spec), None, None) => self.evaluate_spec(spec)?,
            (None, Some(links), Some(vertices)) => evaluate_graph(links, vertices, self.threshold)?,
            _ => return Err(USAGE.into()),
        };
        if self.json {
            println!("{report}");
        } else {
            print_report(&report);
        }
        Ok(())
    }

    fn evaluate_spec(&self, path: &Path) -> Outcome<Value> {
        let pipeline = Pipeline::from_toml(path)?;
        let Some(truth) = pipeline.truth() else {
            return Err(format!("{}: there is no [truth] to evaluate against", path.display()).into());
        };
        let dataset = path.canonicalize()?.parent().and_then(Path::file_name).unwrap_or_default().to_owned();
        let progress = Progress::new(&dataset.to_string_lossy());
        let unified = pipeline.run_observed(&progress)?;
        progress.finish();
        let truth = match truth {
            TruthSpec::Column(column) => Truth::from_column(unified.records.raw(), column)?,
            TruthSpec::File { path, source, key, entity, .. } => {
                Truth::from_csv(unified.records.raw(), &pipeline.base().join(path), [source, key, entity])?
            }
            other => return Err(format!("truth {other:?} is not supported").into()),
        };
        if self.plan {
            eprint!("{}", unified.blocking);
            print_weights(&unified);
        }
        for event in &unified.events {
            eprintln!("note: {event}");
        }
        Ok(report(&dataset.to_string_lossy(), &unified, &truth))
    }
}

/// The figures of one run.
fn report(dataset: &str, unified: &Unified, truth: &Truth) -> Value {
    let records = &unified.records;
    let sources: Vec<_> = records.ids().map(|record| records.source(record)).collect();
    let result = evaluate(&unified.partition, truth, &sources, unified.mode());
    let scorer = Scorer::new(&unified.model, records);
    let pairs = CandidatePairs::new(unified.model.plan(), records);
    let matches = unified.training.as_ref().map_or(0.0, |training| training.expected_matches);
    let expected = expectation(&unified.partition, &pairs, &scorer, matches);
    let mut seconds = serde_json::Map::new();
    seconds.insert("total".into(), json!(unified.timings.total().as_secs_f64()));
    for (stage, duration) in unified.timings.stages() {
        seconds.insert(stage.as_str().into(), json!(duration.as_secs_f64()));
    }
    json!({
        "dataset": dataset,
        "records": records.len(),
        "rows_read": unified.ingest.rows_read(),
        "rejects": unified.ingest.rejects.len(),
        "issues": unified.issues.len() + unified.ingest.issues.len(),
        "entities_true": result.entities_true,
        "entities_found": result.entities_found,
        "pair": result.pair,
        "b_cubed": result.b_cubed,
        "cluster": result.cluster,
        "candidate_recall": candidate_recall(&pairs, truth),
        "pairs_compared": unified.links.pairs_compared(),
        "expected_precision": expected.precision,
        "expected_recall": expected.recall,
        "threshold": unified.model.threshold(),
        "prior": unified.model.prior(),
        "guarded": unified.guarded.iter().map(|(guard, links)| (format!("{guard:?}"), json!(links))).collect::<serde_json::Map<_, _>>(),
        "seconds": seconds,
        "cpu_seconds": process::cpu_seconds(),
        "peak_rss_bytes": process::peak_rss_bytes(),
    })
}

/// m, u and weight of each level, for the curious.
fn print_weights(unified: &Unified) {
    for weights in unified.model.comparisons() {
        eprintln!("{}", weights.comparison().field());
        for (at, label) in weights.comparison().levels().iter().enumerate() {
            let (m, u) = (weights.m()[at], weights.u()[at]);
            eprintln!("  {label:24} m {m:8.5}  u {u:10.7}  {:7.2} bits", weights.weight(at as u8 + 1));
        }
    }
}

fn print_report(report: &Value) {
    let number = |value: &Value| value.as_f64().map_or(String::new(), |number| format!("{number:.4}"));
    for (name, value) in report.as_object().into_iter().flatten() {
        match value {
            Value::Object(figures) => {
                let figures: Vec<String> =
                    figures.iter().map(|(name, value)| format!("{name} {}", number(value))).collect();
                println!("{name:20} {}", figures.join("  "));
            }
            Value::Number(n) if n.is_f64() => println!("{name:20} {}", number(value)),
            Value::String(text) => println!("{name:20} {text}"),
            other => println!("{name:20} {other}"),
        }
    }
}

/// In a graph, a pair that has no edge does not match.
struct Edges(std::collections::BTreeMap<(RecordId, RecordId), f64>);

impl PairScore for Edges {
    fn probability(&self, a: RecordId, b: RecordId) -> f64 {
        self.0.get(&(a, b)).copied().unwrap_or(0.0)
    }
}

fn evaluate_graph(edges: &Path, vertices: &Path, threshold: f64) -> Outcome<Value> {
    let start = std::time::Instant::now();
    let rows = read_columns(vertices, ["record_id", "entity_id", "source"])?;
    let mut by_source: std::collections::BTreeMap<&str, Vec<&[String; 3]>> =
        std::collections::BTreeMap::new();
    for row in &rows {
        by_source.entry(&row[2]).or_default().push(row);
    }
    let tables = by_source.into_iter().map(|(source, mut rows)| {
        rows.sort();
        let mut info = SourceInfo::new(source);
        info.duplicate_free = true;
        let keys: Vec<String> = rows.iter().map(|row| row[0].clone()).collect();
        let lines = vec![0; keys.len()];
        SourceTable::new(info, keys, lines, vec![])
    });
    let raw = RawRecords::new(tables.collect());
    let ids: std::collections::BTreeMap<&str, RecordId> = rows
        .iter()
        .filter_map(|row| raw.find(&row[2], &row[0]).map(|record| (row[0].as_str(), record)))
        .collect();
    let find =
        |id: &String| ids.get(id.as_str()).copied().ok_or(format!("{}: no vertex `{id}`", edges.display()));
    let mut links = Vec::new();
    for (line, [a, b, similarity]) in read_columns(edges, ["a", "b", "similarity"])?.iter().enumerate() {
        let (a, b) = (find(a)?, find(b)?);
        let probability: f64 = similarity
            .parse()
            .map_err(|_| format!("{}:{}: `{similarity}` is no number", edges.display(), line + 2))?;
        links.push(Link { a: a.min(b), b: a.max(b), weight: probability, probability });
    }
    let edge_count = links.len() as u64;
    let scores = Edges(links.iter().map(|link| ((link.a, link.b), link.probability)).collect());
    let truth =
        Truth::from_rows(&raw, rows.iter().map(|row| (row[2].as_str(), row[0].as_str(), row[1].as_str())))?;
    let classes = vec![onefold::record::EntityClass::Unknown; raw.len()];
    let records = RecordsBuilder::new(raw, classes).finish();
    let resolution =
        resolve(&records, &Links::new(links, vec![edge_count]), threshold, &Constraints::new(), &scores)?;
    let sources: Vec<_> = records.ids().map(|record| records.source(record)).collect();
    let result: Evaluation = evaluate(&resolution.partition, &truth, &sources, LinkMode::LinkAndDedupe);
    Ok(json!({
        "dataset": edges.file_stem().unwrap_or_default().to_string_lossy(),
        "records": records.len(),
        "entities_true": result.entities_true,
        "entities_found": result.entities_found,
        "pair": result.pair,
        "b_cubed": result.b_cubed,
        "cluster": result.cluster,
        "pairs_compared": edge_count,
        "threshold": threshold,
        "seconds": { "total": start.elapsed().as_secs_f64() },
        "cpu_seconds": process::cpu_seconds(),
        "peak_rss_bytes": process::peak_rss_bytes(),
    }))
}

/// Three columns of a CSV file, by name.
fn read_columns(path: &Path, names: [&str; 3]) -> Outcome<Vec<[String; 3]>> {
    let place = |error: csv::Error| format!("{}: {error}", path.display());
    let mut reader = csv::Reader::from_path(path).map_err(place)?;
    let header = reader.headers().map_err(place)?.clone();
    let mut positions = [0; 3];
    for (position, name) in positions.iter_mut().zip(names) {
        *position = header
            .iter()
            .position(|column| column == name)
            .ok_or(format!("{}: there is no column `{name}`", path.display()))?;
    }
    let mut rows = Vec::new();
    for row in reader.records() {
        let row = row.map_err(place)?;
        rows.push(positions.map(|position| row.get(position).unwrap_or_default().to_owned()));
    }
    Ok(rows)
}
