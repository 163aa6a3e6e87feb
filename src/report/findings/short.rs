//! Findings as compilers write them: a line each, which editors follow.

use super::{Listed, Tally, file, message, visible};
use crate::source::Location;
use std::borrow::Cow;
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
    // Findings come page by page, and a name is masked once.
    let (mut page, mut masked) = ("", Cow::Borrowed(""));
    for Listed { finding, level, .. } in listed {
        if page != finding.location.file {
            (page, masked) = (&finding.location.file, file(finding));
        }
        let place = Location { file: masked.to_string(), ..finding.location }.to_string();
        writeln!(out, "{}: {}: {}: {}", visible(&place), level.name(), finding.code, message(finding))?;
    }
    writeln!(out, "{}", tally.line())
}
