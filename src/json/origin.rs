//! Where the pieces of a repaired text came from, so that a value leads back to the text that was given.

use std::ops::Range;

/// The replaced pieces of a repaired text, in order; between them both texts are the same.
///
/// Kept beside the values instead of a place per value: a text that needed no repair pays nothing, one that did
/// pays by the repair.
#[derive(Debug, Clone, Default)]
pub(super) struct Origin(Vec<Patch>);

/// A piece of the repaired text, and the piece of the given one that it stands for.
#[derive(Debug, Clone, Copy)]
struct Patch {
    written: (u32, u32),
    given: (u32, u32),
}

impl Origin {
    /// Adds the next piece; both texts are shorter than 4 GiB.
    pub(super) fn push(&mut self, written: Range<usize>, given: Range<usize>) {
        let narrow = |figure| u32::try_from(figure).unwrap_or(u32::MAX);
        self.0.push(Patch {
            written: (narrow(written.start), narrow(written.end)),
            given: (narrow(given.start), narrow(given.end)),
        });
    }

    /// The place in the given text of a place in the repaired one. What was put in lies where it was missing.
    pub(super) fn of(&self, span: Range<usize>) -> Range<usize> {
        let start = self.of_start(span.start);
        start..self.of_end(span.end).max(start)
    }

    /// What was taken out before a place is not part of what begins there.
    pub(super) fn of_start(&self, at: usize) -> usize {
        match self.before(|patch| patch.written.0 as usize <= at) {
            Some(patch) if at < patch.written.1 as usize => patch.given.0 as usize,
            patch => beyond(patch, at),
        }
    }

    /// What was taken out behind a place is not part of what ends there.
    fn of_end(&self, at: usize) -> usize {
        match self.before(|patch| (patch.written.0 as usize) < at) {
            Some(patch) if at < patch.written.1 as usize => patch.given.1 as usize,
            patch => beyond(patch, at),
        }
    }

    /// The last piece that begins before a place.
    fn before(&self, begins: impl Fn(&Patch) -> bool) -> Option<&Patch> {
        self.0.get(..self.0.partition_point(begins))?.last()
    }
}

fn beyond(patch: Option<&Patch>, at: usize) -> usize {
    patch.map_or(at, |patch| patch.given.1 as usize + (at - patch.written.1 as usize))
}
