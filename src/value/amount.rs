//! Amounts of money: exact decimals, and the currencies that they are in.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Neg};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::number::plain_decimal;

/// An amount of money as an exact decimal with four places, the largest number of places that price and ledger columns
/// commonly have; further ones are rounded, halves away from zero. The range is ± 922 trillion.
///
/// It serialises as a number. Sums stay exact; they stop at the ends of the range.
///
/// ```
/// use onefold::value::{Amount, parse_amount};
/// let amounts = ["1.234,56 €", "1,234.56", "1234.56"].map(|text| parse_amount(text, None).unwrap());
/// assert_eq!(amounts, [Amount::from_units(12_345_600); 3]);
/// assert_eq!(amounts.into_iter().sum::<Amount>().to_string(), "3703.68");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(i64);

/// Parts of one in which amounts are counted.
const UNITS: i64 = 10_000;
/// Decimal places of a unit.
const PLACES: usize = 4;

impl Amount {
    /// Nothing.
    pub const ZERO: Amount = Amount(0);

    /// An amount of so many ten-thousandths.
    pub fn from_units(units: i64) -> Self {
        Amount(units)
    }

    /// The amount in ten-thousandths.
    pub fn units(self) -> i64 {
        self.0
    }

    /// The nearest floating-point number.
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / UNITS as f64
    }

    /// The amount over a number of parts, rounded, halves away from zero; nothing for no parts.
    ///
    /// ```
    /// use onefold::value::Amount;
    /// let basket = Amount::from_units(100_000).mean_of(3);
    /// assert_eq!(basket.unwrap().to_string(), "3.3333");
    /// assert_eq!(Amount::ZERO.mean_of(0), None);
    /// ```
    pub fn mean_of(self, parts: u64) -> Option<Amount> {
        let parts = i128::from(parts);
        if parts == 0 {
            return None;
        }
        let units = i128::from(self.0);
        let rounded = (units.abs() + parts / 2) / parts * units.signum();
        i64::try_from(rounded).ok().map(Amount)
    }
}

impl Add for Amount {
    type Output = Amount;

    fn add(self, other: Amount) -> Amount {
        Amount(self.0.saturating_add(other.0))
    }
}

impl Neg for Amount {
    type Output = Amount;

    fn neg(self) -> Amount {
        Amount(self.0.saturating_neg())
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Amount>>(amounts: I) -> Amount {
        amounts.fold(Amount::ZERO, Add::add)
    }
}

/// With at least two places: `12.50`, `-0.0125`.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = self.0.unsigned_abs();
        let (whole, part) = (units / UNITS as u64, units % UNITS as u64);
        let sign = if self.0 < 0 { "-" } else { "" };
        if part % 100 == 0 {
            write!(f, "{sign}{whole}.{:02}", part / 100)
        } else if part % 10 == 0 {
            write!(f, "{sign}{whole}.{:03}", part / 10)
        } else {
            write!(f, "{sign}{whole}.{part:04}")
        }
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.to_f64())
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = f64::deserialize(deserializer)?;
        let units = (number * UNITS as f64).round();
        if units.abs() < i64::MAX as f64 {
            Ok(Amount(units as i64))
        } else {
            Err(serde::de::Error::custom("an amount beyond the range"))
        }
    }
}

/// The sign between whole numbers and parts.
///
/// ```
/// use onefold::value::DecimalMark;
/// let column = ["12,50", "1.234", "7"];
/// assert_eq!(DecimalMark::of_column(column), Some(DecimalMark::Comma));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DecimalMark {
    /// `1234.56`.
    Point,
    /// `1234,56`.
    Comma,
}

impl DecimalMark {
    /// The mark that more texts of a column show beyond doubt, which `1.234` and `1,234` do not; none if there are as
    /// many of each. Does not depend on the order of the texts.
    pub fn of_column<'a>(texts: impl IntoIterator<Item = &'a str>) -> Option<DecimalMark> {
        let mut balance = 0i64;
        for text in texts {
            // What is read differently by the two marks shows neither.
            let (point, comma) = (plain_decimal(text, |c| c == '.'), plain_decimal(text, |c| c == ','));
            if point.is_none() || point != comma {
                continue;
            }
            match text.chars().rev().find(|c| matches!(c, '.' | ',')) {
                Some('.') if is_last_mark_decimal(text, '.') => balance += 1,
                Some(',') if is_last_mark_decimal(text, ',') => balance -= 1,
                _ => {}
            }
        }
        match balance {
            0 => None,
            1.. => Some(DecimalMark::Point),
            _ => Some(DecimalMark::Comma),
        }
    }

    fn sign(self) -> char {
        match self {
            DecimalMark::Point => '.',
            DecimalMark::Comma => ',',
        }
    }
}

/// True unless the last mark groups, as in `1.234.567`.
fn is_last_mark_decimal(text: &str, mark: char) -> bool {
    text.matches(mark).count() == 1
}

/// Reads an amount in any of the notations that [`parse_number`](super::parse_number) knows, exactly.
///
/// A single point or comma before exactly three digits (`1.234`) is the decimal mark if it is the column's, and
/// groups otherwise: prices with three places are rare.
///
/// ```
/// use onefold::value::{DecimalMark, parse_amount};
/// let read = |text, mark| parse_amount(text, mark).unwrap().to_string();
/// assert_eq!(read("1.234", None), "1234.00");
/// assert_eq!(read("1.234", Some(DecimalMark::Point)), "1.234");
/// assert_eq!(read("-12,50 EUR", None), "-12.50");
/// assert_eq!(parse_amount("gratis", None), None);
/// ```
pub fn parse_amount(text: &str, mark: Option<DecimalMark>) -> Option<Amount> {
    let (negative, digits) = plain_decimal(text, |c| Some(c) == mark.map(DecimalMark::sign))?;
    let (whole, places) = digits.split_once('.')?;
    let (kept, rest) = places.split_at_checked(PLACES).unwrap_or((places, ""));
    let units: i128 = format!("{whole}{kept:0<PLACES$}").parse().ok()?;
    let up = i128::from(rest.starts_with(|c| ('5'..='9').contains(&c)));
    let units = i64::try_from(units + up).ok()?;
    Some(Amount(if negative { -units } else { units }))
}

/// A currency: three capital letters (ISO 4217).
///
/// ```
/// use onefold::value::Currency;
/// assert_eq!("EUR".parse::<Currency>().unwrap().to_string(), "EUR");
/// assert_eq!("€".parse::<Currency>().unwrap().as_str(), "EUR");
/// assert!("Euro?".parse::<Currency>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The code of ISO 4217 for transactions without a currency.
    pub const NONE: Currency = Currency(*b"XXX");

    /// The three letters.
    pub fn as_str(&self) -> &str {
        // Only ASCII letters are ever stored.
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }
}

/// Three letters, or one of the signs `€`, `$`, `£`, `¥` (the euro, the United States dollar, the pound sterling,
/// the yen); white space around them is left out.
impl std::str::FromStr for Currency {
    type Err = UnknownCurrency;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = match text.trim() {
            "€" => "EUR",
            "$" => "USD",
            "£" => "GBP",
            "¥" => "JPY",
            text => text,
        };
        match *text.as_bytes() {
            [a, b, c] if text.bytes().all(|byte| byte.is_ascii_alphabetic()) => {
                Ok(Currency([a, b, c].map(|byte| byte.to_ascii_uppercase())))
            }
            _ => Err(UnknownCurrency),
        }
    }
}

/// A text that is no currency.
///
/// ```
/// let error = "euros".parse::<onefold::value::Currency>().unwrap_err();
/// assert_eq!(error.to_string(), "not three letters of a currency");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not three letters of a currency")]
pub struct UnknownCurrency;

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn notations() {
        let cases = [
            ("1.234,56", "1234.56"),
            ("1,234.56", "1234.56"),
            ("1234.56", "1234.56"),
            ("1234,5", "1234.50"),
            ("1 234,56 €", "1234.56"),
            ("CHF 1'234.50", "1234.50"),
            ("-3,00", "-3.00"),
            ("(3.00)", "-3.00"),
            ("12.50-", "-12.50"),
            ("34.9900", "34.99"),
            ("0.12345", "0.1235"),
            ("-0.00005", "-0.0001"),
            ("0,125", "0.125"),
            ("1.234", "1234.00"),
            ("1,234,567", "1234567.00"),
            ("0", "0.00"),
        ];
        for (text, expected) in cases {
            assert_eq!(
                parse_amount(text, None).map(|amount| amount.to_string()).as_deref(),
                Some(expected),
                "{text}"
            );
        }
        for text in ["", "gratis", "1.2.3", "12:30", "99999999999999999999", "--5"] {
            assert_eq!(parse_amount(text, None), None, "{text}");
        }
    }

    #[test]
    fn a_column_tells_its_mark() {
        let cases: [(&[&str], Option<DecimalMark>); 5] = [
            (&["1.234", "5.678"], None),
            (&["1.234", "5,60"], Some(DecimalMark::Comma)),
            (&["1.234,00", "5.60", "7.10"], Some(DecimalMark::Point)),
            (&["1.234.567", "12"], None),
            (&["viel"], None),
        ];
        for (column, expected) in cases {
            assert_eq!(DecimalMark::of_column(column.iter().copied()), expected, "{column:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_not(text in "\\PC{0,30}") {
            let _ = parse_amount(&text, Some(DecimalMark::Comma));
        }

        #[test]
        fn what_is_written_is_read(units in -900_000_000_000_000i64..900_000_000_000_000) {
            let amount = Amount::from_units(units);
            let text = amount.to_string();
            prop_assert_eq!(parse_amount(&text, Some(DecimalMark::Point)), Some(amount));
            let back: Amount = serde_json::from_str(&serde_json::to_string(&amount).unwrap()).unwrap();
            prop_assert_eq!(back, amount);
        }
    }
}
