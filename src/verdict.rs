//! What came of a contract: its outcome, its mismatches, and the report over all of them. Data only.

use crate::contract::ContractId;
use crate::json::Json;
use crate::source::Location;
use std::collections::BTreeMap;
use std::time::Duration;

/// One use of a contract test, and with it how strictly the answer is held against the docs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Does the real service keep what the docs say?
    Service,
    /// Is this fake still like the docs? It must not invent and must not omit.
    Mock,
    /// Does it answer exactly what the docs show?
    Golden,
}

impl Profile {
    /// Its name on the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Profile::Service => "service",
            Profile::Mock => "mock",
            Profile::Golden => "golden",
        }
    }
}

/// How grave a mismatch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Breaks the promise: the contract fails.
    Fail,
    /// Looks wrong, and may be lawful.
    Warn,
    /// Worth counting.
    Note,
}

impl Severity {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Fail => "fail",
            Severity::Warn => "warn",
            Severity::Note => "note",
        }
    }
}

/// The rule that an answer broke: the stable names of reports, flags and the user guide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// Another status code.
    Status,
    /// Another media type.
    ContentType,
    /// A documented header did not come.
    HeaderMissing,
    /// A documented header came with a value it cannot have.
    HeaderValue,
    /// No body came.
    BodyMissing,
    /// A body came where none is documented.
    BodyUnexpected,
    /// The body is not JSON.
    BodyNotJson,
    /// A shown member did not come.
    MemberMissing,
    /// A member came that is not shown.
    MemberExtra,
    /// Null where a value is shown, or the other way round.
    Null,
    /// Another JSON type.
    Type,
    /// The format of a string was lost.
    Format,
    /// A string outside the documented enumeration.
    Enum,
    /// Not what was sent.
    Echo,
    /// Another value where the documented one is promised.
    Value,
    /// Nothing to hold the documented elements against.
    ArrayEmpty,
    /// Another number of elements.
    ArrayLength,
    /// A member stands twice in one object.
    DuplicateMember,
    /// A number lost digits.
    Precision,
    /// The text's encoding is off.
    Encoding,
    /// The message's framing is off.
    Framing,
}

impl Rule {
    /// The rule's stable name.
    pub fn name(self) -> &'static str {
        match self {
            Rule::Status => "status",
            Rule::ContentType => "content-type",
            Rule::HeaderMissing => "header-missing",
            Rule::HeaderValue => "header-value",
            Rule::BodyMissing => "body-missing",
            Rule::BodyUnexpected => "body-unexpected",
            Rule::BodyNotJson => "body-not-json",
            Rule::MemberMissing => "member-missing",
            Rule::MemberExtra => "member-extra",
            Rule::Null => "null",
            Rule::Type => "type",
            Rule::Format => "format",
            Rule::Enum => "enum",
            Rule::Echo => "echo",
            Rule::Value => "value",
            Rule::ArrayEmpty => "array-empty",
            Rule::ArrayLength => "array-length",
            Rule::DuplicateMember => "duplicate-member",
            Rule::Precision => "precision",
            Rule::Encoding => "encoding",
            Rule::Framing => "framing",
        }
    }
}

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
    /// The documented answer repeats what the request sends at this JSON Pointer.
    Echo(String),
    /// The documented answer repeats this part of the documented URL.
    PathEcho(String),
    /// `@odata.type` names the type of its object.
    TypeName,
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
    /// JSONPath (RFC 9535) of the place in the answer, or a header's name; empty for status and media type.
    pub at: String,
    /// The documented place.
    pub site: Site,
    /// The line that documents it, once it was looked up.
    pub location: Option<Excerpt>,
    /// What is documented; none where nothing is.
    pub expected: Option<Json>,
    /// What was answered; none where nothing came.
    pub actual: Option<Json>,
    /// How many elements of an array differ in this way: out of how many, and the first of them.
    pub elements: Option<Elements>,
    /// Why the rule applied.
    pub why: Why,
}

/// The elements of an array that share one mismatch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Elements {
    /// How many differ.
    pub count: usize,
    /// How many there are.
    pub of: usize,
    /// Index of the first that differs.
    pub first: usize,
}

/// A documented line, to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// Where it stands.
    pub location: Location,
    /// The line's text.
    pub text: String,
    /// How many characters from the column on are meant.
    pub length: u32,
}

/// Why a contract could not be judged: stable ids, with what they ask the reader to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is described by `remedy`")]
pub enum Trouble {
    NetRefused,
    NetTargetDown,
    NetDns,
    NetConnectTimeout,
    NetTimeoutHeaders,
    NetTimeoutBody,
    NetClosed,
    NetReset,
    NetResetAfterSend,
    NetTls,
    NetOther,
    HttpTruncated,
    HttpMalformed,
    HttpThrottled,
    HttpUnavailable,
    BodyTooLarge,
    BodyTooDeep,
    BodyUnsupportedEncoding,
    BodyBadEncoding,
    JsonTooManyNodes,
    RequestBadUrl,
    RequestUnsendable,
    ContractVersion,
    ContractInvalid,
    ContractDuplicateId,
    FsDenied,
    FsVanished,
    Bug,
}

impl Trouble {
    /// The stable id.
    pub fn id(self) -> &'static str {
        self.id_and_remedy().0
    }

    /// What to try.
    pub fn remedy(self) -> &'static str {
        self.id_and_remedy().1
    }

    fn id_and_remedy(self) -> (&'static str, &'static str) {
        match self {
            Trouble::NetRefused => ("net.refused", "is the service running at this host and port?"),
            Trouble::NetTargetDown => {
                ("net.target_down", "the target refused several contracts in a row; start it and run again")
            }
            Trouble::NetDns => ("net.dns", "check the target's host name"),
            Trouble::NetConnectTimeout => {
                ("net.connect_timeout", "check host, port and firewall, or raise --connect-timeout")
            }
            Trouble::NetTimeoutHeaders => (
                "net.timeout_headers",
                "the service accepted the request and did not answer; raise --max-time if it is slow",
            ),
            Trouble::NetTimeoutBody => {
                ("net.timeout_body", "the answer began and did not end; raise --max-time if it is slow")
            }
            Trouble::NetClosed => {
                ("net.closed", "the service closed the connection without an answer; look at its log")
            }
            Trouble::NetReset => ("net.reset", "the connection was reset; look at the service's log"),
            Trouble::NetResetAfterSend => {
                ("net.reset_after_send", "the service may have acted; the request was not sent again")
            }
            Trouble::NetTls => (
                "net.tls",
                "is the certificate valid for this host? A private authority is named by --ca-cert",
            ),
            Trouble::NetOther => ("net.other", "look at the service's log"),
            Trouble::HttpTruncated => (
                "http.truncated",
                "the answer is shorter than it says; look at the service and the proxies before it",
            ),
            Trouble::HttpMalformed => {
                ("http.malformed", "what answers is not well-formed HTTP; is this the right port and scheme?")
            }
            Trouble::HttpThrottled => {
                ("http.throttled", "the service limits the rate; lower --jobs or run again later")
            }
            Trouble::HttpUnavailable => {
                ("http.unavailable", "the service or a gateway before it is not available; run again later")
            }
            Trouble::BodyTooLarge => {
                ("body.too_large", "raise --max-body if the answer is meant to be that large")
            }
            Trouble::BodyTooDeep => ("body.too_deep", "the answer is nested deeper than faithful reads"),
            Trouble::BodyUnsupportedEncoding => (
                "body.unsupported_encoding",
                "the answer's content coding was not asked for; it cannot be compared",
            ),
            Trouble::BodyBadEncoding => ("body.bad_gzip", "the answer's content coding is broken"),
            Trouble::JsonTooManyNodes => {
                ("json.too_many_nodes", "the answer holds more JSON values than faithful reads")
            }
            Trouble::RequestBadUrl => ("request.bad_url", "correct the documented URL"),
            Trouble::RequestUnsendable => ("request.unsendable", "correct the documented request"),
            Trouble::ContractVersion => (
                "contract.version",
                "use a faithful that knows this version of the format, or extract the contract again",
            ),
            Trouble::ContractInvalid => ("contract.invalid", "correct the file, or extract it again"),
            Trouble::ContractDuplicateId => {
                ("contract.duplicate_id", "name one of the folders, or run them one after the other")
            }
            Trouble::FsDenied => ("fs.denied", "check the file's permissions"),
            Trouble::FsVanished => ("fs.vanished", "the file was there when the run began; run again"),
            Trouble::Bug => ("bug", "this is a bug in faithful: please report it with the contract"),
        }
    }
}

/// Why a contract was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SkipReason {
    /// A placeholder has no value.
    NeedsVariable,
    /// The documented body cannot be sent as it is.
    NeedsBody,
    /// It would change the target's state.
    Mutating,
    /// Its URL belongs to another origin than the docs'.
    ForeignOrigin,
    /// It names a host that the target may dial.
    NamesForeignHost,
    /// URL or body hold what looks like a live secret.
    Credential,
    /// An equal request was answered as another contract documents.
    OtherAnswer,
    /// The configuration says so.
    Config,
    /// The run was interrupted.
    Interrupted,
}

impl SkipReason {
    /// The reason's stable name.
    pub fn name(self) -> &'static str {
        match self {
            SkipReason::NeedsVariable => "needs-variable",
            SkipReason::NeedsBody => "needs-body",
            SkipReason::Mutating => "mutating",
            SkipReason::ForeignOrigin => "foreign-origin",
            SkipReason::NamesForeignHost => "names-foreign-host",
            SkipReason::Credential => "credential",
            SkipReason::OtherAnswer => "other-answer",
            SkipReason::Config => "config",
            SkipReason::Interrupted => "interrupted",
        }
    }

    /// What to do to have it sent.
    pub fn remedy(self) -> &'static str {
        match self {
            SkipReason::NeedsVariable => "give --variable NAME=VALUE",
            SkipReason::NeedsBody => "the page does not show a body that can be sent",
            SkipReason::Mutating => "give --allow-mutations if the target may be changed",
            SkipReason::ForeignOrigin => "give --map ORIGIN=URL to say where that origin lives",
            SkipReason::NamesForeignHost => "give --allow-foreign-hosts if the target may dial that host",
            SkipReason::Credential => "take the secret off the page",
            SkipReason::OtherAnswer => "another contract with the same request was judged",
            SkipReason::Config => "see faithful.toml",
            SkipReason::Interrupted => "run again",
        }
    }
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
    /// From the first byte sent to the last byte read, over all attempts.
    pub elapsed: Duration,
    /// How often it was sent.
    pub attempts: u32,
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
            elapsed: Duration::ZERO,
            attempts: 0,
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
    /// Things found wrong with the docs that were read in memory.
    pub findings: usize,
    /// What else the reader should know: the docs' origin, files that were ignored.
    pub notes: Vec<String>,
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
    /// Were not sent.
    pub skipped: usize,
    /// Mismatches that are warnings.
    pub warnings: usize,
    /// Outside the selection.
    pub unselected: usize,
    /// Places of documented bodies that were held against answers.
    pub checked: usize,
    /// Places of documented bodies that could not be.
    pub unchecked: usize,
    /// How many were not sent for each reason.
    pub skipped_by_reason: BTreeMap<&'static str, usize>,
}

impl Report {
    /// Counts everything.
    pub fn summary(&self) -> Summary {
        let mut summary = Summary { unselected: self.unselected, ..Summary::default() };
        for verdict in &self.verdicts {
            summary.warnings += verdict.count(Severity::Warn);
            summary.checked += verdict.checked;
            summary.unchecked += verdict.unchecked;
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
        let report = Report {
            target: "stub".into(),
            profile: Profile::Golden,
            interrupted: false,
            verdicts: vec![
                verdict(Outcome::Passed),
                verdict(Outcome::Failed),
                verdict(Outcome::Skipped(SkipReason::Mutating, String::new())),
                verdict(Outcome::Skipped(SkipReason::Mutating, String::new())),
                verdict(Outcome::Errored(Trouble::Bug, String::new())),
            ],
            unselected: 3,
            findings: 0,
            notes: Vec::new(),
        };
        let summary = report.summary();
        assert_eq!((summary.passed, summary.failed, summary.errored, summary.skipped), (1, 1, 1, 2));
        assert_eq!(summary.unselected, 3);
        assert_eq!(summary.skipped_by_reason.get("mutating"), Some(&2));
    }
}
