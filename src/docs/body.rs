//! Bodies: JSON where the text is JSON or means it, else text.

use super::http_text::BodyText;
use super::notes::Notes;
use crate::contract::Confidence;
use crate::finding::Code;
use crate::json::{Budget, Json, RepairRule};
use crate::message::{Body, Headers, is_json, media_type};
use crate::source::line_column;

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
pub(super) fn read(body: BodyText, headers: &Headers, notes: &mut Notes) -> Reading {
    let body = BodyText { text: unwrapped(body.text), ..body };
    let text = body.text;
    if text.is_empty() {
        return Reading::default();
    }
    let says_json = headers.get("content-type").is_some_and(|value| is_json(&media_type(value)));
    let looks_like_json = text.starts_with(['{', '[']) && !is_marker(text);
    if !says_json && (!looks_like_json || are_lines(text, headers)) {
        return as_text(text);
    }
    match Json::parse_lenient(text, &Budget::default()) {
        Ok(read) => {
            let code =
                |rule: RepairRule| if rule.is_guess() { Code::BodyGuessed } else { Code::BodyRepaired };
            notes.add_repairs(&read.repairs, code, |at| place(body, at));
            add_repeated(&read.json, body, notes);
            let confidence = if read.is_guess() { Confidence::Low } else { Confidence::Sure };
            Reading { body: Body::Json(read.json), elided: read.elided, confidence }
        }
        // A placeholder for bytes, as in `<bytes 0-25>`, is no broken JSON, nor is an ellipsis for the whole.
        Err(_) if !looks_like_json && stands_for_all(text) => as_text(text),
        Err(error) => {
            let (line, column) = place(body, error.at);
            notes.add_at(Code::BodyNotJson, line, column, error.to_string());
            Reading { confidence: Confidence::Low, ..as_text(text) }
        }
    }
}

/// Whether a body is said to be a JSON text in each of its lines, and is: as one of them it would lose the others.
fn are_lines(text: &str, headers: &Headers) -> bool {
    const LINES: [&str; 6] = [
        "application/x-ndjson",
        "application/ndjson",
        "application/jsonl",
        "application/x-jsonl",
        "application/jsonlines",
        "application/x-jsonlines",
    ];
    let media_type = headers.get("content-type").map(media_type).unwrap_or_default();
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    LINES.contains(&media_type.as_str())
        && lines().nth(1).is_some()
        && lines().all(|line| Json::parse_within(line, &Budget::default()).is_ok())
}

fn as_text(text: &str) -> Reading {
    Reading { body: Body::Text(text.to_owned()), ..Reading::default() }
}

/// Tells of members that stand twice, each at its later place.
fn add_repeated(json: &Json, body: BodyText, notes: &mut Notes) {
    let (mut open, mut repeated) = (vec![json.root()], Vec::new());
    while let Some(value) = open.pop() {
        repeated
            .extend(value.repeated().into_iter().map(|(_, later)| (later.key.source().start, later.name())));
        open.extend(value.elements().filter(|element| element.is_container()));
        open.extend(value.members().map(|member| member.value).filter(|value| value.is_container()));
    }
    repeated.sort_by_key(|(at, _)| *at);
    // A place is counted on from the one before: thousands in one line must not cost their square.
    let (mut passed, mut line, mut column) = (0, body.line, 1);
    for (at, name) in repeated {
        let between = body.text.get(passed..at).unwrap_or_default();
        let (lines, characters) = line_column(between, between.len());
        (line, column) = (line + lines - 1, if lines > 1 { characters } else { column + characters - 1 });
        passed = at;
        notes.add_at(Code::RepeatedMember, line, column, name);
    }
}

/// Line and column of a byte of a body, on its page.
fn place(body: BodyText, at: usize) -> (u32, u32) {
    let (line, column) = line_column(body.text, at);
    (body.line + line - 1, column)
}

/// The text without the marks of a template engine that keep it as it is, as in `{% raw %}{{ STREAM }}{% endraw %}`.
fn unwrapped(text: &str) -> &str {
    let inside = text.strip_prefix("{% raw %}").and_then(|rest| rest.strip_suffix("{% endraw %}"));
    inside.map_or(text, str::trim)
}

/// Whether a text stands for a whole body: a marker, a placeholder, an ellipsis.
fn stands_for_all(text: &str) -> bool {
    text.starts_with(['<', '*'])
        || matches!(text, "..." | "…")
        || Body::Text(text.to_owned()).is_binary_marker()
}

/// Whether a text in brackets stands for bytes, as in `{binary data}`, `{{ TAR STREAM }}` or `[raw data goes here]`: words, and nothing
/// that JSON is made of.
fn is_marker(text: &str) -> bool {
    let inside = text.get(1..text.len().saturating_sub(1)).unwrap_or_default().trim();
    if text.starts_with("{{") {
        return Body::Text(text.to_owned()).is_binary_marker();
    }
    text.ends_with(['}', ']'])
        && inside.contains(|c: char| c.is_alphabetic())
        && !inside.contains(['"', '\'', ':', ',', '{', '}', '[', ']', '\n'])
        && !inside.starts_with(['/', '#'])
        && !matches!(inside, "true" | "false" | "null")
}
