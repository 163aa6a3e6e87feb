//! A report as an assertion: a panic whose text is worth reading.

use super::{Format, render};
use crate::verdict::{Outcome, Report};

impl Report {
    /// Whether every contract was judged and kept: what was skipped did not pass.
    pub fn passed(&self) -> bool {
        let kept = |outcome: &Outcome| *outcome == Outcome::Passed;
        !self.verdicts.is_empty()
            && !self.interrupted
            && self.verdicts.iter().all(|verdict| kept(&verdict.outcome))
    }

    /// Passes where every contract was judged and kept.
    ///
    /// # Panics
    ///
    /// Where one was not, or where there is none, with each mismatch and the line that documents it.
    #[track_caller]
    pub fn assert_passed(&self) {
        assert!(self.passed(), "the docs are not kept\n{self}");
    }
}

/// The report as the command line shows it.
impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = Vec::new();
        let rendered = render(self, Format::Short, &mut text);
        f.write_str(&String::from_utf8_lossy(&text))?;
        rendered.map_err(|_| std::fmt::Error)
    }
}
