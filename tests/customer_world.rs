//! The promises of the generator in `examples/world`: any part of it alone, in any order, gives the same bytes, and its
//! data is as far from the truth as measured data is.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "../examples/world/mod.rs"]
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use rayon::prelude::*;
use world::World;
use world::locale::Country;
use world::sources::Source;
use world::tier::Tier;

const RECORDS: u64 = 120_000;

fn typical() -> &'static Exported {
    static TYPICAL: OnceLock<Exported> = OnceLock::new();
    TYPICAL.get_or_init(|| exported(&World::of_records(1, Tier::Typical, RECORDS, &Source::MAIN)))
}

/// The columns of a file by name, and the rows.
#[derive(Debug)]
struct Table {
    header: Vec<String>,
    rows: Vec<csv::StringRecord>,
}

impl Table {
    fn read(content: &[u8], separator: u8) -> Table {
        let mut reader = csv::ReaderBuilder::new().delimiter(separator).from_reader(content);
        let header = reader.headers().unwrap().iter().map(str::to_owned).collect();
        Table { header, rows: reader.records().collect::<Result<_, _>>().unwrap() }
    }

    fn column(&self, name: &str) -> impl Fn(&csv::StringRecord) -> String {
        let at = self.header.iter().position(|column| column == name).unwrap();
        move |row| row.get(at).unwrap().to_owned()
    }
}

/// A person or organisation as a source shows it.
#[derive(Clone, Debug)]
struct Shown {
    given: String,
    family: String,
    name: String,
    company: String,
    mailbox: String,
    phones: Vec<String>,
    street: String,
    postal_code: String,
    born: String,
}

/// The records of each entity by source, with the entity's type and household.
struct Exported {
    crm: BTreeMap<String, Vec<Shown>>,
    erp: BTreeMap<String, Vec<Shown>>,
    orders: BTreeMap<String, Vec<Shown>>,
    households: BTreeMap<String, String>,
    organisations: BTreeSet<String>,
    rows: u64,
}

fn exported(world: &World) -> Exported {
    let files: BTreeMap<_, _> = world::export::in_memory(world).into_iter().collect();
    let truth = Table::read(&files["truth.csv"], b',');
    let [source, key, entity, kind, household] =
        ["source", "key", "entity", "entity_type", "household"].map(|name| truth.column(name));
    let mut entities = BTreeMap::new();
    let (mut households, mut organisations) = (BTreeMap::new(), BTreeSet::new());
    for row in &truth.rows {
        entities.insert((source(row), key(row)), entity(row));
        households.insert(entity(row), household(row));
        if kind(row) == "organisation" {
            organisations.insert(entity(row));
        }
    }
    let mut rows = 0;
    let mut read = |source: Source, names: [&str; 9]| {
        let table = Table::read(&files[source.file()], source.separator());
        rows += table.rows.len() as u64;
        let key = table.column(source.columns(world)[0].0);
        let cells = names.map(|names| {
            names
                .split('+')
                .filter(|name| !name.is_empty())
                .map(|name| table.column(name))
                .collect::<Vec<_>>()
        });
        let mut shown: BTreeMap<String, Vec<Shown>> = BTreeMap::new();
        for row in &table.rows {
            let Some(entity) = entities.get(&(source.name().to_owned(), key(row))) else { continue };
            let of = |at: usize| {
                cells[at].iter().map(|cell| cell(row)).collect::<Vec<_>>().join(" ").trim().to_owned()
            };
            shown.entry(entity.clone()).or_default().push(Shown {
                given: of(0),
                family: of(1),
                name: of(2),
                company: of(3),
                mailbox: of(4).to_lowercase(),
                phones: cells[5]
                    .iter()
                    .map(|cell| digits(&cell(row)))
                    .filter(|phone| !phone.is_empty())
                    .collect(),
                street: of(6),
                postal_code: of(7),
                born: of(8),
            });
        }
        shown
    };
    let mut crm = read(
        Source::Crm,
        [
            "vorname",
            "nachname",
            "vorname+nachname",
            "firma",
            "email",
            "telefon+mobil",
            "strasse",
            "plz",
            "geburtsdatum",
        ],
    );
    // The accounts are the organisations of the CRM.
    crm.extend(read(Source::Accounts, ["", "", "", "name", "email", "zentrale", "strasse", "plz", ""]));
    let erp = read(
        Source::Erp,
        ["", "", "NAME", "FIRMA1", "EMAIL", "TELEFON", "STRASSE+HAUSNR", "PLZ", "GEB_DATUM"],
    );
    let orders = read(Source::Orders, ["", "", "name", "company", "email", "phone", "street", "zip", ""]);
    Exported { crm, erp, orders, households, organisations, rows }
}

/// A number as it is dialled in its country.
fn digits(phone: &str) -> String {
    let national = phone.replace("(0)", "").replace('+', "00");
    let digits: String = national.chars().filter(char::is_ascii_digit).collect();
    // Americans dial no zero before the area.
    if let Some(behind) = digits.strip_prefix("001").filter(|behind| behind.len() == 10) {
        return behind.to_owned();
    }
    let behind = ["0049", "0043", "0041", "0044", "0033"].iter().find_map(|code| digits.strip_prefix(code));
    behind.map_or(digits.clone(), |behind| format!("0{behind}"))
}

fn share(hits: usize, of: usize) -> f64 {
    hits as f64 / of.max(1) as f64
}

fn check(what: &str, found: f64, expected: std::ops::RangeInclusive<f64>) {
    println!("{what:50} {found:.3}  (expected {expected:?})");
    assert!(expected.contains(&found), "{what}: {found}");
}

#[test]
fn any_part_alone_has_the_same_bytes() {
    for tier in Tier::ALL {
        let world = World::new(3, tier, 36_000, 12_000, &Source::MAIN);
        assert!(world.blocks() > 2);
        let whole: Vec<_> = (0..world.blocks()).map(|block| world.block(block)).collect();
        let mut parts: Vec<_> = (0..world.blocks() as u32)
            .into_par_iter()
            .rev()
            .map(|block| World::new(3, tier, 36_000, 12_000, &Source::MAIN).block(block.into()))
            .collect();
        parts.reverse();
        for (one, other) in whole.iter().zip(&parts) {
            for (rows, others) in one.files().zip(other.files()) {
                assert!(rows.len() > 120 && rows.bytes() == others.bytes());
            }
        }
    }
}

#[test]
fn the_number_of_rows_is_met() {
    for sources in [&Source::MAIN[..], &[Source::Crm], &[Source::Erp, Source::Orders]] {
        let world = World::of_records(5, Tier::Dirty, 30_000, sources);
        let files = world::export::in_memory(&world);
        let rows = |(source, (_, content)): (&Source, &(_, Vec<u8>))| {
            Table::read(content, source.separator()).rows.len()
        };
        let total: usize = world.sources().iter().zip(&files).map(rows).sum();
        assert_eq!(total, 30_000, "rows of {sources:?}");
        assert_eq!(files.len(), world.sources().len() + 4);
    }
}

#[test]
fn typical_people_differ_as_measured() {
    let exported = typical();
    check("records", exported.rows as f64, RECORDS as f64..=RECORDS as f64);
    let (mut pairs, mut names, mut streets, mut mailboxes, mut with_mailboxes) = (0, 0, 0, 0, 0);
    for (entity, contacts) in &exported.crm {
        for order in exported.orders.get(entity).into_iter().flatten().take(4) {
            for contact in contacts {
                pairs += 1;
                names += usize::from(contact.name == order.name);
                streets += usize::from(contact.street == order.street);
                if !contact.mailbox.is_empty() && !order.mailbox.is_empty() {
                    with_mailboxes += 1;
                    mailboxes += usize::from(contact.mailbox == order.mailbox);
                }
            }
        }
    }
    assert!(pairs > 20_000);
    check("CRM and order: name is equal", share(names, pairs), 0.55..=0.70);
    check("CRM and order: street and number are equal", share(streets, pairs), 0.40..=0.60);
    check("CRM and order: e-mail is equal", share(mailboxes, with_mailboxes), 0.70..=0.85);

    let (mut differ, mut single) = (0, 0);
    for contacts in exported.crm.values() {
        for (at, one) in contacts.iter().enumerate() {
            for other in &contacts[..at] {
                for (a, b) in [(&one.given, &other.given), (&one.family, &other.family)] {
                    let (a, b) = (a.to_lowercase(), b.to_lowercase());
                    if a != b {
                        differ += 1;
                        single += usize::from(strsim::osa_distance(&a, &b) == 1);
                    }
                }
            }
        }
    }
    assert!(differ > 1_000);
    check("single edits among differences of names", share(single, differ), 0.30..=0.50);
    check("records of people without a twin in any field", without_twin(exported), 0.10..=0.20);
}

/// The share of records with others of the same person of which none has the same mailbox, number, or name and birth
/// date.
fn without_twin(exported: &Exported) -> f64 {
    let mut all: BTreeMap<&str, Vec<&Shown>> = BTreeMap::new();
    for source in [&exported.crm, &exported.erp, &exported.orders] {
        for (entity, shown) in source {
            if !exported.organisations.contains(entity) {
                all.entry(entity).or_default().extend(shown);
            }
        }
    }
    let (mut lonely, mut records) = (0, 0);
    for shown in all.values().filter(|shown| shown.len() > 1) {
        for (at, one) in shown.iter().enumerate() {
            records += 1;
            let is_twin = |other: &Shown| {
                (!one.mailbox.is_empty() && one.mailbox == other.mailbox)
                    || one.phones.iter().any(|phone| other.phones.contains(phone))
                    || (!one.born.is_empty() && one.born == other.born && one.name == other.name)
            };
            lonely += usize::from(
                !shown.iter().enumerate().any(|(position, other)| position != at && is_twin(other)),
            );
        }
    }
    share(lonely, records)
}

#[test]
fn typical_organisations_differ_as_measured() {
    let exported = typical();
    let plain = |name: &str| {
        let plain = world::errors::without_umlauts(name, true).to_lowercase();
        let mut folded: Vec<&str> = plain
            .split(' ')
            .map(|word| match word.trim_end_matches('.') {
                "street" => "st",
                "road" => "rd",
                "avenue" | "ave" => "av",
                "lane" => "ln",
                "drive" => "dr",
                "close" => "cl",
                "court" | "crt" => "ct",
                "place" => "pl",
                "boulevard" | "bld" | "blvd" => "bd",
                "rue" => "r",
                "chemin" | "chem" => "ch",
                "impasse" => "imp",
                "route" => "rte",
                other => other,
            })
            .collect();
        // The house number stands in front in some countries, and in a field of its own in the ERP.
        if folded[0].starts_with(|sign: char| sign.is_ascii_digit()) {
            folded.rotate_left(1);
        }
        folded
            .iter()
            .flat_map(|word| word.chars())
            .filter(|letter| letter.is_alphanumeric())
            .take(28)
            .collect::<String>()
            .replace("strasse", "str")
    };
    let (mut pairs, mut names, mut phones, mut with_phones, mut addresses) = (0, 0, 0, 0, 0);
    for entity in &exported.organisations {
        let shown: Vec<_> =
            [&exported.crm, &exported.erp].iter().filter_map(|source| source.get(entity)).flatten().collect();
        for (at, one) in shown.iter().enumerate() {
            for other in &shown[..at] {
                pairs += 1;
                names += usize::from(plain(&one.company) != plain(&other.company));
                addresses += usize::from(plain(&one.street) != plain(&other.street));
                if let (Some(phone), Some(others)) = (one.phones.first(), other.phones.first()) {
                    with_phones += 1;
                    phones += usize::from(phone != others);
                }
            }
        }
    }
    assert!(pairs > 3_000);
    check("organisations: name differs", share(names, pairs), 0.42..=0.58);
    check("organisations: phone differs", share(phones, with_phones), 0.09..=0.17);
    check("organisations: address differs", share(addresses, pairs), 0.32..=0.48);
}

#[test]
fn surnames_fall_off_as_in_a_register() {
    let names = world::names::Names::get();
    // In the telephone books of Germany the slope is 0.65 from rank 10 to 100, and 0.70 from 10 to 1000; in the names
    // of the American voters it is 0.67 and 0.74.
    for (country, to_100, to_1000) in [(Country::De, 0.65, 0.70), (Country::Us, 0.67, 0.74)] {
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        let mut draw = world::random::Draw::of(1, "surnames", 0);
        for _ in 0..400_000 {
            let origin = names.origin(&mut draw, country);
            *counts.entry(names.surname(&mut draw, origin).text).or_default() += 1;
        }
        let mut counts: Vec<u32> = counts.into_values().collect();
        counts.sort_unstable_by(|a, b| b.cmp(a));
        let slope = |from: usize, to: usize| {
            (f64::from(counts[from - 1]) / f64::from(counts[to - 1])).ln() / (to as f64 / from as f64).ln()
        };
        let code = country.code();
        check(
            &format!("{code}: slope of surnames, ranks 10 to 100"),
            slope(10, 100),
            to_100 * 0.9..=to_100 * 1.1,
        );
        check(
            &format!("{code}: slope of surnames, ranks 10 to 1000"),
            slope(10, 1_000),
            to_1000 * 0.9..=to_1000 * 1.1,
        );
        check(&format!("{code}: different surnames"), counts.len() as f64, 6_000.0..=100_000.0);
    }
}

/// How many values belong to more than one.
fn several<K: Ord>(sets: &BTreeMap<K, BTreeSet<&str>>) -> f64 {
    sets.values().filter(|set| set.len() > 1).count() as f64
}

#[test]
fn hard_negatives_are_there() {
    let exported = typical();
    let mut by_name: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    let mut by_birth: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    let mut by_mailbox: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut by_company: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut by_household: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut by_household_name: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for (entity, contacts) in &exported.crm {
        for contact in contacts {
            if exported.organisations.contains(entity) {
                by_company.entry(&contact.company).or_default().insert(entity);
                continue;
            }
            let household = exported.households[entity].as_str();
            by_name.entry((&contact.name, &contact.postal_code)).or_default().insert(entity);
            if !contact.mailbox.is_empty() {
                by_mailbox.entry(&contact.mailbox).or_default().insert(entity);
            }
            if !household.is_empty() {
                by_household.entry(household).or_default().insert(entity);
                by_household_name.entry((household, &contact.name)).or_default().insert(entity);
                if !contact.born.is_empty() {
                    by_birth.entry((household, &contact.born)).or_default().insert(entity);
                }
            }
        }
    }
    check("households with several members in the CRM", several(&by_household), 2_000.0..=50_000.0);
    check("mailboxes of several people", several(&by_mailbox), 100.0..=5_000.0);
    check("namesakes in a postal code", several(&by_name), 6.0..=2_000.0);
    check("parents and children of one name", several(&by_household_name), 3.0..=500.0);
    check("birth dates of two in a household", several(&by_birth), 1.0..=500.0);
    check("names of several organisations", several(&by_company), 60.0..=5_000.0);
}
