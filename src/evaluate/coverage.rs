//! EXPERIMENT
use crate::block::CandidatePairs;
use crate::model::Scorer;
use crate::text;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// x
pub fn dump(pairs: &CandidatePairs<'_>, scorer: &Scorer<'_>, truth: &crate::evaluate::Truth) -> String {
    let rules = pairs.plan().rules().len();
    let _ = truth;
    let counts: Vec<BTreeMap<u32, f64>> = pairs.fold(BTreeMap::new, |map, _, a, b| {
        let p = scorer.probability(a, b);
        if p > 0.01 {
            let mask = pairs.rules_of(a, b).fold(0u32, |m, r| m | 1 << r);
            *map.entry(mask).or_default() += p;
        }
    });
    let mut all: BTreeMap<u32, f64> = BTreeMap::new();
    for (mask, p) in counts.into_iter().flatten() {
        *all.entry(mask).or_default() += p;
    }
    let mut out = format!("RULES {rules}\n");
    for r in pairs.plan().rules() {
        out += &format!("R {r}\n");
    }
    for (mask, p) in all {
        out += &format!("M {mask} {p}\n");
    }
    let records = pairs.records();
    let n = records.len();
    for budget in [2_000_000usize, 10_000_000] {
        let start = std::time::Instant::now();
        let take = (budget / n.max(1)).clamp(1, n);
        let mut hashed: Vec<(u64, crate::id::RecordId)> = records
            .ids()
            .map(|r| {
                let (s, k) = records.raw().key(r);
                (text::combine(text::combine(text::hash(s), text::hash(k)), 0x5a3), r)
            })
            .collect();
        hashed.sort_unstable();
        hashed.truncate(take);
        let sums: Vec<[f64; 6]> = hashed
            .par_iter()
            .map(|&(_, a)| {
                let mut s = [0.0; 6];
                for b in records.ids() {
                    if a == b || !pairs.allows(a, b) {
                        continue;
                    }
                    let p = scorer.probability(a.min(b), a.max(b));
                    if p < 0.001 {
                        s[2] += p;
                        continue;
                    }
                    let prop = pairs.proposes(a, b);
                    if prop {
                        s[0] += p
                    } else {
                        s[1] += p
                    }
                    if p > 0.5 {
                        if prop { s[3] += p } else { s[4] += p }
                    }
                }
                s
            })
            .collect();
        let mut t = [0.0; 6];
        for s in sums {
            for i in 0..6 {
                t[i] += s[i];
            }
        }
        out += &format!(
            "S {budget} records {take} prop {:.1} unprop {:.1} tiny {:.1} recall {:.4} p>.5 recall {:.4}  {:.2}s\n",
            t[0],
            t[1],
            t[2],
            t[0] / (t[0] + t[1]),
            t[3] / (t[3] + t[4]),
            start.elapsed().as_secs_f64()
        );
    }
    out
}
