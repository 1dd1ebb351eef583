//! Why a profile qualifies, or not.

use std::fmt;

use serde::Serialize;

use super::expr::{Expr, class_name};
use super::field::Field;
use super::subject::{Subject, verdict};
use super::verdict::Verdict;
use crate::value::{Amount, Instant};

/// A condition evaluated for one profile: each part with its outcome and the value that it was tested on.
///
/// ```
/// use onefold::{profile::Profile, segment::{explain, field}};
/// let profile: Profile = serde_json::from_value(serde_json::json!({
///     "customer_id": onefold::CustomerId::of_record("crm", "1"),
///     "class": "person",
///     "addresses": [{ "country": "AT", "records": 1, "sources": 1 }],
///     "records": [],
///     "orders": { "count": 4, "first": null, "last": null, "revenue": [] },
/// }))?;
/// let expr = field::order_count().at_least(3) & !field::country().is("DE") & field::birth_year().at_most(1980);
/// assert_eq!(
///     explain(&expr, &profile, "2026-11-01".parse()?).to_string(),
///     "unknown: all of
///   true: order_count >= 3 (4)
///   true: not
///     false: country is \"DE\" (AT)
///   unknown: birth_year <= 1980 (missing)
/// "
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// The test, or how the parts are joined: `all of`, `any of`, `not`.
    pub condition: String,
    /// Its outcome.
    pub verdict: Verdict,
    /// The value that was tested; none for joined parts, and where the profile says nothing.
    pub value: Option<String>,
    /// The parts, in the order of the condition.
    pub parts: Vec<Explanation>,
}

/// Evaluates a condition for one profile, with all its parts.
pub fn explain<'a>(expr: &Expr, profile: impl Into<Subject<'a>>, as_of: Instant) -> Explanation {
    of(expr, profile.into(), as_of)
}

fn of(expr: &Expr, subject: Subject<'_>, as_of: Instant) -> Explanation {
    let (condition, parts): (String, &[Expr]) = match expr {
        Expr::All(parts) => ("all of".to_owned(), parts),
        Expr::Any(parts) => ("any of".to_owned(), parts),
        Expr::Not(inner) => ("not".to_owned(), std::slice::from_ref(inner)),
        test => (test.to_string(), &[]),
    };
    Explanation {
        condition,
        verdict: verdict(expr, subject, as_of),
        value: value(expr, &subject),
        parts: parts.iter().map(|part| of(part, subject, as_of)).collect(),
    }
}

fn value(expr: &Expr, subject: &Subject<'_>) -> Option<String> {
    let instant = |seconds| Instant::from_unix_seconds(seconds).map(|instant| instant.to_string());
    match expr {
        Expr::All(_) | Expr::Any(_) | Expr::Not(_) => None,
        Expr::Number { field, .. } | Expr::Exists(Field::Number(field)) => {
            subject.number(*field).map(|number| number.to_string())
        }
        Expr::Amount { field, .. } | Expr::Exists(Field::Amount(field)) => {
            subject.amount(*field).map(|units| Amount::from_units(units).to_string())
        }
        Expr::Instant { field, .. } | Expr::Exists(Field::Instant(field)) => {
            subject.instant(*field).and_then(instant)
        }
        Expr::Text { field, .. } | Expr::Exists(Field::Text(field)) => {
            subject.text(*field).map(str::to_owned)
        }
        Expr::Gender(_) | Expr::Exists(Field::Gender(_)) => {
            subject.profile().gender.map(|gender| gender.as_str().to_owned())
        }
        Expr::Exists(Field::Contact(field)) => subject.has_contact(*field).then(|| "known".to_owned()),
        Expr::Class(_) => Some(class_name(subject.profile().class).to_owned()),
        Expr::Source(_) => {
            let mut sources: Vec<&str> =
                subject.profile().records.iter().map(|record| record.source.as_str()).collect();
            sources.dedup();
            Some(sources.join(", "))
        }
    }
}

/// One line per part, two spaces deeper than what it is a part of.
impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        indented(self, f, 0)
    }
}

fn indented(explanation: &Explanation, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
    let Explanation { condition, verdict, value, parts } = explanation;
    write!(f, "{:1$}{verdict}: {condition}", "", depth * 2)?;
    match value {
        Some(value) => writeln!(f, " ({value})")?,
        None if parts.is_empty() && !matches!(condition.as_str(), "all of" | "any of") => {
            writeln!(f, " (missing)")?;
        }
        None => writeln!(f)?,
    }
    parts.iter().try_for_each(|part| indented(part, f, depth + 1))
}
