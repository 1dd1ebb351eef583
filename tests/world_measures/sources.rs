//! Which sources know an entity, how often, and what they leave empty.

use std::collections::{BTreeMap, BTreeSet};

use super::Measure;
use crate::world::sources::Source;
use crate::world_tables::{Exported, share};

/// The measures of the sources.
pub(crate) fn measured(exported: &Exported) -> Vec<Measure> {
    let mut sources: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (source, entities) in &exported.sources {
        // Organisations and those who act for them are hardly known to more than one of the systems.
        for entity in entities.keys().filter(|entity| !exported.households[*entity].is_empty()) {
            sources.entry(entity).or_default().insert(source);
        }
    }
    let in_sources = |known: &dyn Fn(usize) -> bool| {
        share(sources.values().filter(|sources| known(sources.len())).count(), sources.len())
    };
    let mut measures = vec![
        ("private people: in one source".to_owned(), in_sources(&|known| known == 1)),
        ("private people: in two sources".to_owned(), in_sources(&|known| known == 2)),
        ("private people: in three or more sources".to_owned(), in_sources(&|known| known > 2)),
    ];
    for (source, name) in [(Source::Crm, "contacts"), (Source::Erp, "debtors")] {
        let entities = exported.of_source(source);
        let several = entities.values().filter(|shown| shown.len() > 1).count();
        measures.push((format!("{name}: entities with duplicates"), share(several, entities.len())));
    }
    for (source, name) in [(Source::Crm, "contacts"), (Source::Erp, "debtors"), (Source::Orders, "orders")] {
        measures.push((format!("{name}: without e-mail"), exported.missing(source, "email")));
        if source != Source::Orders {
            measures.push((format!("{name}: without birth date"), exported.missing(source, "birth_date")));
        }
        measures.push((format!("{name}: without any phone"), without_phone(exported, source)));
    }
    for missing in exported.missing.iter().filter(|missing| missing.share > 0.0) {
        measures.push((format!("empty: {}.{}", missing.source, missing.column), missing.share));
    }
    measures
}

fn without_phone(exported: &Exported, source: Source) -> f64 {
    let entities = exported.of_source(source).iter();
    let people = entities.filter(|(entity, _)| !exported.organisations.contains(*entity));
    let records: Vec<_> = people.flat_map(|(_, shown)| shown).collect();
    share(records.iter().filter(|shown| shown.phones.is_empty()).count(), records.len())
}
