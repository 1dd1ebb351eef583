//! How often values occur, counted in entities rather than records.

use serde::{Deserialize, Serialize};

use crate::id::ValueId;
use crate::record::Column;

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
    /// Values of more than one record, ascending, with their entities.
    entities: Vec<(String, f64)>,
}

impl TermFrequencies {
    /// From a column and, per value id, the expected matching pairs among its records.
    pub(crate) fn new(column: &Column, matching: impl Fn(ValueId) -> f64) -> Self {
        let (mut total, mut of_one, mut of_two) = (0.0, 0.0, 0.0);
        let mut entities = Vec::new();
        for (id, text) in column.values() {
            let records = f64::from(column.count(id));
            let pairs = matching(id).clamp(0.0, records * (records - 1.0) / 2.0);
            let count = (records * records / (records + 2.0 * pairs)).max(1.0);
            total += count;
            // Counts are estimates, so a value can be partly one of one and partly one of two entities.
            of_one += (2.0 - count).max(0.0);
            of_two += (1.0 - (count - 2.0).abs()).max(0.0);
            if column.count(id) > 1 {
                entities.push((text.to_owned(), count));
            }
        }
        entities.sort_by(|a, b| a.0.cmp(&b.0));
        // As if one more value had been seen with two: where none was, a discount of 1 would make shares 0.
        let discount = of_one / (of_one + 2.0 * (of_two + 1.0));
        TermFrequencies { total, discount, entities }
    }

    /// Checks what deserialisation cannot: every share is above zero and at most one, and look-up finds it.
    pub(crate) fn is_sound(&self) -> bool {
        let count = |count: f64| (1.0..=self.total).contains(&count);
        self.total.is_finite()
            && self.total >= 0.0
            && (0.0..1.0).contains(&self.discount)
            && self.entities.iter().all(|entry| count(entry.1))
            && self.entities.is_sorted_by(|a, b| a.0 < b.0)
    }

    /// How rare a value is: one over the share of entities that were seen with it, without the discount.
    pub fn rarity(&self, value: &str) -> f64 {
        let found = self.entities.binary_search_by(|entry| entry.0.as_str().cmp(value));
        self.total.max(1.0) / found.map_or(1.0, |at| self.entities[at].1)
    }

    /// The share of entities that have this value; a value not seen before counts as one entity's.
    pub fn share(&self, value: &str) -> f64 {
        let found = self.entities.binary_search_by(|entry| entry.0.as_str().cmp(value));
        let entities = found.map_or(1.0, |at| self.entities[at].1);
        (entities - self.discount) / self.total.max(1.0)
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
        let strangers = TermFrequencies::new(&column, |_| 0.0);
        // One value of one record is enough for a discount of 1 / 3.
        assert_close(strangers.share("meier"), (4.0 - 1.0 / 3.0) / 5.0);
        assert_close(strangers.rarity("meier"), 5.0 / 4.0);
        // All six pairs of the four records match: one entity.
        let one = TermFrequencies::new(&column, |id| if id == ValueId(1) { 6.0 } else { 0.0 });
        assert_close(one.share("meier"), (1.0 - 0.5) / 2.0);
        // Two pairs of records: two entities.
        let two = TermFrequencies::new(&column, |id| if id == ValueId(1) { 2.0 } else { 0.0 });
        assert_close(two.share("meier"), (2.0 - 0.2) / 3.0);
        assert_close(two.share("never seen"), (1.0 - 0.2) / 3.0);
    }

    #[test]
    fn nonsense_counts_stay_within_bounds() {
        let mut builder = ColumnBuilder::new(Field::new(FieldKind::City, ""));
        (0..3).for_each(|at| builder.push(RecordId(at), "ulm"));
        let column = builder.finish();
        for pairs in [f64::INFINITY, -5.0, 1e300] {
            let share = TermFrequencies::new(&column, |_| pairs).share("ulm");
            assert!(share > 0.0 && share <= 1.0, "{pairs} {share}");
        }
    }
}
