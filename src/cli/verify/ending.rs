//! How a run of `verify` ends: its exit code.

use super::{Signal, Verify};
use crate::cli::Exit;
use crate::verdict::{Outcome, Report, SkipReason, Trouble, Verdict};

impl Verify {
    /// The gravest of all that happened.
    pub(super) fn exit(
        &self,
        report: &Report,
        interrupted: Option<Signal>,
        unreadable: usize,
        written: Result<(), ()>,
    ) -> Exit {
        let summary = report.summary();
        // A known failure was compared, though it does not count.
        let known = |verdict: &Verdict| matches!(verdict.outcome, Outcome::Skipped(SkipReason::Known, _));
        let nothing = summary.passed + summary.failed == 0 && !report.verdicts.iter().any(known);
        let bug = |verdict: &Verdict| matches!(verdict.outcome, Outcome::Errored(Trouble::Bug, _));
        let mut ends = vec![Exit::Passed];
        ends.extend(report.verdicts.iter().any(bug).then_some(Exit::Bug));
        ends.extend(interrupted.map(|signal| match signal {
            Signal::Interrupt => Exit::Interrupted,
            Signal::Terminate => Exit::Terminated,
        }));
        ends.extend((summary.failed > 0).then_some(Exit::Mismatch));
        ends.extend((summary.errored > 0 || unreadable > 0).then_some(Exit::Unjudged));
        ends.extend(written.is_err().then_some(Exit::Unwritten));
        ends.extend((nothing && !self.allow_empty).then_some(Exit::Nothing));
        ends.into_iter().min().unwrap_or(Exit::Bug)
    }
}
