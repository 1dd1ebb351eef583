//! From a partition to golden values.

use rayon::prelude::*;

use super::candidate::{Candidate, Ranking};
use super::clock::Clock;
use super::golden::{GoldenRecords, GoldenTable, GoldenValue, Support};
use super::lineage::{Lineage, Loser, Reason};
use super::policy::Policy;
use super::subject::{Shape, Subject};
use super::survivor::Survivors;
use crate::id::{EntityId, FieldId};
use crate::record::Records;
use crate::resolve::Partition;

/// Entities per piece of work.
const CHUNK: usize = 2048;

/// Finds the golden values of all entities.
///
/// ```
/// use onefold::normalize::{NormalizeOptions, normalize};
/// use onefold::record::{Cell, RawColumn, RawRecords, SourceInfo, SourceTable};
/// use onefold::resolve::Partition;
/// use onefold::survive::{Policy, survive};
/// use onefold::{EntityId, FieldKind};
///
/// let name = [Cell::Value("Bob Miller"), Cell::Value("R. Miller"), Cell::Value("Robert Miller")];
/// let name = RawColumn::from_cells("name", FieldKind::FullName, name);
/// let keys = ["1", "2", "3"].map(String::from).to_vec();
/// let table = SourceTable::new(SourceInfo::new("crm"), keys, vec![2, 3, 4], vec![name]);
/// let (records, _) = normalize(RawRecords::new(vec![table]), &NormalizeOptions::default());
///
/// let partition = Partition::from_roots(&[0, 0, 0]);
/// let golden = survive(&records, &partition, &Policy::default());
/// let given = records.schema().position(FieldKind::GivenName, "").unwrap();
/// let value = golden.value(EntityId(0), given).unwrap();
/// assert_eq!(records.column(given).text(value.value), "robert");
/// assert_eq!(records.raw().key(value.record), ("crm", "3"));
/// ```
pub fn survive(records: &Records, partition: &Partition, policy: &Policy) -> GoldenRecords {
    Survivorship::new(records, partition, policy).golden()
}

/// A policy bound to the records of a run: gives the golden values, and for each of them the reasons.
///
/// ```
/// use onefold::survive::{Lineage, Policy, Survivorship};
/// # use onefold::{EntityId, FieldId, record::Records, resolve::Partition};
/// fn explain(records: &Records, partition: &Partition, entity: EntityId, field: FieldId) -> Lineage {
///     Survivorship::new(records, partition, &Policy::default()).lineage(entity, field)
/// }
/// ```
#[derive(Debug)]
pub struct Survivorship<'a> {
    partition: &'a Partition,
    subjects: Vec<Subject<'a>>,
    ranking: Ranking<'a>,
}

impl<'a> Survivorship<'a> {
    /// Reads the clocks of the sources and, where the policy looks at them, the spellings of the cells.
    pub fn new(records: &'a Records, partition: &'a Partition, policy: &Policy) -> Self {
        let ranking = Ranking { records, clock: Clock::of(records) };
        Survivorship { partition, subjects: Subject::all(records, policy), ranking }
    }

    /// The golden values of all entities; found in parallel, and the same for any number of threads.
    pub fn golden(&self) -> GoldenRecords {
        let entities = self.partition.len();
        let starts: Vec<usize> = (0..entities).step_by(CHUNK).collect();
        let chunks: Vec<(Vec<GoldenTable>, u64)> =
            starts.into_par_iter().map(|start| self.chunk(start..entities.min(start + CHUNK))).collect();
        let mut places = vec![0; self.ranking.records.columns().len()];
        let mut golden = GoldenRecords { entities, ..GoldenRecords::default() };
        for (at, subject) in self.subjects.iter().enumerate() {
            subject.fields.iter().for_each(|field| places[field.index()] = at);
            golden.tables.push(GoldenTable { fields: subject.fields.clone(), ..GoldenTable::default() });
        }
        golden.places = places;
        for (tables, unfilled) in chunks {
            golden.unfilled += unfilled;
            golden.tables.iter_mut().zip(tables).for_each(|(whole, table)| whole.append(table));
        }
        golden
    }

    /// The fate of every value that the records of an entity state for a field.
    pub fn lineage(&self, entity: EntityId, field: FieldId) -> Lineage {
        let place = |subject: &Subject<'_>| subject.fields.iter().position(|&other| other == field);
        let found = self.subjects.iter().find_map(|subject| place(subject).map(|place| (subject, place)));
        let Some((subject, part)) = found else { return Lineage::default() };
        let members = self.partition.members(entity);
        let mut survivors = Survivors::default();
        survivors.find(&self.ranking, subject, members);
        let mut lineage = Lineage::default();
        let kept = survivors.kept(subject.rule.reduce).len();
        for (rank, survivor) in survivors.ranked.iter().enumerate() {
            let (value, record) = survivor.parts[part];
            let winner = GoldenValue { value, record };
            if rank < kept && !value.is_missing() {
                lineage.winners.push(winner);
            }
            for candidate in survivors.stated(survivor) {
                let (value, record) = (candidate.parts[part], candidate.record);
                let stated = GoldenValue { value, record };
                if value.is_missing() || (rank < kept && stated == winner) {
                    continue;
                }
                if rank < kept {
                    lineage.supporters.push(stated);
                } else if let Some(best) = survivors.ranked.first() {
                    let (_, step) = self.ranking.order_and_step(subject, &best.best, &survivor.best);
                    let reason = step.map_or(Reason::CanonicalOrder, |step| {
                        Reason::Comparator(subject.rule.rank[step].clone())
                    });
                    lineage.losers.push(Loser { value, record, reason });
                }
            }
        }
        if subject.shape != Shape::Single {
            for &record in members {
                let stated = Candidate::new(subject.parts(self.ranking.records, record), record);
                let value = stated.parts[part];
                if !value.is_missing() && !subject.is_eligible(stated.filled) {
                    lineage.losers.push(Loser { value, record, reason: Reason::NotEligible });
                }
            }
        }
        // The values of one record keep the order of the ranking.
        lineage.supporters.sort_by_key(|stated| stated.record);
        lineage.losers.sort_by_key(|loser| loser.record);
        lineage
    }

    /// The tables of a range of entities, and in how many blanks were not filled.
    fn chunk(&self, entities: std::ops::Range<usize>) -> (Vec<GoldenTable>, u64) {
        let mut tables = Vec::with_capacity(self.subjects.len());
        let mut survivors = Survivors::default();
        let mut unfilled = vec![false; entities.len()];
        for subject in &self.subjects {
            let mut table = GoldenTable::default();
            for (entity, unfilled) in entities.clone().zip(&mut unfilled) {
                let members = self.partition.members(EntityId(entity as u32));
                survivors.find(&self.ranking, subject, members);
                *unfilled |= survivors.unfilled;
                for survivor in survivors.kept(subject.rule.reduce) {
                    let parts = survivor.parts.iter().take(subject.fields.len());
                    table.parts.extend(parts.map(|&(value, record)| GoldenValue { value, record }));
                    let (sources, records) = (survivor.best.sources, survivor.best.records);
                    table.support.push(Support { sources, records });
                }
                table.ends.push(table.support.len() as u32);
            }
            tables.push(table);
        }
        (tables, unfilled.into_iter().filter(|&unfilled| unfilled).count() as u64)
    }
}
