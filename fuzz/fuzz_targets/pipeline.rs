//! Any rows of any kinds run through, and nothing is lost on the way.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use onefold::ingest::Source;
use onefold::schema::LinkMode;
use onefold::{EntityKind, FieldKind, Pipeline};
use onefold_fuzz::country;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    kinds: [u8; 4],
    entities: u8,
    country: u8,
    link: bool,
    duplicate_free: bool,
    exclusive: bool,
    keyed: bool,
    pairs_per_record: u8,
    /// Rows of the second source, as numbers of [`CELLS`]: most inputs then have values in common.
    rows: Vec<[u8; 4]>,
    /// The first source, below its header.
    csv: &'a [u8],
}

const CELLS: [&str; 24] = [
    "",
    "Anna",
    "anna",
    "Müller",
    "MUELLER, ANNA",
    "Dr. Otto Huber",
    "1980-04-03",
    "03.04.1980",
    "1980",
    "0",
    "-1",
    "1e300",
    "a@b.de",
    "A@B.DE",
    "+49 30 1234567",
    "0301234567",
    "Hauptstr. 12, 80331 München",
    "80331",
    "Acme GmbH",
    "ACME",
    "DE89370400440532013000",
    "unknown",
    "n/a",
    "f",
];

const ENTITIES: [EntityKind; 3] = [EntityKind::Person, EntityKind::Organisation, EntityKind::Either];

fuzz_target!(|input: Input| {
    let source = |name: &str, bytes: Vec<u8>, entity: u8| {
        let entity = ENTITIES[usize::from(entity) % ENTITIES.len()];
        let mut source = Source::bytes(name, "rows.csv", bytes).entity(entity);
        for (column, kind) in ["a", "b", "c", "d"].into_iter().zip(input.kinds) {
            source = source.field(column, FieldKind::ALL[usize::from(kind) % FieldKind::ALL.len()]);
        }
        if input.duplicate_free {
            source = source.duplicate_free();
        }
        if input.exclusive {
            source = source.exclusive("c");
        }
        source
    };
    let first = source("crm", [b"key,a,b,c,d\n", input.csv].concat(), input.entities & 15);
    let mut csv = String::from("key,a,b,c,d\n");
    for (key, row) in input.rows.iter().enumerate() {
        let cells = row.map(|cell| CELLS[usize::from(cell) % CELLS.len()]);
        csv += &format!("{key},\"{}\"\n", cells.join("\",\""));
    }
    let mut second = source("erp", csv.into_bytes(), input.entities >> 4);
    if input.keyed {
        second = second.key("key");
    }
    let mut builder = Pipeline::builder()
        .source(first)
        .source(second)
        .mode(if input.link { LinkMode::Link } else { LinkMode::LinkAndDedupe })
        .pairs_per_record(u64::from(input.pairs_per_record));
    if let Some(country) = country(input.country) {
        builder = builder.country(country);
    }
    let unified = match builder.build().and_then(|pipeline| pipeline.run()) {
        Ok(unified) => unified,
        Err(error) => {
            assert!(!error.to_string().contains('\n'), "{error}");
            return;
        }
    };
    let report = &unified.ingest;
    assert_eq!(report.rows_read(), report.records() + report.rejects.len() as u64);
    assert_eq!(report.records(), unified.records.len() as u64);
    assert_eq!(unified.partition.records(), unified.records.len());
    assert_eq!(
        unified.partition.iter().map(|(_, members)| members.len()).sum::<usize>(),
        unified.records.len()
    );
    for record in unified.records.ids() {
        assert!(unified.partition.members(unified.partition.entity_of(record)).contains(&record));
    }
    for link in unified.links.iter() {
        assert!(link.a < link.b && link.probability > 0.0 && link.probability <= 1.0, "{link:?}");
    }
    for weights in unified.model.comparisons() {
        let levels = weights.comparison().levels().len();
        assert!((0..=levels).all(|level| weights.weight(level as u8).is_finite()), "{weights:?}");
    }
});
