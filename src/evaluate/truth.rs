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
    households: Option<Vec<Option<u32>>>,
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
        Truth { labels, unlabelled, households: None }
    }

    /// The same with the true household of each record, in the order of record ids; none for an entity that shares
    /// its household with nobody.
    ///
    /// ```
    /// use onefold::evaluate::Truth;
    /// let truth = Truth::from_labels([Some("a"), Some("b"), Some("c")]);
    /// let truth = truth.with_households([Some("h"), Some("h"), None]);
    /// assert_eq!(truth.households(), Some(&[Some(0), Some(0), None][..]));
    /// ```
    #[must_use]
    pub fn with_households<'a>(mut self, households: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
        let mut number = |household| {
            let next = numbers.len() as u32;
            *numbers.entry(household).or_insert(next)
        };
        let households = households.into_iter().map(|household| household.map(&mut number));
        self.households = Some(households.collect());
        self
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
        Ok(Self::from_labels(by_record(records, rows)?))
    }

    /// From a CSV file with a row per record; `columns` are the names of its source, key and entity columns, and
    /// `household` is that of its household column, which may have empty cells. Without a name, the column
    /// `household` is taken if the file has one.
    ///
    /// # Errors
    /// An I/O error if the file cannot be read, a configuration error if it lacks a column or names a source that
    /// is not there. Rows of keys that became no record (rejects) are passed over.
    pub fn from_csv(
        records: &RawRecords,
        path: &Path,
        columns: [&str; 3],
        household: Option<&str>,
    ) -> Result<Self> {
        let unreadable = |error: csv::Error| Error::io(path, error.to_string(), Some(error.into()));
        let mut reader = csv::Reader::from_path(path).map_err(unreadable)?;
        let header: Vec<String> = reader.headers().map_err(unreadable)?.iter().map(str::to_owned).collect();
        let position = |name: &str| {
            header.iter().position(|column| column == name).ok_or_else(|| {
                let nearest = text::nearest(name, header.iter().map(String::as_str));
                Error::unknown(path.display().to_string(), "column", name, nearest, header.clone())
            })
        };
        let [source, key, entity] = columns.map(position);
        let (source, key, entity) = (source?, key?, entity?);
        let household = match household {
            Some(name) => Some(position(name)?),
            None => header.iter().position(|column| column == "household"),
        };
        let rows = reader.records().collect::<std::result::Result<Vec<_>, _>>().map_err(unreadable)?;
        let labels = |of: usize| {
            let cell = |row: usize, at: usize| rows[row].get(at).unwrap_or_default();
            by_record(records, (0..rows.len()).map(|row| (cell(row, source), cell(row, key), cell(row, of))))
        };
        let truth = Self::from_labels(labels(entity)?);
        Ok(match household {
            None => truth,
            Some(column) => {
                let stated = labels(column)?.into_iter().map(|label| label.filter(|label| !label.is_empty()));
                truth.with_households(stated)
            }
        })
    }

    /// One number per record; equal numbers are one entity.
    pub fn labels(&self) -> &[u32] {
        &self.labels
    }

    /// How many records had no label.
    pub fn unlabelled(&self) -> usize {
        self.unlabelled
    }

    /// The true household of each record, as a number; none where the household is the entity alone. None at all
    /// if households are not known.
    pub fn households(&self) -> Option<&[Option<u32>]> {
        self.households.as_deref()
    }

    /// Whether two records are of one household by the truth.
    pub(crate) fn share_household(&self, a: RecordId, b: RecordId) -> bool {
        let household = |record: RecordId| self.households.as_ref()?.get(record.index()).copied().flatten();
        household(a).is_some() && household(a) == household(b)
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

/// The label of each record, from (source, key, label) rows.
fn by_record<'a>(
    records: &RawRecords,
    rows: impl IntoIterator<Item = (&'a str, &'a str, &'a str)>,
) -> Result<Vec<Option<&'a str>>> {
    let mut labels: Vec<Option<&str>> = vec![None; records.len()];
    for (source, key, label) in rows {
        if !records.sources().iter().any(|table| table.info().name == source) {
            return Err(Error::config("truth", format!("no source has the name `{source}`")));
        }
        if let Some(record) = records.find(source, key) {
            labels[record.index()] = Some(label);
        }
    }
    Ok(labels)
}
