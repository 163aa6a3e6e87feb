//! Commands: which of the texts around a command is its answer.

use super::message::{Message, begins_with_status};
use super::{Block, Group, Pairing, Part};
use crate::contract::url::DocumentedUrl;
use crate::docs::form::Examples;
use crate::docs::http_text;
use crate::docs::notes::Notes;
use crate::docs::shell::{Answer, Command, Shown, Writing, announced, announces_other};
use crate::finding::Code;
use crate::json::{Budget, Json};

/// Documents of one block that are taken apart: as many commands stand in no block.
const MOST_DOCUMENTS: usize = 100;

impl<'t> Pairing<'t> {
    /// Commands, and what stands behind each in its block.
    pub(super) fn session(&mut self, block: &'t Block<'t>, notes: &mut Notes) {
        self.waiting.clear();
        let mut last: Option<(usize, &'t Command)> = None;
        for shown in &block.shown {
            match shown {
                Shown::Command(command) => {
                    last = self.command(block, command, notes).map(|group| (group, command.as_ref()));
                }
                Shown::Unreadable { line, why } => {
                    notes.add(Code::UnreadableCommand, *line, why);
                    self.behind_barrier = true;
                    self.waiting.clear();
                    last = None;
                }
                Shown::Output { text, line } => {
                    let Some((group, command)) = last.take() else { continue };
                    self.waiting.clear();
                    self.shows(
                        group,
                        Some(command),
                        Part { message: Message::Output(text, *line), block },
                        notes,
                    );
                }
            }
        }
    }

    fn command(&mut self, block: &'t Block<'t>, command: &'t Command, notes: &mut Notes) -> Option<usize> {
        let message = Message::Command(command);
        if command.answer == Answer::Elsewhere {
            notes.add(Code::DiscardedOutput, command.line, message.title());
            self.behind_barrier = true;
            return None;
        }
        if command.written == Writing::Repaired {
            notes.add(Code::RepairedCommand, command.line, message.title());
        }
        let group = self.exchanges.groups.len();
        self.exchanges.groups.push(Group { block, requests: vec![message], answers: Vec::new() });
        self.behind_barrier = false;
        self.waiting.push((group, Some(command)));
        Some(group)
    }

    /// What a command shows answers its request, if it is the whole answer.
    fn shows(&mut self, group: usize, command: Option<&Command>, part: Part<'t>, notes: &mut Notes) {
        if let Some(command) = command.filter(|command| command.answer == Answer::Filtered) {
            notes.add(Code::FilteredOutput, command.line, command.title());
            return;
        }
        let response = self.exchanges.responses.len();
        if let Some(group) = self.exchanges.groups.get_mut(group) {
            group.answers.push(response);
            self.exchanges.responses.push(part);
        }
    }

    /// A block that may be the answer to a command of the block before it.
    pub(super) fn answer(&mut self, block: &'t Block<'t>, notes: &mut Notes) {
        let waiting = std::mem::take(&mut self.waiting);
        let line = block.line + 1;
        let text: &'t str = &block.text;
        let Some((group, command)) =
            waiting.last().copied().filter(|(_, command)| is_answer(block, *command))
        else {
            if begins_with_status(text) {
                let message = Message::Output(text, line);
                notes.add(Code::UnpairedResponse, line, message.title());
            }
            return;
        };
        // Commands of one block whose answers stand behind each other in the next.
        let documents = if waiting.len() > 1 { documents(text) } else { Vec::new() };
        if documents.len() != waiting.len() {
            return self.shows(group, command, Part { message: Message::Output(text, line), block }, notes);
        }
        for ((group, command), (document, above)) in waiting.into_iter().zip(documents) {
            let message = Message::Output(document, line + above);
            self.shows(group, command, Part { message, block }, notes);
        }
    }

    /// A request that is written as HTTP may be answered by data alone, unless that could be what it sends.
    pub(super) fn waits(&mut self, request: &http_text::Message<'t>) {
        self.waiting.clear();
        if self.examples == Examples::Annotated {
            return;
        }
        let Some(text) = request.request(&mut self.aside) else { return };
        let sends = matches!(text.method.as_str(), "POST" | "PUT" | "PATCH");
        if let Some(group) =
            self.exchanges.groups.len().checked_sub(1).filter(|_| !sends || !text.body.text.is_empty())
        {
            self.waiting.push((group, None));
        }
    }

    /// What stands behind a heading answers no command before it.
    pub(super) fn section(&mut self) {
        self.waiting.clear();
        let last = self.exchanges.groups.last().and_then(|group| group.requests.first());
        self.behind_barrier |= matches!(last, Some(Message::Command(_)));
    }

    /// A command whose request is shown as HTTP right behind it says nothing of its own.
    pub(super) fn supersede(&mut self, request: &http_text::Message<'t>) {
        let Some((group, Some(command))) = self.waiting.pop() else { return };
        self.waiting.clear();
        let Some(text) = request.request(&mut self.aside) else { return };
        let path = |url: &str| DocumentedUrl::new(url).path.trim_end_matches('/').to_owned();
        if text.method == command.request.method
            && path(&text.url) == path(&command.request.url)
            && let Some(group) = self.exchanges.groups.get_mut(group)
        {
            group.requests.clear();
        }
    }
}

/// Whether a block is what a command shows: data, and not said to be something else, or a text that is said to be it.
/// A request that is written as HTTP may be a template; only JSON that is read without a guess answers it.
fn is_answer(block: &Block, command: Option<&Command>) -> bool {
    let text = block.text.trim_start();
    if begins_with_status(text) {
        return true;
    }
    if command.is_none() {
        let read = Json::parse_lenient(text, &Budget::default());
        return text.starts_with(['{', '['])
            && !announces_other(block.paragraph)
            && read.is_ok_and(|read| !read.is_guess());
    }
    if text.starts_with(['{', '[', '<', '"']) {
        return !announces_other(block.paragraph);
    }
    block.paragraph.trim().is_empty() || announced(block.paragraph)
}

/// The JSON documents that a text consists of, with the lines above each; none where it is anything else.
fn documents(text: &str) -> Vec<(&str, u32)> {
    let mut documents = Vec::new();
    let (mut depth, mut start, mut in_string, mut escaped) = (0_usize, None, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' if depth > 0 => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => {
                start.get_or_insert(at);
                depth += 1;
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if let Some(from) = start.filter(|_| depth == 0) {
                    let document = text.get(from..=at).unwrap_or_default();
                    let above = text.get(..from).map_or(0, |before| before.matches('\n').count());
                    documents.push((document, u32::try_from(above).unwrap_or(u32::MAX)));
                    start = None;
                }
            }
            _ if depth == 0 && !byte.is_ascii_whitespace() => return Vec::new(),
            _ => {}
        }
        if documents.len() > MOST_DOCUMENTS {
            return Vec::new();
        }
    }
    let is_json = |document: &(&str, u32)| Json::parse_lenient(document.0, &Budget::default()).is_ok();
    if start.is_none() && documents.iter().all(is_json) { documents } else { Vec::new() }
}
