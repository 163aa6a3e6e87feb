//! Elements `<pre>` of HTML: text of a page that may have been meant for code.

use super::{Event, Scanner};
use std::ops::Range;

impl Scanner<'_, '_> {
    /// The first `<pre` at or behind a place, or the end of the text.
    pub(super) fn find_element(&self, from: usize) -> usize {
        start(self.text, from).unwrap_or(self.text.len())
    }

    /// Tells of the elements that begin in a line, or that were passed over: those in code and in comments are none.
    pub(super) fn elements(&mut self, line: &Range<usize>) {
        if self.next_element < line.start {
            self.next_element = self.find_element(line.start);
        }
        while self.next_element < line.end {
            let is_hidden = self.is_hidden(self.next_element);
            if let Some((text, below)) = text_of(self.text, self.next_element).filter(|_| !is_hidden) {
                (self.sink)(Event::Element { text, line: self.lines.number + below });
            }
            self.next_element = self.find_element(self.next_element + 4);
        }
    }

    /// Whether an element stands in a comment, or is but named in the text: `<pre>`.
    fn is_hidden(&self, at: usize) -> bool {
        // What stands far behind is not looked for: a line of nothing else must not cost its square.
        const FAR: usize = 4096;
        let is_closed = at.saturating_sub(self.next_comment) < FAR
            && self.text.get(self.next_comment..at).is_some_and(|comment| comment.contains("-->"));
        let is_in_comment = self.next_comment < at && !is_closed;
        is_in_comment || self.text.get(..at).is_some_and(|before| before.ends_with('`'))
    }
}

/// The next `<pre` of a text.
fn start(text: &str, from: usize) -> Option<usize> {
    let rest = text.as_bytes().get(from..)?;
    let is_start =
        |at: &usize| rest.get(at + 1..at + 4).is_some_and(|name| name.eq_ignore_ascii_case(b"pre"));
    memchr::memchr_iter(b'<', rest).find(is_start).map(|found| from + found)
}

/// The beginning of an element's text, from its first line that has one, and how many lines stand above it.
fn text_of(text: &str, start: usize) -> Option<(&str, u32)> {
    /// What is looked at: an element is not looked through to its end.
    const MOST: usize = 1024;
    let element = text.get(start..text.floor_char_boundary(start + MOST))?;
    if !element.get(4..)?.starts_with(|c: char| c.is_whitespace() || c == '>') {
        return None;
    }
    let mut rest = element;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '>');
        let Some(tag) = rest.strip_prefix('<') else { break };
        let (tag, behind) = tag.split_once('>')?;
        if tag.eq_ignore_ascii_case("/pre") {
            return None;
        }
        rest = behind;
    }
    let above = element.get(..element.len() - rest.len())?.matches('\n').count();
    // Where the end is forgotten, a fence is not a part of the element.
    let end = ["</pre", "</PRE", "</Pre", "\n```", "\n~~~"]
        .iter()
        .filter_map(|end| rest.find(end))
        .min()
        .unwrap_or(rest.len());
    Some((rest.get(..end)?, u32::try_from(above).ok()?))
}

/// The texts of all elements of a page.
pub(in crate::docs) fn elements(text: &str) -> impl Iterator<Item = &str> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let found = start(text, from)?;
        from = found + 4;
        Some(text_of(text, found).map_or("", |(text, _)| text))
    })
}
