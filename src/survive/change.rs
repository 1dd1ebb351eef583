//! When the clock alone may change a golden value.

use std::cmp::Ordering;

use super::bound::{BoundRule, BoundTrust, Step};
use super::candidate::{Candidate, Entity};
use super::rule::Nulls;
use super::subject::Subject;
use super::survivorship::Survivorship;
use crate::id::{EntityId, FieldId};
use crate::value::Instant;

impl Survivorship<'_> {
    /// The first instant after the one asked about at which the golden values of a field may change without any new data:
    /// trust that falls below another's, a condition on age that ends, a time that is no longer in the future, a pin that
    /// ends. Nothing changes before it; at it, something may. None if nothing ever does, and without an
    /// [instant](Self::at) asked about.
    ///
    /// Trust is compared in millionths of a point at whole seconds, so the instant is exact to the second.
    pub fn next_change_after(&self, entity: EntityId, field: FieldId) -> Option<Instant> {
        let now = self.ranking.as_of?;
        let (at, _) = self.place(field)?;
        let around = self.surroundings(entity, at);
        let context = self.entity(entity, &around);
        let mut changes = Changes { now, next: None };
        let mut places = vec![at];
        if self.follows {
            // Whatever comes before may be followed.
            places = (0..self.subjects.len()).collect();
        }
        for &place in &places {
            self.of_rule(&self.subjects[place], &self.subjects[place].rule, context, &mut changes);
        }
        if let Some(record) = &self.record {
            self.of_rule(record, &record.rule, context, &mut changes);
        }
        for place in places {
            self.pinned.ends((entity, place)).for_each(|end| changes.at(end));
        }
        changes.next.and_then(Instant::from_unix_seconds)
    }

    fn of_rule(
        &self,
        subject: &Subject<'_>,
        rule: &BoundRule<'_>,
        entity: Entity<'_>,
        changes: &mut Changes,
    ) {
        let mut candidates = Vec::new();
        self.ranking.gather(subject, entity.members, &mut candidates);
        if rule.rule.nulls == Nulls::ClearedWins {
            candidates.extend(self.ranking.cleared(subject, entity.members).into_iter().map(Candidate::null));
        }
        let mut spans = Vec::new();
        rule.eligible.iter().for_each(|condition| condition.spans(&mut spans));
        for step in &rule.steps {
            match step {
                Step::Prefer(condition) => condition.spans(&mut spans),
                Step::Trust(trust) => trust.downgrades.iter().for_each(|(when, _)| when.spans(&mut spans)),
                _ => {}
            }
        }
        // Explicit nulls have times too, so that all records count and not only the candidates'.
        for &record in entity.members {
            for time in rule.moments.possible(record) {
                changes.at(time);
                for span in &spans {
                    changes.at(time.saturating_add(*span));
                }
            }
        }
        for step in &rule.steps {
            if let Step::Trust(trust) = step {
                self.of_trust(subject, rule, entity, trust, &candidates, changes);
            }
        }
        for next in [&rule.on_empty, &rule.on_tie].into_iter().flatten() {
            self.of_rule(subject, next, entity, changes);
        }
    }

    /// The first change of the order by trust. It is one of two neighbours in the present order.
    fn of_trust(
        &self,
        subject: &Subject<'_>,
        rule: &BoundRule<'_>,
        entity: Entity<'_>,
        trust: &BoundTrust<'_>,
        candidates: &[Candidate],
        changes: &mut Changes,
    ) {
        let at = |of: &Candidate, seconds: i64| {
            let left = self.ranking.trust(subject, rule, entity, trust, of, Some(seconds));
            left.map_or(-1, |left| (left * 1e6).round() as i64)
        };
        let settles = candidates.iter().filter_map(|of| {
            let curve =
                trust.curves.get(self.ranking.records.source(of.record).index()).copied().flatten()?;
            rule.moments.possible(of.record).map(|changed| changed.saturating_add(curve.settles())).max()
        });
        let end = settles.max().unwrap_or(changes.now);
        let mut order: Vec<&Candidate> = candidates.iter().collect();
        order.sort_by_key(|of| std::cmp::Reverse(at(of, changes.now)));
        for pair in order.windows(2) {
            let [higher, lower] = pair else { continue };
            let end = changes.next.map_or(end, |next| next.min(end));
            let same = self.ranking.records.source(higher.record)
                == self.ranking.records.source(lower.record)
                && rule.moments.stated(higher.record) == rule.moments.stated(lower.record);
            if end <= changes.now || same {
                continue;
            }
            let curves = [&|t: i64| at(higher, t), &|t: i64| at(lower, t)] as [&dyn Fn(i64) -> i64; 2];
            let order = curves[0](changes.now).cmp(&curves[1](changes.now));
            if let Some(crossing) = first_change(curves, order, changes.now, end) {
                changes.at(crossing);
            }
        }
    }
}

/// The first second after `start` and up to `end` at which two values that never rise stand in another order.
fn first_change(curves: [&dyn Fn(i64) -> i64; 2], order: Ordering, start: i64, end: i64) -> Option<i64> {
    let [a, b] = curves;
    let constant = |curve: &dyn Fn(i64) -> i64| curve(start) == curve(end);
    let never = match order {
        // The higher never falls to where the lower began.
        Ordering::Greater => a(end) > b(start),
        Ordering::Less => b(end) > a(start),
        Ordering::Equal => constant(a) && constant(b),
    };
    if never || end <= start {
        return None;
    }
    if end - start == 1 {
        return (a(end).cmp(&b(end)) != order).then_some(end);
    }
    let middle = start + (end - start) / 2;
    first_change(curves, order, start, middle).or_else(|| first_change(curves, order, middle, end))
}

/// The first change found so far.
struct Changes {
    now: i64,
    next: Option<i64>,
}

impl Changes {
    fn at(&mut self, seconds: i64) {
        if seconds > self.now && self.next.is_none_or(|next| seconds < next) {
            self.next = Some(seconds);
        }
    }
}
