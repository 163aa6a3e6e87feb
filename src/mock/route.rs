//! Which contract answers a request, and what differs where none does. Pure: servers stand around it.

use crate::contract::url::{DocumentedUrl, placeholders, whole_placeholder};
use crate::contract::{Contract, ContractId};
use crate::json::{Budget, Json, Kind, Value};
use crate::message::{Body, Headers};
use base64::Engine;
use percent_encoding::percent_decode_str;
use std::collections::BTreeMap;

/// Names the contract whose answer is asked for.
pub const CONTRACT_HEADER: &str = "x-faithful-contract";

/// Answers requests from contracts.
#[derive(Debug)]
pub struct Router {
    contracts: BTreeMap<ContractId, Contract>,
}

/// A request as a server took it in.
#[derive(Debug, Clone, Copy)]
pub struct Incoming<'r> {
    /// The method.
    pub method: &'r str,
    /// Path and query, percent-encoded.
    pub path_and_query: &'r str,
    /// The content.
    pub body: &'r [u8],
    /// The contract that is asked for, if one is.
    pub contract: Option<&'r str>,
}

/// What a server answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The fields, framing left to the server.
    pub headers: Headers,
    /// The content.
    pub body: Vec<u8>,
}

/// In what a request differs from a contract's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// Another method.
    Method,
    /// Another path.
    Path,
    /// A documented query parameter is not there, or has another value.
    Query,
    /// Another body.
    Body,
}

impl Difference {
    fn name(self) -> &'static str {
        match self {
            Difference::Method => "method",
            Difference::Path => "path",
            Difference::Query => "query",
            Difference::Body => "body",
        }
    }
}

impl Router {
    /// Answers from these contracts.
    pub fn new(contracts: impl IntoIterator<Item = Contract>) -> Router {
        Router { contracts: contracts.into_iter().map(|contract| (contract.id.clone(), contract)).collect() }
    }

    /// The documented answer of the contract that is asked for, or of the one that the request matches; 501 with
    /// what differs where there is none.
    pub fn answer(&self, request: &Incoming<'_>) -> Answer {
        if let Some(id) = request.contract {
            let Some(contract) = self.contracts.get(&ContractId::new(id)) else {
                return miss(&format!("no contract is called {id}"));
            };
            return match difference(contract, request) {
                None => documented(contract),
                Some(other) => miss(&format!("the request is not the one of {id}: another {}", other.name())),
            };
        }
        let matching = self.contracts.values().filter(|contract| difference(contract, request).is_none());
        // The one with the fewest placeholders says most of the request; of equal ones the first by id.
        match matching.min_by_key(|contract| placeholders(&contract.request.url).len()) {
            Some(contract) => documented(contract),
            None => miss(&format!("no contract documents {} {}", request.method, request.path_and_query)),
        }
    }
}

fn documented(contract: &Contract) -> Answer {
    const FRAMING: [&str; 7] = [
        "connection",
        "keep-alive",
        "transfer-encoding",
        "content-length",
        "content-encoding",
        "trailer",
        "upgrade",
    ];
    let response = &contract.response;
    let mut headers = response.headers.clone();
    headers.retain(|name, _| !FRAMING.contains(&name.to_ascii_lowercase().as_str()));
    let body = match &response.body {
        Body::None => Vec::new(),
        Body::Json(json) => json.text().as_bytes().to_vec(),
        Body::Text(text) => text.as_bytes().to_vec(),
        Body::Base64(octets) => base64::engine::general_purpose::STANDARD.decode(octets).unwrap_or_default(),
    };
    Answer { status: response.status.example(), headers, body }
}

/// Problem details (RFC 9457).
fn miss(detail: &str) -> Answer {
    let mut body = String::from("{\"title\":\"no contract answers this request\",\"status\":501,\"detail\":");
    crate::json::quote(detail, &mut body);
    body.push('}');
    let headers = [("Content-Type", "application/problem+json")].into_iter().collect();
    Answer { status: 501, headers, body: body.into_bytes() }
}

/// The first thing in which a request differs from the documented one; placeholders stand for any value.
fn difference(contract: &Contract, request: &Incoming<'_>) -> Option<Difference> {
    let documented = &contract.request;
    let template = DocumentedUrl::new(&documented.url);
    let (path, query) = request.path_and_query.split_once('?').unwrap_or((request.path_and_query, ""));
    if documented.method != request.method {
        return Some(Difference::Method);
    }
    if !path_matches(template.path, path) {
        return Some(Difference::Path);
    }
    if !template.query.unwrap_or_default().split('&').all(|parameter| query_holds(parameter, query)) {
        return Some(Difference::Query);
    }
    let same = match &documented.body {
        Body::None => request.body.is_empty(),
        Body::Json(json) => Json::parse_bytes(request.body.to_vec(), &Budget::default())
            .is_ok_and(|body| json_matches(json.root(), body.root())),
        Body::Text(text) => request.body == text.as_bytes(),
        Body::Base64(octets) => base64::engine::general_purpose::STANDARD
            .decode(octets)
            .is_ok_and(|octets| octets == request.body),
    };
    (!same).then_some(Difference::Body)
}

fn path_matches(template: &str, path: &str) -> bool {
    let template: Vec<&str> = template.trim_start_matches('/').split('/').collect();
    let path: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    template.len() == path.len()
        && template.iter().zip(path).all(|(template, segment)| text_matches(template, segment))
}

/// A documented parameter, wherever it stands among those that came.
fn query_holds(parameter: &str, query: &str) -> bool {
    let parameter = parameter.trim();
    parameter.is_empty() || query.split('&').any(|came| text_matches(parameter, came))
}

/// A documented text against one that came, both percent-decoded; placeholders stand for one character or more.
fn text_matches(template: &str, text: &str) -> bool {
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let text = decode(text);
    let mut rest = text.as_str();
    let mut at = 0;
    let mut wild = false;
    for placeholder in placeholders(template) {
        let literal = decode(template.get(at..placeholder.span.start).unwrap_or_default());
        let Some(found) = find_literal(rest, &literal, wild) else { return false };
        rest = found;
        at = placeholder.span.end;
        wild = true;
    }
    let last = decode(template.get(at..).unwrap_or_default());
    if wild { rest.len() > last.len() && rest.ends_with(&last) } else { rest == last }
}

/// What follows a literal: at the very start, or behind at least one character where a placeholder stands before it.
fn find_literal<'t>(text: &'t str, literal: &str, wild: bool) -> Option<&'t str> {
    if !wild {
        return text.strip_prefix(literal);
    }
    let first = text.chars().next()?.len_utf8();
    let at = text.get(first..)?.find(literal)?;
    text.get(first + at + literal.len()..)
}

/// A documented body against one that came: the same values, placeholders aside.
fn json_matches(documented: Value<'_>, came: Value<'_>) -> bool {
    match (documented.kind(), came.kind()) {
        (Kind::Object, Kind::Object) => {
            documented.len() == came.len()
                && documented
                    .members()
                    .zip(came.members())
                    .all(|(one, two)| one.name() == two.name() && json_matches(one.value, two.value))
        }
        (Kind::Array, Kind::Array) => {
            documented.len() == came.len()
                && documented.elements().zip(came.elements()).all(|(one, two)| json_matches(one, two))
        }
        (Kind::String, Kind::String) => {
            let (shown, came) = (documented.as_str().unwrap_or_default(), came.as_str().unwrap_or_default());
            shown == came
                || whole_placeholder(&shown).is_some()
                || shown.contains("://") && text_matches(&shown, &came)
        }
        (Kind::Number, Kind::Number) => documented.as_number() == came.as_number(),
        (one, two) => one == two && documented.raw() == came.raw(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("/users/{id}/x", "/users/7/x", true)]
    #[case("/users/{id}/x", "/users//x", false)]
    #[case("/users/{id}/x", "/users/7/8/x", false)]
    #[case("users/a b", "/users/a%20b", true)]
    #[case("/f(x='{a}',y='{b}')", "/f(x='1',y='2')", true)]
    #[case("/f(x='{a}',y='{b}')", "/f(x='1')", false)]
    #[case("/items/{id}.json", "/items/7.json", true)]
    #[case("/items/{id}.json", "/items/.json", false)]
    fn placeholders_stand_for_any_value(#[case] template: &str, #[case] path: &str, #[case] matches: bool) {
        assert_eq!(path_matches(template, path), matches);
    }

    #[rstest]
    #[case(r#"{"a": [1, "{id}"]}"#, r#"{"a":[1.0,"x"]}"#, true)]
    #[case(r#"{"a": [1, "{id}"]}"#, r#"{"a":[2,"x"]}"#, false)]
    #[case(r#"{"a": "b"}"#, r#"{"a":"b","c":1}"#, false)]
    #[case(r#"{"u": "https://h/{id}"}"#, r#"{"u":"https://h/7"}"#, true)]
    fn bodies_are_the_documented_ones(#[case] shown: &str, #[case] came: &str, #[case] matches: bool) {
        let (shown, came) = (Json::parse(shown).unwrap(), Json::parse(came).unwrap());
        assert_eq!(json_matches(shown.root(), came.root()), matches);
    }
}
