//! Findings: what is wrong with the docs, where, and what to do about it.

use crate::source::Location;
use std::fmt;

/// One thing wrong with a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which kind of thing.
    pub code: Code,
    /// Where it stands.
    pub location: Location,
    /// What distinguishes this one from others of its kind: a name, a text, a reason; may be empty.
    pub detail: String,
}
