//! Names by how frequent they are: lists by rank with the slope of real registers, and a long tail that is put
//! together from parts. `data/README.md` tells where the lists come from.

use std::sync::OnceLock;

use super::place::Country;
use super::random::{Draw, Weighted};

/// The share of people whose families came from elsewhere.
const FROM_ELSEWHERE: f64 = 0.14;
/// The share of German surnames that stand in no list.
const BEYOND_LISTS: f64 = 0.45;
/// The share of surnames from elsewhere that stand in no list: the lists have but twenty names or so.
const OUTSIDE_SHORT_LISTS: f64 = 0.7;
/// What may stand between the two parts of a surname, with weights.
const LINKS: [(&str, u32); 6] = [("", 58), ("en", 12), ("el", 10), ("er", 10), ("s", 6), ("le", 4)];

/// The gender of a given name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gender {
    Female,
    Male,
}

/// A surname, and the share of the population that bears it.
#[derive(Clone, Debug)]
pub(crate) struct Surname {
    pub(crate) text: String,
    pub(crate) share: f64,
}

/// Where the names of a family come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    Local(Country),
    /// A position in the table of other countries.
    Elsewhere(usize),
}

/// All lists, prepared for drawing.
#[derive(Debug)]
pub(crate) struct Names {
    surnames: [List; 3],
    stems: List,
    ends: List,
    generations: Vec<(i32, [List; 2])>,
    elsewhere: Vec<[List; 3]>,
    shares: Weighted,
    short: Vec<(&'static str, &'static str)>,
}

impl Names {
    /// The lists of this crate.
    pub(crate) fn get() -> &'static Names {
        static NAMES: OnceLock<Names> = OnceLock::new();
        NAMES.get_or_init(Names::read)
    }

    fn read() -> Names {
        let tail = include_str!("data/surnames_tail.txt");
        let surnames = [
            concat_lines(include_str!("data/surnames_de.txt"), tail),
            concat_lines(include_str!("data/surnames_at.txt"), ""),
            concat_lines(include_str!("data/surnames_ch.txt"), ""),
        ];
        let mut generations: Vec<(i32, [List; 2])> = Vec::new();
        for line in include_str!("data/forenames.csv").lines().skip(1) {
            let mut cells = line.splitn(3, ',');
            let from = cells.next().and_then(|year| year.parse().ok()).unwrap_or_default();
            let gender = cells.next().unwrap_or_default();
            let list = List::by_rank(cells.next().unwrap_or_default().split(' ').collect(), 4.0, 0.8);
            match generations.last_mut() {
                Some((year, lists)) if *year == from && gender == "f" => lists[0] = list,
                _ => generations.push((from, [list.clone(), list])),
            }
        }
        let mut elsewhere = Vec::new();
        let mut shares = Vec::new();
        for line in include_str!("data/names_by_country.csv").lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            if let [_, share, surnames, men, women] = cells[..] {
                shares.push(share.parse().unwrap_or(1));
                elsewhere.push(
                    [women, men, surnames].map(|names| List::by_rank(names.split(' ').collect(), 4.0, 0.7)),
                );
            }
        }
        let parts = |line: usize| {
            let line = include_str!("data/surname_parts.csv").lines().nth(line).unwrap_or_default();
            line.split_once(',').map(|(_, names)| names).unwrap_or_default()
        };
        Names {
            surnames: surnames.map(|names| List::by_rank(names, 1.2, 0.76)),
            stems: List::by_rank(parts(1).split(' ').collect(), 400.0, 1.0),
            ends: List::weighted(parts(2)),
            generations,
            elsewhere,
            shares: Weighted::new(&shares),
            short: pairs(include_str!("data/short_names.csv")),
        }
    }

    /// Where a family's names come from, by the country that it lives in.
    pub(crate) fn origin(&self, draw: &mut Draw, country: Country) -> Origin {
        if draw.chance(FROM_ELSEWHERE) {
            Origin::Elsewhere(self.shares.draw(draw))
        } else {
            Origin::Local(country)
        }
    }

    /// A surname; 3 % are double, 1 % have a particle.
    pub(crate) fn surname(&self, draw: &mut Draw, origin: Origin) -> Surname {
        let mut name = self.simple_surname(draw, origin);
        if let Origin::Local(_) = origin {
            if draw.chance(0.02) {
                let second = self.simple_surname(draw, origin);
                if second.text != name.text {
                    name = Surname { text: name.text + "-" + &second.text, share: 1e-7 };
                }
            } else if draw.chance(0.012) {
                let particle = draw.pick(&["von", "von", "von der", "van", "zu", "de"]);
                name = Surname { text: format!("{particle} {}", name.text), share: name.share / 100.0 };
            }
        }
        name
    }

    fn simple_surname(&self, draw: &mut Draw, origin: Origin) -> Surname {
        match origin {
            Origin::Local(country) if country != Country::De && draw.chance(0.6) => {
                let list = &self.surnames[country as usize];
                let at = list.weighted.draw(draw);
                Surname { text: list.names[at].to_owned(), share: 0.6 * list.share(at) }
            }
            Origin::Local(_) if draw.chance(BEYOND_LISTS) => {
                let (stem, end) = (self.stems.draw(draw), self.ends.draw(draw));
                let (link, _) = LINKS[draw.weighted(&LINKS.map(|(_, weight)| weight))];
                let link = if end.len() < 3 || stem.ends_with(['e', 'n', 'r', 's']) { "" } else { link };
                Surname { text: [stem, link, end].concat(), share: BEYOND_LISTS / 20_000.0 }
            }
            Origin::Local(_) => {
                let list = &self.surnames[0];
                let at = list.weighted.draw(draw);
                Surname { text: list.names[at].to_owned(), share: (1.0 - BEYOND_LISTS) * list.share(at) }
            }
            Origin::Elsewhere(country) => {
                let list = &self.elsewhere[country][2];
                let at = list.weighted.draw(draw);
                if draw.chance(OUTSIDE_SHORT_LISTS) {
                    let other = list.names[draw.below(list.names.len())];
                    return Surname { text: blended(list.names[at], other), share: 1e-5 };
                }
                Surname { text: list.names[at].to_owned(), share: 0.01 * list.share(at) }
            }
        }
    }

    /// A given name as it was given in a year.
    pub(crate) fn forename(
        &self,
        draw: &mut Draw,
        origin: Origin,
        gender: Gender,
        year: i32,
    ) -> &'static str {
        match origin {
            // Half of the families that came choose names of their new country.
            Origin::Elsewhere(country) if draw.chance(if year < 1980 { 0.85 } else { 0.5 }) => {
                self.elsewhere[country][gender as usize].draw(draw)
            }
            _ => {
                let shifted = year + draw.range(-7, 7);
                let generation = self.generations.iter().rev().find(|(from, _)| *from <= shifted);
                let (_, lists) = generation.unwrap_or(&self.generations[0]);
                lists[gender as usize].draw(draw)
            }
        }
    }

    /// The short forms of a given name.
    pub(crate) fn short_forms(&self, name: &str) -> &[(&'static str, &'static str)] {
        let from = self.short.partition_point(|(long, _)| *long < name);
        let to = from + self.short[from..].iter().take_while(|(long, _)| *long == name).count();
        &self.short[from..to]
    }
}

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

    fn share(&self, at: usize) -> f64 {
        self.weights[at] as f64 / self.total as f64
    }
}

fn concat_lines(first: &'static str, second: &'static str) -> Vec<&'static str> {
    first.lines().chain(second.lines()).collect()
}

/// The beginning of one name and the end of another.
fn blended(first: &str, second: &str) -> String {
    let half =
        |name: &str| name.char_indices().nth(name.chars().count() / 2).map_or(name.len(), |(at, _)| at);
    [&first[..half(first)], &second[half(second)..]].concat()
}

fn pairs(text: &'static str) -> Vec<(&'static str, &'static str)> {
    let mut pairs: Vec<_> = text.lines().skip(1).filter_map(|line| line.split_once(',')).collect();
    pairs.sort_unstable();
    pairs
}
