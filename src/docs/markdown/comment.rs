//! Comments: from `<!--` to the first `-->`, over any number of lines, whatever stands between.

use super::{Event, Fault, Scanner};
use memchr::memmem::Finder;
use std::ops::Range;
use std::sync::LazyLock;

static COMMENT_START: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("<!--"));
static COMMENT_END: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("-->"));

/// The backticks of a line, counted once however many comments it has.
pub(super) struct Ticks {
    counted: usize,
    odd: bool,
    last: Option<usize>,
}

impl Ticks {
    pub(super) fn of(text: &str, line: Range<usize>) -> Ticks {
        let last = text.as_bytes().get(line.clone()).and_then(|line| memchr::memrchr(b'`', line));
        Ticks { counted: line.start, odd: false, last: last.map(|at| line.start + at) }
    }
}

impl Scanner<'_, '_> {
    /// The first `<!--` at or behind a place, or the end of the text.
    pub(super) fn find_comment(&self, from: usize) -> usize {
        let rest = self.text.as_bytes().get(from..).unwrap_or_default();
        COMMENT_START.find(rest).map_or(self.text.len(), |found| from + found)
    }

    /// Whether the line has a `<!--` that is one: in a code span or behind a backslash it is text.
    pub(super) fn has_comment(&mut self, line: &Range<usize>, ticks: &mut Ticks) -> bool {
        while self.next_comment < line.end {
            let before = self.slice(ticks.counted..self.next_comment);
            ticks.odd ^= memchr::memchr_iter(b'`', before.as_bytes()).count() % 2 == 1;
            ticks.counted = self.next_comment;
            let in_code = ticks.odd && ticks.last.is_some_and(|last| last > self.next_comment);
            if !in_code && !before.ends_with('\\') {
                return true;
            }
            self.next_comment = self.find_comment(self.next_comment + 4);
        }
        false
    }

    /// A line with at least one comment, and the lines over which its comments run.
    pub(super) fn comments(&mut self, mut line: Range<usize>, mut ticks: Ticks) {
        let mut text_from = line.start;
        loop {
            let start = self.next_comment;
            if let Some(end) = self.comment_end(start + 2) {
                self.text_between(text_from..start);
                let ended_in = self.comment(line.clone(), start + 4, end);
                text_from = end + 3;
                if ended_in == line {
                    (ticks.counted, ticks.odd) = (text_from, false);
                } else {
                    ticks = Ticks::of(self.text, text_from..ended_in.end);
                }
                line = ended_in;
                self.next_comment = self.find_comment(text_from);
            } else {
                self.next_comment = self.find_comment(start + 4);
            }
            if !self.has_comment(&line, &mut ticks) {
                break;
            }
        }
        self.text_between(text_from..line.end);
    }

    /// Tells of a comment, and goes on to the line in which it ends.
    fn comment(&mut self, mut line: Range<usize>, start: usize, end: usize) -> Range<usize> {
        let text = self.slice(start..end);
        let first_line = self.lines.number;
        while line.end < end
            && let Some(next) = self.lines.next()
        {
            line = next;
        }
        if let Some(nested) = COMMENT_START.find(text.as_bytes()) {
            let line = first_line + count_lines(self.slice(start..start + nested));
            self.tell(Event::Fault { fault: Fault::NestedComment, line });
        }
        self.tell(Event::Comment { text, line: first_line });
        line
    }

    /// What stands beside a comment, unless it is but blanks.
    fn text_between(&mut self, range: Range<usize>) {
        if !is_blank(self.slice(range.clone())) {
            self.text_line(&range);
        }
    }

    /// The `-->` at or behind a place. That there is none is looked up once: a page of `<!--` must not cost its square.
    fn comment_end(&mut self, from: usize) -> Option<usize> {
        if !self.more_comment_ends {
            return None;
        }
        let end = COMMENT_END.find(self.text.as_bytes().get(from..)?);
        if end.is_none() {
            self.more_comment_ends = false;
            self.tell(Event::Fault { fault: Fault::UnclosedComment, line: self.lines.number });
        }
        end.map(|found| from + found)
    }
}

fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'>'))
}

fn count_lines(text: &str) -> u32 {
    u32::try_from(memchr::memchr_iter(b'\n', text.as_bytes()).count()).unwrap_or(u32::MAX)
}
