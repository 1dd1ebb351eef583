//! Law: the profile of a contact depends on the records that state it and on nothing else: neither on their order nor
//! on records that do not.
//!
//! What makes it fail: a greedy grouping of names in the order of records (`count_pairs`), a class decided while
//! records are read (`class`), or one that looks at all records.
#![allow(clippy::unwrap_used)]

use std::cell::Cell;

use onefold::FieldKind;
use onefold::normalize::{NormalizeOptions, ValueClass, ValueProfiles, normalize};
use onefold::record::{Cell as RawCell, RawColumn, RawRecords, SourceInfo, SourceTable};
use onefold::schema::Field;
use proptest::prelude::*;

const GIVEN: [&str; 8] = ["Anna", "Anne", "Robert", "Bob", "R.", "Otto", "Eva", ""];
const FAMILY: [&str; 5] = ["Meier", "Meyer", "Otto", "Huber", ""];
const EMAIL: [&str; 4] = ["meiers@post.de", "info@post.de", "huber@post.de", ""];

type Row = (usize, usize, usize);

fn profiles(rows: &[Row]) -> ValueProfiles {
    let column = |kind: FieldKind, text: &dyn Fn(&Row) -> &'static str| {
        let cell = |text: &'static str| if text.is_empty() { RawCell::Empty } else { RawCell::Value(text) };
        RawColumn::from_cells(kind.as_str(), kind, rows.iter().map(text).map(cell))
    };
    let columns = vec![
        column(FieldKind::GivenName, &|row| GIVEN[row.0]),
        column(FieldKind::FamilyName, &|row| FAMILY[row.1]),
        column(FieldKind::Email, &|row| EMAIL[row.2]),
    ];
    let keys = (0..rows.len()).map(|row| format!("{row:03}")).collect();
    let table = SourceTable::new(SourceInfo::new("crm"), keys, (2..2 + rows.len() as u64).collect(), columns);
    let (records, _) = normalize(RawRecords::new(vec![table]), &NormalizeOptions::default());
    ValueProfiles::of(&records, &Field::new(FieldKind::Email, ""))
}

#[test]
fn order_and_other_records_do_not_count() {
    let (shared, several) = (Cell::new(0), Cell::new(0));
    let row = (0..GIVEN.len(), 0..FAMILY.len(), 0..EMAIL.len());
    let rows = prop::collection::vec(row, 1..14);
    let shuffled = rows.prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle(), 0..3usize));
    let mut runner = proptest::test_runner::TestRunner::default();
    let outcome = runner.run(&shuffled, |(rows, others, email)| {
        let all = profiles(&rows);
        prop_assert_eq!(&all, &profiles(&others));
        let stating: Vec<Row> = rows.iter().copied().filter(|row| row.2 == email).collect();
        let alone = profiles(&stating);
        prop_assert_eq!(alone.get(EMAIL[email]), all.get(EMAIL[email]));
        for (value, profile) in all.iter() {
            let records = u64::from(profile.records);
            prop_assert!(profile.same + profile.different <= records * (records - 1) / 2, "{}", value);
            several.set(several.get() + 1);
            shared.set(shared.get() + u64::from(profile.class == ValueClass::Shared));
            if let Some((matches, related)) = all.bits(value) {
                prop_assert!(matches.is_finite() && related.is_finite());
            }
        }
        Ok(())
    });
    outcome.unwrap();
    assert!(several.get() > 100 && shared.get() > 30, "{} {}", several.get(), shared.get());
}
