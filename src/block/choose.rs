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

use crate::block::blocks::RuleBlocks;
use crate::block::sample::{Sample, SampledBlocks, SeenPairs};
use crate::block::settle::{gain, is_worth, settle};
use crate::block::{BlockingRule, KeyFunction, KeyPart, Plan, census};
use crate::id::FieldId;
use crate::record::Records;
use crate::schema::{Field, FieldKind, LinkMode};
use crate::technique::{Technique, Techniques};
use crate::text;

/// The work of a key of a record, which is made, counted and sorted, in candidate pairs.
pub(super) const KEY_WORK: f64 = 0.4;
/// Among many records, the share of the matches that the work of one pair per record has to find.
const PRICE: f64 = 0.002;
/// The limit of candidate pairs per record, unless set: of few records, and of many.
const PAIRS_PER_RECORD: (u64, u64) = (100, 12);
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
/// assert_eq!(options.limit(1_000_000), 12);
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
    /// that half a million pairs are more; and for fewer, at least 12, where there are so many that they would make more than
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

    /// The candidate pairs of so many records.
    pub(super) fn budget(&self, records: usize) -> u64 {
        self.limit(records).saturating_mul(records as u64)
    }

    /// The sizes above which blocks may be split, the largest first.
    pub(super) fn block_limits(&self, records: usize) -> Vec<usize> {
        let base = match self.pairs_per_record {
            Some(pairs) => pairs,
            None => self.limit(records).max(PAIRS_PER_RECORD.0),
        };
        BLOCK_LIMITS.iter().map(|factor| (base as f64 * factor).max(2.0) as usize).collect()
    }

    /// What share of the matches a rule has to find for a unit of work, in pairs: nothing where there are few records, so that
    /// every match that can be had is, or where the caller has said what it may cost.
    pub(super) fn price(&self, records: usize) -> f64 {
        if self.pairs_per_record.is_some() {
            return 0.0;
        }
        let (of_few, of_many) = PAIRS_PER_RECORD;
        let limit = self.limit(records).clamp(of_many, of_few);
        let share = (of_few - limit) as f64 / (of_few - of_many) as f64;
        share * PRICE / (records as f64).max(1.0)
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
    plan_blocks(records, rules, options).0
}

/// The blocks of a plan, from which its [pairs](crate::block::CandidatePairs::planned) are made without counting keys again.
#[derive(Debug)]
pub(crate) struct PlannedBlocks(pub(super) Vec<RuleBlocks>);

/// As [`default_plan`], with the blocks that it found.
pub(crate) fn plan_blocks(
    records: &Records,
    rules: Option<Vec<BlockingRule>>,
    options: &PlanOptions,
) -> (Plan, PlannedBlocks) {
    let offers = offered_parts(records, options.techniques);
    let limit = options.limit(records.len());
    let blocks_of = |rules: &[BlockingRule]| -> Vec<RuleBlocks> {
        let plan = Plan::new(rules.to_vec(), Vec::new(), options.mode);
        let bound = plan.bind(records);
        (0..rules.len()).map(|rule| RuleBlocks::new(&bound, rule)).collect()
    };
    let (rules, blocks, largest, spare) = if let Some(rules) = rules {
        let blocks = blocks_of(&rules);
        let largest = vec![limit as usize; rules.len()];
        (rules, blocks, largest, 0)
    } else {
        let chosen = choose(records, &offers, options);
        let part = |&part: &usize| offers[part].part.clone();
        let rule = |candidate: &Candidate| BlockingRule::new(candidate.parts.iter().map(part).collect());
        let rules: Vec<BlockingRule> = chosen.iter().map(rule).collect();
        let blocks = blocks_of(&rules);
        let kept = settle(&chosen, &blocks, options, records);
        let mut blocks: Vec<Option<RuleBlocks>> = blocks.into_iter().map(Some).collect();
        let largest = kept.iter().map(|&(_, largest)| largest).collect();
        let rules = kept.iter().map(|&(at, _)| rules[at].clone()).collect();
        let blocks = kept.iter().filter_map(|&(at, _)| blocks[at].take()).collect();
        (rules, blocks, largest, options.budget(records.len()) / SPARE)
    };
    let splits = options.techniques.has(Technique::BlockSplitting);
    let splitters =
        offers.into_iter().filter(|offer| splits && offer.splits).map(|offer| offer.part).collect();
    let plan = Plan::new(rules, splitters, options.mode).with_pairs_per_record(limit);
    let (plan, blocks) = census::freeze(&plan, records, blocks, &largest, spare);
    (plan, PlannedBlocks(blocks))
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
    /// Whether a value has few keys.
    few_keys: bool,
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

/// True for functions that give each value few keys.
fn few_keys(function: KeyFunction) -> bool {
    !matches!(function, KeyFunction::Typo)
}

/// True for functions by which blocks are split. How a value sounds is dear to find out for every member, and its first letters
/// divide as well.
fn divides(function: KeyFunction) -> bool {
    few_keys(function) && !matches!(function, KeyFunction::Cologne | KeyFunction::Metaphone)
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
                few_keys: few_keys(function),
                splits: divides(function),
            });
        }
    }
    offers
}

/// Rules of one plan at most: each one costs a test of every later candidate pair.
const MOST_RULES: usize = 24;
/// Simulated true pairs.
pub(super) const SIMULATED: usize = 4_000;
/// A rule that finds less than this share of the true pairs beyond the others is not worth its test.
pub(super) const LEAST_GAIN: f64 = 0.0005;

/// A rule under consideration: its parts, the size above which its blocks are split, what it costs and which
/// simulated pairs it finds.
pub(super) struct Candidate {
    pub(super) parts: Vec<usize>,
    pub(super) largest: usize,
    pub(super) pairs: f64,
    /// Of all records, with repeats.
    pub(super) keys: f64,
    /// The simulated pairs that it would find if no block were split.
    pub(super) agreeing: Vec<u64>,
    /// Which of them are found if blocks are split, by the share that stays together.
    pub(super) rule: usize,
    pub(super) found: Vec<u64>,
}

/// The rules that are worth trying, the best first; with how many pairs they cost as far as a sample tells.
fn choose(records: &Records, offers: &[Offer], options: &PlanOptions) -> Vec<Candidate> {
    if records.len() < 2 || offers.is_empty() {
        return Vec::new();
    }
    let single = |offer: &Offer| BlockingRule::new(vec![offer.part.clone()]);
    let sample = Sample::new(records, offers.iter().map(single).collect(), options.mode);
    let mut candidates = candidates(records, offers, options, &sample);
    let scale = records.len() as f64 / sample.records.len() as f64;
    let mut seen = SeenPairs::default();
    let budget = TRIED * options.budget(records.len()) as f64;
    let price = options.price(records.len());
    // Gain per work, where the first half pair per record is free: below that, work does not matter.
    let free = 0.5 * records.len() as f64;
    let mut covered = vec![0u64; SIMULATED.div_ceil(64)];
    let mut chosen: Vec<Candidate> = Vec::new();
    let mut spent = 0.0;
    while chosen.len() < MOST_RULES {
        let best = candidates
            .iter()
            .enumerate()
            .filter(|(_, candidate)| spent + candidate.pairs <= budget)
            .map(|(at, candidate)| {
                let work = candidate.pairs + KEY_WORK * candidate.keys;
                (at, gain(&candidate.found, &covered), work)
            })
            .filter(|&(_, gain, work)| is_worth(gain, work, price))
            .max_by(|a, b| {
                let value = |&(_, gain, work): &(usize, u32, f64)| f64::from(gain) / (work + free);
                value(a).total_cmp(&value(b)).then(b.0.cmp(&a.0))
            });
        let Some((at, ..)) = best else { break };
        let candidate = candidates.swap_remove(at);
        candidates.sort_by(|a, b| a.parts.cmp(&b.parts));
        let repeated = seen.add(&sample, &candidate.parts, candidate.largest as f64 / scale);
        spent += (candidate.pairs - repeated * scale * scale).max(0.0);
        covered.iter_mut().zip(&candidate.found).for_each(|(all, found)| *all |= found);
        chosen.push(candidate);
    }
    chosen
}

/// A sample tells roughly what a rule costs: of the rules that it is asked for, some turn out to be too dear.
const TRIED: f64 = 1.5;

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
            let many = !offers[left].few_keys && !offers[right].few_keys;
            if offers[left].field != offers[right].field && !many {
                combinations.push(vec![left, right]);
            }
        }
    }
    let filled = |offer: &Offer| f64::from(records.column(offer.field).filled()) / records.len() as f64;
    let presence: Vec<f64> = offers.iter().map(filled).collect();
    let scale = records.len() as f64 / sample.records.len() as f64;
    let agreeing = simulate(offers, &presence);
    let budget = options.budget(records.len()) as f64;
    let limits = options.block_limits(records.len());
    let every = bit_set(|_| true);
    combinations
        .into_par_iter()
        .enumerate()
        .filter_map(|(rule, parts)| {
            let blocks = SampledBlocks::new(sample, &parts);
            let many = parts.iter().any(|&part| offers[part].part.function == KeyFunction::Token);
            let typical = options.limit(records.len()) as f64 / scale;
            let distinct = if many { sample.distinct_share(&parts, typical.max(2.0)) } else { 1.0 };
            let cost = |&largest: &usize| {
                let (pairs, kept) = blocks.cost(largest as f64 / scale, scale);
                (largest, pairs * distinct, kept)
            };
            let affordable = budget / RULES_PER_BUDGET;
            let costs: Vec<(usize, f64, f64)> = limits.iter().map(cost).collect();
            let &(largest, pairs, kept) = costs.iter().find(|limit| limit.1 <= affordable).or(costs.last())?;
            let agreeing = parts.iter().map(|&part| &agreeing[part]).fold(every.clone(), intersection);
            let found = split_finds(&agreeing, rule, kept);
            let keys = blocks.keys as f64 * scale;
            Some(Candidate { parts, largest, pairs, keys, agreeing, rule, found })
        })
        .collect()
}

/// Blocks are split above the limit of pairs per record, as it is for few records, times one of these: the first that is
/// affordable. An entity with many records must not be torn because there are many others.
const BLOCK_LIMITS: [f64; 8] = [64.0, 16.0, 4.0, 2.0, 1.0, 0.5, 0.25, 0.0625];
/// A limit is affordable if the rule then takes at most this part of the budget.
pub(super) const RULES_PER_BUDGET: f64 = 4.0;

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

fn intersection(mut all: Vec<u64>, other: &Vec<u64>) -> Vec<u64> {
    all.iter_mut().zip(other).for_each(|(all, other)| *all &= other);
    all
}

/// Of the simulated pairs that agree on all parts of a rule, those that stay in its blocks.
pub(super) fn split_finds(agreeing: &[u64], rule: usize, kept: f64) -> Vec<u64> {
    let mut found = bit_set(|pair| unit(text::combine(rule as u64 ^ 0x5eed, pair as u64)) < kept);
    found.iter_mut().zip(agreeing).for_each(|(found, agreeing)| *found &= agreeing);
    found
}
