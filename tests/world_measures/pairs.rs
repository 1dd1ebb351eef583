//! Pairs of records of one person: contacts with orders, contacts with contacts, and all with all.

use std::collections::BTreeMap;

use super::{Measure, Shares};
use crate::world::sources::Source;
use crate::world_tables::{Exported, Shown, folded};

/// Orders of one customer that are compared.
const ORDERS: usize = 4;

/// The measures over pairs.
pub(crate) fn measured(exported: &Exported) -> Vec<Measure> {
    let mut shares = Shares::default();
    let (contacts, orders) = (exported.of_source(Source::Crm), exported.of_source(Source::Orders));
    for (entity, contacts) in contacts {
        for order in orders.get(entity).into_iter().flatten().take(ORDERS) {
            for contact in contacts {
                with_order(&mut shares, contact, order);
            }
        }
    }
    for (_, shown) in contacts.iter().filter(|(entity, _)| !exported.organisations.contains(*entity)) {
        for (at, one) in shown.iter().enumerate() {
            for other in &shown[..at] {
                names(&mut shares, one, other);
            }
        }
    }
    let mut measures = shares.measures();
    measures.push(("people: records without an exact twin".to_owned(), without_twin(exported)));
    measures
}

fn with_order(shares: &mut Shares, contact: &Shown, order: &Shown) {
    shares.add("contact and order: full name equal", contact.name == order.name);
    shares.add("contact and order: full name equal, folded", folded(&contact.name) == folded(&order.name));
    shares.add("contact and order: street and number equal", contact.street == order.street);
    shares.add("contact and order: postal code equal", contact.postal_code == order.postal_code);
    if !contact.mailbox.is_empty() && !order.mailbox.is_empty() {
        shares.add("contact and order: e-mail equal", contact.mailbox == order.mailbox);
    }
    if !contact.phones.is_empty() && !order.phones.is_empty() {
        let equal = contact.phones.iter().any(|phone| order.phones.contains(phone));
        shares.add("contact and order: a phone equal", equal);
    }
}

fn names(shares: &mut Shares, one: &Shown, other: &Shown) {
    let lines = ["contacts: first name differs", "contacts: last name differs"];
    for (line, (a, b)) in lines.into_iter().zip([(&one.given, &other.given), (&one.family, &other.family)]) {
        let (a, b) = (folded(a), folded(b));
        shares.add(line, a != b);
        if a != b {
            shares.add("contacts: single edits among name differences", strsim::osa_distance(&a, &b) == 1);
        }
    }
}

/// The share of records with others of the same person of which none has the same mailbox, number, or name and birth
/// date.
fn without_twin(exported: &Exported) -> f64 {
    let mut all: BTreeMap<&str, Vec<&Shown>> = BTreeMap::new();
    for (entity, shown) in exported.sources.values().flatten() {
        if !exported.organisations.contains(entity) {
            all.entry(entity).or_default().extend(shown);
        }
    }
    let (mut lonely, mut records) = (0, 0);
    for shown in all.values().filter(|shown| shown.len() > 1) {
        for (at, one) in shown.iter().enumerate() {
            records += 1;
            let is_twin = |other: &Shown| {
                (!one.mailbox.is_empty() && one.mailbox == other.mailbox)
                    || one.phones.iter().any(|phone| other.phones.contains(phone))
                    || (!one.born.is_empty() && one.born == other.born && one.name == other.name)
            };
            let mut others = shown.iter().enumerate().filter(|(position, _)| *position != at);
            lonely += usize::from(!others.any(|(_, other)| is_twin(other)));
        }
    }
    crate::world_tables::share(lonely, records)
}
