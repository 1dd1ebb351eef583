//! Runs a spec with `[truth]` at the library's defaults and measures the result.
//!
//! ```text
//! evaluate SPEC [--json] [--threads N] [--plan] [--errors FILE.csv] [--without TECHNIQUE[,TECHNIQUE]]
//! evaluate --links EDGES.csv --vertices VERTICES.csv [--threshold T] [--json]
//! ```
//!
//! `--errors` writes every pair on the wrong side with its cause: the example `explain` shows such a pair in full.
//!
//! `--without` switches techniques off ([`onefold::Technique`]), to see what they earn.
//!
//! The second form measures the clustering alone, on a graph of scored pairs (columns `a`, `b`, `similarity`) whose
//! vertices (columns `record_id`, `entity_id`, `source`) hold at most one record of a source per entity.

mod shared;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use onefold::block::CandidatePairs;
use onefold::evaluate::{
    Evaluation, Truth, candidate_recall, evaluate, evaluate_households, expectation,
    expected_candidate_recall, pair_errors, sampled_candidate_recall,
};
use onefold::model::{Link, Links, Scorer};
use onefold::pipeline::spec::Spec;
use onefold::record::{RawRecords, RecordsBuilder, SourceInfo, SourceTable};
use onefold::resolve::{Constraints, PairScore, resolve};
use onefold::schema::LinkMode;
use onefold::{Pipeline, RecordId, Technique, Techniques, Unified};
use serde_json::{Value, json};
use shared::output::{Outcome, print, tell, tell_notes};
use shared::{process, progress::Progress, threads, truth};

const USAGE: &str = "usage: evaluate SPEC [--json] [--threads N] [--plan] [--errors FILE] [--without TECHNIQUES]\n       evaluate --links EDGES --vertices VERTICES [--threshold T] [--json]";

fn main() -> ExitCode {
    match Arguments::read(std::env::args_os().skip(1)).and_then(|arguments| arguments.run()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tell(&error);
            ExitCode::from(2)
        }
    }
}

#[derive(Default)]
struct Arguments {
    spec: Option<PathBuf>,
    links: Option<PathBuf>,
    vertices: Option<PathBuf>,
    errors: Option<PathBuf>,
    threshold: Option<f64>,
    threads: Option<usize>,
    techniques: Techniques,
    json: bool,
    plan: bool,
    help: bool,
}

impl Arguments {
    fn read(mut words: impl Iterator<Item = OsString>) -> Outcome<Self> {
        let mut arguments = Arguments::default();
        while let Some(word) = words.next() {
            let option = word.to_str().unwrap_or_default().to_owned();
            let mut value = || words.next().ok_or(format!("{option} needs a value; see --help"));
            match option.as_str() {
                "--json" => arguments.json = true,
                "--plan" => arguments.plan = true,
                "--help" | "-h" => arguments.help = true,
                "--threads" => {
                    arguments.threads = Some(threads::parse(&value()?)?);
                }
                "--threshold" => {
                    let threshold = value()?.to_str().and_then(|threshold| threshold.parse().ok());
                    let threshold = threshold.filter(|threshold: &f64| threshold.is_finite());
                    arguments.threshold = Some(threshold.ok_or("--threshold needs a number")?);
                }
                "--without" => {
                    let names = value()?;
                    let names = names.to_str().unwrap_or_default().split(',').map(str::trim);
                    arguments.techniques = arguments.techniques.without_named(names, "--without")?;
                }
                "--links" => arguments.links = Some(value()?.into()),
                "--vertices" => arguments.vertices = Some(value()?.into()),
                "--errors" => arguments.errors = Some(value()?.into()),
                unknown if unknown.starts_with('-') => {
                    return Err(format!("unknown option {unknown}; see --help").into());
                }
                _ if arguments.spec.is_none() => arguments.spec = Some(word.into()),
                _ => return Err(format!("unexpected argument {}; see --help", word.display()).into()),
            }
        }
        Ok(arguments)
    }

    fn run(&self) -> Outcome<()> {
        if self.help {
            return print(format_args!("{USAGE}\ntechniques: {}\n", Technique::NAMES.join(" ")));
        }
        if let Some(threads) = self.threads {
            rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?;
        }
        let report = match (&self.spec, &self.links, &self.vertices) {
            (Some(_), None, None) if self.threshold.is_some() => {
                return Err("--threshold is for --links; a spec has [model] threshold".into());
            }
            (Some(spec), None, None) => self.evaluate_spec(spec)?,
            (None, Some(_), Some(_)) if self.errors.is_some() => {
                return Err("--errors is for a spec, not for --links".into());
            }
            (None, Some(_), Some(_)) if self.plan => {
                return Err("--plan is for a spec, not for --links".into());
            }
            (None, Some(_), Some(_)) if self.techniques != Techniques::default() => {
                return Err("--without is for a spec, not for --links".into());
            }
            (None, Some(links), Some(vertices)) => {
                evaluate_graph(links, vertices, self.threshold.unwrap_or_default())?
            }
            _ => return Err(USAGE.into()),
        };
        if self.json { print(format_args!("{report}\n")) } else { print_report(&report) }
    }

    fn evaluate_spec(&self, path: &Path) -> Outcome<Value> {
        let mut spec = Spec::from_toml_file(path)?;
        spec.techniques = self.techniques.switched_off().fold(spec.techniques, Techniques::without);
        let pipeline = Pipeline::from_spec(spec)?;
        if pipeline.truth().is_none() {
            return Err(format!("{}: there is no [truth] to evaluate against", path.display()).into());
        }
        let dataset = path.canonicalize()?.parent().and_then(Path::file_name).unwrap_or_default().to_owned();
        let progress = Progress::new(&dataset.to_string_lossy());
        let unified = pipeline.run_observed(&progress)?;
        progress.finish();
        let Some(truth) = truth::load(&pipeline, unified.records.raw())? else { return Err(USAGE.into()) };
        if self.plan {
            tell(&unified.model.plan().explain(&unified.records));
            tell_weights(&unified);
        }
        tell_notes(&unified.events);
        let mut report = report(&dataset.to_string_lossy(), &unified, &truth);
        report["errors"] = errors(&unified, &truth, self.errors.as_deref())?;
        Ok(report)
    }
}

/// Pairs that are scored to estimate what the plan does not propose.
const SAMPLED_PAIRS: u64 = 2_000_000;

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
    let mut report = json!({
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
        "expected_candidate_recall": expected_candidate_recall(&pairs, &unified.links),
        "pairs_compared": unified.links.pairs_compared(),
        "expected_precision": expected.precision,
        "expected_recall": expected.recall,
        "threshold": unified.model.threshold(),
        "prior": unified.model.prior(),
        "guarded": unified.guarded.iter().map(|(guard, links)| (format!("{guard:?}"), json!(links))).collect::<serde_json::Map<_, _>>(),
        "seconds": seconds,
        "cpu_seconds": process::cpu_seconds(),
        "peak_rss_bytes": process::peak_rss_bytes(),
    });
    // After the seconds: this is no part of a run.
    report["sampled_candidate_recall"] = json!(sampled_candidate_recall(&pairs, &scorer, SAMPLED_PAIRS));
    if truth.households().is_some() {
        report["household"] = json!(evaluate_households(&unified.partition, &unified.households, truth));
        report["households_found"] = json!(unified.households.len());
    }
    report
}

/// The pairs on the wrong side by cause; each goes into the file, if one is asked for.
fn errors(unified: &Unified, truth: &Truth, file: Option<&Path>) -> Outcome<Value> {
    let pairs = CandidatePairs::new(unified.model.plan(), &unified.records);
    let mut failed = None;
    let mut writer = match file {
        None => None,
        Some(path) => {
            let place = |error: csv::Error| format!("{}: {error}", path.display());
            let mut writer = csv::Writer::from_path(path).map_err(place)?;
            writer
                .write_record(["cause", "source", "key", "other_source", "other_key", "probability"])
                .map_err(place)?;
            Some(writer)
        }
    };
    let counts = pair_errors(&unified.partition, truth, &unified.model, &pairs, &unified.links, |error| {
        if let Some(writer) = &mut writer {
            let (left, right) = (unified.records.raw().key(error.a), unified.records.raw().key(error.b));
            let probability = format!("{:.6}", error.probability);
            let cells = [error.cause.as_str(), left.0, left.1, right.0, right.1, &probability];
            failed = failed.take().or(writer.write_record(cells).err());
        }
    });
    if let (Some(path), Some(error)) = (file, failed) {
        return Err(format!("{}: {error}", path.display()).into());
    }
    if let (Some(path), Some(writer)) = (file, &mut writer) {
        writer.flush().map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(counts
        .into_iter()
        .map(|(cause, count)| (cause.as_str().replace(' ', "_"), json!(count)))
        .collect::<serde_json::Map<_, _>>()
        .into())
}

/// m, u and weight of each level, for the curious.
fn tell_weights(unified: &Unified) {
    for weights in unified.model.comparisons() {
        tell(&weights.comparison().field());
        for (at, label) in weights.comparison().levels().iter().enumerate() {
            let (m, u) = (weights.m()[at], weights.u()[at]);
            let weight = weights.weight(at as u8 + 1);
            tell(&format_args!("  {label:24} m {m:8.5}  u {u:10.7}  {weight:7.2} bits"));
        }
    }
}

/// Writes to stdout; a reader that has gone away is an error like a full disk, not a panic.
fn print_report(report: &Value) -> Outcome<()> {
    let number = |value: &Value| value.as_f64().map_or(String::new(), |number| format!("{number:.4}"));
    let mut lines = Vec::new();
    for (name, value) in report.as_object().into_iter().flatten() {
        let value = match value {
            Value::Object(figures) => {
                let figures = figures.iter().map(|(name, value)| format!("{name} {}", number(value)));
                figures.collect::<Vec<_>>().join("  ")
            }
            Value::Number(n) if n.is_f64() => number(value),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        lines.push(format!("{name:20} {value}\n"));
    }
    print(format_args!("{}", lines.concat()))
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
    let mut seen = std::collections::BTreeSet::new();
    if let Some([id, ..]) = rows.iter().find(|[id, ..]| !seen.insert(id)) {
        return Err(format!("{}: the vertex `{id}` is listed twice", vertices.display()).into());
    }
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
        let probability = similarity.parse().ok().filter(|similarity: &f64| similarity.is_finite());
        let probability = probability
            .ok_or_else(|| format!("{}:{}: `{similarity}` is no number", edges.display(), line + 2))?;
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
