//! What is asked of a field's value.

use serde::{Deserialize, Serialize};

use super::verdict::Verdict;
use crate::text;
use crate::value::{Amount, Instant};

/// What is asked of a number or an amount.
///
/// ```
/// use onefold::segment::Bound;
/// let json = serde_json::to_string(&Bound::AtLeast(3)).unwrap();
/// assert_eq!(json, r#"{"at_least":3}"#);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Bound<T = i64> {
    /// Equal.
    Is(T),
    /// Equal or more.
    AtLeast(T),
    /// More.
    Above(T),
    /// Equal or less.
    AtMost(T),
    /// Less.
    Below(T),
}

/// What is asked of an instant. Those at or after `as_of` count as unknown.
///
/// A window of days is sliding, of 24 hours each, and half-open: it contains its start and not `as_of`.
///
/// ```
/// use onefold::segment::InstantTest;
/// let json = serde_json::to_string(&InstantTest::WithinDays(90)).unwrap();
/// assert_eq!(json, r#"{"within_days":90}"#);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum InstantTest {
    /// Earlier than this.
    Before(Instant),
    /// This or later.
    AtOrAfter(Instant),
    /// In the days before `as_of`.
    WithinDays(u32),
    /// Before those days.
    LongerAgoThanDays(u32),
}

/// What is asked of a text; case, accents and how umlauts are written do not matter ([`text::fold`]).
///
/// ```
/// use onefold::segment::TextTest;
/// let json = serde_json::to_string(&TextTest::StartsWith("80".into())).unwrap();
/// assert_eq!(json, r#"{"starts_with":"80"}"#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TextTest {
    /// The whole text.
    Is(String),
    /// One of several.
    OneOf(Vec<String>),
    /// How it begins.
    StartsWith(String),
}

/// A condition on a number that says on which values it holds, and up to which one a value is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Interval {
    pub(super) low: i64,
    pub(super) high: i64,
    pub(super) known_to: i64,
}

impl Interval {
    pub(super) fn of_numbers(bound: Bound) -> Self {
        let interval = |low, high| Interval { low, high, known_to: i64::MAX };
        let empty = interval(i64::MAX, i64::MIN);
        match bound {
            Bound::Is(value) => interval(value, value),
            Bound::AtLeast(value) => interval(value, i64::MAX),
            Bound::Above(value) => value.checked_add(1).map_or(empty, |low| interval(low, i64::MAX)),
            Bound::AtMost(value) => interval(i64::MIN, value),
            Bound::Below(value) => value.checked_sub(1).map_or(empty, |high| interval(i64::MIN, high)),
        }
    }

    pub(super) fn of_amounts(bound: Bound<Amount>) -> Self {
        Self::of_numbers(match bound {
            Bound::Is(value) => Bound::Is(value.units()),
            Bound::AtLeast(value) => Bound::AtLeast(value.units()),
            Bound::Above(value) => Bound::Above(value.units()),
            Bound::AtMost(value) => Bound::AtMost(value.units()),
            Bound::Below(value) => Bound::Below(value.units()),
        })
    }

    /// On seconds of the axis of UTC.
    pub(super) fn of_instants(test: InstantTest, as_of: Instant) -> Self {
        let bound = match test {
            InstantTest::Before(instant) => Bound::Below(instant.unix_seconds()),
            InstantTest::AtOrAfter(instant) => Bound::AtLeast(instant.unix_seconds()),
            InstantTest::WithinDays(days) => Bound::AtLeast(as_of.minus_days(days).unix_seconds()),
            InstantTest::LongerAgoThanDays(days) => Bound::Below(as_of.minus_days(days).unix_seconds()),
        };
        Interval { known_to: as_of.unix_seconds() - 1, ..Self::of_numbers(bound) }
    }

    pub(super) fn verdict(self, value: Option<i64>) -> Verdict {
        match value.filter(|&value| value <= self.known_to) {
            None => Verdict::Unknown,
            Some(value) => (self.low <= value && value <= self.high).into(),
        }
    }
}

impl TextTest {
    /// The same with its texts in the form that is compared.
    pub(super) fn folded(&self) -> Self {
        match self {
            TextTest::Is(text) => TextTest::Is(text::fold(text)),
            TextTest::OneOf(texts) => TextTest::OneOf(texts.iter().map(|text| text::fold(text)).collect()),
            TextTest::StartsWith(text) => TextTest::StartsWith(text::fold(text)),
        }
    }

    /// True when a folded text passes a folded test.
    pub(super) fn passes(&self, folded: &str) -> bool {
        match self {
            TextTest::Is(text) => text == folded,
            TextTest::OneOf(texts) => texts.iter().any(|text| text == folded),
            TextTest::StartsWith(text) => folded.starts_with(text.as_str()),
        }
    }
}

impl<T: std::fmt::Display> std::fmt::Display for Bound<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Bound::Is(value) => write!(f, "= {value}"),
            Bound::AtLeast(value) => write!(f, ">= {value}"),
            Bound::Above(value) => write!(f, "> {value}"),
            Bound::AtMost(value) => write!(f, "<= {value}"),
            Bound::Below(value) => write!(f, "< {value}"),
        }
    }
}

impl std::fmt::Display for InstantTest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            InstantTest::Before(instant) => write!(f, "< {instant}"),
            InstantTest::AtOrAfter(instant) => write!(f, ">= {instant}"),
            InstantTest::WithinDays(days) => write!(f, "within {days} days"),
            InstantTest::LongerAgoThanDays(days) => write!(f, "longer ago than {days} days"),
        }
    }
}

impl std::fmt::Display for TextTest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            TextTest::Is(text) => write!(f, "is {text:?}"),
            TextTest::OneOf(texts) => write!(f, "is one of {texts:?}"),
            TextTest::StartsWith(text) => write!(f, "starts with {text:?}"),
        }
    }
}
