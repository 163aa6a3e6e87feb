//! The template of a documented URL, which another answer's URL is held against: placeholders and what looks like an
//! id vary, the other segments of the path hold; scheme, host and query say nothing of the resource.

use crate::contract::Contract;
use crate::contract::url::{DocumentedUrl, placeholders};
use crate::json::Value;
use crate::message::{Body, Sent};
use percent_encoding::percent_decode_str;

/// A documented URL as a template of its path.
#[derive(Debug)]
pub(super) struct Location<'a> {
    segments: Vec<Segment>,
    /// The documented URL of the request.
    request: &'a str,
    /// The page begins it with a slash or a scheme; otherwise it says only how the path ends.
    anchored: bool,
    /// The page cuts it short: more may follow.
    open: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Literal(String),
    Any,
}

impl<'a> Location<'a> {
    /// Reads a documented URL; none where the text is not one.
    pub(super) fn of(shown: &str, contract: &'a Contract) -> Option<Location<'a>> {
        let url = DocumentedUrl::new(shown);
        let open = shown.ends_with("...") || shown.ends_with('…');
        let mut shown_segments = segments(url.path);
        if open {
            shown_segments.pop();
        }
        let outside: String = without_placeholders(shown);
        if outside.contains(char::is_whitespace) || !outside.contains('/') {
            return None;
        }
        let request = segments(DocumentedUrl::new(&contract.request.url).path);
        let count = shown_segments.len();
        // As long as both paths are the same, a placeholder of the request is one here too.
        let mut along = true;
        let mut template = Vec::with_capacity(count);
        for (at, segment) in shown_segments.into_iter().enumerate() {
            let sent = request.get(at);
            let is_last = at + 1 == count && !open;
            let is_new = along && sent.is_none() && is_last;
            let is_filled = along && sent.is_some_and(|sent| is_variable(sent));
            let is_told = is_last && shows(contract, &segment);
            along = along && (is_filled || sent == Some(&segment));
            let varies = is_new || is_filled || is_told || is_variable(&segment) || is_id(&segment);
            template.push(if varies { Segment::Any } else { Segment::Literal(segment) });
        }
        let anchored = url.origin.is_some() || shown.starts_with('/');
        Some(Location { segments: template, request: &contract.request.url, anchored, open })
    }

    /// `/users/*/photo`, with `*` for what varies.
    pub(super) fn form(&self) -> String {
        let mut form = String::new();
        for (at, segment) in self.segments.iter().enumerate() {
            form.push_str(if at > 0 || self.anchored { "/" } else { "" });
            form.push_str(match segment {
                Segment::Literal(literal) => literal,
                Segment::Any => "*",
            });
        }
        if self.open {
            form.push_str("/…");
        }
        form
    }

    /// Whether an URL that came has the form of the documented one, at the documented path or at the one that the
    /// target serves it under.
    pub(super) fn admits(&self, came: &str, sent: &Sent) -> bool {
        if came.contains(char::is_whitespace) {
            return false;
        }
        // `//host/path` is a host and a path (RFC 3986, 4.2).
        let authority = came.strip_prefix("//").map(|rest| rest.find('/').unwrap_or(rest.len()) + 2);
        let came = authority.and_then(|end| came.get(end..)).unwrap_or(came);
        let url = DocumentedUrl::new(came);
        let mut ways = vec![segments(url.path)];
        if url.origin.is_none() && !came.starts_with('/') {
            // Relative to the URL that was sent (RFC 3986, 5.2).
            let mut base = segments(DocumentedUrl::new(&sent.url).path);
            base.pop();
            base.extend(segments(url.path));
            ways.push(base);
        }
        let (documented, served) = self.prefixes(sent);
        let moved = self.segments.strip_prefix(documented.as_slice()).map(|rest| [&served, rest].concat());
        ways.iter().any(|way| {
            self.fits(&self.segments, way) || moved.as_ref().is_some_and(|moved| self.fits(moved, way))
        })
    }

    fn fits(&self, template: &[Segment], came: &[String]) -> bool {
        let part = match came.len().checked_sub(template.len()) {
            Some(0) => Some(came),
            Some(_) if self.open => came.get(..template.len()),
            Some(more) if !self.anchored => came.get(more..),
            _ => None,
        };
        let Some(came) = part else { return false };
        template.iter().zip(came).all(|(segment, came)| match segment {
            Segment::Any => true,
            Segment::Literal(literal) => literal == came,
        })
    }

    /// What the documented path of the request begins with, and what the target has in its place.
    fn prefixes(&self, sent: &Sent) -> (Vec<Segment>, Vec<Segment>) {
        let literals =
            |path: &str| -> Vec<Segment> { segments(path).into_iter().map(Segment::Literal).collect() };
        let filled = if sent.documented_url.is_empty() { self.request } else { sent.documented_url.as_str() };
        let mut documented = literals(DocumentedUrl::new(filled).path);
        let mut served = literals(DocumentedUrl::new(&sent.url).path);
        while documented.last().is_some_and(|last| served.last() == Some(last)) {
            documented.pop();
            served.pop();
        }
        (documented, served)
    }
}

/// The segments of a path, decoded; an `OData` key counts as one of its own: `users('7')` is `users/7`.
fn segments(path: &str) -> Vec<String> {
    let path = path.split('#').next().unwrap_or_default();
    let path = without_query(path);
    let mut segments = Vec::new();
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        match segment.strip_suffix(')').and_then(|segment| segment.split_once('(')) {
            Some((name, key)) if !name.is_empty() && !key.is_empty() => {
                segments.push(decode(name));
                // A key is variable whatever it is; quotes say so.
                segments.push(format!("'{}'", decode(key)));
            }
            _ => segments.push(decode(segment)),
        }
    }
    segments
}

fn without_query(path: &str) -> &str {
    path.split('?').next().unwrap_or_default()
}

/// The text between its placeholders, in which names may have blanks.
fn without_placeholders(text: &str) -> String {
    let mut outside = String::new();
    let mut end = 0;
    for placeholder in placeholders(text) {
        outside.push_str(text.get(end..placeholder.span.start).unwrap_or_default());
        end = placeholder.span.end;
    }
    outside.push_str(text.get(end..).unwrap_or_default());
    outside
}

/// A segment that holds a placeholder, is shortened, or is an `OData` key.
fn is_variable(segment: &str) -> bool {
    segment.contains(['{', '<', '…', '\'']) || segment.contains("...")
}

/// A segment that looks like an id: with a digit, unless it is a version or a word that has one in its middle
/// (`oauth2Grants`), or with a character that no resource is called by.
fn is_id(segment: &str) -> bool {
    let is_version = segment.strip_prefix(['v', 'V']).is_some_and(|rest| {
        rest.starts_with(|first: char| first.is_ascii_digit())
            && rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    });
    let digits = segment.bytes().filter(u8::is_ascii_digit).count();
    let is_word = digits == 1
        && segment.len() >= 6
        && segment.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && segment.starts_with(|first: char| first.is_ascii_alphabetic())
        && segment.bytes().rev().take(3).all(|byte| byte.is_ascii_alphabetic());
    segment.contains(['@', '=', '!', ',']) || digits > 0 && !is_version && !is_word
}

/// Whether the documented bodies show this text as a value: then it is a name that the resource was given.
fn shows(contract: &Contract, text: &str) -> bool {
    let holds = |body: &Body| {
        let mut open: Vec<Value<'_>> = body.json().map(crate::json::Json::root).into_iter().collect();
        while let Some(value) = open.pop() {
            if value.as_str().is_some_and(|shown| shown == text) {
                return true;
            }
            open.extend(value.elements());
            open.extend(value.members().map(|member| member.value));
        }
        false
    };
    holds(&contract.request.body) || holds(&contract.response.body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{ContractId, DocumentedRequest, DocumentedResponse, Provenance, Status};
    use crate::json::Json;
    use rstest::rstest;

    fn contract(url: &str) -> Contract {
        let body = Body::Json(Json::parse(r#"{"id": "summer-sale", "n": 1}"#).unwrap());
        Contract {
            id: ContractId::new("a"),
            name: "a".into(),
            source: Provenance::default(),
            request: DocumentedRequest { method: "POST".into(), url: url.into(), ..Default::default() },
            response: DocumentedResponse { body, ..DocumentedResponse::of_status(Status::Code(201)) },
        }
    }

    #[rstest]
    #[case("https://docs.example/v1.0/calls/7/parts/9", "https://other.example/v1.0/calls/x1/parts/a", true)]
    #[case("https://docs.example/v1.0/calls/7/parts/9", "/v1.0/calls/x1/parts/a?x=y#z", true)]
    #[case("https://docs.example/v1.0/calls/7/parts/9", "https://docs.example/v1.0/calls/7/shares/9", false)]
    #[case("https://docs.example/v1.0/calls/7/parts/9", "https://docs.example/v1.0/calls/7/parts", false)]
    #[case("https://docs.example/v1.0/calls/7/parts/9", "https://docs.example/v2.0/calls/7/parts/9", false)]
    #[case("https://docs.example/v1.0/calls/7/parts/9", "//other.example/v1.0/calls/x1/parts/a", true)]
    #[case("https://docs.example/v1.0/calls/7/parts/9", "//calls/x1/parts/a", false)]
    #[case("https://docs.example/v1.0/calls/7/parts/9", "//other.example", false)]
    #[case("https://docs.example/v1.0/calls/7/parts/9", "not a url", false)]
    #[case("/offers/summer-sale", "/offers/winter", true)]
    #[case("/offers/summer-sale/archive", "/offers/winter/archive", false)]
    #[case("/teams/{team id}/offers/<id>", "/teams/a/offers/b", true)]
    #[case("/teams('7')/offers", "/teams/8/offers", true)]
    #[case("/teams/7/offers", "/teams('8')/offers", true)]
    #[case("/teams/7/oauth2Grants", "/teams/7/otherGrants", false)]
    #[case("/monitor/34FF...", "/monitor/ab/cd", true)]
    #[case("/monitor/34FF...", "/elsewhere/ab/cd", false)]
    #[case("offers/7", "/v1.0/offers/9", true)]
    #[case("offers/7", "/v1.0/others/9", false)]
    fn ids_vary_and_other_segments_hold(#[case] shown: &str, #[case] came: &str, #[case] fits: bool) {
        let contract = contract("/anything");
        assert_eq!(Location::of(shown, &contract).unwrap().admits(came, &Sent::default()), fits);
    }

    #[rstest]
    #[case("https://docs.example/v1.0/groups", "/v1.0/groups/sales", "/v1.0/groups/marketing", true)]
    #[case("https://docs.example/v1.0/groups/{name}", "/v1.0/groups/sales", "/v1.0/groups/marketing", true)]
    #[case("https://docs.example/v1.0/groups/sales", "/v1.0/groups/sales", "/v1.0/groups/marketing", false)]
    #[case("https://docs.example/v1.0/groups", "/v1.0/teams/sales", "/v1.0/teams/marketing", false)]
    fn what_was_created_or_filled_in_is_called_anything(
        #[case] request: &str,
        #[case] shown: &str,
        #[case] came: &str,
        #[case] fits: bool,
    ) {
        let contract = contract(request);
        assert_eq!(Location::of(shown, &contract).unwrap().admits(came, &Sent::default()), fits);
    }

    #[rstest]
    #[case("/users/9", true)]
    #[case("http://127.0.0.1:1/api/users/9", true)]
    #[case("/v1.0/users/9", true)]
    #[case("9", true)]
    #[case("/other/users/9", false)]
    #[case("/api/groups/9", false)]
    fn the_path_that_the_target_serves_stands_for_the_documented_one(#[case] came: &str, #[case] fits: bool) {
        let contract = contract("https://docs.example/v1.0/users");
        let served = if came.starts_with("/users") { "/users/x" } else { "/api/users/x" };
        let sent = Sent {
            url: format!("http://127.0.0.1:1{served}"),
            documented_url: "https://docs.example/v1.0/users/x".into(),
            ..Sent::default()
        };
        let location = Location::of("https://docs.example/v1.0/users/7", &contract).unwrap();
        assert_eq!(location.admits(came, &sent), fits);
    }

    #[rstest]
    #[case("String")]
    #[case("the address of the operation")]
    #[case("{location}")]
    fn words_are_no_url(#[case] shown: &str) {
        assert!(Location::of(shown, &contract("/a")).is_none());
    }
}
