//! How often values occur, counted in entities rather than records.

use serde::{Deserialize, Serialize};

use crate::id::ValueId;
use crate::record::{Column, TextMap};

/// For each value of a field the estimated number of entities that have it.
///
/// Records of one entity repeat its values; counting records would make the values of an entity with many
/// records look common. A value in k records between which the model expects M matching pairs belongs to about
/// k² / (k + 2M) entities (k records in e groups of equal size have k (k / e − 1) / 2 pairs within groups).
///
/// A value that one of n entities has is rarer than 1 / n where values hardly ever repeat: mail addresses of strangers
/// do not meet by chance, however few records there are. So each count is lowered by a discount, as in models of
/// language (Ney, Essen & Kneser 1994): d = N₁ / (N₁ + 2 N₂), where N₁ and N₂ values belong to one and two entities.
///
/// ```
/// let terms = onefold::model::TermFrequencies::default();
/// assert_eq!(terms.share("meier"), 1.0);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TermFrequencies {
    /// Entities with any value.
    total: f64,
    /// What each count is lowered by, from 0 to below 1.
    #[serde(default)]
    discount: f64,
    /// Values of more than one record, with their entities.
    entities: TextMap<f64>,
}

impl TermFrequencies {
    /// Checks what deserialisation cannot: every share is above zero and at most one.
    pub(crate) fn is_sound(&self) -> bool {
        let count = |count: &f64| (1.0..=self.total).contains(count);
        self.total.is_finite()
            && self.total >= 0.0
            && (0.0..1.0).contains(&self.discount)
            && self.entities.values().all(count)
    }

    /// How many entities have this value; a value not seen before counts as one entity's.
    pub(crate) fn entities(&self, value: &str) -> f64 {
        self.entities.get(value).copied().unwrap_or(1.0)
    }

    /// How rare a value is: one over the share of entities that were seen with it, without the discount.
    pub fn rarity(&self, value: &str) -> f64 {
        self.shares().rarity(self.entities(value))
    }

    /// The share of entities that have this value; a value not seen before counts as one entity's.
    pub fn share(&self, value: &str) -> f64 {
        self.shares().share(self.entities(value))
    }

    pub(crate) fn shares(&self) -> Shares {
        Shares { total: self.total, discount: self.discount }
    }
}

/// From entities with a value to the share of all.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shares {
    total: f64,
    discount: f64,
}

impl Shares {
    pub(crate) fn rarity(self, entities: f64) -> f64 {
        self.total.max(1.0) / entities
    }

    pub(crate) fn share(self, entities: f64) -> f64 {
        (entities - self.discount) / self.total.max(1.0)
    }
}

/// The entities of each value of a column, by value id: what [`TermFrequencies`] are made of.
#[derive(Clone, Debug)]
pub(crate) struct TermCounts<'a> {
    column: &'a Column,
    shares: Shares,
    /// By value id less one.
    entities: Vec<f64>,
}

impl<'a> TermCounts<'a> {
    /// From a column and, per value id, the expected matching pairs among its records.
    pub(crate) fn new(column: &'a Column, matching: impl Fn(ValueId) -> f64) -> Self {
        let (mut total, mut of_one, mut of_two) = (0.0, 0.0, 0.0);
        let mut entities = Vec::with_capacity(column.distinct());
        for id in (1..=column.distinct() as u32).map(ValueId) {
            let records = f64::from(column.count(id));
            let pairs = matching(id).clamp(0.0, records * (records - 1.0) / 2.0);
            let count = (records * records / (records + 2.0 * pairs)).max(1.0);
            total += count;
            // Counts are estimates, so a value can be partly one of one and partly one of two entities.
            of_one += (2.0 - count).max(0.0);
            of_two += (1.0 - (count - 2.0).abs()).max(0.0);
            entities.push(count);
        }
        // As if one more value had been seen with two: where none was, a discount of 1 would make shares 0.
        let discount = of_one / (of_one + 2.0 * (of_two + 1.0));
        TermCounts { column, shares: Shares { total, discount }, entities }
    }

    pub(crate) fn shares(&self) -> Shares {
        self.shares
    }

    /// The entities of each value, in the order of the ids, which begin at 1.
    pub(crate) fn entities(&self) -> &[f64] {
        &self.entities
    }

    /// The same by text, for any records.
    pub(crate) fn frequencies(&self) -> TermFrequencies {
        let several =
            self.column.values().zip(&self.entities).filter(|((id, _), _)| self.column.count(*id) > 1);
        let Shares { total, discount } = self.shares;
        let entities = several.map(|((_, text), &entities)| (text, entities)).collect();
        TermFrequencies { total, discount, entities }
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp)]
mod tests {
    use super::*;
    use crate::id::RecordId;
    use crate::record::ColumnBuilder;
    use crate::schema::{Field, FieldKind};

    fn assert_close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-12, "{found} {expected}");
    }

    #[test]
    fn records_of_one_entity_count_once() {
        let mut builder = ColumnBuilder::new(Field::new(FieldKind::FamilyName, ""));
        ["meier", "meier", "meier", "meier", "huber"]
            .iter()
            .zip(0..)
            .for_each(|(name, at)| builder.push(RecordId(at), name));
        let column = builder.finish();
        let strangers = TermCounts::new(&column, |_| 0.0).frequencies();
        // One value of one record is enough for a discount of 1 / 3.
        assert_close(strangers.share("meier"), (4.0 - 1.0 / 3.0) / 5.0);
        assert_close(strangers.rarity("meier"), 5.0 / 4.0);
        // All six pairs of the four records match: one entity.
        let one = TermCounts::new(&column, |id| if id == ValueId(1) { 6.0 } else { 0.0 }).frequencies();
        assert_close(one.share("meier"), (1.0 - 0.5) / 2.0);
        // Two pairs of records: two entities.
        let two = TermCounts::new(&column, |id| if id == ValueId(1) { 2.0 } else { 0.0 }).frequencies();
        assert_close(two.share("meier"), (2.0 - 0.2) / 3.0);
        assert_close(two.share("never seen"), (1.0 - 0.2) / 3.0);
    }

    #[test]
    fn nonsense_counts_stay_within_bounds() {
        let mut builder = ColumnBuilder::new(Field::new(FieldKind::City, ""));
        (0..3).for_each(|at| builder.push(RecordId(at), "ulm"));
        let column = builder.finish();
        for pairs in [f64::INFINITY, -5.0, 1e300] {
            let share = TermCounts::new(&column, |_| pairs).frequencies().share("ulm");
            assert!(share > 0.0 && share <= 1.0, "{pairs} {share}");
        }
    }
}
