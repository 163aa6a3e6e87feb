//! Status, media type, framing and headers of an answer.

use super::collect::{Collector, Difference};
use super::promise::{BodyPromise, Promise};
use super::table::Situation;
use crate::contract::Status;
use crate::json::Json;
use crate::message::{Received, Sent, is_json, media_type};
use crate::verdict::{Profile, Rule, Site, Trouble, Why};

/// Headers whose absence breaks a contract in every profile: they say where the result is, or how to go on.
const CONTRACT: [&str; 7] =
    ["location", "etag", "retry-after", "link", "preference-applied", "content-range", "operation-location"];

/// Headers that say nothing about the resource: another one with every answer.
fn is_volatile(name: &str) -> bool {
    const VOLATILE: [&str; 7] = [
        "date",
        "content-length",
        "server",
        "connection",
        "transfer-encoding",
        "set-cookie",
        "strict-transport-security",
    ];
    let name = name.to_ascii_lowercase();
    VOLATILE.contains(&name.as_str()) || name.contains("request-id") || name.starts_with("x-")
}

/// A gateway or a rate limit that the docs do not show: nothing is said of the service itself.
pub(super) fn unavailable(promise: &Promise<'_>, received: &Received) -> Option<(Trouble, String)> {
    if promise.status.admits(received.status) || promise.profile == Profile::Golden {
        return None;
    }
    let trouble = match received.status {
        429 => Trouble::HttpThrottled,
        502..=504 => Trouble::HttpUnavailable,
        _ => return None,
    };
    Some((trouble, format!("answered {} where {} is documented", received.status, promise.status)))
}

pub(super) fn judge(promise: &Promise<'_>, sent: &Sent, received: &Received, collector: &mut Collector) {
    if !promise.status.admits(received.status) {
        let expected = match promise.status {
            Status::Code(code) => Json::integer(code),
            class => Json::string(&class.to_string()),
        };
        let actual = Json::integer(received.status);
        let why = match received.headers.get("location") {
            Some(location) if (300..400).contains(&received.status) => Why::Redirect(location.to_owned()),
            _ => Why::Shown,
        };
        note(
            collector,
            "",
            Situation::OtherStatus,
            Rule::Status,
            Site::Status,
            Some(&expected),
            Some(&actual),
            why,
        );
    }
    media(promise, received, collector);
    for (name, value) in promise.headers.iter() {
        header(name, value, received, collector);
    }
    // In an answer to HEAD and in a 304 it is lawful: the length of what GET would get (RFC 9110, 8.6).
    let length = received.headers.get("content-length").unwrap_or("0");
    if received.status == 204 && sent.method != "HEAD" && length.trim() != "0" {
        let actual = Json::string(length);
        let why = Why::Framing("http.body_on_204");
        let site = Site::Status;
        note(
            collector,
            "content-length",
            Situation::LengthWithoutContent,
            Rule::Framing,
            site,
            None,
            Some(&actual),
            why,
        );
    }
}

fn media(promise: &Promise<'_>, received: &Received, collector: &mut Collector) {
    let Some((name, shown)) =
        promise.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"))
    else {
        return;
    };
    // Without content there is nothing that could have a type.
    let empty =
        matches!(promise.body, BodyPromise::Undocumented | BodyPromise::Empty) || received.body.is_empty();
    let (shown_type, site) = (media_type(shown), Site::Header(name.to_owned()));
    let expected = Json::string(shown);
    match received.headers.get("content-type") {
        None if empty => {}
        None => {
            let situation = Situation::HeaderAbsent;
            note(collector, name, situation, Rule::HeaderMissing, site, Some(&expected), None, Why::Shown);
        }
        Some(came) => {
            let came_type = media_type(came);
            if came_type == shown_type
                || is_json(&came_type) && is_json(&shown_type)
                || shown_type.contains(['{', '<', '*'])
            {
                return;
            }
            let html = is_json(&shown_type) && came_type == "text/html";
            let why = if html { Why::HtmlInstead } else { Why::Shown };
            let actual = Json::string(came);
            let situation = Situation::OtherMediaType;
            note(collector, name, situation, Rule::ContentType, site, Some(&expected), Some(&actual), why);
        }
    }
}

fn header(name: &str, shown: &str, received: &Received, collector: &mut Collector) {
    let lower = name.to_ascii_lowercase();
    if lower == "content-type" || is_volatile(name) {
        return;
    }
    let expected = Json::string(shown);
    let site = Site::Header(name.to_owned());
    match received.headers.get(name) {
        None => {
            let contract = CONTRACT.contains(&lower.as_str());
            let situation = if contract { Situation::ContractHeaderAbsent } else { Situation::HeaderAbsent };
            note(collector, name, situation, Rule::HeaderMissing, site, Some(&expected), None, Why::Shown);
        }
        Some(came) if came == shown => {}
        Some(came) => {
            let actual = Json::string(came);
            let (situation, rule) = (Situation::OtherHeaderValue, Rule::HeaderValue);
            note(collector, name, situation, rule, site, Some(&expected), Some(&actual), Why::Literal);
        }
    }
}

/// Status and headers stand before the body, so they come first; `at` names a header.
#[expect(clippy::too_many_arguments, reason = "the members of one mismatch")]
fn note(
    collector: &mut Collector,
    at: &str,
    situation: Situation,
    rule: Rule,
    site: Site,
    expected: Option<&Json>,
    actual: Option<&Json>,
    why: Why,
) {
    let difference = Difference {
        situation,
        rule,
        site,
        order: 0,
        expected: expected.map(Json::root),
        actual: actual.map(Json::root),
        why,
    };
    collector.add_header(at, difference);
}
