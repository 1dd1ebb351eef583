//! All records: every distinct cell read once, then put together record by record.

use rayon::prelude::*;

use super::field::FieldNames;
use super::options::NormalizeOptions;
use super::source::Source;
use crate::id::{RecordId, SourceId, ValueId};
use crate::record::{ColumnBuilder, EntityClass, Issue, RawRecords, Records, RecordsBuilder};
use crate::schema::{Field, FieldKind};

/// Normalises all records: each distinct text of a column is read once, in parallel, as its column's kind; composite
/// kinds (`full_name`, `address`) fill only what a record's own columns leave open.
///
/// The issues come in order of source, line and column. Neither they nor the records depend on the number of
/// threads. Nothing is lost: what was written stays in [`Records::raw`].
///
/// ```
/// use onefold::normalize::{NormalizeOptions, normalize};
/// use onefold::record::{Cell, RawColumn, RawRecords, SourceInfo, SourceTable};
/// use onefold::{FieldKind, RecordId};
///
/// let name = RawColumn::from_cells("name", FieldKind::FullName, [Cell::Value("Frau Anna Müller")]);
/// let table = SourceTable::new(SourceInfo::new("crm"), vec!["1".into()], vec![2], vec![name]);
/// let (records, issues) = normalize(RawRecords::new(vec![table]), &NormalizeOptions::default());
///
/// let family = records.schema().position(FieldKind::FamilyName, "").unwrap();
/// assert!(records.texts(RecordId(0), family).eq(["mueller"]));
/// assert!(issues.is_empty());
/// ```
pub fn normalize(raw: RawRecords, options: &NormalizeOptions) -> (Records, Vec<Issue>) {
    let country = options.country.as_deref();
    let names = FieldNames::of(&raw);
    let sources: Vec<Source> = raw
        .sources()
        .iter()
        .enumerate()
        .map(|(position, table)| {
            let first = raw.records_of(SourceId(position as u16)).start;
            Source::read(table, first, &names, country)
        })
        .collect();
    let mut fields: Vec<Field> = sources.iter().flat_map(Source::fields).cloned().collect();
    fields.sort_unstable();
    fields.dedup();
    let columns: Vec<ColumnBuilder> = fields.par_iter().map(|field| column(field, &sources)).collect();
    let classes = |source: &Source<'_>| -> Vec<EntityClass> {
        source.rows().into_par_iter().map(|row| source.class(row)).collect()
    };
    let classes = sources.iter().flat_map(classes).collect();
    let issues = sources.par_iter().map(Source::issues).collect::<Vec<_>>().concat();
    drop(sources);
    let builder = columns.into_iter().fold(RecordsBuilder::new(raw, classes), RecordsBuilder::column);
    (builder.finish(), issues)
}

/// One field of all records, in order of their ids.
fn column(field: &Field, sources: &[Source<'_>]) -> ColumnBuilder {
    let mut builder = ColumnBuilder::new(field.clone());
    for source in sources {
        let columns = source.columns_of(field);
        if columns.is_empty() {
            continue;
        }
        for row in source.rows() {
            let record = RecordId(source.first() + row as u32);
            let parts =
                || columns.iter().flat_map(|column| column.parts(row)).filter(|part| part.kind == field.kind);
            if let Some(rank) = parts().map(|part| part.rank).min() {
                for part in parts().filter(|part| part.rank == rank) {
                    let number = part.number(|text| builder.number(text).0);
                    builder.push_number(record, ValueId(number));
                }
            } else if field.kind == FieldKind::BirthDate
                && let Some(date) = source.birth_date_of_parts(row)
            {
                builder.push(record, &date.to_string());
            }
        }
    }
    builder
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Cell, IssueKind, RawColumn, SourceInfo, SourceTable};
    use crate::schema::EntityKind;

    fn table(
        name: &str,
        entity: EntityKind,
        lines: &[u64],
        columns: &[(&str, FieldKind, &[&str])],
    ) -> SourceTable {
        let mut info = SourceInfo::new(name);
        info.entity = entity;
        let keys = (0..lines.len()).map(|row| format!("{row:03}")).collect();
        let column = |&(name, kind, cells): &(&str, FieldKind, &[&str])| {
            let cell = |text: &&'static str| if text.is_empty() { Cell::Empty } else { Cell::Value(text) };
            let texts: Vec<&'static str> = cells.iter().map(|text| &*text.to_string().leak()).collect();
            RawColumn::from_cells(name, kind, texts.iter().map(cell))
        };
        SourceTable::new(info, keys, lines.to_vec(), columns.iter().map(column).collect())
    }

    fn texts(records: &Records, record: u32, kind: FieldKind, name: &str) -> String {
        let Some(field) = records.schema().position(kind, name) else { return "no field".to_owned() };
        records.texts(RecordId(record), field).collect::<Vec<_>>().join("+")
    }

    fn sample() -> RawRecords {
        use FieldKind as K;
        let crm = table(
            "crm",
            EntityKind::Person,
            &[4, 2, 3],
            &[
                ("anrede", K::NamePrefix, &["Frau Dr.", "", "Herr"]),
                ("vorname", K::GivenName, &["Anna Maria", "", "Hans"]),
                ("nachname", K::FamilyName, &["Müller-Lüdenscheidt", "", "Meier"]),
                ("geburtsname", K::FamilyName, &["Huber", "", ""]),
                ("name", K::FullName, &["Frau A. Meier", "MÜLLER Hans Peter", "Hans Otto Meier"]),
                ("jahr", K::BirthYear, &["1980", "", "1975"]),
                ("monat", K::BirthMonth, &["4", "", "2"]),
                ("tag", K::BirthDay, &["3", "", "31"]),
                ("e-mail", K::Email, &["Anna@Meier.DE", "kaputt", "n/a"]),
                ("telefon", K::Phone, &["030 1234567", "030 1234567", "030 1234567"]),
                ("strasse", K::Street, &["Hauptstr. 12", "", "Hauptstr. 14"]),
                ("nr", K::HouseNumber, &["13 a", "", ""]),
                ("anschrift", K::Address, &["", "Am Hang 5, 80331 München", "Weg 1, 1010 Wien"]),
                ("land", K::Country, &["Deutschland", "", "AT"]),
                ("Kunden Nr", K::LoyaltyId, &["A-1", "A-2", ""]),
                ("intern", K::Ignore, &["x", "y", "z"]),
            ],
        );
        let shop = table(
            "shop",
            EntityKind::Either,
            &[2, 3, 4, 5],
            &[
                ("kunde", K::FullName, &["Müller GmbH", "Eva Huber", "Backhaus", ""]),
                ("firma", K::OrgName, &["", "Huber & Söhne KG", "Backhaus AG", ""]),
                ("Konto", K::LoyaltyId, &["B-1", "", "", ""]),
                ("Betrag", K::Number, &["1.234,50", "", "", "viel"]),
            ],
        );
        RawRecords::new(vec![shop, crm])
    }

    #[test]
    fn records_end_to_end() {
        use FieldKind as K;
        let (records, issues) = normalize(sample(), &NormalizeOptions::default().with_country("de"));
        let cases = [
            (0, K::GivenName, "", "anna"),
            (0, K::MiddleName, "", "maria"),
            (0, K::FamilyName, "", "mueller luedenscheidt+huber"),
            (0, K::Gender, "", "f"),
            (0, K::BirthDate, "", "1980-04-03"),
            (0, K::Email, "", "anna@meier.de"),
            (0, K::Phone, "", "+49301234567"),
            (0, K::Street, "", "hauptstrasse"),
            (0, K::HouseNumber, "", "13a"),
            (0, K::Country, "", "DE"),
            (0, K::LoyaltyId, "kunden_nr", "A1"),
            (1, K::GivenName, "", "hans"),
            (1, K::MiddleName, "", "peter"),
            (1, K::FamilyName, "", "mueller"),
            (1, K::Gender, "", ""),
            (1, K::Email, "", ""),
            (1, K::Street, "", "am hang"),
            (1, K::HouseNumber, "", "5"),
            (1, K::PostalCode, "", "80331"),
            (1, K::City, "", "muenchen"),
            (2, K::GivenName, "", "hans"),
            (2, K::MiddleName, "", "otto"),
            (2, K::FamilyName, "", "meier"),
            (2, K::Gender, "", "m"),
            (2, K::BirthDate, "", "1975-02"),
            (2, K::Phone, "", "+43301234567"),
            (2, K::Street, "", "hauptstrasse"),
            (2, K::HouseNumber, "", "14"),
            (2, K::PostalCode, "", "1010"),
            (3, K::OrgName, "", "mueller"),
            (3, K::FamilyName, "", ""),
            (3, K::LoyaltyId, "konto", "B1"),
            (3, K::Number, "betrag", "1234.5"),
            (4, K::FamilyName, "", "huber"),
            (4, K::OrgName, "", "huber soehne"),
            (5, K::FamilyName, "", ""),
            (5, K::OrgName, "", "backhaus"),
        ];
        for (record, kind, name, expected) in cases {
            assert_eq!(texts(&records, record, kind, name), expected, "{record} {kind:?}");
        }
        let classes: Vec<EntityClass> = records.ids().map(|id| records.class(id)).collect();
        let (person, organisation, unknown) =
            (EntityClass::Person, EntityClass::Organisation, EntityClass::Unknown);
        assert_eq!(classes, [person, person, person, organisation, person, organisation, unknown]);
        assert!(records.columns().iter().all(|column| column.field().kind != K::Ignore));
        let found: Vec<_> = issues
            .iter()
            .map(|issue| {
                (issue.source.as_str(), issue.line, issue.field.as_str(), issue.value.as_str(), issue.kind)
            })
            .collect();
        assert_eq!(
            found,
            [
                ("crm", 2, "e-mail", "kaputt", IssueKind::Unparsable),
                ("crm", 3, "tag", "31", IssueKind::Unparsable),
                ("crm", 3, "e-mail", "n/a", IssueKind::Placeholder),
                ("shop", 5, "Betrag", "viel", IssueKind::Unparsable),
            ]
        );
        assert_eq!(records.raw().sources().len(), 2);
    }

    #[test]
    fn the_number_of_threads_changes_nothing() {
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| normalize(sample(), &NormalizeOptions::default().with_country("DE")))
        };
        let (one, one_issues) = run(1);
        let (four, four_issues) = run(4);
        assert_eq!(one_issues, four_issues);
        assert_eq!(one.columns(), four.columns());
        assert!(one.ids().all(|id| one.row(id) == four.row(id) && one.class(id) == four.class(id)));
    }

    #[test]
    fn no_records() {
        let (records, issues) = normalize(RawRecords::default(), &NormalizeOptions::default());
        assert!(records.is_empty() && issues.is_empty());
    }
}
