//! Unifies exports into profiles: the main job.
//!
//! ```text
//! unify [SPEC] [--out DIR] [--threads N] [--json] [--save-spec FILE] [--registry FILE [--run NAME]] [--decisions FILE] [--force]
//! ```
//!
//! Without a spec, the sample exports that come with the crate are unified. The files are written to `DIR`, `unified` unless
//! given; `--save-spec` keeps the spec with the kinds that were inferred for its columns. With `--registry`, customers have the
//! ids of the runs before, which the file remembers; it is made by the first run. `--decisions` holds what stewards decided. A run that would
//! not fit into 80 % of the free memory is refused, unless `--force` is given.

#[path = "../shared/mod.rs"]
mod shared;
mod summary;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use onefold::Pipeline;
use onefold::identity::{Decisions, Registry, Run};
use serde_json::json;
use shared::output::{Outcome, print, tell};
use shared::progress::Progress;
use shared::{memory, threads};
use summary::Summary;

const USAGE: &str = "\
usage: unify [SPEC] [--out DIR] [--threads N] [--json] [--save-spec FILE] [--registry FILE [--run NAME]] [--decisions FILE] [--force]";

/// The spec of the sample exports.
const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/unify/spec.toml");

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
    out: Option<PathBuf>,
    save_spec: Option<PathBuf>,
    registry: Option<PathBuf>,
    run: Option<String>,
    decisions: Option<PathBuf>,
    threads: Option<usize>,
    json: bool,
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
                "--force" => arguments.force = true,
                "--help" | "-h" => arguments.help = true,
                "--out" => arguments.out = Some(value()?.into()),
                "--save-spec" => arguments.save_spec = Some(value()?.into()),
                "--registry" => arguments.registry = Some(value()?.into()),
                "--decisions" => arguments.decisions = Some(value()?.into()),
                "--run" => arguments.run = Some(value()?.to_string_lossy().into_owned()),
                "--threads" => arguments.threads = Some(threads::parse(&value()?)?),
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
            return print(format_args!("{USAGE}\n"));
        }
        if let Some(threads) = self.threads {
            rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?;
        }
        let spec = self.spec.as_deref().unwrap_or(Path::new(SAMPLE));
        let pipeline = self.with_customers(Pipeline::from_toml(spec)?)?;
        let pipeline = if self.force { pipeline } else { memory::limited(pipeline) };
        let out = self.out.as_deref().unwrap_or(Path::new("unified"));
        self.refuse_to_overwrite(&pipeline, out)?;
        let progress = Progress::new("unify");
        let unified = pipeline.run_observed(&progress)?;
        progress.message("write");
        let start = std::time::Instant::now();
        let outputs = unified.write_to(out)?;
        let writing = start.elapsed();
        if let (Some(path), Some(identity)) = (&self.registry, &unified.identity) {
            identity.registry.save(path)?;
        }
        if let Some(path) = &self.save_spec {
            let text = pipeline.to_spec().with_inferred(&unified.ingest).to_toml()?;
            std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        progress.message("summary");
        let summary = Summary::of(&unified, &pipeline, writing)?;
        progress.finish();
        if !self.json {
            return print(format_args!("{}", summary.text(&unified, spec, &outputs)?));
        }
        let mut report = summary.report(&unified);
        report["outputs"] = json!(outputs.iter().map(|path| path.to_string_lossy()).collect::<Vec<_>>());
        print(format_args!("{report}\n"))
    }

    /// The pipeline with the customers of the runs before, and with what stewards decided.
    fn with_customers(&self, mut pipeline: Pipeline) -> Outcome<Pipeline> {
        if let Some(path) = &self.decisions {
            let text =
                std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
            pipeline = pipeline.with_decisions(Decisions::from_json(&text)?);
        }
        match (&self.registry, &self.run) {
            (None, Some(_)) => Err("--run names a run for the registry: give --registry too".into()),
            (None, None) => Ok(pipeline),
            (Some(path), run) => {
                let registry = if path.exists() { Registry::load(path)? } else { Registry::default() };
                let run = Run::new(run.as_deref().unwrap_or("unify"));
                Ok(pipeline.with_registry(registry, run))
            }
        }
    }

    /// A file that is read is never written.
    fn refuse_to_overwrite(&self, pipeline: &Pipeline, out: &Path) -> Outcome<()> {
        let inputs = pipeline.sources().iter().filter_map(|source| source.path());
        let inputs: Vec<PathBuf> =
            inputs.filter_map(|path| pipeline.base().join(path).canonicalize().ok()).collect();
        let is_input = |path: &Path| path.canonicalize().is_ok_and(|path| inputs.contains(&path));
        if let Some(path) = self.save_spec.as_deref().filter(|path| is_input(path)) {
            return Err(format!("{}: is a source, and would be overwritten", path.display()).into());
        }
        let Ok(files) = out.read_dir() else { return Ok(()) };
        match files.flatten().map(|file| file.path()).find(|path| is_input(path)) {
            Some(path) => {
                let reason = "the directory of the results holds a source; give another one with --out";
                Err(format!("{}: {reason}", path.display()).into())
            }
            None => Ok(()),
        }
    }
}
