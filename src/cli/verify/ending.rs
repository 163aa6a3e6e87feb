//! How a run of `verify` ends: its exit code.

use super::Verify;
use super::signals::Signal;
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

#[cfg(test)]
mod tests {
    use crate::cli::{Console, Exit, Shell, run};
    use crate::replay::made_up::Source;
    use crate::report::Color;
    use std::fs;

    #[test]
    fn a_bug_in_one_contract_leaves_the_others_standing() {
        let folder = tempfile::tempdir().unwrap();
        for id in ["a", "panics", "z"] {
            let contract = format!(
                r#"{{"faithful": 1, "name": "x", "source": {{"file": "p.md", "sha256": "00"}},
                    "request": {{"method": "GET", "url": "/{id}"}}, "response": {{"status": 200}}}}"#
            );
            fs::write(folder.path().join(format!("{id}.json")), contract).unwrap();
        }
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let (out_color, err_color) = (Color::Plain, Color::Plain);
        let mut console = Console { out: &mut out, err: &mut err, out_color, err_color };
        let arguments = ["faithful", "verify", folder.path().to_str().unwrap(), "--format", "json"];
        let mut shell = Shell {
            console: &mut console,
            environment: &|_| None,
            all_of: &|_| Vec::new(),
            source: Source::FIXED,
        };
        assert_eq!(run(arguments.map(Into::into), &mut shell), Exit::Bug);
        let report: serde_json::Value = serde_json::from_slice(&out).unwrap();
        let said = |at: usize| {
            let verdict = &report["verdicts"][at];
            (verdict["outcome"].as_str().unwrap(), verdict["reason"].as_str())
        };
        assert_eq!([0, 1, 2].map(said), [("passed", None), ("errored", Some("bug")), ("passed", None)]);
    }
}
