//! CPU time and peak memory of this process, from the files that Linux keeps; `None` elsewhere.

/// User and system time so far, in seconds.
pub(crate) fn cpu_seconds() -> Option<f64> {
    // Fields 14 and 15, in ticks of 1/100 s; the second field is a name in brackets that may hold spaces.
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<f64>().ok();
    Some((ticks()? + ticks()?) / 100.0)
}

/// The high-water mark of resident memory, in bytes.
pub(crate) fn peak_rss_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kib| kib * 1024)
}
