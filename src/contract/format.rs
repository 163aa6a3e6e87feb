//! The contract file: canonical JSON out, strict JSON in.
//!
//! These structs are the format, member by member and in its order; what they mean is said in [`super`].

use super::{Confidence, Contract, ContractId, DocumentedRequest, DocumentedResponse, Provenance, Status};
use crate::json::{Budget, Json};
use crate::message::{Body, Headers};
use crate::source::line_column;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::fmt;

/// The version of the format that this program reads and writes.
const VERSION: u64 = 1;

/// Why a file is not a contract that can be run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// A JSON text without a `faithful` member: some other file.
    #[error("not a contract: it has no `faithful` member")]
    NotAContract,
    /// A newer format than this program knows.
    #[error("version {0} of the contract format; this program reads version {VERSION}")]
    Version(String),
    /// Not what the format says, at this line and column of the file.
    #[error("{problem}")]
    Invalid {
        /// What is wrong, in the words of the format.
        problem: String,
        /// From 1.
        line: u32,
        /// In characters, from 1.
        column: u32,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File<'a> {
    faithful: u64,
    name: String,
    source: FileSource,
    #[serde(borrow)]
    request: FileRequest<'a>,
    #[serde(borrow)]
    response: FileResponse<'a>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSource {
    file: String,
    sha256: String,
    #[serde(default, skip_serializing_if = "is_false")]
    inferred: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    confidence: Option<FileConfidence>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum FileConfidence {
    Low,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileRequest<'a> {
    method: String,
    url: String,
    #[serde(default, skip_serializing_if = "Headers::is_empty")]
    headers: Headers,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    scopes: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    elided: Vec<String>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    json: Option<Raw<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct FileResponse<'a> {
    status: Status,
    #[serde(default, skip_serializing_if = "Headers::is_empty")]
    headers: Headers,
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    type_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    truncated: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    is_collection: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    collection_property: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    is_empty: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expect_error: Option<bool>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    optional: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    nullable: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    elided: Vec<String>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    json: Option<Raw<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
}

/// The text of a JSON body: a slice of the file when read, laid out by our writer when written.
enum Raw<'a> {
    Read(&'a str),
    Written(Box<RawValue>),
}

impl<'de: 'a, 'a> Deserialize<'de> for Raw<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Raw<'a>, D::Error> {
        <&'de RawValue>::deserialize(deserializer).map(|raw| Raw::Read(raw.get()))
    }
}

impl Serialize for Raw<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Raw::Read(text) => text.serialize(serializer),
            Raw::Written(raw) => raw.serialize(serializer),
        }
    }
}

/// An explicit `"json": null` is a body, so it must not read as an absent member.
fn present<'de: 'a, 'a, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Raw<'a>>, D::Error> {
    Raw::deserialize(deserializer).map(Some)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_false(flag: &bool) -> bool {
    !flag
}

impl Serialize for Status {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Status::Code(code) => serializer.serialize_u16(*code),
            class => serializer.collect_str(class),
        }
    }
}

impl<'de> Deserialize<'de> for Status {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Status, D::Error> {
        struct StatusVisitor;
        impl Visitor<'_> for StatusVisitor {
            type Value = Status;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a status code from 100 to 999, \"2xx\" or \"error\"")
            }

            fn visit_u64<E: de::Error>(self, code: u64) -> Result<Status, E> {
                match u16::try_from(code) {
                    Ok(code @ 100..=999) => Ok(Status::Code(code)),
                    _ => Err(E::invalid_value(de::Unexpected::Unsigned(code), &self)),
                }
            }

            fn visit_str<E: de::Error>(self, class: &str) -> Result<Status, E> {
                match class {
                    "2xx" => Ok(Status::Success),
                    "error" => Ok(Status::Error),
                    other => Err(E::invalid_value(de::Unexpected::Str(other), &self)),
                }
            }
        }
        deserializer.deserialize_any(StatusVisitor)
    }
}

/// A member per field name, an array of values for a repeated field.
impl Serialize for Headers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let mut written: Vec<&str> = Vec::new();
        for (name, first) in self.iter() {
            if written.contains(&name) {
                continue;
            }
            written.push(name);
            let values: Vec<&str> = self.iter().filter(|(other, _)| *other == name).map(|(_, v)| v).collect();
            if values.len() == 1 {
                map.serialize_entry(name, first)?;
            } else {
                map.serialize_entry(name, &values)?;
            }
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Headers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Headers, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "a header's value: a string, or an array of strings")]
        enum Values {
            One(String),
            Many(Vec<String>),
        }
        struct HeadersVisitor;
        impl<'de> Visitor<'de> for HeadersVisitor {
            type Value = Headers;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of header names and values")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Headers, A::Error> {
                let mut headers = Headers::default();
                while let Some((name, values)) = map.next_entry::<String, Values>()? {
                    if headers.iter().any(|(other, _)| other == name) {
                        return Err(de::Error::custom(format_args!(
                            "header `{name}` stands twice: give its values as one array"
                        )));
                    }
                    match values {
                        Values::One(value) => headers.push(name, value),
                        Values::Many(values) => {
                            for value in values {
                                headers.push(&name, value);
                            }
                        }
                    }
                }
                Ok(headers)
            }
        }
        deserializer.deserialize_map(HeadersVisitor)
    }
}

/// The contract's file: two spaces, LF, a final newline, members in the format's order.
pub fn to_file(contract: &Contract) -> String {
    let file = File {
        faithful: VERSION,
        name: contract.name.clone(),
        source: FileSource {
            file: contract.source.file.clone(),
            sha256: contract.source.sha256.clone(),
            inferred: contract.source.inferred,
            confidence: (contract.source.confidence == Confidence::Low).then_some(FileConfidence::Low),
        },
        request: write_request(&contract.request),
        response: write_response(&contract.response),
    };
    let mut text = serde_json::to_string_pretty(&file).unwrap_or_default();
    text.push('\n');
    text
}

fn write_request(request: &DocumentedRequest) -> FileRequest<'_> {
    let (json, text, base64) = write_body(&request.body);
    FileRequest {
        method: request.method.clone(),
        url: request.url.clone(),
        headers: request.headers.clone(),
        scopes: request.scopes.clone(),
        tags: request.tags.clone(),
        elided: request.elided.clone(),
        json,
        text,
        base64,
    }
}

fn write_response(response: &DocumentedResponse) -> FileResponse<'_> {
    let (json, text, base64) = write_body(&response.body);
    FileResponse {
        status: response.status,
        headers: response.headers.clone(),
        type_name: response.type_name.clone(),
        truncated: response.truncated,
        is_collection: response.is_collection,
        collection_property: response.collection_property.clone(),
        is_empty: response.is_empty,
        expect_error: response.expect_error,
        optional: response.optional.clone(),
        nullable: response.nullable.clone(),
        elided: response.elided.clone(),
        json,
        text,
        base64,
    }
}

fn write_body(body: &Body) -> (Option<Raw<'static>>, Option<String>, Option<String>) {
    match body {
        Body::None => (None, None, None),
        Body::Json(json) => {
            let mut text = String::with_capacity(json.text().len());
            json.root().write_pretty(2, &mut text);
            (RawValue::from_string(text).ok().map(Raw::Written), None, None)
        }
        Body::Text(text) => (None, Some(text.clone()), None),
        Body::Base64(octets) => (None, None, Some(octets.clone())),
    }
}

/// Reads a contract file; `id` is what its path says.
pub fn parse(id: ContractId, text: &str) -> Result<Contract, FormatError> {
    check_version(text)?;
    let file: File<'_> = serde_json::from_str(text).map_err(|error| invalid(text, &error))?;
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
    let source = Provenance {
        file: file.source.file,
        sha256: file.source.sha256,
        inferred: file.source.inferred,
        confidence: if file.source.confidence.is_some() { Confidence::Low } else { Confidence::Sure },
    };
    Ok(Contract { id, name: file.name, source, request, response })
}

/// Before anything else is read: a newer format may mean other things by the same members.
fn check_version(text: &str) -> Result<(), FormatError> {
    #[derive(Deserialize)]
    struct Probe<'a> {
        #[serde(borrow)]
        faithful: Option<&'a RawValue>,
    }
    // A list, which serde would take for a struct, is JSON of somebody else's.
    if text.trim_start().starts_with('[') && serde_json::from_str::<de::IgnoredAny>(text).is_ok() {
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
                .map(Body::Json)
                .map_err(|error| at(offset + error.at, format!("body: {error}")))
        }
        (Some(_), ..) | (None, Some(_), Some(_)) => {
            let offset = file.find(&format!("\"{side}\"")).unwrap_or_default();
            Err(at(offset, format!("{side} has more than one body: give one of `json`, `text` and `base64`")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const FILE: &str = r#"{
  "faithful": 1,
  "name": "create_thing",
  "source": {
    "file": "things.md",
    "sha256": "00",
    "inferred": true,
    "confidence": "low"
  },
  "request": {
    "method": "POST",
    "url": "/things/{id}",
    "headers": {
      "Content-type": "application/json",
      "Accept": [
        "a/b",
        "c/d"
      ]
    },
    "scopes": [
      "Things.ReadWrite"
    ],
    "json": null
  },
  "response": {
    "status": "2xx",
    "type": "thing",
    "truncated": false,
    "isCollection": true,
    "optional": [
      "a"
    ],
    "elided": [
      "/value"
    ],
    "json": {
      "größe": 1.00,
      "value": []
    }
  }
}
"#;

    #[test]
    fn a_file_is_written_back_byte_for_byte() {
        let contract = parse(ContractId::new("a"), FILE).unwrap();
        assert_eq!(contract.request.body.json().map(|json| json.root().raw()), Some("null"));
        assert_eq!(to_file(&contract), FILE);
        assert_eq!(parse(ContractId::new("a"), &to_file(&contract)).unwrap(), contract);
    }

    #[rstest]
    #[case::a_misspelt_member(
        "\"optional\"",
        "\"optionel\"",
        30,
        "unknown field `optionel`, expected one of"
    )]
    #[case::a_missing_status("\"status\": \"2xx\",", "", 40, "missing field `status`")]
    #[case::an_impossible_status("\"2xx\"", "42", 26, "expected a status code from 100 to 999")]
    #[case::a_second_body("\"json\": null", "\"json\": null, \"text\": \"\"", 10, "more than one body")]
    #[case::a_repeated_header("\"Accept\"", "\"Content-type\": \"x\", \"Accept\"", 15, "stands twice")]
    #[case::a_member_without_comma("1.00,", "1.00", 38, "expected `,` or `}`")]
    fn damage_is_named_by_line(#[case] from: &str, #[case] to: &str, #[case] at: u32, #[case] words: &str) {
        match parse(ContractId::new("a"), &FILE.replacen(from, to, 1)) {
            Err(FormatError::Invalid { problem, line, .. }) => {
                assert!(problem.contains(words), "{problem}");
                assert_eq!(line, at, "{problem}");
            }
            other => panic!("{other:?}"),
        }
    }

    #[rstest]
    #[case::newer("{\"faithful\": 2, \"other\": []}", FormatError::Version("2".into()))]
    #[case::a_text_for_a_version("{\"faithful\": \"1\"}", FormatError::Version("\"1\"".into()))]
    #[case::somebody_elses("{\"openapi\": \"3.1.0\"}", FormatError::NotAContract)]
    #[case::a_list("[1, 2]", FormatError::NotAContract)]
    fn other_versions_are_refused_and_other_files_left_alone(#[case] text: &str, #[case] error: FormatError) {
        assert_eq!(parse(ContractId::new("a"), text), Err(error));
    }

    #[rstest]
    #[case::empty("")]
    #[case::half_written("{\"faithful\": 1, \"name\"")]
    #[case::not_json("hello")]
    fn damaged_files_are_not_other_files(#[case] text: &str) {
        assert!(matches!(parse(ContractId::new("a"), text), Err(FormatError::Invalid { .. })));
    }
}
