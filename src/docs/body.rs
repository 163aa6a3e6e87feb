//! Bodies: JSON where the text is JSON or means it, else text.

use super::http_text::BodyText;
use super::notes::Notes;
use crate::contract::Confidence;
use crate::finding::Code;
use crate::json::{Json, Kind, Value};
use crate::message::{Body, Headers, is_json, media_type};
use std::fmt::Write;

/// A body as it was understood.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) body: Body,
    /// JSON Pointers of what the page elides.
    pub(super) elided: Vec<String>,
    pub(super) confidence: Confidence,
}

/// Reads the text of a body. What its media type says decides nothing alone: the text of a `text/plain` body that is
/// an object is JSON, and one that is a number is text.
pub(super) fn read(text: BodyText, headers: &Headers, notes: &mut Notes) -> Reading {
    if text.text.is_empty() {
        return Reading::default();
    }
    let says_json = headers.get("content-type").is_some_and(|value| is_json(&media_type(value)));
    let looks_like_json = text.text.starts_with(['{', '[']);
    if !looks_like_json && !says_json {
        return Reading { body: Body::Text(text.text.to_owned()), ..Reading::default() };
    }
    match Json::parse(text.text) {
        Ok(json) => {
            let elided = elided_strings(json.root());
            Reading { body: Body::Json(json), elided, confidence: Confidence::Sure }
        }
        // A placeholder for bytes, as in `<bytes 0-25>`, is no broken JSON.
        Err(_) if !looks_like_json => {
            Reading { body: Body::Text(text.text.to_owned()), ..Reading::default() }
        }
        Err(error) => {
            let (line, column) = crate::source::line_column(text.text, error.at);
            notes.add_at(Code::BodyNotJson, text.line + line - 1, column, error.to_string());
            let body = Body::Text(text.text.to_owned());
            Reading { body, elided: Vec::new(), confidence: Confidence::Low }
        }
    }
}

/// The strings that are but the beginning of one: they end in an ellipsis.
fn elided_strings(root: Value) -> Vec<String> {
    let mut elided = Vec::new();
    collect(root, &mut String::new(), &mut elided);
    elided
}

/// As deep as the reader's budget lets a body be, and no deeper.
fn collect(value: Value, pointer: &mut String, elided: &mut Vec<String>) {
    let length = pointer.len();
    match value.kind() {
        Kind::String if value.as_str().is_some_and(|text| text.ends_with("...") || text.ends_with('…')) => {
            elided.push(pointer.clone());
        }
        Kind::Array => {
            for (index, element) in value.elements().enumerate() {
                let _ = write!(pointer, "/{index}");
                collect(element, pointer, elided);
                pointer.truncate(length);
            }
        }
        Kind::Object => {
            for member in value.members() {
                pointer.push('/');
                pointer.push_str(&member.name().replace('~', "~0").replace('/', "~1"));
                collect(member.value, pointer, elided);
                pointer.truncate(length);
            }
        }
        _ => {}
    }
}
