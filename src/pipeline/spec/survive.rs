//! What the spec says about survivorship.

use std::collections::BTreeMap;

use toml::{Table, Value};

use super::section::{Section, one_line, unknown};
use super::sources::field_kind;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::FieldKind;
use crate::survive::{
    Clock, Comparator, Decay, Downgrade, Fill, Future, Nulls, OnEmpty, OnTie, Policy, Predicate, RecordRule,
    Reduce, Rule, Times, Trust, TrustCurve, Undated, Voter, refusal,
};
use crate::value::Instant;

/// The keys of a rule, those of the ready-made ones first.
const KEYS: [&str; 11] =
    ["rule", "sources", "reduce", "rank", "fill", "require", "where", "nulls", "times", "on_empty", "on_tie"];

/// The rules of survivorship; `sources` are the names of the spec's sources.
pub(super) fn policy(spec: &Section<'_>, sources: &[&str]) -> Result<Policy> {
    let mut policy = Policy::default();
    let Some(survive) = spec.section("survive")? else { return Ok(policy) };
    let outer = spec.place().to_owned() + ": ";
    let within = |error: Error| error.within(&outer);
    for name in survive.table().keys() {
        let Some(section) = survive.section(name)? else { continue };
        match name.as_str() {
            "group" => {
                for name in section.table().keys() {
                    let Some(group) = section.section(name)? else { continue };
                    let kinds = kinds(&group, "fields")?.ok_or_else(|| {
                        Error::config(group.place(), "`fields` is missing: the kinds that survive together")
                    })?;
                    let keys: Vec<&str> = KEYS.into_iter().chain(["fields"]).collect();
                    group.only(&keys)?;
                    policy = policy.with_group(name, kinds, rule(&group, None)?).map_err(within)?;
                }
            }
            "record" => {
                section.only(&["rank", "fill"])?;
                let rank = rank(&section)?.ok_or_else(|| missing(&section, "rank"))?;
                let fill = named(&section, "fill", "fill", &Fill::NAMES)?.unwrap_or_default();
                policy = policy.with_record(RecordRule { rank, fill }).map_err(within)?;
            }
            _ => {
                let kind = field_kind(survive.place().to_owned(), name)?;
                if let Some(reason) = refusal(kind) {
                    return Err(Error::config(survive.at(name), reason));
                }
                section.only(&KEYS)?;
                policy = policy.with_rule(kind, rule(&section, Some(kind))?).map_err(within)?;
            }
        }
    }
    policy.check(sources).map_err(within)?;
    Ok(policy)
}

/// A rule: a ready-made one by its name, or its ranking; then what else is said.
fn rule(section: &Section<'_>, kind: Option<FieldKind>) -> Result<Rule> {
    let mut rule = match (section.text("rule")?, rank(section)?) {
        (Some(_), Some(_)) => return Err(Error::config(section.place(), "give either `rule` or `rank`")),
        (None, None) => {
            return Err(Error::config(section.place(), "`rule` is missing, or a `rank` of steps"));
        }
        (None, Some(rank)) => {
            if section.table().contains_key("sources") {
                let reason =
                    "only rule `source_priority` has sources; in a rank, write { source_priority = [..] }";
                return Err(Error::config(section.at("sources"), reason));
            }
            Rule::new(rank, Reduce::PickOne)
        }
        (Some(name), None) => {
            let listed = priorities(section, &name)?;
            // Without a kind of its own, a group is like any other field.
            let kind = kind.unwrap_or(FieldKind::Text);
            Policy::named(&name, kind, &listed)
                .ok_or_else(|| unknown(section.at("rule"), "rule", &name, &Policy::NAMES))?
        }
    };
    if let Some(value) = section.table().get("reduce") {
        rule.reduce = reduce(&section.at("reduce"), value)?;
    }
    if let Some(fill) = named(section, "fill", "fill", &Fill::NAMES)? {
        rule.fill = fill;
    }
    if let Some(require) = kinds(section, "require")? {
        rule.require = require;
    }
    if let Some(conditions) = section.list("where")? {
        rule.eligible = predicates(&section.at("where"), conditions)?;
    }
    if let Some(nulls) = named(section, "nulls", "policy for nulls", &Nulls::NAMES)? {
        rule.nulls = nulls;
    }
    if let Some(section) = section.section("times")? {
        rule.times = times(&section)?;
    }
    if let Some(value) = section.table().get("on_empty") {
        rule.on_empty = match answer(section, "on_empty", value, &["null", "report"])? {
            Answer::Named("null") => OnEmpty::Null,
            Answer::Named(_) => OnEmpty::Report,
            Answer::Fallback(rule) => OnEmpty::Fallback(rule),
        };
    }
    if let Some(value) = section.table().get("on_tie") {
        rule.on_tie = match answer(section, "on_tie", value, &["canonical_order", "report", "null"])? {
            Answer::Named("canonical_order") => OnTie::CanonicalOrder,
            Answer::Named("report") => OnTie::Report,
            Answer::Named(_) => OnTie::Null,
            Answer::Fallback(rule) => OnTie::Fallback(rule),
        };
    }
    Ok(rule)
}

/// The sources in order of priority, which one rule needs and the others do not know.
fn priorities(section: &Section<'_>, rule: &str) -> Result<Vec<String>> {
    const RULE: &str = "source_priority";
    match (section.texts("sources")?, rule == RULE) {
        (None, false) => Ok(Vec::new()),
        (None, true) => {
            Err(Error::config(section.place(), format!("`sources` is missing: rule `{RULE}` needs them")))
        }
        (Some(_), false) => {
            Err(Error::config(section.at("sources"), format!("only rule `{RULE}` has sources")))
        }
        (Some(listed), true) => Ok(listed),
    }
}

/// What happens without a winner: a name, or another rule.
enum Answer<'a> {
    Named(&'a str),
    Fallback(Box<Rule>),
}

fn answer<'a>(section: &Section<'_>, key: &str, value: &'a Value, names: &[&str]) -> Result<Answer<'a>> {
    let place = section.at(key);
    match value {
        Value::String(name) if names.contains(&name.as_str()) => Ok(Answer::Named(name)),
        Value::String(name) => {
            let known: Vec<&str> = names.iter().copied().chain(["{ fallback = { .. } }"]).collect();
            Err(unknown(place, "answer", name, &known))
        }
        Value::Table(table) => {
            let own = section.part(key, table);
            own.only(&["fallback"])?;
            let fallback = own.section("fallback")?.ok_or_else(|| missing(&own, "fallback"))?;
            fallback.only(&KEYS)?;
            Ok(Answer::Fallback(Box::new(rule(&fallback, None)?)))
        }
        other => Err(section.wrong(key, other, "a name or { fallback = { .. } }")),
    }
}

fn rank(section: &Section<'_>) -> Result<Option<Vec<Comparator>>> {
    let Some(steps) = section.list("rank")? else { return Ok(None) };
    let place = |number: usize| section.at(&format!("rank {number}"));
    let steps = steps.iter().zip(1..).map(|(step, number)| comparator(&place(number), step));
    steps.collect::<Result<_>>().map(Some)
}

fn comparator(place: &str, value: &Value) -> Result<Comparator> {
    let known: Vec<&str> = Comparator::PLAIN.into_iter().chain(Comparator::WITH_PARAMETER).collect();
    if let Value::String(name) = value {
        return Comparator::plain(name).ok_or_else(|| {
            if Comparator::WITH_PARAMETER.contains(&name.as_str()) {
                return Error::config(place, format!("`{name}` needs a value: {{ {name} = .. }}"));
            }
            unknown(place.to_owned(), "step", name, &known)
        });
    }
    let (table, name, inner) = one_key(place, value, "step", &known)?;
    let section = Section::below(place, table);
    Ok(match name {
        "frequency" => Comparator::Frequency(match section.required(name)?.as_str() {
            "source" => Voter::Source,
            "record" => Voter::Record,
            other => return Err(unknown(section.at(name), "voter", other, &["source", "record"])),
        }),
        "source_priority" => Comparator::SourcePriority(section.texts(name)?.unwrap_or_default()),
        "trust" => Comparator::Trust(trust(&section.section(name)?.ok_or_else(|| missing(&section, name))?)?),
        "prefer" => Comparator::Prefer(predicate(&section.at(name), inner)?),
        "completeness" => {
            let Some(weights) = section.section(name)? else { return Err(missing(&section, name)) };
            let mut kinds = BTreeMap::new();
            for key in weights.table().keys() {
                let kind = field_kind(weights.place().to_owned(), key)?;
                kinds.insert(kind, small(&weights, key)?.unwrap_or(1));
            }
            Comparator::Completeness(kinds)
        }
        "custom" => {
            let reason = "functions of your own are given in code, by `Policy::with_function`";
            return Err(Error::config(section.at(name), reason));
        }
        plain => {
            return Err(Error::config(place, format!("`{plain}` takes no value: write \"{plain}\"")));
        }
    })
}

fn trust(section: &Section<'_>) -> Result<Trust> {
    section.only(&["sources", "downgrades"])?;
    let mut trust = Trust::default();
    let sources = section.section("sources")?.ok_or_else(|| missing(section, "sources"))?;
    for name in sources.table().keys() {
        let Some(curve) = sources.section(name)? else { continue };
        curve.only(&["max", "min", "days", "decay"])?;
        let max = number(&curve, "max")?.ok_or_else(|| missing(&curve, "max"))?;
        let min = number(&curve, "min")?.unwrap_or(max);
        let days = number(&curve, "days")?.unwrap_or(0);
        let days = u32::try_from(days)
            .map_err(|_| Error::config(curve.at("days"), format!("{days} is too large")))?;
        let decay = named::<Decay>(&curve, "decay", "decay", &Decay::NAMES)?.unwrap_or_default();
        let built = TrustCurve::new(max, min, days, decay).map_err(|error| placed(curve.place(), &error))?;
        trust = trust.with_source(name, built);
    }
    for (value, number) in section.list("downgrades")?.unwrap_or_default().iter().zip(1..) {
        let Value::Table(table) = value else {
            return Err(section.wrong("downgrades", value, "a list of tables"));
        };
        let own = section.part(&format!("downgrade {number}"), table);
        own.only(&["when", "percent", "reserve"])?;
        let when = table.get("when").ok_or_else(|| missing(&own, "when"))?;
        let percent = own.count("percent")?.ok_or_else(|| missing(&own, "percent"))?;
        let built = Downgrade::new(predicate(&own.at("when"), when)?, percent)
            .map_err(|error| placed(own.place(), &error))?;
        let reserve = self::number(&own, "reserve")?.unwrap_or(0);
        let reserve = u8::try_from(reserve)
            .ok()
            .filter(|reserve| *reserve <= 100)
            .ok_or_else(|| Error::config(own.at("reserve"), format!("{reserve} is not between 0 and 100")))?;
        trust = trust.with_downgrade(built.with_reserve(reserve));
    }
    Ok(trust)
}

fn times(section: &Section<'_>) -> Result<Times> {
    const UNDATED: [&str; 4] = ["lose", "never", "refuse", "{ at = \"2020-01-01\" }"];
    section.only(&["clocks", "undated", "future"])?;
    let mut times = Times::default();
    if let Some(clocks) = section.list("clocks")? {
        let clock = |(value, number): (&Value, usize)| match value {
            Value::String(name) if name == "updated" => Ok(Clock::Updated),
            _ => {
                let place = section.at(&format!("clock {number}"));
                let (table, name, _) = one_key(&place, value, "clock", &["column"])?;
                Ok(Clock::Column(Section::below(&place, table).required(name)?))
            }
        };
        times.clocks = clocks.iter().zip(1..).map(clock).collect::<Result<_>>()?;
        if times.clocks.is_empty() {
            return Err(Error::config(section.at("clocks"), "the list is empty"));
        }
    }
    times.undated = match section.table().get("undated") {
        None => Undated::Lose,
        Some(Value::String(name)) => match name.as_str() {
            "lose" => Undated::Lose,
            "never" => Undated::Never,
            "refuse" => Undated::Refuse,
            _ => return Err(unknown(section.at("undated"), "policy", name, &UNDATED)),
        },
        Some(value) => {
            let place = section.at("undated");
            let (_, _, inner) = one_key(&place, value, "policy", &["at"])?;
            let text = match inner {
                Value::Datetime(datetime) => datetime.to_string(),
                Value::String(text) => text.clone(),
                _ => return Err(Error::config(place, "`at` is no date or instant")),
            };
            let instant = text.parse::<Instant>();
            Undated::At(instant.map_err(|error| {
                Error::config(section.at("undated"), format!("`{}` is {error}", one_line(&text)))
            })?)
        }
    };
    times.future = match section.text("future")?.as_deref() {
        None | Some("clamp") => Future::Clamp,
        Some("reject") => Future::Reject,
        Some("accept") => Future::Accept,
        Some(other) => {
            return Err(unknown(section.at("future"), "policy", other, &["clamp", "reject", "accept"]));
        }
    };
    Ok(times)
}

fn predicates(place: &str, values: &[Value]) -> Result<Vec<Predicate>> {
    let one = |(value, number): (&Value, usize)| predicate(&format!("{place} {number}"), value);
    values.iter().zip(1..).map(one).collect()
}

fn predicate(place: &str, value: &Value) -> Result<Predicate> {
    if matches!(value, Value::String(name) if name == "dated") {
        return Ok(Predicate::Dated);
    }
    let (table, name, inner) = one_key(place, value, "condition", &Predicate::NAMES)?;
    let section = Section::below(place, table);
    let all = |values: Option<&[Value]>| predicates(&section.at(name), values.unwrap_or_default());
    Ok(match name {
        "from_source" => Predicate::FromSource(section.texts(name)?.unwrap_or_default()),
        "column" => {
            let Some(column) = section.section(name)? else { return Err(missing(&section, name)) };
            column.only(&["name", "values"])?;
            let values = column.texts("values")?.ok_or_else(|| missing(&column, "values"))?;
            Predicate::Column { name: column.required("name")?, values }
        }
        "shorter_than" => Predicate::ShorterThan(small(&section, name)?.unwrap_or(0)),
        "changed_within_days" => Predicate::ChangedWithinDays(small(&section, name)?.unwrap_or(0)),
        "follows" => Predicate::Follows(field_kind(section.at(name), &section.required(name)?)?),
        "not" => Predicate::Not(Box::new(predicate(&section.at(name), inner)?)),
        "all" => Predicate::All(all(section.list(name)?)?),
        "any" => Predicate::Any(all(section.list(name)?)?),
        plain => return Err(Error::config(place, format!("`{plain}` takes no value: write \"{plain}\""))),
    })
}

fn reduce(place: &str, value: &Value) -> Result<Reduce> {
    let known: Vec<&str> = Reduce::NAMES.into_iter().chain(["top", "quorum", "concat"]).collect();
    if let Value::String(name) = value {
        return name.parse().map_err(|_| unknown(place.to_owned(), "reduction", name, &known));
    }
    let (table, name, _) = one_key(place, value, "reduction", &known)?;
    let section = Section::below(place, table);
    Ok(match name {
        "top" => Reduce::Top(small(&section, name)?.unwrap_or(1)),
        "quorum" => Reduce::Quorum(small(&section, name)?.unwrap_or(1)),
        "concat" => Reduce::Concat(section.required(name)?),
        plain => return Err(Error::config(place, format!("`{plain}` takes no value: write \"{plain}\""))),
    })
}

/// A table with one known key.
fn one_key<'a, 'k>(
    place: &str,
    value: &'a Value,
    what: &'static str,
    known: &[&'k str],
) -> Result<(&'a Table, &'k str, &'a Value)> {
    let table = match value {
        Value::Table(table) => table,
        Value::String(name) => return Err(unknown(place.to_owned(), what, name, known)),
        _ => return Err(Error::config(place, format!("a {what} is a text or a table with one key"))),
    };
    let mut keys = table.iter();
    match (keys.next(), keys.next()) {
        (Some((key, inner)), None) => match known.iter().find(|known| **known == key.as_str()) {
            Some(known) => Ok((table, known, inner)),
            None => Err(unknown(place.to_owned(), what, key, known)),
        },
        _ => Err(Error::config(place, format!("a {what} has one key"))),
    }
}

fn kinds(section: &Section<'_>, key: &str) -> Result<Option<Vec<FieldKind>>> {
    let Some(names) = section.texts(key)? else { return Ok(None) };
    names.iter().map(|name| field_kind(section.at(key), name)).collect::<Result<_>>().map(Some)
}

fn named<T: std::str::FromStr>(
    section: &Section<'_>,
    key: &str,
    what: &'static str,
    known: &[&str],
) -> Result<Option<T>> {
    let Some(name) = section.text(key)? else { return Ok(None) };
    name.parse().map(Some).map_err(|_| unknown(section.at(key), what, &name, known))
}

/// A whole number that is not negative.
fn number(section: &Section<'_>, key: &str) -> Result<Option<u64>> {
    match section.table().get(key) {
        None => Ok(None),
        Some(Value::Integer(number)) => match u64::try_from(*number) {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(Error::config(section.at(key), format!("{number} is below 0"))),
        },
        Some(other) => Err(section.wrong(key, other, "a whole number")),
    }
}

/// A whole number above 0 that fits 32 bits.
fn small(section: &Section<'_>, key: &str) -> Result<Option<u32>> {
    let Some(number) = section.count(key)? else { return Ok(None) };
    let fits = u32::try_from(number);
    fits.map(Some).map_err(|_| Error::config(section.at(key), format!("{number} is too large")))
}

fn missing(section: &Section<'_>, key: &str) -> Error {
    Error::config(section.place(), format!("`{key}` is missing"))
}

/// An error of a constructor, at a place of the spec.
fn placed(place: &str, error: &Error) -> Error {
    match error.kind() {
        ErrorKind::Config { reason, .. } => Error::config(place, reason.clone()),
        _ => Error::config(place, error.to_string()),
    }
}
