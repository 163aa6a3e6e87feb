//! Reads the octets of an answer: as JSON, or as the text that its charset makes of them.

use crate::json::{Budget, Json, JsonError, JsonErrorKind};
use crate::message::{Framing, Received, media_type};
use crate::secret::beginning;
use crate::source::line_column;
use crate::verdict::{Trouble, Why};
use std::borrow::Cow;

/// What an answer is that should be JSON.
pub(super) enum Answer {
    /// It is; and what is odd about how it is encoded.
    Json(Json, Option<Why>),
    /// It is not: why, and how it begins.
    Other(Why, String),
    /// It is more than we read.
    TooMuch(Trouble, String),
}

/// Reads an answer as JSON.
pub(super) fn json(received: Received, budget: &Budget) -> Answer {
    let charset = charset(&received);
    // JSON is UTF-8 whatever the field says (RFC 8259); US-ASCII is a part of it.
    let foreign = charset.is_some_and(|charset| !matches!(charset.as_str(), "utf-8" | "utf8" | "us-ascii"));
    let framing = received.framing;
    let mut bytes = received.body;
    let mark = bytes.starts_with(BYTE_ORDER_MARK);
    if mark {
        bytes.drain(..BYTE_ORDER_MARK.len());
    }
    let odd = match (mark, foreign) {
        (true, _) => Some(Why::ByteOrderMark),
        (false, true) => Some(Why::Framing("body.other_charset")),
        (false, false) => None,
    };
    if let Some(problem) = wide_encoding(&bytes) {
        let why = Why::NotJson { problem: problem.to_owned(), line: 1, column: 1, maybe_cut: false };
        return Answer::Other(why, excerpt(&bytes));
    }
    let (error, bytes) = match String::from_utf8(bytes) {
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            (JsonError { kind: JsonErrorKind::NotUtf8, at }, error.into_bytes())
        }
        Ok(text) => match Json::read(text, budget) {
            Ok(json) => return Answer::Json(json, odd),
            Err((error, text)) => (error, text.into_bytes()),
        },
    };
    let before = String::from_utf8_lossy(bytes.get(..error.at).unwrap_or(&bytes));
    let (line, column) = line_column(&before, before.len());
    match error.kind {
        JsonErrorKind::TooDeep => {
            let limit = budget.depth.saturating_sub(1);
            let text = format!("nested more than {limit} deep at line {line} column {column}");
            Answer::TooMuch(Trouble::BodyTooDeep, text)
        }
        JsonErrorKind::TooManyNodes => {
            Answer::TooMuch(Trouble::JsonTooManyNodes, format!("more than {} JSON values", budget.nodes))
        }
        JsonErrorKind::TooLong => {
            let text = format!("a string of more than {} bytes at line {line}", budget.string);
            Answer::TooMuch(Trouble::BodyTooLarge, text)
        }
        kind => {
            let maybe_cut = kind == JsonErrorKind::Ended && framing == Framing::Close;
            let why = Why::NotJson { problem: kind.to_string(), line, column, maybe_cut };
            Answer::Other(why, excerpt(&bytes))
        }
    }
}

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Text in units of two or four octets: told by its byte order mark, or by the zeros that the first characters of
/// any JSON leave in it.
fn wide_encoding(bytes: &[u8]) -> Option<&'static str> {
    Some(match bytes {
        [0xFF, 0xFE, 0, 0, ..] => "the byte order mark FF FE 00 00 announces UTF-32, JSON is UTF-8",
        [0, 0, 0xFE, 0xFF, ..] => "the byte order mark 00 00 FE FF announces UTF-32, JSON is UTF-8",
        [0xFF, 0xFE, ..] => "the byte order mark FF FE announces UTF-16, JSON is UTF-8",
        [0xFE, 0xFF, ..] => "the byte order mark FE FF announces UTF-16, JSON is UTF-8",
        [0, first, ..] | [first, 0, ..] if *first != 0 => "this looks like UTF-16, JSON is UTF-8",
        _ => return None,
    })
}

/// The beginning of a body, for messages.
pub(super) fn excerpt(body: &[u8]) -> String {
    const LENGTH: usize = 200;
    beginning(&String::from_utf8_lossy(body), LENGTH).into_owned()
}

/// The text of an answer. Octets that its charset does not explain are shown as such, and equal nothing.
pub(super) fn text(received: &Received) -> Cow<'_, str> {
    let latin = charset(received).is_some_and(|charset| {
        matches!(charset.as_str(), "iso-8859-1" | "latin1" | "windows-1252" | "cp1252")
    });
    if latin {
        return received.body.iter().map(|octet| char::from(*octet)).collect();
    }
    String::from_utf8_lossy(received.body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&received.body))
}

/// A text without what line ends differ in.
pub(super) fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").trim_end_matches('\n').to_owned()
}

fn charset(received: &Received) -> Option<String> {
    let field = received.headers.get("content-type")?;
    field.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let is_charset = name.trim().eq_ignore_ascii_case("charset");
        is_charset.then(|| value.trim().trim_matches('"').to_ascii_lowercase())
    })
}

/// Whether a body begins as markup does.
pub(super) fn is_markup(body: &[u8]) -> bool {
    body.trim_ascii_start().starts_with(b"<")
}

/// Whether a body begins as an object or an array of JSON does.
pub(super) fn looks_like_json(body: &[u8]) -> bool {
    matches!(body.trim_ascii_start().first(), Some(b'{' | b'['))
}

/// Whether a page for a browser came: by its media type, or where none is told by how it begins.
pub(super) fn is_html(received: &Received) -> bool {
    let told = received.headers.get("content-type").map(media_type);
    told.map_or_else(
        || {
            is_markup(&received.body)
                && received.body.to_ascii_lowercase().windows(5).any(|it| it == b"<html")
        },
        |told| matches!(told.as_str(), "text/html" | "application/xhtml+xml"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[test]
    fn an_excerpt_splits_no_character() {
        assert_eq!(excerpt(b"short"), "short");
        let long = format!("{}é{}", "a".repeat(199), "b".repeat(9));
        assert_eq!(excerpt(long.as_bytes()), format!("{}…", "a".repeat(199)));
    }

    #[rstest]
    #[case("text/plain; charset=ISO-8859-1", b"caf\xe9", "café")]
    #[case("text/plain", "café".as_bytes(), "café")]
    #[case("text/plain; charset=utf-8", b"caf\xe9", "caf\u{fffd}")]
    fn text_is_read_by_its_charset(#[case] media: &str, #[case] body: &[u8], #[case] read: &str) {
        let headers = [("Content-Type", media)].into_iter().collect();
        assert_eq!(text(&Received { headers, body: body.to_vec(), ..Received::default() }), read);
    }

    #[rstest]
    #[case(b"\xff\xfe{\0}\0", true)]
    #[case(b"{\0\"\0", true)]
    #[case(b"\0{\0\"", true)]
    #[case(b"{}", false)]
    #[case(b"", false)]
    fn wide_texts_are_told(#[case] body: &[u8], #[case] wide: bool) {
        assert_eq!(wide_encoding(body).is_some(), wide);
    }
}
