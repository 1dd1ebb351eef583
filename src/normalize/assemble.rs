//! All records: every distinct cell read once, then put together record by record.

use rayon::prelude::*;

use super::field::FieldNames;
use super::options::NormalizeOptions;
use super::parsed::PartView;
use super::source::{Place, ReadColumn, Source};
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
        let mut columns: Vec<Given<'_>> = source.columns_of(field).into_iter().map(Given::new).collect();
        if columns.is_empty() {
            continue;
        }
        for row in source.rows() {
            let record = RecordId(source.first() + row as u32);
            let is_given = match known(&columns, row) {
                Some(ValueId::MISSING) => false,
                Some(number) => {
                    builder.push_number(record, number);
                    true
                }
                None => push(&mut builder, record, field.kind, &mut columns, row),
            };
            if !is_given
                && field.kind == FieldKind::BirthDate
                && let Some(date) = source.birth_date_of_parts(row)
            {
                builder.push(record, &date.to_string());
            }
        }
    }
    builder
}

/// What the cells of a column give to one field, as far as they have been asked: few texts are in one row only.
struct Given<'a> {
    column: &'a ReadColumn<'a>,
    /// By distinct text, read in the default country and in others.
    own: Vec<u32>,
    foreign: Vec<u32>,
}

/// What a text gives: not asked for or several values, nothing, or a single value, whose number is added to the last.
const UNKNOWN: u32 = 0;
const NOTHING: u32 = 1;
const NUMBER: u32 = 1;

impl<'a> Given<'a> {
    fn new(column: &'a ReadColumn<'a>) -> Self {
        let (own, foreign) = column.cells();
        Given { column, own: vec![UNKNOWN; own], foreign: vec![UNKNOWN; foreign] }
    }

    /// The values of a kind that a row's cell gives.
    fn values(&self, row: usize, kind: FieldKind) -> impl Iterator<Item = PartView<'a>> {
        self.column.parts(row).filter(move |part| part.kind == kind)
    }

    /// What a row's cell gives, as far as it is known.
    fn of(&self, row: usize) -> u32 {
        match self.column.place(row) {
            None => NOTHING,
            Some(Place::Own(cell)) => self.own.get(cell).copied().unwrap_or(UNKNOWN),
            Some(Place::Foreign(cell)) => self.foreign.get(cell).copied().unwrap_or(UNKNOWN),
        }
    }

    fn set(&mut self, row: usize, given: u32) {
        let known = match self.column.place(row) {
            None => None,
            Some(Place::Own(cell)) => self.own.get_mut(cell),
            Some(Place::Foreign(cell)) => self.foreign.get_mut(cell),
        };
        if let Some(known) = known {
            *known = given;
        }
    }
}

/// The only value that the columns give to a row, the missing one if they give nothing; none where that is not known.
fn known(columns: &[Given<'_>], row: usize) -> Option<ValueId> {
    let mut only = NOTHING;
    for column in columns {
        match (column.of(row), only) {
            (NOTHING, _) => {}
            (UNKNOWN, _) => return None,
            (given, NOTHING) => only = given,
            // Which of two counts is a matter of their ranks.
            _ => return None,
        }
    }
    // Nothing is the number 0, that of the missing value.
    Some(ValueId(only - NUMBER))
}

/// Adds the values of the best rank that the columns give to a row, if they give any.
fn push(
    builder: &mut ColumnBuilder,
    record: RecordId,
    kind: FieldKind,
    columns: &mut [Given<'_>],
    row: usize,
) -> bool {
    let best = columns.iter().flat_map(|column| column.values(row, kind)).map(|part| part.rank).min();
    let mut pushed = Vec::new();
    for part in
        columns.iter().flat_map(|column| column.values(row, kind)).filter(|part| Some(part.rank) == best)
    {
        let number = ValueId(part.number(|text| builder.number(text).0));
        builder.push_number(record, number);
        pushed.push(number);
    }
    let parts: Vec<usize> = columns.iter().map(|column| column.values(row, kind).count()).collect();
    let only = match *pushed {
        [number] if parts.iter().sum::<usize>() == 1 => Some(number),
        _ => None,
    };
    for (column, parts) in columns.iter_mut().zip(parts) {
        match (parts, only) {
            (0, _) => column.set(row, NOTHING),
            (_, Some(number)) => column.set(row, number.0 + NUMBER),
            _ => {}
        }
    }
    best.is_some()
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
