//! What levels say, in bits.

use std::ops::{Add, Sub};

/// What levels say in bits, against strangers: for a match, and for a related pair.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Evidence {
    pub(super) matches: f64,
    /// For a match of which one record has another address.
    pub(super) moved: f64,
    pub(super) related: f64,
}

impl Evidence {
    /// Bits for a match that has the same address, against strangers.
    pub(crate) fn against_strangers(self) -> f64 {
        self.matches
    }

    /// Bits for a related pair, against strangers.
    pub(crate) fn of_relatives(self) -> f64 {
        self.related
    }
}

impl Add for Evidence {
    type Output = Evidence;

    fn add(self, other: Evidence) -> Evidence {
        Evidence {
            matches: self.matches + other.matches,
            moved: self.moved + other.moved,
            related: self.related + other.related,
        }
    }
}

impl Sub for Evidence {
    type Output = Evidence;

    fn sub(self, other: Evidence) -> Evidence {
        Evidence {
            matches: self.matches - other.matches,
            moved: self.moved - other.moved,
            related: self.related - other.related,
        }
    }
}
