//! Households against the truth.

use std::collections::BTreeMap;

use crate::evaluate::{Figures, Truth};
use crate::id::RecordId;
use crate::resolve::{Households, Partition};

/// Pairs of records in one found household against pairs of records in one true household; none if the truth knows no
/// households.
///
/// Records of one entity are in one household, and an entity without a household is one of its own. All pairs count,
/// whatever the mode of the run: two persons of one household may well stand in one source.
///
/// ```
/// use onefold::evaluate::{Truth, evaluate_households};
/// use onefold::resolve::{Households, Partition};
/// let truth = Truth::from_labels([Some("a"), Some("a"), Some("b")]);
/// let found = Partition::from_roots(&[0, 0, 1]);
/// assert!(evaluate_households(&found, &Households::default(), &truth).is_none());
/// let truth = truth.with_households([Some("h"), Some("h"), Some("h")]);
/// let figures = evaluate_households(&found, &Households::default(), &truth).unwrap();
/// assert_eq!((figures.precision, figures.recall), (1.0, 1.0 / 3.0));
/// ```
pub fn evaluate_households(partition: &Partition, households: &Households, truth: &Truth) -> Option<Figures> {
    let (mut found_sizes, mut true_sizes, mut common) =
        (BTreeMap::new(), BTreeMap::new(), BTreeMap::<(Group, Group), u64>::new());
    for (record, (&entity, household)) in (0..).zip(truth.labels().iter().zip(truth.households()?)) {
        let found_entity = partition.entity_of(RecordId(record));
        let found: Group =
            households.number_of(found_entity).map_or((false, found_entity.0), |number| (true, number));
        let label: Group = household.map_or((false, entity), |number| (true, number));
        *found_sizes.entry(found).or_insert(0u64) += 1;
        *true_sizes.entry(label).or_insert(0u64) += 1;
        *common.entry((found, label)).or_default() += 1;
    }
    let right = pairs(common.values());
    Some(Figures::of_counts(right, pairs(found_sizes.values()), pairs(true_sizes.values())))
}

/// A household by its number (true), or an entity without one.
type Group = (bool, u32);

fn pairs<'a>(sizes: impl Iterator<Item = &'a u64>) -> f64 {
    sizes.map(|&size| size * (size - 1) / 2).sum::<u64>() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::{NormalizeOptions, normalize};
    use crate::record::{Cell, RawColumn, RawRecords, SourceInfo, SourceTable};
    use crate::resolve::find_households;
    use crate::schema::FieldKind;

    #[test]
    fn by_hand() {
        let names = ["Huber", "Huber", "Huber", "Kunz", "Kunz"].map(Cell::Value);
        let streets = ["Weg 1", "Weg 1", "Weg 1", "Weg 2", "Weg 3"].map(Cell::Value);
        let columns = vec![
            RawColumn::from_cells("name", FieldKind::FamilyName, names),
            RawColumn::from_cells("street", FieldKind::Street, streets),
            RawColumn::from_cells("city", FieldKind::City, [Cell::Value("Ulm"); 5]),
        ];
        let keys = (0..5).map(|key| key.to_string()).collect();
        let table = SourceTable::new(SourceInfo::new("crm"), keys, vec![2; 5], columns);
        let (records, _) = normalize(RawRecords::new(vec![table]), &NormalizeOptions::default());
        // Found: {0, 1, 2} in a household of the persons {0, 1} and {2}, {3}, {4}. True: {0, 1}, {2, 3}, {4}.
        let partition = Partition::from_roots(&[0, 0, 2, 3, 4]);
        let households = find_households(&records, &partition);
        let truth = Truth::from_labels([Some("a"), Some("a"), Some("b"), Some("c"), Some("d")])
            .with_households([None, None, Some("h"), Some("h"), None]);
        let figures = evaluate_households(&partition, &households, &truth).unwrap();
        assert_eq!((figures.precision, figures.recall), (1.0 / 3.0, 1.0 / 2.0));
    }
}
