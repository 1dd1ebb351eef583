//! Which encoding a file is in, and its transcoding to UTF-8.

use std::borrow::Cow;
use std::io::{Read, Result};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    Decoder, Encoding, ISO_8859_2, UTF_8, WINDOWS_1250, WINDOWS_1252, WINDOWS_1254, WINDOWS_1257,
};

/// Single-byte encodings of the Latin script: what exports of customer data come in when not in Unicode.
/// Detection may choose among these only; others are far likelier to be a wrong guess from few letters.
const SINGLE_BYTE: [&Encoding; 5] = [WINDOWS_1252, WINDOWS_1250, ISO_8859_2, WINDOWS_1254, WINDOWS_1257];

/// The encoding of a file that begins with `prefix`, and the length of its byte order mark.
pub(super) fn detect(prefix: &[u8]) -> (&'static Encoding, usize) {
    if let Some((encoding, length)) = Encoding::for_bom(prefix) {
        return (encoding, length);
    }
    if mostly_utf8(prefix) {
        return (UTF_8, 0);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(prefix, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    let encoding = if SINGLE_BYTE.contains(&guess) { guess } else { WINDOWS_1252 };
    (encoding, 0)
}

/// True when the characters beyond ASCII that are UTF-8 are more than a quarter of the faults. In a single-byte
/// encoding hardly any are, as two fitting letters beyond ASCII would have to follow each other; in files put
/// together from both, reading cell by cell gets both right.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut characters, mut faults) = (0_u64, 0_u64);
    for chunk in bytes.utf8_chunks() {
        characters += chunk.valid().chars().filter(|c| !c.is_ascii()).count() as u64;
        faults += u64::from(!chunk.invalid().is_empty());
    }
    // A character that is cut off at the end of the prefix is no fault.
    if std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none()) {
        return true;
    }
    faults == 0 || characters * 4 > faults
}

/// A cell's text, and whether it had to be read as Windows-1252 because it is not UTF-8.
pub(super) fn decode(cell: &[u8]) -> (Cow<'_, str>, bool) {
    match std::str::from_utf8(cell) {
        Ok(text) => (Cow::Borrowed(text), false),
        Err(_) => (WINDOWS_1252.decode_without_bom_handling(cell).0, true),
    }
}

/// Reads bytes of any encoding as UTF-8; what the encoding does not define becomes U+FFFD.
pub(super) struct Transcoder<R> {
    inner: R,
    decoder: Decoder,
    input: Vec<u8>,
    text: String,
    position: usize,
    at_end: bool,
}

impl<R: Read> Transcoder<R> {
    /// A transcoder of what follows the byte order mark.
    pub(super) fn new(inner: R, encoding: &'static Encoding) -> Self {
        const BLOCK: usize = 1 << 16;
        Transcoder {
            inner,
            decoder: encoding.new_decoder_without_bom_handling(),
            input: vec![0; BLOCK],
            text: String::new(),
            position: 0,
            at_end: false,
        }
    }

    fn fill(&mut self) -> Result<()> {
        let read = self.inner.read(&mut self.input)?;
        self.at_end = read == 0;
        self.text.clear();
        self.position = 0;
        let longest = self.decoder.max_utf8_buffer_length(read).unwrap_or_default();
        self.text.reserve(longest);
        let block = self.input.get(..read).unwrap_or_default();
        // The reserved length is enough for the whole block, so nothing of it remains.
        let _ = self.decoder.decode_to_string(block, &mut self.text, self.at_end);
        Ok(())
    }
}

impl<R: Read> Read for Transcoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        while self.position >= self.text.len() && !self.at_end {
            self.fill()?;
        }
        let mut rest = self.text.as_bytes().get(self.position..).unwrap_or_default();
        let read = rest.read(buffer)?;
        self.position += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{UTF_16BE, UTF_16LE};

    #[test]
    fn detected() {
        let polish = "Zażółć gęślą jaźń, Łódź, Kraków, Święty, źdźbło, ćma, Grzegorz Brzęczyszczykiewicz";
        let (polish, ..) = WINDOWS_1250.encode(polish);
        let cases: [(&str, &[u8], &Encoding, usize); 9] = [
            ("empty", b"", UTF_8, 0),
            ("ascii", b"id,name", UTF_8, 0),
            ("utf-8", "Müller".as_bytes(), UTF_8, 0),
            ("utf-8 cut off", b"M\xc3", UTF_8, 0),
            ("utf-8 with one bad cell", b"M\xc3\xbcller, K\xc3\xb6ln, M\xfcnchen", UTF_8, 0),
            ("byte order mark", b"\xef\xbb\xbfid", UTF_8, 3),
            ("utf-16", b"\xff\xfei\0d\0", UTF_16LE, 2),
            ("utf-16 big-endian", b"\xfe\xff\0i\0d", UTF_16BE, 2),
            ("windows-1252", b"id,name\n1,M\xfcller\n2,Gro\xdf\n3,Ren\xe9e\n", WINDOWS_1252, 0),
        ];
        for (name, bytes, encoding, mark) in cases {
            assert_eq!(detect(bytes), (encoding, mark), "{name}");
        }
        let (encoding, _) = detect(&polish);
        assert!([WINDOWS_1250, ISO_8859_2].contains(&encoding), "{}", encoding.name());
        let cyrillic = encoding_rs::WINDOWS_1251.encode("Привет, как дела? Москва, улица Ленина").0;
        assert_eq!(detect(&cyrillic).0, WINDOWS_1252);
    }

    #[test]
    fn transcoded_in_small_steps() {
        let text = "Müller, Łódź, 東京, 😀";
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut transcoder = Transcoder::new(bytes.as_slice(), UTF_16LE);
        let mut read = Vec::new();
        let mut step = [0; 3];
        loop {
            let n = transcoder.read(&mut step).unwrap();
            if n == 0 {
                break;
            }
            read.extend_from_slice(&step[..n]);
        }
        assert_eq!(String::from_utf8(read).unwrap(), text);
    }
}
