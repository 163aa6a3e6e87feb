//! Why there is no token, and when asking again is of use.

use crate::verdict::Trouble;
use std::time::{Duration, Instant};

/// An endpoint in trouble is asked again no sooner than this,
const PAUSE: Duration = Duration::from_secs(1);

/// nor than so many times what it took to fail: a run with an endpoint that hangs is not to wait for it again and again.
const TIMES: u32 = 4;

/// Why there is no token.
#[derive(Debug, Clone, thiserror::Error)]
#[error("no token {why}")]
pub(in crate::replay) struct Failure {
    pub(super) why: String,
    pub(super) kind: Kind,
    /// When it was asked,
    pub(super) asked: Instant,
    /// and when that had failed.
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
        self.stands_at(Instant::now(), cleans_up)
    }

    fn stands_at(&self, now: Instant, cleans_up: bool) -> bool {
        let pause = PAUSE.max(self.at.saturating_duration_since(self.asked) * TIMES);
        let passes = self.kind != Kind::Refusal && now.saturating_duration_since(self.at) >= pause;
        let last_chance = cleans_up && !self.for_clean_up;
        !passes && !last_chance
    }

    pub(in crate::replay) fn trouble(&self) -> Trouble {
        if self.kind == Kind::Busy { Trouble::AuthTokenBusy } else { Trouble::AuthToken }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::a_moment_ago(Kind::Busy, 10, 900, true)]
    #[case::a_while_ago(Kind::Busy, 10, 1_100, false)]
    #[case::a_while_ago_where_it_took_long(Kind::Away, 5_000, 15_000, true)]
    #[case::long_ago(Kind::Away, 5_000, 25_000, false)]
    #[case::for_good(Kind::Refusal, 10, 90_000, true)]
    fn a_failure_stands_for_longer_where_it_took_longer(
        #[case] kind: Kind,
        #[case] took: u64,
        #[case] ago: u64,
        #[case] stands: bool,
    ) {
        let asked = Instant::now();
        let at = asked + Duration::from_millis(took);
        let failure = Failure { why: String::new(), kind, asked, at, for_clean_up: false };
        let now = at + Duration::from_millis(ago);
        assert_eq!((failure.stands_at(now, false), failure.stands_at(now, true)), (stands, false));
        let failure = Failure { for_clean_up: true, ..failure };
        assert_eq!(failure.stands_at(now, true), stands);
    }
}
