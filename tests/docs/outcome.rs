//! What is read of a page, as a text that people can check against the page.

use faithful::contract::{Confidence, Contract};
use faithful::docs::{Documented, Page};
use faithful::message::{Body, Headers};
use std::fmt::Write;

/// The outcome of a page:
///
/// ```text
/// users/get_user (inferred)
///   3 GET /users/7
///     Accept: application/json
///   8 200
///     10 json {"id":"7"}
///     truncated: true
///
/// 14 unpaired-request: GET /users/8
/// ```
pub(crate) fn outcome(page: &Page) -> String {
    let mut text = String::new();
    for pair in &page.pairs {
        write_pair(pair, &mut text);
        text.push('\n');
    }
    for finding in &page.findings {
        let column =
            if finding.location.column > 0 { format!(":{}", finding.location.column) } else { String::new() };
        let detail = if finding.detail.is_empty() { String::new() } else { format!(": {}", finding.detail) };
        writeln!(text, "{}{column} {}{detail}", finding.location.line, finding.code).unwrap();
    }
    text.trim_end().to_owned() + "\n"
}

fn write_pair(Documented { contract, written }: &Documented, text: &mut String) {
    let Contract { id, name, source, request, response } = contract;
    let mut notes = Vec::new();
    if !id.as_str().ends_with(name.as_str()) {
        notes.push(format!("named {name:?}"));
    }
    if source.inferred {
        notes.push("inferred".to_owned());
    }
    if source.confidence == Confidence::Low {
        notes.push("guessed".to_owned());
    }
    let notes = if notes.is_empty() { String::new() } else { format!(" ({})", notes.join(", ")) };
    writeln!(text, "{id}{notes}").unwrap();
    writeln!(text, "  {} {} {}", written.request_line, request.method, request.url).unwrap();
    write_rest(&request.headers, &request.body, written.request_body_line, text);
    write_list("scopes", &request.scopes, text);
    write_list("tags", &request.tags, text);
    write_list("elided", &request.elided, text);
    writeln!(text, "  {} {}", written.status_line, response.status).unwrap();
    write_rest(&response.headers, &response.body, written.response_body_line, text);
    write_one("type", response.type_name.as_ref(), text);
    write_one("truncated", response.truncated.as_ref(), text);
    write_one("isCollection", response.is_collection.as_ref(), text);
    write_one("collectionProperty", response.collection_property.as_ref(), text);
    write_one("isEmpty", response.is_empty.as_ref(), text);
    write_one("expectError", response.expect_error.as_ref(), text);
    write_list("optional", &response.optional, text);
    write_list("nullable", &response.nullable, text);
    write_list("elided", &response.elided, text);
}

fn write_rest(headers: &Headers, body: &Body, line: Option<u32>, text: &mut String) {
    for (name, value) in headers.iter() {
        writeln!(text, "    {name}: {value}").unwrap();
    }
    let line = line.map_or_else(|| "?".to_owned(), |line| line.to_string());
    match body {
        Body::None => {}
        Body::Json(json) => writeln!(text, "    {line} json {}", json.root().to_compact()).unwrap(),
        Body::Text(body) => writeln!(text, "    {line} text {body:?}").unwrap(),
        Body::Base64(body) => writeln!(text, "    {line} base64 {body}").unwrap(),
    }
}

fn write_one(name: &str, value: Option<&impl ToString>, text: &mut String) {
    if let Some(value) = value {
        writeln!(text, "    {name}: {}", value.to_string()).unwrap();
    }
}

fn write_list(name: &str, values: &[String], text: &mut String) {
    if !values.is_empty() {
        writeln!(text, "    {name}: {}", values.join(", ")).unwrap();
    }
}
