//! What becomes of ranked candidates.

use serde::{Deserialize, Serialize};

/// What becomes of the ranked candidates of a rule.
///
/// Only one field can be reduced to a text or number of its own ([`is_computed`](Reduce::is_computed)); a name, an address
/// and a group survive as they were stated. What is summed are the values of records, each once, not of profiles: so
/// nothing counts twice after a merge, an unmerge or another delivery.
///
/// ```
/// use onefold::survive::Reduce;
/// assert_eq!(serde_json::from_str::<Reduce>("\"pick_one\"")?, Reduce::PickOne);
/// assert_eq!(serde_json::from_str::<Reduce>(r#"{"top":3}"#)?, Reduce::Top(3));
/// assert!(Reduce::Sum.is_computed() && !Reduce::Unanimous.is_computed());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reduce {
    /// The best.
    PickOne,
    /// The best so many distinct canonical values, the best first.
    Top(u32),
    /// Every distinct canonical value, the best first.
    UnionDistinct,
    /// The value, if all candidates state the same; else none.
    Unanimous,
    /// The best value that at least so many sources state; else none.
    Quorum(u32),
    /// All distinct canonical values in their ranking, joined by this text.
    Concat(String),
    /// The sum of the numbers that the records state.
    Sum,
    /// Their mean.
    Mean,
    /// Their median; of an even number of them, the mean of the two in the middle.
    Median,
    /// The smallest of them; use [`Comparator::Smallest`](super::Comparator) for dates and texts.
    Min,
    /// The largest of them.
    Max,
    /// How many distinct canonical values there are.
    CountDistinct,
}

impl Reduce {
    /// The names without a parameter, which [`FromStr`](std::str::FromStr) accepts.
    pub const NAMES: [&'static str; 9] =
        ["pick_one", "union_distinct", "unanimous", "sum", "mean", "median", "min", "max", "count_distinct"];

    const PLAIN: [Reduce; 9] = [
        Reduce::PickOne,
        Reduce::UnionDistinct,
        Reduce::Unanimous,
        Reduce::Sum,
        Reduce::Mean,
        Reduce::Median,
        Reduce::Min,
        Reduce::Max,
        Reduce::CountDistinct,
    ];

    /// The name as the spec file spells it.
    pub fn as_str(&self) -> &'static str {
        match self {
            Reduce::Top(_) => "top",
            Reduce::Quorum(_) => "quorum",
            Reduce::Concat(_) => "concat",
            plain => Reduce::PLAIN
                .iter()
                .position(|known| known == plain)
                .and_then(|at| Reduce::NAMES.get(at).copied())
                .unwrap_or("pick_one"),
        }
    }

    /// True where the golden value is computed from those stated, and need not be one of them.
    pub fn is_computed(&self) -> bool {
        use Reduce as R;
        matches!(self, R::Concat(_) | R::Sum | R::Mean | R::Median | R::Min | R::Max | R::CountDistinct)
    }

    /// The computed value of the distinct texts in their ranking, each with the number of records that state it; none for
    /// what is not computed, and where no text is a number.
    pub(super) fn compute(&self, texts: &[(&str, u32)]) -> Option<String> {
        match self {
            Reduce::Concat(separator) if !texts.is_empty() => {
                Some(texts.iter().map(|(text, _)| *text).collect::<Vec<_>>().join(separator))
            }
            Reduce::CountDistinct => Some(texts.len().to_string()),
            reduce => {
                // In the order of numbers, so that the last digit does not hang on the order of records.
                let mut numbers: Vec<f64> = Vec::new();
                for &(text, records) in texts {
                    if let Some(number) = text.parse::<f64>().ok().filter(|number| number.is_finite()) {
                        numbers.extend(std::iter::repeat_n(number, records as usize));
                    }
                }
                numbers.sort_by(f64::total_cmp);
                reduce.of_numbers(&numbers).filter(|number| number.is_finite()).map(|n| n.to_string())
            }
        }
    }

    fn of_numbers(&self, numbers: &[f64]) -> Option<f64> {
        let (first, last) = (numbers.first().copied()?, numbers.last().copied()?);
        let middle = numbers.len() / 2;
        Some(match self {
            Reduce::Sum => numbers.iter().sum(),
            Reduce::Mean => numbers.iter().sum::<f64>() / numbers.len() as f64,
            Reduce::Median if numbers.len().is_multiple_of(2) => {
                f64::midpoint(numbers.get(middle - 1).copied()?, numbers.get(middle).copied()?)
            }
            Reduce::Median => numbers.get(middle).copied()?,
            Reduce::Min => first,
            Reduce::Max => last,
            _ => return None,
        })
    }
}

impl std::str::FromStr for Reduce {
    type Err = crate::schema::UnknownName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Reduce::NAMES.iter().position(|known| *known == name);
        found.and_then(|at| Reduce::PLAIN.get(at).cloned()).ok_or(crate::schema::UnknownName)
    }
}
