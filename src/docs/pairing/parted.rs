//! Requests whose parts stand in blocks of their own: the request line, then the body, then what answers it.

use super::blocks::Role;
use super::message::Message;
use super::{Block, Pairing};
use crate::docs::form::Examples;
use crate::docs::http_text;
use crate::docs::notes::Notes;
use crate::docs::shell::{announces, says_answer, says_error, says_sent, status};
use crate::finding::Code;
use crate::json::{Budget, Json};

/// What is known of the body of a request that waits for its answer.
#[derive(Default)]
pub(super) struct Parted<'t> {
    /// It shows no body.
    is_bare: bool,
    /// Requests of its method have one.
    lacks_body: bool,
    /// Data behind it that may be its body: an answer behind that says so.
    body: Option<&'t Block<'t>>,
}

impl<'t> Pairing<'t> {
    /// A request that is written as HTTP may be answered by data alone, unless that could be what it sends.
    pub(super) fn waits(&mut self, request: &http_text::Message<'t>) {
        self.waiting.clear();
        self.is_told = true;
        if self.examples == Examples::Annotated {
            return;
        }
        let Some(text) = request.request(&mut self.aside) else { return };
        let is_bare = text.body.text.is_empty();
        let lacks_body = is_bare && matches!(text.method.as_str(), "POST" | "PUT" | "PATCH");
        self.parted = Parted { is_bare, lacks_body, body: None };
        self.waiting.extend(self.exchanges.groups.len().checked_sub(1).map(|group| (group, None)));
    }

    /// Whether a block is what the request that waits sends, or may yet turn out to be.
    pub(super) fn is_sent(&mut self, block: &'t Block<'t>) -> bool {
        let Some((group, None)) = self.waiting.last().copied() else { return false };
        if !self.parted.is_bare || !is_json(block) {
            return false;
        }
        if is_announced(block) {
            if let Some(body) = self.parted.body.take() {
                self.attach(group, body);
            }
            return false;
        }
        if says_sent(block.paragraph) || says_sent(block.title) {
            self.attach(group, block);
            self.parted = Parted::default();
            return true;
        }
        if self.parted.lacks_body {
            let is_second = self.parted.body.replace(block).is_some();
            if is_second {
                self.waiting.clear();
            }
        }
        self.parted.lacks_body
    }

    /// Whether a request waits for its answer that is written as HTTP and shows no body.
    pub(super) fn lacks_body(&self) -> bool {
        self.parted.is_bare && matches!(self.waiting.last(), Some((_, None)))
    }

    /// Whether a block is the body of the response before it, which shows none: right behind it, or said to be it.
    pub(super) fn is_body(&mut self, response: usize, block: &'t Block<'t>) -> bool {
        let Some(part) = self.exchanges.responses.get_mut(response) else { return false };
        let Message::Http(message) = part.message else { return false };
        let text = message.response(&mut self.aside);
        let has_none = text.status.is_some_and(|status| status < 200 || matches!(status, 204 | 205 | 304));
        let label = block.paragraph.trim();
        let is_said = (label.is_empty() && block.title.is_empty()) || is_body_label(label);
        if has_none || !text.body.text.is_empty() || !is_said || !is_json(block) {
            return false;
        }
        part.message = Message::Parted(message, &block.text, block.line + 1);
        true
    }

    fn attach(&mut self, group: usize, body: &'t Block<'t>) {
        let requests = self.exchanges.groups.get_mut(group).map(|group| &mut group.requests);
        for request in requests.into_iter().flatten() {
            if let Message::Http(message) = *request {
                *request = Message::Parted(message, &body.text, body.line + 1);
            }
        }
    }

    /// Tells of what is said to be an answer, where the page has a request at all: else it may be that of anything.
    pub(super) fn report_stray(&mut self, notes: &mut Notes) {
        for message in std::mem::take(&mut self.stray) {
            if !self.exchanges.groups.is_empty() || !self.foreign.is_empty() {
                notes.add(Code::UnpairedResponse, message.line(), message.title());
            }
        }
    }
}

/// Whether a label says no more than that the body of an answer follows, as in `Response body:`.
fn is_body_label(label: &str) -> bool {
    let mut words = label.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_short = words.clone().count() <= 3;
    let is_of_request = words.clone().any(|word| word.eq_ignore_ascii_case("request"));
    is_short && !is_of_request && words.any(|word| word.eq_ignore_ascii_case("body"))
}

/// The status that is said of an answer which shows none.
pub(super) fn said_status(block: &Block) -> Option<u16> {
    if block.role != Role::Answer {
        return None;
    }
    status(block.paragraph).or_else(|| status(block.title))
}

/// Whether the heading of an answer that shows no status says that it is an error.
pub(super) fn is_below_errors(block: &Block) -> bool {
    block.role == Role::Answer && says_error(block.title) && !announces(block.paragraph)
}

/// Whether a block is JSON that is read without a guess.
pub(super) fn is_json(block: &Block) -> bool {
    let text = block.text.trim_start();
    text.starts_with(['{', '['])
        && Json::parse_lenient(text, &Budget::default()).is_ok_and(|read| !read.is_guess())
}

/// Whether a block is data that is said to be an answer: by the text before it, else by the heading.
pub(super) fn is_announced(block: &Block) -> bool {
    let says = says_answer(block.paragraph) || (says_answer(block.title) && !says_sent(block.paragraph));
    says && is_json(block)
}
