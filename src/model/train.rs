//! Training: from records to a model, without labels.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use foldhash::fast::FixedState;
use hashbrown::HashMap;
use rayon::prelude::*;

use crate::block::{CandidatePairs, DrawnPairs, Plan};
use crate::compare::{BoundComparisons, Comparator, Comparison, PairLevels, Pattern, Vocabulary};
use crate::id::{RecordId, ValueId};
use crate::model::correspondence;
use crate::model::em::{self, Fit, Parameters, Session, Shares, Tells};
use crate::model::entities;
use crate::model::full_name::NameCounts;
use crate::model::reach::Scratch;
use crate::model::similar::{self, SimilarValues};
use crate::model::term::TermCounts;
use crate::model::threshold::WeightHistogram;
use crate::model::{ComparisonWeights, Model, Scorer, Threshold};
use crate::normalize::ValueProfiles;
use crate::record::{Column, Records};
use crate::technique::{Technique, Techniques};
use crate::text;

/// How training samples, and which threshold it sets.
///
/// ```
/// let options = onefold::model::TrainingOptions::default();
/// assert_eq!(options.random_pairs, 500_000);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct TrainingOptions {
    /// Random pairs from which chance agreement is learned; all pairs if there are fewer.
    pub random_pairs: u64,
    /// Candidate pairs taken from each blocking rule.
    pub pairs_per_rule: u64,
    /// Seed of the samples.
    pub seed: u64,
    /// How the threshold is set.
    pub threshold: Threshold,
    /// What is learned.
    pub techniques: Techniques,
}

impl Default for TrainingOptions {
    fn default() -> Self {
        TrainingOptions {
            random_pairs: 500_000,
            pairs_per_rule: 60_000,
            seed: 1,
            threshold: Threshold::Auto,
            techniques: Techniques::default(),
        }
    }
}

impl TrainingOptions {
    /// The same options with another threshold setting.
    #[must_use]
    pub fn with_threshold(mut self, threshold: Threshold) -> Self {
        self.threshold = threshold;
        self
    }

    /// The same options with other techniques.
    #[must_use]
    pub fn with_techniques(mut self, techniques: Techniques) -> Self {
        self.techniques = techniques;
        self
    }
}

/// How training went.
///
/// ```
/// # use onefold::model::TrainingReport;
/// fn usable(report: &TrainingReport) -> bool {
///     report.converged && report.expected_matches >= 1.0
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct TrainingReport {
    /// Rounds of EM.
    pub iterations: usize,
    /// Whether the last round changed nothing that matters.
    pub converged: bool,
    /// Pairs that the mode allows.
    pub all_pairs: u64,
    /// Matching pairs expected among the candidates.
    pub expected_matches: f64,
}

impl TrainingReport {
    /// Why nothing could be learned, if so.
    pub fn no_signal(&self) -> Option<&'static str> {
        if self.all_pairs == 0 {
            Some("the mode allows no pair of these records")
        } else if self.expected_matches < 0.5 {
            Some("no candidate pair agrees on enough to be a match")
        } else {
            None
        }
    }
}

/// Learns a model from records: chance agreement from random pairs, m by EM over the candidates of each rule, how
/// many entities share each value, prior and threshold.
///
/// The result depends on nothing but the records, the plan, the comparisons and the options: samples are drawn by
/// fixed hashes, and all sums over threads are of integers.
///
/// ```
/// use onefold::block::{PlanOptions, default_plan};
/// use onefold::compare::default_comparisons;
/// use onefold::model::{TrainingOptions, train};
/// use onefold::record::{RawRecords, RecordsBuilder};
/// let records = RecordsBuilder::new(RawRecords::default(), vec![]).finish();
/// let plan = default_plan(&records, None, &PlanOptions::default());
/// let (model, report) = train(&records, &plan, default_comparisons(&records), &TrainingOptions::default());
/// assert_eq!(report.all_pairs, 0);
/// assert!(model.prior() > 0.0);
/// ```
pub fn train(
    records: &Records,
    plan: &Plan,
    comparisons: Vec<Comparison>,
    options: &TrainingOptions,
) -> (Model, TrainingReport) {
    let (model, report, _) = train_pairs(&CandidatePairs::new(plan, records), comparisons, options);
    (model, report)
}

/// As [`train`], on candidates that are at hand; also returns the model bound to their records.
pub(crate) fn train_pairs<'a>(
    pairs: &CandidatePairs<'a>,
    comparisons: Vec<Comparison>,
    options: &TrainingOptions,
) -> (Model, TrainingReport, Scorer<'a>) {
    let (plan, records) = (pairs.plan(), pairs.records());
    let vocabulary = Vocabulary::learn(&comparisons, records);
    let all_pairs = plan.universe(records);
    let bound = BoundComparisons::new(&comparisons, &vocabulary, records);
    let drawn = pairs.draw(DRAWN_PAIRS);
    let fit = fit(&bound, &drawn, plan, &comparisons, options);
    let Parameters { m, u, r, q } = fit.parameters;
    let weights = comparisons.into_iter().zip(m).zip(u).zip(r).zip(q);
    let weights =
        weights.map(|((((comparison, m), u), r), q)| ComparisonWeights::new(comparison, m, u, r, q));
    let Shares { matches, related, moved } = fit.shares;
    let related = related / (1.0 - matches);
    let mut model = Model::new(plan.clone(), weights.collect(), vocabulary, matches, related, moved);
    let mut scorer = Scorer::bind(&model, bound);
    // Without a second comparison nothing tells a frequent value from an entity with many records.
    if fit.identified {
        if options.techniques.has(Technique::ValueProfiles) {
            set_profiles(&mut model, &mut scorer);
        }
        if options.techniques.has(Technique::TermFrequency) {
            let whole_names = options.techniques.has(Technique::FullNames);
            learn_terms(&mut model, &mut scorer, pairs, whole_names);
            if options.techniques.has(Technique::SimilarRarity) {
                learn_similar(&mut model, &mut scorer, &drawn);
            }
        }
        if options.techniques.has(Technique::Correspondences) {
            learn_correspondences(&mut model, &mut scorer, &drawn);
        }
    } else {
        // Chance agreement is the same for any counts of words, so nothing else is to be learned again.
        for _ in 0..ENTITY_ROUNDS {
            model.set_prior(weigh(&scorer, &drawn).fit_prior(all_pairs as f64));
            scorer.set_prior(model.prior());
            entities::count_words(&mut model, &scorer, pairs);
            scorer = Scorer::new(&model, records);
        }
    }
    let histogram = weigh(&scorer, &drawn);
    model.set_prior(histogram.fit_prior(all_pairs as f64));
    scorer.set_prior(model.prior());
    let threshold = histogram.threshold(options.threshold, model.prior());
    let expected_matches = histogram.expected_matches(model.prior());
    let report =
        TrainingReport { iterations: fit.iterations, converged: fit.converged, all_pairs, expected_matches };
    (model.with_threshold(threshold), report, scorer)
}

/// Candidate pairs from which, in several passes, all is learned that a sample tells.
const DRAWN_PAIRS: u64 = 500_000;

/// Pairs by pattern, and by whether both records are persons.
type PatternCounts = HashMap<(Pattern, bool), u64, FixedState>;

/// EM over the random pairs and the candidates of each rule.
fn fit(
    bound: &BoundComparisons<'_>,
    drawn: &DrawnPairs<'_>,
    plan: &Plan,
    comparisons: &[Comparison],
    options: &TrainingOptions,
) -> Fit {
    let random = random_patterns(bound, plan, options);
    let mut sessions = vec![Session { patterns: random, tells: Tells::Chance }];
    let pattern_counts = || (PatternCounts::default(), PairLevels::default());
    let count = |(counts, levels): &mut (PatternCounts, PairLevels), a, b| {
        bound.compare(a, b, levels);
        let persons = bound.records().may_be_persons(a, b);
        *counts.entry((bound.pattern(levels), persons)).or_insert(0u64) += 1;
    };
    let thinned = drawn.at_most(options.random_pairs);
    let counted = thinned.fold(pattern_counts, count);
    sessions.push(Session {
        patterns: merge(counted.into_iter().map(|(counts, _)| counts)),
        tells: Tells::Prior(thinned.scale()),
    });
    for (at, rule) in plan.rules().iter().enumerate() {
        let counted = drawn.candidates().fold_rule(at, options.pairs_per_rule, pattern_counts, count);
        let pinned: Vec<_> = rule.pinned().collect();
        let free = comparisons.iter().map(|comparison| !pinned.contains(&comparison.field())).collect();
        let patterns = merge(counted.into_iter().map(|(counts, _)| counts));
        sessions.push(Session { patterns, tells: Tells::Matches(free) });
    }
    em::fit(comparisons, bound.layout(), &sessions, plan.universe(bound.records()) as f64, options.techniques)
}

/// Random pairs drawn in one piece of work.
const CHUNK: u64 = 4096;

/// Patterns of random pairs that the mode allows: all of them if they are few, else a fixed draw.
fn random_patterns(
    bound: &BoundComparisons<'_>,
    plan: &Plan,
    options: &TrainingOptions,
) -> Vec<(Pattern, bool, u64)> {
    let records = bound.records();
    let n = records.len() as u64;
    let allowed = |a: RecordId, b: RecordId| {
        plan.allows(records.source(a) == records.source(b)) && records.class(a).may_match(records.class(b))
    };
    let count = |pairs: &mut dyn Iterator<Item = (RecordId, RecordId)>| {
        let (mut counts, mut levels) = (PatternCounts::default(), PairLevels::default());
        for (a, b) in pairs.filter(|&(a, b)| allowed(a, b)) {
            bound.compare(a, b, &mut levels);
            *counts.entry((bound.pattern(&levels), records.may_be_persons(a, b))).or_insert(0u64) += 1;
        }
        counts
    };
    let counts: Vec<PatternCounts> = if n * n.saturating_sub(1) / 2 <= options.random_pairs {
        (0..n as u32)
            .into_par_iter()
            .map(|a| count(&mut (a + 1..n as u32).map(|b| (RecordId(a), RecordId(b)))))
            .collect()
    } else {
        let draw = |i: u64, stream: u64| {
            RecordId((text::combine(text::combine(options.seed, stream), i) % n) as u32)
        };
        let pair = |i: u64| (draw(i, 1), draw(i, 2));
        (0..options.random_pairs.div_ceil(CHUNK))
            .into_par_iter()
            .map(|chunk| {
                let pairs = (chunk * CHUNK..(chunk + 1) * CHUNK).map(pair);
                count(&mut pairs.filter(|(a, b)| a != b).map(|(a, b)| (a.min(b), a.max(b))))
            })
            .collect()
    };
    merge(counts)
}

fn merge(counts: impl IntoIterator<Item = PatternCounts>) -> Vec<(Pattern, bool, u64)> {
    let mut all: BTreeMap<(Pattern, bool), u64> = BTreeMap::new();
    // Sums of integers: the order in which they are added does not matter.
    #[allow(clippy::iter_over_hash_type)]
    for (pattern, count) in counts.into_iter().flatten() {
        *all.entry(pattern).or_insert(0) += count;
    }
    all.into_iter().map(|((pattern, persons), count)| (pattern, persons, count)).collect()
}

/// The weights of candidate pairs under a model. Those that are too low to hold any match are left out.
fn weigh(scorer: &Scorer<'_>, drawn: &DrawnPairs<'_>) -> WeightHistogram {
    let least = scorer.negligible();
    let shards = drawn.fold(
        || (WeightHistogram::new(), Scratch::default()),
        |(histogram, scratch), a, b| {
            if let Some(weight) = scorer.weight_at_least(a, b, least, scratch) {
                histogram.add(weight);
            }
        },
    );
    let all = shards.iter().fold(WeightHistogram::new(), |all, (histogram, _)| all.merge(histogram));
    all.scaled(drawn.scale())
}

/// Counts how many entities share each value, in two steps. First every record counts as an entity; from the
/// posteriors under these counts follows how many matching pairs each value's records form, and from those the
/// count of entities. A pair's posterior leaves out the comparison whose values are counted: else a frequent value
/// (a title and a rank in place of a name) could pass for one entity's, and then weigh as if it were rare.
///
/// Whole names are counted by the way, from the posteriors that leave out both of their parts.
fn learn_terms(model: &mut Model, scorer: &mut Scorer<'_>, pairs: &CandidatePairs<'_>, whole_names: bool) {
    /// Posteriors are summed as integers, so that the sum does not depend on the order of threads.
    const UNIT: f64 = 65_536.0;
    let columns = model.comparisons().iter().zip(scorer.comparisons().columns());
    let counted = columns
        .map(|(weights, column)| column.filter(|_| weights.comparison().comparator().term_frequency()));
    let columns: Vec<Option<&Column>> = counted.collect();
    for (at, column) in columns.iter().enumerate() {
        if let Some(column) = column {
            let counts = TermCounts::new(column, |_| 0.0);
            scorer.set_terms(at, &model.comparisons()[at], counts.shares(), counts.entities());
        }
    }
    scorer.find_most();
    let matching: Vec<Vec<AtomicU64>> = columns
        .iter()
        .map(|column| column.map_or(0, |column| column.distinct() + 1))
        .map(|values| (0..values).map(|_| AtomicU64::new(0)).collect())
        .collect();
    let names = model.name_comparisons().filter(|_| whole_names).and_then(|(given, family)| {
        Some((given, family, NameCounts::new(pairs.records(), columns[given]?, columns[family]?)))
    });
    {
        // One match in a thousand such pairs changes no count.
        let (scorer, least) = (&*scorer, scorer.weight_at(-10.0));
        let touch = |record| scorer.comparisons().touch(record);
        pairs.fold_touching(touch, Scratch::default, |scratch, _, a, b| {
            let Some(evidence) = scorer.evidence_at_least(a, b, least, scratch) else { return };
            let levels = &scratch.levels;
            for (comparison, (sums, &(value, other))) in matching.iter().zip(levels.values()).enumerate() {
                if value == other && !value.is_missing() && !sums.is_empty() {
                    let others = scorer.posterior(scorer.weigh(evidence - scorer.part(comparison, levels)));
                    sums[value.index()].fetch_add((others * UNIT) as u64, Ordering::Relaxed);
                }
            }
            if let Some((given, family, names)) = &names
                && levels.levels()[*given] == 1
                && levels.levels()[*family] == 1
            {
                let parts = scorer.part(*given, levels) + scorer.part(*family, levels);
                let others = || scorer.posterior(scorer.weigh(evidence - parts));
                names.add(levels.values()[*given].0, levels.values()[*family].0, others);
            }
        });
    }
    if let Some((_, _, names)) = &names {
        model.set_full_names(names.full_names());
    }
    for (at, column) in columns.iter().enumerate() {
        if let Some(column) = column {
            let matching = |id: ValueId| matching[at][id.index()].load(Ordering::Relaxed) as f64 / UNIT;
            let counts = TermCounts::new(column, matching);
            scorer.set_terms(at, &model.comparisons()[at], counts.shares(), counts.entities());
            model.set_terms(at, Some(counts.frequencies()));
        }
    }
    scorer.set_full_names(model);
    scorer.find_most();
}

/// Learns which different values of fields with few values mean the same.
fn learn_correspondences(model: &mut Model, scorer: &mut Scorer<'_>, pairs: &DrawnPairs<'_>) {
    for (comparison, found) in correspondence::learn(model, scorer, pairs).into_iter().enumerate() {
        model.set_correspondences(comparison, found);
        scorer.set_correspondences(comparison, &model.comparisons()[comparison]);
    }
    scorer.find_most();
}

/// How often the words of names are counted by entities; each time the entities are known better.
const ENTITY_ROUNDS: usize = 2;

/// Learns what the rarity of similar values says.
fn learn_similar(model: &mut Model, scorer: &mut Scorer<'_>, pairs: &DrawnPairs<'_>) {
    let bound = scorer.comparisons();
    let of = |(at, (weights, column)): (usize, (&ComparisonWeights, Option<&Column>))| {
        let is_learned = similar::is_learned_for(weights.comparison().comparator());
        Some(similar::of_strangers(bound, at, column.filter(|_| is_learned)?, weights.u()))
    };
    let mut all: Vec<Option<SimilarValues>> =
        model.comparisons().iter().zip(bound.columns()).enumerate().map(of).collect();
    set_similar(model, scorer, &all);
    similar::learn_shares(scorer, pairs, &mut all);
    set_similar(model, scorer, &all);
}

fn set_similar(model: &mut Model, scorer: &mut Scorer<'_>, all: &[Option<SimilarValues>]) {
    for (comparison, similar) in all.iter().enumerate() {
        model.set_similar(comparison, similar.clone());
        scorer.set_similar(comparison, &model.comparisons()[comparison]);
    }
    scorer.find_most();
}

/// Gives the comparisons of contacts the profiles of their values.
fn set_profiles(model: &mut Model, scorer: &mut Scorer<'_>) {
    for comparison in 0..model.comparisons().len() {
        let of = model.comparisons()[comparison].comparison();
        if matches!(of.comparator(), Comparator::Email | Comparator::Phone) {
            let profiles = ValueProfiles::of(scorer.comparisons().records(), of.field());
            model.set_profiles(comparison, Some(profiles));
            scorer.set_profiles(comparison, &model.comparisons()[comparison]);
        }
    }
}
