//! The check digit of card numbers.

use super::digits;

/// True when the last digit is the check digit of the others by Luhn's formula (ISO/IEC 7812-1, annex B), modulo
/// 10 with doubled alternate digits. False for anything but two or more decimal digits.
///
/// ```
/// use onefold::value::luhn;
/// assert!(luhn("79927398713"));
/// assert!(!luhn("79927398710"));
/// ```
pub fn luhn(number: &str) -> bool {
    const LONGEST: usize = 64;
    if number.len() < 2 || number.len() > LONGEST {
        return false;
    }
    digits(number).is_some_and(|digits| sum(&digits).is_multiple_of(10))
}

/// The sum of the digits, every second one from the right, the last but one first, doubled and cross-added.
fn sum(digits: &[u32]) -> u32 {
    digits
        .iter()
        .rev()
        .enumerate()
        .map(|(position, &digit)| if position % 2 == 1 { digit * 2 / 10 + digit * 2 % 10 } else { digit })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_numbers() {
        for number in ["79927398713", "4111111111111111", "18", "00"] {
            assert!(luhn(number), "{number}");
        }
        for number in ["79927398714", "4111111111111112", "", "0", "4111-1111", "１８"] {
            assert!(!luhn(number), "{number}");
        }
    }

    proptest! {
        #[test]
        fn exactly_one_last_digit_fits(number in "[0-9]{1,20}") {
            prop_assert_eq!((0..10).filter(|digit| luhn(&format!("{number}{digit}"))).count(), 1);
        }
    }
}
