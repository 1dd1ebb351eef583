//! NDJSON and CSV.

use std::io::{self, Write};

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
pub fn write_profiles_ndjson(profiles: &Profiles<'_>, mut out: impl Write) -> io::Result<()> {
    let line = |profile| {
        let mut line = serde_json::to_vec(&profile)?;
        line.push(b'\n');
        Ok::<_, serde_json::Error>(line)
    };
    profiles.map_chunks(CHUNK, line, |lines| {
        for line in lines {
            out.write_all(&line?)?;
        }
        Ok::<_, io::Error>(())
    })?;
    out.flush()
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
pub fn write_crosswalk(profiles: &Profiles<'_>, out: impl Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(["customer_id", "source", "key", "confidence"])?;
    for entity in (0..profiles.len() as u32).map(EntityId) {
        let customer = profiles.customer_of(entity).to_string();
        for record in profiles.records_of(entity) {
            let confidence = format!("{:.4}", record.confidence);
            csv.write_record([&customer, &record.source, &record.key, &confidence])?;
        }
    }
    csv.flush()
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
