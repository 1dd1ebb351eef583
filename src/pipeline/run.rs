//! Running a pipeline.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::block::{BlockReport, BlockingRule, CandidatePairs, Plan, PlanOptions, default_plan};
use crate::compare::{Comparator, default_comparisons};
use crate::error::{Error, Result};
use crate::fact::Orders;
use crate::id::EntityId;
use crate::identity::{self, Assignment, Run, assign, demotions};
use crate::ingest::{IngestReport, UnmappedReason, ingest};
use crate::model::{
    Links, Model, Scorer, Threshold, TrainingOptions, TrainingReport, score_pairs, train_pairs,
};
use crate::normalize::{NormalizeOptions, normalize};
use crate::pipeline::Pipeline;
use crate::record::{Column, Issue, Records};
use crate::resolve::{
    Ambiguity, Guard, Households, Partition, RecordKey, ambiguous_records, find_households, resolve,
    weigh_leftovers,
};
use crate::schema::Field;
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

/// Something that a run wants to be known; nothing is limited or left out silently.
///
/// ```
/// let event = onefold::pipeline::Event::DroppedBlocks { rule: "city".into(), blocks: 2 };
/// assert!(event.to_string().contains("city"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Event {
    /// A column has no kind; its values are not used.
    #[error("column `{column}` of source `{source_name}` is not used: {reason}")]
    UnmappedColumn {
        /// The source's name.
        source_name: String,
        /// The column's name.
        column: String,
        /// Why no kind was inferred.
        reason: UnmappedReason,
    },
    /// Rows of a source without a key column repeat other rows, and count once.
    #[error("{rows} rows of sources without a key repeat other rows and count once")]
    KeylessRepeats {
        /// How many.
        rows: u64,
    },
    /// Oversized blocks that no further key divides: the rule does not propose their pairs.
    #[error(
        "blocking rule `{rule}`: {blocks} oversized blocks could not be split; their pairs are not proposed"
    )]
    DroppedBlocks {
        /// The rule in its text form.
        rule: String,
        /// How many blocks.
        blocks: usize,
    },
    /// More fields than a pattern can hold: this one, filled least, is not compared.
    #[error("the field {field} is not compared: there are more fields than one comparison pattern holds")]
    NotCompared {
        /// The field.
        field: Field,
    },
    /// Training stopped before its parameters settled.
    #[error("training did not settle in {iterations} rounds")]
    NotConverged {
        /// Rounds of EM.
        iterations: usize,
    },
    /// The records hold no sign of any match: nothing is joined.
    #[error("training found no signal: {reason}")]
    NoSignal {
        /// Why.
        reason: String,
    },
    /// An entity has more records than is plausible.
    #[error("entity {entity} has {records} records")]
    LargeEntity {
        /// The entity.
        entity: EntityId,
        /// Its records.
        records: usize,
    },
    /// Two decisions of stewards contradict each other: the older one does not hold.
    #[error("the decision that `{a}` and `{b}` are {said} contradicts a newer one, and does not hold")]
    DecisionConflict {
        /// One record.
        a: RecordKey,
        /// The other.
        b: RecordKey,
        /// What it said: `same` or `different`.
        said: String,
    },
    /// Phones were read without numbering plans.
    #[error("phones are compared as digits with a country prefix: the feature `phone` is off")]
    PlainPhones,
}

impl Event {
    fn of_conflict(event: &identity::Event) -> Option<Event> {
        match event {
            identity::Event::DecisionConflict { a, b, overruled } => {
                Some(Event::DecisionConflict { a: a.clone(), b: b.clone(), said: overruled.clone() })
            }
            _ => None,
        }
    }
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
    /// not there, a limit error if the blocks hold more pairs than [`most_pairs`](super::PipelineBuilder::most_pairs).
    /// Never for the content of a row.
    pub fn run(&self) -> Result<Unified> {
        self.run_observed(&Silent)
    }

    /// As [`run`](Self::run), telling an observer which stage begins.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn run_observed(&self, observer: &dyn Observer) -> Result<Unified> {
        let mut clock = Clock { observer, timings: Timings::default() };
        let ingested = clock.time(Stage::Ingest, || ingest(&self.sources, &self.base))?;
        let options = match &self.country {
            Some(country) => NormalizeOptions::default().with_country(country),
            None => NormalizeOptions::default(),
        };
        let (records, issues) = clock.time(Stage::Normalize, || normalize(ingested.records, &options));
        let plan = clock.time(Stage::Block, || self.plan(&records))?;
        let pairs = clock.time(Stage::Block, || self.candidates(&plan, &records))?;
        let (model, training) = if let Some(model) = &self.model {
            (model.clone(), None)
        } else {
            let options =
                TrainingOptions::default().with_threshold(self.threshold()).with_techniques(self.techniques);
            let comparisons = default_comparisons(&records).into_iter();
            let comparisons =
                comparisons.map(|comparison| comparison.with_techniques(self.techniques)).collect();
            let (model, report) = clock.time(Stage::Train, || train_pairs(&pairs, comparisons, &options));
            (model, Some(report))
        };
        let scorer = Scorer::new(&model, &records);
        let mut links = clock.time(Stage::Score, || score_pairs(&pairs, &scorer));
        let unnamed = Run::default();
        let run = self.registry.as_ref().map_or(&unnamed, |(_, run)| run);
        let (decided, conflicts) = self.decisions.constraints(records.raw(), run)?;
        let constraints = self.constraints.clone().and(decided);
        let constraints = constraints.must_link_records(&ingested.same_customer);
        let constraints = constraints.with_techniques(self.techniques);
        let find = |links: &Links| resolve(&records, links, model.threshold(), &constraints, &scorer);
        let mut resolution = clock.time(Stage::Resolve, || find(&links))?;
        if self.techniques.has(Technique::Leftovers) && self.techniques.has(Technique::ClusterGuards) {
            let leftovers = clock
                .time(Stage::Resolve, || weigh_leftovers(&model, &pairs, &scorer, &resolution.partition));
            if !leftovers.is_empty() {
                links = links.with(leftovers);
                resolution = clock.time(Stage::Resolve, || find(&links))?;
            }
        }
        let partition = resolution.partition;
        let (ambiguous, households) = clock.time(Stage::Resolve, || {
            let floor = model.threshold().min(AMBIGUOUS);
            (ambiguous_records(&partition, &links, floor), find_households(&records, &partition))
        });
        self.policy.check_records(records.raw())?;
        let golden = clock.time(Stage::Survive, || {
            let rules = Survivorship::new(&records, &partition, &self.policy);
            Ok::<_, Error>(bound(rules, &self.policy, self.as_of, &links, &self.decisions.pins)?.golden())
        })?;
        let decided = conflicts.iter().filter_map(|event| Event::of_conflict(&event.event)).collect();
        let identity = clock.time(Stage::Survive, || {
            let (registry, run) = self.registry.as_ref()?;
            let mut assignment = assign(registry, &records, &partition, run);
            assignment.events.extend(conflicts);
            assignment.events.extend(demotions(&model, run));
            Some(assignment)
        });
        let blocking = pairs.report(links.pairs_by_rule());
        drop((scorer, pairs));
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
        let more = self.events(&unified);
        unified.events.extend(more);
        Ok(unified)
    }

    /// The candidate pairs, checked against the limit before any pair is looked at.
    fn candidates<'a>(&self, plan: &'a Plan, records: &'a Records) -> Result<CandidatePairs<'a>> {
        let pairs = CandidatePairs::new(plan, records);
        match self.most_pairs {
            Some(limit) if pairs.upper_bound() > limit => {
                Err(Error::limit("candidate pairs", pairs.upper_bound(), limit))
            }
            _ => Ok(pairs),
        }
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

    /// The given model's plan, or a new one.
    fn plan(&self, records: &Records) -> Result<Plan> {
        let plan = if let Some(model) = &self.model {
            model.plan().clone()
        } else {
            let mut options = PlanOptions::default().with_mode(self.mode).with_techniques(self.techniques);
            if let Some(pairs) = self.pairs_per_record {
                options = options.with_pairs_per_record(pairs);
            }
            default_plan(records, self.rules(records)?, &options)
        };
        Ok(plan)
    }

    fn rules(&self, records: &Records) -> Result<Option<Vec<BlockingRule>>> {
        let Some(rules) = &self.rules else { return Ok(None) };
        let parse = |(at, parts): (usize, &Vec<String>)| {
            BlockingRule::parse(parts, records.schema(), &format!("blocking > rules[{at}]"))
        };
        rules.iter().enumerate().map(parse).collect::<Result<_>>().map(Some)
    }

    fn events(&self, unified: &Unified) -> Vec<Event> {
        let mut events = Vec::new();
        events.extend(unified.ingest.unmapped_columns.iter().map(|unmapped| Event::UnmappedColumn {
            source_name: unmapped.source.clone(),
            column: unmapped.column.clone(),
            reason: unmapped.reason.clone(),
        }));
        if unified.ingest.keyless_repeats > 0 {
            events.push(Event::KeylessRepeats { rows: unified.ingest.keyless_repeats });
        }
        let phones = unified.records.schema().position(crate::FieldKind::Phone, "").is_some();
        if phones && !cfg!(feature = "phone") {
            events.push(Event::PlainPhones);
        }
        let dropped = unified.blocking.rules.iter().filter(|rule| rule.dropped > 0);
        events.extend(
            dropped.map(|rule| Event::DroppedBlocks { rule: rule.rule.clone(), blocks: rule.dropped }),
        );
        if let Some(training) = &unified.training {
            let columns = unified.records.columns().iter().filter(|column| column.filled() > 1);
            let fields = columns.map(Column::field).filter(|field| Comparator::of_kind(field.kind).is_some());
            let compared = |field: &Field| {
                unified.model.comparisons().iter().any(|weights| weights.comparison().field() == field)
            };
            events.extend(
                fields
                    .filter(|field| !compared(field))
                    .map(|field| Event::NotCompared { field: field.clone() }),
            );
            if let Some(reason) = training.no_signal() {
                events.push(Event::NoSignal { reason: reason.to_owned() });
            } else if !training.converged {
                events.push(Event::NotConverged { iterations: training.iterations });
            }
        }
        let large = unified.partition.iter().filter(|(_, members)| members.len() > self.max_size_warn);
        events.extend(large.map(|(entity, members)| Event::LargeEntity { entity, records: members.len() }));
        events
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
