//! The bytes 0x80–0x9F of Windows-1252; all others are those of ISO 8859-1.

/// The characters of the bytes 0x80–0x9F. The five bytes that the code page leaves open stay C1 controls, as
/// the WHATWG encoding standard has it.
const UPPER: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The character of a byte.
pub(super) fn decode(byte: u8) -> char {
    match byte {
        0x80..=0x9f => UPPER[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// The byte of a character; C1 controls give their own byte, since text read as ISO 8859-1 has them.
pub(super) fn encode(c: char) -> Option<u8> {
    if let Ok(byte) = u8::try_from(c) {
        return Some(byte);
    }
    UPPER.iter().position(|&upper| upper == c).map(|i| 0x80 + i as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_survives() {
        for byte in 0..=255 {
            assert_eq!(encode(decode(byte)), Some(byte), "{byte:#x}");
        }
    }

    #[test]
    fn agrees_with_the_encoding_standard() {
        for byte in 0..=255_u8 {
            let (text, _, _) = encoding_rs::WINDOWS_1252.decode(std::slice::from_ref(&byte));
            assert_eq!(text.chars().next(), Some(decode(byte)), "{byte:#x}");
        }
    }

    #[test]
    fn refuses_what_the_code_page_lacks() {
        assert_eq!(encode('ł'), None);
        assert_eq!(encode('\u{80}'), Some(0x80));
    }
}
