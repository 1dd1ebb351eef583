//! Pins bound to the records of a run.

use std::collections::BTreeMap;

use super::candidate::{Candidate, Entity};
use super::condition::Condition;
use super::lineage::Stage;
use super::moments::UNDATED;
use super::pin::{Lift, Pin, PinState, PinnedValue};
use super::ranking::Ranking;
use super::ready::whole;
use super::subject::{Shape, Subject};
use super::survivor::{Survivor, Survivors};
use crate::error::{Error, Result};
use crate::id::{EntityId, RecordId};
use crate::record::Records;
use crate::resolve::{Partition, RecordKey};
use crate::schema::FieldKind;
use crate::text;

/// All pins, by entity and subject.
#[derive(Debug, Default)]
pub(super) struct Pinned<'a> {
    /// The newest first.
    by_place: BTreeMap<(EntityId, usize), Vec<BoundPin<'a>>>,
}

#[derive(Debug)]
struct BoundPin<'a> {
    /// The position in the list that was given.
    index: usize,
    pin: Pin,
    anchor: RecordId,
    /// The record that gives the value.
    giver: Option<RecordId>,
    /// The condition of its lift.
    verified: Option<Condition<'a>>,
}

impl<'a> Pinned<'a> {
    pub(super) fn bind(
        pins: &[Pin],
        records: &'a Records,
        partition: &Partition,
        subjects: &[Subject<'a>],
    ) -> Result<Self> {
        let mut by_place: BTreeMap<(EntityId, usize), Vec<BoundPin<'a>>> = BTreeMap::new();
        for (index, pin) in pins.iter().enumerate() {
            let place = || format!("pin {} > {}", index + 1, pin.field.as_str());
            let find = |key: &RecordKey| key.find(records.raw(), &format!("pin {}", index + 1));
            let anchor = find(&pin.record)?;
            let giver = match &pin.value {
                PinnedValue::OfRecord(key) => Some(find(key)?),
                _ => None,
            };
            let at =
                subjects.iter().position(|subject| is_about(subject, pin, records)).ok_or_else(|| {
                    let known: Vec<String> =
                        records.schema().fields().iter().map(ToString::to_string).collect();
                    let name = if pin.name.is_empty() {
                        pin.field.as_str().to_owned()
                    } else {
                        format!("{}:{}", pin.field.as_str(), pin.name)
                    };
                    let nearest = text::nearest(&name, known.iter().map(String::as_str)).map(str::to_owned);
                    Error::unknown(place(), "field", name, nearest.as_deref(), known)
                })?;
            let subject = &subjects[at];
            match (&pin.value, subject.is_single()) {
                (PinnedValue::Text(_), false) => {
                    return Err(Error::config(place(), "give its parts, or the record that states them"));
                }
                (PinnedValue::Parts(_), true) => {
                    return Err(Error::config(place(), "a single field has no parts: give a text"));
                }
                (PinnedValue::Parts(parts), false) => {
                    if let Some(kind) = parts.keys().find(|kind| !subject.kinds.contains(kind)) {
                        let known: Vec<&str> = subject.kinds.iter().map(|kind| kind.as_str()).collect();
                        let reason = format!(
                            "`{}` is no part that the records have ({})",
                            kind.as_str(),
                            known.join(", ")
                        );
                        return Err(Error::config(place(), reason));
                    }
                }
                _ => {}
            }
            let verified = match &pin.lift {
                Lift::WhenVerified(predicate) => {
                    Some(Condition::bind(predicate, records, &|_: FieldKind| None))
                }
                _ => None,
            };
            let bound = BoundPin { index, pin: pin.clone(), anchor, giver, verified };
            by_place.entry((partition.entity_of(anchor), at)).or_default().push(bound);
        }
        for pins in by_place.values_mut() {
            pins.sort_by(|a, b| b.pin.at.cmp(&a.pin.at).then_with(|| a.pin.record.cmp(&b.pin.record)));
        }
        Ok(Pinned { by_place })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_place.is_empty()
    }

    pub(super) fn places(&self) -> impl Iterator<Item = (EntityId, usize)> + '_ {
        self.by_place.keys().copied()
    }

    /// When pins of an entity and subject end by the clock.
    pub(super) fn ends(&self, place: (EntityId, usize)) -> impl Iterator<Item = i64> + '_ {
        let pins = self.by_place.get(&place).into_iter().flatten();
        pins.filter_map(|pin| match pin.pin.lift {
            Lift::At(instant) => Some(instant.unix_seconds()),
            _ => None,
        })
    }

    /// Puts the pinned value in place of what the rules found, and tells what became of each pin.
    pub(super) fn apply(
        &self,
        place: (EntityId, usize),
        ranking: &Ranking<'_>,
        subject: &Subject<'_>,
        entity: Entity<'_>,
        survivors: &mut Survivors,
    ) -> Vec<(usize, PinState)> {
        let Some(pins) = self.by_place.get(&place) else { return Vec::new() };
        let mut states = Vec::with_capacity(pins.len());
        let mut applied: Option<Survivor> = None;
        for pin in pins {
            let value = pin.value(ranking, subject, entity, survivors);
            let state = match (value, &applied) {
                (None, _) => PinState::Orphaned,
                (Some(value), _) if pin.is_lifted(ranking, subject, entity, survivors, &value) => {
                    PinState::Lifted
                }
                (Some(value), Some(newer)) if value.parts != newer.parts || value.texts != newer.texts => {
                    PinState::Overruled
                }
                (Some(value), _) => {
                    applied.get_or_insert(value);
                    PinState::Applied
                }
            };
            states.push((pin.index, state));
        }
        if let Some(applied) = applied {
            survivors.computed = Some(applied);
            survivors.stage = Stage::Pin;
            survivors.refused = None;
        }
        states
    }
}

/// Whether a pin is about the fields of a subject.
fn is_about(subject: &Subject<'_>, pin: &Pin, records: &Records) -> bool {
    let named = |kind: FieldKind| {
        let of_kind = |&&field: &&crate::FieldId| records.column(field).field().kind == kind;
        subject.fields.iter().find(of_kind).is_some_and(|&field| {
            let name = &records.column(field).field().name;
            pin.name.is_empty() || *name == pin.name
        })
    };
    match subject.shape {
        Shape::Record => false,
        Shape::Name | Shape::Address => {
            whole(pin.field) == pin.field && subject.kinds.iter().any(|&kind| whole(kind) == pin.field)
        }
        Shape::Single | Shape::Group => named(pin.field),
    }
}

impl BoundPin<'_> {
    /// What the pin sets; none if the record that should give it does not.
    fn value(
        &self,
        ranking: &Ranking<'_>,
        subject: &Subject<'_>,
        entity: Entity<'_>,
        survivors: &Survivors,
    ) -> Option<Survivor> {
        let wanted: Vec<String> = match &self.pin.value {
            PinnedValue::Text(text) => vec![text.clone()],
            PinnedValue::Parts(parts) => {
                subject.kinds.iter().map(|kind| parts.get(kind).cloned().unwrap_or_default()).collect()
            }
            PinnedValue::OfRecord(_) => {
                let giver = self.giver.filter(|giver| entity.members.contains(giver))?;
                let stated = Candidate::new(subject.parts(ranking.records, giver), giver);
                if stated.filled == 0 {
                    return None;
                }
                let same = |survivor: &&Survivor| survivor.best.parts == stated.parts;
                let found = survivors.ranked.iter().find(same).cloned();
                return Some(found.unwrap_or_else(|| Survivor::pinned(&stated, Vec::new())));
            }
        };
        let folded: Vec<String> = wanted.iter().map(|text| text::fold(text)).collect();
        let is_wanted = |survivor: &&Survivor| {
            let texts = subject.texts(ranking.records, &survivor.best);
            texts
                .zip(wanted.iter().zip(&folded))
                .all(|(text, (wanted, folded))| text == wanted || text == folded)
        };
        if let Some(found) = survivors.ranked.iter().find(is_wanted) {
            return Some(found.clone());
        }
        let mut texts: Vec<(usize, String)> = wanted.into_iter().enumerate().collect();
        texts.retain(|(_, text)| !text.is_empty());
        let nothing = Candidate {
            sources: 0,
            records: 0,
            ..Candidate::new([crate::ValueId::MISSING; super::subject::PARTS], self.anchor)
        };
        Some(Survivor::pinned(&nothing, texts))
    }

    fn is_lifted(
        &self,
        ranking: &Ranking<'_>,
        subject: &Subject<'_>,
        entity: Entity<'_>,
        survivors: &Survivors,
        value: &Survivor,
    ) -> bool {
        let mut candidates =
            survivors.candidates.iter().chain(survivors.removed.iter().map(|(candidate, _)| candidate));
        match &self.pin.lift {
            Lift::Never => false,
            Lift::At(instant) => ranking.as_of.is_some_and(|as_of| as_of >= instant.unix_seconds()),
            Lift::WhenSourceValueChanges(seen) => stated(subject, ranking.records, self.anchor) != *seen,
            Lift::WhenEvidenceNewerThan(instant) => candidates.any(|candidate| {
                let changed = subject.rule.moments.stated(candidate.record);
                changed != UNDATED && changed > instant.unix_seconds() && candidate.parts != value.best.parts
            }),
            Lift::WhenVerified(_) => candidates.any(|candidate| {
                let view = ranking.view(&subject.rule, entity);
                self.verified.as_ref().is_some_and(|condition| condition.holds(subject, candidate, view))
            }),
        }
    }
}

/// What a record states for a subject, its parts joined by spaces.
pub(super) fn stated(subject: &Subject<'_>, records: &Records, record: RecordId) -> String {
    let candidate = Candidate::new(subject.parts(records, record), record);
    let texts: Vec<&str> = subject.texts(records, &candidate).filter(|text| !text.is_empty()).collect();
    texts.join(" ")
}
