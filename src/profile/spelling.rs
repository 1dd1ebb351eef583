//! The best spelling of a golden value among the cells that state it.

use std::sync::Arc;

use rayon::prelude::*;

use super::ahead::Ahead;
use crate::id::{FieldId, RecordId, ValueId};
use crate::normalize::{Origin, Written, gives, has_spellings, may_be_written, may_fill, unwritten, written};
use crate::record::{Dictionary, RawColumn, Records, SourceTable};
use crate::schema::Field;

/// The grade above which there is none.
const BEST: u8 = 3;
/// The highest grade of a plain text.
const PLAIN: u8 = 1;

/// The spellings of all values: which columns give each field, and which of their texts can be well spelled.
#[derive(Clone, Debug)]
pub(super) struct Spellings<'a> {
    records: &'a Records,
    /// By source, then field.
    givers: Vec<Vec<Vec<Giver<'a>>>>,
}

/// A column that can give values to a field.
#[derive(Clone, Debug)]
struct Giver<'a> {
    column: &'a RawColumn,
    plain: Arc<Plain>,
    /// False for a column that gives the field only in sources of other entities.
    fills: bool,
    /// True for the first of the fields that the column gives.
    first: bool,
}

impl Giver<'_> {
    fn is_filled(&self, row: usize) -> bool {
        self.column.value_number(row).is_some()
    }
}

/// Per distinct text of a column whether it is plain: in ASCII, and without references. Of several cells most are, and
/// then one of them settles the grade; a bit is in the cache where the text is not.
#[derive(Debug)]
struct Plain(Vec<u64>);

impl<'a> Spellings<'a> {
    /// Looks at all distinct texts of the columns that give fields whose values have spellings.
    pub(super) fn new(records: &'a Records) -> Self {
        let fields = records.schema().fields();
        let of_source = |table: &'a SourceTable| {
            let mut givers: Vec<Vec<Giver<'a>>> = vec![Vec::new(); fields.len()];
            for column in table.columns() {
                let filled = |field: &Field| has_spellings(field.kind) && gives(column, field);
                let filled: Vec<usize> = (0..fields.len()).filter(|&at| filled(&fields[at])).collect();
                let Some(&first) = filled.first() else { continue };
                let plain = Arc::new(Plain::of(column.values()));
                for at in filled {
                    let fills = may_fill(column.kind(), fields[at].kind, table.info().entity);
                    let plain = Arc::clone(&plain);
                    givers[at].push(Giver { column, plain, fills, first: at == first });
                }
            }
            givers
        };
        Spellings { records, givers: records.raw().sources().iter().map(of_source).collect() }
    }

    /// The spelling of a value of an entity. Of the cells of its records that have the value, the one whose spelling has
    /// the highest grade is shown; of equals, that of the winning record, then of the first.
    pub(super) fn of(
        &self,
        members: &[RecordId],
        field: FieldId,
        value: ValueId,
        winner: RecordId,
    ) -> String {
        let column = self.records.column(field);
        let (kind, text) = (column.field().kind, column.text(value));
        if !may_be_written(kind, text) {
            return unwritten(kind, text);
        }
        let mut best: Option<Written> = None;
        let mut seen = Seen::default();
        let others = members.iter().copied().filter(|&record| record != winner);
        for record in std::iter::once(winner).chain(others) {
            if !column.slice(self.records.row(record)).contains(&value) {
                continue;
            }
            let (givers, row) = self.givers(record);
            let givers = &givers[field.index()];
            for giver in givers {
                let Some(number) = giver.column.value_number(row) else { continue };
                let grade = best.as_ref().map(|best| best.grade);
                if grade.is_some_and(|grade| grade >= PLAIN) && giver.plain.contains(number) {
                    continue;
                }
                let cell = giver.column.values().get(number);
                if !seen.insert(cell) {
                    continue;
                }
                let sole = giver.fills
                    && givers.iter().filter(|giver| giver.fills && giver.is_filled(row)).nth(1).is_none();
                let origin = if sole { Origin::Cell } else { Origin::Record };
                if let Some(found) = written(giver.column.kind(), cell, kind, text, origin)
                    && grade.is_none_or(|grade| found.grade > grade)
                {
                    if found.grade == BEST {
                        return found.text;
                    }
                    best = Some(found);
                }
            }
        }
        best.map_or_else(|| unwritten(kind, text), |best| best.text)
    }

    /// By field the columns that give it in the source of a record, and the record's row there.
    fn givers(&self, record: RecordId) -> (&[Vec<Giver<'a>>], usize) {
        let raw = self.records.raw();
        let source = raw.source_of(record);
        (&self.givers[source.index()], (record.0 - raw.records_of(source).start) as usize)
    }

    /// Reads which texts the cells of a record have.
    pub(super) fn read_codes(&self, record: RecordId, ahead: &mut Ahead<'_>) {
        let (givers, row) = self.givers(record);
        for giver in givers.iter().flatten().filter(|giver| giver.first) {
            ahead.put(usize::from(giver.is_filled(row)));
        }
    }

    /// Marks the cells of a record that can have a value of the field as texts to be read.
    pub(super) fn mark_cells<'s>(&'s self, record: RecordId, field: FieldId, ahead: &mut Ahead<'s>) {
        let (givers, row) = self.givers(record);
        for giver in &givers[field.index()] {
            if let Some(number) = giver.column.value_number(row) {
                ahead.push(giver.column.values(), number);
            }
        }
    }
}

impl Plain {
    fn of(texts: &Dictionary) -> Self {
        const BITS: usize = u64::BITS as usize;
        let is_plain =
            |number: usize| texts.get(number as u32).bytes().all(|byte| byte.is_ascii() && byte != b'&');
        let word = |word: usize| {
            let numbers = word * BITS..texts.len().min((word + 1) * BITS);
            numbers.fold(0, |bits, number| bits | u64::from(is_plain(number)) << (number % BITS))
        };
        Plain((0..texts.len().div_ceil(BITS)).into_par_iter().map(word).collect())
    }

    fn contains(&self, number: u32) -> bool {
        self.0[(number / u64::BITS) as usize] >> (number % u64::BITS) & 1 == 1
    }
}

/// The cells that were looked at. Most entities have one, for which no memory is taken.
#[derive(Default)]
struct Seen<'a> {
    first: Option<&'a str>,
    others: Vec<&'a str>,
}

impl<'a> Seen<'a> {
    /// False for a cell that was seen before.
    fn insert(&mut self, cell: &'a str) -> bool {
        match self.first {
            None => self.first = Some(cell),
            Some(first) if first == cell || self.others.contains(&cell) => return false,
            Some(_) => self.others.push(cell),
        }
        true
    }
}
