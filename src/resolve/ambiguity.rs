//! Records that could as well belong to another entity.

use serde::Serialize;

use crate::id::{EntityId, RecordId};
use crate::model::Links;
use crate::resolve::Partition;

/// A record whose links reach more than one entity, and the entities: A or B, but a guard or the weight of the other
/// pairs kept them apart.
///
/// ```
/// use onefold::model::{Link, Links};
/// use onefold::resolve::{Partition, ambiguous_records};
/// use onefold::{EntityId, RecordId};
/// let link = |a, b, probability| Link { a: RecordId(a), b: RecordId(b), weight: 9.0, probability };
/// let links = Links::new(vec![link(0, 1, 0.97), link(1, 2, 0.9)], vec![]);
/// let partition = Partition::from_roots(&[0, 0, 2]); // 1 and 2 are two records of a source without duplicates
/// let ambiguous = ambiguous_records(&partition, &links, 0.5);
/// assert_eq!(ambiguous[0].record, RecordId(1));
/// assert_eq!(ambiguous[0].candidates, [(EntityId(0), 0.97), (EntityId(1), 0.9)]);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Ambiguity {
    /// The record.
    pub record: RecordId,
    /// The entities that its links reach, each with the probability of the strongest one, the likeliest first; the
    /// record's own entity is among them where it has other records.
    pub candidates: Vec<(EntityId, f64)>,
}

/// The records with a link of at least this posterior to a record of another entity, ascending.
pub fn ambiguous_records(partition: &Partition, links: &Links, floor: f64) -> Vec<Ambiguity> {
    let mut reached: Vec<(RecordId, EntityId, f64)> = Vec::new();
    let across = |a, b| partition.entity_of(a) != partition.entity_of(b);
    let mut torn: Vec<RecordId> = links
        .iter()
        .filter(|link| link.probability >= floor && across(link.a, link.b))
        .flat_map(|link| [link.a, link.b])
        .collect();
    torn.sort_unstable();
    torn.dedup();
    for link in links.iter().filter(|link| link.probability >= floor) {
        for (record, other) in [(link.a, link.b), (link.b, link.a)] {
            if torn.binary_search(&record).is_ok() {
                reached.push((record, partition.entity_of(other), link.probability));
            }
        }
    }
    reached.sort_by(|x, y| (x.0, x.1).cmp(&(y.0, y.1)).then_with(|| y.2.total_cmp(&x.2)));
    reached.dedup_by_key(|reached| (reached.0, reached.1));
    let of_record = |reached: &[(RecordId, EntityId, f64)]| {
        let mut candidates: Vec<(EntityId, f64)> = reached.iter().map(|found| (found.1, found.2)).collect();
        candidates.sort_by(|x, y| y.1.total_cmp(&x.1).then_with(|| x.0.cmp(&y.0)));
        Ambiguity { record: reached[0].0, candidates }
    };
    reached.chunk_by(|x, y| x.0 == y.0).map(of_record).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Link;

    #[test]
    fn only_records_between_entities_are_ambiguous() {
        let link = |(a, b, probability)| Link { a: RecordId(a), b: RecordId(b), weight: 0.0, probability };
        // 0, 1, 2 are one entity, 3 and 4 another, 5 alone.
        let partition = Partition::from_roots(&[0, 0, 0, 3, 3, 5]);
        let links =
            [(0, 1, 0.9), (0, 2, 0.8), (2, 3, 0.7), (2, 4, 0.75), (3, 4, 0.99), (1, 5, 0.3)].map(link);
        let found = ambiguous_records(&partition, &Links::new(links.into(), vec![]), 0.5);
        let read: Vec<_> = found.iter().map(|one| (one.record.0, one.candidates.clone())).collect();
        let (a, b) = (EntityId(0), EntityId(1));
        assert_eq!(
            read,
            [(2, vec![(a, 0.8), (b, 0.75)]), (3, vec![(b, 0.99), (a, 0.7)]), (4, vec![(b, 0.99), (a, 0.75)])]
        );
        assert!(ambiguous_records(&partition, &Links::default(), 0.5).is_empty());
    }
}
