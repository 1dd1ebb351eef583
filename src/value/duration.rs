//! Lengths of time.

/// Longer text is no duration.
const LONGEST: usize = 64;

/// Reads a length of time as seconds: `3:37`, `1:02:03`, `4m 46sec`, `1 h 5 min`, `4'46"`, `PT3M37S`.
///
/// A bare number has no unit and is none.
///
/// ```
/// use onefold::value::parse_duration;
/// assert_eq!(parse_duration("3:37"), Some(217.0));
/// assert_eq!(parse_duration("4m 46sec"), Some(286.0));
/// assert_eq!(parse_duration("217"), None);
/// ```
pub fn parse_duration(text: &str) -> Option<f64> {
    let text = text.trim().to_lowercase();
    if text.len() > LONGEST {
        return None;
    }
    let seconds = if text.contains(':') { clock(&text) } else { units(&text) };
    seconds.filter(|seconds| seconds.is_finite())
}

/// Minutes and seconds, or hours, minutes and seconds.
fn clock(text: &str) -> Option<f64> {
    let parts: Vec<&str> = text.split(':').collect();
    if !(2..=3).contains(&parts.len()) {
        return None;
    }
    let mut seconds = 0.0;
    for (position, part) in parts.iter().enumerate() {
        let part = part.trim();
        let fraction = position + 1 == parts.len();
        if !part.starts_with(|c: char| c.is_ascii_digit())
            || !part.chars().all(|c| c.is_ascii_digit() || (fraction && c == '.'))
        {
            return None;
        }
        let value: f64 = part.parse().ok()?;
        if position > 0 && value >= 60.0 {
            return None;
        }
        seconds = seconds * 60.0 + value;
    }
    Some(seconds)
}

/// Numbers with units, the larger unit first.
fn units(text: &str) -> Option<f64> {
    let mut rest = text.strip_prefix("pt").unwrap_or(text).trim_start();
    let mut total = 0.0;
    let mut last = f64::INFINITY;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',')))?;
        let (number, tail) = rest.split_at_checked(end)?;
        let tail = tail.trim_start();
        let end =
            tail.find(|c: char| c.is_ascii_digit() || c.is_whitespace() || c == ',').unwrap_or(tail.len());
        let (unit, tail) = tail.split_at_checked(end)?;
        let unit = seconds_of(unit.trim_end_matches('.'))?;
        if unit >= last {
            return None;
        }
        last = unit;
        total += number.replace(',', ".").parse::<f64>().ok()? * unit;
        rest = tail.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
    }
    last.is_finite().then_some(total)
}

fn seconds_of(unit: &str) -> Option<f64> {
    Some(match unit {
        "d" | "day" | "days" | "tag" | "tage" | "jour" | "jours" => 86_400.0,
        "h" | "hr" | "hrs" | "hour" | "hours" | "std" | "stunde" | "stunden" | "heure" | "heures" => 3_600.0,
        "m" | "min" | "mins" | "minute" | "minutes" | "minuten" | "'" | "′" | "’" => 60.0,
        "s" | "sec" | "secs" | "second" | "seconds" | "sek" | "sekunde" | "sekunden" | "seconde"
        | "secondes" | "\"" | "″" | "”" | "''" => 1.0,
        "ms" | "msec" | "millisecond" | "milliseconds" => 0.001,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn notations() {
        let cases = [
            ("3:37", Some(217.0)),
            ("03:37", Some(217.0)),
            ("1:02:03", Some(3723.0)),
            ("3:37.5", Some(217.5)),
            ("4m 46sec", Some(286.0)),
            ("4 min. 46 sek.", Some(286.0)),
            ("4'46\"", Some(286.0)),
            ("1h 5min", Some(3900.0)),
            ("2 Stunden, 10 Minuten", Some(7800.0)),
            ("PT3M37S", Some(217.0)),
            ("227493ms", Some(227.493)),
            ("1,5 h", Some(5400.0)),
            ("3:77", None),
            ("1:2:3:4", None),
            (":30", None),
            ("217", None),
            ("5 s 4 m", None),
            ("5 kg", None),
            ("unk.", None),
            ("", None),
            ("pt", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_duration(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in any::<String>()) {
            prop_assert!(parse_duration(&text).is_none_or(f64::is_finite));
        }

        #[test]
        fn a_clock_time_is_read_back(minutes in 0u32..6000, seconds in 0u32..60) {
            let expected = f64::from(minutes * 60 + seconds);
            prop_assert_eq!(parse_duration(&format!("{minutes}:{seconds:02}")), Some(expected));
            prop_assert_eq!(parse_duration(&format!("{minutes}m {seconds}s")), Some(expected));
        }
    }
}
