//! Which records are the same entity, as known from outside.

use std::collections::BTreeMap;
use std::path::Path;

use crate::error::{Error, Result};
use crate::id::RecordId;
use crate::record::RawRecords;
use crate::text;

/// The true entity of each record, as a number; records without a known entity are entities of their own.
///
/// ```
/// use onefold::evaluate::Truth;
/// let truth = Truth::from_labels([Some("a"), Some("b"), Some("a"), None]);
/// assert_eq!(truth.labels(), [0, 1, 0, 2]);
/// assert_eq!(truth.unlabelled(), 1);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Truth {
    labels: Vec<u32>,
    unlabelled: usize,
}

impl Truth {
    /// From one label per record, in the order of record ids.
    pub fn from_labels<'a>(labels: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
        let (mut next, mut unlabelled) = (0, 0);
        let mut fresh = || {
            next += 1;
            next - 1
        };
        let labels = labels
            .into_iter()
            .map(|label| {
                if let Some(label) = label {
                    return *numbers.entry(label).or_insert_with(&mut fresh);
                }
                unlabelled += 1;
                fresh()
            })
            .collect();
        Truth { labels, unlabelled }
    }

    /// From a column that every source carries.
    ///
    /// # Errors
    /// A configuration error if a source lacks the column.
    pub fn from_column(records: &RawRecords, name: &str) -> Result<Self> {
        for table in records.sources() {
            if table.column(name).is_none() {
                let source = &table.info().name;
                return Err(Error::config(
                    "truth",
                    format!("source `{source}` does not carry the column `{name}`"),
                ));
            }
        }
        let labels = (0..records.len() as u32).map(|record| {
            let (table, row) = records.place(RecordId(record));
            table.column(name).and_then(|column| column.cell(row).value())
        });
        Ok(Self::from_labels(labels))
    }

    /// From (source, key, entity) rows, as a truth file lists them.
    ///
    /// # Errors
    /// A configuration error if a row names a source that is not there. A key that became no record is passed over:
    /// its row was rejected.
    pub fn from_rows<'a>(
        records: &RawRecords,
        rows: impl IntoIterator<Item = (&'a str, &'a str, &'a str)>,
    ) -> Result<Self> {
        let mut labels: Vec<Option<&str>> = vec![None; records.len()];
        for (source, key, entity) in rows {
            if !records.sources().iter().any(|table| table.info().name == source) {
                return Err(Error::config("truth", format!("no source has the name `{source}`")));
            }
            if let Some(record) = records.find(source, key) {
                labels[record.index()] = Some(entity);
            }
        }
        Ok(Self::from_labels(labels))
    }

    /// From a CSV file with a row per record; `columns` are the names of its source, key and entity columns.
    ///
    /// # Errors
    /// An I/O error if the file cannot be read, a configuration error if it lacks a column or names a source that
    /// is not there. Rows of keys that became no record (rejects) are passed over.
    pub fn from_csv(records: &RawRecords, path: &Path, columns: [&str; 3]) -> Result<Self> {
        let unreadable = |error: csv::Error| Error::io(path, error.to_string(), Some(error.into()));
        let mut reader = csv::Reader::from_path(path).map_err(unreadable)?;
        let header: Vec<String> = reader.headers().map_err(unreadable)?.iter().map(str::to_owned).collect();
        let mut positions = [0; 3];
        for (position, name) in positions.iter_mut().zip(columns) {
            *position = header.iter().position(|column| column == name).ok_or_else(|| {
                let nearest = text::nearest(name, header.iter().map(String::as_str));
                Error::unknown(path.display().to_string(), "column", name, nearest, header.clone())
            })?;
        }
        let rows = reader.records().collect::<std::result::Result<Vec<_>, _>>().map_err(unreadable)?;
        let cell = |row: usize, at: usize| rows[row].get(positions[at]).unwrap_or_default();
        Self::from_rows(records, (0..rows.len()).map(|row| (cell(row, 0), cell(row, 1), cell(row, 2))))
    }

    /// One number per record; equal numbers are one entity.
    pub fn labels(&self) -> &[u32] {
        &self.labels
    }

    /// How many records had no label.
    pub fn unlabelled(&self) -> usize {
        self.unlabelled
    }

    /// The records of each true entity with more than one, ascending by entity.
    pub fn groups(&self) -> Vec<Vec<RecordId>> {
        let mut groups: BTreeMap<u32, Vec<RecordId>> = BTreeMap::new();
        for (record, &label) in self.labels.iter().enumerate() {
            groups.entry(label).or_default().push(RecordId(record as u32));
        }
        groups.into_values().filter(|group| group.len() > 1).collect()
    }
}
