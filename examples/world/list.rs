//! Names with how often each is drawn.

use super::random::{Draw, Weighted};

/// Names with their weights.
#[derive(Clone, Debug)]
pub(crate) struct List {
    pub(crate) names: Vec<&'static str>,
    pub(crate) weighted: Weighted,
    weights: Vec<u64>,
    total: u64,
}

impl List {
    /// Weights by rank: `(rank + shift) ^ -slope` (Zipf's law as Mandelbrot extended it).
    pub(crate) fn by_rank(names: Vec<&'static str>, shift: f64, slope: f64) -> List {
        let weight = |rank: usize| ((rank as f64 + shift).powf(-slope) * 1e7).round() as u64;
        let weights: Vec<u64> = (1..=names.len()).map(weight).collect();
        List::of(names, weights)
    }

    /// Names with their weights behind a colon.
    pub(crate) fn weighted(text: &'static str) -> List {
        let pairs = text.split(' ').filter_map(|item| item.split_once(':'));
        let (names, weights) = pairs.map(|(name, weight)| (name, weight.parse().unwrap_or(1))).unzip();
        List::of(names, weights)
    }

    fn of(names: Vec<&'static str>, weights: Vec<u64>) -> List {
        List { weighted: Weighted::new(&weights), total: weights.iter().sum(), names, weights }
    }

    /// A name, drawn by the weights.
    pub(crate) fn draw(&self, draw: &mut Draw) -> &'static str {
        self.names[self.weighted.draw(draw)]
    }

    /// The share of the draws that a position gets.
    pub(crate) fn share(&self, at: usize) -> f64 {
        self.weights[at] as f64 / self.total as f64
    }
}

/// A text of a list, in which an underscore stands for a blank within a name.
pub(crate) fn with_blanks(text: String) -> String {
    if text.bytes().any(|byte| byte == b'_') { text.replace('_', " ") } else { text }
}

/// What stands behind the first comma of the line that begins with a name.
pub(crate) fn part(table: &'static str, name: &str) -> &'static str {
    table
        .lines()
        .filter_map(|line| line.split_once(','))
        .find(|(part, _)| *part == name)
        .map_or("", |(_, names)| names)
}
