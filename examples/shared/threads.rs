//! The option `--threads`.

use std::ffi::OsStr;

use super::output::Outcome;

/// More threads than any machine has cores are a slip of the keyboard, and would exhaust it.
const MOST: usize = 1024;

/// The number of threads that an argument asks for.
pub(crate) fn parse(word: &OsStr) -> Outcome<usize> {
    let threads = word.to_str().and_then(|threads| threads.parse().ok());
    let threads = threads.filter(|threads| (1..=MOST).contains(threads));
    Ok(threads.ok_or_else(|| format!("--threads needs a number from 1 to {MOST}"))?)
}
