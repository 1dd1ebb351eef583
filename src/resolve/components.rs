//! The connected components of the links that may join records: what happens in one of them touches no other.

use std::sync::atomic::{AtomicU32, Ordering};

use rayon::prelude::*;

use crate::id::RecordId;
use crate::model::Link;

/// Components of two or more records, as ranges of one list of records and one of links.
#[derive(Debug)]
pub(super) struct Components {
    /// Where the records and the links of each component end.
    ends: Vec<(u32, u32)>,
    /// Component after component, each ascending.
    records: Vec<RecordId>,
    /// Positions among the links, component after component, each ascending.
    links: Vec<u32>,
}

impl Components {
    /// The components of so many records under some of the links, given by position, and under pairs of records. No link is of
    /// a record with itself.
    pub(super) fn new(records: usize, links: &[Link], of: &[u32], pairs: &[(RecordId, RecordId)]) -> Self {
        let roots = Roots((0..records as u32).map(AtomicU32::new).collect());
        of.par_iter().for_each(|&at| roots.join(links[at as usize].a, links[at as usize].b));
        for &(a, b) in pairs {
            roots.join(a, b);
        }
        let label = |record: RecordId| roots.find(record.0);
        let mut sizes = vec![0u32; records];
        (0..records as u32).for_each(|record| sizes[label(RecordId(record)) as usize] += 1);
        // From the root of each component of two or more to its number; a root is the smallest of its records.
        let mut numbers = vec![u32::MAX; records];
        let mut starts = vec![(0, 0)];
        let mut filled = 0;
        for (record, number) in numbers.iter_mut().enumerate().filter(|(record, _)| sizes[*record] > 1) {
            *number = starts.len() as u32 - 1;
            filled += sizes[record];
            starts.push((filled, 0));
        }
        drop(sizes);
        let number = |record: RecordId| numbers[label(record) as usize];
        for &at in of {
            starts[number(links[at as usize].a) as usize + 1].1 += 1;
        }
        for at in 1..starts.len() {
            starts[at].1 += starts[at - 1].1;
        }
        // While they are filled, the starts move on to the ends.
        let mut ends = starts;
        let mut of_components = Components {
            records: vec![RecordId(0); filled as usize],
            links: vec![0; of.len()],
            ends: Vec::new(),
        };
        for record in (0..records as u32).map(RecordId) {
            let number = number(record) as usize;
            if let Some(end) = ends.get_mut(number) {
                of_components.records[end.0 as usize] = record;
                end.0 += 1;
            }
        }
        for &at in of {
            let end = &mut ends[number(links[at as usize].a) as usize];
            of_components.links[end.1 as usize] = at;
            end.1 += 1;
        }
        ends.pop();
        of_components.ends = ends;
        of_components
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The records and the positions of the links of one component.
    pub(super) fn get(&self, component: usize) -> (&[RecordId], &[u32]) {
        let start = if component == 0 { (0, 0) } else { self.ends[component - 1] };
        let end = self.ends[component];
        (&self.records[start.0 as usize..end.0 as usize], &self.links[start.1 as usize..end.1 as usize])
    }
}

/// A union–find that several threads may use at once (Anderson & Woll 1991); a root is the smallest record of its component.
struct Roots(Vec<AtomicU32>);

impl Roots {
    fn find(&self, record: u32) -> u32 {
        let parent = |at: u32| self.0[at as usize].load(Ordering::Relaxed);
        let mut at = record;
        while parent(at) != at {
            let (next, after) = (parent(at), parent(parent(at)));
            // Paths are halved; who comes too late has lost nothing.
            let _ = self.0[at as usize].compare_exchange(next, after, Ordering::Relaxed, Ordering::Relaxed);
            at = next;
        }
        at
    }

    fn join(&self, a: RecordId, b: RecordId) {
        let (mut a, mut b) = (self.find(a.0), self.find(b.0));
        while a != b {
            let (low, high) = (a.min(b), a.max(b));
            let parent = &self.0[high as usize];
            if parent.compare_exchange(high, low, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
                return;
            }
            (a, b) = (self.find(low), self.find(high));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_link_lies_in_the_component_of_both_its_records(
            pairs in prop::collection::vec((0u32..40, 0u32..40), 0..60),
            must in prop::collection::vec((0u32..40, 0u32..40), 0..5),
            skip in 1usize..4,
        ) {
            let link = |&(a, b): &(u32, u32)| Link { a: RecordId(a), b: RecordId(b), weight: 0.0, probability: 1.0 };
            let links: Vec<Link> = pairs.iter().filter(|(a, b)| a != b).map(link).collect();
            let of: Vec<u32> = (0..links.len() as u32).step_by(skip).collect();
            let must: Vec<(RecordId, RecordId)> = must.iter().map(|&(a, b)| (RecordId(a), RecordId(b))).collect();
            let components = Components::new(40, &links, &of, &must);
            // The slow way: labels spread until nothing changes.
            let mut labels: Vec<u32> = (0..40).collect();
            let edges: Vec<(usize, usize)> = of
                .iter()
                .map(|&at| (links[at as usize].a, links[at as usize].b))
                .chain(must)
                .map(|(a, b)| (a.index(), b.index()))
                .collect();
            for _ in 0..40 {
                for &(a, b) in &edges {
                    let least = labels[a].min(labels[b]);
                    (labels[a], labels[b]) = (least, least);
                }
            }
            let mut of_components = 0;
            for at in 0..components.len() {
                let (records, positions) = components.get(at);
                prop_assert!(records.len() > 1 && records.is_sorted());
                let label = labels[records[0].index()];
                let expected: Vec<RecordId> = (0..40).filter(|&r| labels[r as usize] == label).map(RecordId).collect();
                prop_assert_eq!(records, &expected[..]);
                let expected: Vec<u32> = of.iter().copied().filter(|&at| labels[links[at as usize].a.index()] == label).collect();
                prop_assert_eq!(positions, &expected[..]);
                of_components += positions.len();
            }
            prop_assert_eq!(of_components, of.len());
        }
    }
}
