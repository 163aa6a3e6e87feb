//! The report as Markdown: for the summary of a job, or a comment on a change.

use super::prose::{self, counts, headline, title, visible, warnings, why};
use crate::verdict::{Outcome, Report, Severity, SkipReason, Verdict};
use std::fmt::Write as _;
use std::io;

/// GitHub takes a mebibyte of all steps together.
const LARGEST: usize = 512 * 1024;

/// ```text
/// ## faithful: 1 of 13 contracts broken
///
/// 13 contracts: 12 passed, 1 failed, …
///
/// - `failed members/list: GET http://… answered 200`
///   - fail: `type: $.loans[*].renewals is "2" (string), documented 2 (number)`, `docs/members.md:147:19`
/// ```
pub(super) fn write(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    let mut text = String::new();
    let _ = writeln!(text, "## faithful: {}\n\n{}\n", heading(report), code(&counts(report)));
    let _ = writeln!(text, "Target {}, profile {}.", code(&report.target), report.profile.name());
    let mut lines: Vec<String> =
        warnings(report).iter().map(|warning| format!("- warning: {}\n", code(warning))).collect();
    // What breaks first, then what could not be judged, then the rest.
    let mut verdicts: Vec<&Verdict> = report.verdicts.iter().filter(|verdict| is_told(verdict)).collect();
    verdicts.sort_by_key(|verdict| rank(verdict));
    lines.extend(verdicts.into_iter().map(entry));
    let mut left = lines.len();
    for (index, line) in lines.iter().enumerate() {
        if text.len() + line.len() > LARGEST {
            break;
        }
        text.push_str(if index == 0 { "\n" } else { "" });
        text.push_str(line);
        left -= 1;
    }
    if left > 0 {
        let _ = writeln!(text, "- and {left} more, see the other reports");
    }
    out.write_all(text.as_bytes())
}

fn heading(report: &Report) -> String {
    let summary = report.summary();
    let total = report.verdicts.len();
    let known = summary.skipped_by_reason.get(SkipReason::Known.name()).copied().unwrap_or_default();
    let broken = match (summary.failed, summary.errored) {
        (0, 0) if summary.passed == 0 && known == 0 => "nothing was compared".to_owned(),
        (0, 0) if known > 0 => format!("{} of {total} contracts kept, {known} known to fail", summary.passed),
        (0, 0) => format!("{} of {total} contracts kept", summary.passed),
        (0, errored) => format!("{errored} of {total} contracts could not be judged"),
        (failed, _) => format!("{failed} of {total} contracts broken"),
    };
    if report.interrupted { broken + ", interrupted" } else { broken }
}

fn is_told(verdict: &Verdict) -> bool {
    verdict.outcome != Outcome::Passed || verdict.count(Severity::Warn) > 0
}

fn rank(verdict: &Verdict) -> u8 {
    match verdict.outcome {
        Outcome::Failed => 0,
        Outcome::Errored(..) => 1,
        Outcome::Passed => 2,
        Outcome::Skipped(..) => 3,
    }
}

fn entry(verdict: &Verdict) -> String {
    let mut text = format!("- {}\n", code(&headline(verdict)));
    for mismatch in &verdict.mismatches {
        let place = mismatch.location.as_ref().map(|excerpt| excerpt.location.to_string());
        let place = place.map(|place| format!(", {}", code(&place))).unwrap_or_default();
        let said = format!("{}; {}", title(mismatch), why(mismatch));
        let _ = writeln!(text, "  - {}: {}{place}", mismatch.severity.name(), code(&said));
        if let Some(known) = &mismatch.known {
            let _ = writeln!(text, "    - {}", code(&prose::known(known)));
        }
    }
    if verdict.more > 0 {
        let _ = writeln!(text, "  - and {} more", verdict.more);
    }
    if let Some(curl) = &verdict.curl {
        let _ = writeln!(text, "  - {}", code(curl));
    }
    text
}

/// Text of pages and services as a code span, in which nothing is markup: it holds no line end, and its fence is longer
/// than any run of backticks in it.
fn code(text: &str) -> String {
    let text = visible(text);
    let runs = text.split(|c| c != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or_default() + 1);
    let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    if text.is_empty() { String::new() } else { format!("{fence}{pad}{text}{pad}{fence}") }
}

#[cfg(test)]
mod tests {
    use super::code;
    use rstest::rstest;

    #[rstest]
    #[case("a", "`a`")]
    #[case("a `b` c", "``a `b` c``")]
    #[case("``", "``` `` ```")]
    #[case("a\n# b", "`a\\u{a}# b`")]
    #[case("", "")]
    fn no_text_ends_its_code_span(#[case] text: &str, #[case] shown: &str) {
        assert_eq!(code(text), shown);
    }
}
