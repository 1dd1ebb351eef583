//! How long a run of many records takes, from files to files, and how much memory.
//!
//! ```text
//! scale --records N [--tier clean|typical|dirty] [--sources crm,erp,orders] [--seed S] [--threads T] [--plain-rules] [--dir DIR] [--force] [--json]
//! ```
//!
//! One process writes the exports of a world of fictional customers ([`generate`](../generate.rs) makes the same ones); it is
//! not measured. Another one reads them, unifies them by the library's defaults, and writes `profiles.parquet` (without the
//! feature `polars`, `profiles.ndjson`), `crosswalk.csv` and `rejects.csv`. Its seconds, CPU seconds and peak memory are
//! told, and then how many of the joins are right. What it will take is estimated before: a run that would not fit into 80 % of
//! the free memory is refused, unless `--force` is given.
//!
//! With `--plain-rules`, seven rules for people take the place of those that the library chooses: the same as in
//! `benches/peers/splink_duckdb.py`, for a comparison at equal blocking.
//!
//! Files go to `DIR`, and stay there; without it, to a folder for temporary files, which is removed.

#[path = "../benches/people/plain_rules.rs"]
mod plain_rules;
mod shared;
mod world;

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use onefold::evaluate::evaluate;
use onefold::pipeline::spec::Spec;
use onefold::{Pipeline, Unified, export};
use plain_rules::PLAIN_RULES;
use serde_json::{Map, Value, json};
use shared::output::{Outcome, print, tell};
use shared::progress::Progress;
use shared::{memory, process, threads, truth};
use world::World;
use world::export::Format;
use world::sources::Source;
use world::tier::Tier;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const USAGE: &str = "usage: scale --records N [--tier clean|typical|dirty] [--sources crm,erp,orders] [--seed S] [--threads T] [--plain-rules] [--dir DIR] [--force] [--json]";

/// Blocks of the plain rules are not split, as those of others are not.
const PLAIN_LIMIT: u64 = 1_000_000;

/// The first word of the process that writes the exports, and of the one that is measured.
const GENERATE: &str = "--generate";
const MEASURE: &str = "--measure";

fn main() -> ExitCode {
    match run(std::env::args_os().skip(1).collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tell(&error);
            ExitCode::from(2)
        }
    }
}

fn run(words: Vec<OsString>) -> Outcome<()> {
    let first = words.first().and_then(|word| word.to_str()).unwrap_or_default().to_owned();
    let arguments =
        Arguments::read(words.into_iter().skip(usize::from([GENERATE, MEASURE].contains(&&*first))))?;
    match first.as_str() {
        GENERATE => arguments.generate(),
        MEASURE => arguments.measure(),
        _ if arguments.help => print(format_args!("{USAGE}\n")),
        _ => arguments.scale(),
    }
}

#[allow(clippy::struct_excessive_bools, reason = "one for each option that takes no value")]
struct Arguments {
    records: u64,
    tier: Tier,
    sources: Vec<Source>,
    seed: u64,
    threads: Option<usize>,
    dir: Option<PathBuf>,
    plain_rules: bool,
    force: bool,
    json: bool,
    help: bool,
}

impl Arguments {
    fn read(mut words: impl Iterator<Item = OsString>) -> Outcome<Self> {
        let mut arguments = Arguments {
            records: 0,
            tier: Tier::Typical,
            sources: Source::MAIN.to_vec(),
            seed: 1,
            threads: None,
            dir: None,
            plain_rules: false,
            force: false,
            json: false,
            help: false,
        };
        while let Some(word) = words.next() {
            let option = word.to_str().unwrap_or_default().to_owned();
            let mut value = || words.next().ok_or(format!("{option} needs a value; see --help"));
            match option.as_str() {
                "--help" | "-h" => arguments.help = true,
                "--json" => arguments.json = true,
                "--force" => arguments.force = true,
                "--plain-rules" => arguments.plain_rules = true,
                "--records" => arguments.records = number(&option, &value()?)?,
                "--seed" => arguments.seed = number(&option, &value()?)?,
                "--threads" => arguments.threads = Some(threads::parse(&value()?)?),
                "--dir" => arguments.dir = Some(value()?.into()),
                "--tier" => {
                    let name = value()?.to_string_lossy().into_owned();
                    let needed = || format!("unknown tier `{name}`: clean, typical or dirty");
                    arguments.tier = Tier::of_name(&name).ok_or_else(needed)?;
                }
                "--sources" => arguments.sources = sources(&value()?.to_string_lossy())?,
                _ => return Err(format!("unexpected argument {}; see --help", word.display()).into()),
            }
        }
        if arguments.records == 0 && !arguments.help {
            return Err("--records needs a number from 1, such as 1000000; see --help".into());
        }
        Ok(arguments)
    }

    /// Runs the two processes, and tells what the second one measured.
    fn scale(&self) -> Outcome<()> {
        let temporary = std::env::temp_dir().join(format!("onefold-scale-{}", std::process::id()));
        let dir = self.dir.as_deref().unwrap_or(&temporary);
        let measured = self.child(GENERATE, dir).and_then(|_| self.child(MEASURE, dir));
        if self.dir.is_none() {
            // What cannot be removed is a temporary file, and no reason to withhold the result.
            let _ = std::fs::remove_dir_all(dir);
        }
        let report = measured?;
        if self.json {
            return print(format_args!("{report}\n"));
        }
        let report: Value = serde_json::from_str(&report)?;
        print(format_args!("{}", in_words(&report)))
    }

    /// Runs this program in another role; its result, or nothing if it told why there is none.
    fn child(&self, role: &str, dir: &Path) -> Outcome<String> {
        let tier = self.tier.name();
        let sources: Vec<&str> = self.sources.iter().map(|source| source.option()).collect();
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(role).args(["--records", &self.records.to_string(), "--tier", tier]);
        command
            .args(["--sources", &sources.join(","), "--seed", &self.seed.to_string()])
            .arg("--dir")
            .arg(dir);
        if let Some(threads) = self.threads {
            command.args(["--threads", &threads.to_string()]);
        }
        for (option, given) in [("--force", self.force), ("--plain-rules", self.plain_rules)] {
            if given {
                command.arg(option);
            }
        }
        let output = command.stderr(Stdio::inherit()).output()?;
        if !output.status.success() {
            return Err(format!("the process that was to {} ended with {}", &role[2..], output.status).into());
        }
        Ok(String::from_utf8(output.stdout)?.trim_end().to_owned())
    }

    fn generate(&self) -> Outcome<()> {
        let dir = self.dir.as_deref().ok_or(USAGE)?;
        let world = World::of_records(self.seed, self.tier, self.records, &self.sources);
        let failed = |error: std::io::Error| format!("{}: {error}", dir.display());
        world::export::export(&world, dir, Format::Csv, |_, _| {}).map_err(failed)?;
        Ok(())
    }

    fn measure(&self) -> Outcome<()> {
        let dir = self.dir.as_deref().ok_or(USAGE)?;
        if let Some(threads) = self.threads {
            rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?;
        }
        let mut spec = Spec::from_toml_file(dir.join("spec.toml"))?;
        if self.plain_rules {
            spec.blocking =
                Some(PLAIN_RULES.iter().map(|rule| rule.iter().map(ToString::to_string).collect()).collect());
            spec.pairs_per_record = Some(PLAIN_LIMIT);
        }
        let mut pipeline = Pipeline::from_spec(spec)?;
        let estimate = pipeline.estimate()?;
        tell(&estimate);
        if !self.force {
            pipeline = memory::limited(pipeline);
        }
        let (start, progress) = (Instant::now(), Progress::new("scale"));
        let unified = pipeline.run_observed(&progress)?;
        let mut seconds = Map::new();
        for (stage, duration) in unified.timings.stages() {
            seconds.insert(stage.as_str().into(), json!(duration.as_secs_f64()));
        }
        write(&unified, &dir.join("unified"), &progress, &mut seconds)?;
        seconds.insert("total".into(), json!(start.elapsed().as_secs_f64()));
        let (cpu, peak) = (process::cpu_seconds(), process::peak_rss_bytes());
        progress.message("evaluate");
        let records = &unified.records;
        let truth = truth::load(&pipeline, records.raw())?.ok_or("the exports come without their truth")?;
        let sources: Vec<_> = records.ids().map(|record| records.source(record)).collect();
        let result = evaluate(&unified.partition, &truth, &sources, unified.mode());
        progress.finish();
        let pairs = unified.links.pairs_compared();
        let each = |stage: &str, of: f64| seconds[stage].as_f64().unwrap_or_default() * 1e9 / of.max(1.0);
        let report = json!({
            "records": records.len(),
            "threads": rayon::current_num_threads(),
            "seconds": seconds,
            "cpu_seconds": cpu,
            "pairs_compared": pairs,
            "peak_rss_bytes": peak,
            "ns_per_record": each("total", records.len() as f64),
            "ns_per_pair": each("score", pairs as f64),
            "bytes_per_record": peak.map(|peak| peak / (records.len() as u64).max(1)),
            "profiles": unified.partition.len(),
            "estimate": { "records": estimate.records, "pairs": estimate.pairs, "memory_bytes": estimate.memory, "cpu_seconds": estimate.cpu_seconds },
            "pair": result.pair,
            "cluster": result.cluster,
        });
        print(format_args!("{report}\n"))
    }
}

/// Writes what is measured: profiles, crosswalk and rejects.
fn write(
    unified: &Unified,
    dir: &Path,
    progress: &Progress,
    seconds: &mut Map<String, Value>,
) -> Outcome<()> {
    progress.message("profile");
    let start = Instant::now();
    let profiles = unified.profiles();
    seconds.insert("profile".into(), json!(start.elapsed().as_secs_f64()));
    progress.message("write");
    let start = Instant::now();
    std::fs::create_dir_all(dir)?;
    let create = |name: &str| std::fs::File::create(dir.join(name)).map(std::io::BufWriter::new);
    #[cfg(feature = "polars")]
    export::write_profiles_parquet(&profiles, create("profiles.parquet")?)?;
    #[cfg(not(feature = "polars"))]
    export::write_profiles_ndjson(&profiles, create("profiles.ndjson")?)?;
    export::write_crosswalk(&profiles, create("crosswalk.csv")?)?;
    export::write_rejects(&unified.ingest.rejects, create("rejects.csv")?)?;
    seconds.insert("write".into(), json!(start.elapsed().as_secs_f64()));
    Ok(())
}

fn number(option: &str, word: &OsStr) -> Outcome<u64> {
    let number = word.to_str().and_then(|word| word.parse().ok());
    Ok(number.ok_or_else(|| format!("{option} needs a whole number"))?)
}

fn sources(list: &str) -> Outcome<Vec<Source>> {
    let of_name = |name: &str| {
        let known = Source::ALL.map(Source::option).join(", ");
        Source::of_option(name.trim())
            .ok_or_else(|| format!("unknown source `{}`: there are {known}", name.trim()).into())
    };
    list.split(',').map(of_name).collect()
}

/// The report for the terminal.
fn in_words(report: &Value) -> String {
    let number = |value: &Value| value.as_f64().unwrap_or_default();
    let mut text = format!(
        "{} records, {} pairs compared, {} profiles, {} threads\n",
        report["records"], report["pairs_compared"], report["profiles"], report["threads"]
    );
    let stages = report["seconds"].as_object().into_iter().flatten();
    let mut stages: Vec<(&String, f64)> = stages.map(|(stage, seconds)| (stage, number(seconds))).collect();
    stages.sort_by(|a, b| b.1.total_cmp(&a.1));
    let records = number(&report["records"]).max(1.0);
    let lines = stages.into_iter().map(|(stage, seconds)| {
        let each = seconds * 1e9 / records;
        format!("{stage:>10} {seconds:8.2} s {each:8.0} ns a record\n")
    });
    text.extend(lines);
    let used = format!(
        "{:.1} CPU seconds, {:.0} ns a pair to compare and score, peak memory {:.0} MB, {} bytes a record\n",
        number(&report["cpu_seconds"]),
        number(&report["ns_per_pair"]),
        number(&report["peak_rss_bytes"]) / 1e6,
        report["bytes_per_record"],
    );
    let figures = |of: &str| {
        let figure = |name: &str| number(&report[of][name]);
        format!(
            "{of} F1 {:.4} (precision {:.4}, recall {:.4})",
            figure("f1"),
            figure("precision"),
            figure("recall")
        )
    };
    text + &used + &format!("{}; {}\n", figures("pair"), figures("cluster"))
}
