//! The dwellings of persons: street, house number, place, and the unit where it is known.

use rayon::prelude::*;

use super::groups::Groups;
use super::spelling::spellings;
use crate::id::{EntityId, FieldId, RecordId, ValueId};
use crate::record::{Column, Dictionary, Interner, Records};
use crate::resolve::Partition;
use crate::schema::FieldKind;
use crate::text;

/// A house: place, house number and street. A place is a postal code, or a city where [`IN_CITY`] is set.
pub(super) type House = (u32, u32, u32);

/// One statement of a record that a person lives in a house.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Residence {
    pub(super) house: House,
    pub(super) entity: EntityId,
    pub(super) extra: ValueId,
    /// Missing for a house in a city if no postal code is known.
    pub(super) postal_code: ValueId,
}

/// Marks a place as a city.
const IN_CITY: u32 = 1 << 31;

/// Where persons live.
#[derive(Debug, Default)]
pub(super) struct Dwellings {
    /// By house.
    residences: Vec<Residence>,
    /// The same by entity.
    by_entity: Vec<(EntityId, House, ValueId)>,
    /// By extra: the parts that can contradict each other, as (what, which).
    units: Vec<Vec<(u64, u64)>>,
}

impl Dwellings {
    /// The dwellings of the entities for which `is_person` says so. A record without street, house number, or place
    /// names none.
    pub(super) fn of(records: &Records, partition: &Partition, is_person: &[bool]) -> Self {
        let field = |kind| records.schema().position(kind, "");
        let (Some(street), Some(house)) = (field(FieldKind::Street), field(FieldKind::HouseNumber)) else {
            return Dwellings::default();
        };
        let parts = Parts {
            records,
            street,
            house,
            city: field(FieldKind::City),
            postal_code: field(FieldKind::PostalCode),
            extra: field(FieldKind::AddressExtra),
        };
        let (streets, street_texts) = canonical(records.column(street));
        let cities = parts.city.map(|city| canonical(records.column(city)).0).unwrap_or_default();
        let mut residences: Vec<Residence> = (0..records.len() as u32)
            .into_par_iter()
            .map(|record| (RecordId(record), partition.entity_of(RecordId(record))))
            .filter(|(_, entity)| is_person[entity.index()])
            .flat_map_iter(|(record, entity)| parts.residences(record, entity, &streets, &cities))
            .collect();
        residences.par_sort_unstable();
        residences
            .par_chunk_by_mut(|a, b| (a.house.0, a.house.1) == (b.house.0, b.house.1))
            .for_each(|residences| join_streets(residences, &street_texts));
        residences.par_sort_unstable();
        residences.dedup();
        let mut by_entity: Vec<_> = residences.iter().map(|at| (at.entity, at.house, at.extra)).collect();
        by_entity.par_sort_unstable();
        by_entity.dedup();
        let units = parts.extra.map(|extra| records.column(extra));
        let units = units.map(|extras| extras.values().map(|(_, extra)| units_of(extra)).collect());
        Dwellings { residences, by_entity, units: units.unwrap_or_default() }
    }

    /// The residences of each house.
    pub(super) fn houses(&self) -> Vec<&[Residence]> {
        self.residences.chunk_by(|a, b| a.house == b.house).collect()
    }

    /// The units that an extra names, as (what, which).
    pub(super) fn units(&self, extra: ValueId) -> &[(u64, u64)] {
        if extra.is_missing() { &[] } else { &self.units[extra.index() - 1] }
    }

    /// True when a dwelling is known of both.
    pub(super) fn both_known(&self, a: EntityId, b: EntityId) -> bool {
        !self.of_entity(a).is_empty() && !self.of_entity(b).is_empty()
    }

    /// True when both live in one house, in units that do not contradict each other.
    pub(super) fn agree(&self, a: EntityId, b: EntityId) -> bool {
        self.of_entity(a).iter().any(|left| {
            self.of_entity(b).iter().any(|right| {
                let (units, others) = (self.units(left.2), self.units(right.2));
                let contradicts = |&(what, which): &(u64, u64)| {
                    others.iter().any(|other| other.0 == what && other.1 != which)
                };
                left.1 == right.1 && !units.iter().any(contradicts)
            })
        })
    }

    fn of_entity(&self, entity: EntityId) -> &[(EntityId, House, ValueId)] {
        let start = self.by_entity.partition_point(|home| home.0 < entity);
        let end = start + self.by_entity[start..].iter().take_while(|home| home.0 == entity).count();
        &self.by_entity[start..end]
    }
}

/// The fields of which an address consists.
struct Parts<'a> {
    records: &'a Records,
    street: FieldId,
    house: FieldId,
    city: Option<FieldId>,
    postal_code: Option<FieldId>,
    extra: Option<FieldId>,
}

impl Parts<'_> {
    /// The houses that a record names; with several streets or places, each with each, since two statements seldom
    /// meet in a house that neither names.
    fn residences(
        &self,
        record: RecordId,
        entity: EntityId,
        streets: &[u32],
        cities: &[u32],
    ) -> Vec<Residence> {
        let postal_codes = self.values(record, self.postal_code);
        let extras = self.values(record, self.extra);
        let extras = if extras.is_empty() { vec![ValueId::MISSING] } else { extras };
        let mut places: Vec<(u32, ValueId)> = postal_codes.iter().map(|&code| (code.0, code)).collect();
        for city in self.values(record, self.city) {
            let city = cities[city.index()] | IN_CITY;
            if postal_codes.is_empty() {
                places.push((city, ValueId::MISSING));
            }
            places.extend(postal_codes.iter().map(|&code| (city, code)));
        }
        let mut residences = Vec::new();
        for street in self.values(record, Some(self.street)) {
            for number in self.values(record, Some(self.house)) {
                for &(place, postal_code) in &places {
                    let house = (place, number.0, streets[street.index()]);
                    residences.extend(extras.iter().map(|&extra| Residence {
                        house,
                        entity,
                        extra,
                        postal_code,
                    }));
                }
            }
        }
        residences
    }

    fn values(&self, record: RecordId, field: Option<FieldId>) -> Vec<ValueId> {
        let Some(field) = field else { return Vec::new() };
        let values = self.records.column(field).slice(self.records.row(record));
        values.iter().copied().filter(|value| !value.is_missing()).collect()
    }
}

/// One number for all spellings of a value that differ in how umlauts are written, by value id, and its text.
fn canonical(column: &Column) -> (Vec<u32>, Dictionary) {
    let mut interner = Interner::new();
    let numbers = column.values().map(|(_, value)| interner.intern(&text::loose(value)));
    let numbers = std::iter::once(u32::MAX).chain(numbers).collect();
    (numbers, interner.finish())
}

/// Gives streets of one place and house number that are one edit apart the same number, that of the first.
fn join_streets(residences: &mut [Residence], texts: &Dictionary) {
    let mut streets: Vec<u32> = residences.iter().map(|at| at.house.2).collect();
    streets.dedup();
    let pairs = spellings(texts, &streets);
    if pairs.is_empty() {
        return;
    }
    let number = |street: u32| streets.partition_point(|&other| other < street);
    let mut groups = Groups::new(streets.len());
    for (a, b) in pairs {
        groups.join(number(a) as u32, number(b) as u32);
    }
    let roots = groups.roots();
    for residence in residences {
        residence.house.2 = streets[roots[number(residence.house.2)] as usize];
    }
}

/// `unit 3 floor 2` is (unit, 3) and (floor, 2); a bare number is that of a unit. Other words say nothing that
/// could contradict.
fn units_of(extra: &str) -> Vec<(u64, u64)> {
    let mut units = Vec::new();
    let mut what = "unit";
    for word in text::tokens(extra) {
        if word.len() == 1 || word.contains(|c: char| c.is_ascii_digit()) {
            units.push((text::hash(what), text::hash(word)));
        } else {
            what = word;
        }
    }
    units
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_by_what_they_are() {
        let unit = |what, which| (text::hash(what), text::hash(which));
        assert_eq!(units_of("unit 3 floor 2"), [unit("unit", "3"), unit("floor", "2")]);
        assert_eq!(units_of("3"), [unit("unit", "3")]);
        assert!(units_of("care of meier").is_empty() && units_of("").is_empty());
    }
}
