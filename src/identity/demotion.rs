//! Contact points that say nothing about who somebody is.

use super::event::{Event, EventRecord, Run};
use crate::model::Model;
use crate::normalize::{ValueClass, ValueProfiles};

/// The mail addresses and telephone numbers that the model takes for nobody's: of more persons than a household has, or of
/// strangers. They are found on the table of all records that state them, so that every one of these is treated alike,
/// whatever the order in which they came.
///
/// ```
/// # use onefold::Unified;
/// use onefold::identity::{Run, demotions};
/// fn print(unified: &Unified) {
///     for event in demotions(&unified.model, &Run::new("2026-11-27")) {
///         println!("{:?}", event.event);
///     }
/// }
/// ```
pub fn demotions(model: &Model, run: &Run) -> Vec<EventRecord> {
    let mut events = Vec::new();
    for weights in model.comparisons() {
        let field = weights.comparison().field();
        for (value, profile) in weights.profiles().into_iter().flat_map(ValueProfiles::iter) {
            if matches!(profile.class, ValueClass::Generic | ValueClass::Junk) {
                let reason = format!(
                    "{}: {} records of at least {} persons state it",
                    profile.class.as_str(),
                    profile.records,
                    profile.persons
                );
                let (field, value) = (field.to_string(), value.to_owned());
                events.push(run.event(Event::IdentifierDemoted { field, value, reason }, false));
            }
        }
    }
    events
}
