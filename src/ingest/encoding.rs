//! Which encoding a file is in, and its transcoding to UTF-8.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{Read, Result};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    Decoder, Encoding, ISO_8859_2, UTF_8, WINDOWS_1250, WINDOWS_1252, WINDOWS_1254, WINDOWS_1257,
};

use crate::text;

/// Single-byte encodings of the Latin script: what exports of customer data come in when not in Unicode.
/// Detection may choose among these only; others are far likelier to be a wrong guess from few letters.
const SINGLE_BYTE: [&Encoding; 5] = [WINDOWS_1252, WINDOWS_1250, ISO_8859_2, WINDOWS_1254, WINDOWS_1257];

/// The encoding that a byte order mark at the start of a file tells, and the mark's length.
pub(super) fn marked(prefix: &[u8]) -> Option<(&'static Encoding, usize)> {
    Encoding::for_bom(prefix)
}

/// Tells the encoding of a file without a byte order mark from all of its bytes. Rows in another order have the
/// same encoding: what is kept are counts, and of the words beyond ASCII those whose hashes are lowest.
#[derive(Debug, Default)]
pub(super) struct Detector {
    /// Characters beyond ASCII that are UTF-8.
    characters: u64,
    /// Places that are not UTF-8.
    faults: u64,
    /// The start of a character that the last block cut off.
    cut: Vec<u8>,
    word: Vec<u8>,
    words: BTreeSet<(u64, Vec<u8>)>,
}

/// Words that the detection looks at.
const WORDS: usize = 2048;
/// Longest part of a word that is kept.
const WORD_BYTES: usize = 48;

impl Detector {
    /// Takes note of the next bytes of the file.
    pub(super) fn feed(&mut self, block: &[u8]) {
        if self.cut.is_empty() && self.word.is_empty() && block.is_ascii() {
            return;
        }
        let mut bytes = std::mem::take(&mut self.cut);
        bytes.extend_from_slice(block);
        let complete = match std::str::from_utf8(&bytes) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => {
                bytes.iter().rposition(u8::is_ascii).map_or(0, |at| at + 1).max(bytes.len().saturating_sub(3))
            }
        };
        let (head, tail) = bytes.split_at(complete.min(bytes.len()));
        self.count(head);
        self.cut = tail.to_vec();
        self.collect_words(block);
    }

    /// Reads a file to its end and tells its encoding.
    pub(super) fn detect(mut self, mut reader: impl Read) -> Result<&'static Encoding> {
        let mut block = vec![0; 1 << 16];
        loop {
            let read = reader.read(&mut block)?;
            if read == 0 {
                return Ok(self.finish());
            }
            self.feed(block.get(..read).unwrap_or_default());
        }
    }

    /// UTF-8 if the characters beyond ASCII that are UTF-8 are more than a quarter of the faults. In a single-byte
    /// encoding hardly any are, as two fitting letters beyond ASCII would have to follow each other; in files put
    /// together from both, reading cell by cell gets both right.
    pub(super) fn finish(mut self) -> &'static Encoding {
        let cut = std::mem::take(&mut self.cut);
        // A character that is cut off at the end of the file is no fault.
        if std::str::from_utf8(&cut).err().is_none_or(|error| error.error_len().is_some()) {
            self.count(&cut);
        }
        self.end_word();
        if self.faults == 0 || self.characters * 4 > self.faults {
            return UTF_8;
        }
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        for (_, word) in &self.words {
            detector.feed(word, false);
            detector.feed(b" ", false);
        }
        detector.feed(b"", true);
        let guess = detector.guess(None, Utf8Detection::Deny);
        if SINGLE_BYTE.contains(&guess) { guess } else { WINDOWS_1252 }
    }

    fn count(&mut self, bytes: &[u8]) {
        for chunk in bytes.utf8_chunks() {
            self.characters += chunk.valid().chars().filter(|c| !c.is_ascii()).count() as u64;
            self.faults += u64::from(!chunk.invalid().is_empty());
        }
    }

    fn collect_words(&mut self, block: &[u8]) {
        for &byte in block {
            if byte.is_ascii_alphabetic() || !byte.is_ascii() {
                if self.word.len() < WORD_BYTES {
                    self.word.push(byte);
                }
            } else {
                self.end_word();
            }
        }
    }

    fn end_word(&mut self) {
        if !self.word.is_ascii() {
            let letters: String = self.word.iter().map(|&byte| char::from(byte)).collect();
            self.words.insert((text::hash(&letters), std::mem::take(&mut self.word)));
            if self.words.len() > WORDS {
                self.words.pop_last();
            }
        }
        self.word.clear();
    }
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

    fn detect(bytes: &[u8]) -> (&'static Encoding, usize) {
        marked(bytes).unwrap_or_else(|| {
            let mut detector = Detector::default();
            // In small steps, so that characters are cut.
            bytes.chunks(3).for_each(|block| detector.feed(block));
            (detector.finish(), 0)
        })
    }

    #[test]
    fn the_order_of_rows_does_not_matter() {
        let rare = WINDOWS_1250.encode("1;źdźbło\n2;żółć\n3;gęślą\n").0.into_owned();
        let plain = b"7;plain\n".repeat(300_000);
        let [first, last] = [[&rare[..], &plain].concat(), [&plain[..], &rare].concat()];
        let whole = |bytes: &[u8]| Detector::default().detect(bytes).unwrap();
        assert_eq!(whole(&first), whole(&last));
        assert_ne!(whole(&last), UTF_8);
    }

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
        let detect_all = |bytes: &[u8]| detect(bytes).0;
        let encoding = detect_all(&polish);
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
