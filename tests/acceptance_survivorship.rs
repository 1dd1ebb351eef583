//! Cases with an expected result that follows from the documentation of a rule in one step.
#![allow(clippy::unwrap_used, clippy::panic)]

mod identity_cases;
mod one_customer;

use one_customer::{Export, customer, golden, one, priority, texts};
use onefold::ingest::{Source, ingest};
use onefold::normalize::{NormalizeOptions, normalize};
use onefold::resolve::Partition;
use onefold::survive::{
    Comparator, Decay, Downgrade, Fill, FindingKind, Nulls, OnEmpty, OnTie, Policy, Predicate, Reason,
    Reduce, Rule, Survivorship, Trust, TrustCurve, Voter, survive,
};
use onefold::{EntityId, FieldKind};

/// What a case is about, the kind looked at, the exports, and the golden values.
type Case<'a> = (&'a str, FieldKind, &'a [Export<'a>], &'a [&'a str]);

#[test]
fn a1_a_tie_within_the_first_source_falls_to_the_next_step() {
    let customer = customer(&[
        ("crm", "given_name,family_name,changed", &["1,Jon,Smith,2024-01-01", "2,John,Smith,2024-02-01"]),
        ("web", "given_name,family_name,changed", &["9,J.,Smith,2025-01-01"]),
    ]);
    let recent = one(FieldKind::FullName, &[priority(&["crm"]), Comparator::MostRecent]);
    assert_eq!(golden(&customer, &recent, FieldKind::GivenName), [("john".to_owned(), "crm/2".to_owned())]);
    let alone = one(FieldKind::FullName, &[priority(&["crm"])]);
    assert_eq!(golden(&customer, &alone, FieldKind::GivenName), [("john".to_owned(), "crm/2".to_owned())]);
    let (records, partition) = &customer;
    let field = records.schema().position(FieldKind::GivenName, "").unwrap();
    let reasons = |policy: &Policy| -> Vec<String> {
        let lineage = Survivorship::new(records, partition, policy).lineage(EntityId(0), field);
        lineage.losers.iter().map(|loser| loser.reason.to_string()).collect()
    };
    assert_eq!(reasons(&alone), ["canonical_order", "source_priority"]);
    assert_eq!(reasons(&recent), ["most_recent", "source_priority"]);
    // Both rows of the first source are equal to the rule, and it can say so, with a value or without.
    let told = |on_tie: OnTie| {
        let rule = Rule::new([priority(&["crm"])], Reduce::PickOne).with_on_tie(on_tie);
        let policy = Policy::default().with_rule(FieldKind::FullName, rule).unwrap();
        let golden = survive(records, partition, &policy);
        let ties = golden.findings().iter().filter(|finding| finding.kind == FindingKind::Tie).count();
        (texts(&customer, &policy, FieldKind::GivenName), ties)
    };
    assert_eq!(told(OnTie::Report), (vec!["john".to_owned()], 1));
    assert_eq!(told(OnTie::Null), (vec![], 1));
    let newest = Rule::new([Comparator::MostRecent], Reduce::PickOne);
    assert_eq!(told(OnTie::Fallback(Box::new(newest))), (vec!["john".to_owned()], 0));
    let oldest = Rule::new([Comparator::Oldest], Reduce::PickOne);
    assert_eq!(told(OnTie::Fallback(Box::new(oldest))), (vec!["jon".to_owned()], 0));
    let full = one(FieldKind::FullName, &[Comparator::FullForm]);
    let lineage = Survivorship::new(records, partition, &full).lineage(EntityId(0), field);
    assert!(lineage.losers.iter().any(|loser| loser.reason == Reason::Comparator(Comparator::FullForm)));
}

#[test]
fn a2_a_source_without_a_value_yields_to_the_next() {
    let customer = customer(&[
        ("crm", "given_name,email", &["1,Ann,"]),
        ("erp", "given_name,email", &["7,Ann,x@post.de"]),
        ("web", "given_name,email", &["9,Ann,a@post.de"]),
    ]);
    let policy = one(FieldKind::Email, &[priority(&["crm", "erp"])]);
    assert_eq!(texts(&customer, &policy, FieldKind::Email), ["x@post.de"]);
    let unlisted = one(FieldKind::Email, &[priority(&["crm"])]);
    assert_eq!(texts(&customer, &unlisted, FieldKind::Email), ["a@post.de"]);
    // Only listed sources count: what then is decided by the answer for none.
    let listed = |on_empty: OnEmpty| {
        let rule = Rule::new([], Reduce::PickOne)
            .with_eligible(Predicate::FromSource(vec!["crm".to_owned()]))
            .with_on_empty(on_empty);
        Policy::default().with_rule(FieldKind::Email, rule).unwrap()
    };
    assert!(texts(&customer, &listed(OnEmpty::Null), FieldKind::Email).is_empty());
    let any = OnEmpty::Fallback(Box::new(Rule::new([priority(&["erp"])], Reduce::PickOne)));
    assert_eq!(texts(&customer, &listed(any), FieldKind::Email), ["x@post.de"]);
    let golden = survive(&customer.0, &customer.1, &listed(OnEmpty::Report));
    assert_eq!(
        golden.findings().iter().map(|finding| finding.kind).collect::<Vec<_>>(),
        [FindingKind::Empty]
    );
}

#[test]
fn a2_an_explicit_null_wins_where_the_rule_lets_it() {
    let row = |key: &str, mail: &str, day: &str| {
        format!("{{\"key\":\"{key}\",\"mail\":{mail},\"day\":\"{day}\"}}\n")
    };
    let source = |name: &str, rows: String| {
        Source::bytes(name, "export.ndjson", rows.into_bytes())
            .key("key")
            .field("mail", FieldKind::Email)
            .updated_at("day")
    };
    let crm = row("1", "null", "2025-01-01") + &row("2", "\"old@post.de\"", "2024-01-01");
    let erp = row("1", "\"erp@post.de\"", "2024-06-01");
    let raw = ingest(&[source("crm", crm), source("erp", erp)], "".as_ref()).unwrap().records;
    let (records, _) = normalize(raw, &NormalizeOptions::default());
    let customer = (records, Partition::from_roots(&[0, 0, 0]));
    let with = |nulls: Nulls| {
        let rule = Rule::new([priority(&["crm", "erp"]), Comparator::MostRecent], Reduce::PickOne);
        let policy = Policy::default().with_rule(FieldKind::Email, rule.with_nulls(nulls)).unwrap();
        texts(&customer, &policy, FieldKind::Email)
    };
    assert_eq!(with(Nulls::Skip), ["old@post.de"]);
    assert!(with(Nulls::ClearedWins).is_empty());
    assert_eq!(with(Nulls::ClearedBlocksOlder), ["erp@post.de"]);
    assert!(with(Nulls::ClearedBlocksOlderAndLower).is_empty());
}

#[test]
fn a3_a_source_has_one_voice() {
    let rows: &[Export<'_>] = &[
        ("s1", "org_name", &["1,Alpha"]),
        ("s2", "org_name", &["1,Alpha"]),
        ("s3", "org_name", &["1,Beta"]),
        ("s4", "org_name", &["1,Beta"]),
    ];
    let policy = one(FieldKind::OrgName, &[Comparator::MostFrequent]);
    assert_eq!(texts(&customer(rows), &policy, FieldKind::OrgName), ["alpha"]);
    // Sources that speak as often are told apart by their records.
    let mut chatty = rows.to_vec();
    chatty[3] = ("s4", "org_name", &["1,Beta", "2,Beta"]);
    assert_eq!(texts(&customer(&chatty), &policy, FieldKind::OrgName), ["beta"]);
    // With sources as the only voters, another record of the same source changes nothing.
    let by_source = one(FieldKind::OrgName, &[Comparator::Frequency(Voter::Source)]);
    assert_eq!(texts(&customer(&chatty), &by_source, FieldKind::OrgName), ["alpha"]);
    let by_record = one(FieldKind::OrgName, &[Comparator::Frequency(Voter::Record)]);
    assert_eq!(texts(&customer(&chatty), &by_record, FieldKind::OrgName), ["beta"]);
    // Three records of one source do not outvote two sources.
    let loud = [rows[0], rows[1], ("s3", "org_name", ["1,Beta", "2,Beta", "3,Beta"].as_slice())];
    assert_eq!(texts(&customer(&loud), &policy, FieldKind::OrgName), ["alpha"]);
}

#[test]
fn a4_an_address_survives_whole() {
    let header = "street,house_number,postal_code,city,changed";
    let customer = customer(&[(
        "crm",
        header,
        &[
            "1,Hauptstraße,1,10115,Berlin,2020-01-01",
            "2,Am Hang,2,80331,München,2021-01-01",
            "3,Gartenweg,3,,Ulm,2022-01-01",
        ],
    )]);
    let rule = Rule::new([Comparator::MostRecent], Reduce::PickOne).with_require([FieldKind::PostalCode]);
    let policy = Policy::default().with_rule(FieldKind::Address, rule).unwrap();
    for (kind, expected) in [
        (FieldKind::Street, "am hang"),
        (FieldKind::HouseNumber, "2"),
        (FieldKind::PostalCode, "80331"),
        (FieldKind::City, "muenchen"),
    ] {
        assert_eq!(golden(&customer, &policy, kind), [(expected.to_owned(), "crm/2".to_owned())]);
    }
}

#[test]
fn a5_a_blank_is_filled_only_from_a_record_that_agrees() {
    let header = "street,house_number,address_extra,city,changed";
    let rows = |other: &'static str| customer(&[("crm", header, &["1,Am Hang,5,,Ulm,2022-01-01", other])]);
    let rule = Rule::new([Comparator::MostRecent], Reduce::PickOne).with_fill(Fill::IfAgrees);
    let policy = Policy::default().with_rule(FieldKind::Address, rule).unwrap();
    let agrees = rows("2,Am Hang,,Apt 4,Ulm,2021-01-01");
    assert_eq!(
        golden(&agrees, &policy, FieldKind::AddressExtra),
        [("unit 4".to_owned(), "crm/2".to_owned())]
    );
    let differs = rows("2,Am Berg,,Apt 4,Ulm,2021-01-01");
    assert_eq!(texts(&differs, &policy, FieldKind::AddressExtra), [""]);
    let never = one(FieldKind::Address, &[Comparator::MostRecent]);
    assert_eq!(texts(&agrees, &never, FieldKind::AddressExtra), [""]);
}

#[test]
fn a6_trust_falls_until_another_source_is_trusted_more() {
    let customer = customer(&[
        ("crm", "email,changed", &["1,crm@post.de,2025-01-01"]),
        ("erp", "email,changed", &["7,erp@post.de,2020-01-01"]),
    ]);
    let trust = Trust::default()
        .with_source("crm", TrustCurve::new(90, 30, 730, Decay::Linear).unwrap())
        .with_source("erp", TrustCurve::flat(55).unwrap());
    assert!((trust.sources["crm"].at(365 * 86_400) - 60.0).abs() < 1e-9);
    let policy = one(FieldKind::Email, &[Comparator::Trust(trust)]);
    let (records, partition) = &customer;
    let field = records.schema().position(FieldKind::Email, "").unwrap();
    let at = |day: &str| Survivorship::new(records, partition, &policy).at(day.parse().unwrap());
    let best = |day: &str| {
        let value = at(day).golden().value(EntityId(0), field).unwrap();
        records.column(field).text(value.value).to_owned()
    };
    // A year old: 60 against 55. It falls to 55 after 7/6 of a year: 90 − 60 · 7/12.
    assert_eq!(best("2026-01-01"), "crm@post.de");
    let next = at("2026-01-01").next_change_after(EntityId(0), field).unwrap();
    let start = "2025-01-01".parse::<onefold::value::Instant>().unwrap();
    assert_eq!(next.unix_seconds() - start.unix_seconds(), 365 * 86_400 * 7 / 6);
    assert_eq!(best("2026-03-02"), "crm@post.de");
    assert_eq!(best("2026-03-03"), "erp@post.de");
    assert_eq!(at("2028-01-01").next_change_after(EntityId(0), field), None);
}

#[test]
fn a7_a_short_value_is_trusted_less() {
    let short = Downgrade::new(Predicate::ShorterThan(3), 50).unwrap();
    assert_eq!(short.lower(80.0), Some(40.0));
    assert_eq!(short.clone().with_reserve(45).lower(80.0), Some(45.0));
    let customer = customer(&[("crm", "org_name", &["1,AB"]), ("erp", "org_name", &["7,Abel Bau"])]);
    let best = |downgrade: Option<Downgrade>| {
        let trust = Trust::default()
            .with_source("crm", TrustCurve::flat(80).unwrap())
            .with_source("erp", TrustCurve::flat(43).unwrap());
        let trust = downgrade.into_iter().fold(trust, Trust::with_downgrade);
        texts(&customer, &one(FieldKind::OrgName, &[Comparator::Trust(trust)]), FieldKind::OrgName).remove(0)
    };
    assert_eq!(best(None), "ab");
    // 40 against 43, and with the reserve 45 against 43.
    assert_eq!(best(Some(short.clone())), "abel bau");
    assert_eq!(best(Some(short.with_reserve(45))), "ab");
}

#[test]
fn defaults_by_table() {
    use FieldKind as K;
    let name = "given_name,middle_name,family_name,changed";
    let cases: &[Case<'_>] = &[
        (
            "a short form loses to the full name, however often it is used",
            K::GivenName,
            &[
                ("a", name, &["1,Bob,,Smith,", "2,R.,,Smith,"]),
                ("b", name, &["1,Bob,,Smith,", "2,Robert,,Smith,"]),
            ],
            &["robert"],
        ),
        (
            "a surname alone loses to a whole name",
            K::GivenName,
            &[("a", name, &["1,,,Smith,"]), ("b", name, &["1,,,Smith,", "2,Eve,,Smith,"])],
            &["eve"],
        ),
        (
            "of the same first name and surname the one with more parts",
            K::MiddleName,
            &[("a", name, &["1,Anna,,Weber,2025-01-01", "2,Anna,Maria,Weber,2020-01-01"])],
            &["maria"],
        ),
        (
            "accents tell more than their loss",
            K::FamilyName,
            &[("a", name, &["1,Jo,,Muller,2025-01-01"]), ("b", name, &["1,Jo,,Müller,2020-01-01"])],
            &["mueller"],
        ),
        (
            "two sources outvote the newest record",
            K::FamilyName,
            &[
                ("a", name, &["1,Jo,,Adler,"]),
                ("b", name, &["1,Jo,,Adler,"]),
                ("c", name, &["1,Jo,,Zoller,2025-01-01"]),
            ],
            &["adler"],
        ),
        (
            "a year is completed by a date in it",
            K::BirthDate,
            &[
                ("a", "birth_date", &["1,1980"]),
                ("b", "birth_date", &["1,1980"]),
                ("c", "birth_date", &["1,1980-04-03"]),
            ],
            &["1980-04-03"],
        ),
        (
            "all e-mail addresses, the most frequent first, then the most recent",
            K::Email,
            &[
                ("a", "email,changed", &["1,x@post.de,2020-01-01", "2,y@post.de,2021-01-01", "3,n@post.de,"]),
                ("b", "email,changed", &["1,z@post.de,2019-01-01", "2,z@post.de,2018-01-01"]),
                ("c", "email,changed", &["1,x@post.de,"]),
            ],
            &["x@post.de", "z@post.de", "y@post.de", "n@post.de"],
        ),
        (
            "of other kinds the most recent",
            K::Url,
            &[
                ("a", "url,changed", &["1,old.de,01.02.2024", "2,new.de,13.03.2024"]),
                ("b", "url", &["1,none.de"]),
            ],
            &["new.de"],
        ),
        (
            "an address without street or with nothing beside it is none",
            K::City,
            &[("a", "street,postal_code,city", &["1,,,Ulm", "2,Am Hang 5,,", "3,,89073,Ulm"])],
            &["ulm"],
        ),
        (
            "what agrees is one address, what contradicts is another",
            K::Street,
            &[
                ("a", "street,postal_code,city", &["1,Am Hang 5,89073,Ulm", "2,Am Hang 7,89073,Ulm"]),
                ("b", "street,postal_code,city", &["1,Am Hang 7,,Ulm"]),
            ],
            &["am hang", "am hang"],
        ),
        (
            "the more frequent address comes first",
            K::HouseNumber,
            &[
                ("a", "street,postal_code,city", &["1,Am Hang 5,89073,Ulm", "2,Am Hang 7,89073,Ulm"]),
                ("b", "street,postal_code,city", &["1,Am Hang 7,,Ulm"]),
            ],
            &["7", "5"],
        ),
    ];
    for (what, kind, exports, expected) in cases {
        assert_eq!(texts(&customer(exports), &Policy::default(), *kind), *expected, "{what}");
    }
}

#[test]
fn a_customer_of_very_many_addresses_is_reported() {
    let rows: Vec<String> = (0..200).map(|at| format!("{at},Am Hang {at},89073,Ulm")).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let (records, partition) = customer(&[("crm", "street,postal_code,city", &rows)]);
    let golden = survive(&records, &partition, &Policy::default());
    assert_eq!(golden.unfilled(), 1);
    let street = records.schema().position(FieldKind::Street, "").unwrap();
    assert_eq!(golden.rows(EntityId(0), street).len(), 200);
}
