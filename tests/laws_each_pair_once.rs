//! Law: every pair that shares an effective key of some rule is emitted, exactly once, by the first such rule.
//!
//! What makes it fail: the tests for the smallest common key and for earlier rules (`CandidatePairs::shard_pairs`), a
//! block left out of all shards (`CandidatePairs::shards`), keys of one part alone (`BoundPlan::base_keys`), an
//! oversized block that no split divides (`census::split`), the mode (`Plan::allows`) or the entity classes
//! (`CandidatePairs::allows`).
#![allow(clippy::unwrap_used)]

mod world;

use std::collections::BTreeSet;

use onefold::block::{
    BlockingRule, CandidatePairs, KeyFunction, KeyPart, Plan, PlanOptions, Split, default_plan,
};
use onefold::record::{EntityClass, Records};
use onefold::schema::LinkMode;
use onefold::{FieldKind, RecordId, text};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use world::{Draw, Reached, World, all_pairs};

/// The keys of a value as [`KeyFunction`] describes them, as text; nothing where only a hash is described.
fn keys(part: &KeyPart, value: &str) -> Vec<String> {
    let date: Vec<&str> = value.split('-').collect();
    let unordered = |date: &[&str]| {
        let mut parts = [date[1].to_owned(), date[2].to_owned()];
        parts.sort_unstable();
        parts.join("/")
    };
    let is_date = part.field.kind == FieldKind::BirthDate;
    let letters: Vec<char> = value.chars().collect();
    let words = || value.split_whitespace();
    let encoded = |encode: fn(&str) -> String| {
        let codes: Vec<String> = words().map(encode).filter(|code| !code.is_empty()).collect();
        if codes.is_empty() { vec![] } else { vec![codes.join(" ")] }
    };
    match part.function {
        KeyFunction::Exact if is_date && date.len() == 3 => vec![format!("{} {}", date[0], unordered(&date))],
        KeyFunction::Exact if is_date => vec![],
        KeyFunction::Exact => vec![value.to_owned()],
        KeyFunction::Prefix(length) => vec![letters.iter().take(length.into()).collect()],
        KeyFunction::Ending(length) if letters.len() < length.into() => vec![],
        KeyFunction::Ending(length) => vec![letters[letters.len() - usize::from(length)..].iter().collect()],
        KeyFunction::Cologne => encoded(text::cologne),
        KeyFunction::Metaphone => encoded(text::double_metaphone),
        KeyFunction::Typo => {
            let without = |at: usize| letters[..at].iter().chain(&letters[at + 1..]).collect();
            std::iter::once(value.to_owned()).chain((0..letters.len()).map(without)).collect()
        }
        KeyFunction::Year => vec![date[0].to_owned()],
        KeyFunction::DayMonth if date.len() == 3 => vec![unordered(&date)],
        KeyFunction::DayMonth => vec![],
        KeyFunction::Token => words().filter(|word| word.len() > 1).map(str::to_owned).collect(),
        KeyFunction::Local => vec![value.split('@').next().unwrap().to_owned()],
        _ => unreachable!("not among the parts of this test"),
    }
}

/// The keys of a record under a part; colleagues are not candidates, so a person's employer makes none.
fn record_keys(records: &Records, part: &KeyPart, record: RecordId) -> BTreeSet<String> {
    let employer = part.field.kind == FieldKind::OrgName && records.class(record) == EntityClass::Person;
    let field = records.schema().position(part.field.kind, &part.field.name).filter(|_| !employer);
    let values = field.into_iter().flat_map(|field| records.texts(record, field));
    values.flat_map(|value| keys(part, value)).collect()
}

fn share(records: &Records, rule: &BlockingRule, a: RecordId, b: RecordId) -> bool {
    rule.parts().iter().all(|part| {
        let (left, right) = (record_keys(records, part, a), record_keys(records, part, b));
        left.intersection(&right).next().is_some()
    })
}

fn allowed(records: &Records, mode: LinkMode, a: RecordId, b: RecordId) -> bool {
    let same = records.source(a) == records.source(b);
    let classes = [records.class(a), records.class(b)];
    let apart = classes.contains(&EntityClass::Person) && classes.contains(&EntityClass::Organisation);
    !apart
        && match mode {
            LinkMode::Dedupe => same,
            LinkMode::Link => !same,
            _ => true,
        }
}

/// (rule, a, b) of everything emitted, in the order of pairs.
fn emitted(pairs: &CandidatePairs<'_>) -> Vec<(RecordId, RecordId, usize)> {
    let mut all = pairs.fold(Vec::new, |found, rule, a, b| found.push((a, b, rule))).concat();
    all.sort_unstable();
    all
}

const PARTS: [&str; 20] = [
    "given_name",
    "family_name",
    "birth_date",
    "postal_code",
    "city",
    "phone",
    "org_name",
    "house_number",
    "prefix(given_name,1)",
    "prefix(family_name,3)",
    "prefix(postal_code,2)",
    "ending(phone,6)",
    "cologne(family_name)",
    "metaphone(given_name)",
    "typo(family_name)",
    "year(birth_date)",
    "day_month(birth_date)",
    "token(street)",
    "token(org_name)",
    "local(email)",
];

fn rules(draw: &mut Draw, records: &Records, most: usize) -> Vec<BlockingRule> {
    let count = 1 + draw.below(most);
    let rule = |draw: &mut Draw| {
        let parts: Vec<&str> = (0..=draw.below(3)).map(|_| *draw.pick(&PARTS)).collect();
        // A small world may lack a field.
        BlockingRule::parse(&parts, records.schema(), "rule").ok()
    };
    (0..count).filter_map(|_| rule(draw)).collect()
}

const MODES: [LinkMode; 3] = [LinkMode::Dedupe, LinkMode::Link, LinkMode::LinkAndDedupe];

fn records(seed: u64, customers: usize) -> Records {
    let world = World::new(seed, customers);
    let sources: Vec<_> = world.exports.iter().map(world::Export::source).collect();
    let ingested = onefold::ingest::ingest(&sources, "".as_ref()).unwrap();
    let options = onefold::normalize::NormalizeOptions::default().with_country("DE");
    onefold::normalize::normalize(ingested.records, &options).0
}

#[test]
fn without_splits_by_brute_force() {
    let reached = Reached::default();
    let strategy = (any::<u64>(), 0..45usize, prop::sample::select(MODES.to_vec()));
    world::check(150, strategy, |(seed, customers, mode)| {
        let records = records(seed, customers);
        let plan = Plan::new(rules(&mut Draw::new(seed), &records, 4), vec![], mode);
        let pairs = CandidatePairs::new(&plan, &records);
        let mut expected = Vec::new();
        for (a, b) in all_pairs(&records) {
            let first = plan.rules().iter().position(|rule| share(&records, rule, a, b));
            let may = allowed(&records, mode, a, b);
            prop_assert_eq!(pairs.allows(a, b), may);
            prop_assert_eq!(pairs.proposes(a, b), may && first.is_some(), "{:?} {:?}", a, b);
            expected.extend(first.filter(|_| may).map(|rule| (a, b, rule)));
            reached.add("forbidden by mode or class", u64::from(first.is_some() && !may));
        }
        let found = emitted(&pairs);
        reached.add("pairs", found.len() as u64);
        reached.add("pairs of later rules", found.iter().filter(|(_, _, rule)| *rule > 0).count() as u64);
        let of_several = found
            .iter()
            .filter(|&&(a, b, _)| plan.rules().iter().filter(|r| share(&records, r, a, b)).count() > 1);
        reached.add("pairs of several rules", of_several.count() as u64);
        prop_assert_eq!(&found, &expected);
        prop_assert_eq!(pairs.count(), found.len() as u64);
        prop_assert!(pairs.upper_bound() >= pairs.count());
        prop_assert_eq!(pairs.collect(), found.iter().map(|&(a, b, _)| (a, b)).collect::<Vec<_>>());
        let union: BTreeSet<usize> = found.iter().map(|pair| pair.2).collect();
        reached.add("plans in which several rules emit", u64::from(union.len() > 1));
        Ok(())
    });
    let least = ["forbidden by mode or class", "pairs", "pairs of later rules", "pairs of several rules"];
    reached.assert(200, &least);
    reached.assert(10, &["plans in which several rules emit"]);
}

#[test]
fn with_splits() {
    let reached = Reached::default();
    let strategy = (any::<u64>(), 2..60usize, prop::sample::select(MODES.to_vec()), 1..12u64);
    world::check(150, strategy, |(seed, customers, mode, limit)| {
        let records = records(seed, customers);
        let mut draw = Draw::new(seed);
        // Rules of one coarse part make large blocks.
        let coarse = *draw.pick(&["city", "year(birth_date)", "prefix(given_name,1)", "typo(family_name)"]);
        let mut rules = rules(&mut draw, &records, 2);
        rules.extend(BlockingRule::parse(&[coarse], records.schema(), "rule").ok());
        let options = PlanOptions::default().with_mode(mode).with_pairs_per_record(limit);
        check_splits(&records, &default_plan(&records, Some(rules), &options), limit, &reached)?;
        // Rules that are chosen may have larger blocks, as long as all of them together stay within the budget.
        check_splits(&records, &default_plan(&records, None, &options), u64::MAX, &reached)
    });
    reached.assert(200, &["pairs", "splits", "pairs lost to splits"]);
    reached.assert(5, &["dropped blocks"]);
}

fn check_splits(
    records: &Records,
    plan: &Plan,
    largest: u64,
    reached: &Reached,
) -> Result<(), TestCaseError> {
    let pairs = CandidatePairs::new(plan, records);
    let found = emitted(&pairs);
    let distinct: BTreeSet<_> = found.iter().map(|&(a, b, _)| (a, b)).collect();
    prop_assert_eq!(distinct.len(), found.len(), "a pair was emitted twice");
    for (a, b) in all_pairs(records) {
        prop_assert_eq!(pairs.proposes(a, b), distinct.contains(&(a, b)), "{:?} {:?}", a, b);
    }
    let mut claimed = vec![0; plan.rules().len()];
    for &(a, b, rule) in &found {
        claimed[rule] += 1;
        prop_assert!(allowed(records, plan.mode(), a, b));
        prop_assert!(share(records, &plan.rules()[rule], a, b), "{a:?} {b:?} by {}", plan.rules()[rule]);
    }
    let report = pairs.report(&claimed);
    for (at, rule) in report.rules.iter().enumerate() {
        prop_assert!(rule.largest.is_none_or(|block| block.records as u64 <= largest), "{report}");
        let splits = plan.splits(at).values();
        let dropped = splits.clone().filter(|split| matches!(split, Split::Dropped)).count();
        prop_assert_eq!((rule.split, rule.dropped), (splits.len() - dropped, dropped));
        reached.add("splits", rule.split as u64);
        reached.add("dropped blocks", rule.dropped as u64);
    }
    let whole = Plan::new(plan.rules().to_vec(), vec![], plan.mode());
    let whole = CandidatePairs::new(&whole, records);
    prop_assert!(found.iter().all(|&(a, b, _)| whole.proposes(a, b)));
    reached.add("pairs lost to splits", whole.count() - found.len() as u64);
    reached.add("pairs", found.len() as u64);
    Ok(())
}

/// What `Typo` promises, by the definition of its distance rather than by its keys.
#[test]
fn a_typo_never_parts_two_values() {
    let reached = Reached::default();
    world::check(60, (any::<u64>(), 2..45usize), |(seed, customers)| {
        let records = records(seed, customers);
        let Ok(rule) = BlockingRule::parse(&["typo(family_name)"], records.schema(), "rule") else {
            return Ok(());
        };
        let field = records.schema().position(FieldKind::FamilyName, "").unwrap();
        let plan = Plan::new(vec![rule], vec![], LinkMode::LinkAndDedupe);
        let pairs = CandidatePairs::new(&plan, &records);
        for (a, b) in all_pairs(&records).filter(|&(a, b)| allowed(&records, plan.mode(), a, b)) {
            let near = records.texts(a, field).any(|left| {
                records.texts(b, field).any(|right| {
                    reached.add("one apart", u64::from(strsim::osa_distance(left, right) == 1));
                    strsim::osa_distance(left, right) <= 1
                })
            });
            prop_assert!(!near || pairs.proposes(a, b), "{a:?} {b:?}");
        }
        Ok(())
    });
    reached.assert(50, &["one apart"]);
}
