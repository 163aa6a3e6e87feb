//! Puts verdicts into words. Data everywhere else becomes prose here, once for all formats.

mod title;

use super::Detail;
use super::lacking::left_behind;
use crate::finding::Code;
use crate::json::Kind;
use crate::verdict::{
    Caveat, Effect, KnownFailure, KnownNote, KnownState, Message, Mismatch, Outcome, Remark, Report, Rule,
    Severity, UnmatchedRule, Verdict, Why,
};
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use title::value;

pub(super) use title::title;

/// What begins a command of the runner of GitHub Actions, wherever in a line it stands.
pub(super) const COMMAND: &str = "##[";

/// Said of a request that is about who is not let in.
pub const WITHOUT_LOGIN: &str = "sent without login, for 401 is documented";

/// Text of pages and services as it may be shown: control and bidirectional characters as `\u{…}`, so that nothing
/// in it steers a terminal or turns a line around; and `##[`, which the runner of GitHub Actions obeys wherever it
/// stands, as `##\u{5b}`.
pub fn visible(text: &str) -> Cow<'_, str> {
    // Nearly all texts are of plain characters, of which no one steers anything by itself.
    let is_plain = text.bytes().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~'));
    if is_plain && memchr::memchr(b'#', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    if !text.contains(steers) && !text.contains(COMMAND) {
        return Cow::Borrowed(text);
    }
    let shown = text.chars().fold(String::with_capacity(text.len() + 8), |mut shown, c| {
        if steers(c) {
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
        } else {
            shown.push(c);
        }
        shown
    });
    Cow::Owned(shown.replace(COMMAND, "##\\u{5b}"))
}

/// Whether a character steers a terminal, or is not seen.
pub(super) fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{61c}')
}

/// What happened, and what to try.
pub(super) fn with_remedy(text: &str, remedy: &str) -> String {
    if text.is_empty() { remedy.to_owned() } else { format!("{text}; {remedy}") }
}

/// `3 contracts: 1 passed, 1 failed, …`: all counts of a run, in one line.
pub fn counts(report: &Report) -> String {
    let summary = report.summary();
    let total = report.verdicts.len();
    let mut line = format!(
        "{total} contract{}: {} passed, {} failed, {} errored, {} skipped",
        plural(total),
        summary.passed,
        summary.failed,
        summary.errored,
        summary.skipped
    );
    if !summary.skipped_by_reason.is_empty() {
        let reasons = summary.skipped_by_reason.iter().map(|(reason, count)| format!("{reason} {count}"));
        let _ = write!(line, " ({})", reasons.collect::<Vec<_>>().join(", "));
    }
    let _ = write!(
        line,
        "; {} warning{}; {} unselected; checked {}, unchecked {}; {}",
        summary.warnings,
        plural(summary.warnings),
        summary.unselected,
        summary.checked,
        summary.unchecked,
        lost(&report.findings)
    );
    if summary.flaky > 0 {
        let _ = write!(line, "; {} flaky", summary.flaky);
    }
    if report.interrupted {
        line.push_str("; interrupted");
    }
    line
}

/// `3 findings in the docs (unpaired-request 2, body-repaired 1; faithful lint lists them)`: what the pages say and no
/// contract has, or not as it is written.
fn lost(findings: &BTreeMap<Code, usize>) -> String {
    let total: usize = findings.values().sum();
    let mut text = format!("{total} finding{} in the docs", plural(total));
    if total > 0 {
        let them = if total == 1 { "it" } else { "them" };
        let _ = write!(text, " ({}; faithful lint lists {them})", by_frequency(findings));
    }
    text
}

/// `unpaired-request 2, secret-like 1`: the most frequent kind first.
pub(super) fn by_frequency(findings: &BTreeMap<Code, usize>) -> String {
    let mut kinds: Vec<_> = findings.iter().collect();
    kinds.sort_by_key(|(code, count)| (Reverse(**count), code.as_str()));
    let kinds: Vec<String> = kinds.into_iter().map(|(code, count)| format!("{code} {count}")).collect();
    kinds.join(", ")
}

/// What weakens a report, as a sentence.
pub(super) fn caveat(caveat: Caveat) -> &'static str {
    match caveat {
        Caveat::Insecure => "--insecure: the target's certificate was not checked",
    }
}

/// The caveats, a line each, and the counts.
pub(super) fn ending(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    for said in &report.caveats {
        writeln!(out, "{}", caveat(*said))?;
    }
    writeln!(out, "{}", counts(report))
}

pub(super) fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// `faithful.toml:12: $.value matches no place in the 3 contracts that were judged by it`
fn unmatched(unmatched: &UnmatchedRule) -> String {
    let UnmatchedRule { rule, judged } = unmatched;
    // Only objects have names that could be data.
    let sought = if rule.effect == Effect::Keys { "object" } else { "place" };
    let said = match judged {
        0 => format!("{} is for no contract", rule.contract.as_deref().unwrap_or_default()),
        1 => format!("{} matches no {sought} of the contract that it is for", rule.at),
        judged => format!("{} matches no {sought} of the {judged} contracts that it is for", rule.at),
    };
    visible(&format!("{}: {said}", rule.written)).into_owned()
}

/// All that a run warns of beside its verdicts: what is of no use, what is over, what was left behind.
pub fn warnings(report: &Report) -> Vec<String> {
    let given = report.warnings.iter().map(|warning| visible(warning).into_owned());
    let unmatched = report.unmatched.iter().map(unmatched);
    let known = report.known.iter().map(known_note);
    given.chain(unmatched).chain(known).chain(report.left_behind.iter().map(left_behind)).collect()
}

/// `ann knows of it until 2026-12-31: the new search is not out yet (faithful.toml:12)`
pub(super) fn known(known: &KnownFailure) -> String {
    let KnownFailure { owner, expires, reason, written, .. } = known;
    visible(&format!("{owner} knows of it until {expires}: {reason} ({written})")).into_owned()
}

/// `faithful.toml:12: type known to ann at $.a, of users/*: no contract fails so any more: take the entry out`
pub fn known_note(note: &KnownNote) -> String {
    let KnownFailure { contract, rule, at, actual, owner, expires, written, .. } = &note.known;
    let actual = actual.as_ref().map(|actual| format!(" {}", value(actual))).unwrap_or_default();
    let at = at.as_ref().map(|at| format!(" at {at}")).unwrap_or_default();
    let said = match &note.state {
        KnownState::Expired => format!("expired on {expires}: mend it, or agree on another day"),
        KnownState::Mended => "no contract fails so any more: take the entry out".to_owned(),
        KnownState::Elsewhere(place) => {
            let place = if place.is_empty() { "the answer as a whole: no `at`" } else { place };
            format!("no contract fails so, but one breaks the same rule elsewhere; did you mean {place}?")
        }
        KnownState::AnotherValue(came) => {
            let came = value(came);
            format!("it fails so with {came}; mend that, or write actual = {came}")
        }
        KnownState::Unused(Some(meant)) => format!("it is for no contract; did you mean {meant}?"),
        KnownState::Unused(None) => "it is for no contract: take the entry out".to_owned(),
    };
    let text = format!("{written}: {}{actual} known to {owner}{at}, of {contract}: {said}", rule.name());
    visible(&text).into_owned()
}

/// ```text
/// > POST http://127.0.0.1:8080/users
/// > Content-Type: application/json
/// >
/// > {"name": "x"}
/// < 201
/// ```
pub(super) fn exchange(verdict: &Verdict, out: &mut dyn io::Write) -> io::Result<()> {
    let Some(exchange) = &verdict.exchange else { return Ok(()) };
    let mut side = |sign: char, message: &Message| {
        writeln!(out, "{sign} {}", visible(&message.start))?;
        for (name, value) in &message.headers {
            writeln!(out, "{sign} {}", visible(&format!("{name}: {value}")))?;
        }
        if !message.body.is_empty() {
            writeln!(out, "{sign}")?;
        }
        message.body.lines().try_for_each(|line| writeln!(out, "{sign} {}", visible(line)))
    };
    side('>', &exchange.sent)?;
    exchange.received.iter().try_for_each(|received| side('<', received))
}

/// One line per contract that did not pass, one below it per mismatch, then the counts.
pub(super) fn short(report: &Report, detail: Detail, out: &mut dyn io::Write) -> io::Result<()> {
    for verdict in report.verdicts.iter().filter(|verdict| detail.shows(verdict)) {
        writeln!(out, "{}", headline(verdict))?;
        exchange(verdict, out)?;
        for mismatch in &verdict.mismatches {
            let place = mismatch
                .location
                .as_ref()
                .map(|excerpt| format!(" ({})", visible(&excerpt.location.to_string())));
            writeln!(
                out,
                "  {}: {}{}",
                mismatch.severity.name(),
                title(mismatch),
                place.unwrap_or_default()
            )?;
            // What is not in the title, and cannot be guessed from it.
            if matches!(
                mismatch.why,
                Why::NotJson { .. } | Why::Redirect(_) | Why::Instead(_) | Why::HtmlInstead
            ) {
                writeln!(out, "    {}", why(mismatch))?;
            }
            if let Some(failure) = &mismatch.known {
                writeln!(out, "    {}", known(failure))?;
            }
        }
        if verdict.more > 0 {
            writeln!(out, "  and {} more", verdict.more)?;
        }
    }
    ending(report, out)
}

/// `failed users/get: GET http://…/users/7 answered 200`
pub(super) fn headline(verdict: &Verdict) -> String {
    let mut line = format!("{} {}", verdict.outcome.name(), visible(verdict.id.as_str()));
    if let Some(request) = &verdict.request {
        let _ = write!(line, ": {} {}", visible(&request.method), visible(&request.url));
    }
    match &verdict.outcome {
        Outcome::Passed | Outcome::Failed => {
            if let Some(status) = verdict.status {
                let _ = write!(line, " answered {status}");
            }
            if let Some(said) = &verdict.remark {
                let _ = write!(line, "; {}", visible(&remark(said)));
            }
        }
        Outcome::Errored(trouble, text) => {
            let _ = write!(line, ": {}: {}", trouble.id(), visible(&with_remedy(text, trouble.remedy())));
        }
        Outcome::Skipped(reason, text) => {
            let _ = write!(line, ": {}: {}", reason.name(), visible(&with_remedy(text, reason.remedy())));
        }
    }
    line
}

/// What is odd about how it was sent.
pub(super) fn remark(remark: &Remark) -> String {
    match remark {
        Remark::WithoutLogin => WITHOUT_LOGIN.to_owned(),
        Remark::EndsItsFlow(why) => why.clone(),
        Remark::CredentialOfThePage(fields) => {
            let are = if fields.contains(" and ") { "are" } else { "is" };
            format!(
                "the page shows {fields}, which {are} never sent from a page: give your own by --bearer-env, \
                 --user-env or -H"
            )
        }
        Remark::TokenRefused => {
            "the token that it was sent with was refused to others as well, or replaced, at that time: that may be all, and \
             what changes something is sent once"
                .to_owned()
        }
        Remark::LeadsElsewhere(host) => {
            format!("its Location leads to {host}, which is neither the target's host nor one of the docs")
        }
    }
}

/// Why the rule applied to this place.
pub(super) fn why(mismatch: &Mismatch) -> String {
    let shown = match &mismatch.why {
        Why::Shown => match (mismatch.rule, mismatch.severity) {
            (Rule::MemberMissing, Severity::Warn) => match &mismatch.expected {
                Some(json) if json.root().kind() == Kind::Null => {
                    "the docs show this member as null".to_owned()
                }
                _ => "the docs show this member as one that may be absent".to_owned(),
            },
            (Rule::MemberMissing, _) => "the docs show this member".to_owned(),
            (Rule::Type, Severity::Note | Severity::Warn) => "the docs show a whole number".to_owned(),
            (Rule::DuplicateMember, _) => "names within an object should be unique (RFC 8259, 4)".to_owned(),
            _ => "the docs show it".to_owned(),
        },
        Why::NotTruncated => "the docs do not say that the body is shortened".to_owned(),
        Why::Literal => "in this profile the docs are taken literally".to_owned(),
        Why::Template => "every element that the docs show has it".to_owned(),
        Why::Format(format) => format!("the documented value is a {format}"),
        Why::TypeWord(word) => format!("the docs name a type here: {word}"),
        Why::ExampleItself => "this is what the docs show instead of a value".to_owned(),
        Why::Enumeration => "the docs list the values that it can have".to_owned(),
        Why::Echo(pointer) => format!("the documented answer repeats what the request sends at {pointer}"),
        Why::PathEcho(text) => format!("the documented answer repeats {text:?} of the documented URL"),
        Why::ByHand(rule) => format!("{} says so: {}", rule.written, rule.effect),
        Why::TypeName => "@odata.type names the type of its object".to_owned(),
        Why::NotJson { problem, line, column, maybe_cut } => {
            let cut = if *maybe_cut { "; no length was sent, so it may have been cut" } else { "" };
            format!("{problem} at line {line} column {column} of the body{cut}")
        }
        Why::HtmlInstead => "this looks like a login or proxy page".to_owned(),
        Why::ByteOrderMark => "RFC 8259 forbids it".to_owned(),
        Why::Redirect(location) => format!("it redirects to {location}; redirects are not followed"),
        Why::Instead(start) => format!("another message came, whose body was not compared: {start}"),
        Why::UrlTemplate => {
            "placeholders and ids of the documented URL vary, its other segments hold".to_owned()
        }
        Why::NothingToHold => {
            "without an element there is nothing to hold the documented ones against".to_owned()
        }
        Why::Framing("http.body_on_204") => {
            "http.body_on_204: HTTP libraries drop what comes after such a status".to_owned()
        }
        Why::Framing("body.other_charset") => {
            "body.other_charset: JSON is UTF-8 whatever is said (RFC 8259, 8.1)".to_owned()
        }
        Why::Framing("http.cl_and_te") => {
            "http.cl_and_te: with both, recipients may disagree on where the answer ends".to_owned()
        }
        Why::Framing("body.surplus") => {
            "body.surplus: bytes stood behind the end of the gzip coding, and were left out".to_owned()
        }
        Why::Framing(id) => (*id).to_owned(),
    };
    visible(&shown).into_owned()
}
