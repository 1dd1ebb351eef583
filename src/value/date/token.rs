//! The pieces of a date's text, and the time of day among them.

use super::month::is_time_word;
use crate::value::words::folded;

/// Two-digit years up to this are of the 2000s, later ones of the 1900s: 30 is 2030, 31 is 1931.
///
/// Nothing reads the clock, so the pivot is fixed; customers and works of more than a century ago are written
/// with four digits.
pub const TWO_DIGIT_YEAR_PIVOT: i16 = 30;

/// A run of digits: its value and how many there are.
#[derive(Clone, Copy)]
pub(super) struct Number {
    pub(super) value: u32,
    pub(super) digits: u8,
}

impl Number {
    /// The number as a year: four digits as they are, two by the pivot.
    pub(super) fn year(self) -> Option<i16> {
        let value = i16::try_from(self.value).ok()?;
        match self.digits {
            4 if value > 0 => Some(value),
            2 if value <= TWO_DIGIT_YEAR_PIVOT => Some(2000 + value),
            2 => Some(1900 + value),
            _ => None,
        }
    }

    /// The number as a day or month: one or two digits.
    pub(super) fn small(self) -> Option<u16> {
        if self.digits <= 2 { u16::try_from(self.value).ok() } else { None }
    }
}

/// A piece of a date's text.
pub(super) enum Token {
    Number(Number),
    Word(String),
    Mark(char),
}

/// The digit runs, words and marks of a text; none if it holds marks that no date has.
pub(super) fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    for c in folded(text) {
        match (c, tokens.last_mut()) {
            (' ', Some(Token::Mark(_))) => {}
            ('0'..='9', Some(Token::Number(number))) => {
                number.digits += 1;
                if number.digits > 8 {
                    return None;
                }
                number.value = number.value * 10 + c.to_digit(10)?;
            }
            ('0'..='9', _) => tokens.push(Token::Number(Number { value: c.to_digit(10)?, digits: 1 })),
            ('a'..='z', Some(Token::Word(word))) => word.push(c),
            ('a'..='z', _) => tokens.push(Token::Word(c.to_string())),
            ('.' | '-' | '/' | ',' | ':' | '+' | '\'', Some(Token::Mark(mark))) if *mark == ' ' => *mark = c,
            (' ' | '.' | '-' | '/' | ',' | ':' | '+' | '\'' | '(' | ')', _) => tokens.push(Token::Mark(c)),
            _ => return None,
        }
    }
    Some(tokens)
}

/// Leaves out the time of day, its zone and what belongs to them.
pub(super) fn without_time(tokens: &[Token]) -> Vec<&Token> {
    let mut kept: Vec<&Token> = Vec::new();
    let mut numbers = 0;
    let mut timed = false;
    let mut rest = tokens;
    loop {
        rest = match rest {
            [] => return kept,
            [Token::Number(_), Token::Mark(':'), Token::Number(_), tail @ ..] => {
                timed = true;
                let mut tail = tail;
                while let [Token::Mark(':' | '.' | ','), Token::Number(n), after @ ..] = tail
                    && (n.digits != 4 || !matches!(tail, [Token::Mark(','), ..]))
                {
                    tail = after;
                }
                tail
            }
            [Token::Mark('+' | '-'), Token::Number(zone), tail @ ..] if timed && zone.digits <= 4 => tail,
            [Token::Word(word), ..]
                if word == "t"
                    && (numbers >= 3 || matches!(kept.as_slice(), [Token::Number(n)] if n.digits == 8)) =>
            {
                return kept;
            }
            [Token::Word(word), tail @ ..] if is_time_word(word) && (timed || numbers > 0) => tail,
            [token, tail @ ..] => {
                numbers += usize::from(matches!(token, Token::Number(_)));
                kept.push(token);
                tail
            }
        };
    }
}
