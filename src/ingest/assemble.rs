//! Puts the sources together: records get their ids, orders their customers.

use super::Ingested;
use super::facts::FactRow;
use super::order::CustomerReference;
use super::report::{IngestReport, SourceReport};
use super::table::TableReport;
use crate::error::{Error, Result};
use crate::fact::OrdersBuilder;
use crate::id::{RecordId, SourceId};
use crate::record::{Issue, IssueKind, RawRecords, Reject, RejectReason};

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
        let mut owners = Owners {
            raw: &ingested.records,
            source: SourceId(number),
            reference: reference.as_ref(),
            counts: &mut counts,
            rejects: &mut rejects,
            issues: &mut issues,
            same_customer: &mut ingested.same_customer,
        };
        for fact in facts {
            if let Some(record) = owners.of(&fact) {
                orders.push(SourceId(number), &fact.id, record, fact.placed_at, fact.amount, fact.currency);
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
    raw: &'a RawRecords,
    source: SourceId,
    reference: Option<&'a CustomerReference>,
    counts: &'a mut SourceReport,
    rejects: &'a mut Vec<Reject>,
    issues: &'a mut Vec<Issue>,
    same_customer: &'a mut Vec<(RecordId, RecordId)>,
}

impl Owners<'_> {
    fn of(&mut self, fact: &FactRow) -> Option<RecordId> {
        let first = self.raw.records_of(self.source).start;
        let own = fact.customer.map(|place| RecordId(first + place as u32));
        let (Some(reference), Some(key)) = (self.reference, fact.reference.as_deref()) else { return own };
        let named = self.raw.find(&reference.source, key);
        match (own, named) {
            (Some(own), Some(named)) => self.same_customer.push((own.min(named), own.max(named))),
            (Some(_), None) => self.issues.push(Issue {
                source: self.counts.name.clone(),
                line: fact.line,
                field: reference.column.clone(),
                value: key.to_owned(),
                kind: IssueKind::UnknownReference,
            }),
            (None, None) => {
                let (source_name, key) = (reference.source.clone(), key.to_owned());
                let reason = RejectReason::UnknownCustomer { source_name, key };
                self.counts.rejects.count(&reason);
                self.counts.fact_rows -= 1;
                self.rejects.push(Reject {
                    source: self.counts.name.clone(),
                    line: fact.line,
                    key: Some(fact.key.clone()),
                    field: Some(reference.column.clone()),
                    reason,
                });
            }
            (None, Some(_)) => {}
        }
        own.or(named)
    }
}
