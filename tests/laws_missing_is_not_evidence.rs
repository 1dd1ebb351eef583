//! Law: a missing value never blocks, never agrees and never disagrees.
//!
//! What makes it fail: a level other than 0 for a missing value (`Bound::level`), a weight of level 0
//! (`ComparisonWeights::weight`), a key of no value (`BoundPlan::base_keys`), a column without values
//! that becomes a field (`RecordsBuilder::column`).
#![allow(clippy::unwrap_used)]

mod world;

use onefold::block::{BlockingRule, CandidatePairs, KeyFunction, KeyPart, Plan};
use onefold::explain::{ComparedField, PairExplanation};
use onefold::record::{ColumnBuilder, Records, RecordsBuilder};
use onefold::resolve::Constraints;
use onefold::schema::LinkMode;
use onefold::{FieldId, FieldKind, RecordId, Unified};
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

/// What each comparison of a pair says: its level in words and its bits.
fn parts(unified: &Unified, records: &Records, a: RecordId, b: RecordId) -> Vec<ComparedField> {
    let pairs = CandidatePairs::new(unified.model.plan(), records);
    let Unified { model, links, partition, .. } = unified;
    let constraints = Constraints::new();
    let explanation = PairExplanation::new(a, b, model, &pairs, links, partition, &constraints).unwrap();
    explanation.fields
}

/// Whether what a field says may hang on another: names that are crossed stand in both, a mail address is held against
/// the names that it is made of, and of places that lie in each other one speaks for both.
fn may_depend(field: FieldKind, on: FieldKind) -> bool {
    use FieldKind::{City, Country, Email, FamilyName, GivenName, MiddleName, PostalCode, Region};
    let together = |kinds: &[FieldKind]| kinds.contains(&field) && kinds.contains(&on);
    together(&[GivenName, FamilyName])
        || together(&[City, Country, PostalCode, Region])
        || (field == Email && [GivenName, FamilyName, MiddleName].contains(&on))
}

#[test]
fn a_blanked_value_says_nothing_and_all_others_say_what_they_said() {
    let reached = Reached::default();
    world::check(50, (any::<u64>(), 8..40usize), |(seed, customers)| {
        let unified = World::new(seed, customers).run();
        let (model, records) = (&unified.model, &unified.records);
        let mut draw = Draw::new(seed);
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
            let (before, after) = (parts(&unified, records, a, b), parts(&unified, &without, a, b));
            prop_assert_eq!(after[comparison].level, None);
            prop_assert_eq!(after[comparison].bits.to_bits(), 0f64.to_bits());
            let kind = before[comparison].field.kind;
            for (other, (before, after)) in before.iter().zip(&after).enumerate() {
                if other == comparison {
                    continue;
                }
                if may_depend(before.field.kind, kind) {
                    reached.add("dependent", u64::from(before.level != after.level));
                } else {
                    prop_assert_eq!(before.level, after.level, "{} without {:?}", before.field, kind);
                    let bits = (before.bits.to_bits(), after.bits.to_bits());
                    prop_assert_eq!(bits.0, bits.1, "{} without {:?}", before.field, kind);
                    reached.add("others", u64::from(before.level.is_some()));
                }
            }
            match before[comparison].level {
                None => reached.add("was missing", 1),
                Some("equal") => reached.add("agreed", 1),
                Some("differs") => reached.add("disagreed", 1),
                Some(_) => reached.add("agreed in part", 1),
            }
            no_key_without_a_value(records, &without, field, blank, &reached)?;
        }
        Ok(())
    });
    reached.assert(30, &["was missing", "agreed", "disagreed", "pairs of no value", "others"]);
    reached.assert(5, &["agreed in part", "dependent"]);
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
