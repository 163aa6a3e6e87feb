//! The first look at a page: most pages of a reference hold no message, and to find that out must cost next to nothing.

mod seen;

use super::http_text::{NEAR, Start, may_be_hidden, may_be_marked, opened_with, start_of};
use super::inline;
use super::markdown::{IndentedCode, may_hold_in_element};
use memchr::memmem::Finder;
use seen::{Mark, Seen};
use std::sync::LazyLock;

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

/// Whether a page may hold a request or a response: it has an annotation that speaks of either, be it of no fence, or
/// a fence that begins with either or may hide one. False only where a thorough look would find nothing.
pub(super) fn may_hold_messages(text: &str) -> bool {
    let bytes = text.as_bytes();
    let seen = Seen::of(text);
    if seen.has(Mark::BlockType)
        && BLOCK_TYPE.find_iter(bytes).any(|at| !is_apart(text.get(at + 9..).unwrap_or_default()))
    {
        return true;
    }
    let has_backticks = BACKTICKS.find(bytes).is_some();
    let has_tildes = TILDES.find(bytes).is_some();
    let is_fenced = has_backticks || has_tildes;
    // Other words end like it: `linkType`.
    let is_annotated = seen.has(Mark::BlockType) && BLOCK_TYPE.find(bytes).is_some();
    let is_laid_out = seen.may_be_laid_out() && is_laid_out(text);
    let begins = |mark| seen.has(Mark::Http) || begins_a_message(text, mark);
    (has_backticks && begins(&BACKTICKS))
        || (has_tildes && begins(&TILDES))
        || (seen.has(Mark::Curl) && may_hold_commands(text))
        || has_indented_code(text, seen, is_laid_out)
        || (is_fenced && (may_tell_of_others(text, seen) || (!is_annotated && inline::is_in(text))))
        || (seen.has(Mark::Element) && may_hold_in_element(text, may_stand_in_element))
}

/// Whether a line is one that an element of HTML is told of for.
fn may_stand_in_element(line: &str) -> bool {
    start_of(line) != Start::Other || may_be_hidden(line) || may_hold_commands(line)
}

fn may_tell_of_others(text: &str, seen: Seen) -> bool {
    (seen.has(Mark::Client) && may_hold_clients(text))
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

/// Whether a page is laid out for API Doctor: annotations say which blocks are examples, and a section "HTTP request"
/// holds URL templates.
pub(super) fn is_laid_out(text: &str) -> bool {
    [&BLOCK_TYPE, &TEMPLATES].into_iter().any(|finder| finder.find(text.as_bytes()).is_some())
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
pub(super) fn indented_code(text: &str) -> IndentedCode {
    let told = has_indented_code(text, Seen::ANY, is_laid_out(text));
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
    let is_first =
        before.rsplit(['\n', '\r']).next().is_some_and(|line| line.trim_matches(['>', ' ', '\t']).is_empty());
    is_first && may_be_hidden(behind.split(['\n', '\r']).next().unwrap_or_default())
}

/// Whether what stands behind `blockType` names a block that is no half of a pair.
fn is_apart(behind: &str) -> bool {
    let value = behind.trim_start_matches(['"', ':', ' ', '\t']);
    ["ignored\"", "resource\"", "example\"", "samples\"", "simulatedResponse\""]
        .iter()
        .any(|name| value.starts_with(name))
}

/// Whether a line has the first character of a message, or of a message in a transcript. Most lines of code do not.
fn may_begin(line: &str) -> bool {
    let marks = ['<', '[', '(', '*', '_', '`', ':'];
    line.starts_with(|c: char| c.is_ascii_alphanumeric() || !c.is_ascii() || marks.contains(&c))
}

/// Whether the first line of text behind a mark's line is the first one of a message, or one near it looks like one.
fn begins_a_message(text: &str, mark: &Finder) -> bool {
    let mut rest = text;
    while let Some(found) = mark.find(rest.as_bytes()) {
        let marked = rest.get(found..).unwrap_or_default();
        let Some((opening, fenced)) = split_line(marked) else { return false };
        let language = opening.trim_start_matches(['`', '~']).split_whitespace().next();
        if language.is_some_and(|language| opened_with(language).is_some()) {
            return true;
        }
        let mut code = lines(fenced)
            .map(|line| line.trim_start_matches(|c: char| c.is_whitespace() || c == '>'))
            .filter(|line| !line.is_empty())
            .peekable();
        // Behind a comment of HTML, however long, a message may begin.
        if code.peek().is_some_and(|line| line.starts_with("<!--")) {
            return true;
        }
        let (mut near, mut is_comment) = (0, true);
        for line in code.take(NEAR) {
            if may_begin(line)
                && (start_of(line) != Start::Other || may_be_hidden(line) || may_be_marked(line))
            {
                return true;
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
