//! The report as `JUnit` XML, which most build servers read: a suite for each folder, a case for each contract.
//!
//! <https://github.com/testmoapp/junitxml>. A mismatch is a `<failure>`, what could not be judged an `<error>`, what was
//! not sent, or is a known failure, `<skipped>` with its reason.

use super::Times;
use super::prose::{self, headline, title, visible, warnings, why};
use crate::verdict::{Mismatch, Outcome, Report, Severity, Verdict};
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use std::collections::BTreeMap;
use std::io;

pub(super) fn write(report: &Report, times: Times, out: &mut dyn io::Write) -> io::Result<()> {
    let mut suites: BTreeMap<&str, Vec<&Verdict>> = BTreeMap::new();
    for verdict in &report.verdicts {
        let (folder, _) = verdict.id.as_str().rsplit_once('/').unwrap_or(("contracts", ""));
        suites.entry(folder).or_default().push(verdict);
    }
    let mut document = quick_junit::Report::new("faithful");
    for (folder, verdicts) in suites {
        let folder = xml(folder);
        let mut suite = TestSuite::new(folder.as_str());
        suite.add_property(("target", xml(&report.target).as_str()));
        suite.add_property(("profile", report.profile.name()));
        suite.add_test_cases(verdicts.iter().map(|verdict| case(verdict, &folder, times)));
        if times == Times::Shown {
            suite.set_time(verdicts.iter().map(|verdict| verdict.elapsed).sum());
        }
        document.add_test_suite(suite);
    }
    // The document itself can say nothing.
    let told = told(report);
    if !told.is_empty() {
        if document.test_suites.is_empty() {
            document.add_test_suite(TestSuite::new("contracts"));
        }
        if let Some(first) = document.test_suites.first_mut() {
            first.set_system_err(told.join("\n"));
        }
    }
    document.serialize(out).map_err(io::Error::other)
}

/// What is said of the run as a whole.
fn told(report: &Report) -> Vec<String> {
    let interrupted = report.interrupted.then(|| "interrupted: not everything was sent".to_owned());
    let caveats = report.caveats.iter().map(|caveat| prose::caveat(*caveat).to_owned());
    let warnings = warnings(report);
    let warnings = warnings.iter().map(|warning| format!("warning: {}", xml(warning)));
    interrupted.into_iter().chain(caveats).chain(warnings).collect()
}

fn case(verdict: &Verdict, folder: &str, times: Times) -> TestCase {
    let mut case = TestCase::new(xml(verdict.id.as_str()), status(verdict));
    case.set_classname(folder);
    if let Some(source) = &verdict.source {
        case.extra.insert("file".into(), xml(&source.file).into());
        case.extra.insert("line".into(), source.line.to_string().into());
    }
    if verdict.checked > 0 {
        case.set_assertions(verdict.checked);
    }
    if times == Times::Shown && verdict.attempts > 0 {
        case.set_time(verdict.elapsed);
    }
    case
}

fn status(verdict: &Verdict) -> TestCaseStatus {
    match &verdict.outcome {
        Outcome::Passed => TestCaseStatus::success(),
        Outcome::Failed => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            let fails =
                |mismatch: &&Mismatch| mismatch.severity == Severity::Fail && mismatch.known.is_none();
            if let Some(first) = verdict.mismatches.iter().find(fails) {
                status.set_message(xml(&title(first))).set_type(first.rule.name());
            }
            status.set_description(description(verdict));
            status
        }
        Outcome::Errored(trouble, text) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_message(xml(&prose::with_remedy(text, trouble.remedy()))).set_type(trouble.id());
            status.set_description(description(verdict));
            status
        }
        Outcome::Skipped(reason, text) => {
            let mut status = TestCaseStatus::skipped();
            let text = prose::with_remedy(text, reason.remedy());
            status.set_message(xml(&format!("{}: {text}", reason.name()))).set_type(reason.name());
            if !verdict.mismatches.is_empty() {
                status.set_description(description(verdict));
            }
            status
        }
    }
}

/// The verdict as the console shows it, line by line.
fn description(verdict: &Verdict) -> String {
    let mut lines = vec![headline(verdict)];
    for mismatch in &verdict.mismatches {
        let place = mismatch.location.as_ref().map(|excerpt| format!(" ({})", excerpt.location));
        lines.push(format!(
            "{}: {}{}; {}",
            mismatch.severity.name(),
            title(mismatch),
            place.unwrap_or_default(),
            why(mismatch)
        ));
        lines.extend(mismatch.known.as_ref().map(|known| prose::known(known)));
    }
    if verdict.more > 0 {
        lines.push(format!("and {} more", verdict.more));
    }
    lines.extend(verdict.curl.clone());
    lines.iter().map(|line| xml(line)).collect::<Vec<_>>().join("\n")
}

/// Text as XML can hold it: no escape makes a character lawful that is outside of its `Char` production, and one of
/// them makes a reader refuse the whole report.
fn xml(text: &str) -> String {
    let lawful = |c: char| matches!(c, '\u{9}' | '\u{a}' | '\u{d}' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    let shown = visible(text);
    let escaped = |c: char| if lawful(c) { c.to_string() } else { c.escape_unicode().to_string() };
    shown.chars().map(escaped).collect()
}

#[cfg(test)]
mod tests {
    use super::xml;

    #[test]
    fn what_xml_cannot_hold_is_shown() {
        let shown = xml("a\0b\u{1b}[31m\u{fffe}\u{ffff}\u{85}\u{1fffe}]]>é");
        assert_eq!(shown, "a\\u{0}b\\u{1b}[31m\\u{fffe}\\u{ffff}\\u{85}\u{1fffe}]]>é");
    }
}
