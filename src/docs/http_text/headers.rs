//! Headers and where they end: what stands between a message's first line and its body, or behind the body.

use super::BodyText;
use crate::docs::notes::Notes;
use crate::finding::Code;
use crate::message::{Headers, is_json, media_type};

/// Reads what stands behind a first line; `line` is the page's line of its first one.
pub(super) fn read<'a>(text: &'a str, line: u32, notes: &mut Notes) -> (Headers, BodyText<'a>) {
    let mut headers = Headers::default();
    let mut rest = block(text, &mut headers, line, notes);
    let number = |rest: &str| line + count_lines(text, rest);
    if is_block(rest, &headers) {
        notes.add(Code::MisplacedHeaders, number(rest.trim_start_matches('\n')), "");
        let behind = rest.trim_start();
        rest = block(behind, &mut headers, number(behind), notes);
    }
    let body = rest.trim_start();
    let body = behind_body(body, &mut headers, |rest| number(rest), notes);
    let begins = rest.len() - rest.trim_start().len();
    let line = number(rest.get(begins..).unwrap_or_default());
    (headers, BodyText { text: body.trim_end(), line })
}

/// How many lines of the text stand before its tail.
fn count_lines(text: &str, tail: &str) -> u32 {
    let before = text.get(..text.len().saturating_sub(tail.len())).unwrap_or_default();
    u32::try_from(memchr::memchr_iter(b'\n', before.as_bytes()).count()).unwrap_or(u32::MAX)
}

/// Takes the headers off, up to a blank line or to what can only be a body.
fn block<'a>(text: &'a str, headers: &mut Headers, mut line: u32, notes: &mut Notes) -> &'a str {
    let mut rest = text;
    let mut is_below_comment = false;
    while let Some(row) = rest.split_inclusive('\n').next() {
        let bare = row.trim();
        let mut behind = rest.get(row.len()..).unwrap_or_default();
        // What stands behind several comments need be looked at once.
        let is_comment = looks_as_comment(bare) && (is_below_comment || is_before_headers(behind));
        if bare.is_empty() || (bare.starts_with(['{', '[', '<']) && !is_comment) {
            break;
        }
        is_below_comment = is_comment;
        match split(bare) {
            Some((name, value)) => {
                let folded = folded(value, behind);
                push(headers, name, folded.as_ref().map_or(value, |(value, _)| value));
                if let Some((_, after)) = folded {
                    line += count_lines(behind, after);
                    behind = after;
                }
            }
            None => notes.add(Code::HeaderWithoutColon, line, bare),
        }
        line += 1;
        rest = behind;
    }
    rest
}

/// Whether a line may be a comment of HTML.
fn looks_as_comment(line: &str) -> bool {
    line.starts_with("<!--") && line.ends_with("-->")
}

/// Whether what stands behind a comment and those below it is none of HTML: else these are the beginning of a page.
fn is_before_headers(behind: &str) -> bool {
    behind
        .lines()
        .map(str::trim)
        .find(|line| !line.starts_with("<!--"))
        .is_none_or(|line| line.is_empty() || line.starts_with(['{', '[']) || is_header(line))
}

/// The value of a header that goes on in the next lines, as a list that stops at a comma, and what stands behind them.
fn folded<'a>(value: &str, behind: &'a str) -> Option<(String, &'a str)> {
    let (mut whole, mut behind) = (value.to_owned(), behind);
    while whole.ends_with(',')
        && let Some(row) = behind.split_inclusive('\n').next()
        && goes_on(row)
    {
        whole.push(' ');
        whole.push_str(row.trim());
        behind = behind.get(row.len()..).unwrap_or_default();
    }
    (whole.len() > value.len()).then_some((whole, behind))
}

/// Whether a row may go on with a header: it is indented, or a link.
fn goes_on(row: &str) -> bool {
    let bare = row.trim();
    let is_link = bare.starts_with('<') && bare.contains(">;");
    let is_indented = row.starts_with([' ', '\t']) && !bare.starts_with('<');
    is_link || (is_indented && !bare.is_empty() && !bare.starts_with(['{', '[']) && !is_header(bare))
}

/// Content-Length is framing, and what the page says of it is often wrong.
fn push(headers: &mut Headers, name: &str, value: &str) {
    if !name.eq_ignore_ascii_case("content-length") {
        headers.push(name, value);
    }
}

/// Name and value of a header. `https://…` is none.
fn split(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once(':')?;
    let name = name.trim_end();
    let is_token = !name.is_empty() && name.bytes().all(is_token);
    (is_token && !value.starts_with("//")).then(|| (name, value.trim()))
}

/// The characters of a header's name (RFC 9110, 5.6.2).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// Whether a line is a header.
pub(super) fn is_header(line: &str) -> bool {
    split(line.trim()).is_some()
}

/// Whether a text is nothing but headers.
pub(in crate::docs) fn are_all(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
    let is_first_usual = lines.peek().and_then(|line| split(line)).is_some_and(|(name, _)| is_usual(name));
    is_first_usual && lines.all(is_header)
}

/// Whether a blank line is followed by headers: all lines up to the next blank one or to a body are, and one of them
/// is called as headers are called, so that a body of `key: value` stays one. Behind headers that are read already, a
/// body has to follow that they do not say to be text, or nothing at all.
fn is_block(rest: &str, headers: &Headers) -> bool {
    let (mut named, mut odd, mut behind) = (false, false, rest.trim_start());
    while let Some(row) = behind.split_inclusive('\n').next() {
        let line = row.trim();
        if line.is_empty() || line.starts_with(['{', '[']) {
            break;
        }
        let Some((name, _)) = split(line) else { return false };
        named |= is_usual(name);
        odd |= !is_usual(name);
        behind = behind.get(row.len()..).unwrap_or_default();
    }
    if headers.is_empty() {
        return named;
    }
    let says_text = headers.get("content-type").is_some_and(|value| !is_json(&media_type(value)));
    let behind = behind.trim_start();
    named && !says_text && (behind.starts_with(['{', '[']) || (behind.is_empty() && !odd))
}

/// Takes the headers off that stand behind a JSON body.
fn behind_body<'a>(
    body: &'a str,
    headers: &mut Headers,
    line: impl Fn(&str) -> u32,
    notes: &mut Notes,
) -> &'a str {
    let Some((bare, behind)) = parted(body) else { return body };
    notes.add(Code::MisplacedHeaders, line(behind), "");
    for (name, value) in behind.lines().filter_map(|row| split(row.trim())) {
        push(headers, name, value);
    }
    bare
}

/// A JSON body, and the headers that stand behind it, if any do.
pub(in crate::docs) fn parted(body: &str) -> Option<(&str, &str)> {
    if !body.starts_with(['{', '[']) {
        return None;
    }
    let mut end = body.trim_end().len();
    let mut named = false;
    while let Some((before, last)) = body.get(..end).and_then(|text| text.rsplit_once('\n')) {
        let Some((name, _)) = split(last.trim()) else { break };
        named |= is_usual(name);
        end = before.trim_end().len();
    }
    let (bare, behind) = body.split_at_checked(end)?;
    (named && bare.ends_with(['}', ']'])).then(|| (bare, behind.trim_start()))
}

/// Whether headers are called so: with a hyphen, or as the usual ones without.
fn is_usual(name: &str) -> bool {
    const USUAL: [&str; 21] = [
        "accept",
        "age",
        "allow",
        "authorization",
        "connection",
        "consistencylevel",
        "cookie",
        "date",
        "etag",
        "expect",
        "expires",
        "forwarded",
        "from",
        "host",
        "link",
        "location",
        "origin",
        "prefer",
        "range",
        "server",
        "vary",
    ];
    name.contains('-') || USUAL.iter().any(|usual| usual.eq_ignore_ascii_case(name))
}
