//! Links: the scored pairs that may join records.

use rayon::prelude::*;

use crate::block::CandidatePairs;
use crate::id::RecordId;
use crate::model::reach::Scratch;
use crate::model::{Model, Scorer};
use crate::record::Records;

/// A scored pair; `a` is the smaller record id.
///
/// ```
/// use onefold::{RecordId, model::Link};
/// let link = Link { a: RecordId(0), b: RecordId(4), weight: 12.5, probability: 0.98 };
/// assert!(link.probability > 0.9);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// The smaller record id.
    pub a: RecordId,
    /// The larger record id.
    pub b: RecordId,
    /// Match weight in bits, without the prior.
    pub weight: f64,
    /// Posterior probability.
    pub probability: f64,
}

/// The links of a run, ascending by (a, b), each pair once.
///
/// ```
/// use onefold::{RecordId, model::{Link, Links}};
/// let link = Link { a: RecordId(0), b: RecordId(1), weight: 9.0, probability: 0.9 };
/// let links = Links::new(vec![link], vec![10, 3]);
/// assert_eq!(links.iter().count(), 1);
/// assert_eq!(links.pairs_compared(), 13);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Links {
    links: Vec<Link>,
    pairs_by_rule: Vec<u64>,
}

impl Links {
    /// Orders the links; `pairs_by_rule` has the number of pairs that each blocking rule claimed.
    pub fn new(mut links: Vec<Link>, pairs_by_rule: Vec<u64>) -> Self {
        links.par_sort_unstable_by_key(|link| (link.a, link.b));
        Links { links, pairs_by_rule }
    }

    /// The same links, but for pairs that have been weighed anew.
    #[must_use]
    pub(crate) fn with(self, mut anew: Vec<Link>) -> Self {
        anew.sort_unstable_by_key(|link| (link.a, link.b));
        let is_new = |link: &Link| anew.binary_search_by_key(&(link.a, link.b), |new| (new.a, new.b)).is_ok();
        let kept: Vec<Link> = self.links.into_iter().filter(|link| !is_new(link)).collect();
        Links::new([kept, anew].concat(), self.pairs_by_rule)
    }

    /// The link of two records, if there is one.
    pub fn between(&self, a: RecordId, b: RecordId) -> Option<&Link> {
        let pair = (a.min(b), a.max(b));
        self.links.binary_search_by_key(&pair, |link| (link.a, link.b)).ok().map(|at| &self.links[at])
    }

    /// The links in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Link> + '_ {
        self.links.iter()
    }

    /// The links as a slice, ascending by (a, b).
    pub fn as_slice(&self) -> &[Link] {
        &self.links
    }

    /// How many distinct pairs were compared to find them.
    pub fn pairs_compared(&self) -> u64 {
        self.pairs_by_rule.iter().sum()
    }

    /// How many pairs each blocking rule claimed, in the plan's order.
    pub fn pairs_by_rule(&self) -> &[u64] {
        &self.pairs_by_rule
    }
}

/// Links below this posterior are not kept: whatever joins records, or leaves them ambiguous, lies above.
pub(crate) const LINK_FLOOR: f64 = 0.01;

/// Scores all candidate pairs of records under a model.
///
/// ```
/// # use onefold::{model::{Links, Model, score}, record::Records};
/// fn matches(records: &Records, model: &Model) -> Links {
///     score(records, model)
/// }
/// ```
pub fn score(records: &Records, model: &Model) -> Links {
    score_pairs(&CandidatePairs::new(model.plan(), records), &Scorer::new(model, records))
}

/// As [`score`], on candidates and a scorer that are at hand.
pub(crate) fn score_pairs(pairs: &CandidatePairs<'_>, scorer: &Scorer<'_>) -> Links {
    let rules = pairs.plan().rules().len();
    // A little below the floor, so that rounding in the posterior keeps no link out.
    let least = scorer.weight_at((LINK_FLOOR / (1.0 - LINK_FLOOR)).log2() - 1e-6);
    let shards = pairs.fold_touching(
        |record| scorer.comparisons().touch(record),
        || (Vec::new(), vec![0u64; rules], Scratch::default()),
        |(links, compared, scratch), rule, a, b| {
            compared[rule] += 1;
            let Some(weight) = scorer.weight_at_least(a, b, least, scratch) else { return };
            let probability = scorer.posterior(weight);
            if probability >= LINK_FLOOR {
                links.push(Link { a, b, weight, probability });
            }
        },
    );
    let mut pairs_by_rule = vec![0u64; rules];
    for (_, compared, _) in &shards {
        pairs_by_rule.iter_mut().zip(compared).for_each(|(all, count)| *all += count);
    }
    Links::new(shards.into_iter().flat_map(|shard| shard.0).collect(), pairs_by_rule)
}
