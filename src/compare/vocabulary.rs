//! What comparisons learn from a whole corpus.

use serde::{Deserialize, Serialize};

use crate::compare::phrase::PhraseCounts;
use crate::compare::vector::Rarity;
use crate::compare::{Comparator, Comparison};
use crate::id::RecordId;
use crate::record::{Column, Records};

/// What comparisons learn from a whole corpus: for comparisons of text, how rare each feature is.
///
/// ```
/// use onefold::{compare::Vocabulary, record::{RawRecords, RecordsBuilder}};
/// let records = RecordsBuilder::new(RawRecords::default(), vec![]).finish();
/// assert_eq!(Vocabulary::learn(&[], &records), Vocabulary::default());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vocabulary {
    pub(super) rarities: Vec<Option<Rarity>>,
    /// Of comparisons of names of organisations.
    #[serde(default)]
    pub(super) phrases: Vec<Option<PhraseCounts>>,
}

impl Vocabulary {
    /// Learns from these records what each comparison needs.
    pub fn learn(comparisons: &[Comparison], records: &Records) -> Self {
        let rarity = |comparison: &Comparison| {
            let text = comparison.comparator() == Comparator::Text;
            column_of(comparison, records).filter(|_| text).map(Rarity::of_column)
        };
        let phrases = |comparison: &Comparison| {
            let organisation = comparison.comparator() == Comparator::Organisation;
            // Each spelling counts once: the same name again says nothing about its words.
            let column = column_of(comparison, records).filter(|_| organisation)?;
            Some(PhraseCounts::of_column(column, |_| 1.0))
        };
        Vocabulary {
            rarities: comparisons.iter().map(rarity).collect(),
            phrases: comparisons.iter().map(phrases).collect(),
        }
    }

    /// Counts the words of names of organisations anew, where each record stands for a part of its entity.
    pub(crate) fn count_entities(
        &mut self,
        comparisons: &[Comparison],
        records: &Records,
        entities: impl Fn(RecordId) -> f64,
    ) {
        for (phrases, comparison) in self.phrases.iter_mut().zip(comparisons) {
            let (Some(phrases), Some(column)) = (phrases, column_of(comparison, records)) else { continue };
            let mut of_value = vec![0.0; column.distinct() + 1];
            for record in records.ids() {
                let ids = column.slice(records.row(record)).iter();
                ids.take_while(|id| !id.is_missing()).for_each(|id| of_value[id.index()] += entities(record));
            }
            *phrases = PhraseCounts::of_column(column, |id| of_value[id.index()]);
        }
    }
}

/// The column of the field that a comparison is about; none where the records lack it.
pub(super) fn column_of<'a>(comparison: &Comparison, records: &'a Records) -> Option<&'a Column> {
    let field = comparison.field();
    records.schema().position(field.kind, &field.name).map(|position| records.column(position))
}
