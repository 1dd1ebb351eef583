//! Law: every weight is finite and every probability is one, whatever the records lack.
//!
//! What makes it fail: m or u without the pseudo-pairs of their priors (`M_STRENGTH`, `U_STRENGTH` in `em::maximise`),
//! a prior that reaches 0 or 1 (`WeightHistogram::fit_prior`), a share of no entities (`TermFrequencies::share`),
//! numbers that change on their way through JSON (the feature `float_roundtrip` of `serde_json`).
#![allow(clippy::unwrap_used)]

mod world;

use onefold::block::{PlanOptions, default_plan};
use onefold::compare::{Comparator, default_comparisons};
use onefold::model::{ComparisonWeights, Model, Scorer, TrainingOptions, score, train};
use onefold::record::{
    ColumnBuilder, EntityClass, RawRecords, Records, RecordsBuilder, SourceInfo, SourceTable,
};
use onefold::schema::Field;
use onefold::{FieldKind, RecordId};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use world::{Draw, Reached, World, all_pairs};

/// How a column is filled.
#[derive(Clone, Copy, Debug)]
enum Fill {
    Missing,
    Equal,
    Distinct,
    Few,
    /// Every second record has a value, all equal.
    Half,
    Several,
}

const FILLS: [Fill; 6] = [Fill::Missing, Fill::Equal, Fill::Distinct, Fill::Few, Fill::Half, Fill::Several];

/// A value of a kind in its normal form.
fn value(kind: FieldKind, number: usize) -> String {
    match kind {
        FieldKind::BirthDate => format!("{}-{:02}-{:02}", 1900 + number, 1 + number % 12, 1 + number % 28),
        FieldKind::Email => format!("user{number}@example.org"),
        FieldKind::Phone => format!("+49301{number:06}"),
        FieldKind::PostalCode => format!("{:05}", 10_000 + 37 * number),
        FieldKind::Number | FieldKind::HouseNumber => number.to_string(),
        FieldKind::Year => (1900 + number).to_string(),
        FieldKind::Gender => ["f", "m"][number % 2].to_owned(),
        _ => format!("{} word{}", ["meier", "huber", "x"][number % 3], number * number),
    }
}

fn records(draw: &mut Draw, count: usize, fills: &[Fill]) -> Records {
    let kinds: Vec<FieldKind> =
        FieldKind::ALL.iter().copied().filter(|&kind| Comparator::of_kind(kind).is_some()).collect();
    let keys = (0..count).map(|at| format!("{at:03}")).collect();
    let table = SourceTable::new(SourceInfo::new("a"), keys, (0..count as u64).collect(), vec![]);
    let raw = RawRecords::new(vec![table]);
    let mut builder = RecordsBuilder::new(raw, vec![EntityClass::Unknown; count]);
    for (at, &fill) in fills.iter().enumerate() {
        let kind = kinds[(at + draw.below(kinds.len())) % kinds.len()];
        let mut column = ColumnBuilder::new(Field::new(kind, format!("{at:02}")));
        for record in 0..count {
            let id = RecordId(record as u32);
            match fill {
                Fill::Equal => column.push(id, &value(kind, 1)),
                Fill::Distinct => column.push(id, &value(kind, record)),
                Fill::Few => column.push(id, &value(kind, draw.below(3))),
                Fill::Half if record % 2 == 0 => column.push(id, &value(kind, 1)),
                Fill::Missing | Fill::Half => {}
                Fill::Several => {
                    (0..draw.below(4)).for_each(|_| column.push(id, &value(kind, draw.below(20))));
                }
            }
        }
        builder = builder.column(column);
    }
    builder.finish()
}

fn sound(model: &Model, records: &Records, reached: &Reached) -> Result<(), TestCaseError> {
    let probability = |p: f64| p > 0.0 && p <= 1.0;
    prop_assert!(probability(model.prior()) && model.prior() < 1.0, "prior {}", model.prior());
    prop_assert!((0.0..=1.0).contains(&model.threshold()), "threshold {}", model.threshold());
    for weights in model.comparisons() {
        prop_assert!(weights.m().iter().chain(weights.u()).all(|&p| probability(p)), "{weights:?}");
        for level in 0..=weights.m().len() as u8 {
            prop_assert!(weights.weight(level).is_finite(), "level {level} of {weights:?}");
        }
        prop_assert_eq!(weights.weight(0).to_bits(), 0f64.to_bits());
        reached.add("comparisons", 1);
    }
    let read = Model::from_json(&model.to_json().unwrap()).unwrap();
    prop_assert!(read == *model, "a number changed on its way through JSON");
    let (scorer, again) = (Scorer::new(model, records), Scorer::new(&read, records));
    for (a, b) in all_pairs(records) {
        let weight = scorer.weight(a, b);
        let probability = scorer.probability(a, b);
        prop_assert!(weight.is_finite() && (0.0..=1.0).contains(&probability), "{weight} {probability}");
        prop_assert_eq!(weight.to_bits(), scorer.weight(b, a).to_bits(), "{:?} {:?}", a, b);
        prop_assert_eq!(weight.to_bits(), again.weight(a, b).to_bits());
        prop_assert_eq!(probability.to_bits(), again.probability(a, b).to_bits());
        reached.add("pairs", 1);
    }
    prop_assert_eq!(score(records, model), score(records, &read));
    Ok(())
}

#[test]
fn of_any_columns() {
    let reached = Reached::default();
    let size = prop_oneof![0..4usize, 4..24usize];
    let fills = prop::collection::vec(prop::sample::select(FILLS.to_vec()), 0..7);
    world::check(300, (any::<u64>(), size, fills), |(seed, count, fills)| {
        let records = records(&mut Draw::new(seed), count, &fills);
        let plan = default_plan(&records, None, &PlanOptions::default());
        let (model, report) =
            train(&records, &plan, default_comparisons(&records), &TrainingOptions::default());
        sound(&model, &records, &reached)?;
        prop_assert!(report.expected_matches.is_finite() && report.expected_matches >= 0.0);
        match count {
            0 => reached.add("no records", 1),
            1 => reached.add("one record", 1),
            2 => reached.add("two records", 1),
            _ => reached.add("more records", 1),
        }
        let missing = fills.iter().all(|fill| matches!(fill, Fill::Missing));
        reached.add("nothing filled", u64::from(missing && count > 1));
        Ok(())
    });
    let cases = ["no records", "one record", "two records", "more records", "nothing filled"];
    reached.assert(5, &cases);
    reached.assert(150, &["comparisons", "pairs"]);
}

#[test]
fn of_whole_runs() {
    let reached = Reached::default();
    world::check(40, (any::<u64>(), 0..40usize), |(seed, customers)| {
        let unified = World::new(seed, customers).run();
        reached.add("merges", world::merges(&unified));
        for link in unified.links.as_slice() {
            prop_assert!(link.weight.is_finite() && (0.0..=1.0).contains(&link.probability));
        }
        let unseen = unified.model.comparisons().iter().flat_map(ComparisonWeights::u);
        reached.add("levels that hardly occur", unseen.filter(|&&u| u < 1e-3).count() as u64);
        sound(&unified.model, &unified.records, &reached)?;
        // A model meets values that it has not been trained on.
        let other =
            World::new(!seed, customers).builder().model(unified.model).build().unwrap().run().unwrap();
        reached.add("links of another delivery", other.links.iter().count() as u64);
        sound(&other.model, &other.records, &reached)
    });
    reached.assert(
        20,
        &["merges", "comparisons", "pairs", "levels that hardly occur", "links of another delivery"],
    );
}
