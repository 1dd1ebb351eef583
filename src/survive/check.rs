//! What is wrong with a policy, and where.

use std::collections::BTreeSet;

use super::comparator::Comparator;
use super::policy::{Group, Policy, RecordRule};
use super::predicate::Predicate;
use super::ready::{refusal, whole};
use super::reduce::Reduce;
use super::rule::{Fill, Nulls, OnEmpty, OnTie, Rule};
use super::subject::{ADDRESS, NAME, PARTS};
use super::times::{Clock, Undated};
use crate::error::{Error, Result};
use crate::record::{RawColumn, RawRecords};
use crate::schema::FieldKind;
use crate::text;

/// The parts of a kind that has some.
pub(super) fn parts(kind: FieldKind) -> Option<&'static [FieldKind]> {
    match kind {
        FieldKind::FullName => Some(&NAME),
        FieldKind::Address => Some(&ADDRESS),
        _ => None,
    }
}

/// Checks a rule and its fallbacks; `parts` are those of what survives together.
pub(super) fn rule(place: &str, rule: &Rule, parts: Option<&[FieldKind]>) -> Result<()> {
    for (below, rule) in rule.all() {
        one(&format!("{place}{below}"), rule, parts)?;
    }
    Ok(())
}

fn one(place: &str, rule: &Rule, parts: Option<&[FieldKind]>) -> Result<()> {
    let at = |key: &str| format!("{place} > {key}");
    if parts.is_some() && rule.reduce.is_computed() {
        let name = rule.reduce.as_str();
        let reason = format!(
            "`{name}` is for single fields; the parts of an address survive as they were stated, and so do those of a name or a group"
        );
        return Err(Error::config(at("reduce"), reason));
    }
    if matches!(rule.reduce, Reduce::Top(0) | Reduce::Quorum(0)) {
        return Err(Error::config(at("reduce"), format!("`{}` needs at least 1", rule.reduce.as_str())));
    }
    if parts.is_some() && rule.fill == Fill::Always && rule.reduce != Reduce::PickOne {
        return Err(Error::config(at("fill"), "`always` fills the one that is picked: it needs `pick_one`"));
    }
    match parts {
        None if !rule.require.is_empty() => {
            return Err(Error::config(at("require"), "a single field has no parts"));
        }
        Some(parts) => {
            if let Some(kind) = rule.require.iter().find(|kind| !parts.contains(kind)) {
                let known: Vec<&str> = parts.iter().map(|kind| kind.as_str()).collect();
                let reason = format!("`{}` is no part ({})", kind.as_str(), known.join(", "));
                return Err(Error::config(at("require"), reason));
            }
        }
        None => {}
    }
    for step in &rule.rank {
        let Comparator::SourcePriority(sources) = step else { continue };
        if sources.is_empty() {
            return Err(Error::config(at("sources"), "the list is empty"));
        }
        let mut seen = BTreeSet::new();
        if let Some(name) = sources.iter().find(|name| !seen.insert(*name)) {
            return Err(Error::config(at("sources"), format!("`{name}` is listed twice")));
        }
    }
    if rule.nulls == Nulls::ClearedBlocksOlderAndLower
        && !rule.rank.iter().any(|step| matches!(step, Comparator::SourcePriority(_)))
    {
        let reason = "`cleared_blocks_older_and_lower` needs a list of sources in the ranking";
        return Err(Error::config(at("nulls"), reason));
    }
    if rule.on_tie != OnTie::CanonicalOrder && !matches!(rule.reduce, Reduce::PickOne | Reduce::Quorum(_)) {
        let reason = "a tie matters only where one is picked: it needs `pick_one` or `quorum`";
        return Err(Error::config(at("on_tie"), reason));
    }
    if matches!(rule.on_empty, OnEmpty::Fallback(_)) && !leaves_out(rule) {
        let reason = "the rule leaves no candidate out, so its fallback is never reached";
        return Err(Error::config(at("on_empty"), reason));
    }
    Ok(())
}

/// Whether a rule may leave a candidate out.
fn leaves_out(rule: &Rule) -> bool {
    let downgraded = |step: &Comparator| match step {
        Comparator::Trust(trust) => trust.downgrades.iter().any(|d| d.percent >= 100 && d.reserve == 0),
        _ => false,
    };
    !rule.eligible.is_empty()
        || !rule.require.is_empty()
        || rule.nulls != Nulls::Skip
        || rule.times.undated == Undated::Never
        || rule.rank.iter().any(downgraded)
}

/// Checks which fields a group has.
pub(super) fn group(place: &str, group: &Group, policy: &Policy) -> Result<()> {
    let refused = |reason: String| Err(Error::config(place, reason));
    let mut seen = BTreeSet::new();
    for &kind in &group.fields {
        let name = kind.as_str();
        if let Some(reason) = refusal(kind) {
            return refused(reason.to_owned());
        }
        if parts(kind).is_some() {
            return refused(format!("`{name}` is a group already"));
        }
        if !seen.insert(kind) {
            return refused(format!("`{name}` is listed twice"));
        }
        if let Some(other) = policy.group_of(kind) {
            return refused(format!("`{name}` survives in the group `{other}` already"));
        }
        if policy.rules().any(|(other, _)| other == kind) {
            return refused(format!("`{name}` has a rule of its own"));
        }
    }
    if !(2..=PARTS).contains(&group.fields.len()) {
        return refused(format!("a group has two to seven fields, not {}", group.fields.len()));
    }
    if policy.record().is_some() {
        return refused("whole records survive in place of all other rules".to_owned());
    }
    Ok(())
}

/// Checks a rule of whole records.
pub(super) fn record(rule: &RecordRule, policy: &Policy) -> Result<()> {
    let place = "survive > record";
    if let Some(step) = rule.rank.iter().find(|step| !step.ranks_records()) {
        let reason = format!("`{}` looks at values, not at records", step.as_str());
        return Err(Error::config(place, reason));
    }
    let as_rule = Rule::new(rule.rank.clone(), Reduce::PickOne);
    if !as_rule.follows().is_empty() {
        return Err(Error::config(place, "a whole record follows no field"));
    }
    if rule.fill == Fill::IfAgrees {
        return Err(Error::config(place, "whole records are filled `never` or `always`"));
    }
    if policy.rules().len() > 0 || policy.groups().len() > 0 {
        return Err(Error::config(place, "whole records survive in place of all other rules"));
    }
    one(place, &as_rule, None)
}

/// Checks the names of sources and functions.
pub(super) fn names(policy: &Policy, sources: &[&str]) -> Result<()> {
    let record = policy.record().map(|record| Rule::new(record.rank.clone(), Reduce::PickOne));
    let mut rules = policy.all_rules();
    rules.extend(record.iter().map(|rule| ("survive > record".to_owned(), rule)));
    let functions: Vec<&str> = policy.functions().collect();
    for (place, rule) in rules {
        let known = |key: &str, what, name: &str, known: &[&str]| {
            if known.contains(&name) {
                return Ok(());
            }
            let nearest = text::nearest(name, known.iter().copied());
            let known = known.iter().map(|&name| name.to_owned()).collect();
            Err(Error::unknown(format!("{place} > {key}"), what, name, nearest, known))
        };
        for step in &rule.rank {
            match step {
                Comparator::SourcePriority(listed) => {
                    listed.iter().try_for_each(|name| known("sources", "source", name, sources))?;
                }
                Comparator::Trust(trust) => {
                    trust.sources.keys().try_for_each(|name| known("trust", "source", name, sources))?;
                }
                Comparator::Custom(name) => known("custom", "function", name, &functions)?,
                _ => {}
            }
        }
        for condition in rule.conditions() {
            if let Predicate::FromSource(listed) = condition {
                listed.iter().try_for_each(|name| known("from_source", "source", name, sources))?;
            }
        }
    }
    Ok(())
}

/// Checks that no field follows itself, by whatever way.
pub(super) fn follows(policy: &Policy) -> Result<()> {
    // What is followed by each rule, as wholes and groups.
    let node = |kind: FieldKind| {
        let whole = whole(kind);
        policy.group_of(whole).map_or_else(|| whole.as_str().to_owned(), str::to_owned)
    };
    let kinds = policy.rules().map(|(kind, rule)| (kind.as_str().to_owned(), kind.as_str().to_owned(), rule));
    let groups =
        policy.groups().map(|(name, group)| (name.to_owned(), format!("group > {name}"), &group.rule));
    let edges: Vec<(String, String, Vec<String>)> = kinds
        .chain(groups)
        .map(|(name, place, rule)| (name, place, rule.follows().into_iter().map(node).collect()))
        .collect();
    let next = |name: &str| edges.iter().find(|edge| edge.0 == name).map_or(&[][..], |edge| &edge.2);
    for (name, place, _) in &edges {
        // Depth first; a path is never longer than there are rules.
        let mut paths = vec![vec![name.as_str()]];
        while let Some(path) = paths.pop() {
            for followed in path.last().map_or(&[][..], |last| next(last)) {
                if followed == name {
                    let cycle: Vec<String> =
                        path.iter().copied().chain([name.as_str()]).map(|name| format!("`{name}`")).collect();
                    let reason = format!("{}: a cycle", cycle.join(" follows "));
                    return Err(Error::config(format!("survive > {place}"), reason));
                }
                if !path.contains(&followed.as_str()) {
                    paths.push(path.iter().copied().chain([followed.as_str()]).collect());
                }
            }
        }
    }
    Ok(())
}

/// Checks that columns are there, and clocks where they must be.
pub(super) fn columns(policy: &Policy, records: &RawRecords) -> Result<()> {
    let names = || records.sources().iter().flat_map(|source| source.columns().iter().map(RawColumn::name));
    for (place, rule) in policy.all_rules() {
        let known = |key: &str, name: &str| {
            if names().any(|known| known == name) {
                return Ok(());
            }
            let all: BTreeSet<&str> = names().collect();
            let nearest = text::nearest(name, all.iter().copied());
            let known = all.iter().map(|&name| name.to_owned()).collect();
            Err(Error::unknown(format!("{place} > {key}"), "column", name, nearest, known))
        };
        for condition in rule.conditions() {
            if let Predicate::Column { name, .. } = condition {
                known("column", name)?;
            }
        }
        for clock in &rule.times.clocks {
            if let Clock::Column(name) = clock {
                known("clocks", name)?;
            }
        }
        if rule.times.undated != Undated::Refuse {
            continue;
        }
        for source in records.sources() {
            let has = |clock: &Clock| match clock {
                Clock::Updated => source.info().updated_at.is_some(),
                Clock::Column(name) => source.column(name).is_some(),
            };
            if !rule.times.clocks.iter().any(has) {
                let reason = format!("source `{}` has none of the clocks", source.info().name);
                return Err(Error::config(format!("{place} > undated"), reason));
            }
        }
    }
    Ok(())
}
