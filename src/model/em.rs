//! Expectation–maximisation on counted patterns (Dempster, Laird & Rubin 1977; Winkler 1988 for linkage).
//!
//! Three kinds of sample tell three kinds of things. Random pairs tell u, each pair weighted by how probably it is
//! no match: in a small set with many duplicates even random pairs hold matches. The candidates of a blocking rule
//! tell m, but not of the fields that the rule pins: those agree by construction. All candidates together tell how
//! many matches there are, and so the prior. The posterior of a pair always uses all its comparisons and the prior
//! of a random pair: it does not depend on why the pair was looked at, only on how it compares. Using a match share
//! per rule instead lets a rule that leaves one comparison free call everything a match.

use crate::compare::{Comparator, Comparison, Pattern, PatternLayout};

/// A sample of pairs, counted by pattern.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    /// (pattern, pairs), ascending.
    pub(crate) patterns: Vec<(Pattern, u64)>,
    /// What it tells.
    pub(crate) tells: Tells,
}

/// What a sample is there for.
#[derive(Clone, Debug)]
pub(crate) enum Tells {
    /// Random pairs: chance agreement.
    Chance,
    /// Candidates of one rule: m of the comparisons marked here.
    Matches(Vec<bool>),
    /// Candidates of all rules, each standing for this many: the prior.
    Prior(f64),
}

/// m and u per comparison and level.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Parameters {
    pub(crate) m: Vec<Vec<f64>>,
    pub(crate) u: Vec<Vec<f64>>,
}

/// What EM found.
#[derive(Clone, Debug)]
pub(crate) struct Fit {
    pub(crate) parameters: Parameters,
    /// The share of all pairs that match.
    pub(crate) prior: f64,
    pub(crate) iterations: usize,
    pub(crate) converged: bool,
    /// False where the comparisons could not check each other, and defaults stand in.
    pub(crate) identified: bool,
}

const ITERATIONS: usize = 500;
const TOLERANCE: f64 = 1e-5;
/// Pseudo-pairs behind the prior of m: enough that a level that was never seen keeps a finite weight.
const M_STRENGTH: f64 = 20.0;
/// Pseudo-pairs behind the prior of u.
const U_STRENGTH: f64 = 1.0;
/// A level's prior share of u: chance agreement is rare, disagreement the rule.
const U_AGREEMENT: f64 = 0.01;

/// A prior for m: most matches agree, and errors are the rarer the graver they are.
pub(crate) fn m_prior(comparator: Comparator) -> Vec<f64> {
    let levels = comparator.levels().len();
    let differs = match comparator {
        Comparator::Email | Comparator::Phone => 0.3,
        Comparator::Text => 0.12,
        Comparator::Name | Comparator::PostalCode | Comparator::HouseNumber => 0.2,
        _ => 0.08,
    };
    let middle = levels.saturating_sub(2);
    // Texts are rewritten, other values are mistyped.
    let exact = if comparator == Comparator::Text { 0.3 } else { 0.75 };
    let equal = if middle == 0 { 1.0 - differs } else { exact * (1.0 - differs) };
    let mut m = vec![equal];
    let weights: f64 = (0..middle).map(|i| 0.6f64.powi(i as i32)).sum();
    m.extend((0..middle).map(|i| (1.0 - differs - equal) * 0.6f64.powi(i as i32) / weights));
    m.push(differs);
    m
}

/// What chance agreement is taken to be where it cannot be learned. A single comparison cannot tell matches from
/// chance: any share of matches explains the observed levels, none included. Then values are taken for
/// names that two entities hardly ever share, whatever the number of records with them.
fn u_default(comparator: Comparator) -> Vec<f64> {
    let levels = comparator.levels().len();
    let mut u: Vec<f64> = (0..levels).map(|level| 1e-5 * 6f64.powi(level as i32)).collect();
    u[levels - 1] = 1.0 - u[..levels - 1].iter().sum::<f64>();
    u
}

/// Whether at least two comparisons have values in enough pairs to check each other.
fn identifiable(samples: &[Sample<'_>], comparisons: usize) -> bool {
    const LEAST_SHARE: f64 = 0.01;
    let chance = samples.iter().filter(|sample| matches!(sample.session.tells, Tells::Chance));
    let (mut present, mut all) = (vec![0.0; comparisons], 0.0);
    for sample in chance {
        for at in 0..sample.len() {
            all += sample.pairs(at);
            let levels = sample.levels(at).iter().zip(&mut present);
            levels.filter(|(level, _)| **level > 0).for_each(|(_, count)| *count += sample.pairs(at));
        }
    }
    present.iter().filter(|&&count| count > LEAST_SHARE * all).count() >= 2
}

fn u_prior(levels: usize) -> Vec<f64> {
    let mut u = vec![U_AGREEMENT / (levels - 1) as f64; levels];
    u[levels - 1] = 1.0 - U_AGREEMENT;
    u
}

/// Fits m, u and the prior; `all_pairs` is the number of pairs that the prior is a share of.
pub(crate) fn fit(
    comparisons: &[Comparison],
    layout: &PatternLayout,
    sessions: &[Session],
    all_pairs: f64,
) -> Fit {
    let m_priors: Vec<Vec<f64>> = comparisons.iter().map(|c| m_prior(c.comparator())).collect();
    let u_priors: Vec<Vec<f64>> = comparisons.iter().map(|c| u_prior(c.levels().len())).collect();
    let samples: Vec<Sample<'_>> =
        sessions.iter().enumerate().map(|(at, session)| Sample::new(at, session, layout)).collect();
    if !identifiable(&samples, comparisons.len()) {
        let u = comparisons.iter().map(|c| u_default(c.comparator())).collect();
        return Fit {
            parameters: Parameters { m: m_priors, u },
            prior: 0.5,
            iterations: 0,
            converged: true,
            identified: false,
        };
    }
    // At the start every random pair counts as no match.
    let chance = |sample: &Sample<'_>, at: usize| match sample.session.tells {
        Tells::Chance => sample.pairs(at),
        _ => 0.0,
    };
    let u = maximise(&u_priors, U_STRENGTH, &samples, chance, |_, _| true);
    let mut fit = Fit {
        parameters: Parameters { m: m_priors.clone(), u },
        prior: (1.0 / all_pairs.max(1.0).sqrt()).min(0.1),
        iterations: 0,
        converged: false,
        identified: true,
    };
    while fit.iterations < ITERATIONS && !fit.converged {
        fit.iterations += 1;
        let posteriors: Vec<Vec<f64>> =
            samples.iter().map(|sample| sample.posteriors(&fit.parameters, fit.prior)).collect();
        let by = |sample: &Sample<'_>| &posteriors[sample.index];
        let m = maximise(
            &m_priors,
            M_STRENGTH,
            &samples,
            |sample, at| {
                if let Tells::Matches(_) = sample.session.tells {
                    by(sample)[at] * sample.pairs(at)
                } else {
                    0.0
                }
            },
            |sample, comparison| matches!(&sample.session.tells, Tells::Matches(free) if free[comparison]),
        );
        let u = maximise(
            &u_priors,
            U_STRENGTH,
            &samples,
            |sample, at| chance(sample, at) * (1.0 - by(sample)[at]),
            |_, _| true,
        );
        fit.prior = expected_prior(&samples, &posteriors, all_pairs);
        let next = Parameters { m, u };
        let change = |a: &[Vec<f64>], b: &[Vec<f64>]| {
            let pairs = a.iter().flatten().zip(b.iter().flatten());
            pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
        };
        fit.converged =
            change(&next.m, &fit.parameters.m).max(change(&next.u, &fit.parameters.u)) < TOLERANCE;
        fit.parameters = next;
    }
    fit
}

/// A session with its patterns unpacked.
struct Sample<'a> {
    session: &'a Session,
    /// Levels of all patterns, `comparisons` to a pattern.
    levels: Vec<u8>,
    comparisons: usize,
    index: usize,
}

impl<'a> Sample<'a> {
    fn new(index: usize, session: &'a Session, layout: &PatternLayout) -> Self {
        let comparisons = layout.comparisons();
        let unpack = |&(pattern, _): &(Pattern, u64)| (0..comparisons).map(move |c| layout.level(pattern, c));
        Sample { session, levels: session.patterns.iter().flat_map(unpack).collect(), comparisons, index }
    }

    fn len(&self) -> usize {
        self.session.patterns.len()
    }

    fn levels(&self, at: usize) -> &[u8] {
        &self.levels[at * self.comparisons..(at + 1) * self.comparisons]
    }

    fn pairs(&self, at: usize) -> f64 {
        self.session.patterns[at].1 as f64
    }

    /// The posterior of each pattern.
    fn posteriors(&self, parameters: &Parameters, prior: f64) -> Vec<f64> {
        let weights: Vec<Vec<f64>> = parameters
            .m
            .iter()
            .zip(&parameters.u)
            .map(|(m, u)| std::iter::once(0.0).chain(m.iter().zip(u).map(|(m, u)| (m / u).ln())).collect())
            .collect();
        let odds = (prior / (1.0 - prior)).ln();
        let posterior = |at: usize| {
            let sum: f64 = self
                .levels(at)
                .iter()
                .zip(&weights)
                .map(|(&level, weights)| weights[usize::from(level)])
                .sum();
            1.0 / (1.0 + (-(odds + sum)).exp())
        };
        (0..self.len()).map(posterior).collect()
    }
}

/// The share of all pairs that are expected to match, judged by the candidates; a pair that no rule proposes counts
/// as no match.
fn expected_prior(samples: &[Sample<'_>], posteriors: &[Vec<f64>], all_pairs: f64) -> f64 {
    let matches: f64 = samples
        .iter()
        .zip(posteriors)
        .map(|(sample, posteriors)| match sample.session.tells {
            Tells::Prior(scale) => {
                (0..sample.len()).map(|at| posteriors[at] * sample.pairs(at)).sum::<f64>() * scale
            }
            _ => 0.0,
        })
        .sum();
    ((matches + 0.5) / (all_pairs + 1.0)).clamp(1e-15, 0.5)
}

/// Level shares per comparison from weighted counts and a prior.
fn maximise(
    priors: &[Vec<f64>],
    strength: f64,
    samples: &[Sample<'_>],
    weight: impl Fn(&Sample<'_>, usize) -> f64,
    learns: impl Fn(&Sample<'_>, usize) -> bool,
) -> Vec<Vec<f64>> {
    let mut counts: Vec<Vec<f64>> =
        priors.iter().map(|prior| prior.iter().map(|share| share * strength).collect()).collect();
    for sample in samples {
        let learns: Vec<bool> = (0..counts.len()).map(|comparison| learns(sample, comparison)).collect();
        for at in 0..sample.len() {
            let weight = weight(sample, at);
            if weight == 0.0 {
                continue;
            }
            for (comparison, &level) in sample.levels(at).iter().enumerate() {
                if level > 0 && learns[comparison] {
                    counts[comparison][usize::from(level) - 1] += weight;
                }
            }
        }
    }
    for shares in &mut counts {
        let total: f64 = shares.iter().sum();
        for share in shares {
            *share /= total;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Field, FieldKind};
    use std::collections::BTreeMap;

    fn comparisons() -> Vec<Comparison> {
        [FieldKind::Gender, FieldKind::Region, FieldKind::Country, FieldKind::Url]
            .map(|kind| Comparison::new(Field::new(kind, ""), Comparator::Exact))
            .to_vec()
    }

    /// A stream of numbers in [0, 1).
    fn draws(seed: u64) -> impl FnMut() -> f64 {
        let mut at = 0;
        move || {
            at += 1;
            (crate::text::combine(seed, at) >> 11) as f64 / (1u64 << 53) as f64
        }
    }

    /// Pairs of which a share are matches, agreeing with the probabilities given; a rule pins what it pins.
    fn session(
        share: f64,
        m: &[f64],
        u: &[f64],
        pinned: &[usize],
        pairs: usize,
        tells: Tells,
        seed: u64,
    ) -> Session {
        let layout = PatternLayout::new(&vec![2; m.len()]);
        let mut draw = draws(seed);
        let mut counts: BTreeMap<Pattern, u64> = BTreeMap::new();
        for _ in 0..pairs {
            let agreement = if draw() < share { m } else { u };
            let level = |(at, &p): (usize, &f64)| if pinned.contains(&at) || draw() < p { 1 } else { 2 };
            let levels: Vec<u8> = agreement.iter().enumerate().map(level).collect();
            *counts.entry(layout.pack(&levels)).or_default() += 1;
        }
        Session { patterns: counts.into_iter().collect(), tells }
    }

    #[test]
    fn known_parameters_are_found_again() {
        let (m, u) = ([0.9, 0.8, 0.95, 0.7], [0.02, 0.01, 0.03, 0.005]);
        let all_pairs = 1e6;
        // Rules that pin one comparison each; a random pair agrees there with u, so the share among candidates follows.
        let share = |pin: usize| 1e-3 * m[pin] / (1e-3 * m[pin] + (1.0 - 1e-3) * u[pin]);
        let mut sessions = vec![session(1e-3, &m, &u, &[], 200_000, Tells::Chance, 1)];
        for pin in 0..2 {
            let free = (0..4).map(|at| at != pin).collect();
            sessions.push(session(share(pin), &m, &u, &[pin], 30_000, Tells::Matches(free), 2 + pin as u64));
        }
        let candidates = all_pairs * (1e-3 * m[0] + (1.0 - 1e-3) * u[0]);
        sessions.push(session(share(0), &m, &u, &[0], 20_000, Tells::Prior(candidates / 20_000.0), 9));
        let fit = fit(&comparisons(), &PatternLayout::new(&[2; 4]), &sessions, all_pairs);
        assert!(fit.converged && fit.identified);
        for at in 0..4 {
            assert!((fit.parameters.m[at][0] - m[at]).abs() < 0.05, "m {at}: {:?}", fit.parameters.m[at]);
            assert!((fit.parameters.u[at][0] - u[at]).abs() < 0.005, "u {at}: {:?}", fit.parameters.u[at]);
        }
    }

    #[test]
    fn a_level_that_was_never_seen_keeps_a_finite_weight() {
        let sessions = [session(0.0, &[1.0; 4], &[0.0; 4], &[], 1_000, Tells::Chance, 1)];
        let fit = fit(&comparisons(), &PatternLayout::new(&[2; 4]), &sessions, 1e6);
        let probabilities = fit.parameters.m.iter().chain(&fit.parameters.u).flatten();
        assert!(probabilities.clone().all(|&p| p > 0.0 && p < 1.0));
        assert_eq!(probabilities.count(), 16);
    }

    #[test]
    fn one_comparison_alone_is_not_identifiable() {
        let one = &comparisons()[..1];
        let sessions = [session(0.1, &[0.9], &[0.1], &[], 10_000, Tells::Chance, 1)];
        let fit = fit(one, &PatternLayout::new(&[2]), &sessions, 1e6);
        assert!(!fit.identified);
        assert_eq!(fit.parameters.u[0], u_default(Comparator::Exact));
    }

    #[test]
    fn priors_are_distributions() {
        for comparator in
            [Comparator::GivenName, Comparator::Text, Comparator::Exact, Comparator::Email, Comparator::Date]
        {
            for prior in [m_prior(comparator), u_default(comparator), u_prior(comparator.levels().len())] {
                assert_eq!(prior.len(), comparator.levels().len());
                assert!((prior.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{comparator:?} {prior:?}");
                assert!(prior.iter().all(|&p| p > 0.0));
            }
        }
    }
}
