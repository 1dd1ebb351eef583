//! Many records, one customer: onefold unifies customer data from CRM, ERP and order exports.
//!
//! It reads the exports, brings names, addresses, dates, phones and identifiers to one form, learns without labels
//! how much each agreement and disagreement says, joins what belongs together, and merges it into one [profile]
//! per customer with [golden values](mod@survive), [households](resolve::Households), [orders](fact) and
//! [segments](segment). What a column holds (its [`FieldKind`]) is all that has to be said, and where its name and
//! values make it certain not even that; rules, weights and thresholds have defaults that come from the data.
//!
//! ```
//! use onefold::{FieldKind, Pipeline, ingest::Source};
//!
//! let given = ["Anna", "Jürgen", "Sören", "Käthe", "Otto", "Zoë", "Björn", "Änne"];
//! let family = ["Müller", "Weiß", "Größer", "Kühn", "Schäfer", "Böhm", "Haas", "Götz", "Jäger"];
//! let (mut crm, mut erp) = ("id,first,last,born\n".to_owned(), "no;name;birthday\n".to_owned());
//! for at in 0..72 {
//!     let (first, last, year) = (given[at % 8], family[at % 9], 1940 + at);
//!     let (month, day) = (1 + at % 12, 1 + at % 28);
//!     crm += &format!("{at},{first},{last},{year}-{month:02}-{day:02}\n");
//!     erp += &format!("{at};\"{}, {first}\";{day:02}.{month:02}.{year}\n", last.to_uppercase());
//! }
//! let unified = Pipeline::builder()
//!     .country("DE")
//!     .source(
//!         Source::bytes("crm", "crm.csv", crm.into_bytes())
//!             .key("id")
//!             .field("first", FieldKind::GivenName)
//!             .field("last", FieldKind::FamilyName)
//!             .field("born", FieldKind::BirthDate),
//!     )
//!     .source(
//!         Source::bytes("erp", "erp.csv", erp.into_bytes())
//!             .key("no")
//!             .field("name", FieldKind::FullName)
//!             .field("birthday", FieldKind::BirthDate),
//!     )
//!     .build()?
//!     .run()?;
//!
//! assert_eq!(unified.records.len(), 144);
//! assert_eq!(unified.partition.len(), 72);
//! for (_, members) in unified.partition.iter() {
//!     let keys: Vec<_> = members.iter().map(|&record| unified.records.raw().key(record).1).collect();
//!     assert_eq!(keys[0], keys[1]);
//! }
//! # Ok::<(), onefold::Error>(())
//! ```
//!
//! The same can be written in a file: see [`pipeline::spec`].
//!
//! # Concepts
//!
//! | what | where |
//! |---|---|
//! | a file, rows in memory or a frame to read, and what its columns mean | [`ingest::Source`], [`FieldKind`] |
//! | columns whose kinds are inferred, and why | [`ingest::InferredColumn`] |
//! | what became of every row and cell | [`ingest::IngestReport`], [`record::Reject`], [`record::Issue`] |
//! | orders, each with the record that it came with | [`ingest::OrderColumns`], [`fact::Orders`], [`fact::OrderSummary`] |
//! | which pairs are compared, what that costs and loses | [`block::Plan`], [`block::BlockReport`], [`block::PlanExplanation`] |
//! | who states a mail address or a telephone number | [`normalize::ValueProfiles`] |
//! | what a run will take, and may | [`pipeline::Estimate`], [`pipeline::Limits`] |
//! | what each technique earns | [`Techniques`] |
//! | how sure a match is | [`model::Model`], [`model::Link`], [`model::Threshold`] |
//! | which records are one customer | [`resolve::Partition`], [`EntityId`] |
//! | A or B, not both | [`resolve::Ambiguity`] |
//! | who lives together | [`resolve::Households`], [`HouseholdId`] |
//! | which value survives, and why the others do not | [`survive::Policy`], [`survive::Lineage`] |
//! | ids that stay, and where old ones lead | [`identity::Registry`], [`identity::assign`], [`identity::Event`] |
//! | what stewards decide, merge and take apart | [`identity::Decisions`], [`survive::Pin`], [`identity::Plan`] |
//! | one customer in one value | [`profile::Profile`], [`CustomerId`] |
//! | which customers a condition describes | [`segment::Expr`], [`segment::Audience`] |
//! | how good the result is, and what went wrong | [`evaluate::Truth`], [`evaluate::Evaluation`], [`evaluate::pair_errors`] |
//! | why two records are one customer, or why not | [`explain::PairExplanation`] |
//!
//! # Cookbook
//!
//! **Rows of your own type.** Whatever serialises is a source; `None` is a missing value.
//!
//! ```
//! use onefold::{FieldKind, Pipeline, ingest::Source};
//!
//! #[derive(serde::Serialize)]
//! struct Contact {
//!     id: u32,
//!     name: &'static str,
//!     mail: Option<&'static str>,
//! }
//!
//! let contacts = [
//!     Contact { id: 1, name: "Ada Byron", mail: Some("ada@example.org") },
//!     Contact { id: 2, name: "A. Byron", mail: Some("ada@example.org") },
//!     Contact { id: 3, name: "Otto Huber", mail: None },
//! ];
//! let source = Source::rows("app", &contacts)?
//!     .key("id")
//!     .field("name", FieldKind::FullName)
//!     .field("mail", FieldKind::Email);
//! let unified = Pipeline::builder().source(source).build()?.run()?;
//! assert_eq!(unified.profiles().find("app", "3").unwrap().name.unwrap().full, "Otto Huber");
//! # Ok::<(), onefold::Error>(())
//! ```
//!
//! **A polars frame**, in and out (feature `polars`).
//!
//! ```
//! # #[cfg(feature = "polars")] {
//! use onefold::polars::prelude::{Column, DataFrame};
//! use onefold::{FieldKind, Pipeline, export, ingest::Source};
//!
//! let frame = DataFrame::new_infer_height(vec![
//!     Column::new("id".into(), [1, 2]),
//!     Column::new("name".into(), ["Ada Byron", "Otto Huber"]),
//! ])?;
//! let source = Source::frame("app", frame).key("id").field("name", FieldKind::FullName);
//! let unified = Pipeline::builder().source(source).build()?.run()?;
//! let profiles = export::profile_frame(&unified.profiles())?;
//! assert_eq!(profiles.column("family_name")?.str()?.get(0), Some("Byron"));
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! **Orders of known customers.** An order without customer data names its customer in another source.
//!
//! ```
//! use onefold::{FieldKind, Pipeline, ingest::{OrderColumns, Source}};
//!
//! let erp = Source::bytes("erp", "erp.csv", b"no,name\n7,Ada Byron\n".to_vec())
//!     .key("no")
//!     .field("name", FieldKind::FullName);
//! let orders = b"line,order,customer,total\n1,A1,7,10.50\n2,A1,7,-0.50\n".to_vec();
//! let lines = OrderColumns::new("order").amount("total").customer("erp", "customer");
//! let shop = Source::bytes("shop", "orders.csv", orders).key("line").order(lines);
//! let unified = Pipeline::builder().source(erp).source(shop).build()?.run()?;
//! let ada = unified.profiles().find("erp", "7").unwrap();
//! assert_eq!((ada.orders.count, ada.orders.revenue[0].net.to_string().as_str()), (1, "10.00"));
//! # Ok::<(), onefold::Error>(())
//! ```
//!
//! **Your own rules for golden values.**
//!
//! ```
//! use onefold::survive::{Comparator, Policy, Reduce, Rule};
//! use onefold::{FieldKind, Pipeline, ingest::Source};
//!
//! let trusted = Comparator::SourcePriority(vec!["erp".into(), "crm".into()]);
//! let policy = Policy::default().with_rule(FieldKind::Email, Rule::new([trusted], Reduce::PickOne))?;
//! let pipeline = Pipeline::builder()
//!     .source(Source::file("crm", "contacts.csv"))
//!     .source(Source::file("erp", "debtors.parquet"))
//!     .survivorship(policy)
//!     .build()?;
//! # Ok::<(), onefold::Error>(())
//! ```
//!
//! **Keep what was inferred.** [`Spec::with_inferred`](pipeline::spec::Spec::with_inferred) lists every column with its
//! kind, and [`to_toml`](pipeline::spec::Spec::to_toml) writes the spec.
//!
//! **A segment of your own**, and why somebody is in it: [`segment::field`], [`segment::explain`].
//!
//! **All files of a run**: [`Unified::write_to`].
//!
//! # One way through the house
//!
//! ```text
//! exports ─ingest─▶ RawRecords + Orders ─normalize─▶ Records ─block─▶ candidate pairs ─compare─▶ Pattern
//!    ─model─▶ Links ─resolve─▶ Partition + Households ─survive─▶ golden values ─profile─▶ Profiles ─segment─▶ Audience
//! ```
//!
//! Every stage is a free function on finished values, and [`Pipeline`] calls them one after the other. A module uses
//! only modules above it in this list, and a test keeps it so:
//!
//! | module | holds |
//! |---|---|
//! | [`error`] | the one error type |
//! | [`id`] | a type of its own for each number that names something |
//! | [`text`] | kernels on `&str`: the folded form, distances, bounds, q-grams, phonetic keys |
//! | [`value`] | single values: dates, phones, e-mail addresses, identifiers with check digits, countries |
//! | [`schema`] | the closed list of field kinds |
//! | [`technique`] | what is done for the quality of matches, each switchable |
//! | [`record`] | records in columns: raw cells with their state, normalised values with ids |
//! | [`fact`] | orders beside the records that they came with |
//! | [`ingest`] | files and rows in, raw records and the fate of every row out |
//! | [`normalize`] | names, organisations, addresses and values in canonical form, once per distinct text |
//! | [`block`] | which pairs are compared: rules, the frozen plan, each pair once |
//! | [`compare`] | levels of agreement, packed in a pattern |
//! | [`model`] | weights learned without labels, the threshold, scoring, the model as JSON |
//! | [`resolve`] | clusters under guards, the decisions of stewards, households |
//! | [`survive`](mod@survive) | golden values: which of the stated values win, with their lineage |
//! | [`profile`] | all that is known about one customer in one typed value |
//! | [`segment`] | conditions on profiles, and the sets of profiles that they describe |
//! | [`identity`] | customer ids over time, their events, the decisions of stewards, merge and unmerge as plans |
//! | [`export`] | profiles, crosswalk, households and the rest as NDJSON, CSV, Parquet and data frames |
//! | [`pipeline`] | the whole way, from a builder or a spec file |
//! | [`evaluate`](mod@evaluate) | precision, recall and F1 against known entities |
//!
//! Training and scoring are separate: [`model::train`] returns a [`Model`](model::Model), which is plain data, can be
//! saved, and scores other records alone with [`model::score`].
//!
//! # Determinism
//!
//! The order of rows, files and sources and the number of threads change nothing in the result. Records are numbered by
//! source name and key; samples are drawn by hashes of keys, sums are made in a fixed order, and nothing reads the
//! clock or a random source. Only the line numbers in the reject report follow the order of rows, and timings are
//! what they are.
//!
//! # Errors
//!
//! An [`Error`] is about configuration, files, persisted formats or limits that were set, and says in one line where.
//! The content of a row is never an error: a row that cannot be used is a [`Reject`](record::Reject) with its source,
//! line and reason, a cell that cannot be read is an [`Issue`](record::Issue), and the counts add up to the rows
//! read. What a run left out or could not do is an [`Event`](pipeline::Event).
//!
//! # Crate features
//!
//! | feature | default | effect |
//! |---|---|---|
//! | `polars` | yes | Parquet files and polars data frames are read and written; costs about 100 crates and most of the build time |
//! | `phone` | yes | phone numbers are read by the numbering plans of all countries; costs about 60 crates. Without it they are digits with the calling code of the default country, and a run says so |
#![cfg_attr(not(test), deny(clippy::unwrap_used))]

// In the order of the architecture: each module imports only from those above it.
pub mod error;
pub mod id;
pub mod text;
pub mod value;
pub mod schema;
pub mod technique;
pub mod record;
pub mod fact;
pub mod ingest;
pub mod normalize;
pub mod block;
pub mod compare;
pub mod model;
pub mod resolve;
pub mod survive;
pub mod profile;
pub mod segment;
pub mod identity;
pub mod export;
pub mod pipeline;
pub mod evaluate;
pub mod explain;

/// The library of the data frames that are read and given back, in the version that this crate uses.
#[cfg(feature = "polars")]
pub use polars;

pub use error::{Error, ErrorKind, Result};
pub use id::{CustomerId, EntityId, FieldId, HouseholdId, RecordId, SourceId, ValueId};
pub use pipeline::{Pipeline, PipelineBuilder, Unified};
pub use schema::{EntityKind, FieldKind};
pub use technique::{Technique, Techniques};

/// Runs the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
