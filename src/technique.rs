//! The techniques behind the match quality, each of which can be switched off to measure what it earns.

use crate::error::{Error, Result};
use crate::schema::UnknownName;
use crate::text;

macro_rules! techniques {
    ($($variant:ident $name:literal $doc:literal,)*) => {
        /// One thing that the library does for the quality of matches.
        ///
        /// ```
        /// use onefold::Technique;
        /// let technique: Technique = "term_frequency".parse().unwrap();
        /// assert_eq!(technique, Technique::TermFrequency);
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Technique {
            $(#[doc = $doc] $variant,)*
        }

        impl Technique {
            /// All of them, in the order of the stages in which they act.
            pub const ALL: &'static [Technique] = &[$(Technique::$variant,)*];

            /// The names that [`FromStr`](std::str::FromStr) accepts.
            pub const NAMES: &'static [&'static str] = &[$($name,)*];

            /// The name as the spec file spells it.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Technique::$variant => $name,)*
                }
            }
        }

        impl std::str::FromStr for Technique {
            type Err = UnknownName;

            fn from_str(name: &str) -> std::result::Result<Self, UnknownName> {
                match name {
                    $($name => Ok(Technique::$variant),)*
                    _ => Err(UnknownName),
                }
            }
        }
    };
}

techniques! {
    TypoKeys "typo_keys" "Blocking keys that two values one typing error apart share; without, keys are exact, phonetic or parts of values.",
    BlockSplitting "block_splitting" "Oversized blocks are split by further keys; without, they are dropped.",
    CrossedNames "crossed_names" "A given name that stands in the other record's surname agrees a little; without, it differs.",
    MissingIsNeutral "missing_is_neutral" "A missing value is no evidence; without, it disagrees.",
    ExpectationMaximisation "expectation_maximisation" "The agreement of matches is learned from the data; without, it is what customer data have on average.",
    HouseholdClass "household_class" "Members of a household are a class of their own among the pairs that do not match; without, they are strangers.",
    ImpliedPlaces "implied_places" "Of two places of which one lies in the other, only the narrower counts where both agree; without, both do.",
    MovedClass "moved_class" "Matches with another address are a class of their own; without, each part of an address disagrees by itself.",
    TermFrequency "term_frequency" "Agreement on a rare value weighs more than on a frequent one; without, all values weigh the same, similar ones too.",
    SimilarRarity "similar_rarity" "Two rare names that are alike weigh more than two frequent ones; without, only how alike they are counts.",
    FullNames "full_names" "A whole name that many bear weighs as much as it does; without, given name and surname are independent.",
    ValueProfiles "value_profiles" "Who uses a mail address or telephone number tells whether it is one person's; without, all are alike.",
    Correspondences "correspondences" "Which different values of a field matches hold together is learned; without, different is different.",
    AutomaticThreshold "automatic_threshold" "The threshold is where the expected F1 is highest, unless one is set; without, it is 0.5.",
    ClusterGuards "cluster_guards" "A source without duplicates and exclusive columns keep whole clusters apart; without, only pairs are looked at.",
    Leftovers "leftovers" "Records that are left between sources without duplicates have better odds; without, those of any pair.",
    ChainingGuard "chaining_guard" "Two clusters join only if the pairs across them match more often than not; without, one link is enough.",
}

/// Which techniques a run uses; all of them unless told otherwise. Switching one off serves measurement: each is there
/// because results are worse without it.
///
/// ```
/// use onefold::{Technique, Techniques};
/// let techniques = Techniques::default().without(Technique::TermFrequency);
/// assert!(techniques.has(Technique::TypoKeys) && !techniques.has(Technique::TermFrequency));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Techniques {
    /// One bit for each technique that is switched off, by its place in [`Technique::ALL`].
    off: u32,
}

impl Techniques {
    /// The same but for one technique.
    #[must_use]
    pub fn without(mut self, technique: Technique) -> Self {
        self.off |= 1 << technique as u32;
        self
    }

    /// The same but for the techniques of these names.
    ///
    /// # Errors
    /// A configuration error naming `place` and the nearest technique for a name that is none.
    ///
    /// ```
    /// use onefold::Techniques;
    /// let error = Techniques::default().without_named(["typo_key"], "--without").unwrap_err();
    /// assert!(error.to_string().starts_with("--without: unknown technique `typo_key`; did you mean `typo_keys`?"));
    /// ```
    pub fn without_named<'a>(self, names: impl IntoIterator<Item = &'a str>, place: &str) -> Result<Self> {
        names.into_iter().try_fold(self, |techniques, name| {
            let known = || Technique::NAMES.iter().copied();
            let unknown = |UnknownName| {
                let nearest = text::nearest(name, known());
                Error::unknown(place, "technique", name, nearest, known().map(str::to_owned).collect())
            };
            name.parse().map(|technique| techniques.without(technique)).map_err(unknown)
        })
    }

    /// Whether a technique is used.
    pub fn has(self, technique: Technique) -> bool {
        self.off & 1 << technique as u32 == 0
    }

    /// The techniques that are switched off.
    pub fn switched_off(self) -> impl Iterator<Item = Technique> {
        Technique::ALL.iter().copied().filter(move |&technique| !self.has(technique))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_switched_off_by_itself() {
        for &technique in Technique::ALL {
            let techniques = Techniques::default().without_named([technique.as_str()], "here").unwrap();
            assert_eq!(techniques.switched_off().collect::<Vec<_>>(), [technique]);
        }
        assert_eq!(Techniques::default().switched_off().count(), 0);
    }
}
