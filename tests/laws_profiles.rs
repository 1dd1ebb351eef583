//! Law: every record is in exactly one profile, and a profile shows nothing that its records do not state.
//!
//! What makes it fail: a value of another customer, a spelling that no cell has (`normalize::surface`), a profile that
//! depends on the order of rows or the number of threads, an order that is lost or counted twice.
#![allow(clippy::unwrap_used)]

mod world;

use std::collections::{BTreeMap, BTreeSet};

use onefold::fact::{Orders, OrdersBuilder};
use onefold::ingest::{Source, ingest};
use onefold::model::Links;
use onefold::normalize::{NormalizeOptions, normalize};
use onefold::profile::{Profile, Profiles};
use onefold::record::Records;
use onefold::resolve::Partition;
use onefold::survive::{GoldenRecords, Policy, survive};
use onefold::text::{fold, readable};
use onefold::value::Amount;
use onefold::{CustomerId, FieldKind, HouseholdId, RecordId, Unified};
use proptest::prelude::*;
use world::{Reached, World};

fn golden(unified: &Unified) -> GoldenRecords {
    survive(&unified.records, &unified.partition, &Policy::default())
}

fn profiles<'a>(unified: &'a Unified, golden: &'a GoldenRecords, orders: &'a Orders) -> Profiles<'a> {
    Profiles::new(&unified.records, &unified.partition, golden, orders, &unified.links, None)
}

/// One order for each record, in the name of its source.
fn orders(records: &Records) -> Orders {
    let mut builder = OrdersBuilder::new();
    for record in records.ids() {
        let amount = Amount::from_units(10_000 * (1 + i64::from(record.0 % 7)));
        let id = records.raw().key(record).1;
        builder.push(records.source(record), id, record, None, Some(amount), None);
    }
    builder.finish()
}

/// The texts that a profile shows in the spelling of a cell.
fn spelled(profile: &Profile) -> Vec<&str> {
    let name = profile.name.iter().flat_map(|name| [&name.given, &name.middle, &name.family]);
    let addresses = profile.addresses.iter().flat_map(|address| [&address.street, &address.city]);
    name.chain(addresses).flatten().map(String::as_str).chain(profile.organisation.as_deref()).collect()
}

/// The letters of a text, in one case: two texts with the same ones differ in case, space and punctuation at most.
fn letters(text: &str) -> String {
    readable(text).chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[test]
fn every_record_is_in_one_profile_and_every_text_in_a_cell() {
    let reached = Reached::default();
    world::check(40, (any::<u64>(), 1..60usize), |(seed, customers)| {
        let unified = World::new(seed, customers).run();
        let (golden, orders) = (golden(&unified), orders(&unified.records));
        let profiles = profiles(&unified, &golden, &orders);
        let mut keys = BTreeSet::new();
        let mut emails: BTreeMap<String, u32> = BTreeMap::new();
        for profile in profiles.iter() {
            let cells: Vec<String> = profile
                .records
                .iter()
                .map(|record| unified.records.raw().find(&record.source, &record.key).unwrap())
                .flat_map(|record| {
                    let (table, row) = unified.records.raw().place(record);
                    table.columns().iter().filter_map(move |column| column.cell(row).value()).map(letters)
                })
                .collect();
            for text in spelled(&profile) {
                prop_assert!(
                    cells.iter().any(|cell| cell.contains(&letters(text))),
                    "{text} not in {cells:?}"
                );
                let shouts =
                    text.len() > 3 && fold(text).contains(char::is_alphabetic) && text == text.to_uppercase();
                prop_assert!(!shouts || profile.organisation.as_deref() == Some(text), "{text}");
                reached.add("accents", u64::from(!text.is_ascii()));
            }
            for record in &profile.records {
                prop_assert!(keys.insert((record.source.clone(), record.key.clone())));
                prop_assert!((0.0..=1.0).contains(&record.confidence));
                let found = profiles.find(&record.source, &record.key).unwrap();
                prop_assert_eq!(found.customer_id, profile.customer_id);
            }
            let first = &profile.records[0];
            prop_assert_eq!(profile.customer_id, CustomerId::of_record(&first.source, &first.key));
            let entity = profiles.entity_of(profile.customer_id).unwrap();
            prop_assert_eq!(&profiles.get(entity), &profile);
            prop_assert_eq!(profile.orders.count, profile.records.len() as u64);
            for email in &profile.emails {
                *emails.entry(email.value.clone()).or_default() += 1;
                prop_assert!(1 <= email.sources && email.sources <= email.records);
            }
            reached.add("addresses", u64::from(profile.addresses.len() > 1));
            reached.add("households", u64::from(profile.emails.iter().any(|email| email.shared_with > 0)));
        }
        prop_assert_eq!(keys.len(), unified.records.len());
        prop_assert_eq!(profiles.find("nowhere", "1"), None);
        prop_assert_eq!(profiles.entity_of(CustomerId::of_record("nowhere", "1")), None);
        for profile in profiles.iter() {
            for email in &profile.emails {
                prop_assert_eq!(email.shared_with, emails[&email.value] - 1);
            }
        }
        let lines = |profile: Profile| serde_json::to_string(&profile).unwrap();
        let mut pieces = Vec::new();
        let add = |piece: Vec<String>| {
            pieces.extend(piece);
            Ok::<(), ()>(())
        };
        profiles.map_chunks(7, lines, add).unwrap();
        prop_assert_eq!(&pieces, &profiles.map(lines));
        let read = |line: &String| serde_json::from_str::<Profile>(line).unwrap();
        prop_assert_eq!(pieces.iter().map(read).collect::<Vec<_>>(), profiles.iter().collect::<Vec<_>>());
        Ok(())
    });
    reached.assert(20, &["accents", "addresses"]);
}

#[test]
fn the_order_of_rows_and_sources_changes_nothing() {
    world::check(20, (any::<u64>(), 1..50usize, any::<u64>()), |(seed, customers, order)| {
        let world = World::new(seed, customers);
        let lines = |unified: &Unified| {
            let (golden, orders) = (golden(unified), orders(&unified.records));
            profiles(unified, &golden, &orders).map(|profile| serde_json::to_string(&profile).unwrap())
        };
        prop_assert_eq!(lines(&world.run()), lines(&world.shuffled(order).run()));
        Ok(())
    });
}

/// The profile of one customer whose records are these rows.
fn profile(exports: &[(&str, &str, &[&str])]) -> Profile {
    let kind = |column: &str| column.trim_end_matches(char::is_numeric).parse::<FieldKind>().ok();
    let source = |&(name, header, rows): &(&str, &str, &[&str])| {
        let text = format!("key;{header}\n{}\n", rows.join("\n"));
        let source = Source::bytes(name, "export.csv", text.into_bytes()).key("key");
        header.split(';').fold(source, |source, column| match kind(column) {
            Some(kind) => source.field(column, kind),
            None => source.updated_at(column),
        })
    };
    let sources: Vec<Source> = exports.iter().map(source).collect();
    let raw = ingest(&sources, "".as_ref()).unwrap().records;
    let (records, _) = normalize(raw, &NormalizeOptions::default().with_country("DE"));
    let partition = Partition::from_roots(&vec![0; records.len()]);
    let golden = survive(&records, &partition, &Policy::default());
    let (orders, links) = (Orders::default(), Links::default());
    let household = HouseholdId::of_record("crm", "1");
    let profiles = Profiles::new(&records, &partition, &golden, &orders, &links, None)
        .with_households(|entity| (entity.0 == 0).then_some(household));
    let profile = profiles.get(onefold::EntityId(0));
    assert_eq!(profile.household, Some(household));
    assert_eq!(profile.records.len(), records.ids().map(RecordId::index).count());
    profile
}

#[test]
fn a_profile_shows_the_best_of_each_spelling() {
    let profile = profile(&[
        (
            "crm",
            "given_name;family_name;birth_date;email;phone;street;postal_code;city;gender",
            &["1;KARL-HEINZ;MUELLER;3.4.1980;Karl@Post.DE;030 1234567;HAUPTSTR. 12 A;10115;BERLIN;m"],
        ),
        (
            "erp",
            "full_name;birth_date;address;email;tax_id;category1",
            &[
                "7;Herr Karl-Heinz Müller;1980;Hauptstraße 12a, 10115 Berlin;karl@post.de;DE136695976;Gold Kunde",
                "8;K. Müller;;;k.mueller@firma.de;;",
            ],
        ),
    ]);
    let name = profile.name.unwrap();
    assert_eq!(name.full, "Karl-Heinz Müller");
    assert_eq!((name.given.as_deref(), name.middle.as_deref()), (Some("Karl-Heinz"), None));
    assert_eq!(profile.birth_date.as_deref(), Some("1980-04-03"));
    assert_eq!(profile.gender, Some(onefold::value::Gender::Male));
    let emails: Vec<_> =
        profile.emails.iter().map(|e| (e.value.as_str(), e.records, e.sources, e.shared_with)).collect();
    assert_eq!(emails, [("karl@post.de", 2, 2, 0), ("k.mueller@firma.de", 1, 1, 0)]);
    assert_eq!(profile.addresses.len(), 1);
    let address = &profile.addresses[0];
    assert_eq!(address.street.as_deref(), Some("Hauptstraße"));
    assert_eq!(address.house_number.as_deref(), Some("12a"));
    assert_eq!((address.postal_code.as_deref(), address.city.as_deref()), (Some("10115"), Some("Berlin")));
    assert_eq!((address.records, address.sources), (2, 2));
    assert_eq!(profile.identifiers[0].value, "DE136695976");
    assert_eq!(profile.values[0].value, "Gold Kunde");
}

#[test]
fn names_by_table() {
    let cases: &[(&str, &[&str])] = &[
        ("Ludwig van Beethoven", &["1;BEETHOVEN, LUDWIG VAN", "2;Ludwig van Beethoven"]),
        ("Ursula von der Leyen", &["1;Dr. Ursula von der Leyen", "2;Ursula von der Leyen"]),
        ("Anna Maria Huber", &["1;Anna Huber", "2;Anna Maria Huber"]),
        ("Seán O'Brien", &["1;SEAN O'BRIEN", "2;Seán O'Brien", "3;Sean OBrien"]),
        ("Ronald McDonald Jr.", &["1;RONALD MCDONALD JR."]),
        ("Anna Müller-Lüdenscheidt", &["1;\"M&uuml;ller-L&uuml;denscheidt, Anna\""]),
        ("Jürgen Weiß", &["1;JÃ¼rgen WeiÃŸ", "2;JUERGEN WEISS"]),
        ("Robert Smith", &["1;Bob Smith", "2;Bob Smith", "3;Robert Smith"]),
        ("José García y López", &["1;José García y López"]),
    ];
    for (expected, rows) in cases {
        assert_eq!(profile(&[("crm", "full_name", rows)]).name.unwrap().full, *expected);
    }
}
