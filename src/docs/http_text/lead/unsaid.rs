//! Code that says it is HTTP, and begins neither as a request nor as a response does, as in `Request: GET /users`,
//! `HTTP 1.1 200 OK` and a URL alone: told of, and not read.

use super::super::headers::is_header;
use super::super::line::{is_absolute, is_whole, status_line, trim};
use super::marked::{MARKS, METHODS};

/// Words before a status that is meant, and the figures of a version.
const BEFORE_STATUS: [&str; 9] = ["http", "https", "status", "code", "response", "0", "1", "2", "3"];

/// Words behind it: reasons have no more.
const LONGEST_REASON: usize = 6;

/// Words before a method, and it.
const LONGEST_LABEL: usize = 4;

/// Words before a URL that say that it is one.
const BEFORE_URL: [&str; 6] = ["url", "uri", "request", "request url", "endpoint", "path"];

/// What code that says it is HTTP may be, where it is no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::docs) enum Unsaid {
    /// Headers, a body or a query: a part of a message.
    Fragment,
    /// A URL that a request may go to.
    Url,
    /// Anything else.
    Words,
}

/// What such code may be, by its first line that is no comment.
pub(in crate::docs) fn unsaid(text: &str) -> Unsaid {
    let is_comment = |line: &&str| line.is_empty() || line.starts_with('#') || line.starts_with("//");
    let Some(first) = text.lines().map(trim).find(|line| !is_comment(line)) else { return Unsaid::Fragment };
    let (label, said) = first.split_once(": ").unwrap_or(("", first));
    let is_label = BEFORE_URL.iter().any(|known| known.eq_ignore_ascii_case(label.trim()));
    let url = if is_label { said } else { first }.trim().trim_matches(MARKS);
    // What has a place to fill in shows how URLs are made.
    if is_whole(url) && !url.contains(['{', '<', '[', '$']) {
        return Unsaid::Url;
    }
    let is_form = first.contains('=') && !first.contains(char::is_whitespace) && !is_absolute(first);
    // A name, a token and a row of data are words of their own; to ask takes several, or a path.
    let is_value = !first.contains('/') && (first.contains('=') || !first.contains(char::is_whitespace));
    let is_value = is_value || is_credentials(first);
    let is_part = first.starts_with(|c: char| c.is_ascii_punctuation() && !MARKS.contains(&c) && c != '/')
        || first.starts_with(['[', '"'])
        || is_form
        || is_value
        || (is_header(first) && !is_label);
    if is_part { Unsaid::Fragment } else { Unsaid::Words }
}

/// Whether a line is what a header says of who asks: a scheme and a token.
fn is_credentials(line: &str) -> bool {
    const SCHEMES: [&str; 9] =
        ["basic", "bearer", "digest", "dpop", "negotiate", "oauth", "token", "apikey", "hmac"];
    let mut words = line.split_whitespace();
    let is_scheme = |word: &str| SCHEMES.iter().any(|scheme| scheme.eq_ignore_ascii_case(word));
    words.next().is_some_and(is_scheme) && words.next().is_some() && words.next().is_none()
}

/// Whether such code is told of by its first line alone.
pub(in crate::docs) fn may_be(line: &str) -> bool {
    is_request(line) || is_status(line)
}

/// Whether a line is a request line behind a word or a prompt, or a method alone.
pub(super) fn is_request(line: &str) -> bool {
    let line = trim(line);
    if METHODS.contains(&line.trim_end_matches(':')) {
        return true;
    }
    let is_method = |word: &str| METHODS.contains(&word.trim_matches(MARKS));
    let Some(word) = line.split_ascii_whitespace().take(LONGEST_LABEL).find(|word| is_method(word)) else {
        return false;
    };
    let Some((label, target)) = line.split_once(word) else { return false };
    // A header is called in several words, where its value may look so.
    label.trim_end().ends_with(|c: char| c.is_ascii_punctuation())
        && !label.contains(['-', '"', '{'])
        && is_whole(target.trim_start().trim_end_matches(MARKS))
}

/// Whether a line is a status with words that belong to one, and nothing else.
pub(super) fn is_status(line: &str) -> bool {
    let line = trim(line);
    let bare = line.trim_matches(['*', '_', '`']);
    if bare.len() < line.len() && status_line(bare).is_some() {
        return true;
    }
    let is_other = |c: char| !c.is_ascii_alphanumeric();
    let mut words = bare.split(is_other).filter(|word| !word.is_empty());
    let code = words.find(|word| !BEFORE_STATUS.iter().any(|known| known.eq_ignore_ascii_case(word)));
    let is_code = |word: &str| word.len() == 3 && word.parse().is_ok_and(|code| (100..600).contains(&code));
    code.is_some_and(is_code)
        && !bare.contains(['{', '"', '='])
        && words.clone().count() <= LONGEST_REASON
        && words.all(|word| word.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

#[cfg(test)]
mod tests {
    use super::{Unsaid, is_request, is_status, unsaid};
    use rstest::rstest;

    #[rstest]
    #[case("Request: GET https://h.example/beds", true)]
    #[case("**Request:** `GET /beds`", true)]
    #[case("$ GET /beds", true)]
    #[case("1. GET /beds", true)]
    #[case("DELETE", true)]
    #[case("X-Original: GET /beds", false)]
    #[case("{\"one\": \"GET /beds\"}", false)]
    #[case("Allow: GET, PUT", false)]
    #[case("Then GET the beds", false)]
    fn requests_behind_words(#[case] line: &str, #[case] expected: bool) {
        assert_eq!(is_request(line), expected);
    }

    #[rstest]
    #[case("HTTP 1.1 200 OK", true)]
    #[case("**HTTP/1.1 200 OK**", true)]
    #[case("HTTPS/1.1 404 Not Found", true)]
    #[case("Status 200", true)]
    #[case("Response: 200 OK", true)]
    #[case("200", true)]
    #[case("200, 300, 400", false)]
    #[case("2000", false)]
    #[case("200 of the beds are free, and 100 are not", false)]
    #[case("Retry-After: 120", false)]
    fn statuses_among_words(#[case] line: &str, #[case] expected: bool) {
        assert_eq!(is_status(line), expected);
    }

    #[rstest]
    #[case("https://h.example/beds", Unsaid::Url)]
    #[case("# One\n\n/beds/7", Unsaid::Url)]
    #[case("URL: https://h.example/beds", Unsaid::Url)]
    #[case("https://h.example/{resource}?[query]", Unsaid::Words)]
    #[case("Fetch the beds", Unsaid::Words)]
    #[case("Authorization: Bearer x", Unsaid::Fragment)]
    #[case("name=one&size=2", Unsaid::Fragment)]
    #[case("?size=2", Unsaid::Fragment)]
    #[case("{ \"bed\": 1 }", Unsaid::Fragment)]
    #[case("<bed/>", Unsaid::Fragment)]
    #[case("X-Request-Id", Unsaid::Fragment)]
    #[case("eyJhbGciOiJIUzI1NiJ9.eyJ.x", Unsaid::Fragment)]
    #[case("id,name\n1,one", Unsaid::Fragment)]
    #[case("Bearer eyJhbGciOiJIUzI1NiJ9", Unsaid::Fragment)]
    #[case("Basic dXNlcjpwYXNz/w==", Unsaid::Fragment)]
    #[case("Token of the bed", Unsaid::Words)]
    #[case("id = the number of the bed", Unsaid::Fragment)]
    #[case("\u{2026}", Unsaid::Fragment)]
    #[case("h.example/beds", Unsaid::Words)]
    #[case("", Unsaid::Fragment)]
    fn what_is_no_message(#[case] text: &str, #[case] expected: Unsaid) {
        assert_eq!(unsaid(text), expected);
    }
}
