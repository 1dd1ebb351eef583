//! What a run did, as a person reads it and as one JSON object.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use onefold::block::CandidatePairs;
use onefold::evaluate::{Evaluation, Figures, evaluate, evaluate_households, expectation};
use onefold::model::Scorer;
use onefold::record::EntityClass;
use onefold::segment::{self, Expr, Top};
use onefold::value::Currency;
use onefold::{EntityId, Pipeline, Unified};
use serde_json::{Value, json};

use crate::shared::output::Outcome;
use crate::shared::{process, truth};

/// Lines of one sort that are shown.
const SHOWN: usize = 5;

/// The figures that take work to find.
pub(crate) struct Summary {
    expected_precision: f64,
    segments: Vec<(String, Expr, u64)>,
    truth: Option<(Evaluation, Option<Figures>)>,
    writing: Duration,
}

impl Summary {
    pub(crate) fn of(unified: &Unified, pipeline: &Pipeline, writing: Duration) -> Outcome<Self> {
        let records = &unified.records;
        let scorer = Scorer::new(&unified.model, records);
        let pairs = CandidatePairs::new(unified.model.plan(), records);
        let matches = unified.training.as_ref().map_or(0.0, |training| training.expected_matches);
        let expected = expectation(&unified.partition, &pairs, &scorer, matches);
        let truth = truth::load(pipeline, records.raw())?.map(|truth| {
            let sources: Vec<_> = records.ids().map(|record| records.source(record)).collect();
            let households = evaluate_households(&unified.partition, &unified.households, &truth);
            (evaluate(&unified.partition, &truth, &sources, unified.mode()), households)
        });
        let segments = segments(unified)?;
        Ok(Summary { expected_precision: expected.precision, segments, truth, writing })
    }

    /// The figures as JSON, without the outputs.
    pub(crate) fn report(&self, unified: &Unified) -> Value {
        let mut seconds = serde_json::Map::new();
        let total = unified.timings.total() + self.writing;
        seconds.insert("total".into(), json!(total.as_secs_f64()));
        for (stage, duration) in unified.timings.stages() {
            seconds.insert(stage.as_str().into(), json!(duration.as_secs_f64()));
        }
        seconds.insert("write".into(), json!(self.writing.as_secs_f64()));
        let segments = self.segments.iter().map(|(name, _, size)| (name.clone(), json!(size)));
        let mut report = json!({
            "rows_read": unified.ingest.rows_read(),
            "records": unified.ingest.records(),
            "fact_rows": unified.ingest.fact_rows(),
            "rejects": unified.ingest.rejects.len(),
            "issues": unified.issues.len() + unified.ingest.issues.len(),
            "orders": unified.orders.len(),
            "profiles": unified.partition.len(),
            "households": unified.households.len(),
            "ambiguous": unified.ambiguous.len(),
            "pairs_compared": unified.links.pairs_compared(),
            "expected_precision": self.expected_precision,
            "segments": segments.collect::<serde_json::Map<_, _>>(),
            "seconds": seconds,
            "cpu_seconds": process::cpu_seconds(),
            "peak_rss_bytes": process::peak_rss_bytes(),
        });
        if let Some((evaluation, households)) = &self.truth {
            report["pair"] = json!(evaluation.pair);
            report["cluster"] = json!(evaluation.cluster);
            if let Some(households) = households {
                report["household"] = json!(households);
            }
        }
        report
    }

    /// The summary for people.
    pub(crate) fn text(&self, unified: &Unified, spec: &Path, outputs: &[PathBuf]) -> Outcome<String> {
        let mut text = String::new();
        writeln!(text, "{}\n", spec.display())?;
        read(&mut text, unified)?;
        columns(&mut text, unified)?;
        rejected(&mut text, unified)?;
        profiles(&mut text, unified, self.expected_precision)?;
        ambiguous(&mut text, unified)?;
        writeln!(text, "Segments as of {}", unified.instant())?;
        for (name, expr, size) in &self.segments {
            writeln!(text, "  {size:>7} {name}: {expr}")?;
        }
        if let Some((evaluation, households)) = &self.truth {
            writeln!(text, "\nAgainst the truth")?;
            let figures = |figures: &Figures| {
                format!(
                    "F1 {:.4}, precision {:.4}, recall {:.4}",
                    figures.f1, figures.precision, figures.recall
                )
            };
            writeln!(text, "  pairs       {}", figures(&evaluation.pair))?;
            if let Some(households) = households {
                writeln!(text, "  households  {}", figures(households))?;
            }
        }
        let seconds = (unified.timings.total() + self.writing).as_secs_f64();
        writeln!(text, "\nFiles, in {seconds:.1} s")?;
        for path in outputs {
            writeln!(text, "  {}", path.display())?;
        }
        Ok(text)
    }
}

/// Three segments that every shop asks for, with their sizes.
fn segments(unified: &Unified) -> Outcome<Vec<(String, Expr, u64)>> {
    let columns = unified.profile_columns();
    let mut segments = Vec::new();
    if let Some(currency) = main_currency(unified) {
        let top = segment::top_customers_by_revenue(&columns, currency, Top::Share(0.1))?;
        segments.push((format!("top tenth by revenue in {currency}"), top));
    }
    segments.push(("one-time buyers".to_owned(), segment::one_time_buyers()));
    segments.push(("no order for 180 days".to_owned(), segment::no_order_for(180)));
    let sized = |(name, expr): (String, Expr)| {
        let size = unified.audience(&expr, &columns).len();
        (name, expr, size)
    };
    Ok(segments.into_iter().map(sized).collect())
}

/// The currency of most orders.
fn main_currency(unified: &Unified) -> Option<Currency> {
    let mut orders: BTreeMap<Currency, usize> = BTreeMap::new();
    for currency in unified.orders.iter().filter_map(|order| order.currency) {
        *orders.entry(currency).or_default() += 1;
    }
    orders
        .into_iter()
        .max_by_key(|&(currency, count)| (count, std::cmp::Reverse(currency)))
        .map(|most| most.0)
}

fn read(text: &mut String, unified: &Unified) -> Outcome<()> {
    let report = &unified.ingest;
    writeln!(text, "Read {} rows", report.rows_read())?;
    for source in &report.sources {
        writeln!(
            text,
            "  {:12} {:>7} rows: {} records, {} more orders of the same customers, {} rejected",
            source.name,
            source.rows_read,
            source.records,
            source.fact_rows,
            source.rejects.total()
        )?;
    }
    if !unified.orders.is_empty() {
        writeln!(text, "  {} orders", unified.orders.len())?;
    }
    Ok(writeln!(text)?)
}

fn columns(text: &mut String, unified: &Unified) -> Outcome<()> {
    writeln!(text, "Columns")?;
    for table in unified.records.raw().sources() {
        let name = &table.info().name;
        let inferred = |column: &str| {
            unified
                .ingest
                .inferred_columns
                .iter()
                .any(|found| found.source == *name && found.column == column)
        };
        let declared = table.columns().iter().filter(|column| !inferred(column.name()));
        let declared = declared.filter(|column| column.kind() != onefold::FieldKind::Ignore);
        let declared: Vec<String> =
            declared.map(|column| format!("{} is {}", column.name(), column.kind().as_str())).collect();
        if !declared.is_empty() {
            writeln!(text, "  {name}, as the spec says: {}", declared.join(", "))?;
        }
    }
    for column in &unified.ingest.inferred_columns {
        writeln!(text, "  {column}")?;
    }
    for column in &unified.ingest.unmapped_columns {
        writeln!(text, "  {column}")?;
    }
    Ok(writeln!(text)?)
}

fn rejected(text: &mut String, unified: &Unified) -> Outcome<()> {
    let rejects = &unified.ingest.rejects;
    let mut reasons: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for reject in rejects {
        reasons
            .entry(reject.reason.to_string())
            .or_default()
            .push(format!("{}:{}", reject.source, reject.line));
    }
    writeln!(text, "Rejected {} rows", rejects.len())?;
    for (reason, places) in &reasons {
        let shown = places.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
        let more = if places.len() > SHOWN { ", …" } else { "" };
        writeln!(text, "  {:>7} {reason} ({shown}{more})", places.len())?;
    }
    let mut issues: BTreeMap<String, usize> = BTreeMap::new();
    for issue in unified.issues.iter().chain(&unified.ingest.issues) {
        *issues.entry(format!("{}: {}: {}", issue.source, issue.field, issue.kind)).or_default() += 1;
    }
    writeln!(text, "Cells that are not what their column holds: {}", issues.values().sum::<usize>())?;
    for (what, count) in &issues {
        writeln!(text, "  {count:>7} {what}")?;
    }
    Ok(writeln!(text)?)
}

fn profiles(text: &mut String, unified: &Unified, expected_precision: f64) -> Outcome<()> {
    let partition = &unified.partition;
    let profiles = unified.profiles();
    let mut classes: BTreeMap<EntityClass, usize> = BTreeMap::new();
    for (_, members) in partition.iter() {
        let classes_of = members.iter().map(|&record| unified.records.class(record));
        *classes.entry(classes_of.min().unwrap_or(EntityClass::Unknown)).or_default() += 1;
    }
    let classes: Vec<String> =
        classes.iter().map(|(class, count)| format!("{count} of class {}", class.as_str())).collect();
    writeln!(
        text,
        "{} profiles from {} records: {}",
        partition.len(),
        unified.records.len(),
        classes.join(", ")
    )?;
    let persons: usize = unified.households.iter().map(|(_, members)| members.len()).sum();
    writeln!(text, "  {} households with {persons} of the persons", unified.households.len())?;
    writeln!(
        text,
        "  {} pairs compared, expected precision {expected_precision:.4}",
        unified.links.pairs_compared()
    )?;
    writeln!(text, "  largest:")?;
    let mut largest: Vec<EntityId> = partition.iter().map(|(entity, _)| entity).collect();
    largest.sort_by_key(|&entity| (std::cmp::Reverse(partition.members(entity).len()), entity));
    for &entity in largest.iter().take(SHOWN) {
        let profile = profiles.get(entity);
        let name = profile.name.map(|name| name.full).or(profile.organisation).unwrap_or_default();
        let (records, orders) = (profile.records.len(), profile.orders.count);
        writeln!(text, "    {records:>4} records, {orders:>3} orders  {}  {name}", profile.customer_id)?;
    }
    Ok(writeln!(text)?)
}

fn ambiguous(text: &mut String, unified: &Unified) -> Outcome<()> {
    writeln!(text, "{} records could as well belong to another customer", unified.ambiguous.len())?;
    let profiles = unified.profiles();
    for ambiguity in unified.ambiguous.iter().take(SHOWN) {
        let (source, key) = unified.records.raw().key(ambiguity.record);
        let candidates: Vec<String> = ambiguity
            .candidates
            .iter()
            .map(|&(entity, probability)| format!("{} ({probability:.2})", profiles.customer_of(entity)))
            .collect();
        writeln!(text, "  {source}/{key}: {}", candidates.join(" or "))?;
    }
    Ok(writeln!(text)?)
}
