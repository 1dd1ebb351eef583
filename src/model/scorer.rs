//! A model bound to records: the match weight of a pair.

use std::ops::{Add, Sub};

use crate::compare::{BoundComparisons, Comparator, PairLevels};
use crate::id::{RecordId, ValueId};
use crate::model::correspondence::BoundCorrespondences;
use crate::model::{Model, SimilarValues};
use crate::record::Records;

/// Scores pairs of some records under a model.
///
/// The weight of a pair is log2 of how much more probable its levels are among matches than among other pairs. Against
/// strangers that is the sum over comparisons of log2(m / u), where equal values use the share of entities with
/// that value in place of u (term frequency). Of the other pairs a share ρ is related, and agrees with probability
/// r: the weight is Σ log2(m / u) − log2(1 − ρ + ρ · Π r / u). Only persons are related. The posterior adds the prior.
///
/// ```
/// # use onefold::{RecordId, model::{Model, Scorer}, record::Records};
/// fn same(model: &Model, records: &Records) -> bool {
///     let scorer = Scorer::new(model, records);
///     scorer.probability(RecordId(0), RecordId(1)) >= model.threshold()
/// }
/// ```
#[derive(Debug)]
pub struct Scorer<'a> {
    bound: BoundComparisons<'a>,
    /// Per comparison and level, level 0 first.
    weights: Vec<Vec<Evidence>>,
    /// Per comparison, log2(r / m) of equal values; none where relatives agree by chance.
    equal_among_related: Vec<Option<f64>>,
    /// Per comparison, log2(q / m) of equal values; 0 for what is no part of an address.
    equal_among_moved: Vec<f64>,
    /// Per comparison, what the rarity of similar values says.
    similar: Vec<Option<SimilarValues>>,
    /// Per comparison and value, what the profile of the value adds to its agreement, none for junk; empty where values
    /// have no profiles.
    profiles: Vec<Vec<Option<Evidence>>>,
    /// Per comparison, which different values mean the same.
    correspondences: Vec<Option<BoundCorrespondences>>,
    /// Per comparison of texts and level, log2(m / m of equality), at most 0; none for other comparisons.
    alike: Vec<Option<Vec<f64>>>,
    /// The share of related pairs among those that do not match.
    related: f64,
    /// The share of matches with another address.
    moved: f64,
    prior: f64,
}

/// What levels say in bits, against strangers: for a match, and for a related pair.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Evidence {
    matches: f64,
    /// For a match of which one record has another address.
    moved: f64,
    related: f64,
}

impl Evidence {
    /// Bits for a match that has the same address, against strangers.
    pub(crate) fn against_strangers(self) -> f64 {
        self.matches
    }

    /// Bits for a related pair, against strangers.
    pub(crate) fn of_relatives(self) -> f64 {
        self.related
    }
}

impl Add for Evidence {
    type Output = Evidence;

    fn add(self, other: Evidence) -> Evidence {
        Evidence {
            matches: self.matches + other.matches,
            moved: self.moved + other.moved,
            related: self.related + other.related,
        }
    }
}

impl Sub for Evidence {
    type Output = Evidence;

    fn sub(self, other: Evidence) -> Evidence {
        Evidence {
            matches: self.matches - other.matches,
            moved: self.moved - other.moved,
            related: self.related - other.related,
        }
    }
}

impl<'a> Scorer<'a> {
    /// Binds a model to records.
    pub fn new(model: &Model, records: &'a Records) -> Self {
        let comparisons: Vec<_> =
            model.comparisons().iter().map(|weights| weights.comparison().clone()).collect();
        let mut bound = BoundComparisons::new(&comparisons, model.vocabulary(), records);
        let weights = model
            .comparisons()
            .iter()
            .map(|weights| {
                let level = |level: usize| Evidence {
                    matches: weights.weight(level as u8),
                    moved: weights.moved_weight(level as u8),
                    related: weights.related_weight(level as u8),
                };
                (0..=weights.m().len()).map(level).collect()
            })
            .collect();
        let equal_among_related = model
            .comparisons()
            .iter()
            .map(|weights| Some((weights.related()?[0] / weights.m()[0]).log2()))
            .collect();
        let equal_among_moved = model
            .comparisons()
            .iter()
            .map(|weights| weights.moved().map_or(0.0, |moved| (moved[0] / weights.m()[0]).log2()))
            .collect();
        let columns: Vec<_> = bound.columns().collect();
        let profiles = model.comparisons().iter().zip(&columns).map(|(weights, column)| {
            let (Some(profiles), Some(column)) = (weights.profiles(), column) else { return Vec::new() };
            let of = |(_, text): (_, &str)| {
                let (matches, related) = profiles.bits(text)?;
                Some(Evidence { matches, moved: matches, related })
            };
            std::iter::once(Some(Evidence::default())).chain(column.values().map(of)).collect()
        });
        let profiles = profiles.collect();
        for (at, (weights, column)) in model.comparisons().iter().zip(columns).enumerate() {
            if let (Some(terms), Some(column)) = (weights.terms(), column) {
                let m = weights.m()[0];
                let weight = |text: &str| (m / terms.share(text)).log2();
                let values = column.values().map(|(_, text)| weight(text));
                bound.set_weights(at, std::iter::once(0.0).chain(values).collect());
                if weights.similar().is_some() {
                    let values = column.values().map(|(_, text)| terms.rarity(text));
                    bound.set_rarities(at, std::iter::once(0.0).chain(values).collect());
                }
            }
        }
        let prior = (model.prior() / (1.0 - model.prior()).max(f64::MIN_POSITIVE)).log2();
        let similar = model.comparisons().iter().map(|weights| weights.similar().cloned()).collect();
        let (related, moved) = (model.related(), model.moved());
        let alike = model
            .comparisons()
            .iter()
            .map(|weights| {
                let is_text = weights.comparison().comparator() == Comparator::Text;
                let m = weights.m();
                let ratio = |level: usize| (m[level.saturating_sub(1)] / m[0]).log2().min(0.0);
                // Where other values correspond, how often a value occurs bounds nothing.
                let is_bound = is_text && weights.correspondences().is_none();
                is_bound.then(|| (0..=m.len()).map(ratio).collect())
            })
            .collect();
        let correspondences = model
            .comparisons()
            .iter()
            .zip(bound.columns())
            .map(|(weights, column)| {
                let values = column?.values().map(|(id, text)| (id.index(), text));
                Some(weights.correspondences()?.bind(values))
            })
            .collect();
        Scorer {
            bound,
            weights,
            equal_among_related,
            equal_among_moved,
            similar,
            profiles,
            correspondences,
            alike,
            related,
            moved,
            prior,
        }
    }

    /// The comparisons, bound to the records.
    pub fn comparisons(&self) -> &BoundComparisons<'a> {
        &self.bound
    }

    /// The match weight of a pair in bits, without the prior.
    pub fn weight(&self, a: RecordId, b: RecordId) -> f64 {
        self.weight_into(a, b, &mut PairLevels::default())
    }

    /// The probability that a pair matches, by the model.
    pub fn probability(&self, a: RecordId, b: RecordId) -> f64 {
        self.posterior(self.weight(a, b))
    }

    /// The posterior probability of a match weight.
    pub fn posterior(&self, weight: f64) -> f64 {
        1.0 / (1.0 + (-(weight + self.prior)).exp2())
    }

    /// The odds of a match at a match weight, in bits.
    pub(crate) fn log_odds(&self, weight: f64) -> f64 {
        weight + self.prior
    }

    /// The match weight at these odds, in bits.
    pub(crate) fn weight_at(&self, log_odds: f64) -> f64 {
        log_odds - self.prior
    }

    /// As [`weight`](Self::weight), leaving the levels in a buffer that serves many pairs.
    pub(crate) fn weight_into(&self, a: RecordId, b: RecordId, levels: &mut PairLevels) -> f64 {
        self.weigh(self.evidence(a, b, levels))
    }

    /// What all comparisons of a pair say, leaving the levels in a buffer that serves many pairs.
    pub(crate) fn evidence(&self, a: RecordId, b: RecordId, levels: &mut PairLevels) -> Evidence {
        self.bound.compare(a, b, levels);
        let parts = (0..levels.levels().len()).map(|comparison| self.part(comparison, levels));
        let mut evidence = parts.fold(Evidence::default(), Add::add);
        if !self.bound.records().may_be_persons(a, b) {
            evidence.related = f64::NEG_INFINITY;
        }
        evidence
    }

    /// Bits for a match, at the same address or another, against strangers.
    pub(crate) fn of_matches(&self, evidence: Evidence) -> f64 {
        if self.moved == 0.0 {
            return evidence.matches;
        }
        let (stayed, moved) =
            (evidence.matches + (1.0 - self.moved).log2(), evidence.moved + self.moved.log2());
        let larger = stayed.max(moved);
        larger + ((stayed - larger).exp2() + (moved - larger).exp2()).log2()
    }

    /// The match weight in bits of what comparisons say.
    pub(crate) fn weigh(&self, evidence: Evidence) -> f64 {
        // Beyond this, the one or the other term alone is the sum to the last bit.
        const HUGE: f64 = 1000.0;
        let matches = self.of_matches(evidence);
        if self.related == 0.0 {
            return matches;
        }
        if evidence.related > HUGE {
            return matches - evidence.related - self.related.log2();
        }
        matches - (1.0 - self.related + self.related * evidence.related.exp2()).log2()
    }

    /// The most that texts can say which are alike but not equal. Strangers have a text alike to a given one at least as
    /// often as that text itself, so of two, the commoner is the bound: `Guest editorial` says as little as it does where
    /// it is equal, and less if matches are more often equal than alike.
    fn most_of_similar(&self, comparison: usize, level: u8, values: (ValueId, ValueId)) -> f64 {
        let Some(alike) = &self.alike[comparison] else { return f64::INFINITY };
        let weight = |value| self.bound.value_weight(comparison, value).unwrap_or(f64::INFINITY);
        weight(values.0).min(weight(values.1)) + alike[usize::from(level)]
    }

    /// What one comparison of a pair says.
    pub(crate) fn part(&self, comparison: usize, levels: &PairLevels) -> Evidence {
        let level = levels.levels()[comparison];
        let by_level = self.weights[comparison][usize::from(level)];
        let values = levels.values()[comparison];
        if level > 1 {
            let similar = self.similar[comparison].as_ref().filter(|_| !values.0.is_missing());
            let similar = similar.zip(self.bound.rarity(comparison, values));
            let by_rarity = similar.map_or(0.0, |(similar, rarity)| similar.bits(level, rarity));
            let corresponding = self.correspondences[comparison].as_ref();
            let more = by_rarity + corresponding.map_or(0.0, |c| c.bits(values.0.index(), values.1.index()));
            // Relatives who share a value miswrite it as one person does.
            let of_relatives = if self.equal_among_related[comparison].is_some() { more } else { 0.0 };
            let evidence = by_level + Evidence { matches: more, moved: more, related: of_relatives };
            let most = self.most_of_similar(comparison, level, values);
            let Evidence { matches, moved, related } = evidence;
            return Evidence { matches: matches.min(most), moved: moved.min(most), related };
        }
        if level == 0 {
            return by_level;
        }
        let equal = match self.bound.value_weight(comparison, values.0) {
            None => by_level,
            Some(matches) => {
                let related = self.equal_among_related[comparison].map_or(0.0, |more| matches + more);
                let moved = matches + self.equal_among_moved[comparison];
                Evidence { matches, moved, related }
            }
        };
        match self.profiles[comparison].get(values.0.index()) {
            None => equal,
            Some(profile) => profile.map_or_else(Evidence::default, |more| equal + more),
        }
    }
}
