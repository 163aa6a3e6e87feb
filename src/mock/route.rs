//! Which contract answers a request, and what differs where none does. Pure: servers stand around it.

use crate::contract::url::{DocumentedUrl, placeholders, whole_placeholder};
use crate::contract::{Contract, ContractId};
use crate::json::{Budget, Json, Kind, Value};
use crate::message::{Body, Headers};
use base64::Engine;
use percent_encoding::percent_decode_str;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Names the contract whose answer is asked for, percent-encoded.
pub const CONTRACT_HEADER: &str = "x-faithful-contract";

/// Answers requests from contracts.
#[derive(Debug)]
pub struct Router {
    contracts: BTreeMap<ContractId, Arc<Contract>>,
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
    /// The contract that is asked for, percent-encoded, if one is.
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
#[derive(Debug, Clone, PartialEq, Eq)]
enum Difference {
    /// Another path; how many of its segments are right.
    Path { right: usize },
    /// Another method.
    Method,
    /// A documented query parameter is not there, or has another value.
    Query(String),
    /// Another body, and how.
    Body(String),
}

impl Router {
    /// Answers from these contracts.
    pub fn new(contracts: impl IntoIterator<Item = impl Into<Arc<Contract>>>) -> Router {
        let contracts = contracts.into_iter().map(Into::into);
        Router { contracts: contracts.map(|contract| (contract.id.clone(), contract)).collect() }
    }

    /// Answers from one more.
    pub(crate) fn put(&mut self, contract: Arc<Contract>) {
        self.contracts.insert(contract.id.clone(), contract);
    }

    /// Answers from one less.
    pub(crate) fn take(&mut self, id: &ContractId) {
        self.contracts.remove(id);
    }

    /// The ids of its contracts, in order.
    pub fn ids(&self) -> impl Iterator<Item = &ContractId> {
        self.contracts.keys()
    }

    /// The documented answer of the contract that is asked for, or of the one that the request matches; 501 with the
    /// nearest contracts, and what differs, where there is none.
    pub fn answer(&self, request: &Incoming<'_>) -> (Option<ContractId>, Answer) {
        let decode = |id: &str| percent_decode_str(id).decode_utf8_lossy().into_owned();
        // Whose answer is wanted is looked up: a run sends as many requests as there are contracts.
        let asked = request.contract.map(|id| self.contracts.get(&ContractId::new(decode(id))));
        let all = asked.is_none().then(|| self.contracts.values());
        let candidates = all.into_iter().flatten().chain(asked.flatten()).map(Arc::as_ref);
        let mut matching: Vec<&Contract> =
            candidates.clone().filter(|contract| first_difference(contract, request).is_none()).collect();
        // The one with the fewest placeholders says most of the request; of equal ones the first by id.
        matching.sort_by_key(|contract| placeholders(&contract.request.url).len());
        match matching.first() {
            Some(contract) => (Some(contract.id.clone()), documented(contract)),
            None => (None, miss(request, candidates)),
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
        _ if response.forbids_body() => Vec::new(),
        Body::None => Vec::new(),
        Body::Json(json) => json.text().as_bytes().to_vec(),
        Body::Text(text) => text.as_bytes().to_vec(),
        Body::Base64(octets) => base64::engine::general_purpose::STANDARD.decode(octets).unwrap_or_default(),
    };
    Answer { status: response.status.example(), headers, body }
}

/// Problem details (RFC 9457): the request, and the nearest contracts with all that differs.
#[derive(Serialize)]
struct Miss<'m> {
    title: &'static str,
    status: u16,
    detail: String,
    nearest: Vec<Near<'m>>,
}

#[derive(Serialize)]
struct Near<'m> {
    contract: &'m str,
    request: String,
    differs: Vec<String>,
}

fn miss<'m>(request: &Incoming<'_>, candidates: impl Iterator<Item = &'m Contract>) -> Answer {
    const NEAREST: usize = 3;
    let mut near: Vec<(Vec<Difference>, &Contract)> =
        candidates.map(|contract| (differences(contract, request), contract)).collect();
    near.sort_by_key(|(differences, contract)| (distance(differences), &contract.id));
    let nearest = near.into_iter().take(NEAREST).map(|(differences, contract)| Near {
        contract: contract.id.as_str(),
        request: format!("{} {}", contract.request.method, contract.request.url),
        differs: differences.iter().map(|difference| difference.words(contract)).collect(),
    });
    let miss = Miss {
        title: "no contract answers this request",
        status: 501,
        detail: format!("{} {}", request.method, request.path_and_query),
        nearest: nearest.collect(),
    };
    let headers = [("Content-Type", "application/problem+json")].into_iter().collect();
    Answer { status: 501, headers, body: serde_json::to_vec_pretty(&miss).unwrap_or_default() }
}

/// How far a request is from a contract's: another path is worse than all else, the less so the more of it is right.
fn distance(differences: &[Difference]) -> usize {
    let weights = differences.iter().map(|difference| match difference {
        Difference::Path { right } => 16 - right.min(&8),
        Difference::Method => 4,
        Difference::Query(_) => 2,
        Difference::Body(_) => 1,
    });
    weights.sum()
}

impl Difference {
    fn words(&self, contract: &Contract) -> String {
        match self {
            Difference::Path { .. } => "another path".to_owned(),
            Difference::Method => format!("another method than {}", contract.request.method),
            Difference::Query(parameter) => format!("the query has no {parameter}"),
            Difference::Body(how) => format!("another body: {how}"),
        }
    }
}

/// Whether a request differs from the documented one at all; placeholders stand for any value.
fn first_difference(contract: &Contract, request: &Incoming<'_>) -> Option<Difference> {
    path_difference(contract, request)
        .or_else(|| method_difference(contract, request))
        .or_else(|| query_difference(contract, request))
        .or_else(|| body_difference(contract, request))
}

/// Everything in which it differs.
fn differences(contract: &Contract, request: &Incoming<'_>) -> Vec<Difference> {
    [path_difference, method_difference, query_difference, body_difference]
        .into_iter()
        .filter_map(|difference| difference(contract, request))
        .collect()
}

fn method_difference(contract: &Contract, request: &Incoming<'_>) -> Option<Difference> {
    (contract.request.method != request.method).then_some(Difference::Method)
}

fn path_difference(contract: &Contract, request: &Incoming<'_>) -> Option<Difference> {
    let template = DocumentedUrl::new(&contract.request.url).path;
    let path = request.path_and_query.split('?').next().unwrap_or_default();
    if path_matches(template, path) {
        return None;
    }
    let segments = template.trim_matches('/').split('/').zip(path.trim_matches('/').split('/'));
    let right = segments.take_while(|(template, segment)| text_matches(template, segment)).count();
    Some(Difference::Path { right })
}

fn query_difference(contract: &Contract, request: &Incoming<'_>) -> Option<Difference> {
    let template = DocumentedUrl::new(&contract.request.url).query.unwrap_or_default();
    let query = request.path_and_query.split_once('?').map_or("", |(_, query)| query);
    let missing = template.split('&').find(|parameter| !query_holds(parameter, query))?;
    Some(Difference::Query(missing.trim().to_owned()))
}

fn body_difference(contract: &Contract, request: &Incoming<'_>) -> Option<Difference> {
    let differs = |how: String| Some(Difference::Body(how));
    match &contract.request.body {
        Body::None if request.body.is_empty() => None,
        Body::None => differs("none is documented".into()),
        Body::Json(json) => match Json::parse_bytes(request.body.to_vec(), &Budget::default()) {
            Err(error) => differs(format!("it is not JSON: {error}")),
            Ok(body) if json_matches(json.root(), body.root()) => None,
            Ok(body) => differs(json_difference(json, &body)),
        },
        Body::Text(text) if request.body == text.as_bytes() => None,
        Body::Base64(octets) => match base64::engine::general_purpose::STANDARD.decode(octets) {
            Ok(octets) if octets == request.body => None,
            _ => differs("other octets are documented".into()),
        },
        Body::Text(_) => differs("another text is documented".into()),
    }
}

/// How two bodies differ, for people.
fn json_difference(documented: &Json, came: &Json) -> String {
    use assert_json_diff::{CompareMode, Config, assert_json_matches_no_panic};
    let value = |json: &Json| serde_json::from_str::<serde_json::Value>(json.text()).unwrap_or_default();
    let config = Config::new(CompareMode::Strict);
    assert_json_matches_no_panic(&value(came), &value(documented), config).err().unwrap_or_default()
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
            // Clients send members in an order of their own; mostly it is the documented one, so that is tried first.
            let mut in_order = came.members();
            documented.len() == came.len()
                && documented.members().all(|one| {
                    let next = in_order.next().filter(|two| one.name() == two.name());
                    let two = next.map(|two| two.value).or_else(|| came.get(&one.name()));
                    two.is_some_and(|two| json_matches(one.value, two))
                })
                // Of a member that the page shows twice the client may have sent one, and another instead.
                && came.members().zip(documented.members()).all(|(two, one)| {
                    two.name() == one.name() || documented.get(&two.name()).is_some()
                })
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
    use crate::contract::{ContractId, DocumentedRequest, DocumentedResponse, Provenance, Status};
    use rstest::rstest;

    #[rstest]
    #[case(r#"{"a": 1, "b": [{"c": "x"}]}"#, r#"{"b": [{"c": "x"}], "a": 1.0}"#, true)]
    #[case(r#"{"a": 1, "b": 2}"#, r#"{"b": 1, "a": 2}"#, false)]
    #[case(r#"{"a": 1, "b": 2}"#, r#"{"b": 2, "c": 1}"#, false)]
    #[case(r#"{"a": 1}"#, r#"{"a": 1, "b": 2}"#, false)]
    #[case(r#"{"a": 1, "b": 2}"#, r#"{"a": 1, "a": 1}"#, false)]
    #[case(r#"{"a": 1, "a": 1}"#, r#"{"a": 1, "b": 2}"#, false)]
    #[case(r#"{"a": 1, "a": 1}"#, r#"{"a": 1, "a": 1}"#, true)]
    #[case("[1, 2]", "[2, 1]", false)]
    fn members_come_in_any_order(#[case] documented: &str, #[case] came: &str, #[case] matches: bool) {
        let (documented, came) = (Json::parse(documented).unwrap(), Json::parse(came).unwrap());
        assert_eq!(json_matches(documented.root(), came.root()), matches);
    }

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

    /// Else the stub would break what it is held against.
    #[rstest]
    #[case(Status::Code(200), None, true)]
    #[case(Status::Code(200), Some(false), true)]
    #[case(Status::Code(200), Some(true), false)]
    #[case(Status::Code(205), None, false)]
    fn no_body_is_answered_where_none_may_come(
        #[case] status: Status,
        #[case] is_empty: Option<bool>,
        #[case] comes: bool,
    ) {
        let body = Body::Text("shown".to_owned());
        let response = DocumentedResponse { is_empty, body, ..DocumentedResponse::of_status(status) };
        let contract = Contract {
            id: ContractId::new("a/b"),
            name: "b".to_owned(),
            source: Provenance::default(),
            request: DocumentedRequest::default(),
            response,
        };
        assert_eq!(documented(&contract).body.is_empty(), !comes);
    }
}
