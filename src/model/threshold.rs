//! From the distribution of match weights to the prior and the threshold.

use serde::{Deserialize, Serialize};

/// From which posterior on a link joins records.
///
/// ```
/// use onefold::model::Threshold;
/// assert_eq!(Threshold::default(), Threshold::Auto);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Threshold {
    /// The posterior at which the expected F1 of the links is highest, but at least 0.45, and high enough that of five
    /// links at least four are expected to be right.
    #[default]
    Auto,
    /// The lowest posterior at which the links' expected precision reaches this.
    Precision(f64),
    /// This posterior.
    Posterior(f64),
}

/// The lowest threshold that is found by itself. Where hardly any match is certain, as in a list without duplicates, the
/// best expected F1 is low, and joining what is most probably apart would raise it; nobody wants that.
const LOWEST_AUTO: f64 = 0.45;
/// The expected precision that a threshold found by itself is to have, if any has it.
const LEAST_AUTO_PRECISION: f64 = 0.8;

/// Match weights of candidate pairs, counted in bins of a sixteenth of a bit. Integer counts, so that the sum over
/// shards does not depend on their order.
#[derive(Clone, Debug)]
pub(crate) struct WeightHistogram {
    counts: Vec<u64>,
    /// For how many pairs each counted one stands.
    scale: f64,
}

const BINS_PER_BIT: f64 = 16.0;
const LOWEST: f64 = -128.0;
const HIGHEST: f64 = 256.0;
/// In bins: far below the width of one, far above what rounding does to a weight.
const ROUNDING: f64 = 1e-6;

/// The posterior at a place on the axis of bins.
fn posterior(bin: f64, prior: f64) -> f64 {
    let weight = LOWEST + bin / BINS_PER_BIT;
    1.0 / (1.0 + (-(weight + (prior / (1.0 - prior)).log2())).exp2())
}

impl WeightHistogram {
    pub(crate) fn new() -> Self {
        WeightHistogram { counts: vec![0; ((HIGHEST - LOWEST) * BINS_PER_BIT) as usize + 1], scale: 1.0 }
    }

    /// The same counts, each standing for this many pairs.
    pub(crate) fn scaled(mut self, scale: f64) -> Self {
        self.scale = scale;
        self
    }

    pub(crate) fn add(&mut self, weight: f64) {
        let bin = (weight.clamp(LOWEST, HIGHEST) - LOWEST) * BINS_PER_BIT;
        self.counts[bin as usize] += 1;
    }

    pub(crate) fn merge(mut self, other: &WeightHistogram) -> Self {
        self.counts.iter_mut().zip(&other.counts).for_each(|(mine, theirs)| *mine += theirs);
        self
    }

    /// (posterior, pairs) per bin, highest weight first.
    fn posteriors(&self, prior: f64) -> impl Iterator<Item = (f64, f64)> + '_ {
        let filled = self.counts.iter().enumerate().rev().filter(|(_, count)| **count > 0);
        filled.map(move |(bin, &count)| (posterior(bin as f64 + 0.5, prior), count as f64 * self.scale))
    }

    /// The expected number of matches under a prior.
    pub(crate) fn expected_matches(&self, prior: f64) -> f64 {
        self.posteriors(prior).map(|(posterior, pairs)| posterior * pairs).sum()
    }

    /// The prior at which the expected matches among the candidates are the prior's share of all pairs: the
    /// fixed point of EM on the prior alone, where a pair that was not proposed counts as no match.
    pub(crate) fn fit_prior(&self, all_pairs: f64) -> f64 {
        const ITERATIONS: usize = 200;
        let least = 0.5 / all_pairs.max(1.0);
        let mut prior = (1e-3f64).max(least).min(0.5);
        for _ in 0..ITERATIONS {
            let next = (self.expected_matches(prior) / all_pairs.max(1.0)).clamp(least.min(0.5), 0.5);
            let settled = (next - prior).abs() <= prior * 1e-6;
            prior = next;
            if settled {
                break;
            }
        }
        prior
    }

    /// The posterior that a threshold setting stands for.
    ///
    /// A further pair raises the expected F1 exactly if its posterior is above half of it, so the best threshold is
    /// half of the best F1 (Lipton, Elkan & Naryanaswamy 2014).
    pub(crate) fn threshold(&self, setting: Threshold, prior: f64) -> f64 {
        let all = self.expected_matches(prior);
        let (mut found, mut taken) = (0.0, 0.0);
        let (mut best, mut lowest) = (0.0f64, 1.0);
        let target = match setting {
            Threshold::Precision(target) => target,
            _ => LEAST_AUTO_PRECISION,
        };
        for (bin, &count) in self.counts.iter().enumerate().rev().filter(|(_, count)| **count > 0) {
            let pairs = count as f64 * self.scale;
            found += posterior(bin as f64 + 0.5, prior) * pairs;
            taken += pairs;
            best = best.max(2.0 * found / (taken + all));
            if found / taken >= target {
                // All pairs of the bin are taken, so the lightest must pass; rounding must not keep it out.
                lowest = posterior(bin as f64 - ROUNDING, prior);
            }
        }
        match setting {
            Threshold::Auto if taken == 0.0 => 0.5,
            Threshold::Auto => {
                let precise = if lowest < 1.0 { lowest } else { 0.0 };
                (best / 2.0).max(LOWEST_AUTO).max(precise)
            }
            Threshold::Precision(_) => lowest,
            Threshold::Posterior(fixed) => fixed,
        }
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp)]
mod tests {
    use super::*;

    /// Matches around +20 bits, non-matches around -5 bits.
    fn two_humps(matches: u64, others: u64) -> WeightHistogram {
        let mut histogram = WeightHistogram::new();
        (0..matches).for_each(|i| histogram.add(18.0 + (i % 40) as f64 / 10.0));
        (0..others).for_each(|i| histogram.add(-7.0 + (i % 40) as f64 / 10.0));
        histogram
    }

    #[test]
    fn the_prior_counts_the_matches() {
        let histogram = two_humps(500, 20_000);
        let all_pairs = 1e6;
        let prior = histogram.fit_prior(all_pairs);
        assert!((prior * all_pairs - 500.0).abs() < 5.0, "{}", prior * all_pairs);
        assert!((histogram.expected_matches(prior) - 500.0).abs() < 5.0);
    }

    #[test]
    fn the_threshold_lies_between_the_humps() {
        let histogram = two_humps(500, 20_000);
        let prior = histogram.fit_prior(1e6);
        let posterior = |weight: f64| 1.0 / (1.0 + (-(weight + (prior / (1.0 - prior)).log2())).exp2());
        for setting in [Threshold::Auto, Threshold::Precision(0.9)] {
            let threshold = histogram.threshold(setting, prior);
            assert!(threshold <= posterior(18.1) && threshold > posterior(-3.0), "{setting:?} {threshold}");
        }
        assert!((histogram.threshold(Threshold::Posterior(0.7), prior) - 0.7).abs() < 1e-12);
    }

    #[test]
    fn a_precision_out_of_reach_takes_nothing() {
        let mut histogram = WeightHistogram::new();
        (0..100).for_each(|_| histogram.add(0.0));
        assert!(histogram.threshold(Threshold::Precision(0.99), 0.1) >= 1.0);
    }

    #[test]
    fn an_empty_histogram_has_finite_answers() {
        let histogram = WeightHistogram::new();
        let prior = histogram.fit_prior(0.0);
        assert!(prior > 0.0 && prior <= 0.5);
        assert!((0.0..=1.0).contains(&histogram.threshold(Threshold::Auto, prior)));
    }

    #[test]
    fn extreme_weights_stay_within_the_bins() {
        let mut histogram = WeightHistogram::new();
        for weight in [f64::INFINITY, f64::NEG_INFINITY, 1e9, -1e9] {
            histogram.add(weight);
        }
        assert!(histogram.expected_matches(0.01).is_finite());
    }
}
