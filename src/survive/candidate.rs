//! Candidates of one subject in one entity, and their ranking.

use std::cmp::Ordering;

use super::clock::{Clock, UNDATED};
use super::rule::Comparator;
use super::subject::{Mask, PARTS, Shape, Subject};
use crate::id::{RecordId, ValueId};
use crate::normalize::formal_names;
use crate::record::Records;
use crate::schema::FieldKind;

/// A value, or the parts of a name or address, that a record states.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    /// One value per part of the subject.
    pub(super) parts: [ValueId; PARTS],
    pub(super) filled: Mask,
    pub(super) record: RecordId,
    /// Sources and records that state the parts which are counted together.
    pub(super) sources: u32,
    pub(super) records: u32,
    /// How little is left to complete.
    full: i64,
}

impl Candidate {
    pub(super) fn new(parts: [ValueId; PARTS], record: RecordId) -> Self {
        let filled = parts
            .iter()
            .enumerate()
            .fold(0, |mask, (at, part)| if part.is_missing() { mask } else { mask | 1 << at });
        Candidate { parts, filled, record, sources: 1, records: 1, full: 0 }
    }
}

/// What rankings look at.
#[derive(Debug)]
pub(super) struct Ranking<'a> {
    pub(super) records: &'a Records,
    pub(super) clock: Clock,
}

impl Ranking<'_> {
    /// Collects the candidates of an entity: each value of a field, one per record of a name or address.
    pub(super) fn gather(&self, subject: &Subject<'_>, members: &[RecordId], found: &mut Vec<Candidate>) {
        found.clear();
        for &record in members {
            if subject.shape == Shape::Single {
                let column = self.records.column(subject.fields[0]);
                let values = column.slice(self.records.row(record)).iter();
                found.extend(values.take_while(|value| !value.is_missing()).map(|&value| {
                    let mut parts = [ValueId::MISSING; PARTS];
                    parts[0] = value;
                    Candidate::new(parts, record)
                }));
            } else {
                let candidate = Candidate::new(subject.parts(self.records, record), record);
                if subject.is_eligible(candidate.filled) {
                    found.push(candidate);
                }
            }
        }
    }

    /// Orders the candidates by their parts and records, and counts who states what is counted together.
    pub(super) fn count(&self, subject: &Subject<'_>, candidates: &mut [Candidate]) {
        candidates.sort_unstable_by_key(|candidate| (candidate.parts, candidate.record));
        let key = |candidate: &Candidate| {
            let mut key = candidate.parts;
            key[subject.key..].fill(ValueId::MISSING);
            key
        };
        for run in candidates.chunk_by_mut(|a, b| key(a) == key(b)) {
            if run.len() == 1 {
                continue;
            }
            let mut records: Vec<RecordId> = run.iter().map(|candidate| candidate.record).collect();
            let support = self.support(&mut records);
            for candidate in run {
                (candidate.sources, candidate.records) = support;
            }
        }
        if subject.rule.rank.contains(&Comparator::FullForm) {
            self.mark_full_forms(subject, candidates);
        }
    }

    /// How many sources and records these are.
    pub(super) fn support(&self, records: &mut Vec<RecordId>) -> (u32, u32) {
        records.sort_unstable();
        records.dedup();
        // Records are numbered by source, so those of one source stand together.
        let source = |record: &RecordId| self.records.source(*record);
        let sources = records.chunk_by(|a, b| source(a) == source(b)).count();
        (sources as u32, records.len() as u32)
    }

    /// The better candidate first; equal only for the same parts of the same record.
    pub(super) fn order(&self, subject: &Subject<'_>, a: &Candidate, b: &Candidate) -> Ordering {
        self.order_and_step(subject, a, b).0
    }

    /// The order, and the step that decided; none for the canonical order.
    pub(super) fn order_and_step(
        &self,
        subject: &Subject<'_>,
        a: &Candidate,
        b: &Candidate,
    ) -> (Ordering, Option<usize>) {
        for (step, comparator) in subject.rule.rank.iter().enumerate() {
            let order = self.key(subject, step, comparator, b).cmp(&self.key(subject, step, comparator, a));
            if order.is_ne() {
                return (order, Some(step));
            }
        }
        for ((&field, &left), &right) in subject.fields.iter().zip(&a.parts).zip(&b.parts) {
            if left != right {
                return (self.text(field, left).cmp(self.text(field, right)), None);
            }
        }
        (a.record.cmp(&b.record), None)
    }

    /// What a step looks at; the higher wins.
    fn key(&self, subject: &Subject<'_>, step: usize, comparator: &Comparator, of: &Candidate) -> i64 {
        match comparator {
            Comparator::MostFrequent => i64::from(of.sources) << 32 | i64::from(of.records),
            Comparator::MostRecent => self.clock.changed(of.record),
            Comparator::Oldest => match self.clock.changed(of.record) {
                UNDATED => UNDATED,
                changed => -changed,
            },
            Comparator::SourcePriority(_) => subject.priority(step, self.records.source(of.record).index()),
            Comparator::MostComplete => self.completeness(subject, of),
            Comparator::Spelling => {
                let source = self.records.source(of.record);
                let first = self.records.raw().records_of(source).start;
                subject.spelling(source.index(), (of.record.0 - first) as usize)
            }
            Comparator::Longest => {
                let texts =
                    subject.fields.iter().zip(&of.parts).map(|(&field, &value)| self.text(field, value));
                texts.map(|text| text.chars().count() as i64).sum()
            }
            Comparator::FullForm => of.full,
        }
    }

    fn completeness(&self, subject: &Subject<'_>, of: &Candidate) -> i64 {
        match (subject.shape, subject.kind()) {
            (Shape::Single, FieldKind::BirthDate | FieldKind::Date) => {
                self.text(subject.fields[0], of.parts[0]).len() as i64
            }
            (Shape::Single, _) => {
                let row = self.records.row(of.record);
                let filled = |column: &crate::record::Column| {
                    column.slice(row).first().is_some_and(|value| !value.is_missing())
                };
                self.records.columns().iter().filter(|column| filled(column)).count() as i64
            }
            _ => {
                let texts =
                    subject.fields.iter().zip(&of.parts).map(|(&field, &value)| self.text(field, value));
                let says = |text: &str| text.len() > 1 || text.starts_with(|c: char| c.is_ascii_digit());
                texts.filter(|text| says(text)).count() as i64
            }
        }
    }

    /// Marks which candidates no other one completes.
    fn mark_full_forms(&self, subject: &Subject<'_>, candidates: &mut [Candidate]) {
        let (part, field) = match (subject.shape, subject.kind()) {
            (Shape::Single, FieldKind::BirthDate | FieldKind::Date) | (Shape::Name, FieldKind::GivenName) => {
                (0, subject.fields[0])
            }
            (Shape::Name, _) => (PARTS, subject.fields[0]),
            _ => return,
        };
        let value = |candidate: &Candidate| candidate.parts.get(part).copied().unwrap_or(ValueId::MISSING);
        let mut texts: Vec<&str> = candidates
            .chunk_by(|a, b| value(a) == value(b))
            .filter_map(|run| run.first())
            .map(|candidate| self.text(field, value(candidate)))
            .collect();
        texts.sort_unstable();
        texts.dedup();
        let completed = |text: &str| {
            // What begins with a text stands right behind it.
            let longer = texts.get(texts.partition_point(|other| *other <= text));
            let begins = longer.is_some_and(|other| !text.is_empty() && other.starts_with(text));
            match subject.shape {
                Shape::Name => {
                    (begins && text.len() == 1)
                        || (texts.len() > 1
                            && formal_names(text).any(|formal| texts.binary_search(&formal).is_ok()))
                }
                _ => begins,
            }
        };
        let names = subject.bit(FieldKind::GivenName) | subject.bit(FieldKind::FamilyName);
        for run in candidates.chunk_by_mut(|a, b| value(a) == value(b)) {
            let complete = run.first().is_some_and(|first| !completed(self.text(field, value(first))));
            for candidate in run {
                let both = i64::from((candidate.filled & names).count_ones());
                candidate.full = both << 1 | i64::from(complete);
            }
        }
    }

    fn text(&self, field: crate::FieldId, value: ValueId) -> &str {
        if value.is_missing() { "" } else { self.records.column(field).text(value) }
    }
}
