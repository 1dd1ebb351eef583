//! Rows of any shape are taken or refused, and every row is accounted for.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onefold::ingest::{Source, ingest};
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| {
    let rows: Vec<Value> =
        serde_json::Deserializer::from_slice(bytes).into_iter().map_while(Result::ok).collect();
    let rows = match rows.as_slice() {
        [Value::Array(rows)] => rows,
        rows => rows,
    };
    let Ok(source) = Source::rows("crm", rows) else { return };
    for source in [source.clone(), source.key("id")] {
        if let Ok(ingested) = ingest(&[source], "".as_ref()) {
            let report = &ingested.report;
            assert_eq!(report.rows_read(), rows.len() as u64);
            assert_eq!(report.rows_read(), report.records() + report.rejects.len() as u64);
        }
    }
});
