//! Requests whose parts stand in blocks of their own: the request line, then the body, then what answers it.

use super::blocks::Role;
use super::detached::{first_line, is_word};
use super::message::Message;
use super::{Block, Pairing};
use crate::docs::form::Examples;
use crate::docs::http_text;
use crate::docs::inline;
use crate::docs::notes::Notes;
use crate::docs::shell::names_file;
use crate::docs::shell::{
    Command, announces, has_word, says_answer, says_body, says_error, says_failed, says_it_failed, says_sent,
    status, status_of_reason,
};
use crate::finding::Code;
use crate::json::{Budget, Json};
use crate::message::{Body, is_json as media_is_json, media_type};

/// What is known of the body of a request that waits for its answer.
#[derive(Default)]
pub(super) struct Parted<'t> {
    /// The request.
    group: usize,
    /// It shows no body.
    is_bare: bool,
    /// Requests of its method have one.
    lacks_body: bool,
    /// The file that has its body, and that the page has not shown yet.
    file: Option<String>,
    /// It says that its body is no JSON.
    says_text: bool,
    /// What may be its body.
    behind: Behind<'t>,
}

/// Data behind a request that may be its body: an answer behind that says so.
#[derive(Default, Clone, Copy)]
enum Behind<'t> {
    #[default]
    Nothing,
    Body(&'t Block<'t>),
    /// Something else may be, too: what stands behind it, or what has an answer.
    Unclear(&'t Block<'t>, Option<&'t Block<'t>>),
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
        self.parted = self.parted_of(text.body.text.is_empty(), &text.method);
        let media = text.headers.get("content-type").map(media_type);
        self.parted.says_text = media.is_some_and(|media| !media_is_json(&media));
        self.waiting.extend(self.exchanges.groups.len().checked_sub(1).map(|group| (group, None)));
    }

    /// Takes notice of what a command sends.
    pub(super) fn sends(&mut self, command: &Command) {
        let text = command.request.text(command.body_line);
        let file = Body::Text(text.body.text.to_owned()).file_of_content().map(str::to_owned);
        self.parted = self.parted_of(text.body.text.is_empty() || file.is_some(), &text.method);
        self.parted.file = file;
    }

    /// Tells of what is said before a request to be what it sends, where it shows no body itself.
    pub(super) fn tell_ahead(&mut self, notes: &mut Notes) {
        if let Some(body) = self.ahead.take().filter(|_| self.parted.lacks_body) {
            notes.add(Code::DetachedBody, body.line + 1, first_line(&body.text));
        }
    }

    /// Tells of code in the text right behind a request that shows no body, where it is said to be that.
    pub(super) fn tell_sent(&mut self, block: &Block, notes: &mut Notes) {
        if !self.parted.lacks_body || !matches!(self.waiting.last(), Some((_, None))) {
            return;
        }
        if let Some(code) = inline::code(block.behind).filter(|code| says_sent(code.label)) {
            notes.add(Code::DetachedBody, block.line + rows(block) + code.above + 1, code.text);
        }
    }

    fn parted_of(&self, is_bare: bool, method: &str) -> Parted<'t> {
        let lacks_body = is_bare && matches!(method, "POST" | "PUT" | "PATCH");
        let group = self.exchanges.groups.len().saturating_sub(1);
        Parted { group, is_bare, lacks_body, ..Parted::default() }
    }

    /// Whether a block is what the request that waits sends, or may yet turn out to be.
    pub(super) fn is_sent(&mut self, block: &'t Block<'t>) -> bool {
        let &[.., (group, command)] = self.waiting.as_slice() else { return false };
        let is_one = command.is_none() || self.waiting.len() == 1;
        let is_text = self.parted.says_text || block.text.trim_start().starts_with('<');
        let is_said = says_answer(block.paragraph) || says_answer(block.title);
        let is_data = is_json(block) || (is_text && !is_said && !is_word(block));
        let is_other = block.is_named && self.is_of_text(block, group);
        if !self.parted.is_bare || !is_data || !is_one || is_other {
            return false;
        }
        if is_announced(block) {
            if let Behind::Body(body) = std::mem::take(&mut self.parted.behind) {
                self.attach(group, &body.text, body.line + 1);
            }
            return false;
        }
        let is_said = |label| match command {
            None => says_sent(label),
            // What it shows may be data, too.
            Some(_) => match &self.parted.file {
                Some(file) => names_file(label, file),
                None => self.parted.lacks_body && says_body(label) && says_sent(label),
            },
        };
        if !is_announced(block) && self.is_schema(block) {
            self.past_other = Some(group);
            return true;
        }
        if is_said(block.paragraph) || is_said(block.title) {
            self.attach(group, &block.text, block.line + 1);
            self.parted = Parted::default();
            return true;
        }
        if command.is_some() || !self.parted.lacks_body {
            return false;
        }
        self.parted.behind = match self.parted.behind {
            Behind::Nothing => Behind::Body(block),
            Behind::Body(body) | Behind::Unclear(body, _) => {
                self.waiting.clear();
                Behind::Unclear(body, Some(block))
            }
        };
        true
    }

    /// Whether a block is a schema of JSON: it says how a body is built, and is none.
    fn is_schema(&self, block: &Block) -> bool {
        has_word(block.paragraph, &["schema"])
            || (self.parted.lacks_body && block.text.contains("\"$schema\""))
    }

    /// What waits is answered by a message with a status line, so data between is what it sends.
    pub(super) fn settle(&mut self, answered: &[usize], notes: &mut Notes) {
        let behind = std::mem::take(&mut self.parted.behind);
        match behind {
            _ if answered != [self.parted.group] => {}
            Behind::Nothing => {}
            Behind::Body(body) => self.attach(self.parted.group, &body.text, body.line + 1),
            Behind::Unclear(body, other) => {
                for body in [Some(body), other].into_iter().flatten() {
                    notes.add(Code::DetachedBody, body.line + 1, first_line(&body.text));
                }
            }
        }
    }

    /// Whether data that is nobody's answer may be what the last request sends. Where that has an answer it is to be told
    /// of; where it has none yet, an answer behind decides.
    pub(super) fn is_detached(&mut self, block: &'t Block<'t>) -> bool {
        let last = self.exchanges.groups.len().saturating_sub(1);
        let Some(group) = self.exchanges.groups.last() else { return false };
        if self.sections.are_others() || self.behind_barrier || !is_json(block) || !self.lacks_body_of(last) {
            return false;
        }
        if group.answers.is_empty() {
            if self.parted.group == last && matches!(self.parted.behind, Behind::Nothing) {
                self.parted.behind = Behind::Unclear(block, None);
            }
            return false;
        }
        says_sent(block.paragraph) || (says_sent(block.title) && !announces(block.paragraph))
    }

    /// Takes down data that is said to be the body of a request, and stands behind none.
    pub(super) fn is_ahead(&mut self, block: &'t Block<'t>) {
        let label = if block.paragraph.trim().is_empty() { block.title } else { block.paragraph };
        if says_body(label) && says_sent(label) && is_json(block) {
            self.ahead = Some(block);
        }
    }

    /// Whether a request waits for its answer that shows no body.
    pub(super) fn lacks_body(&self) -> bool {
        match self.waiting.as_slice() {
            [.., (_, None)] => self.parted.is_bare,
            [(_, Some(_))] => self.parted.lacks_body,
            _ => false,
        }
    }

    /// Whether the request that was answered last shows no body, and those of its method have one.
    pub(super) fn answered_lacks_body(&self) -> bool {
        self.lacks_body_of(self.answered)
    }

    /// Only of the last request it is known: to read one again for each block behind it would cost their product.
    pub(super) fn lacks_body_of(&self, group: usize) -> bool {
        self.parted.group == group && self.parted.lacks_body
    }

    /// Gives the requests of a group a body, those that have none.
    pub(super) fn attach(&mut self, group: usize, text: &'t str, line: u32) {
        self.parted.lacks_body &= self.parted.group != group;
        let requests = self.exchanges.groups.get_mut(group).map(|group| &mut group.requests);
        for request in requests.into_iter().flatten() {
            let is_bare = request.request(&mut self.aside).is_none_or(|said| is_missing(said.body.text));
            if !is_bare {
                continue;
            }
            match *request {
                Message::Http(message) => *request = Message::Parted(message, text, line),
                Message::Command(command, _) => *request = Message::Command(command, Some((text, line))),
                Message::Parted(..) | Message::Output(..) => {}
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

/// Whether a body is not shown, but for the file that it is in.
fn is_missing(body: &str) -> bool {
    body.is_empty() || Body::Text(body.to_owned()).file_of_content().is_some()
}

/// How many rows a block has.
pub(super) fn rows(block: &Block) -> u32 {
    u32::try_from(block.text.lines().count()).unwrap_or_default()
}

/// The status that is said of an answer which shows none.
pub(super) fn said_status(block: &Block) -> Option<u16> {
    if shows_failure(block) {
        return status(block.paragraph);
    }
    if block.role != Role::Answer {
        return None;
    }
    status(block.paragraph).or_else(|| status(block.title))
}

/// The status of an answer that is said in whatever words: where another answer stands before it, a reason alone may be
/// that of anything.
pub(super) fn status_of(block: &Block) -> Option<u16> {
    let reason = || status_of_reason(block.paragraph).filter(|_| block.role == Role::Answer);
    said_status(block).or_else(reason)
}

/// Whether a block is one command with what it shows, and the text before it says that it fails.
fn shows_failure(block: &Block) -> bool {
    block.role == Role::Session && block.shown.len() == 2 && says_it_failed(block.paragraph)
}

/// Whether the heading of an answer that shows no status says that it is an error, or the text before it does.
pub(super) fn is_below_errors(block: &Block) -> bool {
    shows_failure(block)
        || block.role == Role::Answer
            && (says_failed(block.paragraph) || (says_error(block.title) && !announces(block.paragraph)))
}

/// Whether a block is said to be an answer of a status, as below `Response 500 (text/plain)`: then it may be a text.
pub(super) fn is_of_status(block: &Block) -> bool {
    let label = if status(block.paragraph).is_some() { block.paragraph } else { block.title };
    status(label).is_some()
        && announces(label)
        && !is_word(block)
        && !block.text.trim_start().starts_with(['{', '['])
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
