//! Findings as annotations of a run of GitHub Actions.
//!
//! <https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands>. The runner takes a line for a
//! command that begins with `::`, blanks before it or not, or that holds `##[`; so what comes of a page never stands at
//! the beginning of a line, never ends one, and is never one of these.

use super::{Level, Listed, Severity, Tally, file, message};
use crate::report::visible;
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

/// Text of a page behind the last `::` of a command.
fn data(text: &str) -> String {
    // What steers is shown first: no line end is left that a percent sign would have to keep.
    let shown = visible(text).replace("##[", "##\\u{5b}");
    shown.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Text of a page as the value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
