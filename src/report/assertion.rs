//! A report as an assertion: a panic whose text is worth reading.

use super::{Detail, Format, prose, render};
use crate::json::Json;
use crate::verdict::{Mismatch, Outcome, Report, Severity, Site};
use assert_json_diff::{CompareMode, Config, assert_json_matches_no_panic};
use serde_json::Value;
use std::fmt::Write;

impl Report {
    /// Whether every contract was judged and kept: what was skipped did not pass.
    pub fn passed(&self) -> bool {
        let kept = |outcome: &Outcome| *outcome == Outcome::Passed;
        !self.verdicts.is_empty()
            && !self.interrupted
            && self.verdicts.iter().all(|verdict| kept(&verdict.outcome))
    }

    /// Passes where every contract was judged and kept.
    ///
    /// # Panics
    ///
    /// Where one was not, or where there is none: with each mismatch and the line that documents it, and below them
    /// what `assert-json-diff` says of the bodies' places that differ.
    #[track_caller]
    pub fn assert_passed(&self) {
        assert!(self.passed(), "the docs are not kept\n{self}{}", differences(self));
    }
}

/// The report as the command line shows it.
impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = Vec::new();
        let rendered = render(self, Format::Short { detail: Detail::Usual }, &mut text);
        f.write_str(&String::from_utf8_lossy(&text))?;
        rendered.map_err(|_| std::fmt::Error)
    }
}

/// What differs in the bodies, in the words that people know from their own tests:
///
/// ```text
/// users/get
/// json atoms at path ".age" are not equal:
///     expected:
///         40
///     actual:
///         "40"
/// ```
///
/// Held against each other is what fails, place by place: of the whole bodies all lawful differences would be told too.
fn differences(report: &Report) -> String {
    let mut text = String::new();
    for verdict in &report.verdicts {
        let failed = verdict.mismatches.iter().filter(|mismatch| mismatch.severity == Severity::Fail);
        let differences: Vec<String> = failed.filter_map(difference).collect();
        if !differences.is_empty() {
            let id = prose::visible(verdict.id.as_str());
            let _ = write!(text, "\n{id}\n{}\n", differences.join("\n"));
        }
    }
    text
}

/// None where the mismatch is none of the body's, or is no difference to `assert-json-diff`.
fn difference(mismatch: &Mismatch) -> Option<String> {
    mismatch.expected.as_ref().filter(|_| matches!(mismatch.site, Site::Body(_)))?;
    // One member whose name is the whole path: the path is shown as the name, and nothing around it has to be made up.
    let at = mismatch.at.strip_prefix('$')?;
    let at = at.strip_prefix('.').unwrap_or(at);
    let tree = |json: Option<&Json>| -> Option<Value> {
        let value = json.map(|json| serde_json::from_str::<Value>(json.text())).transpose().ok()?;
        match value {
            Some(value) if at.is_empty() => Some(value),
            value => Some(Value::Object(value.into_iter().map(|value| (at.to_owned(), value)).collect())),
        }
    };
    let (expected, actual) = (tree(mismatch.expected.as_ref())?, tree(mismatch.actual.as_ref())?);
    let text = assert_json_matches_no_panic(&actual, &expected, Config::new(CompareMode::Inclusive)).err()?;
    let lines: Vec<_> = text.lines().map(prose::visible).collect();
    Some(lines.join("\n"))
}
