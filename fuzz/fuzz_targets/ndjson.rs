//! Lines of JSON, whole or broken, are read or rejected one by one, and in another order just the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onefold::FieldKind;
use onefold::ingest::{Ingested, Source, read_bytes};
use onefold::record::{Dictionary, Reject};

fuzz_target!(|bytes: &[u8]| {
    let source = Source::file("crm", "").field("name", FieldKind::FullName);
    let mut lines: Vec<&[u8]> = bytes.split(|&byte| byte == b'\n').collect();
    // A mark at the start of a file says how all of it is encoded: moving its line makes another file.
    let marks: [&[u8]; 3] = [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"];
    if lines.iter().any(|line| marks.iter().any(|mark| line.starts_with(mark))) {
        return;
    }
    for source in [source.clone(), source.key("id")] {
        let Some(one) = read(&lines.join(&b'\n'), &source) else { return };
        lines.reverse();
        let Some(two) = read(&lines.join(&b'\n'), &source) else { return };
        assert_eq!(keys(&one), keys(&two));
        assert_eq!(rejects(&one), rejects(&two));
        assert_eq!(one.report.unmapped_columns, two.report.unmapped_columns);
    }
});

/// Nothing if the file is refused as a whole, which its first bytes decide.
fn read(bytes: &[u8], source: &Source) -> Option<Ingested> {
    let ingested = read_bytes("a.ndjson", bytes, source)
        .inspect_err(|error| assert!(!error.to_string().contains('\n'), "{error}"))
        .ok()?;
    let report = &ingested.report;
    assert_eq!(report.rows_read(), report.records() + report.rejects.len() as u64);
    Some(ingested)
}

fn keys(ingested: &Ingested) -> &Dictionary {
    ingested.records.sources()[0].keys()
}

fn rejects(ingested: &Ingested) -> Vec<Reject> {
    let mut rejects = ingested.report.rejects.clone();
    for reject in &mut rejects {
        reject.line = 0;
    }
    rejects.sort_unstable();
    rejects
}
