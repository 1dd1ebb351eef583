//! The persisted form of a model: what was written by format version 1 is read, written and scored as it was.
//!
//! The golden file may only change together with `FORMAT_VERSION`. Before the first release, the environment variable
//! `ONEFOLD_WRITE_GOLDEN` makes `a_trained_model_survives_its_file` write it anew; then the bits of the scores are to be
//! set here.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use onefold::block::{BlockingRule, PlanOptions, Split, default_plan};
use onefold::compare::default_comparisons;
use onefold::model::{FORMAT_VERSION, Model, Scorer, TrainingOptions, train};
use onefold::record::{
    ColumnBuilder, EntityClass, RawRecords, Records, RecordsBuilder, SourceInfo, SourceTable,
};
use onefold::schema::Field;
use onefold::{FieldKind, RecordId};
use serde_json::{Value, json};

const GOLDEN: &str = include_str!("golden/model-1.json");

/// Normalised records, put together here so that no parser has a part in the scores.
fn records() -> Records {
    let rows = [
        ["anna", "meier", "1980-04-03", "10115", "meier druck"],
        ["anna", "meyer", "1980-03-04", "10115", "meier druck handel"],
        ["otto", "huber", "1971-01-20", "80333", "optik huber"],
        ["otto", "huber", "1971-01-20", "80333", "optik huber"],
        ["otto", "huber", "1971-01-20", "80333", "optik huber"],
        ["eva", "meier", "1991", "10115", "lindner optik"],
        ["greta", "lindner", "", "80331", ""],
        ["eva", "lindner", "1968-12-12", "80331", "lindner optik"],
        ["hans", "", "1955-07-30", "", "huber metallbau"],
    ];
    let fields = [
        (FieldKind::GivenName, ""),
        (FieldKind::FamilyName, ""),
        (FieldKind::BirthDate, ""),
        (FieldKind::PostalCode, ""),
        (FieldKind::Text, "note"),
    ];
    let keys = (0..rows.len()).map(|at| at.to_string()).collect();
    let table = SourceTable::new(SourceInfo::new("crm"), keys, vec![0; rows.len()], vec![]);
    let raw = RawRecords::new(vec![table]);
    let builder = RecordsBuilder::new(raw, vec![EntityClass::Person; rows.len()]);
    let column = |at: usize| {
        let (kind, name) = fields[at];
        let mut column = ColumnBuilder::new(Field::new(kind, name));
        rows.iter().zip(0..).for_each(|(row, record)| column.push(RecordId(record), row[at]));
        column
    };
    (0..fields.len()).fold(builder, |builder, at| builder.column(column(at))).finish()
}

#[test]
fn the_golden_model_is_read_and_written_as_it_is() {
    let model = Model::from_json(GOLDEN).unwrap();
    assert_eq!(model.to_json().unwrap(), GOLDEN.trim_end());
    // The parts of the form that a reader could lose unnoticed.
    assert_eq!(model.plan().rules().len(), 2);
    let splits: Vec<&Split> = (0..2).flat_map(|rule| model.plan().splits(rule).values()).collect();
    assert!(splits.contains(&&Split::Dropped) && splits.iter().any(|split| matches!(split, Split::By(_))));
    assert!(model.comparisons().iter().any(|weights| weights.terms().is_some()));
    assert!(GOLDEN.contains("\"documents\": ["));
}

#[test]
fn the_golden_model_scores_as_it_did() {
    let (model, records) = (Model::from_json(GOLDEN).unwrap(), records());
    let scorer = Scorer::new(&model, &records);
    let bits = |a, b| {
        let (a, b) = (RecordId(a), RecordId(b));
        (scorer.weight(a, b).to_bits(), scorer.probability(a, b).to_bits())
    };
    let found = SCORES.map(|(a, b, _)| (a, b, bits(a, b)));
    assert_eq!(found, SCORES, "{found:#x?}");
}

/// Pairs with the bits of their weight and of their probability.
const SCORES: [(u32, u32, (u64, u64)); 3] = [
    (0, 1, (0x4028_f984_dc22_03f1, 0x3fef_cea8_1c72_7b5f)),
    (2, 3, (0x4014_c03b_5bb9_9e9d, 0x3fe0_5eee_84e0_c568)),
    (5, 7, (0xc015_0af4_17a0_c179, 0x3f48_8ba0_21b9_2a8b)),
];

/// The golden model with something replaced, at a JSON pointer.
fn damaged(pointer: &str, value: Value) -> String {
    let mut model: Value = serde_json::from_str(GOLDEN).unwrap();
    let place = model.pointer_mut(pointer).expect(pointer);
    assert_ne!(*place, value);
    *place = value;
    model.to_string()
}

#[test]
fn another_version_is_told_apart_from_damage() {
    for version in [json!(0), json!(FORMAT_VERSION + 1), json!(u32::MAX)] {
        let error = Model::from_json(&damaged("/format", version.clone())).unwrap_err();
        assert!(error.is_version(), "{version}: {error}");
        assert!(error.to_string().contains(&version.to_string()), "{error}");
    }
    // Whatever else another version holds is not looked at.
    assert!(Model::from_json(&format!("{{\"format\": {}}}", FORMAT_VERSION + 1)).unwrap_err().is_version());
}

#[test]
fn a_damaged_model_is_an_error() {
    let cases = [
        ("/format", json!("1")),
        ("/format", json!(-1)),
        ("/prior", json!(0.0)),
        ("/prior", json!(1.5)),
        ("/prior", json!(null)),
        ("/threshold", json!(-0.1)),
        ("/threshold", json!(2)),
        ("/comparisons/0/m/0", json!(0.0)),
        ("/comparisons/0/m/0", json!(-0.5)),
        ("/comparisons/0/u/0", json!(1.01)),
        ("/comparisons/0/u", json!([])),
        ("/comparisons/0/m", json!([0.5, 0.5])),
        ("/comparisons/0/comparison/comparator", json!("exact")),
        ("/comparisons/0/comparison/comparator", json!("unheard_of")),
        ("/comparisons/0/comparison/field/kind", json!("unheard_of")),
        ("/comparisons", json!({})),
        ("/vocabulary", json!(3)),
        ("/plan/rules", json!([])),
        ("/plan/splits", json!([])),
        ("/plan/splitters", json!([])),
        ("/plan/mode", json!("unheard_of")),
        ("/plan", json!(null)),
    ];
    for (pointer, value) in cases {
        let text = damaged(pointer, value.clone());
        let error = Model::from_json(&text).expect_err(&format!("{pointer} = {value}"));
        assert!(!error.is_version(), "{pointer} = {value}: {error}");
        assert!(error.to_string().starts_with("model: "), "{error}");
        assert!(!error.to_string().contains('\n'), "{error}");
    }
    for end in (0..GOLDEN.trim_end().len()).step_by(97) {
        let error = Model::from_json(&GOLDEN[..GOLDEN.floor_char_boundary(end)]).unwrap_err();
        assert!(!error.is_version(), "cut off at {end}: {error}");
    }
}

/// What is read without an error must also be usable without a panic.
#[test]
fn whatever_is_read_can_score() {
    let records = records();
    let (mut read, mut refused) = (0, 0);
    let mut paths = Vec::new();
    leaves(&serde_json::from_str(GOLDEN).unwrap(), String::new(), &mut paths);
    let values =
        [json!(0), json!(-1), json!(1e300), json!(1e-300), json!(255), json!(""), json!([]), json!(null)];
    for pointer in paths {
        for value in &values {
            let mut model: Value = serde_json::from_str(GOLDEN).unwrap();
            *model.pointer_mut(&pointer).unwrap() = value.clone();
            let Ok(model) = Model::from_json(&model.to_string()) else {
                refused += 1;
                continue;
            };
            read += 1;
            let scorer = Scorer::new(&model, &records);
            for (a, b) in (0..9).flat_map(|a| (0..9).map(move |b| (RecordId(a), RecordId(b)))) {
                let (weight, probability) = (scorer.weight(a, b), scorer.probability(a, b));
                let usable = weight.is_finite() && (0.0..=1.0).contains(&probability);
                assert!(usable, "{pointer} = {value}: {weight} {probability}");
            }
            let links = onefold::model::score(&records, &model);
            assert!(links.iter().all(|link| link.weight.is_finite()), "{pointer} = {value}");
        }
    }
    assert!(read > 20 && refused > 100, "{read} {refused}");
}

fn leaves(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                leaves(item, format!("{at}/{i}"), found);
            }
        }
        Value::Object(items) => {
            for (name, item) in items {
                leaves(item, format!("{at}/{name}"), found);
            }
        }
        _ => found.push(at),
    }
}

#[test]
fn a_model_file_is_read_back() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("model.json");
    let model = Model::from_json(GOLDEN).unwrap();
    model.save(&path).unwrap();
    assert_eq!(Model::load(&path).unwrap(), model);
    let missing = Model::load(directory.path().join("none.json")).unwrap_err();
    assert!(missing.is_io() && missing.to_string().contains("none.json"), "{missing}");
}

#[test]
fn a_trained_model_survives_its_file() {
    let records = records();
    let rules = [["prefix(postal_code,2)"], ["typo(family_name)"]];
    let rules =
        rules.iter().map(|rule| BlockingRule::parse(rule, records.schema(), "rule").unwrap()).collect();
    let plan = default_plan(&records, Some(rules), &PlanOptions::default().with_pairs_per_record(2));
    let (model, _) = train(&records, &plan, default_comparisons(&records), &TrainingOptions::default());
    let directory = tempfile::tempdir().unwrap();
    let path = match std::env::var_os("ONEFOLD_WRITE_GOLDEN") {
        Some(_) => std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/model-1.json"),
        None => directory.path().join("model.json"),
    };
    model.save(&path).unwrap();
    assert_eq!(Model::load(&path).unwrap(), model);
}
