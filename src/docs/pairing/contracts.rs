//! Contracts: what a request and its answer say, put into one.

use super::parted::{is_below_errors, said_status, status_of};
use super::{Block, Exchanges, Group, Message, Part, error, is_heard};
use crate::contract::{
    Confidence, Contract, ContractId, DocumentedRequest, DocumentedResponse, Provenance, Status, numbered,
    path_slug,
};
use crate::docs::annotation::Annotation;
use crate::docs::body::{self, Reading};
use crate::docs::http_text::is_method;
use crate::docs::notes::Notes;
use crate::docs::shell::says_case;
use crate::docs::{Annotations, Documented, Keys, Written, ids};
use crate::finding::Code;
use crate::message::Body;
use crate::secret;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Bytes of text that the contracts of one page may hold: an answer that thousands of requests share is one
/// annotation to write, and thousands of copies to keep. The longest real page has 987 kB.
const MOST: usize = 16 * 1024 * 1024;

/// A half of a contract, and where it is written.
struct Half<T> {
    said: T,
    line: u32,
    body_line: Option<u32>,
    confidence: Confidence,
}

/// The contracts of the pairs of a page.
pub(super) fn contracts(
    file: &str,
    exchanges: &Exchanges,
    annotations: Annotations,
    keys: Keys,
    notes: &mut Notes,
) -> Vec<Documented> {
    // Where annotations are required nothing is said of a half without one.
    let mut unheard = Notes::new("");
    let mut responses = Vec::with_capacity(exchanges.responses.len());
    for part in &exchanges.responses {
        responses.push(response(part, if is_heard(part.block, annotations) { notes } else { &mut unheard }));
    }
    if annotations == Annotations::Optional {
        for group in &exchanges.groups {
            tell_repeated(group, exchanges, &responses, notes);
        }
    }
    let mut answers = Answers::of(exchanges, responses);
    let folder = match keys {
        Keys::Made => path_slug(file),
        Keys::Empty => String::new(),
    };
    let mut documented = Vec::new();
    let mut bytes = 0;
    let mut unexpected = BTreeSet::new();
    for group in &exchanges.groups {
        for (position, message) in group.requests.iter().enumerate() {
            let own: Vec<Option<usize>> = match message {
                // A command that shows nothing still says what is sent, and that it is in order to send it.
                Message::Command(..) if group.answers.is_empty() => vec![None],
                _ => group.answers.iter().copied().map(Some).collect(),
            };
            if own.is_empty() {
                continue;
            }
            let heard = if is_heard(group.block, annotations) { &mut *notes } else { &mut unheard };
            let Some(mut request) = request(message, group.block, heard) else { continue };
            let last = own.len() - 1;
            for (index, answer) in own.into_iter().enumerate() {
                let part = answer.and_then(|answer| exchanges.responses.get(answer));
                let response = answers.say(answer, request.line);
                let is_annotated = |block: &Block| block.annotation.is_some();
                let inferred =
                    !is_annotated(group.block) || !part.is_some_and(|part| is_annotated(part.block));
                if inferred && annotations == Annotations::Required {
                    left_out(group.block, message.line(), part, notes);
                    continue;
                }
                let status = response.said.status;
                let mut said = response.said;
                let mut response_body_line = response.body_line;
                // What answers HEAD has no content (RFC 9110, 9.3.2): the body can only be that of another request.
                if request.said.method.eq_ignore_ascii_case("HEAD") && said.body != Body::None {
                    let line = response_body_line.take().unwrap_or(response.line);
                    if unexpected.insert(line) {
                        notes.add(Code::UnexpectedBody, line, "HEAD");
                    }
                    (said.body, said.elided) = (Body::None, Vec::new());
                }
                let request_text = message.own_text().unwrap_or(&group.block.text);
                let response_text =
                    part.map_or("", |part| part.message.own_text().unwrap_or(&part.block.text));
                bytes += request_text.len() + response_text.len();
                if bytes > MOST {
                    notes.add(Code::TooManyPairs, message.line(), "");
                    return documented;
                }
                let name = name(group, position, &request.said);
                let id = match keys {
                    Keys::Made => id(&folder, &name, group, status),
                    Keys::Empty => String::new(),
                };
                let low = [request.confidence, response.confidence].contains(&Confidence::Low);
                let source = Provenance {
                    file: file.to_owned(),
                    sha256: match keys {
                        Keys::Made => sha256(request_text, response_text),
                        Keys::Empty => String::new(),
                    },
                    inferred,
                    confidence: if low { Confidence::Low } else { Confidence::Sure },
                };
                documented.push(Documented {
                    contract: Contract {
                        id: ContractId::new(id),
                        name,
                        source,
                        request: if index == last {
                            std::mem::take(&mut request.said)
                        } else {
                            request.said.clone()
                        },
                        response: said,
                    },
                    written: Written {
                        request_line: request.line,
                        request_body_line: request.body_line,
                        status_line: response.line,
                        response_body_line,
                    },
                });
            }
        }
    }
    documented
}

/// What the responses of a page say, and how often each is yet to be said: the last time it need not be copied.
struct Answers {
    halves: Vec<Half<DocumentedResponse>>,
    left: Vec<usize>,
}

impl Answers {
    fn of(exchanges: &Exchanges, halves: Vec<Half<DocumentedResponse>>) -> Answers {
        let mut left = vec![0; halves.len()];
        for group in &exchanges.groups {
            for answer in &group.answers {
                if let Some(left) = left.get_mut(*answer) {
                    *left += group.requests.len();
                }
            }
        }
        Answers { halves, left }
    }

    /// What answers a request of this line; success where nothing is shown.
    fn say(&mut self, answer: Option<usize>, line: u32) -> Half<DocumentedResponse> {
        let shown = answer.and_then(|at| Some((self.halves.get_mut(at)?, self.left.get_mut(at)?)));
        let Some((half, left)) = shown else {
            let said = DocumentedResponse::of_status(Status::Success);
            return Half { said, line, body_line: None, confidence: Confidence::Sure };
        };
        *left = left.saturating_sub(1);
        let said = match left {
            0 => std::mem::replace(&mut half.said, DocumentedResponse::of_status(Status::Success)),
            _ => half.said.clone(),
        };
        Half { said, ..*half }
    }
}

/// Tells of answers to one request that have one status, where nothing but their place says whose they are.
fn tell_repeated(
    group: &Group,
    exchanges: &Exchanges,
    responses: &[Half<DocumentedResponse>],
    notes: &mut Notes,
) {
    if group.answers.len() < 2 || group.block.annotation.is_some() {
        return;
    }
    let mut seen: BTreeMap<u16, &Block> = BTreeMap::new();
    for answer in &group.answers {
        let (Some(part), Some(response)) = (exchanges.responses.get(*answer), responses.get(*answer)) else {
            continue;
        };
        let Status::Code(code) = response.said.status else { continue };
        let before = seen.insert(code, part.block);
        // What stands in one fence belongs together.
        let is_apart =
            |block: &Block| !std::ptr::eq(block, part.block) && !std::ptr::eq(group.block, part.block);
        // Errors of one status differ in what is wrong; and what is said to be another answer is one.
        let is_said = code >= 400 || said_status(part.block).is_some() || says_case(part.block.paragraph);
        if part.block.annotation.is_none() && !is_said && before.is_some_and(is_apart) {
            notes.add(Code::RepeatedStatus, response.line, part.message.title());
        }
    }
}

/// Where annotations are required, an annotated half whose other half has none is left alone.
fn left_out(request: &Block, line: u32, response: Option<&Part>, notes: &mut Notes) {
    if request.annotation.is_some() {
        notes.add(Code::UnpairedRequest, line, "");
    }
    if let Some(response) = response.filter(|response| response.block.annotation.is_some()) {
        notes.add(Code::UnpairedResponse, response.message.line(), response.message.title());
    }
}

/// The request's name on the page; where a fence has as many names as requests, each has its own.
fn name(group: &Group, position: usize, request: &DocumentedRequest) -> String {
    let names: Vec<&str> = group.block.names().collect();
    let own = if names.len() == group.requests.len() { names.get(position) } else { names.first() };
    own.map_or_else(|| ids::nameless(&request.method, &request.url), |name| (*name).to_owned())
}

/// What a contract is called: after its request, and after its status where the request has several answers.
fn id(folder: &str, name: &str, group: &Group, status: Status) -> String {
    let suffix = match group.answers.len() {
        0 | 1 => String::new(),
        _ => format!("-{status}"),
    };
    format!("{folder}/{}", numbered(name, &suffix))
}

fn sha256(request: &str, response: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(request);
    hash.update([0]);
    hash.update(response);
    hash.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn request(message: &Message, block: &Block, notes: &mut Notes) -> Option<Half<DocumentedRequest>> {
    let mut text = message.request(notes)?;
    text.headers.gather();
    if !is_method(&text.method) {
        notes.add(Code::UnknownMethod, message.line(), &text.method);
    }
    if text.headers.iter().any(|(name, value)| secret::is_in_field(name, value)) {
        notes.add_secret(message.line());
    }
    let Reading { body, elided, confidence } = body::read(text.body, &text.headers, notes);
    let said = |list: fn(&Annotation) -> &Vec<String>| {
        block.annotation.as_ref().map(list).cloned().unwrap_or_default()
    };
    let request = DocumentedRequest {
        method: text.method,
        url: text.url,
        headers: text.headers,
        scopes: said(|annotation| &annotation.scopes),
        tags: said(|annotation| &annotation.tags),
        elided,
        body,
    };
    Some(Half { said: request, line: message.line(), body_line: text.body.line(), confidence })
}

fn response(part: &Part, notes: &mut Notes) -> Half<DocumentedResponse> {
    let mut text = part.message.response(notes);
    text.headers.gather();
    let Reading { body, elided, confidence } = body::read(text.body, &text.headers, notes);
    let annotation = part.block.annotation.as_ref();
    let shows_error = || {
        annotation.is_some_and(|annotation| annotation.expect_error == Some(true))
            || error::shows_error(&body)
    };
    let status = match text.status.or_else(|| status_of(part.block)) {
        Some(code) => Status::Code(code),
        None if shows_error() || is_below_errors(part.block) => Status::Error,
        None => Status::Success,
    };
    let mut said =
        DocumentedResponse { headers: text.headers, elided, body, ..DocumentedResponse::of_status(status) };
    if let Some(annotation) = annotation {
        said.type_name.clone_from(&annotation.type_name);
        said.truncated =
            annotation.truncated.or_else(|| says_truncated(part.block.paragraph).then_some(true));
        said.is_collection = annotation.is_collection;
        said.collection_property.clone_from(&annotation.collection_property);
        said.is_empty = annotation.is_empty;
        said.expect_error = annotation.expect_error;
        said.optional.clone_from(&annotation.optional);
        said.nullable.clone_from(&annotation.nullable);
    }
    Half { said, line: part.message.line(), body_line: text.body.line(), confidence }
}

/// Whether a paragraph says that the response behind it may be truncated or shortened.
fn says_truncated(paragraph: &str) -> bool {
    let text = paragraph.to_ascii_lowercase();
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.windows(2).any(|pair| {
        matches!(pair, ["be" | "been" | "is" | "are" | "was" | "were" | "or", "truncated" | "shortened"])
    })
}
