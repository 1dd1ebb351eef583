//! The default plan, from the kinds present and a census of a sample.
//!
//! Each kind offers key parts, each with the share of true pairs that is expected to agree on it (a prior that
//! holds for customer data at large, not for one data set). Rules are single parts and conjunctions of two
//! fields' parts. The choice is greedy: the rule that finds the most expected pairs not yet found, per
//! candidate pair that it costs, until the budget of pairs is spent or nothing is gained. Spent are distinct pairs: those
//! that a rule chosen before has too cost nothing. Expected finds are
//! counted on simulated true pairs, where the parts of one field agree together: a typo that spoils the
//! phonetic key has spoiled the exact one. The simulated pairs differ in how hard they are: errors cluster in some
//! records, and without that the choice would stop at rules that find only the easy ones.
//!
//! A rule whose blocks would eat the budget splits them at a smaller size, so that a rule with some huge blocks (a
//! frequent word) can still contribute its small ones.

use rayon::prelude::*;

use crate::block::sample::{Sample, SampledBlocks, SeenPairs};
use crate::block::{BlockingRule, KeyFunction, KeyPart, Plan, census};
use crate::id::FieldId;
use crate::record::Records;
use crate::schema::{Field, FieldKind, LinkMode};
use crate::technique::{Technique, Techniques};
use crate::text;

/// The limit of candidate pairs per record, unless set: of few records, and of many.
const PAIRS_PER_RECORD: (u64, u64) = (100, 8);
/// So many pairs take a second or two: up to there the limit stays as it is for few records.
const AFFORDABLE_PAIRS: u64 = 5_000_000;
/// So many pairs take a fraction of a second: a limit that saves less would only lose matches, most of all in a small
/// list with many records of each entity.
const CHEAP_PAIRS: u64 = 500_000;

/// What the default plan may cost.
///
/// ```
/// let options = onefold::block::PlanOptions::default();
/// assert_eq!(options.limit(20_000), 100);
/// assert_eq!(options.limit(1_000_000), 8);
/// assert_eq!(options.limit(2_000), 250);
/// assert_eq!(options.with_pairs_per_record(20).limit(2_000), 20);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlanOptions {
    /// Which pairs may be proposed.
    pub mode: LinkMode,
    /// Candidate pairs per record, over all rules that are chosen; of given rules, the size above which a block is
    /// split. None for 100; for more where there are so few records
    /// that half a million pairs are more; and for fewer, at least 8, where there are so many that they would make more than
    /// five million pairs: the surest pairs come first, and what the others add is less than what they cost.
    pub pairs_per_record: Option<u64>,
    /// Which keys are offered, and whether oversized blocks are split.
    pub techniques: Techniques,
}

impl PlanOptions {
    /// The same options with another mode.
    #[must_use]
    pub fn with_mode(mut self, mode: LinkMode) -> Self {
        self.mode = mode;
        self
    }

    /// The same options with another limit.
    #[must_use]
    pub fn with_pairs_per_record(mut self, pairs: u64) -> Self {
        self.pairs_per_record = Some(pairs.max(1));
        self
    }

    /// The limit of candidate pairs per record among so many records.
    pub fn limit(&self, records: usize) -> u64 {
        let (of_few, of_many) = PAIRS_PER_RECORD;
        let each = |pairs: u64| pairs / (records as u64).max(1);
        let affordable = each(AFFORDABLE_PAIRS).clamp(of_many, of_few);
        self.pairs_per_record.unwrap_or(affordable.max(each(CHEAP_PAIRS)))
    }

    /// The same options with other techniques.
    #[must_use]
    pub fn with_techniques(mut self, techniques: Techniques) -> Self {
        self.techniques = techniques;
        self
    }
}

/// Chooses rules for these records, or takes the given ones, and freezes their splits.
///
/// ```
/// use onefold::block::{PlanOptions, default_plan};
/// use onefold::record::{RawRecords, RecordsBuilder};
/// let records = RecordsBuilder::new(RawRecords::default(), vec![]).finish();
/// let plan = default_plan(&records, None, &PlanOptions::default());
/// assert!(plan.rules().is_empty());
/// ```
pub fn default_plan(records: &Records, rules: Option<Vec<BlockingRule>>, options: &PlanOptions) -> Plan {
    let parts = offered_parts(records, options.techniques);
    let limit = options.limit(records.len());
    let options = &options.with_pairs_per_record(limit);
    let (rules, spare) = if let Some(rules) = rules {
        (rules.into_iter().map(|rule| (rule, limit as usize)).collect(), 0)
    } else {
        let spare = limit.saturating_mul(records.len() as u64) / SPARE;
        (choose(records, &parts, options), spare)
    };
    let (rules, largest): (Vec<BlockingRule>, Vec<usize>) = rules.into_iter().unzip();
    let splits = options.techniques.has(Technique::BlockSplitting);
    let splitters =
        parts.into_iter().filter(|offer| splits && offer.splits).map(|offer| offer.part).collect();
    let plan = Plan::new(rules, splitters, options.mode).with_pairs_per_record(limit);
    census::freeze(&plan, records, &largest, spare)
}

/// This part of the budget of pairs may go to blocks that nothing divides.
const SPARE: u64 = 4;

/// A key part that a kind offers.
#[derive(Clone, Debug)]
struct Offer {
    part: KeyPart,
    field: FieldId,
    /// Share of true pairs with both values present that share a key.
    agreement: f64,
    /// Whether it may refine an oversized block: one key per value.
    splits: bool,
}

/// The key parts of one kind, with the share of true pairs that agree on each. The shares are round figures for
/// customer data: names lose one pair in five to spelling, contact data change, identifiers are copied.
fn kind_parts(kind: FieldKind) -> &'static [(KeyFunction, f64)] {
    use KeyFunction::{Cologne, DayMonth, Ending, Exact, Local, Metaphone, Prefix, Token, Typo, Year};
    match kind {
        FieldKind::GivenName => &[
            (Exact, 0.75),
            (Typo, 0.86),
            (Metaphone, 0.84),
            (Cologne, 0.84),
            (Prefix(2), 0.88),
            (Prefix(1), 0.92),
        ],
        FieldKind::FamilyName => &[
            (Exact, 0.78),
            (Typo, 0.89),
            (Metaphone, 0.86),
            (Cologne, 0.86),
            (Prefix(3), 0.88),
            (Prefix(1), 0.95),
        ],
        FieldKind::BirthDate => &[(Exact, 0.82), (DayMonth, 0.88), (Year, 0.92)],
        FieldKind::Email => &[(Exact, 0.65), (Local, 0.72), (Typo, 0.75)],
        FieldKind::Phone => &[(Exact, 0.6), (Ending(6), 0.66), (Typo, 0.68)],
        FieldKind::PostalCode => &[(Exact, 0.7), (Prefix(3), 0.8), (Prefix(2), 0.84)],
        FieldKind::City => &[(Exact, 0.72), (Prefix(4), 0.82)],
        FieldKind::Street => &[(Exact, 0.6), (Typo, 0.7), (Prefix(4), 0.78)],
        FieldKind::AddressExtra => &[(Exact, 0.5)],
        FieldKind::NationalId | FieldKind::TaxId | FieldKind::Iban | FieldKind::LoyaltyId => {
            &[(Exact, 0.82), (Typo, 0.92)]
        }
        FieldKind::OrgName => &[(Exact, 0.4), (Prefix(5), 0.7), (Token, 0.95)],
        FieldKind::Text => &[(Exact, 0.4), (Prefix(5), 0.6), (Token, 0.9)],
        FieldKind::Category => &[(Exact, 0.7)],
        FieldKind::HouseNumber | FieldKind::Year | FieldKind::Number | FieldKind::Date => &[(Exact, 0.75)],
        FieldKind::Gender => &[(Exact, 0.95)],
        _ => &[],
    }
}

/// True for functions that give each value at most one key.
fn single_key(function: KeyFunction) -> bool {
    !matches!(function, KeyFunction::Typo)
}

fn offered_parts(records: &Records, techniques: Techniques) -> Vec<Offer> {
    let mut offers = Vec::new();
    for (position, column) in records.columns().iter().enumerate() {
        let field = column.field();
        let typo = techniques.has(Technique::TypoKeys);
        let parts = kind_parts(field.kind).iter().filter(|part| typo || part.0 != KeyFunction::Typo);
        for &(function, agreement) in parts {
            offers.push(Offer {
                part: KeyPart::new(Field::clone(field), function),
                field: FieldId(position as u16),
                agreement,
                splits: single_key(function),
            });
        }
    }
    offers
}

/// Rules of one plan at most: each one costs a test of every later candidate pair.
const MOST_RULES: usize = 24;
/// Simulated true pairs.
const SIMULATED: usize = 4_000;
/// A rule that finds less than this share of the true pairs beyond the others is not worth its test.
const LEAST_GAIN: f64 = 0.0005;

/// A rule under consideration: its parts, the size above which its blocks are split, what it costs and which
/// simulated pairs it finds.
struct Candidate {
    parts: Vec<usize>,
    largest: usize,
    pairs: f64,
    found: Vec<u64>,
    /// Per limit of [`BLOCK_LIMITS`]: the size and the pairs that it would cost.
    limits: Vec<(usize, f64)>,
    /// Of its pairs, the share that no rule chosen before has; 1 until it is chosen.
    beyond: f64,
}

fn choose(records: &Records, offers: &[Offer], options: &PlanOptions) -> Vec<(BlockingRule, usize)> {
    if records.len() < 2 || offers.is_empty() {
        return Vec::new();
    }
    let single = |offer: &Offer| BlockingRule::new(vec![offer.part.clone()]);
    let sample = Sample::new(records, offers.iter().map(single).collect(), options.mode);
    let mut candidates = candidates(records, offers, options, &sample);
    let scale = records.len() as f64 / sample.records.len() as f64;
    let mut seen = SeenPairs::default();
    let budget = options.limit(records.len()) as f64 * records.len() as f64;
    let mut covered = vec![0u64; SIMULATED.div_ceil(64)];
    let mut chosen: Vec<Candidate> = Vec::new();
    let mut spent = 0.0;
    while chosen.len() < MOST_RULES {
        // Gain per cost, where the first half pair per record is free: below that, cost does not matter.
        let free = 0.5 * records.len() as f64;
        let best = candidates
            .iter()
            .enumerate()
            .filter(|(_, candidate)| spent + candidate.pairs <= budget)
            .map(|(at, candidate)| (at, gain(&candidate.found, &covered), candidate.pairs))
            .filter(|&(_, gain, _)| f64::from(gain) >= LEAST_GAIN * SIMULATED as f64)
            .max_by(|a, b| {
                let value = |&(_, gain, pairs): &(usize, u32, f64)| f64::from(gain) / (pairs + free);
                value(a).total_cmp(&value(b)).then(b.0.cmp(&a.0))
            });
        let Some((at, _, pairs)) = best else { break };
        let mut candidate = candidates.swap_remove(at);
        candidates.sort_by(|a, b| a.parts.cmp(&b.parts));
        let repeated = seen.add(&sample, &candidate.parts, candidate.largest as f64 / scale);
        candidate.beyond = (1.0 - repeated * scale * scale / pairs.max(1.0)).max(0.0);
        spent += pairs * candidate.beyond;
        covered.iter_mut().zip(&candidate.found).for_each(|(all, found)| *all |= found);
        chosen.push(candidate);
    }
    // What is left of the budget goes to larger blocks, first for the rules chosen first.
    for candidate in &mut chosen {
        let left = budget - spent + candidate.pairs * candidate.beyond;
        if let Some(&(largest, pairs)) =
            candidate.limits.iter().find(|limit| limit.1 * candidate.beyond <= left)
        {
            spent += (pairs - candidate.pairs) * candidate.beyond;
            (candidate.largest, candidate.pairs) = (largest, pairs);
        }
    }
    // The cheapest rules first: they claim the surest pairs, and a pair's first rule is found sooner.
    chosen.sort_by(|a, b| a.pairs.total_cmp(&b.pairs).then_with(|| a.parts.cmp(&b.parts)));
    let rule = |c: &Candidate| BlockingRule::new(c.parts.iter().map(|&p| offers[p].part.clone()).collect());
    chosen.iter().map(|candidate| (rule(candidate), candidate.largest)).collect()
}

fn gain(found: &[u64], covered: &[u64]) -> u32 {
    found.iter().zip(covered).map(|(found, covered)| (found & !covered).count_ones()).sum()
}

/// All single parts and pairs of parts of two fields, with cost and simulated finds.
fn candidates(
    records: &Records,
    offers: &[Offer],
    options: &PlanOptions,
    sample: &Sample<'_>,
) -> Vec<Candidate> {
    let mut combinations: Vec<Vec<usize>> = (0..offers.len()).map(|part| vec![part]).collect();
    for left in 0..offers.len() {
        for right in left + 1..offers.len() {
            // Two parts of many keys each would give a record their product.
            let many = !offers[left].splits && !offers[right].splits;
            if offers[left].field != offers[right].field && !many {
                combinations.push(vec![left, right]);
            }
        }
    }
    let filled = |offer: &Offer| f64::from(records.column(offer.field).filled()) / records.len() as f64;
    let presence: Vec<f64> = offers.iter().map(filled).collect();
    let scale = records.len() as f64 / sample.records.len() as f64;
    let agreeing = simulate(offers, &presence);
    let budget = options.limit(records.len()) as f64 * records.len() as f64;
    combinations
        .into_par_iter()
        .enumerate()
        .filter_map(|(rule, parts)| {
            let blocks = SampledBlocks::new(sample, &parts);
            let many = parts.iter().any(|&part| offers[part].part.function == KeyFunction::Token);
            let typical = options.limit(records.len()) as f64 / scale;
            let distinct = if many { sample.distinct_share(&parts, typical.max(2.0)) } else { 1.0 };
            let cost = |factor: f64| {
                let largest = (options.limit(records.len()) as f64 * factor).max(2.0);
                let (pairs, kept) = blocks.cost(largest / scale, scale);
                (largest as usize, pairs * distinct, kept)
            };
            let affordable = budget / RULES_PER_BUDGET;
            let limits = BLOCK_LIMITS.map(cost);
            let &(largest, pairs, kept) =
                limits.iter().find(|limit| limit.1 <= affordable).or(limits.last())?;
            let found = simulated_finds(&parts, rule, &agreeing, kept);
            let limits = limits.iter().map(|&(largest, pairs, _)| (largest, pairs)).collect();
            Some(Candidate { parts, largest, pairs, found, limits, beyond: 1.0 })
        })
        .collect()
}

/// Blocks are split above the limit of pairs per record times one of these: the first that is affordable.
const BLOCK_LIMITS: [f64; 8] = [64.0, 16.0, 4.0, 2.0, 1.0, 0.5, 0.25, 0.0625];
/// A limit is affordable if the rule then takes at most this part of the budget.
const RULES_PER_BUDGET: f64 = 4.0;

/// Per part the simulated true pairs that agree on it, as a bit set. Per pair and field a number in [0, 1) tells how
/// much of the field was lost; each part of the field agrees if the number is below its agreement. In a hard pair more
/// is lost of every field. Fixed hashes, so that the plan is the same in each run.
fn simulate(offers: &[Offer], presence: &[f64]) -> Vec<Vec<u64>> {
    let agreeing = |(offer, presence): (&Offer, &f64)| {
        bit_set(|pair| {
            let draw = |stream: u64| {
                let field = text::combine(u64::from(offer.field.0) + 1, stream);
                unit(text::combine(field, pair as u64))
            };
            // A share of agreement a becomes a to the power of the rate of errors.
            let lost = draw(1).powf(1.0 / error_rate(pair));
            lost < offer.agreement && draw(2) < presence * presence
        })
    };
    offers.iter().zip(presence).map(agreeing).collect()
}

/// The simulated pairs for which something holds.
fn bit_set(holds: impl Fn(usize) -> bool) -> Vec<u64> {
    let mut set = vec![0u64; SIMULATED.div_ceil(64)];
    for pair in (0..SIMULATED).filter(|&pair| holds(pair)) {
        set[pair / 64] |= 1 << (pair % 64);
    }
    set
}

/// The rate of errors of a simulated pair, relative to the usual one: from a third to nine times, few being hard.
fn error_rate(pair: usize) -> f64 {
    const STREAM: u64 = 0x4a8d;
    0.33 + 9.0 * unit(text::combine(STREAM, pair as u64)).powi(6)
}

fn unit(hash: u64) -> f64 {
    (hash >> 11) as f64 / (1u64 << 53) as f64
}

/// The simulated pairs that a rule finds: those that agree on all its parts, and stay in its blocks.
fn simulated_finds(parts: &[usize], rule: usize, agreeing: &[Vec<u64>], kept: f64) -> Vec<u64> {
    let mut found = bit_set(|pair| unit(text::combine(rule as u64 ^ 0x5eed, pair as u64)) < kept);
    for &part in parts {
        found.iter_mut().zip(&agreeing[part]).for_each(|(found, agreeing)| *found &= agreeing);
    }
    found
}
