//! Which rule holds for which kind of field.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::rule::{Comparator, Fill, Reduce, Rule};
use crate::error::{Error, Result};
use crate::schema::FieldKind;
use crate::text;

/// A rule for each kind of field.
///
/// The parts of a person name survive together under the rule of [`FullName`](FieldKind::FullName), those of an
/// address under that of [`Address`](FieldKind::Address). Unless set otherwise:
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Policy {
    rules: BTreeMap<FieldKind, Rule>,
}

impl Policy {
    /// The names of the ready-made rules, as [`named`](Self::named) takes them.
    pub const NAMES: [&'static str; 6] =
        ["most_recent", "oldest", "most_frequent", "most_complete", "longest", "source_priority"];

    /// Sets the rule of a kind.
    ///
    /// # Errors
    /// A configuration error for a kind that does not survive by itself: a part of a name, of an address or of a date.
    pub fn with_rule(mut self, kind: FieldKind, rule: Rule) -> Result<Self> {
        if let Some(reason) = refusal(kind) {
            return Err(Error::config(format!("survive > {}", kind.as_str()), reason));
        }
        self.rules.insert(kind, rule);
        Ok(self)
    }

    /// The rule of a kind; for a part of a name, address or date, the rule of the whole.
    pub fn rule(&self, kind: FieldKind) -> Rule {
        let whole = whole(kind);
        self.rules.get(&whole).cloned().unwrap_or_else(|| default_rule(whole))
    }

    /// The rules that were set, in the order of their kinds.
    pub fn rules(&self) -> impl ExactSizeIterator<Item = (FieldKind, &Rule)> + '_ {
        self.rules.iter().map(|(&kind, rule)| (kind, rule))
    }

    /// A ready-made rule for a kind: the named step, then the steps of the kind's default; as many candidates survive
    /// as by default. `source_priority` takes the sources, the best first; the others ignore them. None for an unknown
    /// name.
    pub fn named(name: &str, kind: FieldKind, sources: &[String]) -> Option<Rule> {
        let first = match name {
            "most_recent" => Comparator::MostRecent,
            "oldest" => Comparator::Oldest,
            "most_frequent" => Comparator::MostFrequent,
            "most_complete" => Comparator::MostComplete,
            "longest" => Comparator::Longest,
            "source_priority" => Comparator::SourcePriority(sources.to_vec()),
            _ => return None,
        };
        Some(default_rule(whole(kind)).led_by(first))
    }

    /// Checks that every source in a list of priorities is one of these.
    ///
    /// # Errors
    /// A configuration error that names the kind, the unknown source and the nearest one.
    pub fn check_sources(&self, known: &[&str]) -> Result<()> {
        for (kind, rule) in &self.rules {
            let lists = rule.rank.iter().filter_map(|step| match step {
                Comparator::SourcePriority(sources) => Some(sources),
                _ => None,
            });
            if let Some(name) = lists.flatten().find(|name| !known.contains(&name.as_str())) {
                let place = format!("survive > {} > sources", kind.as_str());
                let nearest = text::nearest(name, known.iter().copied());
                let known = known.iter().map(|&name| name.to_owned()).collect();
                return Err(Error::unknown(place, "source", name, nearest, known));
            }
        }
        Ok(())
    }
}

/// Why a kind cannot have a rule of its own.
pub(crate) fn refusal(kind: FieldKind) -> Option<&'static str> {
    use FieldKind as K;
    match whole(kind) {
        K::Ignore => Some("the kind `ignore` holds no value"),
        whole if whole == kind => None,
        K::FullName => Some("the parts of a name survive together: use `full_name`"),
        K::Address => Some("the parts of an address survive together: use `address`"),
        K::BirthDate => Some("the parts of a date survive together: use `birth_date`"),
        _ => Some("a prefix says only the gender: use `gender`"),
    }
}

/// The kind under whose rule a kind survives.
fn whole(kind: FieldKind) -> FieldKind {
    use FieldKind as K;
    match kind {
        part if part.is_name_part() => K::FullName,
        part if part.is_address_part() => K::Address,
        K::BirthYear | K::BirthMonth | K::BirthDay => K::BirthDate,
        K::NamePrefix => K::Gender,
        other => other,
    }
}

fn default_rule(whole: FieldKind) -> Rule {
    use Comparator as C;
    use FieldKind as K;
    match whole {
        K::FullName => {
            let rank = [C::FullForm, C::MostFrequent, C::MostComplete, C::Spelling, C::MostRecent];
            Rule::new(rank, Reduce::PickOne)
        }
        K::Address => Rule::new([C::MostFrequent, C::MostRecent, C::MostComplete], Reduce::UnionDistinct)
            .with_fill(Fill::IfAgrees),
        K::Email | K::Phone | K::NationalId | K::TaxId | K::Iban | K::LoyaltyId => {
            Rule::new([C::MostFrequent, C::MostRecent], Reduce::UnionDistinct)
        }
        K::BirthDate => {
            Rule::new([C::FullForm, C::MostFrequent, C::MostComplete, C::MostRecent], Reduce::PickOne)
        }
        K::Gender | K::OrgName => Rule::new([C::MostFrequent, C::Spelling, C::MostRecent], Reduce::PickOne),
        _ => Rule::new([C::MostRecent, C::MostFrequent], Reduce::PickOne),
    }
}

#[cfg(test)]
mod tests {
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
    fn named_rules_lead_the_default_steps() {
        let steps = |name| Policy::named(name, FieldKind::Email, &["erp".to_owned()]).unwrap().rank;
        assert_eq!(steps("most_recent"), [Comparator::MostRecent, Comparator::MostFrequent]);
        let priority = Comparator::SourcePriority(vec!["erp".to_owned()]);
        assert_eq!(steps("source_priority"), [priority, Comparator::MostFrequent, Comparator::MostRecent]);
        assert!(Policy::NAMES.iter().all(|name| Policy::named(name, FieldKind::Email, &[]).is_some()));
        assert_eq!(Policy::named("most_recnt", FieldKind::Email, &[]), None);
    }

    #[test]
    fn an_unknown_source_is_named() {
        let rule = Policy::named("source_priority", FieldKind::Email, &["epr".to_owned()]).unwrap();
        let policy = Policy::default().with_rule(FieldKind::Email, rule).unwrap();
        let error = policy.check_sources(&["crm", "erp"]).unwrap_err().to_string();
        assert_eq!(
            error,
            "survive > email > sources: unknown source `epr`; did you mean `erp`? (known: crm, erp)"
        );
        assert!(policy.check_sources(&["epr"]).is_ok());
    }

    #[test]
    fn a_policy_is_data() {
        let rule = Policy::named("oldest", FieldKind::Address, &[]).unwrap();
        let policy = Policy::default().with_rule(FieldKind::Address, rule).unwrap();
        let text = serde_json::to_string(&policy).unwrap();
        assert_eq!(serde_json::from_str::<Policy>(&text).unwrap(), policy);
        assert!(text.contains("oldest"), "{text}");
    }
}
