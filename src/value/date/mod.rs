//! Calendar dates with a precision: year, month or day.

mod month;
mod parse;
mod token;

pub use parse::{DayMonthOrder, ParsedDate, parse_date};
pub use token::TWO_DIGIT_YEAR_PIVOT;

/// How much of a [`Date`] is known.
///
/// ```
/// use onefold::value::{Date, Precision};
/// let month = Date::parts(Some(1980), Some(4), None).unwrap();
/// assert_eq!(month.precision(), Precision::Month);
/// assert!(Precision::Year < Precision::Day);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// Only the year.
    Year,
    /// Year and month.
    Month,
    /// Year, month and day.
    Day,
}

/// A date of the proleptic Gregorian calendar, years 1 to 9999, of which month and day may be unknown.
///
/// The text form is ISO 8601 in reduced precision: `1980`, `1980-04` or `1980-04-03`.
///
/// ```
/// use onefold::value::Date;
/// let date = Date::ymd(1980, 4, 3).unwrap();
/// assert_eq!(date.to_string(), "1980-04-03");
/// assert_eq!(Date::ymd(1980, 2, 31), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: i16,
    month: Option<u8>,
    day: Option<u8>,
}

impl Date {
    /// A full date, if the calendar has it and the year is 1 to 9999.
    ///
    /// ```
    /// use onefold::value::Date;
    /// assert!(Date::ymd(2024, 2, 29).is_some());
    /// assert!(Date::ymd(2023, 2, 29).is_none());
    /// ```
    pub fn ymd(year: i16, month: u8, day: u8) -> Option<Date> {
        if !(1..=9999).contains(&year) {
            return None;
        }
        let (month_number, day_number) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
        jiff::civil::Date::new(year, month_number, day_number).ok()?;
        Some(Date { year, month: Some(month), day: Some(day) })
    }

    /// A date from parts that were stored apart.
    ///
    /// Without a year from 1 to 9999 there is no date. A month that does not exist leaves the year alone; a day
    /// without a month, or one that the month does not have, is left out.
    ///
    /// ```
    /// use onefold::value::Date;
    /// let date = Date::parts(Some(1980), Some(2), Some(31)).unwrap();
    /// assert_eq!(date.to_string(), "1980-02");
    /// assert_eq!(Date::parts(None, Some(2), Some(1)), None);
    /// ```
    pub fn parts(year: Option<i16>, month: Option<u8>, day: Option<u8>) -> Option<Date> {
        let year = year.filter(|year| (1..=9999).contains(year))?;
        let month = month.filter(|month| (1..=12).contains(month));
        if let (Some(month), Some(day)) = (month, day)
            && let Some(date) = Date::ymd(year, month, day)
        {
            return Some(date);
        }
        Some(Date { year, month, day: None })
    }

    /// The year, 1 to 9999.
    pub fn year(&self) -> i16 {
        self.year
    }

    /// The month, 1 to 12, if known.
    pub fn month(&self) -> Option<u8> {
        self.month
    }

    /// The day of the month, from 1, if known; never without a month.
    pub fn day(&self) -> Option<u8> {
        self.day
    }

    /// How much of the date is known.
    pub fn precision(&self) -> Precision {
        match (self.month, self.day) {
            (Some(_), Some(_)) => Precision::Day,
            (Some(_), None) => Precision::Month,
            _ => Precision::Year,
        }
    }

    /// True for the dates that systems store when they know none: the first day of 1, 1753 and 1900, the last of
    /// 9999, spreadsheet day zero (1899-12-30 and -31), and 1111-11-11.
    ///
    /// ```
    /// use onefold::value::Date;
    /// assert!(Date::ymd(1900, 1, 1).unwrap().is_placeholder());
    /// assert!(!Date::ymd(1980, 1, 1).unwrap().is_placeholder());
    /// ```
    pub fn is_placeholder(&self) -> bool {
        matches!(
            (self.year, self.month, self.day),
            (1 | 1753 | 1900, Some(1), Some(1))
                | (9999, Some(12), Some(31))
                | (1899, Some(12), Some(30 | 31))
                | (1111, Some(11), Some(11))
        )
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
        }
        if let Some(day) = self.day {
            write!(f, "-{day:02}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn parts_keep_what_exists() {
        let cases = [
            ((Some(1980), Some(4), Some(3)), Some("1980-04-03")),
            ((Some(1980), Some(4), None), Some("1980-04")),
            ((Some(1980), None, Some(3)), Some("1980")),
            ((Some(1980), Some(13), Some(3)), Some("1980")),
            ((Some(1980), Some(2), Some(30)), Some("1980-02")),
            ((Some(0), Some(2), Some(3)), None),
            ((Some(-5), None, None), None),
            ((None, Some(2), Some(3)), None),
        ];
        for ((year, month, day), expected) in cases {
            let date = Date::parts(year, month, day).map(|date| date.to_string());
            assert_eq!(date.as_deref(), expected, "{year:?} {month:?} {day:?}");
        }
    }

    proptest! {
        #[test]
        fn a_printed_date_is_read_back(year in 1000i16..=2999, month in 1u8..=12, day in 1u8..=31, known in 0..3) {
            let date = match known {
                0 => Date::parts(Some(year), None, None),
                1 => Date::parts(Some(year), Some(month), None),
                _ => Date::parts(Some(year), Some(month), Some(day)),
            }.unwrap();
            for order in [DayMonthOrder::DayFirst, DayMonthOrder::MonthFirst] {
                let parsed = parse_date(&date.to_string(), order).unwrap();
                prop_assert_eq!(parsed, ParsedDate { date, alternative: None, partial: false });
            }
        }

        #[test]
        fn no_parts_make_a_date_that_the_calendar_lacks(year: i16, month: u8, day: u8) {
            if let Some(date) = Date::ymd(year, month, day) {
                prop_assert!((1..=12).contains(&month) && (1..=31).contains(&day));
                prop_assert_eq!(date.precision(), Precision::Day);
            }
        }
    }
}
