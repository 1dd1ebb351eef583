//! Law: customer ids survive. A run that changes nothing for an entity keeps its id; a merge redirects, a split points to
//! its parts, every old id has one fate, redirects end, a customer that is taken apart from another has its old id back,
//! and no id is ever given to an entity that it has no record of. What a steward held apart stays apart.
//!
//! What makes it fail: claims that are taken in another order than by weight, age and id (`assign::claims`), an id that is
//! derived although it was given before (`assign::unused`), a merge that changes whose own a record is
//! (`Outcome::assigned`), a redirect that leads to another one (`assign::close`), an older decision that holds against a
//! newer one (`Decisions::constraints`).
#![allow(clippy::unwrap_used)]

mod world;

use std::collections::{BTreeMap, BTreeSet};

use onefold::identity::{
    Assignment, Author, Change, Decisions, Event, Fate, LinkDecision, LinkKind, Registry, Resolution, Run,
    Scope, Situation, assign,
};
use onefold::record::{EntityClass, RawRecords, Records, RecordsBuilder, SourceInfo, SourceTable};
use onefold::resolve::{Partition, RecordKey};
use onefold::survive::Policy;
use onefold::{CustomerId, EntityId, RecordId};
use proptest::prelude::*;
use world::{Draw, Reached, World};

const SOURCES: [&str; 3] = ["app", "crm", "web"];

fn key(number: u32) -> RecordKey {
    RecordKey::new(SOURCES[number as usize % SOURCES.len()], format!("{number:06}"))
}

/// Records of these numbers, in whatever order they are given.
fn records(numbers: &[u32]) -> Records {
    let mut tables: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
    for &number in numbers {
        tables.entry(number as usize % SOURCES.len()).or_default().push(number);
    }
    let tables = tables.into_iter().map(|(source, mut numbers)| {
        numbers.sort_unstable();
        let keys = numbers.iter().map(|number| format!("{number:06}")).collect();
        SourceTable::new(SourceInfo::new(SOURCES[source]), keys, vec![2; numbers.len()], vec![])
    });
    RecordsBuilder::new(RawRecords::new(tables.collect()), vec![EntityClass::Person; numbers.len()]).finish()
}

fn number(records: &Records, record: RecordId) -> u32 {
    records.raw().key(record).1.parse().unwrap()
}

/// The partition that gives records of equal labels to one entity.
fn partition(records: &Records, labels: &BTreeMap<u32, u32>) -> Partition {
    let roots: Vec<u32> = records.ids().map(|record| labels[&number(records, record)]).collect();
    Partition::from_roots(&roots)
}

/// Which records each id has.
fn members(
    records: &Records,
    partition: &Partition,
    ids: &[CustomerId],
) -> BTreeMap<CustomerId, BTreeSet<u32>> {
    let of = |(entity, members): (EntityId, &[RecordId])| {
        (ids[entity.index()], members.iter().map(|&record| number(records, record)).collect())
    };
    partition.iter().map(of).collect()
}

/// Labels after some merges, splits, moves, records that go and records that come.
fn mutate(draw: &mut Draw, labels: &mut BTreeMap<u32, u32>, away: &mut BTreeMap<u32, u32>, next: &mut u32) {
    for _ in 0..=draw.below(4) {
        let numbers: Vec<u32> = labels.keys().copied().collect();
        let pick = |draw: &mut Draw| *draw.pick(&numbers);
        match draw.below(7) {
            0 | 1 => {
                let (a, b) = (labels[&pick(draw)], labels[&pick(draw)]);
                labels.values_mut().filter(|label| **label == a).for_each(|label| *label = b);
            }
            2 => {
                let of = labels[&pick(draw)];
                *next += 1;
                let mut turn = draw.next();
                for label in labels.values_mut().filter(|label| **label == of) {
                    if turn & 1 == 1 {
                        *label = *next;
                    }
                    turn >>= 1;
                }
            }
            3 => {
                let to = labels[&pick(draw)];
                let record = pick(draw);
                labels.insert(record, to);
            }
            4 if labels.len() > 3 => {
                let record = pick(draw);
                if let Some(label) = labels.remove(&record) {
                    away.insert(record, label);
                }
            }
            5 => {
                if let Some((record, label)) = away.pop_first() {
                    labels.insert(record, label);
                }
            }
            _ => {
                let record = 100 + draw.below(60) as u32;
                if !labels.contains_key(&record) && !away.contains_key(&record) {
                    let label = if draw.percent(50) { labels[&pick(draw)] } else { *next + 1 };
                    *next += 1;
                    labels.insert(record, label);
                }
            }
        }
    }
}

#[test]
fn ids_survive_any_history() {
    let reached = Reached::default();
    world::check(1200, (any::<u64>(), 4..30u32, 2..9usize), |(seed, customers, runs)| {
        let mut draw = Draw::new(seed);
        let mut labels: BTreeMap<u32, u32> = (0..customers * 2).map(|number| (number, number / 2)).collect();
        let (mut away, mut next) = (BTreeMap::new(), 1000);
        let mut registry = Registry::default();
        // Every set of records that an id ever had.
        let mut history: BTreeMap<CustomerId, BTreeSet<u32>> = BTreeMap::new();
        for run in 0..runs {
            let numbers: Vec<u32> = labels.keys().copied().collect();
            let records = records(&numbers);
            let partition = partition(&records, &labels);
            let before: Vec<CustomerId> = registry.customers().collect();
            let had: BTreeMap<CustomerId, BTreeSet<RecordKey>> = before
                .iter()
                .map(|&id| (id, registry.records_of(id).into_iter().cloned().collect()))
                .collect();
            let assignment = assign(&registry, &records, &partition, &Run::new(format!("{run}")));
            let now = members(&records, &partition, &assignment.ids);
            // One id each.
            prop_assert_eq!(now.len(), partition.len());
            // An entity with exactly the records of a customer is that customer.
            let of_set: BTreeMap<BTreeSet<RecordKey>, CustomerId> =
                now.iter().map(|(id, set)| (set.iter().map(|&n| key(n)).collect(), *id)).collect();
            for (id, set) in &had {
                if let Some(same) = of_set.get(set) {
                    prop_assert_eq!(same, id, "an untouched customer has another id");
                    reached.add("untouched", 1);
                }
            }
            // Exactly one fate for each id that was in use, and the right one.
            let fates: BTreeMap<CustomerId, &Fate> =
                assignment.fates.iter().map(|(id, fate)| (*id, fate)).collect();
            prop_assert_eq!(fates.len(), assignment.fates.len());
            prop_assert_eq!(fates.keys().copied().collect::<Vec<_>>(), before);
            for (id, fate) in &fates {
                let present = had[id].iter().filter_map(|key| assignment.registry.customer_of(key));
                let places: BTreeSet<CustomerId> = present.collect();
                let resolution = assignment.registry.resolve(*id);
                match fate {
                    Fate::Kept => {
                        prop_assert_eq!(&places, &BTreeSet::from([*id]));
                        prop_assert_eq!(resolution, Resolution::Current);
                    }
                    Fate::RedirectedTo(to) => {
                        prop_assert_eq!(&places, &BTreeSet::from([*to]));
                        prop_assert_eq!(resolution, Resolution::Redirected(*to));
                        reached.add("redirects", 1);
                    }
                    Fate::SplitInto(parts) => {
                        prop_assert_eq!(&places, &parts.iter().copied().collect());
                        let keeps = parts[0] == *id;
                        prop_assert_eq!(keeps, resolution == Resolution::Current);
                        reached.add("splits", 1);
                    }
                    Fate::Retired => {
                        prop_assert!(places.is_empty());
                        reached.add("retired", 1);
                    }
                    _ => {}
                }
            }
            // Redirects end at an id in use, whatever happens to it later.
            for id in assignment.registry.ids() {
                if let Resolution::Redirected(to) = assignment.registry.resolve(id) {
                    prop_assert_eq!(assignment.registry.resolve(to), Resolution::Current);
                }
            }
            // No id is given to an entity of which it never had a record.
            for (id, set) in &now {
                if let Some(ever) = history.get(id) {
                    prop_assert!(!ever.is_disjoint(set), "an id was given to strangers");
                }
                history.entry(*id).or_default().extend(set);
            }
            for event in &assignment.events {
                let name = match &event.event {
                    Event::Returned { .. } => "returns",
                    Event::Merged { losers, .. } => {
                        prop_assert!(losers.iter().all(|loser| fates.contains_key(loser)));
                        "merges"
                    }
                    Event::EntityCreated { .. } => "created",
                    Event::RecordAttached { .. } if event.induced_by_merge => "attached by a merge",
                    _ => "other events",
                };
                reached.add(name, 1);
            }
            // The registry tells the same after it was written, and a run that changes nothing does nothing.
            let read = Registry::from_json(&assignment.registry.to_json().unwrap()).unwrap();
            prop_assert_eq!(&read, &assignment.registry);
            let again = assign(&read, &records, &partition, &Run::new("again"));
            prop_assert_eq!(&again.ids, &assignment.ids);
            prop_assert!(again.events.is_empty());
            prop_assert_eq!(&again.registry, &assignment.registry);
            registry = assignment.registry;
            mutate(&mut draw, &mut labels, &mut away, &mut next);
        }
        Ok(())
    });
    reached.assert(500, &["untouched", "redirects", "splits", "merges", "created", "attached by a merge"]);
    reached.assert(50, &["retired", "returns"]);
}

#[test]
fn what_was_merged_comes_apart_with_its_old_ids() {
    let reached = Reached::default();
    world::check(1000, (any::<u64>(), 2..12u32), |(seed, customers)| {
        let mut draw = Draw::new(seed);
        // Customers of different sizes; then merges, one after the other; then the first state again.
        let labels: BTreeMap<u32, u32> =
            (0..customers * 3).map(|number| (number, draw.below(customers as usize) as u32)).collect();
        let numbers: Vec<u32> = labels.keys().copied().collect();
        let records = records(&numbers);
        let first = partition(&records, &labels);
        let start = assign(&Registry::default(), &records, &first, &Run::new("0"));
        let (mut merged, mut registry) = (labels, start.registry.clone());
        for run in 0..=draw.below(4) {
            let (a, b) = (draw.below(customers as usize) as u32, draw.below(customers as usize) as u32);
            merged.values_mut().filter(|label| **label == a).for_each(|label| *label = b);
            let after = partition(&records, &merged);
            reached.add("merged", u64::from(after.len() < first.len()));
            registry = assign(&registry, &records, &after, &Run::new(format!("{}", run + 1))).registry;
        }
        let back = assign(&registry, &records, &first, &Run::new("back"));
        prop_assert_eq!(back.ids, start.ids);
        prop_assert_eq!(back.registry.partition(&records), first);
        Ok(())
    });
    reached.assert(100, &["merged"]);
}

/// All of an assignment that does not hang on the numbers of a run.
fn told(records: &Records, partition: &Partition, assignment: &Assignment) -> String {
    let members = members(records, partition, &assignment.ids);
    format!("{members:?}\n{:?}\n{:?}", assignment.fates, assignment.registry)
}

#[test]
fn order_and_threads_change_nothing() {
    let mut draw = Draw::new(5);
    let numbers: Vec<u32> = (0..24_000).collect();
    let labels: BTreeMap<u32, u32> = numbers.iter().map(|&n| (n, draw.below(9_000) as u32)).collect();
    let later: BTreeMap<u32, u32> =
        labels.iter().map(|(&n, &label)| (n, if draw.percent(20) { label / 2 } else { label })).collect();
    let run = |numbers: &[u32], threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let records = records(numbers);
            let one = partition(&records, &labels);
            let first = assign(&Registry::default(), &records, &one, &Run::new("1"));
            let other = partition(&records, &later);
            let second = assign(&first.registry, &records, &other, &Run::new("2"));
            (told(&records, &other, &second), format!("{:?}", second.events))
        })
    };
    let mut shuffled = numbers.clone();
    draw.shuffle(&mut shuffled);
    let first = run(&numbers, 1);
    assert!(first == run(&shuffled, 1));
    assert!(first == run(&numbers, 3));
    let count = |what: &str| first.1.matches(what).count();
    assert!(count("Merged") > 100 && count("Split") > 100, "{} {}", count("Merged"), count("Split"));
}

#[test]
fn an_applied_change_is_undone_exactly() {
    let reached = Reached::default();
    world::check(600, (any::<u64>(), 2..10u32), |(seed, customers)| {
        let mut draw = Draw::new(seed);
        let labels: BTreeMap<u32, u32> =
            (0..customers * 3).map(|number| (number, draw.below(customers as usize) as u32)).collect();
        let numbers: Vec<u32> = labels.keys().copied().collect();
        let records = records(&numbers);
        let mut registry =
            assign(&Registry::default(), &records, &partition(&records, &labels), &Run::new("0")).registry;
        let mut decisions = Decisions::default();
        let author = Author::new("steward", "looked", "2026-11-27".parse().unwrap());
        for _ in 0..4 {
            let ids: Vec<CustomerId> = registry.customers().collect();
            let gone: Vec<CustomerId> = registry.ids().filter(|id| !ids.contains(id)).collect();
            let record = || key(numbers[(seed % numbers.len() as u64) as usize]);
            let change = match draw.below(5) {
                0 => Change::Unmerge { record: record(), scope: Scope::WholeCustomer },
                1 => Change::Explode { customer: *draw.pick(&ids) },
                2 => Change::Move { record: record(), to: *draw.pick(&ids) },
                3 if !gone.is_empty() => Change::Restore { customer: *draw.pick(&gone) },
                _ => Change::Merge { customers: vec![*draw.pick(&ids), *draw.pick(&ids)] },
            };
            let situation = Situation { records: &records, registry: &registry, decisions: &decisions };
            let before = registry.partition(&records);
            let Ok(plan) = situation.plan(&change, &author) else {
                reached.add("refused", 1);
                continue;
            };
            reached.add("changes", 1);
            let orders = onefold::fact::Orders::default();
            let preview = plan.preview(&records, &Policy::default(), &[], &orders).unwrap();
            prop_assert!(!preview.moved.is_empty());
            let applied = plan.apply_with(&preview);
            // The registry and the entities tell the same, and every later run that hears the decisions keeps to them.
            prop_assert_eq!(applied.registry.partition(&records), applied.partition.clone());
            let (_, conflicts) = applied.decisions.constraints(records.raw(), &Run::new("later")).unwrap();
            reached.add("overruled", conflicts.len() as u64);
            for moved in &preview.moved {
                prop_assert_eq!(applied.registry.customer_of(&moved.record), Some(moved.to));
            }
            let (old_registry, old_decisions) = applied.clone().undo();
            prop_assert_eq!(&old_registry, &registry);
            prop_assert_eq!(&old_decisions, &decisions);
            prop_assert_eq!(old_registry.partition(&records), before);
            (registry, decisions) = (applied.registry, applied.decisions);
        }
        Ok(())
    });
    reached.assert(30, &["changes", "refused", "overruled"]);
}

#[test]
fn what_a_steward_held_apart_stays_apart() {
    let reached = Reached::default();
    world::check(40, (any::<u64>(), 10..40usize), |(seed, customers)| {
        let mut draw = Draw::new(seed);
        let world = World::new(seed, customers);
        let first =
            world.builder().registry(Registry::default(), Run::new("1")).build().unwrap().run().unwrap();
        let identity = first.identity.clone().unwrap();
        // A record of a customer of several is taken out.
        let several: Vec<&[RecordId]> =
            first.partition.iter().map(|(_, members)| members).filter(|members| members.len() > 1).collect();
        if several.is_empty() {
            return Ok(());
        }
        let members = *draw.pick(&several);
        let (source, name) = first.records.raw().key(members[draw.below(members.len())]);
        let record = RecordKey::new(source, name);
        let decisions = Decisions::default();
        let situation =
            Situation { records: &first.records, registry: &identity.registry, decisions: &decisions };
        let author = Author::new("steward", "two persons", "2026-11-27".parse().unwrap());
        let change = Change::Unmerge { record: record.clone(), scope: Scope::WholeCustomer };
        let applied = situation.plan(&change, &author).unwrap().apply();
        // Rows in another order, the same decisions: the record stays out, and has the id that it got.
        let again = world
            .shuffled(seed)
            .builder()
            .registry(applied.registry.clone(), Run::new("2"))
            .decisions(applied.decisions.clone())
            .build()
            .unwrap()
            .run()
            .unwrap();
        let id_of = |records: &Records, partition: &Partition, ids: &[CustomerId], key: &RecordKey| {
            let (source, key) = key.parts();
            ids[partition.entity_of(records.raw().find(source, key).unwrap()).index()]
        };
        let ids = &again.identity.as_ref().unwrap().ids;
        let own = id_of(&again.records, &again.partition, ids, &record);
        for &other in members {
            let (source, name) = first.records.raw().key(other);
            let other = RecordKey::new(source, name);
            if other != record {
                prop_assert_ne!(id_of(&again.records, &again.partition, ids, &other), own);
            }
        }
        reached.add("held apart", 1);
        reached.add("stable", u64::from(Some(own) == applied.registry.customer_of(&record)));
        // Taken back, the record may go back.
        let mut lifted = applied.decisions;
        lifted.links.iter_mut().for_each(|link| link.lifted = Some("2026-12-01".parse().unwrap()));
        let freed = world
            .builder()
            .registry(applied.registry, Run::new("3"))
            .decisions(lifted)
            .build()
            .unwrap()
            .run()
            .unwrap();
        prop_assert_eq!(&freed.identity.as_ref().unwrap().ids, &identity.ids);
        Ok(())
    });
    reached.assert(20, &["held apart", "stable"]);
}

#[test]
fn the_newer_decision_holds_and_the_conflict_is_told() {
    let records = records(&[0, 1, 2, 3]);
    let (a, b, c) = (key(0), key(1), key(2));
    let link = |kind, x: &RecordKey, y: &RecordKey, day: &str| {
        LinkDecision::new(kind, x.clone(), [y.clone()], day.parse().unwrap())
    };
    let mut decisions = Decisions::default();
    decisions.links.extend([
        link(LinkKind::Different, &a, &c, "2026-01-01"),
        link(LinkKind::Same, &a, &b, "2026-01-02"),
        link(LinkKind::Same, &b, &c, "2026-01-03"),
    ]);
    let run = Run::new("1");
    let (_, events) = decisions.constraints(records.raw(), &run).unwrap();
    let expected = Event::DecisionConflict { a: a.clone(), b: c.clone(), overruled: "different".into() };
    assert_eq!(events.iter().map(|event| &event.event).collect::<Vec<_>>(), [&expected]);
    decisions.links[0].at = "2026-01-04".parse().unwrap();
    let (_, events) = decisions.constraints(records.raw(), &run).unwrap();
    let expected = Event::DecisionConflict { a: a.clone(), b: b.clone(), overruled: "same".into() };
    assert_eq!(events.iter().map(|event| &event.event).collect::<Vec<_>>(), [&expected]);
}

#[test]
fn bad_decisions_and_changes_are_one_clear_error() {
    let records = records(&[0, 1, 2, 3, 4]);
    let start = Partition::from_roots(&[0, 0, 2, 3, 4]);
    let one = assign(&Registry::default(), &records, &start, &Run::new("1"));
    let two = assign(&one.registry, &records, &Partition::from_roots(&[0, 0, 0, 3, 4]), &Run::new("2"));
    let day = || "2026-11-27".parse().unwrap();
    let decided = |x: RecordKey, y: RecordKey| {
        let decisions =
            Decisions { links: vec![LinkDecision::new(LinkKind::Same, x, [y], day())], pins: vec![] };
        decisions.constraints(records.raw(), &Run::new("1")).map(|_| ()).unwrap_err().to_string()
    };
    assert_eq!(
        decided(RecordKey::new("crn", "000001"), key(0)),
        "decisions > link 1: unknown source `crn`; did you mean `crm`? (known: app, crm, web)"
    );
    let missing = decided(RecordKey::new("crm", "000009"), key(0));
    assert_eq!(missing, "decisions > link 1: no record has the source and key `crm/000009`");
    assert_eq!(decided(key(0), key(0)), "decisions > link 1: `app/000000` needs another record");
    let decisions = Decisions::default();
    let situation = Situation { records: &records, registry: &two.registry, decisions: &decisions };
    let refused = |change: Change| {
        let author = Author::new("steward", "", day());
        situation.plan(&change, &author).map(|_| ()).unwrap_err().to_string()
    };
    let unknown = CustomerId::of_record("no", "body");
    assert_eq!(
        refused(Change::Explode { customer: unknown }),
        format!("change: no customer has the id `{unknown}`")
    );
    let (survivor, loser) = (two.ids[0], one.ids[1]);
    assert_eq!(two.registry.resolve(loser), Resolution::Redirected(survivor));
    assert_eq!(
        refused(Change::Explode { customer: loser }),
        format!("change: `{loser}` was merged into `{survivor}`: name that one")
    );
    let lonely = number(&records, RecordId(4));
    assert_eq!(
        refused(Change::Unmerge { record: key(lonely), scope: Scope::WholeCustomer }),
        "change: nothing would change: the records are like that already"
    );
    assert_eq!(
        refused(Change::Restore { customer: survivor }),
        format!("change: `{survivor}` is not merged into another customer")
    );
    let text = two.registry.to_json().unwrap();
    assert!(
        Registry::from_json(&text.replacen("\"format\": 1", "\"format\": 9", 1)).unwrap_err().is_version()
    );
    let damaged = text.replacen("current", "retired", 1);
    let error = Registry::from_json(&damaged).unwrap_err().to_string();
    assert!(error.contains("a record has a customer that is not in use"), "{error}");
}

/// The persisted form of a registry that has everything: a merge, a split, a customer that is gone.
#[test]
fn the_registry_reads_as_it_was_written() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/registry-1.json");
    let labels: BTreeMap<u32, u32> = [(0, 0), (3, 0), (1, 1), (4, 4), (2, 4), (5, 5), (6, 6), (7, 7)].into();
    let all = records(&[0, 1, 2, 3, 4, 5, 6, 7]);
    let first = assign(&Registry::default(), &all, &partition(&all, &labels), &Run::new("1"));
    let some = records(&[0, 1, 2, 3, 4, 6, 7]);
    let labels: BTreeMap<u32, u32> = [(0, 0), (3, 0), (4, 0), (1, 1), (2, 1), (6, 6), (7, 6)].into();
    let second = assign(&first.registry, &some, &partition(&some, &labels), &Run::new("2"));
    let text = second.registry.to_json().unwrap() + "\n";
    if std::env::var_os("ONEFOLD_WRITE_GOLDEN").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text, golden);
    assert_eq!(Registry::from_json(&golden).unwrap(), second.registry);
    for state in ["redirected", "split", "retired", "current"] {
        assert!(golden.contains(state), "{state}");
    }
}
