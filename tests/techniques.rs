//! The promise that each technique can be switched off by itself, and that it then does not act.
#![allow(clippy::unwrap_used)]

use onefold::evaluate::{expected_candidate_recall, sampled_candidate_recall};
use onefold::model::Scorer;
use onefold::pipeline::spec::Spec;
use onefold::{Pipeline, Technique, Techniques, Unified, block::CandidatePairs};

fn run(techniques: Techniques) -> Unified {
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/unify/spec.toml");
    let mut spec = Spec::from_toml_file(sample).unwrap();
    spec.techniques = techniques;
    // Few enough that blocks are split.
    spec.pairs_per_record = Some(10);
    Pipeline::from_spec(spec).unwrap().run().unwrap()
}

#[test]
fn each_acts_unless_it_is_switched_off() {
    let all = run(Techniques::default());
    assert!(all.blocking.rules.iter().any(|rule| rule.split > 0), "{}", all.blocking);
    for &technique in Technique::ALL {
        // No source of the sample is free of duplicates, and none has an exclusive column.
        if matches!(technique, Technique::ClusterGuards | Technique::Leftovers) {
            continue;
        }
        let one_less = run(Techniques::default().without(technique));
        let same = all.model == one_less.model && all.partition == one_less.partition;
        assert!(!same, "{} makes no difference", technique.as_str());
    }
}

#[test]
fn the_estimates_of_what_blocking_finds_are_shares() {
    let unified = run(Techniques::default());
    let pairs = CandidatePairs::new(unified.model.plan(), &unified.records);
    let scorer = Scorer::new(&unified.model, &unified.records);
    let expected = expected_candidate_recall(&pairs, &unified.links);
    // All pairs: what is sampled is then the whole.
    let exhaustive = sampled_candidate_recall(&pairs, &scorer, u64::MAX);
    assert!(expected > 0.8 && expected < 1.0, "{expected}");
    assert!(exhaustive > 0.8 && exhaustive < 1.0, "{exhaustive}");
    assert!((expected - exhaustive).abs() < 0.1, "{expected} {exhaustive}");
    assert!((sampled_candidate_recall(&pairs, &scorer, 500_000) - exhaustive).abs() < 0.1);
}
