//! The `[[source]]` sections.

use toml::Value;

use super::section::{Section, unknown};
use crate::error::{Error, Result};
use crate::ingest::{CurrencyOf, Inference, OrderColumns, Source};
use crate::schema::{EntityKind, FieldKind};

const KEYS: [&str; 11] = [
    "name",
    "path",
    "key",
    "entity",
    "updated_at",
    "duplicate_free",
    "exclusive",
    "carry",
    "infer",
    "fields",
    "order",
];

/// The sources in the order of the file.
pub(super) fn read(spec: &Section<'_>) -> Result<Vec<Source>> {
    let mut sources = Vec::<Source>::new();
    for (value, number) in spec.list("source")?.unwrap_or_default().iter().zip(1..) {
        let place = format!("source {number}");
        let Value::Table(table) = value else {
            return Err(spec.wrong(&place, value, "a table"));
        };
        let numbered = spec.part(&place, table);
        let name = numbered.required("name")?;
        if name.trim().is_empty() {
            return Err(Error::config(numbered.place(), "the name is empty"));
        }
        let section = spec.part(&format!("source \"{}\"", name.escape_debug()), table);
        if sources.iter().any(|earlier| earlier.name() == name) {
            return Err(Error::config(section.place(), "another source has this name"));
        }
        sources.push(source(&section, &name)?);
    }
    if sources.is_empty() {
        return Err(Error::config(spec.place(), "there is no `[[source]]`"));
    }
    Ok(sources)
}

fn source(section: &Section<'_>, name: &str) -> Result<Source> {
    section.only(&KEYS)?;
    let mut source = Source::file(name, section.required("path")?);
    if let Some(column) = section.text("key")? {
        source = source.key(column);
    }
    if let Some(entity) = section.text("entity")? {
        let unknown = || unknown(section.at("entity"), "entity", &entity, &EntityKind::NAMES);
        source = source.entity(entity.parse().map_err(|_| unknown())?);
    }
    if let Some(column) = section.text("updated_at")? {
        source = source.updated_at(column);
    }
    if section.flag("duplicate_free")? == Some(true) {
        source = source.duplicate_free();
    }
    for column in section.texts("exclusive")?.unwrap_or_default() {
        source = source.exclusive(column);
    }
    for column in section.texts("carry")?.unwrap_or_default() {
        source = source.carry(column);
    }
    if section.flag("infer")? == Some(false) {
        source = source.infer(Inference::Off);
    }
    if let Some(fields) = section.section("fields")? {
        for column in fields.table().keys() {
            let kind = fields.required(column)?;
            source = source.field(column, field_kind(fields.at(column), &kind)?);
        }
    }
    if let Some(order) = section.section("order")? {
        source = source.order(order_columns(&order)?);
    }
    Ok(source)
}

/// The kind of a name.
pub(super) fn field_kind(place: String, name: &str) -> Result<FieldKind> {
    name.parse().map_err(|_| {
        let known: Vec<&str> = FieldKind::ALL.iter().map(|kind| kind.as_str()).collect();
        unknown(place, "kind", name, &known)
    })
}

fn order_columns(section: &Section<'_>) -> Result<OrderColumns> {
    section.only(&["id", "line", "placed_at", "amount", "currency", "customer", "customer_source"])?;
    let mut order = OrderColumns::new(section.required("id")?);
    if let Some(column) = section.text("line")? {
        order = order.line(column);
    }
    if let Some(column) = section.text("placed_at")? {
        order = order.placed_at(column);
    }
    if let Some(column) = section.text("amount")? {
        order = order.amount(column);
    }
    match section.text("currency")?.as_deref().map(CurrencyOf::of_text) {
        Some(CurrencyOf::Fixed(currency)) => order = order.currency(currency),
        Some(CurrencyOf::Column(column)) => order = order.currency_column(column),
        None => {}
    }
    match (section.text("customer")?, section.text("customer_source")?) {
        (Some(column), Some(source)) => Ok(order.customer(source, column)),
        (None, None) => Ok(order),
        _ => Err(Error::config(section.place(), "give both of `customer` and `customer_source`, or neither")),
    }
}
