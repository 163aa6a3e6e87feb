//! Requests in running text, as in `GET /users`: told of, and not read.

mod labelled;

use super::markdown::element_pieces;
use aho_corasick::Span;
use aho_corasick::packed::Searcher;
use std::iter::from_fn;
use std::ops::Range;
use std::sync::LazyLock;

pub(super) use labelled::may_be as may_be_labelled;

/// The usual ones. None begins with what another one ends with.
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

static SEARCHER: LazyLock<Option<Searcher>> = LazyLock::new(|| Searcher::new(METHODS));

/// The last request line in a text, without the marks around its words.
pub(super) fn request(text: &str) -> Option<String> {
    let places: Vec<_> = methods(text).collect();
    places.into_iter().rev().find_map(|place| line_at(text, place))
}

/// The last request line in a text that a line consists of, but for marks and what it is called.
pub(super) fn request_alone(text: &str) -> Option<String> {
    text.lines().rev().find_map(|line| without_tags(line, |line| alone(line, line)))
}

/// The last request line in a text that a line consists of, or that a line says of itself: `Request: GET /users`; else the
/// request whose parts the text names.
pub(super) fn request_said(text: &str) -> Option<String> {
    text.lines().rev().find_map(|line| without_tags(line, said)).or_else(|| labelled::request(text))
}

fn said(line: &str) -> Option<String> {
    let bare = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    let behind = ["Request", "Endpoint"].iter().find_map(|label| bare.strip_prefix(label));
    alone(line, behind.filter(|behind| behind.contains(':')).unwrap_or(line))
}

/// What is found in a line, or in what it says between the tags of a paragraph: `<p><code>GET /users</code></p>`.
fn without_tags(line: &str, find: impl Fn(&str) -> Option<String>) -> Option<String> {
    let is_tag =
        |tag: &str| ["<p", "<div", "<code", "<samp", "<tt"].iter().any(|known| starts_with(tag, known));
    let is_tagged = is_tag(line.trim_start()) && methods(line).next().is_some();
    let pieces = || element_pieces(line).iter().rev().find_map(|piece| find(piece));
    find(line).or_else(|| is_tagged.then(pieces)?)
}

fn starts_with(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start))
}

/// Code in a line of its own, but for what it is called.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Code<'a> {
    pub(super) label: &'a str,
    pub(super) text: &'a str,
    /// How many lines stand above it.
    pub(super) above: u32,
}

/// The code right behind a fence that may be the body of its message; `behind` begins with the end of the fence.
pub(super) fn code(behind: &str) -> Option<Code<'_>> {
    const MARKS: [char; 5] = ['>', ' ', '\t', '*', '_'];
    let mut lines = behind.lines().zip(0..).map(|(line, above)| (line.trim_matches(MARKS), above));
    let (first, above) = lines.next()?;
    let (line, above) = if first.starts_with(['`', '~']) && first.trim_matches(['`', '~']).is_empty() {
        lines.find(|(line, _)| !line.is_empty())?
    } else {
        (first, above)
    };
    let (label, text) = line.trim_end_matches(['.', ',']).strip_suffix('`')?.split_once('`')?;
    let is_label = label.is_empty() || label.ends_with([':', ' ']);
    let is_data = text.starts_with(['{', '[']) || text.parse::<f64>().is_ok();
    (is_label && is_data && !text.contains('`')).then_some(Code { label, text, above })
}

/// The request line that the end of a line consists of.
fn alone(line: &str, end: &str) -> Option<String> {
    let bare = |text: &str| text.trim_matches(|c: char| !c.is_alphanumeric()).len();
    let found = request(line)?;
    let (method, url) = found.split_once(' ')?;
    let start = end.trim_start_matches(|c: char| !c.is_alphanumeric());
    let behind = line.rsplit_once(url).map_or(line, |(_, behind)| behind);
    (start.starts_with(method) && bare(behind) == 0).then_some(found)
}

/// Where the usual methods stand in a text, in order.
pub(super) fn methods(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    from_fn(move || {
        let place = match SEARCHER.as_ref() {
            Some(searcher) => searcher.find_in(text, Span::from(from..text.len())).map(|found| found.range()),
            None => in_turn(text, from),
        }?;
        from = place.end;
        Some(place)
    })
}

/// The first one from a place on, by a search for each: for machines that cannot look for all at once.
fn in_turn(text: &str, from: usize) -> Option<Range<usize>> {
    let rest = text.as_bytes().get(from..)?;
    let found = METHODS.iter().filter_map(|method| {
        let at = from + memchr::memmem::find(rest, method.as_bytes())?;
        Some(at..at + method.len())
    });
    found.min_by_key(|place| place.start)
}

/// The request line whose method stands here: a word of its own, before an absolute URL or a path.
pub(super) fn line_at(text: &str, place: Range<usize>) -> Option<String> {
    let is_mark = |c: char| matches!(c, ' ' | '`' | '*' | '_' | ':');
    let before = text.get(..place.start)?.chars().next_back();
    let behind = text.get(place.end..)?;
    let starts =
        before.is_none_or(|c| c.is_whitespace() || matches!(c, '`' | '*' | '_' | '(' | '|' | '[' | '>'));
    let target = behind.trim_start_matches(is_mark);
    if !starts || target.len() == behind.len() {
        return None;
    }
    let end =
        target.find(|c: char| c.is_whitespace() || matches!(c, '`' | '*' | '|')).unwrap_or(target.len());
    // An element of HTML may end here; `<id>` is a placeholder.
    let target = target.get(..end)?.split("</").next()?.trim_end_matches(['.', ',', ':', ')']);
    let is_url = (target.starts_with('/') && target.len() > 1 && !target.starts_with("//"))
        || super::http_text::is_absolute(target);
    is_url.then(|| format!("{} {target}", text.get(place).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::{code, in_turn, methods, request, request_alone};
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("**GET** `/v1/rooms`\n\nAll rooms.\n", Some("GET /v1/rooms"))]
    #[case("## `POST https://h/rooms`", Some("POST https://h/rooms"))]
    #[case("`GET` `/a`, then PUT /b.", Some("PUT /b"))]
    #[case("GET: /rooms/{id}", Some("GET /rooms/{id}"))]
    #[case("<h3 id=\"rooms\">GET /rooms/<id></h3>", Some("GET /rooms/<id>"))]
    #[case("the widget->GET/x", None)]
    #[case("FORGET /x, WIDGET /y, GET/z", None)]
    #[case("GET the room", None)]
    #[case("Use POST or GET / PUT", None)]
    fn request_lines_in_a_text(#[case] text: &str, #[case] expected: Option<&str>) {
        assert_eq!(request(text).as_deref(), expected);
    }

    #[rstest]
    #[case("## One\n\n**GET** /v1/rooms/{id}\n\nA room:\n", Some("GET /v1/rooms/{id}"))]
    #[case("- `POST https://h/rooms`:", Some("POST https://h/rooms"))]
    #[case("<p><code>PUT /rooms/{id}</code></p>\n", Some("PUT /rooms/{id}"))]
    #[case("<p>Send <code>PUT /rooms/{id}</code></p>\n", None)]
    #[case("Send `GET /a`, then look at", None)]
    #[case("GET /a, or what you like", None)]
    #[case("", None)]
    fn request_lines_that_stand_alone(#[case] text: &str, #[case] expected: Option<&str>) {
        assert_eq!(request_alone(text).as_deref(), expected);
    }

    #[rstest]
    #[case("```\n\n`294`\n\nThen", Some(("", "294", 2)))]
    #[case("```\nResponse: `{\"a\": 1}`.\n", Some(("Response: ", "{\"a\": 1}", 1)))]
    #[case("> ```\n>\n> **Body:** `[1]`", Some(("Body:** ", "[1]", 2)))]
    #[case("```\n\n`id`", None)]
    #[case("```\n\n```json\n{}\n```", None)]
    #[case("```\n\nThe beds.\n\n`7`", None)]
    #[case("```", None)]
    fn code_behind_a_fence_may_be_a_body(#[case] behind: &str, #[case] expected: Option<(&str, &str, u32)>) {
        assert_eq!(code(behind).map(|code| (code.label, code.text, code.above)), expected);
    }

    proptest! {
        #[test]
        fn all_at_once_is_each_in_turn(text in "([GEPDOSTUACHL é]|GET|PUT|POST|PATCH|DELETE){0,9}") {
            let found: Vec<_> = methods(&text).collect();
            let mut expected = Vec::new();
            while let Some(place) = in_turn(&text, expected.last().map_or(0, |last: &std::ops::Range<usize>| last.end)) {
                expected.push(place);
            }
            prop_assert_eq!(found, expected, "{}", text);
        }
    }
}
