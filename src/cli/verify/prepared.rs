//! What stands before a run of `verify` begins.

use super::memory::Memory;
use crate::config::Config;
use crate::suite::Suite;
use crate::verdict::{KnownNote, KnownState, Written};
use crate::verify::Verifier;
use std::path::PathBuf;

/// What is known of a run before anything is sent.
pub(super) struct Told {
    /// How many warnings were told of.
    pub(super) warnings: usize,
    /// Whose credentials it sends.
    pub(super) login: String,
    /// Which contracts were meant by known failures that are for none.
    pub(super) meant: Vec<(Written, String)>,
}

/// Says of known failures that are for no contract which one was meant.
pub(in crate::cli) fn mean(meant: &[(Written, String)], notes: &mut [KnownNote]) {
    for KnownNote { known, state } in notes {
        if let KnownState::Unused(said) = state {
            *said = meant.iter().find(|(written, _)| *written == known.written).map(|(_, id)| id.clone());
        }
    }
}

/// What is verified, and how.
pub(in crate::cli) struct Prepared {
    pub(in crate::cli) config: Config,
    pub(in crate::cli) verifier: Verifier,
    pub(in crate::cli) suite: Suite,
    /// What was told of before anything is sent.
    pub(in crate::cli) warnings: Vec<String>,
    pub(super) memory: Memory,
    pub(super) here: PathBuf,
}
