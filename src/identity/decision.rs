//! What stewards decided, as data.

use serde::{Deserialize, Serialize};

use super::event::{Event, EventRecord, Run};
use crate::error::{Error, Result};
use crate::record::RawRecords;
use crate::resolve::{Constraints, RecordKey};
use crate::survive::Pin;
use crate::text;
use crate::value::Instant;

/// Whether records are one customer's.
///
/// ```
/// use onefold::identity::LinkKind;
/// assert_eq!(serde_json::to_string(&LinkKind::Different)?, r#""different""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LinkKind {
    /// They are different customers': must never be joined, by whatever way.
    Different,
    /// They are the same customer's.
    Same,
}

/// A decision on a record and one or more others.
///
/// ```
/// use onefold::identity::{LinkDecision, LinkKind};
/// use onefold::resolve::RecordKey;
/// let (a, b) = (RecordKey::new("crm", "1"), RecordKey::new("erp", "9"));
/// let decision = LinkDecision::new(LinkKind::Same, a, [b], "2026-11-27".parse()?).by("i.steward", "called");
/// assert!(decision.holds());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct LinkDecision {
    /// Same or different.
    pub kind: LinkKind,
    /// The record.
    pub record: RecordKey,
    /// The others: one for a decision on a pair, the whole rest of a customer for one on the record.
    pub others: Vec<RecordKey>,
    /// When it was decided.
    pub at: Instant,
    /// Who decided.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub author: String,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// When it was taken back; it stays on record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifted: Option<Instant>,
}

impl LinkDecision {
    /// A decision that holds.
    pub fn new(
        kind: LinkKind,
        record: RecordKey,
        others: impl IntoIterator<Item = RecordKey>,
        at: Instant,
    ) -> Self {
        LinkDecision {
            kind,
            record,
            others: others.into_iter().collect(),
            at,
            author: String::new(),
            reason: String::new(),
            lifted: None,
        }
    }

    /// Sets who decided, and why.
    #[must_use]
    pub fn by(mut self, author: impl Into<String>, reason: impl Into<String>) -> Self {
        (self.author, self.reason) = (author.into(), reason.into());
        self
    }

    /// Whether it was not taken back.
    pub fn holds(&self) -> bool {
        self.lifted.is_none()
    }

    /// The event that tells it.
    pub(super) fn event(&self, run: &Run) -> Vec<EventRecord> {
        let event = |b: &RecordKey| {
            let (a, b) = (self.record.clone(), b.clone());
            run.event(
                match (self.holds(), self.kind) {
                    (false, _) => Event::LinkAllowed { a, b },
                    (true, LinkKind::Same) => Event::LinkRequired { a, b },
                    (true, LinkKind::Different) => Event::LinkForbidden { a, b },
                },
                false,
            )
        };
        self.others.iter().map(event).collect()
    }
}

/// All decisions of stewards: on links, and on values.
///
/// They name records by source and key, so they mean the same in every run, and are an argument of each: what a steward
/// held apart stays apart until the decision is taken back.
///
/// ```
/// use onefold::identity::{Decisions, LinkDecision, LinkKind};
/// use onefold::resolve::RecordKey;
/// let mut decisions = Decisions::default();
/// let (a, b) = (RecordKey::new("crm", "1"), RecordKey::new("crm", "2"));
/// decisions.links.push(LinkDecision::new(LinkKind::Different, a, [b], "2026-11-27".parse()?));
/// let json = decisions.to_json()?;
/// assert_eq!(Decisions::from_json(&json)?, decisions);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decisions {
    /// On links.
    #[serde(default)]
    pub links: Vec<LinkDecision>,
    /// On values.
    #[serde(default)]
    pub pins: Vec<Pin>,
}

/// A decision on records that a run does not have.
///
/// ```
/// fn place(orphan: &onefold::identity::Orphan) -> String {
///     format!("{}: {}", orphan.place, orphan.record)
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Orphan {
    /// Which decision: `link 3` or `pin 1`, counted from 1.
    pub place: String,
    /// The record that is not there.
    pub record: RecordKey,
}

impl Decisions {
    /// Decisions from JSON.
    ///
    /// # Errors
    /// A configuration error, with line and column, for what is none.
    pub fn from_json(json: &str) -> Result<Self> {
        serde_json::from_str(json).map_err(|error| Error::config("decisions", error.to_string()))
    }

    /// The decisions as JSON.
    ///
    /// # Errors
    /// None that decisions can cause.
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string_pretty(self).map_err(|error| Error::config("decisions", error.to_string()))
    }

    /// The links that hold as constraints, and an event for each decision that contradicts a newer one, directly or by way
    /// of others. Of decisions of the same time, those that hold apart go first.
    ///
    /// # Errors
    /// A configuration error for a record that is not there; see [`known_in`](Self::known_in) for runs in which some have
    /// gone.
    pub fn constraints(&self, records: &RawRecords, run: &Run) -> Result<(Constraints, Vec<EventRecord>)> {
        self.check(records)?;
        let mut order: Vec<&LinkDecision> = self.links.iter().filter(|link| link.holds()).collect();
        order.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| a.cmp(b)));
        let mut groups = Groups::default();
        let (mut constraints, mut events) = (Constraints::new(), Vec::new());
        for link in order {
            for other in &link.others {
                let (a, b) = (link.record.clone(), other.clone());
                if groups.take(link.kind, &a, &b) {
                    constraints = match link.kind {
                        LinkKind::Same => constraints.must_link(a, b),
                        LinkKind::Different => constraints.cannot_link(a, b),
                    };
                } else {
                    let said = if link.kind == LinkKind::Same { "same" } else { "different" };
                    let event = Event::DecisionConflict { a, b, overruled: said.to_owned() };
                    events.push(run.event(event, false));
                }
            }
        }
        Ok((constraints, events))
    }

    /// The decisions whose records are all there, and the others: what is told of is never dropped silently.
    pub fn known_in(&self, records: &RawRecords) -> (Decisions, Vec<Orphan>) {
        let is_known = |key: &RecordKey| {
            let (source, key) = key.parts();
            records.find(source, key).is_some()
        };
        let mut orphans = Vec::new();
        let mut all_known = |place: String, keys: Vec<&RecordKey>| {
            let missing: Vec<Orphan> = keys
                .into_iter()
                .filter(|key| !is_known(key))
                .map(|record| Orphan { place: place.clone(), record: record.clone() })
                .collect();
            let known = missing.is_empty();
            orphans.extend(missing);
            known
        };
        let mut known = Decisions::default();
        for (link, number) in self.links.iter().zip(1..) {
            let keys = std::iter::once(&link.record).chain(&link.others).collect();
            if all_known(format!("link {number}"), keys) {
                known.links.push(link.clone());
            }
        }
        for (pin, number) in self.pins.iter().zip(1..) {
            if all_known(format!("pin {number}"), pin.records()) {
                known.pins.push(pin.clone());
            }
        }
        (known, orphans)
    }

    /// Fails on the first record that is not there, and on a decision on a record and itself.
    fn check(&self, records: &RawRecords) -> Result<()> {
        for (link, number) in self.links.iter().zip(1..) {
            let place = format!("decisions > link {number}");
            if link.others.is_empty() || link.others.contains(&link.record) {
                return Err(Error::config(place, format!("`{}` needs another record", link.record)));
            }
            for key in std::iter::once(&link.record).chain(&link.others) {
                let (source, _) = key.parts();
                let names = || records.sources().iter().map(|source| source.info().name.as_str());
                if !names().any(|name| name == source) {
                    let known = names().map(str::to_owned).collect();
                    return Err(Error::unknown(
                        place,
                        "source",
                        source,
                        text::nearest(source, names()),
                        known,
                    ));
                }
                key.find(records, &place)?;
            }
        }
        Ok(())
    }
}

/// Records that are the same, and groups of them that are different.
#[derive(Default)]
struct Groups {
    /// The group of each record.
    group: std::collections::BTreeMap<RecordKey, usize>,
    count: usize,
    apart: std::collections::BTreeSet<(usize, usize)>,
}

impl Groups {
    /// Takes a decision if it contradicts none that was taken.
    fn take(&mut self, kind: LinkKind, a: &RecordKey, b: &RecordKey) -> bool {
        let (a, b) = (self.of(a), self.of(b));
        let pair = (a.min(b), a.max(b));
        match kind {
            LinkKind::Different => {
                if a == b {
                    return false;
                }
                self.apart.insert(pair);
            }
            LinkKind::Same => {
                if self.apart.contains(&pair) {
                    return false;
                }
                let into = |group: usize| if group == pair.1 { pair.0 } else { group };
                self.group.values_mut().for_each(|group| *group = into(*group));
                let moved = self.apart.iter().map(|&(x, y)| {
                    let (x, y) = (into(x), into(y));
                    (x.min(y), x.max(y))
                });
                self.apart = moved.collect();
            }
        }
        true
    }

    fn of(&mut self, key: &RecordKey) -> usize {
        if let Some(group) = self.group.get(key) {
            return *group;
        }
        self.count += 1;
        self.group.insert(key.clone(), self.count);
        self.count
    }
}
