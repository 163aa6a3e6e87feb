//! Code that says it is HTTP, and is no message: where an answer stands behind it, it may be the request of that.

use super::{Block, Pairing};
use crate::docs::http_text::Unsaid;
use crate::docs::notes::Notes;
use crate::finding::Code;

impl<'t> Pairing<'t> {
    /// A URL alone may be a request of its own. So may words, but for those between a request and its answer.
    pub(super) fn unsaid(&mut self, block: &'t Block<'t>, said: Unsaid, notes: &mut Notes) {
        let is_shown = matches!(self.waiting.last(), Some((_, Some(_))));
        let lacks_answer = self.exchanges.groups.last().is_some_and(|group| group.answers.is_empty());
        if is_shown || (said == Unsaid::Words && lacks_answer && !self.behind_barrier) {
            return self.answer(block, notes);
        }
        self.behind_barrier = true;
        self.waiting.clear();
        self.is_answered = false;
        self.unsaid = Some(block);
    }

    /// Tells of it, where an answer that is nobody's stands behind it: else it may be anything.
    pub(super) fn tell_unsaid(&mut self, notes: &mut Notes) {
        if let Some(block) = self.unsaid.take() {
            let text = block.text.trim_start();
            notes.add(Code::UnreadableRequest, block.line + 1, text.lines().next().unwrap_or_default());
        }
    }
}
