//! One source with every distinct cell read.

use rayon::prelude::*;

use super::cell::{Context, Parsed, depends_on_country, parse_cell};
use super::field::FieldNames;
use super::organisation::parse_organisation;
use super::parsed::{ParsedValues, PartView};
use crate::record::{EntityClass, Issue, IssueKind, RawColumn, SourceTable};
use crate::schema::{EntityKind, Field, FieldKind};
use crate::value::{self, Date};

/// One source with all of its cells read.
pub(super) struct Source<'a> {
    table: &'a SourceTable,
    first: u32,
    columns: Vec<ReadColumn<'a>>,
}

/// One column with its distinct texts read.
pub(super) struct ReadColumn<'a> {
    raw: &'a RawColumn,
    fields: Vec<Field>,
    /// One per distinct text, read with the default country.
    values: ParsedValues,
    /// The country of each row where it is another than the default; empty where the kind does not ask for it.
    countries: Vec<Option<&'static str>>,
    /// The (text, country) of those rows, ascending, and what is read there.
    foreign: (Vec<(u32, &'static str)>, ParsedValues),
    /// Rows in which a full name only repeats the organisation's name; empty where there are none.
    repeats: Vec<bool>,
}

/// Where what a row's cell gives is kept, if the row has a cell: among the texts, or among those read in other countries.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    Own(usize),
    Foreign(usize),
}

impl ReadColumn<'_> {
    /// How many cells have been read with the default country, and with others.
    pub(super) fn cells(&self) -> (usize, usize) {
        (self.raw.values().len(), self.foreign.0.len())
    }

    /// The values that a row's cell gives.
    pub(super) fn parts(&self, row: usize) -> impl Iterator<Item = PartView<'_>> {
        self.read(row).into_iter().flat_map(|(values, cell)| values.of(cell))
    }

    /// Where what a row's cell gives is kept.
    #[inline]
    pub(super) fn place(&self, row: usize) -> Option<Place> {
        let number = self.raw.value_number(row)?;
        if self.repeats.get(row).copied().unwrap_or(false) {
            return None;
        }
        let Some(country) = self.countries.get(row).copied().flatten() else {
            return Some(Place::Own(number as usize));
        };
        Some(Place::Foreign(self.foreign.0.binary_search(&(number, country)).ok()?))
    }

    /// The values among which what a row's cell gives is kept, and its number there.
    fn read(&self, row: usize) -> Option<(&ParsedValues, usize)> {
        Some(match self.place(row)? {
            Place::Own(cell) => (&self.values, cell),
            Place::Foreign(cell) => (&self.foreign.1, cell),
        })
    }

    fn issue(&self, row: usize) -> Option<IssueKind> {
        let (values, cell) = self.read(row)?;
        values.issue(cell)
    }

    fn first_text(&self, row: usize) -> Option<&str> {
        self.parts(row).next().map(|part| part.text)
    }
}

impl<'a> Source<'a> {
    /// Reads all cells; `first` is the id of the source's first record.
    pub(super) fn read(
        table: &'a SourceTable,
        first: u32,
        names: &FieldNames,
        country: Option<&str>,
    ) -> Source<'a> {
        let entity = table.info().entity;
        let used = table.columns().iter().filter(|column| column.kind() != FieldKind::Ignore);
        let columns = used.map(|raw| {
            let read = |number: usize| {
                let text = raw.values().get(number as u32);
                parse_cell(raw.kind(), text, Context { entity, country })
            };
            ReadColumn {
                raw,
                fields: names.fields_of(raw.kind(), raw.name()),
                values: ParsedValues::read(raw.values().len(), read),
                countries: Vec::new(),
                foreign: Default::default(),
                repeats: Vec::new(),
            }
        });
        let mut source = Source { table, first, columns: columns.collect() };
        source.read_foreign(country);
        source.mark_repeats();
        source
    }

    /// The id of the source's first record.
    pub(super) fn first(&self) -> u32 {
        self.first
    }

    /// The rows of the source.
    pub(super) fn rows(&self) -> std::ops::Range<usize> {
        0..self.table.len()
    }

    /// All fields that the source fills, with repeats.
    pub(super) fn fields(&self) -> impl Iterator<Item = &Field> {
        self.columns.iter().flat_map(|column| &column.fields)
    }

    /// The columns that can fill a field.
    pub(super) fn columns_of(&self, field: &Field) -> Vec<&ReadColumn<'a>> {
        self.columns.iter().filter(|column| column.fields.contains(field)).collect()
    }

    /// The date of birth of a row whose parts are stored apart.
    pub(super) fn birth_date_of_parts(&self, row: usize) -> Option<Date> {
        let part = |kind| self.of_kind(kind).find_map(|column| column.first_text(row));
        let year = part(FieldKind::BirthYear)?.parse().ok();
        let month = part(FieldKind::BirthMonth).and_then(|month| month.parse().ok());
        let day = part(FieldKind::BirthDay).and_then(|day| day.parse().ok());
        Date::parts(year, month, day)
    }

    /// What a row is.
    pub(super) fn class(&self, row: usize) -> EntityClass {
        let has = |kinds: &[FieldKind]| {
            self.columns.iter().flat_map(|column| column.parts(row)).any(|part| kinds.contains(&part.kind))
        };
        match self.table.info().entity {
            EntityKind::Person => EntityClass::Person,
            EntityKind::Organisation => EntityClass::Organisation,
            EntityKind::Either if has(&[FieldKind::GivenName, FieldKind::FamilyName]) => EntityClass::Person,
            EntityKind::Either if has(&[FieldKind::OrgName]) => EntityClass::Organisation,
            EntityKind::Either => EntityClass::Unknown,
        }
    }

    /// The issues of all cells in order of line and column.
    pub(super) fn issues(&self) -> Vec<Issue> {
        let mut found: Vec<(u64, usize, usize, IssueKind)> = Vec::new();
        let lines = || self.table.lines().iter().copied().enumerate();
        for (position, column) in self.columns.iter().enumerate() {
            if column.values.has_issues() || column.foreign.1.has_issues() {
                found.extend(lines().filter_map(|(row, line)| {
                    let issue = column.issue(row)?;
                    Some((line, position, row, issue))
                }));
            }
            if column.raw.kind() == FieldKind::BirthDay {
                let impossible = lines().filter(|&(row, _)| self.is_impossible_day(column, row));
                found.extend(impossible.map(|(row, line)| (line, position, row, IssueKind::Unparsable)));
            }
        }
        found.sort_unstable();
        let issue = |(line, position, row, kind): (u64, usize, usize, IssueKind)| {
            let column = self.columns.get(position)?;
            Some(Issue {
                source: self.table.info().name.clone(),
                line,
                field: column.raw.name().to_owned(),
                value: column.raw.cell(row).value()?.to_owned(),
                kind,
            })
        };
        found.into_iter().filter_map(issue).collect()
    }

    fn of_kind(&self, kind: FieldKind) -> impl Iterator<Item = &ReadColumn<'a>> {
        self.columns.iter().filter(move |column| column.raw.kind() == kind)
    }

    /// True when the day is one that its month does not have.
    fn is_impossible_day(&self, column: &ReadColumn<'_>, row: usize) -> bool {
        column.first_text(row).is_some()
            && self.of_kind(FieldKind::BirthMonth).any(|month| month.first_text(row).is_some())
            && self.birth_date_of_parts(row).is_some_and(|date| date.day().is_none())
    }

    /// Reads cells once more for rows that name another country than the default.
    fn read_foreign(&mut self, default: Option<&str>) {
        if self.of_kind(FieldKind::Country).next().is_none() {
            return;
        }
        let entity = self.table.info().entity;
        let country = |row| {
            let named = self.of_kind(FieldKind::Country).find_map(|column| column.first_text(row))?;
            value::parse_country(named).filter(|&country| Some(country) != default)
        };
        let countries: Vec<Option<&'static str>> = self.rows().into_par_iter().map(country).collect();
        let dependent = self.columns.par_iter_mut().filter(|column| depends_on_country(column.raw.kind()));
        dependent.for_each(|column| {
            let raw = column.raw;
            let pairs = countries
                .iter()
                .enumerate()
                .filter_map(|(row, country)| Some((raw.value_number(row)?, (*country)?)));
            let mut pairs: Vec<(u32, &'static str)> = pairs.collect();
            pairs.sort_unstable();
            pairs.dedup();
            let read = |at: usize| {
                let Some(&(number, country)) = pairs.get(at) else { return Parsed::default() };
                let context = Context { entity, country: Some(country) };
                parse_cell(raw.kind(), raw.values().get(number), context)
            };
            let values = ParsedValues::read(pairs.len(), read);
            column.foreign = (pairs, values);
            column.countries.clone_from(&countries);
        });
    }

    /// Marks full names that only repeat the name of the row's organisation: they name no person.
    fn mark_repeats(&mut self) {
        if self.table.info().entity != EntityKind::Either {
            return;
        }
        let names = |column: &ReadColumn<'_>| {
            let is_repeat = |row: usize| {
                let Some(text) = column.raw.cell(row).value() else { return false };
                let mut organisations =
                    self.of_kind(FieldKind::OrgName).filter_map(|column| column.first_text(row)).peekable();
                organisations.peek().is_some() && {
                    let name = parse_organisation(text).name;
                    organisations.any(|organisation| organisation == name)
                }
            };
            self.rows().into_par_iter().map(is_repeat).collect::<Vec<bool>>()
        };
        let repeats: Vec<(usize, Vec<bool>)> = self
            .columns
            .iter()
            .enumerate()
            .filter(|(_, column)| column.raw.kind() == FieldKind::FullName)
            .map(|(position, column)| (position, names(column)))
            .collect();
        for (position, repeats) in repeats {
            if let Some(column) = self.columns.get_mut(position) {
                column.repeats = repeats;
            }
        }
    }
}
