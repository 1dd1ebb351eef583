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

use super::mapping::{InferredColumn, UnmappedColumn};
use super::source::Source;
use crate::record::RawColumn;
use decide::{Context, Decision, Evidence};

/// What became of the columns that no declaration names.
pub(super) struct Inferred {
    pub(super) inferred: Vec<InferredColumn>,
    pub(super) unmapped: Vec<UnmappedColumn>,
}

/// Decides on columns that no declaration names.
pub(super) fn infer(source: &Source, undeclared: &[RawColumn]) -> Inferred {
    let evidence: Vec<Evidence<'_>> = undeclared.par_iter().map(Evidence::of).collect();
    let decisions = Context::of(source, &evidence).decide(&evidence);
    let (mut inferred, mut unmapped) = (Vec::new(), Vec::new());
    for (column, decision) in undeclared.iter().zip(decisions) {
        let (source, name) = (source.name().to_owned(), column.name().to_owned());
        match decision {
            Decision::Kind { kind, basis, fitting, distinct } => {
                inferred.push(InferredColumn { source, column: name, kind, basis, fitting, distinct });
            }
            Decision::None(reason) => unmapped.push(UnmappedColumn { source, column: name, reason }),
        }
    }
    Inferred { inferred, unmapped }
}
