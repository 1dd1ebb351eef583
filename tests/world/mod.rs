//! A small fictional world: persons and organisations as a CRM, an ERP and a shop would export them, with the
//! faults that such exports have. Everything is drawn from a seed; column `truth` tells who a row is about.
#![allow(dead_code, reason = "each law uses its own part of the world")]

use std::collections::BTreeMap;
use std::fmt::Write;

use onefold::ingest::{IngestReport, Source};
use onefold::pipeline::PipelineBuilder;
use onefold::record::{Issue, Records};
use onefold::{EntityKind, FieldKind, Pipeline, RecordId, Unified};

/// A fixed sequence of draws (`SplitMix64`, Steele, Lea & Flood 2014).
#[derive(Clone, Debug)]
pub(crate) struct Draw(u64);

impl Draw {
    pub(crate) fn new(seed: u64) -> Self {
        Draw(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// True in this many of a hundred draws.
    pub(crate) fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (1..items.len()).rev() {
            items.swap(end, self.below(end + 1));
        }
    }
}

/// One export: a header, rows as they stand in the file, and what is declared about it.
#[derive(Clone, Debug)]
pub(crate) struct Export {
    pub(crate) name: &'static str,
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
    pub(crate) key: Option<&'static str>,
    pub(crate) updated_at: Option<&'static str>,
    pub(crate) entity: EntityKind,
    pub(crate) fields: Vec<(&'static str, FieldKind)>,
    pub(crate) exclusive: Option<&'static str>,
    pub(crate) duplicate_free: bool,
}

impl Export {
    /// The file.
    pub(crate) fn csv(&self) -> Vec<u8> {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        writer.write_record(&self.header).unwrap();
        for row in &self.rows {
            writer.write_record(row).unwrap();
        }
        writer.into_inner().unwrap()
    }

    pub(crate) fn source(&self) -> Source {
        let file = format!("{}.csv", self.name);
        let mut source = Source::bytes(self.name, file, self.csv()).entity(self.entity).carry("truth");
        for &(column, kind) in &self.fields {
            source = source.field(column, kind);
        }
        if let Some(key) = self.key {
            source = source.key(key);
        }
        if let Some(column) = self.updated_at {
            source = source.updated_at(column);
        }
        if let Some(column) = self.exclusive {
            source = source.exclusive(column);
        }
        if self.duplicate_free { source.duplicate_free() } else { source }
    }

    pub(crate) fn column(&self, name: &str) -> usize {
        self.header.iter().position(|column| column == name).unwrap()
    }
}

/// All exports of a world.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) exports: Vec<Export>,
}

impl World {
    /// The exports of about this many customers.
    pub(crate) fn new(seed: u64, customers: usize) -> World {
        let mut draw = Draw::new(seed);
        let mut world = World { exports: vec![crm(), erp(), shop()] };
        let mut last: Option<Customer> = None;
        for at in 0..customers {
            let customer = if draw.percent(12) {
                organisation(&mut draw, at)
            } else {
                let mut customer = person(&mut draw, at);
                match &last {
                    // A household: the address, the landline and mostly the name are shared.
                    Some(other) if draw.percent(25) && !other.is_organisation => {
                        customer.address.clone_from(&other.address);
                        customer.phone.clone_from(&other.phone);
                        if draw.percent(80) {
                            customer.family.clone_from(&other.family);
                        }
                    }
                    // A namesake who lives elsewhere.
                    Some(other) if draw.percent(6) && !other.is_organisation => {
                        customer.given.clone_from(&other.given);
                        customer.family.clone_from(&other.family);
                    }
                    _ => {}
                }
                customer
            };
            for export in &mut world.exports {
                let copies = *draw.pick(&[0, 0, 1, 1, 1, 1, 2]);
                for _ in 0..copies {
                    let row = (export.name, export.rows.len());
                    let row = match export.name {
                        "crm" => crm_row(&mut draw, &customer, row.1),
                        "erp" => erp_row(&mut draw, &customer, row.1),
                        _ => shop_row(&mut draw, &customer),
                    };
                    export.rows.push(row);
                }
            }
            last = Some(customer);
        }
        for export in &mut world.exports {
            damage(&mut draw, export);
        }
        world
    }

    /// The same rows and exports in another order.
    pub(crate) fn shuffled(&self, seed: u64) -> World {
        let mut draw = Draw::new(seed);
        let mut world = self.clone();
        for export in &mut world.exports {
            draw.shuffle(&mut export.rows);
        }
        draw.shuffle(&mut world.exports);
        world
    }

    pub(crate) fn rows(&self) -> usize {
        self.exports.iter().map(|export| export.rows.len()).sum()
    }

    pub(crate) fn builder(&self) -> PipelineBuilder {
        let builder = Pipeline::builder().country("DE");
        self.exports.iter().fold(builder, |builder, export| builder.source(export.source()))
    }

    pub(crate) fn run(&self) -> Unified {
        self.builder().build().unwrap().run().unwrap()
    }
}

fn export(name: &'static str, fields: &[(&'static str, FieldKind)]) -> Export {
    Export {
        name,
        header: fields.iter().map(|(column, _)| (*column).to_owned()).chain(["truth".to_owned()]).collect(),
        rows: Vec::new(),
        key: None,
        updated_at: None,
        entity: EntityKind::Person,
        fields: fields.iter().filter(|(_, kind)| *kind != FieldKind::Ignore).copied().collect(),
        exclusive: None,
        duplicate_free: false,
    }
}

fn crm() -> Export {
    use FieldKind as K;
    let fields = [
        ("contact_no", K::Ignore),
        ("vorname", K::GivenName),
        ("nachname", K::FamilyName),
        ("geboren", K::BirthDate),
        ("strasse", K::Street),
        ("plz", K::PostalCode),
        ("ort", K::City),
        ("mail", K::Email),
        ("telefon", K::Phone),
        ("ausweis", K::NationalId),
        ("geaendert", K::Ignore),
    ];
    Export { key: Some("contact_no"), updated_at: Some("geaendert"), ..export("crm", &fields) }
}

fn erp() -> Export {
    use FieldKind as K;
    let fields = [
        ("no", K::Ignore),
        ("customer", K::FullName),
        ("company", K::OrgName),
        ("birthday", K::BirthDate),
        ("address", K::Address),
        ("e-mail", K::Email),
        ("phone 1", K::Phone),
        ("phone 2", K::Phone),
    ];
    Export { key: Some("no"), entity: EntityKind::Either, ..export("erp", &fields) }
}

/// Orders have no key: a row is its content.
fn shop() -> Export {
    use FieldKind as K;
    let fields = [
        ("buyer", K::FullName),
        ("postcode", K::PostalCode),
        ("town", K::City),
        ("mail_address", K::Email),
        ("born_in", K::BirthYear),
        ("note", K::Text),
    ];
    Export { entity: EntityKind::Either, ..export("shop", &fields) }
}

#[derive(Clone, Debug)]
struct Customer {
    id: usize,
    is_organisation: bool,
    given: String,
    family: String,
    born: (usize, usize, usize),
    address: Address,
    mail: String,
    phone: String,
    passport: String,
}

#[derive(Clone, Debug)]
struct Address {
    street: String,
    number: usize,
    code: String,
    city: &'static str,
}

const GIVEN: [&str; 40] = [
    "Anna",
    "Bernd",
    "Clara",
    "David",
    "Elif",
    "Florian",
    "Greta",
    "Hakan",
    "Irina",
    "Jürgen",
    "Katharina",
    "Lukas",
    "Märta",
    "Nils",
    "Olga",
    "Paul",
    "Quentin",
    "Rosa",
    "Sören",
    "Tanja",
    "Ulrich",
    "Vera",
    "Wolf",
    "Xenia",
    "Yusuf",
    "Zoë",
    "Robert",
    "Elisabeth",
    "Jörg",
    "Maria",
    "Johann",
    "Sabine",
    "Götz",
    "Björn",
    "Annika",
    "Matthias",
    "Stefan",
    "Christine",
    "Renée",
    "Uwe",
];
const STEMS: [&str; 24] = [
    "Berg", "Stein", "Wald", "Bach", "Müh", "Grün", "Lang", "Hoch", "Kirch", "Linden", "Roß", "Schön",
    "Wein", "Eich", "Buch", "Korn", "Sand", "Alt", "Neu", "Eis", "Höl", "Fisch", "Gold", "Silber",
];
const ENDINGS: [&str; 12] =
    ["er", "mann", "hofer", "feld", "müller", "bauer", "hausen", "ler", "meier", "egger", "wirth", "lein"];
const STREETS: [&str; 12] = [
    "Hauptstraße",
    "Gartenweg",
    "Am Hang",
    "Schulgasse",
    "Lindenallee",
    "Bahnhofstraße",
    "Mühlweg",
    "Ringstraße",
    "Goetheplatz",
    "Kirchgasse",
    "Uferstraße",
    "Feldweg",
];
const CITIES: [(&str, &str); 10] = [
    ("10115", "Berlin"),
    ("20095", "Hamburg"),
    ("80331", "München"),
    ("50667", "Köln"),
    ("04103", "Leipzig"),
    ("01067", "Dresden"),
    ("70173", "Stuttgart"),
    ("28195", "Bremen"),
    ("90402", "Nürnberg"),
    ("89073", "Ulm"),
];
const TRADES: [&str; 8] =
    ["Druck", "Metallbau", "Handel", "Software", "Optik", "Möbel", "Logistik", "Bäckerei"];
const FORMS: [&str; 5] = ["GmbH", "AG", "KG", "e.K.", "GmbH & Co. KG"];

fn surname(draw: &mut Draw) -> String {
    format!("{}{}", draw.pick(&STEMS), draw.pick(&ENDINGS))
}

fn address(draw: &mut Draw) -> Address {
    let (code, city) = *draw.pick(&CITIES);
    let code = code.parse::<usize>().unwrap() + 2 * draw.below(40);
    let street = if draw.percent(50) {
        (*draw.pick(&STREETS)).to_owned()
    } else {
        format!("{}{}straße", draw.pick(&STEMS), draw.pick(&["berg", "hof", "grund", "tal"]))
    };
    Address { street, number: 1 + draw.below(120), code: format!("{code:05}"), city }
}

fn person(draw: &mut Draw, id: usize) -> Customer {
    let (given, family) = ((*draw.pick(&GIVEN)).to_owned(), surname(draw));
    let ascii = |name: &str| transliterated(name).to_lowercase();
    let mail = format!("{}.{}{}@post.example.de", ascii(&given), ascii(&family), draw.below(1000));
    Customer {
        id,
        is_organisation: false,
        born: (1935 + draw.below(70), 1 + draw.below(12), 1 + draw.below(28)),
        address: address(draw),
        mail,
        phone: format!("030 {:07}", 2_000_000 + draw.below(7_000_000)),
        passport: format!("C{:08}", draw.below(100_000_000)),
        given,
        family,
    }
}

fn organisation(draw: &mut Draw, id: usize) -> Customer {
    let mut customer = person(draw, id);
    let name = format!("{} {}", surname(draw), draw.pick(&TRADES));
    customer.mail = format!("info@{}.example.com", transliterated(&name).to_lowercase().replace(' ', "-"));
    Customer { is_organisation: true, given: name, family: (*draw.pick(&FORMS)).to_owned(), ..customer }
}

fn transliterated(text: &str) -> String {
    [("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("ë", "e"), ("é", "e")]
        .iter()
        .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// A name as somebody typed it.
fn typed(draw: &mut Draw, name: &str) -> String {
    let name = if draw.percent(15) { transliterated(name) } else { name.to_owned() };
    let mut letters: Vec<char> = name.chars().collect();
    if letters.len() > 3 && draw.percent(10) {
        let at = 1 + draw.below(letters.len() - 2);
        match draw.below(3) {
            0 => letters.swap(at, at + 1),
            1 => drop(letters.remove(at)),
            _ => letters.insert(at, letters[at]),
        }
    }
    let name: String = letters.into_iter().collect();
    if draw.percent(6) { name.to_uppercase() } else { name }
}

/// A cell that may have been left empty, or filled with something that stands for nothing.
fn cell(draw: &mut Draw, text: String, junk: &str) -> String {
    match draw.below(100) {
        0..10 => String::new(),
        10..12 => junk.to_owned(),
        _ => text,
    }
}

/// The customer's address, or another one: some have moved.
fn current(draw: &mut Draw, customer: &Customer) -> Address {
    if draw.percent(10) { address(draw) } else { customer.address.clone() }
}

fn names(draw: &mut Draw, customer: &Customer) -> (String, String) {
    let (given, family) = (typed(draw, &customer.given), typed(draw, &customer.family));
    if draw.percent(3) { (family, given) } else { (given, family) }
}

fn truth(customer: &Customer) -> String {
    format!("e{}", customer.id)
}

fn crm_row(draw: &mut Draw, customer: &Customer, at: usize) -> Vec<String> {
    let (given, family) = if customer.is_organisation {
        (String::new(), format!("{} {}", customer.given, customer.family))
    } else {
        names(draw, customer)
    };
    let Address { street, number, code, city } = current(draw, customer);
    let (year, month, day) = customer.born;
    let born = format!("{day:02}.{month:02}.{year}");
    vec![
        format!("C{at:05}"),
        given,
        family,
        cell(draw, born, "01.01.1900"),
        cell(draw, format!("{street} {number}"), "-"),
        cell(draw, code, "00000"),
        cell(draw, city.to_owned(), "unbekannt"),
        cell(draw, customer.mail.clone(), "test@test.com"),
        cell(draw, customer.phone.clone(), "0000000"),
        if draw.percent(60) { customer.passport.clone() } else { String::new() },
        format!("2024-{:02}-{:02}T08:00:00Z", 1 + draw.below(12), 1 + draw.below(28)),
        truth(customer),
    ]
}

fn erp_row(draw: &mut Draw, customer: &Customer, at: usize) -> Vec<String> {
    let Address { street, number, code, city } = current(draw, customer);
    let (mut name, mut company) = (String::new(), String::new());
    if customer.is_organisation {
        company = format!("{} {}", typed(draw, &customer.given), customer.family);
    } else if !draw.percent(4) {
        let (given, family) = names(draw, customer);
        name = if draw.percent(50) {
            format!("{}, {given}", family.to_uppercase())
        } else {
            format!("{given} {family}")
        };
    }
    let (year, month, day) = customer.born;
    let mobile = format!("0171 {:07}", customer.id);
    vec![
        (70_000 + at).to_string(),
        name,
        company,
        cell(draw, format!("{year}-{month:02}-{day:02}"), "keine Angabe"),
        cell(draw, format!("{street} {number}, {code} {city}"), "n/a"),
        cell(draw, customer.mail.clone(), "kaputt"),
        cell(draw, customer.phone.replacen("030 ", "+49 30 ", 1), "123"),
        if draw.percent(30) { mobile } else { String::new() },
        truth(customer),
    ]
}

fn shop_row(draw: &mut Draw, customer: &Customer) -> Vec<String> {
    let Address { code, city, .. } = current(draw, customer);
    let buyer = if customer.is_organisation {
        format!("{} {}", customer.given, customer.family)
    } else {
        let (given, family) = names(draw, customer);
        format!("{given} {family}")
    };
    vec![
        buyer,
        cell(draw, code, "99999"),
        cell(draw, city.to_owned(), "xxx"),
        cell(draw, customer.mail.clone(), "noreply@example.com"),
        cell(draw, customer.born.0.to_string(), "0000"),
        if draw.percent(20) { format!("order for {}", customer.given) } else { String::new() },
        truth(customer),
    ]
}

/// What happens to files: repeated rows, keys used twice, keys lost, rows cut off or torn apart.
fn damage(draw: &mut Draw, export: &mut Export) {
    for at in 0..export.rows.len() {
        match draw.below(60) {
            0 => export.rows.push(export.rows[at].clone()),
            1 if export.key.is_some() => {
                let mut row = export.rows[at].clone();
                let other = draw.below(export.rows.len());
                row[0].clone_from(&export.rows[other][0]);
                export.rows.push(row);
            }
            2 if export.key.is_some() => export.rows[at][0].clear(),
            3 => drop(export.rows[at].pop()),
            4 => export.rows[at].push("surplus".to_owned()),
            _ => {}
        }
    }
}

/// Everything that a run decides, as text: equal texts are equal results. Lines are left out.
pub(crate) fn canonical(unified: &Unified) -> String {
    let mut out = String::new();
    let key = |record: RecordId| unified.records.raw().key(record);
    writeln!(out, "{}", unified.model.to_json().unwrap()).unwrap();
    for link in unified.links.iter() {
        let bits = (link.weight.to_bits(), link.probability.to_bits());
        writeln!(out, "{:?} {:?} {:x} {:x}", key(link.a), key(link.b), bits.0, bits.1).unwrap();
    }
    for (entity, members) in unified.partition.iter() {
        writeln!(out, "{entity} {:?}", members.iter().map(|&record| key(record)).collect::<Vec<_>>())
            .unwrap();
    }
    writeln!(out, "{:?}", rejects(&unified.ingest)).unwrap();
    writeln!(out, "{:?}", issues(&unified.ingest.issues)).unwrap();
    writeln!(out, "{:?}", issues(&unified.issues)).unwrap();
    writeln!(out, "{:?}", unified.ingest.sources).unwrap();
    writeln!(out, "{:?} {:?}", unified.ingest.unmapped_columns, unified.ingest.encodings).unwrap();
    writeln!(out, "{:?} {:?}", unified.blocking, unified.links.pairs_by_rule()).unwrap();
    writeln!(out, "{:?} {:?} {:?}", unified.guarded, unified.events, unified.training).unwrap();
    out
}

/// Rejects by everything but their lines, with how often each occurs.
pub(crate) fn rejects(report: &IngestReport) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for reject in &report.rejects {
        let text = format!("{} {:?} {:?} {:?}", reject.source, reject.key, reject.field, reject.reason);
        *counts.entry(text).or_default() += 1;
    }
    counts
}

/// Issues by everything but their lines, sorted.
pub(crate) fn issues(issues: &[Issue]) -> Vec<(&str, &str, &str, String)> {
    let mut issues: Vec<_> = issues
        .iter()
        .map(|issue| {
            (issue.source.as_str(), issue.field.as_str(), issue.value.as_str(), issue.kind.to_string())
        })
        .collect();
    issues.sort_unstable();
    issues
}

/// The weights of all links by the keys of their records, as bits.
pub(crate) fn links(unified: &Unified) -> Vec<(String, String, u64)> {
    let key = |record| format!("{:?}", unified.records.raw().key(record));
    unified.links.iter().map(|link| (key(link.a), key(link.b), link.weight.to_bits())).collect()
}

/// The entities by the keys of their records.
pub(crate) fn entities(unified: &Unified) -> Vec<Vec<String>> {
    let key = |&record: &RecordId| format!("{:?}", unified.records.raw().key(record));
    unified.partition.iter().map(|(_, members)| members.iter().map(key).collect()).collect()
}

/// How many entities have more than one record.
pub(crate) fn merges(unified: &Unified) -> u64 {
    unified.partition.iter().filter(|(_, members)| members.len() > 1).count() as u64
}

/// All pairs of records, the smaller first.
pub(crate) fn all_pairs(records: &Records) -> impl Iterator<Item = (RecordId, RecordId)> + use<> {
    let records = records.len() as u32;
    (0..records).flat_map(move |a| (a + 1..records).map(move |b| (RecordId(a), RecordId(b))))
}

/// Counts what the cases of a test reached: a law that no case was about has not been tested.
#[derive(Debug, Default)]
pub(crate) struct Reached(std::sync::Mutex<BTreeMap<&'static str, u64>>);

impl Reached {
    pub(crate) fn add(&self, what: &'static str, count: u64) {
        *self.0.lock().unwrap().entry(what).or_default() += count;
    }

    /// Asserts that each of these was counted at least this often over the whole run.
    pub(crate) fn assert(&self, least: u64, what: &[&'static str]) {
        let counts = self.0.lock().unwrap();
        for name in what {
            let count = counts.get(name).copied().unwrap_or(0);
            assert!(count >= least, "only {count} of {name}: {counts:?}");
        }
    }
}

/// Runs a property on this many cases; failures are reported, not stored.
pub(crate) fn check<S: proptest::strategy::Strategy>(
    cases: u32,
    strategy: S,
    property: impl Fn(S::Value) -> Result<(), proptest::test_runner::TestCaseError>,
) {
    let config = proptest::test_runner::Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 60,
        ..proptest::test_runner::Config::default()
    };
    proptest::test_runner::TestRunner::new(config).run(&strategy, property).unwrap();
}
