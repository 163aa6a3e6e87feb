//! Findings for machines: the stable interface.
//!
//! ```json
//! { "faithful": 1,
//!   "summary": { "pages": 2, "contracts": 3, "unreadable": 0, "findings": 1, "denied": 0, "allowed": 0,
//!                "by_code": { "unpaired-request": 1 } },
//!   "findings": [ { "code": "unpaired-request", "level": "note|warning|error", "file": "docs/users.md", "line": 12,
//!                   "column": 3, "description": "…", "detail": "GET /users", "remedy": "…" } ] }
//! ```
//!
//! By file, line and column. A key that has nothing to say is left out. A denied finding is an `error`.

use super::super::escape::write_json;
use super::{Listed, Tally, detail, file};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;

#[derive(Serialize)]
struct Document<'f> {
    faithful: u32,
    summary: Summary,
    findings: Vec<Finding<'f>>,
}

#[derive(Serialize)]
struct Summary {
    pages: usize,
    contracts: usize,
    unreadable: usize,
    findings: usize,
    denied: usize,
    allowed: usize,
    by_code: BTreeMap<&'static str, usize>,
}

#[derive(Serialize)]
struct Finding<'f> {
    code: &'static str,
    level: &'static str,
    file: Cow<'f, str>,
    line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    description: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    detail: Cow<'f, str>,
    remedy: &'static str,
}

pub(super) fn write<'f>(
    listed: impl Iterator<Item = Listed<'f>>,
    tally: &Tally,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let findings = listed.map(|Listed { finding, level, .. }| Finding {
        code: finding.code.as_str(),
        level: level.name(),
        file: file(finding),
        line: finding.location.line,
        column: Some(finding.location.column).filter(|column| *column > 0),
        description: finding.code.description(),
        detail: detail(finding),
        remedy: finding.code.remedy(),
    });
    let summary = Summary {
        pages: tally.pages,
        contracts: tally.contracts,
        unreadable: tally.unreadable,
        findings: tally.total(),
        denied: tally.denied,
        allowed: tally.allowed,
        by_code: tally.findings.iter().map(|(code, count)| (code.as_str(), *count)).collect(),
    };
    let document = Document { faithful: 1, summary, findings: findings.collect() };
    write_json(&document, out)
}
