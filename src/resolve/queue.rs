//! The order in which clusters are joined.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use crate::model::Link;

/// Two clusters that a link could join.
#[derive(Clone, Copy, Debug)]
pub(super) struct Join {
    /// What the pairs across the two are worth, in steps.
    pub(super) step: u16,
    /// Records of both when they were weighed; 0 if only the link was.
    pub(super) size: usize,
    /// The link.
    pub(super) link: Link,
}

impl PartialEq for Join {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Join {}

impl PartialOrd for Join {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Join {
    /// The better one is the greater.
    fn cmp(&self, other: &Self) -> Ordering {
        let (one, two) = (&self.link, &other.link);
        self.step
            .cmp(&other.step)
            .then_with(|| one.weight.total_cmp(&two.weight))
            .then_with(|| (two.a, two.b).cmp(&(one.a, one.b)))
    }
}

/// Joins by descending support.
///
/// The mean over the pairs across a joined cluster lies between the means over its parts, so what a join was worth when it
/// was queued bounds what it is worth now: it is weighed when its turn comes, and goes back if it is worth less by then.
#[derive(Debug)]
pub(super) struct Queue {
    /// Joins by links alone, the best one last.
    links: Vec<Join>,
    postponed: BinaryHeap<Join>,
}

impl Queue {
    /// The joins that these links ask for.
    pub(super) fn new<'l>(links: impl Iterator<Item = &'l Link>) -> Self {
        let join = |link: &Link| Join { step: step(link.probability), size: 0, link: *link };
        let mut links: Vec<Join> = links.map(join).collect();
        links.sort_unstable();
        Queue { links, postponed: BinaryHeap::new() }
    }

    /// Takes the best join out.
    pub(super) fn pop(&mut self) -> Option<Join> {
        if self.postponed.peek() > self.links.last() { self.postponed.pop() } else { self.links.pop() }
    }

    /// Puts a join back that is worth less than it was.
    pub(super) fn postpone(&mut self, join: Join) {
        self.postponed.push(join);
    }
}

/// The worth of a join in steps. A join goes back at most once per step, which bounds the work.
pub(super) fn step(probability: f64) -> u16 {
    const STEPS: f64 = 256.0;
    (probability.clamp(0.0, 1.0) * STEPS) as u16
}
