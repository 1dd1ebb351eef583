//! The truth that a spec names.

use onefold::Pipeline;
use onefold::evaluate::Truth;
use onefold::pipeline::spec::TruthSpec;
use onefold::record::RawRecords;

use super::output::Outcome;

/// The true entities, and households where they are known; none if the spec has no `[truth]`.
pub(crate) fn load(pipeline: &Pipeline, records: &RawRecords) -> Outcome<Option<Truth>> {
    let truth = match pipeline.truth() {
        None => return Ok(None),
        Some(TruthSpec::Column(column)) => Truth::from_column(records, column)?,
        Some(TruthSpec::File { path, source, key, entity, household, .. }) => Truth::from_csv(
            records,
            &pipeline.base().join(path),
            [source, key, entity],
            household.as_deref(),
        )?,
        Some(other) => return Err(format!("truth {other:?} is not supported").into()),
    };
    Ok(Some(truth))
}
