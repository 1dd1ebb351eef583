//! Rules of survivorship as data: filter, rank, reduce, and what to do when nothing or nobody wins.

use serde::{Deserialize, Serialize};

use super::comparator::Comparator;
use super::predicate::Predicate;
use super::reduce::Reduce;
use super::times::Times;
use crate::schema::FieldKind;

/// Whether the blank parts of a name, an address or a group may be filled from other records.
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
    /// The next best record that has the part fills a blank of the best, whatever else it says. Parts may contradict each
    /// other. Only where one is picked.
    Always,
}

impl Fill {
    /// The names that [`FromStr`](std::str::FromStr) accepts.
    pub const NAMES: [&'static str; 3] = ["never", "if_agrees", "always"];
}

impl std::str::FromStr for Fill {
    type Err = crate::schema::UnknownName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "never" => Ok(Fill::Never),
            "if_agrees" => Ok(Fill::IfAgrees),
            "always" => Ok(Fill::Always),
            _ => Err(crate::schema::UnknownName),
        }
    }
}

/// What an explicit null of a source does. A blank cell is never more than no value.
///
/// ```
/// assert_eq!(onefold::survive::Nulls::default(), onefold::survive::Nulls::Skip);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Nulls {
    /// Nothing: it is no candidate.
    #[default]
    Skip,
    /// It is a candidate like a value: if it wins, there is no golden value.
    ClearedWins,
    /// It removes the values of its own source that are not newer; without a time, all of them that are undated.
    ClearedBlocksOlder,
    /// As before, and values that are not newer of the sources that stand lower in the rule's first list of sources.
    ClearedBlocksOlderAndLower,
}

impl Nulls {
    /// The names that [`FromStr`](std::str::FromStr) accepts.
    pub const NAMES: [&'static str; 4] =
        ["skip", "cleared_wins", "cleared_blocks_older", "cleared_blocks_older_and_lower"];

    const ALL: [Nulls; 4] =
        [Nulls::Skip, Nulls::ClearedWins, Nulls::ClearedBlocksOlder, Nulls::ClearedBlocksOlderAndLower];
}

impl std::str::FromStr for Nulls {
    type Err = crate::schema::UnknownName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Nulls::NAMES.iter().position(|known| *known == name);
        found.and_then(|at| Nulls::ALL.get(at).copied()).ok_or(crate::schema::UnknownName)
    }
}

/// What happens when no candidate is left.
///
/// ```
/// use onefold::survive::{Comparator, OnEmpty, Reduce, Rule};
/// let any_source = Rule::new([Comparator::MostRecent], Reduce::PickOne);
/// let rule = any_source.clone().with_on_empty(OnEmpty::Fallback(Box::new(any_source)));
/// assert!(matches!(rule.on_empty, OnEmpty::Fallback(_)));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OnEmpty {
    /// There is no golden value.
    #[default]
    Null,
    /// There is none, and it is [reported](super::Finding).
    Report,
    /// Another rule decides, from all candidates anew.
    Fallback(Box<Rule>),
}

/// What happens when the ranking holds two different values equal at the top.
///
/// ```
/// assert_eq!(onefold::survive::OnTie::default(), onefold::survive::OnTie::CanonicalOrder);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OnTie {
    /// The canonical order decides: the smallest value, then source, then key.
    #[default]
    CanonicalOrder,
    /// The canonical order decides, and it is [reported](super::Finding).
    Report,
    /// There is no golden value, and it is [reported](super::Finding).
    Null,
    /// Another rule decides among those that are equal.
    Fallback(Box<Rule>),
}

/// How the golden values of a field, a name, an address or a group are found.
///
/// One way for every kind of rule: of the candidates, those that are *eligible* are *ranked* step by step and *reduced* to
/// the survivors. No candidate and a tie are two different things, each with its own answer. The last step is always
/// the canonical order: the smallest canonical value (bytes), then the smallest source name and record key. So no rule
/// depends on the order of records.
///
/// ```
/// use onefold::survive::{Comparator, Fill, Predicate, Reduce, Rule};
/// let rule = Rule::new([Comparator::MostRecent, Comparator::MostFrequent], Reduce::PickOne)
///     .with_eligible(Predicate::FromSource(vec!["crm".into(), "erp".into()]));
/// assert_eq!((rule.rank.len(), rule.fill), (2, Fill::Never));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Rule {
    /// The steps of the ranking, the first decides most.
    pub rank: Vec<Comparator>,
    /// What becomes of the ranked candidates.
    pub reduce: Reduce,
    /// Whether blank parts may be filled; without meaning for a single field.
    #[serde(default, skip_serializing_if = "is_default")]
    pub fill: Fill,
    /// Parts without which a record is no candidate for the whole; none for what a name or an address needs anyway.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub require: Vec<FieldKind>,
    /// Conditions that all must hold for a candidate to take part.
    #[serde(default, rename = "where", skip_serializing_if = "Vec::is_empty")]
    pub eligible: Vec<Predicate>,
    /// What an explicit null does.
    #[serde(default, skip_serializing_if = "is_default")]
    pub nulls: Nulls,
    /// Which times count.
    #[serde(default, skip_serializing_if = "Times::is_default")]
    pub times: Times,
    /// What happens when no candidate is left.
    #[serde(default, skip_serializing_if = "is_default")]
    pub on_empty: OnEmpty,
    /// What happens when two are equal at the top.
    #[serde(default, skip_serializing_if = "is_default")]
    pub on_tie: OnTie,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Rule {
    /// A rule without conditions that fills no blanks.
    pub fn new(rank: impl IntoIterator<Item = Comparator>, reduce: Reduce) -> Self {
        Rule {
            rank: rank.into_iter().collect(),
            reduce,
            fill: Fill::Never,
            require: Vec::new(),
            eligible: Vec::new(),
            nulls: Nulls::Skip,
            times: Times::default(),
            on_empty: OnEmpty::Null,
            on_tie: OnTie::CanonicalOrder,
        }
    }

    /// Sets what becomes of the ranked candidates.
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

    /// Sets the parts without which a record is no candidate.
    #[must_use]
    pub fn with_require(mut self, parts: impl IntoIterator<Item = FieldKind>) -> Self {
        self.require = parts.into_iter().collect();
        self
    }

    /// Adds a condition that must hold for a candidate to take part.
    #[must_use]
    pub fn with_eligible(mut self, condition: Predicate) -> Self {
        self.eligible.push(condition);
        self
    }

    /// Sets what an explicit null does.
    #[must_use]
    pub fn with_nulls(mut self, nulls: Nulls) -> Self {
        self.nulls = nulls;
        self
    }

    /// Sets which times count.
    #[must_use]
    pub fn with_times(mut self, times: Times) -> Self {
        self.times = times;
        self
    }

    /// Sets what happens when no candidate is left.
    #[must_use]
    pub fn with_on_empty(mut self, on_empty: OnEmpty) -> Self {
        self.on_empty = on_empty;
        self
    }

    /// Sets what happens when two are equal at the top.
    #[must_use]
    pub fn with_on_tie(mut self, on_tie: OnTie) -> Self {
        self.on_tie = on_tie;
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

    /// This rule and its fallbacks, with the names of their places below it.
    pub(super) fn all(&self) -> Vec<(String, &Rule)> {
        let mut all = vec![(String::new(), self)];
        let mut at = 0;
        while let Some((place, rule)) = all.get(at).cloned() {
            if let OnEmpty::Fallback(next) = &rule.on_empty {
                all.push((format!("{place} > on_empty"), next));
            }
            if let OnTie::Fallback(next) = &rule.on_tie {
                all.push((format!("{place} > on_tie"), next));
            }
            at += 1;
        }
        all
    }

    /// All conditions that the rule itself asks, with those inside of others.
    pub(super) fn conditions(&self) -> Vec<&Predicate> {
        let mut found = Vec::new();
        self.eligible.iter().for_each(|condition| condition.parts(&mut found));
        for step in &self.rank {
            match step {
                Comparator::Prefer(condition) => condition.parts(&mut found),
                Comparator::Trust(trust) => {
                    trust.downgrades.iter().for_each(|downgrade| downgrade.when.parts(&mut found));
                }
                _ => {}
            }
        }
        found
    }

    /// The kinds whose winners the rule and its fallbacks look at.
    pub(super) fn follows(&self) -> Vec<FieldKind> {
        let all = self.all();
        let conditions = all.iter().flat_map(|(_, rule)| rule.conditions());
        let kinds = conditions.filter_map(|condition| match condition {
            Predicate::Follows(kind) => Some(*kind),
            _ => None,
        });
        kinds.collect()
    }
}
