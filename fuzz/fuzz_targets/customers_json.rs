//! A damaged registry of customers is refused; one that is taken is the same after another round of writing and reading, and
//! gives each entity of a run an id of its own. Decisions are read or refused, and never contradict each other silently.
#![no_main]

use std::collections::BTreeSet;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use onefold::identity::{Decisions, Registry, Run, assign};
use onefold::record::{EntityClass, RawRecords, Records, RecordsBuilder, SourceInfo, SourceTable};
use onefold::resolve::Partition;
use onefold_fuzz::{Splice, spliced};

/// A registry after a merge, a split and a customer that is gone.
const REGISTRY: &str = include_str!("../../tests/golden/registry-1.json");
const DECISIONS: &str = r#"{"links":[{"kind":"same","record":{"source":"crm","key":"000001"},"others":[{"source":"app",
"key":"000000"}],"at":"2026-11-27"},{"kind":"different","record":{"source":"crm","key":"000001"},"others":[{"source":"app",
"key":"000003"}],"at":"2026-11-26","lifted":"2026-11-27"}],"pins":[{"record":{"source":"crm","key":"000001"},
"field":"email","value":{"text":"a@example.org"},"at":"2026-11-27","lift":"never"}]}"#;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    any: &'a str,
    splices: Vec<Splice>,
    labels: [u8; 8],
}

/// The records that the registry knows, and two more.
fn records() -> Records {
    let table = |name: &str, keys: &[&str]| {
        let keys = keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
        let lines = vec![2; keys.len()];
        SourceTable::new(SourceInfo::new(name), keys, lines, vec![])
    };
    let tables = vec![
        table("app", &["000000", "000003", "000006"]),
        table("crm", &["000001", "000004", "000007"]),
        table("web", &["000002", "000005"]),
    ];
    RecordsBuilder::new(RawRecords::new(tables), vec![EntityClass::Person; 8]).finish()
}

fuzz_target!(|input: Input| {
    let records = records();
    for text in [input.any.to_owned(), spliced(REGISTRY, &input.splices)] {
        let Ok(registry) = Registry::from_json(&text) else { continue };
        assert!(Registry::from_json(&registry.to_json().unwrap()).unwrap() == registry);
        let partition = Partition::from_roots(&input.labels.map(u32::from));
        let assignment = assign(&registry, &records, &partition, &Run::new("1"));
        let distinct: BTreeSet<_> = assignment.ids.iter().collect();
        assert_eq!(distinct.len(), partition.len());
        assert!(assignment.registry.partition(&records) == partition);
        let read = Registry::from_json(&assignment.registry.to_json().unwrap()).unwrap();
        assert!(read == assignment.registry);
    }
    for text in [input.any.to_owned(), spliced(DECISIONS, &input.splices)] {
        let Ok(decisions) = Decisions::from_json(&text) else { continue };
        assert!(Decisions::from_json(&decisions.to_json().unwrap()).unwrap() == decisions);
        let (known, _) = decisions.known_in(records.raw());
        let _ = known.constraints(records.raw(), &Run::new("1"));
    }
});
