//! The comparisons that a run makes when none are given.

use crate::compare::{Comparator, Comparison};
use crate::record::Records;

/// One comparison for each field that has a comparator and is filled in at least two records.
///
/// ```
/// use onefold::{compare::default_comparisons, record::{RawRecords, RecordsBuilder}};
/// let records = RecordsBuilder::new(RawRecords::default(), vec![]).finish();
/// assert!(default_comparisons(&records).is_empty());
/// ```
pub fn default_comparisons(records: &Records) -> Vec<Comparison> {
    records
        .columns()
        .iter()
        .filter(|column| column.filled() > 1)
        .filter_map(|column| {
            let comparator = Comparator::of_kind(column.field().kind)?;
            Some(Comparison::new(column.field().clone(), comparator))
        })
        .collect()
}
