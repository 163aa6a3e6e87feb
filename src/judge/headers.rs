//! Status, media type, framing and headers of an answer.

use super::answer::excerpt;
use super::collect::{Collector, HeaderDifference};
use super::field_value::FieldValue;
use super::promise::{BodyPromise, Promise};
use super::table::Situation;
use crate::contract::{Contract, Status};
use crate::json::Json;
use crate::message::{Headers, Received, Sent, is_json, media_type};
use crate::verdict::{Profile, Rule, Site, Trouble, Why};

/// Headers whose absence breaks a contract in every profile: they say where the result is, or how to go on.
const CONTRACT: [&str; 7] =
    ["location", "etag", "retry-after", "link", "preference-applied", "content-range", "operation-location"];

/// Headers that say nothing about the resource: other ones with every answer, and what belongs to the connection or
/// to the coding that the client undoes.
pub(super) fn is_volatile(name: &str) -> bool {
    const VOLATILE: [&str; 11] = [
        "date",
        "content-length",
        "server",
        "connection",
        "transfer-encoding",
        "set-cookie",
        "strict-transport-security",
        "keep-alive",
        "trailer",
        "upgrade",
        "content-encoding",
    ];
    VOLATILE.contains(&name) || name.contains("request-id") || name.starts_with("x-")
}

/// A documented header; one that stands several times is one.
#[derive(Debug)]
pub(super) struct Field<'a> {
    pub(super) name: &'a str,
    /// The shown values, joined as RFC 9110 has it.
    pub(super) shown: String,
    pub(super) kind: FieldKind<'a>,
}

/// What is made of a header.
#[derive(Debug)]
pub(super) enum FieldKind<'a> {
    /// Content-Type.
    Media,
    /// Part of the contract: where it promises something of the value, this.
    Contract(FieldValue<'a>),
    Other,
}

/// The documented headers that an answer is held against.
pub(super) fn fields(contract: &Contract) -> Vec<Field<'_>> {
    let headers = &contract.response.headers;
    let mut fields: Vec<Field<'_>> = Vec::new();
    for (name, _) in headers.iter() {
        let lower = name.to_ascii_lowercase();
        if is_volatile(&lower) || fields.iter().any(|field| field.name.eq_ignore_ascii_case(name)) {
            continue;
        }
        let shown = joined(headers, name).unwrap_or_default();
        let kind = match lower.as_str() {
            "content-type" => FieldKind::Media,
            lower if CONTRACT.contains(&lower) => {
                FieldKind::Contract(FieldValue::of(lower, &shown, contract))
            }
            _ => FieldKind::Other,
        };
        fields.push(Field { name, shown, kind });
    }
    fields
}

/// All values of a field as one list (RFC 9110, 5.3).
fn joined(headers: &Headers, name: &str) -> Option<String> {
    let values: Vec<&str> = headers
        .iter()
        .filter(|(field, _)| field.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim())
        .collect();
    (!values.is_empty()).then(|| values.join(", "))
}

/// A gateway or a rate limit that the docs do not show: nothing is said of the service itself.
pub(super) fn unavailable(promise: &Promise<'_>, received: &Received) -> Option<(Trouble, String)> {
    if promise.status.shows(received.status) || promise.profile == Profile::Golden {
        return None;
    }
    let trouble = match received.status {
        429 => Trouble::HttpThrottled,
        502..=504 => Trouble::HttpUnavailable,
        _ => return None,
    };
    Some((trouble, format!("answered {} where {} is documented", received.status, promise.status)))
}

/// Whether an answer is one of the documented kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Documented,
    /// A failure where a success is documented, a redirect where there is none …: another message altogether.
    Other,
}

/// Judges all but the body.
pub(super) fn judge(
    promise: &Promise<'_>,
    sent: &Sent,
    received: &Received,
    collector: &mut Collector<'_>,
) -> Class {
    let class = status(promise, received, collector);
    for field in &promise.fields {
        match (&field.kind, class) {
            // What the documented answer says of itself and of its resource is no promise of an error's.
            (_, Class::Other) => {}
            (FieldKind::Media, _) => media(field, promise, sent, received, collector),
            _ => value(field, promise.profile, sent, received, collector),
        }
    }
    framing(sent, received, collector);
    class
}

fn status(promise: &Promise<'_>, received: &Received, collector: &mut Collector<'_>) -> Class {
    let expected = || match promise.status {
        Status::Code(code) => Json::integer(code),
        class => Json::string(&class.to_string()),
    };
    let actual = || Some(Json::integer(received.status));
    let (rule, site) = (Rule::Status, Site::Status);
    if promise.status.admits(received.status) {
        if promise.status == Status::Error && received.status >= 500 {
            let (situation, expected, why) = (Situation::ServerError, Some(expected()), Why::Shown);
            let actual = actual();
            collector.add_header(HeaderDifference { situation, rule, site, at: "", expected, actual, why });
        }
        return Class::Documented;
    }
    let class = match promise.status {
        Status::Code(code) if code / 100 == received.status / 100 => Class::Documented,
        _ => Class::Other,
    };
    let why = match received.headers.get("location") {
        Some(location) if (300..400).contains(&received.status) => Why::Redirect(location.to_owned()),
        _ if class == Class::Other && !received.body.is_empty() => Why::Instead(excerpt(&received.body)),
        _ => Why::Shown,
    };
    let (situation, expected, actual) = (Situation::OtherStatus, Some(expected()), actual());
    collector.add_header(HeaderDifference { situation, rule, site, at: "", expected, actual, why });
    class
}

fn media(
    field: &Field<'_>,
    promise: &Promise<'_>,
    sent: &Sent,
    received: &Received,
    collector: &mut Collector<'_>,
) {
    // Without content there is nothing that could have a type; that it is missing is said of the body.
    let no_content = received.body.is_empty() && sent.method != "HEAD";
    let documented_none = matches!(promise.body, BodyPromise::Undocumented | BodyPromise::Empty);
    if no_content && (promise.profile != Profile::Golden || !documented_none) {
        return;
    }
    let (site, expected) = (Site::Header(field.name.to_owned()), Some(Json::string(&field.shown)));
    let all = received.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let all: Vec<&str> = all.map(|(_, value)| value).collect();
    if all.is_empty() {
        let (situation, rule, why) = (Situation::HeaderAbsent, Rule::HeaderMissing, Why::Shown);
        let difference =
            HeaderDifference { situation, rule, site, at: field.name, expected, actual: None, why };
        collector.add_header(difference);
        return;
    }
    let shown_type = media_type(&field.shown);
    let fits = |came: &str| {
        let came = media_type(came);
        came == shown_type || is_json(&came) && is_json(&shown_type) || shown_type.contains(['{', '<', '*'])
    };
    // Of several fields, which recipients read in different ways, each has to fit.
    let Some(came) = all.into_iter().find(|came| !fits(came)) else { return };
    let came_type = media_type(came);
    let html = is_json(&shown_type)
        && matches!(came_type.as_str(), "text/html" | "application/xhtml+xml")
        && !super::answer::looks_like_json(&received.body);
    let why = if html { Why::HtmlInstead } else { Why::Shown };
    let (situation, rule) = (Situation::OtherMediaType, Rule::ContentType);
    let actual = Some(Json::string(came));
    collector.add_header(HeaderDifference { situation, rule, site, at: field.name, expected, actual, why });
}

fn value(
    field: &Field<'_>,
    profile: Profile,
    sent: &Sent,
    received: &Received,
    collector: &mut Collector<'_>,
) {
    let (site, expected) = (Site::Header(field.name.to_owned()), Some(Json::string(&field.shown)));
    let Some(came) = joined(&received.headers, field.name) else {
        let situation = match field.kind {
            FieldKind::Contract(_) => Situation::ContractHeaderAbsent,
            _ => Situation::HeaderAbsent,
        };
        let (rule, why) = (Rule::HeaderMissing, Why::Shown);
        let difference =
            HeaderDifference { situation, rule, site, at: field.name, expected, actual: None, why };
        return collector.add_header(difference);
    };
    if came == field.shown {
        return;
    }
    let (situation, why) = match &field.kind {
        FieldKind::Contract(value) if profile != Profile::Golden => match value.broken_by(&came, sent) {
            None => return,
            Some(why) => (Situation::ContractHeaderBroken, why),
        },
        FieldKind::Contract(_) => (Situation::ContractHeaderBroken, Why::Literal),
        _ => (Situation::OtherHeaderValue, Why::Literal),
    };
    let (rule, actual) = (Rule::HeaderValue, Some(Json::string(&came)));
    collector.add_header(HeaderDifference { situation, rule, site, at: field.name, expected, actual, why });
}

/// What the fields say of where the answer ends.
fn framing(sent: &Sent, received: &Received, collector: &mut Collector<'_>) {
    let Some(length) = received.headers.get("content-length") else { return };
    let mut odd = |situation, id| {
        collector.add_header(HeaderDifference {
            situation,
            rule: Rule::Framing,
            site: Site::Status,
            at: "content-length",
            expected: None,
            actual: Some(Json::string(length)),
            why: Why::Framing(id),
        });
    };
    // In an answer to HEAD and in a 304 it is lawful: the length of what GET would get (RFC 9110, 8.6).
    if received.status == 204 && sent.method != "HEAD" && length.trim().parse() != Ok(0_u64) {
        odd(Situation::LengthWithoutContent, "http.body_on_204");
    }
    if received.headers.get("transfer-encoding").is_some() {
        odd(Situation::TwoFramings, "http.cl_and_te");
    }
}
