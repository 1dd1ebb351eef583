//! What one part of an address says because another does.
//!
//! Whoever has the same postal code has the same city, and whoever has the same city the same country: agreement on
//! the wider place is certain then, for strangers as for matches, and says nothing more. Counted again it would make
//! two strangers of one town into one customer. A wider place that *differs* still counts: it is a second witness.

use std::ops::Range;

use crate::compare::Comparison;
use crate::id::ValueId;
use crate::schema::FieldKind;

/// Per comparison the comparisons whose equality decides it, by position.
#[derive(Clone, Debug, Default)]
pub(crate) struct Implied {
    /// (place, the levels that are implied, what implies them), the widest place first.
    rules: Vec<(usize, Range<u8>, Vec<usize>)>,
}

impl Implied {
    pub(crate) fn new(comparisons: &[Comparison]) -> Self {
        let positions = |kinds: &[FieldKind]| -> Vec<usize> {
            let of_kind = |(at, comparison): (usize, &Comparison)| {
                let field = comparison.field();
                (kinds.contains(&field.kind) && field.name.is_empty()).then_some(at)
            };
            comparisons.iter().enumerate().filter_map(of_kind).collect()
        };
        let mut rules = Vec::new();
        // From wide to narrow: a place that is silenced has done its part for the wider ones before. Of two postal
        // codes in one city only the resemblance is implied.
        for (wide, best, narrow) in [
            (FieldKind::Country, 1, &[FieldKind::Region, FieldKind::City, FieldKind::PostalCode][..]),
            (FieldKind::Region, 1, &[FieldKind::City, FieldKind::PostalCode]),
            (FieldKind::PostalCode, 2, &[FieldKind::City]),
            (FieldKind::City, 1, &[FieldKind::PostalCode]),
        ] {
            for at in positions(&[wide]).into_iter().filter(|&at| comparisons[at].may_be_implied()) {
                let worst = comparisons[at].levels().len() as u8;
                rules.push((at, best..worst, positions(narrow)));
            }
        }
        Implied { rules }
    }

    /// Whether a comparison may be implied at all.
    pub(crate) fn may_silence(&self, comparison: usize) -> bool {
        self.rules.iter().any(|rule| rule.0 == comparison)
    }

    /// Takes what is implied out of a pair's levels, as if it were missing.
    pub(crate) fn apply(&self, levels: &mut [u8], values: &mut [(ValueId, ValueId)]) {
        for (place, implied, narrower) in &self.rules {
            if implied.contains(&levels[*place]) && narrower.iter().any(|&at| levels[at] == 1) {
                levels[*place] = 0;
                values[*place] = (ValueId::MISSING, ValueId::MISSING);
            }
        }
    }
}
