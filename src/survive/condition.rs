//! Conditions bound to the records of a run.

use super::candidate::Candidate;
use super::moments::{Moments, UNDATED};
use super::predicate::Predicate;
use super::subject::Subject;
use crate::id::RecordId;
use crate::record::{RawColumn, Records};
use crate::schema::FieldKind;

/// A condition, bound.
#[derive(Debug)]
pub(super) enum Condition<'a> {
    /// Per source.
    Source(Vec<bool>),
    /// Per source its column, and per distinct text of the column whether it is one of those asked for.
    Column(Vec<Option<(&'a RawColumn, Vec<bool>)>>),
    Shorter(usize),
    Dated,
    Within(i64),
    /// The position of the subject that is followed; none where the records lack it.
    Follows(Option<usize>),
    Not(Box<Condition<'a>>),
    All(Vec<Condition<'a>>),
    Any(Vec<Condition<'a>>),
}

/// What conditions look at beside the candidate.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'v> {
    pub(super) records: &'v Records,
    pub(super) moments: &'v Moments,
    pub(super) as_of: Option<i64>,
    /// The record that gave the golden value, per subject; empty where nothing is followed.
    pub(super) followed: &'v [Option<RecordId>],
}

const DAY: i64 = 86_400;

impl<'a> Condition<'a> {
    pub(super) fn bind(
        predicate: &Predicate,
        records: &'a Records,
        position: &dyn Fn(FieldKind) -> Option<usize>,
    ) -> Self {
        let sources = records.raw().sources();
        let all = |parts: &[Predicate]| -> Vec<Condition<'a>> {
            parts.iter().map(|part| Condition::bind(part, records, position)).collect()
        };
        match predicate {
            Predicate::FromSource(names) => {
                Condition::Source(sources.iter().map(|source| names.contains(&source.info().name)).collect())
            }
            Predicate::Column { name, values } => {
                let wanted: Vec<String> = values.iter().map(|value| value.trim().to_lowercase()).collect();
                let is_wanted = |text: &str| wanted.contains(&text.trim().to_lowercase());
                let of = |column: &'a RawColumn| (column, column.values().iter().map(is_wanted).collect());
                Condition::Column(sources.iter().map(|source| source.column(name).map(of)).collect())
            }
            Predicate::ShorterThan(length) => Condition::Shorter(*length as usize),
            Predicate::Dated => Condition::Dated,
            Predicate::ChangedWithinDays(days) => Condition::Within(i64::from(*days) * DAY),
            Predicate::Follows(kind) => Condition::Follows(position(*kind)),
            Predicate::Not(inner) => Condition::Not(Box::new(Condition::bind(inner, records, position))),
            Predicate::All(parts) => Condition::All(all(parts)),
            Predicate::Any(parts) => Condition::Any(all(parts)),
        }
    }

    pub(super) fn holds(&self, subject: &Subject<'_>, of: &Candidate, view: View<'_>) -> bool {
        match self {
            Condition::Source(listed) => {
                listed.get(view.records.source(of.record).index()).copied().unwrap_or(false)
            }
            Condition::Column(columns) => {
                let source = view.records.source(of.record);
                let Some(Some((column, wanted))) = columns.get(source.index()) else { return false };
                let row = of.record.0 - view.records.raw().records_of(source).start;
                let number = column.value_number(row as usize);
                number.and_then(|number| wanted.get(number as usize)).copied().unwrap_or(false)
            }
            Condition::Shorter(length) => subject.characters(view.records, of) < *length,
            Condition::Dated => view.moments.at(of.record, view.as_of) != UNDATED,
            Condition::Within(seconds) => {
                let changed = view.moments.at(of.record, view.as_of);
                changed != UNDATED && view.as_of.is_some_and(|as_of| as_of - changed < *seconds)
            }
            Condition::Follows(subject) => {
                let followed = subject.and_then(|at| view.followed.get(at).copied().flatten());
                followed == Some(of.record)
            }
            Condition::Not(inner) => !inner.holds(subject, of, view),
            Condition::All(parts) => parts.iter().all(|part| part.holds(subject, of, view)),
            Condition::Any(parts) => parts.iter().any(|part| part.holds(subject, of, view)),
        }
    }

    /// The lengths of time, in seconds after the change of a record, at which the answer may change by itself.
    pub(super) fn spans(&self, found: &mut Vec<i64>) {
        match self {
            Condition::Within(seconds) => found.push(*seconds),
            Condition::Not(inner) => inner.spans(found),
            Condition::All(parts) | Condition::Any(parts) => {
                for part in parts {
                    part.spans(found);
                }
            }
            _ => {}
        }
    }
}
