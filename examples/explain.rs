//! Why two records are one customer, or why not: what each comparison said, in bits.
//!
//! ```text
//! explain [SPEC] [--pair SOURCE/KEY SOURCE/KEY]
//! ```
//!
//! Without a spec, the sample exports are unified; without a pair, the closest calls are shown: the weakest link that
//! joined two records, and the strongest that did not.

mod shared;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use onefold::block::CandidatePairs;
use onefold::explain::PairExplanation;
use onefold::resolve::Constraints;
use onefold::{Pipeline, RecordId, Unified};
use shared::output::{Outcome, print, tell};

const USAGE: &str = "usage: explain [SPEC] [--pair SOURCE/KEY SOURCE/KEY]";

/// The spec of the sample exports.
const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/unify/spec.toml");

fn main() -> ExitCode {
    match run(std::env::args_os().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tell(&error);
            ExitCode::from(2)
        }
    }
}

fn run(mut words: impl Iterator<Item = OsString>) -> Outcome<()> {
    let (mut spec, mut pair) = (None, None);
    while let Some(word) = words.next() {
        match word.to_str().unwrap_or_default() {
            "--help" | "-h" => return print(format_args!("{USAGE}\n")),
            "--pair" => {
                let mut key = || words.next().and_then(|key| key.into_string().ok());
                let both = key().zip(key()).ok_or("--pair needs two records, each as SOURCE/KEY");
                pair = Some(both?);
            }
            unknown if unknown.starts_with('-') => {
                return Err(format!("unknown option {unknown}; {USAGE}").into());
            }
            _ if spec.is_none() => spec = Some(PathBuf::from(word)),
            _ => return Err(format!("unexpected argument {}; {USAGE}", word.display()).into()),
        }
    }
    let unified = Pipeline::from_toml(spec.as_deref().unwrap_or(Path::new(SAMPLE)))?.run()?;
    let explained = match pair {
        Some((left, right)) => vec![(find(&unified, &left)?, find(&unified, &right)?)],
        None => closest_calls(&unified),
    };
    let pairs = CandidatePairs::new(unified.model.plan(), &unified.records);
    for (a, b) in explained {
        let explanation = PairExplanation::new(
            a,
            b,
            &unified.model,
            &pairs,
            &unified.links,
            &unified.partition,
            &Constraints::new(),
        )?;
        print(format_args!("{explanation}\n"))?;
    }
    Ok(())
}

fn find(unified: &Unified, name: &str) -> Outcome<RecordId> {
    let (source, key) = name.split_once('/').ok_or("a record is given as SOURCE/KEY")?;
    let found = unified.records.raw().find(source, key);
    Ok(found.ok_or_else(|| format!("no record has the source and key `{name}`"))?)
}

/// The weakest link that joined two records, and the strongest between two that stayed apart.
fn closest_calls(unified: &Unified) -> Vec<(RecordId, RecordId)> {
    let joined = |pair: &(RecordId, RecordId)| {
        unified.partition.entity_of(pair.0) == unified.partition.entity_of(pair.1)
    };
    let links = || unified.links.iter().map(|link| (link.probability, (link.a, link.b)));
    let weakest = links()
        .filter(|(probability, pair)| *probability >= unified.model.threshold() && joined(pair))
        .min_by(|one, other| one.0.total_cmp(&other.0));
    let strongest = links().filter(|(_, pair)| !joined(pair)).max_by(|one, other| one.0.total_cmp(&other.0));
    [weakest, strongest].into_iter().flatten().map(|(_, pair)| pair).collect()
}
