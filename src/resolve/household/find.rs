//! Finding households: houses and surnames first, then shared contact points.

use rayon::prelude::*;

use super::contact::shared_contacts;
use super::dwelling::{Dwellings, Residence};
use super::groups::Groups;
use super::surname::Surnames;
use super::{HouseholdReason, Households};
use crate::id::{EntityId, HouseholdId};
use crate::record::{EntityClass, Records};
use crate::resolve::Partition;
use crate::schema::FieldKind;
use crate::text;

/// Finds the households among the persons of a partition: the components of persons who are linked by
///
/// - a dwelling and a surname. Dwellings are equal in street, house number and postal code, or, where a postal code is
///   missing or mistyped, in city; streets may be one edit apart; units and floors must not contradict each other. Surnames are equal without regard
///   to how umlauts are written, share a part of a compound, or are one edit apart. Any of a person's counts.
/// - an e-mail address or telephone number of class [`Shared`](super::ContactClass::Shared).
///
/// In a large building two families can have one name. The surname says nothing if chance alone would give it to
/// half a person or more among the other people of the building, by its frequency elsewhere; then only the same unit
/// joins. Families with a rare name in one building, or in one unit, are not told apart.
///
/// A household's id is that of its smallest record by (source, key). Nothing depends on the order of rows, sources or
/// threads; the time grows with n log n.
///
/// ```
/// use onefold::EntityId;
/// use onefold::record::*;
/// use onefold::resolve::{HouseholdReason, Partition, find_households};
/// use onefold::{FieldKind, normalize::{NormalizeOptions, normalize}};
///
/// let column = |name, kind, cells: [&'static str; 3]| RawColumn::from_cells(name, kind, cells.map(Cell::Value));
/// let columns = vec![
///     column("name", FieldKind::FullName, ["Anna Müller", "Ben Mueller-Haas", "Carl Huber"]),
///     column("street", FieldKind::Street, ["Hauptstr. 5", "Hauptstraße 5", "Hauptstr. 5"]),
///     column("zip", FieldKind::PostalCode, ["89073"; 3]),
/// ];
/// let table = SourceTable::new(SourceInfo::new("crm"), ["1", "2", "3"].map(str::to_owned).to_vec(), vec![2, 3, 4], columns);
/// let options = NormalizeOptions::default().with_country("DE");
/// let (records, _) = normalize(RawRecords::new(vec![table]), &options);
/// let households = find_households(&records, &Partition::from_roots(&[0, 1, 2]));
///
/// let family = households.household_of(EntityId(0)).unwrap();
/// assert_eq!(households.members(family), [EntityId(0), EntityId(1)]);
/// assert_eq!(households.household_of(EntityId(2)), None);
/// assert_eq!(households.joins(HouseholdReason::AddressAndSurname), 1);
/// ```
pub fn find_households(records: &Records, partition: &Partition) -> Households {
    let is_person: Vec<bool> = partition
        .iter()
        .map(|(_, members)| members.iter().any(|&record| records.class(record) == EntityClass::Person))
        .collect();
    let surnames = Surnames::of(records, partition, &is_person);
    let dwellings = Dwellings::of(records, partition, &is_person);
    let persons = is_person.iter().filter(|&&is_person| is_person).count();
    let postal_codes =
        records.schema().position(FieldKind::PostalCode, "").map(|field| records.column(field));
    let postal_codes_agree = |codes: &[crate::id::ValueId]| {
        postal_codes.is_none_or(|column| {
            let near = |a, b| text::damerau_within(column.text(a), column.text(b), 1).is_some();
            codes.len() <= MOST_SPELLINGS && codes.iter().all(|&a| codes.iter().all(|&b| near(a, b)))
        })
    };
    let finder = Finder { surnames: &surnames, dwellings: &dwellings, persons, agree: &postal_codes_agree };

    let mut groups = Groups::new(partition.len());
    let links: Vec<(EntityId, EntityId)> =
        dwellings.houses().into_par_iter().flat_map_iter(|house| finder.families(house)).collect();
    let mut joins = [0; HouseholdReason::ALL.len()];
    for (a, b) in links {
        joins[HouseholdReason::AddressAndSurname as usize] += u64::from(groups.join(a.0, b.0));
    }
    let (shared, contacts) = shared_contacts(records, partition, &is_person, &surnames, &dwellings);
    for holders in shared {
        for pair in holders.windows(2) {
            joins[HouseholdReason::SharedContact as usize] += u64::from(groups.join(pair[0].0, pair[1].0));
        }
    }
    let id = |entity| {
        let (source, key) = records.raw().key(partition.members(entity)[0]);
        HouseholdId::of_record(source, key)
    };
    Households::from_roots(&groups.roots(), id, joins, contacts)
}

/// Postal codes of one house that can be misspellings of one another; more are those of several streets with one name.
const MOST_SPELLINGS: usize = 8;
/// Bearers of a surname that chance puts among the other people of a house, from which the name says nothing.
const BY_CHANCE: f64 = 0.5;

/// One person's surname part in one house.
type Bearer<'a> = (u32, &'a Residence);

struct Finder<'a> {
    surnames: &'a Surnames,
    dwellings: &'a Dwellings,
    persons: usize,
    agree: &'a (dyn Fn(&[crate::id::ValueId]) -> bool + Sync),
}

impl Finder<'_> {
    /// The links between the people of one house that are of one family.
    fn families(&self, house: &[Residence]) -> Vec<(EntityId, EntityId)> {
        let people = house.chunk_by(|a, b| a.entity == b.entity).count();
        if people < 2 {
            return Vec::new();
        }
        let mut bearers: Vec<Bearer<'_>> = house
            .iter()
            .flat_map(|residence| {
                self.surnames.parts(residence.entity).iter().map(move |&part| (part, residence))
            })
            .collect();
        bearers.sort_unstable();
        let parts: Vec<u32> = bearers.chunk_by(|a, b| a.0 == b.0).map(|bearers| bearers[0].0).collect();
        let mut spellings = Groups::new(parts.len());
        let number = |part: u32| parts.partition_point(|&other| other < part) as u32;
        for (a, b) in self.surnames.spellings(&parts) {
            spellings.join(number(a), number(b));
        }
        let names = spellings.roots();
        let mut named: Vec<(u32, Bearer<'_>)> =
            bearers.into_iter().map(|bearer| (names[number(bearer.0) as usize], bearer)).collect();
        named.sort_unstable_by_key(|&(name, (part, residence))| (name, residence, part));
        let mut links = Vec::new();
        for bearers in named.chunk_by(|a, b| a.0 == b.0) {
            self.link(people, bearers, &mut links);
        }
        links
    }

    /// Links the bearers of one surname in one house.
    fn link(&self, people: usize, bearers: &[(u32, Bearer<'_>)], links: &mut Vec<(EntityId, EntityId)>) {
        let residences: Vec<&Residence> = bearers.iter().map(|&(_, (_, residence))| residence).collect();
        let family = residences.chunk_by(|a, b| a.entity == b.entity).count();
        if family < 2 {
            return;
        }
        let mut units: Vec<((u64, u64), EntityId)> = residences
            .iter()
            .flat_map(|at| self.dwellings.units(at.extra).iter().map(|&unit| (unit, at.entity)))
            .collect();
        units.sort_unstable();
        let contradictory = units.windows(2).any(|pair| {
            let ((left, _), (right, _)) = (pair[0], pair[1]);
            left.0 == right.0 && left.1 != right.1
        });
        let mut codes: Vec<_> = residences.iter().map(|at| at.postal_code).collect();
        codes.retain(|code| !code.is_missing());
        codes.sort_unstable();
        codes.dedup();
        if codes.len() > 1 && !(self.agree)(&codes) {
            return;
        }
        if contradictory || self.by_chance(people, family, bearers) {
            for unit in units.chunk_by(|a, b| a.0 == b.0) {
                links.extend(unit.windows(2).map(|pair| (pair[0].1, pair[1].1)));
            }
        } else {
            links.extend(residences.windows(2).map(|pair| (pair[0].entity, pair[1].entity)));
        }
    }

    /// True when the surname is so frequent elsewhere that the house would have bearers of it anyway.
    fn by_chance(&self, people: usize, family: usize, bearers: &[(u32, Bearer<'_>)]) -> bool {
        let mut own: Vec<(u32, EntityId)> =
            bearers.iter().map(|&(_, (part, residence))| (part, residence.entity)).collect();
        own.sort_unstable();
        own.dedup();
        let bearers = own.chunk_by(|a, b| a.0 == b.0).map(|own| self.surnames.count(own[0].0) as usize);
        let elsewhere = bearers.sum::<usize>().saturating_sub(own.len());
        let frequency = elsewhere as f64 / (self.persons - people).max(1) as f64;
        (people - family) as f64 * frequency >= BY_CHANCE
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::{NormalizeOptions, normalize};
    use crate::record::{Cell, RawColumn, RawRecords, SourceInfo, SourceTable};
    use crate::resolve::ContactClass;
    use crate::schema::EntityKind;
    use proptest::prelude::*;

    /// Surname (`#` before the name of an organisation), street and number, extra, postal code, city, phone, e-mail.
    type Row<'a> = [&'a str; 7];

    fn households(rows: &[Row<'_>]) -> Households {
        let kinds = [
            FieldKind::FamilyName,
            FieldKind::Street,
            FieldKind::AddressExtra,
            FieldKind::PostalCode,
            FieldKind::City,
            FieldKind::Phone,
            FieldKind::Email,
        ];
        let person = |row: &Row<'_>| !row[0].starts_with('#');
        let mut columns: Vec<RawColumn> = kinds
            .into_iter()
            .enumerate()
            .map(|(at, kind)| {
                let cells = rows.iter().map(|row| cell(if at > 0 || person(row) { row[at] } else { "" }));
                RawColumn::from_cells(kind.as_str(), kind, cells)
            })
            .collect();
        let organisations = rows.iter().map(|row| cell(row[0].strip_prefix('#').unwrap_or_default()));
        columns.push(RawColumn::from_cells("org", FieldKind::OrgName, organisations));
        let mut info = SourceInfo::new("crm");
        info.entity = EntityKind::Either;
        let keys = (0..rows.len()).map(|row| format!("{row:06}")).collect();
        let table = SourceTable::new(info, keys, vec![2; rows.len()], columns);
        let options = NormalizeOptions::default().with_country("DE");
        let (records, _) = normalize(RawRecords::new(vec![table]), &options);
        let roots: Vec<u32> = (0..rows.len() as u32).collect();
        find_households(&records, &Partition::from_roots(&roots))
    }

    fn cell(text: &str) -> Cell<'_> {
        if text.is_empty() { Cell::Empty } else { Cell::Value(text) }
    }

    /// The households as lists of row numbers.
    fn groups(rows: &[Row<'_>]) -> Vec<Vec<u32>> {
        let households = households(rows);
        households.iter().map(|(_, members)| members.iter().map(|entity| entity.0).collect()).collect()
    }

    const PHONE: &str = "0731 1234567";

    #[test]
    fn pairs_of_persons() {
        let home = ["Müller", "Hauptstr. 5", "", "89073", "Ulm", "", ""];
        let with = |changes: &[(usize, &'static str)]| {
            let mut row = home;
            for &(at, text) in changes {
                row[at] = text;
            }
            row
        };
        let cases: [(&str, Row<'_>, Row<'_>, bool); 29] = [
            ("the same address and surname", home, home, true),
            ("umlaut written out, street in full", home, with(&[(0, "MUELLER"), (1, "Hauptstraße 5")]), true),
            ("umlaut dropped", home, with(&[(0, "Muller")]), true),
            ("part of a compound", home, with(&[(0, "Müller-Lüdenscheidt")]), true),
            ("typing error", home, with(&[(0, "Mülelr")]), true),
            ("a short name one edit apart", with(&[(0, "Horn")]), with(&[(0, "Dorn")]), false),
            ("another surname", home, with(&[(0, "Huber")]), false),
            ("no surname", home, with(&[(0, "")]), false),
            ("an organisation", home, with(&[(0, "#Müller GmbH")]), false),
            ("another house", home, with(&[(1, "Hauptstr. 6")]), false),
            ("mistyped street", home, with(&[(1, "Haupstr. 5")]), true),
            (
                "a street with another figure",
                with(&[(1, "Straße 12, Nr. 5")]),
                with(&[(1, "Straße 13, Nr. 5")]),
                false,
            ),
            ("no house number", with(&[(1, "Hauptstr.")]), with(&[(1, "Hauptstr.")]), false),
            ("no street", with(&[(1, "")]), with(&[(1, "")]), false),
            ("postal code only", with(&[(4, "")]), home, true),
            ("city only", with(&[(3, "")]), home, true),
            ("neither", with(&[(3, ""), (4, "")]), home, false),
            ("mistyped postal code", with(&[(3, "89037")]), home, true),
            ("another postal code", with(&[(3, "89231")]), home, false),
            ("the same unit", with(&[(2, "Whg. 3")]), with(&[(2, "Wohnung 3")]), true),
            ("a unit is unknown", with(&[(2, "Whg. 3")]), home, true),
            ("another unit", with(&[(2, "Whg. 3")]), with(&[(2, "Whg. 4")]), false),
            ("unit and floor", with(&[(2, "Whg. 3")]), with(&[(2, "2. Etage")]), true),
            ("a shared phone and address", with(&[(0, "Huber"), (5, PHONE)]), with(&[(5, PHONE)]), true),
            ("a shared phone and surname", with(&[(1, "Am Hang 2"), (5, PHONE)]), with(&[(5, PHONE)]), true),
            ("a shared phone alone", with(&[(0, "Huber"), (1, ""), (5, PHONE)]), with(&[(5, PHONE)]), false),
            ("a phone and nothing to compare", ["", "", "", "", "", PHONE, ""], with(&[(5, PHONE)]), false),
            (
                "a shared e-mail",
                with(&[(1, ""), (6, "familie@mueller.de")]),
                with(&[(6, "familie@mueller.de")]),
                true,
            ),
            (
                "a role mailbox",
                with(&[(1, ""), (6, "info@mueller.de")]),
                with(&[(6, "info@mueller.de")]),
                false,
            ),
        ];
        for (name, left, right, expected) in cases {
            // Others, so that no name is frequent.
            let others: Vec<String> =
                (0..40).map(|at| format!("Name{}", "abcdefghij".repeat(at + 1))).collect();
            let mut rows = vec![left, right];
            rows.extend(others.iter().map(|name| [name.as_str(), "Ring 1", "", "10115", "Berlin", "", ""]));
            let found = groups(&rows).iter().any(|group| group == &[0, 1]);
            assert_eq!(found, expected, "{name}");
        }
    }

    #[test]
    fn a_block_is_not_a_household() {
        let names: Vec<String> = (0..60u8)
            .map(|at| format!("{0}{0}{1}{1}son", char::from(97 + at % 20), char::from(97 + at / 20)))
            .collect();
        let block = |name| [name, "Ring 1", "", "10115", "Berlin", "", ""];
        let mut rows: Vec<Row<'_>> = names.iter().map(|name| block(name)).collect();
        rows.extend([block("Schmidt"), block("Schmidt"), block("Wagenknecht"), block("Wagenknecht")]);
        let mut small = rows.clone();
        assert_eq!(groups(&rows), [vec![60, 61], vec![62, 63]]);
        // One in five people is called Schmidt: two of them among sixty say nothing, unless they share a unit.
        let elsewhere: Vec<String> = (0..100).map(|at| format!("Weg {at}")).collect();
        for (at, street) in elsewhere.iter().enumerate() {
            let name = if at % 5 == 0 { "Schmidt" } else { "Kunz" };
            rows.push([name, street, "", "80331", "München", "", ""]);
        }
        assert_eq!(groups(&rows), [vec![62, 63]]);
        rows.extend([["Schmidt", "Ring 1", "Whg. 9", "10115", "Berlin", "", ""]; 2]);
        assert_eq!(groups(&rows), [vec![62, 63], vec![164, 165]]);
        // In a house for few, chance is small, however frequent the name.
        small.truncate(0);
        small.extend(rows.iter().skip(64).take(100));
        small.extend([["Schmidt", "Am Hang 1", "", "10115", "Berlin", "", ""]; 2]);
        assert_eq!(groups(&small), [vec![100, 101]]);
    }

    #[test]
    fn contact_points_by_class() {
        let row = |name, phone, email| [name, "", "", "", "", phone, email];
        let mut rows = vec![
            row("Huber", "0731 1111111", "info@huber.de"),
            row("Huber", "0731 2222222", "info@huber.de"),
            row("Hubert", "0731 2222222", "otto@huber.de"),
            row("Meier", "0731 3333333", ""),
            row("Kunz", "0731 3333333", ""),
            row("#Kunz GmbH", "0731 4444444", ""),
        ];
        // More Schmidts than a household has.
        rows.extend([row("Schmidt", "0731 5555555", ""); 9]);
        let found = households(&rows);
        let counts = ContactClass::ALL.map(|class| found.contacts(class));
        assert_eq!(counts, [2, 1, 1, 3]);
        assert_eq!(found.len(), 1);
        assert_eq!(HouseholdReason::ALL.map(|reason| found.joins(reason)), [0, 1]);
        let household = found.household_of(EntityId(2)).unwrap();
        assert_eq!(household, HouseholdId::of_record("crm", "000001"));
        assert_eq!(found.members(household), [EntityId(1), EntityId(2)]);
        assert_eq!(found.household_of(EntityId(0)), None);
        assert!(found.members(HouseholdId::of_record("crm", "000000")).is_empty());
    }

    proptest! {
            #[test]
            fn joins_and_members_add_up_and_rows_may_come_in_any_order(
                rows in prop::collection::vec((0..4usize, 0..3usize, 0..3usize, 0..4usize, 0..4usize), 0..24),
                shift in 0..24usize,
            ) {
                let row = |&(name, street, extra, code, phone): &(usize, usize, usize, usize, usize)| [
                    ["Huber", "Hubert", "Meier-Huber", ""][name],
                    ["Weg 1", "Weg 2", ""][street],
                    ["", "Whg. 1", "Whg. 2"][extra],
                    ["89073", "89037", "10115", ""][code],
                    "Ulm",
                    ["", "0731 1111111", "0731 2222222", "0731 3333333"][phone],
                    "",
                ];
                let rows: Vec<Row<'_>> = rows.iter().map(row).collect();
                let found = households(&rows);
                let members: usize = found.iter().map(|(_, members)| members.len()).sum();
                prop_assert!(found.iter().all(|(_, members)| members.len() > 1));
                let joins: u64 = HouseholdReason::ALL.map(|reason| found.joins(reason)).into_iter().sum();
                prop_assert_eq!(joins, (members - found.len()) as u64);
                for (id, members) in found.iter() {
                    prop_assert!(members.iter().all(|&member| found.household_of(member) == Some(id)));
                    prop_assert_eq!(found.members(id), members);
                }
                let mut rotated = rows.clone();
                let shift = shift.min(rows.len());
                rotated.rotate_left(shift);
                let sorted = |groups: Vec<Vec<u32>>, back: usize| {
                    let number = |at: &u32| (*at as usize + back) % rows.len();
                    let mut groups: Vec<Vec<usize>> = groups.iter().map(|group| group.iter().map(number).collect()).collect();
                    for group in &mut groups {
     group.sort_unstable();
    }
                    groups.sort();
                    groups
                };
                prop_assert_eq!(sorted(groups(&rotated), shift), sorted(groups(&rows), 0));
            }
        }
}
