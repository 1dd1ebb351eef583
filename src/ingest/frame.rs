//! Reads polars data frames row by row.

use polars::prelude::{AnyValue, DataFrame, DataType};

use super::flat_row::{Fault, FlatRow, RowCell};
use super::frame_value::{self, FrameText};
use super::layouts::{self, Layouts, column_name, twice};
use super::source::Source;
use super::table::Table;
use super::{NESTING_LIMIT, ROW_LIMIT};
use crate::error::{Error, Result};
use crate::schema::FieldKind;

/// A type, or the name of one that cannot be decoded.
pub(super) type Typed = std::result::Result<DataType, String>;

/// The columns of a frame that are read.
#[derive(Debug, Default)]
pub(super) struct Columns {
    /// Their positions in the frame.
    pub(super) positions: Vec<usize>,
    /// The names of all values that are no list, nested ones flattened.
    names: Vec<String>,
    /// The names of lists, each with a `.` at its end; how many columns they have is a matter of the rows.
    lists: Vec<String>,
    /// The names of columns that are not read, as they are declared so.
    ignored: Vec<String>,
}

impl Columns {
    /// The columns of frames with these names and types, or names of types that cannot be decoded. Columns of a
    /// type without a text are an error, unless they are [ignored](FieldKind::Ignore); `place` is where the
    /// frame is.
    pub(super) fn of<'n>(
        schema: impl Iterator<Item = (&'n str, Typed)>,
        source: &Source,
        place: &str,
    ) -> Result<Self> {
        let mut columns = Columns::default();
        for (position, (name, dtype)) in schema.enumerate() {
            let added = dtype.map_err(without_text).and_then(|dtype| columns.add(name, &dtype, 1));
            match added {
                Ok(()) => columns.positions.push(position),
                Err(_) if ignored(source, name) => columns.ignored.push(column_name(name)),
                Err(reason) => {
                    let reason =
                        format!("the column `{name}` {reason}; of kind `ignore`, it would be left out");
                    return Err(Error::config(place, reason));
                }
            }
        }
        if let Some(name) = twice(&columns.names) {
            return Err(Error::config(place, format!("the column `{name}` occurs twice")));
        }
        if columns.names.len() > ROW_LIMIT {
            let reason = format!("{} columns (limit {ROW_LIMIT})", columns.names.len());
            return Err(Error::config(place, reason));
        }
        Ok(columns)
    }

    /// Makes the columns known to the table; a declared column that is not there is an error of the table's.
    pub(super) fn register(&self, place: &str, table: &mut Table<'_>) -> Result<()> {
        table.layout([self.names.as_slice(), &self.ignored].concat(), place)?;
        table.mention_declared(|name| self.lists.iter().any(|list| name.starts_with(list)))
    }

    /// Takes note of the columns that a value of this type becomes, or tells why it can become none.
    fn add(&mut self, name: &str, dtype: &DataType, depth: usize) -> std::result::Result<(), String> {
        if depth > NESTING_LIMIT {
            return Err(format!("is nested deeper than {NESTING_LIMIT} levels"));
        }
        match dtype {
            DataType::Struct(fields) => {
                let known = (self.names.len(), self.lists.len());
                for field in fields {
                    let nested = self.add(&format!("{name}.{}", field.name), &field.dtype, depth + 1);
                    if nested.is_err() {
                        self.names.truncate(known.0);
                        self.lists.truncate(known.1);
                        return nested;
                    }
                }
            }
            DataType::List(inner) => {
                let mut elements = Columns::default();
                elements.add(name, inner, depth + 1)?;
                self.lists.push(column_name(name) + ".");
            }
            dtype if frame_value::has_text(dtype) => self.names.push(column_name(name)),
            dtype => return Err(without_text(dtype)),
        }
        Ok(())
    }
}

fn without_text(dtype: impl std::fmt::Display) -> String {
    format!("has the type `{dtype}`, which has no text")
}

fn ignored(source: &Source, name: &str) -> bool {
    let name = column_name(name);
    source.fields().iter().any(|(column, kind)| *column == name && *kind == FieldKind::Ignore)
}

/// Reads a frame into the table; every row becomes a row of the table or a reject.
pub(super) fn read(frame: &DataFrame, table: &mut Table<'_>) -> Result<()> {
    let place = table.source().place();
    let schema = frame.schema().iter().map(|(name, dtype)| (name.as_str(), Ok(dtype.clone())));
    let columns = Columns::of(schema, table.source(), &place)?;
    columns.register(&place, table)?;
    rows(frame, &columns.positions, 1, &mut Layouts::default(), table)
}

/// Takes the rows of a frame into the table, of the columns at these positions; the first has the number `first`.
pub(super) fn rows(
    frame: &DataFrame,
    positions: &[usize],
    first: u64,
    layouts: &mut Layouts,
    table: &mut Table<'_>,
) -> Result<()> {
    let columns: Vec<_> = positions
        .iter()
        .filter_map(|&position| frame.columns().get(position))
        .map(polars::prelude::Column::as_materialized_series)
        .collect();
    let mut cells: Vec<_> =
        columns.iter().map(|column| (column.name(), column.dtype(), column.iter())).collect();
    for line in (first..).take(frame.height()) {
        let mut row = FlatRow::default();
        let mut fault = Ok(());
        for (name, dtype, values) in &mut cells {
            // Also after a fault, so that all columns stay at the same row.
            let Some(value) = values.next() else { continue };
            if fault.is_ok() {
                row.path.clear();
                row.path.push_str(name);
                fault = match value {
                    AnyValue::String(text) => row.push(RowCell::Text(text.into())),
                    value => flatten(&mut row, &value, dtype),
                };
            }
        }
        match fault {
            Ok(()) => layouts.take(&row, line, false, table)?,
            Err(fault) => layouts::reject(line, fault, table),
        }
    }
    Ok(())
}

/// Takes a value in under the row's path. A null is absent; one of a nested type has no cells.
fn flatten(row: &mut FlatRow<'_>, value: &AnyValue<'_>, dtype: &DataType) -> std::result::Result<(), Fault> {
    let parent = row.path.len();
    match (value, dtype) {
        (AnyValue::Null, DataType::Struct(_) | DataType::List(_)) => {}
        (AnyValue::List(elements), _) => {
            for (position, element) in elements.iter().enumerate() {
                row.path.push('.');
                row.path.push_str(&position.to_string());
                flatten(row, &element, elements.dtype())?;
                row.path.truncate(parent);
            }
        }
        (AnyValue::Struct(..), DataType::Struct(fields)) => {
            for (element, field) in value._iter_struct_av().zip(fields) {
                row.path.push('.');
                row.path.push_str(&field.name);
                flatten(row, &element, &field.dtype)?;
                row.path.truncate(parent);
            }
        }
        (value, _) => match frame_value::text(value) {
            FrameText::None => row.push(RowCell::Absent)?,
            FrameText::Some(text) => row.push(RowCell::Text(text.into()))?,
            FrameText::OutOfRange => return Err(row.fault(format!("no date or time: {value:?}"))),
        },
    }
    Ok(())
}
