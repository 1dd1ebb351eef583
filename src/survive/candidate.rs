//! Candidates of one subject in one entity: who states what, and how often.

use super::bound::{BoundRule, Step};
use super::condition::View;
use super::ranking::Ranking;
use super::rule::Nulls;
use super::subject::{Mask, PARTS, Shape, Subject};
use crate::id::{RecordId, ValueId};
use crate::normalize::formal_names;
use crate::schema::FieldKind;

/// A value, or the parts of a name, an address or a group, that a record states.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    /// One value per part of the subject.
    pub(super) parts: [ValueId; PARTS],
    pub(super) filled: Mask,
    pub(super) record: RecordId,
    /// True for an explicit null that takes part.
    pub(super) cleared: bool,
    /// Sources and records that state the parts which are counted together.
    pub(super) sources: u32,
    pub(super) records: u32,
    /// How strongly these records are linked to the others of the entity, in millionths.
    pub(super) strength: u64,
    /// How little is left to complete.
    pub(super) full: i64,
}

impl Candidate {
    pub(super) fn new(parts: [ValueId; PARTS], record: RecordId) -> Self {
        let filled = parts
            .iter()
            .enumerate()
            .fold(0, |mask, (at, part)| if part.is_missing() { mask } else { mask | 1 << at });
        Candidate { parts, filled, record, cleared: false, sources: 1, records: 1, strength: 0, full: 0 }
    }

    /// An explicit null of a record.
    pub(super) fn null(record: RecordId) -> Self {
        Candidate { cleared: true, ..Candidate::new([ValueId::MISSING; PARTS], record) }
    }
}

/// The entity whose values are looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entity<'e> {
    pub(super) members: &'e [RecordId],
    /// The record that gave the golden value, per subject; empty where nothing is followed.
    pub(super) followed: &'e [Option<RecordId>],
    /// The records from the best down, where records survive whole; else empty.
    pub(super) order: &'e [RecordId],
}

impl Ranking<'_> {
    /// Collects the candidates of an entity: each value of a field, one per record of a name, an address or a group.
    pub(super) fn gather(&self, subject: &Subject<'_>, members: &[RecordId], found: &mut Vec<Candidate>) {
        found.clear();
        for &record in members {
            match subject.shape {
                Shape::Record => found.push(Candidate::new([ValueId::MISSING; PARTS], record)),
                Shape::Single => {
                    let Some(&field) = subject.fields.first() else { continue };
                    let column = self.records.column(field);
                    let values = column.slice(self.records.row(record)).iter();
                    found.extend(values.take_while(|value| !value.is_missing()).map(|&value| {
                        let mut parts = [ValueId::MISSING; PARTS];
                        parts[0] = value;
                        Candidate::new(parts, record)
                    }));
                }
                Shape::Name | Shape::Address | Shape::Group => {
                    let candidate = Candidate::new(subject.parts(self.records, record), record);
                    if subject.is_eligible(candidate.filled) {
                        found.push(candidate);
                    }
                }
            }
        }
    }

    /// The records that say that the value was deleted.
    pub(super) fn cleared(&self, subject: &Subject<'_>, members: &[RecordId]) -> Vec<RecordId> {
        let is_cleared = |record: &&RecordId| {
            let stated = Candidate::new(subject.parts(self.records, **record), **record);
            stated.filled == 0 && subject.is_cleared(self.records, **record)
        };
        members.iter().filter(is_cleared).copied().collect()
    }

    /// Whether an explicit null of one of these records removes a candidate.
    pub(super) fn is_blocked(&self, rule: &BoundRule<'_>, of: &Candidate, cleared: &[RecordId]) -> bool {
        let source = self.records.source(of.record);
        let changed = rule.moments.at(of.record, self.as_of);
        let below = rule.rule.nulls == Nulls::ClearedBlocksOlderAndLower;
        cleared.iter().any(|&clear| {
            let by = self.records.source(clear);
            let lower = below
                && rule.priorities().is_some_and(|ranks| {
                    matches!((ranks.get(source.index()), ranks.get(by.index())), (Some(own), Some(other)) if own < other)
                });
            (by == source || lower) && changed <= rule.moments.at(clear, self.as_of)
        })
    }

    /// Orders the candidates by their parts and records, and counts who states what is counted together.
    pub(super) fn count(&self, subject: &Subject<'_>, rule: &BoundRule<'_>, candidates: &mut [Candidate]) {
        candidates.sort_unstable_by_key(|candidate| (candidate.parts, candidate.cleared, candidate.record));
        let key = |candidate: &Candidate| {
            let mut key = candidate.parts;
            key[subject.key..].fill(ValueId::MISSING);
            (key, candidate.cleared)
        };
        let linked = !self.strengths.is_empty();
        for run in candidates.chunk_by_mut(|a, b| key(a) == key(b)) {
            if run.len() == 1 && !linked {
                continue;
            }
            let mut records: Vec<RecordId> = run.iter().map(|candidate| candidate.record).collect();
            let (sources, stated) = self.support(&mut records);
            let strength = if linked { self.strength(&records) } else { 0 };
            for candidate in run {
                (candidate.sources, candidate.records, candidate.strength) = (sources, stated, strength);
            }
        }
        if rule.steps.iter().any(|step| matches!(step, Step::FullForm)) {
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

    pub(super) fn strength(&self, records: &[RecordId]) -> u64 {
        records.iter().filter_map(|record| self.strengths.get(record.index())).sum()
    }

    /// What conditions look at.
    pub(super) fn view<'v>(&'v self, rule: &'v BoundRule<'_>, entity: Entity<'v>) -> View<'v> {
        View { records: self.records, moments: &rule.moments, as_of: self.as_of, followed: entity.followed }
    }

    /// Marks which candidates no other one completes.
    fn mark_full_forms(&self, subject: &Subject<'_>, candidates: &mut [Candidate]) {
        let Some(&field) = subject.fields.first() else { return };
        let part = match (subject.shape, subject.kind()) {
            (Shape::Single, FieldKind::BirthDate | FieldKind::Date) | (Shape::Name, FieldKind::GivenName) => {
                0
            }
            (Shape::Name, _) => PARTS,
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
}
