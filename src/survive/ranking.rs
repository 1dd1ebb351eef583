//! Which of two candidates is the better, and at which step.

use std::cmp::Ordering;

use super::bound::{BoundRule, BoundTrust, Step};
use super::candidate::{Candidate, Entity};
use super::comparator::Voter;
use super::function::CandidateView;
use super::moments::UNDATED;
use super::subject::{Shape, Subject};
use crate::id::{FieldId, ValueId};
use crate::record::{Column, Records};
use crate::schema::FieldKind;
use crate::value::Instant;

/// What rankings look at.
#[derive(Debug)]
pub(super) struct Ranking<'a> {
    pub(super) records: &'a Records,
    /// The instant asked about, in seconds since 1970.
    pub(super) as_of: Option<i64>,
    /// Per record, how strongly it is linked to the others of its entity, in millionths; empty without links.
    pub(super) strengths: Vec<u64>,
}

impl Ranking<'_> {
    /// The better candidate first; equal only for the same parts of the same record.
    pub(super) fn order(
        &self,
        subject: &Subject<'_>,
        rule: &BoundRule<'_>,
        entity: Entity<'_>,
        a: &Candidate,
        b: &Candidate,
    ) -> Ordering {
        self.order_and_step(subject, rule, entity, a, b).0
    }

    /// The order, and the step that decided; none for the canonical order.
    pub(super) fn order_and_step(
        &self,
        subject: &Subject<'_>,
        rule: &BoundRule<'_>,
        entity: Entity<'_>,
        a: &Candidate,
        b: &Candidate,
    ) -> (Ordering, Option<usize>) {
        for (at, step) in rule.steps.iter().enumerate() {
            let order = self.at_step(subject, rule, entity, step, a, b);
            if order.is_ne() {
                return (order, Some(at));
            }
        }
        for ((&field, &left), &right) in subject.fields.iter().zip(&a.parts).zip(&b.parts) {
            if left != right {
                return (self.text(field, left).cmp(self.text(field, right)), None);
            }
        }
        (a.record.cmp(&b.record), None)
    }

    /// The order at one step.
    fn at_step(
        &self,
        subject: &Subject<'_>,
        rule: &BoundRule<'_>,
        entity: Entity<'_>,
        step: &Step<'_>,
        a: &Candidate,
        b: &Candidate,
    ) -> Ordering {
        match step {
            Step::Largest => self.magnitude(subject, b, a),
            Step::Smallest => self.magnitude(subject, a, b),
            _ => {
                let key = |of| self.key(subject, rule, entity, step, of);
                key(b).cmp(&key(a))
            }
        }
    }

    /// What a step looks at; the higher wins.
    fn key(
        &self,
        subject: &Subject<'_>,
        rule: &BoundRule<'_>,
        entity: Entity<'_>,
        step: &Step<'_>,
        of: &Candidate,
    ) -> i64 {
        let changed = || rule.moments.at(of.record, self.as_of);
        match step {
            Step::MostFrequent => i64::from(of.sources) << 32 | i64::from(of.records),
            Step::Frequency(Voter::Source) => i64::from(of.sources),
            Step::Frequency(Voter::Record) => i64::from(of.records),
            Step::LinkStrength => of.strength as i64,
            Step::MostRecent => changed(),
            Step::Oldest => match changed() {
                UNDATED => UNDATED,
                changed => -changed,
            },
            Step::Source(ranks) => {
                ranks.get(self.records.source(of.record).index()).copied().unwrap_or(i64::MIN)
            }
            Step::Trust(trust) => {
                let left = self.trust(subject, rule, entity, trust, of, self.as_of);
                // To a millionth of a point.
                left.map_or(-1, |left| (left * 1e6).round() as i64)
            }
            Step::Prefer(condition) => i64::from(condition.holds(subject, of, self.view(rule, entity))),
            Step::MostComplete => self.completeness(subject, of),
            Step::Completeness(weights) => {
                let row = self.records.row(of.record);
                let fills = |field: FieldId| {
                    self.records.column(field).slice(row).first().is_some_and(|value| !value.is_missing())
                };
                weights.iter().filter(|(field, _)| fills(*field)).map(|(_, weight)| weight).sum()
            }
            Step::Spelling(sources) => {
                let source = self.records.source(of.record);
                let first = self.records.raw().records_of(source).start;
                let Some(columns) = sources.get(source.index()) else { return 0 };
                spelling(columns, (of.record.0 - first) as usize)
            }
            Step::Longest => subject.characters(self.records, of) as i64,
            Step::Shortest => -(subject.characters(self.records, of) as i64),
            Step::FullForm => of.full,
            Step::Custom(function) => {
                let Some(function) = function else { return 0 };
                let (source, key) = self.records.raw().key(of.record);
                let changed = Some(changed()).filter(|&changed| changed != UNDATED);
                function(&CandidateView {
                    texts: subject.texts(self.records, of).collect(),
                    source,
                    key,
                    changed: changed.and_then(Instant::from_unix_seconds),
                    sources: of.sources,
                    records: of.records,
                })
            }
            Step::Largest | Step::Smallest => 0,
        }
    }

    /// How much a candidate is trusted at an instant; none if it takes no part.
    pub(super) fn trust(
        &self,
        subject: &Subject<'_>,
        rule: &BoundRule<'_>,
        entity: Entity<'_>,
        trust: &BoundTrust<'_>,
        of: &Candidate,
        as_of: Option<i64>,
    ) -> Option<f64> {
        let source = self.records.source(of.record);
        let curve = trust.curves.get(source.index()).copied().flatten();
        let changed = rule.moments.at(of.record, as_of);
        let mut left = match (curve, as_of) {
            (None, _) => 0.0,
            // Without an instant, nothing is old.
            (Some(curve), None) => f64::from(curve.max()),
            (Some(curve), Some(_)) if changed == UNDATED => f64::from(curve.min()),
            (Some(curve), Some(as_of)) => curve.at(as_of.saturating_sub(changed)),
        };
        for (when, downgrade) in &trust.downgrades {
            let view = super::condition::View { as_of, ..self.view(rule, entity) };
            if when.holds(subject, of, view) {
                left = downgrade.lower(left)?;
            }
        }
        Some(left)
    }

    /// Whether a step takes a candidate out.
    pub(super) fn is_distrusted(
        &self,
        subject: &Subject<'_>,
        rule: &BoundRule<'_>,
        entity: Entity<'_>,
        of: &Candidate,
    ) -> bool {
        let distrusts = |step: &Step<'_>| match step {
            Step::Trust(trust) => self.trust(subject, rule, entity, trust, of, self.as_of).is_none(),
            _ => false,
        };
        rule.steps.iter().any(distrusts)
    }

    /// The smaller first: numbers as numbers, else by text.
    fn magnitude(&self, subject: &Subject<'_>, a: &Candidate, b: &Candidate) -> Ordering {
        for (a, b) in subject.texts(self.records, a).zip(subject.texts(self.records, b)) {
            let order = match (a.parse::<f64>(), b.parse::<f64>()) {
                (Ok(a), Ok(b)) => a.total_cmp(&b),
                _ => a.cmp(b),
            };
            if order.is_ne() {
                return order;
            }
        }
        Ordering::Equal
    }

    fn completeness(&self, subject: &Subject<'_>, of: &Candidate) -> i64 {
        match (subject.shape, subject.kind()) {
            (Shape::Single, FieldKind::BirthDate | FieldKind::Date) => {
                subject.characters(self.records, of) as i64
            }
            (Shape::Single | Shape::Record, _) => {
                let row = self.records.row(of.record);
                let filled =
                    |column: &Column| column.slice(row).first().is_some_and(|value| !value.is_missing());
                self.records.columns().iter().filter(|column| filled(column)).count() as i64
            }
            _ => {
                let says = |text: &str| text.len() > 1 || text.starts_with(|c: char| c.is_ascii_digit());
                subject.texts(self.records, of).filter(|text| says(text)).count() as i64
            }
        }
    }

    pub(super) fn text(&self, field: FieldId, value: ValueId) -> &str {
        if value.is_missing() { "" } else { self.records.column(field).text(value) }
    }
}

/// How well the cells of a row are spelled: accents count before case.
fn spelling(columns: &[(&crate::record::RawColumn, Vec<u8>)], row: usize) -> i64 {
    let (mut accents, mut case) = (0, 1);
    let mut any = false;
    for (column, grades) in columns {
        if let Some(number) = column.value_number(row) {
            let grade = grades[number as usize];
            accents |= grade & 2;
            case &= grade & 1;
            any = true;
        }
    }
    if any { i64::from(accents | case) } else { -1 }
}
