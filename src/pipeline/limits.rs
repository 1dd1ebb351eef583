//! What a run may take, and what it will.

use crate::block::PlanOptions;
use crate::error::{Error, Result};
use crate::ingest;
use crate::pipeline::Pipeline;

/// What a run may take. It is estimated before, and a run that would take more is refused with the figure.
///
/// ```
/// use onefold::pipeline::Limits;
/// let limits = Limits::default().with_memory(8 << 30).with_pairs(500_000_000);
/// assert_eq!(limits.pairs, Some(500_000_000));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of memory, as [`Pipeline::estimate`] tells them from the size of the sources, before anything is read.
    pub memory: Option<u64>,
    /// Candidate pairs, with those that several rules propose; known from the blocks before any pair is compared.
    pub pairs: Option<u64>,
}

impl Limits {
    /// The same limits with another one of memory, in bytes.
    #[must_use]
    pub fn with_memory(mut self, bytes: u64) -> Self {
        self.memory = Some(bytes);
        self
    }

    /// The same limits with another one of candidate pairs.
    #[must_use]
    pub fn with_pairs(mut self, pairs: u64) -> Self {
        self.pairs = Some(pairs);
        self
    }

    pub(super) fn check_memory(self, needed: u64) -> Result<()> {
        Self::check("memory in bytes", self.memory, needed)
    }

    pub(super) fn check_pairs(self, needed: u64) -> Result<()> {
        Self::check("candidate pairs", self.pairs, needed)
    }

    fn check(what: &'static str, limit: Option<u64>, needed: u64) -> Result<()> {
        match limit {
            Some(limit) if needed > limit => Err(Error::limit(what, needed, limit)),
            _ => Ok(()),
        }
    }
}

/// What a run is expected to take, from the size of its sources alone.
///
/// ```no_run
/// let pipeline = onefold::Pipeline::from_toml("spec.toml")?;
/// println!("{}", pipeline.estimate()?);
/// # Ok::<(), onefold::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Estimate {
    /// Rows of all sources.
    pub records: u64,
    /// Candidate pairs, at most about.
    pub pairs: u64,
    /// Peak memory in bytes.
    pub memory: u64,
    /// CPU time in seconds, on a core of the year 2024.
    pub cpu_seconds: f64,
}

/// Bytes in memory at the peak: of the program, of a record, of a cell, and of a byte of text.
const MEMORY: (f64, f64, f64, f64) = (105e6, 215.0, 11.5, 2.15);
/// CPU seconds: of what is done once, of a cell, and of a pair.
const SECONDS: (f64, f64, f64) = (1.0, 1.3e-6, 0.7e-6);

impl Pipeline {
    /// What a run is expected to take. Files are looked into, but not read: the number of their rows follows from their length
    /// and the length of the first rows.
    ///
    /// # Errors
    /// An I/O error if a file is not there or cannot be read.
    pub fn estimate(&self) -> Result<Estimate> {
        let sizes = self.sources.iter().map(|source| ingest::size(source, &self.base));
        let sizes = sizes.collect::<Result<Vec<_>>>()?;
        let records: u64 = sizes.iter().map(|size| size.rows).sum();
        let cells: u64 = sizes.iter().map(|size| size.rows * size.columns).sum();
        let bytes: u64 = sizes.iter().map(|size| size.bytes).sum();
        // For rules that are given, it is the size of a block and tells nothing of all pairs.
        let pairs_per_record = self.pairs_per_record.filter(|_| self.rules.is_none());
        let options = PlanOptions { pairs_per_record, ..PlanOptions::default() };
        let pairs = options.limit(records as usize).saturating_mul(records);
        let (program, of_record, of_cell, of_byte) = MEMORY;
        let memory = program + records as f64 * of_record + cells as f64 * of_cell + bytes as f64 * of_byte;
        let (once, of_cell, of_pair) = SECONDS;
        let cpu_seconds = once + cells as f64 * of_cell + pairs as f64 * of_pair;
        Ok(Estimate { records, pairs, memory: memory as u64, cpu_seconds })
    }
}

impl std::fmt::Display for Estimate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (memory, seconds) = (self.memory as f64 / 1e6, self.cpu_seconds);
        write!(
            f,
            "about {} rows, at most about {} candidate pairs, {memory:.0} MB of memory, {seconds:.0} CPU seconds",
            self.records, self.pairs
        )
    }
}
