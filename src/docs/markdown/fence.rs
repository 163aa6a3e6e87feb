//! Fenced code: its opening, its end, its text.

use super::Lines;
use super::balance::Balance;
use super::container::{Containers, Cursor, unindented};
use std::borrow::Cow;

/// A longer run of backticks or tildes is text: a page of ever shorter fences must not cost its square.
const LONGEST: usize = 64;

/// A fenced code block.
#[derive(Debug, Clone)]
pub(in crate::docs) struct Fence<'a> {
    /// The line of its opening, counted from 1.
    pub(in crate::docs) line: u32,
    /// What its opening says that it is written in, or nothing.
    pub(in crate::docs) language: &'a str,
    /// The lines between, with all marks and blanks of the containers that it stands in.
    pub(super) raw: &'a str,
    pub(super) containers: Containers,
    pub(super) indent: usize,
}

impl<'a> Fence<'a> {
    /// Code that is told by its indentation alone: these lines, without so many columns; `line` is the one above them.
    pub(in crate::docs) fn indented(line: u32, language: &'a str, raw: &'a str, indent: usize) -> Fence<'a> {
        Fence { line, language, raw, containers: Containers::default(), indent }
    }

    /// Where its lines stand in the page that it was read from.
    pub(in crate::docs) fn place(&self, page: &str) -> Option<std::ops::Range<usize>> {
        place(self.raw, page)
    }

    /// The text: what stands between opening and end, without the indentation of the opening, each line with its LF.
    pub(in crate::docs) fn text(&self) -> Cow<'a, str> {
        if self.containers.is_empty() && self.indent == 0 {
            return Cow::Borrowed(self.raw);
        }
        let mut text = String::with_capacity(self.raw.len());
        for line in self.raw.split_inclusive('\n') {
            let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
            let mut cursor = Cursor::new(line);
            self.containers.matching(&mut cursor);
            cursor.skip(self.indent);
            text.extend(std::iter::repeat_n(' ', cursor.pending()));
            text.push_str(cursor.rest());
            text.push_str(end);
        }
        Cow::Owned(text)
    }
}

/// The opening of a fence.
#[derive(Debug, Clone, Copy)]
pub(super) struct Opening<'a> {
    pub(super) mark: u8,
    pub(super) length: usize,
    info: &'a str,
}

/// Reads the opening of a fence, blanks before it passed.
pub(super) fn opening(body: &str) -> Option<Opening<'_>> {
    let mark = *body.as_bytes().first().filter(|mark| matches!(mark, b'`' | b'~'))?;
    let length = body.bytes().take_while(|byte| *byte == mark).count();
    let info = body.get(length..).unwrap_or_default();
    let is_code_span = mark == b'`' && info.contains('`');
    ((3..=LONGEST).contains(&length) && !is_code_span).then_some(Opening { mark, length, info })
}

/// Where a fence ends.
pub(super) struct End<'a> {
    /// The byte behind its text.
    pub(super) at: usize,
    /// The lines behind it.
    pub(super) resume: Lines<'a>,
    /// Whether a line of its own ends it.
    pub(super) closed: bool,
}

/// Looks for the end of a fence, from the line behind its opening on.
///
/// A fence without end is `CommonMark`'s whole rest of the page. An opening with a language shows that the end was
/// forgotten; then, and where the page ends, it ended at the first heading or comment, so that one pair suffers at most.
/// So does a line that is an end or an opening without a language, if it is rather an opening: see [`Balance`].
pub(super) fn find_end<'a>(
    text: &'a str,
    lines: &Lines<'a>,
    containers: &Containers,
    open: &Opening<'a>,
    indent: usize,
    balance: &mut Balance,
) -> End<'a> {
    let mut lines = lines.clone();
    let mut cut: Option<Lines<'a>> = None;
    // Comments before its message are a part of it, though they look like a heading or a comment of the page.
    let mut has_begun = false;
    loop {
        let before = lines.clone();
        let Some(line) = lines.next() else { return unclosed(cut.unwrap_or(before), text) };
        if containers.is_empty() && !may_end(text, &line, open) {
            // Most lines are code, and nothing else.
            has_begun |= !unindented(text.get(line).unwrap_or_default()).is_empty();
            continue;
        }
        let mut cursor = Cursor::new(text.get(line.clone()).unwrap_or_default());
        let inside = containers.is_empty() || containers.matching(&mut cursor) == containers.len();
        let body = unindented(cursor.rest());
        let mark = body.as_bytes().first().copied();
        let is_fence = mark == Some(open.mark);
        let ends =
            is_fence && body.trim_end().bytes().all(|byte| byte == open.mark) && open.is_ended_by(body);
        if !inside {
            // An end that forgot its indentation is still one; what else leaves the container ends the fence with it.
            let resume = if ends { lines } else { before };
            return End { at: line.start.min(text.len()), resume, closed: false };
        }
        if ends && cursor.indent() < indent.max(4) + usize::from(indent >= 4) {
            if balance.is_rather_an_opening(text, &lines, open, body) {
                return unclosed(cut.unwrap_or(before), text);
            }
            return End { at: line.start, resume: lines, closed: true };
        }
        if is_fence && opening(body).is_some_and(|other| other.length >= open.length && other.has_language())
        {
            return unclosed(cut.unwrap_or(before), text);
        }
        if cut.is_none() && matches!(mark, Some(b'#' | b'<')) && cursor.indent() < 4 {
            let is_comment = body.starts_with("<!--");
            let shows = is_comment || super::heading(body).is_some_and(|(_, text)| !text.is_empty());
            let is_annotation = || is_comment && !body.contains("-->") || body.contains("blockType");
            cut = (shows && (has_begun || is_annotation())).then_some(before);
        }
        has_begun |= !matches!(mark, None | Some(b'#' | b'<'));
    }
}

/// Whether a line begins as one that ends a fence may.
fn may_end(text: &str, line: &std::ops::Range<usize>, open: &Opening) -> bool {
    let line = text.as_bytes().get(line.clone()).unwrap_or_default();
    let first = line.iter().find(|byte| !matches!(byte, b' ' | b'\t'));
    first.is_some_and(|first| *first == open.mark || matches!(first, b'#' | b'<'))
}

fn unclosed<'a>(resume: Lines<'a>, text: &str) -> End<'a> {
    End { at: resume.at.min(text.len()), resume, closed: false }
}

impl<'a> Opening<'a> {
    pub(super) fn has_language(self) -> bool {
        has_language(self.info)
    }

    /// The language that it names, or nothing.
    pub(super) fn language(self) -> &'a str {
        language(self.info)
    }

    /// The text of a fence that is never closed, without an end that stands behind its last line.
    pub(super) fn without_end(self, text: &str) -> &str {
        let bare = text.trim_end().trim_end_matches(char::from(self.mark));
        let last = bare.rsplit('\n').next().unwrap_or_default();
        let ends = text.trim_end().len() - bare.len() >= self.length
            && last.contains(|c: char| !matches!(c, ' ' | '\t' | '>'));
        if ends { bare } else { text }
    }

    /// Whether a run of its mark is long enough to end it.
    pub(super) fn is_ended_by(self, body: &str) -> bool {
        body.trim_end().len() >= self.length
    }
}

/// The language of code, by what stands behind the opening of its fence: the first word, without the lines to mark
/// (`json{1,3}`); the first class in braces (`{.json #id}`); what stands behind a directive for code
/// (`{code-block} json`).
pub(in crate::docs) fn language(info: &str) -> &str {
    let mut words = info.split_ascii_whitespace();
    let first = words.next().unwrap_or_default();
    let Some(braced) = first.strip_prefix('{') else {
        let end = first.find(['{', ',']).unwrap_or(first.len());
        return first.get(..end).unwrap_or(first);
    };
    if matches!(braced, "code-block}" | "code}" | "sourcecode}") {
        return words.next().unwrap_or_default();
    }
    let mut braced = info.trim_start().split('}').next().unwrap_or_default().split(['{', ' ', '\t']);
    braced.find_map(|word| word.strip_prefix('.')).unwrap_or(first)
}

fn has_language(info: &str) -> bool {
    info.trim_start().starts_with(|first: char| first.is_ascii_alphabetic())
}

/// Where a part of a page stands in it.
pub(in crate::docs) fn place(part: &str, page: &str) -> Option<std::ops::Range<usize>> {
    let start = part.as_ptr().addr().checked_sub(page.as_ptr().addr())?;
    (start + part.len() <= page.len()).then(|| start..start + part.len())
}

#[cfg(test)]
mod tests {
    use super::language;
    use rstest::rstest;

    #[rstest]
    #[case("json", "json")]
    #[case(" http title=x", "http")]
    #[case("json{1,3}", "json")]
    #[case("rust,ignore", "rust")]
    #[case("{.json}", "json")]
    #[case(" {#id .http .numbered}", "http")]
    #[case("{code-block} json", "json")]
    #[case("{note}", "{note}")]
    #[case("{", "{")]
    #[case("HTTP/1.1 200 OK", "HTTP/1.1")]
    #[case("", "")]
    fn languages_stand_behind_the_opening(#[case] info: &str, #[case] expected: &str) {
        assert_eq!(language(info), expected);
    }
}
