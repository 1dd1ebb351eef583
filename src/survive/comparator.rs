//! The steps of a ranking, as data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::predicate::Predicate;
use super::trust::Trust;
use crate::schema::FieldKind;

/// One step of a ranking; candidates that it holds equal are left to the next.
///
/// ```
/// use onefold::survive::Comparator;
/// let priority = Comparator::SourcePriority(vec!["erp".into(), "crm".into()]);
/// assert_eq!(serde_json::to_string(&priority)?, r#"{"source_priority":["erp","crm"]}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Comparator {
    /// The canonical value that most sources state wins, then the one that most records state. Of a name, the first
    /// name and the surname are counted together; of an address or group, all parts.
    MostFrequent,
    /// As before, with one kind of voters alone: the rest is a tie.
    Frequency(Voter),
    /// The value whose records are linked most strongly to the others of the entity wins: the sum of the probabilities of
    /// their links. Without links, all are equal.
    LinkStrength,
    /// The record with the latest time of change wins, by the rule's clocks.
    MostRecent,
    /// The record with the earliest time of change wins; one without loses.
    Oldest,
    /// The record of the source that stands first in the list wins; sources that are not listed lose.
    SourcePriority(Vec<String>),
    /// The candidate that is trusted most wins.
    Trust(Trust),
    /// A candidate for which the condition holds beats one for which it does not.
    Prefer(Predicate),
    /// The candidate that says most wins: of a name, an address or a group, the number of parts (an initial is none); of
    /// a date, its precision; else the number of fields that its record fills.
    MostComplete,
    /// The record wins that fills most of these kinds, each counting so much.
    Completeness(BTreeMap<FieldKind, u32>),
    /// A spelling in upper and lower case with its accents beats one without accents (`Müller` before `Muller`), and
    /// that one in capitals or small letters alone.
    Spelling,
    /// The longest canonical value wins, in characters.
    Longest,
    /// The shortest canonical value wins, in characters.
    Shortest,
    /// The largest value wins: numbers as numbers, all else by canonical text, which orders dates by time.
    Largest,
    /// The smallest value wins, ordered as by `Largest`.
    Smallest,
    /// A candidate loses to one that completes it: a name without surname or first name to one with both, an initial
    /// or short form to the full name (`Bob` to `Robert`), a year to a date in it.
    FullForm,
    /// The candidate wins that the function of this name in the policy gives the higher score.
    Custom(String),
}

/// Who has a voice where values are counted. A household has none: its persons are entities of their own, so all records
/// of an entity are of the same.
///
/// ```
/// use onefold::survive::{Comparator, Voter};
/// assert_eq!(serde_json::to_string(&Comparator::Frequency(Voter::Source))?, r#"{"frequency":"source"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Voter {
    /// Each source, however many records of it say the same.
    Source,
    /// Each record.
    Record,
}

impl Comparator {
    /// The names of the steps without a parameter.
    pub const PLAIN: [&'static str; 11] = [
        "most_frequent",
        "link_strength",
        "most_recent",
        "oldest",
        "most_complete",
        "spelling",
        "longest",
        "shortest",
        "largest",
        "smallest",
        "full_form",
    ];

    /// The names of the steps with a parameter.
    pub const WITH_PARAMETER: [&'static str; 6] =
        ["frequency", "source_priority", "trust", "prefer", "completeness", "custom"];

    /// The step of a name without a parameter.
    pub(crate) fn plain(name: &str) -> Option<Comparator> {
        Some(match name {
            "most_frequent" => Comparator::MostFrequent,
            "link_strength" => Comparator::LinkStrength,
            "most_recent" => Comparator::MostRecent,
            "oldest" => Comparator::Oldest,
            "most_complete" => Comparator::MostComplete,
            "spelling" => Comparator::Spelling,
            "longest" => Comparator::Longest,
            "shortest" => Comparator::Shortest,
            "largest" => Comparator::Largest,
            "smallest" => Comparator::Smallest,
            "full_form" => Comparator::FullForm,
            _ => return None,
        })
    }

    /// The name of the step.
    pub fn as_str(&self) -> &'static str {
        match self {
            Comparator::MostFrequent => "most_frequent",
            Comparator::Frequency(_) => "frequency",
            Comparator::LinkStrength => "link_strength",
            Comparator::MostRecent => "most_recent",
            Comparator::Oldest => "oldest",
            Comparator::SourcePriority(_) => "source_priority",
            Comparator::Trust(_) => "trust",
            Comparator::Prefer(_) => "prefer",
            Comparator::MostComplete => "most_complete",
            Comparator::Completeness(_) => "completeness",
            Comparator::Spelling => "spelling",
            Comparator::Longest => "longest",
            Comparator::Shortest => "shortest",
            Comparator::Largest => "largest",
            Comparator::Smallest => "smallest",
            Comparator::FullForm => "full_form",
            Comparator::Custom(_) => "custom",
        }
    }

    /// True where the step looks at a record and not at what it states for a field, so that it can rank whole records.
    pub(super) fn ranks_records(&self) -> bool {
        use Comparator as C;
        matches!(
            self,
            C::MostRecent
                | C::Oldest
                | C::SourcePriority(_)
                | C::Trust(_)
                | C::Prefer(_)
                | C::MostComplete
                | C::Completeness(_)
                | C::LinkStrength
        )
    }
}
