//! The promise that columns get a kind where name and values make it certain, and none where they do not.
#![allow(clippy::unwrap_used)]

use onefold::ingest::{Inference, IngestReport, Source, UnmappedReason, ingest, read_bytes};
use onefold::pipeline::spec::Spec;
use onefold::{EntityKind, FieldKind, Pipeline};
use proptest::prelude::*;

fn report(source: Source) -> IngestReport {
    ingest(&[source], "".as_ref()).unwrap().report
}

/// The columns with their kinds, or with `-`, separated by commas.
fn mapping(header: &str, report: &IngestReport) -> String {
    let kind = |column: &str| {
        let inferred = report.inferred_columns.iter().find(|inferred| inferred.column == column);
        inferred.map_or("-", |inferred| inferred.kind.as_str())
    };
    header.split(';').map(kind).collect::<Vec<_>>().join(",")
}

fn source(entity: EntityKind, header: &str, rows: &[&str]) -> Source {
    let text = format!("{header}\n{}\n", rows.join("\n"));
    Source::bytes("s", "a.csv", text.into_bytes()).entity(entity)
}

#[test]
fn exports_in_three_languages() {
    use EntityKind::{Either, Organisation, Person};
    let cases: &[(EntityKind, &str, &[&str], &str)] = &[
        (
            Person,
            "customer_id;first_name;last_name;dob;email;mobile;street;house_no;zip;city;country;created_at;loyalty_card_no",
            &[
                "1001;Ada;Lovelace;1815-12-10;ada@example.org;+44 20 7946 0958;High Street;12;SW1A 1AA;London;GB;2024-01-01;LC-77120",
                "1002;Alan;Turing;1912-06-23;alan@example.org;+44 161 496 0000;Mill Lane;4b;M1 1AE;Manchester;GB;2024-01-02;LC-77121",
            ],
            "-,given_name,family_name,birth_date,email,phone,street,house_number,postal_code,city,country,-,loyalty_id",
        ),
        (
            Person,
            "KdNr;Anrede;Vorname;Nachname;Geburtsdatum;Straße;Hausnr.;PLZ;Ort;Telefon privat;Mobil;E-Mail-Adresse;Umsatz",
            &[
                "17;Frau;Änne;Müller;3.4.1980;Lange Gasse;5;89073;Ulm;0731 12345;0171 1234567;anne@meier.de;17,50",
                "18;Herr;Otto;Weiß;1.12.1971;Am Ring;17a;10115;Berlin;030 123456;0172 7654321;otto@weiss.de;1.200,00",
            ],
            "-,name_prefix,given_name,family_name,birth_date,street,house_number,postal_code,city,phone,phone,email,-",
        ),
        (
            Person,
            "Nom;Prénom;Civilité;Date de naissance;Adresse;Code postal;Ville;N° de téléphone;Courriel;Date de commande",
            &[
                "Dupont;Zoé;Mme;14/07/1980;3 rue de la Paix;75002;Paris;01 23 45 67 89;zoe@dupont.fr;01/02/2026",
                "de la Tour;Noël;M.;25/12/1975;12 bis av. Foch;69006;Lyon;04 78 12 34 56;noel@tour.fr;03/02/2026",
                "Martin;Luc;M.;02/01/1990;8 quai Voltaire;13001;Marseille;04 91 12 34 56;luc@martin.fr;03/02/2026",
            ],
            "family_name,given_name,name_prefix,birth_date,street,postal_code,city,phone,email,-",
        ),
        (
            Organisation,
            "name;contact_name;contact_email;vat_no;address;website;phone;passport_no",
            &[
                "Meier GmbH;Anna Meier;anna@meier.de;DE136695976;Lange Gasse 5, 89073 Ulm;www.meier.de;+49 731 12345;C01X00T47",
                "Huber AG;Otto Huber;otto@huber.de;DE129273398;Am Ring 17, 10115 Berlin;huber.de;+49 30 123456;C01X00T48",
            ],
            "org_name,-,email,tax_id,address,url,phone,-",
        ),
        (
            Either,
            "name;company;ort",
            &["Anna Meier;;Ulm", "Otto Huber;Huber AG;Berlin", ";Weiß OHG;Bonn"],
            "full_name,org_name,city",
        ),
        (Either, "name;ort", &["Meier GmbH;Ulm", "Huber AG;Berlin", "Anna Weiß;Bonn"], "org_name,city"),
        (Person, "name;ort", &["Anna Meier;Ulm", "Otto Huber;Berlin"], "full_name,city"),
        (
            Person,
            "first_name;last_name;name",
            &["Anna;Meier;Anna Meier", "Otto;Huber;Otto Huber"],
            "given_name,family_name,full_name",
        ),
        // Values that contradict the name.
        (Person, "title;email", &["Symphony No. 5;yes", "Requiem;no"], "-,-"),
        (Person, "state;city", &["enabled;true", "disabled;false"], "-,-"),
        (Person, "Land;PLZ", &["Bayern;80331", "Hessen;60311"], "region,postal_code"),
        (Person, "birthday;name", &["17;Anna", "31;Otto"], "birth_day,full_name"),
        // Names alone do not make a person's property of an order's or another person's.
        (
            Person,
            "order_date;country_of_birth;mother_first_name;owner_email;phone_type;total;currency;product_name;quantity",
            &[
                "2024-01-01;DE;Anna;a@b.de;home;17.50;EUR;Helmet;2",
                "2024-01-02;FR;Rosa;c@d.de;work;18.50;CHF;Gloves;3",
            ],
            "-,-,-,-,-,-,-,-,-",
        ),
        // Deliveries count only where there is nothing else.
        (
            Person,
            "billing_city;shipping_city;shipping_zip",
            &["Ulm;Bonn;53111", "Berlin;Köln;50667"],
            "city,-,postal_code",
        ),
        // A constant is no evidence, but a country tells how phones are written.
        (Person, "city;country;mood", &["Ulm;DE;x", "Ulm;DE;y"], "-,country,-"),
    ];
    for (entity, header, rows, expected) in cases {
        let report = report(source(*entity, header, rows));
        assert_eq!(mapping(header, &report), *expected, "{header}\n{:#?}", report.unmapped_columns);
        assert_eq!(
            report.inferred_columns.len() + report.unmapped_columns.len(),
            header.split(';').count(),
            "every column is reported"
        );
    }
}

#[test]
fn values_that_prove_their_kind() {
    let rows: Vec<String> = (0..20)
        .map(|n| {
            format!(
                "w{n}@example.org;+49 171 55500{n:02};DE8937040044053201300{};meier{n}.de;word{n}",
                n % 10
            )
        })
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let header = "a;b;c;d;e";
    let report = report(source(EntityKind::Person, header, &rows));
    assert_eq!(mapping(header, &report), "email,phone,-,url,-");
    // Few addresses for many rows are those of agents.
    let rows: Vec<String> = (0..40).map(|n| format!("{n};agent{}@shop.de", n % 6)).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    assert_eq!(mapping("x;y", &self::report(source(EntityKind::Person, "x;y", &rows))), "-,-");
}

#[test]
fn reasons() {
    let rows = ["1;;x;a@b.de;5;p", "2;;x;no;6;q"];
    let report = report(source(EntityKind::Person, "customer_no;note;flavour;email;mood;order_state", &rows));
    let reasons: Vec<String> = report.unmapped_columns.iter().map(ToString::to_string).collect();
    assert_eq!(
        reasons,
        [
            "s: `customer_no` is not used: it is unique and named like a key; declare it as the key of the source",
            "s: `note` is not used: no record has a value",
            "s: `flavour` is not used: all records have the same value",
            "s: `email` is not used: its name says email, but only 1 of 2 distinct values fit",
            "s: `mood` is not used: neither its name nor its values tell a kind",
            "s: `order_state` is not used: `order` in its name speaks of something else than the record itself",
        ]
    );
    assert!(matches!(report.unmapped_columns[0].reason, UnmappedReason::LikeKey));
}

/// A label of the truth, and whatever else is declared, is never evidence.
#[test]
fn what_is_declared_is_not_inferred() {
    let rows = ["1;Ada;a@b.de;c@d.de;e@f.de", "2;Bob;g@h.de;i@j.de;k@l.de"];
    let source = source(EntityKind::Person, "email;name;first_email;second_email;third_email", &rows)
        .key("email")
        .updated_at("first_email")
        .carry("second_email")
        .exclusive("third_email")
        .field("name", FieldKind::Ignore);
    let ingested = ingest(&[source], "".as_ref()).unwrap();
    assert!(ingested.report.inferred_columns.is_empty());
    assert!(ingested.report.unmapped_columns.is_empty());
    let columns = ingested.records.sources()[0].columns();
    assert!(columns.iter().all(|column| column.kind() == FieldKind::Ignore));
}

#[test]
fn a_saved_mapping_gives_the_same_records() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(
        directory.path().join("a.csv"),
        "no,Vorname,Nachname,PLZ,note\n1,Ada,Weiß,89073,x\n2,Otto,Kühn,10115,y\n3,Ada,Weiß,89073,z\n",
    )
    .unwrap();
    let place = directory.path().join("spec.toml").to_string_lossy().into_owned();
    let spec = Spec::from_toml_str("[[source]]\nname = 'crm'\npath = 'a.csv'\nkey = 'no'", &place).unwrap();
    let inferred = ingest(&spec.sources, &spec.base).unwrap();
    let saved = spec.with_inferred(&inferred.report).to_toml().unwrap();
    assert!(saved.contains("infer = false\n"), "{saved}");
    let saved = Spec::from_toml_str(&saved, &place).unwrap();
    let again = ingest(&saved.sources, &saved.base).unwrap();
    assert_eq!(inferred.records, again.records);
    assert_eq!(again.records.sources()[0].columns().len(), 3);
    assert!(again.report.inferred_columns.is_empty() && again.report.unmapped_columns.is_empty());
    let pipeline = Pipeline::from_spec(saved).unwrap();
    let written = pipeline.to_spec().to_toml().unwrap();
    assert_eq!(Spec::from_toml_str(&written, &place).unwrap().to_toml().unwrap(), written);
}

/// A broken cell of a column that is not used is no issue; one of an inferred column is.
#[test]
fn issues_are_of_used_columns() {
    let csv = "id,city,mood\n1,K\u{f6}ln,x\n2,Ulm,y\n".as_bytes().to_vec();
    let csv = [csv, b"3,M\xfcnchen,z\n4,Bonn,\xfc\n".to_vec()].concat();
    let report = read_bytes("a.csv", &csv, &Source::file("s", "").key("id")).unwrap().report;
    let fields: Vec<&str> = report.issues.iter().map(|issue| issue.field.as_str()).collect();
    assert_eq!(fields, ["city"]);
}

fn name() -> impl Strategy<Value = String> {
    let known = vec![
        "name",
        "email",
        "Vorname",
        "ville",
        "address",
        "dob",
        "shipping_zip",
        "order_id",
        "Land",
        "title",
        "x",
    ];
    prop_oneof![prop::sample::select(known).prop_map(str::to_owned), "\\PC{1,12}"]
}

fn cell() -> impl Strategy<Value = String> {
    let known = vec![
        "",
        "Ada",
        "Meier GmbH",
        "ada@meier.de",
        "+49 30 123456",
        "1980-04-03",
        "89073",
        "DE",
        "true",
        "n/a",
        "17.5",
        "Lange Gasse 5, 89073 Ulm",
    ];
    prop_oneof![prop::sample::select(known).prop_map(str::to_owned), "\\PC{0,12}"]
}

/// Rows of some columns, of which one more is the key.
fn table() -> impl Strategy<Value = (Vec<String>, Vec<Vec<String>>)> {
    prop::collection::btree_set(name(), 1..6).prop_flat_map(|names| {
        let names: Vec<String> = names.into_iter().collect();
        let row = prop::collection::vec(cell(), names.len());
        (Just(names), prop::collection::vec(row, 0..12))
    })
}

fn rows(names: &[String], rows: &[Vec<String>], keys: &[usize]) -> Source {
    let row = |(at, row): (usize, &Vec<String>)| {
        let cells = names.iter().cloned().zip(row.iter().cloned());
        let key = ("the key".to_owned(), (keys[at] % 7).to_string());
        cells.chain([key]).collect::<std::collections::BTreeMap<String, String>>()
    };
    let rows: Vec<_> = rows.iter().enumerate().map(row).collect();
    Source::rows("s", rows).unwrap().entity(EntityKind::Either).key("the key").infer(Inference::On)
}

proptest! {
    #[test]
    fn any_columns_are_survived_and_their_order_does_not_count(
        (names, cells) in table(),
        order in prop::collection::vec(any::<u64>(), 12),
    ) {
        prop_assume!(names.iter().all(|name| name != "the key"));
        let keys: Vec<usize> = (0..cells.len()).collect();
        let one = ingest(&[rows(&names, &cells, &keys)], "".as_ref()).unwrap();
        let mut shuffled: Vec<usize> = keys.clone();
        shuffled.sort_by_key(|&at| order[at]);
        let moved: Vec<Vec<String>> = shuffled.iter().map(|&at| cells[at].clone()).collect();
        let other = ingest(&[rows(&names, &moved, &shuffled)], "".as_ref()).unwrap();
        prop_assert_eq!(&one.report.inferred_columns, &other.report.inferred_columns);
        prop_assert_eq!(&one.report.unmapped_columns, &other.report.unmapped_columns);
        let cells = |ingested: &onefold::ingest::Ingested| {
            let table = &ingested.records.sources()[0];
            let row = |row| table.columns().iter().map(|c| format!("{} {:?}", c.name(), c.cell(row))).collect();
            (0..table.len()).map(row).collect::<Vec<Vec<String>>>()
        };
        prop_assert_eq!(cells(&one), cells(&other));
        let reported = one.report.inferred_columns.len() + one.report.unmapped_columns.len();
        prop_assert!(one.records.is_empty() || reported == names.len(), "{} of {}", reported, names.len());
    }
}
