//! How a run is begun and ended with care: it waits for its target, and stops where enough has failed.

use crate::replay::Client;
use crate::verdict::{Outcome, Verdict};
use std::time::Duration;

/// How long a target is waited for, and how much may fail.
#[derive(Debug, Clone, Default)]
pub(super) struct Care {
    /// How long the target is given to answer at all, before anything is sent.
    pub(super) wait: Option<Duration>,
    /// After so many contracts that failed or could not be judged the rest is not sent.
    pub(super) max_failures: Option<usize>,
}

impl Care {
    /// Waits for the target; why it is not there.
    pub(super) async fn wait(&self, client: &Client) -> Option<String> {
        let limit = self.wait?;
        client.wait(limit).await.err().map(|broken| broken.message)
    }
}

/// What has failed so far.
#[derive(Debug)]
pub(super) struct Failures {
    count: usize,
    most: usize,
}

impl Failures {
    pub(super) fn of(care: &Care) -> Failures {
        Failures { count: 0, most: care.max_failures.unwrap_or(usize::MAX) }
    }

    pub(super) fn note(&mut self, verdicts: &[Verdict]) {
        let failed = |verdict: &&Verdict| matches!(verdict.outcome, Outcome::Failed | Outcome::Errored(..));
        self.count += verdicts.iter().filter(failed).count();
    }

    /// Whether nothing more is to be sent.
    pub(super) fn enough(&self) -> bool {
        self.count >= self.most
    }

    /// Why the rest was not sent; empty where it was a signal.
    pub(super) fn said(&self) -> String {
        if self.enough() { format!("not sent: {} had failed", self.count) } else { String::new() }
    }
}
