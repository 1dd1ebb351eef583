//! A world of customers to measure on: the same from the same seed, and too large for caches.
//!
//! Names follow Zipf's law, a person has one record or several, and each record has typing errors and gaps of its
//! own. Nothing here claims to be like anyone's data; the shares are round figures.
#![allow(dead_code, clippy::unwrap_used, reason = "each bench uses a part of this, on data that is its own")]

mod plain_rules;

use std::collections::BTreeMap;
use std::time::Duration;

use criterion::Criterion;
use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use onefold::block::{BlockingRule, Plan, PlanOptions, default_plan};
use onefold::ingest::{Source, ingest};
use onefold::normalize::{NormalizeOptions, normalize};
use onefold::record::{RawRecords, Records};
use onefold::schema::LinkMode;
use onefold::{FieldKind, Pipeline, PipelineBuilder};
use plain_rules::PLAIN_RULES;

/// Records of a measured run.
const MEASURED: usize = 100_000;
/// Records where only the bench itself is tried (`cargo bench -- --test`).
const TRIED: usize = 2_000;

/// How many records to generate.
pub(crate) fn size() -> usize {
    if std::env::args().any(|argument| argument == "--test") { TRIED } else { MEASURED }
}

/// The CPU time of the process, all threads together: unlike wall time it hardly depends on what else the machine does.
pub(crate) struct CpuTime;

impl Measurement for CpuTime {
    type Intermediate = Duration;
    type Value = Duration;

    fn start(&self) -> Duration {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
        Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
    }

    fn end(&self, start: Duration) -> Duration {
        self.start().saturating_sub(start)
    }

    fn add(&self, a: &Duration, b: &Duration) -> Duration {
        *a + *b
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        value.as_nanos() as f64
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        WallTime.formatter()
    }
}

/// Few samples: an iteration takes from milliseconds to seconds.
pub(crate) fn criterion() -> Criterion<CpuTime> {
    Criterion::default()
        .with_measurement(CpuTime)
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3))
}

/// Runs work on one thread, so that no time goes into waiting for work.
pub(crate) fn alone<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap().install(work)
}

/// splitmix64 (Steele, Lea, Flood 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (((self.next() >> 32) as usize) * bound) >> 32
    }

    fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }

    /// A rank below `count` with a chance of about 1 / rank.
    fn rank(&mut self, count: usize) -> usize {
        let unit = self.below(1 << 30) as f64 / f64::from(1 << 30);
        (count as f64).powf(unit) as usize - 1
    }

    fn word(&mut self, syllables: usize) -> String {
        const STARTS: [&str; 16] =
            ["m", "sch", "b", "kr", "h", "l", "st", "w", "f", "g", "br", "d", "r", "n", "k", "p"];
        const VOWELS: [&str; 10] = ["a", "e", "i", "o", "u", "ie", "ei", "au", "ü", "ö"];
        const ENDS: [&str; 10] = ["r", "n", "ll", "ck", "ng", "s", "", "", "rt", "ß"];
        let mut word = String::new();
        for _ in 0..syllables {
            word += self.of(&STARTS);
            word += self.of(&VOWELS);
            word += self.of(&ENDS);
        }
        word[..1].to_uppercase() + &word[1..]
    }

    fn words(&mut self, count: usize, syllables: usize) -> Vec<String> {
        (0..count).map(|at| self.word(syllables + at % 2)).collect()
    }

    /// The value as a clerk might type it.
    fn typed(&mut self, value: &str, wrong: usize) -> String {
        if !self.percent(wrong) || value.chars().count() < 3 {
            return value.to_owned();
        }
        let mut chars: Vec<char> = value.chars().collect();
        let at = self.below(chars.len() - 1);
        match self.below(3) {
            0 => chars.swap(at, at + 1),
            1 => drop(chars.remove(at)),
            _ => chars[at] = if chars[at].is_ascii_digit() { '7' } else { 'e' },
        }
        chars.into_iter().collect()
    }
}

/// One customer's data; each record is a copy with errors and gaps.
struct Person {
    given: String,
    family: String,
    email: String,
    phone: String,
    born: (usize, usize, usize),
    street: String,
    city: usize,
}

/// A CSV export of customers: eight fields, the key in column `id`.
pub(crate) fn csv(records: usize) -> Vec<u8> {
    use std::fmt::Write;
    let random = &mut Random(20_261_122);
    let given = random.words(4_000, 2);
    let family = random.words(60_000, 2);
    let streets = random.words(8_000, 2);
    let cities = random.words(3_000, 2);
    let mut text = "id,first,last,mail,phone,born,street,postcode,city\n".to_owned();
    let mut written = 0;
    while written < records {
        let person = Person {
            given: given[random.rank(given.len())].clone(),
            family: family[random.rank(family.len())].clone(),
            email: format!("{}{}", random.word(2), random.below(1_000)).to_lowercase(),
            phone: format!("0{} {}", 30 + random.below(900), 100_000 + random.below(9_900_000)),
            born: (1930 + random.below(78), 1 + random.below(12), 1 + random.below(28)),
            street: format!("{}str. {}", streets[random.rank(streets.len())], 1 + random.below(150)),
            city: random.rank(cities.len()),
        };
        while written < records {
            // The keys are spread, so that records of a person do not stand side by side.
            let key = (written as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 24;
            write!(text, "{key:010x}-{written}").unwrap();
            let (year, month, day) = person.born;
            let cells = [
                (random.typed(&person.given, 6), 2),
                (random.typed(&person.family, 6), 1),
                (random.typed(&person.email, 4) + "@example.org", 40),
                (random.typed(&person.phone, 4), 45),
                (random.typed(&format!("{year}-{month:02}-{day:02}"), 3), 30),
                (random.typed(&person.street, 8), 15),
                (random.typed(&format!("{:05}", 10_001 + person.city * 29), 3), 10),
                (random.typed(&cities[person.city], 4), 10),
            ];
            for (cell, missing) in cells {
                text.push(',');
                if !random.percent(missing) {
                    text += &cell;
                }
            }
            text.push('\n');
            written += 1;
            if !random.percent(40) {
                break;
            }
        }
    }
    text.into_bytes()
}

/// The export as a source.
pub(crate) fn source(file_name: &str, bytes: Vec<u8>) -> Source {
    [
        ("first", FieldKind::GivenName),
        ("last", FieldKind::FamilyName),
        ("mail", FieldKind::Email),
        ("phone", FieldKind::Phone),
        ("born", FieldKind::BirthDate),
        ("street", FieldKind::Street),
        ("postcode", FieldKind::PostalCode),
        ("city", FieldKind::City),
    ]
    .into_iter()
    .fold(Source::bytes("crm", file_name, bytes).key("id"), |source, (column, kind)| {
        source.field(column, kind)
    })
}

/// The records as written.
pub(crate) fn raw(records: usize) -> RawRecords {
    ingest(&[source("crm.csv", csv(records))], "".as_ref()).unwrap().records
}

/// The same export as a JSON object per line.
pub(crate) fn ndjson(records: usize) -> Vec<u8> {
    let text = csv(records);
    let mut rows = csv::Reader::from_reader(text.as_slice());
    let rows = rows.deserialize::<BTreeMap<String, String>>();
    let lines: Vec<String> = rows.map(|row| serde_json::to_string(&row.unwrap()).unwrap()).collect();
    lines.join("\n").into_bytes()
}

/// The records ready for matching.
pub(crate) fn records(records: usize) -> Records {
    normalize(raw(records), &NormalizeOptions::default().with_country("DE")).0
}

/// The plan of the seven rules.
pub(crate) fn plan(records: &Records) -> Plan {
    let parse = |parts: &[&str]| BlockingRule::parse(parts, records.schema(), "bench").unwrap();
    let rules = PLAIN_RULES.into_iter().map(parse).collect();
    default_plan(records, Some(rules), &PlanOptions::default().with_mode(LinkMode::Dedupe))
}

/// The whole way with all defaults.
pub(crate) fn pipeline(csv: Vec<u8>) -> PipelineBuilder {
    Pipeline::builder().country("DE").mode(LinkMode::Dedupe).source(source("crm.csv", csv))
}

/// The whole way with the seven rules.
pub(crate) fn pipeline_with_rules(csv: Vec<u8>) -> PipelineBuilder {
    let rules = PLAIN_RULES.iter().map(|parts| parts.iter().map(ToString::to_string).collect());
    pipeline(csv).blocking(rules.collect())
}
