//! A model bound to records: the match weight of a pair.

use crate::compare::{BoundComparisons, PairLevels};
use crate::id::RecordId;
use crate::model::Model;
use crate::record::Records;

/// Scores pairs of some records under a model.
///
/// The weight of a pair is the sum over comparisons of log2(m / u) of its level, where equal values use the
/// share of entities with that value in place of u (term frequency); the posterior adds the prior.
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
    weights: Vec<Vec<f64>>,
    prior: f64,
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
            .map(|weights| (0..=weights.m().len()).map(|level| weights.weight(level as u8)).collect())
            .collect();
        let columns: Vec<_> = bound.columns().collect();
        for (at, (weights, column)) in model.comparisons().iter().zip(columns).enumerate() {
            if let (Some(terms), Some(column)) = (weights.terms(), column) {
                let m = weights.m()[0];
                let weight = |text: &str| (m / terms.share(text)).log2();
                let values = column.values().map(|(_, text)| weight(text));
                bound.set_weights(at, std::iter::once(0.0).chain(values).collect());
            }
        }
        let prior = (model.prior() / (1.0 - model.prior()).max(f64::MIN_POSITIVE)).log2();
        Scorer { bound, weights, prior }
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

    /// As [`weight`](Self::weight), leaving the levels in a buffer that serves many pairs.
    pub(crate) fn weight_into(&self, a: RecordId, b: RecordId, levels: &mut PairLevels) -> f64 {
        self.bound.compare(a, b, levels);
        (0..levels.levels().len()).map(|comparison| self.part(comparison, levels)).sum()
    }

    /// What one comparison adds to the weight of a pair.
    pub(crate) fn part(&self, comparison: usize, levels: &PairLevels) -> f64 {
        let level = levels.levels()[comparison];
        let of_value = || self.bound.value_weight(comparison, levels.shared()[comparison]);
        let by_level = self.weights[comparison][usize::from(level)];
        if level == 1 { of_value().unwrap_or(by_level) } else { by_level }
    }
}
