//! Which field each column fills.

use crate::record::{RawColumn, RawRecords, SourceTable};
use crate::schema::{Field, FieldKind};
use crate::text;

use super::cell::fills;

/// The names of the fields of those kinds of which a record can have several.
pub(super) struct FieldNames {
    /// Kinds of identifier of which every source has one column, under one name: they need none.
    unnamed: Vec<FieldKind>,
}

impl FieldNames {
    /// Decides from the columns of all sources.
    pub(super) fn of(raw: &RawRecords) -> FieldNames {
        let unnamed =
            [FieldKind::NationalId, FieldKind::LoyaltyId].into_iter().filter(|&kind| is_single(raw, kind));
        FieldNames { unnamed: unnamed.collect() }
    }

    /// The fields that a column fills.
    pub(super) fn fields_of(&self, kind: FieldKind, column: &str) -> Vec<Field> {
        fills(kind).iter().map(|&filled| Field::new(filled, self.name(filled, column))).collect()
    }

    fn name(&self, kind: FieldKind, column: &str) -> String {
        use FieldKind as K;
        let named = match kind {
            K::Text | K::Category | K::Number | K::Year | K::Date => true,
            K::NationalId | K::LoyaltyId => !self.unnamed.contains(&kind),
            _ => false,
        };
        if named { folded_name(column) } else { String::new() }
    }
}

/// Every source that has the kind has one column of it, and they are named alike.
fn is_single(raw: &RawRecords, kind: FieldKind) -> bool {
    let names = |source: &SourceTable| -> Vec<String> {
        // A column that is empty everywhere says nothing, about names neither.
        let filled = |column: &&RawColumn| column.kind() == kind && !column.values().is_empty();
        let columns = source.columns().iter().filter(filled);
        columns.map(|column| folded_name(column.name())).collect()
    };
    let all: Vec<Vec<String>> = raw.sources().iter().map(names).filter(|names| !names.is_empty()).collect();
    all.iter().all(|names| names.len() == 1) && all.windows(2).all(|pair| matches!(pair, [a, b] if a == b))
}

/// True if the column can give values to the field.
pub(crate) fn gives(column: &RawColumn, field: &Field) -> bool {
    fills(column.kind()).contains(&field.kind)
        && (field.name.is_empty() || folded_name(column.name()) == field.name)
}

fn folded_name(column: &str) -> String {
    text::fold(column).replace(' ', "_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Cell, SourceInfo};

    fn raw(sources: &[(&str, &[&str])]) -> RawRecords {
        let table = |&(name, columns): &(&str, &[&str])| {
            let columns = columns
                .iter()
                .map(|column| RawColumn::from_cells(*column, FieldKind::NationalId, [Cell::Value("7")]))
                .collect();
            SourceTable::new(SourceInfo::new(name), vec!["1".into()], vec![2], columns)
        };
        RawRecords::new(sources.iter().map(table).collect())
    }

    #[test]
    fn identifiers_of_several_issuers_are_several_fields() {
        let name = |sources: &[(&str, &[&str])]| {
            FieldNames::of(&raw(sources)).fields_of(FieldKind::NationalId, "Passport No")[0].name.clone()
        };
        assert_eq!(name(&[("a", &["Passport No"]), ("b", &["passport-no"])]), "");
        assert_eq!(name(&[("a", &["Passport No", "SSN"])]), "passport_no");
        assert_eq!(name(&[("a", &["Passport No"]), ("b", &["SSN"])]), "passport_no");
    }

    #[test]
    fn texts_carry_the_name_of_their_column() {
        let names = FieldNames::of(&RawRecords::default());
        assert_eq!(
            names.fields_of(FieldKind::Text, "Song Title"),
            [Field::new(FieldKind::Text, "song_title")]
        );
        assert_eq!(names.fields_of(FieldKind::City, "Ort"), [Field::new(FieldKind::City, "")]);
    }
}
