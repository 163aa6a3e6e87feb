//! How a run is begun and ended with care: it waits for its target, and stops where enough has failed.

use crate::replay::Client;
use crate::verdict::{Outcome, Verdict};
use std::sync::atomic::{AtomicUsize, Ordering};
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

/// What has failed so far; flows look at it as well.
#[derive(Debug)]
pub(super) struct Failures {
    failed: AtomicUsize,
    errored: AtomicUsize,
    most: usize,
}

impl Failures {
    pub(super) fn of(care: &Care) -> Failures {
        let most = care.max_failures.unwrap_or(usize::MAX);
        Failures { failed: AtomicUsize::new(0), errored: AtomicUsize::new(0), most }
    }

    pub(super) fn note(&self, verdicts: &[Verdict]) {
        let (failed, errored) = counted(verdicts);
        self.failed.fetch_add(failed, Ordering::Relaxed);
        self.errored.fetch_add(errored, Ordering::Relaxed);
    }

    /// Whether nothing more is to be sent.
    pub(super) fn enough(&self) -> bool {
        !self.said().is_empty()
    }

    /// Why the rest was not sent; empty where it was a signal.
    pub(super) fn said(&self) -> String {
        self.said_with(&[])
    }

    /// The same with what a flow knows and has not told yet.
    pub(super) fn said_with(&self, own: &[Verdict]) -> String {
        let (failed, errored) = counted(own);
        match (failed + self.failed.load(Ordering::Relaxed), errored + self.errored.load(Ordering::Relaxed)) {
            (failed, errored) if failed + errored < self.most => String::new(),
            (failed, 0) => format!("not sent: {failed} had failed"),
            (0, errored) => format!("not sent: {errored} could not be judged"),
            (failed, errored) => format!("not sent: {failed} had failed, {errored} could not be judged"),
        }
    }
}

/// How many failed, and how many could not be judged.
fn counted(verdicts: &[Verdict]) -> (usize, usize) {
    let count = |is: fn(&Outcome) -> bool| verdicts.iter().filter(|verdict| is(&verdict.outcome)).count();
    (
        count(|outcome| matches!(outcome, Outcome::Failed)),
        count(|outcome| matches!(outcome, Outcome::Errored(..))),
    )
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
        let failures = Failures::of(&Care { max_failures: Some(most), ..Care::default() });
        let of = |outcome| Verdict::unsent(ContractId::new("a"), outcome);
        failures.note(&vec![of(Outcome::Failed); failed]);
        failures.note(&vec![of(Outcome::Errored(Trouble::Bug, String::new())); errored]);
        failures.note(&[of(Outcome::Passed)]);
        assert_eq!(failures.said(), said);
    }
}
