//! Whether a run was kept out.

use crate::verdict::{Outcome, Remark, Report, Verdict};

/// Whether three contracts in a row failed since they were not let in.
pub(super) fn suspects_credentials(report: &Report) -> bool {
    let shut_out =
        |verdict: &Verdict| verdict.outcome == Outcome::Failed && matches!(verdict.status, Some(401 | 403));
    let logged_in =
        |verdict: &&Verdict| verdict.status.is_some() && verdict.remark != Some(Remark::WithoutLogin);
    let sent: Vec<&Verdict> = report.verdicts.iter().filter(logged_in).collect();
    sent.windows(3).any(|three| three.iter().all(|verdict| shut_out(verdict)))
}
