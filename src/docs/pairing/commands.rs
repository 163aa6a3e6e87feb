//! Commands: which of the texts around a command is its answer.

use super::message::Message;
use super::other::is_of_other;
use super::parted::{is_announced, is_json, is_of_status, said_status};
use super::{Block, Group, Pairing, Part};
use crate::contract::url::DocumentedUrl;
use crate::docs::documents::{documents, first_of_several};
use crate::docs::http_text::{self, begins_with_status};
use crate::docs::notes::Notes;
use crate::docs::shell::{self, Answer, Command, Shown, Writing, announced};
use crate::finding::Code;
use crate::json::{Budget, Json};

impl<'t> Pairing<'t> {
    /// Commands, and what stands behind each in its block.
    pub(super) fn session(&mut self, block: &'t Block<'t>, notes: &mut Notes) {
        if self.is_aside(block) {
            return;
        }
        self.waiting.clear();
        self.is_answered = false;
        self.is_told = true;
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
                Shown::Foreign(foreign) => {
                    self.foreign.push(foreign);
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
        let message = Message::Command(command, None);
        if command.answer == Answer::Elsewhere {
            notes.add(Code::DiscardedOutput, command.line, message.title());
            self.behind_barrier = true;
            return None;
        }
        if command.written == Writing::Repaired {
            notes.add(Code::RepairedCommand, command.line, message.title());
        }
        let group = self.exchanges.groups.len();
        self.exchanges.groups.push(Group {
            block,
            requests: vec![message],
            answers: Vec::new(),
            is_filtered: false,
        });
        self.begins_run(group);
        self.behind_barrier = false;
        self.unsaid = None;
        self.sections.request();
        self.is_answered = false;
        self.waiting.push((group, Some(command)));
        self.sends(command);
        self.tell_ahead(notes);
        Some(group)
    }

    /// What a command shows answers its request, if it is the whole answer.
    pub(super) fn shows(
        &mut self,
        group: usize,
        command: Option<&Command>,
        mut part: Part<'t>,
        notes: &mut Notes,
    ) {
        self.is_answered = true;
        self.answered = group;
        if let Some(command) = command.filter(|command| command.answer == Answer::Filtered) {
            notes.add(Code::FilteredOutput, command.line, command.title());
            if let Some(group) = self.exchanges.groups.get_mut(group) {
                group.is_filtered = true;
            }
            return;
        }
        if let Message::Output(text, line) = part.message
            && let Some((first, others)) = first_of_several(text)
        {
            for (other, above) in others {
                let title = other.lines().next().unwrap_or_default();
                notes.add(Code::FurtherAnswer, line.saturating_add(above), title);
            }
            part.message = Message::Output(first, line);
        }
        self.answers_again(part);
    }

    /// What may stand behind other answers to the same request.
    fn answers_again(&mut self, part: Part<'t>) {
        let response = self.exchanges.responses.len();
        if let Some(group) = self.exchanges.groups.get_mut(self.answered) {
            group.answers.push(response);
            self.exchanges.responses.push(part);
            self.halves.data = Some(response);
        }
    }

    /// What stands behind other data that is none after all.
    fn answers_instead(&mut self, part: Part<'t>) {
        let data = self.before.data;
        if let Some(before) = data.and_then(|data| self.exchanges.responses.get_mut(data)) {
            *before = part;
        }
        self.halves.data = data;
    }

    /// A block that may be the answer to a command of the block before it.
    pub(super) fn answer(&mut self, block: &'t Block<'t>, notes: &mut Notes) {
        if self.is_sent(block)
            || is_label(&block.text)
            || self.is_other(block)
            || self.is_of_several(block, notes)
        {
            return;
        }
        let waiting = std::mem::take(&mut self.waiting);
        let line = block.line + 1;
        let text: &'t str = &block.text;
        let last = waiting.last().copied().filter(|(_, command)| is_answer(block, *command));
        let last = last.filter(|_| self.is_clear(block));
        let last = last.filter(|(group, _)| !(block.is_named && self.is_of_text(block, *group)));
        let Some((group, command)) = last else {
            let title = Message::Output(text, line).title();
            if begins_with_status(text) {
                notes.add(Code::UnpairedResponse, line, title);
            } else if self.unsaid.is_some() && !self.exchanges.groups.is_empty() && is_json(block) {
                self.tell_unsaid(notes);
            } else if let Some(inline) = &block.inline {
                notes.add(Code::InlineRequest, line, &**inline);
            } else if self.is_answered
                && (is_of_status(block) || (is_json(block) && said_status(block).is_some()))
            {
                self.answers_again(Part { message: Message::Output(text, line), block });
            } else if self.is_rather(block, notes) {
                self.answers_instead(Part { message: Message::Output(text, line), block });
            } else if self.is_detached(block) {
                notes.add(Code::DetachedBody, line, title);
            } else if self.is_answered && (is_further(block) || self.is_right_behind(block)) {
                notes.add(Code::FurtherAnswer, line, title);
            } else if !self.is_told && waiting.is_empty() && is_announced(block) {
                self.stray.push(Message::Output(text, line));
            } else {
                self.is_ahead(block);
                self.is_told |= !waiting.is_empty() || !text.trim_start().starts_with(['{', '[']);
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

    /// A command whose request is shown as HTTP right behind it says nothing of its own.
    pub(super) fn supersede(&mut self, request: &http_text::Message<'t>) {
        let Some((group, Some(command))) = self.waiting.pop() else { return };
        self.waiting.clear();
        let Some(text) = request.request(&mut self.aside) else { return };
        if sends(command, &text.method, &text.url)
            && let Some(group) = self.exchanges.groups.get_mut(group)
        {
            group.requests.clear();
        }
    }

    /// Whether a block is but the command that sends the request before it, which is shown as HTTP and has no answer yet: it
    /// stands in another tab, and says nothing of its own.
    pub(super) fn repeats(&mut self, block: &Block) -> bool {
        let [Shown::Command(command)] = block.shown.as_slice() else { return false };
        let is_near = command.answer == Answer::Whole && !self.sections.are_others();
        let last = self.fresh.filter(|_| is_near).and_then(|last| self.exchanges.groups.get(last));
        let last = last.filter(|group| group.answers.is_empty());
        let Some([Message::Http(request)]) = last.map(|group| group.requests.as_slice()) else {
            return false;
        };
        let text = request.request(&mut self.aside);
        text.is_some_and(|text| sends(command, &text.method, &text.url))
    }
}

/// Whether a command sends a request of this method to this path.
fn sends(command: &Command, method: &str, url: &str) -> bool {
    let path = |url: &str| DocumentedUrl::new(url).path.trim_end_matches('/').to_owned();
    method == command.request.method && path(url) == path(&command.request.url)
}

/// Whether a block is what a command shows: data, and not said to be something else, or a text that is said to be it.
/// A request that is written as HTTP may be a template; only JSON that is read without a guess answers it.
fn is_answer(block: &Block, command: Option<&Command>) -> bool {
    let text = block.text.trim_start();
    if begins_with_status(text) {
        return true;
    }
    if command.is_none() {
        if is_of_status(block) {
            return true;
        }
        let read = Json::parse_lenient(text, &Budget::default());
        return text.starts_with(['{', '['])
            && !is_of_other(block)
            && read.is_ok_and(|read| !read.is_guess());
    }
    if text.starts_with(['{', '[', '<', '"']) {
        return !is_of_other(block);
    }
    block.paragraph.trim().is_empty() || announced(block.paragraph)
}

/// Whether a block says but what the next one is, as `Example Response` does.
pub(super) fn is_label(text: &str) -> bool {
    const ANSWER: [&str; 3] = ["response", "output", "result"];
    let is_it = |word: &str, known: &[&str]| known.iter().any(|known| known.eq_ignore_ascii_case(word));
    let text = text.trim().trim_end_matches(':');
    let (first, second) = text.split_once(' ').unwrap_or((text, ""));
    is_it(first, &["example", "sample", "expected", "typical"]) && is_it(second, &ANSWER)
}

/// Whether a block behind an answer is said to be another one.
fn is_further(block: &Block) -> bool {
    block.text.trim_start().starts_with(['{', '[', '<'])
        && (shell::announces(block.paragraph)
            || shell::says_further(block.paragraph)
            || shell::says_error(block.title)
            || shell::says_class(block.title)
            || is_announced(block))
}
