//! Changes of the answer as a whole: its status, its headers, how its body is spelled, and other bodies.

use crate::change::Changes;
use crate::exchange::{Exchange, is_without_content};
use crate::page::{Spot, Stands};
use crate::tree::{Style, Tree};
use faithful::contract::{Confidence, Status};
use faithful::message::{Body, Headers, Received};

const PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>{}</body></html>";
const CONTRACT_HEADERS: [&str; 7] =
    ["location", "etag", "retry-after", "link", "preference-applied", "content-range", "operation-location"];

pub(crate) fn changes(to: &mut Changes<'_>, others: &[&Tree]) {
    let exchange = to.exchange;
    to.add("nothing", "", exchange.kept.clone());
    status(to);
    headers(to);
    let response = &exchange.contract.response;
    let documented = !response.body.is_none() && !is_without_content(exchange.contract);
    if !documented {
        return none(to);
    }
    to.octets("no body", "", "");
    if let Some(body) = &exchange.body {
        spelling(to, body);
        other_bodies(to, body, others);
        broken(to, body);
    } else if exchange.contract.source.confidence == Confidence::Sure {
        to.octets("another text or octets as the body", "", "quite another content");
        if let Body::Text(text) = &response.body {
            to.octets("other line ends of a text", "", text.replace('\n', "\r\n"));
        }
    }
}

fn status(to: &mut Changes<'_>) {
    let exchange = to.exchange;
    let documented = exchange.contract.response.status;
    let kept = exchange.kept.status;
    // Without content, so that what was sent cannot be taken for the documented answer.
    for code in [200, 201, 202, 203, 206, 301, 302, 308, 400, 401, 403, 404, 409, 410, 418, 422, 500, 501] {
        if documented.admits(code) {
            continue;
        }
        let same_class = matches!(documented, Status::Code(_)) && code / 100 == kept / 100;
        let name = if same_class { "another status of the class" } else { "a status of another class" };
        to.add(name, &code.to_string(), Received { status: code, ..exchange.kept.clone() });
    }
    for code in [429, 502, 503, 504] {
        if !documented.admits(code) {
            let headers = [("Retry-After", "1")].into_iter().collect();
            let served = Received { status: code, headers, body: b"busy".to_vec(), ..exchange.kept.clone() };
            to.add("throttled or unavailable", &code.to_string(), served);
        }
    }
}

fn without(headers: &Headers, name: &str) -> Headers {
    headers.iter().filter(|(known, _)| !known.eq_ignore_ascii_case(name)).collect()
}

fn with(headers: &Headers, name: &str, value: &str) -> Headers {
    headers
        .iter()
        .map(|(known, old)| (known, if known.eq_ignore_ascii_case(name) { value } else { old }))
        .collect()
}

fn headers(to: &mut Changes<'_>) {
    let exchange = to.exchange;
    let kept = &exchange.kept.headers;
    let more = [
        ("X-Added", "1"),
        ("Cache-Control", "no-store"),
        ("ETag", "W/\"9\""),
        ("Link", "</x>; rel=\"next\""),
    ];
    let more = more.into_iter().filter(|(name, _)| kept.get(name).is_none());
    to.headers("more headers", "", kept.iter().chain(more).collect());
    to.headers(
        "header names in other letters",
        "",
        kept.iter().map(|(name, value)| (name.to_ascii_uppercase(), value)).collect(),
    );
    to.headers(
        "header names in other letters",
        "",
        kept.iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect(),
    );
    let fields: Vec<(&str, &str)> = kept.iter().collect();
    to.headers("headers in another order", "", fields.iter().rev().copied().collect());
    for (name, value) in &fields {
        let lower = name.to_ascii_lowercase();
        let volatile = [
            "date",
            "content-length",
            "server",
            "connection",
            "transfer-encoding",
            "set-cookie",
            "strict-transport-security",
        ];
        if lower == "content-type" {
            media(to, name, value);
        } else if CONTRACT_HEADERS.contains(&lower.as_str()) {
            to.headers("a contract header lost", name, without(kept, name));
            to.headers("a contract header broken", name, with(kept, name, ""));
            contract_header(to, name, &lower, value);
        } else if volatile.contains(&lower.as_str())
            || lower.contains("request-id")
            || lower.starts_with("x-")
        {
            to.headers("a volatile header lost", name, without(kept, name));
        } else {
            to.headers("a plain header lost", name, without(kept, name));
            to.headers("another value of a plain header", name, with(kept, name, "another"));
        }
    }
}

fn media(to: &mut Changes<'_>, name: &str, value: &str) {
    let kept = &to.exchange.kept;
    // Nothing has no media type.
    if kept.body.is_empty() || value.contains(['{', '<', '*']) {
        return;
    }
    to.headers("a plain header lost", name, without(&kept.headers, name));
    let parameter = |parameter: &str| with(&kept.headers, name, &format!("{value}{parameter}"));
    if !value.contains("charset") {
        to.headers("a parameter of the media type", name, parameter("; charset=utf-8"));
        to.headers("a parameter of the media type", name, parameter(";charset=\"UTF-8\""));
    }
    to.headers("a parameter of the media type", name, parameter("; odata.metadata=minimal"));
    let bare = value.split(';').next().unwrap().trim();
    to.headers("a parameter of the media type", name, with(&kept.headers, name, bare));
    to.headers("a parameter of the media type", name, with(&kept.headers, name, &bare.to_ascii_uppercase()));
    for other in
        ["text/plain", "text/html; charset=utf-8", "application/xml", "image/png", "application/jso", ""]
    {
        if !bare.eq_ignore_ascii_case(other.split(';').next().unwrap()) {
            to.headers("another media type", name, with(&kept.headers, name, other));
        }
    }
    if bare.eq_ignore_ascii_case("application/json") {
        for other in ["application/problem+json", "application/vnd.docs.v2+json; charset=utf-8"] {
            to.headers("a media type with +json", name, with(&kept.headers, name, other));
        }
        if to.exchange.body.is_some() {
            to.headers(
                "a charset that JSON has not",
                name,
                with(&kept.headers, name, "application/json; charset=iso-8859-1"),
            );
        }
    }
}

fn contract_header(to: &mut Changes<'_>, name: &str, lower: &str, value: &str) {
    let kept = &to.exchange.kept.headers;
    let mut lawful =
        |value: &str| to.headers("another value of a contract header", name, with(kept, name, value));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let quoted = value.trim_start_matches("W/").len() > 1
        && value.ends_with('"')
        && value.trim_start_matches("W/").starts_with('"');
    match lower {
        "etag" if quoted => {
            lawful("\"other-17\"");
            lawful("W/\"other-17\"");
            to.headers("a contract header broken", name, with(kept, name, "other-17"));
        }
        "retry-after" if is_number(value) => {
            lawful("3");
            lawful("Wed, 21 Oct 2015 07:28:00 GMT");
            to.headers("a contract header broken", name, with(kept, name, "soon"));
        }
        "location" | "operation-location"
            if value.contains("://") && !value.contains(['{', '<', ' ', '…']) && !value.contains("...") =>
        {
            let (front, last) = value.rsplit_once('/').unwrap();
            if last.contains(|c: char| c.is_ascii_digit()) && !last.contains(['(', '.', '?']) {
                lawful(&format!("{front}/0e4a3c1d-8d5b-4a53-9c63-1f0f2c1d7a11"));
            }
            lawful(value);
            to.headers("a contract header broken", name, with(kept, name, "no address at all"));
            to.headers(
                "a contract header broken",
                name,
                with(kept, name, "https://docs.example/quite/elsewhere/x/y/z/a/b/c/d/e/f"),
            );
        }
        _ => lawful(value),
    }
}

/// Where no body is documented.
fn none(to: &mut Changes<'_>) {
    let exchange = to.exchange;
    let response = &exchange.contract.response;
    let code = exchange.kept.status;
    if is_without_content(exchange.contract) {
        if code == 204 && exchange.contract.request.method != "HEAD" {
            let headers = exchange.kept.headers.iter().chain([("Content-Length", "5")]).collect();
            to.headers("a length at 204", "", headers);
        }
        return;
    }
    let forbidden = response.is_empty == Some(true) || code == 205;
    let name = if forbidden { "a body where the page says none" } else { "a body where none is shown" };
    to.octets(name, "", "{\"a\": 1}");
}

fn spelling(to: &mut Changes<'_>, body: &Tree) {
    to.octets("blanks and line ends", "", body.write(Style::Airy));
    to.octets("blanks and line ends", "", body.write(Style::Plain) + "\n");
    to.octets("escapes", "", body.write(Style::Escaped));
    to.octets("escapes", "", body.write(Style::Solidus));
    to.octets("numbers as 7.00", "", body.write(Style::Pointed));
    to.octets("numbers as 70e-1", "", body.write(Style::Powered));
    for spot in &to.exchange.places.spots {
        if body.at(&spot.path) == Some(&Tree::number("0")) {
            let zero = body.replaced(&spot.path, Tree::number("-0"));
            to.body("-0 for 0", &spot.pointer, &zero);
        }
    }
    to.octets("a byte order mark", "", format!("\u{feff}{}", body.write(Style::Plain)));
}

/// Whether something is promised of what the body holds.
fn is_promising(exchange: &Exchange<'_>, body: &Tree) -> bool {
    match body {
        Tree::Object(_) => exchange.places.spots.iter().any(|spot| is_required(exchange, spot)),
        _ => true,
    }
}

fn is_required(exchange: &Exchange<'_>, spot: &Spot) -> bool {
    spot.path.len() == 1
        && spot.stands == Stands::Required
        && !exchange.places.facts(spot).only_null
        && !exchange.contract.response.optional.contains(&spot.name)
        && !spot.name.contains("@odata.")
}

fn other_bodies(to: &mut Changes<'_>, body: &Tree, others: &[&Tree]) {
    let exchange = to.exchange;
    if is_promising(exchange, body) {
        for name in ["data", "value", "result", "d"] {
            let holds =
                matches!(body, Tree::Object(members) if members.iter().any(|(known, _)| known == name));
            if !holds {
                to.body("a body within an object", name, &Tree::object(name, body.clone()));
            }
        }
        let whole = "null, a scalar or nothing in brackets as the body";
        for other in [Tree::Null, Tree::Bool(true), Tree::text("done"), Tree::number("0")] {
            if other.kind() != body.kind() {
                to.body(whole, "", &other);
            }
        }
        if matches!(body, Tree::Object(_)) {
            to.body(whole, "{}", &Tree::Object(Vec::new()));
            to.body(whole, "[]", &Tree::Array(Vec::new()));
        }
    }
    to.body("a body within an array", "", &Tree::Array(vec![body.clone()]));
    if !matches!(body, Tree::Text(_)) {
        to.body("a body as a text", "", &Tree::Text(body.write(Style::Plain)));
    }
    let error = Tree::object("code", Tree::text("invalidRequest"));
    let error = Tree::object("error", error);
    let lacks =
        |other: &Tree| match other {
            Tree::Object(members) => exchange.places.spots.iter().any(|spot| {
                is_required(exchange, spot) && members.iter().all(|(name, _)| *name != spot.name)
            }),
            other => other.kind() != body.kind(),
        };
    if lacks(&error) {
        to.body("an error's body", "", &error);
    }
    let found: Vec<&&Tree> = others.iter().filter(|other| lacks(other)).take(3).collect();
    for other in found {
        to.body("another contract's body", "", other);
    }
}

fn broken(to: &mut Changes<'_>, body: &Tree) {
    let kept = &to.exchange.kept;
    let html = PAGE.as_bytes().to_vec();
    if kept.headers.get("content-type").is_some() {
        let headers = with(&kept.headers, "content-type", "text/html; charset=utf-8");
        to.add("HTML", "", Received { headers, body: html.clone(), ..kept.clone() });
    }
    to.octets("HTML that calls itself JSON", "", html);
    to.octets("blanks as the body", "", " \r\n\t ");
    let text = body.write(Style::Plain);
    if body.is_container() || matches!(body, Tree::Text(_)) {
        for length in [1, text.len() / 3, text.len() / 2, text.len() - 1] {
            let cut = text.as_bytes().get(..length.max(1)).unwrap_or_default().to_vec();
            to.octets("a body cut", &length.to_string(), cut);
        }
    }
    let inside = |more: &str| format!("{}{more}{}", &text[..text.len() - 1], &text[text.len() - 1..]);
    let mut none = vec![
        format!("{text}{text}"),
        format!("// {text}"),
        format!("{text} // end"),
        text.replace('"', "'"),
        "NaN".to_owned(),
        format!("callback({text})"),
        format!("{text}\u{0}"),
        format!(")]}}',\n{text}"),
    ];
    if body.is_container() {
        none.extend([inside(","), inside("x"), inside("/* */ NaN")]);
        none.push(format!("[{text},]"));
    }
    for (at, other) in none.into_iter().enumerate() {
        if other != text {
            to.octets("JSON that is none", &at.to_string(), other);
        }
    }
    let wide = |order: fn(u16) -> [u8; 2], mark: &[u8]| {
        [mark, &text.encode_utf16().flat_map(order).collect::<Vec<u8>>()].concat()
    };
    to.octets("another encoding", "UTF-16LE", wide(u16::to_le_bytes, &[]));
    to.octets("another encoding", "UTF-16BE with a mark", wide(u16::to_be_bytes, &[0xFE, 0xFF]));
    if let Some(at) = text.find('"').filter(|_| body.is_container()) {
        let mut latin = text.clone().into_bytes();
        latin.insert(at + 1, 0xE9);
        to.octets("another encoding", "Latin-1", latin);
        to.octets("JSON that is none", "half a pair", format!("{}\\ud800{}", &text[..=at], &text[at + 1..]));
    }
}
