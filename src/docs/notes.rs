//! The findings of one page, as they are made.

use crate::finding::{Code, Finding};
use crate::json::{Repair, RepairRule};
use crate::source::Location;
use std::collections::BTreeMap;

/// Findings that are kept of one page: who has this many wants none of the rest.
const MOST: usize = 10_000;

/// Takes down findings.
pub(super) struct Notes<'a> {
    file: &'a str,
    findings: Vec<Finding>,
    /// How many were not kept, and the line of the first of them.
    left_out: Option<(u32, usize)>,
}

impl<'a> Notes<'a> {
    pub(super) fn new(file: &'a str) -> Notes<'a> {
        Notes { file, findings: Vec::new(), left_out: None }
    }

    /// A finding of which the line is known.
    pub(super) fn add(&mut self, code: Code, line: u32, detail: impl Into<String>) {
        self.add_at(code, line, 0, detail);
    }

    /// A finding of which line and column are known.
    pub(super) fn add_at(&mut self, code: Code, line: u32, column: u32, detail: impl Into<String>) {
        if self.findings.len() >= MOST {
            self.left_out.get_or_insert((line, 0)).1 += 1;
            return;
        }
        let location = Location { file: self.file.to_owned(), line, column };
        self.findings.push(Finding { code, location, detail: detail.into() });
    }

    /// What looks like a live secret in the message of a line, unless that line or one right behind it has been told of: a
    /// command goes on in the next ones.
    pub(super) fn add_secret(&mut self, line: u32) {
        const NEAR: u32 = 10;
        let is_told = |finding: &Finding| {
            finding.code == Code::SecretLike
                && (line..line.saturating_add(NEAR)).contains(&finding.location.line)
        };
        if !self.findings.iter().any(is_told) {
            self.add(Code::SecretLike, line, "");
        }
    }

    /// The repairs of one text, a finding for each rule: at its first place, and saying how many places there are.
    pub(super) fn add_repairs(
        &mut self,
        repairs: &[Repair],
        code: impl Fn(RepairRule) -> Code,
        place: impl Fn(usize) -> (u32, u32),
    ) {
        let mut places: BTreeMap<RepairRule, Vec<usize>> = BTreeMap::new();
        for repair in repairs {
            places.entry(repair.rule).or_default().push(repair.at);
        }
        for (rule, places) in places {
            let (line, column) = place(places.first().copied().unwrap_or_default());
            let detail = match places.len() {
                1 => rule.name().to_owned(),
                several => format!("{rule} ({several} places)"),
            };
            self.add_at(code(rule), line, column, detail);
        }
    }

    /// All of them, by place.
    pub(super) fn into_findings(mut self) -> Vec<Finding> {
        if let Some((line, count)) = self.left_out {
            let location = Location { file: self.file.to_owned(), line, column: 0 };
            self.findings.push(Finding { code: Code::TooManyFindings, location, detail: count.to_string() });
        }
        self.findings.sort_by(|one, two| one.location.cmp(&two.location));
        self.findings
    }
}
