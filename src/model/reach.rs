//! Pairs that cannot reach a weight, told before any text is looked at.
//!
//! Which values are missing and which are equal is known from their ids alone. What the others can say at most is known, too;
//! where even that does not suffice, no text is compared. Of the others the comparison that decides most comes first, and
//! the bound is asked again after each one. What reaches the weight has exactly the evidence that
//! [`Scorer::evidence`] gives.

use std::ops::Add;

use crate::compare::PairLevels;
use crate::id::{RecordId, ValueId};
use crate::model::Scorer;
use crate::model::evidence::Evidence;

/// The most that values of a comparison can say which are not equal.
#[derive(Debug, Default)]
pub(super) struct Most {
    /// Whatever the values are.
    of_any: Bound,
    /// By value, where its rarity counts; empty elsewhere.
    of_value: Vec<f32>,
    /// Whether agreement may be taken out of the evidence for what others imply.
    may_be_silenced: bool,
}

/// Bits that a match says at most: at the same address, and at another one.
#[derive(Clone, Copy, Debug, Default)]
struct Bound {
    matches: f64,
    moved: f64,
}

/// What pairs need that are weighed one after the other.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scratch {
    pub(crate) levels: PairLevels,
    parts: Vec<Evidence>,
    bounds: Vec<Bound>,
}

/// Far more than what rounding can lose in a sum of evidence, and far less than matters.
const ROUNDING: f64 = 1e-3;

impl Scorer<'_> {
    /// Finds how much unequal values can say, once all that they say is known.
    pub(super) fn find_most(&mut self) {
        self.most = (0..self.parts.len()).map(|comparison| self.most_of(comparison)).collect();
        let spread = |&comparison: &u16| {
            let part = &self.parts[usize::from(comparison)];
            let worst = part.weights.last().map_or(0.0, |worst| worst.matches);
            self.most[usize::from(comparison)].of_any.matches - worst
        };
        let mut order: Vec<u16> = (0..self.parts.len() as u16).collect();
        order.sort_by(|a, b| spread(b).total_cmp(&spread(a)).then(a.cmp(b)));
        self.order = order;
    }

    fn most_of(&self, comparison: usize) -> Most {
        let part = &self.parts[comparison];
        let more = part.correspondences.as_ref().map_or(0.0, |found| found.most().max(0.0));
        let unequal = || part.weights.iter().enumerate().filter(|(level, _)| *level != 1);
        let of_any = unequal().fold(Bound { matches: 0.0, moved: 0.0 }, |most, (_, says)| Bound {
            matches: most.matches.max(says.matches + more),
            moved: most.moved.max(says.moved + more),
        });
        let of_value = |&rarity: &f32| {
            let Some(similar) = &part.similar else { return 0.0 };
            // Crossed names are of a level, but of no two values whose rarity counts.
            let bits = |level: usize, says: &Evidence| {
                says.matches.max(says.moved) + similar.bits(level as u8, f64::from(rarity)).max(0.0)
            };
            let most = unequal().map(|(level, says)| bits(level, says)).fold(0.0, f64::max);
            (most + ROUNDING) as f32
        };
        let rarities = if part.similar.is_some() { self.bound.rarities(comparison) } else { &[] };
        let may_be_silenced = self.bound.may_be_silenced(comparison);
        Most { of_any, of_value: rarities.iter().map(of_value).collect(), may_be_silenced }
    }

    /// What all comparisons of a pair say, if they may reach a weight; none only where they do not.
    pub(crate) fn evidence_at_least(
        &self,
        a: RecordId,
        b: RecordId,
        weight: f64,
        scratch: &mut Scratch,
    ) -> Option<Evidence> {
        let records = self.bound.records();
        let (row_a, row_b) = (records.row(a), records.row(b));
        let Scratch { levels, parts, bounds } = scratch;
        let comparisons = self.parts.len();
        levels.reset(comparisons);
        parts.clear();
        parts.resize(comparisons, Evidence::default());
        bounds.resize(comparisons, Bound::default());
        let least = weight - self.slack();
        let mut most = Bound::default();
        let mut unsettled = 0_u32;
        for at in self.bound.present(a, b) {
            let unequal = &self.most[at];
            let (says, bound) = if let Some(level) = self.bound.settled(at, row_a, row_b) {
                levels.set(at, level);
                let says = self.says(at, level.0, level.1);
                (says, unequal.at_most(says))
            } else {
                unsettled += 1;
                (OPEN, unequal.of(self.bound.values(at, row_a), self.bound.values(at, row_b)))
            };
            most = most + bound;
            parts[at] = says;
            bounds[at] = bound;
        }
        if !self.reaches(most, least) {
            return None;
        }
        for at in self.order.iter().map(|&at| usize::from(at)) {
            if unsettled == 0 {
                break;
            }
            if parts[at].matches.is_nan() {
                let level = self.bound.unsettled(at, row_a, row_b);
                levels.set(at, level);
                parts[at] = self.says(at, level.0, level.1);
                most = most - bounds[at] + self.most[at].at_most(parts[at]);
                if !self.reaches(most, least) {
                    return None;
                }
                unsettled -= 1;
            }
        }
        self.bound.silence_implied(levels);
        // What is missing says nothing, nor does what others imply.
        let present = self.bound.present(a, b).filter(|&at| levels.levels()[at] != 0);
        let mut evidence = present.map(|at| parts[at]).fold(Evidence::default(), Add::add);
        evidence = evidence + self.of_full_name(levels);
        if !records.may_be_persons(a, b) {
            evidence.related = f64::NEG_INFINITY;
        }
        Some(evidence)
    }

    /// The match weight of a pair, if it is at least this one.
    pub(crate) fn weight_at_least(
        &self,
        a: RecordId,
        b: RecordId,
        weight: f64,
        scratch: &mut Scratch,
    ) -> Option<f64> {
        let evidence = self.evidence_at_least(a, b, weight, scratch)?;
        Some(self.weigh(evidence)).filter(|&found| found >= weight)
    }

    /// By how much the weight of a pair may be above the larger of what is said for a match at the same address and at another
    /// one: the sum of two is at most one bit more, and that a pair may be related takes away from the strangers.
    fn slack(&self) -> f64 {
        let two = if self.moved == 0.0 { 0.0 } else { 1.0 };
        two - (1.0 - self.related).log2() + ROUNDING
    }

    fn reaches(&self, most: Bound, least: f64) -> bool {
        most.matches >= least || (self.moved > 0.0 && most.moved >= least)
    }
}

/// What is not yet known.
const OPEN: Evidence = Evidence { matches: f64::NAN, moved: f64::NAN, related: f64::NAN };

impl Most {
    /// What evidence counts at most, in whatever way the other comparisons turn out.
    fn at_most(&self, says: Evidence) -> Bound {
        let least = if self.may_be_silenced { 0.0 } else { f64::NEG_INFINITY };
        Bound { matches: says.matches.max(least), moved: says.moved.max(least) }
    }

    /// What values say at most that are not equal.
    fn of(&self, a: &[ValueId], b: &[ValueId]) -> Bound {
        if self.of_value.is_empty() {
            return self.of_any;
        }
        let most = a.iter().chain(b).map(|id| self.of_value[id.index()]).fold(0.0, f32::max);
        Bound { matches: f64::from(most), moved: f64::from(most) }
    }
}

impl Add for Bound {
    type Output = Bound;

    fn add(self, other: Bound) -> Bound {
        Bound { matches: self.matches + other.matches, moved: self.moved + other.moved }
    }
}

impl std::ops::Sub for Bound {
    type Output = Bound;

    fn sub(self, other: Bound) -> Bound {
        Bound { matches: self.matches - other.matches, moved: self.moved - other.moved }
    }
}
