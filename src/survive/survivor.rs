//! The survivors of one subject in one entity.

use super::candidate::{Candidate, Ranking};
use super::rule::{Fill, Reduce};
use super::subject::{PARTS, Shape, Subject};
use crate::id::{RecordId, ValueId};

/// Entities with more distinct names or addresses than this have none of their blanks filled: each would have to be
/// held against each.
const MOST_FILLED: usize = 64;

/// A survivor: its best candidate, and the parts with the record of each.
#[derive(Debug)]
pub(super) struct Survivor {
    pub(super) best: Candidate,
    pub(super) parts: [(ValueId, RecordId); PARTS],
    /// The position of the best candidate's run of equal parts.
    run: usize,
    /// The positions of the runs that it was taken for one with.
    joined: Vec<usize>,
}

/// The distinct candidates of a subject in an entity, and who survives.
#[derive(Debug, Default)]
pub(super) struct Survivors {
    /// All candidates, those with equal parts side by side.
    pub(super) candidates: Vec<Candidate>,
    /// Where each run of equal parts begins, and the end.
    pub(super) runs: Vec<usize>,
    /// The best first; all of them, whatever the rule keeps.
    pub(super) ranked: Vec<Survivor>,
    /// True if there were too many to fill blanks.
    pub(super) unfilled: bool,
}

impl Survivors {
    /// Finds the survivors among the members of an entity, in place of those found before.
    pub(super) fn find(&mut self, ranking: &Ranking<'_>, subject: &Subject<'_>, members: &[RecordId]) {
        self.runs.clear();
        self.ranked.clear();
        self.unfilled = false;
        ranking.gather(subject, members, &mut self.candidates);
        if let [only] = self.candidates.as_slice() {
            self.ranked.push(Survivor::of(only, 0));
            self.runs.extend([0, 1]);
            return;
        }
        ranking.count(subject, &mut self.candidates);
        self.runs.push(0);
        for run in self.candidates.chunk_by(|a, b| a.parts == b.parts) {
            let best = run.iter().min_by(|a, b| ranking.order(subject, a, b));
            self.ranked.extend(best.map(|best| Survivor::of(best, self.runs.len() - 1)));
            self.runs.push(self.runs.last().copied().unwrap_or(0) + run.len());
        }
        self.ranked.sort_by(|a, b| ranking.order(subject, &a.best, &b.best));
        let fills = subject.rule.fill == Fill::IfAgrees && subject.shape != Shape::Single;
        if fills && self.ranked.len() > MOST_FILLED {
            self.unfilled = true;
        } else if fills && self.ranked.len() > 1 {
            self.fill(ranking, subject);
        }
    }

    /// The survivors that the rule keeps.
    pub(super) fn kept(&self, reduce: Reduce) -> &[Survivor] {
        match reduce {
            Reduce::PickOne => &self.ranked[..self.ranked.len().min(1)],
            Reduce::UnionDistinct => &self.ranked,
        }
    }

    /// The candidates that a survivor stands for.
    pub(super) fn stated(&self, survivor: &Survivor) -> impl Iterator<Item = &Candidate> {
        let runs = std::iter::once(survivor.run).chain(survivor.joined.clone());
        runs.flat_map(|run| &self.candidates[self.runs[run]..self.runs[run + 1]])
    }

    /// Each survivor, from the best down, goes into the first before it that it agrees with and fills its blanks; then
    /// they are ranked again, each with the support of all that went into it.
    fn fill(&mut self, ranking: &Ranking<'_>, subject: &Subject<'_>) {
        let mut filled: Vec<Survivor> = Vec::with_capacity(self.ranked.len());
        for survivor in std::mem::take(&mut self.ranked) {
            match filled.iter_mut().find(|earlier| earlier.agrees_with(&survivor, subject)) {
                Some(earlier) => earlier.absorb(&survivor),
                None => filled.push(survivor),
            }
        }
        for survivor in filled.iter_mut().filter(|survivor| !survivor.joined.is_empty()) {
            let mut records: Vec<RecordId> =
                self.stated(survivor).map(|candidate| candidate.record).collect();
            (survivor.best.sources, survivor.best.records) = ranking.support(&mut records);
        }
        filled.sort_by(|a, b| ranking.order(subject, &a.best, &b.best));
        self.ranked = filled;
    }
}

impl Survivor {
    fn of(best: &Candidate, run: usize) -> Self {
        let parts = best.parts.map(|value| (value, best.record));
        Survivor { best: *best, parts, run, joined: Vec::new() }
    }

    /// True if both agree on every part that both have, and these are enough.
    fn agrees_with(&self, other: &Survivor, subject: &Subject<'_>) -> bool {
        let mut common = 0;
        for (at, (mine, theirs)) in self.parts.iter().zip(&other.parts).enumerate() {
            if mine.0.is_missing() || theirs.0.is_missing() {
                continue;
            }
            if mine.0 != theirs.0 {
                return false;
            }
            common |= 1 << at;
        }
        subject.is_anchor(common)
    }

    fn absorb(&mut self, other: &Survivor) {
        for (mine, theirs) in self.parts.iter_mut().zip(&other.parts) {
            if mine.0.is_missing() {
                *mine = *theirs;
            }
        }
        self.joined.push(other.run);
        self.joined.extend(&other.joined);
    }
}
