//! Draws that depend on nothing but a seed, a purpose and an index, so that any part of the world can be made alone.

/// Draws that [`Draw::beta_2_8`] takes.
pub(crate) const DRAWS_OF_BETA: u64 = 9;
/// What the state of a sequence grows by at each draw.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// A sequence of draws of its own for each seed, purpose and index (`SplitMix64`, Steele, Lea & Flood 2014).
#[derive(Clone, Debug)]
pub(crate) struct Draw(u64);

impl Draw {
    /// The sequence for one purpose and one index.
    pub(crate) fn of(seed: u64, purpose: &str, index: u64) -> Draw {
        let purpose = purpose.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Draw(mix(mix(seed ^ purpose).wrapping_add(mix(index ^ 0x6a09_e667_f3bc_c909))))
    }

    /// 64 random bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mix(self.0)
    }

    /// Passes over some draws.
    pub(crate) fn skip(&mut self, draws: u64) {
        self.0 = self.0.wrapping_add(STEP.wrapping_mul(draws));
    }

    /// A number in `0..end`; 0 if `end` is 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    /// A number from `first` to `last`.
    pub(crate) fn range(&mut self, first: i32, last: i32) -> i32 {
        first + self.below((last - first + 1).max(1) as usize) as i32
    }

    /// A number in `0.0..1.0`.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// True with this probability.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// One of the items, which must not be none.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// A position drawn by whole-number weights.
    pub(crate) fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut left = self.below(weights.iter().sum::<u32>() as usize) as u32;
        for (position, &weight) in weights.iter().enumerate() {
            if left < weight {
                return position;
            }
            left -= weight;
        }
        0
    }

    /// How often an event happened before it failed, at most `most`.
    pub(crate) fn geometric(&mut self, probability: f64, most: usize) -> usize {
        let mut count = 0;
        while count < most && self.chance(probability) {
            count += 1;
        }
        count
    }

    /// A draw from Beta(2, 8): the second smallest of nine uniform draws.
    pub(crate) fn beta_2_8(&mut self) -> f64 {
        let (mut smallest, mut second) = (1.0_f64, 1.0_f64);
        for _ in 0..DRAWS_OF_BETA {
            let draw = self.unit();
            if draw < smallest {
                second = smallest;
                smallest = draw;
            } else if draw < second {
                second = draw;
            }
        }
        second
    }

    /// Brings the items into a random order.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (1..items.len()).rev() {
            items.swap(end, self.below(end + 1));
        }
    }
}

/// Weighted choice in constant time: the alias method (Vose 1991) in whole numbers.
#[derive(Clone, Debug)]
pub(crate) struct Weighted {
    /// For each slot, what of `total` it keeps, and who gets the rest; small, as each draw misses the cache.
    slots: Vec<(u32, u32)>,
    total: u64,
}

impl Weighted {
    /// Prepares the draw; the weights must not all be 0.
    pub(crate) fn new(weights: &[u64]) -> Weighted {
        let (count, total) = (weights.len() as u64, weights.iter().sum::<u64>());
        let mut slots: Vec<(u64, u32)> =
            (0..).zip(weights).map(|(at, weight)| (weight * count, at)).collect();
        let (mut small, mut large): (Vec<usize>, Vec<usize>) =
            (0..slots.len()).partition(|&slot| slots[slot].0 < total);
        while let (Some(needy), Some(&giver)) = (small.pop(), large.last()) {
            slots[needy].1 = giver as u32;
            slots[giver].0 -= total - slots[needy].0;
            if slots[giver].0 < total {
                large.pop();
                small.push(giver);
            }
        }
        // What is kept is never more than the total, which stays below 2^32.
        let slots = slots.into_iter().map(|(kept, other)| (kept as u32, other)).collect();
        Weighted { slots, total }
    }

    /// A position, drawn by the weights.
    pub(crate) fn draw(&self, draw: &mut Draw) -> usize {
        let slot = draw.below(self.slots.len());
        let (kept, other) = self.slots[slot];
        if draw.below(self.total as usize) < kept as usize { slot } else { other as usize }
    }
}

/// A random order of the numbers below a size, of which each can be asked alone: a Feistel network of four rounds over
/// two digits of nearly equal radix, whose product is hardly above the size; the few numbers that fall outside are sent
/// round again.
#[derive(Clone, Debug)]
pub(crate) struct Permutation {
    size: u64,
    radices: [u64; 2],
    keys: [u64; 4],
}

impl Permutation {
    /// The order of the numbers `0..size` for a seed and a purpose.
    pub(crate) fn new(seed: u64, purpose: &str, size: u64) -> Permutation {
        let mut draw = Draw::of(seed, purpose, size);
        let root = size.isqrt().max(1);
        let radices = [size.div_ceil(root).max(1), root];
        Permutation { size, radices, keys: [draw.next(), draw.next(), draw.next(), draw.next()] }
    }

    /// A power of ten not below the size: added to the numbers, it gives all the same length.
    pub(crate) fn round_base(&self) -> u64 {
        10u64.pow(self.size.max(2).ilog10() + 1)
    }

    /// The number at a position below the size.
    pub(crate) fn at(&self, position: u64) -> u64 {
        let [high, low] = self.radices;
        let mut number = position;
        loop {
            let (mut left, mut right) = (number / low, number % low);
            for keys in self.keys.as_chunks::<2>().0 {
                left = sum(left, mix(right ^ keys[0]), high);
                right = sum(right, mix(left ^ keys[1]), low);
            }
            number = left * low + right;
            if number < self.size {
                return number;
            }
        }
    }
}

/// A digit moved on by a random number of places, in a radix.
fn sum(digit: u64, bits: u64, radix: u64) -> u64 {
    let moved = digit + ((u128::from(bits) * u128::from(radix)) >> 64) as u64;
    if moved < radix { moved } else { moved - radix }
}

/// The finaliser of `SplitMix64`.
fn mix(bits: u64) -> u64 {
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}
