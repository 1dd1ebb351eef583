//! Any bytes under any file name are read or refused in one line, and every row is accounted for.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use onefold::ingest::{Inference, Source, read_bytes};
use onefold::{EntityKind, FieldKind};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    name: u8,
    keyed: bool,
    dated: bool,
    infer: bool,
    named_header: bool,
    bytes: &'a [u8],
}

const NAMES: [&str; 8] =
    ["a.csv", "a.tsv", "a.txt", "a.ndjson", "a.csv.gz", "a.tsv.gz", "a.jsonl.gz", "a.xlsx"];

fuzz_target!(|input: Input| {
    let mut source = Source::file("crm", "unused.csv").entity(EntityKind::Either);
    if input.named_header {
        source = source.field("a", FieldKind::FullName).field("b", FieldKind::BirthDate);
        if input.keyed {
            source = source.key("id");
        }
        if input.dated {
            source = source.updated_at("t");
        }
    }
    if !input.infer {
        source = source.infer(Inference::Off);
    }
    let header: &[u8] = if input.named_header { b"id,t,a,b\n" } else { b"" };
    let bytes = [header, input.bytes].concat();
    match read_bytes(NAMES[usize::from(input.name) % NAMES.len()], &bytes, &source) {
        Ok(ingested) => {
            let report = &ingested.report;
            assert_eq!(report.records(), ingested.records.len() as u64);
            assert_eq!(report.rows_read(), report.records() + report.rejects.len() as u64);
            for counts in &report.sources {
                assert_eq!(counts.rows_read, counts.records + counts.rejects.total());
            }
        }
        Err(error) => {
            let message = error.to_string();
            assert!(!message.is_empty() && !message.contains('\n'), "{message:?}");
        }
    }
});
