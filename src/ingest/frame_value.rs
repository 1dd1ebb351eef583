//! The text of a value of a data frame.

use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use polars::prelude::{AnyValue, DataType, TimeUnit};

/// What stands in the cell of a single value.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum FrameText {
    /// No value: a null, and a floating-point number that is none.
    None,
    Some(String),
    /// A date or time that no calendar has: beyond the year 9999 or the end of a day.
    OutOfRange,
}

/// True for the types whose values [`text`] writes.
pub(super) fn has_text(dtype: &DataType) -> bool {
    match dtype {
        DataType::Null
        | DataType::Boolean
        | DataType::String
        | DataType::Date
        | DataType::Datetime(..)
        | DataType::Duration(_)
        | DataType::Time
        | DataType::Categorical(..)
        | DataType::Enum(..) => true,
        DataType::Decimal(_, scale) => *scale <= DECIMAL_DIGITS,
        dtype => dtype.is_integer() || matches!(dtype, DataType::Float32 | DataType::Float64),
    }
}

/// Digits that a decimal may have.
const DECIMAL_DIGITS: usize = 38;

/// The text of a value that is not nested, as an export to text would have it.
pub(super) fn text(value: &AnyValue<'_>) -> FrameText {
    let text = match value {
        AnyValue::Boolean(value) => value.to_string(),
        AnyValue::String(value) => (*value).to_owned(),
        AnyValue::StringOwned(value) => value.to_string(),
        AnyValue::UInt8(value) => value.to_string(),
        AnyValue::UInt16(value) => value.to_string(),
        AnyValue::UInt32(value) => value.to_string(),
        AnyValue::UInt64(value) => value.to_string(),
        AnyValue::UInt128(value) => value.to_string(),
        AnyValue::Int8(value) => value.to_string(),
        AnyValue::Int16(value) => value.to_string(),
        AnyValue::Int32(value) => value.to_string(),
        AnyValue::Int64(value) => value.to_string(),
        AnyValue::Int128(value) => value.to_string(),
        AnyValue::Float32(value) if !value.is_nan() => value.to_string(),
        AnyValue::Float64(value) if !value.is_nan() => value.to_string(),
        AnyValue::Decimal(value, _, scale) => decimal(*value, *scale),
        AnyValue::Categorical(number, texts) | AnyValue::Enum(number, texts) => {
            return texts
                .cat_to_str(*number)
                .map_or(FrameText::None, |text| FrameText::Some(text.to_owned()));
        }
        AnyValue::Date(days) => return date(*days).into(),
        AnyValue::Time(nanoseconds) => return time(*nanoseconds).into(),
        AnyValue::Datetime(value, unit, zone) => {
            return instant(*value, *unit, zone.map(|zone| zone.as_str())).into();
        }
        AnyValue::Duration(value, unit) => duration(*value, *unit).to_string(),
        _ => return FrameText::None,
    };
    FrameText::Some(text)
}

impl From<Option<String>> for FrameText {
    fn from(text: Option<String>) -> Self {
        text.map_or(FrameText::OutOfRange, FrameText::Some)
    }
}

fn decimal(value: i128, scale: usize) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let digits = format!("{:0width$}", value.unsigned_abs(), width = scale.min(DECIMAL_DIGITS) + 1);
    match digits.split_at_checked(digits.len().saturating_sub(scale)) {
        Some((whole, fraction)) if !fraction.is_empty() => format!("{sign}{whole}.{fraction}"),
        _ => format!("{sign}{digits}"),
    }
}

fn date(days: i32) -> Option<String> {
    let start = Timestamp::from_second(i64::from(days) * 86_400).ok()?;
    Some(TimeZone::UTC.to_datetime(start).date().to_string())
}

fn time(nanoseconds: i64) -> Option<String> {
    const DAY: i64 = 86_400_000_000_000;
    let instant = Timestamp::from_nanosecond(nanoseconds.into()).ok()?;
    (0..DAY).contains(&nanoseconds).then(|| TimeZone::UTC.to_datetime(instant).time().to_string())
}

/// ISO 8601: with the offset of a zone that is one, `Z` of any other zone, and nothing without a zone.
fn instant(value: i64, unit: TimeUnit, zone: Option<&str>) -> Option<String> {
    let instant = match unit {
        TimeUnit::Nanoseconds => Timestamp::from_nanosecond(value.into()),
        TimeUnit::Microseconds => Timestamp::from_microsecond(value),
        TimeUnit::Milliseconds => Timestamp::from_millisecond(value),
    };
    let instant = instant.ok()?;
    Some(match zone {
        None => TimeZone::UTC.to_datetime(instant).to_string(),
        Some(zone) => match fixed_offset(zone) {
            Some(offset) => instant.display_with_offset(offset).to_string(),
            None => instant.to_string(),
        },
    })
}

/// The offset of a zone that is named by one, but for that of UTC.
fn fixed_offset(zone: &str) -> Option<Offset> {
    let zone = DateTimeParser::new().parse_time_zone(zone).ok()?;
    zone.to_fixed_offset().ok().filter(|&offset| offset != Offset::UTC)
}

fn duration(value: i64, unit: TimeUnit) -> SignedDuration {
    match unit {
        TimeUnit::Nanoseconds => SignedDuration::from_nanos(value),
        TimeUnit::Microseconds => SignedDuration::from_micros(value),
        TimeUnit::Milliseconds => SignedDuration::from_millis(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use polars::prelude::TimeZone as Zone;

    #[test]
    fn texts() {
        const HOUR: i64 = 3_600_000;
        let zone = |name: &str| Zone::opt_try_new(Some(name)).unwrap().unwrap();
        let (utc, offset, named) = (zone("UTC"), zone("+05:30"), zone("Europe/Berlin"));
        let cases: [(AnyValue<'_>, Option<&str>); 30] = [
            (AnyValue::Null, None),
            (AnyValue::Boolean(true), Some("true")),
            (AnyValue::Int8(-7), Some("-7")),
            (AnyValue::UInt64(u64::MAX), Some("18446744073709551615")),
            (AnyValue::Int128(i128::MIN), Some("-170141183460469231731687303715884105728")),
            (AnyValue::Float64(1.0), Some("1")),
            (AnyValue::Float64(0.1), Some("0.1")),
            (AnyValue::Float32(0.1), Some("0.1")),
            (AnyValue::Float64(1e21), Some("1000000000000000000000")),
            (AnyValue::Float64(f64::NAN), None),
            (AnyValue::Float64(f64::INFINITY), Some("inf")),
            (AnyValue::Decimal(1250, 10, 2), Some("12.50")),
            (AnyValue::Decimal(-5, 10, 2), Some("-0.05")),
            (AnyValue::Decimal(7, 10, 0), Some("7")),
            (AnyValue::Decimal(i128::MIN, 38, 38), Some("-1.70141183460469231731687303715884105728")),
            (AnyValue::Date(0), Some("1970-01-01")),
            (AnyValue::Date(-25_509), Some("1900-02-28")),
            (AnyValue::Date(i32::MAX), Some("?")),
            (AnyValue::Time(37_230_000_000_000), Some("10:20:30")),
            (AnyValue::Time(1_500_000), Some("00:00:00.0015")),
            (AnyValue::Time(86_400_000_000_000), Some("?")),
            (AnyValue::Datetime(HOUR, TimeUnit::Milliseconds, None), Some("1970-01-01T01:00:00")),
            (AnyValue::Datetime(-1, TimeUnit::Nanoseconds, None), Some("1969-12-31T23:59:59.999999999")),
            (
                AnyValue::Datetime(1_500_000, TimeUnit::Microseconds, Some(&utc)),
                Some("1970-01-01T00:00:01.5Z"),
            ),
            (AnyValue::Datetime(HOUR, TimeUnit::Milliseconds, Some(&named)), Some("1970-01-01T01:00:00Z")),
            (
                AnyValue::Datetime(HOUR, TimeUnit::Milliseconds, Some(&offset)),
                Some("1970-01-01T06:30:00+05:30"),
            ),
            (AnyValue::Datetime(i64::MAX, TimeUnit::Milliseconds, None), Some("?")),
            (AnyValue::Duration(217_000, TimeUnit::Milliseconds), Some("PT3M37S")),
            (AnyValue::Duration(i64::MIN, TimeUnit::Milliseconds), Some("-PT2562047788015H12M55.808S")),
            (AnyValue::StringOwned("x".into()), Some("x")),
        ];
        for (value, expected) in cases {
            let expected = match expected {
                None => FrameText::None,
                Some("?") => FrameText::OutOfRange,
                Some(text) => FrameText::Some(text.to_owned()),
            };
            assert_eq!(text(&value), expected, "{value:?}");
        }
    }

    #[test]
    fn types_without_a_text() {
        for dtype in [DataType::Binary, DataType::Float16, DataType::Decimal(38, 39)] {
            assert!(!has_text(&dtype), "{dtype}");
        }
    }
}
