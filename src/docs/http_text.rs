//! HTTP as people write it: the text of a fence → its messages, and a message → its parts.

mod headers;
mod lead;
mod line;

use super::notes::Notes;
use crate::finding::Code;
use crate::message::Headers;
use crate::source::{behind_rows, rows};
use std::cell::LazyCell;

use line::{Holds, StatusLine, WholeUrl};

pub(super) use headers::{are_all as are_headers, parted};
pub(super) use lead::{
    Hidden, Lead, NEAR, Unsaid, begins_with_status, hidden, hidden_near, is_code, lead, lead_to, may_be_far,
    may_be_hidden, may_be_unsaid, may_matter, opened_with, outside, says_http, unsaid,
};
pub(super) use line::{Start, is_absolute, is_method, is_usual_method, is_whole, start_of};

/// One message of a fence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Message<'a> {
    pub(super) kind: Kind,
    /// From its first line to the next message's.
    text: &'a str,
    /// The page's line of its first line.
    pub(super) line: u32,
}

/// Which half of an exchange a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Request,
    Response,
}

/// The messages of a fence whose first one is of this kind; `line` is the page's line of the text's first one.
///
/// Behind a request each line with a method and a URL starts another request, and each status line a response; in a
/// response a status line starts another. Not so in a body that may hold such lines itself, as a batch does; in any
/// other body a request line has to stand apart from it, and to be nothing else.
pub(super) fn messages(text: &str, first: Kind, line: u32) -> Vec<Message<'_>> {
    let mut starts: Vec<(usize, Kind, u32)> = Vec::new();
    let mut holds = Holds::NoHttp;
    let mut place = Place::Head;
    let (mut at, mut number) = (0, line);
    for text_line in rows(text) {
        if starts.is_empty() {
            if !text_line.trim().is_empty() {
                starts.push((at, first, number));
            }
        } else if line::may_start(text_line) {
            let kind = match (start_of(text_line), holds) {
                (Start::Status, Holds::NoHttp | Holds::Lines) => Some(Kind::Response),
                (Start::Request, Holds::NoHttp)
                    if first == Kind::Request && place.may_end_before(text_line) =>
                {
                    Some(Kind::Request)
                }
                _ => None,
            };
            if let Some(kind) = kind {
                starts.push((at, kind, number));
                holds = Holds::NoHttp;
            } else if holds != Holds::Http {
                holds = line::body_holds(text_line).unwrap_or(holds);
            }
        } else if holds == Holds::Http && line::is_last_boundary(text_line) {
            holds = Holds::NoHttp;
        }
        // Where the text begins with a response, no request ends a body.
        if first == Kind::Request {
            let is_start = starts.last().is_some_and(|(start, ..)| *start == at);
            place = if is_start { Place::Head } else { place.behind(text_line) };
        }
        at += text_line.len();
        number += 1;
    }
    if starts.is_empty() {
        // Of an empty fence there is but the opening to point at.
        starts.push((0, first, line.saturating_sub(1)));
    }
    let ends = starts.iter().skip(1).map(|(at, ..)| *at).chain([text.len()]);
    let mut messages: Vec<Message<'_>> = Vec::with_capacity(starts.len());
    for ((start, kind, line), end) in starts.iter().zip(ends) {
        if let Some(above) = messages.last_mut() {
            above.text = before_remark(above.text, *kind);
        }
        messages.push(Message { kind: *kind, text: text.get(*start..end).unwrap_or_default(), line: *line });
    }
    if let Some(last) = messages.last_mut() {
        last.text = before_separator(last.text);
    }
    messages
}

/// A message without what is said of the one behind it, of this kind: a word or a rule that parts them, or comments. No
/// body ends with it.
fn before_remark(text: &str, next: Kind) -> &str {
    let mut above = text.trim_end();
    let mut kept = text;
    let is_text = LazyCell::new(|| says_text(text));
    while let Some(start) = above.rfind('\n').map(|at| at + 1) {
        let Some((before, row)) = above.split_at_checked(start) else { break };
        if !is_remark(row.trim(), next) || *is_text {
            break;
        }
        kept = before;
        above = before.trim_end();
    }
    kept
}

/// The last message of a fence without the line with which clients part requests: `###`.
fn before_separator(text: &str) -> &str {
    let above = text.trim_end();
    let start = above.rfind('\n').map_or(0, |at| at + 1);
    let row = above.get(start..).unwrap_or_default().trim();
    let is_separator = row.len() >= 3 && row.bytes().all(|byte| byte == b'#');
    if start > 0 && is_separator && !says_text(text) { text.get(..start).unwrap_or(text) } else { text }
}

/// Whether a line between two messages of a fence says but what the next one is.
fn is_remark(line: &str, next: Kind) -> bool {
    let is_rule = line.len() >= 3 && line.chars().all(|c| matches!(c, '-' | '=' | '*' | '_' | '~'));
    let word = line.trim_matches(|c: char| c.is_ascii_punctuation() || c == ' ');
    let known: &[&str] = match next {
        Kind::Request => &["", "or", "and", "and/or", "alternatively"],
        Kind::Response => &["or", "response", "answer", "returns", "result", "output", "example response"],
    };
    let closes = line.ends_with(['}', ']', '"', ')', '>']);
    is_comment(line) || is_rule || (!closes && known.iter().any(|known| word.eq_ignore_ascii_case(known)))
}

/// Whether a line between messages is a comment.
fn is_comment(line: &str) -> bool {
    ["# ", "##", "// "].iter().any(|mark| line.starts_with(mark))
        || (line.starts_with("<!--") && line.ends_with("-->"))
}

/// Whether the headers of a message say that its body is a text, whose last line may be anything.
fn says_text(text: &str) -> bool {
    rows(text)
        .take_while(|row| !row.trim().is_empty())
        .any(|row| matches!(line::body_holds(row), Some(Holds::Lines | Holds::Http)))
}

/// What the line before a line of a message belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The first line and the headers.
    Head,
    /// Blank lines behind the headers.
    Gap,
    /// The body.
    Body,
    /// The body, and what it could end with: a bracket that closes, or a blank line.
    BodyEnd,
}

impl Place {
    /// Whether a request line may stand here that ends the message.
    fn may_end_before(self, line: &str) -> bool {
        match self {
            Place::Head | Place::Gap => true,
            Place::Body => false,
            Place::BodyEnd => line::is_plain_request(line),
        }
    }

    /// The place behind a line.
    fn behind(self, line: &str) -> Place {
        let line = line.trim();
        let begins_body = line.starts_with(['{', '[', '<']);
        match self {
            // A comment may part requests.
            Place::Head | Place::Gap | Place::BodyEnd if is_comment(line) => self,
            Place::Head | Place::Gap if line.is_empty() => Place::Gap,
            Place::Head if !begins_body => Place::Head,
            Place::Gap if !begins_body && headers::is_header(line) => Place::Head,
            _ if line.is_empty() || line.ends_with(['}', ']']) => Place::BodyEnd,
            _ => Place::Body,
        }
    }
}

/// A request as it is written.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RequestText<'a> {
    /// In upper case.
    pub(super) method: String,
    pub(super) url: String,
    pub(super) headers: Headers,
    pub(super) body: BodyText<'a>,
}

/// A response as it is written.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ResponseText<'a> {
    /// The number of the status line, if it has one.
    pub(super) status: Option<u16>,
    pub(super) headers: Headers,
    pub(super) body: BodyText<'a>,
}

/// The text of a body, blanks around it left out, and the page's line that it begins in.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct BodyText<'a> {
    pub(super) text: &'a str,
    pub(super) line: u32,
}

impl BodyText<'_> {
    /// Without the marks of a fence, where it is JSON that stands in one of its own.
    fn unfenced(self) -> Self {
        let inside = ["```", "~~~"].iter().find_map(|mark| {
            let (_, behind) = self.text.strip_prefix(mark)?.split_once('\n')?;
            behind.trim_end().strip_suffix(mark)
        });
        match inside.map(str::trim) {
            Some(text) if text.starts_with(['{', '[']) => {
                let before = self.text.find(text).unwrap_or_default();
                let lines = self.text.get(..before).map_or(0, |before| before.matches('\n').count());
                BodyText { text, line: self.line + u32::try_from(lines).unwrap_or(u32::MAX) }
            }
            _ => self,
        }
    }

    /// The line, where there is a body.
    pub(super) fn line(&self) -> Option<u32> {
        (!self.text.is_empty()).then_some(self.line)
    }
}

impl<'a> Message<'a> {
    /// A text that is one response as a whole.
    pub(super) fn response_of(text: &'a str, line: u32) -> Message<'a> {
        Message { kind: Kind::Response, text, line }
    }

    /// The text as a request; `None` where it has no request line.
    pub(super) fn request(&self, notes: &mut Notes) -> Option<RequestText<'a>> {
        let (first, rest) = self.text.split_once('\n').unwrap_or((self.text, ""));
        let (method, target) = line::request_line(first)?;
        let WholeUrl { url, taken, guessed } = line::whole_url(target, rest);
        if let Some(below) = guessed {
            let line = self.line + 1 + u32::try_from(below).unwrap_or(u32::MAX);
            notes.add(Code::WrappedUrl, line, &url);
        }
        let rest = behind_rows(rest, taken);
        let line = self.line + 1 + u32::try_from(taken).unwrap_or(u32::MAX);
        let (headers, body) = headers::read(rest, line, notes);
        Some(RequestText { method: method.to_ascii_uppercase(), url, headers, body: body.unfenced() })
    }

    /// The text as a response.
    pub(super) fn response(&self, notes: &mut Notes) -> ResponseText<'a> {
        let (first, rest) = self.text.split_once('\n').unwrap_or((self.text, ""));
        let labelled = || lead::labelled_status(first).map(StatusLine::Code);
        let status_line = line::status_line(first).or_else(|| line::bare_status(first)).or_else(labelled);
        let status = match status_line {
            Some(StatusLine::Code(code)) => Some(code),
            _ => None,
        };
        if status.is_none() {
            notes.add(Code::StatusMissing, self.line, first.trim());
        }
        if status_line.is_none() && !headers::is_header(first) {
            let body = BodyText { text: self.text.trim(), line: self.line };
            return ResponseText { status, headers: Headers::default(), body };
        }
        let (rest, line) = if status_line.is_some() { (rest, self.line + 1) } else { (self.text, self.line) };
        let (headers, body) = headers::read(rest, line, notes);
        ResponseText { status, headers, body: body.unfenced() }
    }

    /// Whether it is a response after which another one comes (RFC 9110, 15.2): who asks sees but that.
    pub(super) fn is_interim(&self) -> bool {
        let first = self.first_line();
        self.kind == Kind::Response
            && first.contains(" 1")
            && matches!(line::status_line(first), Some(StatusLine::Code(100 | 102..=199)))
    }

    /// Whether it has a request line.
    pub(super) fn is_request(&self) -> bool {
        line::request_line(self.first_line()).is_some()
    }

    /// From its first line to the next message's.
    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    /// The first line, for messages.
    pub(super) fn first_line(&self) -> &'a str {
        line::trim(self.text.lines().next().unwrap_or_default())
    }
}
