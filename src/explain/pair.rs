//! The waterfall of a pair: from the prior to the posterior, comparison by comparison.

use std::fmt;

use crate::block::CandidatePairs;
use crate::compare::PairLevels;
use crate::error::Result;
use crate::id::RecordId;
use crate::model::{Links, Model, Scorer};
use crate::record::Records;
use crate::resolve::{Constraints, Guard, Partition, guard_between};
use crate::schema::Field;

/// What one comparison saw and said.
///
/// ```
/// use onefold::explain::ComparedField;
/// fn speaks_against(field: &ComparedField) -> bool {
///     field.bits < 0.0
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ComparedField {
    /// The field.
    pub field: Field,
    /// The canonical values of the first record.
    pub left: Vec<String>,
    /// The canonical values of the second record.
    pub right: Vec<String>,
    /// The level of agreement in words; none where a value is missing, [`TOLD_ELSEWHERE`](Self::TOLD_ELSEWHERE) where
    /// another field has said it.
    pub level: Option<&'static str>,
    /// Evidence for a match in bits, against strangers: log2(m / u), with the frequency of the shared value in place of
    /// u. 0 where a value is missing.
    pub bits: f64,
    /// The shared value of which the frequency was used.
    pub shared: Option<String>,
}

impl ComparedField {
    /// The level of a place that lies in another one on which the records agree, and of a mail address that repeats the
    /// name: they count no more.
    pub const TOLD_ELSEWHERE: &str = "told by another field";
}

/// What became of a pair.
///
/// ```
/// use onefold::explain::Outcome;
/// assert!(Outcome::Joined.to_string().starts_with("one entity"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// One entity, by a link of their own.
    Joined,
    /// One entity, through other records: alone, the pair stays below the threshold or was not proposed.
    JoinedThroughOthers,
    /// The mode or the entity classes do not allow the pair.
    NotAllowed,
    /// No blocking rule proposes the pair.
    NotProposed,
    /// The posterior is below the threshold.
    BelowThreshold,
    /// The posterior reaches the threshold, but a guard keeps the entities apart.
    HeldBack(Guard),
    /// The posterior reaches the threshold and no guard speaks between the final entities: the clusters were refused
    /// while they grew.
    RefusedEarlier,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Joined => f.write_str("one entity, by their own link"),
            Outcome::JoinedThroughOthers => f.write_str("one entity, through other records"),
            Outcome::NotAllowed => f.write_str("apart: mode or entity classes do not allow the pair"),
            Outcome::NotProposed => f.write_str("apart: no blocking rule proposes the pair"),
            Outcome::BelowThreshold => f.write_str("apart: the posterior is below the threshold"),
            Outcome::HeldBack(Guard::Evidence) => {
                f.write_str("apart: the other pairs of the two entities speak against it")
            }
            Outcome::HeldBack(Guard::DuplicateFree) => {
                f.write_str("apart: both entities hold a record of a source without duplicates")
            }
            Outcome::HeldBack(Guard::Exclusive) => {
                f.write_str("apart: the entities have different values of an exclusive column")
            }
            Outcome::HeldBack(Guard::CannotLink) => f.write_str("apart: by a cannot-link"),
            Outcome::HeldBack(Guard::EntityClass) => {
                f.write_str("apart: one is a person, the other an organisation")
            }
            Outcome::RefusedEarlier => f.write_str("apart: refused while the entities grew"),
        }
    }
}

/// Everything about one pair; its text form is a table to read.
///
/// ```
/// # use onefold::{RecordId, Unified, explain::PairExplanation, block::CandidatePairs, resolve::Constraints};
/// fn why(unified: &Unified, a: RecordId, b: RecordId) -> onefold::Result<String> {
///     let pairs = CandidatePairs::new(unified.model.plan(), &unified.records);
///     let constraints = Constraints::new();
///     Ok(PairExplanation::new(a, b, &unified.model, &pairs, &unified.links, &unified.partition, &constraints)?.to_string())
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PairExplanation {
    /// The first record, as `source/key`.
    pub left: String,
    /// The second record, as `source/key`.
    pub right: String,
    /// What each comparison of the model said, in the model's order.
    pub fields: Vec<ComparedField>,
    /// log2 of the prior odds that two records match.
    pub prior_bits: f64,
    /// What another address takes off less from a match, in bits: people move.
    pub moved_bits: f64,
    /// What is taken off because relatives share such values too, in bits; 0 or less.
    pub relatives_bits: f64,
    /// What is added because few other records are left that either could match, in bits: between sources without
    /// duplicates.
    pub leftover_bits: f64,
    /// The posterior probability.
    pub probability: f64,
    /// The posterior from which pairs join.
    pub threshold: f64,
    /// The blocking rules under which the records share a key, in their text form.
    pub rules: Vec<String>,
    /// What became of the pair.
    pub outcome: Outcome,
}

impl PairExplanation {
    /// Explains a pair of a run; `links`, `partition` and `constraints` are those of the run.
    ///
    /// # Errors
    /// A configuration error if a constraint names a record that is not there.
    pub fn new(
        a: RecordId,
        b: RecordId,
        model: &Model,
        pairs: &CandidatePairs<'_>,
        links: &Links,
        partition: &Partition,
        constraints: &Constraints,
    ) -> Result<Self> {
        let records = pairs.records();
        let scorer = Scorer::new(model, records);
        let (first, second) = (a.min(b), a.max(b));
        let mut levels = PairLevels::default();
        let evidence = scorer.evidence(first, second, &mut levels);
        let (matches, weight) = (scorer.of_matches(evidence), scorer.weigh(evidence));
        let fields: Vec<ComparedField> = model
            .comparisons()
            .iter()
            .enumerate()
            .map(|(at, weights)| {
                let comparison = weights.comparison();
                let field = comparison.field();
                let texts = |record: RecordId| -> Vec<String> {
                    let position = records.schema().position(field.kind, &field.name);
                    position.into_iter().flat_map(|at| records.texts(record, at)).map(str::to_owned).collect()
                };
                let level = usize::from(levels.levels()[at]);
                let by_value = level == 1 && weights.terms().is_some();
                let (left, right) = (texts(a), texts(b));
                let is_stated = !left.is_empty() && !right.is_empty();
                let level_in_words = match level.checked_sub(1) {
                    Some(level) => Some(comparison.levels()[level]),
                    None => is_stated.then_some(ComparedField::TOLD_ELSEWHERE),
                };
                ComparedField {
                    field: field.clone(),
                    left,
                    right,
                    level: level_in_words,
                    bits: scorer.part(at, &levels).against_strangers(),
                    shared: by_value.then(|| shared_text(records, field, levels.values()[at].0)).flatten(),
                }
            })
            .collect();
        let against_strangers: f64 = fields.iter().map(|field| field.bits).sum();
        let found = links.between(first, second);
        let leftover_bits = found.map_or(0.0, |link| link.weight - weight);
        let probability = scorer.posterior(weight + leftover_bits);
        let rules = pairs.rules_of(a, b).map(|rule| pairs.plan().rules()[rule].to_string()).collect();
        let outcome = {
            let (left, right) = (partition.entity_of(a), partition.entity_of(b));
            let linked = pairs.proposes(first, second) && probability >= model.threshold();
            if left == right {
                if linked { Outcome::Joined } else { Outcome::JoinedThroughOthers }
            } else if !pairs.allows(first, second) {
                Outcome::NotAllowed
            } else if !pairs.proposes(first, second) {
                Outcome::NotProposed
            } else if !linked {
                Outcome::BelowThreshold
            } else {
                let (left, right) = (partition.members(left), partition.members(right));
                guard_between(records, left, right, constraints, &scorer)?
                    .map_or(Outcome::RefusedEarlier, Outcome::HeldBack)
            }
        };
        let name = |record: RecordId| {
            let (source, key) = records.raw().key(record);
            format!("{source}/{key}")
        };
        Ok(PairExplanation {
            left: name(a),
            right: name(b),
            fields,
            prior_bits: (model.prior() / (1.0 - model.prior()).max(f64::MIN_POSITIVE)).log2(),
            moved_bits: matches - against_strangers,
            relatives_bits: weight - matches,
            leftover_bits,
            probability,
            threshold: model.threshold(),
            rules,
            outcome,
        })
    }
}

impl fmt::Display for PairExplanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} and {}: {}", self.left, self.right, self.outcome)?;
        writeln!(f, "{:+9.2}  before anything is compared", self.prior_bits)?;
        for field in &self.fields {
            let Some(level) = field.level else { continue };
            let (left, right) = (field.left.join(" | "), field.right.join(" | "));
            let how_rare = if field.shared.is_some() { ", weighed by how rare it is" } else { "" };
            let values = if left == right { left } else { format!("{left} / {right}") };
            writeln!(f, "{:+9.2}  {}: {values} ({level}{how_rare})", field.bits, field.field)?;
        }
        for (bits, reason) in [
            (self.moved_bits, "people move"),
            (self.relatives_bits, "relatives share such values too"),
            (self.leftover_bits, "few others are left that either could match"),
        ] {
            if bits != 0.0 {
                writeln!(f, "{bits:+9.2}  {reason}")?;
            }
        }
        writeln!(f, "posterior {:.4}, threshold {:.4}", self.probability, self.threshold)?;
        match &self.rules[..] {
            [] => writeln!(f, "proposed by no blocking rule"),
            rules => writeln!(f, "proposed by {}", rules.join("; ")),
        }
    }
}

fn shared_text(records: &Records, field: &Field, value: crate::id::ValueId) -> Option<String> {
    let position = records.schema().position(field.kind, &field.name)?;
    (!value.is_missing()).then(|| records.column(position).text(value).to_owned())
}
