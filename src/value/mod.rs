//! Recognise and parse single values: dates, numbers, e-mail addresses, phones, identifiers, countries.
//!
//! Every function here is total: it takes any text whatever and answers with a canonical value or with none.
//! Nothing reads a clock, a locale or a setting; what a notation leaves open (day or month first, the country of
//! a phone number) is an argument.

#![deny(clippy::indexing_slicing)]

mod amount;
mod country;
mod date;
mod duration;
mod email;
mod gender;
mod identifier;
mod instant;
mod number;
mod phone;
mod placeholder;
mod postal_code;
mod role;
mod url;
mod words;
mod year;

pub use amount::{Amount, Currency, DecimalMark, UnknownCurrency, parse_amount};
pub use country::parse_country;
pub use date::{Date, DayMonthOrder, ParsedDate, Precision, TWO_DIGIT_YEAR_PIVOT, parse_date};
pub use duration::parse_duration;
pub use email::{Email, parse_email};
pub use gender::{Gender, parse_gender};
pub use identifier::{Check, Checked, luhn, parse_iban, parse_identifier, parse_tax_id};
pub use instant::{Instant, NoInstant, parse_instant};
pub use number::parse_number;
pub use phone::parse_phone;
pub use placeholder::{
    is_placeholder, is_placeholder_date, is_placeholder_email, is_placeholder_identifier,
    is_placeholder_name, is_placeholder_phone,
};
pub use postal_code::postal_code;
pub use role::is_role_mailbox;
pub use url::parse_url;
pub use year::parse_year;
