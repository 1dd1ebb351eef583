//! Running a pipeline.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::block::{
    BlockReport, BlockingRule, CandidatePairs, Plan, PlanOptions, PlannedBlocks, plan_blocks,
};
use crate::compare::default_comparisons;
use crate::error::{Error, Result};
use crate::fact::Orders;
use crate::identity::{self, Assignment, Run, assign, demotions};
use crate::ingest::{IngestReport, ingest};
use crate::model::{
    Links, Model, Scorer, Threshold, TrainingOptions, TrainingReport, score_pairs, train_pairs,
};
use crate::normalize::{NormalizeOptions, normalize};
use crate::pipeline::Pipeline;
use crate::pipeline::event::Event;
use crate::record::{Issue, Records};
use crate::resolve::{
    Ambiguity, Guard, Households, Partition, ambiguous_records, find_households, may_leave, resolve,
    weigh_leftovers,
};
use crate::survive::{GoldenRecords, Pin, Policy, Survivorship};
use crate::technique::Technique;
use crate::value::Instant;

/// What a run delivered, stage by stage.
///
/// ```
/// # use onefold::Unified;
/// fn largest_entity(unified: &Unified) -> usize {
///     unified.partition.iter().map(|(_, members)| members.len()).max().unwrap_or(0)
/// }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Unified {
    /// The normalised records, with the raw ones.
    pub records: Records,
    /// Rows read, rejects, encodings.
    pub ingest: IngestReport,
    /// The orders, each with the record that it came with.
    pub orders: Orders,
    /// The instant as of which questions that depend on time are answered.
    pub as_of: Option<Instant>,
    /// Cells that were not what their kind asks for.
    pub issues: Vec<Issue>,
    /// What blocking proposed and what it cost.
    pub blocking: BlockReport,
    /// The model, trained or given.
    pub model: Model,
    /// How training went; `None` if the model was given.
    pub training: Option<TrainingReport>,
    /// The scored pairs above the floor.
    pub links: Links,
    /// The entities.
    pub partition: Partition,
    /// Links above the threshold that a guard held back.
    pub guarded: BTreeMap<Guard, u64>,
    /// The records that could as well belong to another entity.
    pub ambiguous: Vec<Ambiguity>,
    /// The households, a level beside persons.
    pub households: Households,
    /// The rules by which values survived.
    pub policy: Policy,
    /// The values that stewards set above the rules.
    pub pins: Vec<Pin>,
    /// The golden values of each entity.
    pub golden: GoldenRecords,
    /// The customer ids by the [registry](super::PipelineBuilder::registry) of earlier runs, what happened to them, and the
    /// registry for the next run; none if no registry was given.
    pub identity: Option<Assignment>,
    /// What the caller should know: limits that were hit, declarations without effect.
    pub events: Vec<Event>,
    /// How long each stage took.
    pub timings: Timings,
}

/// The stages of a run.
///
/// ```
/// assert_eq!(onefold::pipeline::Stage::Score.as_str(), "score");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// Reading sources.
    Ingest,
    /// Normalising values.
    Normalize,
    /// Choosing and freezing the plan.
    Block,
    /// Learning the model.
    Train,
    /// Scoring candidate pairs.
    Score,
    /// Clustering, households and what is ambiguous.
    Resolve,
    /// Finding golden values.
    Survive,
}

impl Stage {
    /// The stages in order.
    pub const ALL: [Stage; 7] = [
        Stage::Ingest,
        Stage::Normalize,
        Stage::Block,
        Stage::Train,
        Stage::Score,
        Stage::Resolve,
        Stage::Survive,
    ];

    /// The name of the stage.
    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Ingest => "ingest",
            Stage::Normalize => "normalize",
            Stage::Block => "block",
            Stage::Train => "train",
            Stage::Score => "score",
            Stage::Resolve => "resolve",
            Stage::Survive => "survive",
        }
    }
}

/// How long each stage took, in wall time.
///
/// ```
/// let timings = onefold::pipeline::Timings::default();
/// assert!(timings.total().is_zero());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timings {
    stages: Vec<(Stage, Duration)>,
}

impl Timings {
    /// The stages in the order in which they ran.
    pub fn stages(&self) -> &[(Stage, Duration)] {
        &self.stages
    }

    /// All stages together.
    pub fn total(&self) -> Duration {
        self.stages.iter().map(|(_, duration)| *duration).sum()
    }
}

/// Is told which stage a run has reached; for progress displays.
///
/// ```
/// use onefold::pipeline::{Observer, Stage};
/// struct Print;
/// impl Observer for Print {
///     fn stage(&self, stage: Stage) {
///         eprintln!("{}", stage.as_str());
///     }
/// }
/// ```
pub trait Observer: Sync {
    /// A stage begins.
    fn stage(&self, stage: Stage);
}

/// An [`Observer`] that does nothing.
///
/// ```
/// use onefold::pipeline::{Observer, Silent, Stage};
/// Silent.stage(Stage::Ingest);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {
    fn stage(&self, _: Stage) {}
}

impl Pipeline {
    /// Runs all stages.
    ///
    /// # Errors
    /// An I/O error for a file that cannot be read as a whole, a configuration error for a column or field that is
    /// not there, a limit error if the run would take more than its [`limits`](super::PipelineBuilder::limits).
    /// Never for the content of a row.
    pub fn run(&self) -> Result<Unified> {
        self.run_observed(&Silent)
    }

    /// As [`run`](Self::run), telling an observer which stage begins.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn run_observed(&self, observer: &dyn Observer) -> Result<Unified> {
        if self.limits.memory.is_some() {
            self.limits.check_memory(self.estimate()?.memory)?;
        }
        let mut clock = Clock { observer, timings: Timings::default() };
        let ingested = clock.time(Stage::Ingest, || ingest(&self.sources, &self.base))?;
        let options = match &self.country {
            Some(country) => NormalizeOptions::default().with_country(country),
            None => NormalizeOptions::default(),
        };
        let (records, issues) = clock.time(Stage::Normalize, || normalize(ingested.records, &options));
        let (plan, blocks) = clock.time(Stage::Block, || self.plan(&records))?;
        let pairs = clock.time(Stage::Block, || self.candidates(&plan, &records, blocks))?;
        let (model, training, scorer) = if let Some(model) = &self.model {
            (model.clone(), None, clock.time(Stage::Score, || Scorer::new(model, &records)))
        } else {
            let options =
                TrainingOptions::default().with_threshold(self.threshold()).with_techniques(self.techniques);
            let comparisons = default_comparisons(&records).into_iter();
            let comparisons =
                comparisons.map(|comparison| comparison.with_techniques(self.techniques)).collect();
            let train = || train_pairs(&pairs, comparisons, &options);
            let (model, report, scorer) = clock.time(Stage::Train, train);
            (model, Some(report), scorer)
        };
        let mut links = clock.time(Stage::Score, || score_pairs(&pairs, &scorer));
        let blocking = pairs.report(links.pairs_by_rule());
        let of_leftovers = [Technique::Leftovers, Technique::ClusterGuards]
            .into_iter()
            .all(|used| self.techniques.has(used));
        // The blocks are large: they go as soon as nobody asks for them.
        let pairs = Some(pairs).filter(|_| of_leftovers && may_leave(&records));
        let unnamed = Run::default();
        let run = self.registry.as_ref().map_or(&unnamed, |(_, run)| run);
        let (decided, conflicts) = self.decisions.constraints(records.raw(), run)?;
        let constraints = self.constraints.clone().and(decided);
        let constraints = constraints.must_link_records(&ingested.same_customer);
        let constraints = constraints.with_techniques(self.techniques);
        let find = |links: &Links| resolve(&records, links, model.threshold(), &constraints, &scorer);
        let mut resolution = clock.time(Stage::Resolve, || find(&links))?;
        if let Some(pairs) = pairs {
            let leftovers = clock
                .time(Stage::Resolve, || weigh_leftovers(&model, &pairs, &scorer, &resolution.partition));
            if !leftovers.is_empty() {
                links = links.with(leftovers);
                resolution = clock.time(Stage::Resolve, || find(&links))?;
            }
        }
        drop(scorer);
        let partition = resolution.partition;
        let (ambiguous, households) = clock.time(Stage::Resolve, || {
            let floor = model.threshold().min(AMBIGUOUS);
            (ambiguous_records(&partition, &links, floor), find_households(&records, &partition))
        });
        self.policy.check_records(records.raw())?;
        let (golden, pinned) = clock.time(Stage::Survive, || {
            let rules = Survivorship::new(&records, &partition, &self.policy);
            let rules = bound(rules, &self.policy, self.as_of, &links, &self.decisions.pins)?;
            let pinned = rules.pins().into_iter().map(|(pin, state)| (pin.clone(), state));
            Ok::<_, Error>((rules.golden(), pinned.collect::<Vec<_>>()))
        })?;
        let decided = conflicts.iter().filter_map(|event| Event::of_conflict(&event.event)).collect();
        let identity = clock.time(Stage::Survive, || {
            let (registry, run) = self.registry.as_ref()?;
            let mut assignment = assign(registry, &records, &partition, run);
            assignment.events.extend(conflicts);
            assignment.events.extend(demotions(&model, run));
            let told = pinned.iter().map(|(pin, state)| identity::Event::Pinned {
                record: pin.record.clone(),
                field: pin.field.as_str().to_owned(),
                state: state.as_str().to_owned(),
            });
            assignment.events.extend(told.map(|event| run.event(event, false)));
            Some(assignment)
        });
        let mut unified = Unified {
            ingest: ingested.report,
            orders: ingested.orders,
            as_of: self.as_of,
            issues,
            blocking,
            training,
            links,
            partition,
            guarded: resolution.guarded,
            ambiguous,
            households,
            policy: self.policy.clone(),
            pins: self.decisions.pins.clone(),
            identity,
            golden,
            events: decided,
            timings: clock.timings,
            model,
            records,
        };
        let more = Event::of(&unified, self.max_size_warn, &pinned);
        unified.events.extend(more);
        Ok(unified)
    }

    /// The candidate pairs, checked against the limit before any pair is looked at.
    fn candidates<'a>(
        &self,
        plan: &'a Plan,
        records: &'a Records,
        blocks: Option<PlannedBlocks>,
    ) -> Result<CandidatePairs<'a>> {
        let pairs = match blocks {
            Some(blocks) => CandidatePairs::planned(plan, records, blocks),
            None => CandidatePairs::new(plan, records),
        };
        self.limits.check_pairs(pairs.upper_bound())?;
        Ok(pairs)
    }

    /// The threshold as set; without the automatic one, 0.5.
    fn threshold(&self) -> Threshold {
        match self.threshold {
            Threshold::Auto if !self.techniques.has(Technique::AutomaticThreshold) => {
                Threshold::Posterior(0.5)
            }
            threshold => threshold,
        }
    }

    /// The given model's plan, or a new one with its blocks.
    fn plan(&self, records: &Records) -> Result<(Plan, Option<PlannedBlocks>)> {
        let planned = if let Some(model) = &self.model {
            (model.plan().clone(), None)
        } else {
            let mut options = PlanOptions::default().with_mode(self.mode).with_techniques(self.techniques);
            if let Some(pairs) = self.pairs_per_record {
                options = options.with_pairs_per_record(pairs);
            }
            let (plan, blocks) = plan_blocks(records, self.rules(records)?, &options);
            (plan, Some(blocks))
        };
        Ok(planned)
    }

    fn rules(&self, records: &Records) -> Result<Option<Vec<BlockingRule>>> {
        let Some(rules) = &self.rules else { return Ok(None) };
        let parse = |(at, parts): (usize, &Vec<String>)| {
            BlockingRule::parse(parts, records.schema(), &format!("blocking > rules[{at}]"))
        };
        rules.iter().enumerate().map(parse).collect::<Result<_>>().map(Some)
    }
}

/// The rules of a run with all that they look at.
pub(super) fn bound<'a>(
    rules: Survivorship<'a>,
    policy: &Policy,
    as_of: Option<Instant>,
    links: &Links,
    pins: &[Pin],
) -> Result<Survivorship<'a>> {
    let rules = match as_of {
        Some(as_of) => rules.at(as_of),
        None => rules,
    };
    let rules = if policy.looks_at_links() { rules.with_links(links) } else { rules };
    if pins.is_empty() { Ok(rules) } else { rules.with_pins(pins) }
}

/// The posterior of a link to another entity from which a record is ambiguous, where the threshold is not lower.
const AMBIGUOUS: f64 = 0.5;

/// Times stages and announces them.
struct Clock<'a> {
    observer: &'a dyn Observer,
    timings: Timings,
}

impl Clock<'_> {
    fn time<T>(&mut self, stage: Stage, work: impl FnOnce() -> T) -> T {
        self.observer.stage(stage);
        let start = std::time::Instant::now();
        let result = work();
        match self.timings.stages.last_mut().filter(|last| last.0 == stage) {
            Some(last) => last.1 += start.elapsed(),
            None => self.timings.stages.push((stage, start.elapsed())),
        }
        result
    }
}
