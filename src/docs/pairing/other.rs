//! What stands behind a request and is not its answer, or is that of another one of several.

use super::message::Message;
use super::parted::is_json;
use super::{Block, Pairing, Part};
use crate::docs::http_text::begins_with_status;
use crate::docs::notes::Notes;
use crate::docs::shell::{announces_other, ordinal, says_answer, speaks_of_other, status};

impl<'t> Pairing<'t> {
    /// Whether a block behind a request that waits is said to be something else than its answer: behind it only what is
    /// said to be the answer is.
    pub(super) fn is_other(&mut self, block: &'t Block<'t>) -> bool {
        let &[.., (group, _)] = self.waiting.as_slice() else { return false };
        let is_told = block.inline.is_some() || self.unsaid.is_some() || self.lacks_body_of(group);
        if is_told || !is_of_other(block) || begins_with_status(&block.text) || !is_json(block) {
            return false;
        }
        self.is_ahead(block);
        self.past_other = Some(group);
        true
    }

    /// Takes notice of a request: one behind another that has its answer begins anew.
    pub(super) fn begins_run(&mut self, index: usize) {
        self.past_other = None;
        let before = index.checked_sub(1).and_then(|before| self.exchanges.groups.get(before));
        if before.is_none_or(|before| !before.answers.is_empty()) || self.behind_barrier {
            self.run = index;
        }
    }

    /// Whether nothing else stands between a block and the request that waits, or the block is said to be its answer.
    pub(super) fn is_clear(&self, block: &Block) -> bool {
        self.past_other.is_none()
            || begins_with_status(&block.text)
            || says_answer(block.paragraph)
            || says_answer(block.title)
            || status(block.paragraph).is_some()
    }

    /// Whether a block is said to answer a certain one of the requests that stand behind each other, as in `The first one
    /// returns:`; then it answers that one, or nobody.
    pub(super) fn is_of_several(&mut self, block: &'t Block<'t>, notes: &mut Notes) -> bool {
        let first = self.run.max(self.sections.first_group());
        let count = self.exchanges.groups.len().saturating_sub(first);
        if count < 2 || self.waiting.is_empty() || !is_json(block) || is_of_other(block) {
            return false;
        }
        let Some(place) = ordinal(block.paragraph) else { return false };
        let index = first + place.index(count);
        let is_free = self.exchanges.groups.get(index).is_some_and(|group| group.answers.is_empty());
        if is_free {
            let own = self.waiting.iter().position(|(group, _)| *group == index);
            let command = own.map(|own| self.waiting.remove(own)).and_then(|(_, command)| command);
            let message = Message::Output(&block.text, block.line + 1);
            self.shows(index, command, Part { message, block }, notes);
        }
        is_free
    }
}

/// Whether the text before a block says that it is no answer of the service that was asked.
pub(super) fn is_of_other(block: &Block) -> bool {
    announces_other(block.paragraph) || speaks_of_other(block.paragraph)
}
