//! Names by how frequent they are: lists by rank with the slope of real registers, and a long tail that is put
//! together from parts. `data/README.md` tells where the lists come from.

use std::ops::Range;
use std::sync::OnceLock;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::list::{List, part, with_blanks};
use super::locale::{Country, Language, REGISTERS};
use super::random::{Draw, Weighted};

/// The share of people whose families came from elsewhere, by register.
const FROM_ELSEWHERE: [f64; REGISTERS] = [0.14, 0.16, 0.36, 0.20];
/// The share of surnames that stand in no list, by register.
const BEYOND_LISTS: [f64; REGISTERS] = [0.45, 0.40, 0.45, 0.60];
/// The weights of the lists: what is added to the rank, and the slope.
const SLOPES: [(f64, f64); 6] =
    [(1.2, 0.76), (1.2, 0.76), (1.2, 0.76), (1.5, 0.83), (2.0, 0.85), (5.0, 0.72)];
/// Surnames that are put together, about, of one language.
const COMPOUNDS: f64 = 20_000.0;
/// Double surnames and those with a particle, by register.
const DOUBLE: [(f64, f64); REGISTERS] = [(0.02, 0.012), (0.02, 0.0), (0.006, 0.0), (0.006, 0.015)];
/// People with a second given name, by register.
const SECOND_NAMES: [f64; REGISTERS] = [0.08, 0.6, 0.75, 0.3];
/// What may stand between the two parts of a German surname, with weights.
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
    /// A position in the table of other countries, and the country where the family lives.
    Elsewhere(usize, Country),
}

impl Origin {
    /// The country where the family lives.
    fn country(self) -> Country {
        match self {
            Origin::Local(country) | Origin::Elsewhere(_, country) => country,
        }
    }
}

/// The names of a country from which people came.
#[derive(Debug)]
struct Elsewhere {
    /// Of women, of men, and surnames.
    lists: [List; 3],
    /// The share of surnames that stand in no list, in hundredths: some lists have but twenty names.
    beyond: f64,
}

/// The parts from which the rarer surnames of a language are put together.
#[derive(Debug)]
struct Compounds {
    stems: List,
    ends: List,
}

/// The forenames of women and men under the first year of each generation.
type Generations = Vec<(i32, [List; 2])>;

/// A given name with one of its short forms.
type Short = (&'static str, &'static str);

/// The places of given names in a table of short forms.
type ShortRanges = HashMap<&'static str, Range<usize>, FixedState>;

/// All lists, prepared for drawing.
#[derive(Debug)]
pub(crate) struct Names {
    surnames: [List; 6],
    compounds: [Compounds; 3],
    generations: [Generations; REGISTERS],
    elsewhere: Vec<Elsewhere>,
    shares: [Weighted; REGISTERS],
    short: [Vec<Short>; 3],
    /// Where the short forms of each given name stand.
    short_ranges: [ShortRanges; 3],
}

impl Names {
    /// The lists of this crate.
    pub(crate) fn get() -> &'static Names {
        static NAMES: OnceLock<Names> = OnceLock::new();
        NAMES.get_or_init(Names::read)
    }

    fn read() -> Names {
        let english = include_str!("data/surnames_tail_en.txt");
        let surnames = [
            (include_str!("data/surnames_de.txt"), include_str!("data/surnames_tail.txt")),
            (include_str!("data/surnames_at.txt"), ""),
            (include_str!("data/surnames_ch.txt"), ""),
            (include_str!("data/surnames_gb.txt"), english),
            (include_str!("data/surnames_us.txt"), english),
            (include_str!("data/surnames_fr.txt"), include_str!("data/surnames_tail_fr.txt")),
        ];
        let mut at = 0;
        let surnames = surnames.map(|(first, tail)| {
            let (shift, slope) = SLOPES[at];
            at += 1;
            List::by_rank(first.lines().chain(tail.lines()).collect(), shift, slope)
        });
        let (elsewhere, shares) = elsewhere();
        let parts = |name: &str| part(include_str!("data/surname_parts.csv"), name);
        let short = [
            include_str!("data/short_names.csv"),
            include_str!("data/short_names_en.csv"),
            include_str!("data/short_names_fr.csv"),
        ]
        .map(pairs);
        Names {
            surnames,
            compounds: [("de_stem", "de_end"), ("en_stem", "en_end"), ("fr_stem", "fr_end")].map(
                |(stems, ends)| Compounds {
                    stems: List::by_rank(parts(stems).split(' ').collect(), 400.0, 1.0),
                    ends: List::weighted(parts(ends)),
                },
            ),
            generations: ["DE", "GB", "US", "FR"].map(generations),
            elsewhere,
            shares,
            short_ranges: [0, 1, 2].map(|language| ranges(&short[language])),
            short,
        }
    }

    /// Where a family's names come from, by the country that it lives in.
    pub(crate) fn origin(&self, draw: &mut Draw, country: Country) -> Origin {
        let register = country.register();
        if draw.chance(FROM_ELSEWHERE[register]) {
            Origin::Elsewhere(self.shares[register].draw(draw), country)
        } else {
            Origin::Local(country)
        }
    }

    /// A surname; some are double, some have a particle.
    pub(crate) fn surname(&self, draw: &mut Draw, origin: Origin) -> Surname {
        let mut name = self.simple_surname(draw, origin);
        if let Origin::Local(country) = origin {
            let (double, particle) = DOUBLE[country.register()];
            if draw.chance(double) {
                let second = self.simple_surname(draw, origin);
                if second.text != name.text && !second.text.contains(' ') && !name.text.contains(' ') {
                    name = Surname { text: name.text + "-" + &second.text, share: 1e-7 };
                }
            } else if draw.chance(particle) {
                let particle: &str = if country == Country::Fr {
                    if name.text.contains(' ') {
                        return name;
                    }
                    draw.pick::<&str>(&["de", "de", "de", "du", "de La"])
                } else {
                    draw.pick::<&str>(&["von", "von", "von der", "van", "zu", "de"])
                };
                name = Surname { text: format!("{particle} {}", name.text), share: name.share / 100.0 };
            }
        }
        name
    }

    fn simple_surname(&self, draw: &mut Draw, origin: Origin) -> Surname {
        match origin {
            Origin::Local(country @ (Country::At | Country::Ch)) if draw.chance(0.6) => {
                of_list(draw, &self.surnames[country as usize], 0.6)
            }
            Origin::Local(country) if draw.chance(BEYOND_LISTS[country.register()]) => {
                let beyond = BEYOND_LISTS[country.register()];
                let text = self.compounds[country.language() as usize].draw(draw, country.language());
                Surname { text, share: beyond / COMPOUNDS }
            }
            Origin::Local(country) => {
                let list = if country.register() == 0 { 0 } else { country as usize };
                of_list(draw, &self.surnames[list], 1.0 - BEYOND_LISTS[country.register()])
            }
            Origin::Elsewhere(at, _) => {
                let Elsewhere { lists: [_, _, list], beyond } = &self.elsewhere[at];
                let name = of_list(draw, list, 0.01);
                if draw.chance(*beyond) {
                    let other = with_blanks(list.names[draw.below(list.names.len())].to_owned());
                    return Surname { text: blended(&name.text, &other), share: 1e-5 };
                }
                name
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
            Origin::Elsewhere(at, _) if draw.chance(if year < 1980 { 0.85 } else { 0.5 }) => {
                self.elsewhere[at].lists[gender as usize].draw(draw)
            }
            _ => {
                let shifted = year + draw.range(-7, 7);
                let generations = &self.generations[origin.country().register()];
                let generation = generations.iter().rev().find(|(from, _)| *from <= shifted);
                let (_, lists) = generation.unwrap_or(&generations[0]);
                lists[gender as usize].draw(draw)
            }
        }
    }

    /// A second given name, which most people have in some countries and few in others; it is older than the first.
    pub(crate) fn second(
        &self,
        draw: &mut Draw,
        origin: Origin,
        gender: Gender,
        year: i32,
    ) -> Option<&'static str> {
        draw.chance(SECOND_NAMES[origin.country().register()])
            .then(|| self.forename(draw, origin, gender, year - 25))
    }

    /// The short forms of a given name in a language.
    pub(crate) fn short_forms(&self, name: &str, language: Language) -> &[Short] {
        let range = self.short_ranges[language as usize].get(name);
        range.map_or(&[], |range| &self.short[language as usize][range.clone()])
    }
}

impl Compounds {
    fn draw(&self, draw: &mut Draw, language: Language) -> String {
        let (stem, end) = (self.stems.draw(draw), self.ends.draw(draw));
        if language != Language::German {
            // No letter stands three times, and none of the stem twice.
            let end = if stem.ends_with(&end[..1]) && end.len() > 2 { &end[1..] } else { end };
            return [stem, end].concat();
        }
        let (link, _) = LINKS[draw.weighted(&LINKS.map(|(_, weight)| weight))];
        let link = if end.len() < 3 || stem.ends_with(['e', 'n', 'r', 's']) { "" } else { link };
        [stem, link, end].concat()
    }
}

/// A surname of a list that holds this share of the population.
fn of_list(draw: &mut Draw, list: &List, share: f64) -> Surname {
    let at = list.weighted.draw(draw);
    Surname { text: with_blanks(list.names[at].to_owned()), share: share * list.share(at) }
}

fn generations(of: &str) -> Generations {
    let mut generations: Generations = Vec::new();
    for line in include_str!("data/forenames.csv").lines().skip(1) {
        let cells: Vec<&'static str> = line.splitn(4, ',').collect();
        if let [country, from, gender, names] = cells[..]
            && country == of
        {
            let from = from.parse().unwrap_or_default();
            let list = List::by_rank(names.split(' ').collect(), 4.0, 0.8);
            match generations.last_mut() {
                Some((year, lists)) if *year == from && gender == "f" => lists[0] = list,
                _ => generations.push((from, [list.clone(), list])),
            }
        }
    }
    generations
}

/// The names of other countries, and how many people came from each to the country of each register.
fn elsewhere() -> (Vec<Elsewhere>, [Weighted; REGISTERS]) {
    let (mut elsewhere, mut shares) = (Vec::new(), [const { Vec::new() }; REGISTERS]);
    for line in include_str!("data/names_by_country.csv").lines().skip(1) {
        let cells: Vec<&'static str> = line.split(',').collect();
        if let [_, de, gb, us, fr, beyond, surnames, men, women] = cells[..] {
            for (shares, share) in shares.iter_mut().zip([de, gb, us, fr]) {
                shares.push(share.parse().unwrap_or_default());
            }
            let lists =
                [women, men, surnames].map(|names| List::by_rank(names.split(' ').collect(), 4.0, 0.8));
            elsewhere.push(Elsewhere { lists, beyond: beyond.parse().unwrap_or(0.0) / 100.0 });
        }
    }
    (elsewhere, shares.map(|shares| Weighted::new(&shares)))
}

/// The beginning of one name and the end of another.
fn blended(first: &str, second: &str) -> String {
    let half =
        |name: &str| name.char_indices().nth(name.chars().count() / 2).map_or(name.len(), |(at, _)| at);
    [&first[..half(first)], &second[half(second)..]].concat()
}

fn pairs(text: &'static str) -> Vec<Short> {
    let mut pairs: Vec<_> = text.lines().skip(1).filter_map(|line| line.split_once(',')).collect();
    pairs.sort_unstable();
    pairs
}

fn ranges(sorted: &[Short]) -> ShortRanges {
    let mut ranges = ShortRanges::default();
    for (at, (name, _)) in sorted.iter().enumerate() {
        ranges.entry(*name).or_insert(at..at).end = at + 1;
    }
    ranges
}
