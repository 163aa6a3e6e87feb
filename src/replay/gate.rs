//! The gates: what of a documented request may be sent, and what is held back and why.

use super::hosts::foreign_host;
use super::replace::{on_its_path, replaced};
use super::target::{Target, TargetUrl};
use super::variables::{Missing, Values, Variables, names_host};
use crate::contract::url::{DocumentedUrl, placeholders};
use crate::contract::{Confidence, Contract, DocumentedRequest, Status};
use crate::json::Json;
use crate::message::{Body, Headers, Identity, Sent};
use crate::secret;
use crate::verdict::{SkipReason, Trouble};
use percent_encoding::percent_decode_str;

/// Whether requests that change the target's state are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mutations {
    /// Only GET, HEAD and OPTIONS are sent.
    HoldBack,
    /// Everything is sent.
    Allow,
    /// Only GET, HEAD and OPTIONS are sent, even to this machine: it is somebody's production.
    Never,
}

/// Whether requests that name a host which the target may dial are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForeignHosts {
    /// They are held back.
    HoldBack,
    /// They are sent.
    Allow,
}

/// What may be sent to a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gates {
    /// Requests that change state.
    pub mutations: Mutations,
    /// Requests that name other hosts.
    pub foreign_hosts: ForeignHosts,
}

/// What is done with a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plan {
    /// It is sent, as this.
    Send(Box<Sent>),
    /// It is held back.
    Skip(SkipReason, String),
    /// It cannot be sent by anybody.
    Fault(Trouble, String),
}

/// Who wrote a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Author {
    /// A page: it is not trusted.
    Page,
    /// The user, in faithful.toml: the hosts that it names are meant, and so is what looks like a secret in it.
    User,
}

/// Plans what a contract sends to a target. Opens no socket.
pub fn plan(contract: &Contract, target: &Target, variables: &Variables, gates: Gates) -> Plan {
    plan_of(Author::Page, contract, target, variables, gates)
}

/// Plans what a request sends to a target, whoever wrote it. Opens no socket.
pub fn plan_of(
    author: Author,
    contract: &Contract,
    target: &Target,
    variables: &Variables,
    gates: Gates,
) -> Plan {
    // The embedded stub answers for the service: nothing can come to harm there.
    match planned(author, contract, target, variables, (!target.takes_all).then_some(gates)) {
        Ok(sent) => Plan::Send(Box::new(sent)),
        Err(plan) => plan,
    }
}

/// The placeholders of a contract's request that have no value, in order, each once.
pub fn missing(contract: &Contract, variables: &Variables) -> Vec<Missing> {
    let request = replaced(contract, variables.replacements());
    let values = variables.of(&contract.id);
    // What one of them lacks is noted by the values; the filled pieces are of no use here.
    let _ = values.fill_url(below(&request));
    let headers = sendable_headers(request.headers.clone(), &request.body);
    let _ = (values.fill_headers(&headers), values.fill_body(&request.body, &headers));
    values.missing()
}

fn planned(
    author: Author,
    contract: &Contract,
    target: &Target,
    variables: &Variables,
    gates: Option<Gates>,
) -> Result<Sent, Plan> {
    let request = replaced(contract, variables.replacements());
    let documented = DocumentedUrl::new(&request.url);
    let Some(base) = target.base(&documented) else {
        let origin = documented.origin.unwrap_or_default();
        return Err(Plan::Skip(SkipReason::ForeignOrigin, format!("it is documented for {origin}")));
    };
    if let Some(gates) = gates {
        let held_back = match gates.mutations {
            Mutations::HoldBack if !base.is_loopback() => Some(SkipReason::Mutating),
            Mutations::Allow | Mutations::HoldBack => None,
            Mutations::Never => Some(SkipReason::Production),
        };
        if let (Some(reason), Some(what)) = (held_back, mutation(&request)) {
            return Err(Plan::Skip(reason, what));
        }
        if author == Author::Page {
            if let Some(what) = unsendable_body(&request, contract.source.confidence) {
                return Err(Plan::Skip(SkipReason::NeedsBody, what));
            }
            if let Some(place) = documented_secret(&request) {
                return Err(Plan::Skip(SkipReason::Credential, place.to_owned()));
            }
        }
    }
    let values: Values<'_> = variables.of(&contract.id);
    let filled_url = values.fill_url(below(&request)).map_err(|missing| needs(&missing))?;
    let headers = sendable_headers(request.headers.clone(), &request.body);
    let headers = values.fill_headers(&headers).map_err(|missing| needs(&missing))?;
    check_headers(&headers)?;
    let url = target
        .build(base, &DocumentedUrl::new(&filled_url))
        .map_err(|fault| bad_url(fault, below(&request), &|url| target.build(base, url).is_ok()))?;
    check_method(&request.method)?;
    let sent = Sent {
        method: request.method.clone(),
        url: url.into(),
        documented_url: held_against(contract, variables).unwrap_or(filled_url),
        body: values.fill_body(&request.body, &headers).map_err(|missing| needs(&missing))?,
        headers,
        identity: identity(author, contract, target, base, &request.headers),
    };
    if gates.is_some_and(|gates| gates.foreign_hosts == ForeignHosts::HoldBack) {
        let home = target.docs_origin.as_deref().and_then(|origin| origin.split("://").nth(1));
        let home = home.map(|authority| authority.split(':').next().unwrap_or(authority));
        let own = |host: &str| author == Author::User && request_names_host(&contract.request, host);
        if let Some(host) = foreign_host(&sent, home, &|host| variables.name_host(host) || own(host)) {
            return Err(Plan::Skip(SkipReason::NamesForeignHost, format!("it names {host}")));
        }
    }
    Ok(sent)
}

/// Why there is no URL: what the page has, or a value that was put into it.
fn bad_url(
    (trouble, text): (Trouble, String),
    unfilled: &str,
    is_sound: &dyn Fn(&DocumentedUrl<'_>) -> bool,
) -> Plan {
    let names: Vec<&str> = placeholders(unfilled).iter().flat_map(|one| one.names.clone()).collect();
    if names.is_empty() || !is_sound(&DocumentedUrl::new(unfilled)) {
        return Plan::Fault(trouble, text);
    }
    let text = format!("{} once {} has its value", text.replace("documented ", ""), names.join(", "));
    Plan::Fault(Trouble::RequestBadValue, text)
}

/// Whom a request is sent as. An answer of 401 is for who is not let in: with a login it would never come.
fn identity(
    author: Author,
    contract: &Contract,
    target: &Target,
    base: &TargetUrl,
    documented: &Headers,
) -> Identity {
    if let Some(account) = target.documented.account(documented) {
        return Identity::Account(account.to_owned());
    }
    let shut_out = author == Author::Page && contract.response.status == Status::Code(401);
    if shut_out && target.logged_in.iter().any(|trusted| trusted.shares_origin_with(base)) {
        Identity::Nobody
    } else {
        Identity::Own
    }
}

/// What the answer is held against where the path is replaced: the page's own URL, if it can be filled.
fn held_against(contract: &Contract, variables: &Variables) -> Option<String> {
    let request = on_its_path(contract, variables.replacements())?;
    variables.of(&contract.id).fill_url(below(&request)).ok()
}

/// A request's URL without its origin.
fn below(request: &DocumentedRequest) -> &str {
    let origin = DocumentedUrl::new(&request.url).origin;
    request.url.get(origin.map_or(0, str::len)..).unwrap_or_default()
}

/// Whether a request names a host as it is written, before anything is filled in.
fn request_names_host(request: &DocumentedRequest, host: &str) -> bool {
    let body = match &request.body {
        Body::Json(json) => json.text(),
        Body::Text(text) => text,
        Body::None | Body::Base64(_) => "",
    };
    let fields = request.headers.iter().map(|(_, value)| value);
    fields.chain([body, &request.url]).any(|text| names_host(text, host))
}

fn needs(missing: &Missing) -> Plan {
    Plan::Skip(SkipReason::NeedsVariable, format!("{} has no value", missing.shown()))
}

/// Why a request may change the target's state; none where it is safe (RFC 9110, 9.2.1).
fn mutation(request: &DocumentedRequest) -> Option<String> {
    if !matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS") {
        return Some(format!("{} changes the target", request.method));
    }
    if let Some((name, _)) = request.headers.iter().find(|(name, _)| overrides_method(name)) {
        return Some(format!("its header {name} changes the method"));
    }
    // As a server reads them: escapes resolved, and letter case aside, which some servers ignore.
    let read = |text: &str| percent_decode_str(text).decode_utf8_lossy().to_ascii_lowercase();
    let url = DocumentedUrl::new(&request.url);
    for parameter in url.query.unwrap_or_default().split(['&', ';']) {
        let name = read(&parameter.split('=').next().unwrap_or_default().replace('+', " "));
        // `_method[]` is a list of one.
        let name = name.split('[').next().unwrap_or_default().trim();
        if matches!(name, "_method" | ".method") || overrides_method(name) {
            return Some(format!("its query parameter {name} changes the method"));
        }
    }
    let path = read(url.path);
    // `$batch()` calls a function, `;x` is a parameter of the segment.
    let mut names =
        path.split('/').map(|segment| segment.split([';', '(']).next().unwrap_or_default().trim());
    let batch = names.find(|name| matches!(*name, "$batch" | "graphql"))?;
    Some(format!("{batch} carries other requests"))
}

/// Whether a field or a parameter of this name stands for the method. Many servers take `_` for `-`.
fn overrides_method(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('_', "-");
    matches!(name.as_str(), "x-http-method-override" | "x-http-method" | "x-method-override")
}

/// Why the documented body cannot be sent as it is.
fn unsendable_body(request: &DocumentedRequest, confidence: Confidence) -> Option<String> {
    match &request.body {
        Body::None => None,
        body if body.is_binary_marker() => Some(match body.file_of_content() {
            Some(file) => {
                format!("its body is the content of {file}, and no command of the page writes that")
            }
            None => "its body is a marker for binary content".to_owned(),
        }),
        _ if confidence == Confidence::Low => Some("its body could only be read by a guess".to_owned()),
        Body::Json(json) => {
            // A string that ends in an ellipsis can be sent as any other; a list with a gap cannot.
            let gap =
                |pointer: &String| json.root().pointer(pointer).is_none_or(|value| value.as_str().is_none());
            let elided = request.elided.iter().any(gap);
            elided.then(|| "the page shows only a part of its body".to_owned())
        }
        _ => None,
    }
}

/// Where the page shows what looks like a live secret. Headers that carry credentials are not sent anyway.
fn documented_secret(request: &DocumentedRequest) -> Option<&'static str> {
    let below = below(request);
    if !secret::find(below).is_empty() || !secret::credential_parameters(below).is_empty() {
        return Some("its URL holds what looks like a live secret");
    }
    let held = match &request.body {
        Body::Json(json) => !secret::find(json.text()).is_empty() || credential_member(json),
        Body::Text(text) => !secret::find(text).is_empty() || credential_field(text),
        Body::None | Body::Base64(_) => false,
    };
    held.then_some("its body holds what looks like a live secret")
}

fn credential_member(json: &Json) -> bool {
    let mut open = vec![json.root()];
    while let Some(value) = open.pop() {
        for member in value.members() {
            let text = member.value.as_str();
            if text.is_some_and(|text| secret::is_credential_member(&member.name(), &text)) {
                return true;
            }
            open.push(member.value);
        }
        open.extend(value.elements());
    }
    false
}

fn credential_field(form: &str) -> bool {
    let read = |text: &str| percent_decode_str(text.trim()).decode_utf8_lossy().into_owned();
    let mut fields = form.split('&').filter_map(|field| field.split_once('='));
    fields.any(|(name, value)| secret::is_credential_member(&read(name), &read(value)))
}

/// What of the documented headers is sent: no credentials, and nothing that frames or routes the message.
fn sendable_headers(mut headers: Headers, body: &Body) -> Headers {
    const OURS: [&str; 24] = [
        "host",
        "connection",
        "keep-alive",
        "transfer-encoding",
        "content-length",
        "expect",
        "upgrade",
        "te",
        "trailer",
        "forwarded",
        "accept-encoding",
        "http2-settings",
        "user-agent",
        "x-faithful-contract",
        "referer",
        "origin",
        "via",
        "x-real-ip",
        "x-client-ip",
        "x-cluster-client-ip",
        "true-client-ip",
        "fastly-client-ip",
        "cf-connecting-ip",
        "x-rewrite-url",
    ];
    headers.retain(|name, value| {
        let lower = name.to_ascii_lowercase();
        !secret::is_credential_header(name)
            && secret::find(value).is_empty()
            && !secret::is_authentication(value)
            && !OURS.contains(&lower.as_str())
            && !lower.starts_with("proxy-")
            && !lower.starts_with("x-forwarded-")
            && !lower.starts_with("x-original-")
    });
    // Many pages leave it to the reader; a service that reads JSON asks for it.
    if matches!(body, Body::Json(_)) && headers.get("content-type").is_none() {
        headers.push("Content-Type", "application/json");
    }
    headers
}

fn check_headers(headers: &Headers) -> Result<(), Plan> {
    for (name, value) in headers.iter() {
        // RFC 9110 allows any octet but control characters; what is beyond ASCII goes out as UTF-8.
        let lawful = http::HeaderName::from_bytes(name.as_bytes()).is_ok()
            && http::HeaderValue::from_bytes(value.as_bytes()).is_ok();
        if !lawful {
            let text = format!("the documented header {name:?} cannot be sent");
            return Err(Plan::Fault(Trouble::RequestUnsendable, text));
        }
    }
    Ok(())
}

fn check_method(method: &str) -> Result<(), Plan> {
    if method != "CONNECT" && http::Method::from_bytes(method.as_bytes()).is_ok() {
        return Ok(());
    }
    Err(Plan::Fault(Trouble::RequestUnsendable, format!("the documented method {method:?} cannot be sent")))
}
