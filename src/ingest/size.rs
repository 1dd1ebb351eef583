//! About how many rows a source has, told before it is read.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use super::open::{self, read_error};
use super::source::{Input, Source};
use crate::error::Result;

/// About how large a source is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SourceSize {
    /// Rows, without headers.
    pub(crate) rows: u64,
    /// Cells of a row.
    pub(crate) columns: u64,
    /// Of text, unpacked.
    pub(crate) bytes: u64,
}

/// So much of a file tells how long its rows are.
const SAMPLE: u64 = 1 << 18;
/// Bytes of a cell of a row in memory, or in a Parquet file, roughly.
const CELL: u64 = 12;

/// About how large a source is: files are looked into, but not read.
pub(crate) fn size(source: &Source, base: &Path) -> Result<SourceSize> {
    match source.input() {
        Input::File(path) => {
            let mut sizes = open::paths(source, base, path)?.into_iter().map(|path| of_file(&path));
            sizes.try_fold(SourceSize::default(), |sum, size| Ok(sum.and(size?)))
        }
        Input::Bytes { bytes, .. } => {
            let sample = bytes.get(..bytes.len().min(SAMPLE as usize)).unwrap_or_default();
            Ok(of_sample(sample, bytes.len() as u64))
        }
        Input::Rows(rows) => Ok(SourceSize::of_cells(rows.len() as u64, rows.columns() as u64)),
        #[cfg(feature = "polars")]
        Input::Frame(frame) => Ok(SourceSize::of_cells(frame.height() as u64, frame.width() as u64)),
    }
}

impl SourceSize {
    fn of_cells(rows: u64, columns: u64) -> Self {
        SourceSize { rows, columns, bytes: rows * columns * CELL }
    }

    fn and(self, other: Self) -> Self {
        SourceSize {
            rows: self.rows + other.rows,
            columns: self.columns.max(other.columns),
            bytes: self.bytes + other.bytes,
        }
    }
}

fn of_file(path: &Path) -> Result<SourceSize> {
    let failed = |error| read_error(path, error);
    #[cfg(feature = "polars")]
    if open::is_parquet(path) {
        return super::parquet::size(path).map(|(rows, columns)| SourceSize::of_cells(rows, columns));
    }
    let mut file = File::open(path).map_err(failed)?;
    let mut length = file.metadata().map_err(failed)?.len();
    let mut sample = Vec::new();
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz")) {
        // RFC 1952: the last four bytes are the unpacked size, modulo 2³².
        let mut unpacked = [0; 4];
        let found = file.seek(SeekFrom::End(-4)).and_then(|_| file.read_exact(&mut unpacked));
        let unpacked = found.map_or(0, |()| u64::from(u32::from_le_bytes(unpacked)));
        file.rewind().map_err(failed)?;
        length = length.max(unpacked);
        MultiGzDecoder::new(file).take(SAMPLE).read_to_end(&mut sample).map_err(failed)?;
    } else {
        file.take(SAMPLE).read_to_end(&mut sample).map_err(failed)?;
    }
    Ok(of_sample(&sample, length))
}

/// From the beginning of a text of so many bytes.
fn of_sample(sample: &[u8], length: u64) -> SourceSize {
    let lines = sample.split(|&byte| byte == b'\n').count() as u64 - 1;
    let first = sample.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let marks = |of: &[u8]| first.iter().filter(|byte| of.contains(byte)).count() as u64;
    let columns = if first.starts_with(b"{") { marks(b":") } else { marks(b",;\t|") + 1 };
    let rows = (length as f64 * lines.max(1) as f64 / sample.len().max(1) as f64).round() as u64;
    SourceSize { rows, columns, bytes: length }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_told_from_the_beginning() {
        let text: String =
            (100_000..200_000).flat_map(|at| [at.to_string(), ",a name,a town\n".to_owned()]).collect();
        let size = of_sample(&text.as_bytes()[..SAMPLE as usize], text.len() as u64);
        assert_eq!(size.columns, 3);
        assert!(size.rows.abs_diff(100_000) < 1_000, "{size:?}");
        assert_eq!(of_sample(b"", 0), SourceSize { rows: 0, columns: 1, bytes: 0 });
    }
}
