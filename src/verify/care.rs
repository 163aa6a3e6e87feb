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
    failed: usize,
    errored: usize,
    most: usize,
}

impl Failures {
    pub(super) fn of(care: &Care) -> Failures {
        Failures { failed: 0, errored: 0, most: care.max_failures.unwrap_or(usize::MAX) }
    }

    pub(super) fn note(&mut self, verdicts: &[Verdict]) {
        for verdict in verdicts {
            match verdict.outcome {
                Outcome::Failed => self.failed += 1,
                Outcome::Errored(..) => self.errored += 1,
                Outcome::Passed | Outcome::Skipped(..) => {}
            }
        }
    }

    /// Whether nothing more is to be sent.
    pub(super) fn enough(&self) -> bool {
        self.failed + self.errored >= self.most
    }

    /// Why the rest was not sent; empty where it was a signal.
    pub(super) fn said(&self) -> String {
        match (self.failed, self.errored) {
            _ if !self.enough() => String::new(),
            (failed, 0) => format!("not sent: {failed} had failed"),
            (0, errored) => format!("not sent: {errored} could not be judged"),
            (failed, errored) => format!("not sent: {failed} had failed, {errored} could not be judged"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::ContractId;
    use crate::verdict::Trouble;
    use rstest::rstest;

    #[rstest]
    #[case(4, 0, 0, "")]
    #[case(1, 1, 0, "not sent: 1 had failed")]
    #[case(1, 0, 2, "not sent: 2 could not be judged")]
    #[case(1, 1, 2, "not sent: 1 had failed, 2 could not be judged")]
    fn what_failed_and_what_was_not_judged_are_two_things(
        #[case] most: usize,
        #[case] failed: usize,
        #[case] errored: usize,
        #[case] said: &str,
    ) {
        let mut failures = Failures::of(&Care { max_failures: Some(most), ..Care::default() });
        let of = |outcome| Verdict::unsent(ContractId::new("a"), outcome);
        failures.note(&vec![of(Outcome::Failed); failed]);
        failures.note(&vec![of(Outcome::Errored(Trouble::Bug, String::new())); errored]);
        failures.note(&[of(Outcome::Passed)]);
        assert_eq!(failures.said(), said);
    }
}
