//! The best spelling of a golden value among the cells that state it.

use crate::id::{FieldId, RecordId, ValueId};
use crate::normalize::{Written, gives, has_spellings, unwritten, written};
use crate::record::Records;

/// The spelling of a value of an entity. Of the cells of its records that have the value, the one whose spelling has the
/// highest grade is shown; of equals, that of the winning record, then of the first.
pub(super) fn spelling(
    records: &Records,
    members: &[RecordId],
    field: FieldId,
    value: ValueId,
    winner: RecordId,
) -> String {
    const BEST: u8 = 3;
    /// The highest grade of a text in ASCII.
    const PLAIN: u8 = 1;
    let column = records.column(field);
    let (kind, text) = (column.field().kind, column.text(value));
    if !has_spellings(kind) {
        return text.to_owned();
    }
    let mut best: Option<Written> = None;
    let mut seen: Vec<&str> = Vec::new();
    let others = members.iter().copied().filter(|&record| record != winner);
    for record in std::iter::once(winner).chain(others) {
        if !column.slice(records.row(record)).contains(&value) {
            continue;
        }
        let (table, row) = records.raw().place(record);
        for raw in table.columns().iter().filter(|raw| gives(raw, column.field())) {
            let Some(cell) = raw.cell(row).value() else { continue };
            let grade = best.as_ref().map(|best| best.grade);
            let plain = cell.is_ascii() && !cell.contains('&');
            if grade == Some(BEST)
                || (plain && grade.is_some_and(|grade| grade >= PLAIN))
                || seen.contains(&cell)
            {
                continue;
            }
            seen.push(cell);
            if let Some(found) = written(raw.kind(), cell, kind, text)
                && grade.is_none_or(|grade| found.grade > grade)
            {
                best = Some(found);
            }
        }
    }
    best.map_or_else(|| unwritten(kind, text), |best| best.text)
}
