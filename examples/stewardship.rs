//! What stewards decide, and what becomes of it in later runs: links that must and must not be, and pinned values.
//!
//! ```text
//! stewardship [--json]
//! ```
//!
//! A few records of a household and a namesake. The decisions contradict each other once; the newer one holds, and the
//! conflict is told.

mod shared;

use std::ffi::OsString;
use std::process::ExitCode;

use onefold::identity::{Decisions, LinkDecision, LinkKind, Registry, Run};
use onefold::ingest::Source;
use onefold::resolve::RecordKey;
use onefold::survive::{Lift, Pin, PinnedValue};
use onefold::{FieldKind, Pipeline, Unified};
use shared::output::{Outcome, print, tell};

const USAGE: &str = "usage: stewardship [--json]";

const CRM: &str = "\
id,first,last,mail,phone,zip
1,Anna,Müller,anna@example.org,0351 7001234,10115
2,A.,Müller,,0351 7001234,10115
3,Anton,Müller,anton@example.org,0351 7001234,10115
4,Anna,Müller,a.mueller@example.net,030 9018811,80331
";

fn main() -> ExitCode {
    match run(std::env::args_os().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tell(&error);
            ExitCode::from(2)
        }
    }
}

fn run(words: impl Iterator<Item = OsString>) -> Outcome<()> {
    let mut json = false;
    for word in words {
        match word.to_str().unwrap_or_default() {
            "--help" | "-h" => return print(format_args!("{USAGE}\n")),
            "--json" => json = true,
            _ => return Err(format!("unexpected argument {}; {USAGE}", word.display()).into()),
        }
    }
    let crm = |key: &str| RecordKey::new("crm", key);
    let before = unified(Registry::default(), Decisions::default(), "monday")?;
    let link = |kind, a: &str, b: &str, day: &str| -> Outcome<LinkDecision> {
        Ok(LinkDecision::new(kind, crm(a), [crm(b)], day.parse()?).by("i.steward", "looked at the files"))
    };
    let mail = PinnedValue::Text("anna.mueller@example.org".into());
    let pin = Pin::new(crm("1"), FieldKind::Email, mail, "2026-11-25".parse()?)
        .by("i.steward", "told on the phone")
        .until(Lift::At("2027-11-25".parse()?));
    let decisions = Decisions {
        links: vec![
            link(LinkKind::Same, "1", "2", "2026-11-24")?,
            link(LinkKind::Different, "1", "4", "2026-11-24")?,
            link(LinkKind::Same, "2", "3", "2026-11-24")?,
            link(LinkKind::Different, "1", "3", "2026-11-25")?,
        ],
        pins: vec![pin],
    };
    let registry = before.identity.as_ref().map(|identity| identity.registry.clone()).unwrap_or_default();
    let after = unified(registry, decisions.clone(), "tuesday")?;
    let identity = after.identity.as_ref().ok_or("the run has no registry")?;
    let told =
        |unified: &Unified| -> Vec<String> { unified.profiles().iter().map(|p| customer(&p)).collect() };
    if json {
        let value = serde_json::json!({
            "before": told(&before), "decisions": decisions, "after": told(&after), "events": identity.events,
        });
        return print(format_args!("{value}\n"));
    }
    let mut text =
        vec![format!("Before:\n{}\n\nThe decisions, as they are kept:\n", told(&before).join("\n"))];
    text.push(decisions.to_json()? + "\n\n");
    text.push(format!("After:\n{}\n\nWhat happened:\n", told(&after).join("\n")));
    for event in &identity.events {
        text.push(format!("  {}\n", serde_json::to_string(event)?));
    }
    print(format_args!("{}", text.concat()))
}

fn unified(registry: Registry, decisions: Decisions, name: &str) -> onefold::Result<Unified> {
    let source = Source::bytes("crm", "crm.csv", CRM.as_bytes().to_vec())
        .key("id")
        .field("first", FieldKind::GivenName)
        .field("last", FieldKind::FamilyName)
        .field("mail", FieldKind::Email)
        .field("phone", FieldKind::Phone)
        .field("zip", FieldKind::PostalCode);
    let pipeline = Pipeline::builder()
        .country("DE")
        .as_of("2026-11-27".parse().unwrap_or(onefold::value::Instant::EPOCH));
    pipeline.source(source).decisions(decisions).registry(registry, Run::new(name)).build()?.run()
}

/// A customer in one line.
fn customer(profile: &onefold::profile::Profile) -> String {
    let keys: Vec<&str> = profile.records.iter().map(|record| record.key.as_str()).collect();
    let name = profile.name.as_ref().map_or("", |name| name.full.as_str());
    let mails: Vec<&str> = profile.emails.iter().map(|mail| mail.value.as_str()).collect();
    format!("  {} {name}, records {}, {}", profile.customer_id, keys.join(" and "), mails.join(", "))
}
