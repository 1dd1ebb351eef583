//! Any text is a spec or is refused in one line that begins with its place; so is any blocking rule.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use onefold::block::BlockingRule;
use onefold::pipeline::spec::Spec;
use onefold::schema::{Field, Schema};
use onefold::{FieldKind, Pipeline};
use onefold_fuzz::{Splice, spliced};

#[derive(Arbitrary, Debug)]
enum Input<'a> {
    Any(&'a str),
    Nearly(Vec<Splice>),
    Rule(Vec<&'a str>),
}

const FULL: &str = r#"as_of = "2026-11-01"
country = "DE"
link.mode = "link_and_dedupe"
[[source]]
name = "crm"
path = "contacts.csv"
key = "no"
entity = "either"
updated_at = "changed"
duplicate_free = false
exclusive = ["passport"]
infer = true
fields = { first = "given_name", passport = "national_id" }
order = { id = "order", placed_at = "day", amount = "total", currency = "EUR" }
[[source]]
name = "erp"
path = "erp/*.csv.gz"
[blocking]
rules = [["email"], ["prefix(family_name,3)", "birth_date"]]
pairs_per_record = 100
[model]
threshold = { precision = 0.99 }
[resolve]
max_size_warn = 50
[survive.email]
rule = "most_recent"
[truth]
path = "truth.csv"
entity = "customer"
"#;

fuzz_target!(|input: Input| {
    let text = match input {
        Input::Any(text) => text.to_owned(),
        Input::Nearly(splices) => spliced(FULL, &splices),
        Input::Rule(parts) => {
            let fields = [FieldKind::FamilyName, FieldKind::Email, FieldKind::BirthDate, FieldKind::Text];
            let schema = Schema::new(fields.map(|kind| Field::new(kind, "")).to_vec());
            if let Ok(rule) = BlockingRule::parse(&parts, &schema, "rules") {
                assert_eq!(rule.parts().len(), parts.len());
            }
            return;
        }
    };
    match Spec::from_toml_str(&text, "spec.toml") {
        Ok(spec) => drop(Pipeline::from_spec(spec)),
        Err(error) => {
            let message = error.to_string();
            assert!(message.starts_with("spec.toml: ") && !message.contains('\n'), "{message:?}");
        }
    }
});
