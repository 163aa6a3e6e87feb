//! What is not read, and told of: messages that are no blocks of their own, and those of other clients.

use super::{Block, Collector, Role};
use crate::docs::Annotations;
use crate::docs::form::Examples;
use crate::docs::http_text::{Hidden, Kind, Start, hidden, opened_with, outside, start_of};
use crate::docs::inline;
use crate::docs::markdown::{Fence, element_is_label, element_lines};
use crate::docs::probe;
use crate::docs::shell::{self, Environment, Session, Shown};
use crate::finding::Code;
use std::borrow::Cow;
use std::ops::Range;

impl<'a> Collector<'a, '_, '_> {
    /// A block that is no example, on a page whose examples are annotated: it may show a request all the same.
    pub(super) fn beside(
        &mut self,
        text: &str,
        fence: &Fence<'a>,
        before: Range<usize>,
        paragraph: &str,
        is_right_behind: bool,
    ) {
        let is_asked = self.annotations == Annotations::Optional && !self.templates.are_here();
        if is_asked && text.trim_start().starts_with(['{', '[']) {
            let last = self.blocks.last().map(|block| block.role);
            if let Some(said) = self.page.get(before).and_then(inline::request_alone) {
                self.notes.add(Code::InlineRequest, fence.line + 1, said);
            } else if last == Some(Role::Message(Kind::Response)) && is_right_behind {
                // What the response lacks, if it lacks one.
                let text = Cow::Owned(text.to_owned());
                self.blocks.push(Block { text, ..Block::mark(Role::Answer, fence.line) });
            } else if last == Some(Role::Message(Kind::Response)) && shell::says_further(paragraph) {
                let first = text.trim().lines().next().unwrap_or_default();
                self.notes.add(Code::FurtherAnswer, fence.line + 1, first);
            }
        }
        if probe::may_hold_others(text) {
            self.others(text, fence);
        }
    }

    /// The requests of other clients in such a block.
    fn others(&mut self, text: &str, fence: &Fence<'a>) {
        let line = fence.line + 1;
        let read = shell::read(text, fence.language, line, &mut Environment::default(), &mut self.unreadable);
        let mut shown = match read {
            Session::Requests(shown) => shown,
            Session::None | Session::Other => Vec::new(),
        };
        shown.retain(|shown| matches!(shown, Shown::Foreign(_)));
        shown.extend(shell::in_program(text, line).map(Shown::Foreign));
        if !shown.is_empty() {
            self.blocks.push(Block { shown, ..Block::mark(Role::Aside, fence.line) });
        }
    }

    /// An element of HTML that is made for code: its first message is told of.
    pub(super) fn element(&mut self, text: &str, line: u32) {
        self.is_apart = true;
        let mut found: Option<Outside> = None;
        let mut is_first = true;
        for (text, above) in element_lines(text).filter(|(text, _)| !text.is_empty()) {
            let begins = self.begins(&text, "").or_else(|| begins_block(&text).filter(|_| is_first));
            is_first = false;
            let Some((kind, is_command)) = begins else { continue };
            let (line, first) = (line + above, if is_command { "curl".to_owned() } else { text });
            // What asks behind an answer has an answer of its own: none behind it is that of a request before.
            let message = found.get_or_insert(Outside { kind, first, line });
            if kind == Kind::Request {
                message.kind = kind;
                break;
            }
        }
        let is_label = |message: &Outside| {
            message.kind == Kind::Request && message.first != "curl" && element_is_label(text)
        };
        // A request line is called so in the text that it belongs to, as one between backticks is.
        if let Some(message) = found.filter(|message| !is_label(message)) {
            self.outside(Code::HtmlBlock, message);
        }
    }

    /// A line that stands in no fence, though it was meant for one.
    pub(super) fn indented(&mut self, language: &str, first: &str, line: u32) {
        self.is_apart = true;
        if let Some((kind, is_command)) = self.begins(first, language) {
            let first = if is_command { "curl" } else { first }.to_owned();
            self.outside(Code::IndentedFence, Outside { kind, first, line });
        }
    }

    /// The message that a line which stands in no fence would begin, were it in one, and whether it is a command.
    fn begins(&self, first: &str, language: &str) -> Option<(Kind, bool)> {
        let is_command = self.examples == Examples::Commands && shell::begins_request(first, language);
        let kind = outside(first, language).or(is_command.then_some(Kind::Request))?;
        Some((kind, is_command))
    }

    /// What is no fence, though it looks like a message: told of, and a barrier as a hidden one.
    fn outside(&mut self, code: Code, message: Outside) {
        let Outside { kind, first, line } = message;
        if let Some(annotation) = self.pending.take() {
            self.stray(&annotation);
        }
        if kind == Kind::Request && self.templates.are_here() {
            return;
        }
        if self.annotations == Annotations::Optional {
            self.notes.add(code, line, first);
        }
        if kind == Kind::Request {
            self.blocks.push(Block::mark(Role::Barrier, line));
        }
    }

    /// A message that is in a fence and cannot be read: nobody's answer may be taken for that of the request before.
    pub(super) fn hidden(&mut self, text: &str, language: &str, line: u32) -> Option<Role> {
        let opened = opened_with(language).map(|kind| (Hidden::Opening(kind), line, language));
        let (hidden, line, first) = opened.or_else(|| {
            let (hidden, above) = hidden(text, language)?;
            let first = text.lines().nth(usize::try_from(above).ok()?).unwrap_or_default().trim();
            Some((hidden, line + above + 1, first))
        })?;
        let is_response = matches!(
            hidden,
            Hidden::NoStatusLine | Hidden::Below(Kind::Response) | Hidden::Opening(Kind::Response)
        );
        if self.templates.are_here() && !is_response {
            return None;
        }
        let code = match hidden {
            Hidden::NoRequestLine => Code::UnreadableRequest,
            Hidden::NoStatusLine => Code::StatusMissing,
            Hidden::Below(_) | Hidden::Opening(_) => Code::BuriedMessage,
        };
        if self.annotations == Annotations::Optional {
            self.notes.add(code, line, first);
        }
        (!is_response).then_some(Role::Barrier)
    }
}

/// A message that stands in no fence.
struct Outside {
    kind: Kind,
    /// Its first line.
    first: String,
    line: u32,
}

/// The message that a block would begin with, were it a fence; it is no command.
fn begins_block(line: &str) -> Option<(Kind, bool)> {
    match start_of(line) {
        Start::Request => Some((Kind::Request, false)),
        Start::Status => Some((Kind::Response, false)),
        Start::Other => None,
    }
}
