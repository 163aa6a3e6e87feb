//! The contract file: canonical JSON out, strict JSON in.
//!
//! These structs are the format, member by member and in its order; what they mean is said in [`super`].

mod read;
#[cfg(test)]
mod schema;
mod strict;
mod values;
mod write;

use super::Status;
use crate::message::Headers;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

pub use read::parse;
pub use write::to_file;

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

/// A contract: one documented request/response pair, read out of a page of API docs.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(title = "Contract file of faithful"))]
#[serde(deny_unknown_fields)]
struct File<'a> {
    /// The version of this format.
    #[cfg_attr(test, schemars(schema_with = "schema::version"))]
    faithful: u64,
    /// The request's name on its page, or what it is called after where it has none.
    name: String,
    /// Where the pair was read.
    #[serde(deserialize_with = "strict::object")]
    source: FileSource,
    /// What the page sends.
    #[serde(borrow, deserialize_with = "strict::object")]
    request: FileRequest<'a>,
    /// What the page shows as the answer.
    #[serde(borrow, deserialize_with = "strict::object")]
    response: FileResponse<'a>,
}

/// The page that a pair was read from.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct FileSource {
    /// The page's path below the docs root, with `/`.
    file: String,
    /// SHA-256 of the pair's source text, in hex: the request's fence, NUL, the response's fence, line ends as LF.
    sha256: String,
    /// The pair carries no annotation, and counts as truncated.
    #[serde(default, skip_serializing_if = "is_false")]
    inferred: bool,
    /// `low`: a body was read by a guess, so only its presence and its media type are checked.
    #[serde(default, deserialize_with = "strict::word", skip_serializing_if = "Option::is_none")]
    confidence: Option<FileConfidence>,
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
enum FileConfidence {
    Low,
}

/// The request. Its body is one of `json`, `text` and `base64`; none of them is no body.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(transform = schema::at_most_one_body))]
#[serde(deny_unknown_fields)]
struct FileRequest<'a> {
    /// In upper case.
    method: String,
    /// As the page has it: absolute or relative, placeholders and all.
    url: String,
    /// As the page has them, but for Content-Length.
    #[serde(default, skip_serializing_if = "Headers::is_empty")]
    headers: Headers,
    /// Permissions, as the annotation names them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    scopes: Vec<String>,
    /// Tags, as the annotation names them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    /// JSON Pointers of what the page elides in the body.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    elided: Vec<String>,
    /// A JSON body; null is one too.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none", deserialize_with = "strict::present")]
    json: Option<Raw<'a>>,
    /// A body of text, or a marker that stands for bytes.
    #[serde(default, deserialize_with = "strict::present", skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// A body of bytes.
    #[serde(default, deserialize_with = "strict::present", skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
}

/// The answer. Its body is one of `json`, `text` and `base64`; none of them is no body.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(transform = schema::at_most_one_body))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct FileResponse<'a> {
    /// The status code; where the page states none, `2xx` or `error` (4xx or 5xx).
    status: Status,
    /// As the page has them, but for Content-Length.
    #[serde(default, skip_serializing_if = "Headers::is_empty")]
    headers: Headers,
    /// The resource type of the body: `@odata.type` of the annotation.
    #[serde(
        default,
        rename = "type",
        deserialize_with = "strict::present",
        skip_serializing_if = "Option::is_none"
    )]
    type_name: Option<String>,
    /// Whether the page shortened the body; absent where it does not say.
    #[serde(default, deserialize_with = "strict::present", skip_serializing_if = "Option::is_none")]
    truncated: Option<bool>,
    /// The body is a collection of the type.
    #[serde(default, deserialize_with = "strict::present", skip_serializing_if = "Option::is_none")]
    is_collection: Option<bool>,
    /// The member that holds the collection.
    #[serde(default, deserialize_with = "strict::present", skip_serializing_if = "Option::is_none")]
    collection_property: Option<String>,
    /// The answer has no body.
    #[serde(default, deserialize_with = "strict::present", skip_serializing_if = "Option::is_none")]
    is_empty: Option<bool>,
    /// The pair documents an error.
    #[serde(default, deserialize_with = "strict::present", skip_serializing_if = "Option::is_none")]
    expect_error: Option<bool>,
    /// Names of members that may be absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    optional: Vec<String>,
    /// Names of members that may be null.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    nullable: Vec<String>,
    /// JSON Pointers of what the page elides in the body.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    elided: Vec<String>,
    /// A JSON body; null is one too.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none", deserialize_with = "strict::present")]
    json: Option<Raw<'a>>,
    /// A body of text, or a marker that stands for bytes.
    #[serde(default, deserialize_with = "strict::present", skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// A body of bytes.
    #[serde(default, deserialize_with = "strict::present", skip_serializing_if = "Option::is_none")]
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

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_false(flag: &bool) -> bool {
    !flag
}

#[cfg(test)]
mod tests {
    use super::{FormatError, parse, to_file};
    use crate::contract::ContractId;
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
    #[case::null_for_an_absent_member("\"type\": \"thing\"", "\"type\": null", 27, "invalid type: null")]
    #[case::a_second_body("\"json\": null", "\"json\": null, \"text\": \"\"", 10, "more than one body")]
    #[case::a_repeated_header("\"Accept\"", "\"Content-type\": \"x\", \"Accept\"", 15, "stands twice")]
    #[case::a_body_that_cannot_come("\"POST\"", "\"HEAD\"", 25, "a HEAD request has no body")]
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
