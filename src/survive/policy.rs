//! Which rule holds for which kind of field.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::check;
use super::comparator::Comparator;
use super::function::{CandidateView, Functions};
use super::ready::{default_rule, whole};
use super::rule::{Fill, Rule};
use crate::error::{Error, Result};
use crate::schema::FieldKind;

/// A rule for each kind of field.
///
/// The parts of a person name survive together under the rule of [`FullName`](FieldKind::FullName), those of an
/// address under that of [`Address`](FieldKind::Address), and those of a [group](Policy::with_group) under its own. Unless
/// set otherwise:
///
/// | kind | survives | ranked by |
/// |---|---|---|
/// | `full_name` | one | full form, most frequent, most complete, spelling, most recent |
/// | `address` | all, blanks filled if records agree | most frequent, most recent, most complete |
/// | `email`, `phone` | all | most frequent, most recent |
/// | `national_id`, `tax_id`, `iban`, `loyalty_id` | all | most frequent, most recent |
/// | `birth_date` | one | full form, most frequent, most complete, most recent |
/// | `gender`, `org_name` | one | most frequent, spelling, most recent |
/// | other kinds | one | most recent, most frequent |
///
/// ```
/// use onefold::FieldKind;
/// use onefold::survive::{Comparator, Policy, Reduce, Rule};
/// let policy = Policy::default().with_rule(FieldKind::Phone, Rule::new([Comparator::MostRecent], Reduce::PickOne))?;
/// assert_eq!(policy.rule(FieldKind::Phone).reduce, Reduce::PickOne);
/// assert_eq!(policy.rule(FieldKind::City), policy.rule(FieldKind::Address));
///
/// let rule = policy.rule(FieldKind::Address);
/// let error = policy.with_rule(FieldKind::City, rule).unwrap_err();
/// assert_eq!(error.to_string(), "survive > city: the parts of an address survive together: use `address`");
/// # Ok::<(), onefold::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    #[serde(default)]
    rules: BTreeMap<FieldKind, Rule>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    groups: BTreeMap<String, Group>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    record: Option<RecordRule>,
    #[serde(skip)]
    functions: Functions,
}

/// Fields that survive together, from one record.
///
/// ```
/// use onefold::FieldKind;
/// use onefold::survive::{Comparator, Group, Reduce, Rule};
/// let rule = Rule::new([Comparator::MostRecent], Reduce::PickOne).with_require([FieldKind::TaxId]);
/// let group = Group { fields: vec![FieldKind::OrgName, FieldKind::TaxId], rule };
/// assert_eq!(group.fields.len(), 2);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// The kinds, two to seven; of a kind with several fields, the first.
    pub fields: Vec<FieldKind>,
    /// How the group survives.
    pub rule: Rule,
}

/// How a whole record survives: the best record gives every field.
///
/// ```
/// use onefold::survive::{Comparator, Fill, RecordRule};
/// let rule = RecordRule { rank: vec![Comparator::MostComplete, Comparator::MostRecent], fill: Fill::Always };
/// assert_eq!(rule.fill, Fill::Always);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordRule {
    /// The steps by which records are ranked; only steps that look at records and not at values.
    pub rank: Vec<Comparator>,
    /// [`Never`](Fill::Never): what the best record does not state stays blank. [`Always`](Fill::Always): the next record
    /// that states it gives it.
    #[serde(default)]
    pub fill: Fill,
}

impl Policy {
    /// Sets the rule of a kind.
    ///
    /// # Errors
    /// A configuration error for a kind that does not survive by itself (a part of a name, an address, a date or a
    /// group), and for a rule that contradicts itself or that can never decide anything.
    pub fn with_rule(mut self, kind: FieldKind, rule: Rule) -> Result<Self> {
        let place = format!("survive > {}", kind.as_str());
        if let Some(reason) = super::refusal(kind) {
            return Err(Error::config(place, reason));
        }
        if let Some(name) = self.group_of(kind) {
            return Err(Error::config(place, format!("the kind survives in the group `{name}`")));
        }
        check::rule(&place, &rule, check::parts(kind))?;
        self.rules.insert(kind, rule);
        Ok(self)
    }

    /// Adds fields that survive together, such as an employer and its tax number.
    ///
    /// ```
    /// use onefold::FieldKind::{OrgName, TaxId, Url};
    /// use onefold::survive::{Comparator, Policy, Reduce, Rule};
    /// let newest = Rule::new([Comparator::MostRecent], Reduce::PickOne);
    /// let policy = Policy::default().with_group("employer", [OrgName, TaxId], newest.clone())?;
    /// let error = policy.with_group("site", [Url, TaxId], newest).unwrap_err();
    /// assert_eq!(error.to_string(), "survive > group > site: `tax_id` survives in the group `employer` already");
    /// # Ok::<(), onefold::Error>(())
    /// ```
    ///
    /// # Errors
    /// A configuration error for a kind that survives elsewhere, for fewer than two kinds or more than seven, and for a
    /// rule as [`with_rule`](Self::with_rule).
    pub fn with_group(
        mut self,
        name: &str,
        fields: impl IntoIterator<Item = FieldKind>,
        rule: Rule,
    ) -> Result<Self> {
        let group = Group { fields: fields.into_iter().collect(), rule };
        let place = format!("survive > group > {name}");
        check::group(&place, &group, &self)?;
        check::rule(&place, &group.rule, Some(&group.fields))?;
        self.groups.insert(name.to_owned(), group);
        Ok(self)
    }

    /// Lets the best record give every field, in place of all other rules; it cannot stand beside rules or groups.
    ///
    /// # Errors
    /// A configuration error beside rules or groups, and for steps that look at values.
    pub fn with_record(mut self, rule: RecordRule) -> Result<Self> {
        check::record(&rule, &self)?;
        self.record = Some(rule);
        Ok(self)
    }

    /// Adds a function that scores candidates, for [`Comparator::Custom`]. It must depend on nothing but its argument.
    ///
    /// ```
    /// use onefold::survive::{CandidateView, Policy};
    /// let policy = Policy::default().with_function("business", |candidate: &CandidateView<'_>| {
    ///     i64::from(candidate.texts.iter().any(|text| text.ends_with("@corp.example.org")))
    /// });
    /// assert_eq!(policy.functions().collect::<Vec<_>>(), ["business"]);
    /// ```
    #[must_use]
    pub fn with_function(
        mut self,
        name: &str,
        function: impl Fn(&CandidateView<'_>) -> i64 + Send + Sync + 'static,
    ) -> Self {
        self.functions.insert(name, function);
        self
    }

    /// The rule of a kind; for a part of a name, address, date or group, the rule of the whole.
    pub fn rule(&self, kind: FieldKind) -> Rule {
        let whole = whole(kind);
        let group = self.groups.values().find(|group| group.fields.contains(&whole));
        let own = self.rules.get(&whole).or(group.map(|group| &group.rule));
        own.cloned().unwrap_or_else(|| default_rule(whole))
    }

    /// The rules that were set, in the order of their kinds.
    pub fn rules(&self) -> impl ExactSizeIterator<Item = (FieldKind, &Rule)> + '_ {
        self.rules.iter().map(|(&kind, rule)| (kind, rule))
    }

    /// The groups that were added, by name.
    pub fn groups(&self) -> impl ExactSizeIterator<Item = (&str, &Group)> + '_ {
        self.groups.iter().map(|(name, group)| (name.as_str(), group))
    }

    /// The rule of whole records, if records survive whole.
    pub fn record(&self) -> Option<&RecordRule> {
        self.record.as_ref()
    }

    /// The names of the functions.
    pub fn functions(&self) -> impl Iterator<Item = &str> + '_ {
        self.functions.names()
    }

    /// Whether any rule looks at links.
    pub(crate) fn looks_at_links(&self) -> bool {
        let looks = |rank: &[Comparator]| rank.contains(&Comparator::LinkStrength);
        self.all_rules().iter().any(|(_, rule)| looks(&rule.rank))
            || self.record.as_ref().is_some_and(|record| looks(&record.rank))
    }

    /// Sets a rule that needs no check.
    pub(super) fn with_ready(mut self, (kind, rule): (FieldKind, Rule)) -> Self {
        self.rules.insert(kind, rule);
        self
    }

    pub(super) fn function_table(&self) -> &Functions {
        &self.functions
    }

    pub(super) fn group_of(&self, kind: FieldKind) -> Option<&str> {
        let mut groups = self.groups.iter();
        groups.find(|(_, group)| group.fields.contains(&kind)).map(|(name, _)| name.as_str())
    }

    /// All rules with their places: those of kinds, of groups, and their fallbacks.
    pub(super) fn all_rules(&self) -> Vec<(String, &Rule)> {
        let kinds = self.rules.iter().map(|(kind, rule)| (format!("survive > {}", kind.as_str()), rule));
        let groups =
            self.groups.iter().map(|(name, group)| (format!("survive > group > {name}"), &group.rule));
        kinds.chain(groups).flat_map(with_fallbacks).collect()
    }

    /// Checks what a single rule cannot know: that every source that a rule names is one of these, that functions are
    /// there, and that no field follows itself.
    ///
    /// # Errors
    /// A configuration error that names the place, what is wrong there, and the nearest valid name.
    pub fn check(&self, sources: &[&str]) -> Result<()> {
        check::names(self, sources)?;
        check::follows(self)
    }

    /// Checks what only the records can tell: that columns which rules name exist in some source, and that no source
    /// without a clock stands under a rule that [refuses](super::Undated::Refuse) it.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub fn check_records(&self, records: &crate::record::RawRecords) -> Result<()> {
        check::columns(self, records)
    }
}

/// A rule and its fallbacks, each with its place.
fn with_fallbacks((place, rule): (String, &Rule)) -> Vec<(String, &Rule)> {
    rule.all().into_iter().map(|(below, rule)| (format!("{place}{below}"), rule)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Predicate, Reduce, Trust, TrustCurve};
    use super::*;

    #[test]
    fn every_kind_has_a_rule_or_a_reason() {
        for &kind in FieldKind::ALL {
            let policy = Policy::default();
            let rule = policy.rule(kind);
            assert!(!rule.rank.is_empty(), "{kind:?}");
            match policy.with_rule(kind, rule) {
                Ok(policy) => assert_eq!(policy.rules().len(), 1),
                Err(error) => assert!(error.is_config() && error.to_string().contains('`'), "{error}"),
            }
        }
    }

    #[test]
    fn an_unknown_source_is_named() {
        let rule = Policy::named("source_priority", FieldKind::Email, &["epr".to_owned()]).unwrap();
        let policy = Policy::default().with_rule(FieldKind::Email, rule).unwrap();
        let error = policy.check(&["crm", "erp"]).unwrap_err().to_string();
        assert_eq!(
            error,
            "survive > email > sources: unknown source `epr`; did you mean `erp`? (known: crm, erp)"
        );
        assert!(policy.check(&["epr"]).is_ok());
    }

    #[test]
    #[allow(clippy::too_many_lines, reason = "a table of cases")]
    fn what_contradicts_itself_is_named() {
        use FieldKind as K;
        let pick = |rank: Vec<Comparator>| Rule::new(rank, Reduce::PickOne);
        let newest = || pick(vec![Comparator::MostRecent]);
        let follows = |kind| newest().with_eligible(Predicate::Not(Box::new(Predicate::Follows(kind))));
        let rule = |kind, rule| Policy::default().with_rule(kind, rule);
        let cases: Vec<(Result<Policy>, &str)> = vec![
            (
                rule(K::Address, newest().with_reduce(Reduce::Sum)),
                "survive > address > reduce: `sum` is for single fields; the parts of an address survive as they were stated",
            ),
            (
                rule(K::Email, newest().with_reduce(Reduce::Quorum(0))),
                "survive > email > reduce: `quorum` needs at least 1",
            ),
            (
                rule(K::Address, newest().with_reduce(Reduce::UnionDistinct).with_fill(Fill::Always)),
                "survive > address > fill: `always` fills the one that is picked: it needs `pick_one`",
            ),
            (
                rule(K::Email, newest().with_require([K::Phone])),
                "survive > email > require: a single field has no parts",
            ),
            (
                rule(K::Address, newest().with_require([K::Phone])),
                "survive > address > require: `phone` is no part (street, house_number,",
            ),
            (
                rule(K::Email, pick(vec![Comparator::SourcePriority(vec![])])),
                "survive > email > sources: the list is empty",
            ),
            (
                rule(K::Email, pick(vec![Comparator::SourcePriority(vec!["a".into(), "a".into()])])),
                "survive > email > sources: `a` is listed twice",
            ),
            (
                rule(K::Email, newest().with_on_empty(super::super::OnEmpty::Fallback(Box::new(newest())))),
                "survive > email > on_empty: the rule leaves no candidate out, so its fallback is never reached",
            ),
            (
                rule(
                    K::Email,
                    newest().with_reduce(Reduce::Unanimous).with_on_tie(super::super::OnTie::Report),
                ),
                "survive > email > on_tie: a tie matters only where one is picked",
            ),
            (
                Policy::default().with_group("g", [K::Email], newest()),
                "survive > group > g: a group has two to seven fields, not 1",
            ),
            (
                Policy::default().with_group("g", [K::Email, K::City], newest()),
                "survive > group > g: the parts of an address survive together: use `address`",
            ),
            (
                Policy::default().with_group("g", [K::Email, K::Address], newest()),
                "survive > group > g: `address` is a group already",
            ),
            (
                rule(K::Email, newest()).and_then(|p| p.with_group("g", [K::Email, K::Phone], newest())),
                "survive > group > g: `email` has a rule of its own",
            ),
            (
                Policy::default()
                    .with_record(RecordRule { rank: vec![Comparator::Longest], fill: Fill::Never }),
                "survive > record: `longest` looks at values, not at records",
            ),
            (
                rule(K::Email, newest()).and_then(|p| {
                    p.with_record(RecordRule { rank: vec![Comparator::MostRecent], fill: Fill::Never })
                }),
                "survive > record: whole records survive in place of all other rules",
            ),
        ];
        for (result, expected) in cases {
            let message = result.map(|_| ()).unwrap_err().to_string();
            assert!(message.starts_with(expected), "{message}\nexpected {expected}");
        }
        let checks: Vec<(Policy, &str)> = vec![
            (
                rule(K::Email, follows(K::Phone))
                    .and_then(|p| p.with_rule(K::Phone, follows(K::Email)))
                    .unwrap(),
                "survive > email: `email` follows `phone` follows `email`: a cycle",
            ),
            (rule(K::Email, follows(K::Email)).unwrap(), "survive > email: `email` follows `email`: a cycle"),
            (
                rule(K::Email, pick(vec![Comparator::Custom("scor".into())]))
                    .unwrap()
                    .with_function("score", |_: &CandidateView<'_>| 0),
                "survive > email > custom: unknown function `scor`; did you mean `score`? (known: score)",
            ),
            (
                rule(
                    K::Email,
                    pick(vec![Comparator::Trust(
                        Trust::default().with_source("epr", TrustCurve::flat(50).unwrap()),
                    )]),
                )
                .unwrap(),
                "survive > email > trust: unknown source `epr`; did you mean `erp`? (known: crm, erp)",
            ),
            (
                rule(K::Email, newest().with_eligible(Predicate::FromSource(vec!["cm".into()]))).unwrap(),
                "survive > email > from_source: unknown source `cm`; did you mean `crm`? (known: crm, erp)",
            ),
        ];
        for (policy, expected) in checks {
            let message = policy.check(&["crm", "erp"]).unwrap_err().to_string();
            assert_eq!(message, expected);
        }
    }

    #[test]
    fn a_policy_is_data() {
        let rule = Policy::named("oldest", FieldKind::Address, &[]).unwrap();
        let policy = Policy::default().with_rule(FieldKind::Address, rule).unwrap();
        let text = serde_json::to_string(&policy).unwrap();
        assert_eq!(serde_json::from_str::<Policy>(&text).unwrap(), policy);
        assert!(text.contains("oldest"), "{text}");
        assert!(serde_json::from_str::<Policy>(&text.replace("rules", "ruels")).is_err());
    }
}
