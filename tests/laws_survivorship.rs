//! Law: golden values are a function of the records of an entity, of the policy, of the pins and of the instant asked
//! about.
//!
//! What makes it fail: a tie that the order of records breaks (`Ranking::order_and_step`), a value that no record states,
//! an address put together from records that contradict each other (`Survivor::agrees_with`), a golden value that
//! remembers a merge, a chunk whose rows are appended in the wrong place (`GoldenTable::append`), a candidate that a filter
//! forgets (`Survivors::filter`), numbers that are added in the order of records (`Reduce::compute`), a change by the
//! clock that is not foreseen (`Survivorship::next_change_after`).
#![allow(clippy::unwrap_used)]

mod customers;
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use onefold::ingest::{Source, ingest};
use onefold::normalize::{NormalizeOptions, normalize};
use onefold::record::Records;
use onefold::resolve::Partition;
use onefold::resolve::RecordKey;
use onefold::survive::{
    Comparator, Fill, GoldenRecords, Lift, Pin, PinState, PinnedValue, Policy, Predicate, Reason, Reduce,
    Rule, Survivorship, Times, Undated, survive,
};
use onefold::{EntityId, FieldId, FieldKind, RecordId, Unified};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use world::{Draw, Reached, World};

const ADDRESS: [FieldKind; 7] = [
    FieldKind::Street,
    FieldKind::HouseNumber,
    FieldKind::AddressExtra,
    FieldKind::PostalCode,
    FieldKind::City,
    FieldKind::Region,
    FieldKind::Country,
];
const NAME: [FieldKind; 4] =
    [FieldKind::GivenName, FieldKind::MiddleName, FieldKind::FamilyName, FieldKind::NameSuffix];

fn fields(records: &Records) -> impl Iterator<Item = FieldId> + use<> {
    (0..records.columns().len() as u16).map(FieldId)
}

/// Any rule for any kind that may have one.
fn policy(draw: &mut Draw) -> Policy {
    let mut policy = Policy::default();
    for &kind in FieldKind::ALL {
        if draw.percent(40) {
            continue;
        }
        let mut steps = vec![
            Comparator::MostFrequent,
            Comparator::MostRecent,
            Comparator::Oldest,
            Comparator::SourcePriority(vec!["erp".into(), "crm".into()]),
            Comparator::MostComplete,
            Comparator::Spelling,
            Comparator::Longest,
            Comparator::FullForm,
        ];
        draw.shuffle(&mut steps);
        steps.truncate(draw.below(4));
        let reduce = draw.pick(&[Reduce::PickOne, Reduce::UnionDistinct]).clone();
        let fill = *draw.pick(&[Fill::Never, Fill::IfAgrees]);
        if let Ok(changed) = policy.clone().with_rule(kind, Rule::new(steps, reduce).with_fill(fill)) {
            policy = changed;
        }
    }
    policy
}

/// The true entities of a world, with some that are wrong: the more records, the more ties.
fn partition(draw: &mut Draw, unified: &Unified) -> Partition {
    let records = &unified.records;
    let mut labels: BTreeMap<String, u32> = BTreeMap::new();
    let mut roots: Vec<u32> = records
        .ids()
        .map(|record| {
            let (table, row) = records.raw().place(record);
            let truth = table.column("truth").and_then(|column| column.cell(row).value()).unwrap_or("");
            let next = labels.len() as u32;
            *labels.entry(truth.to_owned()).or_insert(next)
        })
        .collect();
    if draw.percent(30) {
        let merged = draw.below(labels.len()) as u32;
        roots.iter_mut().filter(|root| **root % 5 == 0).for_each(|root| *root = merged);
    }
    Partition::from_roots(&roots)
}

/// The golden values of an entity by texts and keys, which do not depend on the numbers of a run.
fn entity_text(records: &Records, golden: &GoldenRecords, entity: EntityId) -> String {
    let mut out = String::new();
    for field in fields(records) {
        let column = records.column(field);
        write!(out, "{}:", column.field()).unwrap();
        for row in golden.rows(entity, field) {
            let part = row.get(field);
            let part = part.map(|part| (column.text(part.value), records.raw().key(part.record)));
            write!(out, " {part:?}x{}/{}", row.records(), row.sources()).unwrap();
        }
        out.push('\n');
    }
    out
}

fn all_text(records: &Records, partition: &Partition, golden: &GoldenRecords) -> BTreeSet<String> {
    partition
        .iter()
        .map(|(entity, members)| {
            let keys: Vec<_> = members.iter().map(|&record| records.raw().key(record)).collect();
            format!("{keys:?}\n{}", entity_text(records, golden, entity))
        })
        .collect()
}

fn position(records: &Records, kinds: &[FieldKind]) -> Vec<FieldId> {
    kinds.iter().filter_map(|&kind| records.schema().position(kind, "")).collect()
}

/// Golden values are values of the entity's records, and parts that survive together agree.
fn is_closed_and_coherent(
    records: &Records,
    partition: &Partition,
    golden: &GoldenRecords,
    reached: &Reached,
) -> Result<(), TestCaseError> {
    let groups = [position(records, &ADDRESS), position(records, &NAME)];
    for (entity, members) in partition.iter() {
        for field in fields(records) {
            let column = records.column(field);
            let rows = golden.rows(entity, field);
            reached.add("unions", u64::from(rows.len() > 1));
            for part in rows.filter_map(|row| row.get(field)) {
                prop_assert!(members.contains(&part.record));
                prop_assert!(column.slice(records.row(part.record)).contains(&part.value));
            }
        }
        for group in groups.iter().filter(|group| !group.is_empty()) {
            for row in golden.rows(entity, group[0]) {
                let first = |record: RecordId, field: FieldId| {
                    records
                        .column(field)
                        .slice(records.row(record))
                        .first()
                        .copied()
                        .filter(|v| !v.is_missing())
                };
                let sources: BTreeSet<RecordId> =
                    group.iter().filter_map(|&field| row.get(field)).map(|part| part.record).collect();
                reached.add("fills", u64::from(sources.len() > 1));
                for &field in group {
                    let values: BTreeSet<_> =
                        sources.iter().filter_map(|&record| first(record, field)).collect();
                    prop_assert!(values.len() < 2, "parts of {entity} come from records that disagree");
                    prop_assert_eq!(row.get(field).map(|part| part.value), values.into_iter().next());
                }
            }
        }
    }
    Ok(())
}

/// Every value of a record is a winner, a supporter or a loser, once.
fn lineage_is_total(
    survivorship: &Survivorship<'_>,
    records: &Records,
    partition: &Partition,
    golden: &GoldenRecords,
    reached: &Reached,
) -> Result<(), TestCaseError> {
    for (entity, members) in partition.iter() {
        for field in fields(records) {
            let lineage = survivorship.lineage(entity, field);
            let winners: Vec<_> = golden.rows(entity, field).filter_map(|row| row.get(field)).collect();
            prop_assert_eq!(&lineage.winners, &winners);
            let told = lineage.winners.iter().chain(&lineage.supporters).map(|v| (v.record, v.value));
            let mut told: Vec<_> = told.chain(lineage.losers.iter().map(|l| (l.record, l.value))).collect();
            told.sort_unstable();
            told.dedup();
            let column = records.column(field);
            let grouped = ADDRESS.contains(&column.field().kind) || NAME.contains(&column.field().kind);
            let stated = |&record: &RecordId| {
                let values = column.slice(records.row(record)).iter().filter(|value| !value.is_missing());
                values.take(if grouped { 1 } else { usize::MAX }).map(move |&value| (record, value))
            };
            let mut stated: Vec<_> = members.iter().flat_map(stated).collect();
            stated.sort_unstable();
            prop_assert_eq!(told, stated);
            for loser in &lineage.losers {
                reached.add(
                    match &loser.reason {
                        Reason::CanonicalOrder => "ties",
                        Reason::NotEligible => "not eligible",
                        _ => "decided",
                    },
                    1,
                );
            }
            reached.add("supporters", lineage.supporters.len() as u64);
        }
    }
    Ok(())
}

#[test]
fn closed_coherent_and_explained() {
    let reached = Reached::default();
    world::check(60, (any::<u64>(), 1..40usize), |(seed, customers)| {
        let mut draw = Draw::new(seed);
        let unified = World::new(seed, customers).run();
        let (partition, policy) = (partition(&mut draw, &unified), policy(&mut draw));
        let survivorship = Survivorship::new(&unified.records, &partition, &policy);
        let golden = survivorship.golden();
        prop_assert_eq!(golden.len(), partition.len());
        is_closed_and_coherent(&unified.records, &partition, &golden, &reached)?;
        lineage_is_total(&survivorship, &unified.records, &partition, &golden, &reached)
    });
    reached.assert(50, &["unions", "fills", "ties", "decided", "not eligible", "supporters"]);
}

#[test]
fn the_order_of_rows_and_sources_changes_nothing() {
    let reached = Reached::default();
    world::check(30, (any::<u64>(), 1..50usize, any::<u64>()), |(seed, customers, order)| {
        let world = World::new(seed, customers);
        let (one, other) = (world.run(), world.shuffled(order).run());
        let policy = policy(&mut Draw::new(seed));
        let text = |unified: &Unified| {
            let golden = survive(&unified.records, &unified.partition, &policy);
            all_text(&unified.records, &unified.partition, &golden)
        };
        prop_assert_eq!(text(&one), text(&other));
        reached.add("merges", world::merges(&one));
        Ok(())
    });
    reached.assert(50, &["merges"]);
}

#[test]
fn rows_delivered_twice_change_nothing() {
    let world = World::new(3, 80);
    let mut twice = world.clone();
    for export in &mut twice.exports {
        let rows = export.rows.clone();
        export.rows.extend(rows);
    }
    let text = |unified: &Unified| {
        let golden = survive(&unified.records, &unified.partition, &Policy::default());
        all_text(&unified.records, &unified.partition, &golden)
    };
    let (once, again) = (world.run(), twice.run());
    assert!(again.ingest.rejects.len() > once.ingest.rejects.len() + 50);
    assert_eq!(text(&once), text(&again));
}

#[test]
fn unmerge_is_recompute() {
    let reached = Reached::default();
    world::check(40, (any::<u64>(), 1..40usize), |(seed, customers)| {
        let mut draw = Draw::new(seed);
        let unified = World::new(seed, customers).run();
        let records = &unified.records;
        let (merged, policy) = (partition(&mut draw, &unified), policy(&mut draw));
        // Each entity in two: what each part gets does not depend on the other.
        let roots: Vec<u32> = records
            .ids()
            .map(|record| merged.entity_of(record).0 * 2 + u32::from(draw.percent(50)))
            .collect();
        let parts = Partition::from_roots(&roots);
        let golden = survive(records, &parts, &policy);
        for (entity, members) in parts.iter() {
            // The part alone: every other record is an entity of its own.
            let alone: Vec<u32> = records
                .ids()
                .map(|record| if members.contains(&record) { u32::MAX } else { record.0 })
                .collect();
            let alone = Partition::from_roots(&alone);
            let own = alone.entity_of(members[0]);
            let recomputed = survive(records, &alone, &policy);
            prop_assert_eq!(entity_text(records, &golden, entity), entity_text(records, &recomputed, own));
            reached.add("parts", u64::from(members.len() > 1));
        }
        Ok(())
    });
    reached.assert(50, &["parts"]);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let mut draw = Draw::new(17);
    let world = World::new(17, 9_000);
    let sources: Vec<Source> = world.exports.iter().map(world::Export::source).collect();
    let raw = ingest(&sources, "".as_ref()).unwrap().records;
    let (records, _) = normalize(raw, &NormalizeOptions::default().with_country("DE"));
    assert!(records.len() >= 20_000, "{}", records.len());
    let roots: Vec<u32> = records.ids().map(|_| draw.below(records.len() / 3) as u32).collect();
    let partition = Partition::from_roots(&roots);
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| survive(&records, &partition, &Policy::default()))
    };
    let one = run(1);
    assert_eq!(one, run(2));
    assert_eq!(one, run(5));
    assert!(partition.iter().filter(|(_, members)| members.len() > 2).count() > 1_000);
}

/// The golden values of one entity as text: of each field the survivors with their records, and texts.
fn golden_text(survivorship: &Survivorship<'_>, records: &Records, entity: EntityId) -> String {
    let golden = survivorship.golden();
    let mut out = entity_text(records, &golden, entity);
    for field in customers::fields(records) {
        let texts: Vec<_> = golden.rows(entity, field).map(|row| row.text(field)).collect();
        writeln!(out, "{}: {texts:?}", records.column(field).field()).unwrap();
    }
    out
}

fn bound<'a>(
    records: &'a Records,
    partition: &'a Partition,
    policy: &Policy,
    as_of: &str,
) -> Survivorship<'a> {
    Survivorship::new(records, partition, policy).at(as_of.parse().unwrap())
}

/// The name of a reason, or of the step that it is.
fn name(reason: &Reason) -> &'static str {
    match reason {
        Reason::Comparator(step) => step.as_str(),
        Reason::CanonicalOrder => "canonical_order",
        Reason::NotEligible => "not_eligible",
        Reason::Filtered(_) => "filtered",
        Reason::Undated => "undated",
        Reason::Distrusted => "distrusted",
        Reason::Cleared => "cleared",
        Reason::Tie => "tie",
        Reason::NotUnanimous => "not_unanimous",
        Reason::NoQuorum => "no_quorum",
        Reason::OtherRecord => "other_record",
        _ => "pinned",
    }
}

/// Numbers of records, with one repeated draw for each case.
fn numbers() -> impl Strategy<Value = Vec<u32>> {
    prop::collection::btree_set(0..400u32, 1..14).prop_map(|set| set.into_iter().collect())
}

#[test]
fn every_kind_of_rule_is_closed_explained_and_forgets_other_records() {
    let reached = Reached::default();
    world::check(1500, (any::<u64>(), numbers(), any::<u64>()), |(seed, numbers, cut)| {
        let policy = customers::policy(seed);
        let records = customers::records(seed, &numbers);
        let (partition, entity) = customers::entity(&records, &numbers);
        let survivorship = bound(&records, &partition, &policy, "2026-01-01");
        let golden = survivorship.golden();
        for field in customers::fields(&records) {
            let column = records.column(field);
            let lineage = survivorship.lineage(entity, field);
            let rows: Vec<_> = golden.rows(entity, field).collect();
            // Closure: what survives is stated, or computed and then says so.
            for row in &rows {
                if let Some(part) = row.get(field) {
                    prop_assert!(column.slice(records.row(part.record)).contains(&part.value));
                    prop_assert!(row.text(field).is_none());
                }
            }
            // Parity: one field alone is what all together are.
            let winners: Vec<_> = rows.iter().filter_map(|row| row.get(field)).collect();
            prop_assert_eq!(&lineage.winners, &winners);
            prop_assert_eq!(lineage.text.as_deref(), rows.first().and_then(|row| row.text(field)));
            // Provenance: every value of every record has one fate.
            let told = lineage.winners.iter().chain(&lineage.supporters).map(|v| (v.record, v.value));
            let mut told: Vec<_> = told.chain(lineage.losers.iter().map(|l| (l.record, l.value))).collect();
            let all = told.len();
            told.sort_unstable();
            told.dedup();
            prop_assert_eq!(told.len(), all, "a value of {} has two fates", column.field());
            let grouped = ADDRESS.contains(&column.field().kind)
                || NAME.contains(&column.field().kind)
                || (policy.groups().len() > 0
                    && matches!(column.field().kind, FieldKind::OrgName | FieldKind::Url));
            let stated = |record: RecordId| {
                let values = column.slice(records.row(record)).iter().filter(|value| !value.is_missing());
                values.take(if grouped { 1 } else { usize::MAX }).map(move |&value| (record, value))
            };
            let mut stated: Vec<_> = records.ids().flat_map(stated).collect();
            stated.sort_unstable();
            prop_assert_eq!(told, stated, "{}", column.field());
            let golden_value = !winners.is_empty() || lineage.text.is_some();
            prop_assert_eq!(lineage.confidence > 0.0, golden_value || !rows.is_empty());
            reached.add("computed", u64::from(lineage.text.is_some()));
            reached.add("refused", u64::from(lineage.refused.is_some()));
            reached.add(lineage.stage.as_str(), u64::from(golden_value));
            for loser in &lineage.losers {
                reached.add(name(&loser.reason), 1);
            }
        }
        reached.add("findings", golden.findings().len() as u64);
        // Permutation and unmerge: a part of the records gives the same alone as beside the others.
        let part: Vec<u32> =
            numbers.iter().copied().filter(|number| (cut >> (number % 61)) & 1 == 1).collect();
        if part.is_empty() {
            return Ok(());
        }
        let (beside, own) = customers::entity(&records, &part);
        let alone = customers::records(seed, &part);
        let (whole, only) = customers::entity(&alone, &part);
        let text = |records: &Records, partition: &Partition, entity| {
            let text = golden_text(&bound(records, partition, &policy, "2026-01-01"), records, entity);
            // A field of which no record of the part has a value is not there at all.
            text.lines().filter(|line| line.contains("Some")).map(str::to_owned).collect::<Vec<_>>()
        };
        let mut first = text(&records, &beside, own);
        let mut second = text(&alone, &whole, only);
        first.sort();
        second.sort();
        prop_assert_eq!(first, second);
        reached.add("parts", u64::from(part.len() > 1));
        Ok(())
    });
    let stages = ["rule", "on_empty", "on_tie", "record", "computed", "refused", "findings", "parts"];
    let reasons = ["filtered", "cleared", "undated", "distrusted", "not_eligible", "tie", "canonical_order"];
    let more = ["not_unanimous", "no_quorum", "other_record", "trust", "prefer", "oldest"];
    for group in [stages.as_slice(), &reasons, &more] {
        reached.assert(20, group);
    }
}

#[test]
fn more_trust_keeps_a_winner() {
    let reached = Reached::default();
    world::check(1500, (any::<u64>(), numbers()), |(seed, numbers)| {
        let mut draw = Draw::new(seed);
        let records = customers::records(seed, &numbers);
        let (partition, entity) = customers::entity(&records, &numbers);
        let Some(field) = records.schema().position(FieldKind::Email, "") else { return Ok(()) };
        let trust = customers::trust(&mut draw);
        let policy = |trust: &onefold::survive::Trust| {
            let rule = Rule::new([Comparator::Trust(trust.clone()), Comparator::MostRecent], Reduce::PickOne);
            Policy::default().with_rule(FieldKind::Email, rule).unwrap()
        };
        let first = policy(&trust);
        let winner = bound(&records, &partition, &first, "2026-01-01").golden().value(entity, field);
        let Some(winner) = winner else { return Ok(()) };
        let (source, _) = records.raw().key(winner.record);
        let curve = trust.sources[source];
        let raised =
            onefold::survive::TrustCurve::flat(u64::from(curve.max()).max(1) + draw.below(20) as u64);
        let Ok(raised) = raised else { return Ok(()) };
        let higher = policy(&trust.clone().with_source(source, raised));
        let after = bound(&records, &partition, &higher, "2026-01-01").golden().value(entity, field);
        // Another record of the source may win: all of them are trusted alike now.
        let of = |value: onefold::survive::GoldenValue| records.raw().key(value.record).0;
        prop_assert_eq!(after.map(of), Some(source));
        reached.add("raised", u64::from(numbers.len() > 2));
        Ok(())
    });
    reached.assert(100, &["raised"]);
}

#[test]
fn nothing_changes_before_the_next_change() {
    let reached = Reached::default();
    world::check(1200, (any::<u64>(), numbers(), 0..1200i64), |(seed, numbers, day)| {
        let policy = customers::policy(seed);
        let records = customers::records(seed, &numbers);
        let (partition, entity) = customers::entity(&records, &numbers);
        let start = "2024-01-01".parse::<onefold::value::Instant>().unwrap().unix_seconds() + day * 86_400;
        let at = |seconds: i64| {
            let instant = onefold::value::Instant::from_unix_seconds(seconds).unwrap();
            Survivorship::new(&records, &partition, &policy).at(instant)
        };
        let now = at(start);
        let text = |survivorship: &Survivorship<'_>, field: FieldId| {
            let golden = survivorship.golden();
            let rows =
                golden.rows(entity, field).map(|row| (row.get(field), row.text(field).map(str::to_owned)));
            rows.collect::<Vec<_>>()
        };
        let mut draw = Draw::new(seed);
        for field in customers::fields(&records) {
            let before = text(&now, field);
            let next = now.next_change_after(entity, field).map(onefold::value::Instant::unix_seconds);
            let end = next.unwrap_or(start + 86_400 * 4000);
            prop_assert!(end > start);
            let between = start + 1 + (draw.next() % (end - start) as u64) as i64;
            for moment in [end - 1, between.min(end - 1)] {
                prop_assert_eq!(&text(&at(moment), field), &before, "{}", records.column(field).field());
            }
            if let Some(next) = next {
                reached.add("foreseen", 1);
                reached.add("changes", u64::from(text(&at(next), field) != before));
            }
        }
        Ok(())
    });
    reached.assert(20, &["foreseen", "changes"]);
}

#[test]
fn sums_range_over_records() {
    let reached = Reached::default();
    world::check(600, (any::<u64>(), numbers(), any::<u64>()), |(seed, numbers, cut)| {
        let records = customers::records(seed, &numbers);
        let Some(at) = records.schema().fields().iter().position(|f| f.kind == FieldKind::Number) else {
            return Ok(());
        };
        let field = FieldId(at as u16);
        let rule = Rule::new([], Reduce::Sum);
        let policy = Policy::default().with_rule(FieldKind::Number, rule).unwrap();
        let sum = |part: &[u32]| {
            if part.is_empty() {
                return 0.0;
            }
            let (partition, entity) = customers::entity(&records, part);
            let golden = survive(&records, &partition, &policy);
            let text = golden.rows(entity, field).next().and_then(|row| row.text(field));
            text.map_or(0.0, |text| text.parse::<f64>().unwrap())
        };
        let (left, right): (Vec<u32>, Vec<u32>) =
            numbers.iter().partition(|&&number| (cut >> (number % 61)) & 1 == 1);
        prop_assert!((sum(&numbers) - sum(&left) - sum(&right)).abs() < 1e-9);
        reached.add("sums", u64::from(sum(&left) > 0.0 && sum(&right) > 0.0));
        Ok(())
    });
    reached.assert(50, &["sums"]);
}

#[test]
fn pins_go_with_their_record() {
    let reached = Reached::default();
    world::check(800, (any::<u64>(), numbers(), any::<u64>()), |(seed, numbers, cut)| {
        let policy = customers::policy(seed);
        let records = customers::records(seed, &numbers);
        let Some(field) = records.schema().position(FieldKind::Email, "") else { return Ok(()) };
        let anchor = RecordId((seed % records.len() as u64) as u32);
        let (source, key) = records.raw().key(anchor);
        let at = |day: &str| day.parse::<onefold::value::Instant>().unwrap();
        let pin = |text: &str, day: &str| {
            let value = PinnedValue::Text(text.to_owned());
            Pin::new(RecordKey::new(source, key), FieldKind::Email, value, at(day))
        };
        let pins = [
            pin("old@pin.example.org", "2025-01-01"),
            pin("new@pin.example.org", "2025-02-01"),
            pin("gone@pin.example.org", "2025-03-01").until(Lift::At(at("2025-06-01"))),
        ];
        // Whatever the anchor is merged with, the newest pin that holds is its entity's value.
        let number = key.parse::<u32>().unwrap();
        let part: Vec<u32> =
            numbers.iter().copied().filter(|n| *n == number || (cut >> (n % 61)) & 1 == 1).collect();
        for members in [numbers.as_slice(), &part, &[number]] {
            let (partition, _) = customers::entity(&records, members);
            let survivorship = bound(&records, &partition, &policy, "2026-01-01").with_pins(&pins).unwrap();
            let golden = survivorship.golden();
            let entity = partition.entity_of(anchor);
            let text = golden.rows(entity, field).next().and_then(|row| row.text(field));
            prop_assert_eq!(text, Some("new@pin.example.org"));
            let states: Vec<PinState> = survivorship.pins().iter().map(|(_, state)| *state).collect();
            prop_assert_eq!(states, [PinState::Overruled, PinState::Applied, PinState::Lifted]);
            let lineage = survivorship.lineage(entity, field);
            prop_assert_eq!(lineage.stage, onefold::survive::Stage::Pin);
            reached.add("pinned over", lineage.losers.len() as u64);
            // No other entity is touched.
            let without = bound(&records, &partition, &policy, "2026-01-01").golden();
            for (other, _) in partition.iter().filter(|(other, _)| *other != entity) {
                prop_assert_eq!(golden.value(other, field), without.value(other, field));
            }
        }
        Ok(())
    });
    reached.assert(50, &["pinned over"]);
}

#[test]
fn pins_on_what_is_not_there_are_one_clear_error() {
    let records = customers::records(1, &[0, 1, 2]);
    let partition = Partition::from_roots(&[0, 1, 2]);
    let policy = Policy::default();
    let refused = |record: RecordKey, field: FieldKind, value: PinnedValue| {
        let pin = Pin::new(record, field, value, "2026-01-01".parse().unwrap());
        let survivorship = Survivorship::new(&records, &partition, &policy);
        survivorship.with_pins(&[pin]).map(|_| ()).unwrap_err().to_string()
    };
    let text = || PinnedValue::Text("a@example.org".into());
    let known = || RecordKey::new("crm", "0000");
    assert_eq!(
        refused(RecordKey::new("crm", "4711"), FieldKind::Email, text()),
        "pin 1: no record has the source and key `crm/4711`"
    );
    let other = PinnedValue::OfRecord(RecordKey::new("shop", "1"));
    assert_eq!(refused(known(), FieldKind::Email, other), "pin 1: no record has the source and key `shop/1`");
    let error = refused(known(), FieldKind::Phone, text());
    assert!(error.starts_with("pin 1 > phone: unknown field `phone`"), "{error}");
    assert_eq!(
        refused(known(), FieldKind::FullName, text()),
        "pin 1 > full_name: give its parts, or the record that states them"
    );
    let parts = PinnedValue::Parts([(FieldKind::City, "ulm".to_owned())].into());
    assert_eq!(
        refused(known(), FieldKind::Email, parts.clone()),
        "pin 1 > email: a single field has no parts: give a text"
    );
    let error = refused(known(), FieldKind::FullName, parts);
    assert!(error.starts_with("pin 1 > full_name: `city` is no part that the records have"), "{error}");
}

#[test]
fn what_a_policy_names_must_be_there() {
    let records = customers::records(1, &[0, 1, 2]);
    let check = |rule: Rule| {
        let policy = Policy::default().with_rule(FieldKind::Email, rule).unwrap();
        policy
            .check(&customers::SOURCES)
            .and_then(|()| policy.check_records(records.raw()))
            .map_err(|e| e.to_string())
    };
    let newest = || Rule::new([Comparator::MostRecent], Reduce::PickOne);
    let status = |name: &str| Predicate::Column { name: name.into(), values: vec!["ok".into()] };
    assert_eq!(check(newest().with_eligible(status("status"))), Ok(()));
    let error = check(newest().with_eligible(status("statsu"))).unwrap_err();
    assert!(
        error.starts_with("survive > email > column: unknown column `statsu`; did you mean `status`?"),
        "{error}"
    );
    let refuse = Times::default().with_undated(Undated::Refuse);
    let error = check(newest().with_times(refuse)).unwrap_err();
    assert_eq!(error, "survive > email > undated: source `web` has none of the clocks");
}
