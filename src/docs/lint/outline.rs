//! The outline of a page: which of its parts documents which requests and answers, and the fences of its examples.

use super::status::Promised;
use crate::docs::Documented;
use crate::docs::http_text::{Kind, Message, Start, messages, start_of};
use crate::docs::markdown::{Fence, Landmark};
use crate::docs::notes::Notes;
use crate::docs::pairing::{Templates, announces_example, title};
use crate::source::{behind_rows, count_rows, rows};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// What a page consists of, as far as the checks need it.
pub(super) struct Outline<'a> {
    /// By their lines.
    scopes: Vec<Scope>,
    examples: Vec<Example<'a>>,
}

/// A part of a page that documents an operation: the section around "HTTP request" or "Response", mostly the page.
#[derive(Default)]
pub(super) struct Scope {
    lines: Range<u32>,
    /// Method and URL of each request of its sections "HTTP request".
    pub(super) templates: Vec<(String, String)>,
    /// Not all of these sections could be read: the templates are not all that is documented.
    pub(super) has_unread_template: bool,
    /// What its sections "Response" say.
    pub(super) promised: Promised,
}

/// A fence that holds a half of a pair.
struct Example<'a> {
    /// The page's line of its text's first line.
    first_line: u32,
    text: Cow<'a, str>,
}

impl<'a> Outline<'a> {
    pub(super) fn of(landmarks: Vec<Landmark<'a>>, text: &'a str, pairs: &[Documented]) -> Outline<'a> {
        let lines = pairs.iter().flat_map(|pair| [pair.written.request_line, pair.written.status_line]);
        let mut sketch = Sketch {
            messages: lines.collect(),
            headings: Vec::with_capacity(landmarks.len()),
            ..Sketch::default()
        };
        for landmark in landmarks {
            match landmark {
                Landmark::Heading { level, text, line } => sketch.heading(level, text, line),
                Landmark::Fence(fence) => sketch.fence(&fence),
            }
        }
        sketch.finish(text)
    }

    /// The smallest part of the page that this line is in.
    pub(super) fn scope(&self, line: u32) -> Option<usize> {
        let around = self.scopes.iter().enumerate().filter(|(_, scope)| scope.lines.contains(&line));
        around.min_by_key(|(_, scope)| scope.lines.len()).map(|(index, _)| index)
    }

    pub(super) fn scopes(&self) -> &[Scope] {
        &self.scopes
    }

    /// The text of the message that begins in this line of the page.
    pub(super) fn message(&self, line: u32, kind: Kind) -> Option<&str> {
        messages(self.from(line)?, kind, line).first().map(Message::text)
    }

    /// The text of an example from this line of the page on.
    pub(super) fn from(&self, line: u32) -> Option<&str> {
        let after = self.examples.partition_point(|example| example.first_line <= line);
        let example = self.examples.get(after.checked_sub(1)?)?;
        Some(behind_rows(&example.text, (line - example.first_line) as usize))
    }
}

#[derive(Default)]
struct Sketch<'a> {
    /// Lines in which halves of pairs begin.
    messages: BTreeSet<u32>,
    /// Level and line of each heading.
    headings: Vec<(u8, u32)>,
    /// Whether we are in a section "HTTP request".
    is_template: Templates,
    /// The level of the heading that announced examples, while we are below it.
    examples_of: Option<u8>,
    /// Each URL template: its heading, and what it says; nothing where it cannot be read.
    templates: Vec<(usize, Option<(String, String)>)>,
    /// The heading "Response" that we are under, and the lines so far.
    response: Option<(usize, u32)>,
    responses: Vec<(usize, Range<u32>)>,
    examples: Vec<Example<'a>>,
}

impl<'a> Sketch<'a> {
    fn heading(&mut self, level: u8, text: &str, line: u32) {
        self.end_response(line);
        self.is_template.heading(level, text);
        let title = title(text);
        if announces_example(title) {
            self.examples_of = Some(self.examples_of.map_or(level, |above| above.min(level)));
        } else if self.examples_of.is_some_and(|above| level < above) {
            self.examples_of = None;
        }
        let is_response = ["response", "responses"].iter().any(|word| word.eq_ignore_ascii_case(title));
        if is_response && self.examples_of.is_none() {
            self.response = Some((self.headings.len(), line));
        }
        self.headings.push((level, line));
    }

    fn end_response(&mut self, line: u32) {
        if let Some((heading, start)) = self.response.take() {
            self.responses.push((heading, start..line));
        }
    }

    fn fence(&mut self, fence: &Fence<'a>) {
        let text = fence.text();
        let first_line = fence.line + 1;
        let after = first_line + u32::try_from(count_rows(&text)).unwrap_or(u32::MAX - first_line);
        if self.messages.range(first_line..after).next().is_some() {
            // What follows without a heading of its own is an example nonetheless.
            self.end_response(fence.line);
            self.examples.push(Example { first_line, text });
        } else if self.is_template.are_here() {
            self.template(&text);
        }
    }

    fn template(&mut self, text: &str) {
        let Some(heading) = self.headings.len().checked_sub(1) else { return };
        let mut silent = Notes::new("");
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let request = messages(line, Kind::Request, 1).first().and_then(|line| line.request(&mut silent));
            let request = request.filter(|_| start_of(line) == Start::Request);
            self.templates.push((heading, request.map(|request| (request.method, request.url))));
        }
    }

    fn finish(mut self, text: &str) -> Outline<'a> {
        self.end_response(u32::MAX);
        let mut scopes: BTreeMap<(u32, u32), Scope> = BTreeMap::new();
        for (heading, template) in std::mem::take(&mut self.templates) {
            let lines = self.around(heading);
            let scope =
                scopes.entry((lines.start, lines.end)).or_insert_with(|| Scope { lines, ..Scope::default() });
            match template {
                Some(template) => scope.templates.push(template),
                None => scope.has_unread_template = true,
            }
        }
        let (mut rest, mut passed) = (text, 0);
        for (heading, range) in std::mem::take(&mut self.responses) {
            let lines_around = self.around(heading);
            rest = behind_rows(rest, range.start.saturating_sub(passed) as usize);
            passed = range.start;
            let said = section(rest, (range.end - range.start) as usize);
            let key = (lines_around.start, lines_around.end);
            let scope =
                scopes.entry(key).or_insert_with(|| Scope { lines: lines_around, ..Scope::default() });
            scope.promised.read(said.into_iter());
        }
        Outline { scopes: scopes.into_values().collect(), examples: self.examples }
    }

    /// The lines of the section that a heading's own section is a part of.
    fn around(&self, heading: usize) -> Range<u32> {
        let (before, from) = self.headings.split_at(heading.min(self.headings.len()));
        let level = from.first().map_or(u8::MAX, |(level, _)| *level);
        let Some((parent, start)) = before.iter().rev().find(|(above, _)| *above < level).copied() else {
            return 0..u32::MAX;
        };
        let end = from.iter().find(|(level, _)| *level <= parent).map_or(u32::MAX, |(_, line)| *line);
        start..end
    }
}

/// The rows of a section, of which the row behind so many begins the next: without a heading that is underlined there, and
/// so begins above it.
fn section(text: &str, length: usize) -> Vec<&str> {
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
    said
}
