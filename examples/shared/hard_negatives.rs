//! Pairs of entities that are easily taken for one, by kind.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use onefold::Pipeline;
use onefold::evaluate::Truth;
use onefold::pipeline::spec::TruthSpec;
use onefold::record::RawRecords;

use super::output::Outcome;
use super::table::read_columns;

/// Wrong merges that are of no kind in the file.
const OTHER: &str = "other";

/// Counts wrong merges by kind.
pub(crate) struct HardNegatives {
    /// The kind of a pair of true entities, by their numbers; the smaller one comes first.
    kinds: BTreeMap<(u32, u32), String>,
    counts: BTreeMap<String, u64>,
}

impl HardNegatives {
    /// The file that is asked for, or the one beside a truth file, `truth_hard_negatives.csv`, if there is one.
    pub(crate) fn find(pipeline: &Pipeline, asked: Option<&Path>) -> Option<PathBuf> {
        let beside = match pipeline.truth() {
            Some(TruthSpec::File { path, .. }) => {
                Some(pipeline.base().join(path).with_file_name("truth_hard_negatives.csv"))
            }
            _ => None,
        };
        asked.map(Path::to_owned).or_else(|| beside.filter(|file| file.exists()))
    }

    /// Reads the columns `kind`, `entity` and `other`; entities are those of the truth file. A pair of several kinds
    /// is of the first.
    pub(crate) fn read(
        file: &Path,
        pipeline: &Pipeline,
        records: &RawRecords,
        truth: &Truth,
    ) -> Outcome<Self> {
        let Some(TruthSpec::File { path, source, key, entity, .. }) = pipeline.truth() else {
            return Err("--hard-negatives needs a truth file, which names the entities".into());
        };
        let rows = read_columns(&pipeline.base().join(path), [source, key, entity])?;
        let numbers: BTreeMap<&str, u32> = rows
            .iter()
            .filter_map(|[source, key, entity]| {
                Some((entity.as_str(), truth.labels()[records.find(source, key)?.index()]))
            })
            .collect();
        let (mut kinds, mut counts) = (BTreeMap::new(), BTreeMap::from([(OTHER.to_owned(), 0)]));
        for [kind, entity, other] in read_columns(file, ["kind", "entity", "other"])? {
            if let (Some(&a), Some(&b)) = (numbers.get(entity.as_str()), numbers.get(other.as_str())) {
                kinds.entry((a.min(b), a.max(b))).or_insert_with(|| kind.clone());
            }
            counts.entry(kind).or_insert(0);
        }
        Ok(HardNegatives { kinds, counts })
    }

    /// Counts a wrong merge of records of two true entities.
    pub(crate) fn count(&mut self, a: u32, b: u32) {
        let kind = self.kinds.get(&(a.min(b), a.max(b))).map_or(OTHER, String::as_str);
        *self.counts.entry(kind.to_owned()).or_default() += 1;
    }

    /// Wrong merges by kind.
    pub(crate) fn counts(&self) -> &BTreeMap<String, u64> {
        &self.counts
    }
}
