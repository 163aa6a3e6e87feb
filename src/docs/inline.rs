//! Requests in running text, as in `GET /users`: told of, and not read.

use memchr::memmem::Finder;
use std::sync::LazyLock;

static METHODS: LazyLock<[Finder<'static>; 5]> =
    LazyLock::new(|| ["GET", "POST", "PUT", "PATCH", "DELETE"].map(Finder::new));

/// The last request line in a text, without the marks around its words.
pub(super) fn request(text: &str) -> Option<String> {
    let found = METHODS.iter().filter_map(|method| {
        let places: Vec<usize> = method.find_iter(text.as_bytes()).collect();
        places.into_iter().rev().find_map(|at| Some((at, line_at(text, at, method.needle().len())?)))
    });
    found.max_by_key(|(at, _)| *at).map(|(_, line)| line)
}

/// The last request line in a text that a line consists of, but for marks and what it is called.
pub(super) fn request_alone(text: &str) -> Option<String> {
    let bare = |text: &str| text.trim_matches(|c: char| !c.is_alphanumeric()).len();
    text.lines().rev().find_map(|line| {
        let found = request(line)?;
        let (method, url) = found.split_once(' ')?;
        let start = line.trim_start_matches(|c: char| !c.is_alphanumeric());
        let behind = line.rsplit_once(url).map_or(line, |(_, behind)| behind);
        (start.starts_with(method) && bare(behind) == 0).then_some(found)
    })
}

/// Where the usual methods stand in a text.
pub(super) fn methods(text: &str) -> impl Iterator<Item = usize> {
    METHODS.iter().flat_map(|method| method.find_iter(text.as_bytes()))
}

/// Whether a text holds one.
pub(super) fn is_in(text: &str) -> bool {
    METHODS.iter().any(|method| {
        method.find_iter(text.as_bytes()).any(|at| line_at(text, at, method.needle().len()).is_some())
    })
}

/// The request line whose method stands here: a word of its own, before an absolute URL or a path.
fn line_at(text: &str, at: usize, length: usize) -> Option<String> {
    let is_mark = |c: char| matches!(c, ' ' | '`' | '*' | '_' | ':');
    let before = text.get(..at)?.chars().next_back();
    let behind = text.get(at + length..)?;
    let starts = before.is_none_or(|c| c.is_whitespace() || matches!(c, '`' | '*' | '_' | '(' | '|' | '['));
    let target = behind.trim_start_matches(is_mark);
    if !starts || target.len() == behind.len() {
        return None;
    }
    let end =
        target.find(|c: char| c.is_whitespace() || matches!(c, '`' | '*' | '|')).unwrap_or(target.len());
    let target = target.get(..end)?.trim_end_matches(['.', ',', ':', ')']);
    let is_url = (target.starts_with('/') && target.len() > 1 && !target.starts_with("//"))
        || super::http_text::is_absolute(target);
    is_url.then(|| format!("{} {target}", text.get(at..at + length).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::{is_in, request, request_alone};
    use rstest::rstest;

    #[rstest]
    #[case("**GET** `/v1/rooms`\n\nAll rooms.\n", Some("GET /v1/rooms"))]
    #[case("## `POST https://h/rooms`", Some("POST https://h/rooms"))]
    #[case("`GET` `/a`, then PUT /b.", Some("PUT /b"))]
    #[case("GET: /rooms/{id}", Some("GET /rooms/{id}"))]
    #[case("FORGET /x, WIDGET /y, GET/z", None)]
    #[case("GET the room", None)]
    #[case("Use POST or GET / PUT", None)]
    fn request_lines_in_a_text(#[case] text: &str, #[case] expected: Option<&str>) {
        assert_eq!(request(text).as_deref(), expected);
        assert_eq!(is_in(text), expected.is_some());
    }

    #[rstest]
    #[case("## One\n\n**GET** /v1/rooms/{id}\n\nA room:\n", Some("GET /v1/rooms/{id}"))]
    #[case("- `POST https://h/rooms`:", Some("POST https://h/rooms"))]
    #[case("Send `GET /a`, then look at", None)]
    #[case("GET /a, or what you like", None)]
    #[case("", None)]
    fn request_lines_that_stand_alone(#[case] text: &str, #[case] expected: Option<&str>) {
        assert_eq!(request_alone(text).as_deref(), expected);
    }
}
