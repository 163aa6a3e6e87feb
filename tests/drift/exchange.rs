//! The documented exchange as it goes over the wire: placeholders of the URL filled, and with them what the answer
//! repeats of it.

use crate::example::is_placeholder;
use crate::page::{Part, Places};
use crate::tree::{Style, Tree};
use base64::Engine;
use faithful::contract::{Confidence, Contract, Status};
use faithful::message::{Body, Framing, Headers, Identity, Received, Sent};
use percent_encoding::percent_decode_str;
use regex::{Captures, Regex};
use std::sync::LazyLock;

static BRACKETS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\{[^{}/]*\}|<[^<>/]*>").unwrap());

/// A contract, and what keeps it.
pub(crate) struct Exchange<'c> {
    pub(crate) contract: &'c Contract,
    pub(crate) sent: Sent,
    /// The answer that keeps every promise.
    pub(crate) kept: Received,
    /// Its body, where each place of it promises something.
    pub(crate) body: Option<Tree>,
    pub(crate) places: Places,
}

impl<'c> Exchange<'c> {
    pub(crate) fn of(contract: &'c Contract) -> Exchange<'c> {
        let (request, response) = (&contract.request, &contract.response);
        let filled = filled(&request.url);
        let sent = Sent {
            method: request.method.clone(),
            url: filled.clone(),
            documented_url: filled,
            headers: request.headers.clone(),
            body: request.body.clone(),
            identity: Identity::Own,
        };
        let mut places = Places::default();
        let body = response.body.json().filter(|_| !is_without_content(contract)).map(|json| {
            let shown = Tree::of(json.root());
            if contract.source.confidence == Confidence::Low {
                return shown;
            }
            places = Places::of(contract, &shown);
            let asked = request.body.json().map(|json| Tree::of(json.root()));
            places.mark(&shown, asked.as_ref(), &parts(&request.url));
            let echoes = places.spots.iter().filter(|spot| spot.path_echo);
            echoes.fold(shown.clone(), |body, spot| body.with(&spot.path, fill))
        });
        let octets = match (&body, &response.body) {
            _ if is_without_content(contract) => Vec::new(),
            (Some(body), _) => body.write(Style::Plain).into_bytes(),
            (_, Body::Text(text)) => text.as_bytes().to_vec(),
            (_, Body::Base64(text)) => base64::engine::general_purpose::STANDARD.decode(text).unwrap(),
            _ => Vec::new(),
        };
        let headers: Headers = response.headers.clone();
        let kept = Received {
            status: response.status.example(),
            headers,
            body: octets,
            framing: Framing::Delimited,
        };
        let body = body.filter(|_| contract.source.confidence != Confidence::Low);
        Exchange { contract, sent, kept, body, places }
    }
}

/// HTTP has no content there (RFC 9110, 6.4.1), whatever a page shows.
pub(crate) fn is_without_content(contract: &Contract) -> bool {
    contract.request.method == "HEAD"
        || matches!(contract.response.status, Status::Code(100..=199 | 204 | 304))
}

fn fill(value: &mut Tree) {
    if let Tree::Text(text) = value {
        *text = filled(text);
    }
}

/// The text with a value for every placeholder; the same for equal ones.
fn filled(text: &str) -> String {
    let value = |found: &Captures<'_>| {
        let name: String = found[0].chars().filter(char::is_ascii_alphanumeric).collect();
        if is_placeholder(&found[0]) { format!("{name}-17") } else { found[0].to_owned() }
    };
    BRACKETS.replace_all(text, value).into_owned()
}

/// Segments, keys and query values of a documented URL.
fn parts(url: &str) -> Vec<Part> {
    let behind_origin =
        url.split_once("://").map_or(url, |(_, rest)| rest.split_once('/').map_or("", |(_, rest)| rest));
    let (path, query) = behind_origin.split_once('?').unwrap_or((behind_origin, ""));
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let mut parts = Vec::new();
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        parts.push(Part { text: decoded(segment), quoted: false });
        let keys = segment.split_once('(').and_then(|(_, keys)| keys.strip_suffix(')')).unwrap_or_default();
        for key in keys.split(',').filter(|key| !key.is_empty()) {
            let value = key.split_once('=').map_or(key, |(_, value)| value).trim();
            let inside = value.strip_prefix('\'').and_then(|value| value.strip_suffix('\''));
            parts.push(Part { text: decoded(inside.unwrap_or(value)), quoted: inside.is_some() });
        }
    }
    for (_, value) in query.split('&').filter_map(|parameter| parameter.split_once('=')) {
        parts.push(Part { text: decoded(value.trim()), quoted: false });
    }
    parts
}
