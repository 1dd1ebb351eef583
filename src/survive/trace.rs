//! The fate of every value: what won, what supports it, and what removed the others.

use super::bound::BoundRule;
use super::candidate::Candidate;
use super::golden::GoldenValue;
use super::lineage::{Lineage, Loser, Reason, Stage};
use super::survivor::{Survivor, Survivors};
use super::survivorship::{Surroundings, Survivorship};
use crate::id::{EntityId, RecordId};

impl<'a> Survivorship<'a> {
    /// Tells the fate of every value of one part.
    pub(super) fn trace(
        &self,
        entity: EntityId,
        at: usize,
        part: usize,
        survivors: &Survivors,
        around: &Surroundings,
        lineage: &mut Lineage,
    ) {
        let (subject, context) = (&self.subjects[at], self.entity(entity, around));
        lineage.clear();
        lineage.stage = survivors.stage;
        lineage.refused.clone_from(&survivors.refused);
        let kept = survivors.kept();
        let is_pinned = survivors.stage == Stage::Pin;
        let computed = survivors.computed.as_ref();
        for survivor in kept {
            let (value, record) = survivor.parts[part];
            if !value.is_missing() {
                lineage.winners.push(GoldenValue { value, record });
            }
        }
        let text = computed.and_then(|computed| computed.texts.iter().find(|(at, _)| *at == part));
        lineage.text = text.map(|(_, text)| text.clone());
        let rule = self.deciding(at, survivors);
        let lost = |survivor: &Survivor| {
            if let Some(reason) = &survivors.refused {
                return reason.clone();
            }
            let best = survivors.ranked.first().map_or(&survivor.best, |best| &best.best);
            let step = self.ranking.order_and_step(subject, rule, context, best, &survivor.best).1;
            step.and_then(|step| rule.rule.rank.get(step).cloned())
                .map_or(Reason::CanonicalOrder, Reason::Comparator)
        };
        for (rank, survivor) in survivors.ranked.iter().enumerate() {
            let survives = match computed {
                Some(pin) if is_pinned => pin.best.parts == survivor.best.parts,
                Some(_) => true,
                None => rank < survivors.kept,
            };
            let mut reason = None;
            for candidate in survivors.stated(survivor) {
                let (value, record) = (candidate.parts[part], candidate.record);
                let stated = GoldenValue { value, record };
                // A part that fills a blank wins although its record does not.
                if value.is_missing() || lineage.winners.contains(&stated) {
                    continue;
                }
                if survives {
                    lineage.supporters.push(stated);
                } else {
                    let reason =
                        reason.get_or_insert_with(|| if is_pinned { Reason::Pinned } else { lost(survivor) });
                    lineage.losers.push(Loser { value, record, reason: reason.clone() });
                }
            }
        }
        for (candidate, reason) in &survivors.removed {
            let (value, record) = (candidate.parts[part], candidate.record);
            if !value.is_missing() && !lineage.winners.contains(&GoldenValue { value, record }) {
                lineage.losers.push(Loser { value, record, reason: reason.clone() });
            }
        }
        if !subject.is_single() {
            for &record in context.members {
                let stated = Candidate::new(subject.parts(self.ranking.records, record), record);
                let value = stated.parts[part];
                let known = lineage.winners.contains(&GoldenValue { value, record });
                if !value.is_missing() && !known && !subject.is_eligible(stated.filled) {
                    lineage.losers.push(Loser { value, record, reason: Reason::NotEligible });
                }
            }
        }
        if let ([_, second, ..], false, None) = (survivors.ranked.as_slice(), is_pinned, &survivors.refused) {
            lineage.decided_by = Some(lost(second));
        }
        lineage.confidence = match kept.first() {
            None => 0.0,
            Some(_) if is_pinned => 1.0,
            Some(best) => {
                let mut stating: Vec<RecordId> =
                    survivors.candidates.iter().map(|candidate| candidate.record).collect();
                stating.extend(survivors.removed.iter().map(|(candidate, _)| candidate.record));
                let (sources, _) = self.ranking.support(&mut stating);
                let for_it = if computed.is_some() { sources } else { best.best.sources };
                f64::from(for_it.min(sources) + 1) / f64::from(sources + 2)
            }
        };
        // The values of one record keep the order of the ranking.
        lineage.supporters.sort_by_key(|stated| stated.record);
        lineage.losers.sort_by_key(|loser| loser.record);
    }

    /// The rule that ranked the survivors: the subject's own, or one of its fallbacks.
    fn deciding(&self, at: usize, survivors: &Survivors) -> &BoundRule<'a> {
        survivors.path.iter().fold(&self.subjects[at].rule, |rule, stage| {
            let next = if *stage == Stage::OnEmpty { &rule.on_empty } else { &rule.on_tie };
            next.as_deref().unwrap_or(rule)
        })
    }
}
