//! Sets of JSON types.

use crate::json::Kind;

/// A set of JSON types.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Kinds(u8);

impl Kinds {
    pub(super) fn insert(&mut self, kind: Kind) {
        self.0 |= 1 << kind as u8;
    }

    #[inline]
    pub(super) fn contains(self, kind: Kind) -> bool {
        self.0 & (1 << kind as u8) != 0
    }
}
