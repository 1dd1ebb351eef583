//! What happened to customers, as data.

use serde::{Deserialize, Serialize};

use crate::id::CustomerId;
use crate::resolve::RecordKey;
use crate::value::Instant;

/// The run or the decision that events come from, and what it is told by.
///
/// ```
/// use onefold::identity::Run;
/// let run = Run::new("2026-11-27").at("2026-11-27".parse().unwrap()).with_weight("crm", 10);
/// assert_eq!((run.weight("crm"), run.weight("web")), (10, 1));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Run {
    /// The name of the run; events carry it.
    pub id: String,
    /// The instant as of which it is told.
    pub as_of: Option<Instant>,
    /// What identifies the rules and the model, such as a hash of them.
    pub rules: String,
    /// Why customers are merged or split: the name of a rule, or a steward's reason.
    pub cause: String,
    /// Who decided; empty for the rules.
    pub author: String,
    /// What a record of a source counts where ids are assigned; 1 unless set.
    weights: std::collections::BTreeMap<String, u64>,
}

impl Run {
    /// A run of the rules.
    pub fn new(id: impl Into<String>) -> Self {
        Run { id: id.into(), cause: "match".to_owned(), ..Run::default() }
    }

    /// Sets the instant.
    #[must_use]
    pub fn at(mut self, as_of: Instant) -> Self {
        self.as_of = Some(as_of);
        self
    }

    /// Sets what identifies the rules and the model.
    #[must_use]
    pub fn with_rules(mut self, rules: impl Into<String>) -> Self {
        self.rules = rules.into();
        self
    }

    /// Sets who decided, and why.
    #[must_use]
    pub fn by(mut self, author: impl Into<String>, cause: impl Into<String>) -> Self {
        (self.author, self.cause) = (author.into(), cause.into());
        self
    }

    /// Sets what a record of a source counts: more where customers log in or a steward looked, so that the known customer
    /// keeps the id against one who is not.
    #[must_use]
    pub fn with_weight(mut self, source: impl Into<String>, weight: u64) -> Self {
        self.weights.insert(source.into(), weight);
        self
    }

    /// What a record of a source counts.
    pub fn weight(&self, source: &str) -> u64 {
        self.weights.get(source).copied().unwrap_or(1)
    }

    /// An event of this run.
    pub(crate) fn event(&self, event: Event, induced_by_merge: bool) -> EventRecord {
        EventRecord {
            run: self.id.clone(),
            as_of: self.as_of,
            rules: self.rules.clone(),
            author: self.author.clone(),
            induced_by_merge,
            event,
        }
    }
}

/// An event with its run, its author, and whether it only follows from a merge.
///
/// ```
/// use onefold::CustomerId;
/// use onefold::identity::{Event, EventRecord};
/// fn is_news(record: &EventRecord) -> bool {
///     !record.induced_by_merge && !matches!(record.event, Event::RecordAttached { .. })
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EventRecord {
    /// The run's name.
    pub run: String,
    /// The run's instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Instant>,
    /// What identifies the rules and the model.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rules: String,
    /// Who decided; empty for the rules.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub author: String,
    /// True for what happens only because customers were merged. What sends messages to customers should pass it over.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub induced_by_merge: bool,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
}

/// What happened.
///
/// ```
/// use onefold::CustomerId;
/// use onefold::identity::Event;
/// let event = Event::Retired { customer: CustomerId::of_record("crm", "4711") };
/// let json = serde_json::to_string(&event)?;
/// assert_eq!(json, r#"{"event":"retired","customer":"2J3THB4ANNV62ATZ2NFPXVHHZ8"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// A customer with a new id.
    EntityCreated {
        /// The new id.
        customer: CustomerId,
        /// Its records.
        records: Vec<RecordKey>,
    },
    /// A customer has its old id again.
    Returned {
        /// The id.
        customer: CustomerId,
        /// Its records.
        records: Vec<RecordKey>,
    },
    /// Customers became one.
    Merged {
        /// Whose id is kept.
        survivor: CustomerId,
        /// Whose ids lead there now.
        losers: Vec<CustomerId>,
        /// Why.
        cause: String,
    },
    /// A customer's records went to several.
    Split {
        /// Who was split.
        origin: CustomerId,
        /// The parts; first the one that keeps the id, if one does.
        parts: Vec<CustomerId>,
        /// Why.
        cause: String,
    },
    /// An id leads to another one.
    Redirected {
        /// The id out of use.
        customer: CustomerId,
        /// The id in use.
        to: CustomerId,
    },
    /// None of a customer's records is there any more.
    Retired {
        /// The id.
        customer: CustomerId,
    },
    /// A record came to a customer that was there before.
    RecordAttached {
        /// The customer.
        customer: CustomerId,
        /// The record.
        record: RecordKey,
    },
    /// A record left a customer.
    RecordDetached {
        /// The customer.
        customer: CustomerId,
        /// The record.
        record: RecordKey,
    },
    /// A steward said that records are one customer's.
    LinkRequired {
        /// One record.
        a: RecordKey,
        /// The other.
        b: RecordKey,
    },
    /// A steward said that records are not one customer's.
    LinkForbidden {
        /// One record.
        a: RecordKey,
        /// The other.
        b: RecordKey,
    },
    /// A steward took such a decision back.
    LinkAllowed {
        /// One record.
        a: RecordKey,
        /// The other.
        b: RecordKey,
    },
    /// Two decisions contradict each other; the newer one holds.
    DecisionConflict {
        /// One record of the decision that does not hold.
        a: RecordKey,
        /// The other.
        b: RecordKey,
        /// What it said: `same` or `different`.
        overruled: String,
    },
    /// A pinned value is told of: it holds, does not hold against a newer one, was lifted, or lost its record.
    Pinned {
        /// The record that it is anchored at.
        record: RecordKey,
        /// The field.
        field: String,
        /// `applied`, `overruled`, `lifted` or `orphaned`.
        state: String,
    },
    /// A contact point says nothing about who somebody is.
    IdentifierDemoted {
        /// The field.
        field: String,
        /// The value.
        value: String,
        /// Why: its class, and who states it.
        reason: String,
    },
    /// A golden value is another.
    FieldChanged {
        /// The customer.
        customer: CustomerId,
        /// The field.
        field: String,
        /// The values before, the best first.
        old: Vec<String>,
        /// The values after, the best first.
        new: Vec<String>,
    },
}
