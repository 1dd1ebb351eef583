//! Functions of the caller's own that score candidates.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::value::Instant;

/// What a function of the caller's own is told of a candidate. Nothing in it depends on the order of records.
///
/// ```
/// use onefold::survive::CandidateView;
/// fn is_recent_erp(candidate: &CandidateView<'_>) -> bool {
///     candidate.source == "erp" && candidate.changed.is_some()
/// }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CandidateView<'a> {
    /// The canonical texts of its parts, one for a single field; empty where it has none.
    pub texts: Vec<&'a str>,
    /// The source of its record.
    pub source: &'a str,
    /// The key of its record.
    pub key: &'a str,
    /// When its record was changed, by the rule's clocks.
    pub changed: Option<Instant>,
    /// How many sources state it.
    pub sources: u32,
    /// How many records state it.
    pub records: u32,
}

/// A score: the higher wins.
pub(super) type Score = dyn Fn(&CandidateView<'_>) -> i64 + Send + Sync;

/// Functions by name.
#[derive(Clone, Default)]
pub(super) struct Functions(BTreeMap<String, Arc<Score>>);

impl Functions {
    pub(super) fn insert(
        &mut self,
        name: &str,
        function: impl Fn(&CandidateView<'_>) -> i64 + Send + Sync + 'static,
    ) {
        self.0.insert(name.to_owned(), Arc::new(function));
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> + '_ {
        self.0.keys().map(String::as_str)
    }

    pub(super) fn get(&self, name: &str) -> Option<Arc<Score>> {
        self.0.get(name).cloned()
    }
}

/// Functions cannot be compared; their names can.
impl PartialEq for Functions {
    fn eq(&self, other: &Self) -> bool {
        self.0.keys().eq(other.0.keys())
    }
}

impl std::fmt::Debug for Functions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
