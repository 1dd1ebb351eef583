//! Law: no entity holds what a guard forbids, whatever the links say.
//!
//! What makes it fail: a guard left out of `Clusters::guard`, claims that a merge forgets (`Clusters::merge`), a
//! cannot-link that is only looked up for the two linked records (`Clusters::cannot_link`), a must-link left out.
//!
//! A must-link yields to a cannot-link alone, so what stewards put together may hold more than the other guards
//! allow; what links add to it may not.
#![allow(clippy::unwrap_used)]

mod world;

use std::collections::{BTreeMap, BTreeSet};

use onefold::model::{Link, Links, Threshold};
use onefold::record::{
    Cell, EntityClass, RawColumn, RawRecords, Records, RecordsBuilder, SourceInfo, SourceTable,
};
use onefold::resolve::{Constraints, Guard, PairScore, Partition, RecordKey, resolve};
use onefold::{FieldKind, RecordId};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use world::{Draw, Reached, World};

/// All clusters are supported: only the other guards decide.
struct Always;

impl PairScore for Always {
    fn probability(&self, _: RecordId, _: RecordId) -> f64 {
        1.0
    }
}

type Pairs = Vec<(RecordId, RecordId)>;

/// Records of a duplicate-free source, a source with an exclusive column, and a source without promises.
fn records(draw: &mut Draw, each: usize) -> Records {
    let passports = ["p1", "p2", "p3", "p4"];
    let table = |name: &str, draw: &mut Draw| {
        let mut info = SourceInfo::new(name);
        info.duplicate_free = name == "one";
        info.exclusive = if name == "two" { vec!["passport".to_owned()] } else { Vec::new() };
        let cells: Vec<Cell<'_>> = (0..each)
            .map(|_| if draw.percent(60) { Cell::Value(passports[draw.below(4)]) } else { Cell::Empty })
            .collect();
        let column = RawColumn::from_cells("passport", FieldKind::NationalId, cells);
        let keys = (0..each).map(|at| format!("{at:03}")).collect();
        SourceTable::new(info, keys, (0..each as u64).collect(), vec![column])
    };
    let raw = RawRecords::new(["one", "two", "three"].map(|name| table(name, draw)).into());
    let class = |draw: &mut Draw| {
        *draw.pick(&[
            EntityClass::Person,
            EntityClass::Organisation,
            EntityClass::Unknown,
            EntityClass::Unknown,
        ])
    };
    let classes = (0..raw.len()).map(|_| class(draw)).collect();
    RecordsBuilder::new(raw, classes).finish()
}

fn pairs(draw: &mut Draw, records: usize, most: usize) -> Pairs {
    let count = draw.below(most + 1);
    let record = |draw: &mut Draw| RecordId(draw.below(records) as u32);
    let pairs: BTreeSet<_> = (0..count)
        .map(|_| (record(draw), record(draw)))
        .filter(|(a, b)| a != b)
        .map(|(a, b)| (a.min(b), a.max(b)))
        .collect();
    pairs.into_iter().collect()
}

fn constraints(records: &Records, must: &Pairs, cannot: &Pairs) -> Constraints {
    let key = |record| {
        let (source, key) = records.raw().key(record);
        RecordKey::new(source, key)
    };
    let must = must.iter().fold(Constraints::new(), |all, &(a, b)| all.must_link(key(a), key(b)));
    cannot.iter().fold(must, |all, &(a, b)| all.cannot_link(key(a), key(b)))
}

/// What stewards put together: the components of the must-links that were honoured.
fn put_together(records: &Records, partition: &Partition, must: &Pairs) -> Vec<u32> {
    let mut component: Vec<u32> = (0..records.len() as u32).collect();
    for &(a, b) in must.iter().filter(|(a, b)| partition.entity_of(*a) == partition.entity_of(*b)) {
        let (from, to) = (component[a.index()], component[b.index()]);
        component.iter_mut().filter(|label| **label == from).for_each(|label| *label = to);
    }
    component
}

fn guards_hold(
    records: &Records,
    partition: &Partition,
    must: &Pairs,
    cannot: &Pairs,
) -> Result<(), TestCaseError> {
    let together = |a: RecordId, b: RecordId| partition.entity_of(a) == partition.entity_of(b);
    for &(a, b) in cannot {
        prop_assert!(!together(a, b), "cannot-link {a:?} {b:?}");
    }
    for &(a, b) in must.iter().filter(|&&(a, b)| !together(a, b)) {
        let apart = |x: RecordId, y: RecordId| together(x, a) && together(y, b);
        let forbidden = cannot.iter().any(|&(x, y)| apart(x, y) || apart(y, x));
        prop_assert!(forbidden, "must-link {a:?} {b:?}");
    }
    let component = put_together(records, partition, must);
    for (_, members) in partition.iter() {
        let by_stewards = |holds: &dyn Fn(&[RecordId]) -> bool| {
            let mut parts: BTreeMap<u32, Vec<RecordId>> = BTreeMap::new();
            for &record in members {
                parts.entry(component[record.index()]).or_default().push(record);
            }
            parts.values().any(|part| holds(part))
        };
        let of_source = |part: &[RecordId], source| {
            part.iter().filter(|&&record| records.source(record) == source).count()
        };
        for (at, table) in records.raw().sources().iter().enumerate() {
            let source = onefold::SourceId(at as u16);
            let all = of_source(members, source);
            if table.info().duplicate_free && all > 1 {
                prop_assert!(by_stewards(&|part| of_source(part, source) == all), "{members:?}");
            }
            for column in table.info().exclusive.iter().filter_map(|name| table.column(name)) {
                let values = |part: &[RecordId]| -> BTreeSet<String> {
                    let own = part.iter().filter(|&&record| records.source(record) == source);
                    let cells = own.map(|&record| column.cell(records.raw().place(record).1));
                    cells.filter_map(|cell| cell.value().map(str::to_owned)).collect()
                };
                let all = values(members);
                prop_assert!(all.len() < 2 || by_stewards(&|part| values(part) == all), "{all:?}");
            }
        }
        let both = |part: &[RecordId]| {
            let has = |class| part.iter().any(|&record| records.class(record) == class);
            has(EntityClass::Person) && has(EntityClass::Organisation)
        };
        prop_assert!(!both(members) || by_stewards(&both), "a person and an organisation: {members:?}");
    }
    Ok(())
}

fn count_guards(reached: &Reached, guarded: &BTreeMap<Guard, u64>) {
    for (guard, name) in [
        (Guard::DuplicateFree, "duplicate-free"),
        (Guard::Exclusive, "exclusive"),
        (Guard::CannotLink, "cannot-link"),
        (Guard::EntityClass, "entity class"),
        (Guard::Evidence, "evidence"),
    ] {
        reached.add(name, guarded.get(&guard).copied().unwrap_or(0));
    }
}

#[test]
fn any_links() {
    let reached = Reached::default();
    world::check(
        2_000,
        (any::<u64>(), 1..12usize, 0..60usize, 0..8usize),
        |(seed, each, linked, decided)| {
            let mut draw = Draw::new(seed);
            let records = records(&mut draw, each);
            let links = pairs(&mut draw, records.len(), linked).into_iter().map(|(a, b)| {
                let weight = draw.below(12) as f64;
                Link { a, b, weight, probability: weight / 12.0 }
            });
            let links = Links::new(links.collect(), vec![]);
            let must = pairs(&mut draw, records.len(), decided);
            let cannot = pairs(&mut draw, records.len(), decided);
            let decisions = constraints(&records, &must, &cannot);
            let resolution = resolve(&records, &links, 0.25, &decisions, &Always).unwrap();
            guards_hold(&records, &resolution.partition, &must, &cannot)?;
            count_guards(&reached, &resolution.guarded);
            let partition = &resolution.partition;
            let apart = must.iter().filter(|(a, b)| partition.entity_of(*a) != partition.entity_of(*b));
            reached.add("must-links that yield", apart.count() as u64);
            reached.add("must-links", must.len() as u64);
            reached.add("merges", (records.len() - partition.len()) as u64);
            Ok(())
        },
    );
    let guards = ["duplicate-free", "exclusive", "cannot-link", "entity class"];
    reached.assert(100, &guards);
    reached.assert(100, &["must-links that yield", "must-links", "merges"]);
}

#[test]
fn whole_runs() {
    let reached = Reached::default();
    world::check(40, (any::<u64>(), 5..60usize), |(seed, customers)| {
        let mut world = World::new(seed, customers);
        for export in &mut world.exports {
            export.duplicate_free = export.name == "erp";
            export.exclusive = (export.name == "crm").then_some("ausweis");
        }
        // A low threshold: the links press against the guards.
        let builder = world.builder().threshold(Threshold::Posterior(0.02));
        let free = builder.clone().build().unwrap().run().unwrap();
        let mut draw = Draw::new(seed ^ 1);
        let linked: Vec<_> = free.links.iter().map(|link| (link.a, link.b)).collect();
        let cannot: Pairs = linked.iter().copied().filter(|_| draw.percent(15)).collect();
        let must = pairs(&mut draw, free.records.len(), 4);
        let run =
            builder.constraints(constraints(&free.records, &must, &cannot)).build().unwrap().run().unwrap();
        for (unified, must, cannot) in [(&free, &vec![], &vec![]), (&run, &must, &cannot)] {
            guards_hold(&unified.records, &unified.partition, must, cannot)?;
            count_guards(&reached, &unified.guarded);
            reached.add("merges", world::merges(unified));
        }
        reached.add("must-links", must.len() as u64);
        Ok(())
    });
    reached.assert(20, &["duplicate-free", "exclusive", "cannot-link", "must-links", "merges"]);
    reached.assert(1, &["evidence"]);
}
