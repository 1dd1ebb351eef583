//! The exports of the world in `examples/world`: the form of each source, its gaps and systematic faults, and that the
//! library reads all of them with the spec that stands beside them.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "../examples/world/mod.rs"]
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::sync::OnceLock;

use world::World;
use world::sources::Source;
use world::tier::Tier;

const RECORDS: u64 = 60_000;
const AS_OF: &str = world::calendar::AS_OF;

type Row = BTreeMap<String, String>;

/// The rows of each file.
fn files() -> &'static BTreeMap<&'static str, Vec<Row>> {
    static FILES: OnceLock<BTreeMap<&'static str, Vec<Row>>> = OnceLock::new();
    FILES.get_or_init(|| read(&World::of_records(4, Tier::Typical, RECORDS, &Source::ALL)))
}

fn read(world: &World) -> BTreeMap<&'static str, Vec<Row>> {
    let mut contents: BTreeMap<_, _> = world::export::in_memory(world).into_iter().collect();
    contents.remove("spec.toml");
    let separator = |file: &str| {
        let source = world.sources().iter().find(|source| source.file() == file);
        source.map_or(b',', |source| source.separator())
    };
    let rows = |(file, content): (&'static str, Vec<u8>)| {
        let mut reader = csv::ReaderBuilder::new().delimiter(separator(file)).from_reader(content.as_slice());
        (file, reader.deserialize().collect::<Result<_, _>>().unwrap())
    };
    contents.into_iter().map(rows).collect()
}

fn share(rows: &[Row], holds: impl Fn(&Row) -> bool) -> f64 {
    rows.iter().filter(|row| holds(row)).count() as f64 / rows.len() as f64
}

fn check(what: &str, found: f64, expected: RangeInclusive<f64>) {
    println!("{what:50} {found:.3}  (expected {expected:?})");
    assert!(expected.contains(&found), "{what}: {found}");
}

fn is_empty(column: &'static str) -> impl Fn(&Row) -> bool {
    move |row| row[column].is_empty()
}

/// What is left of an IBAN when it is divided by 97, its first four signs behind the others: 1 if it is valid.
fn remainder(iban: &str) -> u32 {
    let signs = iban[4..].chars().chain(iban[..4].chars());
    signs
        .map(|sign| sign.to_digit(36).unwrap())
        .fold(0, |rest, value| (if value < 10 { rest * 10 } else { rest * 100 } + value) % 97)
}

#[test]
fn all_sources_together_have_the_rows_asked_for() {
    let main = [Source::Crm, Source::Erp, Source::Orders];
    let cases: [(u64, Tier, u64, &[Source]); 7] = [
        (1, Tier::Clean, 1, &main),
        (2, Tier::Dirty, 10, &main),
        (3, Tier::Typical, 137, &[Source::Orders]),
        (4, Tier::Typical, 1_000, &[Source::Crm]),
        (5, Tier::Dirty, 3_000, &[Source::Accounts]),
        (6, Tier::Typical, 20_000, &main),
        (7, Tier::Clean, 40_001, &Source::ALL),
    ];
    for (seed, tier, records, sources) in cases {
        for world in
            [World::of_records(seed, tier, records, sources), World::of_people(seed, tier, records, sources)]
        {
            // Where there are no organisations there are no accounts.
            let expected = if world.sources().is_empty() { 0 } else { records as usize };
            let files = read(&world);
            let rows: usize = world.sources().iter().map(|source| files[source.file()].len()).sum();
            assert_eq!(rows, expected, "seed {seed}");
        }
    }
}

#[test]
fn accounts_are_the_other_half_of_the_crm() {
    let sources = |world: World| world.sources().to_vec();
    let with = sources(World::of_records(1, Tier::Clean, 500, &[Source::Crm]));
    assert_eq!(with, [Source::Crm, Source::Accounts]);
    assert_eq!(sources(World::of_people(1, Tier::Clean, 500, &[Source::Crm])), [Source::Crm]);
    assert_eq!(sources(World::of_records(1, Tier::Clean, 500, &[Source::Erp])), [Source::Erp]);

    let files = files();
    let accounts: BTreeSet<&str> =
        files["accounts.csv"].iter().map(|row| row["account_nr"].as_str()).collect();
    let contacts: Vec<&Row> = files["crm.csv"].iter().filter(|row| !row["account_nr"].is_empty()).collect();
    let known = contacts.iter().filter(|row| accounts.contains(row["account_nr"].as_str())).count();
    assert!(contacts.len() > 1_000);
    check("accounts of contacts that are exported", known as f64 / contacts.len() as f64, 0.9..=1.0);
}

#[test]
fn keys_are_unique_and_stand_in_the_truth() {
    let world = World::of_records(4, Tier::Typical, 1_000, &Source::ALL);
    let mut truth: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in &files()["truth.csv"] {
        assert!(truth.entry(&row["source"]).or_default().insert(&row["key"]), "noted twice: {row:?}");
    }
    for &source in world.sources() {
        let key = source.columns(&world)[0].0;
        let mut rows: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
        for row in &files()[source.file()] {
            rows.entry(&row[key]).or_default().push(row);
        }
        let all = rows.len();
        rows.remove("");
        let noted = &truth[source.name()];
        assert!(noted.iter().all(|key| rows.contains_key(key)), "{}: truth without a row", source.name());
        let unknown = rows.keys().filter(|key| !noted.contains(*key)).count();
        // Orders whose customer was lost are in the truth of nobody.
        check(&format!("{}: keys of nobody", source.name()), unknown as f64 / all as f64, 0.0..=0.005);
        assert!(source == Source::Orders || unknown == 0);
        let repeated = rows.values().filter(|rows| rows.len() > 1).count();
        check(&format!("{}: keys of several rows", source.name()), repeated as f64 / all as f64, 0.0..=0.012);
    }
}

#[test]
fn nothing_is_dated_later_than_the_export() {
    let world = World::of_records(4, Tier::Typical, 1_000, &Source::ALL);
    for &source in world.sources() {
        let column = source.updated_at();
        for row in &files()[source.file()] {
            let day = &row[column];
            let iso = match day.split('.').collect::<Vec<_>>()[..] {
                [day, month, year] => format!("{year}-{month}-{day}"),
                _ => day.clone(),
            };
            assert!(iso.len() == 10 && iso.as_str() < AS_OF, "{}: {day}", source.name());
            if source == Source::List {
                assert!(("2022-06-30"..="2024-07-01").contains(&iso.as_str()), "{day}");
            }
        }
    }
}

#[test]
fn each_source_has_its_form() {
    let files = files();
    let erp = &files["erp.csv"];
    for row in erp {
        for column in ["FIRMA1", "FIRMA2", "NAME", "STRASSE", "ORT"] {
            let cell = &row[column];
            assert!(cell.chars().count() <= 35 || !matches!(column, "FIRMA1" | "FIRMA2" | "NAME"), "{cell}");
            assert!(!cell.contains(|letter: char| letter.is_lowercase() || "ÄÖÜ".contains(letter)), "{cell}");
        }
    }
    let companies: Vec<Row> = erp.iter().filter(|row| !row["FIRMA1"].is_empty()).cloned().collect();
    check(
        "erp: names of companies in two lines",
        share(&companies, |row| !row["FIRMA2"].is_empty()),
        0.005..=0.2,
    );
    check("erp: names of companies cut off", share(&companies, |row| row["FIRMA1"].len() == 35), 0.005..=0.2);
    check("erp: no e-mail", share(erp, is_empty("EMAIL")), 0.58..=0.72);
    check("erp: bank account", share(erp, |row| !row["IBAN"].is_empty()), 0.24..=0.33);
    for row in erp.iter().filter(|row| !row["IBAN"].is_empty()) {
        assert_eq!(remainder(&row["IBAN"]), 1, "{}", row["IBAN"]);
    }
    check(
        "accounts: VAT number",
        share(&files["accounts.csv"], |row| !row["ust_id"].is_empty()),
        0.28..=0.44,
    );
    check("accounts: website", share(&files["accounts.csv"], |row| !row["website"].is_empty()), 0.60..=0.70);

    let crm = &files["crm.csv"];
    check("crm: e-mail", share(crm, |row| !row["email"].is_empty()), 0.82..=0.92);
    check(
        "crm: phone",
        1.0 - share(crm, |row| row["telefon"].is_empty() && row["mobil"].is_empty()),
        0.6..=0.8,
    );
    check("crm: birth date", share(crm, |row| !row["geburtsdatum"].is_empty()), 0.20..=0.30);

    let orders = &files["orders.csv"];
    check("orders: guests", share(orders, is_empty("customer_no")), 0.22..=0.28);
    check("orders: e-mail", share(orders, |row| !row["email"].is_empty()), 0.93..=0.99);
    let gift = |row: &Row| !row["ship_name"].is_empty() && !row["ship_street"].starts_with("Pa");
    check("orders: presents", share(orders, gift), 0.03..=0.05);
    check("orders: sent elsewhere", share(orders, |row| !row["ship_city"].is_empty()), 0.07..=0.11);
    let mut of_account: BTreeMap<&str, u32> = BTreeMap::new();
    for row in orders.iter().filter(|row| !row["customer_no"].is_empty() && !row["total"].starts_with('-')) {
        *of_account.entry(&row["customer_no"]).or_default() += 1;
    }
    let mean = f64::from(of_account.values().sum::<u32>()) / of_account.len() as f64;
    check("orders: of an account", mean, 1.9..=2.4);

    let newsletter = &files["newsletter.csv"];
    assert!(newsletter.iter().all(|row| !row["email"].is_empty()));
    let nameless = |row: &Row| row["first_name"].is_empty() && row["last_name"].is_empty();
    check("newsletter: e-mail only", share(newsletter, nameless), 0.52..=0.60);
    let first = |row: &Row| !row["first_name"].is_empty() && row["last_name"].is_empty();
    check("newsletter: first name only", share(newsletter, first), 0.26..=0.33);

    let support = &files["support.csv"];
    assert!(support.iter().all(|row| row["requester_email"].is_empty() || row["requester_phone"].is_empty()));
    check("support: by telephone", share(support, |row| row["channel"] == "phone"), 0.25..=0.42);
    check("support: signatures", share(support, |row| row["message"].contains("\n-- \n")), 0.3..=0.5);

    let list = &files["list.csv"];
    check("list: e-mail", share(list, |row| !row["Email"].is_empty()), 0.15..=0.28);
    check("list: companies", share(list, |row| !row["Company"].is_empty()), 0.25..=0.6);
}

#[test]
fn systems_know_the_customers_that_they_should() {
    let mut sources: BTreeMap<&str, BTreeMap<&str, u32>> = BTreeMap::new();
    let mut entities: BTreeMap<&str, &str> = BTreeMap::new();
    for row in &files()["truth.csv"] {
        entities.insert(&row["entity"], &row["entity_type"]);
        *sources.entry(&row["source"]).or_default().entry(&row["entity"]).or_default() += 1;
    }
    let of_kind = |kind: &str| entities.values().filter(|of| **of == kind).count() as f64;
    let organisations: BTreeSet<&str> =
        entities.iter().filter(|(_, kind)| **kind == "organisation").map(|(entity, _)| *entity).collect();
    let (organisation, person) = (of_kind("organisation"), of_kind("person"));
    let known = |source: &str, of: f64| sources[source].len() as f64 / of;
    assert!(sources["accounts"].keys().all(|entity| organisations.contains(entity)));
    for source in ["crm", "shop", "support"] {
        assert!(sources[source].keys().all(|entity| !organisations.contains(entity)), "{source}");
    }
    // Of those whom any system knows: a little more than of all.
    check("accounts: coverage of organisations", known("accounts", organisation), 0.85..=0.97);
    check("crm: coverage of people", known("crm", person), 0.55..=0.75);
    check("shop: coverage of people", known("shop", person), 0.60..=0.78);
    check("newsletter: coverage", known("newsletter", person + organisation), 0.30..=0.45);
    check("support: coverage", known("support", person), 0.10..=0.18);
    check("list: coverage", known("list", person + organisation), 0.09..=0.16);
    for (source, twice) in
        [("crm", 0.08), ("accounts", 0.10), ("erp", 0.04), ("newsletter", 0.10), ("list", 0.15)]
    {
        let several = sources[source].values().filter(|&&records| records > 1).count();
        let several = several as f64 / sources[source].len() as f64;
        check(&format!("{source}: several records"), several, twice * 0.75..=twice * 1.25);
    }
}

#[test]
fn records_of_a_customer_lie_far_apart() {
    let world = World::of_records(8, Tier::Typical, 400_000, &[Source::Crm]);
    let files = read(&world);
    let mut entities: BTreeMap<&str, &str> = BTreeMap::new();
    for row in files["truth.csv"].iter().filter(|row| row["source"] == "crm") {
        entities.insert(&row["key"], &row["entity"]);
    }
    let mut last: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut near, mut pairs) = (0_usize, 0_usize);
    for (at, row) in files["crm.csv"].iter().enumerate() {
        let Some(&entity) = entities.get(row["kontakt_nr"].as_str()) else { continue };
        if let Some(before) = last.insert(entity, at) {
            pairs += 1;
            near += usize::from(at - before < 4_096);
        }
    }
    assert!(pairs > 5_000);
    check("records of one person within 4,096 rows", near as f64 / pairs as f64, 0.0..=0.25);
}

#[test]
fn the_library_reads_every_source() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::of_records(11, Tier::Typical, 12_000, &Source::ALL);
    for (file, content) in world::export::in_memory(&world) {
        std::fs::write(folder.path().join(file), content).unwrap();
    }
    let pipeline = onefold::Pipeline::from_toml(folder.path().join("spec.toml")).unwrap();
    let unified = pipeline.run().unwrap();
    let ingest = &unified.ingest;
    assert_eq!(ingest.rows_read(), 12_000);
    assert_eq!(ingest.rows_read(), ingest.records() + ingest.fact_rows() + ingest.rejects.len() as u64);
    assert_eq!(ingest.sources.len(), Source::ALL.len());
    for source in &ingest.sources {
        assert!(source.rows_read > 200, "{source:?}");
        check(
            &format!("{}: rejects", source.name),
            source.rejects.total() as f64 / source.rows_read as f64,
            0.0..=0.02,
        );
    }
    // What a cell holds by mistake: hardly any in columns that hold just what their kind says.
    let mut issues: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for issue in ingest.issues.iter().chain(&unified.issues) {
        *issues.entry((&issue.source, &issue.field)).or_default() += 1;
    }
    println!("{issues:#?}");
    for exact in [
        ("accounts", "website"),
        ("accounts", "ust_id"),
        ("accounts", "land"),
        ("erp", "IBAN"),
        ("erp", "UST_ID"),
        ("erp", "LAND"),
        ("shop", "total"),
        ("shop", "order_date"),
        ("list", "Website"),
        ("list", "SourceDate"),
    ] {
        assert_eq!(issues.get(&exact), None, "{exact:?}");
    }
}
