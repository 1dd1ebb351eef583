//! What the examples share: progress on stderr, and what the process has used.

pub(crate) mod process;
pub(crate) mod progress;
