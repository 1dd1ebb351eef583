//! The comparisons that a run makes when none are given.

use crate::compare::{Comparator, Comparison, PatternLayout};
use crate::record::Records;

/// One comparison for each field that has a comparator and is filled in at least two records.
///
/// A pattern holds the levels of some forty comparisons; with more fields, those filled least are left out (the
/// pipeline reports them).
///
/// ```
/// use onefold::{compare::default_comparisons, record::{RawRecords, RecordsBuilder}};
/// let records = RecordsBuilder::new(RawRecords::default(), vec![]).finish();
/// assert!(default_comparisons(&records).is_empty());
/// ```
pub fn default_comparisons(records: &Records) -> Vec<Comparison> {
    let mut offered: Vec<(usize, u32, Comparison)> = records
        .columns()
        .iter()
        .enumerate()
        .filter(|(_, column)| column.filled() > 1)
        .filter_map(|(at, column)| {
            let comparator = Comparator::of_kind(column.field().kind)?;
            Some((at, column.filled(), Comparison::new(column.field().clone(), comparator)))
        })
        .collect();
    offered.sort_by_key(|&(at, filled, _)| (std::cmp::Reverse(filled), at));
    let mut capacity = PatternLayout::CAPACITY_BITS;
    offered.retain(|(_, _, comparison)| {
        let bits = (comparison.levels().len() as f64 + 1.0).log2();
        let fits = bits <= capacity;
        capacity -= if fits { bits } else { 0.0 };
        fits
    });
    offered.sort_by_key(|&(at, _, _)| at);
    offered.into_iter().map(|(_, _, comparison)| comparison).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::RecordId;
    use crate::record::{ColumnBuilder, EntityClass, RawRecords, RecordsBuilder, SourceInfo, SourceTable};
    use crate::schema::{Field, FieldKind};

    #[test]
    fn the_fields_filled_most_fit_the_pattern() {
        let keys: Vec<String> = (0..100).map(|row| format!("{row:03}")).collect();
        let table = SourceTable::new(SourceInfo::new("a"), keys, (0..100).collect(), vec![]);
        let mut builder = RecordsBuilder::new(RawRecords::new(vec![table]), vec![EntityClass::Person; 100]);
        for field in 0..90u32 {
            let mut column = ColumnBuilder::new(Field::new(FieldKind::Text, format!("t{field:02}")));
            // The fields listed last are filled most.
            (0..=field + 2).for_each(|record| column.push(RecordId(record), "x"));
            builder = builder.column(column);
        }
        let comparisons = default_comparisons(&builder.finish());
        let names: Vec<&str> =
            comparisons.iter().map(|comparison| comparison.field().name.as_str()).collect();
        assert_eq!((names.len(), names.first(), names.last()), (42, Some(&"t48"), Some(&"t89")));
    }
}
