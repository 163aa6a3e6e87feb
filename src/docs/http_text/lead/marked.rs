//! Request lines and status lines in marks that HTTP does not know, as in `[GET] /users`, `GET: /users`, `:method: GET`
//! and `Status: 200 OK`: told of, and not read.

use super::super::Kind;
use super::super::line::{is_bare_status, is_whole, trim};

/// Methods that nobody writes for anything else.
pub(super) const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

pub(super) const MARKS: [char; 9] = ['[', ']', '(', ')', '*', '_', '`', ':', '"'];

/// What is called so in a browser's tools and in the frames of HTTP/2.
const REQUESTS: [&str; 3] = [":method:", "request method:", "request url:"];

const STATUSES: [&str; 6] =
    [":status:", "status:", "status code:", "http status:", "http status code:", "response code:"];

/// Whether a line is a request line in marks, or a method whose URL stands in the next line.
pub(super) fn is_request<'t>(line: &'t str, next: impl Fn() -> Option<&'t str>) -> bool {
    let line = trim(line);
    if let Some(value) = labelled(line, &REQUESTS) {
        return METHODS.contains(&value) || is_whole(value);
    }
    let bare = line.trim_start_matches(MARKS);
    let Some(behind) = behind_method(bare) else { return false };
    let target = behind.trim_start_matches(MARKS);
    if target.trim().is_empty() {
        return next().is_some_and(|next| is_whole(trim(next)));
    }
    let is_marked = bare.len() < line.len() || target.len() < behind.len();
    is_marked && target.starts_with([' ', '\t']) && is_whole(target.trim_start().trim_end_matches(MARKS))
}

/// Whether a line is a status behind its label, and nothing else.
pub(super) fn is_status(line: &str) -> bool {
    labelled(trim(line), &STATUSES).is_some_and(|value| {
        is_bare_status(value) || (value.len() == 3 && value.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

/// The final status that a line consists of, behind its label.
pub(in crate::docs::http_text) fn status(line: &str) -> Option<u16> {
    let code = labelled(trim(line), &STATUSES).filter(|_| is_status(line))?.get(..3)?.parse().ok()?;
    (200..600).contains(&code).then_some(code)
}

/// Whether the reason stands behind such a status.
pub(super) fn has_reason(line: &str) -> bool {
    labelled(trim(line), &STATUSES).is_some_and(is_bare_status)
}

/// Whether a line may be either, whatever stands behind it.
pub(in crate::docs) fn may_be(line: &str) -> bool {
    let line = trim(line);
    is_status(line)
        || labelled(line, &REQUESTS).is_some()
        || behind_method(line.trim_start_matches(MARKS)).is_some_and(|behind| {
            let target = behind.trim_start_matches(MARKS);
            target.trim().is_empty() || target.starts_with([' ', '\t'])
        })
}

/// The message that the opening of a fence begins with, as in `` ```GET /users ``: in a language's place.
pub(in crate::docs) fn opened_with(language: &str) -> Option<Kind> {
    if language.starts_with("HTTP/") {
        return Some(Kind::Response);
    }
    METHODS.contains(&language).then_some(Kind::Request)
}

/// What stands behind a label that a line begins with.
fn labelled<'t>(line: &'t str, labels: &[&str]) -> Option<&'t str> {
    // Most lines have none.
    line.starts_with([':', 'R', 'r', 'S', 's', 'H', 'h']).then_some(())?;
    let behind = |label: &&str| {
        let own = line.get(..label.len()).filter(|own| own.eq_ignore_ascii_case(label))?;
        line.get(own.len()..)
    };
    labels.iter().find_map(behind).map(str::trim)
}

/// What stands behind the method that a text begins with.
fn behind_method(text: &str) -> Option<&str> {
    let length = text.bytes().take_while(u8::is_ascii_uppercase).count();
    let (method, behind) = text.split_at_checked(length)?;
    METHODS.contains(&method).then_some(behind)
}

#[cfg(test)]
mod tests {
    use super::{is_request, is_status, may_be};
    use rstest::rstest;

    #[rstest]
    #[case("[GET] https://h.example/beds", "", true)]
    #[case("**DELETE** /beds/7", "", true)]
    #[case("`GET /beds`", "", true)]
    #[case("GET: /beds", "", true)]
    #[case("GET", "https://h.example/beds", true)]
    #[case("GET:", "/beds", true)]
    #[case(":method: GET", ":path: /beds", true)]
    #[case("Request URL: https://h.example/beds", "", true)]
    #[case("GET", "POST", false)]
    #[case("[\"GET\", \"/beds\"]", "", false)]
    #[case("(GET or POST) the beds", "", false)]
    #[case("GET: the beds", "", false)]
    #[case("GETTING", "/beds", false)]
    #[case("method: GET", "url: /beds", false)]
    fn requests_in_marks(#[case] line: &str, #[case] next: &str, #[case] expected: bool) {
        assert_eq!(is_request(line, || Some(next)), expected);
        assert!(!expected || may_be(line));
    }

    #[rstest]
    #[case("Status: 204 No Content", true)]
    #[case("Status Code: 200", true)]
    #[case(":status: 200", true)]
    #[case("status: active", false)]
    #[case("status: 2000", false)]
    fn statuses_behind_a_label(#[case] line: &str, #[case] expected: bool) {
        assert_eq!(is_status(line), expected);
        assert!(!expected || may_be(line));
    }
}
