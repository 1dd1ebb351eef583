//! What the examples share: output, progress on stderr, the truth, and what the process has used. Not every example uses
//! all of it.
#![allow(dead_code, reason = "each example compiles this module for itself")]

pub(crate) mod output;
pub(crate) mod process;
pub(crate) mod progress;
pub(crate) mod threads;
pub(crate) mod truth;
