//! The findings of one page, as they are made.

use crate::finding::{Code, Finding};
use crate::source::Location;

/// Takes down findings.
pub(super) struct Notes<'a> {
    file: &'a str,
    findings: Vec<Finding>,
}

impl<'a> Notes<'a> {
    pub(super) fn new(file: &'a str) -> Notes<'a> {
        Notes { file, findings: Vec::new() }
    }

    /// A finding of which the line is known.
    pub(super) fn add(&mut self, code: Code, line: u32, detail: impl Into<String>) {
        self.add_at(code, line, 0, detail);
    }

    /// A finding of which line and column are known.
    pub(super) fn add_at(&mut self, code: Code, line: u32, column: u32, detail: impl Into<String>) {
        let location = Location { file: self.file.to_owned(), line, column };
        self.findings.push(Finding { code, location, detail: detail.into() });
    }

    /// All of them, by place.
    pub(super) fn into_findings(mut self) -> Vec<Finding> {
        self.findings.sort_by(|one, two| one.location.cmp(&two.location));
        self.findings
    }
}
