//! Takes a record out of a customer of the sample exports: the preview, the change, and back again.
//!
//! ```text
//! unmerge [SPEC] [--record SOURCE/KEY] [--json]
//! ```
//!
//! Without a spec, the sample exports are unified; without a record, it is the last one of the largest customer.

mod shared;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use onefold::identity::{Applied, Author, Change, Decisions, Preview, Registry, Run, Scope, Situation};
use onefold::resolve::RecordKey;
use onefold::{Pipeline, Unified};
use shared::output::{Outcome, print, tell};

const USAGE: &str = "usage: unmerge [SPEC] [--record SOURCE/KEY] [--json]";

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
    let (mut spec, mut record, mut json) = (None, None, false);
    while let Some(word) = words.next() {
        match word.to_str().unwrap_or_default() {
            "--help" | "-h" => return print(format_args!("{USAGE}\n")),
            "--json" => json = true,
            "--record" => {
                let value = words.next().ok_or(format!("--record needs SOURCE/KEY; {USAGE}"))?;
                let value = value.to_string_lossy().into_owned();
                let (source, key) = value.split_once('/').ok_or("--record needs SOURCE/KEY")?;
                record = Some(RecordKey::new(source, key));
            }
            unknown if unknown.starts_with('-') => {
                return Err(format!("unknown option {unknown}; {USAGE}").into());
            }
            _ if spec.is_none() => spec = Some(PathBuf::from(word)),
            _ => return Err(format!("unexpected argument {}; {USAGE}", word.display()).into()),
        }
    }
    let spec = spec.as_deref().unwrap_or(Path::new(SAMPLE));
    let spec = onefold::pipeline::spec::Spec::from_toml_file(spec)?;
    let pipeline = Pipeline::from_spec(spec)?;
    let unified = pipeline.with_registry(Registry::default(), Run::new("first")).run()?;
    let identity = unified.identity.as_ref().ok_or("the run has no registry")?;
    let record = record.or_else(|| last_of_largest(&unified)).ok_or("no customer has several records")?;

    let decisions = Decisions::default();
    let situation =
        Situation { records: &unified.records, registry: &identity.registry, decisions: &decisions };
    let author = Author::new("i.steward", "another person", "2026-11-27".parse()?);
    let change = Change::Unmerge { record: record.clone(), scope: Scope::WholeCustomer };
    let plan = situation.plan(&change, &author)?;
    let preview = plan.preview(&unified.records, &unified.policy, &unified.pins, &unified.orders)?;
    let applied = plan.apply_with(&preview);
    let (restored, _) = applied.clone().undo();
    let is_undone = restored == identity.registry;
    if json {
        let value = serde_json::json!({
            "record": record.to_string(),
            "customers": preview.customers,
            "orders": preview.orders,
            "fields_changed": preview.fields.len(),
            "events": applied.events,
            "undone": is_undone,
        });
        return print(format_args!("{value}\n"));
    }
    print(format_args!("{}", report(&record, &preview, &applied, is_undone)))
}

/// The last record of the customer with the most.
fn last_of_largest(unified: &Unified) -> Option<RecordKey> {
    let several = unified.partition.iter().filter(|(_, members)| members.len() > 1);
    let (_, members) = several.max_by_key(|(entity, members)| (members.len(), std::cmp::Reverse(*entity)))?;
    let (source, key) = unified.records.raw().key(*members.last()?);
    Some(RecordKey::new(source, key))
}

fn report(record: &RecordKey, preview: &Preview, applied: &Applied, is_undone: bool) -> String {
    let mut text = vec![format!("Taking {record} out of its customer would change:\n\n")];
    for moved in &preview.moved {
        let from = moved.from.map_or_else(String::new, |from| format!("{from} → "));
        text.push(format!("  record {}: {from}{}, with {} orders\n", moved.record, moved.to, moved.orders));
    }
    for change in &preview.fields {
        let shown = |values: &[String]| if values.is_empty() { "nothing".into() } else { values.join(", ") };
        let (old, new) = (shown(&change.old), shown(&change.new));
        text.push(format!("  {} of {}: {old} → {new}\n", change.field, change.customer));
    }
    text.push(format!(
        "\nApplied: {} events, {} decisions that keep it so",
        applied.events.len(),
        applied.decisions.links.len()
    ));
    text.push(format!("\nUndone: the registry is {}as before\n", if is_undone { "" } else { "not " }));
    text.concat()
}
