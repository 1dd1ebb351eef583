//! Ready-made rules, and the one that each kind has by default.

use super::comparator::Comparator;
use super::policy::Policy;
use super::reduce::Reduce;
use super::rule::{Fill, Rule};
use super::trust::Trust;
use crate::schema::FieldKind;

impl Policy {
    /// The names of the ready-made rules, as [`named`](Self::named) takes them.
    pub const NAMES: [&'static str; 6] =
        ["most_recent", "oldest", "most_frequent", "most_complete", "longest", "source_priority"];

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

    /// The latest record wins, in every kind.
    ///
    /// ```
    /// use onefold::survive::{Comparator, Policy};
    /// let policy = Policy::most_recent();
    /// assert!(policy.rules().all(|(_, rule)| rule.rank[0] == Comparator::MostRecent));
    /// ```
    pub fn most_recent() -> Self {
        Policy::led_by(&Comparator::MostRecent)
    }

    /// The first of these sources that states something wins, in every kind.
    ///
    /// ```
    /// use onefold::survive::Policy;
    /// assert!(Policy::source_priority(["erp", "crm"]).check(&["crm", "erp", "shop"]).is_ok());
    /// assert!(Policy::source_priority(["epr"]).check(&["erp"]).is_err());
    /// ```
    pub fn source_priority<S: Into<String>>(sources: impl IntoIterator<Item = S>) -> Self {
        Policy::led_by(&Comparator::SourcePriority(sources.into_iter().map(Into::into).collect()))
    }

    /// What most sources state wins, in every kind.
    pub fn most_frequent() -> Self {
        Policy::led_by(&Comparator::MostFrequent)
    }

    /// What says most wins, in every kind.
    pub fn most_complete() -> Self {
        Policy::led_by(&Comparator::MostComplete)
    }

    /// What is trusted most wins, in every kind.
    ///
    /// ```
    /// use onefold::survive::{Decay, Policy, Trust, TrustCurve};
    /// let trust = Trust::default()
    ///     .with_source("crm", TrustCurve::new(90, 30, 730, Decay::Linear)?)
    ///     .with_source("erp", TrustCurve::flat(55)?);
    /// assert!(Policy::trust(trust).check(&["crm", "erp"]).is_ok());
    /// # Ok::<(), onefold::Error>(())
    /// ```
    pub fn trust(trust: Trust) -> Self {
        Policy::led_by(&Comparator::Trust(trust))
    }

    /// The default rule of every kind behind this step.
    fn led_by(first: &Comparator) -> Self {
        let wholes = FieldKind::ALL.iter().filter(|&&kind| super::refusal(kind).is_none());
        let rules = wholes.map(|&kind| (kind, default_rule(kind).led_by(first.clone())));
        rules.fold(Policy::default(), Policy::with_ready)
    }
}

impl Trust {
    /// Sets the trust of a source.
    #[must_use]
    pub fn with_source(mut self, source: &str, curve: super::TrustCurve) -> Self {
        self.sources.insert(source.to_owned(), curve);
        self
    }

    /// Adds a downgrade, which acts after those added before.
    #[must_use]
    pub fn with_downgrade(mut self, downgrade: super::Downgrade) -> Self {
        self.downgrades.push(downgrade);
        self
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
pub(super) fn whole(kind: FieldKind) -> FieldKind {
    use FieldKind as K;
    match kind {
        part if part.is_name_part() => K::FullName,
        part if part.is_address_part() => K::Address,
        K::BirthYear | K::BirthMonth | K::BirthDay => K::BirthDate,
        K::NamePrefix => K::Gender,
        other => other,
    }
}

pub(super) fn default_rule(whole: FieldKind) -> Rule {
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
    fn named_rules_lead_the_default_steps() {
        let steps = |name| Policy::named(name, FieldKind::Email, &["erp".to_owned()]).unwrap().rank;
        assert_eq!(steps("most_recent"), [Comparator::MostRecent, Comparator::MostFrequent]);
        let priority = Comparator::SourcePriority(vec!["erp".to_owned()]);
        assert_eq!(steps("source_priority"), [priority, Comparator::MostFrequent, Comparator::MostRecent]);
        assert!(Policy::NAMES.iter().all(|name| Policy::named(name, FieldKind::Email, &[]).is_some()));
        assert_eq!(Policy::named("most_recnt", FieldKind::Email, &[]), None);
    }
}
