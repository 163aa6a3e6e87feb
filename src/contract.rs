//! A contract: one documented request/response pair, as its page promises it.

pub mod select;
pub mod selection;
pub mod store;
pub mod url;

mod format;
mod slug;

use crate::message::{Body, Headers};
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

pub use format::{parse, to_file};
pub(crate) use slug::numbered;
pub use slug::{path_slug, slug};

/// One documented request/response pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    /// Stable: made from the page's path and the request's name, never from a position.
    pub id: ContractId,
    /// The request's name on the page, or what it is called after where it has none.
    pub name: String,
    /// Which page it comes from.
    pub source: Provenance,
    /// What the page sends.
    pub request: DocumentedRequest,
    /// What the page shows as the answer.
    pub response: DocumentedResponse,
}

/// The path of a contract's file below the contracts folder, without `.json`, always with `/`. A copy shares it: whatever
/// is said of a contract carries its id.
#[derive(Debug, Clone)]
pub struct ContractId {
    path: Arc<str>,
    /// The path below the usual folder, where a folder inside of that was named.
    whole: Option<Arc<str>>,
}

impl ContractId {
    /// Of a path whose parts are joined by `/`.
    pub fn new(path: impl Into<String>) -> ContractId {
        ContractId { path: path.into().into(), whole: None }
    }

    /// The same id, which is this one where everything is read: what is written for that one is for this one too.
    #[must_use]
    pub fn called(self, whole: Option<String>) -> ContractId {
        ContractId { whole: whole.filter(|whole| **whole != *self.path).map(Arc::from), ..self }
    }

    /// The path.
    pub fn as_str(&self) -> &str {
        &self.path
    }

    /// The path where everything is read, if it is another.
    pub fn whole(&self) -> Option<&str> {
        self.whole.as_deref()
    }
}

impl PartialEq for ContractId {
    fn eq(&self, other: &ContractId) -> bool {
        self.path == other.path
    }
}

impl Eq for ContractId {}

impl PartialOrd for ContractId {
    fn partial_cmp(&self, other: &ContractId) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ContractId {
    fn cmp(&self, other: &ContractId) -> Ordering {
        self.path.cmp(&other.path)
    }
}

impl Hash for ContractId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.path.hash(state);
    }
}

impl fmt::Display for ContractId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)
    }
}

/// The page that a contract comes from, and how it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Provenance {
    /// Path below the docs root, with `/`.
    pub file: String,
    /// SHA-256 of the pair's source text: request fence, NUL, response fence, line ends as LF, in hex.
    pub sha256: String,
    /// The pair carries no annotation; its answer counts as truncated.
    pub inferred: bool,
    /// How sure the reading of its body is.
    pub confidence: Confidence,
}

/// How sure the reading of a body is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Confidence {
    /// As written, or repaired where the meaning is certain.
    #[default]
    Sure,
    /// By a guess: only media type and presence of the body are checked.
    Low,
}

/// The request that a page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocumentedRequest {
    /// In upper case.
    pub method: String,
    /// As the page has it: absolute or relative, placeholders and all.
    pub url: String,
    /// As the page has them, without Content-Length.
    pub headers: Headers,
    /// Permission scopes of the annotation.
    pub scopes: Vec<String>,
    /// Tags of the annotation.
    pub tags: Vec<String>,
    /// JSON Pointers of what the page elides in the body.
    pub elided: Vec<String>,
    /// What is sent.
    pub body: Body,
}

/// The answer that a page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentedResponse {
    /// What the status line says.
    pub status: Status,
    /// As the page has them, without Content-Length.
    pub headers: Headers,
    /// `@odata.type` of the annotation: the resource type of the body.
    pub type_name: Option<String>,
    /// Whether the page shortened the body; absent where it does not say.
    pub truncated: Option<bool>,
    /// The body is a collection of the type.
    pub is_collection: Option<bool>,
    /// The member that holds the collection.
    pub collection_property: Option<String>,
    /// The answer has no body.
    pub is_empty: Option<bool>,
    /// The pair documents an error.
    pub expect_error: Option<bool>,
    /// Members that may be absent.
    pub optional: Vec<String>,
    /// Members that may be null.
    pub nullable: Vec<String>,
    /// JSON Pointers of what the page elides in the body.
    pub elided: Vec<String>,
    /// What is answered.
    pub body: Body,
}

impl DocumentedResponse {
    /// An answer of which only the status is known.
    pub fn of_status(status: Status) -> DocumentedResponse {
        DocumentedResponse {
            status,
            headers: Headers::default(),
            type_name: None,
            truncated: None,
            is_collection: None,
            collection_property: None,
            is_empty: None,
            expect_error: None,
            optional: Vec::new(),
            nullable: Vec::new(),
            elided: Vec::new(),
            body: Body::None,
        }
    }

    /// Whether no body may come, whatever the page shows: it says so itself, or the status does (RFC 9110, 15.3.6).
    pub fn forbids_body(&self) -> bool {
        self.is_empty == Some(true) || self.status == Status::Code(205)
    }
}

/// The status that a page documents: a code, or a class where it states none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// A status code.
    Code(u16),
    /// No code is stated: any success.
    Success,
    /// No code is stated, and the body shows an error: 4xx or 5xx.
    Error,
}

impl Status {
    /// Whether a status code is what the page documents.
    pub fn admits(self, code: u16) -> bool {
        match self {
            Status::Code(documented) => documented == code,
            Status::Success => (200..300).contains(&code),
            Status::Error => (400..600).contains(&code),
        }
    }

    /// Whether the page shows this very code, or a class in which it can be meant: what a proxy in between says of a
    /// service that it cannot reach, or is asked too often, no class of errors means.
    pub fn shows(self, code: u16) -> bool {
        self.admits(code) && !(self == Status::Error && matches!(code, 429 | 502..=504))
    }

    /// The code that a stub answers with.
    pub fn example(self) -> u16 {
        match self {
            Status::Code(code) => code,
            Status::Success => 200,
            Status::Error => 400,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Status::Code(code) => write!(f, "{code}"),
            Status::Success => f.write_str("2xx"),
            Status::Error => f.write_str("error"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Status;
    use rstest::rstest;

    #[rstest]
    #[case(Status::Code(202), 202, &[202], &[200, 203])]
    #[case(Status::Success, 200, &[200, 299], &[199, 300, 404])]
    #[case(Status::Error, 400, &[400, 404, 599], &[200, 302, 600])]
    fn a_class_stands_for_its_codes(
        #[case] status: Status,
        #[case] example: u16,
        #[case] admitted: &[u16],
        #[case] others: &[u16],
    ) {
        assert_eq!(status.example(), example);
        assert!(admitted.iter().all(|code| status.admits(*code)));
        assert!(!others.iter().any(|code| status.admits(*code)));
    }

    #[rstest]
    #[case(Status::Code(503), 503, true)]
    #[case(Status::Error, 503, false)]
    #[case(Status::Error, 429, false)]
    #[case(Status::Error, 500, true)]
    #[case(Status::Success, 404, false)]
    fn no_class_means_what_a_proxy_says(#[case] status: Status, #[case] code: u16, #[case] shown: bool) {
        assert_eq!(status.shows(code), shown);
    }
}
