//! The generated world is as far from the truth as measured data is: a table of measures for the three tiers, with
//! the bands in which registers, lists and the literature have them.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test: its output is a table")]

mod world_measures;
mod world_tables;
#[path = "../examples/world/mod.rs"]
mod world;

use std::collections::BTreeMap;

use world::World;
use world::sources::Source;
use world::tier::Tier;
use world_tables::Exported;

const RECORDS: u64 = 110_000;

/// Where a tier's measure must lie.
#[rustfmt::skip]
const BANDS: [(&str, Tier, f64, f64); 26] = [
    ("contact and order: full name equal", Tier::Typical, 0.55, 0.70),
    ("contact and order: street and number equal", Tier::Typical, 0.40, 0.60),
    ("contact and order: e-mail equal", Tier::Typical, 0.70, 0.85),
    ("contacts: single edits among name differences", Tier::Typical, 0.30, 0.50),
    ("people: records without an exact twin", Tier::Typical, 0.10, 0.20),
    ("organisations: name differs", Tier::Typical, 0.42, 0.58),
    ("organisations: phone differs", Tier::Typical, 0.09, 0.17),
    ("organisations: address differs", Tier::Typical, 0.32, 0.48),
    ("8 years: first name differs", Tier::Dirty, 0.09, 0.15),
    ("8 years: last name differs", Tier::Dirty, 0.25, 0.50),
    ("8 years: postal code differs", Tier::Dirty, 0.40, 0.60),
    ("8 years: women among full changes of last name", Tier::Dirty, 0.80, 1.00),
    ("records: errors vary more than independent ones", Tier::Clean, 1.02, 5.00),
    ("records: errors vary more than independent ones", Tier::Typical, 1.05, 5.00),
    ("records: errors vary more than independent ones", Tier::Dirty, 1.05, 5.00),
    ("private people: in one source", Tier::Typical, 0.27, 0.43),
    ("private people: in two sources", Tier::Typical, 0.22, 0.38),
    ("private people: in three or more sources", Tier::Typical, 0.27, 0.43),
    ("contacts: entities with duplicates", Tier::Typical, 0.05, 0.11),
    ("debtors: entities with duplicates", Tier::Typical, 0.02, 0.06),
    ("contacts: without e-mail", Tier::Typical, 0.06, 0.18),
    ("contacts: without birth date", Tier::Typical, 0.69, 0.81),
    ("contacts: without any phone", Tier::Typical, 0.24, 0.36),
    ("debtors: without e-mail", Tier::Typical, 0.54, 0.66),
    ("orders: without e-mail", Tier::Typical, 0.00, 0.09),
    ("orders: without any phone", Tier::Typical, 0.49, 0.61),
];

/// What rises from tier to tier.
const RISING: [&str; 11] = [
    "organisations: name differs",
    "contacts: first name differs",
    "contacts: last name differs",
    "contacts: entities with duplicates",
    "debtors: entities with duplicates",
    "people: records without an exact twin",
    "records: nickname",
    "records: given name as initial",
    "records: names swapped",
    "records: wrong encoding",
    "8 years: first name differs",
];

/// What falls from tier to tier.
const FALLING: [&str; 3] = [
    "contact and order: full name equal",
    "contact and order: street and number equal",
    "contact and order: e-mail equal",
];

/// The measures of a tier by name, in the order of the table.
fn measured(tier: Tier) -> Vec<(String, f64)> {
    let world = World::of_records(1, tier, RECORDS, &Source::MAIN);
    let exported = Exported::of(&world);
    assert!(exported.rows >= 100_000, "{} rows", exported.rows);
    let mut measures = world_measures::pairs::measured(&exported);
    measures.extend(world_measures::organisations::measured(&exported));
    measures.extend(world_measures::lives::measured(tier));
    measures.extend(world_measures::records::measured(&world));
    measures.extend(world_measures::sources::measured(&exported));
    measures
}

#[test]
fn the_tiers_differ_as_measured_data_does() {
    let tiers = Tier::ALL.map(measured);
    let of = |name: &str| {
        let found =
            tiers.each_ref().map(|tier| tier.iter().find(|(line, _)| line == name).map(|(_, value)| *value));
        found.map(|value| value.unwrap_or_else(|| unreachable!("nothing measures `{name}`")))
    };
    let mut bands: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut faults = Vec::new();
    for (name, tier, low, high) in BANDS {
        let found = of(name)[tier as usize];
        bands.entry(name).or_default().push(format!("{}: {low:.2} to {high:.2}", tier.name()));
        if !(low..=high).contains(&found) {
            faults.push(format!("{name} ({}): {found:.3} is not in {low} to {high}", tier.name()));
        }
    }
    println!("| {:50} | clean | typical | dirty | band |\n|---|---:|---:|---:|---|", "measure");
    for (name, _) in &tiers[0] {
        let [clean, typical, dirty] = of(name);
        let band = bands.get(name.as_str()).map_or(String::new(), |bands| bands.join(", "));
        println!("| {name:50} | {clean:.3} | {typical:.3} | {dirty:.3} | {band} |");
    }
    for (names, sign, word) in [(&RISING[..], 1.0, "rise"), (&FALLING[..], -1.0, "fall")] {
        for name in names {
            let [clean, typical, dirty] = of(name).map(|value| value * sign);
            if !(clean < typical && typical < dirty) {
                faults.push(format!("{name} does not {word} from tier to tier"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn surnames_fall_off_as_in_a_register() {
    let names = world::names::Names::get();
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    let mut draw = world::random::Draw::of(1, "surnames", 0);
    for _ in 0..400_000 {
        let origin = names.origin(&mut draw, world::place::Country::De);
        *counts.entry(names.surname(&mut draw, origin).text).or_default() += 1;
    }
    let mut counts: Vec<u32> = counts.into_values().collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    let slope = |from: usize, to: usize| {
        (f64::from(counts[from - 1]) / f64::from(counts[to - 1])).ln() / (to as f64 / from as f64).ln()
    };
    println!("surnames: {} different, slope {:.3} and {:.3}", counts.len(), slope(10, 100), slope(10, 1_000));
    // In the telephone books of Germany the slope is 0.65 from rank 10 to 100, and 0.70 from 10 to 1000.
    assert!((0.9..=1.1).contains(&(slope(10, 100) / 0.65)));
    assert!((0.9..=1.1).contains(&(slope(10, 1_000) / 0.70)));
    assert!((15_000..=100_000).contains(&counts.len()));
}
