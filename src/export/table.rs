//! NDJSON and CSV.

use std::fmt::{self, Write as _};
use std::io::{self, Write};
use std::ops::Range;

use rayon::prelude::*;

use super::CHUNK;
use crate::id::EntityId;
use crate::identity::EventRecord;
use crate::profile::Profiles;
use crate::record::{Issue, RawRecords, Reject};
use crate::resolve::{Ambiguity, Households};

/// Writes a line of JSON for each profile.
///
/// # Errors
/// If `out` cannot be written.
///
/// ```
/// # use onefold::{Unified, export};
/// fn profiles(unified: &Unified) -> std::io::Result<Vec<u8>> {
///     let mut lines = Vec::new();
///     export::write_profiles_ndjson(&unified.profiles(), &mut lines)?;
///     Ok(lines)
/// }
/// ```
pub fn write_profiles_ndjson(profiles: &Profiles<'_>, out: impl Write) -> io::Result<()> {
    in_pieces(profiles, out, |entities, text| {
        for profile in profiles.range(entities) {
            serde_json::to_writer(&mut *text, &profile)?;
            text.push(b'\n');
        }
        Ok(())
    })
}

/// Writes a line of JSON for each event of customers' ids and of stewards' decisions.
///
/// # Errors
/// If `out` cannot be written.
///
/// ```
/// # use onefold::{Unified, export};
/// fn events(unified: &Unified) -> std::io::Result<Vec<u8>> {
///     let mut lines = Vec::new();
///     if let Some(identity) = &unified.identity {
///         export::write_events(&identity.events, &mut lines)?;
///     }
///     Ok(lines)
/// }
/// ```
pub fn write_events(events: &[EventRecord], mut out: impl Write) -> io::Result<()> {
    for event in events {
        serde_json::to_writer(&mut out, event)?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// Writes which record belongs to which customer, and how sure that is; records in order of customers.
///
/// # Errors
/// If `out` cannot be written.
///
/// ```
/// # use onefold::{Unified, export};
/// fn crosswalk(unified: &Unified) -> std::io::Result<Vec<u8>> {
///     let mut csv = Vec::new();
///     export::write_crosswalk(&unified.profiles(), &mut csv)?;
///     Ok(csv)
/// }
/// ```
pub fn write_crosswalk(profiles: &Profiles<'_>, mut out: impl Write) -> io::Result<()> {
    out.write_all(b"customer_id,source,key,confidence\n")?;
    in_pieces(profiles, out, |entities, text| {
        let (mut customer, mut confidence) = (String::new(), String::new());
        for entity in entities.map(|entity| EntityId(entity as u32)) {
            customer.clear();
            write!(customer, "{}", profiles.customer_of(entity)).map_err(io::Error::other)?;
            for (source, key, probability) in profiles.keys_of(entity) {
                confidence.clear();
                push_decimals(&mut confidence, probability).map_err(io::Error::other)?;
                push_row(text, [&customer, source, key, &confidence])?;
            }
        }
        Ok(())
    })
}

/// Appends a row of CSV. Hardly any cell needs quotation marks, and a row of others is its cells with commas between.
fn push_row(text: &mut Vec<u8>, cells: [&str; 4]) -> io::Result<()> {
    let is_quoted = |byte| matches!(byte, b',' | b'"' | b'\n' | b'\r');
    if cells.iter().any(|cell| cell.bytes().any(is_quoted)) {
        let mut csv = csv::Writer::from_writer(text);
        csv.write_record(cells)?;
        return csv.flush();
    }
    for (cell, end) in cells.iter().zip(*b",,,\n") {
        text.extend_from_slice(cell.as_bytes());
        text.push(end);
    }
    Ok(())
}

/// Writes what a function makes of each piece of the entities, in their order; pieces are made in parallel, and memory
/// does not grow with their number.
fn in_pieces(
    profiles: &Profiles<'_>,
    mut out: impl Write,
    make: impl Fn(Range<usize>, &mut Vec<u8>) -> io::Result<()> + Sync,
) -> io::Result<()> {
    // Large enough to be written in one go, small enough to be shared out evenly.
    const PIECE: usize = 256;
    let mut texts: Vec<Vec<u8>> = Vec::new();
    for chunk in (0..profiles.len()).step_by(CHUNK) {
        let end = profiles.len().min(chunk + CHUNK);
        let starts: Vec<usize> = (chunk..end).step_by(PIECE).collect();
        texts.resize_with(starts.len(), Vec::new);
        texts.par_iter_mut().zip(starts).try_for_each(|(text, start)| {
            text.clear();
            make(start..end.min(start + PIECE), text)
        })?;
        for text in &texts {
            out.write_all(text)?;
        }
    }
    out.flush()
}

/// The number with four decimals, as `{:.4}` has it. That finds all digits of the number first; one that is surely not
/// in the middle between two results is rounded as it is.
fn push_decimals(text: &mut String, number: f64) -> fmt::Result {
    const UNIT: f64 = 10_000.0;
    /// Far more than the error of one multiplication.
    const MIDDLE: f64 = 1e-6;
    let scaled = number * UNIT;
    let units = scaled.round();
    if !(0.0..=UNIT).contains(&scaled) || number.is_sign_negative() || (scaled - units).abs() > 0.5 - MIDDLE {
        return write!(text, "{number:.4}");
    }
    let units = units as u32;
    write!(text, "{}.{:04}", units / 10_000, units % 10_000)
}

/// Writes the persons of each household, households in order of their first person.
///
/// # Errors
/// If `out` cannot be written.
///
/// ```
/// # use onefold::{Unified, export};
/// fn households(unified: &Unified) -> std::io::Result<Vec<u8>> {
///     let mut csv = Vec::new();
///     export::write_households(&unified.households, &unified.profiles(), &mut csv)?;
///     Ok(csv)
/// }
/// ```
pub fn write_households(households: &Households, profiles: &Profiles<'_>, out: impl Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(["household_id", "customer_id"])?;
    for (household, members) in households.iter() {
        let household = household.to_string();
        for &entity in members {
            csv.write_record([&household, &profiles.customer_of(entity).to_string()])?;
        }
    }
    csv.flush()
}

/// Writes the records that could as well belong to another customer; the customers and their probabilities, the likeliest
/// first, are separated by spaces.
///
/// # Errors
/// If `out` cannot be written.
///
/// ```
/// # use onefold::{Unified, export};
/// fn ambiguous(unified: &Unified) -> std::io::Result<Vec<u8>> {
///     let mut csv = Vec::new();
///     export::write_ambiguous(&unified.ambiguous, unified.records.raw(), &unified.profiles(), &mut csv)?;
///     Ok(csv)
/// }
/// ```
pub fn write_ambiguous(
    ambiguous: &[Ambiguity],
    records: &RawRecords,
    profiles: &Profiles<'_>,
    out: impl Write,
) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(["source", "key", "candidates", "probabilities"])?;
    for ambiguity in ambiguous {
        let (source, key) = records.key(ambiguity.record);
        let candidates = ambiguity.candidates.iter().map(|found| profiles.customer_of(found.0).to_string());
        let candidates = candidates.collect::<Vec<_>>().join(" ");
        let probabilities = ambiguity.candidates.iter().map(|found| format!("{:.4}", found.1));
        let probabilities = probabilities.collect::<Vec<_>>().join(" ");
        csv.write_record([source, key, &candidates, &probabilities])?;
    }
    csv.flush()
}

/// Writes the rows that were not taken, in the order of the report.
///
/// # Errors
/// If `out` cannot be written.
///
/// ```
/// # use onefold::{Unified, export};
/// fn rejects(unified: &Unified) -> std::io::Result<Vec<u8>> {
///     let mut csv = Vec::new();
///     export::write_rejects(&unified.ingest.rejects, &mut csv)?;
///     Ok(csv)
/// }
/// ```
pub fn write_rejects(rejects: &[Reject], out: impl Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(["source", "line", "key", "field", "reason"])?;
    for reject in rejects {
        csv.write_record([
            reject.source.as_str(),
            &reject.line.to_string(),
            reject.key.as_deref().unwrap_or_default(),
            reject.field.as_deref().unwrap_or_default(),
            &reject.reason.to_string(),
        ])?;
    }
    csv.flush()
}

/// Writes the cells that are not what their column holds, in the order given.
///
/// # Errors
/// If `out` cannot be written.
///
/// ```
/// # use onefold::{Unified, export};
/// fn issues(unified: &Unified) -> std::io::Result<Vec<u8>> {
///     let mut csv = Vec::new();
///     export::write_issues(unified.ingest.issues.iter().chain(&unified.issues), &mut csv)?;
///     Ok(csv)
/// }
/// ```
pub fn write_issues<'a>(issues: impl IntoIterator<Item = &'a Issue>, out: impl Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(["source", "line", "field", "value", "issue"])?;
    for issue in issues {
        let (line, kind) = (issue.line.to_string(), issue.kind.to_string());
        csv.write_record([issue.source.as_str(), &line, &issue.field, &issue.value, &kind])?;
    }
    csv.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(number: f64) {
        let mut text = String::new();
        push_decimals(&mut text, number).unwrap();
        assert_eq!(text, format!("{number:.4}"));
    }

    #[test]
    fn decimals_by_table() {
        let middles = (0..10_000).map(|units| (f64::from(units) + 0.5) / 10_000.0);
        let close = middles.flat_map(|middle| [middle, middle.next_up(), middle.next_down(), middle + 1e-10]);
        let others =
            [0.0, -0.0, 1.0, 0.99995, 1.0f64.next_down(), 5e-324, -0.3, 1.5, 1e300, f64::NAN, f64::INFINITY];
        close.chain(others).for_each(check);
    }

    proptest! {
        #[test]
        fn rows_are_those_of_the_csv_writer(cells: [String; 4], marks in "[a,\"\n\r #']{0,3}") {
            for cells in [[&cells[0], &cells[1], &cells[2], &cells[3]], [&cells[0], &marks, &cells[2], &marks]] {
                let cells = cells.map(String::as_str);
                let (mut text, mut csv) = (Vec::new(), csv::Writer::from_writer(Vec::new()));
                push_row(&mut text, cells).unwrap();
                csv.write_record(cells).unwrap();
                prop_assert_eq!(text, csv.into_inner().unwrap());
            }
        }

        #[test]
        fn decimals_are_those_of_the_formatter(number in 0.0..1.0f64) {
            check(number);
        }
    }
}
