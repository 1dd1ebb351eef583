//! Mail addresses that are made of their owner's name.
//!
//! `anna.berger@a` and `anna.berger7@b` resemble each other because two persons are called Anna Berger; the names are
//! compared already. Only what the names do not explain is evidence of its own.

use crate::id::ValueId;
use crate::record::{Column, Records};
use crate::schema::FieldKind;
use crate::text;

/// The names of records, to hold against their mail addresses.
#[derive(Debug)]
pub(crate) struct OwnNames<'a> {
    columns: Vec<&'a Column>,
}

impl<'a> OwnNames<'a> {
    pub(crate) fn new(records: &'a Records) -> Self {
        let kinds = [FieldKind::GivenName, FieldKind::FamilyName, FieldKind::MiddleName];
        let position = |kind| records.schema().position(kind, "");
        let columns = kinds.into_iter().filter_map(position).map(|at| records.column(at)).collect();
        OwnNames { columns }
    }

    /// Whether two similar addresses, each with its record, resemble each other because of the names alone.
    pub(crate) fn explain(&self, a: (&[ValueId], &str), b: (&[ValueId], &str)) -> bool {
        let (local_a, domain_a) = a.1.split_once('@').unwrap_or((a.1, ""));
        let (local_b, domain_b) = b.1.split_once('@').unwrap_or((b.1, ""));
        // One address, misspelt.
        if domain_a == domain_b && text::damerau_within(local_a, local_b, 1).is_some() {
            return false;
        }
        // A number that both have is none of the names.
        let digits = |local: &str| local.chars().filter(char::is_ascii_digit).collect::<String>();
        let (digits_a, digits_b) = (digits(local_a), digits(local_b));
        if digits_a == digits_b && digits_a.len() >= 2 {
            return false;
        }
        self.is_made_of_names(local_a, a.0) && self.is_made_of_names(local_b, b.0)
    }

    /// Whether a local part consists of a record's names, initials, digits and separators.
    fn is_made_of_names(&self, local: &str, row: &[ValueId]) -> bool {
        let mut named = false;
        let explained =
            local.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).all(|word| {
                let rest = self.without_names(word, row);
                named |= rest.len() < word.len();
                // What is left is an initial.
                rest.chars().nth(1).is_none()
            });
        named && explained
    }

    /// What is left of a word without the record's names that stand in it; a word that is a name but for its spelling
    /// leaves nothing.
    fn without_names(&self, word: &str, row: &[ValueId]) -> String {
        const SHORTEST: usize = 3;
        let mut rest = word.to_owned();
        for column in &self.columns {
            for id in column.slice(row).iter().filter(|id| !id.is_missing()) {
                for name in text::tokens(column.text(*id)).filter(|name| name.len() >= SHORTEST) {
                    if let Some(at) = rest.find(name) {
                        rest.replace_range(at..at + name.len(), "");
                    } else if text::jaro_winkler(&rest, name) >= 0.85 {
                        rest.clear();
                    }
                }
            }
        }
        rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::RecordId;
    use crate::record::{ColumnBuilder, EntityClass, RawRecords, RecordsBuilder, SourceInfo, SourceTable};
    use crate::schema::Field;

    #[test]
    fn names_explain_addresses_made_of_them() {
        let people = [("anna", "berger"), ("anna", "bergner"), ("jo", "von der aue"), ("uwe", "kahl")];
        let addresses = [
            // (record, address, record, address, explained)
            (0, "anna.berger@a.de", 1, "anna.bergner@b.de", true),
            (0, "a.berger@a.de", 1, "anna-bergner7@b.de", true),
            (0, "annaberger77@a.de", 1, "anna.bergner77@b.de", false),
            (0, "anna.berger@a.de", 1, "anna.bergner@a.de", false),
            (0, "sonnenblume@a.de", 1, "sonnenblumen@b.de", false),
            (0, "annas.garten@a.de", 1, "anna.garten@b.de", false),
            (0, "anna.brger@a.de", 1, "anna.bergner@b.de", true),
            (2, "jo.vonderaue@a.de", 2, "jvonderaue@b.de", true),
            (3, "info@a.de", 3, "info@b.de", false),
        ];
        let keys: Vec<String> = (0..people.len()).map(|row| row.to_string()).collect();
        let rows = (0..people.len() as u32).collect();
        let table = SourceTable::new(SourceInfo::new("a"), keys, rows, vec![]);
        let mut given = ColumnBuilder::new(Field::new(FieldKind::GivenName, ""));
        let mut family = ColumnBuilder::new(Field::new(FieldKind::FamilyName, ""));
        for (record, (first, last)) in (0..).map(RecordId).zip(people) {
            given.push(record, first);
            family.push(record, last);
        }
        let classes = vec![EntityClass::Person; people.len()];
        let builder = RecordsBuilder::new(RawRecords::new(vec![table]), classes);
        let records = builder.column(given).column(family).finish();
        let names = OwnNames::new(&records);
        for (a, first, b, second, explained) in addresses {
            let (a, b) = (records.row(RecordId(a)), records.row(RecordId(b)));
            assert_eq!(names.explain((a, first), (b, second)), explained, "{first} {second}");
            assert_eq!(names.explain((b, second), (a, first)), explained, "{second} {first}");
        }
    }
}
