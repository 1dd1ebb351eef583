//! What each source is worth, field by field.

use super::survivorship::Survivorship;
use crate::id::{FieldId, RecordId, SourceId};
use crate::normalize::gives;

/// How much a source contributes to the golden values of a field.
///
/// ```
/// use onefold::survive::Contribution;
/// let contribution = Contribution::default();
/// assert_eq!((contribution.win_rate(), contribution.garbage_rate()), (0.0, 0.0));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Contribution {
    /// Cells of the source with a text that the field is read from.
    pub cells: u64,
    /// Those of them that gave no value: placeholders, and what cannot be read.
    pub garbage: u64,
    /// Entities for which the source states a value.
    pub stated: u64,
    /// Those of them whose best golden value is the record's of this source.
    pub won: u64,
    /// Those of them of whose golden values the source states at least one.
    pub supported: u64,
    /// Those of them whose golden values no other source states: without this source they would be lost.
    pub unique: u64,
    /// Those of them that have golden values, none of which the source states.
    pub conflicts: u64,
}

impl Contribution {
    /// The share of entities, of those for which the source states a value, that it wins.
    pub fn win_rate(&self) -> f64 {
        share(self.won, self.stated)
    }

    /// The share that would have no golden value without it.
    pub fn unique_rate(&self) -> f64 {
        share(self.unique, self.stated)
    }

    /// The share whose golden value is another.
    pub fn conflict_rate(&self) -> f64 {
        share(self.conflicts, self.stated)
    }

    /// The share of cells that say nothing.
    pub fn garbage_rate(&self) -> f64 {
        share(self.garbage, self.cells)
    }

    fn add(&mut self, other: &Contribution) {
        self.cells += other.cells;
        self.garbage += other.garbage;
        self.stated += other.stated;
        self.won += other.won;
        self.supported += other.supported;
        self.unique += other.unique;
        self.conflicts += other.conflicts;
    }
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// The contributions of all sources to all fields.
///
/// ```
/// # use onefold::{record::Records, resolve::Partition};
/// use onefold::survive::{Policy, Survivorship};
/// fn print(records: &Records, partition: &Partition) {
///     let contributions = Survivorship::new(records, partition, &Policy::default()).contributions();
///     for (source, field, contribution) in contributions.iter() {
///         println!("{source} {field}: wins {:.0} %", 100.0 * contribution.win_rate());
///     }
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contributions {
    fields: usize,
    /// Source by source, one per field.
    table: Vec<Contribution>,
}

impl Contributions {
    /// The contribution of a source to a field.
    ///
    /// # Panics
    /// If there is no such source or field.
    pub fn get(&self, source: SourceId, field: FieldId) -> Contribution {
        self.table[source.index() * self.fields + field.index()]
    }

    /// All contributions, source by source.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, FieldId, Contribution)> + '_ {
        let fields = self.fields.max(1);
        self.table.iter().enumerate().map(move |(at, contribution)| {
            (SourceId((at / fields) as u16), FieldId((at % fields) as u16), *contribution)
        })
    }

    fn of_source(&mut self, source: SourceId, field: FieldId) -> &mut Contribution {
        &mut self.table[source.index() * self.fields + field.index()]
    }
}

impl Survivorship<'_> {
    /// What each source contributes to each field, over all entities.
    pub fn contributions(&self) -> Contributions {
        let records = self.ranking.records;
        let fields = records.columns().len();
        let sources = records.raw().sources().len();
        let empty = || Contributions { fields, table: vec![Contribution::default(); fields * sources] };
        let of = |record: RecordId| records.source(record);
        let (_, chunks) = self.golden_with_lineage(empty, |counts, _, field, lineage| {
            let kept = lineage.winners.iter().chain(&lineage.supporters).map(|value| of(value.record));
            let mut kept: Vec<SourceId> = kept.collect();
            let mut stating: Vec<SourceId> = lineage.losers.iter().map(|loser| of(loser.record)).collect();
            stating.extend(&kept);
            for list in [&mut kept, &mut stating] {
                list.sort_unstable();
                list.dedup();
            }
            let is_golden = lineage.text.is_some() || !lineage.winners.is_empty();
            for &source in &stating {
                let count = counts.of_source(source, field);
                let supports = kept.binary_search(&source).is_ok();
                count.stated += 1;
                count.supported += u64::from(supports && is_golden);
                count.conflicts += u64::from(!supports && is_golden);
                count.unique += u64::from(supports && is_golden && kept.len() == 1);
            }
            if let Some(best) = lineage.winners.first() {
                counts.of_source(of(best.record), field).won += 1;
            }
        });
        let mut all = empty();
        for chunk in chunks {
            all.table.iter_mut().zip(&chunk.table).for_each(|(all, count)| all.add(count));
        }
        self.count_cells(&mut all);
        all
    }

    /// Counts the cells that each field is read from, and those of them that gave nothing at all.
    fn count_cells(&self, all: &mut Contributions) {
        let records = self.ranking.records;
        for (at, source) in records.raw().sources().iter().enumerate() {
            let id = SourceId(at as u16);
            let first = records.raw().records_of(id).start;
            for column in source.columns() {
                let fields = records.schema().fields().iter().enumerate();
                let given: Vec<FieldId> = fields
                    .filter(|(_, field)| gives(column, field))
                    .map(|(at, _)| FieldId(at as u16))
                    .collect();
                let says = |row: usize| {
                    let values = records.row(RecordId(first + row as u32));
                    let has = |field: &&FieldId| {
                        records.column(**field).slice(values).first().is_some_and(|v| !v.is_missing())
                    };
                    given.iter().any(|field| has(&field))
                };
                let written = (0..source.len()).filter(|&row| column.value_number(row).is_some());
                let (cells, garbage) = written
                    .fold((0, 0), |(cells, garbage), row| (cells + 1, garbage + u64::from(!says(row))));
                for field in &given {
                    let count = all.of_source(id, *field);
                    count.cells += cells;
                    count.garbage += garbage;
                }
            }
        }
    }
}
