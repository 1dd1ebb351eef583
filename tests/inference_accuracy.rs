//! How well the kinds of columns are inferred, on public sets whose specs list them; skipped where the sets are not
//! there.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test: the printed table is its output")]

mod evaluation_data;

use std::path::{Path, PathBuf};

use onefold::FieldKind;
use onefold::ingest::{Inference, Source, ingest};
use onefold::pipeline::spec::Spec;

/// Kinds that tell who or where someone is; the others say how to compare a column, and are not inferred.
fn is_inferable(kind: FieldKind) -> bool {
    use FieldKind as K;
    !matches!(kind, K::Date | K::Year | K::Number | K::Category | K::Text | K::Ignore)
}

#[derive(Default)]
struct Tally {
    right: usize,
    missing: usize,
    wrong: usize,
    /// Columns without a kind of this sort that got one.
    surplus: usize,
}

/// The source without its fields; all else that is declared, a truth column above all, stays.
fn bare(source: &Source) -> Source {
    let mut bare = Source::file(source.name(), source.path().unwrap()).entity(source.info().entity);
    bare = source.key_column().into_iter().fold(bare, Source::key);
    source.carried().iter().fold(bare, Source::carry).infer(Inference::On)
}

fn measure(spec: &Spec, base: &Path, tally: &mut Tally) {
    let sources: Vec<Source> = spec.sources.iter().map(bare).collect();
    let report = ingest(&sources, base).unwrap().report;
    for source in &spec.sources {
        let of = |column: &str| {
            report
                .inferred_columns
                .iter()
                .find(|inferred| inferred.source == source.name() && inferred.column == column)
        };
        for (column, kind) in source.fields().iter().filter(|(_, kind)| is_inferable(*kind)) {
            match of(column) {
                Some(inferred) if inferred.kind == *kind => tally.right += 1,
                Some(inferred) => {
                    println!("  wrong:   {inferred} (declared as {})", kind.as_str());
                    tally.wrong += 1;
                }
                None => {
                    println!("  missing: {} > {column} (declared as {})", source.name(), kind.as_str());
                    tally.missing += 1;
                }
            }
        }
        let declared =
            |column: &str| source.fields().iter().any(|(name, kind)| name == column && is_inferable(*kind));
        for inferred in report.inferred_columns.iter().filter(|inferred| inferred.source == source.name()) {
            if !declared(&inferred.column) {
                println!("  surplus: {inferred}");
                tally.surplus += 1;
            }
        }
    }
    for unmapped in &report.unmapped_columns {
        println!("  {unmapped}");
    }
}

#[test]
fn declared_kinds_are_found_again() {
    let Some(directory) = evaluation_data::find("eval") else { return };
    let mut specs: Vec<PathBuf> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path().join("spec.toml"))
        .filter(|path| path.exists())
        .collect();
    specs.sort();
    let (mut all, mut rows) = (Tally::default(), Vec::new());
    for path in &specs {
        println!("{}", path.display());
        let spec = Spec::from_toml_file(path).unwrap();
        let mut tally = Tally::default();
        measure(&spec, &spec.base, &mut tally);
        let set = path.parent().and_then(Path::file_name).unwrap().to_string_lossy().into_owned();
        rows.push(format!(
            "{set:24} {:5} {:7} {:5} {:7}",
            tally.right, tally.missing, tally.wrong, tally.surplus
        ));
        all.right += tally.right;
        all.missing += tally.missing;
        all.wrong += tally.wrong;
        all.surplus += tally.surplus;
    }
    println!("{:24} {:>5} {:>7} {:>5} {:>7}", "set", "right", "missing", "wrong", "surplus");
    println!("{}", rows.join("\n"));
    let declared = all.right + all.missing + all.wrong;
    println!(
        "all: {} of {declared} right, {} missing, {} wrong, {} surplus",
        all.right, all.missing, all.wrong, all.surplus
    );
    // A wrong kind is worse than none: what is missing can be listed, what is wrong must be noticed first.
    assert!(all.right * 100 >= declared * 90, "{} of {declared} right", all.right);
    assert!(all.wrong * 100 <= declared, "{} of {declared} wrong", all.wrong);
    assert!(all.surplus * 100 <= declared * 4, "{} beyond {declared} declared", all.surplus);
}

/// The columns of exports of business systems that are inferred as persons' properties although they are none.
#[test]
fn orders_and_products_are_no_persons() {
    let tables = [
        "adventureworks/products.csv",
        "adventureworks/product_categories.csv",
        "adventureworks/product_subcategories.csv",
        "adventureworks/returns.csv",
        "adventureworks/dw_fact_survey_response.csv",
        "adventureworks/orders_2015_2017.csv.gz",
        "crm_export_schemas/hubspot__deal_data.csv",
        "crm_export_schemas/hubspot__ticket_data.csv",
        "crm_export_schemas/salesforce__opportunity_data.csv",
        "crm_export_schemas/shopify__gql_order_line_data.csv",
        "northwind/products.csv",
        "northwind/order_details.csv",
    ];
    for table in tables {
        let Some(path) = evaluation_data::find(table) else { continue };
        let report = ingest(&[Source::file("s", path)], "".as_ref()).unwrap().report;
        assert!(report.inferred_columns.is_empty(), "{table}: {:?}", report.inferred_columns);
        assert!(!report.unmapped_columns.is_empty());
    }
}

/// The columns of customers in exports of business systems, as their systems name them.
#[test]
fn customers_of_business_systems() {
    let tables: [(&str, &[&str]); 3] = [
        (
            "northwind/customers.csv",
            &[
                "CompanyName org_name",
                "ContactName full_name",
                "Address street",
                "City city",
                "Region region",
                "PostalCode postal_code",
                "Country country",
                "Phone phone",
                "Fax phone",
            ],
        ),
        (
            "adventureworks/crm_customers.csv",
            &[
                "Prefix name_prefix",
                "FirstName given_name",
                "LastName family_name",
                "BirthDate birth_date",
                "Gender gender",
                "EmailAddress email",
            ],
        ),
        (
            "adventureworks/dw_prospective_buyer.csv",
            &[
                "FirstName given_name",
                "MiddleName middle_name",
                "LastName family_name",
                "BirthDate birth_date",
                "Gender gender",
                "EmailAddress email",
                "AddressLine1 street",
                "AddressLine2 address_extra",
                "City city",
                "StateProvinceCode region",
                "PostalCode postal_code",
                "Phone phone",
                "Salutation name_prefix",
            ],
        ),
    ];
    for (table, expected) in tables {
        let Some(path) = evaluation_data::find(table) else { continue };
        let report = ingest(&[Source::file("s", path)], "".as_ref()).unwrap().report;
        let inferred: Vec<String> = report
            .inferred_columns
            .iter()
            .map(|inferred| format!("{} {}", inferred.column, inferred.kind.as_str()))
            .collect();
        assert_eq!(inferred, expected, "{table}");
    }
}
