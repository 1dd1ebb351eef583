//! Dates of which parts may be wrong, swapped or unknown.

/// A normalised date as digits; 0 for an unknown month or day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct DateParts {
    year: u16,
    month: u8,
    day: u8,
}

impl DateParts {
    /// Reads the normal form `YYYY[-MM[-DD]]`; anything else is all zero.
    pub(crate) fn read(text: &str) -> DateParts {
        let mut parts = text.split('-');
        let mut next = || parts.next().and_then(|part| part.parse::<u16>().ok()).unwrap_or(0);
        let (year, month, day) = (next(), next(), next());
        DateParts { year, month: month as u8, day: day as u8 }
    }

    /// The level of two different dates: see [`Comparator::Date`](crate::compare::Comparator::Date).
    pub(crate) fn level(self, other: DateParts) -> u8 {
        if self.coarse() || other.coarse() {
            return self.coarse_level(other);
        }
        let swapped = self.year == other.year && self.month == other.day && self.day == other.month;
        if swapped || self.one_error(other) {
            return 2;
        }
        let equal = [self.year == other.year, self.month == other.month, self.day == other.day];
        match equal {
            [true, true, false] | [true, false, true] | [false, true, true] => 4,
            [true, false, false] => 5,
            _ => 6,
        }
    }

    /// The level of two equal dates: a year alone agrees as far as both are known.
    pub(crate) fn equal_level(self) -> u8 {
        if self.coarse() { 3 } else { 1 }
    }

    fn coarse(self) -> bool {
        self.month == 0 || self.day == 0
    }

    fn coarse_level(self, other: DateParts) -> u8 {
        let months_differ = self.month != 0 && other.month != 0 && self.month != other.month;
        match (self.year == other.year, months_differ) {
            (true, false) => 3,
            (true, true) => 5,
            (false, _) => 6,
        }
    }

    /// One digit wrong, or two neighbouring digits of one part exchanged.
    fn one_error(self, other: DateParts) -> bool {
        let (a, b) = (self.digits(), other.digits());
        let mut wrong = (0..a.len()).filter(|&i| a[i] != b[i]);
        match (wrong.next(), wrong.next(), wrong.next()) {
            (Some(_), None, _) => true,
            (Some(i), Some(j), None) => j == i + 1 && !matches!(j, 4 | 6) && a[i] == b[j] && a[j] == b[i],
            _ => false,
        }
    }

    fn digits(self) -> [u8; 8] {
        let year = self.year;
        let digit = |n: u16| (n % 10) as u8;
        [
            digit(year / 1000),
            digit(year / 100),
            digit(year / 10),
            digit(year),
            self.month / 10,
            self.month % 10,
            self.day / 10,
            self.day % 10,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_of_named_cases() {
        for (a, b, level) in [
            ("1980-04-03", "1980-03-04", 2),
            ("1980-04-03", "1990-04-03", 2),
            ("1980-04-03", "1980-04-30", 2),
            ("1980-04-03", "1908-04-03", 2),
            ("1980-12-03", "1980-21-03", 2),
            ("1980-04-03", "1980", 3),
            ("1980-04-03", "1980-04", 3),
            ("1980-04-03", "1980-05", 5),
            ("1980-04-03", "1981", 6),
            ("1980-04-03", "1980-04-17", 4),
            ("1980-04-03", "1980-11-17", 5),
            ("1980-04-03", "1975-11-17", 6),
        ] {
            let (left, right) = (DateParts::read(a), DateParts::read(b));
            assert_eq!((left.level(right), right.level(left)), (level, level), "{a} {b}");
        }
    }
}
