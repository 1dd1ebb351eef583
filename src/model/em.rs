//! Expectation–maximisation on counted patterns (Dempster, Laird & Rubin 1977; Winkler 1988 for linkage).
//!
//! Three kinds of sample tell three kinds of things. Random pairs tell u, each pair weighted by how probably it is
//! no match: in a small set with many duplicates even random pairs hold matches. The candidates of a blocking rule
//! tell m, but not of the fields that the rule pins: those agree by construction. All candidates together tell how
//! many matches there are, and so the prior. The posterior of a pair always uses all its comparisons and the prior
//! of a random pair: it does not depend on why the pair was looked at, only on how it compares. Using a match share
//! per rule instead lets a rule that leaves one comparison free call everything a match.
//!
//! Pairs that do not match are of two sorts. Most are strangers, who agree by chance. Some are related: different
//! persons of one household agree on surname, street, postal code and telephone at once. With one class for both, the
//! agreement of relatives makes a second hump, and EM takes households for the entities. So where fields that
//! belong to one person alone (given names, the date of birth) stand beside fields that a household shares, related
//! pairs are a class of their own: on a person's own fields they agree by chance, like strangers, and on the others
//! as r says, which is learned like m. Only persons are related; colleagues, who share the employer and its address,
//! are too.
//!
//! Matches are of two sorts as well. Of some, one record has another address: then street, number, postal code and city
//! differ together, once, and not each by itself. They are a class with the shares q on the parts of an address, and m
//! on everything else.

use crate::compare::organisation;
use crate::compare::{Comparator, Comparison, Pattern, PatternLayout};
use crate::schema::FieldKind;
use crate::technique::{Technique, Techniques};

/// A sample of pairs, counted by pattern.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    /// (pattern, whether both records are persons, pairs), ascending.
    pub(crate) patterns: Vec<(Pattern, bool, u64)>,
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

/// m, u and r per comparison and level: the shares of the levels among matches, strangers and related pairs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Parameters {
    pub(crate) m: Vec<Vec<f64>>,
    pub(crate) u: Vec<Vec<f64>>,
    /// None where relatives agree by chance: on what is a person's own, and everywhere if there is no such class.
    pub(crate) r: Vec<Option<Vec<f64>>>,
    /// Among matches of whom one record has another address; none for what is no part of an address, and everywhere if
    /// there is no such class.
    pub(crate) q: Vec<Option<Vec<f64>>>,
}

/// The shares of the classes among all pairs; strangers are the rest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Shares {
    pub(crate) matches: f64,
    pub(crate) related: f64,
    /// Of the matches, those with another address.
    pub(crate) moved: f64,
}

/// What EM found.
#[derive(Clone, Debug)]
pub(crate) struct Fit {
    pub(crate) parameters: Parameters,
    pub(crate) shares: Shares,
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
        Comparator::Text | Comparator::Organisation => 0.12,
        Comparator::Name | Comparator::PostalCode | Comparator::HouseNumber => 0.2,
        _ => 0.08,
    };
    let middle = levels.saturating_sub(2);
    // Texts are rewritten, other values are mistyped.
    let rewritten = matches!(comparator, Comparator::Text | Comparator::Organisation);
    let exact = if rewritten { 0.3 } else { 0.75 };
    let equal = if middle == 0 { 1.0 - differs } else { exact * (1.0 - differs) };
    let mut m = vec![equal];
    let weights: f64 = (0..middle).map(|i| 0.6f64.powi(i as i32)).sum();
    m.extend((0..middle).map(|i| (1.0 - differs - equal) * 0.6f64.powi(i as i32) / weights));
    m.push(differs);
    m
}

/// What only one person has: relatives agree on it by chance.
fn is_own(kind: FieldKind) -> bool {
    use FieldKind as K;
    matches!(kind, K::GivenName | K::MiddleName | K::BirthDate | K::NationalId)
}

/// What hardly changes: names, and the date of birth.
fn is_name_of_entity(kind: FieldKind) -> bool {
    is_own(kind) || kind == FieldKind::FamilyName
}

/// The largest share of matches that may disagree on what hardly changes.
const MOST_DISAGREEMENT: f64 = 0.3;

/// Keeps matches what they are: records of one person mostly agree on names and date of birth. In a list without
/// duplicates the class of matches would else wander to the pairs that come closest, such as relatives and neighbours.
fn mostly_agree(m: &mut [f64]) {
    let Some((differs, agree)) = m.split_last_mut() else { return };
    if *differs > MOST_DISAGREEMENT {
        let factor = (1.0 - MOST_DISAGREEMENT) / (1.0 - *differs);
        for share in agree {
            *share *= factor;
        }
        *differs = MOST_DISAGREEMENT;
    }
}

/// What stands in an address and changes with it.
fn is_part_of_address(kind: FieldKind) -> bool {
    use FieldKind as K;
    matches!(
        kind,
        K::Street | K::HouseNumber | K::AddressExtra | K::PostalCode | K::City | K::Region | K::Country
    )
}

/// The prior share of matches with another address, and the matches behind it.
const MOVED: (f64, f64) = (0.15, 20.0);

/// A prior for the parts of two addresses of one person: they mostly differ; city and country often stay.
fn q_prior(levels: usize) -> Vec<f64> {
    let agree = 0.2;
    let mut q = vec![agree / (levels - 1) as f64; levels];
    q[levels - 1] = 1.0 - agree;
    q
}

/// The comparisons that are parts of an address; all false where an address has fewer than two parts, or little stands
/// beside it: a class of matches with another address would then take in whoever is left.
fn parts_of_address(comparisons: &[Comparison]) -> Vec<bool> {
    let parts: Vec<bool> = comparisons.iter().map(|c| is_part_of_address(c.field().kind)).collect();
    let count = parts.iter().filter(|part| **part).count();
    let exists = count >= 2 && comparisons.len() - count >= 2;
    parts.into_iter().map(|part| part && exists).collect()
}

/// The comparisons on which relatives agree more than by chance; all false where the fields cannot tell relatives
/// from matches: that takes a person's own field, and two that a household shares.
fn shared_by_relatives(comparisons: &[Comparison]) -> Vec<bool> {
    use FieldKind as K;
    let any = |kinds: &[FieldKind]| comparisons.iter().filter(|c| kinds.contains(&c.field().kind)).count();
    let own = any(&[K::GivenName, K::BirthDate, K::NationalId]);
    let contact = [K::Street, K::PostalCode, K::City, K::Phone, K::Email];
    let exists = own > 0 && any(&[K::FamilyName]) > 0 && any(&contact) > 0;
    comparisons.iter().map(|comparison| exists && !is_own(comparison.field().kind)).collect()
}

/// Makes a better level weigh no less than a worse one: where the ratio m / u rises from a level to the next, both are
/// pooled (Ayer et al. 1955). Levels that strangers hardly reach are estimated from few pairs, so they come out of order.
fn make_monotone(m: &mut [f64], u: &[f64]) {
    let mut pools: Vec<(f64, f64, usize)> = Vec::with_capacity(m.len());
    for (&m, &u) in m.iter().zip(u) {
        let mut pool = (m, u, 1);
        while let Some(before) = pools.pop_if(|before| before.0 * pool.1 < pool.0 * before.1) {
            pool = (before.0 + pool.0, before.1 + pool.1, before.2 + pool.2);
        }
        pools.push(pool);
    }
    let ratios = pools.iter().flat_map(|&(m, u, levels)| std::iter::repeat_n(m / u, levels));
    m.iter_mut().zip(u).zip(ratios).for_each(|((m, u), ratio)| *m = ratio * u);
}

/// What chance agreement is taken to be where it cannot be learned. A single comparison cannot tell matches from
/// chance: any share of matches explains the observed levels, none included. Then values are taken for
/// names that two entities hardly ever share, whatever the number of records with them.
fn u_default(comparator: Comparator) -> Vec<f64> {
    let levels = comparator.levels().len();
    if comparator == Comparator::Organisation {
        return u_by_bits(&m_prior(comparator));
    }
    let mut u: Vec<f64> = (0..levels).map(|level| 1e-5 * 6f64.powi(level as i32)).collect();
    u[levels - 1] = 1.0 - u[..levels - 1].iter().sum::<f64>();
    u
}

/// Chance agreement on names of organisations: their levels are told in bits, which are what they weigh.
fn u_by_bits(m: &[f64]) -> Vec<f64> {
    /// Equal names weigh as much as names do that share most.
    const EQUAL: f64 = 18.0;
    let least = organisation::LEAST_BITS.map(f64::from);
    let middle = |at: usize| if at == 0 { least[0] } else { f64::midpoint(least[at - 1], least[at]) };
    let bits = std::iter::once(EQUAL).chain((0..least.len()).map(middle));
    let mut u: Vec<f64> = m.iter().zip(bits).map(|(m, bits)| m * (-bits).exp2()).collect();
    u.push(1.0 - u.iter().sum::<f64>());
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
    techniques: Techniques,
) -> Fit {
    let m_priors: Vec<Vec<f64>> = comparisons.iter().map(|c| m_prior(c.comparator())).collect();
    let u_priors: Vec<Vec<f64>> = comparisons.iter().map(|c| u_prior(c.levels().len())).collect();
    let samples: Vec<Sample<'_>> =
        sessions.iter().enumerate().map(|(at, session)| Sample::new(at, session, layout)).collect();
    if !identifiable(&samples, comparisons.len()) {
        let u = comparisons.iter().map(|c| u_default(c.comparator())).collect();
        let none = vec![None; comparisons.len()];
        return Fit {
            parameters: Parameters { m: m_priors, u, r: none.clone(), q: none },
            shares: Shares { matches: 0.5, related: 0.0, moved: 0.0 },
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
    let mut shared = shared_by_relatives(comparisons);
    if !techniques.has(Technique::HouseholdClass) {
        shared.fill(false);
    }
    let has_related = shared.contains(&true);
    let r = m_priors.iter().zip(&shared).map(|(prior, &shared)| shared.then(|| prior.clone())).collect();
    let mut of_address = parts_of_address(comparisons);
    if !techniques.has(Technique::MovedClass) {
        of_address.fill(false);
    }
    let has_moved = of_address.contains(&true);
    let q_priors: Vec<Vec<f64>> = comparisons.iter().map(|c| q_prior(c.levels().len())).collect();
    let q: Vec<_> =
        q_priors.iter().zip(&of_address).map(|(prior, &part)| part.then(|| prior.clone())).collect();
    let matches = (1.0 / all_pairs.max(1.0).sqrt()).min(0.1);
    let mut fit = Fit {
        parameters: Parameters { m: m_priors.clone(), u, r, q },
        shares: Shares {
            matches,
            related: if has_related { matches } else { 0.0 },
            moved: if has_moved { MOVED.0 } else { 0.0 },
        },
        iterations: 0,
        converged: !techniques.has(Technique::ExpectationMaximisation),
        identified: true,
    };
    while fit.iterations < ITERATIONS && !fit.converged {
        fit.iterations += 1;
        let posteriors: Vec<Vec<Posterior>> =
            samples.iter().map(|sample| sample.posteriors(&fit.parameters, fit.shares)).collect();
        let by = |sample: &Sample<'_>, at: usize| posteriors[sample.index][at];
        let learns = |sample: &Sample<'_>, comparison: usize| matches!(&sample.session.tells, Tells::Matches(free) if free[comparison]);
        let candidates = |sample: &Sample<'_>, at: usize| match sample.session.tells {
            Tells::Matches(_) => sample.pairs(at),
            _ => 0.0,
        };
        let weight = |sample: &Sample<'_>, at| candidates(sample, at) * by(sample, at).all_matches();
        let mut m = maximise(&m_priors, M_STRENGTH, &samples, weight, learns);
        let q = if has_moved {
            // Of an address, those who stayed tell m.
            let weight = |sample: &Sample<'_>, at| candidates(sample, at) * by(sample, at).matches;
            let stayed = maximise(&m_priors, M_STRENGTH, &samples, weight, learns);
            m.iter_mut()
                .zip(stayed)
                .zip(&of_address)
                .filter(|(_, part)| **part)
                .for_each(|((m, stayed), _)| *m = stayed);
            let weight = |sample: &Sample<'_>, at| candidates(sample, at) * by(sample, at).moved;
            let q = maximise(&q_priors, M_STRENGTH, &samples, weight, learns);
            q.into_iter().zip(&of_address).map(|(q, part)| part.then_some(q)).collect()
        } else {
            vec![None; comparisons.len()]
        };
        m.iter_mut()
            .zip(comparisons)
            .filter(|(_, c)| is_name_of_entity(c.field().kind))
            .for_each(|(m, _)| mostly_agree(m));
        let u = |sample: &Sample<'_>, at| chance(sample, at) * by(sample, at).strangers();
        let u = maximise(&u_priors, U_STRENGTH, &samples, u, |_, _| true);
        let r = if has_related {
            let r = |sample: &Sample<'_>, at| candidates(sample, at) * by(sample, at).related;
            let r = maximise(&m_priors, M_STRENGTH, &samples, r, learns);
            r.into_iter().zip(&shared).map(|(r, shared)| shared.then_some(r)).collect()
        } else {
            vec![None; comparisons.len()]
        };
        fit.shares = expected_shares(&samples, &posteriors, all_pairs);
        let next = Parameters { m, u, r, q };
        fit.converged = next.change(&fit.parameters) < TOLERANCE;
        fit.parameters = next;
    }
    let texts =
        comparisons.iter().map(|c| matches!(c.comparator(), Comparator::Text | Comparator::Organisation));
    let Parameters { m, u, .. } = &mut fit.parameters;
    m.iter_mut().zip(u).zip(texts).filter(|(_, text)| *text).for_each(|((m, u), _)| make_monotone(m, u));
    fit
}

impl Parameters {
    /// The largest difference of any probability.
    fn change(&self, other: &Parameters) -> f64 {
        let all = |parameters: &Parameters| -> Vec<f64> {
            let related = parameters.r.iter().chain(&parameters.q).flatten();
            parameters.m.iter().chain(&parameters.u).chain(related).flatten().copied().collect()
        };
        all(self).iter().zip(all(other)).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    }
}

/// The probabilities that pairs with a pattern match, or are related.
#[derive(Clone, Copy, Debug)]
struct Posterior {
    /// A match that has the same address, or of which nothing is known.
    matches: f64,
    moved: f64,
    related: f64,
}

impl Posterior {
    fn all_matches(self) -> f64 {
        self.matches + self.moved
    }

    fn strangers(self) -> f64 {
        (1.0 - self.matches - self.moved - self.related).max(0.0)
    }
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
        let unpack =
            |&(pattern, ..): &(Pattern, bool, u64)| (0..comparisons).map(move |c| layout.level(pattern, c));
        Sample { session, levels: session.patterns.iter().flat_map(unpack).collect(), comparisons, index }
    }

    fn len(&self) -> usize {
        self.session.patterns.len()
    }

    fn levels(&self, at: usize) -> &[u8] {
        &self.levels[at * self.comparisons..(at + 1) * self.comparisons]
    }

    fn pairs(&self, at: usize) -> f64 {
        self.session.patterns[at].2 as f64
    }

    /// The posteriors of each pattern.
    fn posteriors(&self, parameters: &Parameters, shares: Shares) -> Vec<Posterior> {
        let logs = |above: &[f64], below: &[f64]| -> Vec<f64> {
            let ratios = above.iter().zip(below).map(|(above, below)| (above / below).ln());
            std::iter::once(0.0).chain(ratios).collect()
        };
        let against_strangers = parameters.m.iter().zip(&parameters.u).zip(&parameters.r).zip(&parameters.q);
        let weights: Vec<[Vec<f64>; 3]> = against_strangers
            .map(|(((m, u), r), q)| {
                [logs(m, u), logs(q.as_ref().unwrap_or(m), u), logs(r.as_ref().unwrap_or(u), u)]
            })
            .collect();
        let strangers = 1.0 - shares.matches - shares.related;
        let odds = [
            (shares.matches * (1.0 - shares.moved) / strangers).ln(),
            (shares.matches * shares.moved / strangers).ln(),
            (shares.related / strangers).ln(),
        ];
        let posterior = |at: usize| {
            let [mut matches, mut moved, mut related] = odds;
            for (&level, weights) in self.levels(at).iter().zip(&weights) {
                matches += weights[0][usize::from(level)];
                moved += weights[1][usize::from(level)];
                related += weights[2][usize::from(level)];
            }
            // Against the largest of the three, so that nothing overflows.
            if !self.session.patterns[at].1 {
                related = f64::NEG_INFINITY;
            }
            let largest = matches.max(moved).max(related).max(0.0);
            let [matches, moved, related] = [matches, moved, related].map(|odds| (odds - largest).exp());
            let all = matches + moved + related + (-largest).exp();
            Posterior { matches: matches / all, moved: moved / all, related: related / all }
        };
        (0..self.len()).map(posterior).collect()
    }
}

/// The shares of all pairs that are expected to match and to be related, judged by the candidates; a pair that no rule
/// proposes counts as neither.
fn expected_shares(samples: &[Sample<'_>], posteriors: &[Vec<Posterior>], all_pairs: f64) -> Shares {
    let (mut matches, mut moved, mut related) = (0.0, 0.0, 0.0);
    for (sample, posteriors) in samples.iter().zip(posteriors) {
        if let Tells::Prior(scale) = sample.session.tells {
            for (at, posterior) in posteriors.iter().enumerate() {
                matches += posterior.all_matches() * sample.pairs(at) * scale;
                moved += posterior.moved * sample.pairs(at) * scale;
                related += posterior.related * sample.pairs(at) * scale;
            }
        }
    }
    Shares {
        matches: ((matches + 0.5) / (all_pairs + 1.0)).clamp(1e-15, 0.5),
        related: (related / (all_pairs + 1.0)).clamp(0.0, 0.4),
        moved: if moved > 0.0 { (moved + MOVED.0 * MOVED.1) / (matches + MOVED.1) } else { 0.0 },
    }
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
        let patterns = counts.into_iter().map(|(pattern, count)| (pattern, true, count));
        Session { patterns: patterns.collect(), tells }
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
        let fit =
            fit(&comparisons(), &PatternLayout::new(&[2; 4]), &sessions, all_pairs, Techniques::default());
        assert!(fit.converged && fit.identified);
        for at in 0..4 {
            assert!((fit.parameters.m[at][0] - m[at]).abs() < 0.05, "m {at}: {:?}", fit.parameters.m[at]);
            assert!((fit.parameters.u[at][0] - u[at]).abs() < 0.005, "u {at}: {:?}", fit.parameters.u[at]);
        }
    }

    #[test]
    fn a_level_that_was_never_seen_keeps_a_finite_weight() {
        let sessions = [session(0.0, &[1.0; 4], &[0.0; 4], &[], 1_000, Tells::Chance, 1)];
        let fit = fit(&comparisons(), &PatternLayout::new(&[2; 4]), &sessions, 1e6, Techniques::default());
        let probabilities = fit.parameters.m.iter().chain(&fit.parameters.u).flatten();
        assert!(probabilities.clone().all(|&p| p > 0.0 && p < 1.0));
        assert_eq!(probabilities.count(), 16);
    }

    #[test]
    fn one_comparison_alone_is_not_identifiable() {
        let one = &comparisons()[..1];
        let sessions = [session(0.1, &[0.9], &[0.1], &[], 10_000, Tells::Chance, 1)];
        let fit = fit(one, &PatternLayout::new(&[2]), &sessions, 1e6, Techniques::default());
        assert!(!fit.identified);
        assert_eq!(fit.parameters.u[0], u_default(Comparator::Exact));
    }

    proptest::proptest! {
        #[test]
        fn a_better_level_weighs_no_less(shares in proptest::collection::vec((1e-6..1.0f64, 1e-9..1.0f64), 1..9)) {
            let (mut m, u): (Vec<f64>, Vec<f64>) = shares.into_iter().unzip();
            let before = m.clone();
            make_monotone(&mut m, &u);
            let weights: Vec<f64> = m.iter().zip(&u).map(|(m, u)| (m / u).log2()).collect();
            proptest::prop_assert!(weights.windows(2).all(|pair| pair[0] >= pair[1] - 1e-9), "{:?}", weights);
            proptest::prop_assert!((m.iter().sum::<f64>() - before.iter().sum::<f64>()).abs() < 1e-9);
            // What is in order already stays.
            let again = m.clone();
            make_monotone(&mut m, &u);
            proptest::prop_assert!(m.iter().zip(&again).all(|(m, again)| (m - again).abs() <= 1e-9 * again));
        }
    }

    #[test]
    fn priors_are_distributions() {
        for comparator in [
            Comparator::GivenName,
            Comparator::Text,
            Comparator::Organisation,
            Comparator::Exact,
            Comparator::Email,
            Comparator::Date,
        ] {
            for prior in [m_prior(comparator), u_default(comparator), u_prior(comparator.levels().len())] {
                assert_eq!(prior.len(), comparator.levels().len());
                assert!((prior.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{comparator:?} {prior:?}");
                assert!(prior.iter().all(|&p| p > 0.0));
            }
        }
    }
}
