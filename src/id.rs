//! Newtypes for every id, so that none can be taken for another.

use std::fmt;
use std::hash::Hasher;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use siphasher::sip128::{Hasher128, SipHasher24};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub $inner);

        impl $name {
            /// The id as an index into the arrays that it numbers.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id! {
    /// A record: its rank by (source name, key) among all records of a run.
    ///
    /// ```
    /// assert_eq!(onefold::RecordId(7).index(), 7);
    /// ```
    RecordId(u32)
}
id! {
    /// A source: its rank by name.
    ///
    /// ```
    /// assert_eq!(onefold::SourceId(0).to_string(), "0");
    /// ```
    SourceId(u16)
}
id! {
    /// A normalised field: its position in the [`Schema`](crate::schema::Schema).
    ///
    /// ```
    /// assert!(onefold::FieldId(1) < onefold::FieldId(2));
    /// ```
    FieldId(u16)
}
id! {
    /// A distinct value of one column's dictionary; [`ValueId::MISSING`] stands for no value.
    ///
    /// ```
    /// assert!(onefold::ValueId::MISSING.is_missing());
    /// ```
    ValueId(u32)
}
id! {
    /// An entity of one run's [`Partition`](crate::resolve::Partition); ids do not survive the run.
    ///
    /// ```
    /// assert_eq!(onefold::EntityId(3).index(), 3);
    /// ```
    EntityId(u32)
}

macro_rules! stable_id {
    ($(#[$doc:meta])* $name:ident, $key:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u128);

        impl $name {
            /// The id that follows from a record: `SipHash-2-4` with 128 bits (Aumasson and Bernstein, 2012) over
            /// the source's name and the record's key, each after its length, under a key of its own for this type.
            pub fn of_record(source: &str, key: &str) -> Self {
                let mut hasher = SipHasher24::new_with_key($key);
                for text in [source, key] {
                    hasher.write(&(text.len() as u64).to_le_bytes());
                    hasher.write(text.as_bytes());
                }
                $name(hasher.finish128().as_u128())
            }

            /// The id as a number.
            pub fn as_u128(self) -> u128 {
                self.0
            }
        }

        /// 26 characters of base 32 in Crockford's alphabet, the first of them 0 to 7, in the order of the numbers.
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(std::str::from_utf8(&base32(self.0)).unwrap_or_default())
            }
        }

        /// Reads the 26 characters, in either case.
        impl FromStr for $name {
            type Err = NoStableId;

            fn from_str(text: &str) -> Result<Self, NoStableId> {
                from_base32(text).map($name).ok_or(NoStableId)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

stable_id! {
    /// A customer, in every run: 128 bits, so that strangers do not meet by chance (the chance of any meeting among a
    /// billion is below 10⁻²⁰).
    ///
    /// ```
    /// use onefold::CustomerId;
    /// let id = CustomerId::of_record("crm", "4711");
    /// assert_eq!(id.to_string().len(), 26);
    /// assert_eq!(id.to_string().to_lowercase().parse(), Ok(id));
    /// assert_ne!(id, CustomerId::of_record("crm4", "711"));
    /// ```
    CustomerId, b"onefold customer"
}
stable_id! {
    /// A household, in every run.
    ///
    /// ```
    /// use onefold::{CustomerId, HouseholdId};
    /// let id = HouseholdId::of_record("crm", "4711");
    /// assert_ne!(id.as_u128(), CustomerId::of_record("crm", "4711").as_u128());
    /// ```
    HouseholdId, b"onefold househld"
}

/// A text that is no [`CustomerId`] or [`HouseholdId`].
///
/// ```
/// let error = "4711".parse::<onefold::CustomerId>().unwrap_err();
/// assert_eq!(error.to_string(), "not an id of 26 characters in base 32");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id of 26 characters in base 32")]
pub struct NoStableId;

/// Crockford's alphabet: no I, L, O and U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 26;

fn base32(id: u128) -> [u8; LENGTH] {
    std::array::from_fn(|at| ALPHABET[(id >> (5 * (LENGTH - 1 - at))) as usize % 32])
}

fn from_base32(text: &str) -> Option<u128> {
    if text.len() != LENGTH || !text.as_bytes().first().is_some_and(|first| (b'0'..=b'7').contains(first)) {
        return None;
    }
    text.bytes().try_fold(0u128, |id, byte| {
        let digit = ALPHABET.iter().position(|&letter| letter == byte.to_ascii_uppercase())?;
        Some(id << 5 | digit as u128)
    })
}

impl ValueId {
    /// No value: never blocks, never agrees, never disagrees.
    pub const MISSING: ValueId = ValueId(0);

    /// True for [`ValueId::MISSING`].
    pub fn is_missing(self) -> bool {
        self.0 == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ids_stay_the_same_for_ever() {
        // A change here gives every customer of every user a new id.
        assert_eq!(CustomerId::of_record("crm", "4711").to_string(), "2J3THB4ANNV62ATZ2NFPXVHHZ8");
        assert_eq!(HouseholdId::of_record("crm", "4711").to_string(), "0GC56TH21MKR2HCAFH2RVD30E9");
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for text in ["", "4711", "80000000000000000000000000", "0000000000000000000000000U", &"é".repeat(13)]
        {
            assert_eq!(text.parse::<CustomerId>(), Err(NoStableId), "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_text_form_keeps_number_and_order(a: u128, b: u128) {
            let (one, other) = (CustomerId(a), CustomerId(b));
            prop_assert_eq!(one.to_string().parse(), Ok(one));
            prop_assert_eq!(one.to_string().cmp(&other.to_string()), one.cmp(&other));
        }
    }
}
