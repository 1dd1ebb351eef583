//! Any text is a date that exists, or none; a date in its own notation is that date.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onefold::value::{
    DayMonthOrder, Precision, is_placeholder_date, parse_date, parse_duration, parse_number, parse_year,
};

fuzz_target!(|text: &str| {
    for order in [DayMonthOrder::DayFirst, DayMonthOrder::MonthFirst] {
        let Some(parsed) = parse_date(text, order) else { continue };
        for date in [Some(parsed.date), parsed.alternative].into_iter().flatten() {
            assert!(date.month().is_none_or(|month| (1..=12).contains(&month)), "{date}");
            assert!(date.day().is_none_or(|day| (1..=31).contains(&day)), "{date}");
            if date.precision() == Precision::Day {
                assert_eq!(parse_date(&date.to_string(), order).map(|again| again.date), Some(date));
            }
        }
    }
    is_placeholder_date(text);
    parse_year(text);
    assert!(parse_number(text).is_none_or(f64::is_finite));
    assert!(parse_duration(text).is_none_or(f64::is_finite));
});
