//! What conditions ask about, of all profiles, in columns.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::bits::Bits;
use super::expr::Expr;
use super::field::{AmountField, ContactField, InstantField, NumberField, TextField};
use super::subject::Subject;
use crate::error::{Error, Result};
use crate::id::HouseholdId;
use crate::profile::Profile;
use crate::record::{Dictionary, EntityClass, Interner};
use crate::text;
use crate::value::Gender;

/// The fields of all profiles in columns, the rows in the order of the profiles: the profile at position n is that of
/// [`EntityId`](crate::EntityId) n.
///
/// Texts are stored once per distinct text, in the form that is compared. The size of a household is the number of its
/// profiles here.
///
/// ```
/// use onefold::segment::ProfileColumns;
/// assert!(ProfileColumns::of(&[]).is_empty());
/// ```
#[derive(Clone, Debug, Default)]
pub struct ProfileColumns {
    len: usize,
    pub(super) numbers: BTreeMap<NumberField, NumberColumn>,
    pub(super) amounts: BTreeMap<AmountField, NumberColumn>,
    pub(super) instants: BTreeMap<InstantField, NumberColumn>,
    pub(super) texts: BTreeMap<TextField, TextColumn>,
    pub(super) genders: Vec<Option<Gender>>,
    pub(super) classes: Vec<EntityClass>,
    pub(super) contacts: BTreeMap<ContactField, Bits>,
    pub(super) sources: BTreeMap<String, Bits>,
}

/// A number per row, where it is known.
#[derive(Clone, Debug, Default)]
pub(super) struct NumberColumn {
    /// Zero where there is none.
    pub(super) values: Vec<i64>,
    pub(super) known: Bits,
}

/// A text per row, as its number in the dictionary and one; zero where there is none.
#[derive(Clone, Debug, Default)]
pub(super) struct TextColumn {
    pub(super) texts: Dictionary,
    pub(super) codes: Vec<u32>,
}

impl ProfileColumns {
    /// The columns of these profiles.
    pub fn of(profiles: &[Profile]) -> Self {
        let mut builder = ProfileColumnsBuilder::new();
        builder.extend(profiles);
        builder.finish()
    }

    /// How many profiles there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// True when there are no profiles.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Checks the names in a condition that only the data can know: a source that no profile has a record in is
    /// more often a slip than a wish.
    ///
    /// # Errors
    /// A configuration error for an unknown source, with the nearest known one.
    ///
    /// ```
    /// use onefold::segment::{ProfileColumns, field};
    /// let error = ProfileColumns::of(&[]).check(&field::source("crm")).unwrap_err();
    /// assert_eq!(error.to_string(), "segment: unknown source `crm`");
    /// ```
    pub fn check(&self, expr: &Expr) -> Result<()> {
        match expr {
            Expr::All(parts) | Expr::Any(parts) => parts.iter().try_for_each(|part| self.check(part)),
            Expr::Not(inner) => self.check(inner),
            Expr::Source(name) if !self.sources.contains_key(name) => {
                let known: Vec<String> = self.sources.keys().cloned().collect();
                let nearest = text::nearest(name, known.iter().map(String::as_str));
                Err(Error::unknown(
                    "segment",
                    "source",
                    name.escape_debug().to_string(),
                    nearest,
                    known.clone(),
                ))
            }
            _ => Ok(()),
        }
    }
}

/// Builds [`ProfileColumns`] from profiles that come in parts.
///
/// ```
/// use onefold::profile::Profile;
/// use onefold::segment::{ProfileColumns, ProfileColumnsBuilder};
/// fn columns<'p>(parts: impl Iterator<Item = &'p [Profile]>) -> ProfileColumns {
///     let mut builder = ProfileColumnsBuilder::new();
///     parts.for_each(|part| builder.extend(part));
///     builder.finish()
/// }
/// assert_eq!(columns(std::iter::empty()).len(), 0);
/// ```
#[must_use]
#[derive(Debug, Default)]
pub struct ProfileColumnsBuilder {
    columns: Part,
}

/// Profiles that one thread brings into columns at once.
const PART: usize = 4096;

impl ProfileColumnsBuilder {
    /// No profiles.
    pub fn new() -> Self {
        ProfileColumnsBuilder::default()
    }

    /// Adds profiles behind those that are there.
    pub fn extend(&mut self, profiles: &[Profile]) {
        let parts: Vec<Part> = profiles.par_chunks(PART).map(Part::of).collect();
        for part in parts {
            self.columns.append(part);
        }
    }

    /// The columns.
    pub fn finish(self) -> ProfileColumns {
        let mut part = self.columns;
        let sizes = part.household_sizes();
        part.numbers.insert(NumberField::HouseholdSize, sizes);
        let text = |column: TextPart| TextColumn { texts: column.texts.finish(), codes: column.codes };
        ProfileColumns {
            len: part.len,
            numbers: part.numbers,
            amounts: part.amounts,
            instants: part.instants,
            texts: part.texts.into_iter().map(|(field, column)| (field, text(column))).collect(),
            genders: part.genders,
            classes: part.classes,
            contacts: part.contacts,
            sources: part.sources,
        }
    }
}

/// The columns of some profiles.
#[derive(Debug, Default)]
struct Part {
    len: usize,
    numbers: BTreeMap<NumberField, NumberColumn>,
    amounts: BTreeMap<AmountField, NumberColumn>,
    instants: BTreeMap<InstantField, NumberColumn>,
    texts: BTreeMap<TextField, TextPart>,
    genders: Vec<Option<Gender>>,
    classes: Vec<EntityClass>,
    contacts: BTreeMap<ContactField, Bits>,
    sources: BTreeMap<String, Bits>,
    households: Vec<Option<HouseholdId>>,
}

#[derive(Debug, Default)]
struct TextPart {
    texts: Interner,
    codes: Vec<u32>,
}

impl Part {
    fn of(profiles: &[Profile]) -> Self {
        let mut part = Part { len: profiles.len(), ..Part::default() };
        let subjects = || profiles.iter().map(Subject::new);
        for field in [NumberField::OrderCount, NumberField::BirthYear] {
            part.numbers.insert(field, subjects().map(|subject| subject.number(field)).collect());
        }
        for field in [InstantField::FirstOrder, InstantField::LastOrder] {
            part.instants.insert(field, subjects().map(|subject| subject.instant(field)).collect());
        }
        for field in [ContactField::Email, ContactField::Phone, ContactField::Address] {
            let mut bits = Bits::default();
            subjects().for_each(|subject| bits.push(subject.has_contact(field)));
            part.contacts.insert(field, bits);
        }
        for field in TextField::ALL {
            let column = part.texts.entry(field).or_default();
            // Neighbours often state the same text; folding is what costs.
            let mut known: BTreeMap<&str, u32> = BTreeMap::new();
            column.codes.extend(subjects().map(|subject| {
                let code =
                    |text| *known.entry(text).or_insert_with(|| column.texts.intern(&text::fold(text)) + 1);
                subject.text(field).map_or(0, code)
            }));
        }
        let currencies = profiles.iter().flat_map(|profile| &profile.orders.revenue);
        for currency in currencies.map(|revenue| revenue.currency).collect::<std::collections::BTreeSet<_>>()
        {
            for field in [AmountField::Revenue(currency), AmountField::AverageBasket(currency)] {
                part.amounts.insert(field, subjects().map(|subject| subject.amount(field)).collect());
            }
        }
        for (row, profile) in profiles.iter().enumerate() {
            for record in &profile.records {
                if !part.sources.contains_key(&record.source) {
                    part.sources.insert(record.source.clone(), Bits::zeros(profiles.len()));
                }
                if let Some(bits) = part.sources.get_mut(&record.source) {
                    bits.set(row);
                }
            }
        }
        part.genders = profiles.iter().map(|profile| profile.gender).collect();
        part.classes = profiles.iter().map(|profile| profile.class).collect();
        part.households = profiles.iter().map(|profile| profile.household).collect();
        part
    }

    fn append(&mut self, mut other: Part) {
        append(
            &mut self.numbers,
            other.numbers,
            self.len,
            other.len,
            NumberColumn::unknown,
            NumberColumn::append,
        );
        append(
            &mut self.amounts,
            other.amounts,
            self.len,
            other.len,
            NumberColumn::unknown,
            NumberColumn::append,
        );
        append(
            &mut self.instants,
            other.instants,
            self.len,
            other.len,
            NumberColumn::unknown,
            NumberColumn::append,
        );
        append(&mut self.contacts, other.contacts, self.len, other.len, Bits::zeros, Bits::append);
        append(&mut self.sources, other.sources, self.len, other.len, Bits::zeros, Bits::append);
        append(&mut self.texts, other.texts, self.len, other.len, TextPart::missing, TextPart::append);
        self.genders.append(&mut other.genders);
        self.classes.append(&mut other.classes);
        self.households.append(&mut other.households);
        self.len += other.len;
    }

    /// The number of profiles in each one's household; one for a person without a household.
    fn household_sizes(&self) -> NumberColumn {
        let mut ids: Vec<HouseholdId> = self.households.iter().copied().flatten().collect();
        ids.par_sort_unstable();
        let size = |id: HouseholdId| {
            let start = ids.partition_point(|other| *other < id);
            ids[start..].partition_point(|other| *other == id) as i64
        };
        let sizes = self.households.iter().zip(&self.classes).map(|(household, class)| match household {
            Some(id) => Some(size(*id)),
            None => (*class == EntityClass::Person).then_some(1),
        });
        sizes.collect()
    }
}

/// Puts columns behind others by name; where one side has none, its rows say nothing.
fn append<K: Ord, C>(
    columns: &mut BTreeMap<K, C>,
    others: BTreeMap<K, C>,
    len: usize,
    added: usize,
    nothing: impl Fn(usize) -> C,
    join: impl Fn(&mut C, &C),
) {
    let mut others = others;
    for (name, column) in columns.iter_mut() {
        join(column, &others.remove(name).unwrap_or_else(|| nothing(added)));
    }
    for (name, column) in others {
        let mut rows = nothing(len);
        join(&mut rows, &column);
        columns.insert(name, rows);
    }
}

impl NumberColumn {
    fn unknown(len: usize) -> Self {
        NumberColumn { values: vec![0; len], known: Bits::zeros(len) }
    }

    fn append(&mut self, other: &NumberColumn) {
        self.values.extend_from_slice(&other.values);
        self.known.append(&other.known);
    }

    /// The known values.
    pub(super) fn known_values(&self) -> impl Iterator<Item = i64> + '_ {
        self.values.iter().enumerate().filter(|&(row, _)| self.known.get(row)).map(|(_, &value)| value)
    }
}

impl FromIterator<Option<i64>> for NumberColumn {
    fn from_iter<I: IntoIterator<Item = Option<i64>>>(values: I) -> Self {
        let mut column = NumberColumn::default();
        for value in values {
            column.values.push(value.unwrap_or_default());
            column.known.push(value.is_some());
        }
        column
    }
}

impl TextPart {
    fn missing(len: usize) -> Self {
        TextPart { texts: Interner::new(), codes: vec![0; len] }
    }

    fn append(&mut self, other: &TextPart) {
        let texts = other.texts.dictionary();
        let numbers: Vec<u32> =
            std::iter::once(0).chain(texts.iter().map(|text| self.texts.intern(text) + 1)).collect();
        self.codes.extend(other.codes.iter().map(|&code| numbers[code as usize]));
    }
}
