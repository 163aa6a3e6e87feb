//! How a run is begun and ended with care: it waits for its target, and stops where enough has failed.

use crate::contract::ContractId;
use crate::replay::{Client, Ending};
use crate::verdict::{Outcome, Verdict};
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

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

/// What has failed so far, and whether the run is to end; flows look at it as well.
#[derive(Debug)]
pub(super) struct Failures {
    counted: Mutex<Counted>,
    most: Option<usize>,
    end: watch::Sender<Ending>,
}

#[derive(Debug, Default)]
struct Counted {
    failed: BTreeSet<ContractId>,
    errored: BTreeSet<ContractId>,
}

impl Failures {
    pub(super) fn of(care: &Care) -> Failures {
        Failures {
            counted: Mutex::default(),
            most: care.max_failures,
            end: watch::Sender::new(Ending::NotYet),
        }
    }

    /// Counts them, each once, and has the run end where that is enough.
    pub(super) fn note<'v>(&self, verdicts: impl IntoIterator<Item = &'v Verdict>) {
        if self.most.is_none() {
            return;
        }
        {
            let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
            for Verdict { id, outcome, .. } in verdicts {
                match outcome {
                    Outcome::Failed => counted.failed.insert(id.clone()),
                    Outcome::Errored(..) => counted.errored.insert(id.clone()),
                    Outcome::Passed | Outcome::Skipped(..) => false,
                };
            }
        }
        if self.enough() {
            self.end.send_if_modified(|end| {
                let is_first = *end == Ending::NotYet;
                *end = (*end).max(Ending::Enough);
                is_first
            });
        }
    }

    /// A signal has come.
    pub(super) fn interrupt(&self) {
        self.end.send_replace(Ending::Now);
    }

    /// Who is told that the run is to end.
    pub(super) fn end(&self) -> watch::Receiver<Ending> {
        self.end.subscribe()
    }

    /// Whether nothing more is to be sent.
    pub(super) fn is_to_end(&self) -> bool {
        *self.end.borrow() > Ending::NotYet
    }

    /// Whether that is for what failed.
    pub(super) fn enough(&self) -> bool {
        !self.said().is_empty()
    }

    /// Why the rest was not sent; empty where it was a signal.
    pub(super) fn said(&self) -> String {
        let counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        match (counted.failed.len(), counted.errored.len()) {
            (failed, errored) if self.most.is_none_or(|most| failed + errored < most) => String::new(),
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
        let failures = Failures::of(&Care { max_failures: Some(most), ..Care::default() });
        let of = |name: String, outcome| Verdict::unsent(ContractId::new(name), outcome);
        let failed: Vec<_> = (0..failed).map(|it| of(format!("f{it}"), Outcome::Failed)).collect();
        let errored =
            (0..errored).map(|it| of(format!("e{it}"), Outcome::Errored(Trouble::Bug, String::new())));
        failures.note(&failed);
        failures.note(&errored.collect::<Vec<_>>());
        failures.note(&[of("p".to_owned(), Outcome::Passed)]);
        assert_eq!(failures.said(), said);
        // Each counts once, whoever tells of it again.
        failures.note(&failed);
        assert_eq!((failures.said().as_str(), failures.is_to_end()), (said, !said.is_empty()));
    }
}
