//! Plans, splits and choices on small hand-made records.

use super::*;
use crate::id::RecordId;
use crate::record::{
    ColumnBuilder, EntityClass, RawRecords, Records, RecordsBuilder, SourceInfo, SourceTable,
};
use crate::schema::{Field, FieldKind, LinkMode};
use crate::technique::{Technique, Techniques};

/// Records of one source from their (family name, city, organisation) texts.
fn records(rows: &[(&str, &str, &str)], class: EntityClass) -> Records {
    let keys: Vec<String> = (0..rows.len()).map(|row| format!("{row:05}")).collect();
    let lines = (0..rows.len() as u64).collect();
    let table = SourceTable::new(SourceInfo::new("crm"), keys, lines, vec![]);
    let kinds = [FieldKind::FamilyName, FieldKind::City, FieldKind::OrgName];
    let mut columns = kinds.map(|kind| ColumnBuilder::new(Field::new(kind, "")));
    for (&(family, city, org), row) in rows.iter().zip(0..) {
        for (column, text) in columns.iter_mut().zip([family, city, org]) {
            column.push(RecordId(row), text);
        }
    }
    let builder = RecordsBuilder::new(RawRecords::new(vec![table]), vec![class; rows.len()]);
    columns.into_iter().fold(builder, RecordsBuilder::column).finish()
}

fn exact(kind: FieldKind) -> BlockingRule {
    BlockingRule::new(vec![KeyPart::new(Field::new(kind, ""), KeyFunction::Exact)])
}

fn pairs(plan: &Plan, records: &Records) -> Vec<(u32, u32)> {
    CandidatePairs::new(plan, records).collect().into_iter().map(|(a, b)| (a.0, b.0)).collect()
}

fn freeze(plan: &Plan, records: &Records, largest: &[usize], spare: u64) -> Plan {
    let bound = plan.bind(records);
    let blocks = (0..plan.rules().len()).map(|rule| blocks::RuleBlocks::new(&bound, rule)).collect();
    let (frozen, blocks) = census::freeze(plan, records, blocks, largest, spare);
    // The blocks at hand are those that the frozen plan makes.
    let planned = CandidatePairs::planned(&frozen, records, PlannedBlocks(blocks)).collect();
    assert_eq!(planned, CandidatePairs::new(&frozen, records).collect());
    frozen
}

#[test]
fn oversized_blocks_are_split_and_the_loss_is_told() {
    let rows: Vec<_> = ["ulm", "ulm", "bonn", "bonn", ""].iter().map(|city| ("meier", *city, "")).collect();
    let records = records(&rows, EntityClass::Person);
    let splitter = KeyPart::new(Field::new(FieldKind::City, ""), KeyFunction::Exact);
    let plan = Plan::new(vec![exact(FieldKind::FamilyName)], vec![splitter], LinkMode::Dedupe);
    assert_eq!(pairs(&plan, &records).len(), 10);
    let frozen = freeze(&plan, &records, &[3], 0);
    assert_eq!(pairs(&frozen, &records), [(0, 1), (2, 3)]);
    let report = CandidatePairs::new(&frozen, &records).report(&[2]);
    assert_eq!((report.rules[0].split, report.rules[0].dropped, report.records_in_no_block), (1, 0, 1));
    // Nothing divides blocks of equal rows: they are dropped, and counted.
    let frozen = freeze(&plan, &records, &[1], 0);
    let report = CandidatePairs::new(&frozen, &records).report(&[0]);
    assert_eq!((report.pairs, report.rules[0].dropped), (0, 2));
    // Where pairs are to spare, they stay whole.
    let frozen = freeze(&plan, &records, &[1], 1);
    assert_eq!(CandidatePairs::new(&frozen, &records).count(), 1);
    let frozen = freeze(&plan, &records, &[1], 2);
    assert_eq!(pairs(&frozen, &records), [(0, 1), (2, 3)]);
}

#[test]
fn a_plan_tells_what_it_costs_and_loses() {
    let mut rows: Vec<_> =
        ["ulm", "ulm", "bonn", "bonn", ""].iter().map(|city| ("meier", *city, "")).collect();
    rows.extend([("huber", "ulm", ""), ("", "", "")]);
    let records = records(&rows, EntityClass::Person);
    let splitter = KeyPart::new(Field::new(FieldKind::City, ""), KeyFunction::Exact);
    let prefix = KeyPart::new(Field::new(FieldKind::City, ""), KeyFunction::Prefix(2));
    let rules = vec![exact(FieldKind::FamilyName), BlockingRule::new(vec![prefix])];
    let plan = Plan::new(rules, vec![splitter], LinkMode::Dedupe).with_pairs_per_record(3);
    let plan = freeze(&plan, &records, &[3, 9], 0);
    let explanation = plan.explain(&records);
    assert_eq!((explanation.pairs, explanation.limit, explanation.records_in_no_block), (4, Some(3), 2));
    assert_eq!(explanation.some_in_no_block[0], ("crm".to_owned(), "00004".to_owned()));
    let [family, city] = &explanation.rules[..] else { panic!("{explanation}") };
    assert_eq!((family.pairs, family.beyond, city.pairs, city.beyond), (2, 2, 4, 2));
    // Of the ten pairs of five Meiers two are left, in two towns.
    assert_eq!((family.oversized_blocks, family.pairs_lost), (1, 8));
    let oversized = &family.oversized[0];
    assert_eq!((oversized.values.as_slice(), oversized.parts), (&["family_name meier".to_owned()][..], 2));
    assert_eq!(oversized.split_by.as_deref(), Some("city"));
    let of_part = |block: &BlockExplanation| block.values.join(", ").starts_with("family_name meier, city ");
    assert!(family.largest.len() == 2 && family.largest.iter().all(of_part), "{explanation}");
    assert_eq!(city.largest[0].values, ["prefix(city,2) ul"]);
    let text = explanation.to_string();
    assert!(text.contains("2 of 7 records in no block, such as crm/00004, crm/00006"), "{text}");
}

#[test]
fn an_employer_makes_no_candidates() {
    let rows = [("meier", "", "acme"), ("huber", "", "acme")];
    let plan = Plan::new(vec![exact(FieldKind::OrgName)], vec![], LinkMode::Dedupe);
    assert!(pairs(&plan, &records(&rows, EntityClass::Person)).is_empty());
    assert_eq!(pairs(&plan, &records(&rows, EntityClass::Organisation)), [(0, 1)]);
}

#[test]
fn a_rule_over_a_field_that_is_not_there_proposes_nothing() {
    let records = records(&[("meier", "", ""), ("meier", "", "")], EntityClass::Person);
    let rules = vec![exact(FieldKind::Email), exact(FieldKind::FamilyName)];
    assert_eq!(pairs(&Plan::new(rules, vec![], LinkMode::Dedupe), &records), [(0, 1)]);
}

#[test]
fn the_default_plan_finds_typing_errors_within_its_budget() {
    let names =
        ["meier", "huber", "schmidt", "wagner", "becker", "hoffmann", "schulz", "koch", "richter", "klein"];
    let cities: Vec<String> = (0..50).map(|n| format!("city{n}")).collect();
    let mut rows: Vec<(String, &str)> = Vec::new();
    for (n, city) in cities.iter().enumerate() {
        for (m, name) in names.iter().enumerate() {
            rows.push((format!("{name}{}", (b'a' + ((n + m) % 26) as u8) as char), city));
        }
    }
    rows.push(("schmidtxa".into(), "city7"));
    rows.push(("schmitxa".into(), "city7"));
    let rows: Vec<_> = rows.iter().map(|(name, city)| (name.as_str(), *city, "")).collect();
    let records = records(&rows, EntityClass::Person);
    let options = PlanOptions::default().with_pairs_per_record(20);
    let plan = default_plan(&records, None, &options);
    let candidates = CandidatePairs::new(&plan, &records);
    assert!(candidates.proposes(RecordId(500), RecordId(501)), "{:?}", plan.rules());
    let count = candidates.count();
    assert!(count <= 20 * records.len() as u64, "{count} pairs of {} records", records.len());
    assert_eq!(plan, default_plan(&records, None, &options));
    let explanation = plan.explain(&records);
    assert_eq!(explanation.pairs, candidates.count());
    assert_eq!(explanation.pairs, explanation.rules.iter().map(|rule| rule.beyond).sum::<u64>());
    assert!(explanation.rules.iter().all(|rule| rule.beyond <= rule.pairs));
    let exact_only = options.with_techniques(Techniques::default().without(Technique::TypoKeys));
    let exact_only = default_plan(&records, None, &exact_only).explain(&records).to_string();
    assert!(explanation.to_string().contains("typo(") && !exact_only.contains("typo("));
}

#[test]
fn keys_of_named_values() {
    let keys = |kind, function, value: &str| {
        let mut keys = Vec::new();
        KeyPart::new(Field::new(kind, ""), function).keys(value, &mut keys);
        keys
    };
    let date = |value| keys(FieldKind::BirthDate, KeyFunction::Exact, value);
    assert_eq!(date("1980-04-03"), date("1980-03-04"), "day and month in either order");
    assert!(date("1980").is_empty() && date("1980-04").is_empty());
    assert_eq!(
        keys(FieldKind::BirthDate, KeyFunction::Year, "1980-04-03"),
        keys(FieldKind::BirthDate, KeyFunction::Year, "1980")
    );
    let family = |function, value: &str| keys(FieldKind::FamilyName, function, value);
    assert_eq!(family(KeyFunction::Cologne, "meier"), family(KeyFunction::Cologne, "mayer"));
    assert_eq!(family(KeyFunction::Prefix(3), "schulz"), family(KeyFunction::Exact, "sch"));
    assert!(family(KeyFunction::Cologne, "123").is_empty());
    assert!(keys(FieldKind::Phone, KeyFunction::Ending(6), "12345").is_empty());
    let shares = |a: &str, b: &str| {
        family(KeyFunction::Typo, a).iter().any(|key| family(KeyFunction::Typo, b).contains(key))
    };
    assert!(shares("schmidt", "schmitt") && shares("meier", "meir") && !shares("meier", "huber"));
    assert_eq!(
        keys(FieldKind::Text, KeyFunction::Token, "a tale of tales").len(),
        3,
        "one letter is no word"
    );
}
