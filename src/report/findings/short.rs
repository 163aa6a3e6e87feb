//! Findings as compilers write them: a line each, which editors follow.

use super::{Listed, Tally, detail, file, visible};
use std::fmt::Write as _;
use std::io;

/// ```text
/// docs/users.md:12: warning: unpaired-request: a request that no response answers: GET /users
/// 1 page, 0 contracts: 1 finding: unpaired-request 1
/// ```
pub(super) fn write<'f>(
    listed: impl Iterator<Item = Listed<'f>>,
    tally: &Tally,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    // Findings come page by page, and a name is masked once. A line is put together in room that is used again.
    let (mut page, mut shown, mut line) = ("", String::new(), String::new());
    for Listed { finding, level, .. } in listed {
        let location = &finding.location;
        if page != location.file {
            (page, shown) = (&location.file, visible(&file(finding)).into_owned());
        }
        line.clear();
        line.push_str(&shown);
        let _ = write!(line, ":{}", location.line);
        if location.column > 0 {
            let _ = write!(line, ":{}", location.column);
        }
        for word in [": ", level.name(), ": ", finding.code.as_str(), ": ", finding.code.description()] {
            line.push_str(word);
        }
        if !finding.detail.is_empty() {
            line.push_str(": ");
            line.push_str(&visible(&detail(finding)));
        }
        line.push('\n');
        out.write_all(line.as_bytes())?;
    }
    writeln!(out, "{}", tally.line())
}
