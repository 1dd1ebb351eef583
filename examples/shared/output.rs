//! Standard output and standard error.

use std::io::Write;

use onefold::pipeline::Event;

/// What an example's functions return: the first error ends it with one line.
pub(crate) type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// A line on stderr. Where stderr cannot be written, nobody can be told; that is no reason to panic.
pub(crate) fn tell(line: &impl std::fmt::Display) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Text on stdout.
pub(crate) fn print(text: std::fmt::Arguments<'_>) -> Outcome<()> {
    let mut stdout = std::io::stdout().lock();
    let written = stdout.write_fmt(text).and_then(|()| stdout.flush());
    written.map_err(|error| format!("cannot write to stdout: {error}").into())
}

/// Notes of one sort that are shown one by one.
const SHOWN_NOTES: usize = 5;

/// What a run wants to be known. A file of a thousand columns without a kind has as many notes: of each sort the
/// first few are shown, and the number of the others.
pub(crate) fn tell_notes(events: &[Event]) {
    for sort in events.chunk_by(|a, b| std::mem::discriminant(a) == std::mem::discriminant(b)) {
        for event in sort.iter().take(SHOWN_NOTES) {
            tell(&format_args!("note: {event}"));
        }
        if let Some(others @ 1..) = sort.len().checked_sub(SHOWN_NOTES) {
            tell(&format_args!("note: {others} more notes like the last one"));
        }
    }
}
