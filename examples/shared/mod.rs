//! What the examples share: output, progress on stderr, the truth, graphs, and what the process has used. Not every example uses
//! all of it.
#![allow(dead_code, reason = "each example compiles this module for itself")]

pub(crate) mod graph;
pub(crate) mod hard_negatives;
pub(crate) mod memory;
pub(crate) mod output;
pub(crate) mod process;
pub(crate) mod progress;
pub(crate) mod table;
pub(crate) mod threads;
pub(crate) mod truth;
