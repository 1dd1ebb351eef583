//! How many customers state the same e-mail address or telephone number.

use crate::id::{EntityId, FieldId, ValueId};
use crate::record::Records;
use crate::resolve::Partition;

/// Per value of a column the number of entities of which a record states it; the position is that of the value.
pub(super) fn entities_per_value(records: &Records, partition: &Partition, field: FieldId) -> Vec<u32> {
    const NONE: u32 = u32::MAX;
    let column = records.column(field);
    let mut counts = vec![0u32; column.distinct() + 1];
    let mut last = vec![NONE; column.distinct() + 1];
    for (EntityId(entity), members) in partition.iter() {
        for &record in members {
            let values = column.slice(records.row(record)).iter();
            for &value in values.take_while(|value: &&ValueId| !value.is_missing()) {
                if last[value.index()] != entity {
                    last[value.index()] = entity;
                    counts[value.index()] += 1;
                }
            }
        }
    }
    counts
}
