//! Kernels on text: the folded comparison form, distances, bounds, hashes, q-grams and phonetic keys.
//!
//! Nothing here knows about records or fields; everything takes `&str` and is a pure function of it. Most
//! kernels take any text, and are fastest on [folded](fold) text, which is ASCII.
//!
//! | to | use |
//! |---|---|
//! | bring spellings of one name to one form | [`fold`], [`loose`], [`repair`] |
//! | compare two names | [`jaro_winkler`], [`levenshtein`], [`damerau`] |
//! | skip most comparisons | [`Signature`], [`jaro_winkler_at_least`], [`levenshtein_within`] |
//! | find similar values by equality of keys | [`deletions`], [`qgrams`], [`cologne`], [`double_metaphone`] |
//! | compare sets of keys | [`sets`] |

mod damerau;
mod deletion;
mod entity;
mod fold;
mod hash;
mod jaro;
mod levenshtein;
mod loose;
mod mojibake;
mod nearest;
mod phonetic;
mod positions;
mod qgram;
mod readable;
pub mod sets;
mod signature;
mod windows1252;

#[cfg(test)]
mod cases;

pub use damerau::{damerau, damerau_within};
pub use deletion::deletions;
pub use fold::{fold, tokens};
pub use hash::{combine, hash};
pub use jaro::{jaro, jaro_winkler};
pub use levenshtein::{levenshtein, levenshtein_within};
pub use loose::loose;
pub use mojibake::repair;
pub use nearest::nearest;
pub use phonetic::{cologne, double_metaphone};
pub use qgram::qgrams;
pub use readable::readable;
pub use signature::{Signature, jaro_winkler_at_least};
