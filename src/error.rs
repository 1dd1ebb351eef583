//! The crate's one error type.
//!
//! An [`Error`] comes from configuration, from reading or writing files, or from the version of a persisted
//! format; never from the content of a record. What is wrong with a row is an
//! [`Issue`](crate::record::Issue) or a [`Reject`](crate::record::Reject) in the result.

use std::path::{Path, PathBuf};

/// Shorthand for a result with this crate's [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

type Source = Box<dyn std::error::Error + Send + Sync + 'static>;

/// Why an operation could not be carried out.
///
/// The type is opaque; ask [`kind`](Error::kind) or one of the predicates.
///
/// ```
/// use onefold::Pipeline;
///
/// let error = Pipeline::from_toml("no/such/spec.toml").unwrap_err();
/// assert!(error.is_io());
/// assert!(error.to_string().contains("no/such/spec.toml"));
/// ```
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(Box<ErrorKind>);

/// The kinds of [`Error`], with the place where each arose.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A file could not be opened, read, decoded as a whole, or written.
    #[error("{}: {reason}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What went wrong, in one clause.
        reason: String,
        /// The cause, where a lower layer gave one.
        #[source]
        source: Option<Source>,
    },
    /// A configuration (spec file or builder call) is not usable.
    #[error("{place}: {reason}")]
    Config {
        /// Where: a spec's key path such as `source "crm" > fields`, or the name of an option.
        place: String,
        /// What is wrong there and what would be right.
        reason: String,
    },
    /// A name is not known at that place.
    #[error("{place}: unknown {what} `{name}`{}", Suggestion { nearest: nearest.as_deref(), known })]
    UnknownName {
        /// Where the name was used.
        place: String,
        /// What it should name: `column`, `kind`, `key`, …
        what: &'static str,
        /// The name as given.
        name: String,
        /// The nearest known name, if one is near.
        nearest: Option<String>,
        /// All names known there.
        known: Vec<String>,
    },
    /// Something persisted cannot be used: another format version, damaged, or made for other fields.
    #[error("{what}: {reason}")]
    Persisted {
        /// What it is: `model`, `registry`.
        what: &'static str,
        /// What is wrong.
        reason: String,
        /// True when the format version is not the one that this release reads.
        version: bool,
    },
    /// A run would exceed a limit that the caller set.
    #[error("{what} would need about {needed}, the limit is {limit}")]
    Limit {
        /// What is limited: `memory in bytes`, `candidate pairs`.
        what: &'static str,
        /// The estimate for this run.
        needed: u64,
        /// The limit given.
        limit: u64,
    },
}

/// The tail of the message for an unknown name: the nearest name, or the list when it is short.
struct Suggestion<'a> {
    nearest: Option<&'a str>,
    known: &'a [String],
}

impl std::fmt::Display for Suggestion<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const LISTED: usize = 40;
        if let Some(nearest) = self.nearest {
            write!(f, "; did you mean `{nearest}`?")?;
        }
        if !self.known.is_empty() {
            let listed = self.known.iter().take(LISTED).map(String::as_str).collect::<Vec<_>>().join(", ");
            let rest = self.known.len().saturating_sub(LISTED);
            write!(f, " (known: {listed}")?;
            if rest > 0 {
                write!(f, " and {rest} more")?;
            }
            write!(f, ")")?;
        }
        Ok(())
    }
}

impl Error {
    /// What kind of error this is, with its details.
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }

    /// True when a file could not be read, decoded or written.
    pub fn is_io(&self) -> bool {
        matches!(*self.0, ErrorKind::Io { .. })
    }

    /// True when a spec file or a builder call is wrong.
    pub fn is_config(&self) -> bool {
        matches!(*self.0, ErrorKind::Config { .. } | ErrorKind::UnknownName { .. })
    }

    /// True when a persisted format has a version that this release does not read.
    pub fn is_version(&self) -> bool {
        matches!(*self.0, ErrorKind::Persisted { version: true, .. })
    }

    /// True when a run would exceed a limit that the caller set.
    pub fn is_limit(&self) -> bool {
        matches!(*self.0, ErrorKind::Limit { .. })
    }

    pub(crate) fn io(
        path: impl AsRef<Path>,
        reason: impl Into<String>,
        source: impl Into<Option<Source>>,
    ) -> Self {
        let path = path.as_ref().to_path_buf();
        Error(Box::new(ErrorKind::Io { path, reason: reason.into(), source: source.into() }))
    }

    pub(crate) fn config(place: impl Into<String>, reason: impl Into<String>) -> Self {
        Error(Box::new(ErrorKind::Config { place: place.into(), reason: reason.into() }))
    }

    /// The same error of a configuration, whose place is below another one.
    pub(crate) fn within(self, outer: &str) -> Self {
        let kind = match *self.0 {
            ErrorKind::Config { place, reason } => {
                ErrorKind::Config { place: format!("{outer}{place}"), reason }
            }
            ErrorKind::UnknownName { place, what, name, nearest, known } => {
                ErrorKind::UnknownName { place: format!("{outer}{place}"), what, name, nearest, known }
            }
            other => other,
        };
        Error(Box::new(kind))
    }

    pub(crate) fn model(reason: impl Into<String>) -> Self {
        Error::persisted("model", reason, false)
    }

    pub(crate) fn model_version(reason: impl Into<String>) -> Self {
        Error::persisted("model", reason, true)
    }

    pub(crate) fn persisted(what: &'static str, reason: impl Into<String>, version: bool) -> Self {
        Error(Box::new(ErrorKind::Persisted { what, reason: reason.into(), version }))
    }

    pub(crate) fn limit(what: &'static str, needed: u64, limit: u64) -> Self {
        Error(Box::new(ErrorKind::Limit { what, needed, limit }))
    }

    pub(crate) fn unknown(
        place: impl Into<String>,
        what: &'static str,
        name: impl Into<String>,
        nearest: Option<&str>,
        known: Vec<String>,
    ) -> Self {
        let (place, name, nearest) = (place.into(), name.into(), nearest.map(str::to_owned));
        Error(Box::new(ErrorKind::UnknownName { place, what, name, nearest, known }))
    }
}
