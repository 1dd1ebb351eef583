//! Instants: dates with or without a time of day, on the axis of UTC.

use std::fmt;
use std::str::FromStr;

use jiff::{Timestamp, civil, tz::TimeZone};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::date::{Date, DayMonthOrder, Precision, parse_date};

/// A second on the axis of UTC, years −9999 to 9999; a date without a time is its start.
///
/// The text form is ISO 8601: the date alone at midnight, else with the time (`2026-11-01T12:30:00Z`).
///
/// ```
/// use onefold::value::Instant;
/// let instant: Instant = "2026-11-01T13:30:00+01:00".parse().unwrap();
/// assert_eq!(instant.to_string(), "2026-11-01T12:30:00Z");
/// assert_eq!(instant.minus_days(1).to_string(), "2026-10-31T12:30:00Z");
/// assert!("2026-11-01".parse::<Instant>().unwrap() < instant);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

const SECONDS_PER_DAY: i64 = 86_400;

impl Instant {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Instant = Instant(0);

    /// The instant so many seconds after 1970-01-01T00:00:00Z; none beyond the years −9999 to 9999.
    pub fn from_unix_seconds(seconds: i64) -> Option<Self> {
        Timestamp::from_second(seconds).ok().map(|_| Instant(seconds))
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub fn unix_seconds(self) -> i64 {
        self.0
    }

    /// So many days of 86,400 seconds earlier, at most to the start of the axis.
    #[must_use]
    pub fn minus_days(self, days: u32) -> Self {
        let earliest = Timestamp::MIN.as_second();
        Instant(self.0.saturating_sub(i64::from(days) * SECONDS_PER_DAY).max(earliest))
    }

    /// Whole days of 86,400 seconds from an earlier instant to this one; negative if it is later.
    pub fn days_since(self, earlier: Instant) -> i64 {
        (self.0 - earlier.0).div_euclid(SECONDS_PER_DAY)
    }

    fn of_civil(time: civil::DateTime) -> Option<Self> {
        TimeZone::UTC.to_timestamp(time).ok().map(|time| Instant(time.as_second()))
    }
}

impl From<Timestamp> for Instant {
    fn from(time: Timestamp) -> Self {
        Instant(time.as_second())
    }
}

/// A date that `FromStr` cannot read.
///
/// ```
/// let error = "today".parse::<onefold::value::Instant>().unwrap_err();
/// assert_eq!(error.to_string(), "no date (2026-11-01) or instant (2026-11-01T00:00:00Z)");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no date (2026-11-01) or instant (2026-11-01T00:00:00Z)")]
pub struct NoInstant;

/// ISO 8601 only: a date, a local date-time (taken as UTC) or an instant with an offset.
impl FromStr for Instant {
    type Err = NoInstant;

    fn from_str(text: &str) -> Result<Self, NoInstant> {
        let text = text.trim();
        if let Ok(time) = text.parse::<Timestamp>() {
            return Ok(time.into());
        }
        text.parse::<civil::DateTime>().ok().and_then(Instant::of_civil).ok_or(NoInstant)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The axis is that of `Timestamp`, so the conversion cannot fail.
        let time = Timestamp::from_second(self.0).unwrap_or_default();
        if self.0.rem_euclid(SECONDS_PER_DAY) == 0 {
            return TimeZone::UTC.to_datetime(time).date().fmt(f);
        }
        time.fmt(f)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Reads a date or date-time in the notations of exports: ISO 8601, or a date that
/// [`parse_date`] reads to the day, with or without a time (`03.04.2026 14:05`, `4/3/2026 2:05 PM`).
///
/// A time without an offset is taken as UTC. A text that names no day is no instant.
///
/// ```
/// use onefold::value::{DayMonthOrder, parse_instant};
/// let read = |text| parse_instant(text, DayMonthOrder::DayFirst).map(|instant| instant.to_string());
/// assert_eq!(read("03.04.2026 14:05").as_deref(), Some("2026-04-03T14:05:00Z"));
/// assert_eq!(read("03/04/2026").as_deref(), Some("2026-04-03"));
/// assert_eq!(read("2026"), None);
/// ```
pub fn parse_instant(text: &str, order: DayMonthOrder) -> Option<Instant> {
    if let Ok(instant) = text.parse() {
        return Some(instant);
    }
    let parsed = parse_date(text, order)?;
    if parsed.partial || parsed.date.precision() != Precision::Day {
        return None;
    }
    let date = civil(parsed.date)?;
    // A time that no clock shows makes the whole no instant, as a day that no calendar has does.
    let time = if text.contains(':') { time_of_day(text)? } else { civil::Time::midnight() };
    Instant::of_civil(date.to_datetime(time))
}

fn civil(date: Date) -> Option<civil::Date> {
    let part = |part: u8| i8::try_from(part).ok();
    civil::Date::new(date.year(), part(date.month()?)?, part(date.day()?)?).ok()
}

/// The time in a text: hours and minutes, perhaps seconds, perhaps `AM` or `PM`.
fn time_of_day(text: &str) -> Option<civil::Time> {
    let mut words = text.split([' ', 'T', '\u{a0}', '\u{202f}']).skip_while(|word| !word.contains(':'));
    let clock = words.next()?;
    let digits = clock.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let mut parts = digits.split(':').map(|part| part.split(['.', ',', '+']).next().unwrap_or_default());
    let mut part = || parts.next().map(str::parse::<i8>);
    let (hour, minute) = (part()?.ok()?, part()?.ok()?);
    let second = part().and_then(Result::ok).unwrap_or(0);
    let suffix = clock.get(digits.len()..).filter(|suffix| !suffix.is_empty()).or_else(|| words.next());
    let hour = match suffix.map(str::to_ascii_lowercase).as_deref() {
        Some("pm") if hour < 12 => hour + 12,
        Some("am") if hour == 12 => 0,
        _ => hour,
    };
    civil::Time::new(hour, minute, second, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn notations() {
        let cases = [
            ("2026-04-03", "2026-04-03"),
            ("2026-04-03 14:05:09", "2026-04-03T14:05:09Z"),
            ("2026-04-03T14:05:09.123Z", "2026-04-03T14:05:09Z"),
            ("2026-04-03T14:05:09+02:00", "2026-04-03T12:05:09Z"),
            ("03.04.2026", "2026-04-03"),
            ("3.4.26 9:05", "2026-04-03T09:05:00Z"),
            ("03/04/2026 2:05 PM", "2026-04-03T14:05:00Z"),
            ("03/04/2026 12:05am", "2026-04-03T00:05:00Z"),
            ("3. April 2026", "2026-04-03"),
            ("20260403", "2026-04-03"),
        ];
        for (text, expected) in cases {
            let read = parse_instant(text, DayMonthOrder::DayFirst).map(|instant| instant.to_string());
            assert_eq!(read.as_deref(), Some(expected), "{text}");
        }
        for text in ["", "2026", "04/2026", "31.02.2026", "gestern", "2026-01-02T25:00:00", "3.4.2026 99:99"]
        {
            assert_eq!(parse_instant(text, DayMonthOrder::DayFirst), None, "{text}");
        }
    }

    #[test]
    fn days() {
        let at = |text: &str| text.parse::<Instant>().unwrap();
        assert_eq!(at("2026-11-01").days_since(at("2026-10-30T12:00:00Z")), 1);
        assert_eq!(at("2026-11-01").days_since(at("2026-11-02")), -1);
        let first = at("2026-11-01").minus_days(u32::MAX);
        assert_eq!(first.minus_days(1), first);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_not(text in "\\PC{0,30}") {
            let _ = parse_instant(&text, DayMonthOrder::MonthFirst);
        }

        #[test]
        fn what_is_written_is_read(seconds in -100_000_000_000i64..200_000_000_000) {
            let instant = Instant::from_unix_seconds(seconds).unwrap();
            prop_assert_eq!(instant.to_string().parse::<Instant>(), Ok(instant));
        }
    }
}
