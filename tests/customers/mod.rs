//! Records of a few customers with every state that a cell can have, and rules of every kind. What is drawn for a record
//! hangs on its key alone, so that any part of the records can be taken without the rest.
#![allow(dead_code, reason = "each test uses its own part")]

use std::collections::BTreeMap;

use onefold::normalize::{NormalizeOptions, normalize};
use onefold::record::{Cell, RawColumn, RawRecords, Records, SourceInfo, SourceTable};
use onefold::resolve::Partition;
use onefold::survive::{
    Clock, Comparator, Decay, Downgrade, Fill, Future, Nulls, OnEmpty, OnTie, Policy, Predicate, Reduce,
    Rule, Times, Trust, TrustCurve, Undated, Voter,
};
use onefold::{EntityId, FieldId, FieldKind, RecordId};

use crate::world::Draw;

pub(crate) const SOURCES: [&str; 3] = ["crm", "erp", "web"];

/// The columns: name, kind, what stands in them.
const COLUMNS: [(&str, FieldKind, &[&str]); 12] = [
    ("given", FieldKind::GivenName, &["Bob", "Robert", "R.", "Anna", "Änne"]),
    ("family", FieldKind::FamilyName, &["Smith", "Smyth", "MÜLLER", "Müller"]),
    ("mail", FieldKind::Email, &["a@post.de", "b@post.de", "c@mail.de", "n/a"]),
    ("mail2", FieldKind::Email, &["a@post.de", "d@post.de"]),
    ("street", FieldKind::Street, &["Am Hang 5", "Am Hang", "Gartenweg 3"]),
    ("code", FieldKind::PostalCode, &["89073", "10115"]),
    ("city", FieldKind::City, &["Ulm", "Berlin"]),
    ("born", FieldKind::BirthDate, &["1980", "1980-04-03", "1981-04-03"]),
    ("points", FieldKind::Number, &["1", "2.5", "10", "0.1", "x"]),
    ("firm", FieldKind::OrgName, &["Alpha GmbH", "Beta AG", "ALPHA"]),
    ("site", FieldKind::Url, &["alpha.de", "beta.de"]),
    ("tax", FieldKind::TaxId, &["DE136695976", "DE811907980"]),
];
const TIMES: [&str; 7] =
    ["2024-01-01", "2024-06-01", "2024-06-01", "2025-01-01", "2025-07-01", "2026-03-01", "2027-01-01"];

/// The records with these numbers; the number of a record tells its source, its key and all of its cells.
pub(crate) fn records(seed: u64, numbers: &[u32]) -> Records {
    let mut tables: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
    for &number in numbers {
        tables.entry(number as usize % SOURCES.len()).or_default().push(number);
    }
    let tables = tables.into_iter().map(|(source, mut numbers)| {
        numbers.sort_unstable();
        let mut info = SourceInfo::new(SOURCES[source]);
        info.updated_at = (source != 2).then(|| "changed".to_owned());
        let mut columns: Vec<RawColumn> = COLUMNS
            .iter()
            .enumerate()
            .map(|(at, &(name, kind, values))| {
                let cells = numbers.iter().map(|&number| {
                    let mut draw = Draw::new(seed ^ u64::from(number) << 8 ^ at as u64);
                    draw.next();
                    match draw.below(10) {
                        0 => Cell::Cleared,
                        1 => Cell::Empty,
                        2 | 3 => Cell::Absent,
                        _ => Cell::Value(draw.pick::<&str>(values)),
                    }
                });
                RawColumn::from_cells(name, kind, cells)
            })
            .collect();
        for (at, (name, values)) in
            [("changed", TIMES.as_slice()), ("checked", &TIMES), ("status", &["ok", "bad", "OK "])]
                .into_iter()
                .enumerate()
        {
            let cells = numbers.iter().map(|&number| {
                let mut draw = Draw::new(seed ^ u64::from(number) << 8 ^ (100 + at as u64));
                draw.next();
                if draw.percent(25) { Cell::Empty } else { Cell::Value(draw.pick::<&str>(values)) }
            });
            columns.push(RawColumn::from_cells(name, FieldKind::Ignore, cells));
        }
        let keys = numbers.iter().map(|number| format!("{number:04}")).collect();
        SourceTable::new(info, keys, numbers.iter().map(|&number| u64::from(number)).collect(), columns)
    });
    normalize(RawRecords::new(tables.collect()), &NormalizeOptions::default().with_country("DE")).0
}

/// The records of one entity by their numbers.
pub(crate) fn entity(records: &Records, numbers: &[u32]) -> (Partition, EntityId) {
    let of = |record: RecordId| records.raw().key(record).1.parse::<u32>().unwrap();
    let roots: Vec<u32> =
        records.ids().map(|record| if numbers.contains(&of(record)) { u32::MAX } else { record.0 }).collect();
    let partition = Partition::from_roots(&roots);
    let first = records.ids().find(|&record| numbers.contains(&of(record))).unwrap();
    let entity = partition.entity_of(first);
    (partition, entity)
}

fn predicate(draw: &mut Draw, depth: usize) -> Predicate {
    match draw.below(if depth == 0 { 5 } else { 8 }) {
        0 => Predicate::FromSource(vec!["crm".into(), "web".into()]),
        1 => Predicate::Column { name: "status".into(), values: vec!["ok".into()] },
        2 => Predicate::ShorterThan(8),
        3 => Predicate::Dated,
        4 => Predicate::ChangedWithinDays(400),
        5 => Predicate::Not(Box::new(predicate(draw, depth - 1))),
        6 => Predicate::All(vec![predicate(draw, depth - 1), predicate(draw, depth - 1)]),
        _ => Predicate::Any(vec![predicate(draw, depth - 1), predicate(draw, depth - 1)]),
    }
}

pub(crate) fn trust(draw: &mut Draw) -> Trust {
    let mut trust = Trust::default();
    for source in SOURCES {
        let decay =
            *draw.pick(&[Decay::Linear, Decay::Convex, Decay::Concave, Decay::Exponential, Decay::Step]);
        let min = draw.below(60) as u64;
        let max = min + draw.below(41) as u64;
        let curve = TrustCurve::new(max, min, 1 + draw.below(900) as u32, decay).unwrap();
        trust = trust.with_source(source, curve);
    }
    if draw.percent(40) {
        let percent = *draw.pick(&[30, 100]);
        let downgrade = Downgrade::new(predicate(draw, 1), percent).unwrap();
        trust = trust.with_downgrade(downgrade.with_reserve(*draw.pick(&[0, 20])));
    }
    trust
}

fn rule(draw: &mut Draw, kind: FieldKind, depth: usize) -> Rule {
    let whole = matches!(kind, FieldKind::FullName | FieldKind::Address);
    let mut steps = vec![
        Comparator::MostFrequent,
        Comparator::Frequency(*draw.pick(&[Voter::Source, Voter::Record])),
        Comparator::LinkStrength,
        Comparator::MostRecent,
        Comparator::Oldest,
        Comparator::SourcePriority(vec!["erp".into(), "crm".into()]),
        Comparator::Trust(trust(draw)),
        Comparator::Prefer(predicate(draw, 2)),
        Comparator::MostComplete,
        Comparator::Completeness([(FieldKind::Email, 2), (FieldKind::City, 1)].into_iter().collect()),
        Comparator::Spelling,
        Comparator::Longest,
        Comparator::Shortest,
        Comparator::Largest,
        Comparator::Smallest,
        Comparator::FullForm,
    ];
    draw.shuffle(&mut steps);
    steps.truncate(draw.below(4));
    let mut reductions = vec![
        Reduce::PickOne,
        Reduce::PickOne,
        Reduce::UnionDistinct,
        Reduce::Top(2),
        Reduce::Unanimous,
        Reduce::Quorum(2),
    ];
    if !whole {
        reductions.extend([Reduce::Concat(" | ".into()), Reduce::Sum, Reduce::Mean, Reduce::Median]);
        reductions.extend([Reduce::Min, Reduce::Max, Reduce::CountDistinct]);
    }
    let reduce = draw.pick(&reductions).clone();
    let fills =
        [Fill::Never, Fill::IfAgrees, if reduce == Reduce::PickOne { Fill::Always } else { Fill::Never }];
    let mut rule = Rule::new(steps, reduce).with_fill(*draw.pick(&fills));
    if kind == FieldKind::Address && draw.percent(30) {
        rule = rule.with_require([FieldKind::PostalCode]);
    }
    if draw.percent(30) {
        rule = rule.with_eligible(predicate(draw, 2));
    }
    rule = rule.with_nulls(*draw.pick(&[Nulls::Skip, Nulls::ClearedWins, Nulls::ClearedBlocksOlder]));
    if rule.rank.iter().any(|step| matches!(step, Comparator::SourcePriority(_))) && draw.percent(30) {
        rule = rule.with_nulls(Nulls::ClearedBlocksOlderAndLower);
    }
    if draw.percent(40) {
        let times = Times::of([Clock::Column("checked".into()), Clock::Updated]);
        let at = Undated::At("2024-03-01".parse().unwrap());
        rule =
            rule.with_times(
                times
                    .with_undated(*draw.pick(&[Undated::Lose, Undated::Never, at]))
                    .with_future(*draw.pick(&[Future::Clamp, Future::Reject, Future::Accept])),
            );
    }
    let picks = matches!(rule.reduce, Reduce::PickOne | Reduce::Quorum(_));
    if depth > 0 && picks && draw.percent(60) {
        rule = rule.with_on_tie(match draw.below(3) {
            0 => OnTie::Report,
            1 => OnTie::Null,
            _ => OnTie::Fallback(Box::new(self::rule(draw, kind, depth - 1))),
        });
    }
    if depth > 0 && !rule.eligible.is_empty() && draw.percent(50) {
        rule = rule.with_on_empty(match draw.below(2) {
            0 => OnEmpty::Report,
            _ => OnEmpty::Fallback(Box::new(self::rule(draw, kind, depth - 1))),
        });
    }
    rule
}

/// Rules of every kind for the kinds that the records have; some in a group, some that follow another.
pub(crate) fn policy(seed: u64) -> Policy {
    let mut draw = Draw::new(seed);
    let mut policy = Policy::default();
    if draw.percent(10) {
        let rank = vec![Comparator::Trust(trust(&mut draw)), Comparator::MostComplete];
        let fill = *draw.pick(&[Fill::Never, Fill::Always]);
        return policy.with_record(onefold::survive::RecordRule { rank, fill }).unwrap();
    }
    let grouped = draw.percent(40);
    if grouped {
        let rule = rule(&mut draw, FieldKind::FullName, 1).with_require([FieldKind::OrgName]);
        policy = policy.with_group("firm", [FieldKind::OrgName, FieldKind::Url], rule).unwrap();
    }
    for kind in [
        FieldKind::FullName,
        FieldKind::Address,
        FieldKind::Email,
        FieldKind::BirthDate,
        FieldKind::Number,
        FieldKind::OrgName,
        FieldKind::TaxId,
    ] {
        if draw.percent(25) || (grouped && kind == FieldKind::OrgName) {
            continue;
        }
        let mut rule = rule(&mut draw, kind, 2);
        if kind == FieldKind::TaxId && draw.percent(50) {
            rule = rule.with_eligible(Predicate::Follows(FieldKind::OrgName));
        }
        if kind == FieldKind::Email && draw.percent(30) {
            rule.rank.insert(0, Comparator::Prefer(Predicate::Follows(FieldKind::TaxId)));
        }
        policy = policy.with_rule(kind, rule).unwrap();
    }
    policy.check(&SOURCES).unwrap();
    policy
}

pub(crate) fn fields(records: &Records) -> impl Iterator<Item = FieldId> + use<> {
    (0..records.columns().len() as u16).map(FieldId)
}
