//! Law: a run scores as its model does. Links are what the persisted model gives for the same records, and a pair that is told to
//! be hopeless before its texts are looked at is one that the model finds below the floor.
//!
//! What makes it fail: a bound that is too low (`Most::of`, `Most::at_most` or `Scorer::slack` in `model::reach`), a scorer
//! that training left with other terms, profiles or names than its model has (`Scorer::set_terms`, `set_full_names`), blocks
//! at hand that are not those of the frozen plan (`RuleBlocks::split`).
#![allow(clippy::unwrap_used)]

mod world;

use onefold::block::CandidatePairs;
use onefold::model::{Model, Scorer, score};
use proptest::prelude::*;
use world::{Reached, World};

/// Pairs of a lower posterior are no links.
const FLOOR: f64 = 0.01;

#[test]
fn links_are_what_the_model_says() {
    let reached = Reached::default();
    world::check(12, (any::<u64>(), 40..400usize), |(seed, customers)| {
        let unified = World::new(seed, customers).run();
        let (records, model) = (&unified.records, &unified.model);
        let read = Model::from_json(&model.to_json().unwrap()).unwrap();
        let links = score(records, &read);
        prop_assert_eq!(links.as_slice(), unified.links.as_slice());
        let (scorer, pairs) = (Scorer::new(&read, records), CandidatePairs::new(read.plan(), records));
        let mut linked = 0;
        for (a, b) in pairs.collect() {
            let (weight, probability) = (scorer.weight(a, b), scorer.probability(a, b));
            match links.between(a, b) {
                Some(link) => {
                    linked += 1;
                    prop_assert_eq!(link.weight.to_bits(), weight.to_bits());
                    prop_assert_eq!(link.probability.to_bits(), probability.to_bits());
                }
                None => prop_assert!(probability < FLOOR, "{:?} {:?}: {}", a, b, probability),
            }
        }
        prop_assert_eq!(linked, links.iter().count());
        reached.add("links", linked as u64);
        reached.add("hopeless pairs", pairs.count() - linked as u64);
        reached.add("full names", u64::from(read.full_names().is_some()));
        Ok(())
    });
    reached.assert(500, &["links", "hopeless pairs"]);
    reached.assert(5, &["full names"]);
}
