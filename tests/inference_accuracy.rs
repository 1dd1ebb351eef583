//! How well the kinds of columns are inferred, on public sets whose specs list them; skipped where the sets are not
//! there.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test: the printed table is its output")]

use std::path::{Path, PathBuf};

use onefold::FieldKind;
use onefold::ingest::{Inference, Source, ingest};
use onefold::pipeline::spec::Spec;

/// Where the evaluation sets lie: the environment variable `ONEFOLD_DATA`, else beside the project.
fn data() -> PathBuf {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    std::env::var_os("ONEFOLD_DATA").map_or_else(beside, PathBuf::from)
}

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
    let directory = data().join("eval");
    let Ok(entries) = std::fs::read_dir(&directory) else {
        println!("skipped: {} is not there", directory.display());
        return;
    };
    let mut specs: Vec<PathBuf> =
        entries.map(|entry| entry.unwrap().path().join("spec.toml")).filter(|path| path.exists()).collect();
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
    assert!(all.right * 100 >= declared * 80, "{} of {declared}", all.right);
}

/// Exports of business systems, as they come: what is inferred is printed, and nothing of an order or a product may
/// be taken for a property of a person.
#[test]
fn exports_of_business_systems() {
    for folder in ["crm_export_schemas", "adventureworks", "northwind", "online_retail"] {
        let directory = data().join(folder);
        let Ok(entries) = std::fs::read_dir(&directory) else {
            println!("skipped: {} is not there", directory.display());
            continue;
        };
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        files.retain(|path| path.to_string_lossy().contains(".csv"));
        files.sort();
        for file in files {
            println!("{}", file.display());
            let report = ingest(&[Source::file("s", &file)], "".as_ref()).unwrap().report;
            for inferred in &report.inferred_columns {
                println!("  {inferred}");
            }
            for unmapped in &report.unmapped_columns {
                println!("    {unmapped}");
            }
        }
    }
}
