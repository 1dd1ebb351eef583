//! Writes the exports of a world of fictional customers, with the truth and a ready spec.
//!
//! ```text
//! generate --records N [--tier clean|typical|dirty] [--sources crm,erp,orders] [--locales de=50,at=4,...] [--seed S] --out DIR [--threads N] [--parquet]
//! ```
//!
//! The sources are `crm` (with the accounts of its organisations), `erp`, `orders`, `newsletter`, `support` and `list`;
//! together they have N rows. The same arguments give the same bytes, and so the same checksums, on any number of threads.
//! With `--parquet` each source is written as Parquet too, which `spec-parquet.toml` reads; this needs the feature `polars`.

#[path = "shared/process.rs"]
mod process;
mod world;

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use indicatif::{HumanBytes, HumanCount, ProgressBar};
use world::World;
use world::export::Format;
use world::locale::LocaleMix;
use world::sources::Source;
use world::tier::Tier;

/// Rows are made of many short texts.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const USAGE: &str = "usage: generate --records N [--tier clean|typical|dirty] [--sources crm,erp,orders] [--locales de=50,at=4,...] [--seed S] --out DIR [--threads N] [--parquet]";
/// More threads than any machine has cores are a slip of the keyboard, and would exhaust it.
const MOST_THREADS: usize = 1024;
/// Numbers of records stay far below what keys have room for.
const MOST_RECORDS: u64 = 10_000_000_000;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    match Arguments::read(std::env::args_os().skip(1)).and_then(|arguments| arguments.run()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::from(2)
        }
    }
}

struct Arguments {
    records: Option<u64>,
    tier: Tier,
    sources: Vec<Source>,
    locales: LocaleMix,
    seed: u64,
    out: Option<PathBuf>,
    threads: Option<usize>,
    format: Format,
    help: bool,
}

impl Arguments {
    fn read(mut words: impl Iterator<Item = OsString>) -> Outcome<Self> {
        let mut arguments = Arguments {
            records: None,
            tier: Tier::Typical,
            sources: Source::MAIN.to_vec(),
            locales: LocaleMix::DEFAULT,
            seed: 1,
            out: None,
            threads: None,
            format: Format::Csv,
            help: false,
        };
        while let Some(word) = words.next() {
            let option = word.to_str().unwrap_or_default().to_owned();
            let mut value = || words.next().ok_or(format!("{option} needs a value; see --help"));
            let mut text = || value().map(|value| value.to_string_lossy().into_owned());
            match option.as_str() {
                "--help" | "-h" => arguments.help = true,
                "--records" => {
                    let records = text()?.parse().ok().filter(|records| (1..=MOST_RECORDS).contains(records));
                    let needed = || format!("--records needs a number from 1 to {MOST_RECORDS}");
                    arguments.records = Some(records.ok_or_else(needed)?);
                }
                "--tier" => {
                    let name = text()?;
                    let needed = || format!("unknown tier `{name}`: clean, typical or dirty");
                    arguments.tier = Tier::of_name(&name).ok_or_else(needed)?;
                }
                "--sources" => arguments.sources = sources(&text()?)?,
                "--locales" => {
                    let shares = text()?;
                    let needed = || format!("`{shares}` is no list like de=50,at=4,ch=4,uk=15,us=15,fr=12");
                    arguments.locales = LocaleMix::of_option(&shares).ok_or_else(needed)?;
                }
                "--seed" => {
                    arguments.seed = text()?.parse().map_err(|_| "--seed needs a whole number from 0")?;
                }
                #[cfg(feature = "polars")]
                "--parquet" => arguments.format = Format::CsvAndParquet,
                #[cfg(not(feature = "polars"))]
                "--parquet" => return Err("--parquet needs the feature `polars`: build without `--no-default-features`, or with `--features polars`".into()),
                "--out" => arguments.out = Some(value()?.into()),
                "--threads" => {
                    let threads = text()?.parse().ok().filter(|threads| (1..=MOST_THREADS).contains(threads));
                    let needed = || format!("--threads needs a number from 1 to {MOST_THREADS}");
                    arguments.threads = Some(threads.ok_or_else(needed)?);
                }
                _ => return Err(format!("unexpected argument {}; see --help", word.display()).into()),
            }
        }
        Ok(arguments)
    }

    fn run(&self) -> Outcome<()> {
        let mut stdout = std::io::stdout();
        if self.help {
            return Ok(writeln!(stdout, "{USAGE}")?);
        }
        let (Some(records), Some(out)) = (self.records, &self.out) else { return Err(USAGE.into()) };
        if let Some(threads) = self.threads {
            rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?;
        }
        let start = Instant::now();
        let world =
            World::of_records(self.seed, self.tier, records, &self.sources).with_locales(self.locales);
        let bar = ProgressBar::new(world.blocks());
        let failed = |error: std::io::Error| format!("{}: {error}", out.display());
        let summary = world::export::export(&world, out, self.format, |done, _| bar.set_position(done))
            .map_err(failed)?;
        bar.finish_and_clear();
        let seconds = start.elapsed().as_secs_f64();
        for file in &summary.files {
            let (rows, bytes) = (HumanCount(file.rows).to_string(), HumanBytes(file.bytes).to_string());
            writeln!(stdout, "{rows:>13} rows {bytes:>12}  {:016x}  {}", file.checksum, file.file)?;
        }
        let rows: u64 = summary.files.iter().filter(|file| file.is_source).map(|file| file.rows).sum();
        writeln!(stdout, "{rows} records in {seconds:.2} s: {:.0} a second", rows as f64 / seconds)?;
        let pairs = summary.hard_negatives.iter().filter(|(_, pairs)| *pairs > 0);
        let pairs: Vec<_> =
            pairs.map(|(kind, pairs)| format!("{} {}", HumanCount(*pairs), kind.name())).collect();
        writeln!(stdout, "hard negatives: {}", pairs.join(", "))?;
        if let (Some(cpu), Some(peak)) = (process::cpu_seconds(), process::peak_rss_bytes()) {
            writeln!(stdout, "{cpu:.2} s of CPU time, peak memory {}", HumanBytes(peak))?;
        }
        Ok(writeln!(stdout, "spec: {}", out.join("spec.toml").display())?)
    }
}

fn sources(list: &str) -> Outcome<Vec<Source>> {
    let of_name = |name: &str| {
        let name = name.trim();
        Source::of_option(name).ok_or_else(|| {
            let nearest = Source::ALL.map(Source::option).into_iter();
            let nearest = nearest.min_by_key(|option| strsim::osa_distance(name, option)).unwrap_or_default();
            let all = Source::ALL.map(Source::option).join(", ");
            format!("unknown source `{name}`: did you mean `{nearest}`? There are {all}").into()
        })
    };
    list.split(',').map(of_name).collect()
}
