//! The outline of a page: which of its parts documents which requests and answers, and the fences of its examples.

mod sections;

use crate::docs::Documented;
use crate::docs::http_text::{Kind, Message, messages};
use crate::docs::markdown::{Fence, Landmark, place};
use crate::docs::pairing::{Templates, announces_example, title};
use crate::source::{behind_rows, count_rows, rows};
use sections::Sections;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// What a page consists of, as far as the checks need it.
pub(super) struct Outline<'a> {
    /// By their lines.
    scopes: Vec<Scope<'a>>,
    examples: Vec<Example<'a>>,
}

/// A part of a page that documents an operation: the section around "HTTP request" or "Response", mostly the page.
#[derive(Default)]
pub(super) struct Scope<'a> {
    lines: Range<u32>,
    /// The smallest one that this one is a part of.
    around: Option<usize>,
    /// The fences of its sections "HTTP request".
    pub(super) templates: Vec<Cow<'a, str>>,
    /// What its sections "Response" say.
    pub(super) responses: Vec<&'a str>,
}

/// A fence that holds a half of a pair.
struct Example<'a> {
    /// The page's line of its text's first line.
    first_line: u32,
    text: Cow<'a, str>,
    /// The lines in which halves of pairs begin, each with its place in the text; none where it is one half.
    starts: Vec<(u32, usize)>,
}

impl<'a> Example<'a> {
    fn new(first_line: u32, text: Cow<'a, str>, lines: impl Iterator<Item = u32> + Clone) -> Example<'a> {
        if lines.clone().eq([first_line]) {
            return Example { first_line, text, starts: Vec::new() };
        }
        let (mut at, mut passed) = (0, first_line);
        let starts = lines.map(|line| {
            at = text.len() - behind_rows(text.get(at..).unwrap_or_default(), (line - passed) as usize).len();
            passed = line;
            (line, at)
        });
        let starts = starts.collect();
        Example { first_line, text, starts }
    }
}

impl<'a> Outline<'a> {
    pub(super) fn of(landmarks: Vec<Landmark<'a>>, text: &'a str, pairs: &[Documented]) -> Outline<'a> {
        let lines = pairs.iter().flat_map(|pair| [pair.written.request_line, pair.written.status_line]);
        let mut sketch = Sketch {
            messages: lines.collect(),
            page: text,
            headings: Vec::with_capacity(landmarks.len()),
            ..Sketch::default()
        };
        for landmark in landmarks {
            match landmark {
                Landmark::Heading { level, text, line } => sketch.heading(level, text, line),
                Landmark::Fence(fence) => sketch.fence(&fence),
            }
        }
        sketch.finish()
    }

    /// The smallest part of the page that this line is in.
    pub(super) fn scope(&self, line: u32) -> Option<usize> {
        let mut index = self.scopes.partition_point(|scope| scope.lines.start <= line).checked_sub(1)?;
        loop {
            let scope = self.scopes.get(index)?;
            if scope.lines.contains(&line) {
                return Some(index);
            }
            index = scope.around?;
        }
    }

    pub(super) fn scopes(&self) -> &[Scope<'a>] {
        &self.scopes
    }

    /// The text of the message that begins in this line of the page.
    pub(super) fn message(&self, line: u32, kind: Kind) -> Option<&str> {
        messages(self.from(line)?, kind, line).first().map(Message::text)
    }

    /// The text of an example from this line of the page on, up to the first line of the next half of a pair and with it.
    pub(super) fn from(&self, line: u32) -> Option<&str> {
        let after = self.examples.partition_point(|example| example.first_line <= line);
        let example = self.examples.get(after.checked_sub(1)?)?;
        if example.starts.is_empty() {
            return (example.first_line == line).then_some(&example.text);
        }
        let at = example.starts.partition_point(|(start, _)| *start < line);
        let (_, start) = example.starts.get(at).filter(|(start, _)| *start == line)?;
        let next = example.starts.get(at + 1).map_or(example.text.len(), |(_, next)| {
            let row = example.text.get(*next..).unwrap_or_default();
            next + memchr::memchr(b'\n', row.as_bytes()).map_or(row.len(), |end| end + 1)
        });
        example.text.get(*start..next)
    }
}

#[derive(Default)]
struct Sketch<'a> {
    page: &'a str,
    /// Lines in which halves of pairs begin.
    messages: BTreeSet<u32>,
    /// Level and line of each heading.
    headings: Vec<(u8, u32)>,
    /// Whether we are in a section "HTTP request".
    is_template: Templates,
    /// The level of the heading that announced examples, while we are below it.
    examples_of: Option<u8>,
    /// The fences of URL templates, each with its heading.
    templates: Vec<(usize, Cow<'a, str>)>,
    /// The heading "Response" that we are under.
    response: Option<Response>,
    responses: Vec<Response>,
    examples: Vec<Example<'a>>,
}

/// A section "Response", from the line behind its heading to the one that ends it.
struct Response {
    heading: usize,
    lines: Range<u32>,
    /// Where it stands in the page, as far as that is known without counting lines.
    start: Option<usize>,
    end: Option<usize>,
}

impl<'a> Sketch<'a> {
    fn heading(&mut self, level: u8, text: &str, line: u32) {
        let marked = self.marked(text);
        self.end_response(line, marked.clone().map(|line| line.start));
        self.is_template.heading(level, text);
        let title = title(text);
        if announces_example(title) {
            self.examples_of = Some(self.examples_of.map_or(level, |above| above.min(level)));
        } else if self.examples_of.is_some_and(|above| level < above) {
            self.examples_of = None;
        }
        let is_response = ["response", "responses"].iter().any(|word| word.eq_ignore_ascii_case(title));
        if is_response && self.examples_of.is_none() {
            let (heading, start) = (self.headings.len(), marked.map(|line| line.end));
            self.response = Some(Response { heading, lines: line..line, start, end: None });
        }
        self.headings.push((level, line));
    }

    fn end_response(&mut self, line: u32, end: Option<usize>) {
        if let Some(mut response) = self.response.take() {
            (response.lines.end, response.end) = (line, end);
            self.responses.push(response);
        }
    }

    /// The whole line of a heading that has its marks before it.
    fn marked(&self, heading: &str) -> Option<Range<usize>> {
        let place = place(heading, self.page)?;
        let start = self.row_of(place.start)?;
        let is_marked = self.page.get(start..place.start)?.contains('#');
        let behind = self.page.as_bytes().get(place.end..)?;
        let end = memchr::memchr(b'\n', behind).map_or(self.page.len(), |at| place.end + at + 1);
        is_marked.then_some(start..end)
    }

    /// Where the row begins that a place is in.
    fn row_of(&self, place: usize) -> Option<usize> {
        Some(memchr::memrchr(b'\n', self.page.as_bytes().get(..place)?).map_or(0, |at| at + 1))
    }

    /// Where the row above the text of a fence begins, that of its opening.
    fn above(&self, fence: &Fence<'a>) -> Option<usize> {
        let above = fence.place(self.page)?.start.checked_sub(1)?;
        (self.page.as_bytes().get(above) == Some(&b'\n')).then(|| self.row_of(above))?
    }

    fn fence(&mut self, fence: &Fence<'a>) {
        let text = fence.text();
        let first_line = fence.line + 1;
        let after = first_line + u32::try_from(count_rows(&text)).unwrap_or(u32::MAX - first_line);
        let mut messages = self.messages.range(first_line..after).copied().peekable();
        if messages.peek().is_some() {
            // What follows without a heading of its own is an example nonetheless.
            let end = self.response.as_ref().and_then(|_| self.above(fence));
            let example = Example::new(first_line, text, messages);
            self.end_response(fence.line, end);
            self.examples.push(example);
        } else if self.is_template.are_here()
            && let Some(heading) = self.headings.len().checked_sub(1)
        {
            self.templates.push((heading, text));
        }
    }

    fn finish(mut self) -> Outline<'a> {
        self.end_response(u32::MAX, Some(self.page.len()));
        let sections = Sections::of(&self.headings);
        let mut scopes: BTreeMap<(u32, u32), Scope> = BTreeMap::new();
        let scope = |lines: Range<u32>| ((lines.start, lines.end), Scope { lines, ..Scope::default() });
        for (heading, template) in std::mem::take(&mut self.templates) {
            let (key, scope) = scope(sections.around(heading));
            scopes.entry(key).or_insert(scope).templates.push(template);
        }
        let (mut rest, mut passed) = (self.page, 0);
        for response in std::mem::take(&mut self.responses) {
            let (key, scope) = scope(sections.around(response.heading));
            let known = response.start.zip(response.end).and_then(|(start, end)| self.page.get(start..end));
            let said = known.unwrap_or_else(|| {
                let lines = response.lines;
                rest = behind_rows(rest, lines.start.saturating_sub(passed) as usize);
                passed = lines.start;
                section(rest, (lines.end - lines.start) as usize)
            });
            scopes.entry(key).or_insert(scope).responses.push(said);
        }
        Outline { scopes: nested(scopes.into_values().collect()), examples: self.examples }
    }
}

/// Scopes by their first lines, each with the one around it: sections lie in each other or apart.
fn nested(mut scopes: Vec<Scope<'_>>) -> Vec<Scope<'_>> {
    let mut open: Vec<(usize, u32)> = Vec::new();
    for (index, scope) in scopes.iter_mut().enumerate() {
        while open.pop_if(|(_, end)| *end <= scope.lines.start).is_some() {}
        scope.around = open.last().map(|(around, _)| *around);
        open.push((index, scope.lines.end));
    }
    scopes
}

/// The section that a text begins with, of which the row behind so many begins the next: without a heading that is
/// underlined there, and so begins above it.
fn section(text: &str, length: usize) -> &str {
    let mut said: Vec<&str> = rows(text).take(length).collect();
    if said.len() == length
        && let Some(last) = said.pop()
    {
        let last = last.trim_matches([' ', '\t', '>', '\n']);
        if !last.is_empty()
            && (last.bytes().all(|byte| byte == b'=') || last.bytes().all(|byte| byte == b'-'))
        {
            let is_blank = |row: &&str| row.trim_matches([' ', '\t', '>', '\n']).is_empty();
            let kept = said.iter().rposition(is_blank).map_or(0, |at| at + 1);
            said.truncate(kept);
        }
    }
    text.get(..said.into_iter().map(str::len).sum()).unwrap_or(text)
}
