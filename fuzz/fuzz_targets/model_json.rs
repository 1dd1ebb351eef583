//! A damaged model is refused; one that is taken is the same after another round of writing and reading, and scores
//! records with finite weights.
#![no_main]

use std::sync::OnceLock;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use onefold::ingest::Source;
use onefold::model::{Model, Scorer, score};
use onefold::record::Records;
use onefold::{FieldKind, Pipeline};
use onefold_fuzz::{Splice, spliced};

#[derive(Arbitrary, Debug)]
enum Input<'a> {
    Any(&'a str),
    Nearly(Vec<Splice>),
}

/// A small run: its records, and its model as JSON.
fn run() -> &'static (Records, String) {
    static RUN: OnceLock<(Records, String)> = OnceLock::new();
    RUN.get_or_init(|| {
        let mut csv = String::from("id,first,last,born,note\n");
        for row in 0..40 {
            let (person, typo) = (row / 2, if row % 3 == 0 { "x" } else { "" });
            let first = ["anna", "otto", "ida", "emil"][person % 4];
            let last = ["huber", "meier", "kowalski", "o'brien", "santos"][person % 5];
            csv += &format!("{row},{first},{last}{typo},19{:02}-04-03,blue {last}\n", 50 + person);
        }
        let source = Source::bytes("crm", "a.csv", csv.into_bytes())
            .key("id")
            .field("first", FieldKind::GivenName)
            .field("last", FieldKind::FamilyName)
            .field("born", FieldKind::BirthDate)
            .field("note", FieldKind::Text);
        let unified = Pipeline::builder().source(source).build().unwrap().run().unwrap();
        let json = unified.model.to_json().unwrap();
        (unified.records, json)
    })
}

fuzz_target!(|input: Input| {
    let (records, json) = run();
    let text = match input {
        Input::Any(text) => text.to_owned(),
        Input::Nearly(splices) => spliced(json, &splices),
    };
    let Ok(model) = Model::from_json(&text) else { return };
    let again = Model::from_json(&model.to_json().unwrap()).unwrap();
    assert!(again == model);
    let links = score(records, &model);
    assert!(links.iter().all(|link| link.probability.is_finite()));
    let scorer = Scorer::new(&model, records);
    let (a, b) = (onefold::RecordId(0), onefold::RecordId(1));
    assert!(scorer.weight(a, b).is_finite() && (0.0..=1.0).contains(&scorer.probability(a, b)));
});
