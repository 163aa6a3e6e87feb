//! Answers whose parts stand in blocks of their own: a status line, and the body behind it or before it.

use super::blocks::Role;
use super::message::Message;
use super::parted::{is_announced, is_json, rows, said_status};
use super::{Block, Pairing, Part, error};
use crate::docs::body;
use crate::docs::http_text::{self, begins_with_status};
use crate::docs::inline;
use crate::docs::notes::Notes;
use crate::docs::shell::{announces, is_body, names_body, names_status, says_body, says_case};
use crate::finding::Code;
use crate::message::Headers;

/// The answers that the block before shows in part.
#[derive(Default, Clone, Copy)]
pub(super) struct Halves {
    /// The response that shows no body.
    pub(super) bodiless: Option<usize>,
    /// The data that shows no status.
    pub(super) data: Option<usize>,
    /// It may be an answer or its body, whether it was left out or not.
    pub(super) is_answer: bool,
}

impl<'t> Pairing<'t> {
    /// Whether a heading says but that the other half of the answer before it follows.
    pub(super) fn names_half(&self, before: Halves, level: u8, title: &str) -> bool {
        if self.sections.end_at(level) {
            return false;
        }
        (before.bodiless.is_some() && is_body(title)) || (before.data.is_some() && names_status(title))
    }

    /// Whether a block holds but headers: it stands in nobody's way, but behind a command, which may show them.
    pub(super) fn is_of_head(&self, block: &Block) -> bool {
        !matches!(self.waiting.last(), Some((_, Some(_)))) && http_text::are_headers(&block.text)
    }

    /// Whether a block is the body of the response before it, which shows none, or may be it: right behind it, or said to
    /// be it.
    pub(super) fn is_body(&mut self, response: usize, block: &'t Block<'t>, notes: &mut Notes) -> bool {
        let Some(part) = self.exchanges.responses.get(response).copied() else { return false };
        let Message::Http(message) = part.message else { return false };
        let text = message.response(&mut self.aside);
        let label = block.paragraph.trim();
        let said = if label.is_empty() { block.title } else { label };
        let is_own = said.is_empty() || names_body(said, text.status);
        if !text.body.text.is_empty() || !(is_own || says_body(said)) || is_word(block) {
            return false;
        }
        let has_none = text.status.is_some_and(has_none);
        if has_none && !says_data(block) {
            return false;
        }
        self.halves.is_answer = true;
        // Below a heading "Body" may stand what is sent as well.
        let is_either = label.is_empty()
            && !block.title.is_empty()
            && !announces(block.title)
            && self.answered_lacks_body()
            && !is_below_answer(part.block);
        let is_data = !label.is_empty() || says_data(block) || text.headers.get("content-type").is_some();
        if !is_own || is_either || !is_data || has_none {
            notes.add(Code::DetachedBody, block.line + 1, first_line(&block.text));
            return true;
        }
        if let Some(part) = self.exchanges.responses.get_mut(response) {
            part.message = Message::Parted(message, &block.text, block.line + 1);
        }
        true
    }

    /// Whether a response says but what the status is of the data before it, or what that data was sent for: then it takes
    /// the place of that answer.
    pub(super) fn is_status_of(
        &mut self,
        data: usize,
        http: http_text::Message<'t>,
        block: &'t Block<'t>,
        notes: &mut Notes,
    ) -> bool {
        let Some(shown) = self.exchanges.responses.get(data).copied() else { return false };
        let Message::Output(text, line) = shown.message else { return false };
        let said = http.response(&mut self.aside);
        let Some(code) = said.status.filter(|_| !begins_with_status(text)) else { return false };
        if said_status(shown.block).is_some_and(|own| own != code) {
            return false;
        }
        let label = block.paragraph.trim();
        let is_near = label.is_empty() || names_body(label, Some(code));
        let is_sure = shown.block.role == Role::Session || is_announced(shown.block);
        let mut message = Message::Http(http);
        if self.answered_lacks_body() && !is_sure && code < 400 && is_near {
            // What a command shows, or what it lacks.
            if announces(label) {
                self.attach(self.answered, text, line);
            } else {
                notes.add(Code::DetachedBody, line, first_line(text));
            }
        } else if said.body.text.is_empty() && !has_none(code) && (is_near || names_status(label)) {
            let body = http_text::BodyText { text: text.trim(), line };
            let read = body::read(body, &Headers::default(), &mut self.aside);
            match (error::shows_error(&read.body), code >= 400) {
                (true, false) => return false,
                // Nothing says that it is an error, but that it may be this one.
                (false, true) => notes.add(Code::DetachedBody, line, first_line(text)),
                _ => message = Message::Parted(http, text, line),
            }
        } else {
            if code < 300 && !says_case(label) {
                notes.add(Code::RepeatedStatus, message.line(), message.title());
            }
            return false;
        }
        if let Some(part) = self.exchanges.responses.get_mut(data) {
            *part = Part { message, block };
        }
        true
    }

    /// Tells of what stands behind an interim status, which has no body.
    pub(super) fn tell_interim(&mut self, message: http_text::Message<'t>, notes: &mut Notes) {
        let body = message.response(&mut self.aside).body;
        if let Some(line) = body.line() {
            notes.add(Code::DetachedBody, line, first_line(body.text));
        }
    }

    /// Whether data stands right behind an answer, with nothing to say what it is.
    pub(super) fn is_right_behind(&mut self, block: &Block) -> bool {
        let is_behind = self.before.is_answer || self.before.bodiless.or(self.before.data).is_some();
        self.halves.is_answer =
            is_behind && block.paragraph.trim().is_empty() && block.title.is_empty() && is_json(block);
        self.halves.is_answer
    }

    /// Whether data is said to be the answer, where nothing says so of the data right before it: that is what is sent, or
    /// something else, and told of.
    pub(super) fn is_rather(&self, block: &Block, notes: &mut Notes) -> bool {
        let label = if block.paragraph.trim().is_empty() { block.title } else { block.paragraph };
        if !names_body(label, None) || !is_announced(block) {
            return false;
        }
        let Some(shown) = self.before.data.and_then(|data| self.exchanges.responses.get(data)) else {
            return false;
        };
        let Message::Output(text, line) = shown.message else { return false };
        let is_sure = shown.block.role == Role::Session || is_announced(shown.block);
        if is_sure || begins_with_status(text) || said_status(shown.block).is_some() {
            return false;
        }
        notes.add(Code::DetachedBody, line, first_line(text));
        true
    }

    /// Tells of code in the text right behind a response that shows no body, where it may be that.
    pub(super) fn tell_inline(&mut self, message: http_text::Message<'t>, block: &Block, notes: &mut Notes) {
        let is_own = |label: &str| label.is_empty() || names_body(label, None);
        let Some(code) = inline::code(block.behind).filter(|code| is_own(code.label)) else { return };
        let said = message.response(&mut self.aside);
        if said.body.text.is_empty() && !said.status.is_some_and(has_none) {
            notes.add(Code::DetachedBody, block.line + rows(block) + code.above + 1, code.text);
        }
    }
}

/// Whether what has a status has no body.
fn has_none(status: u16) -> bool {
    status < 200 || matches!(status, 204 | 205 | 304)
}

/// Whether a block is a word for what follows, or has a status itself.
pub(super) fn is_word(block: &Block) -> bool {
    super::commands::is_label(&block.text) || begins_with_status(&block.text)
}

/// Whether a block is data by its look or by its language: a text in none may be anything.
fn says_data(block: &Block) -> bool {
    const LANGUAGES: [&str; 10] =
        ["json", "xml", "html", "csv", "yaml", "yml", "text", "txt", "plaintext", "plain"];
    block.text.trim_start().starts_with(['{', '[', '<', '"'])
        || LANGUAGES.iter().any(|name| name.eq_ignore_ascii_case(block.language))
}

/// Whether an answer stands where answers are said to stand.
fn is_below_answer(block: &Block) -> bool {
    announces(block.title) || announces(block.paragraph)
}

pub(super) fn first_line(text: &str) -> &str {
    text.trim().lines().next().unwrap_or_default()
}
