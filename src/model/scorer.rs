//! A model bound to records: the match weight of a pair.

use std::ops::Add;

use rayon::prelude::*;

use crate::compare::{BoundComparisons, Comparator, PairLevels};
use crate::id::{RecordId, ValueId};
use crate::model::correspondence::BoundCorrespondences;
use crate::model::evidence::Evidence;
use crate::model::full_name::BoundFullNames;
use crate::model::reach::Most;
use crate::model::similar;
use crate::model::term::Shares;
use crate::model::{ComparisonWeights, Model, SimilarValues};
use crate::record::{Column, Records};

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
    pub(super) bound: BoundComparisons<'a>,
    pub(super) parts: Vec<Part>,
    /// The comparisons of given names and of surnames, and what both together say beyond each by itself.
    full_names: Option<(usize, usize, BoundFullNames)>,
    /// Per comparison, the most that values can say which are not equal.
    pub(super) most: Vec<Most>,
    /// The comparisons, first those that decide most.
    pub(super) order: Vec<u16>,
    /// The share of related pairs among those that do not match.
    pub(super) related: f64,
    /// The share of matches with another address.
    pub(super) moved: f64,
    /// The prior odds in bits.
    prior: f64,
}

/// What one comparison says.
#[derive(Debug)]
pub(super) struct Part {
    /// By level, level 0 first.
    pub(super) weights: Vec<Evidence>,
    /// log2(r / m) of equal values; none where relatives agree by chance.
    equal_among_related: Option<f64>,
    /// log2(q / m) of equal values; 0 for what is no part of an address.
    equal_among_moved: f64,
    /// What the rarity of similar values says.
    pub(super) similar: Option<SimilarValues>,
    /// By value, what its profile adds to agreement for a match and for a related pair, none for junk; empty where values
    /// have no profiles.
    profiles: Vec<Option<(f32, f32)>>,
    /// Which different values mean the same.
    pub(super) correspondences: Option<BoundCorrespondences>,
    /// Of texts, by level: log2(m / m of equality), at most 0; none for other comparisons.
    alike: Option<Vec<f64>>,
}

impl<'a> Scorer<'a> {
    /// Binds a model to records.
    pub fn new(model: &Model, records: &'a Records) -> Self {
        let comparisons: Vec<_> =
            model.comparisons().iter().map(|weights| weights.comparison().clone()).collect();
        Scorer::bind(model, BoundComparisons::new(&comparisons, model.vocabulary(), records))
    }

    /// Binds a model to records of which its comparisons have read the values.
    pub(super) fn bind(model: &Model, bound: BoundComparisons<'a>) -> Self {
        let parts = model.comparisons().iter().map(Part::new).collect();
        let (related, moved) = (model.related(), model.moved());
        let mut scorer = Scorer {
            bound,
            parts,
            full_names: None,
            most: Vec::new(),
            order: Vec::new(),
            related,
            moved,
            prior: 0.0,
        };
        scorer.set_prior(model.prior());
        for (at, weights) in model.comparisons().iter().enumerate() {
            if let (Some(terms), Some(column)) = (weights.terms(), scorer.column(at)) {
                let values: Vec<&str> = column.values().map(|(_, text)| text).collect();
                let entities: Vec<f64> = values.into_par_iter().map(|text| terms.entities(text)).collect();
                scorer.set_terms(at, weights, terms.shares(), &entities);
            }
            scorer.set_profiles(at, weights);
            scorer.set_similar(at, weights);
            scorer.set_correspondences(at, weights);
        }
        scorer.set_full_names(model);
        scorer.find_most();
        scorer
    }

    fn column(&self, comparison: usize) -> Option<&'a Column> {
        self.bound.columns().nth(comparison).flatten()
    }

    pub(super) fn set_prior(&mut self, prior: f64) {
        self.prior = (prior / (1.0 - prior).max(f64::MIN_POSITIVE)).log2();
    }

    /// Sets how many entities share each value of a comparison; `entities` begins with the value of id 1.
    pub(super) fn set_terms(
        &mut self,
        comparison: usize,
        weights: &ComparisonWeights,
        shares: Shares,
        entities: &[f64],
    ) {
        let m = weights.m()[0];
        let weight = |&entities: &f64| (m / shares.share(entities)).log2() as f32;
        let values = entities.iter().map(weight);
        self.bound.set_weights(comparison, std::iter::once(0.0).chain(values).collect());
        if similar::is_learned_for(weights.comparison().comparator()) {
            // A model from a file may say anything; the sum of two must be finite.
            const MOST: f64 = 1e30;
            let rarities = entities.iter().map(|&entities| shares.rarity(entities).min(MOST) as f32);
            self.bound.set_rarities(comparison, std::iter::once(0.0).chain(rarities).collect());
        }
    }

    pub(super) fn set_profiles(&mut self, comparison: usize, weights: &ComparisonWeights) {
        if let (Some(profiles), Some(column)) = (weights.profiles(), self.column(comparison)) {
            let bits =
                |text: &str| profiles.bits(text).map(|(matches, related)| (matches as f32, related as f32));
            let values = column.values().map(|(_, text)| bits(text));
            self.parts[comparison].profiles = std::iter::once(Some((0.0, 0.0))).chain(values).collect();
        }
    }

    /// Binds the whole names of a model, whose terms are known.
    pub(super) fn set_full_names(&mut self, model: &Model) {
        let Some((names, (given, family))) = model.full_names().zip(model.name_comparisons()) else { return };
        let columns = self.column(given).zip(self.column(family));
        let terms = |at: usize| model.comparisons()[at].terms();
        if let Some((columns, terms)) = columns.zip(terms(given).zip(terms(family))) {
            self.full_names = Some((given, family, names.bind(columns, terms)));
        }
    }

    pub(super) fn set_similar(&mut self, comparison: usize, weights: &ComparisonWeights) {
        self.parts[comparison].similar = weights.similar().cloned();
    }

    pub(super) fn set_correspondences(&mut self, comparison: usize, weights: &ComparisonWeights) {
        if let (Some(found), Some(column)) = (weights.correspondences(), self.column(comparison)) {
            let values = column.values().map(|(id, text)| (id.index(), text));
            self.parts[comparison].correspondences = Some(found.bind(values));
            // Where other values correspond, how often a value occurs bounds nothing.
            self.parts[comparison].alike = None;
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

    /// A weight below which even a million pairs are not expected to hold a match.
    pub(super) fn negligible(&self) -> f64 {
        const ODDS: f64 = -20.0;
        self.weight_at(ODDS)
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
        let says = |comparison: usize| {
            self.says(comparison, levels.levels()[comparison], levels.values()[comparison])
        };
        // What is missing says nothing. In this order the sum is the same to the last bit as that of `evidence_at_least`.
        let present = self.bound.present(a, b).filter(|&at| levels.levels()[at] != 0);
        let mut evidence = present.map(says).fold(Evidence::default(), Add::add);
        evidence = evidence + self.of_full_name(levels);
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

    /// What one comparison of a pair says.
    pub(crate) fn part(&self, comparison: usize, levels: &PairLevels) -> Evidence {
        let says = self.says(comparison, levels.levels()[comparison], levels.values()[comparison]);
        match &self.full_names {
            Some((_, family, _)) if comparison == *family => says + self.of_full_name(levels),
            _ => says,
        }
    }

    /// What agreement on given name and surname says beyond each of them: part of what the surname says.
    pub(super) fn of_full_name(&self, levels: &PairLevels) -> Evidence {
        let Some((given, family, names)) = &self.full_names else { return Evidence::default() };
        if levels.levels()[*given] != 1 || levels.levels()[*family] != 1 {
            return Evidence::default();
        }
        let bits = names.bits(levels.values()[*given].0, levels.values()[*family].0);
        Evidence { matches: bits, moved: bits, related: 0.0 }
    }

    /// What the level of a comparison says, reached by these values.
    pub(super) fn says(&self, comparison: usize, level: u8, values: (ValueId, ValueId)) -> Evidence {
        let part = &self.parts[comparison];
        let by_level = part.weights[usize::from(level)];
        match level {
            0 => by_level,
            1 => part.of_equal(values.0, by_level, self.bound.value_weight(comparison, values.0)),
            _ => self.says_unequal(comparison, level, values),
        }
    }

    fn says_unequal(&self, comparison: usize, level: u8, values: (ValueId, ValueId)) -> Evidence {
        let part = &self.parts[comparison];
        let by_level = part.weights[usize::from(level)];
        let similar = part.similar.as_ref().filter(|_| !values.0.is_missing());
        let similar = similar.zip(self.bound.rarity(comparison, values));
        let by_rarity = similar.map_or(0.0, |(similar, rarity)| similar.bits(level, rarity));
        let corresponding = part.correspondences.as_ref();
        let more = by_rarity + corresponding.map_or(0.0, |c| c.bits(values.0.index(), values.1.index()));
        // Relatives who share a value miswrite it as one person does.
        let of_relatives = if part.equal_among_related.is_some() { more } else { 0.0 };
        let evidence = by_level + Evidence { matches: more, moved: more, related: of_relatives };
        let most = self.most_of_similar(comparison, level, values);
        let Evidence { matches, moved, related } = evidence;
        Evidence { matches: matches.min(most), moved: moved.min(most), related }
    }

    /// The most that texts can say which are alike but not equal. Strangers have a text alike to a given one at least as
    /// often as that text itself, so of two, the commoner is the bound: `Guest editorial` says as little as it does where
    /// it is equal, and less if matches are more often equal than alike.
    fn most_of_similar(&self, comparison: usize, level: u8, values: (ValueId, ValueId)) -> f64 {
        let Some(alike) = &self.parts[comparison].alike else { return f64::INFINITY };
        let weight = |value| self.bound.value_weight(comparison, value).unwrap_or(f64::INFINITY);
        weight(values.0).min(weight(values.1)) + alike[usize::from(level)]
    }
}

impl Part {
    fn new(weights: &ComparisonWeights) -> Self {
        let level = |level: usize| Evidence {
            matches: weights.weight(level as u8),
            moved: weights.moved_weight(level as u8),
            related: weights.related_weight(level as u8),
        };
        let m = weights.m();
        let is_text = weights.comparison().comparator() == Comparator::Text;
        let ratio = |level: usize| (m[level.saturating_sub(1)] / m[0]).log2().min(0.0);
        Part {
            weights: (0..=m.len()).map(level).collect(),
            equal_among_related: weights.related().map(|related| (related[0] / m[0]).log2()),
            equal_among_moved: weights.moved().map_or(0.0, |moved| (moved[0] / m[0]).log2()),
            similar: None,
            profiles: Vec::new(),
            correspondences: None,
            alike: is_text.then(|| (0..=m.len()).map(ratio).collect()),
        }
    }

    /// What an equal value says, with its weight where values weigh differently.
    fn of_equal(&self, value: ValueId, by_level: Evidence, weight: Option<f64>) -> Evidence {
        let equal = match weight {
            None => by_level,
            Some(matches) => {
                let related = self.equal_among_related.map_or(0.0, |more| matches + more);
                let moved = matches + self.equal_among_moved;
                Evidence { matches, moved, related }
            }
        };
        match self.profiles.get(value.index()) {
            None => equal,
            Some(None) => Evidence::default(),
            Some(&Some((matches, related))) => {
                let (matches, related) = (f64::from(matches), f64::from(related));
                equal + Evidence { matches, moved: matches, related }
            }
        }
    }
}
