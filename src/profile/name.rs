//! The name of a person in a profile.

use super::spelling::Spellings;
use super::types::ProfileName;
use crate::id::{FieldId, RecordId, ValueId};
use crate::record::Records;
use crate::schema::FieldKind;
use crate::survive::GoldenRow;
use crate::text;

/// The name with the parts of its golden row; further values of a part come from the record of the first.
pub(super) fn name(
    records: &Records,
    spellings: &Spellings<'_>,
    members: &[RecordId],
    row: GoldenRow<'_>,
) -> Option<ProfileName> {
    let field = |kind| {
        let of_kind = |&field: &FieldId| records.column(field).field().kind == kind;
        row.fields().iter().copied().find(of_kind)
    };
    let spelled = |field, value, record| spellings.of(members, field, value, record);
    // The record of a part, if one states it, and its text.
    let part = |kind| {
        let field = field(kind)?;
        if let Some(text) = row.text(field) {
            return Some((None, text.to_owned()));
        }
        let golden = row.get(field)?;
        Some((Some(golden.record), spelled(field, golden.value, golden.record)))
    };
    let (given, family) = (part(FieldKind::GivenName), part(FieldKind::FamilyName));
    let mut middle: Vec<String> = Vec::new();
    if let Some(field) = field(FieldKind::MiddleName)
        && let Some(golden) = row.get(field)
    {
        let values = records.column(field).slice(records.row(golden.record)).iter();
        let values = values.take_while(|value: &&ValueId| !value.is_missing());
        middle.extend(values.map(|&value| spelled(field, value, golden.record)));
    }
    middle.extend(field(FieldKind::MiddleName).and_then(|field| row.text(field)).map(str::to_owned));
    let record = given.as_ref().and_then(|(record, _)| *record);
    let mut given = given.map(|(_, text)| text);
    if let (Some(given), Some(record)) = (&mut given, record) {
        while let Some(next) = middle.first()
            && is_hyphenated(records, record, given, next)
        {
            *given = format!("{given}-{next}");
            middle.remove(0);
        }
    }
    let middle = (!middle.is_empty()).then(|| middle.join(" "));
    let (family, suffix) = (family.map(|part| part.1), part(FieldKind::NameSuffix).map(|part| part.1));
    let parts = [&given, &middle, &family, &suffix];
    let full = parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ");
    (!full.is_empty()).then_some(ProfileName { full, given, middle, family, suffix })
}

/// True if a cell of the record has the two first names with a hyphen between them.
fn is_hyphenated(records: &Records, record: RecordId, first: &str, second: &str) -> bool {
    let (table, row) = records.raw().place(record);
    let named = table
        .columns()
        .iter()
        .filter(|column| matches!(column.kind(), FieldKind::GivenName | FieldKind::FullName));
    let mut cells = named.filter_map(|column| column.cell(row).value()).filter(|cell| cell.contains('-'));
    cells.any(|cell| {
        let compound = text::fold(&format!("{first}-{second}"));
        let words = text::readable(cell);
        words
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'))
            .filter(|word| word.contains('-'))
            .map(text::fold)
            .any(|word| {
                word == compound || word.strip_prefix(&compound).is_some_and(|rest| rest.starts_with(' '))
            })
    })
}
