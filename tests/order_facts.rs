//! Orders beside the customer records that they come with: guests, accounts, lines, references, and what is wrong.
#![allow(clippy::unwrap_used)]

use onefold::ingest::{Ingested, OrderColumns, Source, ingest};
use onefold::record::{IssueKind, RejectReason};
use onefold::{FieldKind, RecordId};
use proptest::prelude::*;

fn read(sources: &[Source]) -> Ingested {
    let ingested = ingest(sources, "".as_ref()).unwrap();
    let report = &ingested.report;
    assert_eq!(report.rows_read(), report.records() + report.fact_rows() + report.rejects.len() as u64);
    for source in &report.sources {
        assert_eq!(
            source.rows_read,
            source.records + source.fact_rows + source.rejects.total(),
            "{}",
            source.name
        );
    }
    ingested
}

fn shop(csv: &str, key: &str) -> Source {
    let order = OrderColumns::new("no").placed_at("placed").amount("total").currency("EUR".parse().unwrap());
    Source::bytes("shop", "orders.csv", csv.as_bytes().to_vec())
        .key(key)
        .field("name", FieldKind::FullName)
        .field("mail", FieldKind::Email)
        .order(order)
}

/// (number, record, date, amount) of each order.
fn orders(ingested: &Ingested) -> Vec<(String, u32, String, String)> {
    let text = |value: Option<&dyn std::fmt::Display>| value.map(ToString::to_string).unwrap_or_default();
    let order = |order: onefold::fact::Order<'_>| {
        let placed = order.placed_at.as_ref().map(|at| at as &dyn std::fmt::Display);
        let amount = order.amount.as_ref().map(|amount| amount as &dyn std::fmt::Display);
        (order.id.to_owned(), order.record.0, text(placed), text(amount))
    };
    ingested.orders.iter().map(order).collect()
}

fn order(id: &str, record: u32, placed: &str, amount: &str) -> (String, u32, String, String) {
    (id.into(), record, placed.into(), amount.into())
}

#[test]
fn every_guest_order_is_a_record_and_a_fact() {
    let csv = "no,name,mail,placed,total\n\
        A-1,Ada Byron,ada@example.org,2026-03-01,\"1.234,56\"\n\
        A-2,Ada Byron,,2026-04-01,\"1,234.56\"\n\
        A-3,,ada@example.org,2026-05-01,1234.56\n\
        A-3,,ada@example.org,2026-05-01,1234.56\n\
        A-4,,,2026-05-02,10\n\
        ,Nobody,,2026-05-02,10\n\
        A-5,Otto Huber,,soon,free\n";
    let ingested = read(&[shop(csv, "no")]);
    assert_eq!(
        orders(&ingested),
        [
            order("A-1", 0, "2026-03-01", "1234.56"),
            order("A-2", 1, "2026-04-01", "1234.56"),
            order("A-3", 2, "2026-05-01", "1234.56"),
            order("A-5", 3, "", ""),
        ]
    );
    let rejects: Vec<String> = ingested.report.rejects.iter().map(ToString::to_string).collect();
    assert_eq!(
        rejects,
        [
            "shop:5: the same row was read before",
            "shop:6: the order has no customer data",
            "shop:7: no: the key is empty",
        ]
    );
    let issues: Vec<String> = ingested.report.issues.iter().map(ToString::to_string).collect();
    assert_eq!(
        issues,
        ["shop:8: placed: not a value of its kind: `soon`", "shop:8: total: not a value of its kind: `free`",]
    );
}

#[test]
fn an_account_is_one_record_with_the_latest_data_and_all_its_orders() {
    let csv = "account,no,name,mail,placed,total\n\
        7,A-1,Ada Byron,old@example.org,2026-03-01,10\n\
        7,A-3,Ada King,new@example.org,2026-05-01,30\n\
        7,A-2,Ada King,,2026-04-01,20\n\
        8,A-4,Otto Huber,,2026-04-01,5\n";
    let ingested = read(&[shop(csv, "account")]);
    let shop = &ingested.report.sources[0];
    assert_eq!((shop.records, shop.fact_rows, shop.older_versions), (2, 2, 2));
    let numbers: Vec<_> = ingested.orders.of_record(RecordId(0)).map(|order| order.id).collect();
    assert_eq!(numbers, ["A-1", "A-2", "A-3"]);
    let (table, row) = ingested.records.place(RecordId(0));
    assert_eq!(table.column("mail").unwrap().cell(row).value(), Some("new@example.org"));
    assert!(table.column("total").is_none());
}

#[test]
fn lines_of_an_order_are_added_up_and_told_apart() {
    let csv = "account,no,pos,name,total\n7,A-1,1,Ada,10.50\n7,A-1,2,Ada,10.50\n7,A-1,2,Ada,10.50\n7,A-1,3,Ada,-1\n";
    let order = OrderColumns::new("no").line("pos").amount("total").currency("CHF".parse().unwrap());
    let source = Source::bytes("shop", "a.csv", csv.into())
        .key("account")
        .field("name", FieldKind::FullName)
        .order(order);
    let ingested = read(&[source]);
    assert_eq!(orders(&ingested), [self::order("A-1", 0, "", "20.00")]);
    assert_eq!(ingested.report.rejects[0].reason, RejectReason::Redelivered);
    assert_eq!(ingested.report.fact_rows(), 2);
}

#[test]
fn an_order_can_name_its_customer_in_another_source() {
    let erp = Source::bytes("erp", "e.csv", b"no,name\nE1,Ada Byron\nE2,Otto Huber\n".to_vec())
        .key("no")
        .field("name", FieldKind::FullName);
    let csv = "no,cust,name,total\nA-1,E2,,7\nA-2,E1,Ada K.,8\nA-3,E9,,9\nA-4,E9,Eva Vogt,1\nA-5,,,2\n";
    let columns = OrderColumns::new("no").amount("total").customer("erp", "cust");
    let web = Source::bytes("web", "w.csv", csv.into()).key("no").field("name", FieldKind::FullName);
    let web = web.order(columns);
    let ingested = read(&[erp.clone(), web.clone()]);
    // E1, E2, then the two orders with customer data.
    assert_eq!(
        orders(&ingested),
        [order("A-1", 1, "", "7.00"), order("A-2", 2, "", "8.00"), order("A-4", 3, "", "1.00")]
    );
    assert_eq!(ingested.same_customer, [(RecordId(0), RecordId(2))]);
    assert_eq!((ingested.report.fact_rows(), ingested.report.records()), (1, 4));
    let rejects: Vec<String> = ingested.report.rejects.iter().map(ToString::to_string).collect();
    assert_eq!(
        rejects,
        ["web:4: cust: source `erp` has no record `E9`", "web:6: the order has no customer data"]
    );
    assert!(ingested.report.issues.iter().any(|issue| issue.kind == IssueKind::UnknownReference));

    let misspelt = web.order(OrderColumns::new("no").customer("epr", "cust"));
    let error = ingest(&[erp, misspelt], "".as_ref()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "source \"web\" > order > customer: unknown source `epr`; did you mean `erp`? (known: erp)"
    );
}

#[test]
fn declarations_that_cannot_hold_are_refused() {
    let keyless = Source::bytes("shop", "a.csv", b"no,name\n1,Ada\n".to_vec()).order(OrderColumns::new("no"));
    let error = ingest(&[keyless], "".as_ref()).unwrap_err();
    assert_eq!(error.to_string(), "source \"shop\" > order: a source of orders needs a key");
    let missing = shop("no,name,mail,placed\n1,Ada,,\n", "no");
    let error = ingest(&[missing], "".as_ref()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "source \"shop\" > order: unknown column `total` (known: no, name, mail, placed)"
    );
}

proptest! {
    /// Fails when the choice of a key's record in `ingest::facts` looks at the place of a row.
    #[test]
    fn the_order_of_rows_changes_nothing(
        rows in prop::collection::vec((0..4u8, 0..4u8, "[ab]?", "(2026-0[1-3]-01)?", 0..3u8), 1..40),
        seed: u64,
    ) {
        let line = |r: &(u8, u8, String, String, u8)| format!("{},A{},{},,{},{}\n", r.0, r.1, r.2, r.3, r.4);
        let csv = |rows: &[(u8, u8, String, String, u8)]| {
            format!("account,no,name,mail,placed,total\n{}", rows.iter().map(line).collect::<String>())
        };
        let mut shuffled = rows.clone();
        let mut state = seed | 1;
        for at in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            shuffled.swap(at, (state >> 33) as usize % (at + 1));
        }
        let (one, other) = (read(&[shop(&csv(&rows), "account")]), read(&[shop(&csv(&shuffled), "account")]));
        prop_assert_eq!(orders(&one), orders(&other));
        let cells = |ingested: &Ingested| {
            let table = &ingested.records.sources()[0];
            let names = (0..table.len()).map(|row| table.column("name").unwrap().cell(row).value().map(str::to_owned));
            (table.keys().clone(), names.collect::<Vec<_>>())
        };
        prop_assert_eq!(cells(&one), cells(&other));
        let (mut a, mut b) = (one.report.sources[0].clone(), other.report.sources[0].clone());
        prop_assert_eq!(a.rejects, b.rejects);
        (a.rejects, b.rejects) = Default::default();
        prop_assert_eq!(a, b);
    }
}
