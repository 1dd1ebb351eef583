//! Looks through the pages of a Parquet file before they are decoded.
//!
//! The decoder takes the counts in page headers at their word and reserves memory for them; in a damaged file that
//! can be more than there is, which ends the process. So the counts are compared first with those of the column.

use std::io::{Cursor, Read, Seek, SeekFrom};

use polars::error::{PolarsError, PolarsResult};
use polars_parquet::parquet::compression::DecompressionContext;
use polars_parquet::parquet::page::{CompressedPage, Page};
use polars_parquet::read::{ColumnChunkMetadata, PageReader, decompress};

/// Checks the pages of one column of a row group with this many rows.
pub(super) fn check(
    file: &mut (impl Read + Seek),
    chunk: &ColumnChunkMetadata,
    rows: usize,
) -> PolarsResult<()> {
    let range = chunk.byte_range();
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(range.start))?;
    file.by_ref().take(range.end.saturating_sub(range.start)).read_to_end(&mut bytes)?;
    let length = bytes.len();
    let all = usize::try_from(chunk.num_values())
        .map_err(|_| damaged("a column has a negative number of values"))?;
    if chunk.descriptor().descriptor.max_rep_level == 0 && all != rows {
        return Err(damaged("a column has another number of values than its row group has rows"));
    }
    let mut found = 0_usize;
    for page in PageReader::new(Cursor::new(bytes.into()), chunk, Vec::new(), length) {
        let (values, most) = match page? {
            CompressedPage::Data(page) => {
                found = found.saturating_add(page.num_values());
                (found, all)
            }
            page @ CompressedPage::Dict(_) => {
                match decompress(page, &mut Vec::new(), &mut DecompressionContext::Unset)? {
                    // A value takes a byte at least.
                    Page::Dict(page) => (page.num_values, page.buffer.len()),
                    Page::Data(_) => continue,
                }
            }
        };
        if values > most {
            return Err(damaged("a page has more values than it can have"));
        }
    }
    if found != all {
        return Err(damaged("a column has fewer values than it says"));
    }
    Ok(())
}

fn damaged(reason: &'static str) -> PolarsError {
    PolarsError::ComputeError(reason.into())
}
