//! The files of a world.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use rayon::prelude::*;

use super::hard_negatives::Kind;
use super::sources::Source;
use super::{Exports, World, events, hard_negatives, spec, truth};

/// How many rows and bytes a file got.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) file: &'static str,
    pub(crate) rows: u64,
    pub(crate) bytes: u64,
}

/// What the files of a world hold.
#[derive(Clone, Debug)]
pub(crate) struct Summary {
    pub(crate) files: Vec<Written>,
    /// The pairs that are easily taken for one, by kind.
    pub(crate) hard_negatives: Vec<(Kind, u64)>,
}

/// Writes all files of a world into a folder, block by block: memory does not grow with the world.
pub(crate) fn export(
    world: &World,
    folder: &Path,
    mut progress: impl FnMut(u64, u64),
) -> io::Result<Summary> {
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("spec.toml"), spec::spec(world))?;
    let mut files = Vec::new();
    for (name, header) in headers(world) {
        let mut file = BufWriter::new(File::create(folder.join(name))?);
        file.write_all(header.as_bytes())?;
        files.push((file, Written { file: name, rows: 0, bytes: header.len() as u64 }));
    }
    let (blocks, at_once) = (world.blocks(), 2 * rayon::current_num_threads() as u64);
    let generate = |first: u64| -> Vec<Exports> {
        (first..blocks.min(first + at_once)).into_par_iter().map(|block| world.block(block)).collect()
    };
    let mut parts = generate(0);
    let (mut done, mut hard_negatives) = (0, Kind::ALL.map(|kind| (kind, 0)).to_vec());
    while !parts.is_empty() {
        done += parts.len() as u64;
        for part in &parts {
            for ((_, total), (_, pairs)) in hard_negatives.iter_mut().zip(part.hard_negatives.counts()) {
                *total += pairs;
            }
        }
        // While these blocks are written, the next ones are made.
        let (next, result) = rayon::join(|| generate(done), || write(&parts, &mut files));
        result?;
        progress(done, blocks);
        parts = next;
    }
    let mut all = Vec::new();
    for (mut file, written) in files {
        file.flush()?;
        all.push(written);
    }
    Ok(Summary { files: all, hard_negatives })
}

fn write(parts: &[Exports], files: &mut [(BufWriter<File>, Written)]) -> io::Result<()> {
    for part in parts {
        for ((file, written), rows) in files.iter_mut().zip(part.files()) {
            file.write_all(rows.bytes())?;
            written.rows += rows.len() as u64;
            written.bytes += rows.bytes().len() as u64;
        }
    }
    Ok(())
}

/// The files of a small world in memory: name and content, the spec last.
pub(crate) fn in_memory(world: &World) -> Vec<(&'static str, Vec<u8>)> {
    let mut files: Vec<_> =
        headers(world).into_iter().map(|(name, header)| (name, header.into_bytes())).collect();
    for block in 0..world.blocks() {
        let part = world.block(block);
        for ((_, content), rows) in files.iter_mut().zip(part.files()) {
            content.extend_from_slice(rows.bytes());
        }
    }
    files.push(("spec.toml", spec::spec(world).into_bytes()));
    files
}

/// The files with their first lines: one for each source, and those of the truth.
fn headers(world: &World) -> Vec<(&'static str, String)> {
    let of_source = |source: &Source| {
        let columns: Vec<&str> = source.columns(world).iter().map(|(column, _)| *column).collect();
        let separator = char::from(source.separator()).to_string();
        (source.file(), columns.join(&separator) + "\n")
    };
    let of_truth = [
        ("truth.csv", truth::HEADER),
        ("truth_events.csv", events::HEADER),
        ("truth_hard_negatives.csv", hard_negatives::HEADER),
    ];
    let of_truth = of_truth.map(|(file, header)| (file, header.to_owned()));
    world.sources().iter().map(of_source).chain(of_truth).collect()
}
