//! Why there is no token, and when asking again is of use.

use crate::verdict::Trouble;
use std::time::{Duration, Instant};

/// An endpoint in trouble is asked again no sooner than this.
const PAUSE: Duration = Duration::from_secs(1);

/// Why there is no token.
#[derive(Debug, Clone, thiserror::Error)]
#[error("no token {why}")]
pub(in crate::replay) struct Failure {
    pub(super) why: String,
    pub(super) kind: Kind,
    pub(super) at: Instant,
    /// It was asked for what cleans up.
    pub(super) for_clean_up: bool,
}

/// Whether asking again is of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It was reached, and is in trouble or limits the rate.
    Busy,
    /// It was not reached, or broke off.
    Away,
    /// Once is enough: what was refused to one contract would be refused to the next.
    Refusal,
}

impl Failure {
    /// Whether it is not asked again: not for a while where its trouble may pass, and not at all where it refuses; but
    /// once for what cleans up.
    pub(super) fn stands(&self, cleans_up: bool) -> bool {
        let passes = self.kind != Kind::Refusal && self.at.elapsed() >= PAUSE;
        let last_chance = cleans_up && !self.for_clean_up;
        !passes && !last_chance
    }

    pub(in crate::replay) fn trouble(&self) -> Trouble {
        if self.kind == Kind::Busy { Trouble::AuthTokenBusy } else { Trouble::AuthToken }
    }
}
