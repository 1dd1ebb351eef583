//! The words of names, counted in entities.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::block::CandidatePairs;
use crate::compare::{Comparator, Comparison};
use crate::model::reach::Scratch;
use crate::model::{Model, Scorer};
use crate::record::Column;

/// Posteriors are summed as integers, so that the sum does not depend on the order of threads.
const UNIT: f64 = 65_536.0;

/// Counts the words of names of organisations in entities, as far as the model knows them: a record that is expected to
/// match so many others stands for one of them and itself. Counted in records, the name of an entity with many records
/// would pass for a word of the language, and hold apart the very records that share it.
///
/// Records with equal names are taken for one entity even where not each pair of them is proposed.
pub(crate) fn count_words(model: &mut Model, scorer: &Scorer<'_>, pairs: &CandidatePairs<'_>) {
    let records = pairs.records();
    let matches: Vec<AtomicU64> = (0..records.len()).map(|_| AtomicU64::new(0)).collect();
    pairs.fold(Scratch::default, |scratch, _, a, b| {
        let Some(weight) = scorer.weight_at_least(a, b, scorer.negligible(), scratch) else { return };
        let posterior = (scorer.posterior(weight) * UNIT) as u64;
        for record in [a, b] {
            matches[record.index()].fetch_add(posterior, Ordering::Relaxed);
        }
    });
    let comparisons: Vec<Comparison> =
        model.comparisons().iter().map(|weights| weights.comparison().clone()).collect();
    let is_name = |comparison: &Comparison| comparison.comparator() == Comparator::Organisation;
    let names: Vec<&Column> = scorer
        .comparisons()
        .columns()
        .zip(&comparisons)
        .filter_map(|(column, comparison)| column.filter(|_| is_name(comparison)))
        .collect();
    let mut vocabulary = model.vocabulary().clone();
    vocabulary.count_entities(&comparisons, records, |record| {
        let proposed = 1.0 + matches[record.index()].load(Ordering::Relaxed) as f64 / UNIT;
        let equal = |column: &&Column| {
            let name = column.slice(records.row(record))[0];
            if name.is_missing() { 1.0 } else { f64::from(column.count(name)) }
        };
        1.0 / names.iter().map(equal).fold(proposed, f64::max)
    });
    model.set_vocabulary(vocabulary);
}
