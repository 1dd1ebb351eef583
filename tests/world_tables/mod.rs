//! The files of a generated world, read back: what each record shows, and whom it is about.
#![allow(dead_code, reason = "each test uses its own part")]

use std::collections::{BTreeMap, BTreeSet};

use crate::world::World;
use crate::world::errors::without_umlauts;
use crate::world::sources::Source;

/// The columns of a file by name, and the rows.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<csv::StringRecord>,
}

impl Table {
    /// Reads a file with a header.
    pub(crate) fn read(content: &[u8], separator: u8) -> Table {
        let mut reader = csv::ReaderBuilder::new().delimiter(separator).from_reader(content);
        let header = reader.headers().unwrap().iter().map(str::to_owned).collect();
        Table { header, rows: reader.records().collect::<Result<_, _>>().unwrap() }
    }

    /// The cells of a column.
    pub(crate) fn column(&self, name: &str) -> impl Fn(&csv::StringRecord) -> String {
        let at = self.header.iter().position(|column| column == name).unwrap();
        move |row| row.get(at).unwrap().to_owned()
    }
}

/// A person or organisation as a record shows it; what the source has no column for is empty.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shown {
    pub(crate) given: String,
    pub(crate) family: String,
    pub(crate) name: String,
    pub(crate) company: String,
    pub(crate) mailbox: String,
    pub(crate) phones: Vec<String>,
    /// With the house number.
    pub(crate) street: String,
    pub(crate) postal_code: String,
    pub(crate) born: String,
}

impl Shown {
    fn of(row: &csv::StringRecord, columns: &[(usize, &str)]) -> Shown {
        let mut shown = Shown::default();
        for &(at, kind) in columns {
            let cell = row.get(at).unwrap().trim();
            let line = match kind {
                "given_name" => &mut shown.given,
                "family_name" => &mut shown.family,
                "full_name" => &mut shown.name,
                "org_name" => &mut shown.company,
                "street" | "house_number" => &mut shown.street,
                "postal_code" => &mut shown.postal_code,
                "birth_date" => &mut shown.born,
                "email" => {
                    shown.mailbox = cell.to_lowercase();
                    continue;
                }
                "phone" => {
                    shown.phones.extend(Some(digits(cell)).filter(|phone| !phone.is_empty()));
                    continue;
                }
                _ => continue,
            };
            if !cell.is_empty() {
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(cell);
            }
        }
        if shown.name.is_empty() {
            [&shown.given, " ", shown.family.as_str()].concat().trim().clone_into(&mut shown.name);
        }
        shown
    }
}

/// How often a column of a source is empty.
#[derive(Clone, Debug)]
pub(crate) struct Missing {
    pub(crate) source: &'static str,
    pub(crate) column: String,
    pub(crate) kind: String,
    /// Of the records of private people.
    pub(crate) share: f64,
}

/// The records of each entity by source, with the entity's type and household.
pub(crate) struct Exported {
    pub(crate) sources: BTreeMap<&'static str, BTreeMap<String, Vec<Shown>>>,
    pub(crate) households: BTreeMap<String, String>,
    pub(crate) organisations: BTreeSet<String>,
    /// The columns that the spec lists.
    pub(crate) missing: Vec<Missing>,
    pub(crate) rows: u64,
}

impl Exported {
    /// Exports a world into memory and reads it back.
    pub(crate) fn of(world: &World) -> Exported {
        let files: BTreeMap<_, _> = crate::world::export::in_memory(world).into_iter().collect();
        let truth = Table::read(&files["truth.csv"], b',');
        let [source, key, entity, kind, household, org] =
            ["source", "key", "entity", "entity_type", "household", "org"].map(|name| truth.column(name));
        let mut entities = BTreeMap::new();
        let (mut households, mut organisations) = (BTreeMap::new(), BTreeSet::new());
        for row in &truth.rows {
            entities.insert((source(row), key(row)), (entity(row), !org(row).is_empty()));
            households.insert(entity(row), household(row));
            if kind(row) == "organisation" {
                organisations.insert(entity(row));
            }
        }
        let (mut sources, mut missing, mut rows) = (BTreeMap::new(), Vec::new(), 0);
        for &source in world.sources() {
            let table = Table::read(&files[source.file()], source.separator());
            rows += table.rows.len() as u64;
            let columns = source.columns(world);
            let kinds: Vec<(usize, &str)> = columns
                .iter()
                .filter(|(_, kind)| !kind.is_empty())
                .map(|(name, kind)| (table.header.iter().position(|column| column == name).unwrap(), *kind))
                .collect();
            let key = table.column(columns[0].0);
            let mut empty = vec![0usize; table.header.len()];
            let mut private = 0;
            let mut shown: BTreeMap<String, Vec<Shown>> = BTreeMap::new();
            for row in &table.rows {
                let Some((entity, at_work)) = entities.get(&(source.name().to_owned(), key(row))) else {
                    continue;
                };
                if !at_work {
                    private += 1;
                    for (empty, cell) in empty.iter_mut().zip(row) {
                        *empty += usize::from(cell.is_empty());
                    }
                }
                shown.entry(entity.clone()).or_default().push(Shown::of(row, &kinds));
            }
            missing.extend(kinds.iter().map(|&(at, kind)| Missing {
                source: source.name(),
                column: table.header[at].clone(),
                kind: kind.to_owned(),
                share: share(empty[at], private),
            }));
            sources.insert(source.name(), shown);
        }
        Exported { sources, households, organisations, missing, rows }
    }

    /// The records that a source has of each entity.
    pub(crate) fn of_source(&self, source: Source) -> &BTreeMap<String, Vec<Shown>> {
        &self.sources[source.name()]
    }

    /// The share of empty cells in the columns of a kind, over the records of private people.
    pub(crate) fn missing(&self, source: Source, kind: &str) -> f64 {
        let of_kind: Vec<f64> = self
            .missing
            .iter()
            .filter(|missing| missing.source == source.name() && missing.kind == kind)
            .map(|missing| missing.share)
            .collect();
        assert!(!of_kind.is_empty(), "{} has no column of the kind {kind}", source.name());
        of_kind.iter().sum::<f64>() / of_kind.len() as f64
    }
}

/// A share; zero of nothing.
pub(crate) fn share(hits: usize, of: usize) -> f64 {
    hits as f64 / of.max(1) as f64
}

/// A name as a register keeps it: one case, no accents, one form of each umlaut, no signs. What differs after that is
/// an error or a change, no matter of form.
pub(crate) fn folded(text: &str) -> String {
    let text = without_umlauts(text, false).to_lowercase();
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            'e' if folded.ends_with(['a', 'o', 'u']) => {}
            '.' | '\'' | '`' => {}
            letter if letter.is_alphanumeric() => folded.push(letter),
            _ if folded.ends_with(' ') || folded.is_empty() => {}
            _ => folded.push(' '),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// A number as it is dialled in its country.
fn digits(phone: &str) -> String {
    let national = phone.replace("(0)", "").replace('+', "00");
    let digits: String = national.chars().filter(char::is_ascii_digit).collect();
    let behind = ["0049", "0043", "0041", "0044", "0033"].iter().find_map(|code| digits.strip_prefix(code));
    // A number of North America has no digit in front at home.
    behind.map_or_else(
        || digits.strip_prefix("001").map_or_else(|| digits.clone(), str::to_owned),
        |behind| format!("0{behind}"),
    )
}
