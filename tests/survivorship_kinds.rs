//! One case for each kind of rule that systems for customer data have, with the value that follows from its description in
//! one step.
#![allow(clippy::unwrap_used)]

mod one_customer;

use std::collections::BTreeMap;

use one_customer::{Export, customer, golden, one, priority, texts};
use onefold::model::{Link, Links};
use onefold::resolve::RecordKey;
use onefold::survive::{
    Clock, Comparator, Fill, Future, Lift, Pin, PinState, PinnedValue, Policy, Predicate, Reason, RecordRule,
    Reduce, Rule, Survivorship, Times, Undated,
};
use onefold::{EntityId, FieldKind, RecordId};

const NAME: &str = "given_name,family_name,email,org_name,changed";

fn rows() -> [Export<'static>; 3] {
    [
        ("a", NAME, &["1,Jo,Adler,a1@post.de,Alpha,2024-01-01", "2,Jo,Adler,,Alphabet,"]),
        ("b", NAME, &["1,Jo,Zoller,b1@post.de,Beta,2025-01-01"]),
        ("c", NAME, &["1,Josef,Adler,c1@post.de,Beta,2099-01-01"]),
    ]
}

fn rule(kind: FieldKind, rule: Rule) -> Policy {
    Policy::default().with_rule(kind, rule).unwrap()
}

/// The golden texts, those that no record states included, at an instant.
fn at(policy: &Policy, kind: FieldKind, as_of: &str) -> Vec<String> {
    let (records, partition) = customer(&rows());
    let field = records.schema().position(kind, "").unwrap();
    let survivorship = Survivorship::new(&records, &partition, policy).at(as_of.parse().unwrap());
    let golden = survivorship.golden();
    let text = |row: onefold::survive::GoldenRow<'_>| {
        let stated = row.get(field).map(|value| records.column(field).text(value.value).to_owned());
        stated.or(row.text(field).map(str::to_owned)).unwrap()
    };
    golden.rows(EntityId(0), field).map(text).collect()
}

#[test]
fn each_kind_of_rule_by_table() {
    use FieldKind::{Email, OrgName};
    let pick = |steps: &[Comparator]| Rule::new(steps.to_vec(), Reduce::PickOne);
    let newest = || pick(&[Comparator::MostRecent]);
    let times = Times::default;
    let completeness = Comparator::Completeness(BTreeMap::from([(Email, 3)]));
    let cases: Vec<(&str, FieldKind, Rule, &[&str])> = vec![
        ("most recent; a time in the future counts as now", Email, newest(), &["c1@post.de"]),
        (
            "a time in the future is no time",
            Email,
            newest().with_times(times().with_future(Future::Reject)),
            &["b1@post.de"],
        ),
        ("oldest", Email, pick(&[Comparator::Oldest]), &["a1@post.de"]),
        (
            "undated as of a day",
            OrgName,
            pick(&[Comparator::Oldest])
                .with_times(times().with_undated(Undated::At("2020-01-01".parse().unwrap()))),
            &["alphabet"],
        ),
        ("source priority", Email, pick(&[priority(&["b", "a"])]), &["b1@post.de"]),
        (
            "most frequent; a tie is the smaller value",
            Email,
            pick(&[Comparator::MostFrequent]),
            &["a1@post.de"],
        ),
        ("most frequent", OrgName, pick(&[Comparator::MostFrequent]), &["beta"]),
        ("longest", OrgName, pick(&[Comparator::Longest]), &["alphabet"]),
        ("shortest", OrgName, pick(&[Comparator::Shortest]), &["beta"]),
        ("largest", OrgName, pick(&[Comparator::Largest]), &["beta"]),
        ("smallest", OrgName, pick(&[Comparator::Smallest]), &["alpha"]),
        ("most complete record", OrgName, pick(&[completeness, Comparator::Smallest]), &["alpha"]),
        (
            "a condition before the ranking",
            OrgName,
            pick(&[Comparator::Largest])
                .with_eligible(Predicate::ShorterThan(6))
                .with_eligible(Predicate::Not(Box::new(Predicate::FromSource(vec!["b".into(), "c".into()])))),
            &["alpha"],
        ),
        (
            "what is dated first",
            OrgName,
            pick(&[Comparator::Prefer(Predicate::Not(Box::new(Predicate::Dated)))]),
            &["alphabet"],
        ),
        (
            "changed within days",
            Email,
            Rule::new([], Reduce::UnionDistinct).with_eligible(Predicate::ChangedWithinDays(700)),
            &["b1@post.de", "c1@post.de"],
        ),
        (
            "the best two",
            Email,
            Rule::new([Comparator::MostRecent], Reduce::Top(2)),
            &["c1@post.de", "b1@post.de"],
        ),
        ("unanimous or none", OrgName, Rule::new([], Reduce::Unanimous), &[]),
        ("a quorum of sources", OrgName, Rule::new([], Reduce::Quorum(2)), &["beta"]),
        ("no quorum", OrgName, Rule::new([], Reduce::Quorum(3)), &[]),
        (
            "concatenated",
            OrgName,
            Rule::new([Comparator::Largest], Reduce::Concat("; ".into())),
            &["beta; alphabet; alpha"],
        ),
        ("how many", OrgName, Rule::new([], Reduce::CountDistinct), &["3"]),
    ];
    for (what, kind, of, expected) in cases {
        assert_eq!(at(&rule(kind, of), kind, "2026-01-01"), expected, "{what}");
    }
}

#[test]
fn numbers_are_added_over_records() {
    let rows: &[Export<'_>] =
        &[("a", "number", &["1,10", "2,2.5", "3,2.5"]), ("b", "number", &["1,x", "2,-1"])];
    let (records, partition) = customer(rows);
    let at = records.schema().fields().iter().position(|field| field.kind == FieldKind::Number).unwrap();
    let field = onefold::FieldId(at as u16);
    for (reduce, expected) in [
        (Reduce::Sum, "14"),
        (Reduce::Mean, "3.5"),
        (Reduce::Median, "2.5"),
        (Reduce::Min, "-1"),
        (Reduce::Max, "10"),
        (Reduce::CountDistinct, "3"),
    ] {
        let policy = rule(FieldKind::Number, Rule::new([], reduce.clone()));
        let golden = onefold::survive::survive(&records, &partition, &policy);
        let row = golden.rows(EntityId(0), field).next().unwrap();
        assert_eq!((row.text(field), row.get(field)), (Some(expected), None), "{reduce:?}");
    }
}

#[test]
fn a_field_follows_another_ones_winner() {
    let all = customer(&rows());
    let newest = || Rule::new([Comparator::MostRecent], Reduce::PickOne);
    let follow = newest().with_eligible(Predicate::Follows(FieldKind::Email));
    let policy = rule(FieldKind::Email, Rule::new([priority(&["b"])], Reduce::PickOne));
    let policy = policy.with_rule(FieldKind::OrgName, follow.clone()).unwrap();
    assert_eq!(golden(&all, &policy, FieldKind::OrgName), [("beta".to_owned(), "b/1".to_owned())]);
    // Without a winner to follow there is none.
    let none = Rule::new([], Reduce::Unanimous);
    let policy = rule(FieldKind::Email, none).with_rule(FieldKind::OrgName, follow).unwrap();
    assert!(texts(&all, &policy, FieldKind::OrgName).is_empty());
}

#[test]
fn a_record_survives_whole_or_is_filled_by_the_next() {
    let all = customer(&rows());
    let whole = |fill| {
        let rank = vec![priority(&["a"]), Comparator::Prefer(Predicate::Not(Box::new(Predicate::Dated)))];
        Policy::default().with_record(RecordRule { rank, fill }).unwrap()
    };
    // Record 2 of source a, which has no mail address.
    assert_eq!(golden(&all, &whole(Fill::Never), FieldKind::OrgName), [("alphabet".into(), "a/2".into())]);
    assert!(texts(&all, &whole(Fill::Never), FieldKind::Email).is_empty());
    assert_eq!(golden(&all, &whole(Fill::Always), FieldKind::Email), [("a1@post.de".into(), "a/1".into())]);
}

#[test]
fn a_group_survives_from_one_record() {
    let all = customer(&rows());
    let newest = Rule::new([Comparator::Oldest], Reduce::PickOne).with_require([FieldKind::OrgName]);
    let group = [FieldKind::OrgName, FieldKind::Email];
    let policy = Policy::default().with_group("employer", group, newest.clone()).unwrap();
    assert_eq!(golden(&all, &policy, FieldKind::Email), [("a1@post.de".into(), "a/1".into())]);
    let undated =
        Rule::new([Comparator::Prefer(Predicate::Not(Box::new(Predicate::Dated)))], Reduce::PickOne);
    let policy =
        |fill| Policy::default().with_group("employer", group, undated.clone().with_fill(fill)).unwrap();
    assert_eq!(texts(&all, &policy(Fill::Never), FieldKind::Email), [""]);
    assert_eq!(texts(&all, &policy(Fill::Always), FieldKind::Email), ["a1@post.de"]);
    assert_eq!(texts(&all, &policy(Fill::Always), FieldKind::OrgName), ["alphabet"]);
}

#[test]
fn the_strongest_links_and_functions_of_ones_own_decide() {
    let (records, partition) = customer(&rows());
    let field = records.schema().position(FieldKind::Email, "").unwrap();
    let link = |a, b, probability| Link { a: RecordId(a), b: RecordId(b), weight: 0.0, probability };
    let links = Links::new(vec![link(0, 2, 0.6), link(2, 3, 0.9)], vec![]);
    let policy = one(FieldKind::Email, &[Comparator::LinkStrength]);
    let survivorship = Survivorship::new(&records, &partition, &policy).with_links(&links);
    let value = survivorship.golden().value(EntityId(0), field).unwrap();
    assert_eq!(records.raw().key(value.record), ("b", "1"));
    let policy = one(FieldKind::Email, &[Comparator::Custom("last".into())])
        .with_function("last", |candidate| i64::from(candidate.source.as_bytes()[0]));
    assert_eq!(texts(&(records, partition), &policy, FieldKind::Email), ["c1@post.de"]);
}

#[test]
fn another_clock_counts_first() {
    let header = "email,changed,checked";
    let rows: &[Export<'_>] =
        &[("a", header, &["1,x@post.de,2025-01-01,", "2,y@post.de,2020-01-01,2025-06-01"])];
    let text = format!("key,{header}\n{}\n", rows[0].2.join("\n"));
    let source = onefold::ingest::Source::bytes("a", "export.csv", text.into_bytes())
        .key("key")
        .field("email", FieldKind::Email)
        .updated_at("changed")
        .carry("checked");
    let raw = onefold::ingest::ingest(&[source], "".as_ref()).unwrap().records;
    let (records, _) = onefold::normalize::normalize(raw, &onefold::normalize::NormalizeOptions::default());
    let all = (records, onefold::resolve::Partition::from_roots(&[0, 0]));
    let with = |times: Times| {
        let newest = Rule::new([Comparator::MostRecent], Reduce::PickOne).with_times(times);
        texts(&all, &rule(FieldKind::Email, newest), FieldKind::Email)
    };
    assert_eq!(with(Times::default()), ["x@post.de"]);
    assert_eq!(with(Times::of([Clock::Column("checked".into()), Clock::Updated])), ["y@post.de"]);
    let checked = Times::of([Clock::Column("checked".into())]).with_undated(Undated::Never);
    assert_eq!(with(checked), ["y@post.de"]);
}

#[test]
fn pins_lift_by_their_conditions() {
    let (records, partition) = customer(&rows());
    let field = records.schema().position(FieldKind::Email, "").unwrap();
    let policy = one(FieldKind::Email, &[priority(&["a"])]);
    let rules = || Survivorship::new(&records, &partition, &policy).at("2026-01-01".parse().unwrap());
    let seen = rules().stated(RecordId(0), field);
    assert_eq!(seen, "a1@post.de");
    let day = |text: &str| text.parse::<onefold::value::Instant>().unwrap();
    let state = |value: PinnedValue, lift: Lift| {
        let pin = Pin::new(RecordKey::new("a", "1"), FieldKind::Email, value, day("2024-06-01")).until(lift);
        let survivorship = rules().with_pins(&[pin]).unwrap();
        let lineage = survivorship.lineage(EntityId(0), field);
        let text = lineage
            .text
            .clone()
            .or_else(|| lineage.winners.first().map(|won| records.column(field).text(won.value).to_owned()));
        (survivorship.pins()[0].1, text.unwrap())
    };
    let new = || PinnedValue::Text("new@post.de".into());
    let holds = (PinState::Applied, "new@post.de".to_owned());
    let lifted = (PinState::Lifted, "a1@post.de".to_owned());
    assert_eq!(state(new(), Lift::Never), holds);
    assert_eq!(state(new(), Lift::At(day("2026-01-02"))), holds);
    assert_eq!(state(new(), Lift::At(day("2026-01-01"))), lifted);
    assert_eq!(state(new(), Lift::WhenSourceValueChanges(seen)), holds);
    assert_eq!(state(new(), Lift::WhenSourceValueChanges("other@post.de".into())), lifted);
    assert_eq!(state(new(), Lift::WhenEvidenceNewerThan(day("2024-06-01"))), lifted);
    assert_eq!(state(new(), Lift::WhenEvidenceNewerThan(day("2099-06-01"))), holds);
    assert_eq!(state(new(), Lift::WhenVerified(Predicate::FromSource(vec!["c".into()]))), lifted);
    assert_eq!(state(new(), Lift::WhenVerified(Predicate::ShorterThan(3))), holds);
    // A value that a record states is that one, and the others lose to the pin.
    let stated = PinnedValue::OfRecord(RecordKey::new("b", "1"));
    assert_eq!(state(stated.clone(), Lift::Never), (PinState::Applied, "b1@post.de".to_owned()));
    let pin = Pin::new(RecordKey::new("a", "1"), FieldKind::Email, stated, day("2024-06-01"));
    let lineage = rules().with_pins(&[pin]).unwrap().lineage(EntityId(0), field);
    assert!(lineage.losers.iter().all(|loser| loser.reason == Reason::Pinned) && lineage.losers.len() == 2);
    // A record that is not in the entity gives nothing.
    let parted = onefold::resolve::Partition::from_roots(&[0, 0, 2, 3]);
    let pin = Pin::new(
        RecordKey::new("a", "1"),
        FieldKind::Email,
        PinnedValue::OfRecord(RecordKey::new("b", "1")),
        day("2024-06-01"),
    );
    let survivorship = Survivorship::new(&records, &parted, &policy).with_pins(&[pin]).unwrap();
    assert_eq!(survivorship.pins()[0].1, PinState::Orphaned);
}

#[test]
fn sources_are_told_what_they_are_worth() {
    let (records, partition) = customer(&rows());
    let policy = one(FieldKind::OrgName, &[Comparator::MostFrequent]);
    let contributions = Survivorship::new(&records, &partition, &policy).contributions();
    let field = records.schema().position(FieldKind::OrgName, "").unwrap();
    let of = |source| contributions.get(onefold::SourceId(source), field);
    // Beta, of b and c, against Alpha and Alphabet of a.
    assert_eq!((of(0).stated, of(0).won, of(0).conflicts, of(0).unique), (1, 0, 1, 0));
    assert_eq!((of(1).won + of(2).won, of(1).supported, of(2).supported), (1, 1, 1));
    assert!((of(0).conflict_rate() - 1.0).abs() < 1e-9 && of(1).unique_rate().abs() < 1e-9);
    let email = records.schema().position(FieldKind::Email, "").unwrap();
    let alone = contributions.get(onefold::SourceId(1), email);
    assert_eq!((alone.cells, alone.garbage, alone.supported), (1, 0, 1));
}

#[test]
fn what_rules_and_pins_want_to_be_known_is_told() {
    use onefold::identity::{Decisions, LinkDecision, LinkKind, Registry, Run};
    use onefold::pipeline::Event;
    let csv = b"id,name,mail\n1,Jo Adler,a@post.de\n2,Jo Adler,b@post.de\n".to_vec();
    let source = onefold::ingest::Source::bytes("crm", "crm.csv", csv)
        .key("id")
        .field("name", FieldKind::FullName)
        .field("mail", FieldKind::Email);
    let key = |key: &str| RecordKey::new("crm", key);
    let day = |text: &str| text.parse::<onefold::value::Instant>().unwrap();
    let same = LinkDecision::new(LinkKind::Same, key("1"), [key("2")], day("2026-01-01"));
    let name = |given: &str| PinnedValue::Parts([(FieldKind::GivenName, given.to_owned())].into());
    let pins = ["Josef", "Joachim"].iter().zip(["2026-01-01", "2026-01-02"]);
    let pins = pins.map(|(given, at)| Pin::new(key("1"), FieldKind::FullName, name(given), day(at)));
    let decisions = Decisions { links: vec![same], pins: pins.collect() };
    let tie =
        Rule::new([Comparator::MostFrequent], Reduce::PickOne).with_on_tie(onefold::survive::OnTie::Report);
    let unified = onefold::Pipeline::builder()
        .source(source)
        .survivorship(rule(FieldKind::Email, tie))
        .decisions(decisions)
        .registry(Registry::default(), Run::new("1"))
        .build()
        .unwrap()
        .run()
        .unwrap();
    assert_eq!(unified.profiles().get(EntityId(0)).name.unwrap().full, "Joachim");
    let told: Vec<String> = unified
        .events
        .iter()
        .filter(|event| matches!(event, Event::Ties { .. } | Event::PinNotApplied { .. }))
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        told,
        [
            "the pin on full_name of `crm/1` does not hold: it is overruled",
            "email: in 1 entities two values are equal at the top",
        ]
    );
    let pinned = |event: &&onefold::identity::EventRecord| {
        matches!(event.event, onefold::identity::Event::Pinned { .. })
    };
    assert_eq!(unified.identity.unwrap().events.iter().filter(pinned).count(), 2);
}
