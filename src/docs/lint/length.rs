//! Content-Length against the body that is shown.

use super::Outline;
use crate::contract::url::placeholders;
use crate::docs::Documented;
use crate::docs::http_text::{Kind, parted};
use crate::docs::notes::Notes;
use crate::finding::Code;
use crate::message::Body;
use crate::source::{behind_rows, rows};
use std::collections::BTreeSet;

pub(super) fn check(outline: &Outline, pairs: &[Documented], notes: &mut Notes) {
    let mut seen = BTreeSet::new();
    for Documented { contract, written } in pairs {
        let (request, response) = (&contract.request, &contract.response);
        let is_shortened = contract.source.inferred || response.truncated != Some(false);
        let halves = [
            (
                Kind::Request,
                written.request_line,
                written.request_body_line,
                Shown { body: &request.body, is_shortened: !request.elided.is_empty() },
            ),
            (
                Kind::Response,
                written.status_line,
                written.response_body_line,
                Shown { body: &response.body, is_shortened: is_shortened || !response.elided.is_empty() },
            ),
        ];
        for (kind, line, body_line, shown) in halves {
            if !seen.insert(line) {
                continue;
            }
            // A body in a block of its own may stand before its message.
            let head =
                body_line.and_then(|body| body.checked_sub(line)).map_or(usize::MAX, |head| head as usize);
            // Most messages say nothing of their length, and need not be read again.
            let may_say =
                |text| stated(text, head).is_some() || (body_line.is_some() && ends_behind_json(text));
            if !outline.from(line).is_some_and(may_say) {
                continue;
            }
            let Some(text) = outline.message(line, kind) else { continue };
            let Some((offset, stated, body)) = stated_of(text, head) else { continue };
            if body_line.is_some() && body.trim().is_empty() {
                continue;
            }
            if let Some(length) = shown.contradicts(stated, body) {
                let line = line.saturating_add(u32::try_from(offset).unwrap_or_default());
                notes.add(Code::ContentLength, line, format!("{stated} is said, {length} is shown"));
            }
        }
    }
}

/// What stands of the length before the body, or behind one of JSON: in which line, how many bytes, and the body.
fn stated_of(text: &str, head: usize) -> Option<(usize, usize, &str)> {
    let body = behind_rows(text, head);
    if let Some((offset, length)) = stated(text, head) {
        return Some((offset, length, body));
    }
    let (bare, behind) = parted(body)?;
    let (offset, length) = length_in(rows(behind).enumerate())?;
    let above = memchr::memchr_iter(b'\n', text.get(..text.len() - behind.len())?.as_bytes()).count();
    Some((above + offset, length, bare))
}

/// Whether something stands behind the JSON that a fence ends with.
fn ends_behind_json(text: &str) -> bool {
    !text.trim_end().ends_with(['}', ']'])
}

/// The Content-Length among the first lines of a message: in which line, and how many bytes.
fn stated(text: &str, head: usize) -> Option<(usize, usize)> {
    length_in(rows(text).enumerate().take(head).skip(1))
}

fn length_in<'t>(mut rows: impl Iterator<Item = (usize, &'t str)>) -> Option<(usize, usize)> {
    rows.find_map(|(offset, line)| {
        if !line.trim_start().starts_with(['c', 'C']) {
            return None;
        }
        let (name, value) = line.split_once(':')?;
        let is_length = name.trim().eq_ignore_ascii_case("content-length");
        is_length.then(|| value.trim().parse().ok())?.map(|length| (offset, length))
    })
}

/// A body as it was understood.
struct Shown<'c> {
    body: &'c Body,
    /// More may be sent than is shown.
    is_shortened: bool,
}

impl Shown<'_> {
    /// The length of the text, where a body of the length that is said cannot look like it: with either line end, with
    /// or without those behind it, or as JSON without blanks.
    fn contradicts(&self, stated: usize, text: &str) -> Option<usize> {
        let text = text.trim_start();
        let bare = text.trim_end();
        if matches!(self.body, Body::Text(_)) && stands_for_it(bare) {
            return None;
        }
        let line_ends = |text: &str| memchr::memchr_iter(b'\n', text.as_bytes()).count();
        let (inside, behind) = (line_ends(bare), (line_ends(text) - line_ends(bare)).max(1));
        let fits = |behind| {
            let with_lf = bare.len() + behind;
            stated == with_lf || stated == with_lf + inside + behind
        };
        if (0..=behind).any(fits) {
            return None;
        }
        let gaps: usize = placeholders(bare).iter().map(|gap| gap.span.len()).sum();
        let may_be_longer =
            self.is_shortened || gaps > 0 || self.body.is_binary_marker() || bare.contains("...");
        if may_be_longer && stated >= bare.len() {
            return None;
        }
        let compact = self.body.json().map(|json| json.root().to_compact().len());
        if compact == Some(stated) {
            return None;
        }
        let least = compact.unwrap_or(bare.len()).min(bare.len()).saturating_sub(gaps);
        (stated < least || !may_be_longer).then_some(bare.len())
    }
}

/// Whether a text is but words in brackets, as `[Object]`: of what these stand for the length is not known.
fn stands_for_it(text: &str) -> bool {
    let bracketed = [('<', '>'), ('{', '}'), ('[', ']'), ('(', ')')]
        .into_iter()
        .find_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close));
    bracketed.is_some_and(|inside| {
        let is_word = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.');
        inside.starts_with(char::is_alphabetic) && inside.chars().all(is_word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Json;
    use rstest::rstest;

    #[rstest]
    #[case::lf("{\n  \"a\": 1\n}\n", 12, true)]
    #[case::lf_at_the_end("{\n  \"a\": 1\n}\n", 13, true)]
    #[case::crlf("{\n  \"a\": 1\n}\n", 14, true)]
    #[case::crlf_at_the_end("{\n  \"a\": 1\n}\n", 16, true)]
    #[case::minified("{\n  \"a\": 1\n}\n", 7, true)]
    #[case::blank_line_behind("{\n  \"a\": 1\n}\n\n\n", 15, true)]
    #[case::less("{\n  \"a\": 1\n}\n", 6, false)]
    #[case::more("{\n  \"a\": 1\n}\n", 17, false)]
    #[case::neither_of_the_line_ends("{\n  \"a\": 1\n}\n", 15, false)]
    #[case::between("{\n  \"a\": 1\n}\n", 10, false)]
    #[case::a_value_may_be_longer("{\"id\": \"{id}\"}", 40, true)]
    #[case::or_shorter("{\"id\": \"{id}\"}", 11, true)]
    #[case::but_not_as_short("{\"id\": \"{id}\"}", 4, false)]
    fn lengths(#[case] text: &str, #[case] stated: usize, #[case] fits: bool) {
        let body = Body::Json(Json::parse(text).unwrap());
        let shown = Shown { body: &body, is_shortened: false };
        assert_eq!(shown.contradicts(stated, text).is_none(), fits);
    }

    #[test]
    fn a_shortened_body_may_be_longer_and_never_shorter() {
        let text = "{\"a\": 1}";
        let body = Body::Json(Json::parse(text).unwrap());
        let shown = Shown { body: &body, is_shortened: true };
        assert_eq!(shown.contradicts(4000, text), None);
        assert_eq!(shown.contradicts(6, text), Some(8));
    }

    #[rstest]
    #[case("GET /\nContent-length : 7\n", Some((1, 7)))]
    #[case("GET /\nA: b\ncontent-length: 0\n\nContent-Length: 8", Some((2, 0)))]
    #[case("GET /\nContent-Length: {length}\n", None)]
    #[case("GET /\n\n\nContent-Length: 7", None)]
    fn the_header_is_looked_for_before_the_body(
        #[case] text: &str,
        #[case] expected: Option<(usize, usize)>,
    ) {
        assert_eq!(stated(text, 3), expected);
    }
}
