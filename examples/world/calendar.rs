//! Days as numbers (days since 1970-01-01), and the period that the world covers.

/// A day: days since 1970-01-01.
pub(crate) type Day = i32;

/// The first day on which something is recorded: 2021-07-01.
pub(crate) const START: Day = 18_809;
/// The day after the last one, and the `as_of` of the specs: 2026-07-01.
pub(crate) const END: Day = 20_635;
/// `END` as it stands in a spec.
pub(crate) const AS_OF: &str = "2026-07-01";
/// Days of a year.
pub(crate) const YEAR: Day = 365;

/// Year, month and day (the civil calendar from days, Howard Hinnant's `civil_from_days`).
pub(crate) fn civil(day: Day) -> (i32, i32, i32) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i32::from(month <= 2), month, of_month)
}

/// The day of a year, month and day.
pub(crate) fn day(year: i32, month: i32, of_month: i32) -> Day {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + of_month - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}
