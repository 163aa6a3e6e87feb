//! Findings as compilers write them: a line each, which editors follow.

use super::{Listed, Tally, file, message, visible};
use crate::source::Location;
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
    for Listed { finding, level, .. } in listed {
        let place = Location { file: file(finding).into_owned(), ..finding.location.clone() }.to_string();
        writeln!(out, "{}: {}: {}: {}", visible(&place), level.name(), finding.code, message(finding))?;
    }
    writeln!(out, "{}", tally.line())
}
