//! What a steward decided about records, by their source keys.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::id::RecordId;
use crate::record::RawRecords;
use crate::technique::Techniques;

/// A record by source name and key: it means the same record in every run.
///
/// ```
/// let key = onefold::resolve::RecordKey::new("crm", "4711");
/// assert_eq!(key.to_string(), "crm/4711");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordKey {
    source: String,
    key: String,
}

impl RecordKey {
    /// The record with this key in this source.
    pub fn new(source: impl Into<String>, key: impl Into<String>) -> Self {
        RecordKey { source: source.into(), key: key.into() }
    }

    /// The source's name and the record's key.
    pub fn parts(&self) -> (&str, &str) {
        (&self.source, &self.key)
    }

    /// The record, for a decision at this place.
    pub(crate) fn find(&self, records: &RawRecords, place: &str) -> Result<RecordId> {
        records
            .find(&self.source, &self.key)
            .ok_or_else(|| Error::config(place, format!("no record has the source and key `{self}`")))
    }
}

impl std::fmt::Display for RecordKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.source, self.key)
    }
}

/// Pairs of records that are, or are not, the same entity, whatever the model says.
///
/// ```
/// use onefold::resolve::{Constraints, RecordKey};
/// let constraints = Constraints::new()
///     .must_link(RecordKey::new("crm", "1"), RecordKey::new("erp", "9"))
///     .cannot_link(RecordKey::new("crm", "1"), RecordKey::new("crm", "2"));
/// assert!(!constraints.is_empty());
/// ```
#[must_use]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Constraints {
    must: Vec<(RecordKey, RecordKey)>,
    cannot: Vec<(RecordKey, RecordKey)>,
    /// Must-links of one run's records.
    same: Vec<(RecordId, RecordId)>,
    /// Which guards hold beside the decisions.
    techniques: Techniques,
}

impl Constraints {
    /// No constraints.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same constraints; of the guards that no steward decides, those that are switched off do not hold.
    pub fn with_techniques(mut self, techniques: Techniques) -> Self {
        self.techniques = techniques;
        self
    }

    /// Which guards hold beside the decisions.
    pub(crate) fn techniques(&self) -> Techniques {
        self.techniques
    }

    /// These two are the same entity.
    pub fn must_link(mut self, a: RecordKey, b: RecordKey) -> Self {
        self.must.push((a, b));
        self
    }

    /// These two are different entities.
    pub fn cannot_link(mut self, a: RecordKey, b: RecordKey) -> Self {
        self.cannot.push((a, b));
        self
    }

    /// These and the others.
    pub fn and(mut self, others: Constraints) -> Self {
        self.must.extend(others.must);
        self.cannot.extend(others.cannot);
        self.same.extend(others.same);
        self
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.must.is_empty() && self.cannot.is_empty() && self.same.is_empty()
    }

    /// These pairs of this run's records are the same entity.
    pub(crate) fn must_link_records(mut self, pairs: &[(RecordId, RecordId)]) -> Self {
        self.same.extend_from_slice(pairs);
        self
    }

    /// The must-links and the cannot-links as record ids.
    pub(crate) fn find(&self, records: &RawRecords) -> Result<Found> {
        const PLACE: &str = "constraints";
        let find = |pairs: &[(RecordKey, RecordKey)]| {
            let mut found = pairs
                .iter()
                .map(|(a, b)| Ok((a.find(records, PLACE)?, b.find(records, PLACE)?)))
                .collect::<Result<Vec<_>>>()?;
            found.sort_unstable();
            Ok(found)
        };
        let mut must = find(&self.must)?;
        must.extend_from_slice(&self.same);
        must.sort_unstable();
        Ok(Found { must, cannot: find(&self.cannot)? })
    }
}

/// Constraints by record id.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    pub(crate) must: Vec<(RecordId, RecordId)>,
    pub(crate) cannot: Vec<(RecordId, RecordId)>,
}
