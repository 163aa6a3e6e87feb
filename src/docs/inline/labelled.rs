//! Requests whose method and URL stand apart, each behind what it is called or in a cell of a row, as in ``Method: `GET` ``
//! and ``URL: `/users` ``: told of, and not read.

use super::methods;
use crate::docs::http_text::is_whole;
use std::ops::Range;

const METHOD: [&str; 6] = ["method", "http method", "request method", "verb", "http verb", "request type"];

const URL: [&str; 12] = [
    "url",
    "uri",
    "path",
    "endpoint",
    "route",
    "request url",
    "request uri",
    "request path",
    "resource url",
    "api endpoint",
    "url path",
    "address",
];

/// What may stand around a word, or around what it is called.
const MARKS: [char; 7] = [' ', '\t', '`', '*', '_', '"', '\u{a0}'];

/// Whether the method that stands here may be such a value: nothing else stands behind its label, or in its cell.
pub(in crate::docs) fn may_be(text: &str, place: &Range<usize>) -> bool {
    let is_edge = |c: Option<char>| c.is_none_or(|c| matches!(c, ':' | '|' | '\n' | '\r'));
    let before = text.get(..place.start).unwrap_or_default().trim_end_matches(MARKS);
    let behind = text.get(place.end..).unwrap_or_default().trim_start_matches(MARKS);
    is_edge(before.chars().next_back()) && is_edge(behind.chars().next())
}

/// The request whose parts a text says so, if it is one alone.
pub(in crate::docs) fn request(text: &str) -> Option<String> {
    let mut places = methods(text).filter(|place| may_be(text, place));
    let place = places.next().filter(|_| places.next().is_none())?;
    let method = text.get(place.clone())?;
    let start = text.get(..place.start)?.rfind('\n').map_or(0, |at| at + 1);
    let row = text.get(start..)?.lines().next()?;
    if let Some(url) = cells(row).find(|cell| is_whole(cell)) {
        return Some(format!("{method} {url}"));
    }
    let is_called = |known: &[&str], label: &str| known.iter().any(|known| known.eq_ignore_ascii_case(label));
    let mut url = None;
    let mut is_method = false;
    for (label, value) in labelled(text) {
        is_method |= value == method && is_called(&METHOD, label);
        if is_whole(value) && is_called(&URL, label) {
            // Which of several is meant nobody says.
            if url.is_some_and(|url| url != value) {
                return None;
            }
            url = Some(value);
        }
    }
    url.filter(|_| is_method).map(|url| format!("{method} {url}"))
}

/// The cells of a row, without their marks.
fn cells(line: &str) -> impl Iterator<Item = &str> {
    line.split('|').skip(1).map(|cell| cell.trim_matches(MARKS))
}

/// What stands behind its label in each line, or in the line below it.
fn labelled(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut above: Option<&str> = None;
    text.lines().filter(|line| !line.trim().is_empty()).filter_map(move |line| {
        let bare = line.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '/' | '{'));
        let (label, value) = bare.split_once([':', '|']).unwrap_or((bare, ""));
        let value = value.split('|').next().unwrap_or_default();
        let value = value.trim_matches(MARKS).trim_end_matches(['\\', '.', ',']).trim_end_matches(MARKS);
        let label = label.trim_matches(MARKS);
        if value.is_empty() {
            return Some((above.replace(label)?, label));
        }
        // A URL alone has a colon of its own.
        let whole = bare.trim_end_matches(MARKS);
        let above = above.take();
        Some(if is_whole(whole) { (above?, whole) } else { (label, value) })
    })
}

#[cfg(test)]
mod tests {
    use super::{may_be, methods, request};
    use rstest::rstest;

    #[rstest]
    #[case("- Method: `GET`\n- URL: `/rooms/7`\n", Some("GET /rooms/7"))]
    #[case("**URL** : `/rooms`\n\n**Method** : `POST`\n\n**Auth** : none\n", Some("POST /rooms"))]
    #[case("* **URL**\n\n  /rooms/:id\n\n* **Method:**\n\n  `PUT`\n", Some("PUT /rooms/:id"))]
    #[case(
        "### Endpoint\n\nhttps://h.example/rooms\n\n### Method\n\nGET\n",
        Some("GET https://h.example/rooms")
    )]
    #[case("| | |\n|---|---|\n| Method | PUT |\n| URL | `/rooms/7` |\n", Some("PUT /rooms/7"))]
    #[case("Method | URL\n--- | ---\nDELETE | /rooms/7\n", Some("DELETE /rooms/7"))]
    #[case("| Method | URL |\n|---|---|\n| GET | /rooms |\n| PUT | /rooms |\n", None)]
    #[case("- Method: GET\n- Name: /rooms\n", None)]
    #[case("- Verbs: GET\n- URL: /rooms\n", None)]
    #[case("- Method: GET\n- URL: the room\n", None)]
    #[case("- Method: GET or PUT\n- URL: /rooms\n", None)]
    #[case("- URL: /rooms\n- URL: /beds\n- Method: GET\n", None)]
    #[case("", None)]
    fn requests_of_labels(#[case] text: &str, #[case] expected: Option<&str>) {
        assert_eq!(request(text).as_deref(), expected);
        assert!(expected.is_none() || methods(text).any(|place| may_be(text, &place)));
    }
}
