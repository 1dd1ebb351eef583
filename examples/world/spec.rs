//! The spec with which the exports can be read.

use std::fmt::Write;

use super::World;
use super::calendar::AS_OF;
use super::sources::Source;

/// The text of the spec file.
pub(crate) fn spec(world: &World) -> String {
    let mut spec = format!(
        "# Exports of fictional customers: made by the generator of `examples/world` with the seed {} (tier {}).\n\
         as_of = \"{AS_OF}\"\ncountry = \"DE\"\n",
        world.seed(),
        world.tier().name(),
    );
    for &source in world.sources() {
        let columns = source.columns(world);
        let _ = write!(
            spec,
            "\n[[source]]\nname = \"{}\"\npath = \"{}\"\nkey = \"{}\"\n",
            source.name(),
            source.file(),
            columns[0].0
        );
        if world.organisations() > 0 {
            spec.push_str("entity = \"either\"\n");
        }
        match source {
            Source::Crm => spec.push_str("updated_at = \"geaendert_am\"\n"),
            Source::Erp => spec.push_str("updated_at = \"GEAENDERT_AM\"\n"),
            Source::Orders => spec.push_str("updated_at = \"order_date\"\n"),
        }
        spec.push_str("infer = false\n[source.fields]\n");
        for (column, kind) in columns.iter().filter(|(_, kind)| !kind.is_empty()) {
            let _ = writeln!(spec, "{column} = \"{kind}\"");
        }
        if source == Source::Orders {
            spec.push_str(
                "[source.order]\nid = \"order_no\"\nplaced_at = \"order_date\"\namount = \"total\"\ncurrency = \"currency\"\n",
            );
        }
    }
    spec.push_str("\n[truth]\npath = \"truth.csv\"\n");
    spec
}
