//! How sure it is that a record belongs to its customer.

use crate::model::Links;
use crate::record::Records;
use crate::resolve::Partition;

/// Per record the probability that it belongs to its entity: of its strongest link to another record of the entity, 0
/// without one; of an entity's only record, one less that of its strongest link to any other record.
pub(super) fn confidences(records: &Records, partition: &Partition, links: &Links) -> Vec<f64> {
    let mut inside = vec![0.0f64; records.len()];
    let mut outside = vec![0.0f64; records.len()];
    for link in links.iter() {
        let together = partition.entity_of(link.a) == partition.entity_of(link.b);
        let strongest = if together { &mut inside } else { &mut outside };
        for record in [link.a, link.b] {
            let strongest = &mut strongest[record.index()];
            *strongest = strongest.max(link.probability);
        }
    }
    let is_only = |record| partition.members(partition.entity_of(record)).len() == 1;
    for (record, inside) in records.ids().zip(&mut inside) {
        if is_only(record) {
            *inside = 1.0 - outside[record.index()];
        }
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::RecordId;
    use crate::model::Link;
    use crate::record::{EntityClass, RawRecords, RecordsBuilder, SourceInfo, SourceTable};

    #[test]
    fn by_the_strongest_link() {
        let keys = (0..5).map(|key| key.to_string()).collect();
        let table = SourceTable::new(SourceInfo::new("crm"), keys, vec![0; 5], vec![]);
        let classes = vec![EntityClass::Person; 5];
        let records = RecordsBuilder::new(RawRecords::new(vec![table]), classes).finish();
        let partition = Partition::from_roots(&[0, 0, 0, 3, 4]);
        let link = |a, b, probability| Link { a: RecordId(a), b: RecordId(b), weight: 0.0, probability };
        let links =
            Links::new(vec![link(0, 1, 0.9), link(1, 2, 0.6), link(2, 3, 0.25), link(0, 3, 0.125)], vec![]);
        assert_eq!(confidences(&records, &partition, &links), [0.9, 0.9, 0.6, 0.75, 1.0]);
        assert_eq!(confidences(&records, &partition, &Links::default()), [0.0, 0.0, 0.0, 1.0, 1.0]);
    }
}
