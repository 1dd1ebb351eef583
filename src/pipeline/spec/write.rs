//! A spec as text.

use std::fmt::{Display, Write};
use std::path::Path;

use super::{Spec, ThresholdSpec, TruthSpec};
use crate::error::{Error, Result};
use crate::ingest::{CurrencyOf, Inference, IngestReport, OrderColumns, Source};
use crate::schema::{EntityKind, FieldKind, LinkMode};
use crate::survive::{Comparator, Policy, Reduce, Rule};

impl Spec {
    /// The spec as TOML, which [`from_toml_str`](Self::from_toml_str) reads as the same spec. Paths are written as they
    /// are: relative ones hold beside the file that this spec was read from.
    ///
    /// ```
    /// use onefold::pipeline::spec::Spec;
    /// let spec = Spec::from_toml_str("[[source]]\nname = 'crm'\npath = 'a.csv'\nfields = { mail = 'email' }", "")?;
    /// let text = spec.to_toml()?;
    /// assert!(text.ends_with("name = \"crm\"\npath = \"a.csv\"\n\n[source.fields]\n\"mail\" = \"email\"\n"));
    /// assert_eq!(Spec::from_toml_str(&text, "")?.sources[0].fields(), spec.sources[0].fields());
    /// # Ok::<(), onefold::Error>(())
    /// ```
    ///
    /// # Errors
    /// A configuration error for what a spec file cannot say: a source whose rows are in memory, or a path that is
    /// not UTF-8.
    pub fn to_toml(&self) -> Result<String> {
        let mut text = Text::default();
        text.option("as_of", self.as_of.as_deref());
        text.option("country", self.country.as_deref());
        if self.mode != LinkMode::default() {
            text.section("[link]");
            text.text("mode", self.mode.as_str());
        }
        if self.blocking.is_some() || self.pairs_per_record.is_some() {
            text.section("[blocking]");
            if let Some(rules) = &self.blocking {
                let rules: Vec<String> = rules.iter().map(|rule| list(rule)).collect();
                text.value("rules", format_args!("[{}]", rules.join(", ")));
            }
            if let Some(pairs) = self.pairs_per_record {
                text.value("pairs_per_record", pairs.min(i64::MAX as u64));
            }
        }
        let threshold = match self.threshold {
            ThresholdSpec::Auto => None,
            ThresholdSpec::Precision(precision) => Some(("precision", precision)),
            ThresholdSpec::Posterior(posterior) => Some(("posterior", posterior)),
        };
        if let Some((what, probability)) = threshold {
            text.section("[model]");
            text.value("threshold", format_args!("{{ {what} = {probability:?} }}"));
        }
        if let Some(size) = self.max_size_warn {
            text.section("[resolve]");
            text.value("max_size_warn", (size as u64).min(i64::MAX as u64));
        }
        for (at, technique) in self.techniques.switched_off().enumerate() {
            if at == 0 {
                text.section("[techniques]");
            }
            text.value(technique.as_str(), false);
        }
        write_policy(&mut text, &self.survive)?;
        if let Some(truth) = &self.truth {
            write_truth(&mut text, truth)?;
        }
        for source in &self.sources {
            write_source(&mut text, source, self.truth.as_ref())?;
        }
        Ok(text.text)
    }

    /// The spec with the kinds that a run inferred: every column is listed, those without a kind as ignored, and
    /// inference is off. A source that the report does not know stays as it is.
    ///
    /// ```
    /// use onefold::pipeline::spec::Spec;
    /// use onefold::{FieldKind, ingest::{Inference, Source, ingest}};
    /// let spec = Spec::from_toml_str("[[source]]\nname = 'crm'\npath = 'a.csv'", "")?;
    /// let csv = b"Vorname,shoes\nAnna,39\nOtto,43\n".to_vec();
    /// let report = ingest(&[Source::bytes("crm", "a.csv", csv)], "".as_ref())?.report;
    /// let source = &spec.with_inferred(&report).sources[0];
    /// let expected = [("Vorname".into(), FieldKind::GivenName), ("shoes".into(), FieldKind::Ignore)];
    /// assert_eq!(source.fields(), expected);
    /// assert_eq!(source.inference(), Inference::Off);
    /// # Ok::<(), onefold::Error>(())
    /// ```
    #[must_use]
    pub fn with_inferred(mut self, report: &IngestReport) -> Self {
        let settled = |source: Source| {
            if report.sources.iter().all(|known| known.name != source.name()) {
                return source;
            }
            let name = source.name().to_owned();
            let inferred = report.inferred_columns.iter().filter(|column| column.source == name);
            let unmapped = report.unmapped_columns.iter().filter(|column| column.source == name);
            let source = inferred.fold(source, |source, column| source.field(&column.column, column.kind));
            unmapped
                .fold(source, |source, column| source.field(&column.column, FieldKind::Ignore))
                .infer(Inference::Off)
        };
        self.sources = self.sources.into_iter().map(settled).collect();
        self
    }
}

/// The rules of survivorship.
fn write_policy(text: &mut Text, policy: &Policy) -> Result<()> {
    if policy.functions().next().is_some() {
        return Err(Error::config("survive", "a spec has no words for functions of your own"));
    }
    for (kind, rule) in policy.rules() {
        write_rule(text, kind, rule)?;
    }
    for (name, group) in policy.groups() {
        text.section(&format!("[survive.group.{}]", quoted(name)));
        let fields: Vec<String> = group.fields.iter().map(|kind| kind.as_str().to_owned()).collect();
        text.value("fields", list(&fields));
        write_parts(text, &group.rule)?;
    }
    if let Some(record) = policy.record() {
        text.section("[survive.record]");
        write_parts(text, record)?;
    }
    Ok(())
}

/// A rule: the ready-made one that it is, its sources, and how many survive where that differs; else its parts.
fn write_rule(text: &mut Text, kind: FieldKind, rule: &Rule) -> Result<()> {
    let sources = match rule.rank.first() {
        Some(Comparator::SourcePriority(sources)) => sources.as_slice(),
        _ => &[],
    };
    let ready = Policy::NAMES.iter().find_map(|name| {
        let ready = Policy::named(name, kind, sources)?;
        (ready.clone().with_reduce(rule.reduce.clone()) == *rule).then_some((name, ready.reduce))
    });
    text.section(&format!("[survive.{}]", kind.as_str()));
    let Some((name, reduce)) = ready.filter(|_| Reduce::NAMES.contains(&rule.reduce.as_str())) else {
        return write_parts(text, rule);
    };
    text.text("rule", name);
    if !sources.is_empty() {
        text.value("sources", list(sources));
    }
    if reduce != rule.reduce {
        text.text("reduce", rule.reduce.as_str());
    }
    Ok(())
}

/// The parts of a rule, each as a value on one line.
fn write_parts(text: &mut Text, rule: &impl serde::Serialize) -> Result<()> {
    let table = toml::Table::try_from(rule)
        .map_err(|error| Error::config("survive", format!("a spec has no words for this rule: {error}")))?;
    for (key, value) in &table {
        text.value(key, value);
    }
    Ok(())
}

fn write_truth(text: &mut Text, truth: &TruthSpec) -> Result<()> {
    text.section("[truth]");
    match truth {
        TruthSpec::Column(column) => text.text("column", column),
        TruthSpec::File { path, source, key, entity, household } => {
            text.text("path", utf8("truth > path", path)?);
            text.text("source", source);
            text.text("key", key);
            text.text("entity", entity);
            text.option("household", household.as_deref());
        }
    }
    Ok(())
}

fn write_source(text: &mut Text, source: &Source, truth: Option<&TruthSpec>) -> Result<()> {
    let place = format!("source \"{}\"", source.name().escape_debug());
    let Some(path) = source.path() else {
        return Err(Error::config(place, "its rows are in memory; a spec file can only name files"));
    };
    text.section("[[source]]");
    text.text("name", source.name());
    text.text("path", utf8(&format!("{place} > path"), path)?);
    text.option("key", source.key_column());
    if source.info().entity != EntityKind::Person {
        text.text("entity", source.info().entity.as_str());
    }
    text.option("updated_at", source.updated_at_column());
    if source.info().duplicate_free {
        text.value("duplicate_free", true);
    }
    if !source.info().exclusive.is_empty() {
        text.value("exclusive", list(&source.info().exclusive));
    }
    // A truth column is carried because the section of the truth says so.
    let of_truth = |column: &&String| matches!(truth, Some(TruthSpec::Column(truth)) if truth == *column);
    let carried: Vec<&String> = source.carried().iter().filter(|column| !of_truth(column)).collect();
    if !carried.is_empty() {
        text.value("carry", list(&carried));
    }
    if source.inference() == Inference::Off {
        text.value("infer", false);
    }
    if !source.fields().is_empty() {
        text.section("[source.fields]");
        for (column, kind) in source.fields() {
            text.text(&quoted(column), kind.as_str());
        }
    }
    if let Some(order) = source.order_columns() {
        write_order(text, order);
    }
    Ok(())
}

fn write_order(text: &mut Text, order: &OrderColumns) {
    text.section("[source.order]");
    text.text("id", order.id_column());
    text.option("line", order.line_column());
    text.option("placed_at", order.placed_at_column());
    text.option("amount", order.amount_column());
    match order.currency_of() {
        Some(CurrencyOf::Fixed(currency)) => text.text("currency", &currency.to_string()),
        Some(CurrencyOf::Column(column)) => text.text("currency", column),
        None => {}
    }
    if let Some(reference) = order.customer_reference() {
        text.text("customer", &reference.column);
        text.text("customer_source", &reference.source);
    }
}

/// TOML as it grows.
#[derive(Default)]
struct Text {
    text: String,
}

impl Text {
    /// Begins a section, after an empty line.
    fn section(&mut self, header: &str) {
        let gap = if self.text.is_empty() { "" } else { "\n" };
        self.write(format_args!("{gap}{header}\n"));
    }

    fn value(&mut self, key: &str, value: impl Display) {
        self.write(format_args!("{key} = {value}\n"));
    }

    fn text(&mut self, key: &str, value: &str) {
        self.value(key, quoted(value));
    }

    fn option(&mut self, key: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(key, value);
        }
    }

    fn write(&mut self, what: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = self.text.write_fmt(what);
    }
}

/// The text as a basic string of TOML, which may be a key as well.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            control if control.is_ascii_control() => {
                let code = format!("\\u{:04X}", control as u32);
                quoted.push_str(&code);
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

fn list<T: AsRef<str>>(texts: &[T]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| quoted(text.as_ref())).collect();
    format!("[{}]", quoted.join(", "))
}

fn utf8<'a>(place: &str, path: &'a Path) -> Result<&'a str> {
    path.to_str().ok_or_else(|| Error::config(place, "the path is not UTF-8 text, which a spec file is"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::survive::Reduce;
    use crate::technique::{Technique, Techniques};
    use proptest::prelude::*;

    fn texts() -> impl Strategy<Value = String> {
        prop_oneof!["[a-z_]{1,6}", "\\PC{1,8}", Just("a \"b\"\\\n\t\u{7f}'''".to_owned())]
    }

    fn source(number: usize) -> impl Strategy<Value = Source> {
        let flags = (any::<bool>(), any::<bool>(), 0..3usize);
        let columns = prop::collection::vec(texts(), 0..4);
        let fields = prop::collection::btree_map(texts(), prop::sample::select(FieldKind::ALL), 0..4);
        let order = prop::option::of((texts(), prop::option::of(texts()), 0..3usize));
        (flags, prop::option::of(texts()), columns, fields, order).prop_map(
            move |((free, infer, entity), key, columns, fields, order)| {
                let entities = [EntityKind::Person, EntityKind::Organisation, EntityKind::Either];
                let mut source = Source::file(format!("s{number}"), "dir/a b.csv").entity(entities[entity]);
                if free {
                    source = source.duplicate_free();
                }
                if infer {
                    source = source.infer(Inference::Off);
                }
                source = key.into_iter().fold(source, Source::key);
                for (at, column) in columns.into_iter().enumerate() {
                    source = match at {
                        0 => source.updated_at(column),
                        1 => source.exclusive(column),
                        _ => source.carry(column),
                    };
                }
                source = fields.into_iter().fold(source, |source, (column, kind)| source.field(column, kind));
                let Some((id, column, currency)) = order else { return source };
                let mut order = OrderColumns::new(id);
                order = match currency {
                    0 => order,
                    1 => order.currency("EUR".parse().unwrap()),
                    _ => order.currency_column("curr"),
                };
                if let Some(column) = column {
                    order = order.amount(&column).placed_at(&column).line(&column).customer("other", column);
                }
                source.order(order)
            },
        )
    }

    fn spec() -> impl Strategy<Value = Spec> {
        let sources = (source(1), source(2)).prop_map(|(one, other)| vec![one, other]);
        let rules = prop::option::of(prop::collection::vec(prop::collection::vec(texts(), 1..3), 0..3));
        let threshold = prop_oneof![
            Just(ThresholdSpec::Auto),
            (0.000_001..0.999_999).prop_map(ThresholdSpec::Precision),
            (0.000_001..0.999_999).prop_map(ThresholdSpec::Posterior),
        ];
        let numbers = (prop::option::of(1..u64::MAX / 4), prop::option::of(1..usize::MAX / 4));
        let truth = prop_oneof![
            Just(None),
            texts().prop_map(|column| Some(TruthSpec::Column(column))),
            (texts(), prop::option::of(texts())).prop_map(|(name, household)| Some(TruthSpec::File {
                path: "truth.csv".into(),
                source: name.clone(),
                key: name.clone(),
                entity: name,
                household,
            })),
        ];
        let heads = (any::<bool>(), any::<bool>(), 0..3usize, any::<bool>(), techniques());
        (heads, sources, rules, threshold, numbers, truth).prop_map(
            |((dated, german, mode, survives, techniques), sources, blocking, threshold, numbers, truth)| {
                let mut sources = sources;
                if let Some(TruthSpec::Column(column)) = &truth {
                    sources = sources.into_iter().map(|source| source.carry(column)).collect();
                }
                Spec {
                    as_of: dated.then(|| "2026-11-01".to_owned()),
                    country: german.then(|| "DE".to_owned()),
                    mode: [LinkMode::Dedupe, LinkMode::Link, LinkMode::LinkAndDedupe][mode],
                    sources,
                    blocking,
                    pairs_per_record: numbers.0,
                    threshold,
                    max_size_warn: numbers.1,
                    survive: policy(survives),
                    truth,
                    techniques,
                    base: Path::new("").to_path_buf(),
                }
            },
        )
    }

    fn techniques() -> impl Strategy<Value = Techniques> {
        let off = prop::collection::vec(prop::sample::select(Technique::ALL), 0..3);
        off.prop_map(|off| off.into_iter().fold(Techniques::default(), Techniques::without))
    }

    /// One rule of each form that a spec has, or none.
    fn policy(survives: bool) -> Policy {
        use crate::survive as v;
        if !survives {
            return Policy::default();
        }
        let priority = ["s2".to_owned(), "s1".to_owned()];
        let column = v::Predicate::Column { name: "a \"b\"".into(), values: vec!["ok".into()] };
        let downgrade = v::Downgrade::new(v::Predicate::ShorterThan(3), 50).unwrap().with_reserve(20);
        let trust = v::Trust::default()
            .with_source("s1", v::TrustCurve::new(90, 30, 730, v::Decay::Concave).unwrap())
            .with_source("s2", v::TrustCurve::flat(55).unwrap())
            .with_downgrade(downgrade);
        let kinds = [(FieldKind::Email, 2), (FieldKind::Phone, 1)];
        let rank = [
            Comparator::Trust(trust),
            Comparator::Prefer(v::Predicate::All(vec![
                column.clone(),
                v::Predicate::Any(vec![v::Predicate::Dated, v::Predicate::Follows(FieldKind::Phone)]),
            ])),
            Comparator::Completeness(kinds.into_iter().collect()),
            Comparator::Frequency(v::Voter::Record),
            Comparator::SourcePriority(vec!["s1".into()]),
            Comparator::Smallest,
        ];
        let clocks = v::Times::of([v::Clock::Column("checked".into()), v::Clock::Updated])
            .with_undated(v::Undated::At("2020-01-01T08:00:00Z".parse().unwrap()))
            .with_future(v::Future::Reject);
        let whole = Rule::new(rank, Reduce::Concat(", ".into()))
            .with_eligible(v::Predicate::Not(Box::new(v::Predicate::FromSource(vec!["s1".into()]))))
            .with_eligible(v::Predicate::ChangedWithinDays(365))
            .with_nulls(v::Nulls::ClearedBlocksOlderAndLower)
            .with_times(clocks)
            .with_on_empty(v::OnEmpty::Fallback(Box::new(
                Rule::new([Comparator::Oldest], Reduce::Quorum(2)).with_on_tie(v::OnTie::Report),
            )));
        let address = Rule::new([Comparator::MostRecent], Reduce::PickOne)
            .with_require([FieldKind::PostalCode])
            .with_fill(v::Fill::Always)
            .with_on_tie(v::OnTie::Fallback(Box::new(Rule::new([], Reduce::Top(2)))))
            .with_on_empty(v::OnEmpty::Report);
        let rules = [
            (FieldKind::Email, Policy::named("most_recent", FieldKind::Email, &[]).unwrap()),
            (FieldKind::Phone, Policy::named("source_priority", FieldKind::Phone, &priority).unwrap()),
            (
                FieldKind::Gender,
                Policy::named("longest", FieldKind::Gender, &[]).unwrap().with_reduce(Reduce::Unanimous),
            ),
            (FieldKind::TaxId, whole),
            (FieldKind::Address, address),
        ];
        let policy = rules
            .into_iter()
            .fold(Policy::default(), |policy, (kind, rule)| policy.with_rule(kind, rule).unwrap());
        let group = Rule::new([Comparator::MostRecent], Reduce::UnionDistinct).with_require([FieldKind::Url]);
        policy.with_group("the \"firm\"", [FieldKind::OrgName, FieldKind::Url], group).unwrap()
    }

    /// All that a spec says. Carried columns are a set, of which the order tells nothing.
    fn said(spec: &Spec) -> String {
        let mut spec = spec.clone();
        let carried: Vec<Vec<String>> = spec
            .sources
            .iter()
            .map(|source| {
                let mut carried = source.carried().to_vec();
                carried.sort();
                carried
            })
            .collect();
        let sources = std::mem::take(&mut spec.sources);
        let sources: Vec<String> = sources
            .iter()
            .map(|source| {
                let mut fields = source.fields().to_vec();
                fields.sort();
                format!(
                    "{:?} {:?} {:?} {:?} {:?} {:?} {fields:?}",
                    source.info(),
                    source.path(),
                    source.key_column(),
                    source.updated_at_column(),
                    source.inference(),
                    source.order_columns(),
                )
            })
            .collect();
        format!("{spec:?} {sources:?} {carried:?}")
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_as_the_same(spec in spec()) {
            let text = spec.to_toml().unwrap();
            let read = Spec::from_toml_str(&text, "").map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
            prop_assert_eq!(said(&spec), said(&read), "{}", text);
            prop_assert_eq!(read.to_toml().unwrap(), Spec::from_toml_str(&read.to_toml().unwrap(), "").unwrap().to_toml().unwrap());
        }
    }

    #[test]
    fn what_a_file_cannot_say_is_an_error() {
        let mut spec = Spec::from_toml_str("[[source]]\nname = 'a'\npath = 'a.csv'", "").unwrap();
        spec.sources = vec![Source::bytes("shop", "a.csv", Vec::new())];
        let error = spec.to_toml().unwrap_err().to_string();
        assert_eq!(error, "source \"shop\": its rows are in memory; a spec file can only name files");
    }
}
