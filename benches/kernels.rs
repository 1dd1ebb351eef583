//! Kernels on text: ours, ours behind the bounds, strsim and rapidfuzz, on pairs of names. A dictionary of 1 000 names lies in the
//! caches and shows the kernels; one of 300 000 is larger, and shows what is left of it when most names come from memory.
//! Times are per batch of pairs.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use onefold::text::{self, Signature};

const DICTIONARIES: [usize; 2] = [1_000, 300_000];
const BATCH: usize = 10_000;
const CUTOFF: f64 = 0.88;

/// splitmix64 (Steele, Lea, Flood 2014); a fixed seed gives the same dictionary each time.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (((z ^ (z >> 31)) >> 32) as usize * bound) >> 32
    }

    fn name(&mut self) -> String {
        const STARTS: [&str; 16] =
            ["m", "sch", "b", "kr", "h", "l", "st", "w", "f", "g", "br", "d", "r", "n", "k", "p"];
        const VOWELS: [&str; 9] = ["a", "e", "i", "o", "u", "ie", "ei", "au", "ue"];
        const ENDS: [&str; 12] = ["r", "n", "ll", "tt", "ck", "ng", "s", "", "", "", "rt", "mann"];
        let mut name = String::new();
        for _ in 0..2 + self.below(2) {
            name += STARTS[self.below(STARTS.len())];
            name += VOWELS[self.below(VOWELS.len())];
            name += ENDS[self.below(ENDS.len())];
        }
        name
    }

    fn typo(&mut self, name: &str) -> String {
        let mut chars: Vec<char> = name.chars().collect();
        let i = self.below(chars.len() - 1);
        match self.below(3) {
            0 => chars.swap(i, i + 1),
            1 => drop(chars.remove(i)),
            _ => chars[i] = 'e',
        }
        chars.into_iter().collect()
    }
}

struct World {
    names: Vec<String>,
    signatures: Vec<Signature>,
    random: Random,
}

impl World {
    fn new(count: usize) -> Self {
        let mut random = Random(7);
        let mut names: Vec<String> = Vec::with_capacity(count);
        while names.len() < count {
            let name = random.name();
            names.push(random.typo(&name));
            names.push(name);
        }
        let signatures = names.iter().map(|name| Signature::of(name)).collect();
        World { names, signatures, random }
    }

    /// Pairs all over the dictionary: one in four is a name and its misspelling, the others are strangers.
    fn pairs(&mut self) -> Vec<(usize, usize)> {
        let (random, count) = (&mut self.random, self.names.len());
        (0..BATCH)
            .map(|_| {
                let i = random.below(count);
                (i, if random.below(4) == 0 { i ^ 1 } else { random.below(count) })
            })
            .collect()
    }
}

/// Works on two names of the dictionary, given by their positions.
type Kernel<'a> = &'a dyn Fn(&World, usize, usize) -> f64;

fn group(criterion: &mut Criterion, name: &str, kernels: &[(&str, Kernel<'_>)]) {
    for count in DICTIONARIES {
        let mut world = World::new(count);
        let mut group = criterion.benchmark_group(format!("{name}, {count} names"));
        group.throughput(Throughput::Elements(BATCH as u64));
        for (name, kernel) in kernels {
            let batches: Vec<_> = (0..64).map(|_| world.pairs()).collect();
            let mut next = batches.iter().cycle();
            group.bench_function(*name, |bencher| {
                bencher.iter_batched(
                    || next.next().map_or(&[][..], Vec::as_slice),
                    |pairs| pairs.iter().map(|&(i, j)| black_box(kernel(&world, i, j))).sum::<f64>(),
                    BatchSize::SmallInput,
                );
            });
        }
        group.finish();
    }
}

fn similarities(criterion: &mut Criterion) {
    group(
        criterion,
        "jaro_winkler",
        &[
            ("onefold", &|w, i, j| text::jaro_winkler(&w.names[i], &w.names[j])),
            ("strsim", &|w, i, j| strsim::jaro_winkler(&w.names[i], &w.names[j])),
            ("rapidfuzz, at least 0.88", &|w, i, j| {
                let arguments = rapidfuzz::distance::jaro_winkler::Args::default().score_cutoff(CUTOFF);
                let (a, b) = (w.names[i].bytes(), w.names[j].bytes());
                rapidfuzz::distance::jaro_winkler::similarity_with_args(a, b, &arguments).unwrap_or(0.0)
            }),
            ("onefold, at least 0.88", &|w, i, j| {
                let (a, b) = (&w.names[i], &w.names[j]);
                text::jaro_winkler_at_least(a, b, w.signatures[i], w.signatures[j], CUTOFF).unwrap_or(0.0)
            }),
            ("access alone", &|w, i, j| (w.names[i].as_bytes()[0] ^ w.names[j].as_bytes()[0]).into()),
        ],
    );
    group(
        criterion,
        "levenshtein",
        &[
            ("onefold", &|w, i, j| text::levenshtein(&w.names[i], &w.names[j]) as f64),
            ("strsim", &|w, i, j| strsim::levenshtein(&w.names[i], &w.names[j]) as f64),
            ("onefold, within 2", &|w, i, j| {
                text::levenshtein_within(&w.names[i], &w.names[j], 2).unwrap_or(3) as f64
            }),
            ("onefold, bound and within 2", &|w, i, j| {
                if w.signatures[i].levenshtein_bound(w.signatures[j]) > 2 {
                    return 3.0;
                }
                text::levenshtein_within(&w.names[i], &w.names[j], 2).unwrap_or(3) as f64
            }),
        ],
    );
    group(
        criterion,
        "damerau",
        &[
            ("onefold", &|w, i, j| text::damerau(&w.names[i], &w.names[j]) as f64),
            ("strsim", &|w, i, j| strsim::osa_distance(&w.names[i], &w.names[j]) as f64),
        ],
    );
}

fn keys(criterion: &mut Criterion) {
    group(
        criterion,
        "per value",
        &[
            ("fold", &|w, i, _| text::fold(&w.names[i]).len() as f64),
            ("signature", &|w, i, _| Signature::of(&w.names[i]).length() as f64),
            ("deletions", &|w, i, _| text::deletions(&w.names[i]).len() as f64),
            ("trigrams", &|w, i, _| text::qgrams(&w.names[i], 3).len() as f64),
            ("cologne", &|w, i, _| text::cologne(&w.names[i]).len() as f64),
            ("double metaphone", &|w, i, _| text::double_metaphone(&w.names[i]).len() as f64),
        ],
    );
}

criterion_group!(benches, similarities, keys);
criterion_main!(benches);
