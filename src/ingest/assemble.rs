//! Puts the sources together: records get their ids, orders their customers.

use super::Ingested;
use super::facts::{FactRow, Facts, Owner};
use super::order::CustomerReference;
use super::report::{IngestReport, SourceReport};
use super::table::TableReport;
use crate::error::{Error, Result};
use crate::fact::OrdersBuilder;
use crate::id::{RecordId, SourceId};
use crate::record::{Dictionary, Issue, IssueKind, RawColumn, RawRecords, Reject, RejectReason};

/// Puts the sources together in order of their names.
pub(super) fn assemble(mut read: Vec<TableReport>) -> Result<Ingested> {
    read.sort_by(|a, b| a.counts.name.cmp(&b.counts.name));
    let records: u64 = read.iter().map(|source| source.counts.records).sum();
    let limit = u64::from(u32::MAX);
    if records > limit {
        return Err(Error::limit("records", records, limit));
    }
    let mut tables = Vec::with_capacity(read.len());
    let mut parts = Vec::with_capacity(read.len());
    for source in read {
        let TableReport { table, facts, reference, counts, rejects, issues, mapping, encodings } = source;
        tables.push(table);
        parts.push((facts, reference, counts, rejects, issues, mapping, encodings));
    }
    let mut ingested = Ingested {
        records: RawRecords::new(tables),
        orders: OrdersBuilder::new().finish(),
        same_customer: Vec::new(),
        report: IngestReport::default(),
    };
    let mut orders = OrdersBuilder::new();
    for (number, (facts, reference, mut counts, mut rejects, mut issues, mapping, encodings)) in
        (0..).zip(parts)
    {
        let Facts { rows, ids, references, ownerless } = facts;
        let find = |reference: &CustomerReference, keys: RawColumn| {
            let records = keys.values().iter().map(|key| ingested.records.find(&reference.source, key));
            let records = records.collect();
            Referred { keys, records }
        };
        let mut owners = Owners {
            first: ingested.records.records_of(SourceId(number)).start,
            reference: reference.as_ref(),
            referred: reference.as_ref().zip(references).map(|(reference, keys)| find(reference, keys)),
            ownerless: ownerless.dictionary(),
            counts: &mut counts,
            rejects: &mut rejects,
            issues: &mut issues,
            same_customer: &mut ingested.same_customer,
        };
        let numbers = orders.number(ids.values(), rows.len());
        for (at, row) in rows.into_iter().enumerate() {
            let id = ids.value_number(at).and_then(|id| numbers.get(id as usize).copied());
            if let (Some(record), Some(id)) = (owners.of(at, &row), id) {
                orders.push_numbered(SourceId(number), id, record, row.placed_at, row.amount, row.currency);
            }
        }
        rejects.sort_unstable();
        issues.sort_unstable();
        ingested.report.add(counts, rejects, issues, mapping, encodings);
    }
    ingested.orders = orders.finish();
    ingested.same_customer.sort_unstable();
    ingested.same_customer.dedup();
    Ok(ingested)
}

/// Finds the records that the orders of one source belong to.
struct Owners<'a> {
    /// The first record of the source.
    first: u32,
    reference: Option<&'a CustomerReference>,
    referred: Option<Referred>,
    ownerless: &'a Dictionary,
    counts: &'a mut SourceReport,
    rejects: &'a mut Vec<Reject>,
    issues: &'a mut Vec<Issue>,
    same_customer: &'a mut Vec<(RecordId, RecordId)>,
}

/// What the orders name as their customers.
struct Referred {
    /// The key that each order names.
    keys: RawColumn,
    /// The record with each key, if there is one.
    records: Vec<Option<RecordId>>,
}

impl Owners<'_> {
    /// The record that a row's order belongs to.
    fn of(&mut self, at: usize, row: &FactRow) -> Option<RecordId> {
        let own = match row.owner {
            Owner::Record(place) => Some(RecordId(self.first + place)),
            Owner::None(_) => None,
        };
        let (Some(reference), Some(referred)) = (self.reference, &self.referred) else { return own };
        let Some(number) = referred.keys.value_number(at) else { return own };
        let named = referred.records.get(number as usize).copied().flatten();
        let key = || referred.keys.values().get(number).to_owned();
        match (own, named) {
            (Some(own), Some(named)) => self.same_customer.push((own.min(named), own.max(named))),
            (Some(_), None) => self.issues.push(Issue {
                source: self.counts.name.clone(),
                line: row.line,
                field: reference.column.clone(),
                value: key(),
                kind: IssueKind::UnknownReference,
            }),
            (None, None) => {
                let (source_name, key) = (reference.source.clone(), key());
                let reason = RejectReason::UnknownCustomer { source_name, key };
                self.counts.rejects.count(&reason);
                self.counts.fact_rows -= 1;
                let own_key = match row.owner {
                    Owner::None(number) => Some(self.ownerless.get(number).to_owned()),
                    Owner::Record(_) => None,
                };
                self.rejects.push(Reject {
                    source: self.counts.name.clone(),
                    line: row.line,
                    key: own_key,
                    field: Some(reference.column.clone()),
                    reason,
                });
            }
            (None, Some(_)) => {}
        }
        own.or(named)
    }
}
