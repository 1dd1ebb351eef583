//! What a pipeline consists of.

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::identity::{Decisions, Registry, Run};
use crate::ingest::Source;
use crate::model::{Model, Threshold};
use crate::pipeline::Limits;
use crate::pipeline::spec::{Spec, ThresholdSpec, TruthSpec};
use crate::resolve::Constraints;
use crate::schema::LinkMode;
use crate::survive::Policy;
use crate::technique::Techniques;
use crate::value::Instant;

/// Everything that a run needs: sources, and what deviates from the defaults.
///
/// ```
/// use onefold::{FieldKind, Pipeline, ingest::Source};
///
/// let crm = b"id,first,last,born\n1,Anna,M\xc3\xbcller,1980-04-03\n2,Otto,Huber,1971-01-20\n".to_vec();
/// let erp = b"no,name,birthday\n77,\"MUELLER, ANNA\",03.04.1980\n".to_vec();
/// let unified = Pipeline::builder()
///     .country("DE")
///     .source(
///         Source::bytes("crm", "crm.csv", crm)
///             .key("id")
///             .field("first", FieldKind::GivenName)
///             .field("last", FieldKind::FamilyName)
///             .field("born", FieldKind::BirthDate),
///     )
///     .source(
///         Source::bytes("erp", "erp.csv", erp)
///             .key("no")
///             .field("name", FieldKind::FullName)
///             .field("birthday", FieldKind::BirthDate),
///     )
///     .build()?
///     .run()?;
/// assert_eq!(unified.records.len(), 3);
/// # Ok::<(), onefold::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Pipeline {
    pub(super) sources: Vec<Source>,
    pub(super) base: PathBuf,
    pub(super) country: Option<String>,
    pub(super) as_of: Option<Instant>,
    pub(super) mode: LinkMode,
    pub(super) rules: Option<Vec<Vec<String>>>,
    pub(super) pairs_per_record: Option<u64>,
    pub(super) limits: Limits,
    pub(super) threshold: Threshold,
    pub(super) max_size_warn: usize,
    pub(super) constraints: Constraints,
    pub(super) policy: Policy,
    pub(super) decisions: Decisions,
    pub(super) registry: Option<(Registry, Run)>,
    pub(super) model: Option<Model>,
    pub(super) techniques: Techniques,
    truth: Option<TruthSpec>,
}

/// Entities of more records than this are reported, unless set otherwise.
const MAX_SIZE_WARN: usize = 50;

impl Pipeline {
    /// A pipeline without sources.
    pub fn builder() -> PipelineBuilder {
        let pipeline = Pipeline { max_size_warn: MAX_SIZE_WARN, ..Pipeline::default() };
        PipelineBuilder { pipeline }
    }

    /// Reads a spec file (see [`spec`](crate::pipeline::spec)); its paths are relative to it.
    ///
    /// # Errors
    /// An I/O error if the file cannot be read, a configuration error that names the place of what is wrong in it.
    pub fn from_toml(path: impl AsRef<Path>) -> Result<Self> {
        Self::from_spec(Spec::from_toml_file(path.as_ref())?)
    }

    /// The same pipeline with the customers of the runs before, as [`PipelineBuilder::registry`] sets them.
    #[must_use]
    pub fn with_registry(mut self, registry: Registry, run: Run) -> Self {
        self.registry = Some((registry, run));
        self
    }

    /// The same pipeline with these limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The same pipeline with what stewards decided, as [`PipelineBuilder::decisions`] sets it.
    #[must_use]
    pub fn with_decisions(mut self, decisions: Decisions) -> Self {
        self.decisions = decisions;
        self
    }

    /// A pipeline as a spec describes it.
    ///
    /// # Errors
    /// As [`PipelineBuilder::build`].
    pub fn from_spec(spec: Spec) -> Result<Self> {
        let pipeline = Pipeline {
            sources: spec.sources,
            base: spec.base,
            country: spec.country,
            as_of: spec.as_of.and_then(|as_of| as_of.parse().ok()),
            mode: spec.mode,
            rules: spec.blocking,
            pairs_per_record: spec.pairs_per_record,
            threshold: match spec.threshold {
                ThresholdSpec::Auto => Threshold::Auto,
                ThresholdSpec::Precision(target) => Threshold::Precision(target),
                ThresholdSpec::Posterior(posterior) => Threshold::Posterior(posterior),
            },
            max_size_warn: spec.max_size_warn.unwrap_or(MAX_SIZE_WARN),
            policy: spec.survive,
            decisions: Decisions::default(),
            registry: None,
            truth: spec.truth,
            techniques: spec.techniques,
            ..Pipeline::default()
        };
        PipelineBuilder { pipeline }.build()
    }

    /// The description of this pipeline, as far as a spec can give it: constraints, a model and the limit of all
    /// pairs are handed to a run, and are no part of it.
    ///
    /// ```
    /// use onefold::{Pipeline, ingest::Source};
    /// let pipeline = Pipeline::builder().country("DE").source(Source::file("crm", "contacts.csv")).build()?;
    /// assert!(pipeline.to_spec().to_toml()?.starts_with("country = \"DE\"\n"));
    /// # Ok::<(), onefold::Error>(())
    /// ```
    pub fn to_spec(&self) -> Spec {
        Spec {
            as_of: self.as_of.map(|instant| instant.to_string()),
            country: self.country.clone(),
            mode: self.mode,
            sources: self.sources.clone(),
            blocking: self.rules.clone(),
            pairs_per_record: self.pairs_per_record,
            threshold: match self.threshold {
                Threshold::Auto => ThresholdSpec::Auto,
                Threshold::Precision(target) => ThresholdSpec::Precision(target),
                Threshold::Posterior(posterior) => ThresholdSpec::Posterior(posterior),
            },
            max_size_warn: Some(self.max_size_warn),
            survive: self.policy.clone(),
            truth: self.truth.clone(),
            techniques: self.techniques,
            base: self.base.clone(),
        }
    }

    /// Where the true entities are, if the spec says so; matching never looks at them.
    pub fn truth(&self) -> Option<&TruthSpec> {
        self.truth.as_ref()
    }

    /// The directory that relative paths start from.
    pub fn base(&self) -> &Path {
        &self.base
    }

    /// The sources, in the order given.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// Which pairs may be proposed.
    pub fn mode(&self) -> LinkMode {
        self.mode
    }
}

/// Builds a [`Pipeline`].
///
/// ```
/// use onefold::Pipeline;
/// let error = Pipeline::builder().build().unwrap_err();
/// assert_eq!(error.to_string(), "pipeline: there is no source");
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct PipelineBuilder {
    pipeline: Pipeline,
}

impl PipelineBuilder {
    /// Adds a source.
    pub fn source(mut self, source: Source) -> Self {
        self.pipeline.sources.push(source);
        self
    }

    /// The directory that relative paths start from; the working directory unless set.
    pub fn base(mut self, directory: impl Into<PathBuf>) -> Self {
        self.pipeline.base = directory.into();
        self
    }

    /// The default country of phones, postal codes and dates, ISO 3166-1 alpha-2.
    pub fn country(mut self, country: impl Into<String>) -> Self {
        self.pipeline.country = Some(country.into());
        self
    }

    /// The instant as of which questions that depend on time are answered: orders at or after it do not count.
    /// Without one, all orders count.
    pub fn as_of(mut self, instant: Instant) -> Self {
        self.pipeline.as_of = Some(instant);
        self
    }

    /// Which pairs may be proposed.
    pub fn mode(mut self, mode: LinkMode) -> Self {
        self.pipeline.mode = mode;
        self
    }

    /// Blocking rules in their text form, in place of the default ones.
    pub fn blocking(mut self, rules: Vec<Vec<String>>) -> Self {
        self.pipeline.rules = Some(rules);
        self
    }

    /// The limit of candidate pairs per record that the default rules keep, and the size above which a block of
    /// given rules is split. Unless set, as
    /// [`PlanOptions::pairs_per_record`](crate::block::PlanOptions::pairs_per_record) says.
    pub fn pairs_per_record(mut self, pairs: u64) -> Self {
        self.pipeline.pairs_per_record = Some(pairs);
        self
    }

    /// What the run may take; a run that would take more is refused with the figure.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.pipeline.limits = limits;
        self
    }

    /// From which posterior on a link joins records.
    pub fn threshold(mut self, threshold: Threshold) -> Self {
        self.pipeline.threshold = threshold;
        self
    }

    /// Entities of more records than this are reported as an event; 50 unless set.
    pub fn max_size_warn(mut self, records: usize) -> Self {
        self.pipeline.max_size_warn = records;
        self
    }

    /// Which of the stated values become golden values; a documented default for each kind unless set.
    pub fn survivorship(mut self, policy: Policy) -> Self {
        self.pipeline.policy = policy;
        self
    }

    /// What stewards decided: which records are one customer's and which are not, and the values that stand above the rules.
    pub fn decisions(mut self, decisions: Decisions) -> Self {
        self.pipeline.decisions = decisions;
        self
    }

    /// The customers of the runs before, and what this run is called: entities then have the ids that they had, and
    /// [`Unified::identity`](crate::Unified::identity) holds the registry for the next run. Without, every run is like a first one.
    ///
    /// ```
    /// use onefold::identity::{Registry, Run};
    /// use onefold::{FieldKind, Pipeline, ingest::Source};
    /// let crm = || Source::bytes("crm", "crm.csv", b"id,name\n1,Ada Byron\n".to_vec());
    /// let run = |registry, name| -> Result<_, onefold::Error> {
    ///     let source = crm().key("id").field("name", FieldKind::FullName);
    ///     Pipeline::builder().source(source).registry(registry, Run::new(name)).build()?.run()
    /// };
    /// let first = run(Registry::default(), "monday")?.identity.unwrap();
    /// let second = run(first.registry.clone(), "tuesday")?.identity.unwrap();
    /// assert_eq!((first.ids, second.events.len()), (second.ids, 0));
    /// # Ok::<(), onefold::Error>(())
    /// ```
    pub fn registry(mut self, registry: Registry, run: Run) -> Self {
        self.pipeline.registry = Some((registry, run));
        self
    }

    /// Links that must or must not be, beside the [decisions](Self::decisions) of stewards.
    pub fn constraints(mut self, constraints: Constraints) -> Self {
        self.pipeline.constraints = constraints;
        self
    }

    /// Which techniques the run uses; all of them unless set.
    pub fn techniques(mut self, techniques: Techniques) -> Self {
        self.pipeline.techniques = techniques;
        self
    }

    /// Scores with this model instead of training one.
    pub fn model(mut self, model: Model) -> Self {
        self.pipeline.model = Some(model);
        self
    }

    /// Checks what can be checked without reading the sources.
    ///
    /// # Errors
    /// A configuration error if there is no source, if a rule of survivorship names a source that is not there, or if
    /// the mode does not fit the number of sources.
    pub fn build(self) -> Result<Pipeline> {
        let pipeline = self.pipeline;
        if pipeline.sources.is_empty() {
            return Err(Error::config("pipeline", "there is no source"));
        }
        if pipeline.mode == LinkMode::Dedupe && pipeline.sources.len() > 1 {
            let reason = "mode `dedupe` is for one source; use `link_and_dedupe` for several";
            return Err(Error::config("link > mode", reason));
        }
        if pipeline.mode == LinkMode::Link && pipeline.sources.len() == 1 {
            return Err(Error::config("link > mode", "mode `link` needs at least two sources"));
        }
        let names: Vec<&str> = pipeline.sources.iter().map(Source::name).collect();
        pipeline.policy.check(&names)?;
        Ok(pipeline)
    }
}
