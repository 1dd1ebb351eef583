//! From a partition to golden values.

use rayon::prelude::*;

use super::candidate::Entity;
use super::golden::{Finding, FindingKind, GoldenRecords, GoldenTable, GoldenValue, Support};
use super::lineage::Lineage;
use super::moments::{Clocks, UNDATED};
use super::pin::{Pin, PinState};
use super::pinned::{Pinned, stated};
use super::policy::Policy;
use super::ranking::Ranking;
use super::ready::whole;
use super::subject::Subject;
use super::survivor::Survivors;
use crate::error::Result;
use crate::id::{EntityId, FieldId, RecordId};
use crate::model::Links;
use crate::record::Records;
use crate::resolve::Partition;
use crate::value::Instant;

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
///     let policy = Policy::default();
///     let survivorship = Survivorship::new(records, partition, &policy).at("2026-11-01".parse().unwrap());
///     survivorship.lineage(entity, field)
/// }
/// ```
#[derive(Debug)]
pub struct Survivorship<'a> {
    pub(super) partition: &'a Partition,
    pub(super) subjects: Vec<Subject<'a>>,
    pub(super) ranking: Ranking<'a>,
    /// The positions of the subjects, each after those that it follows.
    sequence: Vec<usize>,
    /// Whether any subject follows another.
    pub(super) follows: bool,
    /// What ranks whole records.
    pub(super) record: Option<Subject<'a>>,
    pub(super) pinned: Pinned<'a>,
    pins: Vec<Pin>,
}

/// What the rules of an entity look at beside its candidates.
#[derive(Debug, Default)]
pub(super) struct Surroundings {
    pub(super) followed: Vec<Option<RecordId>>,
    pub(super) order: Vec<RecordId>,
}

impl<'a> Survivorship<'a> {
    /// Reads the clocks of the sources and, where the policy looks at them, columns and the spellings of cells. The policy
    /// should be [checked](Policy::check): what it names and is not there decides nothing.
    pub fn new(records: &'a Records, partition: &'a Partition, policy: &Policy) -> Self {
        let mut clocks = Clocks::new(records);
        let subjects = Subject::all(records, policy, &mut clocks);
        let record = Subject::record(records, policy, &mut clocks);
        let (sequence, follows) = sequence(&subjects);
        Survivorship {
            partition,
            subjects,
            ranking: Ranking { records, as_of: None, strengths: Vec::new() },
            sequence,
            follows,
            record,
            pinned: Pinned::default(),
            pins: Vec::new(),
        }
    }

    /// Sets the instant asked about: trust decays until then, and later times are in the future. Without one, nothing is
    /// old and nothing in the future.
    #[must_use]
    pub fn at(mut self, as_of: Instant) -> Self {
        self.ranking.as_of = Some(as_of.unix_seconds());
        self
    }

    /// Gives the links that [`LinkStrength`](super::Comparator::LinkStrength) looks at.
    #[must_use]
    pub fn with_links(mut self, links: &Links) -> Self {
        let mut strengths = vec![0u64; self.ranking.records.len()];
        for link in links.iter() {
            if self.partition.entity_of(link.a) == self.partition.entity_of(link.b) {
                for record in [link.a, link.b] {
                    strengths[record.index()] += (link.probability * 1e6).round() as u64;
                }
            }
        }
        self.ranking.strengths = strengths;
        self
    }

    /// Puts what stewards set above the rules.
    ///
    /// # Errors
    /// A configuration error for a pin on a record, a source or a field that is not there, and for a value of a shape
    /// that the field does not have.
    pub fn with_pins(mut self, pins: &[Pin]) -> Result<Self> {
        self.pinned = Pinned::bind(pins, self.ranking.records, self.partition, &self.subjects)?;
        self.pins = pins.to_vec();
        Ok(self)
    }

    /// The golden values of all entities; found in parallel, and the same for any number of threads.
    pub fn golden(&self) -> GoldenRecords {
        self.fold(|| (), None::<&fn(&mut (), EntityId, FieldId, &Lineage)>).0
    }

    /// The golden values of all entities, and what a function makes of the lineage of every value on the way: for each
    /// piece of a few thousand entities one result, in the order of the entities. Each entity and field comes once, and
    /// each set of values is decided once.
    ///
    /// ```
    /// # use onefold::{record::Records, resolve::Partition};
    /// use onefold::survive::{Policy, Survivorship};
    /// fn conflicts(records: &Records, partition: &Partition) -> usize {
    ///     let survivorship = Survivorship::new(records, partition, &Policy::default());
    ///     let (_, counts) =
    ///         survivorship.golden_with_lineage(|| 0, |count, _, _, lineage| *count += lineage.losers.len());
    ///     counts.into_iter().sum()
    /// }
    /// ```
    pub fn golden_with_lineage<T: Send>(
        &self,
        start: impl Fn() -> T + Sync,
        visit: impl Fn(&mut T, EntityId, FieldId, &Lineage) + Sync,
    ) -> (GoldenRecords, Vec<T>) {
        self.fold(start, Some(&visit))
    }

    fn fold<T: Send>(
        &self,
        start: impl Fn() -> T + Sync,
        visit: Option<&(impl Fn(&mut T, EntityId, FieldId, &Lineage) + Sync)>,
    ) -> (GoldenRecords, Vec<T>) {
        let entities = self.partition.len();
        let starts: Vec<usize> = (0..entities).step_by(CHUNK).collect();
        let chunks: Vec<(Chunk, T)> = starts
            .into_par_iter()
            .map(|first| {
                let mut state = start();
                let range = first..entities.min(first + CHUNK);
                (self.chunk(range, &mut state, visit), state)
            })
            .collect();
        let mut places = vec![0; self.ranking.records.columns().len()];
        let mut golden = GoldenRecords { entities, ..GoldenRecords::default() };
        for (at, subject) in self.subjects.iter().enumerate() {
            subject.fields.iter().for_each(|field| places[field.index()] = at);
            golden.tables.push(GoldenTable { fields: subject.fields.clone(), ..GoldenTable::default() });
        }
        golden.places = places;
        let mut states = Vec::with_capacity(chunks.len());
        for (chunk, state) in chunks {
            golden.unfilled += chunk.unfilled;
            golden.findings.extend(chunk.findings);
            golden.tables.iter_mut().zip(chunk.tables).for_each(|(whole, table)| whole.append(table));
            states.push(state);
        }
        golden.findings.sort_unstable();
        (golden, states)
    }

    /// The fate of every value that the records of an entity state for a field.
    pub fn lineage(&self, entity: EntityId, field: FieldId) -> Lineage {
        let mut lineage = Lineage::default();
        if let Some((at, part)) = self.place(field) {
            let surroundings = self.surroundings(entity, at);
            let survivors = self.survivors(entity, at, &surroundings);
            self.trace(entity, at, part, &survivors, &surroundings, &mut lineage);
        }
        lineage
    }

    /// When a record was changed, by the clocks of a field's rule.
    pub fn changed(&self, record: RecordId, field: FieldId) -> Option<Instant> {
        let (at, _) = self.place(field)?;
        let changed = self.subjects[at].rule.moments.at(record, self.ranking.as_of);
        (changed != UNDATED).then(|| Instant::from_unix_seconds(changed)).flatten()
    }

    /// What a record states for a field in canonical form; of a name, an address or a group, all parts joined by spaces. A
    /// pin that ends [when the source's value changes](super::Lift::WhenSourceValueChanges) keeps this.
    pub fn stated(&self, record: RecordId, field: FieldId) -> String {
        self.place(field)
            .map_or_else(String::new, |(at, _)| stated(&self.subjects[at], self.ranking.records, record))
    }

    /// The pins with what became of each, in the order in which they were given.
    pub fn pins(&self) -> Vec<(&Pin, PinState)> {
        let mut states = vec![PinState::Orphaned; self.pins.len()];
        for (entity, at) in self.pinned.places() {
            let surroundings = self.surroundings(entity, at);
            let context = self.entity(entity, &surroundings);
            let mut survivors = Survivors::default();
            survivors.find(&self.ranking, &self.subjects[at], context);
            let found =
                self.pinned.apply((entity, at), &self.ranking, &self.subjects[at], context, &mut survivors);
            for (index, state) in found {
                states[index] = state;
            }
        }
        self.pins.iter().zip(states).collect()
    }

    /// The subject and part of a field.
    pub(super) fn place(&self, field: FieldId) -> Option<(usize, usize)> {
        let part = |subject: &Subject<'_>| subject.fields.iter().position(|&other| other == field);
        self.subjects.iter().enumerate().find_map(|(at, subject)| Some((at, part(subject)?)))
    }

    pub(super) fn entity<'e>(&'e self, entity: EntityId, around: &'e Surroundings) -> Entity<'e> {
        Entity { members: self.partition.members(entity), followed: &around.followed, order: &around.order }
    }

    /// Who survives in an entity, what stewards set included.
    fn survivors(&self, entity: EntityId, at: usize, around: &Surroundings) -> Survivors {
        let mut survivors = Survivors::default();
        self.find(entity, at, around, &mut survivors);
        survivors
    }

    fn find(&self, entity: EntityId, at: usize, around: &Surroundings, survivors: &mut Survivors) {
        let context = self.entity(entity, around);
        survivors.find(&self.ranking, &self.subjects[at], context);
        if !self.pinned.is_empty() {
            self.pinned.apply((entity, at), &self.ranking, &self.subjects[at], context, survivors);
        }
    }

    /// What the rule of a subject looks at: the winners of those before it, and the order of records.
    pub(super) fn surroundings(&self, entity: EntityId, before: usize) -> Surroundings {
        let mut around = Surroundings { followed: Vec::new(), order: self.order(entity) };
        if self.follows {
            around.followed = vec![None; self.subjects.len()];
            for &at in self.sequence.iter().take_while(|&&at| at != before) {
                let survivors = self.survivors(entity, at, &around);
                around.followed[at] = winner(&survivors);
            }
        }
        around
    }

    /// The records of an entity from the best down, where records survive whole.
    fn order(&self, entity: EntityId) -> Vec<RecordId> {
        let Some(subject) = &self.record else { return Vec::new() };
        let context = Entity { members: self.partition.members(entity), followed: &[], order: &[] };
        let mut found = Vec::new();
        self.ranking.gather(subject, context.members, &mut found);
        let strength = |record: RecordId| self.ranking.strength(&[record]);
        for candidate in &mut found {
            candidate.strength = strength(candidate.record);
        }
        found.retain(|c| !self.ranking.is_distrusted(subject, &subject.rule, context, c));
        found.sort_by(|a, b| self.ranking.order(subject, &subject.rule, context, a, b));
        found.truncate(if subject.fills() { found.len() } else { 1 });
        found.into_iter().map(|candidate| candidate.record).collect()
    }

    /// The tables of a range of entities.
    fn chunk<T>(
        &self,
        entities: std::ops::Range<usize>,
        state: &mut T,
        visit: Option<&(impl Fn(&mut T, EntityId, FieldId, &Lineage) + Sync)>,
    ) -> Chunk {
        let ids = || entities.clone().map(|entity| EntityId(entity as u32));
        self.ranking.records.fetch(ids().flat_map(|entity| self.partition.members(entity)).copied());
        let mut chunk = Chunk::default();
        chunk.tables.resize_with(self.subjects.len(), GoldenTable::default);
        let (mut survivors, mut lineage) = (Survivors::default(), Lineage::default());
        let mut unfilled = vec![false; entities.len()];
        let mut around: Vec<Surroundings> = Vec::new();
        if self.follows || self.record.is_some() {
            let followed = if self.follows { self.subjects.len() } else { 0 };
            let surroundings =
                |entity| Surroundings { followed: vec![None; followed], order: self.order(entity) };
            around.extend(ids().map(surroundings));
        }
        let nothing = Surroundings::default();
        for &at in &self.sequence {
            let subject = &self.subjects[at];
            let table = &mut chunk.tables[at];
            for (position, entity) in ids().enumerate() {
                let surroundings = around.get(position).unwrap_or(&nothing);
                self.find(entity, at, surroundings, &mut survivors);
                unfilled[position] |= survivors.unfilled;
                if survivors.reported {
                    let kind =
                        if survivors.ranked.is_empty() { FindingKind::Empty } else { FindingKind::Tie };
                    let field = subject.fields.first().copied().unwrap_or(FieldId(0));
                    chunk.findings.push(Finding { entity, field, kind });
                }
                if let Some(visit) = visit {
                    for (part, &field) in subject.fields.iter().enumerate() {
                        self.trace(entity, at, part, &survivors, surroundings, &mut lineage);
                        visit(state, entity, field, &lineage);
                    }
                }
                for survivor in survivors.kept() {
                    let first = table.parts.len();
                    let parts = survivor.parts.iter().take(subject.fields.len());
                    table.parts.extend(parts.map(|&(value, record)| GoldenValue { value, record }));
                    let texts = survivor.texts.iter();
                    table.texts.extend(texts.map(|(part, text)| ((first + part) as u32, text.clone())));
                    let (sources, records) = (survivor.best.sources, survivor.best.records);
                    table.support.push(Support { sources, records });
                }
                table.ends.push(table.support.len() as u32);
                if self.follows
                    && let Some(surroundings) = around.get_mut(position)
                {
                    surroundings.followed[at] = winner(&survivors);
                }
            }
        }
        chunk.unfilled = unfilled.into_iter().filter(|&unfilled| unfilled).count() as u64;
        chunk
    }
}

/// What a range of entities gives.
#[derive(Debug, Default)]
struct Chunk {
    tables: Vec<GoldenTable>,
    unfilled: u64,
    findings: Vec<Finding>,
}

/// The record that gave the best value.
fn winner(survivors: &Survivors) -> Option<RecordId> {
    let best = survivors.kept().first()?;
    best.parts.iter().find(|(value, _)| !value.is_missing()).map(|(_, record)| *record)
}

/// The subjects in an order in which each comes after those that it follows, and whether any follows another.
fn sequence(subjects: &[Subject<'_>]) -> (Vec<usize>, bool) {
    let position = |kind| {
        subjects
            .iter()
            .position(|subject| subject.kinds.iter().any(|&part| part == kind || whole(part) == whole(kind)))
    };
    let followed: Vec<Vec<usize>> = subjects
        .iter()
        .map(|subject| subject.rule.rule.follows().into_iter().filter_map(position).collect())
        .collect();
    let mut sequence: Vec<usize> = Vec::with_capacity(subjects.len());
    while sequence.len() < subjects.len() {
        let left = (0..subjects.len()).filter(|at| !sequence.contains(at));
        let ready: Vec<usize> =
            left.clone().filter(|&at| followed[at].iter().all(|other| sequence.contains(other))).collect();
        // A cycle, which the check of a policy refuses, is taken in the order of the subjects.
        let next = if ready.is_empty() { left.collect() } else { ready };
        sequence.extend(next);
    }
    (sequence, followed.iter().any(|followed| !followed.is_empty()))
}
