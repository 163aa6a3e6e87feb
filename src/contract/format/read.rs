//! File → contract: strict, since a misspelt member would be a promise that nobody checks.

use super::{File, FormatError, Raw, VERSION};
use crate::contract::{Confidence, Contract, ContractId, DocumentedRequest, DocumentedResponse, Provenance};
use crate::json::{Budget, Json};
use crate::message::Body;
use crate::source::line_column;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

/// Reads a contract file; `id` is what its path says.
pub fn parse(id: ContractId, text: &str) -> Result<Contract, FormatError> {
    let file = read_file(text)?;
    let request = DocumentedRequest {
        body: read_body(text, "request", file.request.json, file.request.text, file.request.base64)?,
        method: file.request.method,
        url: file.request.url,
        headers: file.request.headers,
        scopes: file.request.scopes,
        tags: file.request.tags,
        elided: file.request.elided,
    };
    let response = DocumentedResponse {
        body: read_body(text, "response", file.response.json, file.response.text, file.response.base64)?,
        status: file.response.status,
        headers: file.response.headers,
        type_name: file.response.type_name,
        truncated: file.response.truncated,
        is_collection: file.response.is_collection,
        collection_property: file.response.collection_property,
        is_empty: file.response.is_empty,
        expect_error: file.response.expect_error,
        optional: file.response.optional,
        nullable: file.response.nullable,
        elided: file.response.elided,
    };
    if request.method.eq_ignore_ascii_case("HEAD") && response.body != Body::None {
        let (line, column) = line_column(text, text.find("\"response\"").unwrap_or_default());
        let problem = "what answers a HEAD request has no body: take the response's body out".to_owned();
        return Err(FormatError::Invalid { problem, line, column });
    }
    let source = Provenance {
        file: file.source.file,
        sha256: file.source.sha256,
        inferred: file.source.inferred,
        confidence: if file.source.confidence.is_some() { Confidence::Low } else { Confidence::Sure },
    };
    Ok(Contract { id, name: file.name, source, request, response })
}

/// Reads the members. Where that is not a contract of this version, its version is what there is to say of it first.
fn read_file(text: &str) -> Result<File<'_>, FormatError> {
    match serde_json::from_str::<File<'_>>(text) {
        Ok(file) if file.faithful == VERSION && text.trim_start().starts_with('{') => Ok(file),
        Ok(file) => check_version(text).map(|()| file),
        Err(error) => check_version(text).and(Err(invalid(text, &error))),
    }
}

/// Whether a text is of this version: a newer format may mean other things by the same members.
fn check_version(text: &str) -> Result<(), FormatError> {
    #[derive(Deserialize)]
    struct Probe<'a> {
        #[serde(borrow)]
        faithful: Option<&'a RawValue>,
    }
    // A list, which serde would take for a struct, is JSON of somebody else's.
    if text.trim_start().starts_with('[') && serde_json::from_str::<IgnoredAny>(text).is_ok() {
        return Err(FormatError::NotAContract);
    }
    let value: serde_json::Result<Probe<'_>> = serde_json::from_str(text);
    match value {
        Ok(Probe { faithful: None }) => Err(FormatError::NotAContract),
        Ok(Probe { faithful: Some(version) }) if version.get() == VERSION.to_string() => Ok(()),
        Ok(Probe { faithful: Some(version) }) => Err(FormatError::Version(version.get().to_owned())),
        Err(error) => Err(invalid(text, &error)),
    }
}

/// `serde_json` counts columns in bytes, and says line and column in its text once more.
fn invalid(text: &str, error: &serde_json::Error) -> FormatError {
    let full = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let problem = full.strip_suffix(&place).unwrap_or(&full).to_owned();
    let line = text.split('\n').nth(error.line().saturating_sub(1)).unwrap_or_default();
    let before = line.get(..error.column().saturating_sub(1)).unwrap_or(line);
    FormatError::Invalid {
        problem,
        line: u32::try_from(error.line().max(1)).unwrap_or(u32::MAX),
        column: u32::try_from(before.chars().count() + 1).unwrap_or(u32::MAX),
    }
}

fn read_body(
    file: &str,
    side: &str,
    json: Option<Raw<'_>>,
    text: Option<String>,
    base64: Option<String>,
) -> Result<Body, FormatError> {
    let at = |offset: usize, problem: String| {
        let (line, column) = line_column(file, offset);
        FormatError::Invalid { problem, line, column }
    };
    match (json, text, base64) {
        (None, None, None) => Ok(Body::None),
        (None, Some(text), None) => Ok(Body::Text(text)),
        (None, None, Some(octets)) => Ok(Body::Base64(octets)),
        (Some(Raw::Read(raw)), None, None) => {
            let offset = raw.as_ptr().addr().saturating_sub(file.as_ptr().addr());
            Json::parse_within(raw, &Budget::default())
                // A run may hold a hundred thousand of them, and looks at a few at a time.
                .map(|json| Body::Json(json.at_rest()))
                .map_err(|error| at(offset + error.at, format!("body: {error}")))
        }
        (Some(_), ..) | (None, Some(_), Some(_)) => {
            let offset = file.find(&format!("\"{side}\"")).unwrap_or_default();
            Err(at(offset, format!("{side} has more than one body: give one of `json`, `text` and `base64`")))
        }
    }
}
