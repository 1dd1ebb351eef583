//! E-mail addresses and telephone numbers, profiled by all records that state them.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::nickname::are_variants;
use crate::id::{RecordId, ValueId};
use crate::record::{Column, EntityClass, Records, TextMap};
use crate::schema::{Field, FieldKind};
use crate::text;
use crate::value::{is_placeholder_email, is_placeholder_phone, is_role_mailbox};

/// The values of a contact field that several records state, each with its profile.
///
/// A profile is read off the records of the value alone, whatever their order, before anything is matched: it tells
/// how many persons the names among the records are. With S pairs of records whose given names may be one person's and
/// D pairs whose names may not, the share of pairs that are different persons is taken for
/// (D + α d) / (S + D + α), where d is that share over all values of the field and α = 2 pairs.
///
/// ```
/// use onefold::normalize::{ValueClass, ValueProfiles};
/// let profiles = ValueProfiles::default();
/// assert_eq!(profiles.count(ValueClass::Shared), 0);
/// assert!(profiles.get("info@meier.de").is_none());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ValueProfiles {
    /// The share of pairs of different persons among those that have a value in common.
    different: f64,
    /// How many values are of each class, values of one record included.
    counts: [u64; ValueClass::ALL.len()],
    /// Values of several records.
    profiles: TextMap<ValueProfile>,
}

/// Whose an e-mail address or telephone number is, told by the records that state it.
///
/// ```
/// use onefold::normalize::ValueClass;
/// assert_eq!(ValueClass::ALL.map(ValueClass::as_str)[1], "shared");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ValueClass {
    /// One person's, or one organisation's.
    Personal,
    /// That of several persons, who are few.
    Shared,
    /// A function's mailbox, such as `info@`.
    Role,
    /// That of more persons than a household has.
    Generic,
    /// Nobody's: a placeholder, or a value of many persons who have neither surname nor postal code in common.
    Junk,
}

/// Who states a value.
///
/// ```
/// use onefold::normalize::ValueProfile;
/// fn is_shared(profile: &ValueProfile) -> bool {
///     profile.persons > 1
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ValueProfile {
    /// The class that follows.
    pub class: ValueClass,
    /// Records that state the value.
    pub records: u32,
    /// How many persons their given names are: spellings, nicknames and initials of one name count once.
    pub persons: u32,
    /// Different surnames among them.
    pub surnames: u32,
    /// Different postal codes among them.
    pub postal_codes: u32,
    /// Pairs of records whose given names may be one person's.
    pub same: u64,
    /// Pairs of records whose given names are those of different persons.
    pub different: u64,
}

impl ValueClass {
    /// All classes.
    pub const ALL: [ValueClass; 5] =
        [ValueClass::Personal, ValueClass::Shared, ValueClass::Role, ValueClass::Generic, ValueClass::Junk];

    /// The name: `personal`, `shared`, `role`, `generic` or `junk`.
    pub fn as_str(self) -> &'static str {
        match self {
            ValueClass::Personal => "personal",
            ValueClass::Shared => "shared",
            ValueClass::Role => "role",
            ValueClass::Generic => "generic",
            ValueClass::Junk => "junk",
        }
    }
}

/// Pairs behind the share of a field, for the share of one of its values.
const STRENGTH: f64 = 2.0;
/// The share of different persons before anything is seen, and the values behind it.
const DIFFERENT: (f64, f64) = (0.05, 20.0);
/// More persons than that are no household.
const MOST_OF_HOUSEHOLD: u32 = 8;
/// Values that as many persons state who have nothing in common are nobody's.
const LEAST_OF_JUNK: u32 = 12;
/// Different names of a value that are compared with each other; further ones count as records alone.
const MOST_NAMES: usize = 32;
/// Shares are summed as integers, in these units.
const UNIT: f64 = 4_294_967_296.0;

impl ValueProfiles {
    /// Profiles the values of an e-mail or telephone field; empty for a field that the records lack, or of another kind.
    pub fn of(records: &Records, field: &Field) -> Self {
        if !matches!(field.kind, FieldKind::Email | FieldKind::Phone) {
            return ValueProfiles::default();
        }
        let Some(position) = records.schema().position(field.kind, &field.name) else {
            return ValueProfiles::default();
        };
        let column = records.column(position);
        let names = Names::of(records);
        let stated = stated(column, records);
        let groups = stated.chunk_by(|a, b| a.0 == b.0);
        let values: Vec<(&str, &[(ValueId, RecordId)])> =
            groups.filter_map(|group| Some((column.text(group.first()?.0), group))).collect();
        let profiles: Vec<ValueProfile> =
            values.par_iter().map(|&(value, stated)| names.profile(stated, field.kind, value)).collect();
        let mut counts = [0; ValueClass::ALL.len()];
        for profile in &profiles {
            counts.iter_mut().skip(profile.class as usize).take(1).for_each(|count| *count += 1);
        }
        let several = values.iter().zip(&profiles).filter(|(_, profile)| profile.records > 1);
        // A value of k records counts k − 1: else one value of a thousand records would outweigh all others. Added as
        // integers, so that the last bit does not hang on the order of records.
        let (mut different, mut all) = (0_u128, 0_u64);
        for (_, profile) in several.clone() {
            let pairs = (profile.same + profile.different) as f64;
            if pairs > 0.0 && profile.class != ValueClass::Junk {
                let weight = u64::from(profile.records - 1);
                different += (weight as f64 * profile.different as f64 / pairs * UNIT) as u128;
                all += weight;
            }
        }
        let different = (DIFFERENT.0 * DIFFERENT.1 + different as f64 / UNIT) / (DIFFERENT.1 + all as f64);
        let profiles = several.map(|(&(value, _), profile)| (value, *profile)).collect();
        ValueProfiles { different, counts, profiles }
    }

    /// The profile of a value that several records state.
    pub fn get(&self, value: &str) -> Option<&ValueProfile> {
        self.profiles.get(value)
    }

    /// How many distinct values are of a class.
    pub fn count(&self, class: ValueClass) -> u64 {
        self.counts.get(class as usize).copied().unwrap_or(0)
    }

    /// The values of several records with their profiles, ascending.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &ValueProfile)> {
        self.profiles.sorted().into_iter()
    }

    /// What agreement on a value says beyond agreement on any value of the field, in bits: for a match, and for
    /// different persons who are related. None for junk, on which agreement says nothing.
    pub fn bits(&self, value: &str) -> Option<(f64, f64)> {
        let Some(profile) = self.get(value) else { return Some((0.0, 0.0)) };
        if profile.class == ValueClass::Junk {
            return None;
        }
        let (same, different) = (profile.same as f64, profile.different as f64);
        let share = (different + STRENGTH * self.different) / (same + different + STRENGTH);
        Some((((1.0 - share) / (1.0 - self.different)).log2(), (share / self.different).log2()))
    }

    /// Checks what deserialisation cannot: bits are finite.
    pub(crate) fn is_sound(&self) -> bool {
        let share = self.different > 0.0 && self.different < 1.0;
        share || self.profiles.len() == 0
    }
}

/// Each value with each record that states it, ascending.
fn stated(column: &Column, records: &Records) -> Vec<(ValueId, RecordId)> {
    let mut stated: Vec<(ValueId, RecordId)> = records
        .ids()
        .flat_map(|record| {
            let values = column.slice(records.row(record)).iter().copied();
            values.filter(|value| !value.is_missing()).map(move |value| (value, record))
        })
        .collect();
    stated.par_sort_unstable();
    stated
}

/// What tells the persons of a value apart.
struct Names<'a> {
    records: &'a Records,
    given: Option<&'a Column>,
    family: Option<&'a Column>,
    postal_code: Option<&'a Column>,
}

impl<'a> Names<'a> {
    fn of(records: &'a Records) -> Self {
        let column = |kind| records.schema().position(kind, "").map(|field| records.column(field));
        Names {
            records,
            given: column(FieldKind::GivenName),
            family: column(FieldKind::FamilyName),
            postal_code: column(FieldKind::PostalCode),
        }
    }

    fn first(&self, column: Option<&'a Column>, record: RecordId) -> Option<&'a str> {
        let column = column?;
        let first = column.slice(self.records.row(record)).first()?;
        (!first.is_missing()).then(|| column.text(*first))
    }

    fn profile(&self, stated: &[(ValueId, RecordId)], kind: FieldKind, value: &str) -> ValueProfile {
        let holders = || stated.iter().map(|&(_, record)| record);
        let distinct = |column| {
            let mut texts: Vec<&str> = holders().filter_map(|record| self.first(column, record)).collect();
            texts.sort_unstable();
            texts.dedup();
            texts.len() as u32
        };
        let records = stated.len() as u32;
        let mut profile = ValueProfile {
            class: ValueClass::Personal,
            records,
            persons: 0,
            surnames: distinct(self.family),
            postal_codes: distinct(self.postal_code),
            same: 0,
            different: 0,
        };
        if records > 1 {
            let persons = holders().filter(|&record| self.records.class(record) == EntityClass::Person);
            let mut names: Vec<(&str, &str)> = persons
                .filter_map(|record| {
                    Some((self.first(self.given, record)?, self.first(self.family, record).unwrap_or("")))
                })
                .collect();
            names.sort_unstable();
            count_pairs(&names, &mut profile);
        }
        profile.class = class(&profile, kind, value);
        profile
    }
}

/// Counts pairs of one person and of different persons, and the persons.
fn count_pairs(names: &[(&str, &str)], profile: &mut ValueProfile) {
    let groups: Vec<(&(&str, &str), u64)> = names
        .chunk_by(|a, b| a == b)
        .filter_map(|group| Some((group.first()?, group.len() as u64)))
        .collect();
    profile.same += groups.iter().map(|&(_, count)| count * (count - 1) / 2).sum::<u64>();
    profile.persons = groups.len().saturating_sub(MOST_NAMES) as u32;
    for (at, &(a, count)) in groups.iter().enumerate().take(MOST_NAMES) {
        let mut is_new = true;
        for &(b, others) in groups.iter().take(at) {
            match is_one_person(*a, *b) {
                Some(true) => {
                    profile.same += count * others;
                    is_new = false;
                }
                Some(false) => profile.different += count * others,
                None => is_new = false,
            }
        }
        profile.persons += u32::from(is_new);
    }
}

/// Whether names of a given name and a surname may be one person's; none where the one's surname stands among the
/// other's given names, so that nothing is certain.
fn is_one_person(a: (&str, &str), b: (&str, &str)) -> Option<bool> {
    const ALIKE: f64 = 0.87;
    let is_initial = |name: &str| name.chars().nth(1).is_none();
    let initials = (is_initial(a.0) || is_initial(b.0)) && a.0.chars().next() == b.0.chars().next();
    let same = a.0 == b.0
        || initials
        || are_variants(a.0, b.0)
        || text::loose(a.0) == text::loose(b.0)
        || text::jaro_winkler(a.0, b.0) >= ALIKE;
    if !same && (a.0 == b.1 || a.1 == b.0) {
        return None;
    }
    Some(same)
}

fn class(profile: &ValueProfile, kind: FieldKind, value: &str) -> ValueClass {
    let placeholder =
        if kind == FieldKind::Email { is_placeholder_email(value) } else { is_placeholder_phone(value) };
    // Among persons of one employer, surnames differ, and postal codes do where private addresses are stored.
    let apart = |distinct: u32| u64::from(distinct) * 3 >= u64::from(profile.persons) * 2;
    let nothing_common =
        profile.persons >= LEAST_OF_JUNK && apart(profile.surnames) && apart(profile.postal_codes);
    let role = kind == FieldKind::Email && is_role_mailbox(value);
    if placeholder || (nothing_common && !role) {
        ValueClass::Junk
    } else if role {
        ValueClass::Role
    } else if profile.persons > MOST_OF_HOUSEHOLD {
        ValueClass::Generic
    } else if profile.persons > 1 {
        ValueClass::Shared
    } else {
        ValueClass::Personal
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::{NormalizeOptions, normalize};
    use crate::record::{Cell, RawColumn, RawRecords, SourceInfo, SourceTable};

    /// The profiles of rows of (given name, surname, postal code, e-mail address).
    fn profiles(rows: &[[&str; 4]]) -> ValueProfiles {
        use FieldKind as K;
        let kinds = [K::GivenName, K::FamilyName, K::PostalCode, K::Email];
        let columns = kinds.iter().enumerate().map(|(at, &kind)| {
            let cells =
                rows.iter().map(|row| if row[at].is_empty() { Cell::Empty } else { Cell::Value(row[at]) });
            RawColumn::from_cells(kind.as_str(), kind, cells)
        });
        let keys = (0..rows.len()).map(|row| format!("{row:03}")).collect();
        let lines = (2..2 + rows.len() as u64).collect();
        let table = SourceTable::new(SourceInfo::new("crm"), keys, lines, columns.collect());
        let (records, _) = normalize(RawRecords::new(vec![table]), &NormalizeOptions::default());
        ValueProfiles::of(&records, &Field::new(K::Email, ""))
    }

    #[test]
    fn nicknames_initials_and_married_names_are_one_person() {
        let own = profiles(&[
            ["Robert", "Meier", "10115", "meier@post.de"],
            ["R.", "Meyer", "10115", "meier@post.de"],
            ["Roberrt", "Huber", "80331", "meier@post.de"],
            ["Robert", "Smith", "10115", "smith@post.de"],
            ["Bob", "Smith", "10115", "smith@post.de"],
        ]);
        let profile = own.get("meier@post.de").unwrap();
        assert_eq!((profile.class, profile.persons, profile.different), (ValueClass::Personal, 1, 0));
        assert_eq!(own.get("smith@post.de").unwrap().class, ValueClass::Personal);
        let (matches, related) = own.bits("meier@post.de").unwrap();
        assert!(matches > 0.0 && related < 0.0);
    }

    #[test]
    fn an_address_of_spouses_is_shared() {
        let shared = profiles(&[
            ["Anna", "Meier", "10115", "meiers@post.de"],
            ["Anna", "Meier", "10115", "meiers@post.de"],
            ["Otto", "Meier", "10115", "meiers@post.de"],
            ["", "", "10115", "meiers@post.de"],
            ["Eva", "Huber", "80331", "eva@post.de"],
        ]);
        let profile = shared.get("meiers@post.de").unwrap();
        assert_eq!((profile.class, profile.persons), (ValueClass::Shared, 2));
        assert_eq!((profile.records, profile.same, profile.different), (4, 1, 2));
        let (matches, related) = shared.bits("meiers@post.de").unwrap();
        assert!(matches < 0.0 && related > 0.0);
        assert_eq!(shared.count(ValueClass::Personal), 1);
        assert_eq!(shared.bits("eva@post.de"), Some((0.0, 0.0)));
    }

    #[test]
    fn what_strangers_state_is_junk() {
        let given =
            ["Anna", "Otto", "Eva", "Karl", "Uwe", "Ines", "Rolf", "Maja", "Lutz", "Gerd", "Nora", "Timo"];
        let family =
            ["Abt", "Bock", "Cron", "Doll", "Esch", "Funk", "Groß", "Hahn", "Ibel", "Jahn", "Koch", "Moll"];
        let codes: Vec<String> = (0..12).map(|at| format!("{}", 10115 + 7000 * at)).collect();
        let rows = |email: &'static str| -> Vec<[&str; 4]> {
            (0..12).map(|at| [given[at], family[at], codes[at].as_str(), email]).collect()
        };
        let junk = profiles(&rows("kasse@markt.de"));
        assert_eq!(junk.get("kasse@markt.de").unwrap().class, ValueClass::Junk);
        assert_eq!(junk.bits("kasse@markt.de"), None);
        let role = profiles(&rows("info@markt.de"));
        assert_eq!(role.get("info@markt.de").unwrap().class, ValueClass::Role);
        let one_place: Vec<[&str; 4]> =
            rows("kasse@markt.de").into_iter().map(|row| [row[0], row[1], "10115", row[3]]).collect();
        assert_eq!(profiles(&one_place).get("kasse@markt.de").unwrap().class, ValueClass::Generic);
    }
}
