//! The first look at a page: most pages of a reference hold no message, and to find that out must cost next to nothing.

mod apart;
mod seen;

use super::http_text::{
    NEAR, Start, is_code, may_be_far, may_be_hidden, may_be_unsaid, may_matter, opened_with, says_http,
    start_of,
};
use super::inline;
use super::markdown::{IndentedCode, language, may_hold_in_element};
use apart::Annotated;
use memchr::memmem::Finder;
use seen::Mark;
use std::sync::LazyLock;

pub(super) use seen::Seen;

/// Bytes before a command or a status line in which its line begins: a prompt, what runs it.
const NEAR_START: usize = 256;

static BACKTICKS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("```"));
static TILDES: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("~~~"));
static HTTP: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("HTTP/"));
static CURL: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("curl"));
static CLIENTS: LazyLock<[Finder<'static>; 4]> =
    LazyLock::new(|| ["http ", "https ", "wget ", "Invoke-"].map(Finder::new));
static PROGRAMS: LazyLock<[Finder<'static>; 4]> =
    LazyLock::new(|| ["requests.", "fetch(", "axios.", "httpx."].map(Finder::new));
static TEMPLATES: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("# HTTP request"));
static BLOCK_TYPE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("blockType"));

/// Whether a page may hold a request or a response, or an annotation of which something is to be said: it has one that
/// speaks of either, be it of no fence, or a fence that begins with either or may hide one. False only where a thorough
/// look would find nothing.
pub(super) fn may_hold_messages(text: &str, seen: Seen) -> bool {
    let bytes = text.as_bytes();
    if seen.has(Mark::OddBlockType) && apart::is_oddly_spelled(text) {
        return true;
    }
    let annotated = if seen.has(Mark::BlockType) { apart::annotated(text) } else { Annotated::Never };
    if annotated == Annotated::Perhaps {
        return true;
    }
    let has_backticks = BACKTICKS.find(bytes).is_some();
    // Most pages have not one.
    let tilde = memchr::memchr(b'~', bytes).and_then(|at| bytes.get(at..));
    let has_tildes = tilde.is_some_and(|bytes| TILDES.find(bytes).is_some());
    let is_fenced = has_backticks || has_tildes;
    let is_laid_out = annotated == Annotated::Apart || seen.has(Mark::Templates);
    let begins = |mark| seen.has(Mark::Http) || begins_a_message(text, mark);
    (has_backticks && begins(&BACKTICKS))
        || (has_tildes && begins(&TILDES))
        || has_commands(text, seen)
        || has_indented_code(text, seen, is_laid_out)
        || (is_fenced && (may_tell_of_others(text, seen) || may_hold_requests(text, seen, annotated)))
        || (seen.has(Mark::Element) && may_hold_in_element(text, may_stand_in_element))
}

/// Whether a page may hold a request line that is told of: in its text, or far down in a fence.
fn may_hold_requests(text: &str, seen: Seen, annotated: Annotated) -> bool {
    let mut is_in_text = false;
    for place in inline::methods(text) {
        if begins_a_request(text, place.start) {
            return true;
        }
        let is_labelled = annotated == Annotated::Never && inline::may_be_labelled(text, &place);
        is_in_text = is_in_text || is_labelled || inline::line_at(text, place).is_some();
        if is_in_text && annotated == Annotated::Never {
            return true;
        }
    }
    // Where annotations say which blocks are examples, only one counts that stands alone.
    (is_in_text && inline::request_alone(text).is_some())
        || (seen.has(Mark::Method)
            && lines(text).map(without_indent).any(|line| may_be_far(line) && may_hold_message(line)))
}

/// Whether a line may begin a message; an end that is forgotten may stand behind it.
fn may_hold_message(line: &str) -> bool {
    may_be_hidden(line.trim_end_matches(['`', '~']))
}

/// Whether a line is one that an element of HTML is told of for.
fn may_stand_in_element(line: &str) -> bool {
    start_of(line) != Start::Other || may_be_hidden(line) || may_hold_commands(line)
}

fn may_tell_of_others(text: &str, seen: Seen) -> bool {
    has_clients(text, seen)
        || (seen.has(Mark::Program) && PROGRAMS.iter().any(|call| call.find(text.as_bytes()).is_some()))
}

/// Whether a text may show requests of other clients than curl.
pub(super) fn may_hold_others(text: &str) -> bool {
    may_tell_of_others(text, Seen::of(text))
}

/// Whether a block may hold a command of another client: a line has its name where a command can stand, and a word
/// behind it.
pub(super) fn may_hold_clients(text: &str) -> bool {
    CLIENTS.iter().any(|client| {
        client.find_iter(text.as_bytes()).any(|at| {
            let line = text.get(..at).and_then(|before| before.rsplit('\n').next()).unwrap_or_default();
            line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '$' | '%' | '>' | '#')).is_empty()
        })
    })
}

/// Whether a page may show requests of other clients.
pub(super) fn has_clients(text: &str, seen: Seen) -> bool {
    seen.has(Mark::Client) && may_hold_clients(text)
}

/// Whether a page may show commands.
pub(super) fn has_commands(text: &str, seen: Seen) -> bool {
    seen.has(Mark::Curl) && may_hold_commands(text)
}

/// Whether a page is laid out for API Doctor: annotations say which blocks are examples, and a section "HTTP request"
/// holds URL templates.
pub(super) fn is_laid_out(text: &str, seen: Seen) -> bool {
    has(text, seen, Mark::Templates, &TEMPLATES) || has(text, seen, Mark::BlockType, &BLOCK_TYPE)
}

/// Whether a text is one of an annotation.
pub(super) fn is_annotation(text: &str) -> bool {
    BLOCK_TYPE.find(text.as_bytes()).is_some()
}

/// Whether what may be the first annotation of a page that has no templates stands in no comment, or may stand in code:
/// the marks of fences before it leave one open. Pages whose examples are annotated mostly begin with no sample.
pub(super) fn may_be_in_code(text: &str, seen: Seen) -> bool {
    let bytes = text.as_bytes();
    let Some(at) = BLOCK_TYPE.find(bytes) else { return false };
    let before = bytes.get(..at).unwrap_or_default();
    let comment = memchr::memmem::rfind(before, b"<!--").and_then(|start| before.get(start..));
    let is_comment = comment.is_some_and(|comment| memchr::memmem::find(comment, b"-->").is_none());
    let marks = |mark: &Finder| mark.find_iter(before).count();
    (!is_comment || (marks(&BACKTICKS) + marks(&TILDES)) % 2 == 1)
        && !has(text, seen, Mark::Templates, &TEMPLATES)
}

fn has(text: &str, seen: Seen, mark: Mark, word: &Finder) -> bool {
    seen.has_whole(mark).unwrap_or_else(|| word.find(text.as_bytes()).is_some())
}

/// Whether a block may hold a command: a line has `curl` where a command can stand.
pub(super) fn may_hold_commands(text: &str) -> bool {
    CURL.find_iter(text.as_bytes()).any(|at| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let behind = text.get(at + 4..).unwrap_or_default();
        before.is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '|' | ';' | '&' | '/' | '>' | '$'))
            && (behind.starts_with([' ', '\t', '\\', '^']) || behind.starts_with(".exe"))
    })
}

/// Whether code that is told by its indentation alone may hold a message.
pub(super) fn indented_code(text: &str, seen: Seen) -> IndentedCode {
    let told = has_indented_code(text, seen, is_laid_out(text, seen));
    if told { IndentedCode::Told } else { IndentedCode::Passed }
}

fn has_indented_code(text: &str, seen: Seen, is_laid_out: bool) -> bool {
    let bytes = text.as_bytes();
    let is_code = |line: &[u8]| {
        let mark = line.iter().take_while(|byte| matches!(byte, b'>' | b' ' | b'\t')).count();
        let blanks = line.get(..mark).unwrap_or_default();
        blanks.ends_with(b"    ") || blanks.contains(&b'\t')
    };
    let is_indented = |at: usize| {
        // Commands and status lines stand near the beginning of their lines.
        let window = bytes.get(at.saturating_sub(NEAR_START)..at).unwrap_or_default();
        let Some(start) = memchr::memrchr2(b'\n', b'\r', window) else {
            return at < NEAR_START && is_code(window);
        };
        is_code(window.get(start + 1..).unwrap_or_default())
    };
    (seen.has(Mark::Http) && HTTP.find_iter(bytes).any(is_indented))
        || (seen.has(Mark::Curl) && CURL.find_iter(bytes).any(is_indented))
        || (!is_laid_out
            && inline::methods(text)
                .any(|place| is_indented(place.start) && begins_a_request(text, place.start)))
}

/// Whether the line that a place is in is a request line, from there on.
fn begins_a_request(text: &str, at: usize) -> bool {
    let (before, behind) = text.split_at_checked(at).unwrap_or_default();
    let is_end = |c: char| matches!(c, '\n' | '\r');
    let is_blank = |c: char| matches!(c, '>' | '\u{200b}' | '\u{feff}') || (c.is_whitespace() && !is_end(c));
    let before = before.trim_end_matches(is_blank);
    let is_first = before.is_empty() || before.ends_with(is_end);
    is_first && may_hold_message(behind.split(is_end).next().unwrap_or_default())
}

/// Whether a line has the first character of a message, or of a message in a transcript. Most lines of code do not.
fn may_begin(line: &str, is_first: bool) -> bool {
    let marks = ['<', '[', '(', '*', '_', '`', ':'];
    // Members and ends of JSON begin with these.
    let marks_of_first = ['"', ']', ')'];
    line.starts_with(|c: char| {
        c.is_ascii_alphanumeric()
            || !c.is_ascii()
            || marks.contains(&c)
            || (is_first && marks_of_first.contains(&c))
    })
}

/// Whether the first line of text behind a mark's line is the first one of a message, or one near it looks like one.
fn begins_a_message(text: &str, mark: &Finder) -> bool {
    let mut rest = text;
    while let Some(found) = mark.find(rest.as_bytes()) {
        let marked = rest.get(found..).unwrap_or_default();
        let (opening, fenced) = split_line(marked).unwrap_or((marked, ""));
        let language = language(opening.trim_start_matches(['`', '~']));
        if opened_with(language).is_some() {
            return true;
        }
        let mut code = lines(fenced).map(without_indent).filter(|line| !line.is_empty()).peekable();
        // Behind a comment of HTML, however long, a message may begin.
        if code.peek().is_some_and(|line| line.starts_with("<!--")) {
            return true;
        }
        if says_http(language) && code.peek().is_some_and(|line| may_be_unsaid(line)) {
            return true;
        }
        let (mut near, mut is_comment) = (0, true);
        for line in code.take(NEAR) {
            if may_begin(line, near == 0) {
                // An end that is forgotten may stand behind the last line.
                let line = line.trim_end_matches(['`', '~']);
                if may_matter(line) || (near == 0 && is_code(line)) {
                    return true;
                }
            }
            near += 1;
            is_comment &= line.starts_with('#') || line.starts_with("//");
        }
        // Nor is it known what stands behind so many lines of comments.
        if near == NEAR && is_comment {
            return true;
        }
        rest = fenced;
    }
    false
}

/// A line without the blanks and the marks of quotes before it.
fn without_indent(line: &str) -> &str {
    let indent = line.bytes().position(|byte| !matches!(byte, b' ' | b'\t' | b'>')).unwrap_or(line.len());
    let line = line.get(indent..).unwrap_or_default();
    if line.starts_with(|c: char| c.is_ascii_graphic() && c != '>') {
        return line;
    }
    line.trim_start_matches(|c: char| c.is_whitespace() || c == '>')
}

/// A text's first line, and what stands behind its end.
fn split_line(text: &str) -> Option<(&str, &str)> {
    let end = memchr::memchr2(b'\n', b'\r', text.as_bytes())?;
    Some((text.get(..end)?, text.get(end + 1..)?))
}

/// The lines of a text, whatever ends them.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let (line, behind) = split_line(rest?).map_or((rest?, None), |(line, behind)| (line, Some(behind)));
        rest = behind;
        Some(line)
    })
}

#[cfg(test)]
mod tests;
