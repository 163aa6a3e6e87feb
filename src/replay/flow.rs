//! Flows: requests that are sent in an order, where later ones need what earlier ones were answered. Data, and what
//! can be said of an answer without the network.

use super::jsonpath::JsonPath;
use crate::contract::{Contract, ContractId, DocumentedRequest, DocumentedResponse, Provenance, Status};
use crate::json::{Budget, Json, Kind, Value};
use crate::message::Received;
use crate::secret::{MASK, is_credential_header, is_credential_name};
use regex::Regex;
use std::time::Duration;

/// Requests that are sent one after the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    /// What people call it.
    pub name: String,
    /// What is sent, in order.
    pub steps: Vec<Step>,
    /// What is sent at the end, in order, whatever came before.
    pub clean_up: Vec<Step>,
}

/// One request of a flow.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What is sent.
    pub action: Action,
    /// The account that it is sent as; where none is said, the one that the page's credentials stand for.
    pub account: Option<String>,
    /// How long is waited before it is sent.
    pub wait: Duration,
    /// What later steps need of its answer.
    pub capture: Vec<Capture>,
    /// What must be so before the flow goes on.
    pub until: Option<Until>,
    /// Its line in faithful.toml.
    pub line: u32,
}

/// What a step sends.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// A contract's request; its answer is judged.
    Contract(ContractId),
    /// A request of the user's own, as a contract of which only the status counts.
    Request(Box<Contract>),
}

/// A value of an answer, and what it is called from then on.
#[derive(Debug, Clone)]
pub struct Capture {
    /// The variable.
    pub name: String,
    /// Where it stands.
    pub from: Holder,
    /// What of it is taken: the first group of this expression, or all that it matches.
    pub matches: Option<Regex>,
}

impl PartialEq for Capture {
    fn eq(&self, other: &Capture) -> bool {
        let texts = |capture: &Capture| capture.matches.as_ref().map(|regex| regex.as_str().to_owned());
        (&self.name, &self.from, texts(self)) == (&other.name, &other.from, texts(other))
    }
}

/// Where a captured value stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Holder {
    /// At the first place of the body that the path leads to.
    Body(JsonPath),
    /// It is the header's value.
    Header(String),
}

/// What is waited for: the request is sent again, or where it was answered 202 with a Location the operation asked
/// after, until the answer is as said.
#[derive(Debug, Clone, PartialEq)]
pub struct Until {
    /// A place of its body.
    pub at: Option<JsonPath>,
    /// What stands there; anything but null where this is none.
    pub equals: Option<Json>,
    /// Its status.
    pub status: Option<u16>,
    /// How long is waited before it is asked for again.
    pub every: Duration,
    /// How long at most in all.
    pub timeout: Duration,
    /// What later steps need of the last answer.
    pub capture: Vec<Capture>,
}

/// The most bytes that are captured: an id, a token, no document.
const LONGEST: usize = 8 * 1024;

impl Flow {
    /// The accounts that its steps name.
    pub fn accounts(&self) -> impl Iterator<Item = &str> {
        self.all_steps().filter_map(|step| step.account.as_deref())
    }

    /// Steps, then clean-up.
    pub fn all_steps(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().chain(&self.clean_up)
    }

    /// The contracts among its steps, in order; one may be there more than once.
    pub fn contracts(&self) -> impl Iterator<Item = &ContractId> {
        self.all_steps().filter_map(|step| match &step.action {
            Action::Contract(id) => Some(id),
            Action::Request(_) => None,
        })
    }
}

impl Step {
    /// The names that its answers give a value.
    pub fn captured(&self) -> impl Iterator<Item = &str> {
        let until = self.until.iter().flat_map(|until| &until.capture);
        self.capture.iter().chain(until).map(|capture| capture.name.as_str())
    }
}

/// A request of the user's own: a contract of which only the status counts.
pub fn own_request(name: &str, request: DocumentedRequest, status: Option<u16>) -> Contract {
    let status = status.map_or(Status::Success, Status::Code);
    Contract {
        id: ContractId::new(name),
        name: name.to_owned(),
        source: Provenance::default(),
        request,
        response: DocumentedResponse::of_status(status),
    }
}

impl Capture {
    /// The value in an answer; what is wrong where it is not there.
    pub fn take(&self, answer: &Received, budget: &Budget) -> Result<String, String> {
        let nothing = |what: &str| Err(format!("{{{}}} cannot be captured: {what}", self.name));
        let text = match &self.from {
            Holder::Header(name) => match answer.headers.get(name) {
                Some(value) => value.to_owned(),
                None => return nothing(&format!("the answer has no header {name}")),
            },
            Holder::Body(path) => {
                let Some(json) = body(answer, budget) else {
                    return nothing("the body of the answer is not JSON");
                };
                match path.first(&json).map(scalar) {
                    None => return nothing(&format!("nothing is at {path}")),
                    Some(None) => {
                        return nothing(&format!("what is at {path} is neither a text nor a number"));
                    }
                    Some(Some(text)) => text,
                }
            }
        };
        let Some(regex) = &self.matches else { return self.fit(text) };
        match regex.captures(&text).and_then(|groups| groups.get(1).or(groups.get(0))) {
            Some(group) => self.fit(group.as_str().to_owned()),
            None => nothing(&format!("it does not match {}", regex.as_str())),
        }
    }

    /// Whether what it takes is a credential: by what it is called, or by where it stands.
    pub fn is_credential(&self) -> bool {
        let stands = match &self.from {
            Holder::Header(name) => is_credential_header(name),
            Holder::Body(path) => path.to_string().split(['.', '[', ']', '\'', '"']).any(is_credential_name),
        };
        stands || is_credential_name(&self.name)
    }

    fn fit(&self, text: String) -> Result<String, String> {
        match text.len() {
            0 => Err(format!("{{{}}} cannot be captured: it is empty", self.name)),
            1..=LONGEST => Ok(text),
            _ => Err(format!("{{{}}} cannot be captured: it is longer than {LONGEST} bytes", self.name)),
        }
    }
}

impl Until {
    /// Whether an answer is what is waited for.
    pub fn holds(&self, answer: &Received, budget: &Budget) -> bool {
        if self.status.is_some_and(|status| status != answer.status) {
            return false;
        }
        let Some(path) = &self.at else { return self.status.is_some() || answer.status != 202 };
        let Some(json) = body(answer, budget) else { return false };
        let found = path.find(&json);
        match &self.equals {
            Some(equals) => found.into_iter().any(|value| value.to_json() == *equals),
            None => found.into_iter().any(|value| !value.is_null()),
        }
    }

    /// The same of the answer of an operation that was asked after: no page documents its status, and an error is not
    /// what was waited for, unless that is said.
    pub fn holds_of_operation(&self, answer: &Received, budget: &Budget) -> bool {
        (answer.status < 400 || self.status.is_some()) && self.holds(answer, budget)
    }

    /// What an answer was instead, for people: its status, and what stands at the place.
    pub fn instead(&self, answer: &Received, budget: &Budget) -> String {
        let status = answer.status;
        let Some(path) = &self.at else { return status.to_string() };
        let Some(json) = body(answer, budget) else { return format!("{status}, and no JSON") };
        let found = path.find(&json);
        let named = path.to_string().split(['.', '[', ']', '\'', '"']).any(is_credential_name);
        let shown = |value: &Value<'_>| if named { MASK.to_owned() } else { excerpt(*value) };
        match found.first().map(shown) {
            Some(shown) => format!("{status} with {path} = {shown}"),
            None => format!("{status}, and nothing is at {path}"),
        }
    }

    /// What is waited for, for people.
    pub fn shown(&self) -> String {
        let status = self.status.map(|status| format!("status {status}"));
        let place = self.at.as_ref().map(|path| match &self.equals {
            Some(equals) => format!("{path} = {}", equals.root().to_compact()),
            None => path.to_string(),
        });
        let said: Vec<String> = status.into_iter().chain(place).collect();
        if said.is_empty() { "another status than 202".to_owned() } else { said.join(" and ") }
    }
}

fn body(answer: &Received, budget: &Budget) -> Option<Json> {
    Json::parse_bytes(answer.body.clone(), budget).ok()
}

/// A value in a line.
fn excerpt(value: Value<'_>) -> String {
    const LENGTH: usize = 60;
    let text = value.to_compact();
    match text.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// The text of a value that can stand in a URL.
fn scalar(value: Value<'_>) -> Option<String> {
    match value.kind() {
        Kind::String => value.as_str().map(std::borrow::Cow::into_owned),
        Kind::Number | Kind::Bool => Some(value.raw().to_owned()),
        Kind::Null | Kind::Array | Kind::Object => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn answer(status: u16, body: &str) -> Received {
        let headers = [("Location", "http://h/users/u-7")].into_iter().collect();
        Received { status, headers, body: body.into(), ..Received::default() }
    }

    fn capture(from: Holder, matches: Option<&str>) -> Capture {
        Capture { name: "id".into(), from, matches: matches.map(|regex| Regex::new(regex).unwrap()) }
    }

    fn path(text: &str) -> JsonPath {
        JsonPath::new(text).unwrap()
    }

    const BODY: &str =
        r#"{"id": "u-7", "n": 18446744073709551617, "o": {}, "z": null, "e": "", "s": "running"}"#;

    #[rstest]
    #[case(Holder::Body(path("$.id")), None, Ok("u-7"))]
    #[case(Holder::Body(path("$.n")), None, Ok("18446744073709551617"))]
    #[case(Holder::Header("location".into()), Some("users/([^/]+)$"), Ok("u-7"))]
    #[case(Holder::Header("location".into()), Some("u-\\d"), Ok("u-7"))]
    #[case(Holder::Header("etag".into()), None, Err("the answer has no header etag"))]
    #[case(Holder::Header("location".into()), Some("teams"), Err("it does not match teams"))]
    #[case(Holder::Body(path("$.x")), None, Err("nothing is at $.x"))]
    #[case(Holder::Body(path("$.o")), None, Err("neither a text nor a number"))]
    #[case(Holder::Body(path("$.z")), None, Err("neither a text nor a number"))]
    #[case(Holder::Body(path("$.e")), None, Err("it is empty"))]
    fn values_are_captured_or_said_to_be_missing(
        #[case] from: Holder,
        #[case] matches: Option<&str>,
        #[case] taken: Result<&str, &str>,
    ) {
        let really = capture(from, matches).take(&answer(201, BODY), &Budget::default());
        match (really, taken) {
            (Ok(really), Ok(taken)) => assert_eq!(really, taken),
            (Err(really), Err(problem)) => assert!(really.contains(problem), "{really}"),
            (really, _) => panic!("{really:?}"),
        }
    }

    #[rstest]
    #[case("code", Holder::Body(path("$.access_token")), true)]
    #[case("code", Holder::Body(path("$.session['client_secret'].value")), true)]
    #[case("code", Holder::Header("X-Auth-Token".into()), true)]
    #[case("apiToken", Holder::Body(path("$.value")), true)]
    #[case("code", Holder::Body(path("$.nextToken")), false)]
    #[case("id", Holder::Header("Location".into()), false)]
    fn a_credential_by_its_name_or_its_place(#[case] name: &str, #[case] from: Holder, #[case] is: bool) {
        let capture = Capture { name: name.into(), ..capture(from, None) };
        assert_eq!(capture.is_credential(), is);
    }

    #[test]
    fn a_document_is_no_id() {
        let body = format!("{{\"id\": \"{}\"}}", "x".repeat(9000));
        let taken = capture(Holder::Body(path("$.id")), None).take(&answer(200, &body), &Budget::default());
        assert!(taken.unwrap_err().contains("longer than"));
    }

    #[rstest]
    #[case(None, None, None, 200, true)]
    #[case(None, None, None, 202, false)]
    #[case(None, None, Some(404), 404, true)]
    #[case(None, None, Some(404), 200, false)]
    #[case(Some("$.s"), Some("\"running\""), None, 202, true)]
    #[case(Some("$.s"), Some("\"done\""), None, 200, false)]
    #[case(Some("$.id"), None, None, 200, true)]
    #[case(Some("$.z"), None, None, 200, false)]
    #[case(Some("$.id"), None, Some(201), 200, false)]
    fn what_is_waited_for(
        #[case] at: Option<&str>,
        #[case] equals: Option<&str>,
        #[case] status: Option<u16>,
        #[case] came: u16,
        #[case] holds: bool,
    ) {
        let until = Until {
            at: at.map(path),
            equals: equals.map(|text| Json::parse(text).unwrap()),
            status,
            every: Duration::ZERO,
            timeout: Duration::ZERO,
            capture: Vec::new(),
        };
        assert_eq!(until.holds(&answer(came, BODY), &Budget::default()), holds, "{}", until.shown());
    }

    #[rstest]
    #[case(None, None, 200, true)]
    #[case(None, None, 303, true)]
    #[case(None, None, 404, false)]
    #[case(None, None, 500, false)]
    #[case(Some("$.id"), None, 500, false)]
    #[case(None, Some(404), 404, true)]
    #[case(Some("$.id"), Some(500), 500, true)]
    fn an_operation_that_broke_is_not_over(
        #[case] at: Option<&str>,
        #[case] status: Option<u16>,
        #[case] came: u16,
        #[case] holds: bool,
    ) {
        let (every, timeout) = (Duration::ZERO, Duration::ZERO);
        let until = Until { at: at.map(path), equals: None, status, every, timeout, capture: Vec::new() };
        assert_eq!(until.holds_of_operation(&answer(came, BODY), &Budget::default()), holds);
    }

    #[rstest]
    #[case(None, BODY, "202")]
    #[case(Some("$.s"), BODY, "202 with $.s = \"running\"")]
    #[case(Some("$.o"), BODY, "202 with $.o = {}")]
    #[case(Some("$.x"), BODY, "202, and nothing is at $.x")]
    #[case(Some("$.token"), "{\"token\": \"hush\"}", "202 with $.token = [REDACTED]")]
    #[case(Some("$.s"), "<html>", "202, and no JSON")]
    fn what_came_instead(#[case] at: Option<&str>, #[case] body: &str, #[case] said: &str) {
        let until = Until {
            at: at.map(path),
            equals: None,
            status: None,
            every: Duration::ZERO,
            timeout: Duration::ZERO,
            capture: Vec::new(),
        };
        assert_eq!(until.instead(&answer(202, body), &Budget::default()), said);
    }
}
