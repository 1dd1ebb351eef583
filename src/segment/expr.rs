//! Conditions as data.

use std::fmt;
use std::ops::{BitAnd, BitOr, Not};

use serde::{Deserialize, Serialize};

use super::condition::{Bound, InstantTest, TextTest};
use super::field::{AmountField, Field, InstantField, NumberField, TextField};
use crate::record::EntityClass;
use crate::value::{Amount, Gender};

/// A condition on profiles: tests of single fields, joined by `&`, `|` and `!`.
///
/// It is plain data. Its serialised form is stable: the variants' names in snake case, with their content.
///
/// ```
/// use onefold::segment::{Expr, field};
/// let expr = field::order_count().at_least(3) & !field::country().is("DE");
/// let json = serde_json::to_string(&expr).unwrap();
/// assert_eq!(
///     json,
///     r#"{"all":[{"number":{"field":"order_count","test":{"at_least":3}}},{"not":{"text":{"field":"country","test":{"is":"DE"}}}}]}"#
/// );
/// assert_eq!(serde_json::from_str::<Expr>(&json).unwrap(), expr);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Expr {
    /// All of these hold; everyone without any.
    All(Vec<Expr>),
    /// One of these holds; nobody without any.
    Any(Vec<Expr>),
    /// The condition is false; unknown where it is unknown.
    Not(Box<Expr>),
    /// The profile says something of the field; never unknown.
    Exists(Field),
    /// A test of a whole number.
    Number {
        /// The field.
        field: NumberField,
        /// What is asked of it.
        test: Bound,
    },
    /// A test of an amount.
    Amount {
        /// The field.
        field: AmountField,
        /// What is asked of it.
        test: Bound<Amount>,
    },
    /// A test of an instant.
    Instant {
        /// The field.
        field: InstantField,
        /// What is asked of it.
        test: InstantTest,
    },
    /// A test of a text.
    Text {
        /// The field.
        field: TextField,
        /// What is asked of it.
        test: TextTest,
    },
    /// The gender is this one.
    Gender(Gender),
    /// The customer is of this class; never unknown.
    Class(EntityClass),
    /// The customer has a record in this source; never unknown.
    Source(String),
}

impl BitAnd for Expr {
    type Output = Expr;

    fn bitand(self, other: Expr) -> Expr {
        Expr::All(joined(self, other, |expr| match expr {
            Expr::All(parts) => Ok(parts),
            other => Err(other),
        }))
    }
}

impl BitOr for Expr {
    type Output = Expr;

    fn bitor(self, other: Expr) -> Expr {
        Expr::Any(joined(self, other, |expr| match expr {
            Expr::Any(parts) => Ok(parts),
            other => Err(other),
        }))
    }
}

impl Not for Expr {
    type Output = Expr;

    fn not(self) -> Expr {
        match self {
            Expr::Not(inner) => *inner,
            expr => Expr::Not(Box::new(expr)),
        }
    }
}

/// For people; the form for machines is the serialised one.
impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expr::All(parts) => list(f, parts, " and ", "everyone"),
            Expr::Any(parts) => list(f, parts, " or ", "nobody"),
            Expr::Not(inner) => {
                f.write_str("not ")?;
                part(f, inner)
            }
            Expr::Exists(field) => write!(f, "{field} exists"),
            Expr::Number { field, test } => write!(f, "{} {test}", Field::from(*field)),
            Expr::Amount { field, test } => write!(f, "{} {test}", Field::from(*field)),
            Expr::Instant { field, test } => write!(f, "{} {test}", Field::from(*field)),
            Expr::Text { field, test } => write!(f, "{} {test}", Field::from(*field)),
            Expr::Gender(gender) => write!(f, "gender is {gender}"),
            Expr::Class(class) => write!(f, "class is {}", class_name(*class)),
            Expr::Source(name) => write!(f, "source {name:?}"),
        }
    }
}

/// The name of a class.
pub(super) fn class_name(class: EntityClass) -> &'static str {
    match class {
        EntityClass::Person => "person",
        EntityClass::Organisation => "organisation",
        EntityClass::Unknown => "unknown",
    }
}

/// The parts of both sides: a side of the same sort gives its own parts, so that long chains stay flat.
fn joined(left: Expr, right: Expr, parts: impl Fn(Expr) -> Result<Vec<Expr>, Expr>) -> Vec<Expr> {
    let mut all = parts(left).unwrap_or_else(|one| vec![one]);
    all.extend(parts(right).unwrap_or_else(|one| vec![one]));
    all
}

fn list(f: &mut fmt::Formatter<'_>, parts: &[Expr], between: &str, none: &str) -> fmt::Result {
    if parts.is_empty() {
        return f.write_str(none);
    }
    for (at, expr) in parts.iter().enumerate() {
        if at > 0 {
            f.write_str(between)?;
        }
        part(f, expr)?;
    }
    Ok(())
}

fn part(f: &mut fmt::Formatter<'_>, expr: &Expr) -> fmt::Result {
    match expr {
        Expr::All(parts) | Expr::Any(parts) if !parts.is_empty() => write!(f, "({expr})"),
        _ => write!(f, "{expr}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::field;
    use super::*;

    #[test]
    fn texts() {
        let euro = "EUR".parse().unwrap();
        let orders = || field::order_count().at_least(3);
        let cases = [
            (orders() & orders() & orders(), "order_count >= 3 and order_count >= 3 and order_count >= 3"),
            ((orders() | orders()) & orders(), "(order_count >= 3 or order_count >= 3) and order_count >= 3"),
            (!(orders() & orders()), "not (order_count >= 3 and order_count >= 3)"),
            (!!orders(), "order_count >= 3"),
            (field::revenue(euro).above(Amount::ZERO), "revenue EUR > 0.00"),
            (field::first_order().before("2026-01-01".parse().unwrap()), "first_order < 2026-01-01"),
            (field::city().one_of(["Ulm", "Bonn"]), r#"city is one of ["Ulm", "Bonn"]"#),
            (field::class(EntityClass::Person) & field::source("crm"), r#"class is person and source "crm""#),
            (Expr::All(vec![]) | Expr::Any(vec![]), "everyone"),
            (!Expr::Any(vec![]), "not nobody"),
        ];
        for (expr, text) in cases {
            assert_eq!(expr.to_string(), text);
        }
    }

    #[test]
    fn what_is_no_condition_is_refused() {
        for json in [
            r#"{"number":{"field":"country","test":{"is":1}}}"#,
            r#"{"number":{"field":"order_count","test":{"is":"x"}}}"#,
            r#"{"amount":{"field":{"revenue":"Euros"},"test":{"is":1}}}"#,
            r#"{"every":[]}"#,
        ] {
            assert!(serde_json::from_str::<Expr>(json).is_err(), "{json}");
        }
    }
}
