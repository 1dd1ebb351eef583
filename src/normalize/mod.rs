//! Normalisation: raw cells become typed, folded, comparable values.
//!
//! [`normalize`] reads each distinct text of a column once, as the column's kind, and puts the values together
//! record by record. The parsers that it uses for names, organisations, streets and addresses are functions on
//! `&str` and can be used alone.
//!
//! ```
//! use onefold::normalize::{are_variants, parse_organisation, parse_person_name};
//!
//! let name = parse_person_name("MEIER, Dr. Robert");
//! assert_eq!((name.given[0].as_str(), name.family[0].as_str()), ("robert", "meier"));
//! assert!(are_variants("bob", &name.given[0]));
//! assert_eq!(parse_organisation("Meier & Söhne GmbH").name, "meier soehne");
//! ```

#![deny(clippy::indexing_slicing)]

mod address;
mod assemble;
mod cell;
mod field;
mod legal_form;
mod letter_case;
mod nickname;
mod options;
mod organisation;
mod parsed;
mod person_name;
mod person_token;
mod person_word;
mod place;
mod source;
mod street;
mod street_type;
mod surface;
mod value_profile;

pub use address::{PostalAddress, parse_address};
pub use assemble::normalize;
pub(crate) use cell::may_fill;
pub(crate) use field::gives;
pub(crate) use letter_case::spelling_grade;
pub(crate) use nickname::share_group;
pub use nickname::{are_variants, formal_names, variant_groups};
pub use options::NormalizeOptions;
pub use organisation::{OrganisationName, parse_organisation};
pub use person_name::{PersonName, parse_person_name};
pub use street::{Street, parse_street};
pub use surface::surface;
pub(crate) use surface::{Origin, Written, has_spellings, may_be_written, unwritten, written};
pub use value_profile::{ValueClass, ValueProfile, ValueProfiles};
