//! The `[[source]]` sections.

use toml::Value;

use super::OrderColumns;
use super::section::{Section, unknown};
use crate::error::{Error, Result};
use crate::ingest::{Inference, Source};
use crate::schema::{EntityKind, FieldKind};

const KEYS: [&str; 10] = [
    "name",
    "path",
    "key",
    "entity",
    "updated_at",
    "duplicate_free",
    "exclusive",
    "infer",
    "fields",
    "order",
];

/// The columns of an order, with the name of its source.
type Order = (String, OrderColumns);

/// The sources in the order of the file, and the columns of their orders.
pub(super) fn read(spec: &Section<'_>) -> Result<(Vec<Source>, Vec<Order>)> {
    let (mut sources, mut orders) = (Vec::<Source>::new(), Vec::new());
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
        let (source, order) = source(&section, &name)?;
        sources.push(source);
        orders.extend(order.map(|order| (name, order)));
    }
    if sources.is_empty() {
        return Err(Error::config(spec.place(), "there is no `[[source]]`"));
    }
    Ok((sources, orders))
}

fn source(section: &Section<'_>, name: &str) -> Result<(Source, Option<OrderColumns>)> {
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
    if section.flag("infer")? == Some(false) {
        source = source.infer(Inference::Off);
    }
    if let Some(fields) = section.section("fields")? {
        for column in fields.table().keys() {
            let kind = fields.required(column)?;
            source = source.field(column, field_kind(fields.at(column), &kind)?);
        }
    }
    let order = section.section("order")?.map(|order| order_columns(&order)).transpose()?;
    if let Some(order) = &order {
        let currency = order.currency.as_ref().filter(|currency| !is_currency(currency));
        for column in [&order.id, &order.placed_at, &order.amount].into_iter().flatten().chain(currency) {
            source = source.carry(column);
        }
    }
    Ok((source, order))
}

/// The kind of a name.
pub(super) fn field_kind(place: String, name: &str) -> Result<FieldKind> {
    name.parse().map_err(|_| {
        let known: Vec<&str> = FieldKind::ALL.iter().map(|kind| kind.as_str()).collect();
        unknown(place, "kind", name, &known)
    })
}

fn order_columns(section: &Section<'_>) -> Result<OrderColumns> {
    section.only(&["id", "placed_at", "amount", "currency"])?;
    Ok(OrderColumns {
        id: section.text("id")?,
        placed_at: section.text("placed_at")?,
        amount: section.text("amount")?,
        currency: section.text("currency")?,
    })
}

fn is_currency(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}
