//! Runs a spec with `[truth]` at the library's defaults and measures the result.
//!
//! ```text
//! evaluate SPEC [--json] [--threads N] [--plan] [--errors FILE.csv] [--hard-negatives FILE.csv]
//!          [--without TECHNIQUE[,TECHNIQUE]] [--force]
//! evaluate --links EDGES.csv --vertices VERTICES.csv [--threshold T] [--duplicate-free all|none|NAME,...] [--json]
//! ```
//!
//! `--errors` writes every pair on the wrong side with its cause: the example `explain` shows such a pair in full.
//!
//! `--hard-negatives` names a file of entities that are easily taken for one (columns `kind`, `entity`, `other`); wrong
//! merges are then counted by kind. Without it, `truth_hard_negatives.csv` beside the truth file is taken, if it is there.
//!
//! `--without` switches techniques off ([`onefold::Technique`]), to see what they earn. A run that would not fit into 80 % of the
//! free memory is refused, unless `--force` is given.
//!
//! The second form measures the clustering alone, on a graph of scored pairs (columns `a`, `b`, `similarity`) whose
//! vertices (columns `record_id`, `entity_id`, `source`) hold at most one record of a source per entity, unless
//! `--duplicate-free` says of which sources that is true. `--threshold` leaves weaker edges out. A similarity ranks pairs
//! and says how they weigh against each other; it need not be a probability.

mod shared;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use onefold::block::CandidatePairs;
use onefold::evaluate::{
    Truth, candidate_recall, evaluate, evaluate_households, expectation, expected_candidate_recall,
    pair_errors, sampled_candidate_recall,
};
use onefold::model::Scorer;
use onefold::normalize::ValueClass;
use onefold::pipeline::spec::Spec;
use onefold::{Pipeline, Technique, Techniques, Unified};
use serde_json::{Value, json};
use shared::graph::{DuplicateFree, evaluate_graph};
use shared::hard_negatives::HardNegatives;
use shared::output::{Outcome, print, tell, tell_notes};
use shared::{memory, process, progress::Progress, threads, truth};

const USAGE: &str = "usage: evaluate SPEC [--json] [--threads N] [--plan] [--errors FILE] [--hard-negatives FILE] [--without TECHNIQUES] [--force]\n       evaluate --links EDGES --vertices VERTICES [--threshold T] [--duplicate-free all|none|NAME,...] [--json]";

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
#[allow(clippy::struct_excessive_bools, reason = "one for each option that takes no value")]
struct Arguments {
    spec: Option<PathBuf>,
    links: Option<PathBuf>,
    vertices: Option<PathBuf>,
    errors: Option<PathBuf>,
    hard_negatives: Option<PathBuf>,
    duplicate_free: Option<DuplicateFree>,
    threshold: Option<f64>,
    threads: Option<usize>,
    techniques: Techniques,
    json: bool,
    plan: bool,
    force: bool,
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
                "--force" => arguments.force = true,
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
                "--hard-negatives" => arguments.hard_negatives = Some(value()?.into()),
                "--duplicate-free" => {
                    arguments.duplicate_free = Some(DuplicateFree::parse(&value()?.to_string_lossy()));
                }
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
            (Some(_), None, None) if self.duplicate_free.is_some() => {
                return Err("--duplicate-free is for --links; a spec has it per source".into());
            }
            (Some(spec), None, None) => self.evaluate_spec(spec)?,
            (None, Some(_), Some(_)) if self.errors.is_some() => {
                return Err("--errors is for a spec, not for --links".into());
            }
            (None, Some(_), Some(_)) if self.hard_negatives.is_some() => {
                return Err("--hard-negatives is for a spec, not for --links".into());
            }
            (None, Some(_), Some(_)) if self.plan => {
                return Err("--plan is for a spec, not for --links".into());
            }
            (None, Some(_), Some(_)) if self.techniques != Techniques::default() => {
                return Err("--without is for a spec, not for --links".into());
            }
            (None, Some(links), Some(vertices)) => {
                let duplicate_free = self.duplicate_free.as_ref().unwrap_or(&DuplicateFree::All);
                evaluate_graph(links, vertices, self.threshold.unwrap_or_default(), duplicate_free)?
            }
            _ => return Err(USAGE.into()),
        };
        if self.json { print(format_args!("{report}\n")) } else { print_report(&report) }
    }

    fn evaluate_spec(&self, path: &Path) -> Outcome<Value> {
        let mut spec = Spec::from_toml_file(path)?;
        spec.techniques = self.techniques.switched_off().fold(spec.techniques, Techniques::without);
        let pipeline = Pipeline::from_spec(spec)?;
        let pipeline = if self.force { pipeline } else { memory::limited(pipeline) };
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
        let mut hard_negatives = HardNegatives::find(&pipeline, self.hard_negatives.as_deref())
            .map(|file| HardNegatives::read(&file, &pipeline, unified.records.raw(), &truth))
            .transpose()?;
        report["errors"] = errors(&unified, &truth, self.errors.as_deref(), hard_negatives.as_mut())?;
        if let Some(hard_negatives) = hard_negatives {
            report["wrong_merges"] = json!(hard_negatives.counts());
        }
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
        "value_classes": value_classes(&unified.model),
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
fn errors(
    unified: &Unified,
    truth: &Truth,
    file: Option<&Path>,
    mut hard_negatives: Option<&mut HardNegatives>,
) -> Outcome<Value> {
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
        if let Some(hard_negatives) = hard_negatives.as_mut().filter(|_| !error.cause.is_missed()) {
            hard_negatives.count(truth.labels()[error.a.index()], truth.labels()[error.b.index()]);
        }
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
    let lines: Vec<String> = report
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| format!("{name:20} {}\n", in_words(value)))
        .collect();
    print(format_args!("{}", lines.concat()))
}

/// A figure, or several with their names.
fn in_words(value: &Value) -> String {
    match value {
        Value::Object(figures) => {
            let figures = figures.iter().map(|(name, value)| format!("{name} {}", in_words(value)));
            figures.collect::<Vec<_>>().join("  ")
        }
        Value::Number(number) if number.is_f64() => format!("{:.4}", number.as_f64().unwrap_or_default()),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// How many values of each field of contacts are personal, shared and so on.
fn value_classes(model: &onefold::model::Model) -> Value {
    let of_field = |weights: &onefold::model::ComparisonWeights| {
        let profiles = weights.profiles()?;
        let counts = ValueClass::ALL.map(|class| (class.as_str().to_owned(), json!(profiles.count(class))));
        Some((weights.comparison().field().to_string(), Value::Object(counts.into_iter().collect())))
    };
    Value::Object(model.comparisons().iter().filter_map(of_field).collect())
}
