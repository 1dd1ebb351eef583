//! Law: a missing value never blocks, never agrees and never disagrees.
//!
//! What makes it fail: a level other than 0 for a missing value (`Bound::level`), a weight of level 0
//! (`ComparisonWeights::weight`), a key of no value (`BoundPlan::base_keys`), a column without values
//! that becomes a field (`RecordsBuilder::column`).
#![allow(clippy::unwrap_used)]

mod world;

use onefold::block::{BlockingRule, CandidatePairs, KeyFunction, KeyPart, Plan};
use onefold::compare::{BoundComparisons, PairLevels};
use onefold::model::{ComparisonWeights, Model, Scorer};
use onefold::record::{ColumnBuilder, EntityClass, Records, RecordsBuilder};
use onefold::schema::LinkMode;
use onefold::{FieldId, FieldKind, RecordId};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use world::{Draw, Reached, World, all_pairs, entities, links};

/// The same records, of which one has no value in one field.
fn blanked(records: &Records, field: FieldId, blank: RecordId) -> Records {
    let classes = records.ids().map(|record| records.class(record)).collect();
    let mut builder = RecordsBuilder::new(records.raw().clone(), classes);
    for (at, column) in records.columns().iter().enumerate() {
        let at = FieldId(at as u16);
        let mut copy = ColumnBuilder::new(column.field().clone());
        for record in records.ids().filter(|&record| at != field || record != blank) {
            records.texts(record, at).for_each(|text| copy.push(record, text));
        }
        builder = builder.column(copy);
    }
    builder.finish()
}

/// Per comparison its level and its part of the weight, recomputed from the model's own figures.
fn contributions(model: &Model, bound: &BoundComparisons<'_>, a: RecordId, b: RecordId) -> Vec<(u8, f64)> {
    let mut levels = PairLevels::default();
    bound.compare(a, b, &mut levels);
    let of = |(at, (&level, &(left, right))): (usize, (&u8, &(onefold::ValueId, onefold::ValueId)))| {
        let weights = &model.comparisons()[at];
        let text = |value| {
            let field = weights.comparison().field();
            let field = bound.records().schema().position(field.kind, &field.name).unwrap();
            bound.records().column(field).text(value)
        };
        let weight = match (weights.terms(), weights.similar()) {
            (Some(terms), _) if level == 1 => (weights.m()[0] / terms.share(text(left))).log2(),
            (Some(terms), Some(similar)) if level > 1 && !left.is_missing() => {
                let rarity = f64::midpoint(terms.rarity(text(left)), terms.rarity(text(right)));
                weights.weight(level) + similar.bits(level, rarity)
            }
            _ => weights.weight(level),
        };
        (level, weight)
    };
    levels.levels().iter().zip(levels.values()).enumerate().map(of).collect()
}

/// The weight that contributions come to: for a match against strangers and, if both are persons, against relatives.
fn weight(model: &Model, contributions: &[(u8, f64)], persons: bool) -> f64 {
    let matches: f64 = contributions.iter().map(|part| part.1).sum();
    let related = |(&(level, matches), weights): (&(u8, f64), &ComparisonWeights)| match weights.related() {
        None => 0.0,
        Some(_) if level == 0 => 0.0,
        Some(related) => {
            let at = usize::from(level) - 1;
            matches + (related[at] / weights.m()[at]).log2()
        }
    };
    let related: f64 = contributions.iter().zip(model.comparisons()).map(related).sum();
    let related = if persons { model.related() * related.exp2() } else { 0.0 };
    matches - (1.0 - model.related() + related).log2()
}

/// The model adds in another order, so the last bits can differ.
fn assert_close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{found} {expected}");
}

/// A name that is found in the other name field of the other record: evidence that lies in both fields.
fn is_crossed(model: &Model, comparison: usize, level: u8) -> bool {
    level > 0 && model.comparisons()[comparison].comparison().levels()[usize::from(level) - 1] == "crossed"
}

/// Whether a name of one record still stands in the other name field of the other record.
fn still_crossed(records: &Records, a: RecordId, b: RecordId, kind: FieldKind) -> bool {
    let texts = |record: RecordId, kind: FieldKind| -> Vec<&str> {
        let field = records.schema().position(kind, "");
        field.into_iter().flat_map(|field| records.texts(record, field)).collect()
    };
    let other = if kind == FieldKind::GivenName { FieldKind::FamilyName } else { FieldKind::GivenName };
    let stands_in = |x, y| texts(x, kind).iter().any(|name| texts(y, other).contains(name));
    stands_in(a, b) || stands_in(b, a)
}

#[test]
fn blanking_a_value_takes_its_part_of_the_weight() {
    let reached = Reached::default();
    world::check(50, (any::<u64>(), 8..40usize), |(seed, customers)| {
        let unified = World::new(seed, customers).run();
        let (model, records) = (&unified.model, &unified.records);
        let mut draw = Draw::new(seed);
        let scorer = Scorer::new(model, records);
        let pairs: Vec<_> = all_pairs(records).collect();
        for _ in 0..10 {
            let linked = unified.links.as_slice();
            let (a, b) = match linked.len() {
                0 => *draw.pick(&pairs),
                _ if draw.percent(30) => *draw.pick(&pairs),
                count => {
                    let link = &linked[draw.below(count)];
                    (link.a, link.b)
                }
            };
            let comparison = draw.below(model.comparisons().len());
            let field = model.comparisons()[comparison].comparison().field();
            let field = records.schema().position(field.kind, &field.name).unwrap();
            let blank = *draw.pick(&[a, b]);
            let without = blanked(records, field, blank);
            let before = contributions(model, scorer.comparisons(), a, b);
            let persons = [a, b].iter().all(|&record| records.class(record) == EntityClass::Person);
            assert_close(scorer.weight(a, b), weight(model, &before, persons));

            let mut expected = before.clone();
            expected[comparison] = (0, 0.0);
            for (other, (level, weight)) in expected.iter_mut().enumerate() {
                let kind = model.comparisons()[other].comparison().field().kind;
                if is_crossed(model, other, *level) && !still_crossed(&without, a, b, kind) {
                    // Nothing shows any longer that the names are crossed: they differ, both present.
                    let worst = model.comparisons()[other].m().len() as u8;
                    (*level, *weight) = (worst, model.comparisons()[other].weight(worst));
                    reached.add("crossed", 1);
                }
            }
            let again = Scorer::new(model, &without);
            let after = contributions(model, again.comparisons(), a, b);
            prop_assert_eq!(&after, &expected, "{} of {:?}", field, blank);
            assert_close(again.weight(a, b), weight(model, &expected, persons));
            match before[comparison].0 {
                0 => reached.add("was missing", 1),
                1 => reached.add("agreed", 1),
                level if usize::from(level) == model.comparisons()[comparison].m().len() => {
                    reached.add("disagreed", 1);
                }
                _ => reached.add("agreed in part", 1),
            }
            no_key_without_a_value(records, &without, field, blank, &reached)?;
        }
        Ok(())
    });
    reached.assert(30, &["was missing", "agreed", "disagreed", "pairs of no value"]);
    reached.assert(5, &["agreed in part"]);
}

/// No key function makes a key of the blanked value, alone or beside others; all other pairs stay.
fn no_key_without_a_value(
    records: &Records,
    without: &Records,
    field: FieldId,
    blank: RecordId,
    reached: &Reached,
) -> Result<(), TestCaseError> {
    use KeyFunction::{Cologne, DayMonth, Ending, Exact, Local, Metaphone, Prefix, Token, Typo, Year};
    let part =
        |field: FieldId, function| KeyPart::new(records.columns()[field.index()].field().clone(), function);
    let other = FieldId((field.index() + 1).rem_euclid(records.columns().len()) as u16);
    for function in [Exact, Prefix(1), Ending(1), Cologne, Metaphone, Typo, Year, DayMonth, Token, Local] {
        let alone = BlockingRule::new(vec![part(field, function)]);
        let beside = BlockingRule::new(vec![part(other, Exact), part(field, function)]);
        for rule in [alone, beside] {
            let plan = Plan::new(vec![rule], vec![], LinkMode::LinkAndDedupe);
            let (all, left) =
                (CandidatePairs::new(&plan, records).collect(), CandidatePairs::new(&plan, without));
            let (lost, kept): (Vec<_>, Vec<_>) =
                all.into_iter().partition(|&(a, b)| a == blank || b == blank);
            prop_assert_eq!(left.collect(), kept, "{:?}", plan.rules());
            reached.add("pairs of no value", lost.len() as u64);
        }
    }
    Ok(())
}

#[test]
fn records_without_values_stay_alone() {
    let reached = Reached::default();
    world::check(60, (any::<u64>(), 0..40usize, 2..10usize), |(seed, customers, empty)| {
        let mut world = World::new(seed, customers);
        let nothing = ["", " ", "n/a", "-", "unbekannt"];
        let mut draw = Draw::new(seed);
        for export in world.exports.iter_mut().filter(|export| export.key.is_some()) {
            for at in 0..empty {
                let cell = |draw: &mut Draw| (*draw.pick(&nothing)).to_owned();
                let mut row: Vec<String> = export.header.iter().map(|_| cell(&mut draw)).collect();
                row[0] = format!("empty{at}");
                export.rows.push(row);
            }
        }
        let unified = world.run();
        let pairs = CandidatePairs::new(unified.model.plan(), &unified.records);
        for source in ["crm", "erp"] {
            for at in 0..empty {
                let record = unified.records.raw().find(source, &format!("empty{at}")).unwrap();
                prop_assert!(unified.records.row(record).iter().all(|id| id.is_missing()));
                let entity = unified.partition.entity_of(record);
                prop_assert_eq!(unified.partition.members(entity), [record]);
                for other in unified.records.ids().filter(|&other| other != record) {
                    prop_assert!(!pairs.proposes(record.min(other), record.max(other)));
                }
                reached.add("empty records", 1);
            }
        }
        prop_assert!(unified.blocking.records_in_no_block >= 2 * empty as u64);
        reached.add("merges", world::merges(&unified));
        Ok(())
    });
    reached.assert(50, &["empty records", "merges"]);
}

#[test]
fn an_empty_column_changes_nothing() {
    let reached = Reached::default();
    // Identifiers are left out: a second column of them renames the field, see `FieldNames`.
    let kinds: Vec<FieldKind> = FieldKind::ALL
        .iter()
        .copied()
        .filter(|kind| !matches!(kind, FieldKind::Ignore | FieldKind::NationalId | FieldKind::LoyaltyId))
        .collect();
    let added = prop::collection::vec((0..2usize, prop::sample::select(kinds)), 1..5);
    world::check(80, (any::<u64>(), 0..40usize, added), |(seed, customers, added)| {
        let mut world = World::new(seed, customers);
        // Without a key a row is its content, and the names of its columns are part of that.
        world.exports.retain(|export| export.key.is_some());
        let mut wider = world.clone();
        for (at, &(export, kind)) in added.iter().enumerate() {
            let export = &mut wider.exports[export];
            let name: &'static str = ["zz1", "zz2", "zz3", "zz4"][at];
            export.header.push(name.to_owned());
            export.fields.push((name, kind));
            let width = export.header.len() - 1;
            for row in &mut export.rows {
                // A ragged row stays as ragged as it was.
                let at = row.len().min(width);
                row.insert(at, String::new());
            }
        }
        let (one, other) = (world.run(), wider.run());
        prop_assert_eq!(one.model.to_json().unwrap(), other.model.to_json().unwrap());
        prop_assert_eq!(links(&one), links(&other));
        prop_assert_eq!(entities(&one), entities(&other));
        prop_assert_eq!(world::issues(&one.issues), world::issues(&other.issues));
        prop_assert_eq!(one.records.schema(), other.records.schema());
        reached.add("merges", world::merges(&one));
        reached.add("columns", added.len() as u64);
        Ok(())
    });
    reached.assert(50, &["merges", "columns"]);
}
