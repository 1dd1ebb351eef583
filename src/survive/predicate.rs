//! Conditions on candidates, as data.

use serde::{Deserialize, Serialize};

use crate::schema::FieldKind;

/// What a candidate can be asked: of its record, its source, its value.
///
/// A rule lets only candidates take part for which all of its conditions hold ([`Rule::eligible`](super::Rule)), puts
/// those first for which one holds ([`Comparator::Prefer`](super::Comparator)), and trusts those less for which one
/// holds ([`Downgrade`](super::Downgrade)).
///
/// ```
/// use onefold::survive::Predicate;
/// let checked = Predicate::Column { name: "status".into(), values: vec!["verified".into()] };
/// assert_eq!(serde_json::to_string(&checked)?, r#"{"column":{"name":"status","values":["verified"]}}"#);
/// assert_eq!(checked.to_string(), "status is verified");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Predicate {
    /// The record is of one of these sources.
    FromSource(Vec<String>),
    /// A column of the record's source holds one of these texts, case and white space at the ends aside: a status, a
    /// grade, a flag of verification. A source without the column holds none. The column has a kind, or is
    /// [carried](crate::ingest::Source::carry).
    Column {
        /// The column's name.
        name: String,
        /// The texts.
        values: Vec<String>,
    },
    /// The canonical value has fewer characters than this; of a name or an address, all parts together.
    ShorterThan(u32),
    /// The rule's clocks tell when the record was changed.
    Dated,
    /// The record was changed less than so many days of 86,400 seconds before the instant asked about; never without
    /// such an instant, or for a record without a time.
    ChangedWithinDays(u32),
    /// The record gave the golden value of this kind. Without one, it holds for no candidate.
    Follows(FieldKind),
    /// The condition does not hold.
    Not(Box<Predicate>),
    /// All of these hold.
    All(Vec<Predicate>),
    /// At least one of these holds.
    Any(Vec<Predicate>),
}

impl Predicate {
    /// The names under which conditions are written.
    pub const NAMES: [&'static str; 9] = [
        "from_source",
        "column",
        "shorter_than",
        "dated",
        "changed_within_days",
        "follows",
        "not",
        "all",
        "any",
    ];

    /// Every condition in this one, itself first.
    pub(super) fn parts<'a>(&'a self, found: &mut Vec<&'a Predicate>) {
        found.push(self);
        match self {
            Predicate::Not(inner) => inner.parts(found),
            Predicate::All(inner) | Predicate::Any(inner) => {
                for inner in inner {
                    inner.parts(found);
                }
            }
            _ => {}
        }
    }
}

impl std::fmt::Display for Predicate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let joined = |f: &mut std::fmt::Formatter<'_>, parts: &[Predicate], word: &str| {
            let parts: Vec<String> = parts.iter().map(ToString::to_string).collect();
            write!(f, "({})", parts.join(word))
        };
        match self {
            Predicate::FromSource(sources) => write!(f, "from {}", sources.join(" or ")),
            Predicate::Column { name, values } => write!(f, "{name} is {}", values.join(" or ")),
            Predicate::ShorterThan(length) => write!(f, "shorter than {length}"),
            Predicate::Dated => f.write_str("dated"),
            Predicate::ChangedWithinDays(days) => write!(f, "changed within {days} days"),
            Predicate::Follows(kind) => write!(f, "gave {}", kind.as_str()),
            Predicate::Not(inner) => write!(f, "not {inner}"),
            Predicate::All(parts) => joined(f, parts, " and "),
            Predicate::Any(parts) => joined(f, parts, " or "),
        }
    }
}
