//! The spec file: a pipeline described in TOML.
//!
//! Reading is strict. An unknown key, kind or mode, a value of another type, or a missing name or path is an error
//! that names its place, such as `spec.toml: source "crm" > fields`, and the nearest known name. Columns are
//! checked when the sources are read, and rules by the stages that they belong to.
//!
//! ```toml
//! as_of = "2026-11-01"                 # a date (00:00 UTC) or an instant
//! country = "DE"                       # default country of phones, addresses and dates: ISO 3166-1 alpha-2
//!
//! [link]
//! mode = "link_and_dedupe"             # dedupe | link | link_and_dedupe (default)
//!
//! [[source]]
//! name = "crm"
//! path = "contacts.csv"                # csv, tsv, txt, ndjson, jsonl, also .gz, or parquet; relative; globs allowed
//! key = "contact_no"                   # without one, the key is a hash of the row
//! entity = "person"                    # person (default) | organisation | either
//! updated_at = "changed_at"
//! duplicate_free = false
//! exclusive = ["passport"]
//! carry = ["note"]                     # kept as written, without being a field
//! infer = true                         # default: columns that are not listed get a kind where it is certain
//! [source.fields]
//! first_name = "given_name"
//! [source.order]
//! id = "order_no"
//! placed_at = "order_date"
//! amount = "total"
//! currency = "EUR"                     # three capital letters are a currency, anything else is a column
//! line = "line_no"                     # only where one key has several rows of one order
//! customer = "customer_no"             # only where the row names its customer in another source …
//! customer_source = "erp"              # … which is this one
//!
//! [blocking]
//! rules = [["email"], ["family_name", "birth_date"]]
//! pairs_per_record = 100               # unless set, fewer among many records: see `PlanOptions`
//! [model]
//! threshold = "auto"                   # or { precision = 0.99 }, or { posterior = 0.95 }
//! [resolve]
//! max_size_warn = 50
//! [techniques]                         # to measure what each earns: see `Technique`
//! term_frequency = false
//! [survive.email]                      # kinds; the parts of a name survive as full_name, those of an address as address
//! rule = "most_recent"                 # | oldest | most_frequent | most_complete | longest | source_priority
//! reduce = "pick_one"                  # | union_distinct | { top = 3 } | …; the default is that of the kind
//! [survive.phone]
//! rule = "source_priority"
//! sources = ["erp", "crm"]             # the best first; others come after them
//! [survive.tax_id]                     # in place of a ready-made rule, its parts: see `survive::Rule`
//! rank = [{ trust = { sources = { erp = { max = 90, min = 30, days = 730, decay = "linear" }, crm = { max = 55 } } } }]
//! where = [{ not = { column = { name = "status", values = ["closed"] } } }, { changed_within_days = 3650 }]
//! reduce = { quorum = 2 }
//! nulls = "cleared_blocks_older"       # | skip (default) | cleared_wins | cleared_blocks_older_and_lower
//! times = { clocks = [{ column = "verified_at" }, "updated"], undated = "lose", future = "clamp" }
//! on_empty = { fallback = { rank = ["most_recent"] } }    # | "null" (default) | "report"
//! on_tie = "report"                    # | "canonical_order" (default) | "null" | { fallback = { .. } }
//! [survive.address]
//! rank = ["most_recent"]
//! require = ["postal_code"]            # without it, an address is no candidate
//! fill = "if_agrees"                   # | never (default) | always
//! [survive.group.employer]             # further kinds that survive together
//! fields = ["org_name", "url"]
//! rank = ["most_recent"]
//! # … or whole records, in place of all this: [survive.record] with rank = [..] and fill = "always"
//!
//! [truth]                              # either a file …
//! path = "truth.csv"                   # with the columns source, key, entity, and optionally household
//! entity = "customer"                  # under other names if given
//! # … or column = "cluster", a column of the sources
//! ```
#![deny(clippy::indexing_slicing)]

mod section;
mod sources;
mod stages;
mod survive;
mod write;

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::ingest::Source;
use crate::schema::LinkMode;
use crate::survive::Policy;
use crate::technique::Techniques;
use section::Section;

/// A pipeline's description, as a spec file gives it.
///
/// ```
/// use onefold::pipeline::spec::{Spec, ThresholdSpec};
/// let text = r#"
///     country = "de"
///     [[source]]
///     name = "crm"
///     path = "contacts.csv"
///     fields = { mail = "email" }
/// "#;
/// let spec = Spec::from_toml_str(text, "spec.toml")?;
/// assert_eq!(spec.country.as_deref(), Some("DE"));
/// assert_eq!(spec.sources[0].name(), "crm");
/// assert_eq!(spec.threshold, ThresholdSpec::Auto);
///
/// let error = Spec::from_toml_str(&text.replace("email", "emial"), "spec.toml").unwrap_err();
/// assert!(error.to_string().starts_with(
///     r#"spec.toml: source "crm" > fields > mail: unknown kind `emial`; did you mean `email`?"#
/// ));
/// # Ok::<(), onefold::Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Spec {
    /// The date or instant, in ISO 8601, as of which questions that depend on time are answered.
    pub as_of: Option<String>,
    /// The default country, ISO 3166-1 alpha-2 in capitals.
    pub country: Option<String>,
    /// Which pairs of records are candidates.
    pub mode: LinkMode,
    /// The sources, in the order of the file; a truth column is [carried](Source::carry) in each.
    pub sources: Vec<Source>,
    /// The blocking rules, each the fields or functions of fields that must agree; none for the default.
    pub blocking: Option<Vec<Vec<String>>>,
    /// The limit of candidate pairs per record.
    pub pairs_per_record: Option<u64>,
    /// How the threshold is found.
    pub threshold: ThresholdSpec,
    /// The size from which entities are reported as large.
    pub max_size_warn: Option<usize>,
    /// The rules of survivorship.
    pub survive: Policy,
    /// Where the true entities are, for evaluation.
    pub truth: Option<TruthSpec>,
    /// Which techniques are used.
    pub techniques: Techniques,
    /// The directory of the spec, which paths are relative to.
    pub base: PathBuf,
}

/// How the threshold is found.
///
/// ```
/// use onefold::pipeline::spec::{Spec, ThresholdSpec};
/// let text = "model.threshold = { precision = 0.99 }\n[[source]]\nname = 'a'\npath = 'a.csv'";
/// assert_eq!(Spec::from_toml_str(text, "")?.threshold, ThresholdSpec::Precision(0.99));
/// # Ok::<(), onefold::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum ThresholdSpec {
    /// From the model itself.
    #[default]
    Auto,
    /// The lowest threshold with this expected precision, above 0 and below 1.
    Precision(f64),
    /// This posterior probability of a match, above 0 and below 1.
    Posterior(f64),
}

/// Where the true entities are, for evaluation; never used for matching.
///
/// ```
/// use onefold::pipeline::spec::{Spec, TruthSpec};
/// let text = "truth.column = 'cluster'\n[[source]]\nname = 'a'\npath = 'a.csv'";
/// let truth = Spec::from_toml_str(text, "")?.truth;
/// assert_eq!(truth, Some(TruthSpec::Column("cluster".into())));
/// # Ok::<(), onefold::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TruthSpec {
    /// A column in every source: equal values are one entity.
    Column(String),
    /// A file of its own.
    File {
        /// The path, relative to the spec.
        path: PathBuf,
        /// The column with the source's name; `source` unless given.
        source: String,
        /// The column with the record's key; `key` unless given.
        key: String,
        /// The column with the entity; `entity` unless given.
        entity: String,
        /// The column with the household, if given; without, `household` where the file has such a column.
        household: Option<String>,
    },
}

impl Spec {
    /// Reads a spec file.
    ///
    /// # Errors
    /// An I/O error if the file cannot be read as UTF-8 text, and a configuration error for anything in it that
    /// is not as it should be.
    pub fn from_toml_file(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(|error| {
            let reason = match error.kind() {
                std::io::ErrorKind::NotFound => "no such file".to_owned(),
                std::io::ErrorKind::IsADirectory => "is a directory, not a file".to_owned(),
                _ => format!("cannot be read: {error}"),
            };
            Error::io(path, reason, Some(Box::new(error) as Box<dyn std::error::Error + Send + Sync>))
        })?;
        let text = String::from_utf8(bytes).map_err(|_| Error::io(path, "is not UTF-8 text", None))?;
        Self::from_toml_str(&text, &path.to_string_lossy())
    }

    /// Reads a spec from text; `place` is the path that errors name and relative paths start from.
    ///
    /// # Errors
    /// A configuration error for anything that is not as it should be.
    pub fn from_toml_str(text: &str, place: &str) -> Result<Self> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let table = text.parse::<toml::Table>().map_err(|error| syntax_error(text, place, &error))?;
        let spec = Section::new(place, &table);
        spec.only(&[
            "as_of",
            "country",
            "link",
            "source",
            "blocking",
            "model",
            "resolve",
            "techniques",
            "survive",
            "truth",
        ])?;
        let mut sources = sources::read(&spec)?;
        let truth = stages::truth(&spec)?;
        if let Some(TruthSpec::Column(column)) = &truth {
            sources = sources.into_iter().map(|source| source.carry(column)).collect();
        }
        let names: Vec<&str> = sources.iter().map(Source::name).collect();
        let survive = survive::policy(&spec, &names)?;
        Ok(Spec {
            as_of: stages::as_of(&spec)?,
            country: stages::country(&spec)?,
            mode: stages::mode(&spec)?,
            sources,
            blocking: stages::rules(&spec)?,
            pairs_per_record: stages::pairs_per_record(&spec)?,
            threshold: stages::threshold(&spec)?,
            max_size_warn: stages::max_size_warn(&spec)?,
            techniques: stages::techniques(&spec)?,
            survive,
            truth,
            base: Path::new(place).parent().map(Path::to_path_buf).unwrap_or_default(),
        })
    }
}

/// The error of a text that is no TOML, with the line and column from 1.
fn syntax_error(text: &str, place: &str, error: &toml::de::Error) -> Error {
    let reason = error.message().lines().collect::<Vec<_>>().join("; ");
    let Some(before) = error.span().and_then(|span| text.get(..span.start)) else {
        return Error::config(place, reason);
    };
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Error::config(format!("{place}: line {line}, column {column}"), reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{Inference, OrderColumns};
    use crate::schema::{EntityKind, FieldKind};
    use crate::survive::{Comparator, Reduce};

    const FULL: &str = r#"
as_of = 2026-11-01
country = "DE"
[link]
mode = "link"
[[source]]
name = "crm"
path = "contacts.csv"
key  = "contact_no"
entity = "either"
updated_at = "changed_at"
duplicate_free = true
exclusive = ["passport"]
infer = false
[source.fields]
first_name = "given_name"
last_name  = "family_name"
[source.order]
id = "order_no"
placed_at = "order_date"
amount = "total"
currency = "EUR"
[[source]]
name = "erp"
path = "erp/*.csv.gz"
[blocking]
rules = [["email"], ["prefix(family_name,3)", "postal_code"]]
pairs_per_record = 100
[model]
threshold = { posterior = 0.95 }
[resolve]
max_size_warn = 50
[techniques]
term_frequency = false
typo_keys = true
[survive.email]
rule = "most_recent"
[survive.phone]
rule = "source_priority"
sources = ["erp", "crm"]
reduce = "pick_one"
[truth]
path = "truth.csv"
entity = "customer"
"#;

    #[test]
    fn everything_is_read() {
        let spec = Spec::from_toml_str(FULL, "jobs/spec.toml").unwrap();
        assert_eq!(spec.as_of.as_deref(), Some("2026-11-01"));
        assert_eq!(spec.country.as_deref(), Some("DE"));
        assert_eq!(spec.mode, LinkMode::Link);
        let crm = &spec.sources[0];
        assert_eq!(crm.name(), "crm");
        assert_eq!(crm.path(), Some(Path::new("contacts.csv")));
        assert_eq!(crm.key_column(), Some("contact_no"));
        assert_eq!(crm.updated_at_column(), Some("changed_at"));
        assert_eq!(crm.info().entity, EntityKind::Either);
        assert!(crm.info().duplicate_free);
        assert_eq!(crm.info().exclusive, ["passport"]);
        assert_eq!(crm.inference(), Inference::Off);
        assert_eq!(crm.fields()[0], ("first_name".to_owned(), FieldKind::GivenName));
        assert_eq!(spec.sources[1].inference(), Inference::On);
        let orders = OrderColumns::new("order_no").placed_at("order_date").amount("total");
        assert_eq!(crm.order_columns(), Some(&orders.currency("EUR".parse().unwrap())));
        assert_eq!(spec.blocking.unwrap()[1], ["prefix(family_name,3)", "postal_code"]);
        assert_eq!(spec.pairs_per_record, Some(100));
        assert_eq!(spec.threshold, ThresholdSpec::Posterior(0.95));
        assert_eq!(spec.max_size_warn, Some(50));
        let off: Vec<_> = spec.techniques.switched_off().collect();
        assert_eq!(off, [crate::Technique::TermFrequency]);
        let rules: Vec<_> = spec.survive.rules().map(|(kind, rule)| (kind, rule.rank[0].clone())).collect();
        let priority = Comparator::SourcePriority(vec!["erp".to_owned(), "crm".to_owned()]);
        assert_eq!(rules, [(FieldKind::Email, Comparator::MostRecent), (FieldKind::Phone, priority)]);
        assert_eq!(spec.survive.rule(FieldKind::Phone).reduce, Reduce::PickOne);
        let truth = TruthSpec::File {
            path: "truth.csv".into(),
            source: "source".into(),
            key: "key".into(),
            entity: "customer".into(),
            household: None,
        };
        assert_eq!(spec.truth, Some(truth));
        assert_eq!(spec.base, Path::new("jobs"));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let cases = [
            (
                "country = \"DE\"",
                "contry = \"DE\"",
                "spec.toml: unknown key `contry`; did you mean `country`? (known: as_of, country, link, source, blocking, model, resolve, techniques, survive, truth)",
            ),
            (
                "country = \"DE\"",
                "country = \"Germany\"",
                "spec.toml: country: `Germany` is no ISO 3166-1 code of two letters",
            ),
            (
                "as_of = 2026-11-01",
                "as_of = \"2026-13-01\"",
                "spec.toml: as_of: `2026-13-01` is no date (2026-11-01) or instant (2026-11-01T00:00:00Z)",
            ),
            (
                "term_frequency = false",
                "term_frequncy = false",
                "spec.toml: techniques: unknown key `term_frequncy`; did you mean `term_frequency`? (known: typo_keys,",
            ),
            (
                "typo_keys = true",
                "typo_keys = 1",
                "spec.toml: techniques > typo_keys: an integer, not true or false",
            ),
            (
                "\"link\"",
                "\"lnk\"",
                "spec.toml: link > mode: unknown mode `lnk`; did you mean `link`? (known: dedupe, link, link_and_dedupe)",
            ),
            ("\"link\"", "3", "spec.toml: link > mode: an integer, not a text"),
            (
                "duplicate_free = true",
                "duplicate_free = \"yes\"",
                "spec.toml: source \"crm\" > duplicate_free: a text, not true or false",
            ),
            ("name = \"crm\"", "", "spec.toml: source 1: `name` is missing"),
            ("path = \"contacts.csv\"", "", "spec.toml: source \"crm\": `path` is missing"),
            ("name = \"erp\"", "name = \"crm\"", "spec.toml: source \"crm\": another source has this name"),
            ("name = \"erp\"", "name = \"\"", "spec.toml: source 2: the name is empty"),
            (
                "exclusive = [\"passport\"]",
                "exclusive = \"passport\"",
                "spec.toml: source \"crm\" > exclusive: a text, not a list",
            ),
            (
                "exclusive = [\"passport\"]",
                "exclusive = [1]",
                "spec.toml: source \"crm\" > exclusive: an integer in the list, not a text",
            ),
            (
                "pairs_per_record = 100",
                "pairs_per_record = 0",
                "spec.toml: blocking > pairs_per_record: 0 is not a whole number above 0",
            ),
            (
                "pairs_per_record = 100",
                "pairs_per_record = 1.5",
                "spec.toml: blocking > pairs_per_record: a float, not a whole number",
            ),
            (
                "{ posterior = 0.95 }",
                "{ posterior = 1.5 }",
                "spec.toml: model > threshold > posterior: 1.5 is not between 0 and 1",
            ),
            (
                "{ posterior = 0.95 }",
                "{ posterior = 0.5, precision = 0.5 }",
                "spec.toml: model > threshold: give one of `precision` and `posterior`",
            ),
            (
                "{ posterior = 0.95 }",
                "\"atuo\"",
                "spec.toml: model > threshold: unknown threshold `atuo`; did you mean `auto`? (known: auto)",
            ),
            ("entity = \"customer\"", "column = \"x\"", "spec.toml: truth: give either `path` or `column`"),
            ("path = \"truth.csv\"", "", "spec.toml: truth: give either `path` or `column`"),
            (
                "entity = \"either\"",
                "entity = \"persn\"",
                "spec.toml: source \"crm\" > entity: unknown entity `persn`; did you mean `person`? (known: person, organisation, either)",
            ),
            (
                "id = \"order_no\"",
                "ids = \"order_no\"",
                "spec.toml: source \"crm\" > order: unknown key `ids`; did you mean `id`? (known: id, line, placed_at, amount, currency, customer, customer_source)",
            ),
            ("country =", "\"a\\nb\" = 1\ncountry =", "spec.toml: unknown key `a\\nb`"),
            ("[link]", "[link", "spec.toml: line 4, column 6: "),
            ("infer = false", "infer = false\ninfer = true", "spec.toml: line 15, column 1: duplicate key"),
        ];
        are_named(&cases);
    }

    #[test]
    #[allow(clippy::too_many_lines, reason = "a table of cases")]
    fn wrong_rules_of_survivorship_are_named_with_their_place() {
        let cases = [
            (
                "[survive.email]",
                "[survive.emial]",
                "spec.toml: survive: unknown kind `emial`; did you mean `email`? (known:",
            ),
            (
                "rule = \"most_recent\"",
                "",
                "spec.toml: survive > email: `rule` is missing, or a `rank` of steps",
            ),
            (
                "\"most_recent\"",
                "\"most_recnt\"",
                "spec.toml: survive > email > rule: unknown rule `most_recnt`; did you mean `most_recent`? (known: most_recent, oldest,",
            ),
            (
                "[survive.email]",
                "[survive.city]",
                "spec.toml: survive > city: the parts of an address survive together: use `address`",
            ),
            (
                "[survive.email]",
                "[survive.given_name]",
                "spec.toml: survive > given_name: the parts of a name survive together: use `full_name`",
            ),
            (
                "[\"erp\", \"crm\"]",
                "[\"epr\"]",
                "spec.toml: survive > phone > sources: unknown source `epr`; did you mean `erp`? (known: crm, erp)",
            ),
            (
                "[\"erp\", \"crm\"]",
                "[\"erp\", \"erp\"]",
                "spec.toml: survive > phone > sources: `erp` is listed twice",
            ),
            ("[\"erp\", \"crm\"]", "[]", "spec.toml: survive > phone > sources: the list is empty"),
            (
                "sources = [\"erp\", \"crm\"]",
                "",
                "spec.toml: survive > phone: `sources` is missing: rule `source_priority` needs them",
            ),
            (
                "rule = \"source_priority\"",
                "rule = \"longest\"",
                "spec.toml: survive > phone > sources: only rule `source_priority` has sources",
            ),
            (
                "\"pick_one\"",
                "\"pickone\"",
                "spec.toml: survive > phone > reduce: unknown reduction `pickone`; did you mean `pick_one`? (known: pick_one, union_distinct, unanimous,",
            ),
            (
                "rule = \"most_recent\"",
                "rank = [\"most_recent\", { prefr = \"dated\" }]",
                "spec.toml: survive > email > rank 2: unknown step `prefr`; did you mean `prefer`?",
            ),
            (
                "rule = \"most_recent\"",
                "rank = [\"trust\"]",
                "spec.toml: survive > email > rank 1: `trust` needs a value: { trust = .. }",
            ),
            (
                "rule = \"most_recent\"",
                "rank = [{ trust = { sources = { crm = { max = 101 } } } }]",
                "spec.toml: survive > email > rank 1 > trust > sources > crm: 101 is not between 0 and 100",
            ),
            (
                "rule = \"most_recent\"",
                "rank = [{ trust = { sources = { crn = { max = 90 } } } }]",
                "spec.toml: survive > email > trust: unknown source `crn`; did you mean `crm`? (known: crm, erp)",
            ),
            (
                "rule = \"most_recent\"",
                "rank = [{ trust = { sources = { crm = { max = 9, min = 20, days = 3 } } } }]",
                "spec.toml: survive > email > rank 1 > trust > sources > crm: the minimum 20 is above the maximum 9",
            ),
            (
                "rule = \"most_recent\"",
                "rank = [\"most_recent\"]\nwhere = [{ folows = \"phone\" }]",
                "spec.toml: survive > email > where 1: unknown condition `folows`; did you mean `follows`?",
            ),
            (
                "rule = \"most_recent\"",
                "rank = [\"most_recent\"]\nwhere = [{ follows = \"email\" }]",
                "spec.toml: survive > email: `email` follows `email`: a cycle",
            ),
            (
                "rule = \"most_recent\"",
                "rank = [\"most_recent\"]\nrequire = [\"city\"]",
                "spec.toml: survive > email > require: a single field has no parts",
            ),
            (
                "rule = \"most_recent\"",
                "rank = [\"most_recent\"]\non_tie = \"nul\"",
                "spec.toml: survive > email > on_tie: unknown answer `nul`; did you mean `null`?",
            ),
            (
                "rule = \"most_recent\"",
                "rank = [\"most_recent\"]\non_empty = { fallback = { rank = [\"oldst\"] } }",
                "spec.toml: survive > email > on_empty > fallback > rank 1: unknown step `oldst`; did you mean `oldest`?",
            ),
            (
                "rule = \"most_recent\"",
                "rule = \"most_recent\"\nrank = [\"oldest\"]",
                "spec.toml: survive > email: give either `rule` or `rank`",
            ),
            (
                "[survive.phone]",
                "[survive.group.a]\nfields = [\"email\", \"url\"]\nrank = [\"oldest\"]\n[survive.phone]",
                "spec.toml: survive > group > a: `email` has a rule of its own",
            ),
            (
                "[survive.phone]",
                "[survive.record]\nrank = [\"longest\"]\n[survive.phone]",
                "spec.toml: survive > record: `longest` looks at values, not at records",
            ),
        ];
        are_named(&cases);
    }

    /// Each case: a piece of the full spec, what stands there instead, and how the message begins.
    fn are_named(cases: &[(&str, &str, &str)]) {
        for &(from, to, expected) in cases {
            let text = FULL.replacen(from, to, 1);
            assert_ne!(text, FULL, "{from}");
            let error = Spec::from_toml_str(&text, "spec.toml").unwrap_err();
            assert!(error.is_config());
            let message = error.to_string();
            assert!(message.starts_with(expected), "{message}\nexpected {expected}");
            assert!(!message.contains('\n'), "{message}");
        }
    }

    #[test]
    fn any_text_is_read_or_refused_in_one_line() {
        use proptest::prelude::*;
        let piece = prop::sample::select(vec![
            "[",
            "]",
            "[[source]]",
            "name",
            "path",
            "=",
            "\"",
            "\"\\n\"",
            "\n",
            "1",
            "{",
            "}",
            "fields",
            "link",
            ".",
            "ü",
            "truth",
        ]);
        let text = prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat());
        proptest!(|(text in text)| {
            if let Err(error) = Spec::from_toml_str(&text, "spec.toml") {
                let message = error.to_string();
                prop_assert!(message.starts_with("spec.toml: ") && !message.contains('\n'), "{message}");
            }
        });
    }

    #[test]
    fn there_must_be_a_source() {
        for text in ["", "source = []", "source = 1"] {
            let message = Spec::from_toml_str(text, "spec.toml").unwrap_err().to_string();
            assert!(message.starts_with("spec.toml: "), "{message}");
            assert!(message.contains("source"), "{message}");
        }
    }
}
