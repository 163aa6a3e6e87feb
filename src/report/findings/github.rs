//! Findings as annotations of a run of GitHub Actions.
//!
//! <https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands>

use super::{Level, Listed, Severity, Tally, file, message};
use crate::report::escape::{data, property};
use std::io;

/// ```text
/// ::warning file=docs/users.md,line=12,title=unpaired-request::a request that no response answers: GET /users; add …
/// 1 page, 0 contracts: 1 finding: unpaired-request 1
/// ```
pub(super) fn write<'f>(
    listed: impl Iterator<Item = Listed<'f>>,
    tally: &Tally,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    for Listed { finding, level, .. } in listed {
        let command = match level {
            Level::Denied => "error",
            Level::Of(Severity::Warning) => "warning",
            Level::Of(Severity::Note) => "notice",
        };
        let place = &finding.location;
        // A file is found in the repository by its path as Git has it.
        let file = file(finding);
        let file = file.strip_prefix("./").unwrap_or(&file);
        write!(out, "::{command} file={},line={}", property(file), place.line)?;
        if place.column > 0 {
            write!(out, ",col={}", place.column)?;
        }
        let text = format!("{}; {}", message(finding), finding.code.remedy());
        writeln!(out, ",title={}::{}", finding.code, data(&text))?;
    }
    writeln!(out, "{}", tally.line())
}
