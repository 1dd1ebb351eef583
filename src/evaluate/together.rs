//! How probable pairs are, given all that is known inside their entity.
//!
//! The posterior of a pair looks at two records alone. Once a third record is most probably both, the two are one
//! entity whatever they say of each other: being the same is transitive. So the links of an entity are read together.

/// Entities up to this size are read exactly: five records have 52 partitions.
const EXACT: usize = 5;
/// No posterior is taken for more certain than this: beyond, a model is not to be believed.
const CERTAIN: f64 = 1e-4;

/// The probability of each pair given all pairs of its entity; takes and returns the upper triangle, row by row.
///
/// Up to five records this is exact for pairs that err independently: each partition of the records weighs the product of
/// the odds of the pairs that it puts together, and a pair has the share of the partitions that hold it together.
/// Beyond, a pair is at least as probable as all steps of the path between its records in the maximum spanning tree.
pub(super) fn pairs_together(members: usize, direct: &[f64]) -> Vec<f64> {
    match members {
        0..=2 => direct.to_vec(),
        3..=EXACT => over_partitions(members, direct),
        _ => over_paths(members, direct),
    }
}

/// Where a pair stands in the upper triangle.
fn place(members: usize, a: usize, b: usize) -> usize {
    let (a, b) = (a.min(b), a.max(b));
    a * (2 * members - a - 1) / 2 + b - a - 1
}

fn over_partitions(members: usize, direct: &[f64]) -> Vec<f64> {
    let odds: Vec<f64> = direct
        .iter()
        .map(|&probability| {
            let probability = probability.clamp(CERTAIN, 1.0 - CERTAIN);
            probability / (1.0 - probability)
        })
        .collect();
    let (mut all, mut held) = (0.0, vec![0.0; direct.len()]);
    let mut labels = [0usize; EXACT];
    loop {
        let labels_used = &labels[..members];
        let pairs = (0..members).flat_map(|a| (a + 1..members).map(move |b| (a, b)));
        let together = pairs.enumerate().filter(|(_, (a, b))| labels_used[*a] == labels_used[*b]);
        let weight: f64 = together.clone().map(|(at, _)| odds[at]).product();
        all += weight;
        together.for_each(|(at, _)| held[at] += weight);
        if !next_partition(&mut labels[..members]) {
            break;
        }
    }
    held.iter().map(|weight| weight / all).collect()
}

/// The next restricted growth string: each label is at most one above all before it (Knuth 4A, 7.2.1.5).
fn next_partition(labels: &mut [usize]) -> bool {
    for at in (1..labels.len()).rev() {
        let highest = labels[..at].iter().copied().max().unwrap_or(0);
        if labels[at] <= highest {
            labels[at] += 1;
            labels[at + 1..].fill(0);
            return true;
        }
    }
    false
}

/// Prim's algorithm; with each record that the tree takes in, its paths to all before it are known.
fn over_paths(members: usize, direct: &[f64]) -> Vec<f64> {
    let mut probabilities = direct.to_vec();
    let mut nearest: Vec<(f64, usize)> = vec![(f64::NEG_INFINITY, 0); members];
    let mut tree: Vec<usize> = vec![0];
    let mut outside: Vec<usize> = (1..members).collect();
    let mut last = 0;
    while !outside.is_empty() {
        for &record in &outside {
            let probability = direct[place(members, last, record)];
            if probability > nearest[record].0 {
                nearest[record] = (probability, last);
            }
        }
        let best = (1..outside.len())
            .fold(0, |best, at| if nearest[outside[at]].0 > nearest[outside[best]].0 { at } else { best });
        let record = outside.remove(best);
        let (step, parent) = nearest[record];
        for &other in tree.iter().filter(|&&other| other != parent) {
            let path = step * probabilities[place(members, parent, other)];
            let own = &mut probabilities[place(members, record, other)];
            *own = own.max(path);
        }
        tree.push(record);
        last = record;
    }
    probabilities
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_partition_is_counted_once() {
        for (members, bell) in [(2, 2), (3, 5), (4, 15), (5, 52)] {
            let (mut labels, mut count) = (vec![0; members], 1);
            while next_partition(&mut labels) {
                count += 1;
            }
            assert_eq!(count, bell);
        }
    }

    #[test]
    fn a_third_record_vouches_for_a_pair() {
        // 0–1 and 1–2 are certain, 0–2 alone is in doubt.
        let read = pairs_together(3, &[0.99, 0.3, 0.99]);
        assert!(read[1] > 0.9 && read.iter().all(|probability| *probability < 1.0), "{read:?}");
        // By hand: all together, two together in three ways, none.
        let (strong, weak) = (99.0, 3.0 / 7.0);
        let all = strong * strong * weak;
        let expected = (all + weak) / (all + strong + strong + weak + 1.0);
        assert!((read[1] - expected).abs() < 1e-12);
    }

    #[test]
    fn a_third_record_speaks_against_a_pair() {
        // 0–1 is likely, but 2 is certainly 0 and certainly not 1.
        let read = pairs_together(3, &[0.8, 0.999, 0.001]);
        assert!(read[0] < 0.1, "{read:?}");
    }

    #[test]
    fn a_path_vouches_in_a_larger_entity() {
        // A chain of six: neighbours match, no other pair does.
        let members = 6;
        let mut direct = vec![0.0; 15];
        (0..5).for_each(|at| direct[place(members, at, at + 1)] = 0.9);
        let read = pairs_together(members, &direct);
        for a in 0..members {
            for b in a + 1..members {
                let steps = (b - a) as i32;
                assert!((read[place(members, a, b)] - 0.9f64.powi(steps)).abs() < 1e-12);
            }
        }
    }
}
