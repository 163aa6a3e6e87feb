//! Elements of HTML that are made for code, as `<pre>` and `<code>`: text of a page that may have been meant for a block.

mod bare;

use super::{Event, Scanner, heading};
use std::ops::Range;

pub(in crate::docs) use bare::{lines, pieces};

/// What such an element is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name {
    Pre,
    Xmp,
    Listing,
    Code,
    Samp,
    Tt,
}

const NAMES: [Name; 6] = [Name::Pre, Name::Xmp, Name::Listing, Name::Code, Name::Samp, Name::Tt];

impl Name {
    /// Whether such an element is made for code within a line of text, too.
    fn is_for_lines(self) -> bool {
        matches!(self, Name::Code | Name::Samp | Name::Tt)
    }
}

/// The names in the ways in which people write them; these are the words of the first look at a page, too.
const SPELLINGS: [(&str, Name); 15] = [
    ("pre", Name::Pre),
    ("PRE", Name::Pre),
    ("Pre", Name::Pre),
    ("xmp", Name::Xmp),
    ("XMP", Name::Xmp),
    ("Xmp", Name::Xmp),
    ("code", Name::Code),
    ("CODE", Name::Code),
    ("Code", Name::Code),
    ("samp", Name::Samp),
    ("SAMP", Name::Samp),
    ("tt", Name::Tt),
    ("TT", Name::Tt),
    ("listing", Name::Listing),
    ("LISTING", Name::Listing),
];

/// What stands so far away is not looked for: a line of nothing else must not cost its square.
const FAR: usize = 4096;

/// Elements of one line, each of which is looked at to the end of the line.
const MOST_TAGS: usize = 8;

/// Where the next element begins, and where those of each name may end.
#[derive(Debug, Default)]
pub(super) struct Elements {
    /// The next one at or after the lines read, or the end of the text.
    pub(super) next: usize,
    /// The line in which the last one begins that was told of.
    pub(super) told: u32,
    /// Looked up once for all that begin before it: a page of nothing else must not cost its square.
    ends: [Option<End>; NAMES.len()],
}

#[derive(Debug, Clone, Copy)]
struct End {
    at: usize,
    /// It is a tag, and not what shows that the tag was forgotten.
    is_tag: bool,
}

impl Scanner<'_, '_> {
    /// The first element at or behind a place, or the end of the text.
    pub(super) fn find_element(&self, from: usize) -> usize {
        start(self.text, from).unwrap_or(self.text.len())
    }

    /// Tells of the elements that begin in a line, or that were passed over: those in code and in comments are none.
    pub(super) fn elements(&mut self, line: &Range<usize>) {
        if self.elements.next < line.start {
            self.elements.next = self.find_element(line.start);
        }
        while self.elements.next < line.end {
            let at = self.elements.next;
            let mut resume = at + 1;
            if let Some(name) = name(self.text, at)
                && !self.is_hidden(at)
                && let Some(place) = self.elements.place(self.text, at, name)
                && (!name.is_for_lines() || is_block(self.text, &place))
            {
                resume = place.end.max(resume);
                let text = self.slice(place);
                self.elements.told = self.lines.number;
                (self.sink)(Event::Element { text, line: self.lines.number });
            }
            self.elements.next = self.find_element(resume);
        }
    }

    /// Whether an element stands in a comment, or is but named in the text: `<pre>`.
    fn is_hidden(&self, at: usize) -> bool {
        let is_closed = at.saturating_sub(self.next_comment) < FAR
            && self.text.get(self.next_comment..at).is_some_and(|comment| comment.contains("-->"));
        let is_in_comment = self.next_comment < at && !is_closed;
        is_in_comment || self.text.get(..at).is_some_and(|before| before.ends_with('`'))
    }
}

impl Elements {
    /// Where an element stands that begins here, its own tag included and that of its end not.
    fn place(&mut self, text: &str, start: usize, name: Name) -> Option<Range<usize>> {
        let known = self.ends.get_mut(name as usize)?;
        let end = *known.get_or_insert_with(|| find_end(text, start, name));
        let end = if end.at > start { end } else { *known.insert(find_end(text, start, name)) };
        if end.is_tag {
            return Some(start..end.at);
        }
        // A word of the text begins no line; the first look at a page sees but the end of `<tt>`.
        let begins = text.get(..start).is_some_and(|before| before.is_empty() || before.ends_with('\n'));
        if !matches!(name, Name::Pre | Name::Xmp) && (!begins || name == Name::Tt) {
            return None;
        }
        // Where its end is forgotten, it goes on to a heading or a comment, as a fence does; what may be but a word of the
        // text, no further than its paragraph.
        let shows = |line: &str| {
            line.starts_with("<!--")
                || heading(line).is_some_and(|(_, text)| !text.is_empty())
                || (name.is_for_lines() && line.trim().is_empty())
        };
        let lines = text.get(start..end.at)?.split_inclusive('\n').enumerate();
        let own = lines.take_while(|(index, line)| *index == 0 || !shows(line));
        Some(start..start + own.map(|(_, line)| line.len()).sum::<usize>())
    }
}

/// The end of an element: its tag, or a fence, which is no part of it.
fn find_end(text: &str, start: usize, name: Name) -> End {
    let bytes = text.as_bytes();
    let marks = memchr::memchr2_iter(b'<', b'\n', bytes.get(start + 1..).unwrap_or_default());
    for at in marks.map(|found| start + 1 + found) {
        let rest = text.get(at + 1..).unwrap_or_default();
        let is_tag = bytes.get(at) == Some(&b'<');
        let ends = if is_tag {
            rest.strip_prefix('/').and_then(named) == Some(name)
        } else {
            rest.starts_with("```") || rest.starts_with("~~~")
        };
        if ends {
            return End { at, is_tag };
        }
    }
    End { at: text.len(), is_tag: false }
}

/// Whether code in such an element is a block of its own: it has several lines, or nothing stands beside its only one.
fn is_block(text: &str, place: &Range<usize>) -> bool {
    let inside = text.get(place.clone()).unwrap_or_default();
    if inside.len() > FAR || ["\n", "<br", "<BR"].iter().any(|mark| inside.contains(mark)) {
        return true;
    }
    let near = text.floor_char_boundary(place.start.saturating_sub(FAR))
        ..text.floor_char_boundary(place.end.saturating_add(FAR));
    let before = text.get(near.start..place.start).and_then(|before| before.rsplit('\n').next());
    let behind = text.get(place.end..near.end).and_then(|behind| behind.lines().next()?.split_once('>'));
    let is_bare = |beside: &str| {
        let beside = beside.trim();
        let is_tag = ["<p", "<div", "</p", "</div"].iter().any(|tag| beside.starts_with(tag));
        beside.is_empty() || (is_tag && beside.ends_with('>'))
    };
    before.is_some_and(is_bare) && behind.is_none_or(|(_, behind)| is_bare(behind))
}

/// Whether an element is but a line of the text around it, as `<code>GET /users</code>`: what is made for blocks is one.
pub(in crate::docs) fn is_label(element: &str) -> bool {
    let is_for_lines = element.get(1..).and_then(named).is_some_and(Name::is_for_lines);
    is_for_lines && !element.contains('\n') && lines(element).take(2).count() == 1
}

/// The next element of a text.
fn start(text: &str, from: usize) -> Option<usize> {
    let rest = text.as_bytes().get(from..)?;
    memchr::memchr_iter(b'<', rest).map(|found| from + found).find(|at| name(text, *at).is_some())
}

/// What the element is called that begins here.
fn name(text: &str, at: usize) -> Option<Name> {
    named(text.get(at + 1..)?)
}

/// What a tag is called, its first mark left out.
fn named(tag: &str) -> Option<Name> {
    // Most tags have another.
    tag.starts_with(['p', 'P', 'x', 'X', 'c', 'C', 's', 'S', 't', 'T', 'l', 'L']).then_some(())?;
    let is_so = |spelling: &str| {
        let behind = tag.strip_prefix(spelling);
        behind.is_some_and(|behind| {
            behind.is_empty() || behind.starts_with(['>', '/']) || behind.starts_with(char::is_whitespace)
        })
    };
    SPELLINGS.iter().find(|(spelling, _)| is_so(spelling)).map(|(_, name)| *name)
}

/// Whether an element of a page may hold such a line: one does, wherever it stands on the page. Elements in code and in
/// comments are not told apart from others here.
pub(in crate::docs) fn may_hold(text: &str, is_such: impl Fn(&str) -> bool) -> bool {
    let Some(first) = start(text, 0) else { return false };
    let line_start = text.get(..first).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let mut lines = text.get(line_start..).unwrap_or_default().lines();
    lines.any(|line| {
        if line.len() > FAR {
            return true;
        }
        let tags = memchr::memchr_iter(b'<', line.as_bytes()).filter(|at| name(line, *at).is_some());
        let tags: Vec<usize> = tags.take(MOST_TAGS + 1).collect();
        let behind = tags.iter().filter_map(|at| Some(line.get(*at..)?.split_once('>')?.1));
        // A thorough look reads each of so many but once.
        tags.len() > MOST_TAGS
            || std::iter::once(line)
                .chain(behind)
                .flat_map(until_end)
                .flat_map(pieces)
                .any(|line| is_such(&line))
    })
}

/// A text, and what stands in it before the first end of each name.
fn until_end(text: &str) -> impl Iterator<Item = &str> {
    let ends = memchr::memmem::find_iter(text.as_bytes(), "</")
        .filter_map(|at| Some((at, named(text.get(at + 2..)?)?)))
        .collect::<Vec<_>>();
    let first = move |name: Name| ends.iter().find(|(_, own)| *own == name).map(|(at, _)| *at);
    let cut = NAMES.into_iter().filter_map(first);
    cut.chain([text.len()]).filter_map(|end| text.get(..end))
}
