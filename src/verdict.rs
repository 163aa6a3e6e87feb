//! What came of a contract: its outcome, its mismatches, and the report over all of them. Data only.

mod by_hand;
mod exchange;
pub mod explanation;
mod flow;
mod known;
mod reason;
mod remark;
mod rule;

use crate::contract::ContractId;
use crate::finding::Code;
use crate::json::Json;
use crate::source::Location;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

pub use by_hand::{Effect, Level, RuleByHand, Written};
pub use exchange::{Conversation, Message};
pub use flow::{LeftBehind, MissingVariable};
pub use known::{Day, DayError, KnownFailure, KnownNote, KnownState};
pub use reason::{SkipReason, Trouble};
pub use remark::Remark;
pub use rule::{Profile, Rule, Severity};

/// The place of a contract that a mismatch is held against; found again in the page, or in the contract file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Site {
    /// The documented status line.
    Status,
    /// A documented header, by its name.
    Header(String),
    /// A value of the documented body, by its JSON Pointer.
    Body(String),
}

/// Why a rule applied to a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The docs show it.
    Shown,
    /// The docs show it, and say that nothing was left out.
    NotTruncated,
    /// The profile takes the example literally.
    Literal,
    /// All shown elements of the array have it.
    Template,
    /// The example's text has this format.
    Format(&'static str),
    /// The example names a type instead of showing a value.
    TypeWord(String),
    /// The example lists the values that it can have.
    Enumeration,
    /// What came is what the docs show instead of a value.
    ExampleItself,
    /// The documented answer repeats what the request sends at this JSON Pointer.
    Echo(String),
    /// The documented answer repeats this part of the documented URL.
    PathEcho(String),
    /// `@odata.type` names the type of its object.
    TypeName,
    /// A rule by hand says so.
    ByHand(Box<RuleByHand>),
    /// The reader stopped here: what is wrong, and the text around it.
    NotJson {
        /// What the reader expected.
        problem: String,
        /// Line of the answer's body, from 1.
        line: u32,
        /// Column in characters, from 1.
        column: u32,
        /// The body ends too early, and no length was sent: it may have been cut on its way.
        maybe_cut: bool,
    },
    /// An HTML page instead of the documented media type is mostly a login or a proxy.
    HtmlInstead,
    /// RFC 8259 forbids a byte order mark before JSON.
    ByteOrderMark,
    /// A redirect is compared like any answer and never followed; where it leads.
    Redirect(String),
    /// Another message altogether came, whose body is not held against the documented one; how it begins.
    Instead(String),
    /// The example array holds elements, the answer none.
    NothingToHold,
    /// What is odd about framing or encoding, by its dotted id.
    Framing(&'static str),
    /// Of a documented URL placeholders and ids vary, the other segments of its path hold.
    UrlTemplate,
}

/// One difference between what is documented and what was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// How grave it is in the profile of the run.
    pub severity: Severity,
    /// The rule that judged it.
    pub rule: Rule,
    /// The `JSONPath` (RFC 9535) of the place in the answer, or a header's name; empty for status and media type.
    pub at: String,
    /// The documented place.
    pub site: Site,
    /// The line that documents it, once it was looked up.
    pub location: Option<Excerpt>,
    /// What is documented; none where nothing is.
    pub expected: Option<Json>,
    /// What was answered; none where nothing came.
    pub actual: Option<Json>,
    /// How many elements of an array, or members of an object whose names are data, differ in this way: out of how many,
    /// and the first of them.
    pub elements: Option<Elements>,
    /// Why the rule applied.
    pub why: Why,
    /// The mildest rule by hand that would accept it, for that place of that contract; none where no rule can.
    pub accept: Option<RuleByHand>,
    /// What people know of it, where they do: then it fails no contract.
    pub known: Option<Box<KnownFailure>>,
}

/// The elements of an array that share one mismatch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elements {
    /// How many differ.
    pub count: usize,
    /// How many there are.
    pub of: usize,
    /// Index of the first that differs, in its array.
    pub first: usize,
    /// The `JSONPath` of the place in it, the index of each outer element in it too.
    pub path: String,
    /// Whether all of them came as the first did.
    pub alike: bool,
}

/// A documented line, to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// Where it stands.
    pub location: Location,
    /// The line's text; of one that is longer than people read a part.
    pub text: String,
    /// The column that the text begins with.
    pub from: u32,
    /// How many characters from the column on are meant.
    pub length: u32,
}

/// One of the four things that can come of a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Sent, answered, and nothing broken.
    Passed,
    /// A whole answer came, and it breaks the promise.
    Failed,
    /// It could not be judged.
    Errored(Trouble, String),
    /// It was not sent, on purpose.
    Skipped(SkipReason, String),
}

impl Outcome {
    /// Its name in reports.
    pub fn name(&self) -> &'static str {
        match self {
            Outcome::Passed => "passed",
            Outcome::Failed => "failed",
            Outcome::Errored(..) => "errored",
            Outcome::Skipped(..) => "skipped",
        }
    }
}

/// What came of one contract. Bodies are gone: only what differs is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Which contract.
    pub id: ContractId,
    /// What came of it.
    pub outcome: Outcome,
    /// Where its pair is documented: the page, or the contract file where the docs are not at hand.
    pub source: Option<Location>,
    /// Method and URL as sent; as documented where nothing was sent.
    pub request: Option<RequestLine>,
    /// The status that came.
    pub status: Option<u16>,
    /// What differs, in the page's order, at most [`MAX_MISMATCHES`].
    pub mismatches: Vec<Mismatch>,
    /// How many more differ.
    pub more: usize,
    /// Places of the documented body that were held against the answer.
    pub checked: usize,
    /// Places of the documented body that could not be.
    pub unchecked: usize,
    /// The rules by hand that match a place of its answer or of its documented body, by their positions.
    pub matched: BTreeSet<usize>,
    /// From the first byte sent to the last byte read, over all attempts.
    pub elapsed: Duration,
    /// How often it was sent.
    pub attempts: u32,
    /// What sends it by hand, where it did not pass; secrets are variables in it.
    pub curl: Option<String>,
    /// What went over the wire, where it was to be kept.
    pub exchange: Option<Box<Conversation>>,
    /// It passed, and an attempt before had failed.
    pub flaky: bool,
    /// What is odd about how it was sent.
    pub remark: Option<Remark>,
}

/// The most mismatches that one verdict holds; the others are counted.
pub const MAX_MISMATCHES: usize = 50;

/// A request in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestLine {
    /// The method.
    pub method: String,
    /// The URL.
    pub url: String,
}

impl Verdict {
    /// A verdict of a contract of which nothing was sent.
    pub fn unsent(id: ContractId, outcome: Outcome) -> Verdict {
        Verdict {
            id,
            outcome,
            source: None,
            request: None,
            status: None,
            mismatches: Vec::new(),
            more: 0,
            checked: 0,
            unchecked: 0,
            matched: BTreeSet::new(),
            elapsed: Duration::ZERO,
            attempts: 0,
            curl: None,
            exchange: None,
            flaky: false,
            remark: None,
        }
    }

    /// How many of its mismatches are this grave.
    pub fn count(&self, severity: Severity) -> usize {
        self.mismatches.iter().filter(|mismatch| mismatch.severity == severity).count()
    }
}

/// What came of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Where the requests went: the target's URL, or `stub`.
    pub target: String,
    /// How strictly answers were judged.
    pub profile: Profile,
    /// Whether the run was ended early.
    pub interrupted: bool,
    /// Ordered by id.
    pub verdicts: Vec<Verdict>,
    /// Contracts outside the selection.
    pub unselected: usize,
    /// Things found wrong with the docs that were read in memory: how many of each kind.
    pub findings: BTreeMap<Code, usize>,
    /// Rules by hand that no place of the run matched: warnings all.
    pub unmatched: Vec<UnmatchedRule>,
    /// Known failures that are over, or that are none: warnings all.
    pub known: Vec<KnownNote>,
    /// Values for want of which contracts were held back, ordered by their keys.
    pub missing: Vec<MissingVariable>,
    /// What clean-ups could not undo: warnings all.
    pub left_behind: Vec<LeftBehind>,
    /// What else is of no use, or went wrong beside the verdicts, in words: flags, entries of faithful.toml.
    pub warnings: Vec<String>,
    /// What a reader of any report must know of the run.
    pub caveats: Vec<Caveat>,
}

impl Report {
    /// Verdicts, of which nothing else is to be said.
    pub fn of(target: impl Into<String>, profile: Profile, verdicts: Vec<Verdict>) -> Report {
        Report {
            target: target.into(),
            profile,
            interrupted: false,
            verdicts,
            unselected: 0,
            findings: BTreeMap::new(),
            unmatched: Vec::new(),
            known: Vec::new(),
            missing: Vec::new(),
            left_behind: Vec::new(),
            warnings: Vec::new(),
            caveats: Vec::new(),
        }
    }
}

/// What weakens all that a report says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caveat {
    /// The target need not have proven who it is.
    Insecure,
}

/// A rule by hand that no place of a run matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnmatchedRule {
    /// The rule.
    pub rule: RuleByHand,
    /// How many contracts were judged that it is for.
    pub judged: usize,
}

/// All counts of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Kept the promise.
    pub passed: usize,
    /// Broke it.
    pub failed: usize,
    /// Could not be judged.
    pub errored: usize,
    /// Were not sent, or are known failures.
    pub skipped: usize,
    /// Mismatches that are warnings, and all that is told of as a warning beside the verdicts.
    pub warnings: usize,
    /// Outside the selection.
    pub unselected: usize,
    /// Places of documented bodies that were held against answers.
    pub checked: usize,
    /// Places of documented bodies that could not be.
    pub unchecked: usize,
    /// Mismatches that people know of.
    pub known: usize,
    /// Passed, and an attempt before had failed.
    pub flaky: usize,
    /// How many were not sent for each reason.
    pub skipped_by_reason: BTreeMap<&'static str, usize>,
}

impl Report {
    /// Counts everything.
    pub fn summary(&self) -> Summary {
        let beside = self.unmatched.len() + self.known.len() + self.left_behind.len();
        let warnings = beside + self.warnings.len();
        let mut summary = Summary { unselected: self.unselected, warnings, ..Summary::default() };
        for verdict in &self.verdicts {
            summary.warnings += verdict.count(Severity::Warn);
            summary.known += verdict.mismatches.iter().filter(|mismatch| mismatch.known.is_some()).count();
            summary.checked += verdict.checked;
            summary.unchecked += verdict.unchecked;
            summary.flaky += usize::from(verdict.flaky);
            match &verdict.outcome {
                Outcome::Passed => summary.passed += 1,
                Outcome::Failed => summary.failed += 1,
                Outcome::Errored(..) => summary.errored += 1,
                Outcome::Skipped(reason, _) => {
                    summary.skipped += 1;
                    *summary.skipped_by_reason.entry(reason.name()).or_default() += 1;
                }
            }
        }
        summary
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_contract_is_counted_once() {
        let verdict = |outcome| Verdict::unsent(ContractId::new("a"), outcome);
        let verdicts = vec![
            verdict(Outcome::Passed),
            verdict(Outcome::Failed),
            verdict(Outcome::Skipped(SkipReason::Mutating, String::new())),
            verdict(Outcome::Skipped(SkipReason::Mutating, String::new())),
            verdict(Outcome::Errored(Trouble::Bug, String::new())),
        ];
        let report = Report { unselected: 3, ..Report::of("stub", Profile::Golden, verdicts) };
        let summary = report.summary();
        assert_eq!((summary.passed, summary.failed, summary.errored, summary.skipped), (1, 1, 1, 2));
        assert_eq!(summary.unselected, 3);
        assert_eq!(summary.skipped_by_reason.get("mutating"), Some(&2));
    }
}
