//! Rules for golden values, and why each value won: two systems and a web form tell of one customer.
//!
//! ```text
//! survivorship [--as-of DATE] [--json]
//! ```
//!
//! Addresses survive whole and need a postal code, mail addresses by trust that falls with age, and a birth date only if
//! all agree. Ask for another date to see trust change the winner without any new data.

mod shared;

use std::ffi::OsString;
use std::process::ExitCode;

use onefold::ingest::Source;
use onefold::resolve::RecordKey;
use onefold::survive::{
    Comparator, Decay, Fill, Policy, Predicate, Reduce, Rule, Survivorship, Trust, TrustCurve,
};
use onefold::value::Instant;
use onefold::{EntityId, FieldId, FieldKind, Pipeline, Unified};
use shared::output::{Outcome, print, tell};

const USAGE: &str = "usage: survivorship [--as-of DATE] [--json]";

const CRM: &str = "\
id,name,mail,street,zip,city,born,changed,checked
1,Anna Müller,anna@crm.example.org,Am Hang 5,89073,Ulm,1980-04-03,2025-01-01,yes
2,A. Müller,anna@old.example.org,Am Hang 5 Whg 4,,Ulm,,2023-05-01,
";
const ERP: &str = "\
id,name,mail,street,zip,city,born,changed,checked
7,ANNA MUELLER,anna@erp.example.org,GARTENWEG 3,10115,BERLIN,1980-04-03,2022-02-01,
";
const WEB: &str = "\
id,name,mail,street,zip,city,born,changed,checked
w9,anna mueller,am@web.example.org,Neue Str. 9,,Ulm,1980-03-04,2026-06-01,
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

fn run(mut words: impl Iterator<Item = OsString>) -> Outcome<()> {
    let (mut as_of, mut json) = ("2026-07-01".parse::<Instant>()?, false);
    while let Some(word) = words.next() {
        match word.to_str().unwrap_or_default() {
            "--help" | "-h" => return print(format_args!("{USAGE}\n")),
            "--json" => json = true,
            "--as-of" => {
                let date = words.next().ok_or(format!("--as-of needs a date; {USAGE}"))?;
                let date = date.to_string_lossy().into_owned();
                as_of = date.parse().map_err(|error| format!("--as-of: `{date}` is {error}"))?;
            }
            _ => return Err(format!("unexpected argument {}; {USAGE}", word.display()).into()),
        }
    }
    let unified = unified(as_of)?;
    let fields = (0..unified.records.columns().len() as u16).map(FieldId);
    let told: Vec<Told> = fields.map(|field| told(&unified, as_of, field)).collect();
    if json {
        let value = serde_json::json!({ "as_of": as_of, "fields": told, "sources": contributions(&unified) });
        return print(format_args!("{value}\n"));
    }
    let mut text = vec![format!("As of {as_of}, from 4 records of 3 sources:\n\n")];
    for field in &told {
        let golden = if field.golden.is_empty() { "nothing".to_owned() } else { field.golden.join(" and ") };
        text.push(format!(
            "{:14} {golden}  (by {}, confidence {:.2})\n",
            field.field, field.stage, field.confidence
        ));
        for lost in &field.lost {
            text.push(format!("{:16}{lost}\n", ""));
        }
        if let Some(next) = &field.next_change {
            text.push(format!("{:16}may change by itself on {next}\n", ""));
        }
    }
    text.push("\nWhat each source is worth:\n".to_owned());
    for (source, worth) in contributions(&unified).as_object().into_iter().flatten() {
        text.push(format!("{source:14} {worth}\n"));
    }
    print(format_args!("{}", text.concat()))
}

/// The rules of the example.
fn policy() -> onefold::Result<Policy> {
    let trust = Trust::default()
        .with_source("crm", TrustCurve::new(90, 30, 730, Decay::Linear)?)
        .with_source("erp", TrustCurve::flat(55)?)
        .with_source("web", TrustCurve::flat(40)?);
    let checked = Predicate::Column { name: "checked".into(), values: vec!["yes".into()] };
    let address = Rule::new([Comparator::MostRecent], Reduce::PickOne)
        .with_require([FieldKind::PostalCode])
        .with_fill(Fill::IfAgrees);
    let birth_date = Rule::new([Comparator::Prefer(checked.clone())], Reduce::Unanimous);
    let mail = Rule::new([Comparator::Trust(trust), Comparator::MostRecent], Reduce::PickOne);
    Policy::default()
        .with_rule(FieldKind::Email, mail)?
        .with_rule(FieldKind::Address, address)?
        .with_rule(FieldKind::BirthDate, birth_date)
}

fn unified(as_of: Instant) -> onefold::Result<Unified> {
    let source = |name: &str, csv: &str| {
        Source::bytes(name, "export.csv", csv.as_bytes().to_vec())
            .key("id")
            .updated_at("changed")
            .carry("checked")
            .field("name", FieldKind::FullName)
            .field("mail", FieldKind::Email)
            .field("street", FieldKind::Street)
            .field("zip", FieldKind::PostalCode)
            .field("city", FieldKind::City)
            .field("born", FieldKind::BirthDate)
    };
    // Four records are too few to learn from: a steward knows that they are one customer.
    let mut decisions = onefold::identity::Decisions::default();
    let others = [("crm", "2"), ("erp", "7"), ("web", "w9")].map(|(source, key)| RecordKey::new(source, key));
    let one = RecordKey::new("crm", "1");
    let same = onefold::identity::LinkKind::Same;
    decisions.links.push(onefold::identity::LinkDecision::new(same, one, others, as_of));
    Pipeline::builder()
        .country("DE")
        .as_of(as_of)
        .source(source("crm", CRM))
        .source(source("erp", ERP))
        .source(source("web", WEB))
        .survivorship(policy()?)
        .decisions(decisions)
        .build()?
        .run()
}

/// A field as it is shown.
#[derive(serde::Serialize)]
struct Told {
    field: String,
    golden: Vec<String>,
    stage: &'static str,
    confidence: f64,
    lost: Vec<String>,
    next_change: Option<String>,
}

fn told(unified: &Unified, as_of: Instant, field: FieldId) -> Told {
    let (records, entity) = (&unified.records, EntityId(0));
    let survivorship: Survivorship<'_> = unified.survivorship().at(as_of);
    let lineage = survivorship.lineage(entity, field);
    let column = records.column(field);
    let key = |record| {
        let (source, key) = records.raw().key(record);
        format!("{source}/{key}")
    };
    let won = lineage.winners.iter().map(|won| format!("{} of {}", column.text(won.value), key(won.record)));
    let lost = lineage
        .losers
        .iter()
        .map(|lost| format!("not {} of {}: {}", column.text(lost.value), key(lost.record), lost.reason));
    Told {
        field: column.field().to_string(),
        golden: won.chain(lineage.text.clone()).collect(),
        stage: lineage.stage.as_str(),
        confidence: (lineage.confidence * 100.0).round() / 100.0,
        lost: lost.collect(),
        next_change: survivorship.next_change_after(entity, field).map(|next| next.to_string()),
    }
}

/// Per source, of how many fields it gives the golden value.
fn contributions(unified: &Unified) -> serde_json::Value {
    let contributions = unified.survivorship().contributions();
    let mut sources = serde_json::Map::new();
    for (at, source) in unified.records.raw().sources().iter().enumerate() {
        let of_source = contributions.iter().filter(|(id, ..)| id.index() == at).map(|(_, _, one)| one);
        let (mut stated, mut won, mut conflicts) = (0, 0, 0);
        for one in of_source {
            (stated, won, conflicts) = (stated + one.stated, won + one.won, conflicts + one.conflicts);
        }
        let worth = serde_json::json!({ "fields": stated, "won": won, "conflicts": conflicts });
        sources.insert(source.info().name.clone(), worth);
    }
    sources.into()
}
