//! What the caller can say about the records as a whole.

/// Options of [`normalize`](super::normalize).
///
/// ```
/// use onefold::normalize::NormalizeOptions;
/// let options = NormalizeOptions::default().with_country("DE");
/// assert_eq!(options.country.as_deref(), Some("DE"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct NormalizeOptions {
    /// Country (ISO 3166-1 alpha-2) to assume for phones, postal codes, addresses and the order of day and month
    /// where a row has none; without it, only what needs no country is read.
    pub country: Option<String>,
}

impl NormalizeOptions {
    /// Sets the country to assume; lower case is accepted.
    #[must_use]
    pub fn with_country(mut self, country: impl Into<String>) -> Self {
        self.country = Some(country.into().to_ascii_uppercase());
        self
    }
}
