//! Inference: what the columns hold that no declaration names, from their names and their values.
//!
//! A wrong kind is worse than none, so the two must agree, and the less one says the more is asked of the other:
//!
//! | the name | the values | |
//! |---|---|---|
//! | all its words are known and they say a kind | most have its form | the kind |
//! | says a kind among unknown words | nearly all have its strict form | the kind, unless another column holds it |
//! | says nothing | nearly all have a form that proves the kind, and few are repeated | the kind, unless another column holds it |
//! | has a word of something else: an order, an owner, a state | any | none |
//!
//! Only kinds that tell who or where someone is are inferred. `date`, `year`, `number`, `category` and `text` say how
//! to compare a column, which its name and values do not tell.

mod decide;
mod names;
mod sample;
mod values;
mod vocabulary;
mod words;

use rayon::prelude::*;

use super::kept::{Kept, Purpose};
use super::mapping::{InferredColumn, Mapping, UnmappedColumn};
use super::source::Source;
use decide::{Context, Decision, Evidence};

/// Decides on the columns that are undecided: those with a kind become columns of the records, the others are
/// discarded. The report is in this order of the columns; `rows` is the number of rows that won.
pub(super) fn infer(source: &Source, columns: &mut [Kept<'_>], order: &[usize], rows: usize) -> Mapping {
    let undecided: Vec<usize> = order
        .iter()
        .copied()
        .filter(|&at| columns.get(at).is_some_and(|column| column.purpose == Purpose::Undecided))
        .collect();
    let evidence: Vec<Evidence<'_>> = undecided
        .par_iter()
        .filter_map(|&at| columns.get(at))
        .map(|column| Evidence::of(column, rows))
        .collect();
    let decisions = Context::of(source, &evidence).decide(&evidence);
    drop(evidence);
    let mut mapping = Mapping::default();
    for (at, decision) in undecided.into_iter().zip(decisions) {
        let Some(kept) = columns.get_mut(at) else { continue };
        let (source, column) = (source.name().to_owned(), kept.name.clone().into_owned());
        match decision {
            Decision::Kind { kind, basis, fitting, distinct } => {
                mapping.inferred.push(InferredColumn { source, column, kind, basis, fitting, distinct });
                (kept.kind, kept.purpose) = (kind, Purpose::Record);
            }
            Decision::None(reason) => {
                mapping.unmapped.push(UnmappedColumn { source, column, reason });
                kept.discard();
            }
        }
    }
    mapping
}
