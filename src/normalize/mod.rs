//! Raw cells become normalised records: one file per family of kinds.

#![deny(clippy::indexing_slicing)]

mod address;
mod legal_form;
mod nickname;
mod organisation;
mod person_name;
mod person_word;
mod place;
mod street;
mod street_type;

pub use address::{PostalAddress, parse_address};
pub use nickname::{are_variants, variant_groups};
pub use organisation::{OrganisationName, parse_organisation};
pub use person_name::{PersonName, parse_person_name};
pub use street::{Street, parse_street};
