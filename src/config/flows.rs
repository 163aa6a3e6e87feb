//! `[[flow]]`: requests that are sent in an order, as they are written.

use super::rules::json;
use super::{FILE, Wrong, duration, fill};
use crate::contract::{ContractId, DocumentedRequest};
use crate::message::Body;
use crate::replay::flow::{Action, Capture, Flow, Holder, Step, Until, own_request};
use crate::replay::jsonpath::JsonPath;
use crate::secret::is_credential_header;
use regex::RegexBuilder;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::time::Duration;
use toml::Spanned;

/// `[[flow]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FlowEntry {
    name: Option<String>,
    #[serde(default)]
    step: Vec<Spanned<StepEntry>>,
    #[serde(default)]
    cleanup: Vec<Spanned<StepEntry>>,
}

/// `[[flow.step]]`, `[[flow.cleanup]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StepEntry {
    contract: Option<String>,
    method: Option<String>,
    path: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    json: Option<toml::Value>,
    text: Option<String>,
    status: Option<u16>,
    account: Option<String>,
    wait: Option<String>,
    #[serde(default)]
    capture: BTreeMap<String, CaptureEntry>,
    until: Option<UntilEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "a JSONPath such as \"$.id\", or a table of at or header, and matches")]
enum CaptureEntry {
    Path(String),
    Table(CaptureTable),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CaptureTable {
    at: Option<String>,
    header: Option<String>,
    matches: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct UntilEntry {
    at: Option<String>,
    equals: Option<toml::Value>,
    status: Option<u16>,
    every: Option<String>,
    timeout: Option<String>,
    #[serde(default)]
    capture: BTreeMap<String, CaptureEntry>,
}

/// How large a compiled regular expression may get, in bytes.
const REGEX_SIZE: usize = 1 << 20;

/// What is wrong with two flows of one name: what is said of one would be said of both.
pub(super) fn is_called_so_as_well(first: u32, name: &str) -> String {
    format!("the flow of line {first} is called {name} as well; give one of them another name")
}

type Environment<'e> = &'e dyn Fn(&str) -> Option<String>;

impl FlowEntry {
    /// The flow, or what is wrong with it, by its place.
    pub(super) fn flow(
        self,
        place: (u32, u32),
        place_of: &dyn Fn(usize) -> (u32, u32),
        environment: Environment<'_>,
        is_account: &dyn Fn(&str) -> bool,
    ) -> Result<Flow, Wrong> {
        let name = self.name.unwrap_or_else(|| format!("{FILE}:{}", place.0));
        let steps = |entries: Vec<Spanned<StepEntry>>, kind: &str| -> Result<Vec<Step>, Wrong> {
            let numbered = entries.into_iter().enumerate().map(|(index, entry)| {
                let place = place_of(entry.span().start);
                let id = format!("{name} {kind} {}", index + 1);
                let step = entry.into_inner().step(&id, place.0, environment);
                let step = step.and_then(|step| match &step.account {
                    Some(name) if !is_account(name) => Err(format!("account: there is no [account.{name}]")),
                    _ => Ok(step),
                });
                step.map_err(Wrong::at(place))
            });
            numbered.collect()
        };
        let (steps, clean_up) = (steps(self.step, "step")?, steps(self.cleanup, "cleanup")?);
        if steps.is_empty() {
            return Err(Wrong::at(place)("a flow needs a [[flow.step]]".to_owned()));
        }
        Ok(Flow { name, steps, clean_up })
    }
}

impl StepEntry {
    fn step(self, id: &str, line: u32, environment: Environment<'_>) -> Result<Step, String> {
        let wait = self.wait.as_deref().map(|text| time("wait", text)).transpose()?.unwrap_or_default();
        let until = self.until.map(UntilEntry::until).transpose()?;
        let action = match (self.contract, self.method, self.path) {
            (Some(contract), None, None) => {
                let own = [
                    ("headers", !self.headers.is_empty()),
                    ("json", self.json.is_some()),
                    ("text", self.text.is_some()),
                    ("status", self.status.is_some()),
                ];
                if let Some((name, _)) = own.iter().find(|(_, given)| *given) {
                    return Err(format!("{name}: the contract says it; leave it out"));
                }
                Action::Contract(ContractId::new(contract))
            }
            (None, Some(method), Some(path)) => {
                let mut texts = (path, self.headers, self.json, self.text);
                fill(&mut texts.0, environment)?;
                texts.1.values_mut().try_for_each(|value| fill(value, environment))?;
                texts.2.iter_mut().try_for_each(|value| fill_all(value, environment))?;
                texts.3.iter_mut().try_for_each(|text| fill(text, environment))?;
                let (path, headers, json, text) = texts;
                let request = request(&method, path, headers, json.as_ref(), text)?;
                Action::Request(Box::new(own_request(id, request, self.status)))
            }
            _ => return Err("a step is a contract, or has a method and a path of its own".into()),
        };
        Ok(Step { action, account: self.account, wait, capture: captures(self.capture)?, until, line })
    }
}

fn request(
    method: &str,
    path: String,
    headers: BTreeMap<String, String>,
    json_body: Option<&toml::Value>,
    text: Option<String>,
) -> Result<DocumentedRequest, String> {
    if !path.starts_with('/') || path.starts_with("//") {
        return Err(format!("path: {path:?} is none; give one such as \"/users\", to be sent to the target"));
    }
    if let Some(name) = headers.keys().find(|name| is_credential_header(name)) {
        return Err(format!("headers: {name} carries credentials; a flow is sent with those of the run"));
    }
    let body = match (json_body, text) {
        (Some(_), Some(_)) => return Err("give json or text, not both".into()),
        (Some(value), None) => Body::Json(json(value).map_err(|error| format!("json: {error}"))?),
        (None, Some(text)) => Body::Text(text),
        (None, None) => Body::None,
    };
    let method = method.to_ascii_uppercase();
    let headers = headers.into_iter().collect();
    Ok(DocumentedRequest { method, url: path, headers, body, ..DocumentedRequest::default() })
}

/// Puts environment variables into all texts of a value.
fn fill_all(value: &mut toml::Value, environment: Environment<'_>) -> Result<(), String> {
    match value {
        toml::Value::String(text) => fill(text, environment),
        toml::Value::Array(elements) => {
            elements.iter_mut().try_for_each(|element| fill_all(element, environment))
        }
        toml::Value::Table(table) => {
            table.iter_mut().try_for_each(|(_, member)| fill_all(member, environment))
        }
        _ => Ok(()),
    }
}

impl UntilEntry {
    fn until(self) -> Result<Until, String> {
        let time = |name: &str, text: Option<&str>, usual| {
            text.map_or(Ok(usual), |text| time(&format!("until.{name}"), text))
        };
        if self.equals.is_some() && self.at.is_none() {
            return Err("until.equals: say with at where it stands".into());
        }
        Ok(Until {
            at: self
                .at
                .as_deref()
                .map(JsonPath::new)
                .transpose()
                .map_err(|wrong| format!("until.at: {wrong}"))?,
            equals: self
                .equals
                .as_ref()
                .map(json)
                .transpose()
                .map_err(|wrong| format!("until.equals: {wrong}"))?,
            status: self.status,
            every: time("every", self.every.as_deref(), Duration::from_secs(1))?,
            timeout: time("timeout", self.timeout.as_deref(), Duration::from_mins(1))?,
            capture: captures(self.capture)?,
        })
    }
}

fn time(name: &str, text: &str) -> Result<Duration, String> {
    duration(text).map_err(|wrong| format!("{name}: {wrong}"))
}

fn captures(entries: BTreeMap<String, CaptureEntry>) -> Result<Vec<Capture>, String> {
    entries.into_iter().map(|(name, entry)| capture(name, entry)).collect()
}

fn capture(name: String, entry: CaptureEntry) -> Result<Capture, String> {
    let wrong = |what: &str| format!("capture.{name}: {what}");
    let table = match entry {
        CaptureEntry::Path(at) => CaptureTable { at: Some(at), header: None, matches: None },
        CaptureEntry::Table(table) => table,
    };
    let from = match (table.at, table.header) {
        (Some(at), None) => Holder::Body(JsonPath::new(&at).map_err(|error| wrong(&error))?),
        (None, Some(header)) => Holder::Header(header),
        _ => return Err(wrong("say in one way where it stands: at or header")),
    };
    let matches = table.matches.map(|text| RegexBuilder::new(&text).size_limit(REGEX_SIZE).build());
    let matches = matches.transpose().map_err(|_| wrong("matches is no regular expression"))?;
    Ok(Capture { name, from, matches })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use rstest::rstest;

    fn read(text: &str) -> Result<Config, String> {
        Config::parse(text, &|name| (name == "TENANT").then(|| "t1".to_owned()))
            .map_err(|wrong| wrong.to_string())
    }

    #[test]
    fn a_flow_as_people_write_it() {
        let text = r#"
[[flow]]
name = "users"

[[flow.step]]
method = "post"
path = "/users"
json = { name = "${TENANT}" }
status = 201
capture = { id = "$.id", tag = { header = "ETag", matches = "\"(.*)\"" } }

[[flow.step]]
contract = "users/get"
wait = "2s"
until = { at = "$.state", equals = "done", every = "500ms" }

[[flow.cleanup]]
method = "DELETE"
path = "/users/{id}"
account = "admin"

[[flow]]
step = [{ contract = "a" }]

[account.admin]
bearer = "${TOKEN}"
"#;
        let config = read(text).unwrap();
        let [users, other] = config.flows.as_slice() else { panic!("{config:?}") };
        assert_eq!((users.name.as_str(), users.steps.len(), users.clean_up.len()), ("users", 2, 1));
        let Action::Request(request) = &users.steps[0].action else { panic!("{users:?}") };
        assert_eq!(
            (request.request.method.as_str(), request.response.status.to_string()),
            ("POST", "201".into())
        );
        assert_eq!(request.request.body.json().unwrap().text(), "{\"name\":\"t1\"}");
        assert_eq!(users.steps[0].captured().collect::<Vec<_>>(), ["id", "tag"]);
        assert_eq!((users.steps[1].wait, users.steps[1].line), (Duration::from_secs(2), 12));
        let until = users.steps[1].until.as_ref().unwrap();
        assert_eq!((until.every, until.timeout), (Duration::from_millis(500), Duration::from_mins(1)));
        assert_eq!(until.shown(), "$.state = \"done\"");
        assert_eq!(users.accounts().collect::<Vec<_>>(), ["admin"]);
        assert_eq!(other.name, "faithful.toml:22");
        assert_eq!(users.contracts().map(ContractId::as_str).collect::<Vec<_>>(), ["users/get"]);
    }

    #[test]
    fn two_flows_of_one_name_are_not_to_be_told_apart() {
        let step = "[[flow.step]]\ncontract = \"a\"\n";
        let error =
            read(&format!("[[flow]]\nname = \"x\"\n{step}[[flow]]\nname = \"x\"\n{step}")).unwrap_err();
        assert!(
            error.contains("5:1: the flow of line 1 is called x as well; give one of them another name"),
            "{error}"
        );
        assert!(
            read(&format!("[[flow]]\n{step}[[flow]]\n{step}")).is_ok(),
            "what has no name has one of its own"
        );
    }

    #[rstest]
    #[case("name = \"x\"", "1:1: a flow needs a [[flow.step]]")]
    #[case("[[flow.step]]\nmethod = \"GET\"", "2:1: a step is a contract, or has a method and a path")]
    #[case("[[flow.step]]\ncontract = \"a\"\nstatus = 200", "2:1: status: the contract says it")]
    #[case(
        "[[flow.step]]\ncontract = \"a\"\ncapture = { id = \"id\" }",
        "capture.id: \"id\" is not a JSONPath"
    )]
    #[case("[[flow.step]]\ncontract = \"a\"\ncapture = { id = {} }", "capture.id: say in one way")]
    #[case("[[flow.step]]\ncontract = \"a\"\nuntil = { equals = 1 }", "until.equals: say with at")]
    #[case("[[flow.step]]\ncontract = \"a\"\nwait = \"soon\"", "wait: give a duration")]
    #[case("[[flow.step]]\nmethod = \"GET\"\npath = \"//evil/x\"", "path: \"//evil/x\" is none")]
    #[case("[[flow.step]]\nmethod = \"GET\"\npath = \"http://evil/x\"", "is none; give one such as")]
    #[case(
        "[[flow.step]]\nmethod = \"GET\"\npath = \"/\"\nheaders = { Cookie = \"a\" }",
        "Cookie carries credentials"
    )]
    #[case("[[flow.step]]\nmethod = \"GET\"\npath = \"/\"\ntext = \"${NOBODY}\"", "NOBODY is not set")]
    #[case("[[flow.step]]\ncontract = \"a\"\naccount = \"ann\"", "2:1: account: there is no [account.ann]")]
    #[case("[[flow.stp]]\ncontract = \"a\"", "did you mean `step`?")]
    fn what_is_no_flow_is_named(#[case] entry: &str, #[case] problem: &str) {
        let error = read(&format!("[[flow]]\n{entry}\n")).unwrap_err();
        assert!(error.contains(problem), "{error}");
    }
}
