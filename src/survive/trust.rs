//! Trust in sources, which falls with the age of a record.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::predicate::Predicate;
use crate::error::{Error, Result};

/// How much each source is trusted, and when less.
///
/// The trust of a candidate is that of its source at the age of its record (by the rule's clocks; a record without a time
/// is as old as can be), then lowered by each downgrade whose condition holds, in their order. A source that is not listed
/// has trust 0.
///
/// ```
/// use onefold::survive::{Decay, Downgrade, Predicate, Trust, TrustCurve};
/// let trust = Trust::default()
///     .with_source("crm", TrustCurve::new(90, 30, 730, Decay::Linear)?)
///     .with_source("erp", TrustCurve::flat(55)?)
///     .with_downgrade(Downgrade::new(Predicate::ShorterThan(3), 50)?.with_reserve(45));
/// assert_eq!(trust.sources["crm"].at(365 * 86_400), 60.0);
/// # Ok::<(), onefold::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Trust {
    /// The trust of each source by its name.
    pub sources: BTreeMap<String, TrustCurve>,
    /// What lowers the trust of a candidate, in this order.
    #[serde(default)]
    pub downgrades: Vec<Downgrade>,
}

/// How trust falls from its maximum, right after a change, to its minimum.
///
/// ```
/// use onefold::survive::Decay;
/// assert_eq!("linear".parse::<Decay>(), Ok(Decay::Linear));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Decay {
    /// By the same amount each day, over the period.
    #[default]
    Linear,
    /// Fast first, then slowly: by the square of what is left of the period.
    Convex,
    /// Slowly first, then fast: by the square of what has passed of the period.
    Concave,
    /// By half of what is above the minimum in each period.
    Exponential,
    /// Not at all, then at once at the end of the period.
    Step,
}

impl Decay {
    /// The names that [`FromStr`](std::str::FromStr) accepts.
    pub const NAMES: [&'static str; 5] = ["linear", "convex", "concave", "exponential", "step"];

    const ALL: [Decay; 5] = [Decay::Linear, Decay::Convex, Decay::Concave, Decay::Exponential, Decay::Step];
}

impl std::str::FromStr for Decay {
    type Err = crate::schema::UnknownName;

    fn from_str(name: &str) -> std::result::Result<Self, Self::Err> {
        let found = Decay::NAMES.iter().position(|known| *known == name);
        found.and_then(|at| Decay::ALL.get(at).copied()).ok_or(crate::schema::UnknownName)
    }
}

/// The trust in one source over time.
///
/// ```
/// use onefold::survive::{Decay, TrustCurve};
/// let curve = TrustCurve::new(90, 30, 100, Decay::Step)?;
/// assert_eq!((curve.at(99 * 86_400), curve.at(100 * 86_400)), (90.0, 30.0));
/// let error = TrustCurve::flat(101).unwrap_err().to_string();
/// assert_eq!(error, "trust: 101 is not between 0 and 100");
/// # Ok::<(), onefold::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "CurveParts")]
pub struct TrustCurve {
    max: u8,
    min: u8,
    days: u32,
    #[serde(default)]
    decay: Decay,
}

/// A curve before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CurveParts {
    max: u64,
    min: Option<u64>,
    #[serde(default)]
    days: u32,
    #[serde(default)]
    decay: Decay,
}

impl TryFrom<CurveParts> for TrustCurve {
    type Error = Error;

    fn try_from(parts: CurveParts) -> Result<Self> {
        TrustCurve::new(parts.max, parts.min.unwrap_or(parts.max), parts.days, parts.decay)
    }
}

/// Seconds in a day.
const DAY: i64 = 86_400;

impl TrustCurve {
    /// Trust that falls from `max` to `min`, both from 0 to 100, over a period of so many days of 86,400 seconds; for
    /// [`Decay::Exponential`] the period is the half-life.
    ///
    /// # Errors
    /// A configuration error for trust outside 0 to 100, a minimum above the maximum, and a period of no days for
    /// trust that falls.
    pub fn new(max: u64, min: u64, days: u32, decay: Decay) -> Result<Self> {
        let percent = |value: u64| match u8::try_from(value) {
            Ok(percent) if percent <= 100 => Ok(percent),
            _ => Err(Error::config("trust", format!("{value} is not between 0 and 100"))),
        };
        let (max, min) = (percent(max)?, percent(min)?);
        if min > max {
            return Err(Error::config("trust", format!("the minimum {min} is above the maximum {max}")));
        }
        if min < max && days == 0 {
            return Err(Error::config("trust", "trust that falls needs a period of at least a day"));
        }
        Ok(TrustCurve { max, min, days, decay })
    }

    /// Trust that does not fall.
    ///
    /// # Errors
    /// A configuration error for trust outside 0 to 100.
    pub fn flat(trust: u64) -> Result<Self> {
        TrustCurve::new(trust, trust, 0, Decay::Linear)
    }

    /// The trust in a record so many seconds after its change.
    pub fn at(&self, age: i64) -> f64 {
        let (max, min) = (f64::from(self.max), f64::from(self.min));
        if self.max == self.min || age <= 0 {
            return max;
        }
        let passed = age as f64 / (i64::from(self.days) * DAY) as f64;
        let within = passed.min(1.0);
        let left = match self.decay {
            Decay::Linear => 1.0 - within,
            Decay::Convex => (1.0 - within) * (1.0 - within),
            Decay::Concave => 1.0 - within * within,
            Decay::Exponential => (-passed).exp2(),
            Decay::Step => f64::from(u8::from(passed < 1.0)),
        };
        min + (max - min) * left
    }

    /// The age in seconds from which the trust no longer changes.
    pub(super) fn settles(self) -> i64 {
        /// So many half-lives leave less than a millionth of a point.
        const HALF_LIVES: i64 = 32;
        match self.decay {
            _ if self.max == self.min => 0,
            Decay::Exponential => i64::from(self.days) * DAY * HALF_LIVES,
            _ => i64::from(self.days) * DAY,
        }
    }

    /// The lowest trust.
    pub fn min(&self) -> u8 {
        self.min
    }

    /// The trust right after a change.
    pub fn max(&self) -> u8 {
        self.max
    }
}

/// Less trust in candidates for which a condition holds.
///
/// ```
/// use onefold::survive::{Downgrade, Predicate};
/// let short = Downgrade::new(Predicate::ShorterThan(3), 50)?;
/// assert_eq!(short.lower(80.0), Some(40.0));
/// assert_eq!(short.clone().with_reserve(45).lower(80.0), Some(45.0));
/// assert_eq!(Downgrade::new(Predicate::Dated, 100)?.lower(80.0), None);
/// # Ok::<(), onefold::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Downgrade {
    /// When.
    pub when: Predicate,
    /// By how many per cent, 1 to 100.
    pub percent: u8,
    /// Trust does not fall below this by the downgrade.
    #[serde(default)]
    pub reserve: u8,
}

impl Downgrade {
    /// A downgrade without a reserve: by 100 %, the candidate takes no part.
    ///
    /// # Errors
    /// A configuration error for a percentage outside 1 to 100.
    pub fn new(when: Predicate, percent: u64) -> Result<Self> {
        match u8::try_from(percent) {
            Ok(percent) if (1..=100).contains(&percent) => Ok(Downgrade { when, percent, reserve: 0 }),
            _ => Err(Error::config("downgrade", format!("{percent} is not between 1 and 100 per cent"))),
        }
    }

    /// Sets the trust below which the downgrade does not go; at most 100.
    #[must_use]
    pub fn with_reserve(mut self, reserve: u8) -> Self {
        self.reserve = reserve.min(100);
        self
    }

    /// The trust that is left; none if the candidate takes no part.
    pub fn lower(&self, trust: f64) -> Option<f64> {
        if self.percent >= 100 && self.reserve == 0 {
            return None;
        }
        let left = trust * f64::from(100 - self.percent.min(100)) / 100.0;
        Some(left.max(f64::from(self.reserve).min(trust)))
    }
}
