//! Markdown, as far as documented exchanges need it: a page's fences, comments, headings and paragraphs, in order.
//!
//! One pass over the lines that copies nothing. Block quotes and lists are followed as `CommonMark` has them, since
//! they decide where a fence ends and what its text is; so are comments. HTML blocks other than comments are text:
//! a fence right behind a `<details>` is what its author took for a fence.

mod balance;
mod code;
mod comment;
mod container;
mod element;
mod fence;
mod heading;
mod tag;

use balance::Balance;
use comment::Ticks;
use container::{Containers, Cursor, unindented};
use element::Elements;
use heading::{heading, underline};
use std::ops::Range;

pub(super) use element::{
    is_label as element_is_label, lines as element_lines, may_hold as may_hold_in_element,
    pieces as element_pieces,
};
pub(super) use fence::{Fence, language, place};
pub(super) use heading::is_tab;

/// What a page consists of.
#[derive(Debug)]
pub(super) enum Event<'a> {
    /// A heading, without its marks; of one that is underlined, the line is the underline's.
    Heading { level: u8, text: &'a str, line: u32 },
    /// What follows documents an operation: told of where a form has a word for it.
    Operation { method: &'a str, url: &'a str, line: u32 },
    /// What stands between `<!--` and `-->`.
    Comment { text: &'a str, line: u32 },
    /// Text that is none of the others, once for all of it up to the next of them.
    Text,
    /// A fenced code block, and the paragraph before it.
    Fence { fence: Fence<'a>, paragraph: &'a str },
    /// An opening that is indented so far that it is code itself, with the line below it, blanks left out.
    Indented { language: &'a str, first: &'a str, line: u32 },
    /// An element of HTML that is made for code, from its tag to its end.
    Element { text: &'a str, line: u32 },
    /// The text of a page is broken here.
    Fault { fault: Fault, line: u32 },
}

/// What the outline of a page is drawn from.
#[derive(Debug, Clone)]
pub(super) enum Landmark<'a> {
    /// A heading that is no tab.
    Heading { level: u8, text: &'a str, line: u32 },
    /// A fenced code block.
    Fence(Fence<'a>),
}

impl<'a> Landmark<'a> {
    pub(super) fn of(event: &Event<'a>) -> Option<Landmark<'a>> {
        match event {
            Event::Heading { level, text, line } if !is_tab(text) => {
                Some(Landmark::Heading { level: *level, text, line: *line })
            }
            Event::Fence { fence, .. } => Some(Landmark::Fence(fence.clone())),
            _ => None,
        }
    }
}

/// How the text of a page can be broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// A fence has no end.
    UnclosedFence,
    /// A comment has no end.
    UnclosedComment,
    /// A comment begins within a comment.
    NestedComment,
    /// An exchange stands in another file.
    Elsewhere,
}

/// Whether code that is told by its indentation alone is told of, as a fence without a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum IndentedCode {
    /// It is text.
    Passed,
    /// It is code.
    Told,
    /// There is none: blanks before a line mean nothing, as in MDX.
    Absent,
}

/// Tells `sink` what the text consists of. Line ends must be LF.
pub(super) fn scan<'a>(text: &'a str, indented_code: IndentedCode, sink: &mut dyn FnMut(Event<'a>)) {
    let mut scanner = Scanner {
        text,
        lines: Lines { bytes: text.as_bytes(), at: 0, number: 0 },
        containers: Containers::default(),
        leaf: Leaf::None,
        paragraph: 0..0,
        has_told_of_text: false,
        bare_item: false,
        open_tags: 0,
        next_comment: 0,
        elements: Elements::default(),
        more_comment_ends: true,
        indented_code,
        balance: Balance::default(),
        sink,
    };
    scanner.skip_front_matter();
    scanner.run();
}

/// The lines of a text, counted from 1.
#[derive(Clone)]
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    number: u32,
}

impl Lines<'_> {
    /// Where the next line stands, without its LF.
    fn next(&mut self) -> Option<Range<usize>> {
        let rest = self.bytes.get(self.at..).filter(|rest| !rest.is_empty())?;
        let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let line = self.at..self.at + length;
        self.at = line.end + 1;
        self.number += 1;
        Some(line)
    }
}

/// What the line before left open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Leaf {
    None,
    Paragraph,
}

struct Scanner<'a, 's> {
    text: &'a str,
    lines: Lines<'a>,
    containers: Containers,
    leaf: Leaf,
    /// The last paragraph since a heading or a fence.
    paragraph: Range<usize>,
    has_told_of_text: bool,
    /// The line before began a list item, and had no text.
    bare_item: bool,
    /// How many components are open, as `<Tabs>`: in them blanks before a line mean nothing, as in MDX.
    open_tags: usize,
    /// The next `<!--` at or after the lines read, or the end of the text.
    next_comment: usize,
    elements: Elements,
    more_comment_ends: bool,
    indented_code: IndentedCode,
    balance: Balance,
    sink: &'s mut dyn FnMut(Event<'a>),
}

impl<'a> Scanner<'a, '_> {
    /// From a first line `---` to the next, or to a line `...`; without either there is none.
    fn skip_front_matter(&mut self) {
        let mut lines = self.lines.clone();
        if lines.next().is_none_or(|first| self.slice(first).trim_end() != "---") {
            return;
        }
        while let Some(line) = lines.next() {
            if matches!(self.slice(line).trim_end(), "---" | "...") {
                self.lines = lines;
                return;
            }
        }
    }

    fn run(&mut self) {
        self.next_comment = self.find_comment(self.lines.at);
        self.elements.next = self.find_element(self.lines.at);
        while let Some(line) = self.lines.next() {
            if self.next_comment < line.start {
                self.next_comment = self.find_comment(line.start);
            }
            if self.elements.next < line.end {
                self.elements(&line);
            }
            if !(self.containers.is_empty() && self.outer_line(&line)) {
                self.line(line);
            }
        }
    }

    /// Reads a line outside of all containers, if its first character says what it is: most lines of a page do.
    fn outer_line(&mut self, line: &Range<usize>) -> bool {
        let Some(first) = self.text.as_bytes().get(line.clone()).and_then(<[u8]>::first) else {
            (self.leaf, self.bare_item) = (Leaf::None, false);
            return true;
        };
        if self.next_comment < line.end {
            if self.next_comment > line.start {
                return false;
            }
            (self.leaf, self.bare_item) = (Leaf::None, false);
            let mut ticks = Ticks::of(self.text, line.clone());
            if self.has_comment(line, &mut ticks) {
                self.comments(line.clone(), ticks);
            }
            self.leaf = Leaf::None;
            return true;
        }
        match first {
            b'{' => {
                let operation = tag::operation(self.slice(line.clone()));
                self.text_line(line);
                if let Some((method, url)) = operation {
                    self.tell(Event::Operation { method, url, line: self.lines.number });
                }
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'|' | b'[' | b'"' | b'(' => self.text_line(line),
            b'#' => {
                let Some((level, text)) = heading(self.slice(line.clone())) else { return false };
                self.bare_item = false;
                self.heading(level, text);
            }
            b'`' | b'~' => {
                let Some(open) = fence::opening(self.slice(line.clone())) else { return false };
                self.bare_item = false;
                self.fence(line, open, 0);
            }
            _ => return false,
        }
        true
    }

    fn slice(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default()
    }

    /// A line of text: begins or continues a paragraph.
    fn text_line(&mut self, line: &Range<usize>) {
        if self.leaf == Leaf::Paragraph {
            self.paragraph.end = line.end;
        } else {
            self.leaf = Leaf::Paragraph;
            self.paragraph = line.clone();
        }
        self.tell(Event::Text);
    }

    fn line(&mut self, line: Range<usize>) {
        let mut cursor = Cursor::new(self.slice(line.clone()));
        let was_bare = std::mem::take(&mut self.bare_item);
        let matched = self.containers.matching(&mut cursor);
        let lazy = matched < self.containers.len();
        let mut probe = cursor.clone();
        let opened = Containers::opening(&mut probe, matched, self.leaf == Leaf::Paragraph && !lazy);
        let rest = probe.rest();
        if unindented(rest).is_empty() && opened.is_empty() {
            self.leaf = Leaf::None;
            // A list item may begin with one blank line, and not with two.
            let kept = self.containers.len().saturating_sub(usize::from(was_bare));
            self.containers.truncate(matched.min(kept));
            return;
        }
        let body = unindented(rest);
        self.count_tags(body);
        let is_free = self.indented_code == IndentedCode::Absent || self.open_tags > 0;
        let indented = probe.indent() >= 4 && !is_free;
        let paragraph_goes_on = self.leaf == Leaf::Paragraph && opened.is_empty();
        let start = line.end - body.len();
        if self.next_comment < line.end {
            let mut ticks = Ticks::of(self.text, line.clone());
            if self.has_comment(&line, &mut ticks) {
                let stands_alone = body.starts_with("<!--") && !indented;
                if !opened.is_empty() || stands_alone {
                    self.leaf = Leaf::None;
                }
                if !(lazy && paragraph_goes_on) || stands_alone {
                    self.enter(matched, opened);
                }
                let is_code = indented && !paragraph_goes_on;
                let leaf = if stands_alone || is_code { Leaf::None } else { Leaf::Paragraph };
                self.comments(start..line.end, ticks);
                self.leaf = leaf;
                return;
            }
        }
        if indented && let Some(open) = fence::opening(body) {
            self.indented_fence(open);
        }
        if !indented {
            if let Some(open) = fence::opening(body) {
                self.enter(matched, opened);
                let indent = probe.indent();
                return self.fence(&line, open, indent);
            }
            if container::holds_indented(body) {
                self.enter(matched, opened);
                self.text_line(&(start..line.end));
                self.leaf = Leaf::None;
                return self.containers.extend(vec![container::Container::Item(probe.indent() + 4)]);
            }
            if let Some((level, text)) = heading(body) {
                self.enter(matched, opened);
                return self.heading(level, text);
            }
            if paragraph_goes_on
                && !lazy
                && let Some(level) = underline(body)
            {
                let text = self.slice(self.paragraph.clone());
                return self.heading(level, text.trim());
            }
        }
        self.bare_item = body.is_empty() && matches!(opened.last(), Some(container::Container::Item(_)));
        if body.is_empty() || (!indented && container::is_break(body)) {
            self.enter(matched, opened);
            self.leaf = Leaf::None;
            return self.tell(Event::Text);
        }
        let begins_here = !opened.is_empty();
        // A paragraph goes on without the marks of its quote or list.
        if !(lazy && paragraph_goes_on) {
            if !opened.is_empty() {
                self.leaf = Leaf::None;
            }
            self.enter(matched, opened);
        }
        let deep = |line: &str| line.starts_with("    ") || line.starts_with('\t');
        let is_meant = (indented && paragraph_goes_on && !lazy)
            || (!indented && !paragraph_goes_on && !begins_here && deep(self.slice(line.clone())));
        if is_meant && self.indented_code == IndentedCode::Told {
            // A paragraph goes on with what was meant for code, or a list item has taken it.
            self.tell(Event::Indented { language: "", first: body.trim_end(), line: self.lines.number });
        }
        if indented && !paragraph_goes_on {
            if self.indented_code == IndentedCode::Told && !begins_here {
                return self.indented_code(&line);
            }
            self.tell(Event::Text);
        } else {
            self.text_line(&(start..line.end));
        }
    }

    /// Takes notice of a line that is the opening or the end of a component.
    fn count_tags(&mut self, body: &str) {
        let Some(tag) = body.strip_prefix('<') else { return };
        let is_component = |name: &str| name.starts_with(|c: char| c.is_ascii_uppercase());
        if tag.strip_prefix('/').is_some_and(is_component) {
            self.open_tags = self.open_tags.saturating_sub(1);
        } else if is_component(tag)
            && tag.trim_end().ends_with('>')
            && !tag.contains("/>")
            && !tag.contains("</")
        {
            self.open_tags += 1;
        }
    }

    fn tell(&mut self, event: Event<'a>) {
        let is_text = matches!(event, Event::Text);
        if !(is_text && self.has_told_of_text) {
            (self.sink)(event);
        }
        self.has_told_of_text = is_text;
    }

    /// Closes the containers that the line does not continue, and opens those that it begins.
    fn enter(&mut self, matched: usize, opened: Vec<container::Container>) {
        self.containers.truncate(matched);
        self.containers.extend(opened);
    }

    fn heading(&mut self, level: u8, text: &'a str) {
        self.leaf = Leaf::None;
        // A tab header belongs to the example, not to the text: what was said of the example still holds.
        if !is_tab(text) {
            self.paragraph = 0..0;
        }
        self.tell(Event::Heading { level, text, line: self.lines.number });
    }
}

#[cfg(test)]
mod tests;
