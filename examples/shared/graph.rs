//! Clustering alone: a graph of scored pairs with truth.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Instant;

use onefold::RecordId;
use onefold::evaluate::{Evaluation, Truth, evaluate};
use onefold::model::{Link, Links};
use onefold::record::{EntityClass, RawRecords, RecordsBuilder, SourceInfo, SourceTable};
use onefold::resolve::{Constraints, PairScore, resolve};
use onefold::schema::LinkMode;
use serde_json::{Value, json};

use super::output::Outcome;
use super::{process, table::read_columns};

/// The similarities of a graph that was cut somewhere. Of a pair without an edge we know only that it lies below the weakest
/// edge; it counts with half of that.
struct Edges {
    similarities: BTreeMap<(RecordId, RecordId), f64>,
    without: f64,
}

impl PairScore for Edges {
    fn probability(&self, a: RecordId, b: RecordId) -> f64 {
        self.similarities.get(&(a, b)).copied().unwrap_or(self.without)
    }
}

/// Which sources hold at most one record per entity.
pub(crate) enum DuplicateFree {
    /// Every source.
    All,
    /// These.
    Sources(BTreeSet<String>),
}

impl DuplicateFree {
    /// `all`, `none`, or names between commas.
    pub(crate) fn parse(text: &str) -> Self {
        match text {
            "all" => DuplicateFree::All,
            "none" => DuplicateFree::Sources(BTreeSet::new()),
            names => DuplicateFree::Sources(names.split(',').map(|name| name.trim().to_owned()).collect()),
        }
    }

    fn holds(&self, source: &str) -> bool {
        match self {
            DuplicateFree::All => true,
            DuplicateFree::Sources(names) => names.contains(source),
        }
    }
}

/// Clusters a graph and measures the result.
pub(crate) fn evaluate_graph(
    edges: &Path,
    vertices: &Path,
    threshold: f64,
    duplicate_free: &DuplicateFree,
) -> Outcome<Value> {
    let start = Instant::now();
    let rows = read_columns(vertices, ["record_id", "entity_id", "source"])?;
    let mut seen = BTreeSet::new();
    if let Some([id, ..]) = rows.iter().find(|[id, ..]| !seen.insert(id)) {
        return Err(format!("{}: the vertex `{id}` is listed twice", vertices.display()).into());
    }
    let mut by_source: BTreeMap<&str, Vec<&[String; 3]>> = BTreeMap::new();
    for row in &rows {
        by_source.entry(&row[2]).or_default().push(row);
    }
    if let DuplicateFree::Sources(names) = duplicate_free
        && let Some(unknown) = names.iter().find(|name| !by_source.contains_key(name.as_str()))
    {
        return Err(format!("{}: no vertex is of the source `{unknown}`", vertices.display()).into());
    }
    let tables = by_source.into_iter().map(|(source, mut rows)| {
        rows.sort();
        let mut info = SourceInfo::new(source);
        info.duplicate_free = duplicate_free.holds(source);
        let keys: Vec<String> = rows.iter().map(|row| row[0].clone()).collect();
        let lines = vec![0; keys.len()];
        SourceTable::new(info, keys, lines, vec![])
    });
    let raw = RawRecords::new(tables.collect());
    let ids: BTreeMap<&str, RecordId> = rows
        .iter()
        .filter_map(|row| raw.find(&row[2], &row[0]).map(|record| (row[0].as_str(), record)))
        .collect();
    let find =
        |id: &String| ids.get(id.as_str()).copied().ok_or(format!("{}: no vertex `{id}`", edges.display()));
    let mut links = Vec::new();
    for (line, [a, b, similarity]) in read_columns(edges, ["a", "b", "similarity"])?.iter().enumerate() {
        let (a, b) = (find(a)?, find(b)?);
        let probability = similarity.parse().ok().filter(|similarity: &f64| similarity.is_finite());
        let probability = probability
            .ok_or_else(|| format!("{}:{}: `{similarity}` is no number", edges.display(), line + 2))?;
        links.push(Link { a: a.min(b), b: a.max(b), weight: probability, probability });
    }
    let edge_count = links.len() as u64;
    let weakest = links.iter().map(|link| link.probability).fold(1.0, f64::min);
    let similarities = links.iter().map(|link| ((link.a, link.b), link.probability)).collect();
    let scores = Edges { similarities, without: weakest / 2.0 };
    let truth =
        Truth::from_rows(&raw, rows.iter().map(|row| (row[2].as_str(), row[0].as_str(), row[1].as_str())))?;
    let classes = vec![EntityClass::Unknown; raw.len()];
    let records = RecordsBuilder::new(raw, classes).finish();
    let resolution =
        resolve(&records, &Links::new(links, vec![edge_count]), threshold, &Constraints::new(), &scores)?;
    let sources: Vec<_> = records.ids().map(|record| records.source(record)).collect();
    let result: Evaluation = evaluate(&resolution.partition, &truth, &sources, LinkMode::LinkAndDedupe);
    Ok(json!({
        "dataset": edges.file_stem().unwrap_or_default().to_string_lossy(),
        "records": records.len(),
        "entities_true": result.entities_true,
        "entities_found": result.entities_found,
        "pair": result.pair,
        "b_cubed": result.b_cubed,
        "cluster": result.cluster,
        "pairs_compared": edge_count,
        "threshold": threshold,
        "seconds": { "total": start.elapsed().as_secs_f64() },
        "cpu_seconds": process::cpu_seconds(),
        "peak_rss_bytes": process::peak_rss_bytes(),
    }))
}
