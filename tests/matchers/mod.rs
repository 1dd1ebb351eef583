//! Two matchers that the library is compared with: one exact key, and a generic Fellegi–Sunter model.

use std::collections::BTreeMap;

use onefold::block::CandidatePairs;
use onefold::record::Records;
use onefold::resolve::Partition;
use onefold::{FieldKind, RecordId, Unified};

/// Rounds after which the estimation stops.
const ROUNDS: usize = 100;
/// The share of matches among the candidate pairs before anything is learned.
const FIRST_PRIOR: f64 = 0.1;
/// How often a column agrees in matches and in other pairs before anything is learned.
const FIRST_AGREEMENT: [f64; 2] = [0.9, 0.1];
/// Columns in one pattern at most.
const MOST_COLUMNS: usize = 64;

/// Records with an equal e-mail address are one; in a set without a column for it, those with an equal full name and
/// birth date, or, where the birth date is missing, an equal full name and postal code.
pub(crate) fn by_exact_key(records: &Records) -> Partition {
    let texts = |record: RecordId, kind: FieldKind| {
        let of_kind = records.columns().iter().filter(move |column| column.field().kind == kind);
        of_kind.flat_map(move |column| {
            let ids = column.slice(records.row(record)).iter().filter(|id| !id.is_missing());
            ids.map(|&id| column.text(id))
        })
    };
    let has_mailboxes =
        records.columns().iter().any(|column| column.field().kind == FieldKind::Email && column.filled() > 0);
    let mut clusters = Clusters::new(records.len());
    let mut first: BTreeMap<Vec<&str>, RecordId> = BTreeMap::new();
    for record in records.ids() {
        let keys: Vec<Vec<&str>> = if has_mailboxes {
            texts(record, FieldKind::Email).map(|mailbox| vec![mailbox]).collect()
        } else {
            let parts = [FieldKind::GivenName, FieldKind::FamilyName];
            let [given, family] = parts.map(|kind| texts(record, kind).collect::<Vec<_>>());
            let mut others = texts(record, FieldKind::BirthDate).chain(texts(record, FieldKind::PostalCode));
            let other = others.next().filter(|_| !given.is_empty() && !family.is_empty());
            other.map(|other| [given, family, vec![other]].concat()).into_iter().collect()
        };
        for key in keys {
            clusters.join(*first.entry(key).or_insert(record), record);
        }
    }
    clusters.partition()
}

/// A textbook model: each column of the normalised records agrees exactly, or does not, or says nothing; the weights
/// come from expectation maximisation with one class of matches and one of others, over the candidate pairs of the
/// library; pairs above even odds are joined.
pub(crate) fn by_fellegi_sunter(unified: &Unified) -> Partition {
    let records = &unified.records;
    assert!(records.columns().len() <= MOST_COLUMNS);
    let pairs = CandidatePairs::new(unified.model.plan(), records).collect();
    let patterns: Vec<Pattern> = pairs.iter().map(|&(a, b)| Pattern::of(records, a, b)).collect();
    let mut counts: BTreeMap<Pattern, f64> = BTreeMap::new();
    for &pattern in &patterns {
        *counts.entry(pattern).or_default() += 1.0;
    }
    let model = Model::learned(&counts, records.columns().len());
    let matches: BTreeMap<Pattern, bool> =
        counts.keys().map(|&pattern| (pattern, model.posterior(pattern) > 0.5)).collect();
    let mut clusters = Clusters::new(records.len());
    for (&(a, b), pattern) in pairs.iter().zip(&patterns) {
        if matches[pattern] {
            clusters.join(a, b);
        }
    }
    clusters.partition()
}

/// Which columns agree and which differ, one bit for each; a column that is missing in one of the records does neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Pattern {
    agree: u64,
    differ: u64,
}

impl Pattern {
    fn of(records: &Records, a: RecordId, b: RecordId) -> Pattern {
        let (a, b) = (records.row(a), records.row(b));
        let mut pattern = Pattern { agree: 0, differ: 0 };
        for (at, column) in records.columns().iter().enumerate() {
            let (a, b) = (column.slice(a), column.slice(b));
            let mut of_a = a.iter().filter(|id| !id.is_missing()).peekable();
            if of_a.peek().is_none() || b.iter().all(|id| id.is_missing()) {
                continue;
            }
            let bits = if of_a.any(|id| b.contains(id)) { &mut pattern.agree } else { &mut pattern.differ };
            *bits |= 1 << at;
        }
        pattern
    }
}

/// How often each column agrees in matches and in other pairs, and the share of matches.
struct Model {
    agreement: Vec<[f64; 2]>,
    prior: f64,
}

impl Model {
    fn learned(counts: &BTreeMap<Pattern, f64>, columns: usize) -> Model {
        let mut model = Model { agreement: vec![FIRST_AGREEMENT; columns], prior: FIRST_PRIOR };
        for _ in 0..ROUNDS {
            // For each column and class: pairs that agree, and pairs that say anything.
            let mut sums = vec![[[0.0; 2]; 2]; columns];
            let mut of_matches = 0.0;
            for (&pattern, count) in counts {
                let posterior = model.posterior(pattern);
                of_matches += count * posterior;
                for (class, share) in [posterior, 1.0 - posterior].into_iter().enumerate() {
                    for (at, sums) in sums.iter_mut().enumerate() {
                        let agrees = pattern.agree >> at & 1 == 1;
                        if agrees || pattern.differ >> at & 1 == 1 {
                            sums[class][0] += if agrees { count * share } else { 0.0 };
                            sums[class][1] += count * share;
                        }
                    }
                }
            }
            model.prior = of_matches / counts.values().sum::<f64>();
            // One half of a pair to each side: no agreement is certain, none is impossible.
            model.agreement =
                sums.iter().map(|classes| classes.map(|[agree, all]| (agree + 0.5) / (all + 1.0))).collect();
        }
        model
    }

    fn posterior(&self, pattern: Pattern) -> f64 {
        let mut odds = (self.prior / (1.0 - self.prior)).ln();
        for (at, [m, u]) in self.agreement.iter().enumerate() {
            if pattern.agree >> at & 1 == 1 {
                odds += (m / u).ln();
            } else if pattern.differ >> at & 1 == 1 {
                odds += ((1.0 - m) / (1.0 - u)).ln();
            }
        }
        1.0 / (1.0 + (-odds).exp())
    }
}

/// Connected components.
struct Clusters(Vec<u32>);

impl Clusters {
    fn new(records: usize) -> Clusters {
        Clusters((0..records as u32).collect())
    }

    fn root(&mut self, mut record: u32) -> u32 {
        while self.0[record as usize] != record {
            let above = self.0[record as usize];
            self.0[record as usize] = self.0[above as usize];
            record = above;
        }
        record
    }

    fn join(&mut self, a: RecordId, b: RecordId) {
        let (a, b) = (self.root(a.0), self.root(b.0));
        self.0[a.max(b) as usize] = a.min(b);
    }

    fn partition(mut self) -> Partition {
        let roots: Vec<u32> = (0..self.0.len() as u32).map(|record| self.root(record)).collect();
        Partition::from_roots(&roots)
    }
}
