//! Newtypes for every id, so that none can be taken for another.

use serde::{Deserialize, Serialize};

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

impl ValueId {
    /// No value: never blocks, never agrees, never disagrees.
    pub const MISSING: ValueId = ValueId(0);

    /// True for [`ValueId::MISSING`].
    pub fn is_missing(self) -> bool {
        self.0 == 0
    }
}
