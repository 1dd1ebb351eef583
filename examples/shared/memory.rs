//! How much memory a run may take: most of what is free.

use onefold::Pipeline;
use onefold::pipeline::Limits;

/// The same pipeline, which refuses to run where it would take more than 80 % of the memory that is free, if the system tells.
pub(crate) fn limited(pipeline: Pipeline) -> Pipeline {
    match free_bytes() {
        Some(free) => pipeline.with_limits(Limits::default().with_memory(free / 10 * 8)),
        None => pipeline,
    }
}

/// The memory that is free for a process, in bytes, from the files that Linux keeps.
fn free_bytes() -> Option<u64> {
    let info = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = info.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kib| kib * 1024)
}
