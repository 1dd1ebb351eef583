//! From a path to a stream of text: globs, formats, compression, encodings, and files that are none of these.

use std::fs::File;
use std::io::{self, BufReader, Cursor, ErrorKind, Read};
use std::path::{Path, PathBuf};

use encoding_rs::UTF_8;
use flate2::read::MultiGzDecoder;

use super::encoding::{self, Transcoder};
use super::source::Source;
use crate::error::{Error, Result};

/// A file as a stream of UTF-8, cells that are not UTF-8 excepted.
pub(super) struct Opened<'a> {
    pub(super) path: PathBuf,
    pub(super) reader: Box<dyn Read + Send + 'a>,
    pub(super) encoding: &'static str,
    pub(super) transcoded: bool,
    pub(super) rows: RowFormat,
}

/// How the rows of a text are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowFormat {
    /// Cells with this byte between, under a header.
    Delimited(u8),
    /// A JSON object per line.
    Json,
}

#[cfg(not(feature = "polars"))]
const SUPPORTED: &str = ".csv, .tsv, .txt, .ndjson, .jsonl, each also with .gz";
#[cfg(feature = "polars")]
const SUPPORTED: &str = ".csv, .tsv, .txt, .ndjson, .jsonl, each also with .gz, and .parquet";
const GZIP: &[u8] = &[0x1f, 0x8b];
/// How much of a file its byte order mark, header and kind are told from.
const PREFIX: u64 = 1 << 20;

/// The files of a path or glob, ascending.
pub(super) fn paths(source: &Source, base: &Path, path: &Path) -> Result<Vec<PathBuf>> {
    let literal = base.join(path);
    let pattern = path.to_string_lossy();
    if !pattern.contains(['*', '?', '[']) || literal.exists() {
        return Ok(vec![literal]);
    }
    let full = if path.is_absolute() {
        pattern.into_owned()
    } else {
        let base = glob::Pattern::escape(&base.to_string_lossy());
        Path::new(&base).join(path).to_string_lossy().into_owned()
    };
    let wrong = |reason| Error::config(source.place(), format!("path `{}`: {reason}", path.display()));
    let matched = glob::glob(&full).map_err(|error| wrong(format!("not a glob: {}", error.msg)))?;
    let mut files = Vec::new();
    for file in matched {
        let file = file.map_err(|error| read_error(error.path(), io::Error::from(error.error().kind())))?;
        if !file.is_dir() {
            files.push(file);
        }
    }
    files.sort_unstable();
    if files.is_empty() {
        return Err(wrong("no file matches".to_owned()));
    }
    Ok(files)
}

/// True for a file that is read by [`parquet`](super::parquet), not as text.
#[cfg(feature = "polars")]
pub(super) fn is_parquet(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("parquet"))
}

/// Opens a file on disk.
pub(super) fn file(source: &Source, path: &Path) -> Result<Opened<'static>> {
    let format = Format::of(source, path)?;
    let metadata = std::fs::metadata(path).map_err(|error| read_error(path, error))?;
    if metadata.is_dir() {
        return Err(Error::io(path, "is a directory, not a file", None));
    }
    open(path, format, &|| {
        let file = File::open(path).map_err(|error| read_error(path, error))?;
        Ok(Box::new(BufReader::with_capacity(1 << 17, file)))
    })
}

/// Opens a file in memory.
pub(super) fn bytes<'a>(source: &Source, name: &str, bytes: &'a [u8]) -> Result<Opened<'a>> {
    let path = Path::new(name);
    open(path, Format::of(source, path)?, &|| Ok(Box::new(bytes)))
}

/// An error while reading, in one clause.
pub(super) fn read_error(path: &Path, error: io::Error) -> Error {
    let reason = match error.kind() {
        ErrorKind::NotFound => "no such file".to_owned(),
        ErrorKind::PermissionDenied => "no permission to read it".to_owned(),
        ErrorKind::UnexpectedEof => "the gzip data ends early: the file is truncated".to_owned(),
        ErrorKind::InvalidInput | ErrorKind::InvalidData => format!("the gzip data is damaged: {error}"),
        _ => format!("cannot be read: {error}"),
    };
    Error::io(path, reason, Some(Box::new(error) as Box<dyn std::error::Error + Send + Sync>))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Format {
    text: TextFormat,
    gzip: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TextFormat {
    Delimited(Tabs),
    Json,
}

/// What a tab in the header means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tabs {
    /// One delimiter among others.
    Counted,
    /// The delimiter, if there is one.
    First,
    /// The delimiter.
    Only,
}

impl Format {
    fn of(source: &Source, path: &Path) -> Result<Self> {
        let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
        let (stem, gzip) = match name.strip_suffix(".gz") {
            Some(stem) => (stem, true),
            None => (name.as_str(), false),
        };
        let text = match stem.rsplit_once('.').map(|(_, extension)| extension) {
            Some("csv") => TextFormat::Delimited(Tabs::Counted),
            Some("txt") => TextFormat::Delimited(Tabs::First),
            Some("tsv") => TextFormat::Delimited(Tabs::Only),
            Some("ndjson" | "jsonl") => TextFormat::Json,
            #[cfg(not(feature = "polars"))]
            Some("parquet") if !gzip => {
                let reason = format!(
                    "`{}`: files of format `parquet` need the feature `polars` of this crate",
                    path.display()
                );
                return Err(Error::config(source.place(), reason));
            }
            Some(extension) => {
                let reason = format!(
                    "`{}`: files of format `{extension}` are not supported (supported: {SUPPORTED})",
                    path.display()
                );
                return Err(Error::config(source.place(), reason));
            }
            None => {
                let reason = format!(
                    "`{}`: without an extension the format is unknown (supported: {SUPPORTED})",
                    path.display()
                );
                return Err(Error::config(source.place(), reason));
            }
        };
        Ok(Format { text, gzip })
    }
}

/// Opens a file, or opens it once more.
type Reopen<'r, 'a> = &'r dyn Fn() -> Result<Box<dyn Read + Send + 'a>>;

fn open<'a>(path: &Path, format: Format, reopen: Reopen<'_, 'a>) -> Result<Opened<'a>> {
    let mut reader = unpacked(path, format, reopen)?;
    let prefix = read_prefix(path, &mut reader, PREFIX)?;
    let (encoding, mark) = if let Some(marked) = encoding::marked(&prefix) {
        marked
    } else if format.text == TextFormat::Json {
        // RFC 8259 allows no other.
        (UTF_8, 0)
    } else {
        // The whole file decides, so it is read twice; rows in another order must not be read differently.
        (encoding::detect(|| unpacked(path, format, reopen), |error| read_error(path, error))?, 0)
    };
    let transcoded = encoding != UTF_8;
    if let Some(what) = binary(&prefix, encoding.is_single_byte() || encoding == UTF_8) {
        return Err(Error::io(path, format!("{what}, not text"), None));
    }
    let mut prefix = Cursor::new(prefix);
    prefix.set_position(mark as u64);
    let mut reader: Box<dyn Read + Send + 'a> = Box::new(prefix.chain(reader));
    if transcoded {
        reader = Box::new(Transcoder::new(reader, encoding));
    }
    let start = read_prefix(path, &mut reader, PREFIX)?;
    let rows = match format.text {
        TextFormat::Json => RowFormat::Json,
        TextFormat::Delimited(_)
            if start.iter().all(u8::is_ascii_whitespace) && (start.len() as u64) < PREFIX =>
        {
            return Err(Error::io(path, "the file is empty: not even a header", None));
        }
        TextFormat::Delimited(tabs) => RowFormat::Delimited(delimiter(&start, tabs)),
    };
    let reader = Box::new(Cursor::new(start).chain(reader));
    Ok(Opened { path: path.to_path_buf(), reader, encoding: encoding.name(), transcoded, rows })
}

/// The bytes of a file, unpacked if it is named so.
fn unpacked<'a>(path: &Path, format: Format, reopen: Reopen<'_, 'a>) -> Result<Box<dyn Read + Send + 'a>> {
    let mut raw = reopen()?;
    let magic = read_prefix(path, &mut raw, GZIP.len() as u64)?;
    let gzip = magic == GZIP;
    match (format.gzip, gzip) {
        _ if magic.is_empty() && (format.gzip || format.text != TextFormat::Json) => {
            Err(Error::io(path, "the file is empty: not even a header", None))
        }
        (true, true) => Ok(Box::new(MultiGzDecoder::new(Cursor::new(magic).chain(raw)))),
        (false, false) => Ok(Box::new(Cursor::new(magic).chain(raw))),
        (true, false) => Err(Error::io(path, "not gzip data, though it is named .gz", None)),
        (false, true) => Err(Error::io(path, "gzip data: name the file .gz, or unpack it", None)),
    }
}

fn read_prefix(path: &Path, reader: &mut dyn Read, length: u64) -> Result<Vec<u8>> {
    let mut prefix = Vec::new();
    reader.take(length).read_to_end(&mut prefix).map_err(|error| read_error(path, error))?;
    Ok(prefix)
}

/// What the file is, if its first bytes or its first line cannot be text. A NUL in a later line is the matter of
/// that row.
fn binary(prefix: &[u8], bytewise: bool) -> Option<&'static str> {
    if prefix.starts_with(b"PK\x03\x04") {
        return Some("a ZIP archive (a spreadsheet?)");
    }
    if prefix.starts_with(b"PAR1") {
        return Some("a Parquet file");
    }
    let line = prefix.split(|&byte| byte == b'\n').next().unwrap_or_default();
    (bytewise && line.contains(&0)).then_some("a binary file")
}

/// The delimiter that is most frequent in the header outside of quotes; of equal ones, the first of `,` `;` tab
/// `|`.
fn delimiter(start: &[u8], tabs: Tabs) -> u8 {
    const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];
    let mut counts = [0_u64; 4];
    let mut quoted = false;
    let header = start.iter().skip_while(|byte| byte.is_ascii_whitespace() && **byte != b'\t');
    for &byte in header {
        if byte == b'"' {
            quoted = !quoted;
        } else if quoted {
            continue;
        } else if byte == b'\n' || byte == b'\r' {
            break;
        }
        for (count, candidate) in counts.iter_mut().zip(CANDIDATES) {
            *count += u64::from(byte == candidate);
        }
    }
    let [_, _, tab, _] = counts;
    if tabs == Tabs::Only || (tabs == Tabs::First && tab > 0) {
        return b'\t';
    }
    // Of equal maxima `max_by_key` takes the last, hence the reversal.
    counts.iter().zip(CANDIDATES).rev().max_by_key(|(count, _)| **count).map_or(b',', |(_, byte)| byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters() {
        let cases: [(&str, Tabs, u8); 9] = [
            ("a,b;c,d", Tabs::Counted, b','),
            ("a;b;c,d\n1,2,3,4", Tabs::Counted, b';'),
            ("\"a;b;c\",d", Tabs::Counted, b','),
            ("a|b", Tabs::Counted, b'|'),
            ("a", Tabs::Counted, b','),
            ("a,b;c", Tabs::Counted, b','),
            ("a,b,c\td", Tabs::First, b'\t'),
            ("a;b", Tabs::First, b';'),
            ("a,b", Tabs::Only, b'\t'),
        ];
        for (header, tabs, expected) in cases {
            assert_eq!(delimiter(header.as_bytes(), tabs), expected, "{header:?}");
        }
    }

    #[test]
    fn formats() {
        let source = Source::file("s", "");
        let cases = [
            ("a.csv", Some((TextFormat::Delimited(Tabs::Counted), false))),
            ("A.CSV.GZ", Some((TextFormat::Delimited(Tabs::Counted), true))),
            ("x/a.b.tsv", Some((TextFormat::Delimited(Tabs::Only), false))),
            ("a.txt.gz", Some((TextFormat::Delimited(Tabs::First), true))),
            ("a.jsonl", Some((TextFormat::Json, false))),
            ("a.csv.NDJSON.gz", Some((TextFormat::Json, true))),
            ("a.parquet", None),
            ("a.gz", None),
            ("csv", None),
            ("", None),
        ];
        for (name, expected) in cases {
            let format = Format::of(&source, Path::new(name)).ok().map(|f| (f.text, f.gzip));
            assert_eq!(format, expected, "{name}");
        }
    }
}
