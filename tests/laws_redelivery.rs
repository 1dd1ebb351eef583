//! Law: the same row delivered twice changes nothing; the repeat is a reject.
//!
//! What makes it fail: a repeat that becomes a record of its own (the keys of `Table::push`), or a reject whose reason
//! depends on where its row stands (`Table::reject_losers`).
#![allow(clippy::unwrap_used)]

mod world;

use std::collections::BTreeMap;

use onefold::Unified;
use onefold::record::RejectReason;
use proptest::prelude::*;
use world::{Draw, Reached, World, entities, links, merges, rejects};

/// Repeats rows at random places: each row (`percent` of a hundred) once more.
fn repeated(world: &World, percent: usize, seed: u64) -> (World, Vec<(&'static str, Vec<String>)>) {
    let (mut draw, mut world) = (Draw::new(seed), world.clone());
    let mut repeats = Vec::new();
    for export in &mut world.exports {
        for row in export.rows.clone() {
            if draw.percent(percent) {
                repeats.push((export.name, row.clone()));
                export.rows.insert(draw.below(export.rows.len() + 1), row);
            }
        }
    }
    (world, repeats)
}

/// The rejects that these repeats must add: a repeat fares as its row did, and the repeat of a record is redelivered.
fn expected(world: &World, once: &Unified, repeats: &[(&'static str, Vec<String>)]) -> BTreeMap<String, u64> {
    let mut fate: BTreeMap<(&str, &[String]), String> = BTreeMap::new();
    for export in &world.exports {
        let line = |line: u64| (export.name, export.rows[line as usize - 2].as_slice());
        for reject in once.ingest.rejects.iter().filter(|reject| reject.source == export.name) {
            let text = format!("{} {:?} {:?} {:?}", reject.source, reject.key, reject.field, reject.reason);
            fate.insert(line(reject.line), text);
        }
        let table =
            once.records.raw().sources().iter().find(|table| table.info().name == export.name).unwrap();
        for (key, &at) in table.keys().iter().zip(table.lines()) {
            let (key, field) = (export.key.map(|_| key), None::<&str>);
            let reason = RejectReason::Redelivered;
            fate.insert(line(at), format!("{} {key:?} {field:?} {reason:?}", export.name));
        }
    }
    let mut rejects = rejects(&once.ingest);
    for (source, row) in repeats {
        *rejects.entry(fate[&(*source, row.as_slice())].clone()).or_default() += 1;
    }
    rejects
}

#[test]
fn repeats_at_random_places() {
    let reached = Reached::default();
    let strategy = (any::<u64>(), 1..60usize, any::<u64>(), prop::sample::select(vec![10, 50, 100]));
    world::check(60, strategy, |(seed, customers, places, percent)| {
        let world = World::new(seed, customers);
        let (twice, repeats) = repeated(&world, percent, places);
        let (once, again) = (world.run(), twice.run());
        prop_assert_eq!(again.ingest.rows_read(), once.ingest.rows_read() + repeats.len() as u64);
        prop_assert_eq!(once.model.to_json().unwrap(), again.model.to_json().unwrap());
        prop_assert_eq!(links(&once), links(&again));
        prop_assert_eq!(entities(&once), entities(&again));
        prop_assert_eq!(&once.guarded, &again.guarded);
        prop_assert_eq!(world::issues(&once.issues), world::issues(&again.issues));
        prop_assert_eq!(expected(&world, &once, &repeats), rejects(&again.ingest));
        let redelivered = |unified: &Unified| {
            unified.ingest.sources.iter().map(|source| source.rejects.redelivered).sum::<u64>()
        };
        reached.add("redelivered", redelivered(&again) - redelivered(&once));
        reached.add("rejected again", repeats.len() as u64 - (redelivered(&again) - redelivered(&once)));
        reached.add("merges", merges(&once));
        Ok(())
    });
    reached.assert(50, &["redelivered", "rejected again", "merges"]);
}

#[test]
fn the_whole_file_twice() {
    let world = World::new(11, 120);
    let mut twice = world.clone();
    for export in &mut twice.exports {
        let rows = export.rows.clone();
        export.rows.extend(rows);
    }
    let (once, again) = (world.run(), twice.run());
    let repeats: Vec<_> = world
        .exports
        .iter()
        .flat_map(|export| export.rows.iter().map(|row| (export.name, row.clone())))
        .collect();
    assert_eq!(once.model.to_json().unwrap(), again.model.to_json().unwrap());
    assert_eq!((links(&once), entities(&once)), (links(&again), entities(&again)));
    assert_eq!(expected(&world, &once, &repeats), rejects(&again.ingest));
    assert_eq!(again.ingest.rejects.len() - once.ingest.rejects.len(), world.rows());
    assert!(merges(&once) > 10 && repeats.len() > 100);
}
