//! The repairs as edits of the text: what is kept stays as it was written, layout and all.

use super::super::origin::Origin;

/// Replacements in the order of the text, none over another.
pub(super) struct Edits {
    list: Vec<Edit>,
    limit: usize,
    #[cfg(test)]
    moves: usize,
}

/// All that is ever put in is known beforehand, so that an edit is small and a hostile text cannot make it large.
struct Edit {
    start: u32,
    end: u32,
    with: &'static str,
}

impl Edit {
    /// The text is shorter than 4 GiB.
    fn new(start: usize, end: usize, with: &'static str) -> Edit {
        let narrow = |figure| u32::try_from(figure).unwrap_or(u32::MAX);
        Edit { start: narrow(start), end: narrow(end), with }
    }
}

/// A place between edits, for one that is decided on only later in the text.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Mark {
    at: usize,
    index: usize,
}

impl Mark {
    /// The place in the text.
    pub(super) fn at(self) -> usize {
        self.at
    }
}

impl Edits {
    /// None yet. Beyond `limit` no more are taken: they could not be used, see [`Edits::are_too_many`].
    pub(super) fn new(limit: usize) -> Edits {
        Edits {
            list: Vec::new(),
            limit,
            #[cfg(test)]
            moves: 0,
        }
    }

    /// How many edits were moved for others to be put before them.
    #[cfg(test)]
    pub(super) fn moves(&self) -> usize {
        self.moves
    }

    /// Whether there were more than the limit: the text cannot be mended.
    pub(super) fn are_too_many(&self) -> bool {
        self.list.len() > self.limit
    }

    /// Replaces `start..end`, which lies behind all edits so far.
    pub(super) fn push(&mut self, start: usize, end: usize, with: &'static str) {
        if !self.are_too_many() {
            self.list.push(Edit::new(start, end, with));
        }
    }

    /// Remembers the place `at`, which lies behind all edits so far.
    pub(super) fn mark(&self, at: usize) -> Mark {
        Mark { at, index: self.list.len() }
    }

    /// Replaces `length` bytes at a place marked earlier, which no edit has touched since.
    ///
    /// A mark is used before the next value begins, if at all: so no edit is moved more than twice.
    pub(super) fn insert(&mut self, mark: Mark, length: usize, with: &'static str) {
        if !self.are_too_many() {
            #[cfg(test)]
            {
                self.moves += self.list.len() - mark.index;
            }
            self.list.insert(mark.index, Edit::new(mark.at, mark.at + length, with));
        }
    }

    /// The text with all replacements made, and the way back.
    pub(super) fn apply(&self, text: &str) -> (String, Origin) {
        let mut written = String::with_capacity(text.len() + self.list.len());
        let mut origin = Origin::default();
        let mut copied = 0;
        for edit in &self.list {
            let (from, to) = (edit.start as usize, edit.end as usize);
            written.push_str(text.get(copied..from).unwrap_or_default());
            let start = written.len();
            written.push_str(edit.with);
            origin.push(start..written.len(), from..to);
            copied = to;
        }
        written.push_str(text.get(copied..).unwrap_or_default());
        (written, origin)
    }
}
