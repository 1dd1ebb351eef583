//! The order of the rows in the files: blocks of the world are made one after the other, and the rows of each are spread
//! over the pieces of every file that follow, so that the records of one customer lie far apart. Only as many blocks as
//! the rows of one are spread over are held.

use std::collections::VecDeque;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;

use super::random::Draw;
use super::rows::Rows;
use super::truth::TruthFile;
use super::{Exports, World};

/// Pieces of a file over which the rows of a block are spread.
const SPREAD: u64 = 16;

/// A block with the order in which its rows are given away.
struct Waiting {
    number: u64,
    exports: Exports,
    /// For each file the positions of its rows, of which each piece takes the next part.
    orders: Vec<Vec<u32>>,
}

/// The files of a world, made piece by piece.
pub(crate) struct Spread<'a> {
    world: &'a World,
    files: Vec<&'static str>,
    waiting: VecDeque<Waiting>,
    /// Exports of blocks that were given away, whose room the next ones take.
    spare: Mutex<Vec<Exports>>,
    /// Blocks made so far.
    made: u64,
    /// Blocks there are: none behind the one in which the number of rows is reached.
    blocks: u64,
    /// Pieces given away so far.
    given: u64,
    /// Rows that the sources may still have.
    left: u64,
}

impl<'a> Spread<'a> {
    /// Nothing made yet.
    pub(crate) fn new(world: &'a World) -> Spread<'a> {
        let of_truth = TruthFile::ALL.map(TruthFile::file);
        Spread {
            world,
            files: world.sources().iter().map(|source| source.file()).chain(of_truth).collect(),
            waiting: VecDeque::new(),
            spare: Mutex::default(),
            made: 0,
            blocks: world.blocks(),
            given: 0,
            left: world.rows().unwrap_or(u64::MAX),
        }
    }

    /// Makes everything, and gives each piece of each file to `sink`, with the position of the file among all. While one
    /// lot of pieces is given away, the next blocks are made.
    pub(crate) fn run(
        mut self,
        mut progress: impl FnMut(u64, u64),
        mut sink: impl FnMut(usize, &Rows) -> io::Result<()> + Send,
    ) -> io::Result<()> {
        let mut room = Vec::new();
        let at_once = 4 * rayon::current_num_threads() as u64;
        let first = self.make(at_once);
        self.take(first);
        while self.given < self.blocks + SPREAD - 1 {
            // Behind the last block come the pieces that still have rows of earlier ones.
            let end = if self.made < self.blocks { self.made } else { self.blocks + SPREAD - 1 };
            let (next, result) =
                rayon::join(|| self.make(at_once), || self.give(&mut room, self.given..end, &mut sink));
            result?;
            self.given = end;
            let given = self.given;
            while let Some(block) = self.waiting.pop_front_if(|block| block.number + SPREAD <= given) {
                spare(&self.spare).push(block.exports);
            }
            self.take(next);
            progress(self.given.min(self.blocks), self.blocks);
        }
        Ok(())
    }

    fn make(&self, at_once: u64) -> Vec<Waiting> {
        let end = self.blocks.min(self.made + at_once);
        // A block at a time for each thread: with larger portions, threads wait for the last one.
        let blocks = (end - self.made) as usize;
        let make = |at: usize| self.waiting(self.made + at as u64, u64::MAX);
        (0..blocks).into_par_iter().with_max_len(1).map(make).collect()
    }

    fn waiting(&self, number: u64, most: u64) -> Waiting {
        let room = spare(&self.spare).pop();
        let exports = self.world.block_within(number, most, room);
        let order =
            |(file, rows): (&&str, &Rows)| rows.shuffled(&mut Draw::of(self.world.seed(), file, number));
        let orders = self.files.iter().zip(exports.files()).map(order).collect();
        Waiting { number, exports, orders }
    }

    /// Takes blocks up to the number of rows that the world has.
    fn take(&mut self, blocks: Vec<Waiting>) {
        for mut block in blocks {
            if self.made >= self.blocks {
                break;
            }
            self.made += 1;
            if block.exports.rows() > self.left {
                block = self.waiting(block.number, self.left);
            }
            self.left -= block.exports.rows();
            if self.left == 0 {
                self.blocks = self.made;
            }
            self.waiting.push_back(block);
        }
    }

    /// Gives pieces away; `room` is reused for them.
    fn give(
        &self,
        room: &mut Vec<Rows>,
        pieces: std::ops::Range<u64>,
        sink: &mut (impl FnMut(usize, &Rows) -> io::Result<()> + Send),
    ) -> io::Result<()> {
        let files = self.files.len();
        let all: Vec<(u64, usize)> =
            pieces.flat_map(|piece| (0..files).map(move |file| (piece, file))).collect();
        // Not all at once: pieces of thousands of rows add up.
        for some in all.chunks(files * rayon::current_num_threads()) {
            room.resize_with(room.len().max(some.len()), || Rows::new(b',', 0));
            let gather = |(&(piece, file), rows): (&_, &mut _)| self.piece(piece, file, rows);
            some.par_iter().zip(&mut *room).for_each(gather);
            for (&(_, file), rows) in some.iter().zip(&*room) {
                sink(file, rows)?;
            }
        }
        Ok(())
    }

    fn piece(&self, piece: u64, file: usize, room: &mut Rows) {
        let mut from = Vec::with_capacity(SPREAD as usize);
        for block in
            self.waiting.iter().filter(|block| (block.number..block.number + SPREAD).contains(&piece))
        {
            let order = &block.orders[file];
            let bound = |part: u64| order.len() * part as usize / SPREAD as usize;
            let part = piece - block.number;
            if let Some(rows) = block.exports.files().nth(file) {
                from.push((rows, &order[bound(part)..bound(part + 1)]));
            }
        }
        room.gather(&from, &mut Draw::of(self.world.seed() ^ 1, self.files[file], piece));
    }
}

fn spare(of: &Mutex<Vec<Exports>>) -> MutexGuard<'_, Vec<Exports>> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
