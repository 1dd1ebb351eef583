//! Comparisons bound to records: levels from value ids.

use crate::compare::date::DateParts;
use crate::compare::email;
use crate::compare::implied::Implied;
use crate::compare::name::{self, NameFeatures};
use crate::compare::organisation::OrganisationNames;
use crate::compare::phrase::PhraseCounts;
use crate::compare::presence::Presence;
use crate::compare::similarity::CodeFeatures;
use crate::compare::vector::{Rarity, TextVectors};
use crate::compare::vocabulary::{Vocabulary, column_of};
use crate::compare::{Comparator, Comparison, Pattern, PatternLayout, similarity};
use crate::id::{RecordId, ValueId};
use crate::record::{Column, Records};
use crate::schema::FieldKind;
use crate::text::{self, Signature};
use crate::value::is_role_mailbox;

/// The levels of one pair, comparison by comparison, and for each the two values that agreed best.
///
/// ```
/// let levels = onefold::compare::PairLevels::default();
/// assert!(levels.levels().is_empty());
/// ```
#[derive(Clone, Debug, Default)]
pub struct PairLevels {
    levels: Vec<u8>,
    values: Vec<(ValueId, ValueId)>,
}

impl PairLevels {
    /// Makes room for the levels of so many comparisons, all of them missing.
    pub(crate) fn reset(&mut self, comparisons: usize) {
        self.levels.clear();
        self.levels.resize(comparisons, 0);
        self.values.clear();
        self.values.resize(comparisons, NONE);
    }

    pub(crate) fn set(&mut self, comparison: usize, (level, values): (u8, (ValueId, ValueId))) {
        self.levels[comparison] = level;
        self.values[comparison] = values;
    }
}

impl PairLevels {
    /// Per comparison: 0 when a value is missing, 1 for the best agreement, and so on.
    pub fn levels(&self) -> &[u8] {
        &self.levels
    }

    /// Per comparison: the values of the two records that agree best, or the only ones that they have; both
    /// [`ValueId::MISSING`] where none of several agree.
    pub fn values(&self) -> &[(ValueId, ValueId)] {
        &self.values
    }
}

/// Comparisons with what they need of each distinct value of some records.
///
/// ```
/// use onefold::compare::{BoundComparisons, Vocabulary, default_comparisons};
/// use onefold::record::{RawRecords, RecordsBuilder};
/// let records = RecordsBuilder::new(RawRecords::default(), vec![]).finish();
/// let comparisons = default_comparisons(&records);
/// let vocabulary = Vocabulary::learn(&comparisons, &records);
/// let bound = BoundComparisons::new(&comparisons, &vocabulary, &records);
/// assert_eq!(bound.layout().comparisons(), 0);
/// ```
#[derive(Debug)]
pub struct BoundComparisons<'a> {
    records: &'a Records,
    /// `None` where the records lack the field: its level is always 0.
    bound: Vec<Option<Bound<'a>>>,
    presence: Presence,
    implied: Implied,
    layout: PatternLayout,
}

/// No value of either record.
const NONE: (ValueId, ValueId) = (ValueId::MISSING, ValueId::MISSING);

#[derive(Debug)]
struct Bound<'a> {
    column: &'a Column,
    comparator: Comparator,
    /// The level of a pair of which a value is missing.
    missing: u8,
    features: Features<'a>,
    /// By value id: what agreement on the value weighs; empty if all weigh the same.
    weights: Vec<f32>,
    /// By value id: how rare the value is, one over its share of entities; empty if that does not count.
    rarities: Vec<f32>,
}

/// What a comparator needs of each distinct value, by value id.
#[derive(Debug)]
enum Features<'a> {
    None,
    Names {
        names: Vec<NameFeatures>,
        crossed: Option<Crossed<'a>>,
    },
    Dates(Vec<DateParts>),
    Signatures(Vec<Signature>),
    Vectors(TextVectors),
    Organisations(OrganisationNames),
    Numbers(Vec<f64>),
    Codes(Vec<CodeFeatures>),
    Emails {
        codes: Vec<CodeFeatures>,
        /// The columns of the names that addresses are made of.
        names: Vec<&'a Column>,
    },
}

/// The other name column, and which of its values has the same text as each of ours.
#[derive(Debug)]
struct Crossed<'a> {
    column: &'a Column,
    same: Vec<u32>,
}

impl<'a> BoundComparisons<'a> {
    /// Binds comparisons to records. A field that the records lack is missing in every pair.
    pub fn new(comparisons: &[Comparison], vocabulary: &Vocabulary, records: &'a Records) -> Self {
        let (unknown, unheard) = (Rarity::default(), PhraseCounts::default());
        let bound: Vec<Option<Bound<'a>>> = comparisons
            .iter()
            .enumerate()
            .map(|(at, comparison)| {
                let column = column_of(comparison, records)?;
                let rarity = vocabulary.rarities.get(at).and_then(Option::as_ref).unwrap_or(&unknown);
                let phrases = vocabulary.phrases.get(at).and_then(Option::as_ref).unwrap_or(&unheard);
                let comparator = comparison.comparator();
                Some(Bound {
                    column,
                    comparator,
                    missing: comparison.missing_level(),
                    features: Features::new(comparison, column, records, (rarity, phrases)),
                    weights: Vec::new(),
                    rarities: Vec::new(),
                })
            })
            .collect();
        let levels: Vec<usize> = comparisons.iter().map(|comparison| comparison.levels().len()).collect();
        let columns: Vec<(Option<&Column>, bool)> = bound
            .iter()
            .map(|bound| {
                bound.as_ref().map_or((None, false), |bound| (Some(bound.column), bound.missing != 0))
            })
            .collect();
        BoundComparisons {
            records,
            presence: Presence::new(&columns, records),
            bound,
            implied: Implied::new(comparisons),
            layout: PatternLayout::new(&levels),
        }
    }

    /// Tells what agreement on each value of a comparison weighs, by value id.
    pub(crate) fn set_weights(&mut self, comparison: usize, weights: Vec<f32>) {
        if let Some(Some(bound)) = self.bound.get_mut(comparison) {
            bound.weights = weights;
        }
    }

    /// What agreement on a value weighs, where values weigh differently.
    pub(crate) fn value_weight(&self, comparison: usize, value: ValueId) -> Option<f64> {
        self.bound[comparison].as_ref()?.weights.get(value.index()).copied().map(f64::from)
    }

    /// Tells how rare each value of a comparison is, by value id.
    pub(crate) fn set_rarities(&mut self, comparison: usize, rarities: Vec<f32>) {
        if let Some(Some(bound)) = self.bound.get_mut(comparison) {
            bound.rarities = rarities;
        }
    }

    /// How rare each value of a comparison is, by value id; empty where that does not count.
    pub(crate) fn rarities(&self, comparison: usize) -> &[f32] {
        self.bound[comparison].as_ref().map_or(&[], |bound| &bound.rarities)
    }

    /// How rare two values are on average, where that counts.
    pub(crate) fn rarity(&self, comparison: usize, values: (ValueId, ValueId)) -> Option<f64> {
        let rarities = &self.bound[comparison].as_ref()?.rarities;
        let rarity = |value: ValueId| rarities.get(value.index()).copied().map(f64::from);
        Some(f64::midpoint(rarity(values.0)?, rarity(values.1)?))
    }

    /// The level of two different values of a comparison; none if the records lack its field.
    pub(crate) fn level_of_values(&self, comparison: usize, a: ValueId, b: ValueId) -> Option<u8> {
        Some(self.bound[comparison].as_ref()?.value_level(a, b))
    }

    /// How levels are packed.
    pub fn layout(&self) -> &PatternLayout {
        &self.layout
    }

    /// The records that the comparisons are bound to.
    pub fn records(&self) -> &'a Records {
        self.records
    }

    /// The column of each comparison; `None` where the records lack the field.
    pub(crate) fn columns(&self) -> impl Iterator<Item = Option<&'a Column>> + '_ {
        self.bound.iter().map(|bound| bound.as_ref().map(|bound| bound.column))
    }

    /// Compares two records; `levels` is overwritten, so that one buffer serves many pairs.
    pub fn compare(&self, a: RecordId, b: RecordId, levels: &mut PairLevels) {
        let (row_a, row_b) = (self.records.row(a), self.records.row(b));
        levels.reset(self.bound.len());
        for at in self.presence.both(a, b) {
            let Some(bound) = &self.bound[at] else { continue };
            let level = bound.settled(row_a, row_b).unwrap_or_else(|| bound.unsettled(row_a, row_b));
            levels.set(at, level);
        }
        self.silence_implied(levels);
    }

    /// The comparisons, ascending, whose level may not be 0.
    #[inline]
    pub(crate) fn present(&self, a: RecordId, b: RecordId) -> impl Iterator<Item = usize> + use<> {
        self.presence.both(a, b)
    }

    /// Reads a little of what the comparison of a record reads beside its row, so that what is read of many records is fetched
    /// together.
    #[inline]
    pub(crate) fn touch(&self, record: RecordId) -> u32 {
        self.presence.touch(record)
    }

    /// The level of a comparison where no text is to be looked at: a value is missing, or both have one in common.
    #[inline]
    pub(crate) fn settled(
        &self,
        comparison: usize,
        row_a: &[ValueId],
        row_b: &[ValueId],
    ) -> Option<(u8, (ValueId, ValueId))> {
        self.bound[comparison].as_ref().map_or(Some((0, NONE)), |bound| bound.settled(row_a, row_b))
    }

    /// The level of a comparison that is not [`settled`](Self::settled).
    pub(crate) fn unsettled(
        &self,
        comparison: usize,
        row_a: &[ValueId],
        row_b: &[ValueId],
    ) -> (u8, (ValueId, ValueId)) {
        self.bound[comparison].as_ref().map_or((0, NONE), |bound| bound.unsettled(row_a, row_b))
    }

    /// The values of a comparison in a record's row.
    pub(crate) fn values<'r>(&self, comparison: usize, row: &'r [ValueId]) -> &'r [ValueId] {
        self.bound[comparison].as_ref().map_or(&[], |bound| bound.column.slice(row))
    }

    /// Takes out of a pair's levels what its other levels imply.
    pub(crate) fn silence_implied(&self, levels: &mut PairLevels) {
        self.implied.apply(&mut levels.levels, &mut levels.values);
    }

    /// Whether agreement of a comparison may be [taken out](Self::silence_implied).
    pub(crate) fn may_be_silenced(&self, comparison: usize) -> bool {
        self.implied.may_silence(comparison)
    }

    /// The pattern of levels already compared.
    pub fn pattern(&self, levels: &PairLevels) -> Pattern {
        self.layout.pack(&levels.levels)
    }
}

impl Bound<'_> {
    /// Whether two values are rarer than two others, where that counts: so the pair that is taken does not depend on
    /// which record comes first.
    fn is_rarer(&self, one: (ValueId, ValueId), other: (ValueId, ValueId)) -> bool {
        let rarity = |id: ValueId| self.rarities.get(id.index()).copied().map_or(0.0, f64::from);
        rarity(one.0) + rarity(one.1) > rarity(other.0) + rarity(other.1)
    }

    /// The level where a value is missing, or both records have one in common.
    #[inline]
    fn settled(&self, row_a: &[ValueId], row_b: &[ValueId]) -> Option<(u8, (ValueId, ValueId))> {
        let (ids_a, ids_b) = (self.column.slice(row_a), self.column.slice(row_b));
        if ids_a.first().is_none_or(|id| id.is_missing()) || ids_b.first().is_none_or(|id| id.is_missing()) {
            return Some((self.missing, NONE));
        }
        self.shared(ids_a, ids_b).map(|shared| (self.shared_level(shared), (shared, shared)))
    }

    /// The best level over all pairs of values, of which none are equal, and the rarest pair that reaches it.
    fn unsettled(&self, row_a: &[ValueId], row_b: &[ValueId]) -> (u8, (ValueId, ValueId)) {
        let (ids_a, ids_b) = (self.column.slice(row_a), self.column.slice(row_b));
        let worst = self.comparator.levels().len() as u8;
        // Of several values none is the one that differs.
        let single = [ids_a, ids_b].iter().all(|ids| ids.get(1).is_none_or(|id| id.is_missing()));
        let mut best = (worst, if single { (ids_a[0], ids_b[0]) } else { NONE });
        for &a in ids_a.iter().take_while(|id| !id.is_missing()) {
            for &b in ids_b.iter().take_while(|id| !id.is_missing()) {
                let level = self.value_level(a, b);
                if level < best.0 || (level == best.0 && self.is_rarer((a, b), best.1)) {
                    best = (level, (a, b));
                }
            }
        }
        if best.0 < worst && self.repeats_names(best, row_a, row_b) {
            // Who changes the provider keeps the name: that weighs up that the addresses differ.
            let is_same_local = best.0 == 2 && !is_role_mailbox(self.column.text(best.1.0));
            return (if is_same_local { 0 } else { worst }, NONE);
        }
        if best.0 == worst && self.is_crossed(ids_a, ids_b, row_a, row_b) {
            best = (worst - 1, NONE);
        }
        best
    }

    /// Equal values are the best level, but for dates of which both know only a part.
    fn shared_level(&self, shared: ValueId) -> u8 {
        match &self.features {
            Features::Dates(dates) => dates[shared.index()].equal_level(),
            _ => 1,
        }
    }

    /// The value that both have; of several the one that weighs most under the model, ties by text. Neither
    /// depends on which other records are there.
    fn shared(&self, ids_a: &[ValueId], ids_b: &[ValueId]) -> Option<ValueId> {
        if ids_a.len() == 1 {
            return (ids_a[0] == ids_b[0]).then_some(ids_a[0]);
        }
        let common = ids_a.iter().copied().filter(|id| !id.is_missing() && ids_b.contains(id));
        let weight = |id: ValueId| self.weights.get(id.index()).copied().unwrap_or(0.0);
        common.max_by(|&a, &b| {
            weight(a).total_cmp(&weight(b)).then_with(|| self.column.text(b).cmp(self.column.text(a)))
        })
    }

    /// The level of two different values. Their texts, each a look at distant memory, are read only where features settle
    /// nothing.
    fn value_level(&self, a: ValueId, b: ValueId) -> u8 {
        let (at_a, at_b) = (a.index(), b.index());
        let texts = || (self.column.text(a), self.column.text(b));
        match (&self.features, self.comparator) {
            (Features::Names { names, .. }, comparator) => {
                let (a, b) = (&names[at_a], &names[at_b]);
                let (by_features, by_text): (name::ByFeatures, name::ByText) = match comparator {
                    Comparator::GivenName => (name::given_by_features, name::given),
                    Comparator::FamilyName => (name::family_by_features, name::family),
                    _ => (name::middle_by_features, name::middle),
                };
                by_features(a, b).unwrap_or_else(|| {
                    let texts = texts();
                    by_text((texts.0, a), (texts.1, b))
                })
            }
            (Features::Codes(codes) | Features::Emails { codes, .. }, comparator) => {
                similarity::by_features(comparator, codes[at_a], codes[at_b]).unwrap_or_else(|| {
                    let (a, b) = texts();
                    match comparator {
                        Comparator::Email => similarity::email(a, b),
                        Comparator::Phone => similarity::phone(a, b),
                        Comparator::PostalCode => similarity::postal_code(a, b),
                        Comparator::HouseNumber => similarity::house_number(a, b),
                        _ => similarity::code(a, b),
                    }
                })
            }
            (Features::Dates(dates), _) => dates[at_a].level(dates[at_b]),
            (Features::Signatures(signatures), _) => {
                let signatures = (signatures[at_a], signatures[at_b]);
                similarity::name_by_signatures(signatures).unwrap_or_else(|| {
                    let (a, b) = texts();
                    similarity::name(a, b, signatures)
                })
            }
            (Features::Organisations(names), _) => {
                let (a, b) = texts();
                names.level((at_a, a), (at_b, b))
            }
            (Features::Vectors(vectors), _) => vectors.level(at_a, at_b),
            (Features::Numbers(numbers), Comparator::Year) => similarity::year(numbers[at_a], numbers[at_b]),
            (Features::Numbers(numbers), _) => similarity::number(numbers[at_a], numbers[at_b]),
            (Features::None, comparator) => comparator.levels().len() as u8,
        }
    }

    /// True for two different mail addresses of which each is made of its record's own names, or names a function: that
    /// they are alike says what the names say, which count already.
    fn repeats_names(
        &self,
        (level, values): (u8, (ValueId, ValueId)),
        row_a: &[ValueId],
        row_b: &[ValueId],
    ) -> bool {
        let Features::Emails { names, .. } = &self.features else { return false };
        let (text_a, text_b) = (self.column.text(values.0), self.column.text(values.1));
        let same_digits = email::digits(text_a).eq(email::digits(text_b));
        let digits = match level {
            2 => email::DIGITS_OF_SAME,
            _ if same_digits => email::DIGITS_OF_SIMILAR,
            // Other numbers behind the same name are those of namesakes, however long they are.
            _ => usize::MAX,
        };
        let is_told = |value: ValueId, row: &[ValueId]| {
            let words = || {
                let texts = names.iter().flat_map(|column| {
                    let ids = column.slice(row).iter().filter(|id| !id.is_missing());
                    ids.map(|&id| column.text(id))
                });
                texts.flat_map(text::tokens)
            };
            email::is_made_of(self.column.text(value), digits, words)
        };
        let is_misspelt = same_digits && email::is_misspelt(text_a, text_b);
        !is_misspelt && is_told(values.0, row_a) && is_told(values.1, row_b)
    }

    /// True when a name of each record stands in the other name field of the other record.
    fn is_crossed(&self, ids_a: &[ValueId], ids_b: &[ValueId], row_a: &[ValueId], row_b: &[ValueId]) -> bool {
        let Features::Names { crossed: Some(crossed), .. } = &self.features else { return false };
        let stands_in = |ids: &[ValueId], row: &[ValueId]| {
            let others = crossed.column.slice(row);
            ids.iter().any(|id| {
                let same = ValueId(crossed.same[id.index()]);
                !same.is_missing() && others.contains(&same)
            })
        };
        // One name that stands in the other field speaks for the surname; given names are crossed if both are.
        match self.comparator {
            Comparator::GivenName => stands_in(ids_a, row_b) && stands_in(ids_b, row_a),
            _ => stands_in(ids_a, row_b) || stands_in(ids_b, row_a),
        }
    }
}

impl<'a> Features<'a> {
    fn new(
        comparison: &Comparison,
        column: &'a Column,
        records: &'a Records,
        (rarity, phrases): (&Rarity, &PhraseCounts),
    ) -> Self {
        let comparator = comparison.comparator();
        let crossed = |kind| {
            if !comparison.is_crossed() {
                return None;
            }
            let field = records.schema().position(kind, "")?;
            let other = records.column(field);
            Some(Crossed { column: other, same: name::crossing(column, other) })
        };
        let codes = || {
            let values = column.values().map(|(_, text)| CodeFeatures::of(comparator, text));
            std::iter::once(CodeFeatures::default()).chain(values).collect()
        };
        let names = |crossed| Features::Names { names: NameFeatures::of_column(column), crossed };
        match comparator {
            Comparator::GivenName => names(crossed(FieldKind::FamilyName)),
            Comparator::FamilyName => names(crossed(FieldKind::GivenName)),
            Comparator::MiddleName => names(None),
            Comparator::Date => {
                let dates = column.values().map(|(_, text)| DateParts::read(text));
                Features::Dates(std::iter::once(DateParts::default()).chain(dates).collect())
            }
            Comparator::Name => {
                let signatures = column.values().map(|(_, text)| Signature::of(text));
                Features::Signatures(std::iter::once(Signature::default()).chain(signatures).collect())
            }
            Comparator::Organisation => Features::Organisations(OrganisationNames::new(column, phrases)),
            Comparator::Text => Features::Vectors(TextVectors::new(column, rarity)),
            Comparator::Email => {
                let kinds = [FieldKind::GivenName, FieldKind::MiddleName, FieldKind::FamilyName];
                let positions = kinds.iter().filter_map(|&kind| records.schema().position(kind, ""));
                let names = positions.map(|position| records.column(position)).collect();
                Features::Emails { codes: codes(), names }
            }
            Comparator::Phone | Comparator::Code | Comparator::PostalCode | Comparator::HouseNumber => {
                Features::Codes(codes())
            }
            Comparator::Number | Comparator::Year => Features::Numbers(name::numbers(column)),
            _ => Features::None,
        }
    }
}
