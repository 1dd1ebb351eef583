//! A rule bound to the records of a run.

use std::sync::Arc;

use rayon::prelude::*;

use super::comparator::{Comparator, Voter};
use super::condition::Condition;
use super::function::Score;
use super::moments::{Clocks, Moments};
use super::policy::Policy;
use super::rule::{OnEmpty, OnTie, Rule};
use super::subject::Mask;
use super::trust::{Downgrade, TrustCurve};
use crate::id::FieldId;
use crate::normalize::{gives, spelling_grade};
use crate::record::{RawColumn, Records};
use crate::schema::{Field, FieldKind};

/// A rule with what it asks of sources, columns and clocks.
#[derive(Debug)]
pub(super) struct BoundRule<'a> {
    pub(super) rule: Rule,
    pub(super) steps: Vec<Step<'a>>,
    pub(super) eligible: Vec<Condition<'a>>,
    pub(super) moments: Moments,
    /// The parts that a candidate must have.
    pub(super) required: Mask,
    pub(super) on_empty: Option<Box<BoundRule<'a>>>,
    pub(super) on_tie: Option<Box<BoundRule<'a>>>,
}

/// A step of a ranking, bound.
pub(super) enum Step<'a> {
    MostFrequent,
    Frequency(Voter),
    LinkStrength,
    MostRecent,
    Oldest,
    /// Per source its rank, the higher the better.
    Source(Vec<i64>),
    Trust(BoundTrust<'a>),
    Prefer(Condition<'a>),
    MostComplete,
    Completeness(Vec<(FieldId, i64)>),
    /// Per source the columns that give the subject, with the grade of each distinct text.
    Spelling(Vec<Vec<(&'a RawColumn, Vec<u8>)>>),
    Longest,
    Shortest,
    Largest,
    Smallest,
    FullForm,
    /// None where the policy has no such function, which its check refuses.
    Custom(Option<Arc<Score>>),
}

/// Trust, bound.
#[derive(Debug)]
pub(super) struct BoundTrust<'a> {
    /// Per source.
    pub(super) curves: Vec<Option<TrustCurve>>,
    pub(super) downgrades: Vec<(Condition<'a>, Downgrade)>,
}

impl std::fmt::Debug for Step<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Step::MostFrequent => "MostFrequent",
            Step::Frequency(_) => "Frequency",
            Step::LinkStrength => "LinkStrength",
            Step::MostRecent => "MostRecent",
            Step::Oldest => "Oldest",
            Step::Source(_) => "Source",
            Step::Trust(_) => "Trust",
            Step::Prefer(_) => "Prefer",
            Step::MostComplete => "MostComplete",
            Step::Completeness(_) => "Completeness",
            Step::Spelling(_) => "Spelling",
            Step::Longest => "Longest",
            Step::Shortest => "Shortest",
            Step::Largest => "Largest",
            Step::Smallest => "Smallest",
            Step::FullForm => "FullForm",
            Step::Custom(_) => "Custom",
        })
    }
}

/// What a rule is bound to.
pub(super) struct Binding<'a, 'b> {
    pub(super) records: &'a Records,
    pub(super) policy: &'b Policy,
    pub(super) fields: &'b [FieldId],
    pub(super) kinds: &'b [FieldKind],
    /// The position of the subject that a kind survives in.
    pub(super) position: &'b dyn Fn(FieldKind) -> Option<usize>,
}

impl<'a> BoundRule<'a> {
    pub(super) fn new(rule: &Rule, binding: &Binding<'a, '_>, clocks: &mut Clocks<'a>) -> Self {
        let condition = |predicate| Condition::bind(predicate, binding.records, binding.position);
        let required = rule.require.iter().map(|kind| {
            let part = binding.kinds.iter().position(|part| part == kind);
            // What the records do not have at all, no record can state.
            part.map_or(Mask::MAX, |part| 1 << part)
        });
        let on_empty = match &rule.on_empty {
            OnEmpty::Fallback(rule) => Some(Box::new(BoundRule::new(rule, binding, clocks))),
            _ => None,
        };
        let on_tie = match &rule.on_tie {
            OnTie::Fallback(rule) => Some(Box::new(BoundRule::new(rule, binding, clocks))),
            _ => None,
        };
        BoundRule {
            steps: rule.rank.iter().map(|step| Step::bind(step, binding)).collect(),
            eligible: rule.eligible.iter().map(condition).collect(),
            moments: clocks.moments(&rule.times),
            required: required.fold(0, |mask, part| mask | part),
            on_empty,
            on_tie,
            rule: rule.clone(),
        }
    }

    /// True if the rule may leave candidates out, before they are ranked.
    pub(super) fn filters(&self) -> bool {
        let downgraded = |step: &Step<'_>| match step {
            Step::Trust(trust) => trust.downgrades.iter().any(|(_, d)| d.lower(100.0).is_none()),
            _ => false,
        };
        !self.eligible.is_empty()
            || self.required != 0
            || self.moments.leaves_out_undated()
            || self.steps.iter().any(downgraded)
    }

    /// The ranks of the sources in the rule's first list of them.
    pub(super) fn priorities(&self) -> Option<&[i64]> {
        self.steps.iter().find_map(|step| match step {
            Step::Source(ranks) => Some(ranks.as_slice()),
            _ => None,
        })
    }
}

impl<'a> Step<'a> {
    fn bind(step: &Comparator, binding: &Binding<'a, '_>) -> Self {
        let records = binding.records;
        let sources = records.raw().sources();
        let names = || sources.iter().map(|source| &source.info().name);
        let condition = |predicate| Condition::bind(predicate, records, binding.position);
        match step {
            Comparator::MostFrequent => Step::MostFrequent,
            Comparator::Frequency(voter) => Step::Frequency(*voter),
            Comparator::LinkStrength => Step::LinkStrength,
            Comparator::MostRecent => Step::MostRecent,
            Comparator::Oldest => Step::Oldest,
            Comparator::SourcePriority(listed) => {
                let rank = |name: &String| listed.iter().position(|other| other == name);
                Step::Source(names().map(|name| rank(name).map_or(i64::MIN, |rank| -(rank as i64))).collect())
            }
            Comparator::Trust(trust) => Step::Trust(BoundTrust {
                curves: names().map(|name| trust.sources.get(name).copied()).collect(),
                downgrades: trust.downgrades.iter().map(|d| (condition(&d.when), d.clone())).collect(),
            }),
            Comparator::Prefer(predicate) => Step::Prefer(condition(predicate)),
            Comparator::MostComplete => Step::MostComplete,
            Comparator::Completeness(weights) => {
                let fields = records.schema().fields().iter().enumerate();
                let weighed = fields.filter_map(|(at, field)| {
                    Some((FieldId(at as u16), i64::from(*weights.get(&field.kind)?)))
                });
                Step::Completeness(weighed.collect())
            }
            Comparator::Spelling => {
                let fields: Vec<&Field> =
                    binding.fields.iter().map(|&field| records.column(field).field()).collect();
                Step::Spelling(sources.iter().map(|source| graded(source.columns(), &fields)).collect())
            }
            Comparator::Longest => Step::Longest,
            Comparator::Shortest => Step::Shortest,
            Comparator::Largest => Step::Largest,
            Comparator::Smallest => Step::Smallest,
            Comparator::FullForm => Step::FullForm,
            Comparator::Custom(name) => Step::Custom(binding.policy.function_table().get(name)),
        }
    }
}

/// The columns that give the fields, with the grade of each distinct text.
fn graded<'a>(columns: &'a [RawColumn], fields: &[&Field]) -> Vec<(&'a RawColumn, Vec<u8>)> {
    let gives = |column: &&RawColumn| fields.iter().any(|field| gives(column, field));
    let grade = |column: &'a RawColumn| {
        let texts: Vec<&str> = column.values().iter().collect();
        (column, texts.into_par_iter().map(spelling_grade).collect())
    };
    columns.iter().filter(gives).map(grade).collect()
}
