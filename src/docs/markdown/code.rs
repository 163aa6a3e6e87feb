//! Code: fences, and lines that are code by their indentation.

use super::container::Cursor;
use super::fence::{self, Fence};
use super::{Event, Fault, Leaf, Scanner};
use std::ops::Range;

impl<'a> Scanner<'a, '_> {
    /// An opening that opens nothing: what is below it may be meant for a message all the same.
    pub(super) fn indented_fence(&mut self, open: fence::Opening<'a>) {
        let mut below = self.lines.clone();
        while let Some(line) = below.next() {
            let marked = self.slice(line);
            let first = marked.trim_start_matches([' ', '\t', '>']).trim_end();
            if first.is_empty() {
                continue;
            }
            if first.len() < marked.len() && fence::opening(first).is_none() {
                self.tell(Event::Indented { language: open.language(), first, line: self.lines.number });
            }
            return;
        }
    }

    /// Lines that are code by their indentation, from this one on.
    pub(super) fn indented_code(&mut self, line: &Range<usize>) {
        let (start, first_line) = (line.start, self.lines.number);
        let mut end = line.end;
        let mut ahead = self.lines.clone();
        while let Some(next) = ahead.next() {
            let mut cursor = Cursor::new(self.slice(next.clone()));
            let is_inside = self.containers.matching(&mut cursor) == self.containers.len();
            if cursor.rest().trim().is_empty() {
                continue;
            }
            if !is_inside || cursor.indent() < 4 {
                break;
            }
            end = next.end;
            self.lines = ahead.clone();
        }
        self.leaf = Leaf::None;
        // A fence that is indented too far is told of as such, and so is an element.
        let is_told = self.elements.told == first_line;
        if is_told || self.slice(start..end).lines().any(|line| fence::opening(line.trim_start()).is_some()) {
            return self.tell(Event::Text);
        }
        let paragraph = std::mem::take(&mut self.paragraph);
        let paragraph = self.slice(paragraph);
        let fence = Fence {
            line: first_line - 1,
            language: "",
            raw: self.slice(start..end),
            containers: self.containers.clone(),
            indent: 4,
        };
        self.tell(Event::Fence { fence, paragraph });
    }

    pub(super) fn fence(&mut self, line: &Range<usize>, open: fence::Opening<'a>, indent: usize) {
        let paragraph = std::mem::take(&mut self.paragraph);
        let paragraph = self.slice(paragraph);
        self.leaf = Leaf::None;
        let first_line = self.lines.number;
        let start = line.end + 1;
        let found =
            fence::find_end(self.text, &self.lines, &self.containers, &open, indent, &mut self.balance);
        self.lines = found.resume;
        if !found.closed {
            self.tell(Event::Fault { fault: Fault::UnclosedFence, line: first_line });
        }
        let raw = self.slice(start.min(found.at)..found.at);
        let fence = Fence {
            line: first_line,
            language: open.language(),
            raw: if found.closed { raw } else { open.without_end(raw) },
            containers: self.containers.clone(),
            indent,
        };
        self.tell(Event::Fence { fence, paragraph });
    }
}
