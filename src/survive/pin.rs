//! Values that a steward set, as data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::predicate::Predicate;
use crate::resolve::RecordKey;
use crate::schema::FieldKind;
use crate::value::Instant;

/// A golden value that a steward set, until something lifts it. It stands alone: of a field of which several values survive,
/// the others do not while it holds.
///
/// It is anchored at a source record, not at a run's entity: it holds for whatever entity the record belongs to, and so
/// survives re-runs, merges, and splits, where it goes with the record. Of pins of one entity and field that disagree, the
/// newest holds, then the one with the smallest record; the others are told as [overruled](PinState::Overruled).
///
/// ```
/// use onefold::FieldKind;
/// use onefold::resolve::RecordKey;
/// use onefold::survive::{Lift, Pin, PinnedValue};
/// let anchor = RecordKey::new("crm", "4711");
/// let pin = Pin::new(anchor, FieldKind::Email, PinnedValue::Text("anna@example.org".into()), "2026-11-01".parse()?)
///     .by("i.steward", "told on the phone")
///     .until(Lift::At("2027-11-01".parse()?));
/// let json = serde_json::to_string(&pin)?;
/// assert_eq!(serde_json::from_str::<Pin>(&json)?, pin);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Pin {
    /// The record whose entity it is about.
    pub record: RecordKey,
    /// The kind: `full_name` for a name, `address` for the best address.
    pub field: FieldKind,
    /// The name of the field where a kind has several; else empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The value.
    pub value: PinnedValue,
    /// Who set it.
    #[serde(default)]
    pub author: String,
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// When it was set.
    pub at: Instant,
    /// What ends it.
    #[serde(default)]
    pub lift: Lift,
}

/// What a pin sets.
///
/// ```
/// use onefold::resolve::RecordKey;
/// use onefold::survive::PinnedValue;
/// let record = PinnedValue::OfRecord(RecordKey::new("erp", "9"));
/// assert_ne!(record, PinnedValue::Text("9".into()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PinnedValue {
    /// A text, for a single field. If a record states the same canonical value, it is that one.
    Text(String),
    /// The parts of a name, an address or a group; parts that are not named are blank.
    Parts(BTreeMap<FieldKind, String>),
    /// What a record of the entity states.
    OfRecord(RecordKey),
}

/// What ends a pin.
///
/// ```
/// use onefold::survive::{Lift, Predicate};
/// assert_eq!(Lift::default(), Lift::Never);
/// let verified = Predicate::Column { name: "status".into(), values: vec!["verified".into()] };
/// assert_ne!(Lift::WhenVerified(verified), Lift::Never);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Lift {
    /// Nothing.
    #[default]
    Never,
    /// The instant asked about is this one or later. Without such an instant, nothing.
    At(Instant),
    /// The anchor's own canonical value, parts joined by spaces, is no longer this: see
    /// [`Survivorship::stated`](super::Survivorship::stated).
    WhenSourceValueChanges(String),
    /// A record of the entity that states another value was changed after this instant.
    WhenEvidenceNewerThan(Instant),
    /// A record of the entity states a value for which this holds.
    WhenVerified(Predicate),
}

/// What became of a pin in a run.
///
/// ```
/// assert_eq!(onefold::survive::PinState::Applied.as_str(), "applied");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum PinState {
    /// It holds.
    Applied,
    /// It would hold, but a newer one of the same entity and field says otherwise.
    Overruled,
    /// Its condition ended it.
    Lifted,
    /// The record that should give the value is not in the anchor's entity, or states nothing.
    Orphaned,
}

impl PinState {
    /// The name: `applied`, `overruled`, `lifted` or `orphaned`.
    pub fn as_str(self) -> &'static str {
        match self {
            PinState::Applied => "applied",
            PinState::Overruled => "overruled",
            PinState::Lifted => "lifted",
            PinState::Orphaned => "orphaned",
        }
    }
}

impl Pin {
    /// A pin that nothing lifts.
    pub fn new(record: RecordKey, field: FieldKind, value: PinnedValue, at: Instant) -> Self {
        Pin {
            record,
            field,
            name: String::new(),
            value,
            author: String::new(),
            reason: String::new(),
            at,
            lift: Lift::Never,
        }
    }

    /// The records that it names.
    pub(crate) fn records(&self) -> Vec<&RecordKey> {
        let giver = match &self.value {
            PinnedValue::OfRecord(record) => Some(record),
            _ => None,
        };
        std::iter::once(&self.record).chain(giver).collect()
    }

    /// Sets who set it, and why.
    #[must_use]
    pub fn by(mut self, author: impl Into<String>, reason: impl Into<String>) -> Self {
        (self.author, self.reason) = (author.into(), reason.into());
        self
    }

    /// Sets what ends it.
    #[must_use]
    pub fn until(mut self, lift: Lift) -> Self {
        self.lift = lift;
        self
    }

    /// Sets the name of the field, where the kind has several.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }
}
