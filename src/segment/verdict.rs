//! Three truth values.

use std::ops::{BitAnd, BitOr, Not};

/// The outcome of a condition, in Kleene's strong logic of three values (1938).
///
/// ```
/// use onefold::segment::Verdict;
/// assert_eq!(Verdict::Unknown & Verdict::False, Verdict::False);
/// assert_eq!(Verdict::Unknown | Verdict::True, Verdict::True);
/// assert_eq!(!Verdict::Unknown, Verdict::Unknown);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// The profile does not say enough; it does not qualify.
    Unknown,
}

impl From<bool> for Verdict {
    fn from(holds: bool) -> Self {
        if holds { Verdict::True } else { Verdict::False }
    }
}

impl BitAnd for Verdict {
    type Output = Verdict;

    fn bitand(self, other: Verdict) -> Verdict {
        match (self, other) {
            (Verdict::False, _) | (_, Verdict::False) => Verdict::False,
            (Verdict::True, Verdict::True) => Verdict::True,
            _ => Verdict::Unknown,
        }
    }
}

impl BitOr for Verdict {
    type Output = Verdict;

    fn bitor(self, other: Verdict) -> Verdict {
        !(!self & !other)
    }
}

impl Not for Verdict {
    type Output = Verdict;

    fn not(self) -> Verdict {
        match self {
            Verdict::True => Verdict::False,
            Verdict::False => Verdict::True,
            Verdict::Unknown => Verdict::Unknown,
        }
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Verdict::True => "true",
            Verdict::False => "false",
            Verdict::Unknown => "unknown",
        })
    }
}
