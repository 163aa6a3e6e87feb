//! Contract → file: canonical, so that equal contracts are equal bytes.

use super::{File, FileConfidence, FileRequest, FileResponse, FileSource, Raw, VERSION};
use crate::contract::{Confidence, Contract, DocumentedRequest, DocumentedResponse};
use crate::message::Body;
use serde_json::value::RawValue;

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
