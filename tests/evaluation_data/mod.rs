//! Where the evaluation data lie: the environment variable `ONEFOLD_DATA`, else beside the project.
#![allow(clippy::print_stdout, reason = "a skipped test says so")]

use std::path::PathBuf;

/// A file or directory of the evaluation data; `None`, with a printed line, if it is not there.
pub(crate) fn find(path: &str) -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let data = std::env::var_os("ONEFOLD_DATA").map_or_else(beside, PathBuf::from);
    let found = data.join(path);
    if !found.exists() {
        println!("skipped: {path} is not in {}", data.display());
        return None;
    }
    Some(found)
}
