//! Reads Parquet files, one row group at a time.

use std::fs::File;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use polars::error::PolarsResult;
use polars::io::mmap::MmapBytesReader;
use polars::prelude::{
    ArrowDataType, ArrowField, ArrowSchema, DataType, FileMetadata, ParallelStrategy, ParquetReader,
    PlSmallStr, SerReader,
};

use super::frame::{self, Columns, Typed};
use super::layouts::Layouts;
use super::open::read_error;
use super::parquet_pages as pages;
use super::table::Table;
use crate::error::{Error, Result};

/// Reads a file on disk into the table.
pub(super) fn file(path: &Path, table: &mut Table<'_>) -> Result<()> {
    let metadata = std::fs::metadata(path).map_err(|error| read_error(path, error))?;
    if metadata.is_dir() {
        return Err(Error::io(path, "is a directory, not a file", None));
    }
    let file = File::open(path).map_err(|error| read_error(path, error))?;
    read(path, file, metadata.len(), table)
}

/// Reads a file in memory into the table.
pub(super) fn bytes(name: &str, bytes: &[u8], table: &mut Table<'_>) -> Result<()> {
    read(Path::new(name), Cursor::new(bytes), bytes.len() as u64, table)
}

/// The rows and the columns of a file on disk.
pub(super) fn size(path: &Path) -> Result<(u64, u64)> {
    let mut file = File::open(path).map_err(|error| read_error(path, error))?;
    guarded(path, || {
        let mut reader = ParquetReader::new(&mut file);
        Ok((reader.get_metadata()?.num_rows as u64, reader.schema()?.len() as u64))
    })
}

/// Only one row group is held at a time. It is decoded in this thread: sources are read in parallel already, and
/// a thread that waited for another pool could be given a second source to read meanwhile.
fn read(path: &Path, mut file: impl MmapBytesReader, length: u64, table: &mut Table<'_>) -> Result<()> {
    if length == 0 {
        return Err(Error::io(path, "the file is empty", None));
    }
    let place = format!("{} ({})", table.source().place(), path.display());
    let (metadata, schema) = guarded(path, || {
        let mut reader = ParquetReader::new(&mut file);
        Ok((Arc::clone(reader.get_metadata()?), reader.schema()?))
    })?;
    guarded(path, || Ok(check(&metadata, length)))?.map_err(|reason| Error::io(path, reason, None))?;
    let names = schema.iter_names().map(PlSmallStr::as_str);
    let columns = Columns::of(names.zip(types(path, &schema)?), table.source(), &place)?;
    columns.register(&place, table)?;
    if columns.positions.is_empty() && metadata.num_rows > 0 {
        return Err(Error::config(place, "there is no column that is not ignored"));
    }
    let empty = FileMetadata { row_groups: Vec::new(), ..(*metadata).clone() };
    let (mut layouts, mut first) = (Layouts::default(), 1);
    for group in &metadata.row_groups {
        let height = group.num_rows();
        let chunks = columns.positions.iter().filter_map(|&position| schema.get_at_index(position));
        let chunks = chunks.filter_map(|(name, _)| group.columns_under_root_iter(name)).flatten();
        for chunk in chunks {
            guarded(path, || pages::check(&mut file, chunk, height))?;
        }
        let one = FileMetadata { row_groups: vec![group.clone()], num_rows: height, ..empty.clone() };
        let frame = guarded(path, || {
            let mut reader = ParquetReader::new(&mut file)
                .read_parallel(ParallelStrategy::None)
                .with_projection(Some(columns.positions.clone()));
            reader.set_metadata(Arc::new(one));
            reader.finish()
        })?;
        if frame.height() != height {
            return Err(Error::io(
                path,
                "damaged: a row group has another number of rows than it says",
                None,
            ));
        }
        let positions: Vec<usize> = (0..columns.positions.len()).collect();
        frame::rows(&frame, &positions, first, &mut layouts, table)?;
        first += height as u64;
    }
    Ok(())
}

/// Why the file's own description of itself cannot be true, if so.
fn check(metadata: &FileMetadata, length: u64) -> std::result::Result<(), String> {
    let mut rows = 0_usize;
    for group in &metadata.row_groups {
        rows = rows.saturating_add(group.num_rows());
        if group.byte_ranges_iter().any(|range| range.start > range.end || range.end > length) {
            return Err("damaged: a column lies beyond the end of the file".to_owned());
        }
    }
    if rows != metadata.num_rows {
        return Err(format!("damaged: {} rows, but {rows} in its row groups", metadata.num_rows));
    }
    Ok(())
}

/// The types of the columns.
fn types(path: &Path, schema: &ArrowSchema) -> Result<Vec<Typed>> {
    let typed = |field: &ArrowField| match unsupported(field.dtype()) {
        None => Ok(DataType::from_arrow_field(field)),
        Some(dtype) => {
            let name = format!("{dtype:?}");
            Err(name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default().to_owned())
        }
    };
    guarded(path, || Ok(schema.iter_values().map(typed).collect()))
}

/// The type, or that of a nested value, for which the decoder would need a feature that is not there.
fn unsupported(dtype: &ArrowDataType) -> Option<&ArrowDataType> {
    use ArrowDataType as T;
    match dtype {
        T::List(inner) | T::LargeList(inner) | T::Map(inner, _) => unsupported(inner.dtype()),
        T::Struct(fields) => fields.iter().find_map(|field| unsupported(field.dtype())),
        T::Dictionary(_, values, _) => unsupported(values),
        T::Null
        | T::Boolean
        | T::Int8
        | T::Int16
        | T::Int32
        | T::Int64
        | T::UInt8
        | T::UInt16
        | T::UInt32
        | T::UInt64
        | T::Float32
        | T::Float64
        | T::Timestamp(..)
        | T::Date32
        | T::Date64
        | T::Time32(_)
        | T::Time64(_)
        | T::Duration(_)
        | T::Decimal(..)
        | T::Decimal32(..)
        | T::Decimal64(..)
        | T::Utf8
        | T::LargeUtf8
        | T::Utf8View
        | T::Binary
        | T::LargeBinary
        | T::BinaryView
        | T::FixedSizeBinary(_) => None,
        dtype => Some(dtype),
    }
}

/// Runs a step of the decoder. On damaged files it fails in either way: by an error or by a panic.
fn guarded<T>(path: &Path, step: impl FnOnce() -> PolarsResult<T>) -> Result<T> {
    match catch_unwind(AssertUnwindSafe(step)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => {
            let message = error.to_string();
            let reason = format!("no readable Parquet: {}", message.lines().next().unwrap_or_default());
            Err(Error::io(path, reason, Some(error.into())))
        }
        Err(_) => Err(Error::io(path, "no readable Parquet: damaged", None)),
    }
}
