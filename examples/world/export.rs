//! The files of a world.

use std::fs::File;
use std::hash::Hasher;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use siphasher::sip::SipHasher13;

use super::World;
use super::hard_negatives::{self, Kind};
use super::rows::Rows;
use super::sources::Source;
use super::spec;
use super::spread::Spread;
use super::truth::TruthFile;

/// What was written to a file.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) file: &'static str,
    pub(crate) rows: u64,
    pub(crate) bytes: u64,
    /// SipHash-1-3 of all bytes with the key 0: tells at a glance whether two files are the same.
    pub(crate) checksum: u64,
    /// Whether it is the file of a source.
    pub(crate) is_source: bool,
}

/// What the files of a world hold.
#[derive(Clone, Debug)]
pub(crate) struct Summary {
    pub(crate) files: Vec<Written>,
    /// The pairs that are easily taken for one, by kind.
    pub(crate) hard_negatives: Vec<(Kind, u64)>,
}

/// A file that is being written.
struct Target {
    file: BufWriter<File>,
    hash: SipHasher13,
    written: Written,
    /// The same rows once more, if they are wanted as Parquet.
    #[cfg(feature = "polars")]
    parquet: Option<super::parquet::Target>,
}

impl Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hash.write(bytes);
        self.written.bytes += bytes.len() as u64;
        self.file.write_all(bytes)
    }

    fn write_rows(&mut self, rows: &Rows) -> io::Result<()> {
        self.written.rows += rows.len() as u64;
        #[cfg(feature = "polars")]
        if let Some(parquet) = &mut self.parquet {
            parquet.write(rows)?;
        }
        self.write(rows.bytes())
    }

    fn finish(mut self) -> io::Result<Written> {
        #[cfg(feature = "polars")]
        if let Some(parquet) = self.parquet {
            parquet.finish()?;
        }
        self.file.flush()?;
        Ok(Written { checksum: self.hash.finish(), ..self.written })
    }
}

/// In which formats the files of the sources are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Delimited text.
    Csv,
    /// Delimited text, and Parquet beside it.
    #[cfg(feature = "polars")]
    CsvAndParquet,
}

/// Writes all files of a world into a folder, piece by piece: memory does not grow with the world.
pub(crate) fn export(
    world: &World,
    folder: &Path,
    format: Format,
    progress: impl FnMut(u64, u64),
) -> io::Result<Summary> {
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("spec.toml"), spec::spec(world, ".csv"))?;
    if format != Format::Csv {
        std::fs::write(folder.join("spec-parquet.toml"), spec::spec(world, ".parquet"))?;
    }
    let mut targets = Vec::new();
    for (at, (name, header)) in headers(world).into_iter().enumerate() {
        let source = world.sources().get(at);
        let mut target = Target {
            file: BufWriter::new(File::create(folder.join(name))?),
            hash: SipHasher13::new(),
            written: Written { file: name, rows: 0, bytes: 0, checksum: 0, is_source: source.is_some() },
            #[cfg(feature = "polars")]
            parquet: source
                .filter(|_| format == Format::CsvAndParquet)
                .map(|&source| super::parquet::Target::new(world, source, folder))
                .transpose()?,
        };
        target.write(header.as_bytes())?;
        targets.push(target);
    }
    let mut hard_negatives = Kind::ALL.map(|kind| (kind, 0)).to_vec();
    let of_hard_negatives = world.sources().len() + TruthFile::HardNegatives as usize;
    Spread::new(world).run(progress, |file, rows| {
        if file == of_hard_negatives {
            hard_negatives::count(rows, &mut hard_negatives);
        }
        targets[file].write_rows(rows)
    })?;
    let files = targets.into_iter().map(Target::finish).collect::<io::Result<_>>()?;
    Ok(Summary { files, hard_negatives })
}

/// The files of a small world in memory: name and content, the spec last.
pub(crate) fn in_memory(world: &World) -> Vec<(&'static str, Vec<u8>)> {
    let mut files: Vec<_> =
        headers(world).into_iter().map(|(name, header)| (name, header.into_bytes())).collect();
    let written = Spread::new(world).run(
        |_, _| {},
        |file, rows| {
            files[file].1.extend_from_slice(rows.bytes());
            Ok(())
        },
    );
    // Only files can refuse to be written.
    debug_assert!(written.is_ok());
    files.push(("spec.toml", spec::spec(world, ".csv").into_bytes()));
    files
}

/// The files with their first lines: one for each source, then those of the truth.
fn headers(world: &World) -> Vec<(&'static str, String)> {
    let of_source = |source: &Source| {
        let columns: Vec<&str> = source.columns(world).iter().map(|(column, _)| *column).collect();
        let separator = char::from(source.separator()).to_string();
        (source.file(), columns.join(&separator) + "\n")
    };
    let of_truth = TruthFile::ALL.map(|truth| (truth.file(), truth.header().to_owned() + "\n"));
    world.sources().iter().map(of_source).chain(of_truth).collect()
}
