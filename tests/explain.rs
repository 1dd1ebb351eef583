//! Pairs taken apart, and the pairs that a run got wrong, on the sample of `unify`: every figure follows from the others.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use onefold::block::CandidatePairs;
use onefold::evaluate::{ErrorCause, Truth, evaluate, pair_errors};
use onefold::explain::{Outcome, PairExplanation};
use onefold::resolve::Constraints;
use onefold::{Pipeline, RecordId, Unified};

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data/unify")
}

fn unified() -> &'static Unified {
    static UNIFIED: OnceLock<Unified> = OnceLock::new();
    UNIFIED.get_or_init(|| Pipeline::from_toml(folder().join("spec.toml")).unwrap().run().unwrap())
}

fn truth() -> Truth {
    let columns = ["source", "key", "entity"];
    Truth::from_csv(unified().records.raw(), &folder().join("truth.csv"), columns, None).unwrap()
}

fn explain(pairs: &CandidatePairs<'_>, a: RecordId, b: RecordId) -> PairExplanation {
    let Unified { model, links, partition, .. } = unified();
    PairExplanation::new(a, b, model, pairs, links, partition, &Constraints::new()).unwrap()
}

#[test]
fn the_parts_come_to_the_posterior_and_the_outcome_is_that_of_the_run() {
    let unified = unified();
    let pairs = CandidatePairs::new(unified.model.plan(), &unified.records);
    let mut outcomes: BTreeMap<String, u32> = BTreeMap::new();
    // Every tenth link, and as many pairs that nothing links.
    let links = unified.links.iter().step_by(10).map(|link| (link.a, link.b));
    let strangers = (0..500).map(|at| (RecordId(at), RecordId(2_900 - at)));
    for (a, b) in links.chain(strangers) {
        let explanation = explain(&pairs, a, b);
        let parts: f64 = explanation.fields.iter().map(|field| field.bits).sum();
        let classes = explanation.moved_bits + explanation.relatives_bits + explanation.leftover_bits;
        let odds = explanation.prior_bits + parts + classes;
        let posterior = 1.0 / (1.0 + (-odds).exp2());
        assert!((posterior - explanation.probability).abs() < 1e-9, "{explanation}");
        let joined = matches!(explanation.outcome, Outcome::Joined | Outcome::JoinedThroughOthers);
        assert_eq!(joined, unified.partition.entity_of(a) == unified.partition.entity_of(b), "{explanation}");
        assert_eq!(explanation.rules.is_empty(), !pairs.proposes(a, b), "{explanation}");
        for field in &explanation.fields {
            assert_eq!(field.level.is_none(), field.left.is_empty() || field.right.is_empty(), "{field:?}");
            assert!(field.level.is_some() || field.bits == 0.0, "{field:?}");
        }
        // Whichever record comes first, the evidence is the same.
        let other = explain(&pairs, b, a);
        assert_eq!(other.probability.to_bits(), explanation.probability.to_bits());
        assert_eq!(other.outcome, explanation.outcome);
        assert_eq!((&other.left, &other.right), (&explanation.right, &explanation.left));
        *outcomes.entry(explanation.outcome.to_string()).or_default() += 1;
    }
    for outcome in
        [Outcome::Joined, Outcome::JoinedThroughOthers, Outcome::NotProposed, Outcome::BelowThreshold]
    {
        assert!(outcomes.contains_key(&outcome.to_string()), "{outcome}: {outcomes:?}");
    }
    assert!(outcomes.keys().any(|outcome| outcome.contains("speak against")), "{outcomes:?}");
}

#[test]
fn an_explanation_reads_as_a_table() {
    let unified = unified();
    let pairs = CandidatePairs::new(unified.model.plan(), &unified.records);
    let best = unified.links.iter().max_by(|one, other| one.weight.total_cmp(&other.weight)).unwrap();
    let text = explain(&pairs, best.a, best.b).to_string();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].ends_with("one entity, by their own link"), "{text}");
    assert!(lines[1].ends_with("before anything is compared"), "{text}");
    assert!(text.contains("family_name: ") && text.contains("weighed by how rare it is"), "{text}");
    assert!(lines[lines.len() - 2].starts_with("posterior 1.0000, threshold 0."), "{text}");
    assert!(lines[lines.len() - 1].starts_with("proposed by "), "{text}");
}

#[test]
fn errors_are_all_pairs_on_the_wrong_side_each_with_its_cause() {
    let (unified, truth) = (unified(), truth());
    let records = &unified.records;
    let pairs = CandidatePairs::new(unified.model.plan(), records);
    let mut errors = Vec::new();
    let counts = pair_errors(&unified.partition, &truth, &unified.model, &pairs, &unified.links, |error| {
        errors.push(error);
    });
    let sources: Vec<_> = records.ids().map(|record| records.source(record)).collect();
    let result = evaluate(&unified.partition, &truth, &sources, unified.mode());
    let right = (result.pair.recall * result.pairs_true as f64).round() as u64;
    let of = |missed: bool| -> u64 {
        counts.iter().filter(|(cause, _)| cause.is_missed() == missed).map(|(_, count)| count).sum()
    };
    assert_eq!((of(true), of(false)), (result.pairs_true - right, result.pairs_found - right));
    assert_eq!(errors.len() as u64, of(true) + of(false));
    for error in &errors {
        let same = unified.partition.entity_of(error.a) == unified.partition.entity_of(error.b);
        let labels = truth.labels();
        assert!(error.a < error.b && same != error.cause.is_missed(), "{error:?}");
        assert_eq!(labels[error.a.index()] == labels[error.b.index()], error.cause.is_missed(), "{error:?}");
        match error.cause {
            ErrorCause::NotProposed => assert!(!pairs.proposes(error.a, error.b), "{error:?}"),
            ErrorCause::ScoredLow => assert!(error.probability < unified.model.threshold(), "{error:?}"),
            ErrorCause::HeldBack => assert!(error.probability >= unified.model.threshold(), "{error:?}"),
            ErrorCause::SameHousehold => {
                let household = |record: RecordId| truth.households().unwrap()[record.index()];
                assert!(
                    household(error.a).is_some() && household(error.a) == household(error.b),
                    "{error:?}"
                );
            }
            _ => {}
        }
    }
    for cause in
        [ErrorCause::NotProposed, ErrorCause::ScoredLow, ErrorCause::HeldBack, ErrorCause::SameHousehold]
    {
        assert!(counts.contains_key(&cause), "{cause}: {counts:?}");
    }
}
