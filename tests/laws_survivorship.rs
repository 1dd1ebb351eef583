//! Law: golden values are a function of the records of an entity and of the policy.
//!
//! What makes it fail: a tie that the order of records breaks (`Ranking::order`), a value that no record states, an
//! address put together from records that contradict each other (`Survivor::agrees_with`), a golden value that remembers a
//! merge, a chunk whose rows are appended in the wrong place (`GoldenTable::append`).
#![allow(clippy::unwrap_used)]

mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use onefold::ingest::{Source, ingest};
use onefold::normalize::{NormalizeOptions, normalize};
use onefold::record::Records;
use onefold::resolve::Partition;
use onefold::survive::{
    Comparator, Fill, GoldenRecords, Policy, Reason, Reduce, Rule, Survivorship, survive,
};
use onefold::{EntityId, FieldId, FieldKind, RecordId, Unified};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use world::{Draw, Reached, World};

const ADDRESS: [FieldKind; 7] = [
    FieldKind::Street,
    FieldKind::HouseNumber,
    FieldKind::AddressExtra,
    FieldKind::PostalCode,
    FieldKind::City,
    FieldKind::Region,
    FieldKind::Country,
];
const NAME: [FieldKind; 4] =
    [FieldKind::GivenName, FieldKind::MiddleName, FieldKind::FamilyName, FieldKind::NameSuffix];

fn fields(records: &Records) -> impl Iterator<Item = FieldId> + use<> {
    (0..records.columns().len() as u16).map(FieldId)
}

/// Any rule for any kind that may have one.
fn policy(draw: &mut Draw) -> Policy {
    let mut policy = Policy::default();
    for &kind in FieldKind::ALL {
        if draw.percent(40) {
            continue;
        }
        let mut steps = vec![
            Comparator::MostFrequent,
            Comparator::MostRecent,
            Comparator::Oldest,
            Comparator::SourcePriority(vec!["erp".into(), "crm".into()]),
            Comparator::MostComplete,
            Comparator::Spelling,
            Comparator::Longest,
            Comparator::FullForm,
        ];
        draw.shuffle(&mut steps);
        steps.truncate(draw.below(4));
        let reduce = *draw.pick(&[Reduce::PickOne, Reduce::UnionDistinct]);
        let fill = *draw.pick(&[Fill::Never, Fill::IfAgrees]);
        if let Ok(changed) = policy.clone().with_rule(kind, Rule::new(steps, reduce).with_fill(fill)) {
            policy = changed;
        }
    }
    policy
}

/// The true entities of a world, with some that are wrong: the more records, the more ties.
fn partition(draw: &mut Draw, unified: &Unified) -> Partition {
    let records = &unified.records;
    let mut labels: BTreeMap<String, u32> = BTreeMap::new();
    let mut roots: Vec<u32> = records
        .ids()
        .map(|record| {
            let (table, row) = records.raw().place(record);
            let truth = table.column("truth").and_then(|column| column.cell(row).value()).unwrap_or("");
            let next = labels.len() as u32;
            *labels.entry(truth.to_owned()).or_insert(next)
        })
        .collect();
    if draw.percent(30) {
        let merged = draw.below(labels.len()) as u32;
        roots.iter_mut().filter(|root| **root % 5 == 0).for_each(|root| *root = merged);
    }
    Partition::from_roots(&roots)
}

/// The golden values of an entity by texts and keys, which do not depend on the numbers of a run.
fn entity_text(records: &Records, golden: &GoldenRecords, entity: EntityId) -> String {
    let mut out = String::new();
    for field in fields(records) {
        let column = records.column(field);
        write!(out, "{}:", column.field()).unwrap();
        for row in golden.rows(entity, field) {
            let part = row.get(field);
            let part = part.map(|part| (column.text(part.value), records.raw().key(part.record)));
            write!(out, " {part:?}x{}/{}", row.records(), row.sources()).unwrap();
        }
        out.push('\n');
    }
    out
}

fn all_text(records: &Records, partition: &Partition, golden: &GoldenRecords) -> BTreeSet<String> {
    partition
        .iter()
        .map(|(entity, members)| {
            let keys: Vec<_> = members.iter().map(|&record| records.raw().key(record)).collect();
            format!("{keys:?}\n{}", entity_text(records, golden, entity))
        })
        .collect()
}

fn position(records: &Records, kinds: &[FieldKind]) -> Vec<FieldId> {
    kinds.iter().filter_map(|&kind| records.schema().position(kind, "")).collect()
}

/// Golden values are values of the entity's records, and parts that survive together agree.
fn is_closed_and_coherent(
    records: &Records,
    partition: &Partition,
    golden: &GoldenRecords,
    reached: &Reached,
) -> Result<(), TestCaseError> {
    let groups = [position(records, &ADDRESS), position(records, &NAME)];
    for (entity, members) in partition.iter() {
        for field in fields(records) {
            let column = records.column(field);
            let rows = golden.rows(entity, field);
            reached.add("unions", u64::from(rows.len() > 1));
            for part in rows.filter_map(|row| row.get(field)) {
                prop_assert!(members.contains(&part.record));
                prop_assert!(column.slice(records.row(part.record)).contains(&part.value));
            }
        }
        for group in groups.iter().filter(|group| !group.is_empty()) {
            for row in golden.rows(entity, group[0]) {
                let first = |record: RecordId, field: FieldId| {
                    records
                        .column(field)
                        .slice(records.row(record))
                        .first()
                        .copied()
                        .filter(|v| !v.is_missing())
                };
                let sources: BTreeSet<RecordId> =
                    group.iter().filter_map(|&field| row.get(field)).map(|part| part.record).collect();
                reached.add("fills", u64::from(sources.len() > 1));
                for &field in group {
                    let values: BTreeSet<_> =
                        sources.iter().filter_map(|&record| first(record, field)).collect();
                    prop_assert!(values.len() < 2, "parts of {entity} come from records that disagree");
                    prop_assert_eq!(row.get(field).map(|part| part.value), values.into_iter().next());
                }
            }
        }
    }
    Ok(())
}

/// Every value of a record is a winner, a supporter or a loser, once.
fn lineage_is_total(
    survivorship: &Survivorship<'_>,
    records: &Records,
    partition: &Partition,
    golden: &GoldenRecords,
    reached: &Reached,
) -> Result<(), TestCaseError> {
    for (entity, members) in partition.iter() {
        for field in fields(records) {
            let lineage = survivorship.lineage(entity, field);
            let winners: Vec<_> = golden.rows(entity, field).filter_map(|row| row.get(field)).collect();
            prop_assert_eq!(&lineage.winners, &winners);
            let told = lineage.winners.iter().chain(&lineage.supporters).map(|v| (v.record, v.value));
            let mut told: Vec<_> = told.chain(lineage.losers.iter().map(|l| (l.record, l.value))).collect();
            told.sort_unstable();
            told.dedup();
            let column = records.column(field);
            let grouped = ADDRESS.contains(&column.field().kind) || NAME.contains(&column.field().kind);
            let stated = |&record: &RecordId| {
                let values = column.slice(records.row(record)).iter().filter(|value| !value.is_missing());
                values.take(if grouped { 1 } else { usize::MAX }).map(move |&value| (record, value))
            };
            let mut stated: Vec<_> = members.iter().flat_map(stated).collect();
            stated.sort_unstable();
            prop_assert_eq!(told, stated);
            for loser in &lineage.losers {
                reached.add(
                    match &loser.reason {
                        Reason::CanonicalOrder => "ties",
                        Reason::NotEligible => "not eligible",
                        _ => "decided",
                    },
                    1,
                );
            }
            reached.add("supporters", lineage.supporters.len() as u64);
        }
    }
    Ok(())
}

#[test]
fn closed_coherent_and_explained() {
    let reached = Reached::default();
    world::check(60, (any::<u64>(), 1..40usize), |(seed, customers)| {
        let mut draw = Draw::new(seed);
        let unified = World::new(seed, customers).run();
        let (partition, policy) = (partition(&mut draw, &unified), policy(&mut draw));
        let survivorship = Survivorship::new(&unified.records, &partition, &policy);
        let golden = survivorship.golden();
        prop_assert_eq!(golden.len(), partition.len());
        is_closed_and_coherent(&unified.records, &partition, &golden, &reached)?;
        lineage_is_total(&survivorship, &unified.records, &partition, &golden, &reached)
    });
    reached.assert(50, &["unions", "fills", "ties", "decided", "not eligible", "supporters"]);
}

#[test]
fn the_order_of_rows_and_sources_changes_nothing() {
    let reached = Reached::default();
    world::check(30, (any::<u64>(), 1..50usize, any::<u64>()), |(seed, customers, order)| {
        let world = World::new(seed, customers);
        let (one, other) = (world.run(), world.shuffled(order).run());
        let policy = policy(&mut Draw::new(seed));
        let text = |unified: &Unified| {
            let golden = survive(&unified.records, &unified.partition, &policy);
            all_text(&unified.records, &unified.partition, &golden)
        };
        prop_assert_eq!(text(&one), text(&other));
        reached.add("merges", world::merges(&one));
        Ok(())
    });
    reached.assert(50, &["merges"]);
}

#[test]
fn rows_delivered_twice_change_nothing() {
    let world = World::new(3, 80);
    let mut twice = world.clone();
    for export in &mut twice.exports {
        let rows = export.rows.clone();
        export.rows.extend(rows);
    }
    let text = |unified: &Unified| {
        let golden = survive(&unified.records, &unified.partition, &Policy::default());
        all_text(&unified.records, &unified.partition, &golden)
    };
    let (once, again) = (world.run(), twice.run());
    assert!(again.ingest.rejects.len() > once.ingest.rejects.len() + 50);
    assert_eq!(text(&once), text(&again));
}

#[test]
fn unmerge_is_recompute() {
    let reached = Reached::default();
    world::check(40, (any::<u64>(), 1..40usize), |(seed, customers)| {
        let mut draw = Draw::new(seed);
        let unified = World::new(seed, customers).run();
        let records = &unified.records;
        let (merged, policy) = (partition(&mut draw, &unified), policy(&mut draw));
        // Each entity in two: what each part gets does not depend on the other.
        let roots: Vec<u32> = records
            .ids()
            .map(|record| merged.entity_of(record).0 * 2 + u32::from(draw.percent(50)))
            .collect();
        let parts = Partition::from_roots(&roots);
        let golden = survive(records, &parts, &policy);
        for (entity, members) in parts.iter() {
            // The part alone: every other record is an entity of its own.
            let alone: Vec<u32> = records
                .ids()
                .map(|record| if members.contains(&record) { u32::MAX } else { record.0 })
                .collect();
            let alone = Partition::from_roots(&alone);
            let own = alone.entity_of(members[0]);
            let recomputed = survive(records, &alone, &policy);
            prop_assert_eq!(entity_text(records, &golden, entity), entity_text(records, &recomputed, own));
            reached.add("parts", u64::from(members.len() > 1));
        }
        Ok(())
    });
    reached.assert(50, &["parts"]);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let mut draw = Draw::new(17);
    let world = World::new(17, 9_000);
    let sources: Vec<Source> = world.exports.iter().map(world::Export::source).collect();
    let raw = ingest(&sources, "".as_ref()).unwrap().records;
    let (records, _) = normalize(raw, &NormalizeOptions::default().with_country("DE"));
    assert!(records.len() >= 20_000, "{}", records.len());
    let roots: Vec<u32> = records.ids().map(|_| draw.below(records.len() / 3) as u32).collect();
    let partition = Partition::from_roots(&roots);
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| survive(&records, &partition, &Policy::default()))
    };
    let one = run(1);
    assert_eq!(one, run(2));
    assert_eq!(one, run(5));
    assert!(partition.iter().filter(|(_, members)| members.len() > 2).count() > 1_000);
}
