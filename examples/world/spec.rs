//! The spec with which the exports can be read.

use std::fmt::Write;

use super::World;
use super::calendar::AS_OF;
use super::sources::Source;

/// The text of the spec file that reads the files with an extension.
pub(crate) fn spec(world: &World, extension: &str) -> String {
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
            source.file().replace(".csv", extension),
            columns[0].0
        );
        if let Some(entity) = source.entity(world) {
            let _ = writeln!(spec, "entity = \"{entity}\"");
        }
        let _ = writeln!(spec, "updated_at = \"{}\"", source.updated_at());
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
