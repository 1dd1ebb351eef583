//! The promises of the generator in `examples/world`: any part of it alone, in any order, gives the same bytes, and what
//! makes matching hard is there.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "../examples/world/mod.rs"]
mod world;
mod world_tables;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use world::World;
use world::sources::Source;
use world::tier::Tier;
use world_tables::{Exported, Table};

const RECORDS: u64 = 120_000;

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

/// How many values belong to more than one.
fn several<K: Ord>(sets: &BTreeMap<K, BTreeSet<&str>>) -> f64 {
    sets.values().filter(|set| set.len() > 1).count() as f64
}

#[test]
fn hard_negatives_are_there() {
    let exported = &Exported::of(&World::of_records(1, Tier::Typical, RECORDS, &Source::MAIN));
    assert_eq!(exported.rows, RECORDS);
    let mut by_name: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    let mut by_birth: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    let mut by_mailbox: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut by_company: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut by_household: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut by_household_name: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for (entity, contacts) in exported.of_source(Source::Crm) {
        for contact in contacts {
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
    for (entity, accounts) in exported.of_source(Source::Accounts) {
        for account in accounts {
            by_company.entry(&account.company).or_default().insert(entity);
        }
    }
    check("households with several members in the CRM", several(&by_household), 2_000.0..=50_000.0);
    check("mailboxes of several people", several(&by_mailbox), 100.0..=5_000.0);
    check("namesakes in a postal code", several(&by_name), 6.0..=2_000.0);
    check("parents and children of one name", several(&by_household_name), 1.0..=500.0);
    check("birth dates of two in a household", several(&by_birth), 1.0..=500.0);
    check("names of several organisations", several(&by_company), 60.0..=5_000.0);
}
