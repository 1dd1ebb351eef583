//! Reads one customer: the profile, and where its values come from.
//!
//! ```text
//! profile [SPEC] [--record SOURCE/KEY | --customer ID]
//! ```
//!
//! Without a spec, the sample exports are unified; without a record or an id, the customer with the most records is shown.

mod shared;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use onefold::{CustomerId, EntityId, FieldId, Pipeline, Unified};
use shared::output::{Outcome, print, tell};

const USAGE: &str = "usage: profile [SPEC] [--record SOURCE/KEY | --customer ID]";

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
    let (mut spec, mut record, mut customer) = (None, None, None);
    while let Some(word) = words.next() {
        let option = word.to_str().unwrap_or_default().to_owned();
        let mut value = || -> Outcome<String> {
            let value = words.next().ok_or(format!("{option} needs a value; {USAGE}"))?;
            Ok(value.into_string().map_err(|_| format!("{option} needs a value in UTF-8"))?)
        };
        match option.as_str() {
            "--help" | "-h" => return print(format_args!("{USAGE}\n")),
            "--record" => record = Some(value()?),
            "--customer" => customer = Some(value()?.parse::<CustomerId>()?),
            unknown if unknown.starts_with('-') => {
                return Err(format!("unknown option {unknown}; {USAGE}").into());
            }
            _ if spec.is_none() => spec = Some(PathBuf::from(word)),
            _ => return Err(format!("unexpected argument {}; {USAGE}", word.display()).into()),
        }
    }
    let unified = Pipeline::from_toml(spec.as_deref().unwrap_or(Path::new(SAMPLE)))?.run()?;
    let profiles = unified.profiles();
    let entity = match (record, customer) {
        (Some(_), Some(_)) => return Err(format!("give a record or a customer, not both; {USAGE}").into()),
        (Some(record), None) => {
            let (source, key) = record.split_once('/').ok_or("--record needs SOURCE/KEY")?;
            let found = unified.records.raw().find(source, key);
            let found = found.ok_or_else(|| format!("no record has the source and key `{record}`"))?;
            unified.partition.entity_of(found)
        }
        (None, Some(id)) => profiles.entity_of(id).ok_or_else(|| format!("no customer has the id {id}"))?,
        (None, None) => largest(&unified).ok_or("there are no records")?,
    };
    let profile = profiles.get(entity);
    print(format_args!("{}\n\n{}", serde_json::to_string_pretty(&profile)?, lineage(&unified, entity)))
}

/// The entity with the most records.
fn largest(unified: &Unified) -> Option<EntityId> {
    let sizes = unified.partition.iter().map(|(entity, members)| (members.len(), std::cmp::Reverse(entity)));
    sizes.max().map(|largest| largest.1.0)
}

/// For each field the values that the records state, and what became of them.
fn lineage(unified: &Unified, entity: EntityId) -> String {
    let records = &unified.records;
    let survivorship = unified.survivorship();
    let mut lines = vec!["What the records state, and what became of it:".to_owned()];
    for (at, column) in records.columns().iter().enumerate() {
        let lineage = survivorship.lineage(entity, FieldId(at as u16));
        let mut line = |value, record, fate: &str| {
            let (source, key) = records.raw().key(record);
            let (field, value) = (column.field().to_string(), column.text(value));
            lines.push(format!("  {field:14} {value:32} {source}/{key:12} {fate}"));
        };
        lineage.winners.iter().for_each(|won| line(won.value, won.record, "survives"));
        lineage.supporters.iter().for_each(|other| line(other.value, other.record, "says the same"));
        for lost in &lineage.losers {
            line(lost.value, lost.record, &format!("loses by {}", lost.reason));
        }
    }
    lines.join("\n") + "\n"
}
