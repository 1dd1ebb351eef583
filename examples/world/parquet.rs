//! The files of the sources as Parquet: text columns, one row group after the other, so that memory does not grow.

use std::fs::File;
use std::io;
use std::path::Path;

use onefold::polars::prelude::{BatchedWriter, Column, DataFrame, ParquetWriter, PolarsResult};

use super::World;
use super::rows::Rows;
use super::sources::Source;

/// Rows of a row group, or a few more.
const ROW_GROUP: usize = 65_536;

/// A Parquet file of a source.
pub(crate) struct Target {
    writer: BatchedWriter<File>,
    names: Vec<&'static str>,
    /// The cells of each column for the next row group.
    columns: Vec<Vec<Option<String>>>,
}

impl Target {
    /// Begins the file of a source.
    pub(crate) fn new(world: &World, source: Source, folder: &Path) -> io::Result<Target> {
        let names: Vec<&'static str> = source.columns(world).iter().map(|(column, _)| *column).collect();
        let columns = vec![Vec::new(); names.len()];
        let file = File::create(folder.join(source.file().replace(".csv", ".parquet")))?;
        let empty = frame(&names, &columns).map_err(io::Error::other)?;
        let writer =
            ParquetWriter::new(file).set_parallel(false).batched(empty.schema()).map_err(io::Error::other)?;
        Ok(Target { writer, names, columns })
    }

    /// Adds rows; an empty cell is no value.
    pub(crate) fn write(&mut self, rows: &Rows) -> io::Result<()> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .delimiter(rows.separator())
            .from_reader(rows.bytes());
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record)? {
            for (column, cell) in self.columns.iter_mut().zip(&record) {
                column.push((!cell.is_empty()).then(|| cell.to_owned()));
            }
        }
        if self.columns[0].len() >= ROW_GROUP { self.flush() } else { Ok(()) }
    }

    /// Ends the file.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.flush()?;
        self.writer.finish().map(drop).map_err(io::Error::other)
    }

    fn flush(&mut self) -> io::Result<()> {
        let group = frame(&self.names, &self.columns).map_err(io::Error::other)?;
        self.columns.iter_mut().for_each(Vec::clear);
        if group.height() == 0 {
            return Ok(());
        }
        self.writer.write_batch(&group).map_err(io::Error::other)
    }
}

fn frame(names: &[&str], columns: &[Vec<Option<String>>]) -> PolarsResult<DataFrame> {
    let cells = names.iter().zip(columns);
    DataFrame::new_infer_height(
        cells.map(|(&name, cells)| Column::new(name.into(), cells.as_slice())).collect(),
    )
}
