//! Rules of survivorship as data: how candidates are ranked, and how many of them survive.

use serde::{Deserialize, Serialize};

/// One step of a ranking; candidates that it holds equal are left to the next.
///
/// The last step is always the canonical order, which needs no mention: the smallest canonical value (bytes), then the
/// smallest source name and record key. So no ranking depends on the order of records.
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
    /// name and the surname are counted together; of an address, all parts.
    MostFrequent,
    /// The record with the latest time of change wins (the `updated_at` column of its source); one without loses.
    MostRecent,
    /// The record with the earliest time of change wins; one without loses.
    Oldest,
    /// The record of the source that stands first in the list wins; sources that are not listed lose.
    SourcePriority(Vec<String>),
    /// The candidate that says most wins: of a name or address, the number of parts (an initial is none); of a date,
    /// its precision; else the number of fields that its record fills.
    MostComplete,
    /// A spelling in upper and lower case with its accents beats one without accents (`Müller` before `Muller`), and
    /// that one in capitals or small letters alone.
    Spelling,
    /// The longest canonical value wins, in characters.
    Longest,
    /// A candidate loses to one that completes it: a name without surname or first name to one with both, an initial
    /// or short form to the full name (`Bob` to `Robert`), a year to a date in it.
    FullForm,
}

impl Comparator {
    /// The name of the step.
    pub fn as_str(&self) -> &'static str {
        match self {
            Comparator::MostFrequent => "most_frequent",
            Comparator::MostRecent => "most_recent",
            Comparator::Oldest => "oldest",
            Comparator::SourcePriority(_) => "source_priority",
            Comparator::MostComplete => "most_complete",
            Comparator::Spelling => "spelling",
            Comparator::Longest => "longest",
            Comparator::FullForm => "full_form",
        }
    }
}

/// How many candidates survive.
///
/// ```
/// use onefold::survive::Reduce;
/// assert_eq!(serde_json::from_str::<Reduce>("\"pick_one\"")?, Reduce::PickOne);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reduce {
    /// The best.
    PickOne,
    /// Every distinct canonical value, the best first.
    UnionDistinct,
}

impl Reduce {
    /// The names that [`FromStr`](std::str::FromStr) accepts.
    pub const NAMES: [&'static str; 2] = ["pick_one", "union_distinct"];

    /// The name as the spec file spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Reduce::PickOne => "pick_one",
            Reduce::UnionDistinct => "union_distinct",
        }
    }
}

impl std::str::FromStr for Reduce {
    type Err = crate::schema::UnknownName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "pick_one" => Ok(Reduce::PickOne),
            "union_distinct" => Ok(Reduce::UnionDistinct),
            _ => Err(crate::schema::UnknownName),
        }
    }
}

/// Whether the blank parts of a name or an address may be filled from other records.
///
/// ```
/// assert_eq!(onefold::survive::Fill::default(), onefold::survive::Fill::Never);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fill {
    /// All parts come from one record.
    #[default]
    Never,
    /// A record may fill a blank if it agrees on every part that both have, the street or postal code of an address or
    /// both names of a person among them.
    IfAgrees,
}

/// How the golden values of a field, a name or an address are found.
///
/// ```
/// use onefold::survive::{Comparator, Fill, Reduce, Rule};
/// let rule = Rule::new([Comparator::MostRecent, Comparator::MostFrequent], Reduce::PickOne);
/// assert_eq!(rule.rank.len(), 2);
/// assert_eq!(rule.fill, Fill::Never);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Rule {
    /// The steps of the ranking, the first decides most.
    pub rank: Vec<Comparator>,
    /// How many candidates survive.
    pub reduce: Reduce,
    /// Whether blank parts may be filled; without meaning for a single field.
    #[serde(default)]
    pub fill: Fill,
}

impl Rule {
    /// A rule that fills no blanks.
    pub fn new(rank: impl IntoIterator<Item = Comparator>, reduce: Reduce) -> Self {
        Rule { rank: rank.into_iter().collect(), reduce, fill: Fill::Never }
    }

    /// Sets how many candidates survive.
    #[must_use]
    pub fn with_reduce(mut self, reduce: Reduce) -> Self {
        self.reduce = reduce;
        self
    }

    /// Sets whether blank parts may be filled.
    #[must_use]
    pub fn with_fill(mut self, fill: Fill) -> Self {
        self.fill = fill;
        self
    }

    /// The rule with this step before all others; where the step stood already, it is moved.
    #[must_use]
    pub fn led_by(mut self, first: Comparator) -> Self {
        let name = std::mem::discriminant(&first);
        self.rank.retain(|step| std::mem::discriminant(step) != name);
        self.rank.insert(0, first);
        self
    }
}
