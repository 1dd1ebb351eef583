//! Which comparisons two records both have values for, told by one look at memory for each record.

use rayon::prelude::*;

use crate::id::RecordId;
use crate::record::{Column, Records};

/// Per record, which comparisons it has a value for. Most pairs lack most fields: what is missing is passed over
/// together, not comparison by comparison.
#[derive(Clone, Debug, Default)]
pub(crate) struct Presence {
    /// Bits of the first comparisons, by record.
    of: Vec<u32>,
    /// Bits of the comparisons to which it matters that a value is missing.
    always: u32,
    comparisons: usize,
}

/// Comparisons that have a bit; later ones, which hardly any records have, are always looked at.
const BITS: usize = 32;

impl Presence {
    /// Of each comparison: its column, if the records have it, and whether it matters that a value is missing.
    pub(crate) fn new(comparisons: &[(Option<&Column>, bool)], records: &Records) -> Self {
        let bits = || comparisons.iter().take(BITS).enumerate();
        let always = bits().filter(|(_, (_, always))| *always).fold(0, |all, (at, _)| all | 1 << at);
        let columns: Vec<(usize, &Column)> =
            bits().filter_map(|(at, (column, _))| Some((at, (*column)?))).collect();
        let of_record = |record: u32| {
            let row = records.row(RecordId(record));
            let has = |column: &Column| column.slice(row).first().is_some_and(|id| !id.is_missing());
            columns.iter().fold(0, |all, &(at, column)| all | u32::from(has(column)) << at)
        };
        let of = (0..records.len() as u32).into_par_iter().map(of_record).collect();
        Presence { of, always, comparisons: comparisons.len() }
    }

    /// The comparisons, ascending, that both records have values for, and those that say something even so.
    #[inline]
    pub(crate) fn both(&self, a: RecordId, b: RecordId) -> impl Iterator<Item = usize> + use<> {
        let mut bits = self.of[a.index()] & self.of[b.index()] | self.always;
        let of_bits = std::iter::from_fn(move || {
            (bits != 0).then(|| {
                let at = bits.trailing_zeros() as usize;
                bits &= bits - 1;
                at
            })
        });
        of_bits.chain(BITS..self.comparisons)
    }

    /// Reads a record's bits, so that those of many records are fetched together.
    #[inline]
    pub(crate) fn touch(&self, record: RecordId) -> u32 {
        self.of[record.index()]
    }
}
