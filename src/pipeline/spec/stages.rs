//! What the spec says about the run and about the stages after reading.

use toml::Value;

use super::section::{Section, one_line, texts, unknown};
use super::{ThresholdSpec, TruthSpec};
use crate::error::{Error, Result};
use crate::schema::LinkMode;
use crate::technique::{Technique, Techniques};
use crate::value::Instant;

pub(super) fn as_of(spec: &Section<'_>) -> Result<Option<String>> {
    let text = match spec.table().get("as_of") {
        Some(Value::Datetime(datetime)) => datetime.to_string(),
        _ => match spec.text("as_of")? {
            Some(text) => text,
            None => return Ok(None),
        },
    };
    match text.parse::<Instant>() {
        Ok(_) => Ok(Some(text)),
        Err(error) => Err(Error::config(spec.at("as_of"), format!("`{}` is {error}", one_line(&text)))),
    }
}

pub(super) fn country(spec: &Section<'_>) -> Result<Option<String>> {
    let Some(country) = spec.text("country")? else { return Ok(None) };
    if country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Ok(Some(country.to_ascii_uppercase()));
    }
    Err(Error::config(
        spec.at("country"),
        format!("`{}` is no ISO 3166-1 code of two letters", one_line(&country)),
    ))
}

pub(super) fn mode(spec: &Section<'_>) -> Result<LinkMode> {
    let Some(link) = spec.section("link")? else { return Ok(LinkMode::default()) };
    link.only(&["mode"])?;
    let Some(mode) = link.text("mode")? else { return Ok(LinkMode::default()) };
    mode.parse().map_err(|_| unknown(link.at("mode"), "mode", &mode, &LinkMode::NAMES))
}

/// The blocking rules, each a list of fields.
pub(super) fn rules(spec: &Section<'_>) -> Result<Option<Vec<Vec<String>>>> {
    let Some(blocking) = spec.section("blocking")? else { return Ok(None) };
    blocking.only(&["rules", "pairs_per_record"])?;
    let Some(rules) = blocking.list("rules")? else { return Ok(None) };
    let mut read = Vec::with_capacity(rules.len());
    for (rule, number) in rules.iter().zip(1..) {
        let place = blocking.at(&format!("rule {number}"));
        let rule = texts(&place, rule)?;
        if rule.is_empty() {
            return Err(Error::config(place, "the rule is empty"));
        }
        read.push(rule);
    }
    Ok(Some(read))
}

pub(super) fn pairs_per_record(spec: &Section<'_>) -> Result<Option<u64>> {
    spec.section("blocking")?.map_or(Ok(None), |blocking| blocking.count("pairs_per_record"))
}

pub(super) fn threshold(spec: &Section<'_>) -> Result<ThresholdSpec> {
    let Some(model) = spec.section("model")? else { return Ok(ThresholdSpec::Auto) };
    model.only(&["threshold"])?;
    match model.table().get("threshold") {
        None => Ok(ThresholdSpec::Auto),
        Some(Value::String(name)) if name == "auto" => Ok(ThresholdSpec::Auto),
        Some(Value::String(name)) => Err(unknown(model.at("threshold"), "threshold", name, &["auto"])),
        Some(Value::Table(table)) => {
            let threshold = model.part("threshold", table);
            threshold.only(&["precision", "posterior"])?;
            match (threshold.probability("precision")?, threshold.probability("posterior")?) {
                (Some(precision), None) => Ok(ThresholdSpec::Precision(precision)),
                (None, Some(posterior)) => Ok(ThresholdSpec::Posterior(posterior)),
                _ => Err(Error::config(threshold.place(), "give one of `precision` and `posterior`")),
            }
        }
        Some(other) => {
            Err(model.wrong("threshold", other, "\"auto\", { precision = … } or { posterior = … }"))
        }
    }
}

pub(super) fn max_size_warn(spec: &Section<'_>) -> Result<Option<usize>> {
    let Some(resolve) = spec.section("resolve")? else { return Ok(None) };
    resolve.only(&["max_size_warn"])?;
    Ok(resolve.count("max_size_warn")?.map(|size| usize::try_from(size).unwrap_or(usize::MAX)))
}

pub(super) fn techniques(spec: &Section<'_>) -> Result<Techniques> {
    let Some(section) = spec.section("techniques")? else { return Ok(Techniques::default()) };
    section.only(Technique::NAMES)?;
    Technique::ALL.iter().try_fold(Techniques::default(), |techniques, &technique| {
        let used = section.flag(technique.as_str())?.unwrap_or(true);
        Ok(if used { techniques } else { techniques.without(technique) })
    })
}

pub(super) fn truth(spec: &Section<'_>) -> Result<Option<TruthSpec>> {
    let Some(truth) = spec.section("truth")? else { return Ok(None) };
    truth.only(&["path", "column", "source", "key", "entity", "household"])?;
    let named = |key: &str| Ok::<_, Error>(truth.text(key)?.unwrap_or_else(|| key.to_owned()));
    match (truth.text("path")?, truth.text("column")?) {
        (Some(path), None) => Ok(Some(TruthSpec::File {
            path: path.into(),
            source: named("source")?,
            key: named("key")?,
            entity: named("entity")?,
            household: truth.text("household")?,
        })),
        (None, Some(column)) => {
            truth.only(&["column"])?;
            Ok(Some(TruthSpec::Column(column)))
        }
        _ => Err(Error::config(truth.place(), "give either `path` or `column`")),
    }
}
