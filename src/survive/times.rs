//! Which time of a record counts, and what to do without one.

use serde::{Deserialize, Serialize};

use crate::value::Instant;

/// A clock: where the time of a record stands.
///
/// Systems keep several times of a record: of the change in the source, of its publication, of its effect, of the load,
/// of the last verification. Each is a column; that of the change is declared as the source's `updated_at`.
///
/// ```
/// use onefold::survive::Clock;
/// let clocks = vec![Clock::Column("verified_at".into()), Clock::Updated];
/// assert_eq!(serde_json::to_string(&clocks)?, r#"[{"column":"verified_at"},"updated"]"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Clock {
    /// The column that the source declares as `updated_at`.
    Updated,
    /// A column of this name; sources without it have no such time.
    Column(String),
}

/// What becomes of a record without a time, where a rule looks at times.
///
/// ```
/// assert_eq!(onefold::survive::Undated::default(), onefold::survive::Undated::Lose);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Undated {
    /// It ranks below all that have one, and still beats nothing at all.
    #[default]
    Lose,
    /// It takes no part.
    Never,
    /// It counts as of this instant.
    At(Instant),
    /// A source that has none of the clocks is an error before the run; single records without a time lose.
    Refuse,
}

/// What becomes of a time after the instant asked about.
///
/// ```
/// assert_eq!(onefold::survive::Future::default(), onefold::survive::Future::Clamp);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Future {
    /// It counts as that instant, so that a wrong year does not win for ever against one that is right.
    #[default]
    Clamp,
    /// The record counts as undated.
    Reject,
    /// It counts as it is.
    Accept,
}

/// The clocks of a rule, the first that a record has counts, and what to do about no time and one in the future.
///
/// ```
/// use onefold::survive::{Clock, Times, Undated};
/// let times = Times::of([Clock::Column("verified_at".into()), Clock::Updated]).with_undated(Undated::Never);
/// assert_eq!(times.clocks.len(), 2);
/// assert_eq!(Times::default().clocks, [Clock::Updated]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Times {
    /// The clocks, the first that a record has counts.
    pub clocks: Vec<Clock>,
    /// What becomes of a record without a time.
    #[serde(default)]
    pub undated: Undated,
    /// What becomes of a time after the instant asked about.
    #[serde(default)]
    pub future: Future,
}

impl Default for Times {
    fn default() -> Self {
        Times { clocks: vec![Clock::Updated], undated: Undated::Lose, future: Future::Clamp }
    }
}

impl Times {
    /// These clocks.
    pub fn of(clocks: impl IntoIterator<Item = Clock>) -> Self {
        Times { clocks: clocks.into_iter().collect(), ..Times::default() }
    }

    /// Sets what becomes of a record without a time.
    #[must_use]
    pub fn with_undated(mut self, undated: Undated) -> Self {
        self.undated = undated;
        self
    }

    /// Sets what becomes of a time after the instant asked about.
    #[must_use]
    pub fn with_future(mut self, future: Future) -> Self {
        self.future = future;
        self
    }

    pub(super) fn is_default(&self) -> bool {
        *self == Times::default()
    }
}
