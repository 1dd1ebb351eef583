//! Reads dates in the notations of exports.

use super::Date;
use super::month::{is_filler, month};
use super::token::{Number, Token, tokens, without_time};

/// Longer text is no date.
const LONGEST: usize = 64;

/// Which of day and month comes first where a notation leaves it open (`1/2/2006`).
///
/// ```
/// use onefold::value::DayMonthOrder;
/// assert_eq!(DayMonthOrder::of_country("US"), DayMonthOrder::MonthFirst);
/// assert_eq!(DayMonthOrder::of_country("DE"), DayMonthOrder::DayFirst);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DayMonthOrder {
    /// `31/12/2006`, most of the world.
    DayFirst,
    /// `12/31/2006`, the United States and a few more.
    MonthFirst,
}

impl DayMonthOrder {
    /// The order that is usual in a country, given by its ISO 3166-1 alpha-2 code; day first for unknown codes.
    pub fn of_country(code: &str) -> DayMonthOrder {
        const MONTH_FIRST: [&str; 11] = ["AS", "FM", "GU", "MH", "MP", "PH", "PR", "PW", "UM", "US", "VI"];
        if MONTH_FIRST.iter().any(|known| known.eq_ignore_ascii_case(code.trim())) {
            DayMonthOrder::MonthFirst
        } else {
            DayMonthOrder::DayFirst
        }
    }

    /// The order that more texts of a column show beyond doubt, as `31/12/2006` does and `1/2/2006` does not; none
    /// if there are as many of each. Does not depend on the order of the texts.
    ///
    /// ```
    /// use onefold::value::DayMonthOrder;
    /// let column = ["1/2/2006", "12/31/2006 8:00 AM"];
    /// assert_eq!(DayMonthOrder::of_column(column), Some(DayMonthOrder::MonthFirst));
    /// assert_eq!(DayMonthOrder::of_column(["2006-02-01"]), None);
    /// ```
    pub fn of_column<'a>(texts: impl IntoIterator<Item = &'a str>) -> Option<DayMonthOrder> {
        let mut balance = 0i64;
        for text in texts {
            let mut numbers = text.trim().splitn(3, ['/', '-', '.']).map(str::parse::<u8>);
            match (numbers.next(), numbers.next()) {
                (Some(Ok(13..=31)), Some(Ok(1..=12))) => balance += 1,
                (Some(Ok(1..=12)), Some(Ok(13..=31))) => balance -= 1,
                _ => {}
            }
        }
        match balance {
            0 => None,
            1.. => Some(DayMonthOrder::DayFirst),
            _ => Some(DayMonthOrder::MonthFirst),
        }
    }
}

/// What [`parse_date`] made of a text.
///
/// ```
/// use onefold::value::{DayMonthOrder, parse_date};
/// let parsed = parse_date("02/01/2006", DayMonthOrder::DayFirst).unwrap();
/// assert_eq!(parsed.date.to_string(), "2006-01-02");
/// assert_eq!(parsed.alternative.unwrap().to_string(), "2006-02-01");
/// assert!(!parsed.partial);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParsedDate {
    /// The date.
    pub date: Date,
    /// The date with day and month swapped, where the notation leaves the order open and both dates exist.
    pub alternative: Option<Date>,
    /// True when the text names a day or month that does not exist; then only the year is kept.
    pub partial: bool,
}

/// Reads a date in numbers (`2006-01-02`, `20060102`, `2.1.06`, `1/2/2006`, `01/2006`, `2006`), with an English,
/// German or French month name (`April 3rd, 1980`, `3. April 1980`, `1er avr. 1980`), or as a date-time, whose
/// time and zone are dropped.
///
/// A month above 12 beside a possible month means that the two are swapped (`1985-13-04` is 4 … 13 April). A day
/// or month of zero is unknown (`1980-00-00`). Any other day or month that does not exist leaves the year, marked
/// as [`partial`](ParsedDate::partial). Two-digit years follow [`TWO_DIGIT_YEAR_PIVOT`](super::TWO_DIGIT_YEAR_PIVOT). Spreadsheet serial
/// numbers are not dates.
///
/// ```
/// use onefold::value::{DayMonthOrder, parse_date};
/// let date = |text| parse_date(text, DayMonthOrder::MonthFirst).map(|parsed| parsed.date.to_string());
/// assert_eq!(date("1/2/06").as_deref(), Some("2006-01-02"));
/// assert_eq!(date("3. März 1980").as_deref(), Some("1980-03-03"));
/// assert_eq!(date("1980-04-03T12:30:00+02:00").as_deref(), Some("1980-04-03"));
/// assert_eq!(date("yesterday"), None);
/// ```
pub fn parse_date(text: &str, order: DayMonthOrder) -> Option<ParsedDate> {
    let text = text.trim();
    if text.len() > LONGEST {
        return None;
    }
    let parts = Parts::of(without_time(&tokens(text)?))?;
    match (parts.month, parts.numbers.as_slice()) {
        (Some(month), [a, b]) => with_month_name(month, *a, *b),
        (Some(month), [year]) if year.digits == 4 || year.value > 31 => {
            dated(year.year()?, u16::from(month), 0)
        }
        (None, [a, b, c]) => three_numbers(*a, *b, *c, parts.mark, order),
        (None, [a, b]) => two_numbers(*a, *b),
        (None, [a]) => one_number(*a, order),
        _ => None,
    }
}

/// The numbers and the month name of a date, and the mark between the first two numbers.
struct Parts {
    numbers: Vec<Number>,
    month: Option<u8>,
    mark: char,
}

impl Parts {
    /// None when a word is neither a month nor a filler, or when there are two months.
    fn of(tokens: Vec<&Token>) -> Option<Parts> {
        let mut parts = Parts { numbers: Vec::new(), month: None, mark: ' ' };
        for token in tokens {
            match token {
                Token::Number(number) => parts.numbers.push(*number),
                Token::Word(word) => match month(word) {
                    Some(_) if parts.month.is_some() => return None,
                    Some(number) => parts.month = Some(number),
                    None if is_filler(word) => {}
                    None => return None,
                },
                // A sign before the first number makes a quantity of it.
                Token::Mark('-' | '+') if parts.numbers.is_empty() && parts.month.is_none() => return None,
                Token::Mark(mark) if parts.numbers.len() == 1 && parts.mark == ' ' => parts.mark = *mark,
                Token::Mark(_) => {}
            }
        }
        Some(parts)
    }
}

fn with_month_name(month: u8, a: Number, b: Number) -> Option<ParsedDate> {
    let year_leads = a.digits == 4 || (a.digits == 2 && a.value > 31 && b.digits != 4);
    let (year, day) = if year_leads { (a, b) } else { (b, a) };
    dated(year.year()?, u16::from(month), day.small()?)
}

fn three_numbers(a: Number, b: Number, c: Number, mark: char, order: DayMonthOrder) -> Option<ParsedDate> {
    if a.digits == 4 || (a.digits == 2 && a.value > 31 && c.digits != 4) {
        return year_first(a.year()?, b.small()?, c.small()?);
    }
    let (year, first, second) = (c.year()?, a.small()?, b.small()?);
    let (day, month) = match order {
        DayMonthOrder::DayFirst => (first, second),
        DayMonthOrder::MonthFirst => (second, first),
    };
    let (date, swapped) = (full(year, month, day), full(year, day, month));
    // Points stand for the day-first notation wherever that is the custom.
    let open = mark != '.' || order == DayMonthOrder::MonthFirst;
    match (date, swapped) {
        (Some(date), swapped) => {
            let alternative = swapped.filter(|swapped| open && *swapped != date);
            Some(ParsedDate { date, alternative, partial: false })
        }
        (None, Some(date)) => Some(ParsedDate { date, alternative: None, partial: false }),
        (None, None) => dated(year, month, day),
    }
}

fn two_numbers(a: Number, b: Number) -> Option<ParsedDate> {
    match (a.digits, b.digits) {
        (4, 1 | 2) => dated(plausible(a.year()?)?, b.small()?, 0),
        (1 | 2, 4) => dated(plausible(b.year()?)?, a.small()?, 0),
        (1 | 2, 2) if b.value > 31 => dated(b.year()?, a.small()?, 0),
        _ => None,
    }
}

fn one_number(number: Number, order: DayMonthOrder) -> Option<ParsedDate> {
    let value = number.value;
    let part = |divisor: u32, modulus: u32| (value / divisor % modulus) as u16;
    match number.digits {
        4 => dated(plausible(number.year()?)?, 0, 0),
        6 => {
            let (year, month) = (plausible(part(100, 10_000) as i16)?, part(1, 100));
            (1..=12).contains(&month).then(|| dated(year, month, 0)).flatten()
        }
        8 => {
            let (year, month, day) = (part(10_000, 10_000) as i16, part(100, 100), part(1, 100));
            let (last, first, second) = (part(1, 10_000) as i16, part(1_000_000, 100), part(10_000, 100));
            let year_leads = full(year, month, day).or_else(|| full(year, day, month)).is_some();
            if (plausible(year).is_some() && year_leads) || plausible(last).is_none() {
                return if year > 0 { year_first(year, month, day) } else { None };
            }
            let (day_first, month_first) = (full(last, second, first), full(last, first, second));
            let (date, alternative) = match order {
                DayMonthOrder::DayFirst => (day_first.or(month_first), month_first),
                DayMonthOrder::MonthFirst => (month_first.or(day_first), day_first),
            };
            match date {
                Some(date) => {
                    let alternative = alternative.filter(|alternative| *alternative != date);
                    Some(ParsedDate { date, alternative, partial: false })
                }
                None => year_first(plausible(year)?, month, day),
            }
        }
        _ => None,
    }
}

/// Year, then month and day, or day and month where only that exists.
fn year_first(year: i16, month: u16, day: u16) -> Option<ParsedDate> {
    if month > 12
        && let Some(date) = full(year, day, month)
    {
        return Some(ParsedDate { date, alternative: None, partial: false });
    }
    dated(year, month, day)
}

/// The date as far as it is known and exists.
fn dated(year: i16, month: u16, day: u16) -> Option<ParsedDate> {
    let exact = |date| Some(ParsedDate { date, alternative: None, partial: false });
    let year_only = Date::parts(Some(year), None, None)?;
    match (month, day) {
        (0, _) => exact(year_only),
        (1..=12, 0) => exact(Date::parts(Some(year), u8::try_from(month).ok(), None)?),
        _ => match full(year, month, day) {
            Some(date) => exact(date),
            None => Some(ParsedDate { date: year_only, alternative: None, partial: true }),
        },
    }
}

fn full(year: i16, month: u16, day: u16) -> Option<Date> {
    Date::ymd(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
}

/// Years that may stand alone or without marks: other four-digit numbers are rarely years.
fn plausible(year: i16) -> Option<i16> {
    (1000..=2999).contains(&year).then_some(year)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const D: DayMonthOrder = DayMonthOrder::DayFirst;
    const M: DayMonthOrder = DayMonthOrder::MonthFirst;

    fn shown(text: &str, order: DayMonthOrder) -> Option<String> {
        parse_date(text, order).map(|parsed| {
            let alternative = parsed.alternative.map(|date| format!(" or {date}")).unwrap_or_default();
            format!("{}{alternative}{}", parsed.date, if parsed.partial { " partial" } else { "" })
        })
    }

    #[test]
    fn notations() {
        let cases = [
            ("iso", "2006-01-02", D, Some("2006-01-02")),
            ("iso is never open", "2006-01-02", M, Some("2006-01-02")),
            ("basic", "20060102", D, Some("2006-01-02")),
            ("slashes, year first", "2006/01/02", M, Some("2006-01-02")),
            ("german", "02.01.2006", D, Some("2006-01-02")),
            ("german, short", "2.1.06", D, Some("2006-01-02")),
            ("german, spaced", " 2. 1. 2006 ", D, Some("2006-01-02")),
            ("points in america", "01.02.2006", M, Some("2006-01-02 or 2006-02-01")),
            ("british", "02/01/2006", D, Some("2006-01-02 or 2006-02-01")),
            ("american", "1/2/06", M, Some("2006-01-02 or 2006-02-01")),
            ("american, day above 12", "12/31/2006", D, Some("2006-12-31")),
            ("same day and month", "3/3/1980", D, Some("1980-03-03")),
            ("dutch", "31-12-1980", M, Some("1980-12-31")),
            ("year of two digits first", "80-04-03", D, Some("1980-04-03")),
            ("pivot, below", "1.1.30", D, Some("2030-01-01")),
            ("pivot, above", "1.1.31", D, Some("1931-01-01")),
            ("english", "3 April 1980", M, Some("1980-04-03")),
            ("english, month first", "April 3, 1980", D, Some("1980-04-03")),
            ("english, ordinal", "the 3rd of April 1980", D, Some("1980-04-03")),
            ("english, weekday", "Thu, 3 Apr 1980", D, Some("1980-04-03")),
            ("oracle", "03-APR-80", D, Some("1980-04-03")),
            ("without marks", "03APR1980", D, Some("1980-04-03")),
            ("german month", "3. April 1980", D, Some("1980-04-03")),
            ("german umlaut", "1. März 1999", D, Some("1999-03-01")),
            ("austrian", "6. Jänner 2001", D, Some("2001-01-06")),
            ("german abbreviation", "24. Dez. 99", D, Some("1999-12-24")),
            ("french", "1er août 1975", D, Some("1975-08-01")),
            ("french abbreviation", "14 juil. 1789", D, Some("1789-07-14")),
            ("year first with a name", "1980 April 3", D, Some("1980-04-03")),
            ("chinese", "1980年4月3日", D, Some("1980-04-03")),
            ("fullwidth digits", "１９８０-０４-０３", D, Some("1980-04-03")),
            ("date-time", "1980-04-03T12:30:45Z", D, Some("1980-04-03")),
            ("date-time with zone", "1980-04-03T12:30:45.123456+02:00", D, Some("1980-04-03")),
            ("date-time, basic", "19800403T123045Z", D, Some("1980-04-03")),
            ("date with zone", "1980-04-03+02:00", D, Some("1980-04-03")),
            ("sql time", "1980-04-03 00:00:00.000", D, Some("1980-04-03")),
            ("mail time", "Thu, 3 Apr 1980 12:30:45 +0200", D, Some("1980-04-03")),
            ("american time", "4/13/1980 12:00:00 AM", M, Some("1980-04-13")),
            ("german time", "13.04.1980, 09:15 Uhr", D, Some("1980-04-13")),
            ("c time", "Thu Apr 3 12:30:45 CET 1980", D, Some("1980-04-03")),
            ("month", "1980-04", D, Some("1980-04")),
            ("month, basic", "198004", D, Some("1980-04")),
            ("month and year", "04/1980", M, Some("1980-04")),
            ("month name and year", "April 1980", D, Some("1980-04")),
            ("month name, short year", "Apr-80", D, Some("1980-04")),
            ("year", "1980", D, Some("1980")),
            ("leap day", "29.02.2024", D, Some("2024-02-29")),
        ];
        for (name, text, order, expected) in cases {
            assert_eq!(shown(text, order).as_deref(), expected, "{name}: {text}");
        }
    }

    #[test]
    fn wrong_days_and_months() {
        let cases = [
            ("month 81", "1855-81-01", Some("1855 partial")),
            ("month 13 is the day", "1985-13-04", Some("1985-04-13")),
            ("month 13, basic", "19851304", Some("1985-04-13")),
            ("day before year, basic", "31121985", Some("1985-12-31")),
            ("basic, open", "02011985", Some("1985-01-02 or 1985-02-01")),
            ("basic, month 81", "18558101", Some("1855 partial")),
            ("no such day", "31.02.1980", Some("1980 partial")),
            ("no leap day", "1981-02-29", Some("1981 partial")),
            ("zero month and day", "1980-00-00", Some("1980")),
            ("zero day", "1980-04-00", Some("1980-04")),
            ("zero month, basic", "19800000", Some("1980")),
            ("month 13 of a year", "1980-13", Some("1980 partial")),
            ("named month, day 40", "April 40, 1980", Some("1980 partial")),
            ("year zero", "0000-00-00", None),
        ];
        for (name, text, expected) in cases {
            assert_eq!(shown(text, D).as_deref(), expected, "{name}: {text}");
        }
    }

    #[test]
    fn no_dates() {
        let cases = [
            "",
            " ",
            "-",
            "yesterday",
            "n/a",
            "12",
            "1/2/6",
            "29312",
            "123456789",
            "1980-1985",
            "1/2/3/4",
            "-1980",
            "3 Smarch 1980",
            "April",
            "April May 1980",
            "12:30",
            "1980*04*03",
            "4711",
            "192.168.0.1",
            "0",
            "00000000",
            "+49 30 1234567",
            "1980-04-03 and more",
        ];
        for text in cases {
            assert_eq!(shown(text, D), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in any::<String>()) {
            parse_date(&text, D);
        }

        #[test]
        fn anything_like_a_date_is_survived(text in "[0-9]{0,9}[-./, :+TZ']{0,2}[0-9A-Za-z]{0,9}[-./, ]{0,2}[0-9]{0,9}") {
            for order in [D, M] {
                if let Some(parsed) = parse_date(&text, order) {
                    prop_assert!(parsed.alternative != Some(parsed.date));
                }
            }
        }
    }
}
