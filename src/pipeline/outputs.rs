//! All files of a run.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::export;
use crate::pipeline::Unified;

impl Unified {
    /// Writes every result of the run into a directory, which is made if it is not there; files of an earlier run are
    /// replaced. Which files there are, and what they hold, is told in [`export`](mod@export); without the feature
    /// `polars` there are no Parquet files. Returns the paths.
    ///
    /// # Errors
    /// An I/O error for a directory that cannot be made or a file that cannot be written.
    ///
    /// ```
    /// # use onefold::{Error, Unified};
    /// fn keep(unified: &Unified) -> Result<(), Error> {
    ///     for path in unified.write_to("results")? {
    ///         println!("{}", path.display());
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub fn write_to(&self, directory: impl AsRef<Path>) -> Result<Vec<PathBuf>> {
        let directory = directory.as_ref();
        let failed = |error: io::Error| Error::io(directory, "cannot be made", Some(error.into()));
        std::fs::create_dir_all(directory).map_err(failed)?;
        let profiles = self.profiles();
        let mut files = Files { directory, written: Vec::new() };
        files.write("profiles.ndjson", |out| export::write_profiles_ndjson(&profiles, out))?;
        #[cfg(feature = "polars")]
        files.write("profiles.parquet", |out| export::write_profiles_parquet(&profiles, out))?;
        files.write("crosswalk.csv", |out| export::write_crosswalk(&profiles, out))?;
        files.write("households.csv", |out| export::write_households(&self.households, &profiles, out))?;
        files.write("ambiguous.csv", |out| {
            export::write_ambiguous(&self.ambiguous, self.records.raw(), &profiles, out)
        })?;
        #[cfg(feature = "polars")]
        files.write("lineage.parquet", |out| {
            export::write_lineage_parquet(&self.survivorship(), &self.records, &profiles, out)
        })?;
        if let Some(identity) = &self.identity {
            files.write("events.ndjson", |out| export::write_events(&identity.events, out))?;
        }
        files.write("rejects.csv", |out| export::write_rejects(&self.ingest.rejects, out))?;
        files.write("issues.csv", |out| {
            export::write_issues(self.ingest.issues.iter().chain(&self.issues), out)
        })?;
        Ok(files.written)
    }
}

/// The files of a directory.
struct Files<'a> {
    directory: &'a Path,
    written: Vec<PathBuf>,
}

impl Files<'_> {
    fn write(
        &mut self,
        name: &str,
        content: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
    ) -> Result<()> {
        let path = self.directory.join(name);
        let write = || {
            let mut out = BufWriter::new(File::create(&path)?);
            content(&mut out)?;
            io::Write::flush(&mut out)
        };
        let failed = |error: io::Error| {
            let reason = format!("cannot be written: {error}");
            Error::io(&path, reason, Some(error.into()))
        };
        write().map_err(failed)?;
        self.written.push(path);
        Ok(())
    }
}
