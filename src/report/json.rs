//! The JSON report: the stable interface for machines. These structs are its members, in order.

use super::escape::write_json;
use super::{Times, prose};
use crate::json::Json;
use crate::verdict::{
    KnownFailure, KnownNote, KnownState, LeftBehind, Mismatch, MissingVariable, Outcome, Report, RuleByHand,
    SkipReason, Summary, UnmatchedRule, Verdict,
};
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::io;

#[derive(Serialize)]
struct Document<'r> {
    faithful: u32,
    target: &'r str,
    profile: &'static str,
    interrupted: bool,
    summary: Counts,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    caveats: Vec<&'static str>,
    verdicts: Entries<'r>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unmatched_rules: Vec<Unmatched<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    known_notes: Vec<Noted<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missing_variables: Vec<Missing<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    left_behind: Vec<Left<'r>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    warnings: &'r [String],
}

#[derive(Serialize)]
struct Missing<'r> {
    key: &'r str,
    placeholder: &'r str,
    line: String,
    first: &'r str,
    contracts: usize,
}

#[derive(Serialize)]
struct Left<'r> {
    step: &'r str,
    request: Request<'r>,
    message: &'r str,
}

#[derive(Serialize)]
struct Counts {
    passed: usize,
    failed: usize,
    errored: usize,
    skipped: usize,
    warnings: usize,
    unselected: usize,
    skipped_by_reason: BTreeMap<&'static str, usize>,
    checked: usize,
    unchecked: usize,
    findings: usize,
    flaky: usize,
    #[serde(skip_serializing_if = "is_none")]
    known: usize,
}

/// The verdicts, each put together when it is written.
struct Entries<'r> {
    verdicts: &'r [Verdict],
    times: Times,
}

impl Serialize for Entries<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.verdicts.iter().map(|verdict| entry(verdict, self.times)))
    }
}

#[derive(Serialize)]
struct Entry<'r> {
    id: &'r str,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    elapsed_ms: Option<u128>,
    #[serde(skip_serializing_if = "is_zero")]
    attempts: u32,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    flaky: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Source<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<Request<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    mismatches: Vec<Difference<'r>>,
    #[serde(skip_serializing_if = "is_none")]
    more: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    checked: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unchecked: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    curl: Option<&'r str>,
}

#[derive(Serialize)]
struct Source<'r> {
    file: &'r str,
    line: u32,
}

#[derive(Serialize)]
struct Request<'r> {
    method: &'r str,
    url: &'r str,
}

#[derive(Serialize)]
struct Difference<'r> {
    severity: &'static str,
    rule: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    at: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<&'r Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actual: Option<&'r Json>,
    count: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<&'r str>,
    why: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    accept: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    known: Option<Known<'r>>,
}

#[derive(Serialize)]
struct Known<'r> {
    owner: &'r str,
    reason: &'r str,
    expires: String,
    written: String,
}

#[derive(Serialize)]
struct Noted<'r> {
    state: &'static str,
    contract: String,
    rule: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actual: Option<&'r Json>,
    #[serde(flatten)]
    known: Known<'r>,
}

#[derive(Serialize)]
struct Unmatched<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    contract: Option<&'r str>,
    at: &'r str,
    written: String,
    judged: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_zero(figure: &u32) -> bool {
    *figure == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_none(figure: &usize) -> bool {
    *figure == 0
}

pub(super) fn write(report: &Report, times: Times, out: &mut dyn io::Write) -> io::Result<()> {
    let Summary {
        passed,
        failed,
        errored,
        skipped,
        warnings,
        unselected,
        checked,
        unchecked,
        flaky,
        known,
        skipped_by_reason,
    } = report.summary();
    let document = Document {
        faithful: 1,
        target: &report.target,
        profile: report.profile.name(),
        interrupted: report.interrupted,
        summary: Counts {
            passed,
            failed,
            errored,
            skipped,
            warnings,
            unselected,
            skipped_by_reason,
            checked,
            unchecked,
            findings: report.findings.values().sum(),
            flaky,
            known,
        },
        caveats: report.caveats.iter().map(|caveat| prose::caveat(*caveat)).collect(),
        verdicts: Entries { verdicts: &report.verdicts, times },
        unmatched_rules: report.unmatched.iter().map(unmatched).collect(),
        known_notes: report.known.iter().map(noted).collect(),
        missing_variables: report.missing.iter().map(missing).collect(),
        left_behind: report.left_behind.iter().map(left).collect(),
        warnings: &report.warnings,
    };
    write_json(&document, out)
}

fn entry(verdict: &Verdict, times: Times) -> Entry<'_> {
    let judged =
        matches!(verdict.outcome, Outcome::Passed | Outcome::Failed | Outcome::Skipped(SkipReason::Known, _));
    let (reason, message) = match &verdict.outcome {
        Outcome::Passed | Outcome::Failed => (None, verdict.remark.as_ref().map(prose::remark)),
        Outcome::Errored(trouble, text) => {
            (Some(trouble.id()), Some(prose::with_remedy(text, trouble.remedy())))
        }
        Outcome::Skipped(reason, text) => {
            (Some(reason.name()), Some(prose::with_remedy(text, reason.remedy())))
        }
    };
    Entry {
        id: verdict.id.as_str(),
        outcome: verdict.outcome.name(),
        reason,
        message,
        elapsed_ms: (times == Times::Shown && verdict.attempts > 0).then_some(verdict.elapsed.as_millis()),
        attempts: verdict.attempts,
        flaky: verdict.flaky,
        source: verdict.source.as_ref().map(|source| Source { file: &source.file, line: source.line }),
        request: verdict.request.as_ref().map(|line| Request { method: &line.method, url: &line.url }),
        status: verdict.status,
        mismatches: verdict.mismatches.iter().map(difference).collect(),
        more: verdict.more,
        checked: judged.then_some(verdict.checked),
        unchecked: judged.then_some(verdict.unchecked),
        curl: verdict.curl.as_deref(),
    }
}

fn difference(mismatch: &Mismatch) -> Difference<'_> {
    Difference {
        severity: mismatch.severity.name(),
        rule: mismatch.rule.name(),
        at: &mismatch.at,
        line: mismatch.location.as_ref().map(|excerpt| excerpt.location.line),
        expected: mismatch.expected.as_ref(),
        actual: mismatch.actual.as_ref(),
        count: mismatch.elements.as_ref().map_or(1, |elements| elements.count),
        first: mismatch.elements.as_ref().map(|elements| elements.path.as_str()),
        why: prose::why(mismatch),
        accept: mismatch.accept.as_ref().map(RuleByHand::to_toml),
        known: mismatch.known.as_deref().map(known),
    }
}

fn unmatched(unmatched: &UnmatchedRule) -> Unmatched<'_> {
    let UnmatchedRule { rule, judged } = unmatched;
    Unmatched {
        contract: rule.contract.as_deref(),
        at: &rule.at,
        written: rule.written.to_string(),
        judged: *judged,
    }
}

fn known(failure: &KnownFailure) -> Known<'_> {
    Known {
        owner: &failure.owner,
        reason: &failure.reason,
        expires: failure.expires.to_string(),
        written: failure.written.to_string(),
    }
}

fn noted(note: &KnownNote) -> Noted<'_> {
    let state = match &note.state {
        KnownState::Expired => "expired",
        KnownState::Mended => "mended",
        KnownState::Elsewhere(_) => "elsewhere",
        KnownState::AnotherValue(_) => "another-value",
        KnownState::Unused(_) => "unused",
    };
    let failure = &note.known;
    let (contract, rule) = (failure.contract.to_string(), failure.rule.name());
    let (at, actual) = (failure.at.as_deref(), failure.actual.as_ref());
    Noted { state, contract, rule, at, actual, known: known(failure) }
}

fn missing(missing: &MissingVariable) -> Missing<'_> {
    Missing {
        key: &missing.key,
        placeholder: &missing.placeholder,
        line: missing.line(),
        first: missing.first.as_str(),
        contracts: missing.contracts,
    }
}

fn left(left: &LeftBehind) -> Left<'_> {
    let request = Request { method: &left.request.method, url: &left.request.url };
    Left { step: &left.label, request, message: &left.problem }
}
