//! What a run wants to be known.

use std::collections::BTreeMap;

use crate::compare::Comparator;
use crate::id::{EntityId, FieldId};
use crate::identity;
use crate::ingest::UnmappedReason;
use crate::pipeline::Unified;
use crate::record::Column;
use crate::resolve::RecordKey;
use crate::schema::{Field, FieldKind};
use crate::survive::{FindingKind, Pin, PinState};

/// Something that a run wants to be known; nothing is limited or left out silently.
///
/// ```
/// let event = onefold::pipeline::Event::DroppedBlocks { rule: "city".into(), blocks: 2 };
/// assert!(event.to_string().contains("city"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Event {
    /// A column has no kind; its values are not used.
    #[error("column `{column}` of source `{source_name}` is not used: {reason}")]
    UnmappedColumn {
        /// The source's name.
        source_name: String,
        /// The column's name.
        column: String,
        /// Why no kind was inferred.
        reason: UnmappedReason,
    },
    /// Rows of a source without a key column repeat other rows, and count once.
    #[error("{rows} rows of sources without a key repeat other rows and count once")]
    KeylessRepeats {
        /// How many.
        rows: u64,
    },
    /// Oversized blocks that no further key divides: the rule does not propose their pairs.
    #[error(
        "blocking rule `{rule}`: {blocks} oversized blocks could not be split; their pairs are not proposed"
    )]
    DroppedBlocks {
        /// The rule in its text form.
        rule: String,
        /// How many blocks.
        blocks: usize,
    },
    /// More fields than a pattern can hold: this one, filled least, is not compared.
    #[error("the field {field} is not compared: there are more fields than one comparison pattern holds")]
    NotCompared {
        /// The field.
        field: Field,
    },
    /// Training stopped before its parameters settled.
    #[error("training did not settle in {iterations} rounds")]
    NotConverged {
        /// Rounds of EM.
        iterations: usize,
    },
    /// The records hold no sign of any match: nothing is joined.
    #[error("training found no signal: {reason}")]
    NoSignal {
        /// Why.
        reason: String,
    },
    /// An entity has more records than is plausible.
    #[error("entity {entity} has {records} records")]
    LargeEntity {
        /// The entity.
        entity: EntityId,
        /// Its records.
        records: usize,
    },
    /// Two decisions of stewards contradict each other: the older one does not hold.
    #[error("the decision that `{a}` and `{b}` are {said} contradicts a newer one, and does not hold")]
    DecisionConflict {
        /// One record.
        a: RecordKey,
        /// The other.
        b: RecordKey,
        /// What it said: `same` or `different`.
        said: String,
    },
    /// A pinned value does not hold in this run.
    #[error("the pin on {} of `{record}` does not hold: it is {}", field.as_str(), state.as_str())]
    PinNotApplied {
        /// The record that it is anchored at.
        record: RecordKey,
        /// The kind of field.
        field: FieldKind,
        /// Why.
        state: PinState,
    },
    /// Rules of survivorship that ask for it tell of values that are equal at the top.
    #[error("{field}: in {entities} entities two values are equal at the top")]
    Ties {
        /// The field, or the first of those that survive together.
        field: Field,
        /// How many.
        entities: usize,
    },
    /// Rules of survivorship that ask for it tell that no candidate is left.
    #[error("{field}: in {entities} entities no value survives")]
    NothingSurvives {
        /// The field, or the first of those that survive together.
        field: Field,
        /// How many.
        entities: usize,
    },
    /// Phones were read without numbering plans.
    #[error("phones are compared as digits with a country prefix: the feature `phone` is off")]
    PlainPhones,
}

impl Event {
    /// A conflict of decisions, as the run tells it.
    pub(super) fn of_conflict(event: &identity::Event) -> Option<Event> {
        match event {
            identity::Event::DecisionConflict { a, b, overruled } => {
                Some(Event::DecisionConflict { a: a.clone(), b: b.clone(), said: overruled.clone() })
            }
            _ => None,
        }
    }

    /// What a finished run wants to be known; entities above a size are large.
    pub(super) fn of(unified: &Unified, max_size_warn: usize, pinned: &[(Pin, PinState)]) -> Vec<Event> {
        let mut events = Vec::new();
        events.extend(unified.ingest.unmapped_columns.iter().map(|unmapped| Event::UnmappedColumn {
            source_name: unmapped.source.clone(),
            column: unmapped.column.clone(),
            reason: unmapped.reason.clone(),
        }));
        if unified.ingest.keyless_repeats > 0 {
            events.push(Event::KeylessRepeats { rows: unified.ingest.keyless_repeats });
        }
        let phones = unified.records.schema().position(crate::FieldKind::Phone, "").is_some();
        if phones && !cfg!(feature = "phone") {
            events.push(Event::PlainPhones);
        }
        let dropped = unified.blocking.rules.iter().filter(|rule| rule.dropped > 0);
        events.extend(
            dropped.map(|rule| Event::DroppedBlocks { rule: rule.rule.clone(), blocks: rule.dropped }),
        );
        if let Some(training) = &unified.training {
            let columns = unified.records.columns().iter().filter(|column| column.filled() > 1);
            let fields = columns.map(Column::field).filter(|field| Comparator::of_kind(field.kind).is_some());
            let compared = |field: &Field| {
                unified.model.comparisons().iter().any(|weights| weights.comparison().field() == field)
            };
            events.extend(
                fields
                    .filter(|field| !compared(field))
                    .map(|field| Event::NotCompared { field: field.clone() }),
            );
            if let Some(reason) = training.no_signal() {
                events.push(Event::NoSignal { reason: reason.to_owned() });
            } else if !training.converged {
                events.push(Event::NotConverged { iterations: training.iterations });
            }
        }
        let large = unified.partition.iter().filter(|(_, members)| members.len() > max_size_warn);
        events.extend(large.map(|(entity, members)| Event::LargeEntity { entity, records: members.len() }));
        let pins = pinned.iter().filter(|(_, state)| *state != PinState::Applied);
        events.extend(pins.map(|(pin, state)| Event::PinNotApplied {
            record: pin.record.clone(),
            field: pin.field,
            state: *state,
        }));
        let mut counts: BTreeMap<(FieldId, FindingKind), usize> = BTreeMap::new();
        for finding in unified.golden.findings() {
            *counts.entry((finding.field, finding.kind)).or_default() += 1;
        }
        events.extend(counts.into_iter().map(|((field, kind), entities)| {
            let field = unified.records.column(field).field().clone();
            match kind {
                FindingKind::Tie => Event::Ties { field, entities },
                FindingKind::Empty => Event::NothingSurvives { field, entities },
            }
        }));
        events
    }
}
