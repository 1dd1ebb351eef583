//! Law: every row is a record or a reject, and every record is in exactly one entity.
//!
//! What makes it fail: a row dropped without a reject (the losers of `Table::push`), a row counted twice
//! (`Table::reject`), a record left out of the partition (`Partition::from_roots`).
#![allow(clippy::unwrap_used)]

mod world;

use std::collections::BTreeSet;

use onefold::Unified;
use onefold::record::RejectReason;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use world::{Reached, World};

#[test]
fn rows_become_records_or_rejects() {
    let reached = Reached::default();
    world::check(100, (any::<u64>(), 0..60usize), |(seed, customers)| {
        let world = World::new(seed, customers);
        let unified = world.run();
        rows_reconcile(&world, &unified, &reached)?;
        rejects_tell(&world, &unified, &reached)?;
        each_record_in_one_entity(&unified)?;
        reached.add("merges", world::merges(&unified));
        Ok(())
    });
    reached.assert(
        20,
        &["records", "merges", "missing_key", "redelivered", "superseded", "ragged", "keyless repeats"],
    );
}

fn rows_reconcile(world: &World, unified: &Unified, reached: &Reached) -> Result<(), TestCaseError> {
    let report = &unified.ingest;
    prop_assert_eq!(report.rows_read(), world.rows() as u64);
    prop_assert_eq!(report.rows_read(), report.records() + report.rejects.len() as u64);
    prop_assert_eq!(report.records(), unified.records.len() as u64);
    for source in &report.sources {
        let export = world.exports.iter().find(|export| export.name == source.name).unwrap();
        let rejects = report.rejects.iter().filter(|reject| reject.source == source.name).count() as u64;
        prop_assert_eq!(source.rows_read, export.rows.len() as u64);
        prop_assert_eq!(source.rejects.total(), rejects);
        prop_assert_eq!(source.rows_read, source.records + rejects);
        reached.add("missing_key", source.rejects.missing_key);
        reached.add("redelivered", source.rejects.redelivered);
        reached.add("superseded", source.rejects.superseded);
        reached.add("ragged", source.rejects.ragged);
        reached.add("keyless repeats", source.keyless_repeats);
    }
    Ok(())
}

/// Each line of a file is that of one record or of one reject; the reject names it, its source and its reason.
fn rejects_tell(world: &World, unified: &Unified, reached: &Reached) -> Result<(), TestCaseError> {
    let raw = unified.records.raw();
    for table in raw.sources() {
        let name = &table.info().name;
        let export = world.exports.iter().find(|export| export.name == *name).unwrap();
        let rejects: Vec<_> = unified.ingest.rejects.iter().filter(|reject| reject.source == *name).collect();
        let mut lines: Vec<u64> =
            table.lines().iter().copied().chain(rejects.iter().map(|reject| reject.line)).collect();
        lines.sort_unstable();
        prop_assert_eq!(lines, (2..export.rows.len() as u64 + 2).collect::<Vec<_>>());
        for reject in rejects {
            let row = &export.rows[reject.line as usize - 2];
            let width = export.header.len();
            match &reject.reason {
                RejectReason::Ragged { expected, found } => {
                    prop_assert_eq!((*expected, *found), (width, row.len()));
                }
                RejectReason::MissingKey => {
                    prop_assert_eq!(&row[0], "");
                    prop_assert_eq!(reject.field.as_deref(), export.key);
                }
                RejectReason::Redelivered | RejectReason::Superseded => {
                    prop_assert_eq!(reject.key.as_ref(), export.key.map(|_| &row[0]));
                    let same = export.rows.iter().filter(|other| *other == row).count();
                    prop_assert!(same > 1 || matches!(reject.reason, RejectReason::Superseded));
                }
                other => prop_assert!(false, "{other}"),
            }
            prop_assert!(!reject.to_string().is_empty());
        }
        // The record's cells are those of its line.
        let mut contents = BTreeSet::new();
        for (row, &line) in table.lines().iter().enumerate() {
            let written = &export.rows[line as usize - 2];
            for column in table.columns() {
                let text = written[export.column(column.name())].as_str();
                prop_assert_eq!(column.cell(row).value().unwrap_or_default(), text);
            }
            prop_assert!(contents.insert(written), "one row became two records");
        }
        reached.add("records", table.len() as u64);
    }
    Ok(())
}

fn each_record_in_one_entity(unified: &Unified) -> Result<(), TestCaseError> {
    let partition = &unified.partition;
    let mut seen = vec![0; unified.records.len()];
    for (entity, members) in partition.iter() {
        prop_assert!(!members.is_empty());
        for &record in members {
            seen[record.index()] += 1;
            prop_assert_eq!(partition.entity_of(record), entity);
        }
    }
    prop_assert!(seen.iter().all(|&count| count == 1));
    prop_assert_eq!(partition.records(), unified.records.len());
    prop_assert!(partition.iter().all(|(_, members)| members.windows(2).all(|pair| pair[0] < pair[1])));
    Ok(())
}

#[test]
fn a_source_of_nothing_but_rejects() {
    let mut world = World::new(3, 20);
    world.exports.retain(|export| export.name == "crm");
    for row in &mut world.exports[0].rows {
        row.truncate(2);
    }
    let unified = world.run();
    assert_eq!(unified.records.len(), 0);
    assert_eq!(unified.ingest.rejects.len(), world.rows());
    assert!(world.rows() > 10 && unified.partition.is_empty());
    assert!(unified.ingest.rejects.iter().all(|reject| matches!(reject.reason, RejectReason::Ragged { .. })));
    assert!(unified.records.raw().find("crm", "C00000").is_none());
}
