//! The promise that every public type can be sent to and shared between threads and printed for debugging.
#![allow(clippy::unwrap_used)]

use std::error::Error as _;
use std::fmt::Debug;
use std::path::Path;

/// Names each type once, for the compiler and as text.
macro_rules! public_types {
    ($($module:ident: $($name:ident)* $(, with lifetime: $($borrowed:ident)*)?;)*) => {
        const NAMES: &[&str] = &[$($(stringify!($name),)* $($(stringify!($borrowed),)*)?)*];

        #[test]
        fn all_are_send_sync_and_debug() {
            fn assert_all<T: Send + Sync + Debug>() {}
            $(
                $(assert_all::<onefold::$module::$name>();)*
                $($(assert_all::<onefold::$module::$borrowed<'static>>();)*)?
            )*
        }
    };
}

public_types! {
    error: Error ErrorKind;
    id: CustomerId EntityId FieldId HouseholdId NoStableId RecordId SourceId ValueId;
    text: Signature;
    value: Amount Check Checked Currency Date DayMonthOrder DecimalMark Email Gender Instant NoInstant ParsedDate Precision
        UnknownCurrency;
    schema: EntityKind Field FieldKind LinkMode Schema UnknownName;
    technique: Technique Techniques;
    record: Column ColumnBuilder Dictionary EntityClass Interner Issue IssueKind RawColumn RawRecords Records
        RecordsBuilder Reject RejectReason SourceInfo SourceTable, with lifetime: Cell;
    fact: OrderSummary Orders OrdersBuilder Revenue, with lifetime: Order;
    ingest: CurrencyOf CustomerReference FileEncoding Inference InferenceBasis InferredColumn IngestReport Ingested
        OrderColumns RejectCounts Source SourceReport UnmappedColumn UnmappedReason;
    normalize: NormalizeOptions OrganisationName PersonName PostalAddress Street ValueClass ValueProfile ValueProfiles;
    block: BlockExplanation BlockReport BlockingRule KeyFunction KeyPart LargestBlock OversizedBlock Plan
        PlanExplanation PlanOptions RuleExplanation RuleReport Split,
        with lifetime: CandidatePairs;
    compare: Comparator Comparison PairLevels Pattern PatternLayout Rarity Vocabulary,
        with lifetime: BoundComparisons;
    model: ComparisonWeights FullNames Link Links Model SimilarValues TermFrequencies Threshold TrainingOptions TrainingReport,
        with lifetime: Scorer;
    resolve: Ambiguity Constraints ContactClass Guard HouseholdReason Households Partition RecordKey Resolution;
    survive: Clock Comparator Contribution Contributions Decay Downgrade Fill Finding FindingKind Future GoldenRecords
        GoldenValue Group Lift Lineage Loser Nulls OnEmpty OnTie Pin PinState PinnedValue Policy Predicate Reason
        RecordRule Reduce Rule Stage Times Trust TrustCurve Undated Voter,
        with lifetime: CandidateView GoldenRow Survivorship;
    profile: Address ContactPoint Identifier Profile ProfileName ProfileValue SourceRecord,
        with lifetime: Profiles;
    segment: AmountField Audience Bound ContactField Explanation Expr Field GenderField InstantField InstantTest
        NumberField ProfileColumns ProfileColumnsBuilder TextField TextTest Top Verdict, with lifetime: Subject;
    identity: Applied Assignment Author Change Decisions Event EventRecord Fate FieldChange LinkDecision LinkKind
        MovedRecord Orphan Plan Preview Registry Resolution Run Scope, with lifetime: Situation;
    pipeline: Estimate Event Limits Pipeline PipelineBuilder Silent Stage Timings Unified;
    evaluate: ErrorCause Evaluation Expectation Figures PairError Truth;
    explain: ComparedField Outcome PairExplanation;
}

mod spec {
    use super::Debug;

    pub(crate) const NAMES: [&str; 3] = ["Spec", "ThresholdSpec", "TruthSpec"];

    #[test]
    fn all_are_send_sync_and_debug() {
        use onefold::pipeline::spec::{Spec, ThresholdSpec, TruthSpec};
        fn assert_all<T: Send + Sync + Debug>() {}
        assert_all::<(Spec, ThresholdSpec, TruthSpec)>();
    }
}

/// Types at the left edge of a file; others are in a macro or in a function.
fn declared(directory: &Path, names: &mut Vec<String>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            declared(&path, names);
            continue;
        }
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        for line in std::fs::read_to_string(path).unwrap().lines() {
            let rest = line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum "));
            let name = rest.map(|rest| rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default());
            names.extend(name.map(str::to_owned));
        }
    }
}

#[test]
fn none_is_left_out() {
    let mut names = Vec::new();
    declared(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut names);
    assert!(names.iter().any(|name| name == "Unified"));
    names.retain(|name| !NAMES.contains(&name.as_str()) && !spec::NAMES.contains(&name.as_str()));
    assert!(names.is_empty(), "not listed here: {names:?}");
}

#[test]
fn errors_are_standard_errors_with_their_cause() {
    let error = onefold::Pipeline::from_toml("no/such/spec.toml").unwrap_err();
    let cause = error.source().and_then(|cause| cause.downcast_ref::<std::io::Error>());
    assert_eq!(cause.map(std::io::Error::kind), Some(std::io::ErrorKind::NotFound));
    let boxed: Box<dyn std::error::Error + Send + Sync> = Box::new(error);
    assert!(boxed.downcast_ref::<onefold::Error>().is_some_and(onefold::Error::is_io));
}
