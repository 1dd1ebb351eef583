//! Which encoding a file is in, and its transcoding to UTF-8.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{Error, Read, Result};

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

/// Tells the encoding of a file without a byte order mark from all of its bytes; `open` gives them from the start.
///
/// UTF-8 if the characters beyond ASCII that are UTF-8 are more than a quarter of the faults. In a single-byte
/// encoding hardly any are, as two fitting letters beyond ASCII would have to follow each other; in files put
/// together from both, reading cell by cell gets both right. Rows in another order have the same encoding: what is kept
/// are counts, and of the words beyond ASCII those whose hashes are lowest.
pub(super) fn detect<R: Read, E>(
    open: impl Fn() -> std::result::Result<R, E>,
    failed: impl Fn(Error) -> E,
) -> std::result::Result<&'static Encoding, E> {
    let mut detector = Detector::default();
    each_block(open()?, |block| detector.feed(block)).map_err(&failed)?;
    detector.end();
    if detector.faults == 0 || detector.characters * 4 > detector.faults {
        return Ok(UTF_8);
    }
    if detector.missed {
        detector.words = Words::default();
        each_block(open()?, |block| detector.words.collect(block)).map_err(&failed)?;
    }
    Ok(detector.words.encoding())
}

fn each_block(mut reader: impl Read, mut take: impl FnMut(&[u8])) -> Result<()> {
    let mut block = vec![0; 1 << 16];
    loop {
        match reader.read(&mut block)? {
            0 => return Ok(()),
            read => take(block.get(..read).unwrap_or_default()),
        }
    }
}

/// Counts what tells UTF-8 from other encodings.
#[derive(Debug, Default)]
struct Detector {
    /// Characters beyond ASCII that are UTF-8.
    characters: u64,
    /// Places that are not UTF-8.
    faults: u64,
    /// The start of a character that the last block cut off.
    cut: Vec<u8>,
    /// From the first fault on; most files have none, and the words are not asked for.
    words: Words,
    /// Words beyond ASCII came before the first fault and have not been collected.
    missed: bool,
}

impl Detector {
    /// Takes note of the next bytes of the file.
    fn feed(&mut self, block: &[u8]) {
        let ascii = block.is_ascii();
        if !ascii || !self.cut.is_empty() {
            self.count_block(block);
        }
        if self.faults > 0 && !self.missed {
            self.words.collect(block);
        } else if ascii {
            self.words.skip(block);
        } else {
            self.missed = true;
        }
    }

    fn count_block(&mut self, block: &[u8]) {
        let mut cut = std::mem::take(&mut self.cut);
        let bytes = if cut.is_empty() {
            block
        } else {
            cut.extend_from_slice(block);
            &cut
        };
        let complete = match std::str::from_utf8(bytes) {
            Ok(_) => bytes.len(),
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(_) => {
                let ascii = bytes.iter().rposition(u8::is_ascii).map_or(0, |at| at + 1);
                let (head, tail) = bytes.split_at(ascii.max(bytes.len().saturating_sub(3)));
                self.count(head);
                self.cut = tail.to_vec();
                return;
            }
        };
        let (head, tail) = bytes.split_at(complete);
        self.characters += beyond_ascii(head);
        self.cut = tail.to_vec();
    }

    fn count(&mut self, bytes: &[u8]) {
        for chunk in bytes.utf8_chunks() {
            self.characters += beyond_ascii(chunk.valid().as_bytes());
            self.faults += u64::from(!chunk.invalid().is_empty());
        }
    }

    /// Takes note of the end of the file.
    fn end(&mut self) {
        let cut = std::mem::take(&mut self.cut);
        // A character that is cut off at the end of the file is no fault.
        if std::str::from_utf8(&cut).err().is_none_or(|error| error.error_len().is_some()) {
            self.count(&cut);
        }
    }
}

/// How many characters of UTF-8 text are beyond ASCII: each has one byte that begins it.
fn beyond_ascii(text: &[u8]) -> u64 {
    // So few that one byte counts them, for many bytes at once.
    const BLOCK: usize = 240;
    let begins = |byte: &u8| u8::from(*byte >= 0xc0);
    text.chunks(BLOCK).map(|block| u64::from(block.iter().map(begins).sum::<u8>())).sum()
}

/// Words beyond ASCII that tell one single-byte encoding from another.
#[derive(Debug, Default)]
struct Words {
    /// The last word so far, which may go on.
    word: Vec<u8>,
    words: BTreeSet<(u64, Vec<u8>)>,
}

/// Words that the detection looks at.
const WORDS: usize = 2048;
/// Longest part of a word that is kept.
const WORD_BYTES: usize = 48;

impl Words {
    fn collect(&mut self, block: &[u8]) {
        for &byte in block {
            if is_letter(byte) {
                if self.word.len() < WORD_BYTES {
                    self.word.push(byte);
                }
            } else {
                self.end_word();
            }
        }
    }

    /// As [`collect`](Self::collect), of bytes that are ASCII, as all before them are.
    fn skip(&mut self, block: &[u8]) {
        let start = block.iter().rposition(|&byte| !is_letter(byte)).map(|at| at + 1);
        if start.is_some() {
            self.word.clear();
        }
        let letters = block.get(start.unwrap_or_default()..).unwrap_or_default();
        self.word.extend(letters.iter().take(WORD_BYTES - self.word.len()));
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

    /// The single-byte encoding that the words are in.
    fn encoding(mut self) -> &'static Encoding {
        self.end_word();
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        for (_, word) in &self.words {
            detector.feed(word, false);
            detector.feed(b" ", false);
        }
        detector.feed(b"", true);
        let guess = detector.guess(None, Utf8Detection::Deny);
        if SINGLE_BYTE.contains(&guess) { guess } else { WINDOWS_1252 }
    }
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || !byte.is_ascii()
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

    /// Reads in small steps, so that characters and words are cut.
    struct Steps<'a>(&'a [u8]);

    impl Read for Steps<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
            let step = buffer.len().min(3);
            self.0.read(&mut buffer[..step])
        }
    }

    fn whole(bytes: &[u8]) -> &'static Encoding {
        super::detect(|| Ok(bytes), |error| error).unwrap()
    }

    fn detect(bytes: &[u8]) -> (&'static Encoding, usize) {
        marked(bytes).unwrap_or_else(|| {
            let stepwise = super::detect(|| Ok(Steps(bytes)), |error| error).unwrap();
            assert_eq!(stepwise, whole(bytes));
            (stepwise, 0)
        })
    }

    #[test]
    fn the_order_of_rows_does_not_matter() {
        let rare = WINDOWS_1250.encode("1;źdźbło\n2;żółć\n3;gęślą\n").0.into_owned();
        let plain = b"7;plain\n".repeat(300_000);
        let [first, last] = [[&rare[..], &plain].concat(), [&plain[..], &rare].concat()];
        assert_eq!(whole(&first), whole(&last));
        assert_ne!(whole(&last), UTF_8);
    }

    #[test]
    fn words_are_the_same_wherever_blocks_end() {
        let text =
            WINDOWS_1250.encode("1;Zażółć gęślą jaźń;ok\n22;Łódź;Brzęczyszczykiewicz\n").0.into_owned();
        // What looks like UTF-8 comes before the first fault, so the words are collected anew.
        let text = [&b"plain words, then \xc3\xa9; "[..], &text.repeat(3)].concat();
        let mut all = Words::default();
        all.collect(&text);
        for length in 1..40 {
            let (mut words, mut skipped) = (Words::default(), Words::default());
            text.chunks(length).for_each(|block| words.collect(block));
            assert_eq!((&words.word, &words.words), (&all.word, &all.words), "{length}");
            let (ascii, rest) = text.split_at(17);
            ascii.chunks(length).for_each(|block| skipped.skip(block));
            skipped.collect(rest);
            assert_eq!((&skipped.word, &skipped.words), (&all.word, &all.words), "{length}");
        }
        assert_eq!(detect(&text).0, whole(&text));
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
