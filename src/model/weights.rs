//! The model as data, and its persisted form.

use serde::{Deserialize, Serialize};

use crate::block::Plan;
use crate::compare::{Comparator, Comparison, Vocabulary};
use crate::error::{Error, Result};
use crate::model::correspondence::Correspondences;
use crate::model::{FullNames, SimilarValues, TermFrequencies};
use crate::normalize::ValueProfiles;

/// The version of the persisted form that this release writes and reads.
pub const FORMAT_VERSION: u32 = 1;

/// What was learned about one comparison: for each level how probable it is among matches (m) and among
/// non-matches (u), given that both values are present (Fellegi & Sunter 1969).
///
/// ```
/// # use onefold::model::ComparisonWeights;
/// fn best_weight(weights: &ComparisonWeights) -> f64 {
///     weights.weight(1)
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ComparisonWeights {
    comparison: Comparison,
    m: Vec<f64>,
    u: Vec<f64>,
    /// Among different persons of one household; none where they agree by chance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    related: Option<Vec<f64>>,
    /// Among matches with another address; none for what is no part of an address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    moved: Option<Vec<f64>>,
    terms: Option<TermFrequencies>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    similar: Option<SimilarValues>,
    /// Of mail addresses and telephone numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    profiles: Option<ValueProfiles>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    correspondences: Option<Correspondences>,
}

impl ComparisonWeights {
    pub(crate) fn new(
        comparison: Comparison,
        m: Vec<f64>,
        u: Vec<f64>,
        related: Option<Vec<f64>>,
        moved: Option<Vec<f64>>,
    ) -> Self {
        ComparisonWeights {
            comparison,
            m,
            u,
            related,
            moved,
            terms: None,
            similar: None,
            profiles: None,
            correspondences: None,
        }
    }

    /// What is compared, and how.
    pub fn comparison(&self) -> &Comparison {
        &self.comparison
    }

    /// Probability of each level among matches, best agreement first; sums to 1.
    pub fn m(&self) -> &[f64] {
        &self.m
    }

    /// Probability of each level among non-matches, best agreement first; sums to 1.
    pub fn u(&self) -> &[f64] {
        &self.u
    }

    /// Probability of each level among different persons of one household, best agreement first; none where they
    /// agree by chance, as u says.
    pub fn related(&self) -> Option<&[f64]> {
        self.related.as_deref()
    }

    /// Probability of each level among matches of whom one record has another address, best agreement first; none for
    /// what is no part of an address.
    pub fn moved(&self) -> Option<&[f64]> {
        self.moved.as_deref()
    }

    /// How often each value occurs, where agreement weighs by rarity.
    pub fn terms(&self) -> Option<&TermFrequencies> {
        self.terms.as_ref()
    }

    /// Who states each value, of mail addresses and telephone numbers.
    pub fn profiles(&self) -> Option<&ValueProfiles> {
        self.profiles.as_ref()
    }

    /// What the rarity of values says that are alike but not equal, where it was learned.
    pub fn similar(&self) -> Option<&SimilarValues> {
        self.similar.as_ref()
    }

    /// Which different values mean the same, where that was learned.
    pub(crate) fn correspondences(&self) -> Option<&Correspondences> {
        self.correspondences.as_ref()
    }

    /// The weight of a level in bits, log2(m / u); level 0 (missing) weighs 0. Always finite.
    ///
    /// # Panics
    /// If the comparison has fewer levels.
    pub fn weight(&self, level: u8) -> f64 {
        match usize::from(level) {
            0 => 0.0,
            level => (self.m[level - 1] / self.u[level - 1]).log2(),
        }
    }

    /// What a level says in bits for a match with another address, against strangers: log2(q / u), or log2(m / u) for what
    /// is no part of an address.
    pub(crate) fn moved_weight(&self, level: u8) -> f64 {
        match (&self.moved, usize::from(level)) {
            (None, _) => self.weight(level),
            (_, 0) => 0.0,
            (Some(moved), level) => (moved[level - 1] / self.u[level - 1]).log2(),
        }
    }

    /// What a level says in bits for a related pair against strangers: log2(r / u); 0 where relatives agree by chance.
    pub(crate) fn related_weight(&self, level: u8) -> f64 {
        match (&self.related, usize::from(level)) {
            (None, _) | (_, 0) => 0.0,
            (Some(related), level) => (related[level - 1] / self.u[level - 1]).log2(),
        }
    }
}

/// A trained model: all that is needed to score records, apart from the records.
///
/// ```
/// use onefold::model::Model;
/// let error = Model::from_json(r#"{"format": 999}"#).unwrap_err();
/// assert!(error.is_version());
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    format: u32,
    plan: Plan,
    comparisons: Vec<ComparisonWeights>,
    vocabulary: Vocabulary,
    /// Probability that a random allowed pair matches.
    prior: f64,
    /// Probability that a pair that does not match is related: two persons of one household.
    #[serde(default)]
    related: f64,
    /// Probability that one record of a match has another address.
    #[serde(default)]
    moved: f64,
    /// Whole names that more entities bear than their parts tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    full_names: Option<FullNames>,
    /// Posterior from which a link joins records.
    threshold: f64,
}

/// Only the version, read before anything else.
#[derive(Deserialize)]
struct Header {
    format: u32,
}

impl Model {
    pub(crate) fn new(
        plan: Plan,
        comparisons: Vec<ComparisonWeights>,
        vocabulary: Vocabulary,
        prior: f64,
        related: f64,
        moved: f64,
    ) -> Self {
        Model {
            format: FORMAT_VERSION,
            plan,
            comparisons,
            vocabulary,
            prior,
            related,
            moved,
            full_names: None,
            threshold: 0.5,
        }
    }

    pub(crate) fn set_prior(&mut self, prior: f64) {
        self.prior = prior;
    }

    pub(crate) fn set_profiles(&mut self, comparison: usize, profiles: Option<ValueProfiles>) {
        self.comparisons[comparison].profiles = profiles;
    }

    pub(crate) fn set_full_names(&mut self, names: FullNames) {
        self.full_names = Some(names);
    }

    pub(crate) fn set_vocabulary(&mut self, vocabulary: Vocabulary) {
        self.vocabulary = vocabulary;
    }

    pub(crate) fn set_terms(&mut self, comparison: usize, terms: Option<TermFrequencies>) {
        self.comparisons[comparison].terms = terms;
    }

    pub(crate) fn set_similar(&mut self, comparison: usize, similar: Option<SimilarValues>) {
        self.comparisons[comparison].similar = similar;
    }

    pub(crate) fn set_correspondences(&mut self, comparison: usize, found: Option<Correspondences>) {
        self.comparisons[comparison].correspondences = found;
    }

    /// The same model with another threshold.
    #[must_use]
    pub fn with_threshold(mut self, posterior: f64) -> Self {
        self.threshold = posterior.clamp(0.0, 1.0);
        self
    }

    /// The frozen blocking plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// What was learned, comparison by comparison.
    pub fn comparisons(&self) -> &[ComparisonWeights] {
        &self.comparisons
    }

    /// What text comparisons learned from the corpus.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// Probability that a random pair that the mode allows is a match.
    pub fn prior(&self) -> f64 {
        self.prior
    }

    /// Probability that a pair that does not match is related: two persons of one household, who agree on more than
    /// strangers do. 0 where the fields cannot tell.
    pub fn related(&self) -> f64 {
        self.related
    }

    /// Probability that one record of a match has another address than the other.
    pub fn moved(&self) -> f64 {
        self.moved
    }

    /// The whole names that more entities bear than their parts tell, where that was learned.
    pub fn full_names(&self) -> Option<&FullNames> {
        self.full_names.as_ref()
    }

    /// The comparisons of given names and of surnames, by position, if there is one of each.
    pub(crate) fn name_comparisons(&self) -> Option<(usize, usize)> {
        let of = |comparator| {
            let is = |weights: &ComparisonWeights| weights.comparison.comparator() == comparator;
            self.comparisons.iter().position(is)
        };
        Some((of(Comparator::GivenName)?, of(Comparator::FamilyName)?))
    }

    /// Posterior probability from which a link joins records.
    pub fn threshold(&self) -> f64 {
        self.threshold
    }

    /// The model as JSON.
    ///
    /// # Errors
    /// A model error if a number cannot be written as JSON, which a trained model does not hold.
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string_pretty(self).map_err(|error| Error::model(error.to_string()))
    }

    /// A model from its JSON form.
    ///
    /// # Errors
    /// A version error if it was written in another format version, a model error if it is damaged: probabilities
    /// outside (0, 1], level counts that do not fit the comparators.
    pub fn from_json(text: &str) -> Result<Self> {
        let header: Header = serde_json::from_str(text).map_err(|error| Error::model(error.to_string()))?;
        if header.format != FORMAT_VERSION {
            let found = header.format;
            return Err(Error::model_version(format!(
                "format version {found}, this release reads {FORMAT_VERSION}"
            )));
        }
        let model: Model = serde_json::from_str(text).map_err(|error| Error::model(error.to_string()))?;
        model.check()?;
        Ok(model)
    }

    /// Reads a model from a file.
    ///
    /// # Errors
    /// An I/O error if the file cannot be read, else as [`from_json`](Self::from_json).
    pub fn load(path: impl AsRef<std::path::Path>) -> Result<Self> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path).map_err(|error| {
            Error::io(path, format!("cannot read the model: {error}"), Some(error.into()))
        })?;
        Self::from_json(&text)
    }

    /// Writes the model to a file.
    ///
    /// # Errors
    /// An I/O error if the file cannot be written.
    pub fn save(&self, path: impl AsRef<std::path::Path>) -> Result<()> {
        let path = path.as_ref();
        std::fs::write(path, self.to_json()?)
            .map_err(|error| Error::io(path, format!("cannot write the model: {error}"), Some(error.into())))
    }

    fn check(&self) -> Result<()> {
        let probability = |p: f64| p > 0.0 && p <= 1.0;
        for weights in &self.comparisons {
            let levels = weights.comparison.levels().len();
            let related = weights.related.iter().chain(&weights.moved).flatten();
            let fits = weights.m.len() == levels
                && weights.u.len() == levels
                && weights.related.as_ref().is_none_or(|related| related.len() == levels)
                && weights.moved.as_ref().is_none_or(|moved| moved.len() == levels);
            let counted = weights.terms.as_ref().is_none_or(TermFrequencies::is_sound)
                && weights.similar.as_ref().is_none_or(SimilarValues::is_sound)
                && weights.profiles.as_ref().is_none_or(ValueProfiles::is_sound)
                && weights.correspondences.as_ref().is_none_or(Correspondences::is_sound);
            if !fits
                || !counted
                || !weights.m.iter().chain(&weights.u).chain(related).all(|&p| probability(p))
            {
                let field = weights.comparison.field();
                return Err(Error::model(format!("the weights of {field} do not fit its comparator")));
            }
        }
        let share = |p: f64| (0.0..1.0).contains(&p);
        if !probability(self.prior)
            || !share(self.related)
            || !share(self.moved)
            || !(0.0..=1.0).contains(&self.threshold)
            || !self.full_names.as_ref().is_none_or(FullNames::is_sound)
        {
            return Err(Error::model("prior, threshold and the shares of names must be probabilities"));
        }
        self.plan.check()
    }
}
