//! The acceptance cases of ids, unmerge and shared contact points.

use onefold::identity::{
    Author, Change, Decisions, Event, Fate, Registry, Resolution, Run, Scope, Situation, assign,
};
use onefold::ingest::Source;
use onefold::record::{EntityClass, RawRecords, Records, RecordsBuilder, SourceInfo, SourceTable};
use onefold::resolve::{Partition, RecordKey};
use onefold::{CustomerId, FieldKind, Pipeline, RecordId};

/// The records A, B, … of one source.
fn letters(count: usize) -> Records {
    let keys = (0..count).map(|at| char::from(b'A' + at as u8).to_string()).collect();
    let table = SourceTable::new(SourceInfo::new("crm"), keys, vec![2; count], vec![]);
    RecordsBuilder::new(RawRecords::new(vec![table]), vec![EntityClass::Person; count]).finish()
}

fn letter(key: &str) -> RecordKey {
    RecordKey::new("crm", key)
}

/// The letters of each customer, as `AB CD`.
fn told(registry: &Registry, records: &Records) -> String {
    let partition = registry.partition(records);
    let name = |record: &RecordId| records.raw().key(*record).1;
    let customer = |members: &[RecordId]| members.iter().map(name).collect::<String>();
    partition.iter().map(|(_, members)| customer(members)).collect::<Vec<_>>().join(" ")
}

#[test]
fn a8_a_record_or_a_merge_is_taken_back() {
    let records = letters(4);
    // A+B and C+D, then both.
    let pairs = assign(&Registry::default(), &records, &Partition::from_roots(&[0, 0, 2, 2]), &Run::new("1"));
    let all = assign(&pairs.registry, &records, &Partition::from_roots(&[0, 0, 0, 0]), &Run::new("2"));
    let (ab, cd) = (pairs.ids[0], pairs.ids[1]);
    assert_eq!(all.ids, [ab]);
    assert_eq!(all.fates, sorted(vec![(ab, Fate::Kept), (cd, Fate::RedirectedTo(ab))]));
    assert_eq!(told(&all.registry, &records), "ABCD");
    let decisions = Decisions::default();
    let situation = Situation { records: &records, registry: &all.registry, decisions: &decisions };
    let author = Author::new("steward", "two persons", "2026-11-27".parse().unwrap());
    // One record: C leaves, D stays where it was merged to; the id of C and D comes back with C.
    let change = Change::Unmerge { record: letter("C"), scope: Scope::WholeCustomer };
    let record = situation.plan(&change, &author).unwrap().apply();
    assert_eq!(told(&record.registry, &records), "ABD C");
    assert_eq!(record.registry.customer_of(&letter("C")), Some(cd));
    assert_eq!(record.registry.customer_of(&letter("D")), Some(ab));
    assert_eq!(record.registry.resolve(cd), Resolution::Current);
    // The merge: both pairs are as they were, with their ids.
    let subtree = situation.plan(&Change::Restore { customer: cd }, &author).unwrap().apply();
    assert_eq!(told(&subtree.registry, &records), "AB CD");
    assert_eq!(subtree.registry.customer_of(&letter("D")), Some(cd));
    assert_eq!(subtree.registry.customer_of(&letter("A")), Some(ab));
    // Either is held apart from then on, and can be undone.
    assert!(!record.decisions.links.is_empty() && !subtree.decisions.links.is_empty());
    assert_eq!(subtree.undo(), (all.registry.clone(), Decisions::default()));
}

#[test]
fn a9_the_known_customer_keeps_the_id_against_the_anonymous_one() {
    let table = |name: &str, keys: &[&str]| {
        let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
        let lines = vec![2; keys.len()];
        SourceTable::new(SourceInfo::new(name), keys, lines, vec![])
    };
    let build = |tables: Vec<SourceTable>| {
        let raw = RawRecords::new(tables);
        let count = raw.len();
        RecordsBuilder::new(raw, vec![EntityClass::Person; count]).finish()
    };
    let run = |name| Run::new(name).with_weight("login", 10);
    // The customer is known; later an anonymous visitor with three visits appears, then logs in.
    let known = build(vec![table("login", &["anna"])]);
    let first = assign(&Registry::default(), &known, &Partition::from_roots(&[0]), &run("1"));
    let both = build(vec![table("login", &["anna"]), table("web", &["v1", "v2", "v3"])]);
    let apart = assign(&first.registry, &both, &Partition::from_roots(&[0, 1, 1, 1]), &run("2"));
    let (anna, visitor) = (apart.ids[0], apart.ids[1]);
    assert_eq!(anna, first.ids[0]);
    let merged = assign(&apart.registry, &both, &Partition::from_roots(&[0, 0, 0, 0]), &run("3"));
    assert_eq!(merged.ids, [anna]);
    assert_eq!(merged.fates, sorted(vec![(anna, Fate::Kept), (visitor, Fate::RedirectedTo(anna))]));
    assert_eq!(merged.registry.resolve(visitor), Resolution::Redirected(anna));
    // Without the weight, the three visits would have the id.
    let light = assign(&apart.registry, &both, &Partition::from_roots(&[0, 0, 0, 0]), &Run::new("3"));
    assert_eq!(light.ids, [visitor]);
    // What follows from the merge says so.
    let follows = merged.events.iter().filter(|event| event.induced_by_merge).count();
    let merges = merged.events.iter().filter(|event| matches!(event.event, Event::Merged { .. })).count();
    assert_eq!((follows, merges), (7, 1));
}

fn sorted(mut fates: Vec<(CustomerId, Fate)>) -> Vec<(CustomerId, Fate)> {
    fates.sort_by_key(|fate| fate.0);
    fates
}

#[test]
fn a13_a_telephone_number_of_forty_strangers_says_nothing() {
    const GIVEN: [&str; 8] = ["Anna", "Otto", "Eva", "Karl", "Uwe", "Ines", "Rolf", "Maja"];
    const FAMILY: [&str; 10] =
        ["Abt", "Bock", "Cron", "Doll", "Esch", "Funk", "Hahn", "Jahn", "Koch", "Moll"];
    // Eighty persons, each twice; the first forty have the same telephone number.
    let row = |at: usize, copy: usize| {
        let (given, family) = (GIVEN[at % 8], FAMILY[at / 8]);
        let phone = if at < 40 { "030 90188".to_owned() } else { format!("0351 7{at:02}4{at:02}") };
        let (year, month) = (1950 + at % 47, 1 + at % 12);
        format!(
            "{at}-{copy},{given},{family},{year}-{month:02}-{:02},{phone},{}\n",
            1 + at % 28,
            10_100 + 731 * at
        )
    };
    let mut rows: Vec<String> = (0..80).flat_map(|at| [row(at, 0), row(at, 1)]).collect();
    let mut results = Vec::new();
    for _ in 0..3 {
        let text = format!("id,given,family,born,phone,code\n{}", rows.concat());
        let source = Source::bytes("crm", "crm.csv", text.into_bytes())
            .key("id")
            .field("given", FieldKind::GivenName)
            .field("family", FieldKind::FamilyName)
            .field("born", FieldKind::BirthDate)
            .field("phone", FieldKind::Phone)
            .field("code", FieldKind::PostalCode);
        let pipeline = Pipeline::builder().country("DE").source(source);
        let unified = pipeline.registry(Registry::default(), Run::new("1")).build().unwrap().run().unwrap();
        assert_eq!(unified.partition.len(), 80);
        let identity = unified.identity.unwrap();
        let demoted: Vec<Event> = identity
            .events
            .iter()
            .map(|event| event.event.clone())
            .filter(|event| matches!(event, Event::IdentifierDemoted { .. }))
            .collect();
        let Some(Event::IdentifierDemoted { value, reason, .. }) = demoted.first() else {
            panic!("{demoted:?}")
        };
        assert_eq!((demoted.len(), value.as_str()), (1, "+493090188"));
        assert!(reason.starts_with("generic: 80 records"), "{reason}");
        results.push((unified.partition, identity.ids, demoted));
        rows.reverse();
        rows.rotate_left(37);
    }
    assert!(results.windows(2).all(|pair| pair[0] == pair[1]));
}
