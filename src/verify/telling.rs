//! Sees to it that what broke a flow is said by a verdict, though nothing came behind it that could not be judged.

use super::step::Broke;
use crate::verdict::{Outcome, Remark, Verdict};

/// Has the nearest of a flow's verdicts say what broke it; those of its clean-up come behind those of its steps. A
/// contract that passed is errored then: that it did what the flow needs of it was not to be seen. One that failed says so.
pub(super) fn tell(broke: &Broke, verdicts: &mut [Verdict], steps: usize) {
    let says = |verdict: &Verdict| matches!(&verdict.outcome, Outcome::Errored(_, text) if text.starts_with(&broke.text));
    if broke.is_told || verdicts.iter().any(says) {
        return;
    }
    let (of_steps, of_clean_up) = verdicts.split_at_mut_checked(steps).unwrap_or_default();
    // The nearest before it, where there is one.
    let Some(verdict) = of_steps.iter_mut().rev().chain(of_clean_up.iter_mut()).next() else { return };
    match &mut verdict.outcome {
        Outcome::Failed => verdict.remark = Some(Remark::EndsItsFlow(broke.text.clone())),
        Outcome::Errored(_, text) => *text = format!("{text}; {}", broke.text),
        outcome @ (Outcome::Passed | Outcome::Skipped(..)) => {
            *outcome = Outcome::Errored(broke.trouble, broke.text.clone());
            verdict.flaky = false;
        }
    }
}
