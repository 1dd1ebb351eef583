//! Expectation–maximisation on counted patterns (Dempster, Laird & Rubin 1977; Winkler 1988 for linkage).
//!
//! Several sessions share one set of m probabilities: the random pairs, and the candidates of each blocking rule.
//! A session leaves out the comparisons of the fields that its rule pins (they agree by construction) and has a
//! match share of its own. u comes from the random pairs alone, weighted by how probably each is no match: in a
//! small set with many duplicates even random pairs hold matches.

use crate::compare::{Comparator, Comparison, Pattern, PatternLayout};

/// The pairs of one session, counted by pattern.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    /// (pattern, pairs), ascending.
    pub(crate) patterns: Vec<(Pattern, u64)>,
    /// Per comparison: whether the session learns from it.
    pub(crate) used: Vec<bool>,
    /// Whether the session is the sample of random pairs.
    pub(crate) random: bool,
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
    pub(crate) iterations: usize,
    pub(crate) converged: bool,
    /// Expected matches in all sessions of rules.
    pub(crate) matches: f64,
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
        Comparator::Name | Comparator::PostalCode | Comparator::HouseNumber | Comparator::Text => 0.2,
        _ => 0.08,
    };
    let middle = levels.saturating_sub(2);
    let equal = if middle == 0 { 1.0 - differs } else { 0.75 * (1.0 - differs) };
    let mut m = vec![equal];
    let weights: f64 = (0..middle).map(|i| 0.6f64.powi(i as i32)).sum();
    m.extend((0..middle).map(|i| (1.0 - differs - equal) * 0.6f64.powi(i as i32) / weights));
    m.push(differs);
    m
}

fn u_prior(levels: usize) -> Vec<f64> {
    let mut u = vec![U_AGREEMENT / (levels - 1) as f64; levels];
    u[levels - 1] = 1.0 - U_AGREEMENT;
    u
}

/// Fits m, u and each session's match share.
pub(crate) fn fit(comparisons: &[Comparison], layout: &PatternLayout, sessions: &[Session]) -> Fit {
    let m_priors: Vec<Vec<f64>> = comparisons.iter().map(|c| m_prior(c.comparator())).collect();
    let u_priors: Vec<Vec<f64>> = comparisons.iter().map(|c| u_prior(c.levels().len())).collect();
    let levels: Vec<Vec<Vec<u8>>> = sessions
        .iter()
        .map(|session| {
            let unpack =
                |pattern: Pattern| (0..comparisons.len()).map(|c| layout.level(pattern, c)).collect();
            session.patterns.iter().map(|&(pattern, _)| unpack(pattern)).collect()
        })
        .collect();
    let mut parameters = Parameters { m: m_priors.clone(), u: u_priors.clone() };
    // The first u: every random pair counts as no match.
    parameters.u =
        maximise(&u_priors, U_STRENGTH, sessions, &levels, |s, _| if s.random { 1.0 } else { 0.0 }, &[]);
    let mut shares: Vec<f64> =
        sessions.iter().map(|session| if session.random { 1e-4 } else { 0.1 }).collect();
    let mut fit = Fit { parameters, iterations: 0, converged: false, matches: 0.0 };
    while fit.iterations < ITERATIONS && !fit.converged {
        fit.iterations += 1;
        let posteriors = expect(sessions, &levels, &fit.parameters, &mut shares);
        let next = Parameters {
            m: maximise(&m_priors, M_STRENGTH, sessions, &levels, |_, posterior| posterior, &posteriors),
            u: maximise(
                &u_priors,
                U_STRENGTH,
                sessions,
                &levels,
                |session, posterior| if session.random { 1.0 - posterior } else { 0.0 },
                &posteriors,
            ),
        };
        let change = |a: &[Vec<f64>], b: &[Vec<f64>]| {
            let pairs = a.iter().flatten().zip(b.iter().flatten());
            pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
        };
        fit.converged =
            change(&next.m, &fit.parameters.m).max(change(&next.u, &fit.parameters.u)) < TOLERANCE;
        fit.parameters = next;
    }
    fit.matches = sessions
        .iter()
        .zip(&shares)
        .filter(|(session, _)| !session.random)
        .map(|(session, share)| share * session.patterns.iter().map(|&(_, pairs)| pairs as f64).sum::<f64>())
        .sum();
    fit
}

/// The posterior of each pattern of each session; updates the sessions' match shares.
fn expect(
    sessions: &[Session],
    levels: &[Vec<Vec<u8>>],
    parameters: &Parameters,
    shares: &mut [f64],
) -> Vec<Vec<f64>> {
    let weights: Vec<Vec<f64>> = parameters
        .m
        .iter()
        .zip(&parameters.u)
        .map(|(m, u)| m.iter().zip(u).map(|(m, u)| (m / u).ln()).collect())
        .collect();
    let mut all = Vec::with_capacity(sessions.len());
    for ((session, levels), share) in sessions.iter().zip(levels).zip(shares) {
        let prior = (*share / (1.0 - *share)).ln();
        let posterior = |levels: &Vec<u8>| {
            let terms = levels.iter().zip(&weights).zip(&session.used);
            let sum: f64 = terms
                .filter(|((level, _), used)| **used && **level > 0)
                .map(|((&level, weights), _)| weights[usize::from(level) - 1])
                .sum();
            1.0 / (1.0 + (-(prior + sum)).exp())
        };
        let posteriors: Vec<f64> = levels.iter().map(posterior).collect();
        let total: f64 = session.patterns.iter().map(|&(_, pairs)| pairs as f64).sum();
        let matches: f64 =
            posteriors.iter().zip(&session.patterns).map(|(p, &(_, pairs))| p * pairs as f64).sum();
        // Half a pseudo-match in a hundred pseudo-pairs keeps the share off 0 and 1.
        *share = ((matches + 0.5) / (total + 100.0)).clamp(1e-9, 0.95);
        all.push(posteriors);
    }
    all
}

/// Level shares per comparison from responsibility-weighted counts and a prior.
fn maximise(
    priors: &[Vec<f64>],
    strength: f64,
    sessions: &[Session],
    levels: &[Vec<Vec<u8>>],
    responsibility: impl Fn(&Session, f64) -> f64,
    posteriors: &[Vec<f64>],
) -> Vec<Vec<f64>> {
    let mut counts: Vec<Vec<f64>> =
        priors.iter().map(|prior| prior.iter().map(|share| share * strength).collect()).collect();
    for (s, session) in sessions.iter().enumerate() {
        for (p, &(_, pairs)) in session.patterns.iter().enumerate() {
            let posterior = posteriors.get(s).map_or(0.0, |posteriors| posteriors[p]);
            let weight = responsibility(session, posterior) * pairs as f64;
            if weight == 0.0 {
                continue;
            }
            for (comparison, &level) in levels[s][p].iter().enumerate() {
                if level > 0 && session.used[comparison] {
                    counts[comparison][usize::from(level) - 1] += weight;
                }
            }
        }
    }
    for shares in &mut counts {
        let total: f64 = shares.iter().sum();
        shares.iter_mut().for_each(|share| *share /= total);
    }
    counts
}
