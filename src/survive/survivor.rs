//! The survivors of one subject in one entity: filter, rank, reduce, and what to do without a winner.

use super::bound::BoundRule;
use super::candidate::{Candidate, Entity};
use super::lineage::{Reason, Stage};
use super::ranking::Ranking;
use super::reduce::Reduce;
use super::rule::{Fill, Nulls, OnEmpty, OnTie};
use super::subject::{PARTS, Subject};
use crate::id::{RecordId, ValueId};

/// Entities with more distinct names or addresses than this have none of their blanks filled: each would have to be
/// held against each.
const MOST_FILLED: usize = 64;

/// A survivor: its best candidate, and the parts with the record of each.
#[derive(Clone, Debug)]
pub(super) struct Survivor {
    pub(super) best: Candidate,
    pub(super) parts: [(ValueId, RecordId); PARTS],
    /// The texts of parts that no record states: of a computed value, or of a pin.
    pub(super) texts: Vec<(usize, String)>,
    /// The position of the best candidate's run of equal parts.
    run: usize,
    /// The positions of the runs that it was taken for one with.
    joined: Vec<usize>,
}

/// The distinct candidates of a subject in an entity, and who survives.
#[derive(Debug, Default)]
pub(super) struct Survivors {
    /// All candidates that were ranked last, those with equal parts side by side.
    pub(super) candidates: Vec<Candidate>,
    /// Where each run of equal parts begins, and the end.
    pub(super) runs: Vec<usize>,
    /// The best first; all of them, whatever the rule keeps.
    pub(super) ranked: Vec<Survivor>,
    /// How many of them are kept, from the best down.
    pub(super) kept: usize,
    /// A value computed from all of them, in place of those kept.
    pub(super) computed: Option<Survivor>,
    /// Candidates that took no part in the last ranking, with the reason.
    pub(super) removed: Vec<(Candidate, Reason)>,
    /// Which rule decided.
    pub(super) stage: Stage,
    /// The way from the subject's rule to that one.
    pub(super) path: Vec<Stage>,
    /// Why those that are ranked highest are not kept.
    pub(super) refused: Option<Reason>,
    /// True if there were too many to fill blanks.
    pub(super) unfilled: bool,
    /// True if the rule wants it known that nothing is left, or that two are equal.
    pub(super) reported: bool,
}

impl Survivors {
    /// Finds the survivors among the members of an entity, in place of those found before.
    pub(super) fn find(&mut self, ranking: &Ranking<'_>, subject: &Subject<'_>, entity: Entity<'_>) {
        self.clear();
        ranking.gather(subject, entity.members, &mut self.candidates);
        if !entity.order.is_empty() {
            self.stage = Stage::Record;
            self.keep_record(entity);
        }
        let mut rule = &subject.rule;
        loop {
            self.rank(ranking, subject, rule, entity);
            if self.candidates.is_empty() {
                if let Some(next) = &rule.on_empty {
                    self.stage = Stage::OnEmpty;
                    self.path.push(Stage::OnEmpty);
                    self.candidates.extend(self.removed.drain(..).map(|(candidate, _)| candidate));
                    rule = next;
                    continue;
                }
                self.reported |= rule.rule.on_empty == OnEmpty::Report;
                break;
            }
            if self.is_tie(ranking, subject, rule, entity) {
                if let Some(next) = &rule.on_tie {
                    self.stage = Stage::OnTie;
                    self.path.push(Stage::OnTie);
                    self.keep_tied(ranking, subject, rule, entity);
                    rule = next;
                    continue;
                }
                self.reported = true;
                if rule.rule.on_tie == OnTie::Null {
                    self.refused = Some(Reason::Tie);
                }
            }
            break;
        }
        self.reduce(ranking, subject, rule);
    }

    /// The survivors.
    pub(super) fn kept(&self) -> &[Survivor] {
        match &self.computed {
            Some(computed) => std::slice::from_ref(computed),
            None => &self.ranked[..self.kept],
        }
    }

    /// The candidates that a survivor stands for.
    pub(super) fn stated(&self, survivor: &Survivor) -> impl Iterator<Item = &Candidate> {
        let runs = std::iter::once(survivor.run).chain(survivor.joined.clone());
        let range = |run: usize| Some(self.runs.get(run).copied()?..self.runs.get(run + 1).copied()?);
        runs.filter_map(range).flat_map(|range| self.candidates.get(range).unwrap_or_default())
    }

    fn clear(&mut self) {
        self.runs.clear();
        self.ranked.clear();
        self.removed.clear();
        self.kept = 0;
        self.computed = None;
        self.stage = Stage::Rule;
        self.path.clear();
        self.refused = None;
        self.unfilled = false;
        self.reported = false;
    }

    /// Filters the candidates by a rule and ranks those that are left.
    fn rank(
        &mut self,
        ranking: &Ranking<'_>,
        subject: &Subject<'_>,
        rule: &BoundRule<'_>,
        entity: Entity<'_>,
    ) {
        self.runs.clear();
        self.ranked.clear();
        if rule.filters() || rule.rule.nulls != Nulls::Skip {
            self.filter(ranking, subject, rule, entity);
        }
        if let [only] = self.candidates.as_slice() {
            let mut only = *only;
            only.strength = ranking.strength(&[only.record]);
            self.ranked.push(Survivor::of(&only, 0));
            self.runs.extend([0, 1]);
            return;
        }
        ranking.count(subject, rule, &mut self.candidates);
        self.runs.push(0);
        let same = |a: &Candidate, b: &Candidate| a.parts == b.parts && a.cleared == b.cleared;
        for run in self.candidates.chunk_by(same) {
            let best = run.iter().min_by(|a, b| ranking.order(subject, rule, entity, a, b));
            self.ranked.extend(best.map(|best| Survivor::of(best, self.runs.len() - 1)));
            self.runs.push(self.runs.last().copied().unwrap_or(0) + run.len());
        }
        self.ranked.sort_by(|a, b| ranking.order(subject, rule, entity, &a.best, &b.best));
        if subject.is_single() || self.ranked.len() < 2 {
            return;
        }
        match rule.rule.fill {
            Fill::Never => {}
            Fill::Always => self.fill_best(),
            Fill::IfAgrees if self.ranked.len() > MOST_FILLED => self.unfilled = true,
            Fill::IfAgrees => self.fill(ranking, subject, rule, entity),
        }
    }

    /// Removes what a rule leaves out, and adds the explicit nulls that take part.
    fn filter(
        &mut self,
        ranking: &Ranking<'_>,
        subject: &Subject<'_>,
        rule: &BoundRule<'_>,
        entity: Entity<'_>,
    ) {
        let nulls = rule.rule.nulls;
        let cleared =
            if nulls == Nulls::Skip { Vec::new() } else { ranking.cleared(subject, entity.members) };
        let removed = &mut self.removed;
        self.candidates.retain(|candidate| {
            // The nulls of a rule before this one; those of this rule are added anew.
            if candidate.cleared {
                return false;
            }
            let view = ranking.view(rule, entity);
            let fails = rule.eligible.iter().position(|condition| !condition.holds(subject, candidate, view));
            let reason = if candidate.filled & rule.required != rule.required {
                Some(Reason::NotEligible)
            } else if let Some(condition) = fails.and_then(|at| rule.rule.eligible.get(at)) {
                Some(Reason::Filtered(condition.clone()))
            } else if rule.moments.leaves_out_undated()
                && rule.moments.at(candidate.record, ranking.as_of) == super::moments::UNDATED
            {
                Some(Reason::Undated)
            } else if ranking.is_distrusted(subject, rule, entity, candidate) {
                Some(Reason::Distrusted)
            } else if nulls != Nulls::ClearedWins && ranking.is_blocked(rule, candidate, &cleared) {
                Some(Reason::Cleared)
            } else {
                None
            };
            let stays = reason.is_none();
            removed.extend(reason.map(|reason| (*candidate, reason)));
            stays
        });
        if nulls == Nulls::ClearedWins {
            self.candidates.extend(cleared.into_iter().map(Candidate::null));
        }
    }

    /// Keeps what the best record states, where records survive whole.
    fn keep_record(&mut self, entity: Entity<'_>) {
        let states = |record: &&RecordId| self.candidates.iter().any(|c| c.record == **record);
        let best = entity.order.iter().find(states).copied();
        let removed = &mut self.removed;
        self.candidates.retain(|candidate| {
            let stays = Some(candidate.record) == best;
            if !stays {
                removed.push((*candidate, Reason::OtherRecord));
            }
            stays
        });
    }

    /// Whether the two best have different values that the ranking holds equal, and the rule wants to know.
    fn is_tie(
        &self,
        ranking: &Ranking<'_>,
        subject: &Subject<'_>,
        rule: &BoundRule<'_>,
        entity: Entity<'_>,
    ) -> bool {
        let asks = rule.rule.on_tie != OnTie::CanonicalOrder
            && matches!(rule.rule.reduce, Reduce::PickOne | Reduce::Quorum(_));
        let [first, second, ..] = self.ranked.as_slice() else { return false };
        asks && ranking.order_and_step(subject, rule, entity, &first.best, &second.best).1.is_none()
    }

    /// Leaves only the candidates that the ranking holds equal to the best.
    fn keep_tied(
        &mut self,
        ranking: &Ranking<'_>,
        subject: &Subject<'_>,
        rule: &BoundRule<'_>,
        entity: Entity<'_>,
    ) {
        let Some(first) = self.ranked.first() else { return };
        let mut tied = Vec::new();
        for survivor in &self.ranked {
            let step = ranking.order_and_step(subject, rule, entity, &first.best, &survivor.best).1;
            match step.and_then(|step| rule.rule.rank.get(step)) {
                None => tied.extend(self.stated(survivor).copied()),
                Some(step) => {
                    let reason = Reason::Comparator(step.clone());
                    let lost: Vec<_> =
                        self.stated(survivor).map(|candidate| (*candidate, reason.clone())).collect();
                    self.removed.extend(lost);
                }
            }
        }
        self.candidates = tied;
    }

    /// Decides how many are kept, or computes the value.
    fn reduce(&mut self, ranking: &Ranking<'_>, subject: &Subject<'_>, rule: &BoundRule<'_>) {
        if self.ranked.first().is_some_and(|best| best.best.cleared) {
            self.refused = Some(Reason::Cleared);
        }
        // A null that does not win takes nothing away.
        self.ranked.retain(|survivor| !survivor.best.cleared);
        if self.refused.is_some() {
            return;
        }
        let all = self.ranked.len();
        self.kept = match &rule.rule.reduce {
            Reduce::PickOne => all.min(1),
            Reduce::Top(most) => all.min(*most as usize),
            Reduce::UnionDistinct => all,
            Reduce::Unanimous => {
                if all > 1 {
                    self.refused = Some(Reason::NotUnanimous);
                }
                usize::from(all == 1)
            }
            Reduce::Quorum(least) => {
                let enough = self.ranked.iter().position(|survivor| survivor.best.sources >= *least);
                if let Some(at) = enough {
                    // The one that has the quorum goes first; the others keep their order.
                    self.ranked[..=at].rotate_right(1);
                } else if all > 0 {
                    self.refused = Some(Reason::NoQuorum);
                }
                usize::from(enough.is_some())
            }
            computed => {
                let field = subject.fields.first().copied();
                let text = |survivor: &Survivor| {
                    field.map_or("", |field| ranking.text(field, survivor.best.parts[0]))
                };
                let texts: Vec<(&str, u32)> =
                    self.ranked.iter().map(|survivor| (text(survivor), survivor.best.records)).collect();
                self.computed =
                    self.ranked.first().zip(computed.compute(&texts)).map(|(best, text)| Survivor {
                        parts: best.parts.map(|(_, record)| (ValueId::MISSING, record)),
                        texts: vec![(0, text)],
                        ..best.clone()
                    });
                if self.computed.is_some() { all } else { 0 }
            }
        };
    }

    /// Each survivor, from the best down, goes into the first before it that it agrees with and fills its blanks; then
    /// they are ranked again, each with the support of all that went into it.
    fn fill(
        &mut self,
        ranking: &Ranking<'_>,
        subject: &Subject<'_>,
        rule: &BoundRule<'_>,
        entity: Entity<'_>,
    ) {
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
            survivor.best.strength = ranking.strength(&records);
        }
        filled.sort_by(|a, b| ranking.order(subject, rule, entity, &a.best, &b.best));
        self.ranked = filled;
    }

    /// The next best that has a part fills the best's blank.
    fn fill_best(&mut self) {
        let Some((best, others)) = self.ranked.split_first_mut() else { return };
        if best.best.cleared {
            return;
        }
        for other in others.iter().filter(|other| !other.best.cleared) {
            best.take_blanks_from(other);
        }
    }
}

impl Survivor {
    fn of(best: &Candidate, run: usize) -> Self {
        let parts = best.parts.map(|value| (value, best.record));
        Survivor { best: *best, parts, texts: Vec::new(), run, joined: Vec::new() }
    }

    /// A survivor of a pin, which stands for no candidates.
    pub(super) fn pinned(best: &Candidate, texts: Vec<(usize, String)>) -> Self {
        Survivor { texts, run: usize::MAX - 1, ..Survivor::of(best, 0) }
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
        self.best.cleared == other.best.cleared && subject.is_anchor(common)
    }

    fn take_blanks_from(&mut self, other: &Survivor) {
        for (mine, theirs) in self.parts.iter_mut().zip(&other.parts) {
            if mine.0.is_missing() {
                *mine = *theirs;
            }
        }
    }

    fn absorb(&mut self, other: &Survivor) {
        self.take_blanks_from(other);
        self.joined.push(other.run);
        self.joined.extend(&other.joined);
    }
}
