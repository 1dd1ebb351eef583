//! Laws of segments: all profiles at once = one by one; three-valued logic; sets of profiles follow conditions; the order
//! of profiles changes nothing.
//!
//! What makes them fail: a block or a last word of rows that is treated apart (`Node::block`), a value that the
//! columns and the profile tell differently (`Part::of`, `Subject`), a negation of unknown that holds.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use onefold::profile::Profile;
use onefold::record::EntityClass;
use onefold::segment::{
    Audience, Expr, ProfileColumns, ProfileColumnsBuilder, Subject, Top, Verdict, evaluate, explain, field,
    matches, never_ordered, no_order_for, one_time_buyers, top_customers_by_revenue, verdict,
};
use onefold::value::{Amount, Currency, Gender, Instant};
use onefold::{CustomerId, EntityId, HouseholdId};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn instant(text: &str) -> Instant {
    text.parse().unwrap()
}

fn as_of() -> Instant {
    instant("2026-11-01")
}

fn euro() -> Currency {
    "EUR".parse().unwrap()
}

fn euros(amount: i64) -> Amount {
    Amount::from_units(amount * 10_000)
}

const DAYS: [&str; 6] =
    ["2025-01-01", "2026-10-01", "2026-10-02", "2026-10-31T23:59:59Z", "2026-11-01", "2027-01-01"];
const CITIES: [&str; 4] = ["München", "MUENCHEN", "Ulm", "Ulmen"];

/// A customer who has only what is given.
fn profile(given: Value) -> Profile {
    let mut all = json!({
        "customer_id": CustomerId::of_record("crm", "1"), "class": "person", "records": [],
        "orders": { "count": 0, "first": null, "last": null, "revenue": [] },
    });
    if let (Value::Object(all), Value::Object(given)) = (&mut all, given) {
        all.extend(given);
    }
    serde_json::from_value(all).unwrap()
}

fn orders(count: u64, last: Option<&str>, euros: Option<i64>) -> Value {
    let revenue = euros
        .map(|net| json!({ "currency": "EUR", "net": net, "paid_orders": count, "average_basket": null }));
    json!({ "orders": { "count": count, "first": last, "last": last, "revenue": revenue.into_iter().collect::<Vec<_>>() } })
}

prop_compose! {
    fn any_profile()(
        class in 0..3usize,
        gender in prop::option::of(0..3usize),
        birth in prop::option::of(1978..1983i64),
        address in prop::option::of((prop::option::of(0..2usize), prop::option::of(0..4usize))),
        email: bool,
        sources in prop::sample::subsequence(vec!["crm", "erp", "shop"], 0..=3),
        household in prop::option::of(0..3usize),
        count in 0..4u64,
        days in prop::option::of((0..6usize, 0..6usize)),
        revenue in prop::sample::subsequence(vec!["CHF", "EUR"], 0..=2),
        net in -3..5i64,
    ) -> Profile {
        let mut given = Map::new();
        given.insert("class".into(), json!(["person", "organisation", "unknown"][class]));
        given.insert("gender".into(), json!(gender.map(|gender| ["female", "male", "other"][gender])));
        given.insert("birth_date".into(), json!(birth.map(|year| year.to_string())));
        if let Some((country, city)) = address {
            given.insert("addresses".into(), json!([{
                "country": country.map(|country| ["DE", "AT"][country]), "city": city.map(|city| CITIES[city]),
                "records": 1, "sources": 1,
            }]));
        }
        if email {
            given.insert("emails".into(), json!([{ "value": "a@b.de", "records": 1, "sources": 1, "shared_with": 0 }]));
        }
        let record = |source: &&str| json!({ "source": source, "key": "1", "confidence": 1.0 });
        given.insert("records".into(), sources.iter().map(record).collect());
        given.insert("household".into(), json!(household.map(|key| HouseholdId::of_record("crm", &key.to_string()))));
        let average = (net > 0).then_some(net);
        let sum = |currency: &&str| json!({ "currency": currency, "net": net, "paid_orders": 1, "average_basket": average });
        given.insert("orders".into(), json!({
            "count": count,
            "first": days.map(|(a, b)| DAYS[a.min(b)]), "last": days.map(|(a, b)| DAYS[a.max(b)]),
            "revenue": revenue.iter().map(sum).collect::<Vec<_>>(),
        }));
        profile(Value::Object(given))
    }
}

fn any_test() -> impl Strategy<Value = Expr> {
    let day = || (0..6usize).prop_map(|day| instant(DAYS[day]));
    prop_oneof![
        (0..4i64).prop_map(|count| field::order_count().at_least(count)),
        (0..4i64).prop_map(|count| field::order_count().is(count)),
        (1978..1983i64).prop_map(|year| field::birth_year().at_most(year)),
        (1..4i64).prop_map(|size| field::household_size().at_least(size)),
        (-3..5i64).prop_map(|net| field::revenue(euro()).above(euros(net))),
        (-3..5i64).prop_map(|net| field::revenue("USD".parse().unwrap()).below(euros(net))),
        (-3..5i64).prop_map(|net| field::average_basket("CHF".parse().unwrap()).at_least(euros(net))),
        day().prop_map(|day| field::last_order().before(day)),
        day().prop_map(|day| field::first_order().at_or_after(day)),
        (0..40u32).prop_map(|days| field::last_order().within_days(days)),
        (0..40u32).prop_map(no_order_for),
        (0..4usize).prop_map(|city| field::city().is(CITIES[city])),
        (0..4usize).prop_map(|city| field::city().starts_with(&CITIES[city][..3])),
        Just(field::country().one_of(["de", "FR"])),
        Just(field::region().is("Bayern")),
        Just(field::gender().is(Gender::Female)),
        Just(field::class(EntityClass::Person)),
        prop::sample::select(vec!["crm", "shop", "none"]).prop_map(field::source),
        Just(field::email().exists()),
        Just(field::city().is_missing()),
        Just(field::gender().exists()),
        Just(field::birth_year().exists()),
        Just(field::last_order().is_missing()),
        Just(field::revenue(euro()).exists()),
        Just(field::average_basket("USD".parse().unwrap()).is_missing()),
        Just(Expr::All(vec![])),
        Just(Expr::Any(vec![])),
    ]
}

fn any_expr() -> impl Strategy<Value = Expr> {
    any_test().prop_recursive(4, 16, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Expr::All),
            prop::collection::vec(inner.clone(), 0..4).prop_map(Expr::Any),
            inner.clone().prop_map(|expr| Expr::Not(Box::new(expr))),
            (inner.clone(), inner).prop_map(|(left, right)| left & !right),
        ]
    })
}

/// The profiles with the sizes of their households.
fn subjects(profiles: &[Profile]) -> Vec<Subject<'_>> {
    let mut sizes: BTreeMap<HouseholdId, u32> = BTreeMap::new();
    for household in profiles.iter().filter_map(|profile| profile.household) {
        *sizes.entry(household).or_default() += 1;
    }
    let size = |profile: &Profile| profile.household.map_or(0, |household| sizes[&household]);
    profiles.iter().map(|profile| Subject::new(profile).in_household_of(size(profile))).collect()
}

fn numbers(audience: &Audience) -> Vec<usize> {
    audience.iter().map(EntityId::index).collect()
}

proptest! {
    #[test]
    fn all_at_once_is_one_by_one(profiles in prop::collection::vec(any_profile(), 0..150), expr in any_expr()) {
        let audience = evaluate(&expr, &ProfileColumns::of(&profiles), as_of());
        let single: Vec<usize> = subjects(&profiles)
            .into_iter()
            .enumerate()
            .filter(|(_, subject)| matches(&expr, *subject, as_of()))
            .map(|(number, _)| number)
            .collect();
        prop_assert_eq!(audience.len(), single.len() as u64);
        prop_assert_eq!(numbers(&audience), single, "{}", expr);
    }

    #[test]
    fn logic_has_three_values(profile in any_profile(), left in any_expr(), right in any_expr()) {
        let of = |expr: Expr| verdict(&expr, &profile, as_of());
        let not = |expr: &Expr| Expr::Not(Box::new(expr.clone()));
        let (a, b) = (of(left.clone()), of(right.clone()));
        prop_assert_eq!(of(not(&Expr::All(vec![left.clone(), right.clone()]))), of(Expr::Any(vec![not(&left), not(&right)])));
        prop_assert_eq!(of(not(&Expr::Any(vec![left.clone(), right.clone()]))), of(Expr::All(vec![not(&left), not(&right)])));
        prop_assert_eq!(of(not(&not(&left))), a);
        prop_assert_eq!(of(!left.clone()), !a);
        prop_assert_eq!(of(left.clone() & right.clone()), a & b);
        prop_assert_eq!(of(left.clone() | right), a | b);
        prop_assert_eq!(explain(&left, &profile, as_of()).verdict, a);
        // In two-valued logic the left side is everyone.
        prop_assert_eq!(of(left.clone() | !left) == Verdict::Unknown, a == Verdict::Unknown);
    }

    #[test]
    fn sets_follow_conditions(
        profiles in prop::collection::vec(any_profile(), 0..150),
        left in any_expr(),
        right in any_expr(),
    ) {
        let columns = ProfileColumns::of(&profiles);
        let of = |expr: &Expr| evaluate(expr, &columns, as_of());
        let (a, b) = (of(&left), of(&right));
        prop_assert_eq!(of(&(left.clone() & right.clone())), a.intersection(&b));
        prop_assert_eq!(of(&(left.clone() | right.clone())), a.union(&b));
        // Where the right side is unknown, neither it nor its negation qualifies.
        let without = of(&(left & !right.clone()));
        prop_assert!(without.difference(&a.difference(&b)).is_empty());
        let unknown = a.difference(&b).difference(&without);
        let all = subjects(&profiles);
        let open = |entity: EntityId| verdict(&right, all[entity.index()], as_of()) == Verdict::Unknown;
        prop_assert!(unknown.iter().all(open));
        prop_assert_eq!(a.jaccard(&b).to_bits(), b.jaccard(&a).to_bits());
    }

    #[test]
    fn profiles_may_come_in_any_order_and_parts(
        profiles in prop::collection::vec(any_profile(), 1..150),
        expr in any_expr(),
        seed: u64,
        part in 1..100usize,
    ) {
        let mut order: Vec<usize> = (0..profiles.len()).collect();
        order.sort_by_key(|&at| (at as u64 ^ seed).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let shuffled: Vec<Profile> = order.iter().map(|&at| profiles[at].clone()).collect();
        let mut builder = ProfileColumnsBuilder::new();
        shuffled.chunks(part).for_each(|part| builder.extend(part));
        let columns = builder.finish();
        let straight = ProfileColumns::of(&profiles);
        let mut found: Vec<usize> =
            numbers(&evaluate(&expr, &columns, as_of())).into_iter().map(|at| order[at]).collect();
        found.sort_unstable();
        prop_assert_eq!(found, numbers(&evaluate(&expr, &straight, as_of())));
        for top in [Top::Share(0.3), Top::Count(7)] {
            let cut = |columns| top_customers_by_revenue(columns, euro(), top).unwrap();
            prop_assert_eq!(cut(&columns), cut(&straight));
        }
    }

    #[test]
    fn conditions_are_data(expr in any_expr()) {
        let json = serde_json::to_string(&expr).unwrap();
        prop_assert_eq!(serde_json::from_str::<Expr>(&json).unwrap(), expr);
    }

    #[test]
    fn the_top_are_those_above_everyone_else(
        profiles in prop::collection::vec(any_profile(), 0..60),
        count in 0..40u64,
    ) {
        let columns = ProfileColumns::of(&profiles);
        let cut = top_customers_by_revenue(&columns, euro(), Top::Count(count)).unwrap();
        let top = evaluate(&cut, &columns, as_of());
        let revenue = |profile: &Profile| {
            profile.orders.revenue.iter().find(|revenue| revenue.currency == euro()).map(|revenue| revenue.net)
        };
        let known: Vec<Amount> = profiles.iter().filter_map(revenue).collect();
        let inside: Vec<Amount> = top.iter().filter_map(|entity| revenue(&profiles[entity.index()])).collect();
        prop_assert_eq!(inside.len() as u64, top.len());
        prop_assert!(top.len() >= count.min(known.len() as u64));
        // One fewer than the cut's ties would be too few.
        let lowest = inside.iter().min();
        let above = inside.iter().filter(|net| Some(*net) != lowest).count() as u64;
        prop_assert!(top.is_empty() || above < count);
        prop_assert_eq!(known.iter().filter(|net| Some(*net) >= lowest && lowest.is_some()).count(), inside.len());
    }
}

/// More rows than one block, and a last word that is not full.
#[test]
fn many_blocks() {
    let rows = 40_001usize;
    let some: Vec<Profile> =
        (0..7).map(|count| profile(orders(count, Some(DAYS[count as usize % 6]), Some(5)))).collect();
    let profiles: Vec<Profile> = (0..rows).map(|row| some[row * row % 7].clone()).collect();
    let columns = ProfileColumns::of(&profiles);
    for expr in [one_time_buyers(), !one_time_buyers(), no_order_for(30), Expr::All(vec![])] {
        let expected: Vec<usize> = (0..rows).filter(|&row| matches(&expr, &profiles[row], as_of())).collect();
        assert_eq!(numbers(&evaluate(&expr, &columns, as_of())), expected, "{expr}");
    }
}

#[test]
fn edges() {
    use field::{
        average_basket, birth_year, city, country, first_order, household_size, last_order, revenue,
    };
    let (yes, no, unknown) = (Verdict::True, Verdict::False, Verdict::Unknown);
    let ordered = |last| orders(1, Some(last), Some(100));
    let lives = |city| json!({ "addresses": [{ "city": city, "records": 1, "sources": 1 }] });
    let second = "2026-10-02T00:00:01Z";
    let cases = [
        (
            "an order at the start of the window is in it",
            last_order().within_days(30),
            ordered("2026-10-02"),
            yes,
        ),
        ("and the customer has not lapsed", no_order_for(30), ordered("2026-10-02"), no),
        ("one day more", no_order_for(30), ordered("2026-10-01"), yes),
        ("one second less", no_order_for(29), ordered(second), yes),
        ("who never ordered has not lapsed", no_order_for(30), orders(0, None, None), unknown),
        ("nor is that the contrary", !no_order_for(30), orders(0, None, None), unknown),
        ("who never ordered", never_ordered(), orders(0, None, None), yes),
        ("an order at as_of does not count", last_order().within_days(30), ordered("2026-11-01"), unknown),
        (
            "nor for a fixed instant",
            first_order().before(instant("2027-01-01")),
            ordered("2026-11-01"),
            unknown,
        ),
        ("before is exclusive", last_order().before(instant("2026-10-01")), ordered("2026-10-01"), no),
        ("from is inclusive", last_order().at_or_after(instant("2026-10-01")), ordered("2026-10-01"), yes),
        ("no window", last_order().within_days(0), ordered("2026-10-31T23:59:59Z"), no),
        ("beyond the axis", no_order_for(u32::MAX), ordered("2026-10-01"), no),
        ("revenue equal", revenue(euro()).at_least(euros(100)), ordered("2026-10-01"), yes),
        ("revenue above", revenue(euro()).above(euros(100)), ordered("2026-10-01"), no),
        (
            "another currency",
            revenue("CHF".parse().unwrap()).at_most(euros(100)),
            ordered("2026-10-01"),
            unknown,
        ),
        ("no basket", average_basket(euro()).at_least(euros(0)), ordered("2026-10-01"), unknown),
        (
            "the ends of the range",
            revenue(euro()).above(Amount::from_units(i64::MAX)),
            ordered("2026-10-01"),
            no,
        ),
        ("umlaut and case", city().is("MUENCHEN"), lives("München"), yes),
        ("another city", !city().is("Bonn"), lives("München"), yes),
        ("no city", !city().is("Bonn"), json!({}), unknown),
        ("missing is asked for", city().is_missing(), json!({}), yes),
        ("country beside a city", country().exists(), lives("Ulm"), no),
        ("a year of reduced precision", birth_year().is(1980), json!({ "birth_date": "1980-04" }), yes),
        ("no year", birth_year().is(1980), json!({ "birth_date": "Ä" }), unknown),
        ("alone", household_size().is(1), json!({}), yes),
        (
            "an organisation has no household",
            household_size().is(1),
            json!({ "class": "organisation" }),
            unknown,
        ),
    ];
    for (name, expr, given, expected) in cases {
        let profile = profile(given);
        assert_eq!(verdict(&expr, &profile, as_of()), expected, "{name}");
        let columns = ProfileColumns::of(std::slice::from_ref(&profile));
        assert_eq!(evaluate(&expr, &columns, as_of()).len(), u64::from(expected == yes), "{name}");
    }
}

#[test]
fn ties_share_the_cut() {
    let nets = [10, 20, 20, 20, 50, -5];
    let mut profiles: Vec<Profile> =
        nets.iter().map(|&net| profile(orders(1, Some("2026-10-01"), Some(net)))).collect();
    profiles.push(profile(orders(0, None, None)));
    let columns = ProfileColumns::of(&profiles);
    let top = |top| {
        top_customers_by_revenue(&columns, euro(), top)
            .map(|cut| (cut.to_string(), evaluate(&cut, &columns, as_of()).len()))
    };
    let cases = [
        (Top::Count(0), "nobody", 0),
        (Top::Count(1), "revenue EUR >= 50.00", 1),
        (Top::Count(2), "revenue EUR >= 20.00", 4),
        (Top::Count(100), "revenue EUR >= -5.00", 6),
        (Top::Share(0.1), "revenue EUR >= 50.00", 1),
        (Top::Share(0.2), "revenue EUR >= 20.00", 4),
        (Top::Share(1.0), "revenue EUR >= -5.00", 6),
    ];
    for (which, cut, size) in cases {
        assert_eq!(top(which).unwrap(), (cut.to_owned(), size), "{which:?}");
    }
    for share in [0.0, -0.5, 1.01, f64::NAN] {
        assert!(top(Top::Share(share)).unwrap_err().is_config());
    }
}

#[test]
fn a_source_that_nobody_has_is_named() {
    let profile = profile(json!({ "records": [{ "source": "shop", "key": "1", "confidence": 1.0 }] }));
    let columns = ProfileColumns::of(&[profile]);
    assert!(columns.check(&(field::source("shop") & field::email().exists())).is_ok());
    let error = columns.check(&!(field::source("shpo") | field::email().exists())).unwrap_err();
    assert_eq!(error.to_string(), "segment: unknown source `shpo`; did you mean `shop`? (known: shop)");
}
